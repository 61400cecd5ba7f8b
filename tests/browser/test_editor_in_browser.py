"""Asks through the query editor in Chromium as its users would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.test_serve import ENDLESS, TURTLE, Server

HOSTILE = '<img src=x onerror="document.title=1">'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("editor") / "build"
    folder.mkdir()
    text = TURTLE + f"id:hostile rdfs:label '{HOSTILE}' .\n"
    (folder / "graph.ttl").write_text(text, encoding="utf-8")
    (folder / "graph.html").write_text("<!doctype html><title>그래프</title><link rel=icon href=data:,>", encoding="utf-8")
    one = Server(folder, "--timeout", "4")
    yield one
    assert one.end() == 0


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Any]:
    """The editor; it must have said no error and asked nobody else."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    opened = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(server.address)
    opened.wait_for_selector("html[data-ready]")
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith((server.address, "data:", "blob:"))] == []
    assert [line for line in said if "status of 400" not in line and "status of 503" not in line] == []


def answered(page: Any, text: str) -> str:
    page.wait_for_function("text => document.getElementById('status').textContent.includes(text)", arg=text)
    return str(page.inner_text("#answer"))


def test_a_query_of_ones_own(page: Any) -> None:
    page.fill("#query", "SELECT ?label ?s { ?s a nk:City ; rdfs:label ?label } ORDER BY ?label")
    page.press("#query", "Control+Enter")
    answered(page, "2행")
    cells = page.eval_on_selector_all("#answer td", "found => found.map(cell => cell.textContent)")
    assert cells == ["가람시", "id:garam", "나루시", "id:naru"]
    with page.expect_download() as saved:
        page.click("#save-csv")
    assert Path(saved.value.path()).read_text(encoding="utf-8").splitlines()[1].startswith("가람시,https://")


def test_a_named_question_with_its_parameter(page: Any) -> None:
    page.select_option("#question", "aliases-of")
    assert page.input_value("#parameter-name") == "칭다오" and "VALUES ?name" in page.input_value("#query")
    page.fill("#parameter-name", "나루시")
    page.click("#run")
    assert "나루시" in answered(page, "1행")
    page.fill("#parameter-name", '없는" "나루시')
    page.click("#run")
    answered(page, "0행")
    page.select_option("#question", "documents")
    assert page.is_hidden("#parameters")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.input_value("#question") == "documents"


def test_yes_triples_and_faults(page: Any) -> None:
    for query, status, told in (
        ("ASK { id:garam a nk:City }", "", "예 · Yes"),
        ("CONSTRUCT WHERE { ?s a nk:City }", "트리플", "id:garam a nk:City"),
        ("SELECT * {", "잘못", "query:1:11: KG641"),
        ("SELECT * { SERVICE <https://x.kr/> {} }", "잘못", "KG642"),
        (ENDLESS, "답하지 못했습니다", "KG648"),
    ):
        page.fill("#query", query)
        page.click("#run")
        page.wait_for_selector("#run:enabled")
        assert told in answered(page, status)


def test_a_query_can_be_stopped(page: Any, server: Server) -> None:
    page.fill("#query", ENDLESS)
    page.click("#run")
    page.wait_for_timeout(300)
    page.click("#stop")
    answered(page, "멈췄습니다")
    assert server.ask("ASK {}").json()["boolean"] is True


def test_text_of_the_graph_is_only_text(page: Any) -> None:
    page.fill("#query", "SELECT ?l { id:hostile rdfs:label ?l }")
    page.click("#run")
    assert HOSTILE in answered(page, "1행")
    assert page.query_selector("#answer img") is None and page.title() != "1"


def test_it_leads_to_the_page(page: Any) -> None:
    page.click("#page")
    page.wait_for_function("document.title === '그래프'")


def test_everybody_can_use_it(page: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.select_option("#question", "aliases-of")
    page.click("#run")
    answered(page, "0행")
    page.fill("#query", "SELECT * { ?s a nk:City }")
    page.click("#run")
    answered(page, "2행")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
