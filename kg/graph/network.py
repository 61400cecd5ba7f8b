"""The graph as networkx holds it, and as GraphML for Gephi, Cytoscape and yEd."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import TYPE_CHECKING, TextIO
from xml.sax import saxutils

from kg.graph.entities import LABEL, OTHER, TYPE, UNREVIEWED
from kg.graph.provenance import Fact
from kg.graph.terms import NK, PREFIXES, is_iri, parts, text_of
from kg.graph.turtle import Triples, write_pieces

if TYPE_CHECKING:
    import networkx

_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_ABOUT_NODES = frozenset({LABEL, OTHER, TYPE, f"<{PREFIXES['skos']}prefLabel>"})
_MARKUP = re.compile('[&<>"\n\r\t]')
_ALWAYS = ("label", "type", "names")
_CARRIAGE_RETURN = {"\r": "&#13;"}  # a parser turns a bare one into a line feed
_HEAD = """<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""


def network(triples: Triples, statuses: Mapping[Fact, str] | None = None) -> networkx.MultiDiGraph[str]:
    """Give a graph whose nodes are IRIs and whose edges are the links between them.

    A node has ``label`` (Korean if there is one), ``type`` (the class's local name), ``names``
    (all other names, one a line) and, for values, the predicate's CURIE with what it says. An
    edge's key is the predicate's CURIE; ``status`` its factuality, empty for background.
    """
    import networkx

    statuses = statuses or {}
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for subject, predicates in triples.descriptions():
        graph.add_node(text_of(subject), **_attributes(subject, predicates))
    for fact in triples:
        subject, predicate, obj = fact
        if predicate in _ABOUT_NODES or not _is_node(obj):
            continue
        if text_of(obj) not in graph:
            graph.add_node(text_of(obj), **_unknown(obj))
        name = curie(predicate)
        graph.add_edge(text_of(subject), text_of(obj), key=name, predicate=name, status=statuses.get(fact, ""))
    return graph


class GraphML:
    """A GraphML file of what `network` gives, written subject by subject in bounded memory.

    Written here since networkx holds the graph three times over and takes longer for this file than all
    others take together; a test reads it back by networkx and compares. Subjects must come sorted; nodes and edges go
    to files beside it until all attributes are known, which the format wants first. `base` begins the IRIs of subjects;
    what else is pointed to is a term of an ontology.
    """

    def __init__(self, file: Path, base: str) -> None:
        self._file, self._base = file, f"<{base}"

    def __enter__(self) -> GraphML:
        self._nodes, self._edges = (
            TemporaryFile("w+", encoding="utf-8", newline="\n", dir=self._file.parent) for _ in range(2)
        )
        self._used: set[str] = set()
        self._terms: set[str] = set()
        self._number = 0
        return self

    def draw(
        self, subject: str, predicates: Mapping[str, Iterable[str]], status: Callable[[Fact], str] = lambda _: ""
    ) -> None:
        """Take in one subject; `status` gives the term of a fact's status, empty for background."""
        self._nodes.write(_node(subject, _attributes(subject, predicates)))
        source = _quoted(text_of(subject))
        for predicate in sorted(predicates):
            if predicate in _ABOUT_NODES:
                continue
            name = curie(predicate)
            self._used.add(name)
            for obj in sorted(predicates[predicate]):
                if _is_node(obj):
                    if not obj.startswith(self._base):
                        self._terms.add(obj)
                    ends = f'id="e{self._number}" source={source} target={_quoted(text_of(obj))}'
                    factuality = status((subject, predicate, obj)).rpartition("#")[2].rstrip(">")
                    said = _data("edge-predicate", name) + _data("edge-status", factuality)
                    self._edges.write(f"    <edge {ends}>\n{said}    </edge>\n")
                    self._number += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._nodes, self._edges:
            if kind is None:
                write_pieces(self._file, self._pieces())

    def _pieces(self) -> Iterator[str]:
        yield _HEAD
        for name in [*_ALWAYS, *sorted(self._used)]:
            yield f'  <key id={_quoted(name)} for="node" attr.name={_quoted(name)} attr.type="string" />\n'
        for name in ("predicate", "status"):
            yield f'  <key id="edge-{name}" for="edge" attr.name="{name}" attr.type="string" />\n'
        yield '  <graph edgedefault="directed">\n'
        yield from _content(self._nodes)
        yield from (_node(term, _unknown(term)) for term in sorted(self._terms))
        yield from _content(self._edges)
        yield "  </graph>\n</graphml>\n"


def _content(stream: TextIO) -> Iterator[str]:
    stream.seek(0)
    while piece := stream.read(1 << 20):
        yield piece


def _node(term: str, attributes: Mapping[str, str]) -> str:
    data = "".join(_data(name, value) for name, value in attributes.items())
    return f"    <node id={_quoted(text_of(term))}>\n{data}    </node>\n"


def _data(key: str, value: str) -> str:
    return f'      <data key="{key}">{_escaped(value)}</data>\n'


def _escaped(text: str) -> str:
    return saxutils.escape(text, _CARRIAGE_RETURN) if _MARKUP.search(text) else text


def _quoted(text: str) -> str:
    return saxutils.quoteattr(text) if _MARKUP.search(text) else f'"{text}"'


@lru_cache(maxsize=4_096)
def curie(term: str) -> str:
    """Give the CURIE of an IRI's term, or the IRI if no prefix fits.

    >>> curie("<https://w3id.org/newskg/ontology#announced>")
    'nk:announced'
    """
    iri = text_of(term)
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = _BY_NAMESPACE.get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix else iri


def _unknown(obj: str) -> dict[str, str]:
    return {"label": text_of(obj), "type": "", "names": ""}


def _is_node(obj: str) -> bool:
    return is_iri(obj) and not obj.startswith(f"<{NK}")  # a status or a class is a value, not a thing


def _attributes(subject: str, predicates: Mapping[str, Iterable[str]]) -> dict[str, str]:
    labels = {parts(label)[2] or "": text_of(label) for label in predicates.get(LABEL, ())}
    label = labels.get("ko") or (labels[min(labels)] if labels else text_of(subject))
    types = [curie(term).removeprefix("nk:") for term in sorted(predicates.get(TYPE, ())) if term != UNREVIEWED]
    others = {text_of(name) for name in predicates.get(OTHER, ())} | set(labels.values())
    values = {"label": label, "type": types[0] if types else "", "names": "\n".join(sorted(others - {label}))}
    for predicate, objects in sorted(predicates.items()):
        if predicate in _ABOUT_NODES:
            continue
        said = [curie(obj) if is_iri(obj) else text_of(obj) for obj in sorted(objects) if not _is_node(obj)]
        if said:
            values[curie(predicate)] = "\n".join(said)
    return values
