"""A few processes that answer for many clients, each query with its limit of time and memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import LifoQueue
from typing import TypeVar

from kg.store import Store
from kg.store.worker import Worker

_T = TypeVar("_T")


class Busy(Exception):
    """As many calls wait as may wait."""


class Pool:
    """`count` workers, in front of which at most `waiting` calls wait.

    Use from any thread. A call may take `timeout` seconds from when a worker takes it up.
    """

    def __init__(
        self,
        opener: Callable[[], Store],
        *,
        count: int,
        waiting: int,
        timeout: float,
        memory: int | None = None,
    ) -> None:
        self.timeout = timeout
        self._places = threading.BoundedSemaphore(count + waiting)
        self._idle: LifoQueue[Worker] = LifoQueue()
        self._workers = [Worker(opener, memory=memory) for _ in range(count)]
        self._closed = False
        for worker in reversed(self._workers):
            self._idle.put(worker)

    def start(self) -> None:
        """Start the first worker; raise what opening the store raises."""
        self._workers[0].start()

    def call(self, function: Callable[[Store], _T], abandoned: Callable[[], bool] | None = None) -> _T:
        """Give ``function(store)``, computed by a worker, as `Worker.call` does.

        Raises `Busy` at once if too many wait already.
        """
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            worker = self._idle.get()
            try:
                if self._closed:
                    raise Busy
                return worker.call(function, self.timeout, abandoned)
            finally:
                self._idle.put(worker)
        finally:
            self._places.release()

    def stop(self) -> None:
        """End what all workers do, so that every call fails, and so does every later one."""
        self._closed = True
        for worker in self._workers:
            worker.kill()

    def close(self) -> None:
        """End all workers; no thread may be in a call any more."""
        self._closed = True
        for worker in self._workers:
            worker.close()
