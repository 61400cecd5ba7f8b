"""Why each fact stands in the graph: documents, rule hits, and one reified statement a fact.

`rdf:Statement` rather than RDF-star, which half of the stores refuse. All facts of one rule
hit share its match node: that is what keeps evidence affordable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from kg.graph.iris import digest, document_iri, minted
from kg.graph.terms import expand, named, string, typed
from kg.graph.turtle import RDF_TYPE, Description
from kg.model import Document, Evidence, Span

_STATEMENT, _SUBJECT, _PREDICATE, _OBJECT = (
    expand(name) for name in ("rdf:Statement", "rdf:subject", "rdf:predicate", "rdf:object")
)
_EVIDENCE, _DOCUMENTS, _SOURCES, _ATTESTED = (
    expand(f"nk:{name}") for name in ("evidence", "documentCount", "sourceCount", "attestedOn")
)
_MATCH, _IN_DOCUMENT, _RULE, _TURN = (expand(f"nk:{name}") for name in ("Match", "inDocument", "rule", "turn"))
_QUOTE, _BEGIN, _END = (expand(name) for name in ("nk:quote", "nif:beginIndex", "nif:endIndex"))
_SENTENCE, _SENTENCE_BEGIN, _SENTENCE_END = (
    expand(f"nk:{name}") for name in ("sentence", "sentenceBegin", "sentenceEnd")
)
_STATUS, _CLAIMED_BY, _CLAIMANT = (expand(f"nk:{name}") for name in ("status", "claimedBy", "claimant"))
_LASTING = frozenset(expand(name) for name in ("nk:holdsPost", "nk:memberOf", "org:postIn"))
"""What holds for a time and is said without one, so that the day of the text dates it."""

Fact = tuple[str, str, str]


class Provenance:
    """The evidence of a build, gathered fact by fact and given sorted by subject."""

    def __init__(
        self, base: str, rule_set: str, rules: Mapping[str, str], agent: Callable[[str], str | None] = lambda _: None
    ) -> None:
        """`rules` gives each rule's line about itself; `agent` the term of a claimant that is a node."""
        self._base, self._rule_set, self._about, self._agent = base, rule_set, rules, agent
        self._documents: dict[str, Document] = {}
        self._sentences: dict[str, Mapping[Span, str]] = {}
        self._document_terms: dict[str, str] = {}
        self._hits: dict[Evidence, str] = {}
        self._matches: dict[str, Evidence] = {}
        self._facts: dict[Fact, set[str]] = {}
        self._rules: dict[str, str] = {}

    def document(self, document: Document, sentences: Mapping[Span, str]) -> None:
        """Take in a document that evidence may name, with the words of the sentences that evidence rests on."""
        self._documents[document.id] = document
        self._sentences[document.id] = sentences
        self._document_terms[document.id] = named(document_iri(document.id, self._base))

    def add(self, fact: Fact, evidence: Evidence) -> None:
        """Take in one reason for one fact."""
        match = self._hits.get(evidence)
        if match is None:
            match = self._hits[evidence] = self._match(evidence)
            self._matches[match] = evidence
            if evidence.rule not in self._rules:
                self._rules[evidence.rule] = named(minted("rule", evidence.rule, evidence.rule, self._base))
        known = self._facts.get(fact)
        if known is None:
            self._facts[fact] = {match}
        else:
            known.add(match)

    def __len__(self) -> int:
        return len(self._matches)

    def descriptions(self) -> Iterator[Description]:
        """Give documents, rules, matches and statements, in order of IRI."""
        documents = {self._document_terms[key]: value for key, value in self._documents.items()}
        rules = {term: name for name, term in self._rules.items()}
        yield from ((term, document_facts(documents[term])) for term in sorted(documents))
        yield from ((term, self._match_facts(self._matches[term])) for term in sorted(self._matches))
        yield from ((term, self._rule_facts(rules[term])) for term in sorted(rules))
        yield from self._statements()

    def _statements(self) -> Iterator[Description]:
        statements = {f"<{self._base}statement-{digest(' '.join(fact), 16)}>": fact for fact in self._facts}
        for term in sorted(statements):
            fact = statements[term]
            matches = self._facts[fact]
            documents = [self._documents[self._matches[match].document] for match in matches]
            facts: dict[str, Iterable[str]] = {
                RDF_TYPE: (_STATEMENT,),
                _SUBJECT: (fact[0],),
                _PREDICATE: (fact[1],),
                _OBJECT: (fact[2],),
                _EVIDENCE: matches,
                _DOCUMENTS: (typed(str(len({document.id for document in documents})), "xsd:integer"),),
                _SOURCES: (typed(str(len({document.sha256 for document in documents})), "xsd:integer"),),
            }
            days = {document.published.isoformat() for document in documents if document.published is not None}
            if days and fact[1] in _LASTING:
                facts[_ATTESTED] = {typed(day, "xsd:date") for day in days}
            yield term, facts

    def _match_facts(self, evidence: Evidence) -> dict[str, Iterable[str]]:
        facts: dict[str, Iterable[str]] = {
            RDF_TYPE: (_MATCH,),
            _IN_DOCUMENT: (self._document_terms[evidence.document],),
            _QUOTE: (string(evidence.quote),),
            _BEGIN: (_count(evidence.span.start),),
            _END: (_count(evidence.span.end),),
            _SENTENCE: (string(self._sentences[evidence.document][evidence.sentence]),),
            _SENTENCE_BEGIN: (_count(evidence.sentence.start),),
            _SENTENCE_END: (_count(evidence.sentence.end),),
            _RULE: (self._rules[evidence.rule],),
            _TURN: (string(evidence.turn),),
            _STATUS: (expand(f"nk:{evidence.status}"),),
        }
        if evidence.claimant:
            agent = self._agent(evidence.claimant)
            facts[_CLAIMED_BY if agent else _CLAIMANT] = (agent or string(evidence.claimant, "ko"),)
        return facts

    def _rule_facts(self, rule: str) -> dict[str, Iterable[str]]:
        facts: dict[str, Iterable[str]] = {
            RDF_TYPE: (expand("nk:Rule"),),
            expand("rdfs:label"): (string(rule),),
            expand("dcterms:identifier"): (string(rule),),
            expand("nk:ruleSetVersion"): (string(self._rule_set),),
        }
        if about := self._about.get(rule):
            facts[expand("dcterms:description")] = (string(about, "ko"),)
        return facts

    def _match(self, evidence: Evidence) -> str:
        key = (
            evidence.document,
            evidence.span.start,
            evidence.span.end,
            evidence.rule,
            evidence.turn,
            evidence.status,
            evidence.claimant,
            evidence.sentence.start,
        )
        return f"<{self._base}match-{digest(repr(key), 16)}>"


def document_facts(document: Document) -> dict[str, Iterable[str]]:
    """Give what is known of a document itself: title, dates, source, and the hash of its text."""
    facts: dict[str, Iterable[str]] = {
        RDF_TYPE: (expand("nk:Document"),),
        expand("dcterms:identifier"): (string(document.id),),
        expand("nk:sha256"): (string(document.sha256),),
    }
    title = document.title or document.id
    facts[expand("rdfs:label")] = facts[expand("dcterms:title")] = (string(title, "ko"),)
    for predicate, day in (("dcterms:issued", document.published), ("dcterms:modified", document.modified)):
        if day is not None:
            facts[expand(predicate)] = (typed(day.isoformat(), "xsd:date"),)
    if document.source:
        facts[expand("dcterms:source")] = (string(document.source),)
    return facts


@lru_cache(maxsize=65_536)
def _count(number: int) -> str:
    return typed(str(number), "xsd:nonNegativeInteger")
