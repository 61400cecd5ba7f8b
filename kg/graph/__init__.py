"""Statements as RDF: IRIs, sorted Turtle, TriG and N-Quads, evidence, networkx and GraphML."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kg.graph.builder import GraphBuilder, statement_triples
from kg.graph.iris import DEFAULT_BASE, document_iri, graph_iri, iri
from kg.graph.jsonld import jsonld
from kg.graph.network import network
from kg.graph.rdflib_turtle import write_turtle
from kg.graph.terms import PREFIXES
from kg.graph.turtle import Triples, nquads, trig, turtle
from kg.model import Statement

if TYPE_CHECKING:
    import networkx
    import rdflib

__all__ = [
    "DEFAULT_BASE",
    "PREFIXES",
    "GraphBuilder",
    "Triples",
    "document_iri",
    "graph_iri",
    "iri",
    "jsonld",
    "nquads",
    "to_graph",
    "to_networkx",
    "trig",
    "turtle",
    "write_turtle",
]


def to_graph(statements: Iterable[Statement], base: str = DEFAULT_BASE) -> rdflib.Graph:
    """Give statements as an rdflib graph: facts, types and labels."""
    from kg.graph.reading import to_rdflib

    return to_rdflib(statement_triples(statements, base)[0], base)


def to_networkx(source: Iterable[Statement] | Path | str, base: str = DEFAULT_BASE) -> networkx.MultiDiGraph[str]:
    """Give statements, or a Turtle file that a build wrote, as a networkx graph.

    Nodes have ``label``, ``type`` and ``names``; an edge's key is its predicate, and it has ``status``.
    """
    if isinstance(source, str | Path):
        from kg.graph.reading import read_build

        return network(*read_build(Path(source)))
    return network(*statement_triples(source, base))
