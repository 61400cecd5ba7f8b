"""How a build scales: beside the analyser alone, with processes, in memory, and when little changed.

    python benchmarks/scale.py                       # 300 articles, minutes
    python benchmarks/scale.py --articles 3000

The yardstick is the morphological analyser (kiwipiepy) over the same sentences in the same run. Every measurement
has a process of its own, whose highest resident memory is what the table says. Take the ratios, on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from articles import articles, general  # noqa: E402

from kg.extract import Extractor  # noqa: E402
from kg.graph import GraphBuilder  # noqa: E402
from kg.model import Document  # noqa: E402
from kg.project import Project  # noqa: E402
from kg.readings import Readings, digest  # noqa: E402
from kg.workers import read_all  # noqa: E402

_SEED = 7
_MANY = 1_000
"""Articles, at least, for what two processes gain: each takes seconds to load its analyser."""


def written(documents: Iterable[Document], jobs: int, file: Path | None = None, warm: int = 0) -> dict[str, float]:
    """Read documents and write their graph, as a build does, page apart; give seconds by stage.

    `rate` is how many documents are read a second once `warm` of them have been: by then all processes have started.
    """
    extractor = Extractor(Project.find(ROOT))
    extractor.extract("준비")  # load the analyser, which is no part of the reading
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, Readings(file or Path(folder) / "readings") as readings:
        states: dict[str, str] = {}

        def changed() -> Iterable[Document]:
            for document in documents:
                state = digest(document)
                if readings.want(document.id, state):
                    states[document.id] = state
                    yield document

        number, started = 0, start
        for outcome in read_all(changed(), extractor, jobs):
            assert outcome.record is not None, outcome.reason
            number += 1
            if number == warm:
                started = time.perf_counter()
            readings.put(outcome.document.id, states.pop(outcome.document.id), outcome.record)
        readings.prune()
        read = time.perf_counter()
        rules = {rule.id: rule.about for rule in extractor.rules.rules.values()}
        builder = GraphBuilder(
            extractor.project.base, extractor.lexicon, extractor.ontology, extractor.rules.version, rules, readings
        )
        counts = builder.write(Path(folder))
        done = time.perf_counter()
    return {
        "read_s": read - start,
        "graph_s": done - read,
        "s": done - start,
        "triples": counts["triples"],
        "rate": (number - warm) / (read - started),
    }


def analysed(documents: Iterable[Document]) -> dict[str, float]:
    """Run the analyser alone, as the build runs it."""
    analyser = Extractor(Project.find(ROOT)).analyser
    analyser.tokens("준비")
    texts = [document.text for document in documents]
    start = time.perf_counter()
    sentences = sum(1 for text in texts for _ in analyser._kiwi.split_into_sents(text, return_tokens=True))
    return {"s": time.perf_counter() - start, "sentences": sentences}


def composed(number: int, share: float) -> list[Document]:
    """Compose articles before the clock starts."""
    return list(articles(number, seed=_SEED, mix=general(), share=share))


def graph_only(number: int) -> dict[str, float]:
    """Write the graph of so many documents of made-up facts, which no analyser read: the memory of the graph alone."""
    from graph import extractions

    builder = GraphBuilder("https://example.org/id/")
    with tempfile.TemporaryDirectory() as folder:
        with Readings(Path(folder) / "readings") as readings:
            builder = GraphBuilder("https://example.org/id/", readings=readings)
            for extraction in extractions(number * 53):
                builder.add(extraction)
            start = time.perf_counter()
            counts = builder.write(Path(folder))
            return {"s": time.perf_counter() - start, "triples": counts["triples"]}


WORK: dict[str, Callable[[int, float], dict[str, float]]] = {
    "analyser": lambda number, share: analysed(composed(number, share)),
    "one": lambda number, share: written(composed(number, share), 1),
    "streamed": lambda number, share: written(articles(number, seed=_SEED, mix=general(), share=share), 1),
    "two": lambda number, share: written(composed(number, share), 2, warm=number // 5),
    "graph": lambda number, share: graph_only(number),
}


def apart(work: str, number: int, share: float = 0.0) -> dict[str, float]:
    """Do one piece of work in a process of its own; give its figures and its highest resident memory in MB."""
    command = [sys.executable, __file__, "--work", work, "--articles", str(number), "--share", str(share)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def again(number: int) -> dict[str, float]:
    """Build, then build again after one of `number` documents changed."""
    documents = composed(number, 0)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "readings"
        first = written(documents, 1, file)
        second = written([*documents[1:], *articles(1, seed=99)], 1, file)
    return {"first_s": first["s"], "again_s": second["s"], "times": first["s"] / second["s"]}


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--documents", type=int, default=100_000, help="how many for the memory of the graph alone")
    parser.add_argument("--work", choices=WORK, help=argparse.SUPPRESS)
    parser.add_argument("--share", type=float, default=0.0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    number = options.articles
    if options.work:
        figures = WORK[options.work](number, options.share)
        figures["MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(figures))
        return
    rows: list[tuple[str, str]] = []
    for name, share in (("shipped corpus", 0.0), ("nine tenths everyday news", 0.9)):
        if share and not general():
            print("everyday news is not here: only the shipped corpus is measured", file=sys.stderr)
            continue
        alone, one = (apart(work, number, share) for work in ("analyser", "one"))
        rows += [
            (f"{name}: sentences", f"{alone['sentences']:,}"),
            (f"{name}: analyser alone", f"{alone['sentences'] / alone['s']:,.0f} sentences/s"),
            (f"{name}: build, page apart", f"{alone['sentences'] / one['s']:,.0f} sentences/s"),
            (f"{name}: build to analyser", f"{one['s'] / alone['s']:.2f} times"),
        ]
    many, share = max(number, _MANY), 0.9 if general() else 0.0
    one, two = (apart(work, many, share) for work in ("one", "two"))
    rows += [
        (f"two processes to one, {many:,} articles", f"{one['read_s'] / two['read_s']:.2f} times as fast"),
        ("two processes to one, once started", f"{two['rate'] / one['rate']:.2f} times as fast"),
    ]
    few = max(1, number // 10)
    small, large = apart("streamed", few), apart("streamed", number)
    rows.append((f"memory, {few:,} and {number:,} articles", f"{small['MB']:,.0f} and {large['MB']:,.0f} MB"))
    small, large = apart("graph", options.documents // 100), apart("graph", options.documents)
    rows += [
        (
            f"graph alone, {options.documents // 100:,} and {options.documents:,} documents",
            f"{small['MB']:,.0f} and {large['MB']:,.0f} MB",
        ),
        ("graph alone, written", f"{large['triples'] / large['s']:,.0f} triples/s"),
    ]
    changed = again(number)
    rows.append((f"again, 1 of {number:,} changed", f"{changed['times']:.0f} times as fast as from nothing"))
    for label, value in rows:
        print(f"{label:60}{value}")


if __name__ == "__main__":
    main()
