"""Every code has a section in docs/errors.md, and every section's bad snippet gives that code and that message."""

from __future__ import annotations

import contextlib
import copy
import io
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.extract import Extractor

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/errors.md"
_FENCE = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Section:
    """A code with its files, command or Python, and the message that it prints."""

    code: str
    title: str
    prose: str
    files: tuple[tuple[str, str], ...]
    command: str
    python: str
    printed: str


def sections(page: str) -> Iterator[Section]:
    """Read the page: a heading a code, fences with a path are files, console and python are run, text is printed."""
    for part in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        code, _, title = heading.partition(": ")
        fences = _FENCE.findall(body)
        one = {language: text for language, path, text in fences if not path}
        yield Section(
            code,
            title,
            _FENCE.sub("", body),
            tuple((path, text) for _, path, text in fences if path),
            one.get("console", ""),
            one.get("python", ""),
            one.get("text", ""),
        )


def printed(section: Section, folder: Path, extractor: Extractor) -> str:
    """Run what a section shows in a folder that is the working folder, and give what is printed."""
    for path, text in section.files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    try:
        if section.command:
            out = _commanded(section.command)
        elif section.python:
            exec(compile(section.python, section.code, "exec"), {})
            out = ""
        else:
            out = "".join(
                f"{error}\n" for error in _loaded({Path(path).parts[0] for path, _ in section.files}, folder, extractor)
            )
    except KgError as error:
        out = f"{error}\n"
    return out.replace(f"{folder}/", "")


def _commanded(command: str) -> str:
    from kg.cli import run

    out = io.StringIO()
    for line in command.splitlines():
        program, *arguments = shlex.split(line.removeprefix("$ "))
        assert program == "kg", line
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            run(arguments)
    return out.getvalue()


def _loaded(rooms: set[str], folder: Path, extractor: Extractor) -> list[KgError]:
    from kg.authority import Authority
    from kg.check.linting import findings
    from kg.lexicon import Lexicon
    from kg.ontology import Ontology
    from kg.project import Project
    from kg.rules import RuleSet

    if "kg.toml" in rooms:
        Project.find(folder)
    if "ontology" in rooms:
        Ontology.load(folder / "ontology")
    if "lexicon" in rooms:
        Lexicon.load([folder / "lexicon"])
    if "authority" in rooms:
        Authority.load([folder / "authority"], extractor.lexicon, extractor.ontology.classes)
    if "rules" not in rooms:
        return []
    values = folder / "rules/values.yaml"
    if not values.exists():
        values.write_bytes((ROOT / "data/rules/values.yaml").read_bytes())
    small = copy.copy(extractor)
    assert extractor.analyser
    small.__dict__.update(extractor.__dict__)
    small.rules = RuleSet.load([folder / "rules"], extractor.ontology)
    small.project = replace(extractor.project, rules=(folder / "rules",), lexicon=(), corpus=())
    return findings(small)


SECTIONS = list(sections(PAGE.read_text(encoding="utf-8"))) if PAGE.exists() else []


def raised() -> set[str]:
    """Give every code that a string of the code base is or begins with."""
    found: set[str] = set()
    for file in sorted((ROOT / "kg").rglob("*.py")):
        found |= set(re.findall(r"[\"'](KG\d{3})[\"']", file.read_text(encoding="utf-8")))
    return found - {"KG104"} | {"KG104"}


def test_every_code_has_a_section_and_every_section_a_code() -> None:
    codes = [section.code for section in SECTIONS]
    assert codes == sorted(set(codes)), "sections stand in the order of their codes, each once"
    assert not raised() - set(codes), "these codes want a section in docs/errors.md"
    assert not set(codes) - raised(), "no code in kg/ raises these"


@pytest.mark.parametrize("section", SECTIONS, ids=[section.code for section in SECTIONS])
def test_a_section_says_what_is_printed(
    section: Section, extractor: Extractor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert section.title and section.prose.strip() and "**Mend.**" in section.prose
    assert section.printed, "show the message"
    monkeypatch.chdir(tmp_path)
    assert section.code in section.printed
    assert printed(section, tmp_path, extractor) == section.printed
