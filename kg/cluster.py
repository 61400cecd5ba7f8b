"""Documents read by the workers of a Dask cluster: past one machine.

Each worker needs the same `kg` and the same project at the same path, which is checked by fingerprint. Tasks and
their results travel as pickles, as Dask has it, so a cluster is for machines that trust each other; Dask's own
configuration sets TLS (https://distributed.dask.org/en/stable/tls.html).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.model import Document
from kg.project import Project
from kg.readings import fingerprint
from kg.workers import Outcome, cores, outcome

if TYPE_CHECKING:
    from distributed import Client

    from kg.extract import Extractor

LOCAL = "local"
_A_THREAD = 8  # documents on their way for each thread of the cluster: enough to hide the network
_SECONDS = 15  # to wait for the scheduler, and for a first worker

_lock = threading.Lock()
_extractors: dict[str, Extractor] = {}  # of this worker process, by fingerprint


def read_on_cluster(documents: Iterator[Document], project: Project, address: str) -> Iterator[Outcome]:
    """Read documents on the cluster whose scheduler has `address`, or on one of its own, one worker a core (``local``).

    A worker that ends midway loses nothing: the scheduler gives its documents to others.

    Raises:
        KgError: no Dask here (KG407), no scheduler or no worker there (KG408), or workers with another `kg` or
            project (KG409).
    """
    try:
        from distributed import as_completed
    except ImportError:
        raise KgError("Dask is not installed", mend="pip install 'kg-news[cluster]'", code="KG407") from None
    with ExitStack() as stack:
        client = _client(address, stack)
        state = fingerprint(project)
        _check(client, project, state)
        under_way: dict[Any, Document] = {}

        def submit(document: Document) -> Any:
            future = client.submit(_read, project, state, document, pure=False, retries=2)
            under_way[future.key] = document
            return future

        threads = sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values())
        futures = as_completed(map(submit, islice(documents, _A_THREAD * threads)))
        for future in futures:
            document = under_way.pop(future.key)
            error = future.exception()
            if error is None:
                yield Outcome(document, *future.result())
            else:
                yield Outcome(document, None, f"the cluster could not read it: {type(error).__name__}: {error}")
            futures.update(map(submit, islice(documents, 1)))


def _client(address: str, stack: ExitStack) -> Client:
    """Give a client, to be closed with `stack`, and the local cluster with it."""
    from distributed import Client, LocalCluster

    try:
        if address == LOCAL:
            address = stack.enter_context(
                LocalCluster(n_workers=cores(), threads_per_worker=1, processes=True, dashboard_address=None)
            )
        client: Client = stack.enter_context(Client(address, timeout=_SECONDS))
        client.wait_for_workers(1, timeout=_SECONDS)
        return client
    except (OSError, TimeoutError, ValueError) as error:
        raise KgError(
            f"no cluster at {address}: {error or type(error).__name__}",
            mend="start dask scheduler and dask worker, and name the scheduler, like tcp://host:8786",
            code="KG408",
        ) from error


def _check(client: Client, project: Project, state: str) -> None:
    """Refuse workers that would read differently."""
    if any(found != state for found in client.run(_state, project).values()):
        raise KgError(
            "a worker of the cluster has another kg, or other rules and lexicon, than this process",
            mend="install the same version on every worker, and put the same project at the same path",
            code="KG409",
        )


def _state(project: Project) -> str | None:
    return fingerprint(project) if all(folder.is_dir() for folder in (*project.rules, *project.grammar)) else None


def _read(project: Project, state: str, document: Document) -> tuple[str | None, str]:
    """Read a document in a worker: one at a time, since an extractor is not made for threads."""
    from kg.extract import Extractor

    with _lock:
        extractor = _extractors.get(state)
        if extractor is None:
            if fingerprint(project) != state:  # a worker that joined later
                return None, "this worker has another kg or project"
            extractor = _extractors[state] = Extractor(project)
        found = outcome(document, extractor)
        return found.record, found.reason
