"""The whole road: sources to a folder of files, which appears whole or not at all."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError, Place
from kg.project import Project

if TYPE_CHECKING:
    from kg.extract import Extractor

FILES = ("graph.ttl", "provenance.ttl", "graph.trig", "links.ttl", "graph.html", "graph.graphml", "build.json")
"""What a build writes."""

_LIBRARIES = ("kiwipiepy", "kiwipiepy_model", "rdflib", "pyoxigraph", "networkx", "pyvis")
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2

Progress = Callable[[str, int, int | None], None]
"""Called with the stage, how far it is and, if known, of how many."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: counts, what was skipped and why, seconds by stage, versions."""

    counts: dict[str, int]
    skipped: tuple[dict[str, str], ...]
    notes: tuple[dict[str, str], ...]
    timings: dict[str, float]
    versions: dict[str, str]
    folder: Path = field(default=Path())

    def as_dict(self) -> dict[str, object]:
        """Give the report as ``build.json`` holds it."""
        return {
            "counts": self.counts,
            "skipped": list(self.skipped),
            "notes": list(self.notes),
            "timings": self.timings,
            "versions": self.versions,
        }


def load(path: Path | str | None = None) -> Extractor:
    """Give the extractor of the project at `path` (default: the nearest ``kg.toml``, else the shipped rules).

    Raises:
        KgError: the project's ontology, lexicon or rules are not sound.
    """
    from kg.extract import Extractor

    return Extractor(Project.find(path))


def build(
    sources: Sequence[str | Path] = (),
    out: Path | str = "build",
    *,
    project: Path | str | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Read sources (default: the project's corpus) and write the graph into the folder `out`.

    A document that cannot be read is skipped and reported. `out` is replaced as a whole when all is
    written; until then, and after any error, the last build stays as it was.

    Raises:
        KgError: nothing could be read, the project is not sound, or `out` cannot be written.
    """
    from kg.extract import Extractor
    from kg.graph import GraphBuilder
    from kg.page import write_page
    from kg.text import Skipped, read

    tell = progress or (lambda stage, done, of: None)
    clock = _Clock()
    target = Path(out)
    _check_target(target)
    found = Project.find(project)
    named = list(sources) or [str(folder) for folder in found.corpus]
    if not named:
        raise KgError(
            "no source named, and the project has no corpus",
            mend="name a file or folder: kg build FILE -o DIR",
            code="KG401",
        )
    tell("load", 0, None)
    extractor = Extractor(found)
    rules = {rule.id: rule.about for rule in extractor.rules.rules.values()}
    builder = GraphBuilder(found.base, extractor.lexicon, extractor.ontology, extractor.rules.version, rules)
    clock.lap("load")
    skipped: list[Skipped] = []
    notes: list[dict[str, str]] = []
    documents = 0
    for document in read(*named, on_skip=skipped.append, grammar=found.grammar):
        builder.add(extractor.extract(document))
        notes += [{"source": document.source, "note": note} for note in document.notes]
        documents += 1
        tell("read", documents, None)
    clock.lap("read")
    if not documents:
        reason = skipped[0].reason if skipped else "the sources hold no document"
        raise KgError(
            f"nothing to build from: {reason}",
            mend="name a text, HTML or JSONL file, or a folder of them",
            code="KG402",
            place=Place(skipped[0].source) if skipped else None,
        )
    with _Replacement(target) as folder:
        tell("graph", 0, None)
        counts = builder.write(folder)
        clock.lap("graph")
        tell("page", 0, None)
        write_page(folder, folder / "graph.html", ontology=found.ontology[0], title=None)
        clock.lap("page")
        report = BuildReport(
            {**counts, "rules": len(rules), "skipped": len(skipped)},
            tuple({"source": s.source, "reason": s.reason} for s in skipped),
            tuple(notes),
            clock.laps,
            {
                "kg": _version("kg-news"),
                "rules": extractor.rules.version,
                "ontology": extractor.ontology.version,
                "python": ".".join(map(str, sys.version_info[:3])),
                **{name: _version(name) for name in _LIBRARIES},
            },
            target,
        )
        text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / "build.json").write_text(text + "\n", encoding="utf-8")
    return report


class _Clock:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = round(now - self._last, 3)
        self._last = now


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _check_target(target: Path) -> None:
    """Refuse, before any work, a target that cannot become a build."""
    place = Place(str(target))
    if target.exists() and not target.is_dir():
        raise KgError("the output is a file", mend="name a folder with -o", code="KG403", place=place)
    if target.is_dir() and any(target.iterdir()) and not (target / "build.json").is_file():
        raise KgError(
            "the output folder holds something that is no build",
            mend="name a new or empty folder with -o",
            code="KG404",
            place=place,
        )
    parent = target.absolute().parent
    while not parent.exists():
        parent = parent.parent
    if not parent.is_dir() or not os.access(parent, os.W_OK) or (target.is_dir() and not os.access(target, os.W_OK)):
        raise KgError(
            "the output folder cannot be written",
            mend="choose a folder that you may write to, or change its permissions",
            code="KG405",
            place=place,
        )


class _Replacement:
    """A new folder beside `target` that takes its place when the block ends without an error."""

    def __init__(self, target: Path) -> None:
        self.target = target.absolute()

    def __enter__(self) -> Path:
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._sweep()
            prefix = f".{self.target.name}.{os.getpid()}-"
            self.new = Path(tempfile.mkdtemp(prefix=prefix, dir=self.target.parent))
            self.new.chmod(0o755)
        except OSError as error:
            raise self._refusal(error) from error
        return self.new

    def _sweep(self) -> None:
        """Remove what builds of this folder left that were killed: their process is no more."""
        for stray in self.target.parent.glob(f".{self.target.name}.*-*"):
            process = stray.name.removeprefix(f".{self.target.name}.").partition("-")[0]
            if process.isdigit() and stray.is_dir() and not _alive(int(process)):
                shutil.rmtree(stray, ignore_errors=True)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if kind is None:
                for file in self.new.iterdir():
                    _flush(file)
                self._swap()
            elif isinstance(error, OSError):
                raise self._refusal(error) from error
        finally:
            shutil.rmtree(self.new, ignore_errors=True)

    def _swap(self) -> None:
        try:
            if not self.target.exists():
                os.rename(self.new, self.target)
            elif not any(self.target.iterdir()):
                os.rename(self.new, self.target)
            elif not _exchange(self.new, self.target):
                aside = self.new.with_name(self.new.name + ".old")
                os.rename(self.target, aside)
                os.rename(self.new, self.target)
                os.rename(aside, self.new)
        except OSError as error:
            raise self._refusal(error) from error
        if self.new.exists():  # it now holds the last build: keep what a user put beside our files
            for entry in self.new.iterdir():
                if entry.name not in FILES and not (self.target / entry.name).exists():
                    os.rename(entry, self.target / entry.name)

    def _refusal(self, error: OSError) -> KgError:
        return KgError(
            f"the output folder cannot be written: {error.strerror or error}",
            mend="free space, or choose another folder with -o",
            code="KG405",
            place=Place(str(self.target)),
        )


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is there, and another user's
        return True
    return True


def _flush(file: Path) -> None:
    """Make sure that a file is on the disk before its folder takes the place of the last build."""
    with open(file, "rb") as stream:
        os.fsync(stream.fileno())


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, so that there is never none; False where the system cannot (not Linux)."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return (
        rename is not None and rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0
    )
