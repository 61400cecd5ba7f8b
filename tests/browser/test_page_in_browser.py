"""Clicks through the page in Chromium as its readers would."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg.page import write_page
from tests.page_graphs import PREFIXES, write_build

PAGES: dict[int, Path] = {}

KNOWN = (
    PREFIXES
    + """
id:sample-city a nk:City ; rdfs:label "가람시"@ko, "Garam"@en ; skos:altLabel "嘉藍"@zh, "가람"@ko .
id:sample-firm a nk:Company ; rdfs:label "한빛전자"@ko ; skos:altLabel "Hanbit"@en .
id:sample-forum a nk:Conference ; rdfs:label "나루 포럼"@ko ; nk:status nk:Planned ; nk:edtf "2020-05-01" ;
  nk:earliest "2020-05-01"^^<http://www.w3.org/2001/XMLSchema#date> ; nk:latest "2020-05-03"^^<http://www.w3.org/2001/XMLSchema#date> ; nk:takesPlaceIn id:sample-city .
id:sample-visit a nk:Visit ; rdfs:label "다온 방문"@ko ; nk:status nk:Happened ; nk:earliest "2018-01-01"^^<http://www.w3.org/2001/XMLSchema#date> ; nk:takesPlaceIn id:sample-city .
id:sample-firm nk:participatesIn id:sample-forum ; nk:basedIn id:sample-city ; nk:investsIn id:sample-city .
id:sample-firm <http://www.w3.org/2002/07/owl#sameAs> <http://www.wikidata.org/entity/Q1> .
id:doc-a a nk:Document ; dcterms:title "보도 자료 1호"@ko ; dcterms:source "https://example.org/a" ; dcterms:issued "2020-01-02" ; nk:mentions id:sample-firm, id:sample-city .
id:rule-based a nk:Rule ; dcterms:identifier "based.in" ; rdfs:comment "기업이 어디에 본사를 둔다"@ko .
id:st-1 a rdf:Statement ; rdf:subject id:sample-firm ; rdf:predicate nk:basedIn ; rdf:object id:sample-city ; nk:evidence id:match-1 .
id:match-1 a nk:Match ; nk:document id:doc-a ; nif:anchorOf "한빛전자는 가람시에 본사를" ; nk:sentence "😀 한빛전자는 가람시에 본사를 둔 기업이다."@ko ;
  nif:beginIndex 12 ; nif:endIndex 27 ; nk:sentenceBegin 10 ; nk:rule id:rule-based ; nk:turn "adnominal" ; nk:status nk:Happened .
