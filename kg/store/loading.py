"""A build into a remote store: what changed is replaced, what is gone is deleted, the rest is left alone.

A document has two named graphs: ``…graph/NAME`` with its facts (those of graph.trig) and
``…graph/NAME/evidence`` with what provenance.ttl says of it, so that a changed document changes
these two and no others. Beside them ``…graph/entities`` (names and types), ``…graph/rules`` (what
evidence refers to) and ``…graph/links`` (``owl:sameAs``). The graph ``…graph/loaded`` names each, and says
of one that arrived whole how many triples it was given and their SHA-256: that is what the next load compares.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph

from kg.errors import KgError, Place
from kg.graph.iris import DEFAULT_BASE
from kg.graph.reading import declared, quads
from kg.graph.terms import NK, PREFIXES, is_iri
from kg.store.remote import RemoteStore

VOID = "http://rdfs.org/ns/void#"
_RDF = PREFIXES["rdf"]
_EVIDENCE, _IN_DOCUMENT = f"{NK}evidence", f"{NK}inDocument"
_SHA256, _TRIPLES, _STATE = f"{NK}sha256", f"{VOID}triples", f"{PREFIXES['schema']}creativeWorkStatus"
_LOADING = f'<{{}}> <{_STATE}> "Incomplete" .\n'
_NEXT = "/next"  # after the record's name: the record that takes its place

Graphs = dict[str, set[str]]
"""The triples of each named graph by its IRI, each a line of N-Triples."""
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a load has to do: graphs to `replace`, in this order, and to `delete`; those that stay `same`."""

    replace: tuple[str, ...]
    delete: tuple[str, ...]
    same: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: its plan, triples sent, and graphs whose count is another than it should be."""

    plan: Plan
    triples: int = 0
    differing: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """Give the report as JSON can hold it."""
        return {
            "replaced": list(self.plan.replace),
            "deleted": list(self.plan.delete),
            "same": len(self.plan.same),
            "triples": self.triples,
            "differing": {graph: {"expected": e, "found": f} for graph, (e, f) in self.differing.items()},
        }


def load(
    build: Path,
    store: RemoteStore,
    *,
    evidence: bool = True,
    links: bool = True,
    everything: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Loaded:
    """Make the named graphs of a store those of a build.

    Without `evidence` and `links` these graphs are left out, and taken away if they were loaded before;
    `everything` replaces what did not change too; a `dry_run` only plans. The record says of a graph that it is being
    loaded before the graph is touched, and what it holds when its count is right, so that a load that was
    interrupted, between two pieces of a graph too, or found another count is made good by the next one.

    Raises `KgError`: KG673 if there is no such build, those of `RemoteStore`, and KG632 on broken files.
    """
    graphs, base = build_graphs(build, evidence=evidence, links=links)
    record = base + "graph/loaded"
    wanted = {name: _digest(lines) for name, lines in graphs.items()}
    known = _recorded((*store.get(record), *store.get(record + _NEXT)))
    trusted = [name for name, digest in wanted.items() if known.get(name) == digest and not everything]
    counts = store.count(trusted) if store.asks else {}
    same = tuple(name for name in trusted if counts.get(name, wanted[name][0]) == wanted[name][0])
    plan = Plan(
        tuple(name for name in wanted if name not in frozenset(same)),
        tuple(sorted(name for name in known if name not in wanted)),
        same,
    )
    if dry_run or not (plan.replace or plan.delete):
        return Loaded(plan)
    steps = (*plan.delete, *plan.replace)
    store.add(record, _ntriples(_LOADING.format(name) for name in steps))
    for number, name in enumerate(steps, 1):
        if name in wanted:
            store.put(name, _ntriples(graphs[name]))
        else:
            store.delete(name)
        if progress is not None:
            progress("load", number, len(steps))
    found = store.count(plan.replace)
    differing = {name: (wanted[name][0], found[name]) for name in plan.replace if found[name] != wanted[name][0]}
    lines = _record(record, wanted, differing)
    store.put(record + _NEXT, lines)  # the names of all graphs stand somewhere while the pieces of the record arrive
    store.put(record, lines)
    store.delete(record + _NEXT)
    return Loaded(plan, sum(wanted[name][0] for name in plan.replace), differing)


def build_graphs(build: Path, *, evidence: bool = True, links: bool = True) -> tuple[Graphs, str]:
    """Give the named graphs of a build folder, and the base of its IRIs."""
    file = build / "graph.trig"
    if not file.is_file():
        raise KgError(
            "there is no graph.trig", code="KG673", mend="name the folder that kg build wrote", place=Place(str(build))
        )
    base = declared(file).get("id", DEFAULT_BASE)
    graphs: Graphs = {}
    for quad in quads(file):
        name = getattr(quad.graph_name, "value", base + "graph/entities")
        graphs.setdefault(name, set()).add(_line(quad))
    if evidence and (build / "provenance.ttl").is_file():
        _add_evidence(build / "provenance.ttl", base, graphs)
    if links and (build / "links.ttl").is_file():
        graphs[base + "graph/links"] = {_line(quad) for quad in quads(build / "links.ttl")}
    return {name: lines for name, lines in sorted(graphs.items()) if lines}, base


def _line(quad: pyoxigraph.Quad) -> str:
    return f"{quad.triple} .\n"


def _add_evidence(file: Path, base: str, graphs: Graphs) -> None:
    """Add evidence by document: its own triples, its matches, and of each fact as much as points to them.

    The file is read more than once, so that what points to what is known before a triple is given a home.
    """
    document = {str(q.subject): str(q.object) for q in quads(file) if q.predicate.value == _IN_DOCUMENT}
    document.update({home: home for home in list(document.values())})
    homes: dict[str, set[str]] = {}
    for quad in quads(file):
        if quad.predicate.value == _EVIDENCE and (home := document.get(str(quad.object))):
            homes.setdefault(str(quad.subject), set()).add(home)
    for quad in quads(file):
        subject = str(quad.subject)
        if quad.predicate.value == _EVIDENCE and (home := document.get(str(quad.object))):
            found: Iterable[str] = (home,)
        elif subject in document:
            found = (document[subject],)
        else:
            found = homes.get(subject, ())
        line = _line(quad)
        for name in [_evidence_graph(home, base) for home in found] or [base + "graph/rules"]:
            graphs.setdefault(name, set()).add(line)


def _evidence_graph(document: str, base: str) -> str:
    assert is_iri(document)
    return f"{base}graph/{document[1:-1].removeprefix(base)}/evidence"


def _ntriples(lines: Iterable[str]) -> bytes:
    return "".join(sorted(lines)).encode()


def _digest(lines: set[str]) -> tuple[int, str]:
    return len(lines), hashlib.sha256(_ntriples(lines)).hexdigest()


def _record(record: str, known: Mapping[str, tuple[int, str]], differing: Container[str]) -> bytes:
    """Give the record as N-Triples; it speaks of itself too, since some stores drop an empty graph."""
    integer = PREFIXES["xsd"] + "integer"
    lines = [f"<{record}> <{_RDF}type> <{VOID}Dataset> .\n"]
    for name, (count, digest) in known.items():
        if name in differing:
            lines.append(_LOADING.format(name))
            continue
        lines.append(f'<{name}> <{_SHA256}> "{digest}" .\n')
        lines.append(f'<{name}> <{_TRIPLES}> "{count}"^^<{integer}> .\n')
    return _ntriples(lines)


def _recorded(triples: Iterable[pyoxigraph.Triple]) -> dict[str, tuple[int, str] | None]:
    """Give what the record says of each graph that was ever touched; None of one that may not have arrived whole."""
    said: dict[str, dict[str, set[str]]] = {}
    for triple in triples:
        if isinstance(triple.subject, pyoxigraph.NamedNode) and isinstance(triple.object, pyoxigraph.Literal):
            said.setdefault(triple.subject.value, {}).setdefault(triple.predicate.value, set()).add(triple.object.value)
    known: dict[str, tuple[int, str] | None] = {}
    for name, values in sorted(said.items()):
        counts, digests = values.get(_TRIPLES, set()), values.get(_SHA256, set())
        sure = len(counts) == len(digests) == 1 and _STATE not in values and min(counts).isdigit()
        known[name] = (int(min(counts)), min(digests)) if sure else None
    return known
