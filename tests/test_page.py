"""The page without a browser: what goes into the file, the layout, the errors."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.page import triples, write_page
from kg.page.layout import layout
from kg.page.model import page_graph
from kg.page.vocabulary import Vocabulary
from tests.page_graphs import PREFIXES, write_build

SAMPLE = (
    PREFIXES
    + """
id:a a nk:City ; rdfs:label "가람시"@ko, "Garam"@en ; skos:altLabel "嘉藍"@zh-hant, "가람"@ko .
id:b a nk:Conference, nk:Event ; rdfs:label "나루 회의"@ko ; nk:status nk:Planned ; nk:takesPlaceIn id:a ; nk:earliest "2020-05-01"^^xsd:date ; nk:edtf "2020-05" .
id:c a nk:Company, nk:Unreviewed ; rdfs:label "한빛전자"@ko ; nk:basedIn id:a ; nk:participatesIn id:b ; <http://www.w3.org/2002/07/owl#sameAs> <http://www.wikidata.org/entity/Q1> .
id:d a nk:Document ; dcterms:title "보도 자료"@ko ; nk:mentions id:a, id:c .
id:r a nk:Rule ; dcterms:identifier "based.in" ; dcterms:description "어디에 있다"@ko .
id:s a rdf:Statement ; rdf:subject id:c ; rdf:predicate nk:basedIn ; rdf:object id:a ; nk:evidence id:m .
id:m a nk:Match ; nk:inDocument id:d ; nk:quote "한빛전자는 가람시에" ; nk:sentence "그 한빛전자는 가람시에 있다." ; nif:beginIndex 12 ; nif:endIndex 22 ; nk:sentenceBegin 10 ; nk:rule id:r ; nk:turn "active" ; nk:status nk:Claimed .
"""
)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    file = tmp_path / "sample.ttl"
    file.write_text(SAMPLE, encoding="utf-8")
    return file


def block(html: str, name: str) -> Any:
    """Read a data block of a page as its script does."""
    match = re.search(rf'<script type="application/json" id="{name}"( data-packed)?>(.*?)</script>', html, re.DOTALL)
    assert match is not None
    return json.loads(zlib.decompress(base64.b64decode(match[2])) if match[1] else match[2])


def test_what_is_a_node_an_edge_a_fact(sample: Path) -> None:
    graph = page_graph(triples.read(sample), Vocabulary())
    assert [(n.label, n.english, n.type.split("#")[1], n.reviewed) for n in graph.nodes] == [
        ("가람시", "Garam", "City", True),
        ("나루 회의", "", "Conference", True),
        ("한빛전자", "", "Company", False),
    ]
    assert graph.nodes[0].aliases == ["Garam", "嘉藍", "가람"]
    assert (graph.nodes[1].status, graph.nodes[1].earliest, graph.nodes[1].latest) == (
        "Planned",
        "2020-05-01",
        "2020-05-01",
    )
    edges = {(e.source, e.predicate.split("#")[1], e.target, e.status) for e in graph.edges}
    assert edges == {
        (1, "takesPlaceIn", 0, "Planned"),
        (2, "basedIn", 0, "Claimed"),
        (2, "participatesIn", 1, "Planned"),
    }
    assert {f.predicate.split("#")[1] for f in graph.nodes[2].facts} == {"sameAs"}


def test_evidence_carries_rule_and_sentence(sample: Path) -> None:
    graph = page_graph(triples.read(sample), Vocabulary())
    (hit,) = graph.evidence
    assert hit.sentence[hit.at : hit.at + len(hit.quote)] == hit.quote
    assert graph.rules[hit.rule] == ("based.in", "어디에 있다")
    assert graph.documents[hit.document].title == "보도 자료"


def test_graph_from_rdflib_is_the_same_page(sample: Path, tmp_path: Path) -> None:
    import rdflib

    write_page(sample, tmp_path / "a.html", title="가")
    write_page(rdflib.Graph().parse(sample), tmp_path / "b.html", title="가")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    build = write_build(tmp_path / "build", 120)
    code = "import sys; from pathlib import Path; from kg.page import write_page; write_page(Path(sys.argv[1]), Path(sys.argv[2]))"
    pages = []
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.html"
        subprocess.run(
            [sys.executable, "-c", code, str(build), str(out)],
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
        )
        pages.append(out.read_bytes())
    assert pages[0] == pages[1]


def test_page_fetches_nothing_and_says_so(sample: Path, tmp_path: Path) -> None:
    write_page(sample, tmp_path / "x.html")
    html = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert re.search(r'http-equiv="Content-Security-Policy" content="default-src (&#39;|\')none', html)
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?(?:https?:)?//", html)
    script = html[html.rindex("<script>") :]
    assert "innerHTML" not in script and "insertAdjacentHTML" not in script and "eval(" not in script
    assert len(html) < 600_000
    assert html.startswith('<!doctype html>\n<html lang="ko">')


def test_columns_agree(tmp_path: Path) -> None:
    write_page(write_build(tmp_path / "build", 300), tmp_path / "x.html")
    data = block((tmp_path / "x.html").read_text(encoding="utf-8"), "graph-data")
    lengths = {name: len(column) for name, column in data["n"].items() if name not in ("docs", "unreviewed")}
    assert set(lengths.values()) == {300}
    assert sum(data["n"]["docCount"]) == len(data["n"]["docs"])
    assert len(data["e"]["s"]) == len(data["e"]["o"]) == len(data["e"]["p"]) == len(data["e"]["st"])


@pytest.mark.parametrize("text", ["</script>", "<!--", "&lt;", "\u2028"])
def test_data_cannot_end_its_block(tmp_path: Path, text: str) -> None:
    turtle = PREFIXES + f"id:a a nk:City ; rdfs:label {json.dumps(text + '시', ensure_ascii=False)}@ko .\n"
    (tmp_path / "x.ttl").write_text(turtle, encoding="utf-8")
    write_page(tmp_path / "x.ttl", tmp_path / "x.html", title=text)
    html = (tmp_path / "x.html").read_text(encoding="utf-8")
    raw = re.search(r'id="graph-data"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert raw is not None and not set(raw[1]) & set("<>&\u2028\u2029")
    assert block(html, "graph-data")["n"]["label"] == [text + "시"]


def test_empty_graph_has_a_page(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text(PREFIXES, encoding="utf-8")
    write_page(tmp_path / "x.ttl", tmp_path / "x.html")
    assert (tmp_path / "x.html").stat().st_size > 400_000


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda folder: folder, "KG701"),
        (lambda folder: folder / "none.ttl", "KG703"),
        (
            lambda folder: (folder / "bad.ttl").write_text("id:a a\n  nk:", encoding="utf-8") and folder / "bad.ttl",
            "KG702",
        ),
    ],
)
def test_errors_say_where(tmp_path: Path, make: Any, code: str) -> None:
    with pytest.raises(KgError) as raised:
        write_page(make(tmp_path), tmp_path / "x.html")
    assert raised.value.code == code
    assert not (tmp_path / "x.html").exists()


def test_a_page_that_cannot_be_written_leaves_the_old_one(sample: Path, tmp_path: Path, monkeypatch: Any) -> None:
    out = tmp_path / "x.html"
    write_page(sample, out)
    before = out.read_bytes()
    import os

    def refuse(*_: object) -> None:
        raise OSError("full")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError):
        write_page(sample, out, title="other")
    assert out.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["sample.ttl", "x.html"]


def test_queries_become_views(sample: Path, tmp_path: Path) -> None:
    folder = tmp_path / "queries"
    folder.mkdir()
    query = "PREFIX nk: <https://w3id.org/newskg/ontology#>\nSELECT ?x WHERE { ?x nk:basedIn ?y }"
    (folder / "based.rq").write_text(f"# title (ko): 어디에 있나\n# title (en): Where\n{query}", encoding="utf-8")
    write_page(sample, tmp_path / "x.html", queries=folder)
    views = block((tmp_path / "x.html").read_text(encoding="utf-8"), "graph-data")["views"]
    assert views == [{"id": "based", "korean": "어디에 있나", "english": "Where", "nodes": [0, 2]}]


edges = st.integers(0, 40).flatmap(
    lambda n: st.tuples(
        st.just(n), st.lists(st.tuples(st.integers(0, max(n - 1, 0)), st.integers(0, max(n - 1, 0))), max_size=80)
    )
)


@settings(max_examples=40, deadline=None)
@given(edges)
def test_layout_places_every_node_apart(graph: tuple[int, list[tuple[int, int]]]) -> None:
    count, pairs = graph
    pairs = pairs if count else []
    points = layout(count, pairs, [(60.0, 40.0)] * count)
    assert len(points) == count
    assert points == layout(count, list(reversed(pairs)), [(60.0, 40.0)] * count)
    crowded = [
        (i, j)
        for i in range(count)
        for j in range(i)
        if abs(points[i][0] - points[j][0]) < 40 and abs(points[i][1] - points[j][1]) < 26
    ]
    assert len(crowded) <= count // 10


def test_isolated_nodes_stay_near() -> None:
    points = layout(60, [(i, i + 1) for i in range(0, 40, 2)], [(60.0, 40.0)] * 60)
    width = max(x for x, _ in points) - min(x for x, _ in points)
    height = max(y for _, y in points) - min(y for _, y in points)
    assert width < 2200 and height < 1600
    assert 0.6 < width / height < 3


def test_importing_kg_page_loads_no_pyvis() -> None:
    code = "import sys, kg.page; sys.exit(any(m in sys.modules for m in ('pyvis', 'numpy', 'rdflib', 'jinja2')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_communities_are_found_named_and_placed() -> None:
    from itertools import combinations

    from kg.page.communities import community_map

    edges = [(5 * c + a, 5 * c + b) for c in range(4) for a, b in combinations(range(5), 2)] + [(0, 5), (10, 15)]
    weights = [10.0 if i % 5 == 2 else 1.0 for i in range(20)] + [1.0]
    found = community_map(weights, edges, [(60.0, 40.0)] * 21)
    assert found == community_map(weights, edges, [(60.0, 40.0)] * 21)
    assert sum(size for _, size in found.groups) == 20
    assert found.of[20] == -1
    assert all(weights[leader] == 10.0 for leader, _ in found.groups)
    assert len(found.points) == len(found.groups) == len(found.inside)


def test_relations_take_the_days_of_attestation_of_their_event_or_of_what_was_read_with_it(tmp_path: Path) -> None:
    statement = (
        "id:s-{n} a rdf:Statement ; rdf:subject id:{s} ; rdf:predicate nk:{p} ; rdf:object id:{o} ; nk:evidence id:m-{m} "
    )
    facts = [("a", "holdsPost", "p", 1), ("e", "agent", "a", 2), ("a", "announced", "d", 2), ("a", "locatedIn", "c", 3)]
    dates = ("2020-03-02", "2019-01-01")
    turtle = PREFIXES + "".join(f'id:{n} a nk:{k} ; rdfs:label "{n}" .\n' for n, k in NAMED.items())
    turtle += 'id:e nk:earliest "2021-05-01"^^xsd:date ; nk:latest "2021-05-31"^^xsd:date .\n'
    for n, (s, p, o, m) in enumerate(facts):
        turtle += f"id:{s} nk:{p} id:{o} .\n" + statement.format(n=n, s=s, p=p, o=o, m=m)
        turtle += "".join(f'; nk:attestedOn "{day}"^^xsd:date ' for day in dates if p == "holdsPost") + ".\n"
    (tmp_path / "x.ttl").write_text(turtle, encoding="utf-8")
    graph = page_graph(triples.read(tmp_path / "x.ttl"), Vocabulary())
    assert {e.predicate.split("#")[1]: (e.days, e.attested) for e in graph.edges} == {
        "holdsPost": (("2019-01-01", "2020-03-02"), True),
        "agent": (("2021-05-01", "2021-05-31"), False),
        "announced": (("2021-05-01", "2021-05-31"), False),
        "locatedIn": (("", ""), False),
    }


NAMED = {"a": "Official", "p": "Post", "e": "Announcement", "d": "Declaration", "c": "City"}


def test_the_command_makes_a_page_of_several_files(sample: Path, tmp_path: Path, capsys: Any) -> None:
    from kg.cli import run

    (tmp_path / "more.nt").write_text(
        "<https://w3id.org/newskg/id/z> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://w3id.org/newskg/ontology#City> .\n",
        encoding="utf-8",
    )
    out = tmp_path / "x.html"
    assert run(["page", str(sample), str(tmp_path / "more.nt"), "-o", str(out), "--title", "내 그림"]) == 0
    data = block(out.read_text(encoding="utf-8"), "graph-data")
    assert data["titles"] == ["내 그림", "내 그림"]
    assert data["n"]["label"][-1] == "도시 z"
    assert run(["page", str(tmp_path / "none.nt"), "-o", str(out)]) == 2
    assert "KG703" in capsys.readouterr().err


def test_words_of_the_page_are_there_in_both_languages() -> None:
    from importlib import resources

    script = resources.files("kg.page").joinpath("assets", "js", "02-words.js").read_text("utf-8")
    korean, english = (re.findall(r"\b(\w+): \"", part) for part in script.split("  en: {", 1))
    english = english[: english.index("h_near") + 1]
    assert sorted(korean) == sorted(english)
    assert len(set(korean)) == len(korean)


def test_scripts_are_short_and_say_what_they_are() -> None:
    from importlib import resources

    for script in resources.files("kg.page").joinpath("assets", "js").iterdir():
        text = script.read_text("utf-8")
        assert text.startswith("// ") and len(text.splitlines()) <= 600, script.name
