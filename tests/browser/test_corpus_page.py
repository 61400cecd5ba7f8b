"""Clicks through the page of the shipped corpus, as a reader would: each thing that the page promises, once."""

from __future__ import annotations

import json
import random
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pyoxigraph as ox
import pytest

import kg
from kg.page import Page, write_page

NK = "https://w3id.org/newskg/ontology#"
HANGUL = re.compile("[가-힣]")


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the shipped corpus."""
    folder = tmp_path_factory.mktemp("corpus") / "build"
    kg.build(out=folder)
    return folder


@pytest.fixture
def page(open_page: Any, corpus: Path) -> Any:
    return open_page(corpus / "graph.html")


def find(page: Any, text: str) -> None:
    page.fill("#query", text)
    page.press("#query", "Enter")
    page.wait_for_selector("#panel-title")


def click_node(page: Any, label: str) -> None:
    at = next(place for place in page.evaluate("kgPage.places()") if place["label"] == label)
    box = page.locator("#canvas").bounding_box()
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    page.wait_for_function("label => document.getElementById('panel-title')?.textContent === label", arg=label)


def overlaps(page: Any) -> list[tuple[str, str]]:
    labels = page.evaluate("kgPage.labels()")
    return [
        (a["text"], b["text"])
        for i, a in enumerate(labels)
        for b in labels[:i]
        if a["box"][0] < b["box"][2]
        and b["box"][0] < a["box"][2]
        and a["box"][1] < b["box"][3]
        and b["box"][1] < a["box"][3]
    ]


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (820, 1180), (1920, 1080)])
def test_no_label_lies_on_another(open_page: Any, corpus: Path, size: tuple[int, int]) -> None:
    page = open_page(corpus / "graph.html", width=size[0], height=size[1])
    assert overlaps(page) == []
    labels = page.evaluate("kgPage.labels()")
    assert len(labels) > 40
    assert all((a["box"][3] - a["box"][1]) * a["size"] >= 12 for a in labels)


def test_no_label_lies_on_another_in_the_seed(open_page: Any, shared: Any, tmp_path: Path) -> None:
    kg.build([shared("seed")], tmp_path / "build")
    page = open_page(tmp_path / "build/graph.html")
    assert overlaps(page) == []
    assert len(page.evaluate("kgPage.labels()")) == page.evaluate("kgPage.shown()")["nodes"]


def test_a_name_is_found_by_its_initial_consonants_and_in_any_script(page: Any) -> None:
    for typed in ("ㅊㄷㅇ", "칭다", "qingdao", "青岛", "청도시"):
        find(page, typed)
        assert page.inner_text("#panel-title") == "칭다오"
    page.fill("#query", "없는이름")
    assert page.inner_text("#hits") == "찾은 것이 없습니다"


def test_node_then_fact_shows_sentence_document_and_rule(page: Any) -> None:
    click_node(page, "칭다오")
    page.click("#panel button.fact:has-text('제안하였다')")
    page.wait_for_selector("#panel mark")
    assert page.inner_text("#panel mark") in page.inner_text("#panel blockquote")
    assert page.inner_text("#panel .rule code") == "propose.matter"
    assert HANGUL.search(page.inner_text("#panel .rule span:last-child"))
    assert re.search(r"\d{4}-\d\d-\d\d", page.inner_text("#panel .source"))


def test_every_fact_that_a_rule_made_reaches_its_evidence(page: Any, corpus: Path) -> None:
    """Each `rdf:Statement` of the build is a row of a panel, or an edge, with as many pieces of evidence."""
    store = ox.Store()
    store.bulk_load(path=str(corpus / "provenance.ttl"), format=ox.RdfFormat.TURTLE)
    query = (
        f"PREFIX nk: <{NK}> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
        "SELECT ?s ?p ?o (COUNT(?m) AS ?n) WHERE { ?f rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; nk:evidence ?m } "
        "GROUP BY ?s ?p ?o"
    )
    wanted = {(r["s"].value, r["p"].value, r["o"].value): int(r["n"].value) for r in store.query(query)}
    shown = {(s, p, o): n for s, p, o, n in page.evaluate("kgPage.evidence()")}
    undrawn = {NK + "status", NK + "earliest", NK + "latest"}
    missing = {k: n for k, n in wanted.items() if shown.get(k) != n and k[1] not in undrawn}
    assert missing == {}


def test_parallel_relations_are_fanned_out(page: Any) -> None:
    parallel = page.evaluate("kgPage.parallel()")
    assert parallel
    for edges in parallel[:12]:
        points = {(round(p["x"]), round(p["y"])) for p in (page.evaluate(f"kgPage.edgeAt({k})") for k in edges)}
        assert len(points) == len(edges)


def test_what_is_planned_is_dashed_and_the_legend_says_so(page: Any) -> None:
    assert "계획" in page.inner_text("#legend")
    assert page.locator("#legend line").first.get_attribute("stroke-dasharray") == "7 5"
    assert 'stroke-dasharray="' in page.evaluate("kgPage.svg()")
    page.evaluate("document.getElementById('f-status').open = true")
    page.uncheck("#f-status label:has-text('계획') input")
    assert page.locator("#legend").is_hidden() or "계획" not in page.inner_text("#legend")


def test_each_question_is_a_saved_view(page: Any) -> None:
    page.click("#f-views summary")
    count = page.locator("#f-views button").count()
    assert count >= 20
    for k in range(count):
        page.locator("#f-views button").nth(k).click()
        assert page.locator("#f-views button").nth(k).get_attribute("aria-pressed") == "true"
        assert 0 < page.evaluate("kgPage.shown()")["nodes"] < 200
        assert re.search(r"v=[a-z-]+", page.url)


def test_neighbourhoods_grow_and_a_path_joins_two_things(page: Any) -> None:
    find(page, "칭다오")
    shown = []
    for key in "123":
        page.keyboard.press(key)
        shown.append(page.evaluate("kgPage.shown()")["nodes"])
    assert shown[0] < shown[1] < shown[2]
    page.keyboard.press("0")
    page.click("#panel button:has-text('여기서 길 찾기')")
    assert "칭다오" in page.inner_text("#toast")
    find(page, "오사카")
    page.click("#panel button:has-text('여기까지 길 찾기')")
    names = page.locator("#panel .way button.end").all_inner_texts()
    assert (names[0], names[-1]) == ("칭다오", "오사카")
    page.click("#panel .way button.fact >> nth=0")
    assert page.locator("#panel .way .evidence").first.is_visible()


def test_time_takes_relations_along(page: Any) -> None:
    """Holding a post is attested by dated texts: outside of these days it is not shown, if only what is dated is."""
    find(page, "리커창")
    when = page.locator("#panel button.fact:has-text('직위에 있다') .when").first.inner_text()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d( – \d{4}-\d\d-\d\d)? 확인", when)
    page.keyboard.press("Escape")
    held = "kgPage.facts().some(([, relation]) => relation === 'holdsPost')"
    assert page.evaluate(held)
    page.evaluate(
        "() => { const [a, b] = document.querySelectorAll('#f-time input[type=range]');"
        " b.value = String(Math.round(Date.parse('2011-01-01') / 864e5)); b.dispatchEvent(new Event('input')); }"
    )
    page.wait_for_function(f"() => !{held}")
    page.uncheck("#f-time label input")
    page.wait_for_function("() => kgPage.facts().length < 20")
    assert "t=" in page.url and "u=0" in page.url


def test_the_address_outlasts_a_rebuild(open_page: Any, corpus: Path, tmp_path: Path) -> None:
    """The same address opens the same things on a page from the triples in another order, with more of them."""
    page = open_page(corpus / "graph.html")
    edge = next(k for k in page.evaluate("kgPage.edges()") if page.evaluate(f"kgPage.fact({k})")[1] == "holdsPost")
    more = "".join(
        f'<https://w3id.org/newskg/id/aaa-{n}> a <{NK}City> ; <{RDFS}label> "가{n}"@ko .\n' for n in range(9)
    )
    (tmp_path / "more.ttl").write_text(more, encoding="utf-8")
    other = tmp_path / "other.html"
    write_page([shuffled(corpus, tmp_path / "all.nt"), tmp_path / "more.ttl"], other)
    addresses = []
    page.evaluate(f"kgPage.chooseEdge({edge})")
    addresses.append(page.url)
    page.evaluate("document.getElementById('f-documents').open = true")
    page.select_option("#document", "4")
    page.uncheck("#f-kinds label:has-text('기업') input")
    find(page, "한국")
    addresses.append(page.url)
    page.goto((corpus / "graph.html").as_uri() + "#v=planned")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    addresses.append(page.url)
    for address in addresses:
        hash_ = "#" + address.split("#", 1)[1]
        assert not re.search(r"=\d", unquote_plus(hash_))
        first, second = (open_page(file, hash_=hash_) for file in (corpus / "graph.html", other))
        assert first.url.split("#")[1] == second.url.split("#")[1] == hash_[1:]
        assert first.inner_text("#panel") == second.inner_text("#panel")
        assert facts(first) == facts(second)


RDFS = "http://www.w3.org/2000/01/rdf-schema#"


def facts(page: Any) -> list[list[str]]:
    return sorted(page.evaluate("kgPage.facts()"))


def shuffled(build: Path, out: Path) -> Path:
    """Write a build as a triplestore might give it back: N-Triples in no order."""
    quads = [q for name in ("graph", "provenance", "links") for q in ox.parse(path=str(build / f"{name}.ttl"))]
    lines = sorted({f"{q} .\n" for q in quads})
    random.Random(5).shuffle(lines)
    out.write_text("".join(lines), encoding="utf-8")
    return out


def test_pictures_of_the_whole_at_twice_the_size_and_turtle_of_what_is_selected(
    page: Any, corpus: Path, tmp_path: Path
) -> None:
    for what in ("png", "svg"):
        page.click("#export summary")
        with page.expect_download() as download:
            page.click(f"#save-{what}")
        download.value.save_as(tmp_path / f"graph.{what}")
        assert page.inner_text("#toast") == "저장했습니다"
    root = ET.parse(tmp_path / "graph.svg").getroot()
    width, height = (float(x) for x in root.get("viewBox", "").split()[2:])
    assert (float(root.get("width", "0")), float(root.get("height", "0"))) == (2 * width, 2 * height)
    words = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert len(words) > 250 and {"칭다오", "중국"} <= words
    header = (tmp_path / "graph.png").read_bytes()[:24]
    assert int.from_bytes(header[16:20], "big") == pytest.approx(2 * width, abs=4)
    store = ox.Store()  # writes numbers as the page does
    for name in ("graph", "links"):
        store.bulk_load(path=str(corpus / f"{name}.ttl"), format=ox.RdfFormat.TURTLE)
    own = {str(quad) for quad in store}
    find(page, "칭다오")
    page.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
    page.click("#panel button:has-text('Turtle 복사')")
    page.wait_for_function("() => window.copied")
    assert page.inner_text("#toast") == "복사했습니다"
    for text in (page.evaluate("window.copied"), page.evaluate("kgPage.turtle()")):
        triples = {str(t) for t in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)}
        assert triples - own == set()
        assert (
            '<https://w3id.org/newskg/id/qingdao> <http://www.w3.org/2004/02/skos/core#altLabel> "청도시"@ko' in triples
        )


def test_keyboard_alone_from_search_to_evidence_and_back(page: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type("칭다오")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('#panel button.fact')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel .evidence mark")
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel .evidence", state="hidden")
    page.keyboard.press("Escape")  # the fifth key, of eight that are allowed
    page.wait_for_function("() => document.activeElement.id === 'query'")
    assert page.locator("#panel").is_hidden()


def test_english_changes_every_word_that_is_not_of_the_text(page: Any) -> None:
    page.click("#language")
    page.evaluate("document.querySelectorAll('#filters details').forEach((d) => { d.open = true; })")
    find(page, "Qingdao")
    page.click("#panel button.fact >> nth=0")
    page.wait_for_selector("#panel mark")
    page.keyboard.press("?")
    assert (page.title(), page.inner_text("#title")) == ("Knowledge graph", "Knowledge graph")
    own = (
        "h1, button:not(.end):not(.fact):not(.go):not(#language), summary, .check .grow, .relation, .kind, .chip, .soft, "
        "#count, #legend, #help, output, h3"
    )
    texts = page.evaluate(
        "(own) => [...document.querySelectorAll(own)].filter((e) => !e.closest('[lang=ko]')).map((e) => e.innerText)",
        own,
    )
    labels = page.evaluate(
        "() => [...document.querySelectorAll('[aria-label], [title], [placeholder]')].filter((e) => !e.matches('.go, #panel'))"
        ".flatMap((e) => ['aria-label', 'title', 'placeholder'].map((name) => e.getAttribute(name) ?? ''))"
    )
    page.keyboard.press("Escape")
    page.click("#as-list")
    heads = page.locator("#list thead th, #list .relation, #list td:nth-child(2)").all_inner_texts()
    # A question may ask about a thing that has no English name.
    questions = set(page.locator("#f-views button").all_inner_texts())
    assert [t for t in (*texts, *labels, *heads) if HANGUL.search(t) and t not in questions] == []
    assert sum(not HANGUL.search(q) for q in questions) > 15
    page.click("#language")
    assert page.inner_text("#list thead th >> nth=0") == "이름"


def test_a_date_is_read_out(page: Any) -> None:
    words = page.evaluate(
        "['2020-21', '2020-11-15', '2023-12', '2020', '2024-03-06/2024-03-08', '2020-05~', '1984?', 'unknown'].map(kgPage.date)"
    )
    assert words[:4] == ["2020년 봄", "2020년 11월 15일", "2023년 12월", "2020년"]
    assert words[4:] == ["2024년 3월 6일 ~ 2024년 3월 8일", "2020년 5월 무렵", "1984년 (불확실)", "unknown"]
    page.click("#language")
    words = page.evaluate("['2020-21', '2020-11-15', '2023-12', '2020~'].map(kgPage.date)")
    assert words == ["spring 2020", "15 November 2020", "December 2023", "about 2020"]


def test_a_list_to_read_search_sort_and_turn(page: Any) -> None:
    page.click("#as-list")
    total = page.evaluate("kgPage.shown()")["nodes"]
    assert page.inner_text("#list-page") == f"1–100 / {total}"
    page.click("#list button[aria-label='다음 쪽']")
    assert page.inner_text("#list-page") == f"101–200 / {total}"
    assert "list=2" in page.url
    page.click("#sort-name")
    names = page.locator("#list tbody th button").all_inner_texts()
    assert len(names) == 100 and page.inner_text("#list-page").startswith("1–")
    page.fill("#list-query", "ㅊㄷㅇ")
    page.wait_for_function("() => document.querySelectorAll('#list tbody tr').length < 20")
    assert "칭다오" in page.locator("#list tbody th button").all_inner_texts()
    page.click("#list tbody th button:text-is('칭다오')")
    assert page.inner_text("#panel-title") == "칭다오"


def test_the_page_shows_itself_in_a_notebook(open_page: Any, corpus: Path, tmp_path: Path) -> None:
    notebook = tmp_path / "notebook.html"
    notebook.write_text(
        "<!doctype html><html data-ready><meta charset='utf-8'><body>" + Page(corpus / "graph.html")._repr_html_(),
        encoding="utf-8",
    )
    page = open_page(notebook)
    frame = page.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for(state="attached", timeout=20_000)
    frame.locator("#query").fill("ㅊㄷㅇ")
    frame.locator("#query").press("Enter")
    frame.locator("#panel button.fact").first.click()
    assert frame.locator("#panel mark").first.inner_text()
    # The frame keeps its state to itself: neither its address nor the notebook's changes.
    assert page.url == notebook.as_uri()
    assert page.frames[1].url == "about:srcdoc"
    assert page.frames[1].evaluate("window.origin") == "null"


@pytest.mark.parametrize("form", ["nt", "rdf", "trig", "jsonld"])
def test_a_graph_that_came_back_from_a_store_is_the_same_page(corpus: Path, tmp_path: Path, form: str) -> None:
    """Prefixes, order, format, and whether all is in one graph or in named ones do not matter."""
    formats = {"nt": ox.RdfFormat.N_TRIPLES, "rdf": ox.RdfFormat.RDF_XML, "trig": ox.RdfFormat.TRIG}
    formats["jsonld"] = ox.RdfFormat.JSON_LD
    store = ox.Store()
    for name in ("graph", "provenance", "links"):
        to = ox.NamedNode(f"urn:test:{name}") if form in ("trig", "jsonld") else None
        store.bulk_load(path=str(corpus / f"{name}.ttl"), format=ox.RdfFormat.TURTLE, to_graph=to)
    file = tmp_path / f"back.{form}"
    prefixes = {"a": NK, "b": "https://w3id.org/newskg/id/"}
    if form == "nt":
        shuffled(corpus, file)
    else:
        with file.open("wb") as out:
            named = form in ("trig", "jsonld")
            store.dump(out, format=formats[form], from_graph=None if named else ox.DefaultGraph(), prefixes=prefixes)
    write_page(file, tmp_path / "back.html")
    assert (tmp_path / "back.html").read_bytes() == (corpus / "graph.html").read_bytes()


def test_data_blocks_hold_no_markup(corpus: Path) -> None:
    html = (corpus / "graph.html").read_text(encoding="utf-8")
    blocks = re.findall(r'<script type="application/json" id="([^"]+)"( data-packed)?>(.*?)</script>', html, re.DOTALL)
    assert {name for name, _, _ in blocks} >= {"graph-data", "node-0", "edge-0", "evidence-0"}
    for _, packed, text in blocks:
        assert re.fullmatch(r"[A-Za-z0-9+/=]+", text) if packed else json.loads(text) is not None
        assert not set(text) & set("<>&")
