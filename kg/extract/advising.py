"""The smallest change that would let a rule match: found by making changes and matching again.

Nothing is advised that was not tried: each change is made to the rule (or, where no rule can help, to what
was read in the sentence), and the rule so changed is matched at the same place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from kg.extract.matching import Scene, Step, case_of, match_clause, match_phrase, standing
from kg.model import Argument, Clause, Entity, Extraction, Mention, Status
from kg.rules import ClauseRule, PhraseRule
from kg.rules.rule import TURNS, Gap, Role, Word

_FAR = 20
"""The longest gap that a rule may have, in words."""
_TOGETHER = 2
"""Changes to a phrase that are tried together."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to change, in words; and the rule as changed, None if the sentence or the lexicon must change."""

    text: str
    rule: ClauseRule | PhraseRule | None
    changes: int = 1


def advise(rule: ClauseRule | PhraseRule, extraction: Extraction, scenes: Mapping[int, Scene]) -> Advice:
    """Give the smallest change that lets a rule match somewhere in a text in which it does not."""
    if isinstance(rule, PhraseRule):
        return _of_phrase(rule, extraction, scenes)
    found = [(clause, advice) for clause in extraction.clauses if (advice := _of_clause(rule, clause, scenes))]
    near = [advice for clause, advice in found if clause.lemma in rule.triggers] or [
        advice
        for _, advice in found
        if advice.changes == 1  # another verb with other roles is another rule
    ]
    if not near:
        seen = ", ".join(sorted({c.lemma for c in extraction.clauses})) or "none"
        return Advice(
            f"no predicate here triggers the rule: it wants {', '.join(rule.triggers)}; the text has {seen}", None
        )
    return min(near, key=lambda advice: (advice.changes, advice.rule is None))


# Clause rules

_STATED: Mapping[Status, str] = {"Happened": "that it happened", "Planned": "that it is planned"}


@dataclass(frozen=True, slots=True)
class _Change:
    """One change: what it is, the rule after it, and what is read in the sentence after it."""

    what: str
    rule: ClauseRule
    clause: Clause


def _of_clause(rule: ClauseRule, clause: Clause, scenes: Mapping[int, Scene]) -> Advice | None:
    scene = next(s for s in scenes.values() if s.sentence.span.covers(clause.predicate))
    now, here, said = rule, clause, []
    if clause.lemma not in rule.triggers:
        now = replace(rule, triggers=(*rule.triggers, clause.lemma))
        wanted = ", ".join([*rule.triggers[:4], "…"] if len(rule.triggers) > 4 else rule.triggers)
        said.append(f"the rule waits for {wanted}: add {clause.lemma} to trigger")
    for _ in range(len(rule.roles) + 2):
        steps: list[Step] = []
        match = match_clause(now, here, scene, steps)
        failed = [step.element for step in steps if not step.ok]
        if match or not failed:
            break
        change = next((c for c in _changes(failed[0], now, here, scene, steps) if _mends(failed[0], c, scene)), None)
        if change is None:
            return None
        said.append(change.what)
        now, here = change.rule, change.clause
    match = match_clause(now, here, scene)
    if match is None or not now.says(match.fillers, (match.status,)):
        return None
    return Advice(
        f"at {clause.predicate.of(scene.text)}: {'; '.join(said)}", now if here is clause else None, len(said)
    )


def _mends(element: str, change: _Change, scene: Scene) -> bool:
    steps: list[Step] = []
    match_clause(change.rule, change.clause, scene, steps)
    return all(step.ok for step in steps if step.element == element)


def _changes(element: str, rule: ClauseRule, clause: Clause, scene: Scene, steps: list[Step]) -> Iterator[_Change]:
    """Give the changes that may mend one element, the smallest first."""
    if element == "status":
        asserted = clause.status if clause.mood == "declarative" and not clause.denied else None
        if asserted and rule.says(rule.roles, {asserted}):
            what = f"the clause is {asserted}: add {asserted} to status"
            yield _Change(what, replace(rule, statuses=rule.statuses | {asserted}), clause)
            return
        found = next(step.found for step in steps if step.element == "status")
        why = f"of what is {asserted} the rule has nothing to say" if asserted else "no rule reads that"
        for status, shown in _STATED.items():
            stated = replace(clause, status=status, denied=False, mood="declarative")
            yield _Change(f"the clause is {found}, and {why}: say {shown}", rule, stated)
    elif element == "turn":
        missing = next(step.found or "" for step in steps if step.element == "turn").split("+")
        missing = [turn for turn in missing if turn not in rule.turns]
        for turns in (missing, list(TURNS)):
            what = f"the clause took the turn {'+'.join(missing)}: add {', '.join(missing)} to turns"
            yield _Change(what, replace(rule, turns=rule.turns | set(turns)), clause)
    else:
        yield from _of_role(rule.roles[element], rule, clause, scene)


