"""SPARQL over a build: answers, formats, and errors that say where."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyoxigraph
import pytest

from kg.errors import KgError
from kg.graph.terms import PREFIXES
from kg.store import Facts, Store, Table, ask_json

TURTLE = """@prefix id: <https://w3id.org/newskg/id/> .
@prefix nk: <https://w3id.org/newskg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

id:busan a nk:City ; rdfs:label "부산"@ko ; nk:countMin 24 .
id:qingdao a nk:City ; rdfs:label "칭다오"@ko , "=1+1" .
"""
LABELS = "SELECT ?s ?label WHERE { ?s rdfs:label ?label }"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "graph.ttl").write_text(TURTLE, encoding="utf-8")
    (tmp_path / "links.ttl").write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "<https://w3id.org/newskg/id/busan> owl:sameAs <http://www.wikidata.org/entity/Q16520> .\n"
    )
    return tmp_path


def table(store: Store, query: str, **values: pyoxigraph.NamedNode | str) -> Table:
    answer = store.query(query, substitutions=values)
    assert isinstance(answer, Table)
    return answer


def test_a_folder_is_opened_with_its_links(folder: Path) -> None:
    store = Store.open(folder)
    assert len(store) == 7
    assert store.query("ASK { id:busan owl:sameAs ?w }") is True
    assert store.query("ASK { id:qingdao owl:sameAs ?w }") is False


def test_prefixes_of_the_build_need_no_declaration(folder: Path) -> None:
    assert [row[0] for row in table(Store.open(folder), "SELECT ?s { ?s a nk:City } ORDER BY DESC(?s)")] == [
        "id:qingdao",
        "id:busan",
    ]


def test_rows_without_an_order_are_sorted(folder: Path) -> None:
    rows = list(table(Store.open(folder), LABELS))
    assert rows == [("id:busan", "부산"), ("id:qingdao", "=1+1"), ("id:qingdao", "칭다오")]


def test_unbound_is_empty(folder: Path) -> None:
    answer = table(Store.open(folder), "SELECT ?s ?n { ?s a nk:City OPTIONAL { ?s nk:countMin ?n } }")
    assert list(answer) == [("id:busan", "24"), ("id:qingdao", "")]
    assert [set(row) for row in json.loads(answer.json())["results"]["bindings"]] == [{"s", "n"}, {"s"}]


def test_json_is_sparql_results_json(folder: Path) -> None:
    answer = json.loads(table(Store.open(folder), "SELECT ?o { id:busan rdfs:label|nk:countMin|a ?o }").json())
    assert answer["head"] == {"vars": ["o"]}
    assert {"type": "literal", "value": "부산", "xml:lang": "ko"} in [row["o"] for row in answer["results"]["bindings"]]
    assert {"type": "literal", "value": "24", "datatype": "http://www.w3.org/2001/XMLSchema#integer"} in [
        row["o"] for row in answer["results"]["bindings"]
    ]
    assert {"type": "uri", "value": "https://w3id.org/newskg/ontology#City"} in [
        row["o"] for row in answer["results"]["bindings"]
    ]
    assert json.loads(ask_json(True)) == {"head": {}, "boolean": True}


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-cmd|x", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_cells_never_begin_a_formula(cell: str, tmp_path: Path) -> None:
    term = pyoxigraph.Literal(cell)
    text = Table(("a",), ((term,),)).csv()
    (_, row) = csv.reader(io.StringIO(text, newline=""))
    assert row == ["'" + cell]


@pytest.mark.parametrize("cell", ["-5", "+3.2", "1e9", '부산, "시"', "한\n줄"])
def test_csv_keeps_other_cells(cell: str) -> None:
    text = Table(("a",), ((pyoxigraph.Literal(cell),),)).csv()
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == [cell]


def test_construct_gives_turtle(folder: Path) -> None:
    answer = Store.open(folder).query("CONSTRUCT { ?s nk:locatedIn id:korea } WHERE { ?s a nk:City }")
    assert isinstance(answer, Facts) and len(answer) == 2
    assert "\nid:busan nk:locatedIn id:korea .\n\nid:qingdao nk:locatedIn id:korea .\n" in answer.turtle()


def test_construct_may_make_blank_nodes(folder: Path) -> None:
    answer = Store.open(folder).query("CONSTRUCT { ?s nk:theme [ a nk:Topic ] } WHERE { ?s a nk:City }")
    assert isinstance(answer, Facts)
    assert len(list(pyoxigraph.parse(input=answer.turtle(), format=pyoxigraph.RdfFormat.TURTLE))) == 4


def test_substitutions(folder: Path) -> None:
    store = Store.open(folder)
    query = "SELECT ?s ?city { ?s rdfs:label ?l FILTER(str(?l) = ?city) }"
    assert [row[0] for row in table(store, query, city="칭다오")] == ["id:qingdao"]
    node = pyoxigraph.NamedNode("https://w3id.org/newskg/id/busan")
    assert [row[-1] for row in table(store, LABELS, s=node)] == ["부산"]


def test_substitutions_cannot_inject(folder: Path) -> None:
    store = Store.open(folder)
    query = 'SELECT ?s { VALUES ?city { "부산" } ?s rdfs:label ?l FILTER(str(?l) = ?city) }'
    assert len(table(store, query)) == len(table(store, query, city="칭다오")) == 1
    for attack in ('x" || true || "', '부산" "칭다오', "\\", "}", "x\ny", '\\u0022 "칭다오'):
        assert len(table(store, query, city=attack)) == 0
    with pytest.raises(KgError, match="no parameter town"):
        table(store, query, town="부산")


def test_a_syntax_error_says_where(folder: Path) -> None:
    with pytest.raises(KgError) as caught:
        Store.open(folder).query("SELECT ?s WHERE {\n  ?s nk:City\n}", name="q.rq")
    error = caught.value
    assert error.place is not None and (error.place.file, error.place.line) == ("q.rq", 3)
    assert error.source == "}" and error.mend and error.code == "KG641"
    assert "u{00" not in str(error)


def test_an_unknown_prefix_is_said(folder: Path) -> None:
    with pytest.raises(KgError):
        Store.open(folder).query("SELECT ?s { ?s zz:a ?o }")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://x/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 'a' . \n SERVICE ?where { ?s ?p ?o } }",
        "SELECT * { { SELECT * { SERVICE<http://x/>{ ?s ?p ?o } } } }",
        "SELECT * { # '\n SERVICE <http://x/> { ?s ?p ?o } # '\n }",
        "SELECT * { ?s ?p '''it's''' . SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { FILTER(1 <2) SERVICE <http://x/> { ?s ?p ?o } FILTER(3> 2) }",
        "SELECT * { \\u0053ERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 'a\\u0027 . SERVICE <http://x/> { ?s ?p ?o } #' \n }",
        "PREFIX : <http://x/> SELECT * { SERVICE:x { ?s ?p ?o } }",
        "SELECT * { SERVICESILENT<http://x/>{ ?s ?p ?o } }",
        "SELECT * { ?s ?p 1SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o . FILTER EXISTS { SeRvIcE ?o { ?s ?p ?o } } }",
    ],
)
def test_service_is_refused(query: str, folder: Path) -> None:
    with pytest.raises(KgError) as caught:
        Store.open(folder).query(query)
    assert caught.value.code in {"KG642", "KG641"}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service a nk:City }",
        "# SERVICE\nSELECT * { ?s a nk:City }",
        "SELECT * { ?s rdfs:label 'SERVICE <x>' }",
        "SELECT * { ?s nk:SERVICE ?o }",
        "SELECT * { ?s <https://x.kr/SERVICE> ?o }",
    ],
)
def test_the_word_service_elsewhere_is_fine(query: str, folder: Path) -> None:
    assert isinstance(Store.open(folder).query(query), Table)


@pytest.mark.parametrize(
    "update", ["INSERT DATA { id:x a nk:City }", "DELETE WHERE { ?s ?p ?o }", "LOAD <http://x/>", "CLEAR ALL"]
)
def test_updates_are_refused(update: str, folder: Path) -> None:
    store = Store.open(folder)
    with pytest.raises(KgError):
        store.query(update)
    assert len(store) == 7


def test_a_missing_build_is_said(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="cannot be read"):
        Store.open(tmp_path / "nothing")
    with pytest.raises(KgError, match="cannot be read"):
        Store.open(tmp_path)


def test_a_broken_file_says_where(tmp_path: Path) -> None:
    (tmp_path / "graph.ttl").write_text("@prefix a: <https://a/> .\na:b a:c \n", encoding="utf-8")
    with pytest.raises(KgError) as caught:
        Store.open(tmp_path)
    assert caught.value.place is not None and caught.value.place.line >= 2


def test_named_graphs_are_asked_together_and_apart(tmp_path: Path) -> None:
    file = tmp_path / "graph.trig"
    file.write_text(
        "<https://x.kr/g> { <https://x.kr/a> <https://x.kr/p> 1 . }\n"
        "<https://x.kr/h> { <https://x.kr/b> <https://x.kr/p> 2 . }\n"
    )
    store = Store.open(file)
    assert len(table(store, "SELECT ?s { ?s ?p ?o }")) == 2
    assert len(table(store, "SELECT ?s { GRAPH <https://x.kr/g> { ?s ?p ?o } }")) == 1


def test_an_ontology_can_be_opened_beside(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "kg.ttl").write_text(
        "@prefix nk: <https://w3id.org/newskg/ontology#> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "nk:City rdfs:subClassOf nk:Place .\n"
    )
    store = Store.open(folder, tmp_path / "o")
    assert len(table(store, "SELECT ?s { ?s a/rdfs:subClassOf nk:Place }")) == 2


@pytest.mark.parametrize(
    ("sparql", "column", "words"),
    [
        ("SELECT ?s { ?s foo:bar ?o }", 16, ["no prefix foo: is known", "known are dcterms", "PREFIX foo: <…>"]),
        ("SELECT ?s { ?s nkk:bar ?o }", 16, ["no prefix nkk: is known", "did you mean nk:?"]),
        ("INSERT DATA { nk:a nk:b nk:c }", 1, ["INSERT would change the graph", "kg query only reads"]),
        ("PREFIX a: <http://a/> LOAD <http://a/b>", 23, ["LOAD would change the graph"]),
        ("칭다오는 어디에 있나", 1, ["a query does not begin with 칭다오는", "begin with SELECT"]),
        ("", 0, ["the query is empty"]),
    ],
)
def test_what_is_no_query_is_told_in_plain_words(sparql: str, column: int, words: list[str]) -> None:
    with pytest.raises(KgError) as caught:
        Store(pyoxigraph.Store(), PREFIXES).query(sparql)
    assert caught.value.code == "KG641" and caught.value.place and caught.value.place.column == column
    for word in words:
        assert word in str(caught.value)
