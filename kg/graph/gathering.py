"""All documents put together on disk: facts merged, labels chosen, evidence gathered, everything sorted.

A graph of a million articles does not fit into memory, and every file of a build is sorted. So each
reading is taken apart into rows of a temporary SQLite database, whose sorter works within a bounded cache, and what
belongs to one subject, one document or one fact comes back together.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, get_args

from kg.authority import Authority
from kg.errors import KgError
from kg.graph.entities import Entities, Node
from kg.graph.iris import graph_iri
from kg.graph.provenance import (
    Fact,
    describe_document,
    describe_match,
    describe_rule,
    describe_statement,
)
from kg.graph.terms import clean, expand, named, of_literal
from kg.graph.turtle import Bodies, Description
from kg.model import Entity, Evidence, Literal, Statement, Status
from kg.readings import Reading

STATUS, MENTIONS, REPLACED = (expand(name) for name in ("nk:status", "nk:mentions", "dcterms:isReplacedBy"))
STRENGTH = {expand(f"nk:{status}"): rank for rank, status in enumerate(("Happened", "Claimed", "Planned", "Possible"))}
_BY_STATUS: dict[Status, str] = {status: expand(f"nk:{status}") for status in get_args(Status)}
_PHRASE = "phrase"  # the turn of a rule that reads a noun phrase, which asserts no event
_CACHE = 16 * 1024  # kB of memory for the database, and for each of up to four sorters
_A_BATCH = 1_000  # rows to a table that wait to be written at once
_TABLES = """
CREATE TABLE document (n INTEGER PRIMARY KEY, id, sha256, published, graph)
CREATE TABLE node (term, key, type, label, times, named)
CREATE TABLE name (term, surface, language)
CREATE TABLE said (s, p, o, implied, rank, document, match)
CREATE TABLE own (s, p, o)
CREATE TABLE about (graph, s, p, o)
CREATE TABLE proof (term, body)
"""

_Part = tuple[str, Mapping[str, Iterable[str]], Mapping[Fact, str]]
"""A subject, some of what the graph says of it, and the strongest status of each fact that a rule made."""


class Gathering:
    """What was read of all documents, taken in one by one, given sorted by subject.

    Call `take` for each document, then exhaust `subjects`, which settles what holds; then `graphs` and `proofs` may
    be asked for.
    """

    def __init__(
        self,
        entities: Entities,
        base: str,
        rule_set: str,
        rules: Mapping[str, str],
        authority: Authority,
        bodies: Bodies,
    ) -> None:
        self._entities, self._base, self._rule_set, self._rules = entities, base, rule_set, rules
        self._authority, self._bodies = authority, bodies
        self._waiting: dict[str, list[tuple[Any, ...]]] = {}
        self._database = sqlite3.connect("", isolation_level=None)  # on disk, unnamed, gone when closed
        self._database.execute(f"PRAGMA cache_size = -{_CACHE}")
        self._database.execute("PRAGMA journal_mode = OFF")  # nothing of it outlasts a failure
        for table in _TABLES.strip().split("\n"):
            self._database.execute(table)
        self._database.execute("BEGIN")
        self._documents = 0
        self._used_rules: set[str] = set()
        self._statuses: dict[Fact, str] = {}
        self._curated: set[str] = set()
        self._common = named(base + "graph/entities")
        self.counts = dict.fromkeys(("entities", "facts", "evidences", "triples"), 0)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def take(self, reading: Reading) -> None:
        """Take in what was read of one document, as the curator has it."""
        reading = self._authority.applied(reading)
        self._documents += 1
        document, entities = reading.document, self._entities
        day = document.published.isoformat() if document.published else None
        graph = named(graph_iri(document.id, self._base))
        self._many("document", [(self._documents, clean(document.id), document.sha256, day, graph)])
        times: dict[Entity, tuple[int, bool]] = {entity: (n, True) for entity, n in reading.mentions}
        for statement in reading.statements:
            for entity in (statement.subject, statement.object):
                if isinstance(entity, Entity):
                    times.setdefault(entity, (0, False))
        self._see(times)
        subject, facts = describe_document(document, self._base)
        about = [(subject, predicate, obj) for predicate, objects in facts.items() for obj in objects]
        about += {(subject, MENTIONS, entities.term(entity.key)) for entity, _ in reading.mentions}
        self._many("own", about)
        self._many("about", [(graph, *triple) for triple in about])
        matches = self._match(reading, {entity.key for entity in times})
        rows = []
        for statement in reading.statements:
            evidence = statement.evidence
            fact, rank = self._fact(statement), STRENGTH[_BY_STATUS[evidence.status]]
            rows.append((*fact, 0, rank, self._documents, matches[evidence]))
            if evidence.turn != _PHRASE and entities.is_a(statement.subject.type, "Event"):
                status = (fact[0], STATUS, _BY_STATUS[statement.status])
                rows.append((*status, 1, rank, self._documents, matches[evidence]))
        self._many("said", rows)

    def subjects(self) -> Iterator[Description]:
        """Give all of the graph, subject by subject in order of IRI."""
        self._end_of_documents()
        parts = heapq.merge(self._nodes(), self._facts(), self._own(), key=itemgetter(0))
        for term, descriptions in groupby(parts, key=itemgetter(0)):
            predicates: dict[str, set[str]] = {}
            self._statuses.clear()
            for _, found, statuses in descriptions:
                self._statuses.update(statuses)
                for predicate, objects in found.items():
                    predicates.setdefault(predicate, set()).update(objects)
            self.counts["triples"] += sum(map(len, predicates.values()))
            yield term, predicates

    def status(self, fact: Fact) -> str:
        """Give the strongest status of a fact of the subject that `subjects` gave last; empty if no rule made it."""
        return self._statuses.get(fact, "")

    def graphs(self) -> Iterator[tuple[str, Iterator[Description]]]:
        """Give a named graph a document, and one for what does not depend on any one of them.

        Types, labels and background stand in the graph ``…graph/entities``, since a label is
        chosen over all documents; their union is the whole graph.
        """
        rows = self._select("about", "SELECT graph, s, p, o FROM about ORDER BY graph, s, p, o")
        for graph, found in groupby(rows, key=itemgetter(0)):
            yield graph, _descriptions(row[1:] for row in found)

    def proofs(self) -> Iterator[tuple[str, str]]:
        """Give the provenance: documents, rule hits, rules and statements by IRI, each with its Turtle."""
        yield from self._select("proof", "SELECT term, body FROM proof ORDER BY term")

    def links(self) -> Iterator[tuple[str, str, str]]:
        """Give the links of curated entities to Wikidata, and from the IRIs of merged ones to what took their place."""
        for key in sorted(self._curated):
            yield from self._entities.link(key)
        self._write("node")
        for old, new in self._authority.redirects():
            term = self._entities.term(new)
            if self._database.execute("SELECT 1 FROM node WHERE term = ?", (term,)).fetchone():
                yield self._entities.term(old), REPLACED, term

    def _many(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write rows down, many at a time."""
        waiting = self._waiting.setdefault(table, [])
        waiting.extend(rows)
        if len(waiting) >= _A_BATCH:
            self._write(table)

    def _write(self, table: str) -> None:
        if rows := self._waiting.pop(table, None):
            self._database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)

    def _select(self, tables: str, query: str) -> sqlite3.Cursor:
        """Ask a query of tables, once all of them is written down."""
        for table in tables.split():
            self._write(table)
        return self._database.execute(query)

    def _see(self, times: Mapping[Entity, tuple[int, bool]]) -> None:
        entities = self._entities
        for entity in times:
            self._curated |= entities.curated(entity.key)
        self._many(
            "node",
            [
                (entities.term(e.key), clean(e.key), e.type, clean(e.label), n, named and not e.known)
                for e, (n, named) in times.items()
            ],
        )
        self._many("name", [(entities.term(e.key), clean(surface), tag) for e in times for surface, tag in e.names])

    def _match(self, reading: Reading, known: set[str]) -> dict[Evidence, str]:
        """Write down the rule hits of a document and give their terms."""
        terms: dict[Evidence, str] = {}
        described: dict[str, Description] = {}
        for statement in reading.statements:
            evidence = statement.evidence
            if evidence not in terms:
                claimant = evidence.claimant
                term = self._entities.term(claimant) if claimant in known and claimant is not None else None
                match = describe_match(evidence, reading.sentences[evidence.sentence], term, self._base)
                terms[evidence] = match[0]
                described[match[0]] = match
                self._used_rules.add(evidence.rule)
        self._proofs([describe_document(reading.document, self._base), *described.values()])
        self.counts["evidences"] += len(described)
        return terms

    def _proofs(self, descriptions: Iterable[Description]) -> None:
        self._many("proof", [(term, self._bodies.of(facts)) for term, facts in descriptions])

    def _end_of_documents(self) -> None:
        self._many("node", [(self._entities.term(key), key, None, None, 0, False) for key in sorted(self._curated)])
        rules = sorted(self._used_rules)
        self._proofs(describe_rule(rule, self._rules.get(rule), self._rule_set, self._base) for rule in rules)

    def _nodes(self) -> Iterator[_Part]:
        """Give what the graph says of each thing whatever the document."""
        seen = self._select(
            "node",
            "SELECT term, key, type, label, sum(times), max(named) FROM node GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        )
        names = self._select("name", "SELECT DISTINCT term, surface, language FROM name ORDER BY 1, 2, 3")
        others = groupby(names, key=itemgetter(0))
        waiting = next(others, None)
        for term, rows in groupby(seen, key=itemgetter(0)):
            node, keys = Node(), set()
            for _, key, kind, label, times, is_named in rows:
                keys.add(key)
                node.types |= {kind} if kind else set()
                if label:
                    node.labels[label] += times
                node.named |= bool(is_named)
            if waiting is not None and waiting[0] == term:
                node.names.update((surface, language) for _, surface, language in waiting[1])
                waiting = next(others, None)
            if len(keys) > 1:
                one, other = sorted(keys)[:2]
                raise KgError(
                    f"{one!r} and {other!r} get one IRI", code="KG627", mend="rename one of them in the lexicon"
                )
            self.counts["entities"] += 1
            predicates: dict[str, set[str]] = {}
            links = {(predicate, obj) for _, predicate, obj in self._entities.describe(key, node)}
            for predicate, obj in links:
                predicates.setdefault(predicate, set()).add(obj)
            self._many("about", [(self._common, term, *link) for link in links])
            yield term, predicates, {}

    def _facts(self) -> Iterator[_Part]:
        """Give what rules say of each thing; what a stronger status overrules is only in the provenance."""
        rows = self._select(
            "said document",
            "SELECT s, p, o, implied, rank, match, id, sha256, published, graph FROM said JOIN document ON n = document"
            " ORDER BY s, p, o, match",
        )
        for subject, found in groupby(rows, key=itemgetter(0)):
            said: dict[Fact, list[tuple[Any, ...]]] = {}
            for row in found:
                said.setdefault(row[:3], []).append(row)
            kept = self._settled(said)
            predicates: dict[str, set[str]] = {}
            for _, predicate, obj in kept:
                predicates.setdefault(predicate, set()).add(obj)
            self.counts["facts"] += len(kept)
            yield subject, predicates, kept

    def _settled(self, said: dict[Fact, list[tuple[Any, ...]]]) -> dict[Fact, str]:
        """Give the facts of one subject that stand, with their status; write down the evidence of all.

        An event that no rule gave a status has the one under which its clauses speak of it, and the
        strongest overrules: what happened is no longer planned.
        """
        if any(fact[1] == STATUS and not row[3] for fact, rows in said.items() for row in rows):
            said = {fact: left for fact, rows in said.items() if (left := [row for row in rows if not row[3]])}
        ranked = sorted((f for f in said if f[1] == STATUS and f[2] in STRENGTH), key=lambda fact: STRENGTH[fact[2]])
        lost = set(ranked[1:])
        self._proofs(
            describe_statement(fact, (row[5] for row in rows), {row[6:9] for row in rows}, self._base)
            for fact, rows in said.items()
        )
        statuses = list(STRENGTH)
        kept = {fact: rows for fact, rows in said.items() if fact not in lost}
        for fact, rows in kept.items():
            self._many("about", [(graph, *fact) for graph in sorted({row[9] for row in rows})])
        return {fact: statuses[min(row[4] for row in rows)] for fact, rows in kept.items()}

    def _own(self) -> Iterator[_Part]:
        """Give what is known of each document itself."""
        rows = self._select("own", "SELECT s, p, o FROM own ORDER BY s, p, o")
        yield from ((subject, predicates, {}) for subject, predicates in _descriptions(rows))

    def _fact(self, statement: Statement) -> Fact:
        return fact_of(statement, self._entities)


def fact_of(statement: Statement, entities: Entities) -> Fact:
    """Give the triple that a statement makes."""
    obj = statement.object
    subject, predicate = entities.term(statement.subject.key), entities.expand(statement.predicate)
    return subject, predicate, _object(obj, entities)


def _object(obj: Entity | Literal, entities: Entities) -> str:
    if isinstance(obj, Entity):
        return entities.term(obj.key)
    return entities.expand(obj.value) if obj.datatype == "rdfs:Class" else of_literal(obj)


def _descriptions(rows: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, dict[str, set[str]]]]:
    for subject, found in groupby(rows, key=itemgetter(0)):
        predicates: dict[str, set[str]] = {}
        for _, predicate, obj in found:
            predicates.setdefault(predicate, set()).add(obj)
        yield subject, predicates
