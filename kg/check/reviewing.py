"""What a curator should look at in a built graph: names that no lexicon has, and names that two things share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.store import Store, Table

_UNREVIEWED = """
SELECT ?key ?label ?class ?thing (COUNT(DISTINCT ?document) AS ?documents) (MIN(?id) AS ?example) WHERE {
  ?thing a nk:Unreviewed, ?class ; dcterms:identifier ?key ; rdfs:label ?label FILTER(?class != nk:Unreviewed)
  OPTIONAL { ?document nk:mentions ?thing ; dcterms:identifier ?id }
} GROUP BY ?key ?label ?class ?thing ORDER BY DESC(?documents) ?label ?key
"""
_NAMES = """
SELECT DISTINCT ?name ?thing ?label ?class WHERE {
  ?thing rdfs:label|skos:altLabel ?name ; a ?class ; rdfs:label ?label .
  FILTER(?class NOT IN (nk:Unreviewed, nk:Document) && lang(?label) = "ko" && lang(?name) = "ko")
} ORDER BY ?name ?thing
"""
_SHORTEST = 2  # code points of a name that may be the short form of another


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """A name that no lexicon has: the key by which decisions name it, and what it may be another name of.

    `documents` counts those that mention it, `example` is one of them.
    """

    key: str
    label: str
    type: str
    iri: str
    documents: int
    example: str
    like: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON can hold it."""
        return {
            "key": self.key,
            "label": self.label,
            "type": self.type,
            "iri": self.iri,
            "documents": self.documents,
            "example": self.example,
            "like": list(self.like),
        }


@dataclass(frozen=True, slots=True)
class Shared:
    """A name that several things of the graph have: (IRI, label, class) of each."""

    name: str
    things: tuple[tuple[str, str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON can hold it."""
        return {"name": self.name, "things": [dict(zip(("iri", "label", "type"), t, strict=True)) for t in self.things]}


def review(build: Path) -> tuple[list[Unreviewed], list[Shared]]:
    """Give the names of a build that a curator should look at, the most used first.

    Raises `KgError` KG63x if there is no build.
    """
    store = Store.open(build)
    rows, names = list(_cells(store.query(_UNREVIEWED))), list(_cells(store.query(_NAMES)))
    labels = sorted({(label, kind) for _, _, label, kind in names})
    found = [
        Unreviewed(key, label, kind, thing, int(documents), example, _like(label, kind, labels))
        for key, label, kind, thing, documents, example in rows
    ]
    return found, list(_shared(names))


def _like(label: str, kind: str, labels: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Give names of the class that the label begins or ends, or is written as without spaces."""
    bare = label.replace(" ", "")
    if len(bare) < _SHORTEST:
        return ()
    others = ((other, other.replace(" ", "")) for other, of in labels if of == kind and other != label)
    return tuple(other for other, text in others if text.startswith(bare) or text.endswith(bare))[:3]


def _shared(rows: Sequence[tuple[str, ...]]) -> Iterator[Shared]:
    things: dict[str, dict[str, tuple[str, str, str]]] = {}
    for name, thing, label, kind in rows:
        things.setdefault(name, {}).setdefault(thing, (thing, label, kind))
    yield from (Shared(name, tuple(found.values())) for name, found in things.items() if len(found) > 1)


def _cells(answer: object) -> Iterator[tuple[str, ...]]:
    assert isinstance(answer, Table)
    for row in answer.terms:
        cells = ["" if term is None else str(getattr(term, "value", term)) for term in row]
        yield tuple(cell.rpartition("#")[2] if "ontology#" in cell else cell for cell in cells)
