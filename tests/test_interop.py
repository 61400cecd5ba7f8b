"""The Turtle loads everywhere: each known trap of a parser or store has a test here."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from benchmarks import stores
from benchmarks.engines import (
    ENGINES,
    N3,
    Engine,
    Jena,
    Loaded,
    OxigraphServer,
    Rapper,
    Rdf4j,
    Serdi,
    VirtuosoBulk,
    VirtuosoGraphStore,
    rows,
)
from kg.errors import KgError
from kg.graph import (
    DEFAULT_BASE,
    PREFIXES,
    GraphBuilder,
    Triples,
    iri,
    rdflib_turtle,
    trig,
    turtle,
    write_turtle,
)
from kg.graph.iris import checked
from kg.graph.terms import clean, named, of_literal, parts, string, tag, text_of, typed
from kg.model import Document, Entity, Evidence, Extraction, Literal, Mention, Span, Statement

XSD = PREFIXES["xsd"]
FETCHED = (Jena, Rdf4j, N3)
PROGRAMS: dict[type[Engine], str] = {
    OxigraphServer: "oxigraph",
    VirtuosoGraphStore: "virtuoso-t",
    VirtuosoBulk: "virtuoso-t",
    Rapper: "rapper",
    Serdi: "serdi",
}
HOSTILE = [
    '따옴표 " 세 개 """ 끝"',
    "역슬래시 \\ 끝\\",
    "줄\n바꿈.\r\n다음\t칸",
    '끝 따옴표""',
    "마침표. \n다음 문장.",
    "U+FFFE \ufffe U+FFFF \uffff",
    "홀로 \ud800 남은 \udc00 대리",
    "제어 \x00\x01\x08\x0b\x0c\x1f\x7f\x85",
    "😀 𠀀 \U0010fffd",
    "오른쪽에서 \u202e왼쪽\u2028줄\u2029문단 \ufeffBOM",
    "<b>&amp;</b> {중괄호} |파이프| ^ ` %41 %",
    "=HYPERLINK(1)",
    "\\u0041 \\n \\\\n",
    "'작은' '''셋'''",
    " 앞뒤 빈칸 ",
    "",
]
TEXT = st.text(
    st.characters(codec="utf-8") | st.sampled_from("\"\\\n\r\t'<>{}%.\ufffe\x00\x85\u2028")
) | st.sampled_from(HOSTILE)

Reader = Callable[[Path], set[tuple[str, str, str]]]


def by_pyoxigraph(path: Path) -> set[tuple[str, str, str]]:
    quads = pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in quads}


def by_rdflib(path: Path) -> set[tuple[str, str, str]]:
    normalise, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        graph = rdflib.Graph().parse(path, format="turtle")
    finally:
        rdflib.NORMALIZE_LITERALS = normalise

    def term(node: rdflib.term.Node) -> str:
        if isinstance(node, rdflib.Literal):
            text = string(str(node), node.language)
            return f"{text}^^<{node.datatype}>" if node.datatype else text
        return f"<{node}>"

    return canonical(Triples((term(s), term(p), term(o)) for s, p, o in graph))


def by_command(*command: str) -> Reader:
    def run(path: Path) -> set[tuple[str, str, str]]:
        done = subprocess.run([*command, str(path)], capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        assert not done.stderr.strip(), done.stderr.decode(errors="replace")
        quads = pyoxigraph.parse(input=done.stdout, format=pyoxigraph.RdfFormat.N_TRIPLES)
        return {(str(q.subject), str(q.predicate), str(q.object)) for q in quads}

    return run


def installed(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        shutil.which(name) is None, reason=f"{name} is not installed (Debian: raptor2-utils, serdi)"
    )


READERS = [
    pytest.param(by_rdflib, id="rdflib"),
    pytest.param(by_pyoxigraph, id="pyoxigraph"),
    pytest.param(by_command("rapper", "-q", "-i", "turtle", "-o", "ntriples"), id="rapper", marks=installed("rapper")),
    pytest.param(by_command("serdi", "-i", "turtle", "-o", "ntriples"), id="serdi", marks=installed("serdi")),
]


def written(path: Path, triples: Triples) -> Path:
    path.write_text("".join(turtle(triples.descriptions(), {**PREFIXES, "id": DEFAULT_BASE})), encoding="utf-8")
    return path


def canonical(triples: Triples) -> set[tuple[str, str, str]]:
    """The triples as pyoxigraph prints them, so that only meaning is compared."""
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in triples)
    quads = pyoxigraph.parse(input=lines, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in quads}


