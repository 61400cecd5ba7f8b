"""How fast the graph is written and asked, beside rdflib on the same triples in the same run.

    python benchmarks/graph.py                     # 100,000 and 1,000,000 triples: ten minutes, 3 GB of memory
    python benchmarks/graph.py --triples 100000    # a minute

Prints a table, a column a size; ``--json`` for a program. Times are medians of processor seconds, so that a busy
machine changes little; rates vary by machine: take the ratios. Turtle is written on two roads: from the triples as a
build holds them, and from the rdflib graph that a user of `kg.write_turtle` has; rdflib's own serialiser is measured
on that same graph. A query that rdflib does not answer in ``--limit`` processor seconds is broken off and counted as
taking so long, so that its ratio, and that of all ten, is a lower bound (≥). Exit status 1 if Turtle is not written
15 times as fast as rdflib writes it on both roads, or the ten queries together are not answered 20 times as fast.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import io
import json
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from kg.graph import DEFAULT_BASE, PREFIXES, GraphBuilder, turtle, write_turtle
from kg.graph.reading import read_turtle, to_rdflib
from kg.graph.turtle import write_pieces
from kg.model import Document, Entity, Evidence, Extraction, Literal, Mention, Span, Statement
from kg.store import Store

WANTED = {"turtle_times_rdflib": 15, "from_rdflib_times": 15, "queries_times_rdflib": 20}
QUERIES = {
    "label": 'SELECT ?s { ?s rdfs:label "가상회사17"@ko }',
    "two hops": "SELECT ?a ?c { ?a nk:announced ?b . ?e nk:theme ?b ; nk:takesPlaceIn ?c } LIMIT 100",
    "group by": "SELECT ?c (COUNT(?e) AS ?n) { ?e nk:takesPlaceIn ?c } GROUP BY ?c ORDER BY DESC(?n) ?c LIMIT 10",
    "dates": 'SELECT ?e { ?e nk:earliest ?d FILTER(?d >= "2020-06-01"^^xsd:date && ?d < "2020-06-08"^^xsd:date) }',
    "optional": "SELECT ?e ?s { ?e a nk:Announcement OPTIONAL { ?e nk:status ?s } } LIMIT 200",
    "union": "SELECT ?n { { id:city-0 rdfs:label ?n } UNION { id:city-0 skos:altLabel ?n } }",
    "not exists": "SELECT ?s { ?s a nk:Company FILTER NOT EXISTS { ?s nk:announced ?x } } LIMIT 50",
    "path": "SELECT ?s { ?s nk:basedIn/nk:locatedIn* id:city-3 } LIMIT 100",
    "distinct": "SELECT DISTINCT ?t { ?s a ?t }",
    "ask": "ASK { ?e nk:agent ?a ; nk:theme ?t ; nk:edtf '2020-01-17'^^edtf:EDTF }",
}


def extractions(triples: int) -> Iterator[Extraction]:
    """Give made-up documents of twenty facts each, until the graph has about so many triples."""
    text = "가상회사가 가상시에서 가상 선언을 발표했다. " * 5
    for number in range(max(1, triples // 85)):
        sha256 = hashlib.sha256(f"{number}".encode()).hexdigest()
        document = Document(f"doc/{number:06}.txt", text, sha256, title=f"{number}번 글")
        statements, mentions = [], []
        for hit in range(5):
            serial = number * 5 + hit
            firm_name = f"가상회사{serial % (triples // 40 + 1)}"
            firm = Entity(f"Company/{firm_name}", "Company", firm_name)
            place = Entity(f"city-{serial % 97}", "City", f"가상시{serial % 97}", known=True)
            paper = Entity(f"Declaration/가상선언{serial}", "Declaration", f"가상 선언 {serial}")
            event = Entity(f"Announcement/{serial}", "Announcement", f"가상 선언 {serial} 발표", known=True)
            span = Span(hit * 24, hit * 24 + 23)
            proof = Evidence(document.id, span, span.of(text), span, f"announce.{serial % 60}")
            day = f"2020-{serial % 12 + 1:02}-{serial % 28 + 1:02}"
            facts: tuple[tuple[Entity, str, Entity | Literal], ...] = (
                (firm, "nk:announced", paper),
                (firm, "nk:basedIn", place),
                (event, "nk:agent", firm),
                (event, "nk:theme", paper),
                (event, "nk:takesPlaceIn", place),
                (event, "nk:status", Literal("nk:Happened", "rdfs:Class")),
                (event, "nk:edtf", Literal(day, "edtf:EDTF")),
                (event, "nk:earliest", Literal(day, "xsd:date")),
            )
            statements += [Statement(s, p, o, proof) for s, p, o in facts]
            mentions.append(Mention(span, "Company", firm))
        yield Extraction(document, mentions=tuple(mentions), statements=tuple(statements))


def add_all(builder: GraphBuilder, triples: int) -> None:
    """Put all made-up documents into a builder."""
    for extraction in extractions(triples):
        builder.add(extraction)


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Give the median of the processor seconds that a piece of work takes."""
    taken = []
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


