"""The graph: identity, labels, types, status, evidence, and the files of a build."""

from __future__ import annotations

import datetime
import hashlib
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx
import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, RDFS, SKOS, Namespace

from kg.errors import KgError
from kg.graph import DEFAULT_BASE, GraphBuilder, Triples, iri, nquads, to_graph, to_networkx, write_turtle
from kg.graph.iris import romanise
from kg.lexicon import Entry, Lexicon
from kg.model import Document, Entity, Evidence, Extraction, Literal, Mention, Span, Statement, Status
from kg.ontology import Ontology

ROOT = Path(__file__).parent.parent
NK = Namespace("https://w3id.org/newskg/ontology#")
ORG = Namespace("http://www.w3.org/ns/org#")
ID = Namespace(DEFAULT_BASE)

FIRM = Entity("Company/한빛전자", "Company", "한빛전자")
PORT = Entity("busan", "City", "부산", known=True)
FAIR = Entity("Exhibition/한빛박람회", "Exhibition", "한빛 박람회")
PAPER = Entity("Declaration/부산선언", "Declaration", "부산 선언")

LEXICON = Lexicon(
    [
        Entry(
            "busan",
            "City",
            {"ko": "부산", "en": "Busan"},
            (("부산시", "ko"), ("釜山", "zh-hant")),
            (("nk:locatedIn", "south-korea"),),
            "Q16520",
        ),
        Entry("south-korea", "Country", {"ko": "대한민국"}, (("한국", "ko"),), (("nk:locatedIn", "asia"),), "Q884"),
        Entry("asia", "Region", {"ko": "아시아"}),
        Entry("japan", "Country", {"ko": "일본"}),
    ]
)


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology.load(ROOT / "ontology")


def document(
    name: str = "a.txt", text: str = "한빛전자가 부산에서 '부산 선언'을 발표했다.", **rest: object
) -> Document:
    return Document(name, text, hashlib.sha256(text.encode()).hexdigest(), **rest)  # type: ignore[arg-type]


def evidence(source: Document, status: Status = "Happened", turn: str = "active", **rest: str) -> Evidence:
    whole = Span(0, len(source.text))
    return Evidence(source.id, Span(0, 5), source.text[:5], whole, "announce.policy", turn, status, **rest)


def said(source: Document, *triples: tuple[Entity, str, Entity | Literal], status: Status = "Happened") -> Extraction:
    statements = tuple(Statement(s, p, o, evidence(source, status)) for s, p, o in triples)
    return Extraction(source, statements=statements)


def built(folder: Path, extractions: list[Extraction], ontology: Ontology | None = None) -> dict[str, int]:
    builder = GraphBuilder(DEFAULT_BASE, LEXICON, ontology, "1.0", {"announce.policy": "기관이 발표한다"})
    for extraction in extractions:
        builder.add(extraction)
    return builder.write(folder)


def read(folder: Path, name: str = "graph.ttl") -> rdflib.Graph:
    return rdflib.Graph().parse(folder / name)


def node(entity: Entity) -> rdflib.URIRef:
    return rdflib.URIRef(iri(entity.key, DEFAULT_BASE))


@pytest.mark.parametrize(
    ("key", "start"),
    [
        ("qingdao", "qingdao"),
        ("geonames-1797929", "geonames-1797929"),
        ("Company/한빛전자", "company-hanbichjeonja-"),
        ("PilotZone/칭다오 AI+선도구", "pilot-zone-chingdao-ai-seondogu-"),
        ("GovernmentBody/工業部", "government-body-"),
        ("Announcement/a+b@2019-11-29", "announcement-a-b-2019-11-29-"),
        ("Company/" + "가" * 500, "company-"),
        ('Company/"\\\n<>{}|^`[] %\ufffe\ud800\x00', "company-"),
        ("../../etc", ""),
    ],
)
def test_iris_are_short_ascii_and_stable(key: str, start: str) -> None:
    made = iri(key, DEFAULT_BASE)
    assert made.startswith(DEFAULT_BASE + start)
    assert made.isascii() and len(made) < 150
    assert made == iri(key, DEFAULT_BASE)
    assert not set(made) & set(' "<>{}|\\^`[]%()')