def as_literals(texts: list[str]) -> Triples:
    triples = Triples()
    for number, text in enumerate(texts):
        subject = named(f"{DEFAULT_BASE}n{number}")
        for obj in (string(text), string(text, "ko"), string(text, "zh-hant"), typed(text, "edtf:EDTF")):
            triples.add(subject, named(PREFIXES["rdfs"] + "label"), obj)
    return triples


@pytest.mark.parametrize("reader", READERS)
def test_hostile_literals_survive(reader: Reader, tmp_path: Path) -> None:
    triples = as_literals(HOSTILE)
    assert reader(written(tmp_path / "x.ttl", triples)) == canonical(triples)


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT, min_size=1, max_size=20))
def test_any_literal_survives(reader: Reader, tmp_path: Path, texts: list[str]) -> None:
    triples = as_literals(texts)
    assert reader(written(tmp_path / "x.ttl", triples)) == canonical(triples)


@given(text=TEXT)
def test_a_term_says_what_was_put_into_it(text: str) -> None:
    assert text_of(string(text)) == clean(text)
    assert parts(string(text, "KO")) == (clean(text), None, "ko")
    assert len(clean(text)) == len(text), "offsets must hold"


@given(key=TEXT | st.builds("Company/{}".format, TEXT))
def test_any_key_makes_a_sound_iri(key: str) -> None:
    made = iri(key, DEFAULT_BASE)
    assert re.fullmatch(r"https://w3id\.org/newskg/id/[a-z0-9]+(?:[-_][a-z0-9]+)*", made)
    assert len(made.encode()) < 150
    pyoxigraph.NamedNode(made)


def hostile_build(folder: Path) -> Path:
    """A build whose every name, title, quote and path is hostile."""
    builder = GraphBuilder(DEFAULT_BASE, rule_set='1"\\', rules={"a.b": 'x"\\\n'})
    for number, text in enumerate(HOSTILE):
        body = text + "한빛"
        source = Document(
            f"{text}/{number}",
            body,
            hashlib.sha256(body.encode("utf-8", "replace")).hexdigest(),
            title=text,
            source=text,
            published=datetime.date(2020, 1, 2),
        )
        firm = Entity(f"Company/{text}", "Company", text, ((text + "x", "zh-Hans"), ("釜山", "ko_Hani")))
        place = Entity(f"City/{text}", "City", text)
        proof = Evidence(source.id, Span(0, len(body)), body, Span(0, len(body)), "a.b", claimant=text)
        statements = (
            Statement(firm, "nk:basedIn", place, proof),
            Statement(firm, "nk:countText", Literal(text), proof),
            Statement(firm, "nk:edtf", Literal("2019-09", "edtf:EDTF"), proof),
            Statement(firm, "nk:earliest", Literal("2019-09", "xsd:date"), proof),
            Statement(firm, "nk:latest", Literal("2019-09-30", "xsd:date"), proof),
            Statement(firm, "nk:repeats", Literal("P1Y", "xsd:duration"), proof),
            Statement(firm, "nk:countMin", Literal("007", "xsd:integer"), proof),
            Statement(firm, "nk:amountValue", Literal("3.50", "xsd:decimal"), proof),
        )
        builder.add(Extraction(source, mentions=(Mention(Span(0, 1), "Company", firm),), statements=statements))
    builder.write(folder)
    return folder


@pytest.fixture(scope="module")
def corpus_build(tmp_path_factory: pytest.TempPathFactory) -> stores.Build:
    folder = tmp_path_factory.mktemp("corpus")
    kg.build((), folder / "build", project=Path(__file__).parent.parent)
    return stores.measured("the corpus", folder / "build")


