"""What all tests share: where things are, and that CI skips nothing it could run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.model import Document

if TYPE_CHECKING:
    from kg.extract import Extractor

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
_OUTSIDE = "not in the repository: "


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Give a path of material beside the repository, or skip where it is not there."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(_OUTSIDE + name)
        return path

    return find


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    """The shipped project's extractor, loaded once."""
    from kg.pipeline import load

    return load(ROOT)


@pytest.fixture
def document() -> Callable[..., Document]:
    """Make a document of a text."""
    from kg.text import from_text

    return from_text


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """In CI a skipped test fails, but for those that need material outside the repository."""
    report = yield
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if _OUTSIDE not in why:
            report.outcome = "failed"
            report.longrepr = f"skipped in CI: {why}"
    return report
