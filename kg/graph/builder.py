"""From what was read in each document to the files of a build."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from kg.authority import Authority
from kg.graph.dataset import NAMESPACES, About, Inventory
from kg.graph.entities import SAME, Entities
from kg.graph.gathering import STATUS, STRENGTH, Gathering, fact_of
from kg.graph.network import GraphML
from kg.graph.provenance import Fact
from kg.graph.terms import PREFIXES, expand
from kg.graph.turtle import Bodies, Description, Triples, trig, turtle, unwritable, write_pieces
from kg.model import Entity, Extraction, Statement
from kg.readings import Reading, Readings

if TYPE_CHECKING:
    from kg.lexicon import Lexicon
    from kg.ontology import Ontology


class GraphBuilder:
    """Takes in documents in any order and writes the graph of them all.

    `rule_set` is the version of the rules, `rules` each rule's id with its line about itself; `readings`
    (default: none yet, in memory) what was read so far; `authority` a curator's decisions about names;
    `files` the names of all files that the dataset's description should list. The same
    documents give the same bytes, in whatever order they come.
    """

    def __init__(
        self,
        base: str,
        lexicon: Lexicon | None = None,
        ontology: Ontology | None = None,
        rule_set: str = "",
        rules: Mapping[str, str] | None = None,
        readings: Readings | None = None,
        authority: Authority | None = None,
        files: Sequence[str] = (),
    ) -> None:
        self._base, self._lexicon, self._ontology = base, lexicon, ontology
        self._rule_set, self._rules = rule_set, rules or {}
        self._files = tuple(files)
        self._authority = authority or Authority()
        self._readings = readings if readings is not None else Readings()

    def add(self, extraction: Extraction) -> None:
        """Take in one document; again under the same id, it takes the place of the first."""
        reading = Reading.of(extraction)
        self._readings.put(reading.document.id, reading.document.sha256, reading.to_json())

    def remove(self, document: str) -> None:
        """Forget the document with this id; no error if there is none."""
        self._readings.remove(document)

    def write(self, folder: Path) -> dict[str, int]:
        """Write the RDF and GraphML files of a build into an existing folder; give what they count.

        Memory is bounded, whatever the number of documents: see `kg.graph.gathering`. Raises `KgError` if the folder
        cannot be written.
        """
        own = self._ontology.prefixes if self._ontology is not None else {}
        prefixes = {**own, **PREFIXES, "id": self._base}
        entities, inventory = Entities(self._base, self._lexicon, self._ontology), Inventory()
        bodies = Bodies(prefixes)
        try:
            with closing(
                Gathering(entities, self._base, self._rule_set, self._rules, self._authority, bodies)
            ) as gathering:
                for reading in self._readings:
                    gathering.take(reading)
                with GraphML(folder / "graph.graphml", self._base) as network:
                    write_pieces(folder / "graph.ttl", turtle(_drawn(gathering, network, inventory), prefixes))
                write_pieces(folder / "provenance.ttl", bodies.turtle(gathering.proofs()))
                write_pieces(folder / "graph.trig", trig(gathering.graphs(), prefixes))
                links = Triples(gathering.links())
                write_pieces(folder / "links.ttl", turtle(links.descriptions(), prefixes))
                same = sum(predicate == SAME for _, predicate, _ in links)
                about = About(self._base, version=self._rule_set, files=self._files, links=same)
                dataset = turtle(inventory.described(about).descriptions(), {**prefixes, **NAMESPACES})
                write_pieces(folder / "void.ttl", dataset)
                return {"documents": len(self._readings), **gathering.counts, "links": len(links)}
        except (OSError, sqlite3.OperationalError) as error:  # the disk of the folder, or that of temporary files
            raise unwritable(folder, error) from error


def _drawn(gathering: Gathering, network: GraphML, inventory: Inventory) -> Iterator[Description]:
    """Give the subjects of a graph; draw each in GraphML, and count it for the dataset's description, as it goes by."""
    for subject, predicates in gathering.subjects():
        inventory.see(subject, predicates)
        network.draw(subject, predicates, gathering.status)
        yield subject, predicates


def statement_triples(statements: Iterable[Statement], base: str) -> tuple[Triples, dict[Fact, str]]:
    """Give the triples of statements without lexicon or document, and each fact's strongest status."""
    entities = Entities(base)
    strongest: dict[Fact, str] = {}
    for statement in statements:
        entities.see(statement.subject)
        if isinstance(statement.object, Entity):
            entities.see(statement.object)
        fact, status = fact_of(statement, entities), expand(f"nk:{statement.status}")
        strongest[fact] = min(strongest.get(fact, status), status, key=STRENGTH.__getitem__)
    for fact in list(_weaker_statuses(strongest)):
        del strongest[fact]
    triples = Triples(entities.triples())
    for fact in strongest:
        triples.add(*fact)
    return triples, {fact: status.rpartition("#")[2][:-1] for fact, status in strongest.items()}


def _weaker_statuses(said: Iterable[Fact]) -> Iterator[Fact]:
    by_subject: dict[str, list[Fact]] = {}
    for fact in said:
        if fact[1] == STATUS and fact[2] in STRENGTH:
            by_subject.setdefault(fact[0], []).append(fact)
    for facts in by_subject.values():
        yield from sorted(facts, key=lambda fact: STRENGTH[fact[2]])[1:]
