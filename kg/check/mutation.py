"""Which constraints of a rule does no example notice?

Each constraint is dropped or widened alone, and the rule's examples are matched again. If every example
still gives what it gave, nothing tells that the constraint is meant: the next curator may lose it and
no test will say so. (Mutation testing: DeMillo, Lipton and Sayward 1978, "Hints on test data selection".)
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.check.rule_tests import document_of
from kg.check.sources import RuleSources
from kg.errors import KgError, Place
from kg.extract import rendered
from kg.model import Extraction
from kg.rules import ClauseRule, PhraseRule, RuleSet
from kg.rules.rule import STATUSES, TURNS, VALUE_KINDS, Gap, Role, Word

if TYPE_CHECKING:
    from kg.extract import Extractor

_UNNOTICED = "KG128"
_FAR = 10_000
"""A gap that no sentence is longer than, in words."""


class _AnyCase(tuple[str, ...]):
    """Cases that every case is one of."""

    def __contains__(self, case: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


class _AnyWord(frozenset[str]):
    """Words that every word is one of."""

    def __contains__(self, word: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule without one of its constraints: what was given up, where it stands, and an example that would notice."""

    rule: ClauseRule | PhraseRule
    constraint: str
    path: tuple[str | int, ...]
    mend: str


@dataclass(frozen=True, slots=True)
class MutationReport:
    """How many constraints were dropped in turn, and those of them that no example noticed."""

    rules: int
    constraints: int
    unnoticed: tuple[KgError, ...]
    by_rule: Mapping[str, int]

    @property
    def ok(self) -> bool:
        """Tell whether every constraint was noticed."""
        return not self.unnoticed

    def as_dict(self) -> dict[str, object]:
        """Give the report as JSON can hold it."""
        return {
            "ok": self.ok,
            "rules": self.rules,
            "constraints": self.constraints,
            "unnoticed": [error.as_dict() for error in self.unnoticed],
            "by_rule": dict(self.by_rule),
        }

    def as_text(self) -> str:
        """Give the report for a terminal."""
        return "\n".join(
            [
                *map(str, self.unnoticed),
                f"{self.rules} rules, {self.constraints} constraints: {len(self.unnoticed)} that no example notices",
            ]
        )


_Constraint = tuple[Place, str, str]
"""Where a constraint stands, what it is to give it up, and the mend."""


def run_mutations(extractor: Extractor, ids: Collection[str] = ()) -> MutationReport:
    """Drop each constraint of the rules `ids`, or of all, and run the rule's examples without it.

    What a family of rules says for all its members is one constraint, dropped in all of them at once: an
    example of any member may notice.
    """
    every = extractor.rules.rules
    sources = RuleSources(extractor.project.rules)
    noticed: dict[_Constraint, dict[str, bool]] = {}

    def drop(rule: ClauseRule | PhraseRule, only: _Constraint | None = None) -> None:
        bench = _Bench(extractor, rule)
        for mutant in mutants(rule, extractor):
            constraint = sources.place(rule, *mutant.path), mutant.constraint, mutant.mend
            if only in (None, constraint):
                noticed.setdefault(constraint, {})[rule.id] = bench.notices(mutant.rule)

    asked = [rule for rule in every.values() if not ids or rule.id in ids]
    for rule in asked:
        drop(rule)
    for constraint, by in list(noticed.items()):
        if not any(by.values()):
            for other in sources.members_beside(every[next(iter(by))]):
                if other not in by and other in every:
                    drop(every[other], constraint)
    unnoticed = {constraint: by for constraint, by in noticed.items() if not any(by.values())}
    return MutationReport(
        len(asked),
        len(noticed),
        tuple(
            sources.error(place, f"{', '.join(sorted(by))}: no example notices when {what}", mend, _UNNOTICED)
            for (place, what, mend), by in sorted(unnoticed.items(), key=lambda one: (one[0], sorted(one[1])))
        ),
        {rule.id: count for rule in asked if (count := sum(rule.id in by for by in unnoticed.values()))},
    )


