"""kg.ttl, shapes.ttl, the questions and checks, and the reading of them by kg.ontology."""

from __future__ import annotations

import csv
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, Problems
from kg.ontology import ALIGNED, NK, Ontology, OntologyClass, OntologyProperty

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "ontology"
DATA = Path(__file__).parent / "data" / "ontology"
QUERIES = sorted((FOLDER / "queries").glob("*.rq"))
CHECKS = sorted((FOLDER / "checks").glob("*.rq"))
TURTLE = sorted(FOLDER.glob("*.ttl"))
SHAPES = "https://w3id.org/newskg/shapes#"
BUILT_IN = ("rdf:", "rdfs:", "owl:", "xsd:", "edtf:")
DESIGN_CLASSES = (
    "City Country Region Venue Organization Company GovernmentBody Person Official Post Policy Declaration Plan "
    "Initiative PilotZone Law Event Conference Announcement Agreement Establishment Designation Appointment Investment "
    "Meeting Visit Construction Topic Group Amount Document"
).split()
DESIGN_PROPERTIES = (
    "nk:locatedIn nk:takesPlaceIn nk:basedIn nk:organizes nk:participatesIn nk:announced nk:proposed nk:supports "
    "nk:plans nk:signed nk:holdsPost org:postIn nk:partOf nk:theme nk:follows nk:subsidiaryOf nk:established "
    "nk:designated nk:visited nk:agent nk:status nk:edtf nk:earliest nk:latest nk:repeats nk:countMin nk:countMax "
    "nk:countText nk:memberType"
).split()


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology.load(FOLDER)


def triples(file: Path) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)]


