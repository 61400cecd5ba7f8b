"""A curator's decisions about names: what a build makes of them, and what cannot be decided."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph
import pytest

import kg
from kg.authority import Authority
from kg.check.reviewing import review
from kg.cli import run
from kg.errors import KgError
from kg.graph import iri
from kg.lexicon import Entry, Lexicon
from kg.model import Document, Entity, Evidence, Literal, Span, Statement
from kg.readings import Reading
from kg.store import Store

ROOT = Path(__file__).parent.parent
LEXICON = Lexicon([Entry("busan", "City", {"ko": "부산"})])
CLASSES = {"City", "Company", "Person", "Event"}
TEXTS = {
    "a": "한빛전자는 2020년 5월 3일 부산에서 '녹색 선언'을 발표했다.",
    "b": "㈜한빛전자는 부산에 공장을 세웠다. 누리전자는 한빛전자와 업무협약을 체결했다.",
    "c": "대양전자 김한결 행장은 부산을 방문했다.",
}


def decided(folder: Path, text: str) -> Authority:
    folder.mkdir(exist_ok=True)
    (folder / "names.yaml").write_text(text, encoding="utf-8")
    return Authority.load([folder], LEXICON, CLASSES)


def entity(key: str) -> Entity:
    kind, _, name = key.partition("/")
    return Entity(key, kind, name)


@pytest.mark.parametrize(
    ("decision", "document", "becomes"),
    [
        ("- confirm: Company/가람", "1", ("Company/가람", True)),
        ("- {merge: Company/가람, into: Company/가람전자}", "1", ("Company/가람전자", False)),
        ("- {merge: Company/가람, into: busan}", "1", ("busan", True)),
        ("- {merge: Company/가람, into: Company/나람}\n- {merge: Company/나람, into: Company/다람}", "1", ("Company/다람", False)),
        ("- {merge: Company/가람, into: Company/나람}\n- confirm: Company/나람", "1", ("Company/나람", True)),
        ("- {split: Company/가람, as: 가람 (도쿄), in: [1, 2]}", "1", ("Company/가람 (도쿄)", True)),
        ("- {split: Company/가람, as: 가람 (도쿄), in: [1, 2]}", "3", ("Company/가람", False)),
        ("- {split: Company/가람, as: 하나, in: 1}\n- {split: Company/가람, as: 둘, in: 2}", "2", ("Company/둘", True)),
        ("- {drop: Company/가람, why: 보통명사}", "1", None),
        ("# nothing", "1", ("Company/가람", False)),
    ],
)
def test_a_decision(decision: str, document: str, becomes: tuple[str, bool] | None, tmp_path: Path) -> None:
    found = decided(tmp_path / "authority", decision).entity(entity("Company/가람"), document)
    assert (found and (found.key, found.known)) == becomes
    if found is not None and found.label != "가람":
        assert ("가람", "ko") in found.names


BAD = {
    "- {confirm: Company/가람, drop: Company/가람}": "KG521",
    "- {why: 몰라서}": "KG521",
    "- {comfirm: Company/가람}": "KG001",
    "- {confirm: Company/가람, into: Company/나람}": "KG001",
    "- {merge: Company/가람}": "KG002",
    "- {split: Company/가람, as: 가}": "KG002",
    "- confirm: 가람": "KG522",
    "- confirm: Compny/가람": "KG522",
    "- confirm: Company/": "KG522",
    "- confirm: busan": "KG522",
    "- drop: busan": "KG522",
    "- {merge: Company/가람, into: pusan}": "KG522",
    "- confirm: Company/가람\n- drop: Company/가람": "KG523",
    "- {merge: Company/가람, into: Company/가람}": "KG523",
    "- {merge: Company/가람, into: Company/나람}\n- drop: Company/나람": "KG523",
    "- confirm: [Company/가람]": "KG003",
    "- 가람": "KG003",
}


@pytest.mark.parametrize("text", BAD)
def test_what_cannot_be_decided_is_said(text: str, tmp_path: Path) -> None:
    with pytest.raises(KgError) as caught:
        decided(tmp_path / "authority", text)
    assert caught.value.code == BAD[text]
    assert caught.value.place and caught.value.place.line and caught.value.mend


def test_what_is_said_of_a_dropped_name_goes_with_it(tmp_path: Path) -> None:
    proof = Evidence("1", Span(0, 1), "", Span(0, 1), "a.b")
    one, other, place = entity("Company/가람"), entity("Company/나람"), entity("City/다람")
    statements = (
        Statement(one, "nk:basedIn", place, proof),
        Statement(other, "nk:basedIn", one, proof),
        Statement(other, "nk:basedIn", place, proof),
        Statement(one, "nk:countText", Literal("1"), proof),
    )
    reading = Reading(Document("1", "", ""), statements, ((one, 2), (other, 1)), {Span(0, 1): ""})
    dropped = decided(tmp_path / "a", "- drop: Company/가람").applied(reading)
    assert dropped.statements == statements[2:3] and dropped.mentions == ((other, 1),)
    merged = decided(tmp_path / "b", "- {merge: Company/가람, into: Company/나람}").applied(reading)
    assert [(s.subject.key, getattr(s.object, "key", None)) for s in merged.statements] == [
        ("Company/나람", "City/다람"),
        ("Company/나람", "City/다람"),
        ("Company/나람", None),
    ]
    assert sum(times for _, times in merged.mentions) == 3


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "kg.toml").write_text(
        'extends = "shipped"\ncorpus = "texts"\nauthority = "authority"\n', encoding="utf-8"
    )
    for name, text in TEXTS.items():
        (tmp_path / "texts").mkdir(exist_ok=True)
        (tmp_path / "texts" / f"{name}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "authority").mkdir()
    return tmp_path


def test_a_curator_reviews_decides_and_builds_again(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = project / "out"
    kg.build(out=out, project=project)
    unknown, _ = review(out)
    keys = {name.key for name in unknown}
    assert {"Company/한빛전자", "Company/누리전자", "Company/대양전자"} <= keys
    assert all(name.iri == iri(name.key) for name in unknown)
    assert next(n for n in unknown if n.key == "Company/한빛전자").documents == 2
    assert run(["review", str(out), "--stubs"]) == 0
    stubs = capsys.readouterr().out
    assert Authority.load([project / "authority"], LEXICON, CLASSES) is not None
    (project / "authority/names.yaml").write_text(stubs, encoding="utf-8")
    assert kg.build(out=out, project=project).counts["read"] == 0, "no text is read again for a decision"
    assert review(out)[0] == []
    (project / "authority/names.yaml").write_text(
        "- {merge: Company/누리전자, into: Company/한빛전자}\n- drop: Company/대양전자\n", encoding="utf-8"
    )
    kg.build(out=out, project=project)
    store = Store.open(out)
    gone, stays = iri("Company/누리전자"), iri("Company/한빛전자")
    assert store.query(f"ASK {{ <{stays}> skos:altLabel '누리전자'@ko }}") is True
    assert store.query(f"ASK {{ <{gone}> ?p ?o FILTER(?p != dcterms:isReplacedBy) }}") is False
    assert store.query(f"ASK {{ ?s ?p <{gone}> }}") is False
    links = {str(t.triple) for t in pyoxigraph.parse(path=str(out / "links.ttl"))}
    assert any(gone in triple and stays in triple and "isReplacedBy" in triple for triple in links)
    capsys.readouterr()
    assert run(["review", str(out), "--json"]) == 0
    assert {u["key"] for u in json.loads(capsys.readouterr().out)["unreviewed"]} == keys - {
        "Company/누리전자",
        "Company/대양전자",
    }


def test_lint_finds_bad_decisions(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "authority/names.yaml").write_text("- confirm: 가람\n", encoding="utf-8")
    assert run(["lint", "-p", str(project)]) == 1
    assert "authority/names.yaml:1:12: KG522" in capsys.readouterr().out
