"""SHACL: two engines find the same in broken graphs, every term has a shape, unsound shapes are refused."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.check import shapes
from kg.errors import KgError
from kg.ontology import Ontology

FOLDER = Path(__file__).parent.parent / "ontology"
GOOD = Path(__file__).parent / "data" / "ontology" / "good.ttl"
HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://x.kr/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
Triple = tuple[str, str, str]


@cache
def good() -> list[Triple]:
    quads = pyoxigraph.parse(path=str(GOOD), format=pyoxigraph.RdfFormat.TURTLE)
    return sorted({(str(q.subject), str(q.predicate), str(q.object)) for q in quads})


@st.composite
def broken(draw: st.DrawFn) -> list[Triple]:
    """A graph from which triples were dropped, in which objects were exchanged, to which others were added."""
    triples = good()
    places = st.integers(0, len(triples) - 1)
    left_out = draw(st.sets(places, max_size=8))
    kept = [triple for number, triple in enumerate(triples) if number not in left_out]
    pairs = draw(st.lists(st.tuples(places, places, places), min_size=1, max_size=12))
    return kept + [(triples[s][0], triples[p][1], triples[o][2]) for s, p, o in pairs]


@settings(max_examples=12, deadline=None)
@given(triples=broken())
def test_both_engines_find_the_same_in_a_broken_graph(triples: list[Triple]) -> None:
    data = "".join(f"{s} {p} {o} .\n" for s, p, o in triples) + (FOLDER / "kg.ttl").read_text(encoding="utf-8")
    wanted = (FOLDER / "shapes.ttl").read_text(encoding="utf-8")
    assert sorted(set(shapes.by_shacl(data, wanted))) == sorted(set(shapes.by_pyshacl(data, wanted)))


def test_a_good_graph_conforms_in_both_engines() -> None:
    for engine in (shapes.by_shacl, shapes.by_pyshacl):
        assert shapes.violations([GOOD, FOLDER / "kg.ttl"], FOLDER / "shapes.ttl", engine) == []


def test_every_class_and_property_has_a_shape() -> None:
    ontology = Ontology.load(FOLDER)
    text = (FOLDER / "shapes.ttl").read_text(encoding="utf-8")
    classes = set(re.findall(r"sh:targetClass (\S+)", text))
    properties = set(re.findall(r"sh:targetSubjectsOf (\S+)", text))
    assert {ontology.curie(cls.iri) for cls in ontology.classes.values()} - classes == set()
    assert set(ontology.properties) - properties == set()


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("ex:s a sh:PropertyShape ; sh:path ex:p ; sh:minCount 1, 2 .", "minCount"),
        ("ex:s a sh:PropertyShape ; sh:minCount 1 .", "s: "),
        ('ex:s a sh:NodeShape ; sh:class "시" .', "class"),
        ('ex:s a sh:PropertyShape ; sh:path ex:p ; sh:minCount "하나" .', "minCount"),
        ("ex:s a sh:PropertyShape ; sh:path ex:p ; sh:nodeKind sh:Iri .", "nodeKind"),
        ('ex:s a sh:PropertyShape ; sh:path ex:p ; sh:pattern "(" .', "pattern"),
    ],
)
def test_unsound_shapes_are_refused(shape: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "shapes.ttl"
    file.write_text(f"{HEAD}{shape} ex:s sh:targetClass ex:C .", encoding="utf-8")
    (tmp_path / "data.ttl").write_text(f'{HEAD} ex:a a ex:C ; ex:p "하나" .', encoding="utf-8")
    with pytest.raises(KgError, match=re.escape(said)) as error:
        shapes.violations([tmp_path / "data.ttl"], file)
    assert error.value.code == "KG655"


def test_a_shape_speaks_english_if_it_can(tmp_path: Path) -> None:
    file = tmp_path / "shapes.ttl"
    file.write_text(
        HEAD
        + 'ex:s sh:message "한국어"@ko, "English"@en . ex:t sh:message "한국어"@ko . ex:u sh:message "deutsch"@de .',
        encoding="utf-8",
    )
    assert shapes.messages(file) == {
        "<https://x.kr/s>": "English",
        "<https://x.kr/t>": "한국어",
        "<https://x.kr/u>": "deutsch",
    }
