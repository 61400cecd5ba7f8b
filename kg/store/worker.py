"""A process that holds a store and answers one call at a time, so that a call can be ended.

Oxigraph cannot be told to stop: a join of everything with everything runs for ever and takes what
memory there is. In a process of its own it is ended from outside, and what it held is given back.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from kg.errors import KgError
from kg.store.asking import Store

_T = TypeVar("_T")
_GRACE = 2.0
"""Seconds after its limit at which a call ends itself if nobody is left to end it."""
_GLANCE = 0.25
"""Seconds between looks whether the answer is still wanted."""


class Abandoned(Exception):
    """Nobody waits for the answer any more."""


class Worker:
    """A process with a store, started when it is first needed and again after it had to be ended.

    `opener` gives the store, in that process; it and what `call` is given must be picklable
    (`functools.partial`). `memory` is how many bytes the process may hold, where the system can tell it (POSIX).
    """

    def __init__(self, opener: Callable[[], Store], *, memory: int | None = None) -> None:
        self._opener, self._memory = opener, memory
        self._process: Any = None
        self._end: Connection | None = None

    def start(self) -> None:
        """Start the process and wait until the store is open; raise what opening it raises."""
        context = multiprocessing.get_context("spawn")
        self._end, other = context.Pipe()
        self._process = context.Process(target=_work, args=(other, self._opener, self._memory), daemon=True)
        self._process.start()
        other.close()
        try:
            self._received(None)
        except BaseException:
            self.close()
            raise

    def call(self, function: Callable[[Store], _T], timeout: float, abandoned: Callable[[], bool] | None = None) -> _T:
        """Give ``function(store)``, computed in the process; raise what it raises.

        Raises `KgError`: KG648 after `timeout` seconds, KG649 if the process needed more memory than it may
        have; and `Abandoned` soon after `abandoned`, if given, says that nobody wants the answer. After any of
        these, or an interrupt, the process is ended, and what it had is free.
        """
        if self._process is None:
            self.start()
        assert self._end is not None
        try:
            self._end.send((function, timeout))
            result: _T = self._received(timeout, abandoned)
            return result
        except (Exception, KeyboardInterrupt) as error:
            if not getattr(error, "_from_worker", False):
                self.close()
            raise

    def kill(self) -> None:
        """End the process from another thread than that which calls it; the call fails."""
        if (process := self._process) is not None:
            process.kill()

    def close(self) -> None:
        """End the process, whatever it does; no error if there is none."""
        process, end, self._process, self._end = self._process, self._end, None, None
        if end is not None:
            end.close()
        if process is not None:
            process.kill()
            process.join()
            process.close()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _received(self, timeout: float | None, abandoned: Callable[[], bool] | None = None) -> Any:
        assert self._end is not None
        until = None if timeout is None else time.monotonic() + timeout
        while not self._end.poll(_left(until, abandoned is not None)):
            if abandoned is not None and abandoned():
                raise Abandoned
            if until is None or time.monotonic() < until:
                continue
            raise KgError(
                f"the query took longer than {timeout:g} s",
                code="KG648",
                mend="ask for less (name a subject, join what is linked, add LIMIT), or give it more time",
            )
        try:
            done, value = self._end.recv()
        except (EOFError, OSError):
            raise KgError(
                "the query was ended: it needed more memory than it may have",
                code="KG649",
                mend="ask for less: name a subject, join what is linked, add LIMIT",
            ) from None
        if done:
            return value
        value._from_worker = True
        raise value


def physical_memory() -> int | None:
    """Give how many bytes of memory the machine has, or None where it does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def _left(until: float | None, watchful: bool) -> float | None:
    """Give how many seconds to wait: to the end, but if `watchful` no longer than a glance away takes."""
    left = None if until is None else max(0.0, until - time.monotonic())
    if watchful:
        return _GLANCE if left is None else min(left, _GLANCE)
    return left


def _work(end: Connection, opener: Callable[[], Store], memory: int | None) -> None:
    """Be the process: open the store, then answer calls until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # in native code Python's own handler would never run
    _limit(memory)
    try:
        store = opener()
    except Exception as error:
        end.send((False, _portable(error)))
        return
    end.send((True, None))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # native code writes there as it runs out of memory
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, timeout = end.recv()
            _alarm(timeout + _GRACE)
            try:
                answer: tuple[bool, Any] = (True, function(store))
            except MemoryError:
                return
            except Exception as error:
                answer = (False, _portable(error))
            _alarm(0)
            end.send(answer)


def _limit(memory: int | None) -> None:
    if memory is None:
        return
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _alarm(seconds: float) -> None:
    """Have the system end this process after so many seconds (0: never), even in native code."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _portable(error: Exception) -> Exception:
    """Give an error that another process can raise."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
