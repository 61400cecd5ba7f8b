"""What the page says of classes and relations: their names, colours and shapes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from kg.page import triples
from kg.page.triples import NK, OWL, RDF, RDFS, SKOS, Table, local_name

SHAPES = ("circle", "square", "diamond", "triangle", "hexagon", "star", "down", "pentagon", "plus", "octagon", "house")


@dataclass(frozen=True, slots=True)
class Look:
    """How a class is drawn: the family that gives the colour, and a shape within it."""

    family: str
    shape: str


class Vocabulary:
    """Names of classes and relations in Korean and English, from an ontology in Turtle.

    Without an ontology, or for a term that it lacks, the local name stands in. Comments
    serve as the explanation that the page shows on demand.
    """

    def __init__(self, ontology: Path | Sequence[Path] | None = None) -> None:
        if ontology is None:
            folder = shipped_ontology()
            places = [] if folder is None else [folder]
        else:
            places = [ontology] if isinstance(ontology, Path) else list(ontology)
        folders = [(place if place.is_dir() else place.parent) / "queries" for place in places]
        self.queries = next((folder for folder in folders if folder.is_dir()), None)
        self._table: Table = {}
        for place in places:
            for file in sorted(place.glob("*.ttl")) if place.is_dir() else [place]:
                for subject, pairs in triples.read(file).items():
                    self._table.setdefault(subject, []).extend(pairs)
        self._parents = {
            iri: [str(term) for predicate, term in pairs if predicate == RDFS + "subClassOf" and isinstance(term, str)]
            for iri, pairs in self._table.items()
        }
        self._classes = sorted(
            iri for iri, pairs in self._table.items() if iri.startswith(NK) and (RDF + "type", OWL + "Class") in pairs
        )

    def names(self, iri: str) -> tuple[str, str]:
        """Give the Korean and the English name of a class or relation."""
        pairs = self._table.get(iri, [])
        labels = triples.words(pairs, SKOS + "prefLabel", RDFS + "label")
        fallback = local_name(iri)
        if not labels and fallback in _terms():
            korean, english = _terms()[fallback]
            return korean, english
        english = triples.in_language(labels, "en") or _spaced(fallback)
        return triples.in_language(labels, "ko") or english, english

    def ancestors(self, iri: str) -> list[str]:
        """List the class and what it is a kind of, the nearest first, each once."""
        found, queue = [iri], [iri]
        while queue:
            for parent in self._parents.get(queue.pop(0), []):
                if parent not in found:
                    found.append(parent)
                    queue.append(parent)
        return found

    def most_specific(self, classes: list[str]) -> str:
        """Give the class that says most: none of the others is a kind of it; the first by name on a tie."""
        chosen = [c for c in classes if not any(c != d and c in self.ancestors(d)[1:] for d in classes)]
        return min(chosen or classes)

    def look(self, iri: str) -> Look:
        """Give a class its colour family and shape: its own, or one by its place among its kind."""
        own = _looks()
        lineage = [local_name(a) for a in self.ancestors(iri)]
        if lineage[0] in own:
            return own[lineage[0]]
        family = next((own[name].family for name in lineage if name in own), "other")
        rest = [c for c in self._classes if local_name(c) not in own]
        index = rest.index(iri) if iri in rest else sum(map(ord, lineage[0]))
        return Look(family, SHAPES[index % len(SHAPES)])


@cache
def _looks() -> dict[str, Look]:
    text = resources.files("kg.page").joinpath("assets", "looks.json").read_text("utf-8")
    return {name: Look(*look) for name, look in json.loads(text).items()}


@cache
def _terms() -> dict[str, list[str]]:
    """Names of the few terms of other vocabularies that the ontology does not name."""
    names: dict[str, list[str]] = json.loads(
        resources.files("kg.page").joinpath("assets", "terms.json").read_text("utf-8")
    )
    return names


def _spaced(name: str) -> str:
    """Part a local name into words.

    >>> _spaced("takesPlaceIn")
    'takes place in'
    """
    return "".join(f" {c.lower()}" if c.isupper() and i else c for i, c in enumerate(name))


def shipped_ontology() -> Path | None:
    """Find the ontology that comes with kg, if it is there."""
    from kg.project import shipped

    folder = shipped() / "ontology"
    return folder if (folder / "kg.ttl").is_file() else None