@pytest.fixture(scope="module", params=["hostile", "corpus"])
def build(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "hostile":
        return hostile_build(tmp_path_factory.mktemp("build"))
    folder: Path = request.getfixturevalue("corpus_build").folder
    return folder


@pytest.mark.parametrize("name", ["graph.ttl", "provenance.ttl", "links.ttl", "void.ttl"])
@pytest.mark.parametrize("reader", READERS)
def test_every_parser_reads_a_build_alike(reader: Reader, name: str, build: Path) -> None:
    assert reader(build / name) == by_pyoxigraph(build / name)


@installed("serdi")
def test_serdi_reads_the_named_graphs(build: Path) -> None:
    done = subprocess.run(
        ["serdi", "-i", "trig", "-o", "nquads", str(build / "graph.trig")], capture_output=True, timeout=60, check=True
    )
    quads = {str(q) for q in pyoxigraph.parse(input=done.stdout, format=pyoxigraph.RdfFormat.N_QUADS)}
    assert quads == {str(q) for q in pyoxigraph.parse(path=str(build / "graph.trig"), format=pyoxigraph.RdfFormat.TRIG)}


def rdf_texts(build: Path) -> list[str]:
    return [
        (build / name).read_text(encoding="utf-8")
        for name in ("graph.ttl", "provenance.ttl", "graph.trig", "links.ttl", "void.ttl")
    ]


def unquoted(text: str) -> str:
    return re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text)


def test_no_escapes_in_names_and_no_hangul_in_iris(build: Path) -> None:
    for text in rdf_texts(build):
        assert "\\" not in unquoted(text)
        assert unquoted(text).isascii()


def test_no_bom_no_carriage_return_valid_utf8(build: Path) -> None:
    for name in ("graph.ttl", "provenance.ttl", "graph.trig", "links.ttl", "void.ttl", "graph.graphml"):
        raw = (build / name).read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf")
        raw.decode("utf-8", "strict")
        assert b"\r" not in raw


def test_the_space_before_the_final_dot(build: Path) -> None:
    for text in rdf_texts(build):
        assert not re.search(r"[^\s]\.$", unquoted(text), re.MULTILINE)


def test_literals_are_short_and_close_on_their_line(build: Path) -> None:
    for text in rdf_texts(build):
        assert '"""' not in unquoted(text)
        assert all(unquoted(line).count('"') % 2 == 0 for line in text.split("\n"))


def test_characters_stand_as_themselves(build: Path) -> None:
    for text in rdf_texts(build):
        assert not re.search(r"(?<!\\)(?:\\\\)*\\[uU]", text), "no \\uXXXX escapes, least of all surrogates"


def test_prefixes_first_and_no_blank_nodes(build: Path) -> None:
    for text in rdf_texts(build):
        plain = unquoted(text)
        assert plain.rindex("@prefix") < plain.index("\n\n") if "\n\n" in plain else True
        assert not re.search(r"_:|\[", plain)


def test_a_language_has_one_label_and_a_day_is_whole(build: Path) -> None:
    labels: set[tuple[str, str, str | None]] = set()
    for quad in pyoxigraph.parse(path=str(build / "graph.ttl"), format=pyoxigraph.RdfFormat.TURTLE):
        if not isinstance(quad.object, pyoxigraph.Literal):
            continue
        if quad.predicate.value in (PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel"):
            label = (str(quad.subject), quad.predicate.value, quad.object.language)
            assert label not in labels and label[2]
            labels.add(label)
        if quad.object.datatype.value == XSD + "date":
            assert datetime.date.fromisoformat(quad.object.value).isoformat() == quad.object.value
    assert len(labels) > 20


def test_named_graphs_hold_what_the_graph_holds(build: Path) -> None:
    named_, plain = (
        {str(quad.triple) for quad in pyoxigraph.parse(path=str(build / name))} for name in ("graph.trig", "graph.ttl")
    )
    assert named_ == plain


def test_language_tags_are_lower_case(build: Path) -> None:
    tags = {match for text in rdf_texts(build) for match in re.findall(r'""@([A-Za-z0-9_-]+)', unquoted(text))}
    assert {"ko", "zh-hans", "ko-hani"} <= tags
    assert all(re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name) for name in tags)


@pytest.mark.parametrize(("given_tag", "kept"), [("KO", "ko"), ("zh-Hans", "zh-hans"), ("ko_KR", "ko-kr")])
def test_language_tags_are_folded(given_tag: str, kept: str) -> None:
    assert tag(given_tag) == kept


