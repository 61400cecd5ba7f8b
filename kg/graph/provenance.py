"""Why each fact stands in the graph: documents, rule hits, and one reified statement a fact.

`rdf:Statement` rather than RDF-star, which half of the stores refuse. All facts of one rule
hit share its match node: that is what keeps evidence affordable.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from kg.graph.iris import digest, document_iri, minted
from kg.graph.terms import expand, named, string, typed
from kg.graph.turtle import RDF_TYPE, Description
from kg.model import Document, Evidence

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


def describe_statement(
    fact: Fact, matches: Iterable[str], documents: Iterable[tuple[str, str, str | None]], base: str
) -> Description:
    """Give the reified statement of a fact.

    `matches` are the terms of its evidence; `documents` the id, SHA-256 and day of publication of those that say it.
    """
    documents = set(documents)
    facts: dict[str, Iterable[str]] = {
        RDF_TYPE: (_STATEMENT,),
        _SUBJECT: (fact[0],),
        _PREDICATE: (fact[1],),
        _OBJECT: (fact[2],),
        _EVIDENCE: set(matches),
        _DOCUMENTS: (typed(str(len(documents)), "xsd:integer"),),
        _SOURCES: (typed(str(len({digest for _, digest, _ in documents})), "xsd:integer"),),
    }
    days = {day for _, _, day in documents if day}
    if days and fact[1] in _LASTING:
        facts[_ATTESTED] = {typed(day, "xsd:date") for day in days}
    return f"<{base}statement-{digest(' '.join(fact), 16)}>", facts


def describe_match(evidence: Evidence, sentence: str, claimant: str | None, base: str) -> Description:
    """Give the node of a rule hit; `sentence` is the sentence's words, `claimant` the term of whoever says it."""
    facts: dict[str, Iterable[str]] = {
        RDF_TYPE: (_MATCH,),
        _IN_DOCUMENT: (named(document_iri(evidence.document, base)),),
        _QUOTE: (string(evidence.quote),),
        _BEGIN: (_count(evidence.span.start),),
        _END: (_count(evidence.span.end),),
        _SENTENCE: (string(sentence),),
        _SENTENCE_BEGIN: (_count(evidence.sentence.start),),
        _SENTENCE_END: (_count(evidence.sentence.end),),
        _RULE: (_rule(evidence.rule, base),),
        _TURN: (string(evidence.turn),),
        _STATUS: (expand(f"nk:{evidence.status}"),),
    }
    if claimant:
        facts[_CLAIMED_BY] = (claimant,)
    elif evidence.claimant:
        facts[_CLAIMANT] = (string(evidence.claimant, "ko"),)
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
    return f"<{base}match-{digest(repr(key), 16)}>", facts


def describe_rule(rule: str, about: str | None, rule_set: str, base: str) -> Description:
    """Give the node of a rule, with its line about itself."""
    facts: dict[str, Iterable[str]] = {
        RDF_TYPE: (expand("nk:Rule"),),
        expand("rdfs:label"): (string(rule),),
        expand("dcterms:identifier"): (string(rule),),
        expand("nk:ruleSetVersion"): (string(rule_set),),
    }
    if about:
        facts[expand("dcterms:description")] = (string(about, "ko"),)
    return _rule(rule, base), facts


def describe_document(document: Document, base: str) -> Description:
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
    return named(document_iri(document.id, base)), facts


def _rule(rule: str, base: str) -> str:
    return named(minted("rule", rule, rule, base))


@lru_cache(maxsize=16_384)
def _count(number: int) -> str:
    return typed(str(number), "xsd:nonNegativeInteger")
