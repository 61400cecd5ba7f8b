"""Documents read by several processes at once, an analyser in each.

What comes back does not depend on their number: readings are keyed by document, and one document's
reading knows nothing of another's.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from kg.errors import KgError
from kg.model import Document
from kg.project import Project
from kg.readings import Reading

if TYPE_CHECKING:
    from loky import ProcessPoolExecutor

    from kg.extract import Extractor

_FEW = 60_000
"""Code points below which one process is done before others have loaded their analysers."""

_extractor: Extractor | None = None  # a worker process has one, for all the documents that it is given


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a document: its reading as JSON, or why there is none."""

    document: Document
    record: str | None
    reason: str = ""


def cores() -> int:
    """Give how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_all(
    documents: Iterable[Document], extractor: Extractor, jobs: int | None = None, cluster: str | None = None
) -> Iterator[Outcome]:
    """Read documents and give what became of each, in no certain order.

    `jobs` is the number of processes, by default one a core, or this process alone if there is little to
    read; `cluster` the address of a Dask scheduler whose workers read instead. A fault in one document is its
    outcome; it does not stop the others, even if it ends its process.
    """
    waiting = iter(documents)
    if cluster is not None:
        from kg.cluster import read_on_cluster

        yield from read_on_cluster(waiting, extractor.project, cluster)
        return
    first: list[Document] = []
    if jobs is None:
        size = 0
        for document in waiting:
            first.append(document)
            size += len(document.text)
            if size >= _FEW:
                break
        jobs = cores() if size >= _FEW else 1
    if jobs <= 1:
        for document in _chained(first, waiting):
            yield outcome(document, extractor)
        return
    yield from _in_processes(_chained(first, waiting), extractor.project, jobs)


def outcome(document: Document, extractor: Extractor) -> Outcome:
    """Read one document; a fault in it is an outcome, too."""
    try:
        return Outcome(document, Reading.of(extractor.skim(document)).to_json())
    except KgError as error:
        return Outcome(document, None, str(error))
    except Exception as error:  # a fault of ours in one text is no reason to lose all others
        return Outcome(document, None, f"it cannot be read ({type(error).__name__}: {error}); please report the text")


def _chained(first: list[Document], rest: Iterator[Document]) -> Iterator[Document]:
    yield from first
    yield from rest


def _in_processes(documents: Iterator[Document], project: Project, jobs: int) -> Iterator[Outcome]:
    """Keep a few documents a process on their way; after a process died, find by whose fault, one at a time."""
    while True:
        under_way: dict[Future[tuple[str | None, str]], Document] = {}
        pool = _pool(project, jobs)
        try:
            while True:
                for document in islice(documents, 4 * jobs - len(under_way)):
                    under_way[pool.submit(_work, document)] = document
                if not under_way:
                    return
                for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                    record, reason = done.result()
                    yield Outcome(under_way.pop(done), record, reason)
        except BrokenProcessPool:
            suspects = list(under_way.values())
        finally:
            pool.shutdown(wait=True, kill_workers=True)
        for document in suspects:
            yield _alone(document, project)


def _alone(document: Document, project: Project) -> Outcome:
    """Read a document in a process of its own, which it may take down."""
    with _pool(project, 1) as pool:
        try:
            record, reason = pool.submit(_work, document).result()
            return Outcome(document, record, reason)
        except BrokenProcessPool:
            return Outcome(document, None, "the process that read it was ended (out of memory?)")


def _pool(project: Project, jobs: int) -> ProcessPoolExecutor:
    # Not forked, since a fork of a process whose analyser runs threads may hang; and not spawned by the standard
    # library, which runs the caller's program once more in each worker unless its author guarded it.
    from loky import ProcessPoolExecutor

    return ProcessPoolExecutor(jobs, initializer=_begin, initargs=(project, os.getpid()))


def _begin(project: Project, parent: int) -> None:
    """Make this process a worker: load the rules, leave Ctrl-C to the parent, end when the parent does."""
    global _extractor
    from kg.extract import Extractor

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _extractor = Extractor(project)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _work(document: Document) -> tuple[str | None, str]:
    assert _extractor is not None
    result = outcome(document, _extractor)
    return result.record, result.reason