@pytest.mark.parametrize("bad", ["", "한국어", "ko kr", "k", "ko--x", '"', "ko\n"])
def test_what_is_no_language_tag_is_refused(bad: str) -> None:
    with pytest.raises(KgError):
        tag(bad)


@pytest.mark.parametrize(
    ("value", "datatype", "term"),
    [
        ("2019-11-29", "xsd:date", f'"2019-11-29"^^<{XSD}date>'),
        ("2019-09", "xsd:date", '"2019-09"'),
        ("2019-02-30", "xsd:date", '"2019-02-30"'),
        ("20191129", "xsd:date", '"20191129"'),
        ("P1Y", "xsd:duration", '"P1Y"'),
        ("2019", "xsd:gYear", '"2019"'),
        ("007", "xsd:integer", f'"7"^^<{XSD}integer>'),
        ("-0", "xsd:integer", f'"0"^^<{XSD}integer>'),
        ("٣", "xsd:integer", '"٣"'),
        ("3.50", "xsd:decimal", f'"3.5"^^<{XSD}decimal>'),
        ("-0.0", "xsd:decimal", f'"0.0"^^<{XSD}decimal>'),
        ("1e5", "xsd:decimal", '"1e5"'),
        ("1", "xsd:boolean", f'"true"^^<{XSD}boolean>'),
        ("x", "xsd:string", '"x"'),
        ("x", "", '"x"'),
        ("2020-21", "edtf:EDTF", f'"2020-21"^^<{PREFIXES["edtf"]}EDTF>'),
    ],
)
def test_only_what_every_store_keeps_is_typed(value: str, datatype: str, term: str) -> None:
    assert typed(value, datatype) == term


def test_literals_of_the_model() -> None:
    assert of_literal(Literal("nk:Conference", "rdfs:Class")) == f"<{PREFIXES['nk']}Conference>"
    assert of_literal(Literal("값", "xsd:string", "KO")) == '"값"@ko'


@pytest.mark.parametrize(
    "bad",
    [
        "https://x.kr/a b",
        "https://x.kr/%",
        "https://x.kr/%zz",
        "https://x.kr/[a]",
        'https://x.kr/"',
        "https://x.kr/{a}",
        "https://x.kr/a|b",
        "https://x.kr/a^b",
        "https://x.kr/`",
        "https://x.kr/\\",
        "https://x.kr/<",
        "https://x.kr/칭다오",
        "x",
        "",
        "https://x.kr/" + "a" * 2_000,
        "https://x.kr/a\n",
    ],
)
def test_iris_that_a_store_refuses_are_refused(bad: str) -> None:
    with pytest.raises(KgError):
        checked(bad)


@pytest.mark.parametrize(
    "bad", ["https://x.kr/a b", "https://x.kr/%", 'https://x.kr/"', "https://x.kr/{a}", "relative"]
)
def test_an_unfit_iri_from_elsewhere_is_not_written(bad: str, tmp_path: Path) -> None:
    graph = rdflib.Graph()
    graph.add((rdflib.URIRef(bad), rdflib.RDFS.label, rdflib.Literal("x")))
    with pytest.raises(KgError):
        write_turtle(graph, tmp_path / "x.ttl")


def test_rdflib_terms_are_written_as_they_stand(tmp_path: Path) -> None:
    graph = rdflib.Graph()
    subject = rdflib.URIRef("https://x.kr/왕(清宪)")
    for value in (
        rdflib.Literal("007", datatype=rdflib.XSD.integer, normalize=False),
        rdflib.Literal("3.50", datatype=rdflib.XSD.decimal, normalize=False),
        rdflib.Literal('끝"\\', lang="ko"),
        rdflib.URIRef(PREFIXES["nk"] + "a.b"),
        rdflib.URIRef(PREFIXES["nk"]),
        rdflib.URIRef(PREFIXES["nk"] + "1a-"),
    ):
        graph.add((subject, rdflib.RDFS.seeAlso, value))
    write_turtle(graph, tmp_path / "x.ttl")
    assert "\\(" not in (tmp_path / "x.ttl").read_text()
    assert len(by_pyoxigraph(tmp_path / "x.ttl")) == 6
    assert by_rdflib(tmp_path / "x.ttl") == by_pyoxigraph(tmp_path / "x.ttl")
    assert '"007"' in (tmp_path / "x.ttl").read_text()