def _of_role(role: Role, rule: ClauseRule, clause: Clause, scene: Scene) -> Iterator[_Change]:
    text = scene.text

    def with_role(what: str, **changed: object) -> _Change:
        new = replace(role, **changed)  # type: ignore[arg-type]
        return _Change(what, replace(rule, roles={**rule.roles, role.name: new}), clause)

    cases = set(role.case)
    for argument in clause.roles:
        case = case_of(argument, clause)
        words, names = argument.phrase.of(text), [m for m in argument.mentions if m.entity is not None]
        if case in cases or argument.particle in cases:
            if role.words and argument.head not in role.words and not names:
                yield with_role(f"add {argument.head} to word of {role.name}", words=role.words | {argument.head})
            if role.heads and argument.head not in role.heads:
                what = f"{words} does not end in one of the heads of {role.name}"
                yield with_role(f"{what}: add {argument.head} to head", heads=role.heads | {argument.head})
                yield with_role(f"{what}: leave head out", heads=frozenset())
            if role.several and len(names) == 1:
                yield with_role(f"{role.name} wants several names and {words} is one: leave several out", several=False)
            for name in names:
                kept_out = [kind for kind in role.excluded if scene.fits(name, (kind,))]
                what = f"{role.name} wants {' or '.join(role.classes)}, and {name.span.of(text)} is {name.type}"
                if kept_out:
                    yield with_role(f"{name.span.of(text)} is {kept_out[0]}: take it out of not", excluded=())
                elif role.classes and not scene.fills(name, role):
                    yield with_role(f"{what}: add {name.type} to is", classes=(*role.classes, name.type))
        elif _is_taken(argument, role, rule, clause, scene):
            continue
        elif any(scene.fills(name, role) for name in names) or (role.words and argument.head in role.words):
            mark = argument.particle if argument.role == "adverbial" else case
            what = f"{words} stands as {argument.particle or argument.role}"
            yield with_role(f"{what}: add {mark} to case of {role.name}", case=(*role.case, mark))
    for argument in clause.roles:
        if role.classes and not role.is_value and not argument.mentions and case_of(argument, clause) in cases:
            named = _named(argument, role)
            roles = tuple(named if a is argument else a for a in clause.roles)
            where = "the lexicon, or its last noun to the heads of the grammar"
            what = f"{argument.phrase.of(text)} is no name: add it as a {role.classes[0]} to {where}"
            yield _Change(what, rule, replace(clause, roles=roles))
    wanted = " or ".join(role.classes or sorted(role.words)) + (f" as {'/'.join(role.case)}" if role.case else "")
    put = f"put a {wanted} into the sentence"
    if rule.says(rule.roles.keys() - {role.name}, rule.statuses):
        yield with_role(f"nothing stands as {role.name}: {put}, or write {role.name}?: in the rule", optional=True)
    if role.case:
        yield _Change(f"nothing stands as {role.name}: {put}", rule, _put(role, clause))


def _is_taken(argument: Argument, role: Role, rule: ClauseRule, clause: Clause, scene: Scene) -> bool:
    """Tell whether another role of the rule is better served by an argument: it stands in its case and fits."""
    return any(
        other.name != role.name
        and (case_of(argument, clause) in other.case or argument.particle in other.case)
        and any(scene.fills(name, other) for name in argument.mentions)
        for other in rule.roles.values()
    )


def _put(role: Role, clause: Clause) -> Clause:
    """Give the clause with one more argument, which fills a role."""
    case = role.case[0]
    own = case in ("subject", "object", "complement")
    grammatical: Literal["subject", "object", "adverbial", "complement"] = case if own else "adverbial"  # type: ignore[assignment]
    if clause.voice == "passive":
        grammatical = "subject" if case == "object" else "adverbial"
    head = next(iter(sorted(role.words or role.heads)), role.name)
    at = clause.predicate
    argument = Argument(grammatical, "" if own else case, at, at, head)
    if case == "subject" and clause.voice == "passive":
        argument = replace(argument, via="by")
    return replace(clause, roles=(*clause.roles, _named(argument, role) if role.classes else argument))


