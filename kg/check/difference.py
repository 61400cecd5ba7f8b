"""What changed between two builds: facts gained and lost, each with its rule, status and quote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.check.finding import Support
from kg.errors import KgError, Place
from kg.graph.network import curie
from kg.graph.provenance import Fact
from kg.graph.reading import read_build, read_turtle
from kg.graph.terms import expand, is_iri, text_of
from kg.graph.turtle import Triples

_LABEL, _STATEMENT = expand("rdfs:label"), expand("rdf:subject")
_EVIDENCE, _RULE, _QUOTE, _IDENTIFIER = (
    expand(name) for name in ("nk:evidence", "nk:rule", "nk:quote", "dcterms:identifier")
)
_IN_DOCUMENT = expand("nk:inDocument")


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A fact that only one of two builds has, in words (labels, CURIEs), with its terms and its evidence."""

    subject: str
    predicate: str
    object: str
    status: str
    terms: Fact
    evidence: tuple[Support, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the change as JSON can hold it."""
        return {
            "subject": self.subject,
            "predicate": self.predicate,
            "object": self.object,
            "status": self.status,
            "terms": list(self.terms),
            "evidence": [{"document": e.document, "quote": e.quote, "rule": e.rule} for e in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """Facts that the new build has and the old has not, and the reverse; `kept` counts what both have."""

    gained: tuple[Change, ...]
    lost: tuple[Change, ...]
    kept: int

    @property
    def ok(self) -> bool:
        """Tell whether nothing was gained or lost."""
        return not self.gained and not self.lost

    def as_dict(self) -> dict[str, object]:
        """Give the difference as JSON can hold it."""
        return {
            "gained": [change.as_dict() for change in self.gained],
            "lost": [change.as_dict() for change in self.lost],
            "kept": self.kept,
        }

    def as_text(self) -> str:
        """Give the difference for a terminal: ``-`` what was lost, ``+`` what was gained."""
        lines: list[str] = []
        for mark, changes in (("-", self.lost), ("+", self.gained)):
            for change in changes:
                lines.append(f"{mark} {change.subject} {change.predicate} {change.object} [{change.status}]")
                lines += [f"    {e.rule}  {e.document}: {e.quote}" for e in change.evidence]
        lines.append(f"{len(self.gained)} gained, {len(self.lost)} lost, {self.kept} kept")
        return "\n".join(lines)


def difference(old: Path, new: Path) -> Difference:
    """Compare the facts that rules made in two build folders; a fact whose status changed is lost and gained.

    Raises:
        KgError: a build that is missing (KG631), has no provenance (KG633) or is broken (KG632).
    """
    before, after = _facts(old), _facts(new)
    gained = sorted(change for key, change in after.items() if key not in before)
    lost = sorted(change for key, change in before.items() if key not in after)
    return Difference(tuple(gained), tuple(lost), len(after) - len(gained))


_Key = tuple[Fact, str]


def _facts(build: Path) -> dict[_Key, Change]:
    """Give the facts of a build that have evidence, by their terms and status."""
    graph, statuses = read_build(build)
    file = (build if build.is_dir() else build.parent) / "provenance.ttl"
    if not file.exists():
        raise KgError(
            "the build has no provenance.ttl, which says what rules made",
            mend="name the folder that kg build wrote",
            code="KG633",
            place=Place(str(build)),
        )
    provenance = read_turtle(file)
    found: dict[_Key, Change] = {}
    for statement, predicates in provenance.descriptions():
        if _STATEMENT not in predicates:
            continue
        subject, predicate, target = (
            provenance.objects(statement, expand(f"rdf:{part}"))[0] for part in ("subject", "predicate", "object")
        )
        terms = (subject, predicate, target)
        status = statuses.get(terms, "")
        evidence = sorted(_support(match, provenance) for match in provenance.objects(statement, _EVIDENCE))
        words = _words(subject, graph), curie(predicate), _words(target, graph)
        found[terms, status] = Change(*words, status, terms, tuple(evidence))
    return found


def _support(match: str, provenance: Triples) -> Support:
    def first(subject: str, predicate: str) -> str:
        return next(iter(provenance.objects(subject, predicate)), "")

    def named(term: str) -> str:
        return said(first(term, _IDENTIFIER) or term)

    def said(term: str) -> str:
        return text_of(term) if term else ""

    return Support(named(first(match, _IN_DOCUMENT)), said(first(match, _QUOTE)), named(first(match, _RULE)))


def _words(term: str, graph: Triples) -> str:
    """Give a term as a person reads it: a thing by its Korean label, a term of the ontology as a CURIE."""
    if not is_iri(term):
        return text_of(term)
    labels = graph.objects(term, _LABEL)
    korean = [label for label in labels if label.endswith("@ko")]
    return text_of((korean or labels)[0]) if labels else curie(term)