class _Bench:
    """A rule's examples, read once, and what the rule makes of them as it stands."""

    def __init__(self, extractor: Extractor, rule: ClauseRule | PhraseRule) -> None:
        self._extractor, self._id = extractor, rule.id
        # A clause rule is matched alone; of two phrase rules one may give way to the other's longer match.
        self._beside: dict[str, ClauseRule | PhraseRule] = {
            other.id: other
            for other in extractor.rules.rules.values()
            if isinstance(rule, PhraseRule) and isinstance(other, PhraseRule)
        }
        reader = extractor
        if isinstance(rule, ClauseRule) and "nominal" not in rule.turns:
            # Nouns are read as clauses only if some rule takes that turn, and the mutant will.
            assert extractor.analyser  # loaded once, and shared by the copy
            reader = copy.copy(extractor)
            wide = replace(rule, turns=frozenset(TURNS))
            reader.rules = replace(extractor.rules, rules={**extractor.rules.rules, rule.id: wide})
        self._read = tuple(reader.extract(document_of(example)) for example in rule.examples if not example.todo)
        self._before = tuple(self._lines(read, rule) for read in self._read)

    def notices(self, mutant: ClauseRule | PhraseRule) -> bool:
        """Tell whether any example gives something else with the mutant."""
        return any(self._lines(read, mutant) != before for read, before in zip(self._read, self._before, strict=True))

    def _lines(self, read: Extraction, rule: ClauseRule | PhraseRule) -> tuple[str, ...]:
        rules: RuleSet = replace(self._extractor.rules, rules={**self._beside, rule.id: rule})
        made = self._extractor.statements(read, rules)
        return rendered([s for s in made if s.evidence.rule == self._id], rules.bindings)


def mutants(rule: ClauseRule | PhraseRule, extractor: Extractor) -> Iterator[Mutant]:
    """Give the rule without each of its constraints in turn.

    Left out are equivalent mutants, those that no example whatever can tell from the rule:

    - A required role that every statement needs. The mutant matches where the rule does, with the same
      fillers, since a role is filled in the same way whether or not it may be missing. Where only the mutant
      matches, the role is not there, so that no statement is made; and a row of names that makes no statement
      is no match of a phrase rule, so that it does not hide another. A name within which another is asked for
      cannot be missing either.
    - A status of which the rule says nothing: links are made of what happened alone, so that a rule of
      links says nothing of what is planned, possible or claimed, whether or not it takes it.
    - The kind of an optional time or quantity, which the form that puts it into the graph asks for again.
    - The class of a name in a phrase that must be one of given words: the language wants a class there,
      and the words say more.
    """
    classes = extractor.ontology.classes
    anything = tuple(sorted(name for name in classes if extractor.ontology.above(name) == {name}))
    if isinstance(rule, ClauseRule):
        for role in rule.roles.values():
            for changed, constraint, key, mend in _of_role(role, anything, needed=_needed(rule, role)):
                path: tuple[str | int, ...] = ("roles", role.name, key) if key else ("roles", role.name)
                yield Mutant(replace(rule, roles={**rule.roles, role.name: changed}), constraint, path, mend)
        if rule.says(rule.roles, frozenset(STATUSES) - rule.statuses):
            mend = "add an example whose clause has a status that the rule must not take"
            yield Mutant(replace(rule, statuses=frozenset(STATUSES)), "status is not restricted", ("status",), mend)
        if rule.turns != frozenset(TURNS):
            mend = "add a no example in a turn that the rule must not take"
            yield Mutant(replace(rule, turns=frozenset(TURNS)), "turns are not restricted", ("turns",), mend)
        return
    for at, element in enumerate(rule.elements):
        if isinstance(element, Role):
            held = any(isinstance(e, Role) and e.inside == element.name and not e.optional for e in rule.elements)
            needed = at == 0 or held or _needed(rule, element)
            for changed, constraint, key, mend in _of_slot(element, anything, needed=needed):
                slot: tuple[str | int, ...] = ("phrase", at, element.name, key) if key else ("phrase", at)
                yield Mutant(_with_element(rule, at, changed), constraint, slot, mend)
        elif isinstance(element, Word):
            if not element.optional:
                shown = "/".join(sorted(element.words)[:4])
                mend = f"add a no example without {shown} between the names"
                yield Mutant(
                    _with_element(rule, at, replace(element, optional=True)),
                    f"the word {shown} may be missing",
                    ("phrase", at),
                    mend,
                )
        else:
            yield Mutant(
                _with_element(rule, at, replace(element, longest=_FAR)),
                f"the gap of {element.longest} has no limit",
                ("phrase", at, "gap"),
                f"add a no example with more than {element.longest} words there, or drop what the limit keeps out",
            )
            if not element.across:
                yield Mutant(
                    _with_element(rule, at, replace(element, across=True)),
                    "the gap may leave the noun phrase",
                    ("phrase", at),
                    "add a no example with a particle or a verb in the gap",
                )
    if rule.closed:
        mend = "add a no example with another noun after the phrase"
        yield Mutant(replace(rule, closed=False), "a noun may follow", ("closed",), mend)
    for key in ("not_after", "not_before"):
        if getattr(rule, key):
            side = "before" if key == "not_after" else "after"
            mend = f"add a no example with one of these words {side} the phrase"
            yield Mutant(_without(rule, key), f"{key} is not asked", (key,), mend)


