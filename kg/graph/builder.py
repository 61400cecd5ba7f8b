"""From what was read in each document to the files of a build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from kg.errors import KgError
from kg.graph.entities import Entities
from kg.graph.iris import document_iri, graph_iri
from kg.graph.network import graphml
from kg.graph.provenance import Fact, Provenance, document_facts
from kg.graph.terms import PREFIXES, expand, named, of_literal
from kg.graph.turtle import Description, Triples, trig, turtle, write_pieces
from kg.model import Entity, Evidence, Extraction, Literal, Statement, Status
from kg.readings import Reading, Readings

if TYPE_CHECKING:
    from kg.lexicon import Lexicon
    from kg.ontology import Ontology

STATUS, MENTIONS = expand("nk:status"), expand("nk:mentions")
_STRENGTH = {expand(f"nk:{status}"): rank for rank, status in enumerate(("Happened", "Claimed", "Planned", "Possible"))}
_BY_STATUS: dict[Status, str] = {status: expand(f"nk:{status}") for status in get_args(Status)}
_PHRASE = "phrase"  # the turn of a rule that reads a noun phrase, which asserts no event


class GraphBuilder:
    """Takes in documents in any order and writes the graph of them all.

    `rule_set` is the version of the rules, `rules` each rule's id with its line about itself; `readings`
    (default: none yet, in memory) what was read so far. The same documents give the same bytes, in whatever order
    they come.
    """

    def __init__(
        self,
        base: str,
        lexicon: Lexicon | None = None,
        ontology: Ontology | None = None,
        rule_set: str = "",
        rules: Mapping[str, str] | None = None,
        readings: Readings | None = None,
    ) -> None:
        self._base, self._lexicon, self._ontology = base, lexicon, ontology
        self._rule_set, self._rules = rule_set, rules or {}
        self._readings = readings if readings is not None else Readings()

    def add(self, extraction: Extraction) -> None:
        """Take in one document; again under the same id, it takes the place of the first."""
        reading = Reading.of(extraction)
        self._readings.put(reading.document.id, reading.document.sha256, reading.to_json())

    def remove(self, document: str) -> None:
        """Forget the document with this id; no error if there is none."""
        self._readings.remove(document)

    def compile(self) -> Compiled:
        """Put all documents together: labels chosen, facts merged, evidence gathered."""
        return _compile(
            list(self._readings),
            Entities(self._base, self._lexicon, self._ontology),
            self._base,
            self._rule_set,
            self._rules,
        )

    def write(self, folder: Path) -> dict[str, int]:
        """Write the RDF and GraphML files of a build into an existing folder; give what they count.

        Raises `KgError` if the folder cannot be written.
        """
        compiled = self.compile()
        own = self._ontology.prefixes if self._ontology is not None else {}
        prefixes = {**own, **PREFIXES, "id": self._base}
        write_pieces(folder / "graph.ttl", turtle(compiled.graph.descriptions(), prefixes))
        write_pieces(folder / "provenance.ttl", turtle(compiled.provenance.descriptions(), prefixes))
        write_pieces(folder / "graph.trig", trig(compiled.named_graphs(), prefixes))
        links = Triples(compiled.entities.links())
        write_pieces(folder / "links.ttl", turtle(links.descriptions(), prefixes))
        write_pieces(folder / "graph.graphml", graphml(compiled.graph, compiled.statuses))
        return {
            "documents": len(self._readings),
            "entities": len(compiled.entities.keys()),
            "facts": len(compiled.facts),
            "evidences": len(compiled.provenance),
            "triples": len(compiled.graph),
            "links": len(links),
        }


@dataclass(frozen=True, slots=True)
class Compiled:
    """A whole graph in memory.

    `graph` is all of graph.ttl; `facts` the triples that rules made, each with the ids of the
    documents that say it; `about` each document's own triples; `statuses` the strongest status
    of each fact.
    """

    base: str
    entities: Entities
    graph: Triples
    facts: Mapping[Fact, frozenset[str]]
    about: Mapping[str, Triples]
    common: Triples
    provenance: Provenance
    statuses: Mapping[Fact, str]

    def named_graphs(self) -> Iterator[tuple[str, Iterator[Description]]]:
        """Give a named graph a document, and one for what does not depend on any one of them.

        Types, labels and background stand in the graph ``…graph/entities``, since a label is
        chosen over all documents; their union is graph.ttl.
        """
        graphs = {named(graph_iri(document, self.base)): triples for document, triples in self.about.items()}
        graphs[named(self.base + "graph/entities")] = self.common
        for name in sorted(graphs):
            yield name, graphs[name].descriptions()


def _compile(
    readings: Sequence[Reading], entities: Entities, base: str, rule_set: str, rules: Mapping[str, str]
) -> Compiled:
    said: dict[Fact, list[Evidence]] = {}
    about: dict[str, Triples] = {}
    known: set[str] = set()

    def agent(key: str) -> str | None:
        return entities.term(key) if key in known else None

    provenance = Provenance(base, rule_set, rules, agent)
    for reading in readings:
        document = reading.document
        provenance.document(document, reading.sentences)
        subject = named(document_iri(document.id, base))
        own = about[document.id] = Triples()
        for predicate, objects in document_facts(document).items():
            for obj in objects:
                own.add(subject, predicate, obj)
        for entity, times in reading.mentions:
            entities.see(entity, times=times, mentioned=True)
            own.add(subject, MENTIONS, entities.term(entity.key))
        for statement in reading.statements:
            entities.see(statement.subject, times=0)
            if isinstance(statement.object, Entity):
                entities.see(statement.object, times=0)
            said.setdefault(_fact(statement, entities), []).append(statement.evidence)
    known.update(entities.keys())
    _add_statuses(said, readings, entities)
    facts: dict[Fact, frozenset[str]] = {}
    statuses: dict[Fact, str] = {}
    lost = set(_weaker_statuses(said))
    for fact, evidences in said.items():
        for evidence in evidences:
            provenance.add(fact, evidence)
        if fact not in lost:
            facts[fact] = frozenset(evidence.document for evidence in evidences)
            statuses[fact] = min((evidence.status for evidence in evidences), key=lambda s: _STRENGTH[_BY_STATUS[s]])
    common = Triples(entities.triples())
    graph = Triples(common)
    for fact, sources in facts.items():
        graph.add(*fact)
        for source in sources:
            about[source].add(*fact)
    for own in about.values():
        graph.update(own)
    _refuse_collisions(entities)
    return Compiled(base, entities, graph, facts, about, common, provenance, statuses)


def _fact(statement: Statement, entities: Entities) -> Fact:
    obj = statement.object
    return (
        entities.term(statement.subject.key),
        entities.expand(statement.predicate),
        _object(obj, entities),
    )


def _object(obj: Entity | Literal, entities: Entities) -> str:
    if isinstance(obj, Entity):
        return entities.term(obj.key)
    return entities.expand(obj.value) if obj.datatype == "rdfs:Class" else of_literal(obj)


def _add_statuses(said: dict[Fact, list[Evidence]], readings: Sequence[Reading], entities: Entities) -> None:
    """Give each event that no rule gave a status the one under which its clauses speak of it."""
    explicit = {fact[0] for fact in said if fact[1] == STATUS}
    for reading in readings:
        for statement in reading.statements:
            subject = entities.term(statement.subject.key)
            if subject in explicit or statement.evidence.turn == _PHRASE:
                continue
            if entities.is_a(statement.subject.type, "Event"):
                fact = (subject, STATUS, _BY_STATUS[statement.status])
                said.setdefault(fact, []).append(statement.evidence)


def _weaker_statuses(said: Iterable[Fact]) -> Iterator[Fact]:
    """Give the status facts that a stronger one overrules: what happened is no longer planned."""
    by_subject: dict[str, list[Fact]] = {}
    for fact in said:
        if fact[1] == STATUS and fact[2] in _STRENGTH:
            by_subject.setdefault(fact[0], []).append(fact)
    for facts in by_subject.values():
        yield from sorted(facts, key=lambda fact: _STRENGTH[fact[2]])[1:]


def _refuse_collisions(entities: Entities) -> None:
    seen: dict[str, str] = {}
    for key in sorted(entities.keys()):
        other = seen.setdefault(entities.term(key), key)
        if other != key:
            raise KgError(f"{key!r} and {other!r} get one IRI", code="KG627", mend="rename one of them in the lexicon")


def statement_triples(statements: Iterable[Statement], base: str) -> tuple[Triples, dict[Fact, str]]:
    """Give the triples of statements without lexicon or document, and each fact's strongest status."""
    entities = Entities(base)
    said: dict[Fact, list[Evidence]] = {}
    for statement in statements:
        entities.see(statement.subject)
        if isinstance(statement.object, Entity):
            entities.see(statement.object)
        said.setdefault(_fact(statement, entities), []).append(statement.evidence)
    for fact in list(_weaker_statuses(said)):
        del said[fact]
    triples = Triples(entities.triples())
    for fact in said:
        triples.add(*fact)
    strongest = {
        fact: min((evidence.status for evidence in evidences), key=lambda s: _STRENGTH[_BY_STATUS[s]])
        for fact, evidences in said.items()
    }
    return triples, dict(strongest)
