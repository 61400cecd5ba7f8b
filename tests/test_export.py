"""JSON-LD, N-Triples and N-Quads: what they say is what the Turtle says."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cli import run
from kg.graph import PREFIXES, Triples, jsonld, turtle
from kg.graph.export import exported
from kg.graph.terms import string, typed
from kg.store import Facts, Store
from tests.test_interop import HOSTILE

ROOT = Path(__file__).parent.parent
BASE = "https://w3id.org/newskg/id/"
NK = PREFIXES["nk"]
ALL = {**PREFIXES, "id": BASE}
VALUES = [
    *(string(text) for text in HOSTILE), string("한글", "ko"), string("青島", "zh-Hant"), typed("24", "xsd:integer"),
    typed("-7", "xsd:integer"), typed("123456789012345678", "xsd:integer"), typed("3.50", "xsd:decimal"),
    typed("true", "xsd:boolean"), typed("2019-11-29", "xsd:date"), f'"2019-21"^^<{PREFIXES["edtf"]}EDTF>',
    f"<{BASE}a>", "<https://x.kr/a(b)>", "<https://x.kr/x/>", "<urn:x:y>", "<https://x.kr/한글>",
]  # fmt: skip
TERMS = st.sampled_from([f"<{BASE}a>", f"<{BASE}b-1>", f"<{NK}p>", "<https://x.kr/q#r>", "<https://x.kr/q#>"])


def quads(data: str | bytes, form: pyoxigraph.RdfFormat) -> set[str]:
    return {str(quad) for quad in pyoxigraph.parse(input=data, format=form)}


def lines(triples: Triples) -> set[str]:
    text = "".join(f"{s} {p} {o} .\n" for s, p, o in triples)
    return quads(text, pyoxigraph.RdfFormat.N_TRIPLES)


def dumped(triples: Triples) -> str:
    return "".join(jsonld(triples.descriptions(), ALL))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TERMS, TERMS | st.just(f"<{PREFIXES['rdf']}type>"), st.sampled_from(VALUES)), max_size=30))
def test_json_ld_says_what_the_triples_say(found: list[tuple[str, str, str]]) -> None:
    triples = Triples((s, p, f"<{NK}City>" if p.endswith("#type>") else o) for s, p, o in found)
    text = dumped(triples)
    json.loads(text)
    assert quads(text, pyoxigraph.RdfFormat.JSON_LD) == lines(triples)
    assert text == dumped(Triples(random.Random(1).sample(list(triples), len(triples))))


def test_rdflib_reads_the_json_ld_alike() -> None:
    triples = Triples((f"<{BASE}s{n}>", f"<{NK}p>", value) for n, value in enumerate(VALUES))
    normalise, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        found = rdflib.Graph().parse(data=dumped(triples), format="json-ld")
        expected = rdflib.Graph().parse(data="".join(turtle(triples.descriptions(), ALL)), format="turtle")
    finally:
        rdflib.NORMALIZE_LITERALS = normalise
    assert set(found) == set(expected) and len(found) == len(VALUES)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import kg

    out = tmp_path_factory.mktemp("export") / "build"
    kg.build([ROOT / "data/corpus/01-qingdao-ai-community.txt", ROOT / "data/corpus/02-tesla-shanghai.txt"], out)
    return out


@pytest.mark.parametrize(
    ("form", "source", "media"),
    [
        ("jsonld", "graph.ttl", pyoxigraph.RdfFormat.JSON_LD),
        ("nt", "graph.ttl", pyoxigraph.RdfFormat.N_TRIPLES),
        ("nq", "graph.trig", pyoxigraph.RdfFormat.N_QUADS),
    ],
)
def test_a_build_in_another_form_is_the_same_build(
    form: str, source: str, media: pyoxigraph.RdfFormat, build: Path, tmp_path: Path
) -> None:
    text = "".join(exported(build, form))
    kind = pyoxigraph.RdfFormat.from_extension(source.rpartition(".")[2])
    assert kind is not None
    assert quads(text, media) == quads((build / source).read_bytes(), kind)
    assert len(text.splitlines()) == len(set(text.splitlines()))
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "kg", "export", str(build), "-f", form],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        assert done.stdout.decode() == text
    assert run(["export", str(build), "--format", form, "-o", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out").read_text(encoding="utf-8") == text
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_cannot_be_exported_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(tmp_path), "-f", "nt", "-o", str(tmp_path / "x")]) == 2
    assert "KG631" in capsys.readouterr().err
    (tmp_path / "graph.ttl").write_text("<https://x.kr/a> <https://x.kr/b> 1 . broken", encoding="utf-8")
    assert run(["export", str(tmp_path), "-f", "nt", "-o", str(tmp_path / "x")]) == 2
    assert "KG632" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["graph.ttl"]


def test_triples_of_a_query_in_all_forms(build: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = "CONSTRUCT WHERE { ?s nk:announced ?o }"
    found = Store.open(build).query(query)
    assert isinstance(found, Facts) and len(found) > 1
    expected = lines(Triples(found.triples))
    for form, media in (
        ("jsonld", pyoxigraph.RdfFormat.JSON_LD),
        ("json", pyoxigraph.RdfFormat.JSON_LD),
        ("nt", pyoxigraph.RdfFormat.N_TRIPLES),
        ("ttl", pyoxigraph.RdfFormat.TURTLE),
    ):
        assert run(["query", "-g", str(build), "-e", query, "--facts-only", "--format", form]) == 0
        assert quads(capsys.readouterr().out, media) == expected
    for form in ("jsonld", "nt"):
        assert run(["query", "-g", str(build), "-e", "ASK {}", "--format", form]) == 2
