"""Does one rule say all that another says? Told from the rules alone, before any text is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations

from kg.ontology import Ontology
from kg.rules import ClauseRule, PhraseRule
from kg.rules.rule import Gap, Link, Node, Role, Typing, Word

AnyRule = ClauseRule | PhraseRule


def covers(wide: AnyRule, narrow: AnyRule, ontology: Ontology) -> bool:
    """Tell whether `wide` matches wherever `narrow` does (for the triggers they share) and says as much.

    Each role of `narrow` stands for one of `wide` that asks no more of it, and every role that `wide` requires
    is among these; what `narrow` says, `wide` then says of the same names. A sentence with several
    names in one case may still tell the two apart, since the wider role takes the first that fits.
    """
    if isinstance(wide, ClauseRule) and isinstance(narrow, ClauseRule):
        if not set(wide.triggers) & set(narrow.triggers):
            return False
        if not (narrow.turns <= wide.turns and narrow.statuses <= wide.statuses):
            return False
        statuses = narrow.statuses
        pairings = _pairings(wide, narrow, ontology)
    elif isinstance(wide, PhraseRule) and isinstance(narrow, PhraseRule):
        names = _row(wide, narrow, ontology)
        if names is None:
            return False
        statuses = frozenset({"Happened", "Planned"})
        pairings = iter([names])
    else:
        return False
    same = {name: name for name in wide.roles}
    return any(
        all(set(_renamed(narrow, status, names)) <= set(_renamed(wide, status, same)) for status in statuses)
        for names in pairings
    )


def _pairings(wide: ClauseRule, narrow: ClauseRule, ontology: Ontology) -> Iterator[Mapping[str, str]]:
    """Give the ways in which roles of `narrow` can stand for roles of `wide`, all that it requires among them."""
    needed = [role for role in wide.roles.values() if not role.optional]
    sure = [role for role in narrow.roles.values() if not role.optional]
    for chosen in permutations(sure, len(needed)):
        if not all(_asks_no_more(w, n, ontology) for w, n in zip(needed, chosen, strict=True)):
            continue
        names = {n.name: w.name for w, n in zip(needed, chosen, strict=True)}
        free = [role for role in wide.roles.values() if role.optional]
        for role in narrow.roles.values():
            if role.name not in names:
                fitting = [w for w in free if _asks_no_more(w, role, ontology)]
                if fitting:
                    names[role.name] = fitting[0].name
                    free.remove(fitting[0])
        if _in_order(names, wide, narrow):
            yield names


def _in_order(names: Mapping[str, str], wide: ClauseRule, narrow: ClauseRule) -> bool:
    """Tell whether roles that could take the same argument are filled in the same order in both rules."""
    order = list(narrow.roles)
    back = {w: n for n, w in names.items()}
    for at, first in enumerate(wide.roles.values()):
        for second in list(wide.roles.values())[at + 1 :]:
            if second.name in back and set(first.case) & set(second.case):
                if first.name not in back or order.index(back[first.name]) > order.index(back[second.name]):
                    return False
    return True


def _row(wide: PhraseRule, narrow: PhraseRule, ontology: Ontology) -> Mapping[str, str] | None:
    """Pair the roles of two phrases element by element; None if `wide` asks more anywhere."""
    if len(wide.elements) != len(narrow.elements):
        return None
    if not (wide.not_after <= narrow.not_after and wide.not_before <= narrow.not_before):
        return None
    if wide.closed and not narrow.closed:
        return None
    names: dict[str, str] = {}
    for w, n in zip(wide.elements, narrow.elements, strict=True):
        if isinstance(w, Role) and isinstance(n, Role):
            held = None if n.inside is None else names.get(n.inside)
            if w.inside != held or (w.at != n.at and w.at != "edge") or not _asks_no_more(w, n, ontology):
                return None
            if w.separators != n.separators or (n.optional and not w.optional):
                return None
            names[n.name] = w.name
        elif isinstance(w, Word) and isinstance(n, Word):
            if not n.words <= w.words or (n.optional and not w.optional):
                return None
        elif isinstance(w, Gap) and isinstance(n, Gap):
            if n.longest > w.longest or (n.across and not w.across):
                return None
        else:
            return None
    return names


def _asks_no_more(wide: Role, narrow: Role, ontology: Ontology) -> bool:
    """Tell whether whatever fills `narrow` may fill `wide`."""

    def within(name: str, classes: tuple[str, ...]) -> bool:
        return any(name == one or (name in ontology.classes and ontology.is_a(name, one)) for one in classes)

    alike = (set(narrow.classes), narrow.excluded) == (set(wide.classes), wide.excluded)
    if not alike and (wide.optional or len(narrow.case) > 1):
        # What is there for the wider alone makes another node; of a subject and an object, each may take its own.
        return False
    return (
        all(within(name, wide.classes) for name in narrow.classes)
        and bool(narrow.classes) == bool(wide.classes)
        and set(narrow.case) == set(wide.case)
        and bool(narrow.heads) == bool(wide.heads)
        and narrow.heads <= wide.heads
        and (bool(narrow.words) and narrow.words <= wide.words if wide.words else bool(narrow.classes))
        and narrow.several >= wide.several
        and set(wide.excluded) <= set(narrow.excluded)
    )


def _renamed(rule: AnyRule, status: str, names: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    """Give what a rule says, without places and in other names.

    A node that is made is told by its type, and by which of its roles may be missing: these are not in its IRI.
    """
    templates = rule.templates(status)
    made = {t.name: f"the {t.type}" for t in templates if isinstance(t, Node) and t.type}

    def name(role: str) -> str:
        return made.get(role) or names.get(role, f"{role}, which has no pair")

    def missable(role: str) -> bool:
        return role in rule.roles and rule.roles[role].optional

    for t in templates:
        if isinstance(t, Link):
            yield "link", name(t.subject), t.predicate, name(t.object)
        elif isinstance(t, Typing):
            yield "type", name(t.subject), t.type
        else:
            properties = frozenset((key, name(role), missable(role)) for key, role in t.properties)
            yield "node", name(t.name), t.type, properties, tuple(name(role) for role in t.label)