def _needed(rule: ClauseRule | PhraseRule, role: Role) -> bool:
    """Tell whether each statement of a rule needs a role, whatever the status."""
    return not rule.says(rule.roles.keys() - {role.name})


def _without(rule: PhraseRule, key: str) -> PhraseRule:
    none: frozenset[str] = frozenset()
    return replace(rule, not_after=none) if key == "not_after" else replace(rule, not_before=none)


def _with_element(rule: PhraseRule, at: int, element: Role | Word | Gap) -> PhraseRule:
    elements = (*rule.elements[:at], element, *rule.elements[at + 1 :])
    roles = {**rule.roles, element.name: element} if isinstance(element, Role) else rule.roles
    return replace(rule, elements=elements, roles=roles)


_Change = tuple[Role, str, str, str]
"""The role without a constraint, the constraint, the key that holds it (empty: the role itself), the mend."""


def _example(role: Role) -> str:
    return f"add a yes example (which leaves {role.name} out)" if role.optional else "add a no example"


def _of_role(role: Role, anything: tuple[str, ...], *, needed: bool) -> Iterator[_Change]:
    yield from _of_class(role, anything)
    if role.case:
        cases = "/".join(role.case)
        mend = f"{_example(role)} in which the only thing that could be {role.name} stands in another case than {cases}"
        yield replace(role, case=_AnyCase(role.case)), f"{role.name} may stand in any case", "case", mend
    if role.heads:
        mend = f"{_example(role)} in which another noun stands after the name that could be {role.name}"
        yield replace(role, heads=frozenset()), f"no head is asked of {role.name}", "head", mend
    if role.words:
        mend = f"{_example(role)} with another noun as {role.name}"
        yield replace(role, words=_AnyWord(role.words)), f"{role.name} may be any noun", "word", mend
    if role.several:
        mend = f"{_example(role)} with one name as {role.name}"
        yield replace(role, several=False), f"one name is enough for {role.name}", "several", mend
    if not role.optional and not needed:
        mend = f"add a no example without {role.name}"
        yield replace(role, optional=True), f"{role.name} may be missing", "", mend


def _of_slot(role: Role, anything: tuple[str, ...], *, needed: bool) -> Iterator[_Change]:
    if role.words:
        mend = f"add a no example with another {' or '.join(role.classes)} as {role.name}"
        yield replace(role, words=frozenset()), f"{role.name} may be any {' or '.join(role.classes)}", "word", mend
        yield from _of_excluded(role)
    else:
        yield from _of_class(role, anything)
    if role.inside and role.at != "edge":
        mend = f"add a no example in which {role.name} stands elsewhere in {role.inside}"
        yield replace(role, at="edge"), f"{role.name} may stand at any edge of {role.inside}", "at", mend
    if not role.optional and not needed:
        yield replace(role, optional=True), f"{role.name} may be missing", "", f"add a no example without {role.name}"


def _of_excluded(role: Role) -> Iterator[_Change]:
    if role.excluded:
        kept_out = " or ".join(role.excluded)
        mend = f"{_example(role)} in which what stands as {role.name} is a {kept_out}"
        yield replace(role, excluded=()), f"{role.name} may be a {kept_out}", "not", mend


def _of_class(role: Role, anything: tuple[str, ...]) -> Iterator[_Change]:
    yield from _of_excluded(role)
    if not role.classes or set(role.classes) & set(anything) or (role.is_value and role.optional):
        return
    mend = f"{_example(role)} in which what stands as {role.name} is no {' or '.join(role.classes)}"
    wide = tuple(sorted(VALUE_KINDS)) if role.is_value else anything
    what = "any value" if role.is_value else "anything that has a name"
    yield replace(role, classes=wide), f"{role.name} may be {what}", "is", mend
