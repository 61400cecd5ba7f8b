"""Precision and recall of the rules on documents whose facts a person wrote down.

A gold file is YAML: ``document`` (a file of the corpus, without its suffix) and ``facts``, each
``{s, p, o, sentence, status}`` with names as they stand in the text or the lexicon. Only
relations that the gold annotates (`p` of any fact in any file) are scored. A statement is
right if a fact of its document has its property and status, and names its subject and object by label or by
any known name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg import curated
from kg.errors import KgError, Place
from kg.model import Entity, Literal, Mention, Statement
from kg.rules.rule import STATUSES
from kg.text import read

if TYPE_CHECKING:
    from kg.extract import Extractor


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """A fact that a careful reader finds in a document."""

    document: str
    subject: str
    predicate: str
    object: str
    status: str
    sentence: str
    place: Place


@dataclass(frozen=True, slots=True)
class Score:
    """Of what was `said`, `right`; of what was `asked`, `found`; and the rates (0 where nothing was said or asked)."""

    right: int
    said: int
    found: int
    asked: int

    @property
    def precision(self) -> float:
        """Share of what was said that is right."""
        return self.right / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        """Share of what was asked that was found."""
        return self.found / self.asked if self.asked else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def as_dict(self) -> dict[str, float]:
        """Give counts and rates."""
        return {
            "right": self.right,
            "said": self.said,
            "found": self.found,
            "asked": self.asked,
            "precision": round(self.precision, 3),
            "recall": round(self.recall, 3),
            "f1": round(self.f1, 3),
        }


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """Scores overall, by relation and by rule, with the misses and the false statements."""

    overall: Score
    by_relation: Mapping[str, Score]
    by_rule: Mapping[str, Score]
    missed: tuple[Fact, ...]
    false: tuple[tuple[str, str, str, str], ...]
    ok: bool = True

    def as_dict(self) -> dict[str, object]:
        """Give the report as JSON can hold it."""
        return {
            "overall": self.overall.as_dict(),
            "by_relation": {k: v.as_dict() for k, v in self.by_relation.items()},
            "by_rule": {k: v.as_dict() for k, v in self.by_rule.items()},
            "missed": [
                {
                    "document": f.document,
                    "fact": f"{f.subject} {f.predicate} {f.object}",
                    "status": f.status,
                    "sentence": f.sentence,
                }
                for f in self.missed
            ],
            "false": [{"document": d, "statement": s, "rule": r, "sentence": t} for d, s, r, t in self.false],
        }

    def as_text(self) -> str:
        """Give the report for a terminal."""
        lines = [
            f"{f.document}: missed  {f.subject} {f.predicate} {f.object} [{f.status}]\n    {f.sentence}"
            for f in self.missed
        ]
        lines += [
            f"{document}: false   {statement}  ({rule})\n    {sentence}"
            for document, statement, rule, sentence in self.false
        ]
        lines.append(f"{'relation':<24} precision recall    f1  right  said asked")
        for name, score in [*self.by_relation.items(), ("all", self.overall)]:
            lines.append(
                f"{name:<24} {score.precision:9.3f} {score.recall:6.3f} {score.f1:5.3f} "
                f"{score.right:6} {score.said:5} {score.asked:5}"
            )
        lines += [f"rule {name:<30} {score.right} of {score.said} right" for name, score in self.by_rule.items()]
        return "\n".join(lines)


def facts(gold: Path) -> Iterator[Fact]:
    """Read gold files; KG131 for a status that is none."""
    paths = sorted(gold.glob("*.yaml")) if gold.is_dir() else [gold]
    if not paths:
        raise KgError(
            "no gold files", mend="name a YAML file of facts, or a folder of them", code="KG130", place=Place(str(gold))
        )
    for path in paths:
        item = curated.load(path)
        if item is None:
            continue
        raw = item.mapping(("document", "facts"), ("document", "facts"))
        for fact in raw["facts"].items():
            fields = fact.mapping(("s", "p", "o", "sentence", "status"), ("s", "p", "o"))
            status = fields["status"].text() if "status" in fields else "Happened"
            if status not in STATUSES:
                raise fields["status"].error(f"unknown status: {status}", f"use {', '.join(STATUSES)}", "KG131")
            yield Fact(
                raw["document"].text(),
                fields["s"].text(),
                fields["p"].text(),
                fields["o"].text(),
                status,
                fields["sentence"].text() if "sentence" in fields else "",
                fact.place,
            )


def score(gold: Path, extractor: Extractor) -> ScoreReport:
    """Extract the gold's documents from the project's corpus and compare."""
    asked = list(facts(gold))
    relations = sorted({fact.predicate for fact in asked})
    wanted = {fact.document for fact in asked}
    hits: list[tuple[str, str, bool]] = []
    missed: list[Fact] = []
    false: list[tuple[str, str, str, str]] = []
    seen: set[str] = set()
    for document in read(*extractor.project.corpus, on_skip=lambda skipped: None):
        if document.id not in wanted:
            continue
        seen.add(document.id)
        extraction = extractor.extract(document)
        names = _Names(extraction.mentions, document.text, extractor)
        open_facts = [fact for fact in asked if fact.document == document.id]
        found: set[Fact] = set()
        done: set[tuple[str, str, str]] = set()
        for statement in extraction.statements:
            if statement.predicate not in relations or (triple := names.triple(statement)) in done:
                continue
            done.add(triple)
            matching = [fact for fact in open_facts if names.matches(statement, fact)]
            found.update(matching)
            hits.append((statement.predicate, statement.evidence.rule, bool(matching)))
            if not matching:
                evidence = statement.evidence
                false.append(
                    (
                        document.id,
                        f"{triple[0]} {triple[1]} {triple[2]} [{statement.status}]",
                        evidence.rule,
                        evidence.sentence.of(document.text),
                    )
                )
        missed += [fact for fact in open_facts if fact not in found]
    for document_id in sorted(wanted - seen):
        raise KgError(
            f"the corpus has no document {document_id}",
            mend="name a file of the corpus without its suffix",
            code="KG132",
            place=Place(str(gold)),
        )

    def tally(statements: list[tuple[str, str, bool]], of: Iterable[Fact]) -> Score:
        wanted_facts = list(of)
        gone = set(missed)
        return Score(
            sum(ok for *_, ok in statements),
            len(statements),
            sum(f not in gone for f in wanted_facts),
            len(wanted_facts),
        )

    by_relation = {r: tally([h for h in hits if h[0] == r], (f for f in asked if f.predicate == r)) for r in relations}
    by_rule = {rule: tally([h for h in hits if h[1] == rule], ()) for rule in sorted({h[1] for h in hits})}
    overall = tally(hits, asked)
    return ScoreReport(overall, by_relation, by_rule, tuple(missed), tuple(false))


class _Names:
    """Names by which a document's entities may be called in the gold."""

    def __init__(self, mentions: Iterable[Mention], text: str, extractor: Extractor) -> None:
        self._surfaces: dict[str, set[str]] = {}
        self._entries = extractor.lexicon.entries
        for mention in mentions:
            if mention.entity is not None:
                self._surfaces.setdefault(mention.entity.key, set()).add(_plain(mention.span.of(text)))

    def triple(self, statement: Statement) -> tuple[str, str, str]:
        """Give a statement by its labels."""
        target = statement.object
        return (
            statement.subject.label,
            statement.predicate,
            target.value if isinstance(target, Literal) else target.label,
        )

    def matches(self, statement: Statement, fact: Fact) -> bool:
        """Tell whether a statement says a fact."""
        return (
            statement.predicate == fact.predicate
            and statement.status == fact.status
            and _plain(fact.subject) in self._of(statement.subject)
            and self._object(statement.object, fact.object)
        )

    def _object(self, target: Entity | Literal, wanted: str) -> bool:
        return (
            _plain(target.value) == _plain(wanted)
            if isinstance(target, Literal)
            else _plain(wanted) in self._of(target)
        )

    def _of(self, entity: Entity) -> set[str]:
        names = {
            _plain(entity.label),
            *(_plain(name) for name, _ in entity.names),
            *self._surfaces.get(entity.key, set()),
        }
        if entity.key in self._entries:
            entry = self._entries[entity.key]
            names |= {_plain(label) for label in entry.labels.values()} | {_plain(name) for name, _ in entry.names}
        return names


def _plain(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", name) if c.isalnum() or c in "-/+.").casefold()
