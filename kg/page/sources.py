"""Where facts come from: documents, and the hits of rules with the sentences that they read.

A fact's evidence hangs on an `rdf:Statement` with its subject, predicate and object; each
piece is a match with its document, offsets, quote, sentence, rule and status.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.page.triples import (
    DCTERMS,
    NIF,
    NK,
    RDF,
    RDFS,
    SKOS,
    Table,
    Term,
    Value,
    in_language,
    local_name,
    ordered,
    words,
)

STATUSES = ("Happened", "Planned", "Possible", "Claimed")
"""Factuality, the firmest first: a fact with several sources takes the firmest."""

SUBJECT, PREDICATE, OBJECT = RDF + "subject", RDF + "predicate", RDF + "object"
EVIDENCE, STATUS, ATTESTED = NK + "evidence", NK + "status", NK + "attestedOn"
LABELS = (SKOS + "prefLabel", RDFS + "label")


Days = tuple[str, str]
"""The first and the last of the days that something takes (ISO), both empty if unknown."""


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
class Document:
    """A source: title, date (ISO), address if it has one."""

    iri: str
    title: str
    date: str
    source: str


def read_documents(table: Table, iris: list[str]) -> tuple[list[Document], dict[str, int]]:
    """Give the documents in the order of their dates, and the place of each by its IRI."""
    found = []
    for iri in iris:
        pairs = ordered(table[iri])
        titles = words(pairs, DCTERMS + "title", *LABELS)
        dates = words(pairs, DCTERMS + "date", DCTERMS + "issued", DCTERMS + "created")
        source = next((t.text if isinstance(t, Value) else t for p, t in pairs if p == DCTERMS + "source"), "")
        title = in_language(titles, "ko", "", "en") or (titles[0].text if titles else local_name(iri))
        found.append(Document(iri, title, dates[0].text[:10] if dates else "", source))
    found.sort(key=lambda d: (d.date, d.iri))
    return found, {d.iri: i for i, d in enumerate(found)}


class Sources:
    """The evidence of each triple, read from its `rdf:Statement`s and their matches."""

    def __init__(self, table: Table, document_index: dict[str, int]) -> None:
        self._table = table
        self._document_index = document_index
        self._statements: dict[tuple[str, str, Term], list[str]] = {}
        self._matches: dict[str, int] = {}
        self._rules: dict[str, int] = {}
        self.rules: list[tuple[str, str]] = []
        self.evidence: list[Evidence] = []
        for iri, pairs in table.items():
            subject = predicate = object_ = None
            for name, term in pairs:
                if name == SUBJECT:
                    subject = term
                elif name == PREDICATE:
                    predicate = term
                elif name == OBJECT:
                    object_ = term
            if isinstance(subject, str) and isinstance(predicate, str) and object_ is not None:
                self._statements.setdefault((subject, predicate, object_), []).append(iri)

    def of(self, subject: str, predicate: str, term: Term) -> tuple[list[int], str, Days]:
        """Give the evidence of a triple (indexes), its firmest status, and the days that attest it.

        Status and days are empty if nothing says.
        """
        statements = self._statements.get((subject, predicate, term))
        if statements is None:
            return [], "", ("", "")
        matches: set[str] = set()
        said: set[str] = set()
        days: list[str] = []
        for statement in statements:
            for name, value in self._table[statement]:
                if name == EVIDENCE and isinstance(value, str):
                    matches.add(value)
                elif name == STATUS:
                    said.add(local_name(str(value)))
                elif name == ATTESTED and isinstance(value, Value):
                    days.append(value.text[:10])
        hits = [self._match(m) for m in sorted(matches)]
        hits.sort(key=lambda h: (self.evidence[h].document, self.evidence[h].begin))
        said.update(self.evidence[h].status for h in hits)
        span = (min(days), max(days)) if days else ("", "")
        return hits, next((s for s in STATUSES if s in said), ""), span

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
            pairs = ordered(self._table.get(iri, []))
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
