"""Clauses that share one verb, which only the last of them has (gapping), and what each of them says.

A를 X로, B를 Y로 지정했다; A에 30억 원, B에 20억 원을 투자했다; A의 인구는 840만 명, B의 인구는 900만 명이다.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kg.clauses.fillers import Fillers
from kg.clauses.predicates import Predicate
from kg.clauses.units import Unit
from kg.model import Argument, Mention, Span

Row = tuple[Argument, ...]


def rows(
    predicate: Predicate, arguments: Sequence[Argument], units: Sequence[Unit], fillers: Fillers, text: str
) -> list[Row]:
    """Give the arguments of each clause that a predicate says; those of a copula with its complement.

    Where a row ends in a bare noun and a comma, that noun has the case of the last argument of all.
    """
    each = fillers.distributes(predicate) and not _gapped(arguments, units)
    many = [a for a in arguments if a.role != "object" and len(a.mentions) > 1] if each else []
    if each and not many:
        arguments = [_unsure(a, fillers) for a in arguments]
    own = sorted((a for a in arguments if a.via == "own"), key=lambda a: a.span)
    if many:
        return _distributed(arguments, min(many, key=lambda a: a.role != "subject"), own, fillers)
    if paired := _paired(arguments, own, units):
        return paired
    if own and own[-1].role == "object" and (listed := _counted(own[-1], units, fillers)):
        return [(*(a for a in arguments if a is not own[-1]), each) for each in (*listed, own[-1])]
    if predicate.tag == "VCP":
        last = fillers.argument(predicate.unit, "complement", "", "bare")
        heads = [a for a in own if a.role == "subject" and a.particle in ("은", "는")]
    elif len(own) > 2 and (own[-1].role != "adverbial" or _sum(own[-1], fillers)):
        last = own[-1]
        heads = [a for a in own[:-1] if _mark(a) == _mark(own[-2])]
    else:
        return _conjoined(arguments, text)
    ends = _ends(heads, units)
    if not ends and predicate.tag != "VCP" and own[-2].role == "subject":
        heads = [a for a in own[1:-1] if a.role == "subject"]  # A는 매출이 5억 원, 순이익은 2억 원을 기록했다
        ends = _ends(heads, units)
    bare = predicate.tag == "VCP" or bool(last.mentions) or fillers.is_value(last.span)
    if not ends or not bare and not all(fillers.is_value(units[end].content) for end in ends):
        return [(*arguments, last)] if predicate.tag == "VCP" else _conjoined(arguments, text)
    starts = [units[end + 1].span.start for end in ends]
    found: list[Row] = []
    for row, head in enumerate(heads):
        first = starts[row - 1] if row else 0
        those = [_from(first, a) for a in arguments if a is not last and bisect_right(starts, a.span.start) == row]
        if row:
            said = {_mark(a) for a in those}
            before = [a for a in arguments if a is not last and a.span.end <= heads[0].phrase.start]
            those += [a for a in before if _mark(a) not in said or a not in heads and heads[0].role == a.role]
        if row < len(ends):
            final = _from(head.span.end, fillers.argument(ends[row], last.role, last.particle, "bare"))
            final = final if bare else replace(final, head=last.head)  # A에 5억 원, B에 2억 원의 과징금
        else:
            final = _from(first, last)
        found.append((*those, final))
    return found


def _gapped(arguments: Sequence[Argument], units: Sequence[Unit]) -> bool:
    """Tell whether each of several like adverbials has a bare noun before a comma of its own: 시장에 A, 국장에 B를."""
    own = sorted((a for a in arguments if a.via == "own"), key=lambda a: a.span)
    if len(own) < 3 or own[-1].role == "adverbial" or own[-2].role != "adverbial":
        return False
    return bool(_ends([a for a in own[:-1] if _mark(a) == _mark(own[-2])], units))


def _paired(arguments: Sequence[Argument], own: Sequence[Argument], units: Sequence[Unit]) -> list[Row]:
    """Give the rows of subjects with an object each, before a comma: 수출은 5억 원을, 수입은 3억 원을 기록했다."""
    subjects = [a for a in own if a.role == "subject"]
    objects = [a for a in own if a.role == "object"]
    if len(subjects) < 2 or len(subjects) != len(objects) or not all(a.topic for a in subjects[1:]):
        return []
    pairs = list(zip(subjects, objects, strict=True))
    order = [a.span.start for pair in pairs for a in pair]
    commas = {unit.content for unit in units if unit.comma}
    if order != sorted(order) or not all(a.span in commas for a in objects[:-1]):
        return []
    end = objects[-1].span.end
    shared = [a for a in arguments if a not in (*subjects, *objects) and (a.via != "own" or a.span.start >= end)]
    found: list[Row] = []
    for row, (subject, thing) in enumerate(pairs):
        first = pairs[row - 1][1].span.end if row else 0
        inner = [a for a in own if a.role not in ("subject", "object") and first <= a.span.start < thing.span.end]
        found.append((_from(first, subject), *inner, _from(subject.span.end, thing), *shared))
    return found


def _unsure(argument: Argument, fillers: Fillers) -> Argument:
    """Give an argument without its sums, if there are several and nobody known to whom they belong."""
    values = [m for m in fillers.values if argument.phrase.covers(m.span) and m.type == "Quantity"]
    return replace(argument, phrase=argument.span) if len(values) > 1 else argument


def _distributed(
    arguments: Sequence[Argument], several: Argument, own: Sequence[Argument], fillers: Fillers
) -> list[Row]:
    """Give a clause for each of several that do something each, or to whom it is done: A와 B는 각각 X와 Y를 방문했다.

    Where there are not as many of the one as of the other, who did what is not told.
    """
    found: list[Row] = []
    for what in reversed([a for a in own if a is not several]):
        values = [m for m in fillers.values if what.phrase.covers(m.span) and m.type == "Quantity"]
        each = list(what.mentions) if len(what.mentions) > 1 else values
        rest = [a for a in arguments if a is not several and a is not what]
        if len(each) == 1 and len(values) == 1:  # 각각 5억 달러를
            found = [(*rest, replace(several, mentions=(who,)), what) for who in several.mentions]
        elif len(each) == len(several.mentions):
            for who, one in zip(several.mentions, each, strict=True):
                told = replace(what, mentions=(one,)) if one in what.mentions else replace(what, phrase=one.span)
                found.append((*rest, replace(several, mentions=(who,)), told))
        elif len(each) > 1:
            found = [(*rest, several, replace(what, phrase=what.span, mentions=what.mentions if values else ()))]
        if found:
            return found
    return [tuple(arguments)]


def times(found: Sequence[Row], row: int, told: Sequence[Mention]) -> tuple[Mention, ...]:
    """Give the times of one of several clauses of a verb: those among its words, else the first before them."""
    ends = [max(a.span.end for a in roles if a.via in ("own", "bare")) for roles in found]
    begin = ends[row - 1] if row else 0
    there = tuple(t for t in told if begin <= t.span.start < ends[row])
    return there or tuple(t for t in told if t.span.start < begin)[:1]


def _mark(argument: Argument) -> tuple[str, str]:
    """Give what tells an argument's case: 에 and 에는 are one, and so are 은 and 는."""
    return argument.role, argument.particle.removeprefix("으") if argument.role == "adverbial" else ""