NODES = st.sampled_from(
    [
        *(
            rdflib.URIRef(f"https://w3id.org/newskg/{name}")
            for name in ("id/a", "id/a-b", "ontology#A", "id/a.b", "id/왕")
        ),
        rdflib.RDF.type,
        *(rdflib.Literal(text) for text in ("a", '가 "나"', "", "줄\n바꿈", "\\", "\ufffe", "\u2028", "<a>", "5")),
        *(rdflib.Literal("가", lang=tag) for tag in ("ko", "KO", "zh-hans")),
        *(
            rdflib.Literal(text, datatype=rdflib.URIRef(XSD + kind), normalize=False)
            for text, kind in (
                ("a", "string"),
                ("5", "integer"),
                ("007", "integer"),
                ("가>", "token"),
                ("1.50", "decimal"),
            )
        ),
        rdflib.Literal("2019-11", datatype=rdflib.URIRef(PREFIXES["edtf"] + "EDTF")),
        rdflib.Literal("x", datatype=rdflib.URIRef("https://x.kr/%41#a.b")),
    ]
)
NAMED = NODES.filter(lambda node: isinstance(node, rdflib.URIRef))


def as_term(node: rdflib.term.Node) -> str:
    if isinstance(node, rdflib.URIRef):
        return f"<{node}>"
    assert isinstance(node, rdflib.Literal)
    if node.datatype is None or node.datatype == rdflib.XSD.string:
        return string(str(node), node.language)
    return f"{string(str(node))}^^<{node.datatype}>"


@pytest.mark.parametrize("kind", ["memory", "shared", "simple"])
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(added=st.lists(st.tuples(NAMED, NAMED, NODES), max_size=30), gone=st.integers(0, 5))
def test_an_rdflib_graph_is_written_as_its_triples_are(
    kind: str, added: list[tuple[rdflib.URIRef, rdflib.URIRef, rdflib.term.Node]], gone: int, tmp_path: Path
) -> None:
    """However rdflib holds it: alone, beside another graph in one store, in a store of another make."""
    graph = rdflib.Graph(store="SimpleMemory") if kind == "simple" else rdflib.Graph()
    if kind == "shared":
        graph = rdflib.Graph(store=graph.store, identifier=rdflib.URIRef("urn:a"))
        other = rdflib.Graph(store=graph.store, identifier=rdflib.URIRef("urn:b"))
        other.add((rdflib.URIRef("urn:x"), rdflib.RDFS.label, rdflib.Literal("다른 그래프")))
    for triple in added:
        graph.add(triple)
    for triple in added[:gone]:
        graph.remove(triple)
    write_turtle(graph, tmp_path / "x.ttl", {"id": DEFAULT_BASE})
    triples = Triples((as_term(s), as_term(p), as_term(o)) for s, p, o in graph)
    wanted = "".join(turtle(triples.descriptions(), {**PREFIXES, "id": DEFAULT_BASE}))
    assert (tmp_path / "x.ttl").read_text(encoding="utf-8") == wanted


def test_the_index_of_rdflib_is_where_it_was() -> None:
    """Without it a graph is written all the same, at a third of the speed."""
    graph = rdflib.Graph()
    assert rdflib_turtle._index(graph) is vars(graph.store)["_Memory__spo"]


def test_a_line_break_in_a_predicate_is_not_two_predicates(tmp_path: Path) -> None:
    graph, label = rdflib.Graph(), rdflib.Literal("x")
    for name in ("https://x.kr/p", "https://x.kr/q"):
        graph.add((rdflib.URIRef("https://x.kr/a"), rdflib.URIRef(name), label))
    graph.add((rdflib.URIRef("https://x.kr/b"), rdflib.URIRef("https://x.kr/p\nhttps://x.kr/q"), label))
    with pytest.raises(KgError, match="KG622"):
        write_turtle(graph, tmp_path / "x.ttl")