"""
)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    def build(count: int) -> Path:
        if count not in PAGES:
            folder = tmp_path_factory.mktemp(f"graph{count}")
            out = folder / "graph.html"
            write_page(write_build(folder / "build", count), out, title="시험 그래프")
            PAGES[count] = out
        return PAGES[count]

    return build


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("known")
    (folder / "known.ttl").write_text(KNOWN, encoding="utf-8")
    write_page(folder / "known.ttl", folder / "known.html", title="아는 그래프")
    return folder / "known.html"


def find(page: Any, text: str) -> None:
    page.fill("#query", text)
    page.press("#query", "Enter")
    page.wait_for_selector("#panel-title")


def click_node(page: Any, label: str) -> None:
    place = next(p for p in page.evaluate("kgPage.places()") if p["label"] == label)
    box = page.locator("#canvas").bounding_box()
    page.mouse.click(box["x"] + place["x"], box["y"] + place["y"])


@pytest.mark.parametrize("count", [30, 100, 300])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_labels_are_legible_and_apart(open_page: Any, built: Any, count: int, size: tuple[int, int]) -> None:
    page = open_page(built(count), width=size[0], height=size[1])
    labels = page.evaluate("kgPage.labels()")
    boxes = [label["box"] for label in labels]
    overlaps = [
        (a, b)
        for i, a in enumerate(boxes)
        for b in boxes[:i]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert overlaps == []
    assert len(labels) >= min(count * 0.9 if size[0] > 1000 and count == 30 else 10, count)
    zoom = labels[0]["size"]
    assert all((box[3] - box[1]) * zoom >= 12 for box in boxes)


def test_search_finds_any_name(open_page: Any, known: Path) -> None:
    page = open_page(known)
    names = {"ㄱㄹㅅ": "가람시", "가라": "가람시", "garam": "가람시", "嘉藍": "가람시", "HANBIT": "한빛전자"}
    names |= {"ㄴㄹㅍㄹ": "나루 포럼", "나루포럼": "나루 포럼"}
    for typed, label in names.items():
        find(page, typed)
        assert page.inner_text("#panel-title") == label


def test_a_fact_reaches_its_evidence_in_two_clicks(open_page: Any, known: Path) -> None:
    page = open_page(known)
    click_node(page, "한빛전자")
    page.click("button.fact:has-text('본거')")
    assert page.inner_text("#panel mark") == "한빛전자는 가람시에 본사를"
    assert page.inner_text("#panel blockquote") == "😀 한빛전자는 가람시에 본사를 둔 기업이다."
    assert page.inner_text("#panel .rule") == "규칙 based.in 기업이 어디에 본사를 둔다"
    source = page.locator("#panel .source a")
    assert (source.get_attribute("href"), source.inner_text()) == ("https://example.org/a", "보도 자료 1호")
    assert "noopener" in source.get_attribute("rel")


def test_an_edge_opens_its_evidence(open_page: Any, known: Path) -> None:
    page = open_page(known)
    edges = page.evaluate("kgPage.edges()")
    box = page.locator("#canvas").bounding_box()
    titles = []
    for edge in edges:
        at = page.evaluate(f"kgPage.edgeAt({edge})")
        page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
        page.wait_for_selector("#panel h2.triple")
        titles.append(page.inner_text("#panel h2.triple .relation").strip())
        page.click("#close-panel")
        page.wait_for_timeout(450)
    # Parallel relations are fanned out: each of them can be hit.
    assert len(titles) == 5
    assert len({t for t in titles if "본거" in t or "투자" in t}) == 2


def test_filters_by_kind_relation_status_document(open_page: Any, known: Path) -> None:
    page = open_page(known)
    shown = lambda: page.evaluate("kgPage.shown()")  # noqa: E731
    assert shown() == {"nodes": 4, "edges": 5}
    page.uncheck("#f-kinds label:has-text('기업') input")
    assert shown() == {"nodes": 3, "edges": 2}
    page.check("#f-kinds label:has-text('기업') input")
    page.click("#f-relations summary")
    page.uncheck("#f-relations label:has-text('투자') input")
    assert shown() == {"nodes": 4, "edges": 4}
    page.check("#f-relations label:has-text('투자') input")
    page.click("#f-status summary")
    page.uncheck("#f-status label:has-text('계획') input")
    assert shown() == {"nodes": 3, "edges": 3}
    page.check("#f-status label:has-text('계획') input")
    page.click("#f-documents summary")
    page.select_option("#document", "0")
    assert shown()["nodes"] == 2


def test_time_slider_hides_what_lies_outside(open_page: Any, known: Path) -> None:
    page = open_page(known)
    slider = page.locator("#f-time input[type=range]").first
    slider.evaluate(
        "(e) => { e.value = String(Math.round(Date.parse('2020-01-01') / 864e5)); e.dispatchEvent(new Event('input')); }"
    )
    wanted = ["가람시", "나루 포럼", "한빛전자"]
    page.wait_for_function("w => kgPage.places().map((p) => p.label).sort().join() === w.join()", arg=wanted)


def test_neighbourhood_and_path_and_back(open_page: Any, built: Any) -> None:
    page = open_page(built(300))
    find(page, "시")
    counts = []
    for depth in "123":
        page.click(f"#panel [data-depth='{depth}']")
        counts.append(page.evaluate("kgPage.shown()")["nodes"])
    assert counts[0] < counts[1] <= counts[2]
    page.click("#panel button:has-text('여기서 길 찾기')")
    page.click("#panel [data-depth='3']")
    find(page, "발표")
    page.click("#panel button:has-text('여기까지 길 찾기')")
    assert page.locator("#panel .way li").count() >= 3
    assert page.evaluate("kgPage.shown()")["nodes"] < 12
    page.keyboard.press("Escape")
    assert page.evaluate("kgPage.shown()")["nodes"] == 300


def test_address_keeps_the_state(open_page: Any, known: Path) -> None:
    page = open_page(known)
    page.uncheck("#f-kinds label:has-text('방문') input")
    page.click("#language")
    find(page, "Garam")
    page.click("#panel [data-depth='1']")
    address = page.url
    other = open_page(known, hash_="#" + address.split("#", 1)[1])
    assert other.inner_text("#panel-title") == "Garam"
    assert other.evaluate("kgPage.shown()") == page.evaluate("kgPage.shown()")
    assert not other.is_checked("#f-kinds label:has-text('Visit') input")


def test_arrows_walk_the_graph(open_page: Any, known: Path) -> None:
    page = open_page(known)
    find(page, "가람시")
    page.focus("#canvas")
    seen = set()
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown") * 2:
        page.keyboard.press(key)
        page.wait_for_timeout(60)
        seen.add(page.inner_text("#panel-title"))
    assert len(seen) >= 2


def test_pictures_and_turtle(open_page: Any, known: Path, tmp_path: Path) -> None:
    page = open_page(known)
    for what in ("png", "svg"):
        page.click("#export summary")
        with page.expect_download() as download:
            page.click(f"#save-{what}")
        download.value.save_as(tmp_path / f"graph.{what}")
    root = ET.parse(tmp_path / "graph.svg").getroot()
    view = [float(x) for x in root.get("viewBox", "").split()]
    assert float(root.get("width", "0")) == 2 * view[2]
    words = {t.text for t in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"가람시", "한빛전자", "나루 포럼"} <= words
    header = (tmp_path / "graph.png").read_bytes()[:24]
    assert int.from_bytes(header[16:20], "big") == pytest.approx(2 * view[2], abs=4)
    import pyoxigraph

    text = page.evaluate("kgPage.turtle()")
    triples = {str(t.predicate.value) for t in pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.TURTLE)}
    assert "https://w3id.org/newskg/ontology#basedIn" in triples


def test_list_language_and_theme(open_page: Any, known: Path) -> None:
    page = open_page(known)
    page.click("#as-list")
    assert page.locator("#list tbody tr").count() == 4
    page.click("#list button:has-text('한빛전자')")
    assert page.inner_text("#panel-title") == "한빛전자"
    page.click("#language")
    assert page.inner_text("#list thead th >> nth=0") == "Name"
    page.click("#theme")
    assert page.get_attribute("html", "data-theme") == "dark"


@pytest.mark.parametrize("size", [(390, 844), (820, 1180), (1280, 800), (1920, 1080)])
def test_fits_every_screen(open_page: Any, built: Any, size: tuple[int, int]) -> None:
    page = open_page(built(100), width=size[0], height=size[1])
    find(page, "시")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for id_ in ("query", "as-list", "fit", "language", "theme", "close-panel"):
        box = page.locator(f"#{id_}").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= size[0] + 0.5


def test_only_the_weightiest_of_a_large_graph_are_drawn(open_page: Any, built: Any) -> None:
    page = open_page(built(2500))
    shown = page.evaluate("kgPage.shown()")["nodes"]
    assert 150 <= shown <= 300
    find(page, "시")
    page.wait_for_timeout(100)
    assert page.evaluate("kgPage.shown()")["nodes"] > 300


def test_a_filter_reaches_all_of_a_large_graph(open_page: Any, built: Any) -> None:
    """Few enough of a kind or of a document are drawn wherever they are, and all are in view."""
    page = open_page(built(2500))
    page.click("#f-kinds .both button >> nth=1")
    assert page.inner_text("#empty") == "거르기에 맞는 대상이 없습니다"
    box = page.locator("#f-kinds label:has-text('건설')")
    box.click()
    count = int(box.locator(".count").inner_text())
    assert page.evaluate("kgPage.shown()")["nodes"] == count > 20
    stage = page.locator("#canvas").bounding_box()
    inside = "(s) => kgPage.places().every((p) => p.x > 0 && p.x < s.width && p.y > 0 && p.y < s.height)"
    page.wait_for_function(inside, arg=stage)
    page.click("#as-list")
    assert page.inner_text("#list-page").endswith(f" / {count}")
    page.click("#f-kinds .both button >> nth=0")
    assert page.inner_text("#list-page") == "1–100 / 2,500"
    page.fill("#list-query", "ㅎㅂ")
    page.wait_for_function("() => !document.getElementById('list-page').textContent.includes('2,500')")
    assert 0 < int(page.inner_text("#list-page").split(" / ")[1].replace(",", "")) < 2500


def test_an_edge_of_a_large_graph_opens_from_its_address(open_page: Any, built: Any) -> None:
    file = built(2500)
    page = open_page(file, hash_="#e=region-1+cooperatesWith+region-1")  # not in the graph: let go
    assert page.locator("#panel").is_hidden()
    edge = page.evaluate("kgPage.edges()")[-1]
    page.evaluate(f"kgPage.chooseEdge({edge})")
    page.wait_for_selector("#panel h2.triple")
    other = open_page(file, hash_="#" + page.url.split("#")[1])
    assert other.inner_text("#panel h2.triple") == page.inner_text("#panel h2.triple")
    assert edge in other.evaluate("kgPage.edges()")


def test_a_map_of_communities_opens(open_page: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("kg.page.places.MAP_ABOVE", 1000)
    write_page(write_build(tmp_path / "build", 1200), tmp_path / "x.html")
    page = open_page(tmp_path / "x.html")
    groups = page.evaluate("kgPage.shown()")["nodes"]
    assert 2 <= groups <= 90
    place = page.evaluate("kgPage.places()")[0]
    click_node(page, place["label"])
    page.wait_for_function("() => kgPage.shown().edges > 0")
    opened = page.evaluate("kgPage.shown()")
    assert opened["nodes"] > 3 and opened["edges"] > 0
    page.keyboard.press("Escape")
    assert page.evaluate("kgPage.shown()")["nodes"] == groups
    find(page, "시")
    page.click("#panel button.fact")
    page.wait_for_selector("#panel mark")
    assert page.evaluate("kgPage.shown()")["edges"] > 0


HOSTILE = [
    "<script>window.hit=1</script>",
    "<img src=x onerror='window.hit=1'>",
    "</script><script>window.hit=1</script>",
    '"><svg onload=window.hit=1>',
    "javascript:window.hit=1",
    "{{constructor.constructor('window.hit=1')()}}",
    "${window.hit=1}",
    "'-window.hit=1-'",
    "<a href='javascript:window.hit=1'>x</a>",
    "<iframe srcdoc='<script>parent.hit=1</script>'>",
    "<style>@import 'https://example.org/x.css'</style>",
    "<!--<script>window.hit=1//",
    "\u2028window.hit=1\u2029",
    "]]><script>window.hit=1</script>",
    "<math><mtext><img src=https://example.org/x onerror=window.hit=1>",
]


def hostile_graph(folder: Path) -> Path:
    """Write a page with each payload in every field that a text, the lexicon, a rule or the ontology can reach."""
    classes, facts = [PREFIXES, "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"], [PREFIXES]
    (folder / "queries").mkdir()
    for k, payload in enumerate(HOSTILE):
        said = json.dumps(payload, ensure_ascii=False)
        classes.append(
            f"nk:Kind{k} a owl:Class ; rdfs:label {said}@ko, {said}@en ; rdfs:comment {said} .\n"
            f"nk:link{k} a owl:ObjectProperty ; rdfs:label {said}@ko, {said}@en .\n"
        )
        facts.append(
            f"""
