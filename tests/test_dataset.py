"""The description of a dataset counts what the graph has, in terms that VoID, DCAT and Dublin Core define."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from kg.errors import KgError
from kg.graph import PREFIXES, Triples, turtle
from kg.graph.dataset import NAMESPACES, About, Inventory
from kg.store import Store

ROOT = Path(__file__).parent.parent
BASE = "https://w3id.org/newskg/id/"
NK, XSD, DCTERMS = PREFIXES["nk"], PREFIXES["xsd"], PREFIXES["dcterms"]
VOID, DCAT = NAMESPACES["void"], NAMESPACES["dcat"]
ALL = {**PREFIXES, "id": BASE}
ABOUT = About(
    BASE,
    descriptions={"ko": "시험"},
    licence="https://creativecommons.org/licenses/by/4.0/",
    version="abc",
    files=("graph.ttl", "graph.html"),
    published="https://x.kr/data/",
    links=3,
)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import kg

    out = tmp_path_factory.mktemp("dataset") / "build"
    kg.build([ROOT / "data/corpus/01-qingdao-ai-community.txt", ROOT / "data/corpus/02-tesla-shanghai.txt"], out)
    return out


def quads(text: str) -> set[str]:
    return {str(quad) for quad in pyoxigraph.parse(input=text, format=pyoxigraph.RdfFormat.TURTLE)}


def inventory(build: Path) -> Inventory:
    found = Inventory()
    triples = Triples(
        (str(q.subject), str(q.predicate), str(q.object))
        for q in pyoxigraph.parse(path=str(build / "graph.ttl"), format=pyoxigraph.RdfFormat.TURTLE)
    )
    for subject, predicates in triples.descriptions():
        found.see(subject, predicates)
    return found


def integer(number: int) -> str:
    return f'"{number}"^^<{XSD}integer>'


def test_what_the_description_counts_is_what_the_graph_has(build: Path) -> None:
    found, store = inventory(build).described(ABOUT), Store.open(build / "graph.ttl")

    def counted(query: str) -> dict[str, str]:
        table = store.query(query)
        return {str(row[0]): str(row[1]) for row in table.terms}  # type: ignore[union-attr]

    classes = counted("SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c")
    properties = counted("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")
    for kind, expected, number in (("class", classes, "entities"), ("property", properties, "triples")):
        parts = found.objects(f"<{BASE}dataset>", f"<{VOID}{kind}Partition>")
        told = {
            found.objects(part, f"<{VOID}{kind}>")[0]: found.objects(part, f"<{VOID}{number}>")[0] for part in parts
        }
        assert told == expected
    dataset = f"<{BASE}dataset>"
    assert found.objects(dataset, f"<{VOID}triples>") == [integer(len(store))]
    assert found.objects(dataset, f"<{VOID}documents>") == [integer(2)]
    assert found.objects(dataset, f"<{DCTERMS}modified>") == [f'"2019-12-02"^^<{XSD}date>']
    assert found.objects(dataset, f"<{DCTERMS}license>") == ["<https://creativecommons.org/licenses/by/4.0/>"]
    assert found.objects(dataset, f"<{VOID}dataDump>") == ["<https://x.kr/data/graph.ttl>"]
    assert len(found.objects(dataset, f"<{DCAT}distribution>")) == 2
    assert {NK, PREFIXES["rdfs"]} <= {space[1:-1] for space in found.objects(dataset, f"<{VOID}vocabulary>")}
    assert f"<{NK}Document>" not in str(found.objects(dataset, f"<{VOID}exampleResource>"))


def test_the_terms_of_the_description_are_those_of_the_vocabularies(build: Path) -> None:
    known = (rdflib.VOID, rdflib.DCAT, rdflib.DCTERMS)
    for subject, predicate, obj in inventory(build).described(ABOUT):
        assert subject.startswith(f"<{BASE}dataset")
        vocabulary = predicate == f"<{VOID}vocabulary>"
        counted = predicate in (f"<{VOID}class>", f"<{VOID}property>")
        for term in (predicate,) if vocabulary or counted else (predicate, obj):
            for space in known:
                if term.startswith(f"<{space}"):
                    assert rdflib.URIRef(term[1:-1]) in space, term


def test_the_same_graph_has_the_same_description(build: Path) -> None:
    first, second = (
        "".join(turtle(inventory(build).described(ABOUT).descriptions(), {**ALL, **NAMESPACES})) for _ in range(2)
    )
    assert first == second and "_:" not in first
    assert len(quads(first)) == len(inventory(build).described(ABOUT))


def test_little_is_said_of_little() -> None:
    found = Inventory().described(About(BASE))
    names = {predicate.rpartition("#")[2].rpartition("/")[2][:-1] for _, predicate, _ in found}
    assert "modified" not in names and "license" not in names and "distribution" not in names and "title" in names
    with pytest.raises(KgError, match="KG622"):
        Inventory().described(About(BASE, licence="not an iri"))
