"""From triples to what the page draws: nodes, edges, facts, and the evidence of each.

Nodes are what has a class of the ontology; edges are triples between two nodes; all other
triples of a node are facts for its panel. Documents, matches and rules are no nodes: they
are where facts come from.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import sqrt

from kg.page.triples import (
    DCTERMS,
    NIF,
    NK,
    ORG,
    OWL,
    RDF,
    RDFS,
    SKOS,
    Table,
    Term,
    Value,
    in_language,
    local_name,
    words,
)
from kg.page.vocabulary import Vocabulary

STATUSES = ("Happened", "Planned", "Possible", "Claimed")
"""Factuality, the firmest first: a fact with several sources takes the firmest."""

UNDRAWN = {NK + name for name in ("Document", "Match", "Rule", "RuleSet", "Sentence", "Build", "Unreviewed")}
"""Classes of the ontology that are provenance, not things in the news."""

LABELS = (SKOS + "prefLabel", RDFS + "label")
ALIASES = (SKOS + "altLabel", SKOS + "hiddenLabel")
NOT_FACTS = {RDF + "type", *LABELS, *ALIASES, NK + "status"}
NOT_EDGES = {RDF + "type", NK + "status", NK + "mentions", NK + "memberType", NK + "evidence", OWL + "sameAs"}


@dataclass(slots=True)
class Evidence:
    """One hit of a rule: its words, where they stand, and the rule that read them.

    `quote` is what matched; `sentence` the sentence around it, empty if unknown, in which
    the quote begins at `at` (code points). `begin` and `end` are offsets in the document.
    """

    quote: str
    sentence: str
    at: int
    document: int
    rule: int
    turn: str
    status: str
    claimant: str
    begin: int
    end: int


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
    """A thing: its names, class, days (ISO) if it is dated, facts, and the documents that name it."""

    iri: str
    label: str
    english: str
    type: str
    aliases: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    documents: list[int] = field(default_factory=list)
    status: str = ""
    earliest: str = ""
    latest: str = ""
    reviewed: bool = True
    weight: float = 0.0


@dataclass(slots=True)
class Edge:
    """A triple between two nodes (their indexes), its factuality, evidence and documents."""

    source: int
    predicate: str
    target: int
    status: str
    evidence: list[int]
    documents: list[int]


@dataclass(slots=True)
class Document:
    """A source: title, date (ISO), address if it has one."""

    iri: str
    title: str
    date: str
    source: str


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
    types = {s: [str(t) for p, t in pairs if p == RDF + "type" and isinstance(t, str)] for s, pairs in table.items()}
    documents, document_index = _documents(table, types)
    sources = _Sources(table, document_index)
    named_in: dict[str, list[int]] = defaultdict(list)
    for iri, number in document_index.items():
        for predicate, term in table[iri]:
            if predicate == NK + "mentions" and isinstance(term, str):
                named_in[term].append(number)
    subjects = sorted(s for s, classes in types.items() if any(_drawn(c) for c in classes))
    nodes = [_node(s, table[s], types[s], vocabulary) for s in subjects]
    index = {s: i for i, s in enumerate(subjects)}
    edges: list[Edge] = []
    for i, subject in enumerate(subjects):
        node = nodes[i]
        found = set(named_in.get(subject, ()))
        for predicate, term in sorted(set(table[subject]), key=_order):
            hits, status = sources.of(subject, predicate, term)
            about = sorted({sources.evidence[h].document for h in hits} - {-1})
            found.update(about)
            if isinstance(term, str) and term in index and predicate not in NOT_EDGES:
                edges.append(Edge(i, predicate, index[term], status, hits, about))
            elif predicate not in NOT_FACTS or (predicate == RDF + "type" and hits):
                node.facts.append(_fact(predicate, term, hits, vocabulary))
        node.documents = sorted(found)
    for edge in edges:
        ends = (nodes[edge.source], nodes[edge.target])
        if not edge.status:
            edge.status = next((n.status for n in ends if n.status in STATUSES[1:]), STATUSES[0])
        for end in ends:
            end.weight += 1.0
    for node in nodes:
        node.weight = round(node.weight + sqrt(len(node.documents)), 2)
        if not node.label:
            node.label = _described(node, edges, nodes, index[node.iri], vocabulary)
    return PageGraph(nodes, edges, documents, sources.rules, sources.evidence)


def _drawn(class_: str) -> bool:
    if class_ in UNDRAWN:
        return False
    return class_.startswith((NK, ORG, "https://schema.org/", "http://schema.org/"))


def _order(pair: tuple[str, Term]) -> tuple[str, str, str]:
    predicate, term = pair
    return (predicate, term.text, term.language) if isinstance(term, Value) else (predicate, term, "")


def _node(iri: str, pairs: list[tuple[str, Term]], classes: list[str], vocabulary: Vocabulary) -> Node:
    labels = words(pairs, *LABELS)
    korean = in_language(labels, "ko", "", "zh", "en") or (labels[0].text if labels else "")
    node = Node(iri, korean, in_language(labels, "en"), vocabulary.most_specific([c for c in classes if _drawn(c)]))
    others = [v.text for v in (*labels, *words(pairs, *ALIASES)) if v.text != node.label]
    node.aliases = sorted(set(others))
    for predicate, term in sorted(set(pairs), key=_order):
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


def _described(node: Node, edges: list[Edge], nodes: list[Node], me: int, vocabulary: Vocabulary) -> str:
    """Name a thing without a label by its class and local name."""
    return f"{vocabulary.names(node.type)[0]} {local_name(node.iri)[-6:]}"


def _fact(predicate: str, term: Term, hits: list[int], vocabulary: Vocabulary) -> Fact:
    if isinstance(term, Value):
        return Fact(predicate, term.text, f"@{term.language}" if term.language else term.datatype, hits)
    return Fact(predicate, term, "", hits)


def _documents(table: Table, types: dict[str, list[str]]) -> tuple[list[Document], dict[str, int]]:
    found = []
    for iri in sorted(s for s, classes in types.items() if NK + "Document" in classes):
        pairs = table[iri]
        titles = words(pairs, DCTERMS + "title", *LABELS)
        dates = words(pairs, DCTERMS + "date", DCTERMS + "issued", DCTERMS + "created")
        source = next((t.text if isinstance(t, Value) else t for p, t in pairs if p == DCTERMS + "source"), "")
        title = in_language(titles, "ko", "", "en") or (titles[0].text if titles else local_name(iri))
        found.append(Document(iri, title, dates[0].text[:10] if dates else "", source))
    found.sort(key=lambda d: (d.date, d.iri))
    return found, {d.iri: i for i, d in enumerate(found)}


class _Sources:
    """The evidence of each triple, read from its `rdf:Statement`s and their matches."""

    def __init__(self, table: Table, document_index: dict[str, int]) -> None:
        self._table = table
        self._document_index = document_index
        self._statements: dict[tuple[str, str, Term], list[str]] = defaultdict(list)
        self._matches: dict[str, int] = {}
        self._rules: dict[str, int] = {}
        self.rules: list[tuple[str, str]] = []
        self.evidence: list[Evidence] = []
        self._status: dict[tuple[str, str, Term], str] = {}
        for pairs in (table[s] for s in sorted(table)):
            parts: dict[str, Term] = {}
            for predicate, term in pairs:
                if predicate.startswith(RDF):
                    parts[predicate[len(RDF) :]] = term
            if "subject" not in parts or "predicate" not in parts or "object" not in parts:
                continue
            key = (str(parts["subject"]), str(parts["predicate"]), parts["object"])
            for predicate, term in pairs:
                if predicate == NK + "evidence" and isinstance(term, str):
                    self._statements[key].append(term)
                elif predicate == NK + "status" and isinstance(term, str):
                    self._status[key] = local_name(term)

    def of(self, subject: str, predicate: str, term: Term) -> tuple[list[int], str]:
        """Give the evidence of a triple (indexes) and its firmest status, empty if nothing says."""
        key = (subject, predicate, term)
        matches = self._statements.get(key)
        if matches is None:
            return [], self._status.get(key, "")
        hits = [self._match(m) for m in sorted(set(matches))]
        hits.sort(key=lambda h: (self.evidence[h].document, self.evidence[h].begin))
        said = {self.evidence[h].status for h in hits} | {self._status.get(key, "")}
        return hits, next((s for s in STATUSES if s in said), "")

    def _match(self, iri: str) -> int:
        if iri in self._matches:
            return self._matches[iri]
        text: dict[str, str] = {}
        links: dict[str, str] = {}
        document = -1
        for predicate, term in self._table.get(iri, []):
            name = local_name(predicate)
            if isinstance(term, Value):
                text[name] = term.text
            elif term in self._document_index:
                document = self._document_index[term]
            else:
                links[name] = term
        begin, end = _number(text.get("beginIndex")), _number(text.get("endIndex"))
        sentence, at = self._sentence(text, links, begin)
        status = local_name(links.get("status", text.get("status", "")))
        claimant = text.get("claimant") or text.get("attribution") or self._name(links.get("claimant", ""))
        turn = text.get("turn") or local_name(links.get("turn", ""))
        rule = self._rule(links.get("rule") or text.get("rule", ""))
        number = self._matches[iri] = len(self.evidence)
        quote = text.get("quote") or text.get("anchorOf", "")
        self.evidence.append(Evidence(quote, sentence, at, document, rule, turn, status, claimant, begin, end))
        return number

    def _sentence(self, text: dict[str, str], links: dict[str, str], begin: int) -> tuple[str, int]:
        """Find the sentence around a match, on the match or on a node of its own, and where the quote begins in it."""
        words_, first = text.get("sentence", ""), text.get("sentenceBegin")
        if not words_ and "sentence" in links:
            for predicate, term in self._table.get(links["sentence"], []):
                if isinstance(term, Value):
                    if local_name(predicate) in ("anchorOf", "quote", "text", "sentence", "value"):
                        words_ = term.text
                    elif predicate in (NIF + "beginIndex", NK + "sentenceBegin"):
                        first = term.text
        at = begin - _number(first) if first is not None and begin >= 0 else words_.find(text.get("quote", ""))
        return words_, at

    def _rule(self, iri: str) -> int:
        if not iri:
            return -1
        if iri not in self._rules:
            pairs = self._table.get(iri, [])
            about = words(pairs, NK + "about", DCTERMS + "description", SKOS + "definition", RDFS + "comment")
            names = words(pairs, DCTERMS + "identifier", SKOS + "notation", *LABELS)
            self._rules[iri] = len(self.rules)
            self.rules.append((names[0].text if names else local_name(iri), in_language(about, "ko", "", "en")))
        return self._rules[iri]

    def _name(self, iri: str) -> str:
        labels = words(self._table.get(iri, []), *LABELS)
        return in_language(labels, "ko", "", "en") or local_name(iri) if iri else ""


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isdigit() else -1