def test_iris_of_different_keys_differ() -> None:
    keys = ["Company/甲", "Company/乙", "Company/", "Organization/甲", "Company/한빛", "Company/한 빛", "company-한빛"]
    assert len({iri(key, DEFAULT_BASE) for key in keys}) == len(keys)


@pytest.mark.parametrize(
    "base", ["https://x.kr/a", "https://x.kr/a b/", "x/", "https://한글.kr/", "https://x.kr/%/", ""]
)
def test_an_unfit_base_is_refused(base: str) -> None:
    with pytest.raises(KgError):
        iri("qingdao", base)


@pytest.mark.parametrize(
    ("hangul", "letters"),
    [("칭다오", "chingdao"), ("값", "gabs"), ("가 A1", "ga-a1"), ("쌀", "ssal"), ("왕위", "wangwi")],
)
def test_romanisation_is_letter_by_letter(hangul: str, letters: str) -> None:
    assert romanise(hangul) == letters


def test_a_fact_has_types_labels_and_background(tmp_path: Path, ontology: Ontology) -> None:
    source = document(title="한빛전자, 선언 발표", published=datetime.date(2020, 1, 2))
    counts = built(tmp_path, [said(source, (FIRM, "nk:announced", PAPER), (FIRM, "nk:basedIn", PORT))], ontology)
    graph = read(tmp_path)
    assert (node(FIRM), NK.announced, node(PAPER)) in graph
    assert (node(FIRM), RDF.type, NK.Company) in graph
    assert graph.value(node(FIRM), RDFS.label) == rdflib.Literal("한빛전자", lang="ko")
    assert (ID["busan"], NK.locatedIn, ID["south-korea"]) in graph
    assert (ID["south-korea"], NK.locatedIn, ID["asia"]) in graph
    assert set(graph.objects(ID["busan"], RDFS.label)) == {
        rdflib.Literal("부산", lang="ko"),
        rdflib.Literal("Busan", lang="en"),
    }
    assert set(graph.objects(ID["busan"], SKOS.altLabel)) == {
        rdflib.Literal("부산시", lang="ko"),
        rdflib.Literal("釜山", lang="zh-hant"),
    }
    assert not list(graph.triples((ID["japan"], None, None))), "what no document names stays out"
    assert not list(graph.triples((None, OWL.sameAs, None)))
    links = read(tmp_path, "links.ttl")
    assert links.value(ID["busan"], OWL.sameAs) == rdflib.URIRef("http://www.wikidata.org/entity/Q16520")
    assert counts["facts"] == 2 and counts["documents"] == 1 and counts["evidences"] == 1


def test_mentions_become_nodes_and_unknown_names_are_to_be_reviewed(tmp_path: Path) -> None:
    group = Entity("Group/24개", "Group", "24개 업체")
    mentions = (
        Mention(Span(0, 4), "Company", FIRM),
        Mention(Span(6, 8), "City", PORT, found="lexicon"),
        Mention(Span(0, 1), "Group", group),
        Mention(Span(0, 2), "Declaration", PAPER, found="anaphor"),
    )
    built(tmp_path, [Extraction(document(), mentions=mentions)])
    graph = read(tmp_path)
    (text,) = graph.subjects(RDF.type, NK.Document)
    assert set(graph.objects(text, NK.mentions)) == {node(FIRM), node(PORT)}
    assert set(graph.objects(node(FIRM), RDF.type)) == {NK.Company, NK.Unreviewed}
    assert set(graph.objects(node(PORT), RDF.type)) == {NK.City}


