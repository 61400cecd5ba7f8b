"""A build reads what is new or changed, goes on where it was killed, and gives the bytes of a build from nothing."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.graph import DEFAULT_BASE, GraphBuilder
from kg.model import Document, Entity, Evidence, Literal, Span, Statement
from kg.pipeline import readings_of
from kg.readings import Reading, Readings, digest
from kg.text import from_text
from kg.workers import read_all

if TYPE_CHECKING:
    from kg.extract import Extractor

ROOT = Path(__file__).parent.parent
RDF = ("graph.ttl", "provenance.ttl", "graph.trig", "links.ttl", "graph.graphml")
SENTENCES = (
    "화웨이는 2019년 11월 29일 칭다오에서 '칭다오 선언'을 발표했다.",
    "부산시는 지난 14일 싱가포르에서 한빛전자와 업무협약을 체결했다.",
    "텐센트가 상하이에 새솔연구소를 설립할 계획이다.",
    "새솔연구소는 다음 달 도쿄에서 열린다고 밝혔다.",
    "'칭다오 선언'은 지난 3일 베이징에서 발표됐다. 화웨이가 텐센트를 인수했다.",
    "오사카는 비가 그치고 맑았다.",
)


def rdf(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in RDF]


TEXTS = st.text(max_size=8)
ENTITIES = st.builds(
    Entity, TEXTS, st.just("City"), TEXTS, st.lists(st.tuples(TEXTS, st.just("ko")), max_size=2).map(tuple), st.booleans()
)
SPANS = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda ends: Span(*ends))


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """Make a reading with statements, some of which share their evidence."""
    document = Document(draw(TEXTS), "", draw(TEXTS), draw(st.none() | TEXTS), published=draw(st.none() | st.dates()))
    sentences = draw(st.dictionaries(SPANS, TEXTS, min_size=1, max_size=3))
    proofs = [
        Evidence(document.id, draw(SPANS), draw(TEXTS), sentence, "a.b", claimant=draw(st.none() | TEXTS)) for sentence in sentences
    ]
    statements = draw(
        st.lists(
            st.builds(Statement, ENTITIES, TEXTS, ENTITIES | st.builds(Literal, TEXTS), st.sampled_from(proofs)), max_size=4
        )
    )
    mentions = draw(st.lists(st.tuples(ENTITIES, st.integers(1, 3)), max_size=3))
    return Reading(document, tuple(statements), tuple(mentions), sentences)


@settings(deadline=None)
@given(reading=readings())
def test_a_reading_comes_back_as_it_was(reading: Reading) -> None:
    assert Reading.from_json(reading.to_json()) == reading


EDITS = st.lists(st.tuples(st.sampled_from(["가", "나", "다/라"]), st.none() | st.sampled_from(SENTENCES)), max_size=5)


@settings(max_examples=12, deadline=None)
@given(rounds=st.lists(EDITS, min_size=1, max_size=3))
def test_any_edits_end_in_the_build_from_nothing(
    rounds: list[list[tuple[str, str | None]]], extractor: Extractor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Add, change and remove documents, build after each round, and compare with a build of what is left."""
    folder = tmp_path_factory.mktemp("edits")
    left: dict[str, str] = {}
    for edits in rounds:
        left.update({name: text for name, text in edits if text is not None})
        for name, text in edits:
            if text is None:
                left.pop(name, None)
        made = []
        for file, fresh in ((folder / "kept", False), (None, True)):
            with Readings(file, "1") as kept:
                changed = [
                    document
                    for name, text in left.items()
                    if kept.want(name, digest(document := from_text(text, id=name))) or fresh
                ]
                for result in read_all(changed, extractor, 1):
                    assert result.record is not None
                    kept.put(result.document.id, digest(result.document), result.record)
                kept.prune()
                assert len(kept) == len(left)
                out = folder / f"{len(list(folder.iterdir()))}-{fresh}"
                out.mkdir()
                GraphBuilder(DEFAULT_BASE, extractor.lexicon, extractor.ontology, "1", {}, kept).write(out)
                made.append(rdf(out))
        assert made[0] == made[1]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for at, sentence in enumerate(SENTENCES):
        (folder / f"{at}.txt").write_text(sentence, encoding="utf-8")
    return folder


