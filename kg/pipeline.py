"""The whole road: sources to a folder of files, which appears whole or not at all."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError, Place
from kg.model import Document
from kg.project import Project
from kg.readings import Readings, digest, fingerprint, installed
from kg.replacement import FILES, Replacement, check_target

if TYPE_CHECKING:
    from kg.extract import Extractor

__all__ = ["FILES", "BuildReport", "build", "load", "readings_of"]

_LIBRARIES = ("kiwipiepy", "kiwipiepy_model", "rdflib", "pyoxigraph", "networkx", "pyvis")

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
    jobs: int | None = None,
    cluster: str | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Read sources (default: the project's corpus) and write the graph into the folder `out`.

    What was read of each document is kept beside `out` (for ``build`` in ``.build.readings``), so that the next
    build reads only documents that are new or changed, and one that was killed goes on where it was;
    `fresh` reads all anew. `jobs` is the number of processes (default: one a core, where there is enough to
    read); `cluster` the address of a Dask scheduler whose workers read instead, or ``local``. None of this changes
    the graph: the same documents, rules and lexicon give the same bytes.

    A document that cannot be read is skipped and reported. `out` is replaced as a whole when all is
    written; until then, and after any error, the last build stays as it was.

    Raises:
        KgError: nothing could be read, the project is not sound, or `out` cannot be written.
    """
    from kg.authority import Authority
    from kg.extract import Extractor
    from kg.graph import GraphBuilder
    from kg.page import write_page
    from kg.text import Skipped, read
    from kg.workers import read_all

    tell = progress or (lambda stage, done, of: None)
    clock = _Clock()
    target = Path(out)
    check_target(target)
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
    authority = Authority.load(found.authority, extractor.lexicon, extractor.ontology.classes)
    skipped: list[Skipped] = []
    faults: list[dict[str, str]] = []
    notes: list[dict[str, str]] = []
    with Readings(readings_of(target), fingerprint(found), fresh) as readings, Replacement(target) as folder:
        clock.lap("load")
        wanted: dict[str, str] = {}
        documents = 0

        def changed() -> Iterator[Document]:
            nonlocal documents
            for document in read(*named, on_skip=skipped.append, grammar=found.grammar):
                notes.extend({"source": document.source, "note": note} for note in document.notes)
                documents += 1
                tell("read", documents, None)
                state = digest(document)
                if readings.want(document.id, state):
                    wanted[document.id] = state
                    yield document

        anew = 0
        for outcome in read_all(changed(), extractor, jobs, cluster):
            document, state = outcome.document, wanted.pop(outcome.document.id)
            if outcome.record is None:
                readings.remove(document.id)
                faults.append({"source": document.source, "reason": outcome.reason})
                continue
            anew += 1
            readings.put(document.id, state, outcome.record)
        clock.lap("read")
        if documents == len(faults):
            reason = skipped[0].reason if skipped else faults[0]["reason"] if faults else "the sources hold no document"
            raise KgError(
                f"nothing to build from: {reason}",
                mend="name a text, HTML or JSONL file, or a folder of them",
                code="KG402",
                place=Place(skipped[0].source) if skipped else None,
            )
        readings.prune()
        tell("graph", 0, None)
        version = extractor.rules.version
        builder = GraphBuilder(
            found.base, extractor.lexicon, extractor.ontology, version, rules, readings, authority, FILES
        )
        counts = builder.write(folder)
        clock.lap("graph")
        tell("page", 0, None)
        write_page(folder, folder / "graph.html", ontology=found.ontology)
        clock.lap("page")
        missed = sorted([{"source": s.source, "reason": s.reason} for s in skipped] + faults, key=lambda s: s["source"])
        report = BuildReport(
            {**counts, "read": anew, "rules": len(rules), "skipped": len(missed)},
            tuple(missed),
            tuple(notes),
            clock.laps,
            {
                "kg": installed("kg-news"),
                "rules": extractor.rules.version,
                "ontology": extractor.ontology.version,
                "python": ".".join(map(str, sys.version_info[:3])),
                **{name: installed(name) for name in _LIBRARIES},
            },
            target,
        )
        text = json.dumps(report.as_dict(), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / "build.json").write_text(text + "\n", encoding="utf-8")
    return report


def readings_of(target: Path) -> Path:
    """Give the file beside an output folder that keeps what was read for it."""
    return target.absolute().with_name(f".{target.absolute().name}.readings")


class _Clock:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = round(now - self._last, 3)
        self._last = now