def test_one_label_a_language_the_most_frequent_whatever_the_order(tmp_path: Path) -> None:
    spellings = ["한빛전자"] * 2 + ["한빛 전자"] * 3 + ["㈜한빛전자"] * 3
    extractions = [
        Extraction(document(f"{number}"), mentions=(Mention(Span(0, 4), "Company", Entity(FIRM.key, "Company", name)),))
        for number, name in enumerate(spellings)
    ]
    built(tmp_path, extractions)
    graph = read(tmp_path)
    assert list(graph.objects(node(FIRM), RDFS.label)) == [rdflib.Literal("㈜한빛전자", lang="ko")]
    assert set(graph.objects(node(FIRM), SKOS.altLabel)) == {
        rdflib.Literal("한빛전자", lang="ko"),
        rdflib.Literal("한빛 전자", lang="ko"),
    }


def test_a_type_that_another_implies_is_left_out(tmp_path: Path, ontology: Ontology) -> None:
    plain, holder = Entity("Person/김유신", "Person", "김유신"), Entity("Person/김유신", "Official", "김유신")
    source = document()
    mentions = (Mention(Span(0, 4), "Person", plain), Mention(Span(0, 3), "Official", holder))
    built(tmp_path, [Extraction(source, mentions=mentions)], ontology)
    assert set(read(tmp_path).objects(node(plain), RDF.type)) == {NK.Official, NK.Unreviewed}


def test_a_class_literal_becomes_an_iri(tmp_path: Path) -> None:
    kind = Literal("nk:Conference", "rdfs:Class")
    built(tmp_path, [said(document(), (FAIR, "rdf:type", kind))])
    assert NK.Conference in set(read(tmp_path).objects(node(FAIR), RDF.type))


def test_ten_documents_are_one_fact_with_ten_evidences(tmp_path: Path) -> None:
    sources = [document(f"{n}.txt", f"한빛전자가 '부산 선언'을 {n}번째로 발표했다.") for n in range(9)]
    sources.append(document("reprint.txt", sources[0].text))
    counts = built(tmp_path, [said(source, (FIRM, "nk:announced", PAPER)) for source in sources])
    assert counts["facts"] == 1 and counts["evidences"] == 10
    proof = read(tmp_path, "provenance.ttl")
    (statement,) = proof.subjects(RDF.type, RDF.Statement)
    assert proof.value(statement, RDF.subject) == node(FIRM)
    assert len(set(proof.objects(statement, NK.evidence))) == 10
    assert proof.value(statement, NK.documentCount) == rdflib.Literal(10)
    assert proof.value(statement, NK.sourceCount) == rdflib.Literal(9), "a reprint is no independent source"


def test_facts_of_one_hit_share_its_match(tmp_path: Path) -> None:
    built(tmp_path, [said(document(), (FIRM, "nk:announced", PAPER), (FIRM, "nk:basedIn", PORT))])
    proof = read(tmp_path, "provenance.ttl")
    assert len(set(proof.subjects(RDF.type, NK.Match))) == 1
    assert len(set(proof.subjects(RDF.type, RDF.Statement))) == 2


def test_every_span_slices_to_its_quote(tmp_path: Path) -> None:
    sources = {s.id: s for s in (document("a"), document("b", 'x\u0001\ufffe\n"한빛\\전자"가 발표했다.😀'))}
    built(tmp_path, [said(source, (FIRM, "nk:announced", PAPER)) for source in sources.values()])
    rows = list(
        read(tmp_path, "provenance.ttl").query(
            """SELECT ?id ?begin ?end ?quote ?sentence WHERE {
           ?m nk:quote ?quote ; nk:inDocument/dcterms:identifier ?id ;
           nif:beginIndex ?begin ; nif:endIndex ?end ; nk:sentence ?sentence }""",
            initNs={
                "nk": NK,
                "dcterms": "http://purl.org/dc/terms/",
                "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
            },
        )
    )
    assert len(rows) == 2
    for name, begin, end, quote, sentence in rows:  # type: ignore[misc]
        words = sources[str(name)].text[int(begin) : int(end)]
        assert len(quote) == len(words)
        assert str(quote) == words.replace("\u0001", "\ufffd").replace("\ufffe", "\ufffd")
        assert str(quote) in str(sentence)