def test_wikidata_links_are_http_and_stand_apart(tmp_path: Path) -> None:
    from kg.lexicon import Entry, Lexicon

    builder = GraphBuilder(DEFAULT_BASE, Lexicon([Entry("busan", "City", {"ko": "부산"}, wikidata="Q16520")]))
    builder.add(
        Extraction(
            Document("a", "부산", "0" * 64),
            mentions=(Mention(Span(0, 2), "City", Entity("busan", "City", "부산", known=True)),),
        )
    )
    builder.write(tmp_path)
    assert "<http://www.wikidata.org/entity/" in (tmp_path / "links.ttl").read_text()
    assert "owl:sameAs wd:Q16520 ." in (tmp_path / "links.ttl").read_text()
    assert "sameAs" not in (tmp_path / "graph.ttl").read_text()


def test_a_graph_in_trig_is_closed_after_its_last_dot() -> None:
    text = "".join(
        trig([("<https://x.kr/g>", Triples([("<https://x.kr/a>", "<https://x.kr/p>", '"1"')]).descriptions())], {})
    )
    assert text == '\n<https://x.kr/g> {\n    <https://x.kr/a> <https://x.kr/p> "1" .\n}\n'


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_an_engine_holds_every_triple_and_answers_alike(
    engine: type[Engine], corpus_build: stores.Build, tmp_path: Path
) -> None:
    """What CI has installed is tried; the rest only if there is a folder to fetch it into, or by benchmarks/stores.py."""
    cache = os.environ.get("KG_ENGINES")
    if engine in FETCHED and not cache:
        pytest.skip(f"not in the repository: {engine.origin}; name a folder for it in KG_ENGINES")
    program = PROGRAMS.get(engine)
    if program and not shutil.which(program, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"):
        pytest.skip(f"{program} is not installed ({engine.origin})")
    row = stores.tried(engine, Path(cache) if cache and engine in FETCHED else tmp_path, [corpus_build])
    assert row.ok and row.version, row.verdicts
    assert row.verdicts[0].startswith("✓")


def test_an_engine_that_loses_something_is_told_off(corpus_build: stores.Build) -> None:
    engine = OxigraphServer(Path())
    counts, answers = dict(corpus_build.counts), dict(corpus_build.answers)
    assert list(stores.faults(Loaded(counts, answers), corpus_build, engine)) == []
    del answers["groups"]
    counts["links.ttl"] -= 1
    found = stores.faults(Loaded(counts, {**answers, "wikidata": ()}, {"groups": "no"}), corpus_build, engine)
    assert [fault.partition(":")[0] for fault in found] == ["links.ttl", "`groups`", "`wikidata`"]


def test_answers_are_compared_by_what_they_mean() -> None:
    def said(**term: str) -> str:
        return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [{"x": term}]}})

    integer = {"value": "3", "datatype": f"{XSD}nonNegativeInteger"}
    assert rows(said(type="literal", **integer)) == rows(said(type="typed-literal", value="3", datatype=XSD + "int"))
    assert rows(said(type="literal", value="3")) == rows(said(type="literal", value="3", datatype=XSD + "string"))
    assert rows(said(type="literal", value="가")) != rows(said(type="literal", value="가", **{"xml:lang": "ko"}))
    assert rows(said(type="literal", value="x")) != rows(said(type="uri", value="x"))


def test_rows_of_engines_that_were_not_run_are_kept() -> None:
    head = "| engine | x |\n|---|---|\n"
    old = f"\n\n{head}| serdi (Serd) | old |\n| N3.js | old |\n\nTriples: 1.\n\n"
    new = f"{head}| Apache Jena | new |\n| N3.js | new |\n\nTriples: 2."
    wanted = f"{head}| Apache Jena | new |\n| serdi (Serd) | old |\n| N3.js | new |\n\nTriples: 2."
    assert stores.merged(old, new) == wanted
    assert stores.merged(old.replace("| x |", "| y |"), new) == new


def test_the_page_tells_of_every_engine() -> None:
    table = stores.PAGE.read_text(encoding="utf-8").partition(stores.BEGIN)[2].partition(stores.END)[0]
    for engine in ENGINES:
        (row,) = [line for line in table.splitlines() if line.startswith(f"| {engine.name} |")]
        assert "✓" in row and "✗" not in row, row
    assert "1,000,000 triples" in table
