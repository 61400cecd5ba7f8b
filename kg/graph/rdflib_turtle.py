"""An rdflib graph as sorted Turtle: the bytes that `kg.graph.turtle` writes of the same triples.

What takes time is touching rdflib's nodes, which are Python objects that compare and hash in Python: each is turned
into text once, and only text is looked up and sorted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.graph.terms import PREFIXES, string
from kg.graph.turtle import INTEGER, RDF_TYPE, Short, head, type_first, write_pieces

if TYPE_CHECKING:
    import rdflib

_REFUSED = re.compile(r'[\x00-\x20<>"{}|\\^`\[\]\ud800-\udfff\ufffe\uffff]|%(?![0-9A-Fa-f]{2})')
_STRING = PREFIXES["xsd"] + "string"
_Index = Mapping[Any, Mapping[Any, Collection[Any]]]


def write_turtle(graph: rdflib.Graph, path: Path | str, prefixes: Mapping[str, str] | None = None) -> None:
    """Write an rdflib graph as sorted Turtle, many times faster than rdflib does.

    `prefixes` are put before those that the graph itself binds. Blank nodes, which have no stable order,
    are a `KgError`, and so are IRIs that stores refuse.
    """
    bound = {prefix: str(namespace) for prefix, namespace in graph.namespaces() if prefix in PREFIXES}
    write_pieces(Path(path), _turtle(_index(graph), {**PREFIXES, **bound, **(prefixes or {})}))


def _index(graph: rdflib.Graph) -> _Index:
    """Give the objects of a graph by subject and predicate.

    rdflib's store in memory holds just that. It has no public name, but to ask for triples instead takes longer than
    all that is done with them here; so it is taken where it has as many as the graph, which are then the same.
    """
    known = getattr(graph.store, "_Memory__spo", None)
    if isinstance(known, dict):
        sizes = list(map(len, chain.from_iterable(map(dict.values, known.values()))))
        if sum(sizes) == len(graph) and 0 not in sizes:  # none stays behind when triples are removed
            return known
    found: dict[Any, dict[Any, list[Any]]] = {}
    for subject, predicate, obj in graph:
        found.setdefault(subject, {}).setdefault(predicate, []).append(obj)
    return found


def _turtle(index: _Index, prefixes: Mapping[str, str]) -> Iterator[str]:
    """Give Turtle in pieces, as `kg.graph.turtle.turtle` does."""
    from rdflib import URIRef

    terms = _Terms(prefixes)
    of, short = terms.of, terms.short
    described = {f"<{s}>" if type(s) is URIRef else of(s): predicates for s, predicates in index.items()}
    yield head(prefixes)
    for subject in sorted(described):
        predicates = described[subject]
        values = list(predicates.values())
        lines = []
        for place, verb in terms.verbs(predicates):
            objects = values[place]
            if len(objects) == 1:
                for node in objects:
                    if type(node) is URIRef:
                        lines.append(f"{verb} {terms[str(node)]}")
                    else:
                        term = of(node)
                        lines.append(f"{verb} {short(term) if term[-1] == '>' else term}")
            else:
                found = sorted({f"<{node}>" if type(node) is URIRef else of(node) for node in objects})
                shorts = [short(term) if term[-1] == ">" else term for term in found]
                lines.append(f"{verb} " + " ,\n        ".join(shorts))
        yield f"\n{short(subject)} " + " ;\n    ".join(lines) + " .\n"


class _Terms(dict[str, str]):
    """What Turtle says for IRIs, by their text."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        from rdflib import Literal, URIRef

        super().__init__()
        self._literal, self._iri = Literal, URIRef
        self._short = Short(prefixes)
        self._sound = all(map(_is_sound, prefixes.values()))
        self._orders: dict[str, list[tuple[int, str]]] = {}

    def __missing__(self, text: str) -> str:
        self[text] = short = self._short.iri(text)
        if not (self._sound and short[0] != "<" or _is_sound(text)):  # what is prefixed is as sound as the prefix
            mend = "percent-encode spaces, quotes and brackets"
            raise KgError(f"{text[:80]!r} is not an IRI", code="KG622", mend=mend)
        return short

    def of(self, node: Any) -> str:
        """Give a node as a term (see `kg.graph.terms`)."""
        if isinstance(node, self._literal):
            if (datatype := node.datatype) is None or (name := str(datatype)) == _STRING:
                return string(str(node), node.language)
            return f"{string(str(node))}^^<{name}>"
        if isinstance(node, self._iri):
            return f"<{node}>"  # looked at when it is shortened
        raise KgError("a blank node has no name to be sorted by", code="KG626", mend="give it an IRI")

    def short(self, term: str) -> str:
        """Give what Turtle says for a term."""
        if term[-1] != ">":
            return term
        if term[0] == "<":
            return self[term[1:-1]]
        if whole := INTEGER.fullmatch(term):
            return whole[1]
        text, _, datatype = term.rpartition("^^")
        return f"{text}^^{self[datatype[1:-1]]}"

    def verbs(self, predicates: Collection[Any]) -> list[tuple[int, str]]:
        """Give the places of predicates in the order to be written, each with what Turtle says for it.

        Most subjects have the same predicates as another, in the same order.
        """
        shape = "\n".join(predicates)
        known = self._orders.get(shape)
        if known is None or len(known) != len(predicates):  # a line break in a name is refused below
            found = [self.of(predicate) for predicate in predicates]
            ordered = sorted(range(len(found)), key=lambda place: type_first(found[place]))
            known = [(place, "a" if found[place] == RDF_TYPE else self.short(found[place])) for place in ordered]
            self._orders[shape] = known
        return known


def _is_sound(iri: str) -> bool:
    """Tell whether stores take an IRI that came from elsewhere; unlike a minted one it may hold Hangul."""
    return ":" in iri and not _REFUSED.search(iri)
