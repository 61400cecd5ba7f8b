"""A build in other forms than it was written in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from kg.graph.jsonld import jsonld
from kg.graph.reading import declared, quads
from kg.graph.terms import PREFIXES
from kg.graph.turtle import Description, nquads

if TYPE_CHECKING:
    import pyoxigraph

FORMS: dict[str, str] = {"jsonld": "JSON-LD", "nt": "N-Triples", "nq": "N-Quads"}
"""Forms that `exported` knows, with their names."""


def exported(build: Path, form: str) -> Iterator[str]:
    """Give a build folder, or one sorted RDF file, as ``jsonld``, ``nt`` or ``nq``, in pieces.

    JSON-LD and N-Triples hold what graph.ttl holds, N-Quads the named graphs of graph.trig. However large the
    build, a subject at a time is in memory; the same build gives the same bytes.
    Raises `KgError` (KG631, KG632) if a file is missing or broken.
    """
    path = build / ("graph.trig" if form == "nq" else "graph.ttl") if build.is_dir() else build
    writers: Mapping[str, Callable[[Path], Iterator[str]]] = {
        "jsonld": lambda file: jsonld(_descriptions(quads(file)), {**PREFIXES, **declared(file)}),
        "nt": lambda file: nquads(_descriptions(quads(file))),
        "nq": _named,
    }
    return writers[form](path)


def _named(file: Path) -> Iterator[str]:
    for name, found in groupby(quads(file), key=lambda quad: str(quad.graph_name)):
        yield from nquads(_descriptions(found), "" if name == "DEFAULT" else name)


def _descriptions(sorted_quads: Iterable[pyoxigraph.Quad]) -> Iterator[Description]:
    """Give the subjects of sorted quads as they come by."""
    for subject, found in groupby(sorted_quads, key=lambda quad: str(quad.subject)):
        predicates: dict[str, set[str]] = {}
        for quad in found:
            predicates.setdefault(str(quad.predicate), set()).add(str(quad.object))
        yield subject, predicates
