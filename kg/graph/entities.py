"""What a build knows of each thing: its class, its labels, its other names.

All documents are read before a label is chosen, so that a node has one label a language
however many documents name it, and the choice does not depend on their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
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
UNREVIEWED, _IDENTIFIER = expand("nk:Unreviewed"), expand("dcterms:identifier")


@dataclass(slots=True)
class Node:
    """What the texts say of one thing: its classes, how often it is called what, its other names with their language.

    `named` tells that words of a text denote it and that no curator knows it.
    """

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
        self._nodes: dict[str, Node] = {}
        self._above: dict[str, frozenset[str]] = {}
        self._curated: dict[str, frozenset[str]] = {}

    def see(self, entity: Entity, *, times: int = 1, mentioned: bool = False) -> None:
        """Take in an entity as a document has it; `mentioned` if a name in the text denotes it."""
        node = self._nodes.get(entity.key)
        if node is None:
            node = self._nodes[entity.key] = Node()
            for known in self.curated(entity.key):
                self._nodes.setdefault(known, Node())
        node.types.add(entity.type)
        if entity.label:
            node.labels[entity.label] += times
        node.names.update(entity.names)
        node.named |= mentioned and not entity.known

    def curated(self, key: str) -> frozenset[str]:
        """Give the key of a curated entity with all that the lexicon's facts about it lead to; none for another key."""
        found = self._curated.get(key)
        if found is None:
            found, waiting = frozenset(), [key]
            while waiting:
                at = waiting.pop()
                if at in self._entries and at not in found:
                    found |= {at}
                    waiting += [target for _, target in self._entries[at].facts]
            if found:
                self._curated[key] = found
        return found

    def term(self, key: str) -> str:
        """Give the term that stands for a key."""
        return _term(key, self._base)

    def keys(self) -> list[str]:
        """Give the keys of all nodes, sorted."""
        return sorted(self._nodes)

    def types(self, key: str, node: Node) -> list[str]:
        """Give a node's classes (local names), without those that another of them implies."""
        stated = set(node.types)
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

    def triples(self) -> Iterator[tuple[str, str, str]]:
        """Give types and labels of every node, and what the lexicon says of the curated ones."""
        for key, node in self._nodes.items():
            yield from self.describe(key, node)

    def describe(self, key: str, node: Node) -> Iterator[tuple[str, str, str]]:
        """Give types and labels of one node, and what the lexicon says of it."""
        subject = self.term(key)
        for name in self.types(key, node):
            yield subject, TYPE, self._class(name)
        entry = self._entries.get(key)
        if entry is None and node.named and not node.types & _UNNAMED:
            yield subject, TYPE, UNREVIEWED
            yield subject, _IDENTIFIER, string(key)  # by which a curator's decision names it
        labels = self._labels(key, node)
        for language, label in labels.items():
            yield subject, LABEL, string(label, language)
            yield subject, PREFERRED, string(label, language)
        for surface, language in self._others(key, node) - {(label, language) for language, label in labels.items()}:
            if surface:
                yield subject, OTHER, string(surface, language)
        if entry is not None:
            for predicate, target in entry.facts:
                yield subject, self.expand(predicate), self.term(target)

    def link(self, key: str) -> Iterator[tuple[str, str, str]]:
        """Give the link of a node to Wikidata, if a person checked one."""
        entry = self._entries.get(key)
        if entry is not None and entry.wikidata:
            item = entry.wikidata.rpartition("/")[2]
            yield self.term(key), SAME, named(PREFIXES["wd"] + item)

    def _class(self, name: str) -> str:
        declared = self._ontology.classes.get(name) if self._ontology is not None else None
        return named(declared.iri) if declared is not None else expand(f"nk:{name}")

    def _labels(self, key: str, node: Node) -> dict[str, str]:
        entry = self._entries.get(key)
        if entry is not None and entry.labels:
            return {tag(language): label for language, label in entry.labels.items()}
        seen = node.labels
        if seen:
            return {"ko": min(seen, key=lambda label: (-seen[label], label))}
        kinds = self.types(key, node)  # what has no name is called by its class, so that a person can read it
        declared = self._ontology.classes.get(kinds[0]) if self._ontology is not None and kinds else None
        return {tag(language): label for language, label in declared.labels.items()} if declared else {}

    def _others(self, key: str, node: Node) -> set[tuple[str, str]]:
        """Give all surfaces with language tags."""
        entry = self._entries.get(key)
        surfaces = {(surface, tag(language)) for surface, language in node.names}
        surfaces |= {(label, "ko") for label in node.labels}
        if entry is not None:
            surfaces |= {(surface, tag(language)) for surface, language in entry.names}
        return surfaces

    def _superclasses(self, name: str) -> frozenset[str]:
        found = self._above.get(name)
        if found is None:
            above = self._ontology.superclasses(name) if self._ontology is not None else ()
            found = self._above[name] = frozenset(above) - {name}
        return found


@lru_cache(maxsize=16_384)
def _term(key: str, base: str) -> str:
    return f"<{iri(key, base)}>"