def test_the_claimant_is_a_node_if_it_is_one(tmp_path: Path) -> None:
    source = document()
    by_key = Statement(FIRM, "nk:announced", PAPER, evidence(source, "Claimed", claimant=FIRM.key))
    by_words = Statement(FIRM, "nk:announced", PAPER, evidence(source, "Claimed", "passive", claimant="한 관계자"))
    built(tmp_path, [Extraction(source, statements=(by_key, by_words))])
    proof = read(tmp_path, "provenance.ttl")
    assert list(proof.objects(None, NK.claimedBy)) == [node(FIRM)]
    assert list(proof.objects(None, NK.claimant)) == [rdflib.Literal("한 관계자", lang="ko")]


def test_the_day_of_the_text_dates_a_post(tmp_path: Path) -> None:
    post = Entity("Post/시장", "Post", "시장")
    source = document(published=datetime.date(2020, 5, 6))
    built(
        tmp_path,
        [
            said(
                source,
                (Entity("Person/김유신", "Person", "김유신"), "nk:holdsPost", post),
                (FIRM, "nk:announced", PAPER),
            )
        ],
    )
    proof = read(tmp_path, "provenance.ttl")
    assert list(proof.objects(None, NK.attestedOn)) == [rdflib.Literal("2020-05-06", datatype=rdflib.XSD.date)]


def status_of(folder: Path, entity: Entity) -> list[str]:
    return sorted(str(status)[len(NK) :] for status in read(folder).objects(node(entity), NK.status))


def as_status(name: str) -> Literal:
    return Literal(f"nk:{name}", "rdfs:Class")


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["Planned"], "Planned"),
        (["Planned", "Happened"], "Happened"),
        (["Happened", "Planned", "Possible"], "Happened"),
        (["Possible", "Planned"], "Planned"),
        (["Claimed", "Planned"], "Claimed"),
    ],
)
def test_an_event_has_one_status_the_strongest(
    statuses: list[Status], expected: str, tmp_path: Path, ontology: Ontology
) -> None:
    extractions = [
        said(document(f"{n}", f"{n} 문장이다. 박람회."), (FAIR, "nk:status", as_status(status)), status=status)
        for n, status in enumerate(statuses)
    ]
    built(tmp_path, extractions, ontology)
    assert status_of(tmp_path, FAIR) == [expected]
    proof = read(tmp_path, "provenance.ttl")
    kept = {str(o)[len(NK) :] for s in proof.subjects(RDF.predicate, NK.status) for o in proof.objects(s, RDF.object)}
    assert kept == set(statuses), "what was overruled stays in the evidence"


def test_an_event_without_a_stated_status_has_that_of_its_clauses(tmp_path: Path, ontology: Ontology) -> None:
    built(tmp_path, [said(document(), (FAIR, "nk:takesPlaceIn", PORT), status="Planned")], ontology)
    assert status_of(tmp_path, FAIR) == ["Planned"]


def test_a_noun_phrase_says_nothing_of_an_events_status(tmp_path: Path, ontology: Ontology) -> None:
    source = document()
    built(
        tmp_path,
        [Extraction(source, statements=(Statement(FAIR, "nk:theme", PAPER, evidence(source, turn="phrase")),))],
        ontology,
    )
    assert status_of(tmp_path, FAIR) == []


def test_a_document_read_again_takes_the_place_of_the_first(tmp_path: Path) -> None:
    builder = GraphBuilder(DEFAULT_BASE)
    builder.add(said(document(), (FIRM, "nk:announced", PAPER)))
    builder.add(said(document(), (FIRM, "nk:basedIn", PORT)))
    builder.write(tmp_path)
    graph = read(tmp_path)
    assert (node(FIRM), NK.basedIn, node(PORT)) in graph and (node(FIRM), NK.announced, node(PAPER)) not in graph
    builder.remove("a.txt")
    assert builder.write(tmp_path)["triples"] == 0


