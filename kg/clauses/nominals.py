"""Action nouns that say what a verb would say: `정책 발표`, `선도구 창설을 지원`, headlines.

Only nouns whose verb some rule waits for are read so; every other noun stays a noun.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.clauses.facts import Structure
from kg.clauses.fillers import Fillers
from kg.clauses.grammar import Grammar, plain
from kg.clauses.predicates import Predicate
from kg.clauses.units import Unit
from kg.model import Argument, Sentence, Span, Token


def action_noun(unit: Unit, nominals: frozenset[str]) -> tuple[str, Span] | None:
    """Give the lemma and the place of the action noun that ends a unit's content, if a rule waits for it."""
    return _last_action([t for t in unit.tokens if t.span.end <= unit.content.end], nominals)


def planned_action(
    at: int, structure: Structure, nominals: frozenset[str], grammar: Grammar
) -> tuple[str, Span, int] | None:
    """Give the action noun before a noun of intent, and the unit of that: 공장 건설 계획, 투자계획."""
    unit = structure.units[at]
    tokens = [t for t in unit.tokens if t.span.end <= unit.content.end]
    if tokens and grammar.has("intents", plain(tokens[-1].form)):
        noun = _last_action(tokens[:-1], nominals)
        return (*noun, at) if noun is not None else None
    after = structure.units[at + 1] if at + 1 < len(structure.units) else None
    if after is None or structure.heads[at] != at + 1 or unit.case != "bare" or unit.comma:
        return None
    noun = _last_action(tokens, nominals) if grammar.has("intents", after.noun) else None
    return (*noun, at + 1) if noun is not None else None


def _last_action(tokens: Sequence[Token], nominals: frozenset[str]) -> tuple[str, Span] | None:
    run: list[Token] = []
    for token in reversed(tokens):
        if token.tag not in ("NNG", "XSN", "XPN", "XR"):
            break
        run.insert(0, token)
        lemma = "".join(plain(t.form) for t in run) + "하다"
        if lemma in nominals and run[0].tag != "XSN":
            return lemma, Span(run[0].span.start, run[-1].span.end)
    return None


def predicates_without_verb(
    units: Sequence[Unit],
    sentence: Sentence,
    predicates: Sequence[Predicate],
    nominals: frozenset[str],
    grammar: Grammar,
) -> list[Predicate]:
    """Give the action nouns that stand for a predicate: ending a headline, before 예정이다, or before a comma."""
    found: list[Predicate] = []
    taken = {at for p in predicates for at in range(p.unit, p.last + 1)}
    finite = any(p.closing == "EF" and not p.quoted for p in predicates)
    for at, unit in enumerate(units):
        if at in taken or unit.kind != "noun":
            continue
        short = _short_for_giro(unit, nominals) if at + 1 == len(units) or _breaks_off(unit) else None
        if short is not None and (sentence.is_title or not finite):
            found.append(Predicate(at, at, short[1], short[0], "N", closing="N", base=short[0][:-2], tense="future"))
            continue
        if unit.case != "bare":
            continue
        noun = action_noun(unit, nominals)
        if noun is None:
            continue
        following = units[at + 1] if at + 1 < len(units) else None
        if following is not None and _elided(units, at, noun[1]):
            ending = min(grammar.words["elided_endings"])
            found.append(
                Predicate(at, at, noun[1], noun[0], "XSV", ending=ending, closing="EC", base=noun[0][:-2], comma=True)
            )
            continue
        closes = following is None or unit.comma or _breaks_off(unit)
        planned = (
            following is not None
            and following.kind == "noun"
            and following.case == "bare"
            and any(grammar.has("planned_nouns", plain(t.form)) for t in following.tokens)
            and (at + 2 == len(units) or _breaks_off(following))
        )
        if (closes or planned) and (sentence.is_title or not finite):
            last = at + 1 if planned else at
            found.append(
                Predicate(
                    at,
                    last,
                    noun[1],
                    noun[0],
                    "N",
                    closing="N",
                    base=noun[0][:-2],
                    comma=unit.comma,
                    tense="future" if planned else None,
                )
            )
    return found


def _elided(units: Sequence[Unit], at: int, noun: Span) -> bool:
    """Tell whether an action noun has lost 하고 before a comma: 협약을 체결, 사업을 시작했다."""
    unit, before = units[at], units[at - 1] if at else None
    alone = unit.comma and unit.content == noun
    return alone and before is not None and before.kind == "noun" and before.case == "object"