id:a{k} a nk:Kind{k} ; rdfs:label {said}@ko, {said}@en ; skos:prefLabel {said}@zh ; skos:altLabel {said}, {said}@ja ;
  nk:edtf {said} ; nk:earliest {said} ; nk:latest {said} ; nk:repeats {said} ; nk:countText {said} ; nk:status {said} ;
  dcterms:source {said} ; <http://www.w3.org/2002/07/owl#sameAs> <javascript:window.hit=1>, <data:text/html,%3Cscript%3Eparent.hit=1%3C/script%3E> .
id:b{k} a nk:Conference ; rdfs:label "나{k}"@ko ; nk:link{k} id:a{k} ; nk:status nk:Claimed .
id:d{k} a nk:Document ; dcterms:title {said}@ko ; dcterms:source {said} ; dcterms:issued {said} ; dcterms:identifier {said} ; nk:mentions id:a{k} .
id:r{k} a nk:Rule ; dcterms:identifier {said} ; rdfs:comment {said} .
id:s{k} a rdf:Statement ; rdf:subject id:b{k} ; rdf:predicate nk:link{k} ; rdf:object id:a{k} ; nk:evidence id:m{k} ; nk:attestedOn {said} .
id:m{k} a nk:Match ; nk:inDocument id:d{k} ; nk:quote {said} ; nk:sentence {said} ; nk:sentenceBegin {said} ; nif:beginIndex {said} ;
  nif:endIndex {said} ; nk:rule id:r{k} ; nk:turn {said} ; nk:claimant {said} ; nk:attribution {said} ; nk:status {said} ; nk:ruleSetVersion {said} .
