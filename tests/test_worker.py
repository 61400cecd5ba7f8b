"""Queries that do not end are ended: by a time limit, a memory limit, an interrupt, the death of who asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.store import Store, Table
from kg.store.worker import Worker

ROOT = Path(__file__).parent.parent
ONTOLOGY = ROOT / "ontology" / "kg.ttl"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HUGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def asked(store: Store, query: str) -> int:
    answer = store.query(query)
    return len(answer) if isinstance(answer, Table) else int(bool(answer))


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def wait_until_gone(pid: int, seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not gone(pid):
        assert time.monotonic() < until, "the process is still there"
        time.sleep(0.05)


def test_a_worker_answers_many_calls() -> None:
    with Worker(partial(Store.open, ONTOLOGY)) as worker:
        assert worker.call(partial(asked, query="ASK {}"), 30) == 1
        first = worker._process.pid
        with pytest.raises(KgError, match="KG641"):
            worker.call(partial(asked, query="ASK {"), 30)
        assert worker.call(partial(asked, query="SELECT ?s { ?s a owl:Ontology }"), 30) == 1
        assert worker._process.pid == first
    wait_until_gone(first)


def test_a_query_over_its_time_is_ended_and_the_next_answered() -> None:
    with Worker(partial(Store.open, ONTOLOGY)) as worker:
        worker.start()
        first, begun = worker._process.pid, time.monotonic()
        with pytest.raises(KgError) as caught:
            worker.call(partial(asked, query=ENDLESS), 0.5)
        assert caught.value.code == "KG648" and 0.5 <= time.monotonic() - begun < 5
        assert gone(first)
        assert worker.call(partial(asked, query="ASK {}"), 30) == 1


def test_a_query_over_its_memory_is_ended_and_the_next_answered() -> None:
    with Worker(partial(Store.open, ONTOLOGY), memory=700 << 20) as worker:
        with pytest.raises(KgError) as caught:
            worker.call(partial(asked, query=HUGE), 120)
        assert caught.value.code == "KG649"
        assert worker.call(partial(asked, query="ASK {}"), 30) == 1


def test_what_opening_raises_is_raised(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="KG631"), Worker(partial(Store.open, tmp_path / "none")) as worker:
        worker.call(partial(asked, query="ASK {}"), 1)


def command(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "kg", "query", "-g", str(ONTOLOGY), "-e", ENDLESS, *options],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def children(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid and "spawn_main" in (folder / "cmdline").read_text():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def child(process: subprocess.Popen[str]) -> int:
    until = time.monotonic() + 30
    while not (found := children(process.pid)):
        assert time.monotonic() < until and process.poll() is None
        time.sleep(0.05)
    time.sleep(1)  # so that the query is on its way
    return found[0]


def test_the_command_has_a_time_limit() -> None:
    process = command("--timeout", "0.5")
    _, told = process.communicate(timeout=60)
    assert process.returncode == 2 and told.startswith("KG648 the query took longer than 0.5 s\n  mend: ")


@pytest.mark.parametrize("whole_group", [True, False], ids=["terminal", "kill"])
def test_an_interrupt_ends_the_query(whole_group: bool) -> None:
    process = command()
    worker = child(process)
    (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=20)
    assert process.returncode == 130 and not told.strip()
    wait_until_gone(worker)


def test_no_query_outlives_who_asked_for_long() -> None:
    process = command("--timeout", "2")
    worker = child(process)
    process.kill()
    process.communicate(timeout=20)
    wait_until_gone(worker)
