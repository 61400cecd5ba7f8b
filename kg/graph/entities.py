"""What a build knows of each thing: its class, its labels, its other names.

All documents are read before a label is chosen, so that a node has one label a language
however many documents name it, and the choice does not depend on their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.graph.iris import iri
from kg.graph.terms import PREFIXES, expand, named, string, tag
from kg.model import Entity

if TYPE_CHECKING:
    from kg.lexicon import Entry, Lexicon
    from kg.ontology import Ontology

_UNNAMED = frozenset({"Group", "Amount"})
LABEL, PREFERRED, OTHER = expand("rdfs:label"), expand("skos:prefLabel"), expand("skos:altLabel")
TYPE, SAME = expand("rdf:type"), expand("owl:sameAs")
UNREVIEWED = expand("nk:Unreviewed")


@dataclass(slots=True)
class _Node:
    types: set[str] = field(default_factory=set)
    labels: Counter[str] = field(default_factory=Counter)
    names: set[tuple[str, str]] = field(default_factory=set)
    named: bool = False


class Entities:
    """The nodes of a graph, gathered key by key, then described.

    >>> entities = Entities("https://x.kr/")
    >>> entities.see(Entity("Company/한빛전자", "Company", "한빛전자"))
    >>> [obj for _, predicate, obj in entities.triples() if predicate == LABEL]
    ['"한빛전자"@ko']
    """

    def __init__(self, base: str, lexicon: Lexicon | None = None, ontology: Ontology | None = None) -> None:
        self._base = base
        self._entries: Mapping[str, Entry] = lexicon.entries if lexicon is not None else {}
        self._ontology = ontology
        self._nodes: dict[str, _Node] = {}
        self._above: dict[str, frozenset[str]] = {}
        self._terms: dict[str, str] = {}

    def see(self, entity: Entity, *, times: int = 1, mentioned: bool = False) -> None:
        """Take in an entity as a document has it; `mentioned` if a name in the text denotes it."""
        node = self._nodes.get(entity.key)
        if node is None:
            node = self._nodes[entity.key] = _Node()
            self._follow(entity.key)
        node.types.add(entity.type)
        if entity.label:
            node.labels[entity.label] += times
        node.names.update(entity.names)
        node.named |= mentioned and not entity.known

    def _follow(self, key: str) -> None:
        """Take in, too, what the lexicon's facts about a curated entity point to."""
        waiting = [key]
        while waiting:
            entry = self._entries.get(waiting.pop())
            if entry is None:
                continue
            for _, target in entry.facts:
                if target not in self._nodes and target in self._entries:
                    self._nodes[target] = _Node()
                    waiting.append(target)

    def term(self, key: str) -> str:
        """Give the term that stands for a key."""
        known = self._terms.get(key)
        if known is None:
            known = self._terms[key] = f"<{iri(key, self._base)}>"
        return known

    def keys(self) -> list[str]:
        """Give the keys of all nodes, sorted."""
        return sorted(self._nodes)

    def types(self, key: str) -> list[str]:
        """Give a node's classes (local names), without those that another of them implies."""
        stated = set(self._nodes[key].types)
        if key in self._entries:
            stated.add(self._entries[key].type)
        implied = {above for name in stated for above in self._superclasses(name)}
        return sorted(stated - implied)

    def expand(self, curie: str) -> str:
        """Give the term of a CURIE whose prefix we have, or the project's ontology."""
        prefix = curie.partition(":")[0]
        if self._ontology is None or prefix in PREFIXES:
            return expand(curie)
        return named(self._ontology.iri(curie))

    def is_a(self, name: str, above: str) -> bool:
        """Tell whether a class is another or lies below it."""
        return name == above or above in self._superclasses(name)

    def label(self, key: str) -> str:
        """Give a node's Korean label, or the one that it has."""
        labels = self._labels(key)
        return labels.get("ko") or next((labels[tag] for tag in sorted(labels)), key)

    def names(self, key: str) -> list[str]:
        """Give every other name of a node, sorted."""
        return sorted({surface for surface, _ in self._others(key)})

    def triples(self) -> Iterator[tuple[str, str, str]]:
        """Give types and labels of every node, and what the lexicon says of the curated ones."""
        for key, node in self._nodes.items():
            subject = self.term(key)
            for name in self.types(key):
                yield subject, TYPE, self._class(name)
            entry = self._entries.get(key)
            if entry is None and node.named and not node.types & _UNNAMED:
                yield subject, TYPE, UNREVIEWED
            for language, label in self._labels(key).items():
                yield subject, LABEL, string(label, language)
                yield subject, PREFERRED, string(label, language)
            for surface, language in self._others(key):
                yield subject, OTHER, string(surface, language)
            if entry is not None:
                for predicate, target in entry.facts:
                    yield subject, self.expand(predicate), self.term(target)

    def links(self) -> Iterator[tuple[str, str, str]]:
        """Give the links to Wikidata that a person checked."""
        for key in self._nodes:
            entry = self._entries.get(key)
            if entry is not None and entry.wikidata:
                item = entry.wikidata.rpartition("/")[2]
                yield self.term(key), SAME, named(PREFIXES["wd"] + item)

    def _class(self, name: str) -> str:
        declared = self._ontology.classes.get(name) if self._ontology is not None else None
        return named(declared.iri) if declared is not None else expand(f"nk:{name}")

    def _labels(self, key: str) -> dict[str, str]:
        entry = self._entries.get(key)
        if entry is not None and entry.labels:
            return {tag(language): label for language, label in entry.labels.items()}
        seen = self._nodes[key].labels
        if seen:
            return {"ko": min(seen, key=lambda label: (-seen[label], label))}
        kinds = self.types(key)  # a node without a name is called by its class, so that a person can read it
        declared = self._ontology.classes.get(kinds[0]) if self._ontology is not None and kinds else None
        return {tag(language): label for language, label in declared.labels.items()} if declared else {}

    def _others(self, key: str) -> set[tuple[str, str]]:
        """Give surfaces with language tags that are no preferred label."""
        node, entry = self._nodes[key], self._entries.get(key)
        surfaces = {(surface, tag(language)) for surface, language in node.names}
        surfaces |= {(label, "ko") for label in node.labels}
        if entry is not None:
            surfaces |= {(surface, tag(language)) for surface, language in entry.names}
        taken = {(label, language) for language, label in self._labels(key).items()}
        return {name for name in surfaces - taken if name[0]}

    def _superclasses(self, name: str) -> frozenset[str]:
        found = self._above.get(name)
        if found is None:
            above = self._ontology.superclasses(name) if self._ontology is not None else ()
            found = self._above[name] = frozenset(above) - {name}
        return found