def sample() -> list[Extraction]:
    extractions = []
    for number in range(6):
        source = document(f"문서/{number}.txt", f"한빛전자가 {number}번째 '부산 선언'을 발표했다.")
        facts = said(
            source,
            (FIRM, "nk:announced", PAPER),
            (FAIR, "nk:takesPlaceIn", PORT),
            (FAIR, "nk:edtf", Literal("2019-11-29", "edtf:EDTF")),
            (FAIR, "nk:countMin", Literal("24", "xsd:integer")),
        )
        mentions = (Mention(Span(0, 4), "Company", Entity(FIRM.key, "Company", ["한빛전자", "한빛 전자"][number % 2])),)
        extractions.append(Extraction(source, mentions=mentions, statements=facts.statements))
    return extractions


FILES = ("graph.ttl", "provenance.ttl", "graph.trig", "links.ttl", "graph.graphml")


def test_the_order_of_documents_does_not_matter(tmp_path: Path) -> None:
    made = []
    for seed in range(4):
        extractions = sample()
        random.Random(seed).shuffle(extractions)
        built(tmp_path, extractions)
        made.append([(tmp_path / name).read_bytes() for name in FILES])
    assert all(files == made[0] for files in made)


def test_the_hash_seed_does_not_matter(tmp_path: Path) -> None:
    made = []
    for seed in ("0", "1", "31"):
        (folder := tmp_path / seed).mkdir()
        code = f"""from pathlib import Path
import test_graph as t
t.built(Path({str(folder)!r}), t.sample(), t.Ontology.load(t.ROOT / "ontology"))"""
        path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        subprocess.run([sys.executable, "-c", code], check=True, env=env, timeout=120)
        made.append([(folder / name).read_bytes() for name in FILES])
    assert all(files == made[0] for files in made)


EDITS = st.lists(st.tuples(st.integers(0, 4), st.none() | st.integers(0, 5)), max_size=12)


@settings(max_examples=25, deadline=None)
@given(edits=EDITS)
def test_any_edits_end_in_the_build_of_what_is_left(edits: list[tuple[int, int | None]], ontology: Ontology) -> None:
    versions = sample()
    edited = GraphBuilder(DEFAULT_BASE, LEXICON, ontology, "1.0")
    left: dict[int, Extraction] = {}
    for place, version in edits:
        name = f"{place}.txt"
        if version is None:
            edited.remove(name)
            left.pop(place, None)
            continue
        model = versions[version]
        planned: Status = "Planned" if version % 2 else "Happened"
        extraction = Extraction(
            replace(model.document, id=name),
            mentions=model.mentions,
            statements=tuple(
                replace(s, evidence=evidence(document(name), planned)) for s in model.statements[version % 3 :]
            ),
        )
        edited.add(extraction)
        left[place] = extraction
    fresh = GraphBuilder(DEFAULT_BASE, LEXICON, ontology, "1.0")
    for extraction in left.values():
        fresh.add(extraction)
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        edited.write(Path(one))
        fresh.write(Path(other))
        assert [(Path(one) / name).read_bytes() for name in FILES] == [
            (Path(other) / name).read_bytes() for name in FILES
        ]


def named_graphs(builder: GraphBuilder, folder: Path) -> dict[str, set[str]]:
    builder.write(folder)
    graphs: dict[str, set[str]] = {}
    for quad in pyoxigraph.parse(path=str(folder / "graph.trig")):
        graphs.setdefault(str(quad.graph_name), set()).add(str(quad.triple))
    return graphs