def header(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return {
        key.strip(): value.strip()
        for key, colon, value in (line[1:].partition(":") for line in lines if line[:1] == "#")
        if colon
    }


# ------------------------------------------------------------------ kg.ttl


def test_the_design_is_declared(ontology: Ontology) -> None:
    assert [name for name in DESIGN_CLASSES if not ontology.has_class(name)] == []
    assert [curie for curie in DESIGN_PROPERTIES if not ontology.has_property(curie)] == []
    assert set(ontology.individuals.values()) == {"Happened", "Planned", "Possible", "Claimed"}
    assert re.fullmatch(r"\d+\.\d+\.\d+", ontology.version)


def test_every_term_is_named_and_defined_in_korean_and_english(ontology: Ontology) -> None:
    terms: list[OntologyClass | OntologyProperty] = [*ontology.classes.values(), *ontology.properties.values()]
    for term in terms:
        assert set(term.labels) == set(term.definitions) == {"ko", "en"}, term.iri
        assert re.search("[가-힣A-Z]", term.labels["ko"]) and re.search("[가-힣]", term.definitions["ko"]), term.iri
        assert not re.search("[가-힣]", term.labels["en"] + term.definitions["en"]), term.iri
        assert term.definitions["en"].endswith(".") and term.definitions["ko"].endswith("."), term.iri


def test_no_two_terms_of_a_kind_share_a_name(ontology: Ontology) -> None:
    for terms in (ontology.classes.values(), ontology.properties.values()):
        for language in ("ko", "en"):
            labels = [term.labels[language] for term in terms if term.iri.startswith(NK)]
            assert sorted(set(labels)) == sorted(labels)


def test_every_domain_and_range_is_declared(ontology: Ontology) -> None:
    for prop in ontology.properties.values():
        for end in (prop.domain, prop.range):
            assert end in ontology.classes or (end or "").startswith(BUILT_IN), f"{prop.curie}: {end}"
        if prop.kind == "datatype":
            assert (prop.range or "").startswith(BUILT_IN), prop.curie


def test_every_class_but_the_upper_ones_is_below_a_class_and_none_is_below_itself(ontology: Ontology) -> None:
    roots = {name for name, cls in ontology.classes.items() if not cls.parents}
    assert roots == {"Entity", "Asserted", "Status", "Rule"}
    assert [
        name for name in ontology.classes if any(ontology.is_a(p, name) for p in ontology.classes[name].parents)
    ] == []


def test_no_class_is_below_two_disjoint_ones(ontology: Ontology) -> None:
    for name in ontology.classes:
        above = sorted(ontology.superclasses(name) | {name})
        assert [(a, b) for a in above for b in above if b in ontology.classes[a].disjoint] == [], name


def test_the_alignments_of_the_design(ontology: Ontology) -> None:
    expected = {
        "City": "schema:City", "Region": "schema:AdministrativeArea", "Venue": "schema:Place",
        "Organization": "org:Organization", "Company": "schema:Corporation",
        "GovernmentBody": "schema:GovernmentOrganization", "Person": "schema:Person", "Post": "org:Post",
        "Event": "sem:Event", "Topic": "skos:Concept",
    }  # fmt: skip
    assert {name: term for name, term in expected.items() if term not in ontology.classes[name].aligned} == {}


@pytest.mark.parametrize("file", TURTLE, ids=lambda f: f.name)
def test_the_turtle_is_what_every_store_takes(file: Path) -> None:
    raw = file.read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw
    for triple in triples(file):
        for term in (triple.subject, triple.predicate, triple.object):
            assert not isinstance(term, ox.BlankNode)
            if isinstance(term, ox.NamedNode):
                assert re.fullmatch(r"https?://[A-Za-z0-9._~:/?#@!&*+,;=-]+", term.value), term
            elif isinstance(term, ox.Literal) and term.language:
                assert term.language == term.language.lower()
            elif isinstance(term, ox.Literal):
                assert "\n" not in term.value or triple.predicate.value.endswith("#select")


@pytest.mark.parametrize("file", TURTLE, ids=lambda f: f.name)
@pytest.mark.parametrize(
    "parser", [["rapper", "-q", "-c", "-i", "turtle"], ["serdi", "-i", "turtle"]], ids=lambda p: p[0]
)
def test_other_parsers_read_it(parser: list[str], file: Path) -> None:
    if shutil.which(parser[0]) is None:
        pytest.skip(f"{parser[0]} is not installed")
    done = subprocess.run([*parser, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "error" not in done.stderr.lower(), done.stderr


# -------------------------------------------------------------- kg.ontology


def test_the_tree(ontology: Ontology) -> None:
    assert ontology.is_a("City", "City") and ontology.is_a("City", "Agent") and ontology.is_a("City", "Place")
    assert ontology.is_a("Official", "Person") and not ontology.is_a("Person", "Official")
    assert ontology.is_a("PilotZone", "Policy") and ontology.is_a("PilotZone", "Place")
    assert not ontology.is_a("NoSuchClass", "Entity") and ontology.is_a("NoSuchClass", "NoSuchClass")
    assert "Company" in ontology.subclasses("Agent") and "Agent" not in ontology.subclasses("Agent")
    assert ontology.superclasses("City") >= {"Place", "Agent", "Entity"} and "City" not in ontology.superclasses("City")


@pytest.mark.parametrize(
    ("one", "other", "can"),
    [
        ("City", "Entity", True), ("Entity", "City", True), ("City", "Agent", True), ("Policy", "Place", True),
        ("Person", "Place", False), ("Event", "Agent", False), ("Place", "Agent", True), ("Company", "City", False),
    ],
)  # fmt: skip
def test_compatible_classes_share_an_instance(ontology: Ontology, one: str, other: str, can: bool) -> None:
    assert ontology.compatible(one, other) is can is ontology.compatible(other, one)


def test_disjoint_is_inherited(ontology: Ontology) -> None:
    assert ontology.disjoint("Official", "Company") and ontology.disjoint("Conference", "City")
    assert not ontology.disjoint("City", "PilotZone")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Cty", "City"), ("city", "City"), ("Organisation", "Organization"), ("nk:anounced", "nk:announced"),
     ("nk:organises", "nk:organizes"), ("nk:Hapened", "nk:Happened"), ("nk:Cty", "nk:City"), ("zzzzzz", None)],
)  # fmt: skip
def test_suggestions(ontology: Ontology, typed: str, meant: str | None) -> None:
    assert ontology.suggest(typed) == meant


def test_curies(ontology: Ontology) -> None:
    for curie in ["nk:City", "org:postIn", "edtf:EDTF", "rdf:type"]:
        assert ontology.curie(ontology.iri(curie)) == curie
    assert ontology.curie("https://example.org/x") == "https://example.org/x"
    for bad in ("nope:City", "City", ""):
        with pytest.raises(KgError, match="no such prefix"):
            ontology.iri(bad)


def test_what_a_graph_may_use(ontology: Ontology) -> None:
    assert (
        ontology.allows(NK + "City")
        and ontology.allows(NK + "Planned")
        and ontology.allows(ALIGNED["skos"] + "prefLabel")
    )
    assert not ontology.allows(NK + "Cty") and not ontology.allows("https://example.org/x")


def test_a_project_adds_terms_of_its_own(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "mine.ttl").write_text(
        "@prefix my: <https://example.org/my#> . @prefix nk: <https://w3id.org/newskg/ontology#> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        'my:Port a owl:Class ; rdfs:subClassOf nk:Facility ; rdfs:label "항만"@ko .\n'
        "my:servedBy a owl:ObjectProperty ; rdfs:domain my:Port ; rdfs:range nk:Company .\n",
        encoding="utf-8",
    )
    both = Ontology.load(FOLDER, tmp_path)
    assert both.is_a("Port", "Place") and "Port" in both.subclasses("Facility")
    assert both.properties["my:servedBy"].domain == "Port" and both.iri("my:Port") == "https://example.org/my#Port"
    assert len(both.classes) == len(ontology.classes) + 1


PREFIXES = (
    "@prefix nk: <https://w3id.org/newskg/ontology#> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)


@pytest.mark.parametrize(
    ("turtle", "line", "column", "words"),
    [
        ("nk:A a owl:Class ;; .\nnk:B a owl:Class", 5, 0, "not Turtle"),
        ("nk:A a owl:Class ; rdfs:subClassOf nk:Plce .", 4, 36, "no such term: nk:Plce"),
        ("nk:p a owl:ObjectProperty ; rdfs:domain nk:Agnt .", 4, 41, "no such term: nk:Agnt"),
        ("nk:p a owl:ObjectProperty ; rdfs:range nk:Agent, nk:Place .", 4, 1, "2 domains or ranges"),
        ("nk:p a owl:ObjectProperty ; rdfs:subPropertyOf nk:q .", 4, 48, "no such term: nk:q"),
        ("<https://example.org/City> a owl:Class .", 4, 22, "two classes are named City"),
        ("nk:A rdfs:subClassOf [ a owl:Class ] .", 0, 0, "no blank nodes"),
        ("@prefix org: <https://example.org/> .", 4, 9, "the prefix org:"),
    ],
)
def test_faults_have_a_place(tmp_path: Path, turtle: str, line: int, column: int, words: str) -> None:
    (tmp_path / "mine.ttl").write_text(PREFIXES + turtle + "\n", encoding="utf-8")
    with pytest.raises(KgError) as caught:
        Ontology.load(FOLDER, tmp_path)
    error = caught.value
    assert words in error.what and error.mend and error.code.startswith("KG60") and error.place is not None
    assert error.place.file.endswith("mine.ttl")
    assert error.place.line == line or line == 5  # where a Turtle parser notices is its own affair
    assert error.place.column == column or not column


def test_several_faults_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text(PREFIXES + "nk:A a owl:Class ; rdfs:subClassOf nk:X, nk:Y .\n", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        Ontology.load(FOLDER, tmp_path)
    assert [error.what for error in caught.value.errors] == ["no such term: nk:X", "no such term: nk:Y"]


def test_a_folder_without_ontology_and_a_broken_encoding(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(KgError, match="no ontology here"):
            Ontology.load(folder)
    (tmp_path / "a.ttl").write_bytes(
        "# 도시\n@prefix nk: <https://w3id.org/newskg/ontology#> . nk:A nk:b '가'.".encode("cp949")
    )
    with pytest.raises(KgError, match="not Turtle"):
        Ontology.load(tmp_path)


@given(st.data())
def test_the_tree_is_transitive_and_compatibility_symmetric(data: st.DataObject) -> None:
    ontology = loaded()
    names = st.sampled_from(sorted(ontology.classes))
    a, b, c = (data.draw(names) for _ in range(3))
    assert not (ontology.is_a(a, b) and ontology.is_a(b, c)) or ontology.is_a(a, c)
    assert ontology.compatible(a, b) == ontology.compatible(b, a)
    assert not (ontology.disjoint(a, b) and ontology.compatible(a, b))


@cache
def loaded() -> Ontology:
    return Ontology.load(FOLDER)


# --------------------------------------------------------------- shapes.ttl


def test_shapes_cover_every_class_and_property(ontology: Ontology) -> None:
    found = triples(FOLDER / "shapes.ttl")
    about = {
        (t.predicate.value.partition("shacl#")[2], t.object.value) for t in found if isinstance(t.object, ox.NamedNode)
    }
    assert [c.name for c in ontology.classes.values() if ("targetClass", c.iri) not in about] == []
    assert [p.curie for p in ontology.properties.values() if ("path", p.iri) not in about] == []
    assert [p.curie for p in ontology.properties.values() if ("targetSubjectsOf", p.iri) not in about] == []


def test_shapes_use_only_declared_terms(ontology: Ontology) -> None:
    for triple in triples(FOLDER / "shapes.ttl"):
        value = triple.object.value if isinstance(triple.object, ox.NamedNode) else ""
        assert not value.startswith(NK) or ontology.allows(value), value


def test_the_derived_files_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, str(FOLDER / "derive.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr + "run: python ontology/derive.py"


def test_the_two_parts_of_the_shapes_do_not_share_a_name() -> None:
    spec = importlib.util.spec_from_file_location("derive", FOLDER / "derive.py")
    assert spec is not None and spec.loader is not None
    derive = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(derive)
    by_hand, derived = (FOLDER / "shapes.ttl").read_text(encoding="utf-8").split(derive.MARKER)
    names = [set(re.findall(r"^(nks:[\w-]+) ", part, re.MULTILINE)) for part in (by_hand, derived)]
    assert names[0] and names[1] and not names[0] & names[1]


def objections(data: Iterable[str], removed: tuple[str, str] | None = None) -> set[tuple[str, str]]:
    """Validate good.ttl with additions (or a subject's predicate taken away): (shape, severity) pairs."""
    import pyshacl
    import rdflib

    text = (DATA / "good.ttl").read_text(encoding="utf-8")
    graph = rdflib.Graph().parse(data="\n".join([text, *data]), format="turtle")
    if removed:
        subject, predicate = (graph.namespace_manager.expand_curie(curie) for curie in removed)
        assert (subject, predicate, None) in graph
        graph.remove((subject, predicate, None))
    shapes, terms = shape_graphs()
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, ont_graph=terms, inplace=True)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    assert isinstance(report, rdflib.Graph)
    return {
        (str(report.value(node, sh.sourceShape)).removeprefix(SHAPES), str(severity).rpartition("#")[2])
        for node, severity in report.subject_objects(sh.resultSeverity)
    }


@cache
def shape_graphs() -> tuple[Any, Any]:
    import rdflib

    return rdflib.Graph().parse(FOLDER / "shapes.ttl"), rdflib.Graph().parse(FOLDER / "kg.ttl")


def test_a_good_graph_conforms() -> None:
    assert objections([]) == set()


FAULTS = [
    tuple(line.split("\t"))
    for line in (DATA / "faults.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(
    ("change", "shape", "severity"), FAULTS, ids=[f"{s}-{n}" for n, (_, s, _) in enumerate(FAULTS)]
)
def test_a_fault_is_found(change: str, shape: str, severity: str) -> None:
    if change.startswith("- "):
        subject, predicate = change[2:].split()
        assert (shape, severity) in objections([], (subject, predicate))
    else:
        assert (shape, severity) in objections([change])


# -------------------------------------------------------- questions, checks


def test_there_are_enough_questions() -> None:
    assert len(QUERIES) >= 20 and len(CHECKS) >= 7


@pytest.mark.parametrize("file", QUERIES, ids=lambda f: f.stem)
def test_a_question_has_titles_and_its_parameters_defaults(file: Path) -> None:
    told, text = header(file), file.read_text(encoding="utf-8")
    assert re.search("[가-힣]", told["title (ko)"]) and not re.search("[가-힣]", told["title (en)"])
    params = [] if told["params"] == "none" else told["params"].split(", ")
    assert [param for param in params if not told.get(param)] == []
    assert re.findall(r'VALUES \?(\w+) \{ "[^"]+" \}', text) == params
    assert "ORDER BY" in text


@pytest.mark.parametrize("file", CHECKS, ids=lambda f: f.stem)
def test_a_check_says_what_is_wrong_and_what_to_do(file: Path) -> None:
    told = header(file)
    assert told["severity"] in {"error", "warning", "info"}
    assert all(told.get(key) for key in ("title (ko)", "title (en)", "problem", "solution"))


@pytest.mark.parametrize("file", [*QUERIES, *CHECKS], ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_two_engines_take_the_query_and_it_uses_declared_terms(file: Path, ontology: Ontology) -> None:
    from rdflib.plugins.sparql import prepareQuery

    text = file.read_text(encoding="utf-8")
    rows(ox.Store(), text)
    prepareQuery(text)
    body = re.sub(r'"[^"]*"|^#.*$', "", text, flags=re.MULTILINE)
    used = set(re.findall(r"\bnk:[A-Za-z]\w*", body))
    declared = (
        {ontology.curie(cls.iri) for cls in ontology.classes.values()}
        | set(ontology.properties)
        | set(ontology.individuals)
    )
    assert used <= declared


@pytest.fixture(scope="module")
def small() -> ox.Store:
    store = ox.Store()
    store.load(path=str(DATA / "good.ttl"))
    store.load(path=str(FOLDER / "kg.ttl"))
    return store


ANSWERS = ROOT / "tests" / "data" / "ontology" / "answers.tsv"


@pytest.mark.parametrize("file", QUERIES, ids=lambda f: f.stem)
def test_a_question_is_answered_on_the_small_graph(file: Path, small: ox.Store) -> None:
    with open(ANSWERS, encoding="utf-8", newline="") as stream:
        expected = {row["query"]: row for row in csv.DictReader(stream, delimiter="\t")}[file.stem]
    text = file.read_text(encoding="utf-8")
    for name, value in (pair.split("=") for pair in expected["with"].split(";") if pair):
        text, times = re.subn(rf'(VALUES \?{name} \{{ )"[^"]*"', rf'\1"{value}"', text)
        assert times == 1
    assert [" | ".join(row) for row in rows(small, text)] == expected["rows"].split(" // ")


def rows(store: ox.Store, query: str) -> list[list[str]]:
    result = store.query(query)
    assert isinstance(result, ox.QuerySolutions)
    return [[shown(row[variable]) for variable in result.variables] for row in result]


def shown(term: Any) -> str:
    if term is None:
        return "-"
    return re.split(r"[#/]", term.value)[-1] if isinstance(term, ox.NamedNode) else term.value


@pytest.mark.parametrize("file", CHECKS, ids=lambda f: f.stem)
def test_a_check_is_silent_on_a_sound_graph_and_speaks_on_a_faulty_one(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    good = (DATA / "good.ttl").read_text(encoding="utf-8")
    with open(DATA / "conflicts.tsv", encoding="utf-8", newline="") as stream:
        fault = {row["check"]: row["added"] for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)}[
            file.stem
        ]
    for added, found in (("", False), (fault, True)):
        store = ox.Store()
        store.load(f"{good}\n{added}".encode(), format=ox.RdfFormat.TURTLE)
        store.load(path=str(FOLDER / "kg.ttl"))
        assert bool(rows(store, text)) is found


def test_every_alignment_names_a_term_that_its_vocabulary_has(ontology: Ontology) -> None:
    from rdflib.namespace import DCTERMS, ORG, PROV, SDO, SKOS

    known = {"org": ORG, "prov": PROV, "schema": SDO, "skos": SKOS, "dcterms": DCTERMS}
    named = {term for cls in ontology.classes.values() for term in cls.aligned}
    named |= {term for prop in ontology.properties.values() for term in (*prop.parents, *prop.related, prop.curie)}
    for term in sorted(named):
        prefix, _, local = term.partition(":")
        assert prefix not in known or local in known[prefix], term
        assert prefix in ontology.prefixes, term