class Late(Exception):
    """A piece of work took longer than it may."""


def timed_until(work: Callable[[], object], limit: float, times: int = 1) -> tuple[float, bool]:
    """Give what `timed` gives, and whether it ended; what takes longer than `limit` seconds is broken off, once."""

    def stop(*_: object) -> None:
        raise Late

    before = signal.signal(signal.SIGPROF, stop)
    try:
        signal.setitimer(signal.ITIMER_PROF, limit)
        first = timed(work)
    except Late:
        return limit, False
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return statistics.median([first, *(timed(work) for _ in range(times - 1))]), True


def measure(triples: int, limit: float) -> dict[str, object]:
    """Build, write and ask a graph of about `triples` triples; give the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        builder = GraphBuilder(DEFAULT_BASE, rule_set="1", rules={})
        adding = timed(lambda: add_all(builder, triples))
        building = timed(lambda: builder.write(folder))
        held = read_turtle(folder / "graph.ttl")
        graph = to_rdflib(held)
        size = len(graph)
        prefixes = {**PREFIXES, "id": DEFAULT_BASE}
        slow_times = 3 if size < 500_000 else 1  # half a minute each on a million triples
        ours = timed(lambda: write_pieces(folder / "ours.ttl", turtle(held.descriptions(), prefixes)), 5)
        through = timed(lambda: write_turtle(graph, folder / "through.ttl", prefixes), 5)
        assert (folder / "ours.ttl").read_bytes() == (folder / "through.ttl").read_bytes()
        theirs = timed(lambda: graph.serialize(io.BytesIO(), format="turtle"), slow_times)
        store = Store.open(folder / "graph.ttl")
        loading = timed(lambda: Store.open(folder / "graph.ttl"))
        asked: dict[str, dict[str, object]] = {}
        for title, query in QUERIES.items():
            fast = timed(lambda query=query: store.query(query), 9)  # type: ignore[misc]
            work = lambda query=query: list(graph.query(query, initNs=dict(store.prefixes)))  # type: ignore[misc]  # noqa: E731
            slow, ended = timed_until(work, limit, slow_times)
            asked[title] = {"ms": fast * 1e3, "rdflib_ms": slow * 1e3, "rdflib_ended": ended, "times": slow / fast}
            print(f"{size:,}: {title}", file=sys.stderr, flush=True)
    total = {key: sum(float(str(figures[key])) for figures in asked.values()) for key in ("ms", "rdflib_ms")}
    return {
        "triples": size,
        "add_s": adding,
        "write_build_s": building,
        "turtle_s": ours,
        "turtle_triples_per_s": size / ours,
        "rdflib_turtle_s": theirs,
        "turtle_times_rdflib": theirs / ours,
        "from_rdflib_graph_s": through,
        "from_rdflib_times": theirs / through,
        "load_triples_per_s": size / loading,
        "queries": asked,
        "queries_times_rdflib": total["rdflib_ms"] / total["ms"],
    }


def main() -> int:
    """Read the command line, measure, print; 1 if a figure falls short."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, nargs="+", default=[100_000, 1_000_000], help="about how many")
    parser.add_argument("--limit", type=float, default=120, help="processor seconds that rdflib has for a query")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    runs = [measure(triples, options.limit) for triples in options.triples]
    if options.json:
        print(json.dumps(runs, ensure_ascii=False, indent=1))
    else:
        report(runs)
    return int(any(float(str(run[key])) < least for run in runs for key, least in WANTED.items()))


def report(runs: Sequence[Mapping[str, object]]) -> None:
    """Print a column a run: figures first, then each query in milliseconds, with how many times rdflib takes."""
    for key, first in runs[0].items():
        if not isinstance(first, dict):
            cells = (f"{run[key]:>22,.2f}" if isinstance(run[key], float) else f"{run[key]:>22,}" for run in runs)
            print(f"{key:24}{''.join(cells)}")
    for name in QUERIES:
        asked = [run["queries"][name] for run in runs]  # type: ignore[index]
        cells = (f"{one['ms']:,.2f} ms {'' if one['rdflib_ended'] else '≥'}{one['times']:,.0f}x" for one in asked)
        print(f"  {name:22}" + "".join(f"{cell:>22}" for cell in cells))


if __name__ == "__main__":
    raise SystemExit(main())