def test_taking_out_a_document_leaves_the_graphs_of_others(tmp_path: Path) -> None:
    builder = GraphBuilder(DEFAULT_BASE, LEXICON)
    for extraction in sample():
        builder.add(extraction)
    before = named_graphs(builder, tmp_path)
    builder.remove("문서/3.txt")
    after = named_graphs(builder, tmp_path)
    gone = set(before) - set(after)
    assert len(gone) == 1 and len(after) == 6
    assert all(before[name] == after[name] for name in after if not name.endswith("/entities>"))


def test_a_projects_own_terms_keep_their_namespace(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.ttl").write_text(
        """@prefix my: <https://my.kr/ns#> . @prefix nk: <https://w3id.org/newskg/ontology#> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        my:Startup a owl:Class ; rdfs:subClassOf nk:Company ; rdfs:label "새싹기업"@ko .
        my:mentors a owl:ObjectProperty ; rdfs:domain nk:Company ; rdfs:range my:Startup ; rdfs:label "돕는다"@ko .""",
        encoding="utf-8",
    )
    own = Ontology.load(ROOT / "ontology", tmp_path / "own")
    young = Entity("Startup/새싹", "Startup", "새싹")
    source = document()
    (tmp_path / "out").mkdir()
    built(tmp_path / "out", [said(source, (FIRM, "my:mentors", young))], own)
    graph = read(tmp_path / "out")
    my = Namespace("https://my.kr/ns#")
    assert (node(FIRM), my.mentors, node(young)) in graph and (node(young), RDF.type, my.Startup) in graph
    assert "my:mentors" in (tmp_path / "out" / "graph.ttl").read_text()


def test_one_changed_sentence_is_a_few_changed_lines(tmp_path: Path) -> None:
    built(tmp_path, sample())
    before = (tmp_path / "graph.ttl").read_text().splitlines()
    extractions = sample()
    extractions[2] = Extraction(
        extractions[2].document,
        statements=said(extractions[2].document, (FIRM, "nk:basedIn", PORT)).statements + extractions[2].statements,
    )
    built(tmp_path, extractions)
    after = (tmp_path / "graph.ttl").read_text().splitlines()
    assert 1 <= len(set(before) ^ set(after)) <= 3


def test_named_graphs_together_are_the_graph(tmp_path: Path) -> None:
    built(tmp_path, sample())
    quads = list(pyoxigraph.parse(path=str(tmp_path / "graph.trig"), format=pyoxigraph.RdfFormat.TRIG))
    assert all(isinstance(quad.graph_name, pyoxigraph.NamedNode) for quad in quads)
    names = {quad.graph_name.value for quad in quads}
    assert len(names) == 7 and all(name.startswith(DEFAULT_BASE + "graph/") for name in names)
    triples = {(str(q.subject), str(q.predicate), str(q.object)) for q in quads}
    plain = pyoxigraph.parse(path=str(tmp_path / "graph.ttl"), format=pyoxigraph.RdfFormat.TURTLE)
    assert triples == {(str(q.subject), str(q.predicate), str(q.object)) for q in plain}


def test_every_rule_made_triple_has_a_statement(tmp_path: Path, ontology: Ontology) -> None:
    built(tmp_path, sample(), ontology)
    graph, proof = read(tmp_path), read(tmp_path, "provenance.ttl")
    backed = {
        tuple(proof.value(s, p) for p in (RDF.subject, RDF.predicate, RDF.object))
        for s in proof.subjects(RDF.type, RDF.Statement)
    }
    about_nodes = {RDF.type, RDFS.label, SKOS.prefLabel, SKOS.altLabel, NK.locatedIn, NK.mentions, NK.sha256}
    rest = {t for t in graph if t[1] not in about_nodes and "purl.org/dc" not in str(t[1])}
    assert rest and rest <= backed