"""
        )
        line = payload.replace("\u2028", " ").replace("\u2029", " ")
        query = f"# title (ko): {line}\n# title (en): {line}\nSELECT ?x WHERE {{ ?x a nk:Kind{k} }}"
        (folder / "queries" / f"q{k}.rq").write_text(
            "PREFIX nk: <https://w3id.org/newskg/ontology#>\n" + query, "utf-8"
        )
    (folder / "own.ttl").write_text("".join(classes), encoding="utf-8")
    (folder / "x.ttl").write_text("".join(facts), encoding="utf-8")
    write_page(
        folder / "x.ttl",
        folder / "x.html",
        title=" ".join(HOSTILE),
        ontology=folder / "own.ttl",
        queries=folder / "queries",
    )
    return folder / "x.html"


def test_nothing_from_the_text_runs(open_page: Any, tmp_path: Path) -> None:
    page = open_page(hostile_graph(tmp_path))
    assert page.evaluate("kgPage.shown()")["nodes"] == 2 * len(HOSTILE)
    assert page.locator("#f-views button").count() == len(HOSTILE)
    page.evaluate("document.querySelectorAll('#filters details').forEach((d) => { d.open = true; })")
    for language in range(2):
        box = page.locator("#canvas").bounding_box()
        for k, place in enumerate(page.evaluate("kgPage.places()")):
            page.mouse.move(box["x"] + place["x"], box["y"] + place["y"])
            page.wait_for_timeout(10)
            if k % 7 == language:
                page.mouse.click(box["x"] + place["x"], box["y"] + place["y"])
                page.wait_for_timeout(30)
                page.keyboard.press("Escape")
                page.wait_for_timeout(20)
        page.click("#as-list")
        for k in range(len(HOSTILE)):
            page.evaluate(
                "(name) => [...document.querySelectorAll('#list tbody button')].find((b) => b.textContent === name).click()",
                f"나{k}",
            )
            page.click("#panel button.fact")
            page.wait_for_selector("#panel mark")
            assert page.evaluate("document.querySelector('#panel mark').textContent") == HOSTILE[k]
            page.click("#panel .go")
            page.wait_for_selector("#panel .plain-list")
            harmless(page)
        page.click("#as-list")
        page.keyboard.press("Escape")
        page.evaluate("(kgPage.svg(), kgPage.turtle())")
        page.click("#language")
    for edge in page.evaluate("kgPage.edges()"):
        page.evaluate(f"kgPage.chooseEdge({edge})")
    page.fill("#query", "<")
    page.wait_for_timeout(50)
    harmless(page)
    page.evaluate(
        "location.hash = '#n=<img src=x onerror=window.hit=1>&v=<b>&t=x/y&list=1&q=<script>window.hit=1</script>'"
    )
    page.wait_for_timeout(100)
    harmless(page)
    svg = ET.fromstring(page.evaluate("kgPage.svg()"))
    assert {e.tag.rpartition("}")[2] for e in svg.iter()} <= {"svg", "path", "rect", "text"}


def harmless(page: Any) -> None:
    """Nothing ran, nothing became markup, and no link leads anywhere but to the web."""
    assert page.evaluate("window.hit") is None
    assert (
        page.evaluate("document.querySelectorAll('img, iframe, object, embed, math, body style, #panel script').length")
        == 0
    )
    assert page.evaluate(
        "[...document.querySelectorAll('a')].every((a) => /^https?:$/.test(a.protocol) && /noopener/.test(a.rel))"
    )
    assert page.evaluate("document.scripts.length") == page.evaluate(
        "document.querySelectorAll('body > script').length"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["graph", "panel", "list", "phone", "help"])
def test_axe_finds_no_fault(open_page: Any, built: Any, scheme: str, state: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    width = 390 if state == "phone" else 1280
    page = open_page(built(100), width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('#filters details').forEach((d) => { d.open = true; })")
    if state == "panel":
        find(page, "시")
        page.click("#panel button.fact")
        page.wait_for_selector("#panel mark")
    elif state == "list":
        page.click("#as-list")
    elif state == "phone":
        page.click("#show-filters")
        page.wait_for_timeout(300)
    elif state == "help":
        page.click("#show-help")
    # axe's own script is put in by the debugger, which the page's policy does not govern.
    violations = axe.Axe().run(page).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in violations] == []
