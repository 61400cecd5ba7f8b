"""What a check of a graph says, and the evidence that it shows: documents, rules and words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from typing import Literal as Choice

if TYPE_CHECKING:
    from kg.store import Store, Table

SHACL, CONFLICT, VOCABULARY, EVIDENCE = "KG651", "KG652", "KG653", "KG654"
Severity = Choice["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
_SIDES, _SHOWN = 4, 2  # facts of which a finding shows evidence at most, and evidences of each

_MATCHES = """SELECT ?match ?id ?rule ?quote ?sentence WHERE {
    ?match a nk:Match ; nk:quote ?quote ; nk:inDocument/dcterms:identifier ?id .
    OPTIONAL { ?match nk:rule/dcterms:identifier ?rule } OPTIONAL { ?match nk:sentence ?sentence } }"""
_FACTS = """SELECT ?fact ?s ?p ?o ?match WHERE {
    ?fact rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; nk:evidence ?match }"""


@dataclass(frozen=True, slots=True, order=True)
class Support:
    """Why a fact stands in a build: document, the words, the rule that read them, and their sentence if known."""

    document: str
    quote: str
    rule: str
    sentence: str = ""

    def as_dict(self) -> dict[str, str]:
        """Give the support as JSON can hold it."""
        known = {"document": self.document, "rule": self.rule, "quote": self.quote, "sentence": self.sentence}
        return {key: value for key, value in known.items() if value}

    def __str__(self) -> str:
        """Give document, rule and sentence on a line."""
        rule = f" ({self.rule})" if self.rule else ""
        return f"{self.document}{rule}: {' '.join((self.sentence or self.quote).split())}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to be looked at: code, how bad, what, at which node, the evidence behind it, and what to do.

    `check` names the shape or the query that found it, and is empty where neither did.
    """

    code: str
    severity: Severity
    what: str
    where: str
    evidence: tuple[Support, ...] = ()
    mend: str = ""
    check: str = ""

    def as_dict(self) -> dict[str, object]:
        """Give the finding as JSON can hold it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "check": self.check,
            "what": self.what,
            "where": self.where,
            "evidence": [support.as_dict() for support in self.evidence],
            "mend": self.mend,
        }

    @property
    def rank(self) -> tuple[int, str, str, str, tuple[Support, ...]]:
        """Give what findings are sorted by: the worst first."""
        return SEVERITIES.index(self.severity), self.code, self.where, self.what, self.evidence


_Fact = tuple[str, str, str]


class EvidenceIndex:
    """All evidence of a build, read once, so that each finding can show what is behind its nodes.

    Nodes are terms as N-Triples write them.
    """

    def __init__(self, store: Store) -> None:
        self._matches = {
            str(match): Support(*(_text(term) for term in (document, quote, rule, sentence)))
            for match, document, rule, quote, sentence in table(store, _MATCHES).terms
        }
        self._facts: dict[_Fact, list[str]] = {}
        self._statements: dict[str, _Fact] = {}
        self._at: dict[str, list[_Fact]] = {}
        for statement, *terms, match in table(store, _FACTS).terms:
            subject, predicate, target = map(str, terms)
            fact = (subject, predicate, target)
            self._statements[str(statement)] = fact
            if fact not in self._facts:
                self._facts[fact] = []
                for end in {subject, target}:
                    self._at.setdefault(end, []).append(fact)
            self._facts[fact].append(str(match))

    def behind(self, nodes: Iterable[str]) -> tuple[Support, ...]:
        """Give the evidence of the statements and matches among nodes, or else of the facts that join them."""
        found = set(nodes)
        facts = {self._statements[node] for node in found if node in self._statements}
        matches = [[node] for node in sorted(found) if node in self._matches]
        if not facts and not matches:
            facts = {fact for node in found for fact in self._at.get(node, ()) if found.issuperset((fact[0], fact[2]))}
        return self._shown(matches + [self._facts[fact] for fact in sorted(facts)])

    def about(self, node: str, predicate: str | None = None, value: str | None = None) -> tuple[Support, ...]:
        """Give the evidence of a statement or match, or of the facts about a node, the narrowest that there are.

        Narrowest are those with `predicate` and `value`, then those with `predicate`, then all.
        """
        if node in self._statements or node in self._matches:
            return self.behind([node])
        facts = sorted(self._at.get(node, ()))
        with_predicate = [fact for fact in facts if fact[1] == predicate]
        with_value = [fact for fact in with_predicate if fact[2] == value]
        return self._shown([self._facts[fact] for fact in with_value or with_predicate or facts])

    def _shown(self, sides: list[list[str]]) -> tuple[Support, ...]:
        shown: dict[Support, None] = {}
        for matches in sides[:_SIDES]:
            known = sorted(self._matches[match] for match in matches if match in self._matches)
            shown.update(dict.fromkeys(known[:_SHOWN]))
        return tuple(shown)


def table(store: Store, query: str) -> Table:
    """Give the rows of a SELECT."""
    from kg.store import Table

    answer = store.query(query)
    assert isinstance(answer, Table)
    return answer


def _text(term: Any) -> str:
    return "" if term is None else str(term.value)