def _sum(argument: Argument, fillers: Fillers) -> bool:
    """Tell whether an argument is a sum that things come to: 매출은 5억 원, 순이익은 2억 원으로 집계됐다."""
    return argument.particle in ("로", "으로") and fillers.is_value(argument.span)


def _from(first: int, argument: Argument) -> Argument:
    """Give an argument without what stands before a place, which is of the row before."""
    phrase = Span(max(first, argument.phrase.start), max(first, argument.phrase.end))
    return replace(argument, phrase=phrase, mentions=tuple(m for m in argument.mentions if m.span.start >= first))


def _ends(heads: Sequence[Argument], units: Sequence[Unit]) -> list[int]:
    """Give the units with a comma that end all rows but the last, each with its head; none if one does not."""
    index = {unit.content: unit.index for unit in units} if len(heads) > 1 else {}
    at = [index[head.span] for head in heads if head.span in index]
    if len(at) < len(heads):
        return []
    found: list[int] = []
    for earlier, later in pairwise(at):
        inner = range(later - 1, earlier, -1)
        end = next((n for n in inner if units[n].kind == "noun" and units[n].comma), None)
        if end is None or units[end].case != "bare":
            return []
        found.append(end)
    return found


def _counted(last: Argument, units: Sequence[Unit], fillers: Fillers) -> list[Argument]:
    """Give the objects with their own sums before the last: 매출 339억 원, 순이익 42억 원을 기록했다."""
    found: list[Argument] = []
    for at in fillers.within(last.phrase):
        unit = units[at]
        inside = unit.kind == "noun" and unit.comma and unit.case == "bare" and last.phrase.covers(unit.content)
        if inside and unit.content.end < last.span.start and fillers.is_value(unit.content):
            argument = fillers.argument(unit.index, last.role, last.particle, "bare")
            if argument.mentions:
                found.append(argument)
    return found


def _conjoined(arguments: Sequence[Argument], text: str) -> list[Row]:
    """Give the arguments of each clause of which only the last has its verb: A를 X로, B를 Y로 임명했다 (gapping).

    The verb's own arguments end in two or more rows of the same cases, with a comma after each row but the last; what
    stands before the rows belongs to all of them. One tuple, if there are no such rows.
    """
    own = sorted((a for a in arguments if a.via == "own"), key=lambda a: a.span)
    marks = [_mark(a) for a in own]
    for width in range(2, len(own) // 2 + 1):
        rows = 1
        while width * (rows + 1) <= len(own) and marks[-width * (rows + 1) : -width * rows] == marks[-width:]:
            rows += 1
        first = len(own) - width * rows
        starts = range(first, len(own), width)
        closed = all("," in text[own[at - 1].span.end : own[at].phrase.start] for at in starts if at > first)
        if rows > 1 and closed and len(set(marks[-width:])) == width:
            shared = [a for a in arguments if a not in own[first:]]
            return [(*shared, *own[at : at + width]) for at in starts]
    return [tuple(arguments)]