def test_graphml_is_read_by_networkx(tmp_path: Path) -> None:
    hostile = Entity("Company/x", "Company", "한빛\x00\x1b<전자>&\ufffe\ud800")
    built(tmp_path, [*sample(), said(document("x"), (hostile, "nk:announced", PAPER))])
    graph = networkx.read_graphml(tmp_path / "graph.graphml")
    assert graph.nodes[str(node(FIRM))]["label"] == "한빛 전자"
    assert graph.nodes[str(node(FIRM))]["type"] == "Company"
    assert graph.nodes[str(node(hostile))]["label"] == "한빛\ufffd\ufffd<전자>&\ufffd\ufffd"
    assert all(isinstance(value, str) for _, data in graph.nodes(data=True) for value in data.values())
    edges = {(s, t): (data["predicate"], data["status"]) for s, t, data in graph.edges(data=True)}
    assert edges[str(node(FIRM)), str(node(PAPER))] == ("nk:announced", "Happened")
    ids = [data["id"] for _, _, data in graph.edges(data=True)]
    assert len(ids) == len(set(ids))


def test_graphml_says_what_networkx_holds(tmp_path: Path) -> None:
    built(tmp_path, sample())
    read_back = networkx.read_graphml(tmp_path / "graph.graphml", force_multigraph=True)
    network = to_networkx(tmp_path)
    assert {n: {k: v or None for k, v in d.items()} for n, d in read_back.nodes(data=True)} == {
        n: {k: v or None for k, v in d.items()} for n, d in network.nodes(data=True)
    }
    said = [(s, t, d["predicate"], d["status"] or "") for s, t, d in read_back.edges(data=True)]
    assert sorted(said) == sorted((s, t, d["predicate"], d["status"]) for s, t, d in network.edges(data=True))


def test_to_graph_and_to_networkx_need_no_lexicon(tmp_path: Path) -> None:
    statements = sample()[0].statements
    graph = to_graph(statements)
    assert (node(FIRM), NK.announced, node(PAPER)) in graph
    assert (node(FIRM), RDF.type, NK.Company) in graph
    network = to_networkx(statements)
    assert network.has_edge(str(node(FIRM)), str(node(PAPER)), key="nk:announced")
    assert network.edges[str(node(FIRM)), str(node(PAPER)), "nk:announced"]["status"] == "Happened"
    assert network.nodes[str(node(FAIR))]["nk:edtf"] == "2019-11-29"
    built(tmp_path, sample())
    read_back = to_networkx(tmp_path)
    assert read_back.nodes[str(node(FIRM))]["names"] == "한빛전자"
    assert read_back.edges[str(node(FIRM)), str(node(PAPER)), "nk:announced"]["status"] == "Happened"
    assert sorted(to_networkx(tmp_path / "graph.ttl").nodes) == sorted(read_back.nodes)


def test_write_turtle_keeps_an_rdflib_graph(tmp_path: Path) -> None:
    graph = to_graph(sample()[0].statements)
    write_turtle(graph, tmp_path / "out.ttl")
    again = rdflib.Graph().parse(tmp_path / "out.ttl")
    assert set(again) == set(graph)
    graph.add((rdflib.BNode(), RDF.type, NK.City))
    with pytest.raises(KgError):
        write_turtle(graph, tmp_path / "blank.ttl")


def test_nquads_are_sorted_lines() -> None:
    triples = Triples(
        [("<https://x.kr/b>", "<https://x.kr/p>", '"2"'), ("<https://x.kr/a>", "<https://x.kr/p>", '"1"')]
    )
    lines = "".join(nquads(triples.descriptions(), "<https://x.kr/g>")).splitlines()
    assert lines == sorted(lines) and lines[0] == '<https://x.kr/a> <https://x.kr/p> "1" <https://x.kr/g> .'


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="cannot be written"):
        built(tmp_path / "missing", sample())


def test_an_unknown_prefix_is_said(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="prefix"):
        built(tmp_path, [said(document(), (FIRM, "zz:announced", PAPER))])


def test_the_graph_is_not_imported_with_the_package() -> None:
    code = "import sys, kg; sys.exit(any(m in sys.modules for m in ('rdflib', 'pyoxigraph', 'kiwipiepy', 'pyvis')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False).returncode == 0
