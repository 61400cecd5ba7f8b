"""The import matrix: which engines take what a build writes, whole, and answer alike.

    python benchmarks/stores.py                          # writes the table into docs/stores.md; ten minutes
    python benchmarks/stores.py --triples 0 --print      # the corpus alone, nothing written: a minute
    python benchmarks/stores.py article.txt              # one more build, of a text of your own

Every engine loads every file of each build; what it holds is counted against what Oxigraph's parser reads,
and the engines that speak SPARQL answer the ten queries below, compared row by row with Oxigraph's answers.
Engines are put into a cache folder (``--cache``, else a temporary one) and nothing is installed on the
machine; one that cannot be had is named with the reason. Exit status 1 if an engine that ran disagreed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import kg
from benchmarks import large
from benchmarks.engines import ENGINES, FILES, Absent, Answer, Engine, Loaded, rows
from kg.graph.reading import parse
from kg.store import Store, Table

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "stores.md"
BEGIN, END = "<!-- matrix: python benchmarks/stores.py -->", "<!-- end of the matrix -->"
QUERIES = (
    "about",
    "announced-by",
    "companies-of",
    "documents-per-fact",
    "events-in",
    "evidence-of",
    "groups",
    "officials-of",
    "timeline-of",
    "wikidata",
)


@dataclass(frozen=True)
class Build:
    """A build on disk, and what it holds according to Oxigraph in this process."""

    title: str
    folder: Path
    counts: Mapping[str, int]
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class Row:
    """What one engine did: its version, or why it could not be had; a verdict a build."""

    engine: Engine
    version: str
    verdicts: tuple[str, ...]
    ok: bool


def questions() -> dict[str, str]:
    """Give the ten queries, of those that the project ships."""
    return {name: (ROOT / "ontology" / "queries" / f"{name}.rq").read_text(encoding="utf-8") for name in QUERIES}


def measured(title: str, folder: Path) -> Build:
    """Count and ask a build in this process."""
    store = Store.open(folder)
    answers = {}
    for name, query in questions().items():
        table = store.query(query, name=name)
        assert isinstance(table, Table)
        answers[name] = rows(table.json())
    counts = {name: len({str(quad) for quad in parse(folder / name)}) for name in FILES}
    return Build(title, folder, counts, answers)


def faults(loaded: Loaded, build: Build, engine: Engine) -> Iterator[str]:
    """Give what an engine holds or answers otherwise than Oxigraph does in this process."""
    for name, count in loaded.counts.items():
        if count != build.counts[name]:
            yield f"{name}: {count:,} for {build.counts[name]:,}"
    if engine.asks:
        for name, wanted in build.answers.items():
            if name in loaded.refused:
                yield f"`{name}`: {loaded.refused[name]}"
            elif loaded.answers[name] != wanted:
                yield f"`{name}`: {len(loaded.answers[name])} rows for {len(wanted)}, or others"


def tried(kind: type[Engine], cache: Path, builds: Sequence[Build]) -> Row:
    """Obtain an engine, and let it load each build."""
    engine = kind(cache)
    try:
        version = engine.obtain()
    except Absent as reason:
        return Row(engine, "", (f"not tried: {reason}",) * len(builds), True)
    verdicts, ok = [], True
    for build in builds:
        try:
            loaded = engine.load(build.folder, questions() if engine.asks else {})
            wrong = list(faults(loaded, build, engine))
        except (Absent, OSError, ValueError) as error:
            wrong = [str(error)]
        ok = ok and not wrong
        if wrong:
            verdicts.append("✗ " + "; ".join(wrong))
            continue
        total = sum(loaded.counts.values())
        answered = f", {len(loaded.answers)} of {len(QUERIES)}" if engine.asks else ""
        verdicts.append(f"✓ {total:,}{answered}")
    return Row(engine, version, tuple(verdicts), ok)


def table(rows_: Sequence[Row], builds: Sequence[Build]) -> str:
    """Give the table in Markdown."""
    heads = ["engine", "version", "from", *(build.title for build in builds)]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for row in rows_:
        cells = [row.engine.name, row.version or "–", row.engine.origin, *row.verdicts]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    files = "; ".join(
        f"{build.title}: " + ", ".join(f"`{name}` {build.counts[name]:,}" for name in FILES) for build in builds
    )
    return "\n".join([*lines, "", f"Triples and quads: {files}."])


def merged(old: str, new: str) -> str:
    """Give the new table with the rows of the old one for engines that were not run, in the order of `ENGINES`."""
    if old.strip().partition("\n")[0] != new.partition("\n")[0]:
        return new  # other builds: nothing in the old table is comparable
    names = [kind.name for kind in ENGINES]
    found: dict[str, str] = {}
    for line in (old + "\n" + new).splitlines():
        name = line.strip("| ").partition(" | ")[0]
        if name in names:
            found[name] = line
    head, rule, *rest = new.splitlines()
    return "\n".join([head, rule, *(found[name] for name in names if name in found), "", rest[-1]])


def main() -> int:
    """Read the command line, make the builds, run the engines, write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="*", help="texts of which one more build is made")
    parser.add_argument("--triples", type=int, default=1_000_000, help="size of the largest build; 0 for none")
    parser.add_argument(
        "--large", type=Path, help="what benchmarks/large.py wrote, instead of a new build of that size"
    )
    parser.add_argument(
        "--only", action="append", help="engine to run, by the beginning of its name; others keep their rows"
    )
    parser.add_argument("--cache", type=Path, help="where engines are kept")
    parser.add_argument("--print", action="store_true", help="print the table, and leave docs/stores.md as it is")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        cache = (options.cache or scratch / "engines").resolve()
        cache.mkdir(parents=True, exist_ok=True)
        builds = []
        if options.texts:
            kg.build(options.texts, scratch / "texts", project=ROOT)
            builds.append(measured("one article" if len(options.texts) == 1 else "texts", scratch / "texts"))
        kg.build((), scratch / "corpus", project=ROOT)
        builds.append(measured("the corpus", scratch / "corpus"))
        if options.triples:
            folder = options.large or scratch / "large"
            if not options.large:
                large.build(folder, options.triples)
            builds.append(measured(f"{options.triples:,} triples", folder))
        found = []
        for kind in ENGINES:
            if not options.only or any(kind.name.lower().startswith(wish.lower()) for wish in options.only):
                found.append(tried(kind, cache, builds))
                print(f"{found[-1].engine.name}: {'; '.join(found[-1].verdicts)}", file=sys.stderr, flush=True)
        text = table(found, builds)
    if options.print:
        print(text)
    else:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        old, _, after = rest.partition(END)
        PAGE.write_text(f"{before}{BEGIN}\n\n{merged(old, text)}\n\n{END}{after}", encoding="utf-8")
    return int(not all(row.ok for row in found))


if __name__ == "__main__":
    raise SystemExit(main())