def test_a_second_build_reads_only_what_changed(texts: Path, tmp_path: Path) -> None:
    out, anew = tmp_path / "out", tmp_path / "anew"
    assert kg.build([texts], out, project=ROOT).counts["read"] == len(SENTENCES)
    assert kg.build([texts], out, project=ROOT).counts["read"] == 0
    (texts / "1.txt").write_text(SENTENCES[1].replace("14일", "15일"), encoding="utf-8")
    (texts / "2.txt").unlink()
    (texts / "new.txt").write_text(SENTENCES[2], encoding="utf-8")
    assert kg.build([texts], out, project=ROOT).counts["read"] == 2
    report = kg.build([texts], anew, project=ROOT, jobs=2)
    assert report.counts["read"] == report.counts["documents"] == len(SENTENCES)
    assert rdf(out) == rdf(anew) and (out / "graph.html").read_bytes() == (anew / "graph.html").read_bytes()
    assert kg.build([texts], out, project=ROOT, fresh=True).counts["read"] == len(SENTENCES)


def test_other_rules_read_all_anew(texts: Path, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "kg.toml").write_text('extends = "shipped"\nrules = "rules"\n', encoding="utf-8")
    out = tmp_path / "out"
    kg.build([texts], out, project=tmp_path)
    rule = "- id: my.rule\n  about: 도시가 맑다\n  trigger: [맑다]\n  roles: {theme: {is: City, case: subject}}\n"
    rule += "  then: [theme a nk:City]\n"
    (tmp_path / "rules/mine.yaml").write_text(rule, encoding="utf-8")
    assert kg.build([texts], out, project=tmp_path).counts["read"] == len(SENTENCES)


def test_a_broken_file_of_readings_is_begun_anew(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    kg.build([texts], out, project=ROOT)
    before = rdf(out)
    readings_of(out).write_bytes(b"no database at all" * 1000)
    assert kg.build([texts], out, project=ROOT).counts["read"] == len(SENTENCES)
    assert rdf(out) == before


def test_two_builds_cannot_write_one_output(texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    kg.build([texts], out, project=ROOT)
    before = rdf(out)
    with Readings(readings_of(out)), pytest.raises(kg.KgError, match="another build") as caught:
        kg.build([texts], out, project=ROOT)
    assert caught.value.code == "KG406" and caught.value.mend
    assert rdf(out) == before


def many(folder: Path, number: int) -> Path:
    """Write texts long enough for several processes."""
    folder.mkdir()
    for at in range(number):
        text = "\n".join(SENTENCES) + f"\n한빛전자는 {at + 1}번째 공장을 부산에 세웠다.\n"
        (folder / f"{at:03}.txt").write_text(text * 3, encoding="utf-8")
    return folder


def begun(texts: Path, out: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start a build in another process, and wait until it has kept some readings."""
    command = [sys.executable, "-m", "kg", "build", str(texts), "-o", str(out), "-q", "-p", str(ROOT), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    build = subprocess.Popen(command, env=environment, start_new_session=True)
    log = readings_of(out).with_name(readings_of(out).name + "-wal")
    for _ in range(1200):
        if build.poll() is not None or (log.exists() and log.stat().st_size > 100_000):
            return build
        time.sleep(0.05)
    raise AssertionError("the build keeps nothing")


def kept(out: Path) -> int:
    with sqlite3.connect(readings_of(out)) as database:
        return int(database.execute("SELECT count(*) FROM reading").fetchone()[0])


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_killed_build_goes_on_where_it_was(jobs: str, tmp_path: Path) -> None:
    number, out = 150, tmp_path / "out"
    texts = many(tmp_path / "texts", number)
    build = begun(texts, out, "-j", jobs)
    assert build.poll() is None, "it was done before it could be killed"
    build.send_signal(signal.SIGKILL)
    build.wait()
    for _ in range(100):  # its workers see that it is gone, and end
        if not list(processes(build.pid)):
            break
        time.sleep(0.1)
    assert not list(processes(build.pid))
    assert not out.exists()
    had = kept(out)
    assert 0 < had < number
    report = kg.build([texts], out, project=ROOT)
    assert report.counts["read"] == number - had and report.counts["documents"] == number


def processes(group: int) -> Iterator[int]:
    """Give the running processes of a session."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == group and fields[0] != "Z":
            yield int(folder.name)


def test_a_worker_that_is_killed_loses_no_document(tmp_path: Path) -> None:
    number, out = 150, tmp_path / "out"
    texts = many(tmp_path / "texts", number)
    build = begun(texts, out, "-j", "2")
    workers = [p for p in processes(build.pid) if b"loky" in Path(f"/proc/{p}/cmdline").read_bytes()]
    os.kill(max(workers), signal.SIGKILL)
    assert build.wait(timeout=240) == 0
    report = json.loads((out / "build.json").read_text(encoding="utf-8"))
    assert report["counts"]["documents"] == number and report["skipped"] == []
