"""How long `kg check` takes over a graph, part by part, and pySHACL over the same shapes in the same run.

    python benchmarks/checks.py                              # 50,000 triples, seconds
    python benchmarks/checks.py --triples 1000000 --texts    # minutes; every span is sliced anew
    python benchmarks/checks.py --pyshacl                    # beside pySHACL, which is far slower

Processor seconds, so that a busy machine changes little. Exit status 1 if evidence does not hold.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import large
from kg.check import shapes, validation
from kg.check.finding import EvidenceIndex, Finding
from kg.ontology import Ontology
from kg.store import Store

ONTOLOGY = Path(__file__).parent.parent / "ontology"


def timed(what: str, work: Callable[[], object]) -> float:
    """Do a piece of work, print the processor seconds that it took, and give them."""
    start = time.process_time()
    work()
    taken = time.process_time() - start
    print(f"{what:28}{taken:>9.2f} s", flush=True)
    return taken


def main() -> int:
    """Read the command line, make the graph, check it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, default=50_000)
    parser.add_argument("--texts", action="store_true", help="slice all evidence anew")
    parser.add_argument("--pyshacl", action="store_true", help="validate with pySHACL, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        build = Path(name)
        texts = large.build(build, options.triples)
        print(f"{len(texts):,} documents")
        stores: list[Store] = []
        found: list[Finding] = []
        total = timed("open", lambda: stores.append(Store.open(build)))
        (store,), index = stores, EvidenceIndex(stores[0])
        total += timed("index of evidence", lambda: EvidenceIndex(store))
        given = texts if options.texts else None
        total += timed("evidence", lambda: found.extend(validation.evidence(store, index, given)))
        ontology = Ontology.load(ONTOLOGY)
        total += timed("vocabulary", lambda: found.extend(validation.vocabulary(store, ontology)))
        store.include(ONTOLOGY)
        total += timed("conflicts", lambda: list(validation.conflicts(store, [ONTOLOGY], index)))
        fast = timed("shapes", lambda: list(validation.shapes(build, [ONTOLOGY], index)))
        print(f"{'kg check':28}{total + fast:>9.2f} s, {len(store):,} triples with the ontology's")
        if options.pyshacl:
            data = [build / "graph.ttl", build / "provenance.ttl", ONTOLOGY / "kg.ttl"]
            slow = timed(
                "shapes by pySHACL", lambda: shapes.violations(data, ONTOLOGY / "shapes.ttl", shapes.by_pyshacl)
            )
            print(f"{'pySHACL / shacl':28}{slow / fast:>9.1f} times")
    for finding in found:
        print(f"{finding.severity} {finding.code} {finding.where}: {finding.what}")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
