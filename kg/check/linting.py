"""Find rules that load and yet cannot work as their author means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError, Place
from kg.model import Document
from kg.rules.rule import ClauseRule, Link, Rule
from kg.text import from_text, read

if TYPE_CHECKING:
    from kg.extract import Extractor

_VERB_TAGS = frozenset("VV VA VX VCP VCN XSV XSA".split())
_PARTICLE_TAGS = frozenset("JKS JKC JKG JKO JKB JKV JKQ JX JC".split())
_CASES = frozenset({"subject", "object", "complement"})


def findings(extractor: Extractor) -> list[KgError]:
    """Give the findings in the order of files and lines."""
    found = [*_triggers(extractor), *_particles(extractor), *_duplicates(extractor), *_firing(extractor)]
    return sorted(found, key=lambda error: error.place or Place(""))


def _finding(rule: Rule, what: str, mend: str, code: str) -> KgError:
    return KgError(f"{rule.id}: {what}", mend=mend, code=code, place=rule.place)


def _triggers(extractor: Extractor) -> Iterator[KgError]:
    """KG121: a trigger that the analyser never reads as one predicate."""
    for rule in extractor.rules.rules.values():
        for trigger in rule.triggers if isinstance(rule, ClauseRule) else ():
            tokens = extractor.analyser.tokens(trigger)
            whole = "".join(t.form for t in tokens)
            if (
                whole != trigger
                or len(tokens) < 2
                or tokens[-2].tag not in _VERB_TAGS
                or tokens[-1].tag not in ("EF", "EC")
            ):
                seen = " + ".join(f"{t.form}/{t.tag}" for t in tokens)
                yield _finding(
                    rule,
                    f"the analyser never reads {trigger} as one predicate; it reads {seen}",
                    "write the dictionary form that it does read, or a word role for the noun in it",
                    "KG121",
                )


def _particles(extractor: Extractor) -> Iterator[KgError]:
    """KG122: a case that is no particle."""
    seen: dict[str, bool] = {}
    for rule in extractor.rules.rules.values():
        for role in rule.roles.values():
            for case in role.case:
                if case in _CASES:
                    continue
                if case not in seen:
                    tags = [t.tag for t in extractor.analyser.tokens(f"나무{case}")[1:]] + [
                        t.tag for t in extractor.analyser.tokens(f"집{case}")[1:]
                    ]
                    seen[case] = any(tag in _PARTICLE_TAGS for tag in tags)
                if not seen[case]:
                    yield _finding(
                        rule,
                        f"{case} in role {role.name} is no particle",
                        "write subject, object or a case particle such as 에서",
                        "KG122",
                    )


def _meaning(rule: Rule) -> tuple[object, ...]:
    """What a rule says, without its names for roles: two rules of one meaning do one job."""

    def shape(name: str) -> object:
        role = rule.roles.get(name)
        return (role.classes, role.case, role.heads, role.words) if role else name

    return tuple(
        sorted(repr((shape(t.subject), t.predicate, shape(t.object))) for t in rule.then if isinstance(t, Link))
    )


def _duplicates(extractor: Extractor) -> Iterator[KgError]:
    """KG123: two clause rules with a trigger in common, the same roles and the same links."""
    rules = [r for r in extractor.rules.rules.values() if isinstance(r, ClauseRule)]
    by_meaning: dict[tuple[object, ...], list[ClauseRule]] = defaultdict(list)
    for rule in rules:
        if _meaning(rule):
            by_meaning[_meaning(rule)].append(rule)
    for group in by_meaning.values():
        for one, other in combinations(group, 2):
            shared = sorted(set(one.triggers) & set(other.triggers))
            required = [
                {(r.classes, r.case, r.heads, r.words) for r in x.roles.values() if not r.optional}
                for x in (one, other)
            ]
            if shared and required[0] == required[1]:
                yield _finding(
                    other,
                    f"does the same as {one.id} for {', '.join(shared)}",
                    "keep one, or let them differ in roles",
                    "KG123",
                )


def _firing(extractor: Extractor) -> Iterator[KgError]:
    """KG124: a rule that fires in no example and no text; KG125: two rules that always fire together."""
    hits: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for document in _texts(extractor):
        for statement in extractor.extract(document).statements:
            hits[statement.evidence.rule].add((document.id, statement.evidence.sentence.start))
    for rule in extractor.rules.rules.values():
        if not hits[rule.id]:
            yield _finding(
                rule, "fires neither in its examples nor in the corpus", "kg explain tells where it stops", "KG124"
            )
    same: Mapping[frozenset[tuple[str, int]], list[str]] = defaultdict(list)
    for rule in extractor.rules.rules.values():
        if hits[rule.id]:
            same[frozenset(hits[rule.id])].append(rule.id)
    for ids in same.values():
        for one, other in combinations(ids, 2):
            yield _finding(
                extractor.rules.rules[other],
                f"always fires together with {one}",
                "make it one rule, or add an example in which only one of them fires",
                "KG125",
            )


def _texts(extractor: Extractor) -> Iterator[Document]:
    for rule in extractor.rules.rules.values():
        for number, example in enumerate(rule.examples):
            published = date.fromisoformat(example.date) if example.date else None
            yield from_text(example.text, id=f"{rule.id}#{number}", published=published)
    corpus: tuple[Path, ...] = extractor.project.corpus
    if corpus:
        yield from read(*corpus, on_skip=lambda skipped: None)
