"""RDF read back: into rdflib, and from files that a build wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError, Place
from kg.graph.iris import DEFAULT_BASE
from kg.graph.provenance import Fact
from kg.graph.terms import PREFIXES, expand, is_iri, parts, text_of
from kg.graph.turtle import Triples

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib

_PREFIX = re.compile(r"@prefix\s+([A-Za-z][\w-]*):\s*<([^>]*)>\s*\.")


def to_rdflib(triples: Triples, base: str = DEFAULT_BASE) -> rdflib.Graph:
    """Give triples as an rdflib graph, with the prefixes bound."""
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in {**PREFIXES, "id": base}.items():
        graph.bind(prefix, namespace)

    def node(term: str) -> rdflib.term.Node:
        if is_iri(term):
            return rdflib.URIRef(text_of(term))
        if term.startswith("_:"):
            return rdflib.BNode(term[2:])
        text, datatype, language = parts(term)
        return rdflib.Literal(
            text, datatype=rdflib.URIRef(datatype) if datatype else None, lang=language, normalize=False
        )

    graph.addN((node(s), node(p), node(o), graph) for s, p, o in triples)
    return graph


def read_turtle(path: Path) -> Triples:
    """Give the triples of an RDF file; `KgError` with line and column if it is missing or broken."""
    triples = Triples()
    for quad in parse(path):
        triples.add(str(quad.subject), str(quad.predicate), str(quad.object))
    return triples


def read_build(path: Path) -> tuple[Triples, dict[Fact, str]]:
    """Give the triples of a build's graph, and each fact's status from the provenance beside it."""
    path = path / "graph.ttl" if path.is_dir() else path
    triples = read_turtle(path)
    evidence = path.with_name("provenance.ttl")
    if not evidence.exists():
        return triples, {}
    found = read_turtle(evidence)
    ranks = ("Happened", "Claimed", "Planned", "Possible")
    strongest: dict[Fact, str] = {}
    for statement, predicates in found.descriptions():
        if expand("rdf:subject") not in predicates:
            continue
        (subject,), (predicate,), (obj,) = (predicates[expand(f"rdf:{n}")] for n in ("subject", "predicate", "object"))
        said = {
            text_of(status).rpartition("#")[2]
            for match in found.objects(statement, expand("nk:evidence"))
            for status in found.objects(match, expand("nk:status"))
        }
        strongest[subject, predicate, obj] = min(said & set(ranks), key=ranks.index, default="")
    return triples, strongest


def parse(path: Path) -> list[pyoxigraph.Quad]:
    """Parse an RDF file of any format that its name tells; `KgError` if it is missing or broken."""
    return list(quads(path))


def quads(path: Path) -> Iterator[pyoxigraph.Quad]:
    """Give what `parse` gives as it is read, so that no more than one is in memory; raise what it raises on the way."""
    import pyoxigraph

    form = pyoxigraph.RdfFormat.from_extension(path.suffix.lstrip(".")) or pyoxigraph.RdfFormat.TURTLE
    try:
        yield from pyoxigraph.parse(path=str(path), format=form)
    except (OSError, SyntaxError) as error:
        raise broken(path, error) from error


def broken(path: Path, error: OSError | SyntaxError) -> KgError:
    """Give the error to raise for an RDF file that cannot be read or parsed."""
    if isinstance(error, SyntaxError):
        place = Place(str(path), error.lineno or 0, error.offset or 0)
        what = f"not valid RDF: {error.msg}"
        return KgError(what, code="KG632", mend="build the graph again, or mend the file", place=place)
    what = f"{path} cannot be read: {error.strerror or error}"
    return KgError(what, code="KG631", mend="give a build folder, or an RDF file (.ttl, .trig, .nt, .nq)")


def declared(file: Path) -> dict[str, str]:
    """Give the prefixes at the head of a Turtle or TriG file."""
    found: dict[str, str] = {}
    with file.open(encoding="utf-8", errors="replace") as stream:
        for line in stream:
            if match := _PREFIX.match(line):
                found[match[1]] = match[2]
            elif line.strip() and not line.startswith("#"):
                break
    return found