def _named(argument: Argument, role: Role) -> Argument:
    entity = Entity(f"{role.classes[0]}/{argument.head}", role.classes[0], argument.head)
    return replace(argument, mentions=(Mention(argument.span, role.classes[0], entity),))


# Phrase rules


def _of_phrase(rule: PhraseRule, extraction: Extraction, scenes: Mapping[int, Scene]) -> Advice:
    """Try the changes of one element, then of two, from every name of the text."""
    changes = list(_phrase_changes(rule, extraction))
    for count in range(1, _TOGETHER + 1):
        for chosen in combinations(changes, count):
            now = rule
            for _, index, change in chosen:
                now = _with(now, index, change)
            for mention, scene in _starts(extraction, scenes):
                if scene.fits(mention, next(iter(now.roles.values())).classes) and _says(
                    now, mention, scene, extraction
                ):
                    told = "; ".join(what for what, _, _ in chosen)
                    return Advice(f"at {mention.span.of(scene.text)}: {told}", now, count)
    first = next(iter(rule.roles.values()))
    if not any(scene.fits(mention, first.classes) for mention, scene in _starts(extraction, scenes)):
        wanted = " or ".join(first.classes)
        text = f"no name of class {wanted} stands here, with which the phrase begins"
        return Advice(f"{text}: add the name to the lexicon, or its last noun to the heads of the grammar", None)
    what = f"no change of {_TOGETHER} elements or fewer would let the phrase match here"
    return Advice(f"{what}: mend the sentence, or write a rule for it", None)


def _says(rule: PhraseRule, first: Mention, scene: Scene, extraction: Extraction) -> bool:
    """Tell whether a phrase that begins with a name matches and, as its predicate stands, says something."""
    match = match_phrase(rule, first, scene)
    if match is None:
        return False
    status = standing(match, [c for c in extraction.clauses if scene.sentence.span.covers(c.predicate)])
    return status is not None and rule.says(match.fillers, (status,))


def _starts(extraction: Extraction, scenes: Mapping[int, Scene]) -> Iterator[tuple[Mention, Scene]]:
    for scene in scenes.values():
        for mention in scene.mentions:
            if mention.entity is not None:
                yield mention, scene


_Part = tuple[str, int, Role | Word | Gap | tuple[str, object]]
"""A change of a phrase: in words, the element (-1: the rule itself), and the element or key as changed."""


def _phrase_changes(rule: PhraseRule, extraction: Extraction) -> Iterator[_Part]:
    """Give the changes that let a phrase match more, the smallest first."""
    for key in ("not_after", "not_before"):
        if words := getattr(rule, key):
            text = extraction.document.text
            for word in sorted(word for word in words if word in text):
                yield (
                    f"{word} stands {'before' if key == 'not_after' else 'after'} it: take it out of {key}",
                    -1,
                    (
                        key,
                        words - {word},
                    ),
                )
    if rule.closed:
        yield "a noun follows: write closed: no", -1, ("closed", False)
    types = sorted({m.type for m in extraction.mentions if m.entity is not None})
    for at, element in enumerate(rule.elements):
        if isinstance(element, Role):
            for type_ in types:
                if type_ not in element.classes:
                    what = f"add {type_} to is of {element.name}"
                    yield what, at, replace(element, classes=(*element.classes, type_))
            if element.excluded:
                yield f"leave not of {element.name} out", at, replace(element, excluded=())
            if element.words:
                yield f"leave word of {element.name} out", at, replace(element, words=frozenset())
            if at and not element.optional:
                yield f"{element.name} is not there: write {element.name}?:", at, replace(element, optional=True)
        elif isinstance(element, Word) and not element.optional:
            shown = "/".join(sorted(element.words)[:4])
            yield (
                f"{shown} is not there: put it there, or let it be missing ({min(element.words)}?)",
                at,
                replace(element, optional=True),
            )
        elif isinstance(element, Gap):
            if element.longest < _FAR:
                yield (
                    f"more than {element.longest} words stand between: write gap: {_FAR}",
                    at,
                    replace(element, longest=_FAR),
                )
            if not element.across:
                yield "the gap leaves the noun phrase: write across: sentence", at, replace(element, across=True)


def _with(rule: PhraseRule, at: int, changed: Role | Word | Gap | tuple[str, object]) -> PhraseRule:
    if isinstance(changed, tuple):
        return replace(rule, **{changed[0]: changed[1]})  # type: ignore[arg-type]
    roles = {**rule.roles, changed.name: changed} if isinstance(changed, Role) else rule.roles
    return replace(rule, elements=(*rule.elements[:at], changed, *rule.elements[at + 1 :]), roles=roles)
