"""From triples to what the page draws: nodes, edges, facts, and the evidence of each.

Nodes are what has a class of the ontology; edges are triples between two nodes; all other
triples of a node are facts for its panel. Documents, matches and rules are no nodes: they
are where facts come from.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import sqrt

from kg.page.sources import LABELS, STATUSES, Days, Document, Evidence, Sources, read_documents
from kg.page.triples import NK, ORG, OWL, RDF, SKOS, Table, Term, Value, in_language, local_name, ordered, words
from kg.page.vocabulary import Vocabulary

UNDRAWN = {NK + name for name in ("Document", "Match", "Rule", "RuleSet", "Sentence", "Build", "Unreviewed")}
"""Classes of the ontology that are provenance, not things in the news."""

ALIASES = (SKOS + "altLabel", SKOS + "hiddenLabel")
TYPE = RDF + "type"
DOCUMENT = NK + "Document"
NOT_FACTS = {TYPE, *LABELS, *ALIASES, NK + "status"}
NOT_EDGES = {TYPE, NK + "status", NK + "mentions", NK + "memberType", NK + "evidence", OWL + "sameAs"}


@dataclass(slots=True)
class Fact:
    """A triple of a node whose object is not a node: predicate, text, kind, and its evidence.

    `kind` is a language tag (``@ko``), the IRI of a datatype, or empty for an IRI.
    """

    predicate: str
    text: str
    kind: str
    evidence: list[int]


@dataclass(slots=True)
class Node:
    """A thing: its names, class, days (ISO) if it is dated, facts, and the documents that name it.

    `names` has the other triples that are no edges, for who copies it as Turtle: classes, labels, status.
    """

    iri: str
    label: str
    english: str
    type: str
    aliases: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    names: list[Fact] = field(default_factory=list)
    documents: list[int] = field(default_factory=list)
    status: str = ""
    earliest: str = ""
    latest: str = ""
    reviewed: bool = True
    weight: float = 0.0


@dataclass(slots=True)
class Edge:
    """A triple between two nodes (their indexes), its factuality, evidence, documents and days.

    The days (first and last, ISO; empty if unknown) are those on which texts attest it, if
    `attested`; else those of the event that it is about or was read together with.
    """

    source: int
    predicate: str
    target: int
    status: str
    evidence: list[int]
    documents: list[int]
    days: Days = ("", "")
    attested: bool = False


@dataclass(slots=True)
class PageGraph:
    """All that the page shows. Lists are in a fixed order; numbers elsewhere are indexes into them."""

    nodes: list[Node]
    edges: list[Edge]
    documents: list[Document]
    rules: list[tuple[str, str]]
    evidence: list[Evidence]


def page_graph(table: Table, vocabulary: Vocabulary) -> PageGraph:
    """Sort the triples of a graph of this ontology into what the page shows."""
    types = {s: [str(t) for p, t in pairs if p == TYPE and isinstance(t, str)] for s, pairs in table.items()}
    documents, document_index = read_documents(table, sorted(s for s, classes in types.items() if DOCUMENT in classes))
    sources = Sources(table, document_index)
    named_in: dict[str, list[int]] = defaultdict(list)
    for iri, number in document_index.items():
        for predicate, term in table[iri]:
            if predicate == NK + "mentions" and isinstance(term, str):
                named_in[term].append(number)
    subjects = sorted(s for s, classes in types.items() if any(_drawn(c) for c in classes))
    index = {s: i for i, s in enumerate(subjects)}
    nodes: list[Node] = []
    edges: list[Edge] = []
    told: dict[int, Days] = {}  # days of the events that a hit of a rule tells of
    for i, subject in enumerate(subjects):
        pairs = ordered(table[subject])
        node = _node(subject, pairs, types[subject], vocabulary)
        nodes.append(node)
        found = set(named_in.get(subject, ()))
        for predicate, term in pairs:
            hits, status, days = sources.of(subject, predicate, term)
            about = sorted({sources.evidence[h].document for h in hits} - {-1})
            found.update(about)
            if node.earliest:
                for h in hits:
                    told[h] = _both(told.get(h, ("", "")), (node.earliest, node.latest))
            if isinstance(term, str) and term in index and predicate not in NOT_EDGES:
                edges.append(Edge(i, predicate, index[term], status, hits, about, days, days[0] != ""))
            elif predicate not in NOT_FACTS or (predicate == TYPE and hits):
                node.facts.append(_fact(predicate, term, hits))
            else:
                node.names.append(_fact(predicate, term, hits))
        node.documents = sorted(found)
    for edge in edges:
        _settle(edge, nodes, told)
    for node in nodes:
        node.weight = round(node.weight + sqrt(len(node.documents)), 2)
        if not node.label:
            # A thing without a label is named by its class and the end of its local name.
            node.label, node.english = (f"{name} {local_name(node.iri)[-6:]}" for name in vocabulary.names(node.type))
    return PageGraph(nodes, edges, documents, sources.rules, sources.evidence)


def _settle(edge: Edge, nodes: list[Node], told: dict[int, Days]) -> None:
    """Give an edge its status and days where only its ends or its evidence tell them, and weigh its ends."""
    ends = (nodes[edge.source], nodes[edge.target])
    if not edge.status:
        edge.status = next((n.status for n in ends if n.status in STATUSES[1:]), STATUSES[0])
    if not edge.attested:
        edge.days = next(((n.earliest, n.latest) for n in ends if n.earliest), ("", ""))
        if not edge.days[0]:
            for h in edge.evidence:
                edge.days = _both(edge.days, told.get(h, ("", "")))
    for end in ends:
        end.weight += 1.0


def _both(a: Days, b: Days) -> Days:
    """Give the span that holds two spans, either of which may be unknown.

    >>> _both(("2020-01-01", "2020-01-02"), ("", ""))
    ('2020-01-01', '2020-01-02')
    """
    return (min(a[0], b[0]), max(a[1], b[1])) if a[0] and b[0] else (a if a[0] else b)


def _drawn(class_: str) -> bool:
    if class_ in UNDRAWN:
        return False
    return class_.startswith((NK, ORG, "https://schema.org/", "http://schema.org/"))


def _node(iri: str, pairs: list[tuple[str, Term]], classes: list[str], vocabulary: Vocabulary) -> Node:
    labels = words(pairs, *LABELS)
    korean = in_language(labels, "ko", "", "zh", "en") or (labels[0].text if labels else "")
    node = Node(iri, korean, in_language(labels, "en"), vocabulary.most_specific([c for c in classes if _drawn(c)]))
    others = [v.text for v in (*labels, *words(pairs, *ALIASES)) if v.text != node.label]
    node.aliases = sorted(set(others))
    for predicate, term in pairs:
        if predicate == NK + "status" and isinstance(term, str):
            node.status = node.status or local_name(term)
        elif predicate == NK + "earliest" and isinstance(term, Value):
            node.earliest = min(filter(None, (node.earliest, term.text[:10])))
        elif predicate == NK + "latest" and isinstance(term, Value):
            node.latest = max(node.latest, term.text[:10])
    node.reviewed = NK + "Unreviewed" not in classes and all(t != NK + "Unreviewed" for _, t in pairs)
    node.latest = node.latest or node.earliest
    node.earliest = node.earliest or node.latest
    return node


def _fact(predicate: str, term: Term, hits: list[int]) -> Fact:
    if isinstance(term, Value):
        return Fact(predicate, term.text, f"@{term.language}" if term.language else term.datatype, hits)
    return Fact(predicate, term, "", hits)
