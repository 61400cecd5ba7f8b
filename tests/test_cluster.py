"""A build on a Dask cluster gives the bytes of a local one, and loses nothing when a worker is killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg.errors import KgError

ROOT = Path(__file__).parent.parent
RDF = ("graph.ttl", "provenance.ttl", "graph.trig", "links.ttl", "graph.html", "graph.graphml")
distributed = pytest.importorskip("distributed", reason="Dask is not installed")


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and two workers, each a process of its own on loopback; give its address and the workers."""
    told = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    started = [
        subprocess.Popen(
            [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told)],
            **quiet,  # type: ignore[call-overload]
        )
    ]
    worker = [*dask, "worker", "--scheduler-file", str(told), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    started += [
        subprocess.Popen([*worker, "--local-directory", str(tmp_path / f"w{n}")], **quiet)  # type: ignore[call-overload]
        for n in range(2)
    ]
    try:
        for _ in range(600):
            if told.exists() and told.stat().st_size:
                break
            time.sleep(0.1)
        yield json.loads(told.read_text(encoding="utf-8"))["address"], started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_a_cluster_gives_the_bytes_of_a_local_build_though_a_worker_dies(
    scheduler: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = scheduler
    texts = tmp_path / "texts"
    texts.mkdir()
    number = 40
    for at in range(number):
        text = f"한빛전자는 2020년 5월 {at % 28 + 1}일 부산에서 {at}번째 '녹색 선언'을 발표했다.\n" * 8
        (texts / f"{at}.txt").write_text(text, encoding="utf-8")
    seen = 0

    def kill_one(stage: str, done: int, of: int | None) -> None:
        nonlocal seen
        seen = max(seen, done if stage == "read" else 0)
        if seen == number // 2 and workers[0].poll() is None:
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()

    report = kg.build([texts], tmp_path / "far", project=ROOT, cluster=address, progress=kill_one)
    assert workers[0].poll() is not None, "no worker was killed"
    assert report.counts["read"] == report.counts["documents"] == number and not report.skipped
    kg.build([texts], tmp_path / "near", project=ROOT, jobs=1)
    for name in RDF:
        assert (tmp_path / "far" / name).read_bytes() == (tmp_path / "near" / name).read_bytes(), name


def test_no_cluster_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("화웨이가 발표했다.", encoding="utf-8")
    with pytest.raises(KgError) as caught:
        kg.build([tmp_path / "a.txt"], tmp_path / "out", project=ROOT, cluster="nothing://here")
    assert caught.value.code == "KG408" and caught.value.mend
    assert not (tmp_path / "out").exists()