def _short_for_giro(unit: Unit, nominals: frozenset[str]) -> tuple[str, Span] | None:
    """Give lemma and place of the noun of 개최키로 at the end of a headline."""
    run: list[Token] = []
    for token in unit.tokens:
        if token.tag in ("NNG", "XSN", "XPN"):
            run.append(token)
    ending = "".join(plain(t.form) for t in unit.tokens if t.tag[0] != "S")
    if not ending.endswith(("키로", "기로")) or not run:
        return None
    noun = next((t for t in run if ending.endswith((f"{plain(t.form)}키로", f"{plain(t.form)}기로"))), None)
    lemma = f"{plain(noun.form)}하다" if noun is not None else ""
    return (lemma, noun.span) if noun is not None and lemma in nominals else None


def _breaks_off(unit: Unit) -> bool:
    return any(token.tag == "SE" or token.form in ("…", "···", "⋯") for token in unit.tokens[-2:])


def roles_of_noun(unit: int, place: Span, structure: Structure, fillers: Fillers) -> list[Argument]:
    """Give the roles that the noun phrase before an action noun fills: the nearest is its object."""
    s = structure
    arguments: list[Argument] = []
    it = s.units[unit]
    inside = [
        t for t in it.tokens if t.span.end <= place.start and t.tag[0] != "S" and t.span.start >= it.content.start
    ]
    if inside:
        span = Span(it.span.start, inside[-1].span.end)
        arguments.append(fillers.bare("object", span, Span(min(fillers.phrase(unit).start, span.start), span.end)))
    at = unit - 1
    boundary = 0
    while at >= 0 and boundary < 8:
        head = s.heads[at]
        if s.relations[at] not in ("modifier", "conjunct", "argument", "bare") or head is None or head > unit:
            break
        case = s.units[at].case
        if s.units[at].kind == "noun" and head <= unit and (s.relations[at] == "modifier" or s.relations[at] == "bare"):
            if fillers.is_value(s.units[at].content):
                at -= 1
                continue
            has_object = any(a.role == "object" for a in arguments)
            if not has_object and case in ("bare", "genitive"):
                arguments.append(fillers.argument(at, "object", "의" if case == "genitive" else "", "bare"))
            elif has_object and case == "genitive":
                arguments.append(fillers.argument(at, "subject", "의", "bare"))
                break
        at -= 1
        boundary += 1
    return arguments


def headline_roles(
    predicate: Predicate, structure: Structure, fillers: Fillers, own: Sequence[Argument]
) -> list[Argument]:
    """Give the bare roles of a headline's action noun: `A, 'B' 발표` has subject A and object B."""
    s = structure
    arguments: list[Argument] = []
    have = {a.role for a in own}
    first = predicate.unit
    while first > 0 and s.owner.get(first - 1) is None and not _breaks_off(s.units[first - 1]):
        first -= 1
    bare = [
        at
        for at in range(first, predicate.unit)
        if s.units[at].kind == "noun"
        and s.units[at].case in ("bare", "genitive")
        and not fillers.is_value(s.units[at].content)
    ]
    it = s.units[predicate.unit]
    inside = [t for t in it.tokens if t.span.end <= predicate.span.start and t.tag[0] != "S"]
    if inside and "object" not in have:
        span = Span(it.span.start, inside[-1].span.end)
        arguments.append(fillers.bare("object", span, span))
        have.add("object")
    elif bare and not s.units[bare[-1]].comma and "object" not in have:
        arguments.append(fillers.argument(bare[-1], "object", "", "bare", headline=True))
        have.add("object")
        bare.pop()
    if "subject" in have:
        return arguments
    taken = min((a.phrase.start for a in arguments), default=predicate.span.start)
    taken = min([taken, *(m.span.start for a in arguments for m in a.mentions)])
    free = [at for at in bare if s.units[at].content.end <= taken and s.units[at].case == "bare"]
    before_comma = [at for at in free if s.units[at].comma]
    named = [at for at in free if fillers.fill(at, headline=True)]
    if before_comma:
        # A list of subjects (A, B, 'C' 발표) ends at the last comma.
        arguments.append(fillers.argument(before_comma[-1], "subject", "", "bare"))
    elif named or (free and s.units[predicate.unit - 1].quotes):
        arguments.append(fillers.argument((named or free)[-1], "subject", "", "bare", headline=True))
    return arguments
