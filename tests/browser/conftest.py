"""A Chromium to click through pages with; the tests are skipped where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a file; when the test ends, the page must have asked the network for nothing and have said no error."""
    opened = []

    def open_(file: Path, *, width: int = 1280, height: int = 800, scheme: str = "light", hash_: str = "") -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True
        )
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on(
            "console", lambda message: page.said.append(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("dialog", lambda dialog: (page.said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        opened.append(page)
        page.goto(file.as_uri() + hash_)
        page.wait_for_selector("html[data-ready]", timeout=20_000)
        page.wait_for_timeout(100)
        return page

    yield open_
    for page in opened:
        asked = [url for url in page.asked if not url.startswith(("file:", "data:", "blob:"))]
        said = list(page.said)
        page.context.close()
        assert asked == []
        assert said == []
