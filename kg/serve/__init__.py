"""A build on loopback: its page, a SPARQL endpoint, and a query editor; read-only.

waitress takes the requests (slow senders and slow readers cost it no thread), werkzeug reads
them, Oxigraph answers in processes of their own (`kg.store.worker`).
"""

from __future__ import annotations

import logging
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.serve.app import Application
from kg.serve.pool import Pool
from kg.serve.protocol import opened
from kg.store import Question, Store
from kg.store.worker import physical_memory

WAITING = 32
"""Queries that may wait for a worker; the next ones are told to come again."""
_CONNECTIONS = 1_000
_IDLE = 30
_BODY = 1 << 20
_HEADER = 16 << 10


def serve(
    build: Path,
    *ontology: Path,
    port: int = 0,
    timeout: float = 30,
    workers: int = 2,
    questions: dict[str, Question] | None = None,
    ready: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve a build folder on 127.0.0.1 until the process is interrupted.

    A query has `timeout` seconds; `workers` run at once. `port` 0 is any free one; `ready` is told the address.
    Raises `KgError`: as `Store.open`, and KG661 if the port cannot be had.
    """
    with serving(build, *ontology, port=port, timeout=timeout, workers=workers, questions=questions) as (server, pool):
        ready(f"http://127.0.0.1:{server.effective_port}/")

        def interrupted(*_: object) -> None:
            pool.stop()  # or the server would wait for the queries
            raise KeyboardInterrupt

        # Started in the background by a shell, a process ignores interrupts; and to be told to end is no failure.
        handlers = {number: signal.signal(number, interrupted) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            server.run()
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)


@contextmanager
def serving(
    build: Path,
    *ontology: Path,
    port: int = 0,
    timeout: float = 30,
    workers: int = 2,
    questions: dict[str, Question] | None = None,
) -> Iterator[tuple[Any, Pool]]:
    """Give a waitress server for a build, ready to ``run()``, and the pool behind it; of both nothing is left."""
    import waitress

    logging.getLogger("waitress").setLevel(logging.ERROR)  # a full queue is no news: the next client is told
    listening = _listening(port)
    with listening, tempfile.TemporaryDirectory(prefix="kg-serve-") as folder:
        # Read once; the workers share the copy on disk, so that a new one is ready at once.
        store = Store.open(build, *ontology, into=Path(folder) / "store")
        prefixes, size = dict(store.prefixes), len(store)
        del store
        answers = Path(folder) / "answers"
        answers.mkdir()
        memory = physical_memory()
        pool = Pool(
            partial(opened, Path(folder) / "store", prefixes),
            count=workers,
            waiting=WAITING,
            timeout=timeout,
            memory=memory and max(1 << 30, memory // 2 // workers),
        )
        try:
            pool.start()
            application = Application(build, pool, answers, prefixes, size, questions or {})
            server = waitress.create_server(
                application,
                sockets=[listening],
                threads=workers + WAITING + 4,
                connection_limit=_CONNECTIONS,
                channel_timeout=_IDLE,
                cleanup_interval=5,
                max_request_header_size=_HEADER,
                max_request_body_size=_BODY,
                channel_request_lookahead=1,  # so that a client that went away is noticed
                asyncore_use_poll=hasattr(__import__("select"), "poll"),
                ident="kg",
            )
            try:
                yield server, pool
            finally:
                pool.stop()
                server.close()
                server.task_dispatcher.shutdown(timeout=2)
        finally:
            pool.close()


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise KgError(
            f"the port cannot be had: {getattr(error, 'strerror', None) or error}",
            code="KG661",
            mend="name another with --port, or 0 for any that is free",
        ) from None
    return listening
