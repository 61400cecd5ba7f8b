"""Which clause each time is of, and what a time says of its clause: what is to come is planned.

A time depends on a word, and that on a predicate; what stands between them, or frames the sentence, may give it to
another clause: the day of a report, of a pact rather than of what it is about, of all that was done on it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from kg.clauses.facts import Structure
from kg.clauses.factuality import Factuality, awaited, habitual
from kg.clauses.fillers import Fillers
from kg.clauses.grammar import Grammar
from kg.model import Argument, Mention, TimeValue

_OPENING = re.compile("[\"'“‘「『]")
_TITLED = frozenset({"Topic", "Policy", "Plan", "Initiative", "Law", "Project"})
_MARKS = frozenset("'\"‘“「『<《〈")
_GAMES = frozenset({"Competition", "Exhibition"})


class Timing:
    """The times of a sentence's clauses: `times` by the number of the predicate.

    `roles` are the arguments of each predicate, `published` is the day of the document, if known.
    """

    def __init__(
        self,
        text: str,
        structure: Structure,
        grammar: Grammar,
        fillers: Fillers,
        roles: Sequence[Sequence[Argument]],
        published: date | None,
    ) -> None:
        self._text, self._s, self._g = text, structure, grammar
        self._fillers, self._roles, self._published = fillers, roles, published
        self.times: list[list[Mention]] = [[] for _ in structure.predicates]
        self._limits: list[list[Mention]] = [[] for _ in structure.predicates]
        self._place()

    def _place(self) -> None:
        """Give each time to the clause that its word depends on."""
        s = self._s
        starts = [unit.span.start for unit in s.units]
        reports = [
            number for number, p in enumerate(s.predicates) if p.lemma == "따르다" and p.ending in ("면", "으면")
        ]
        ends = [s.predicates[number].unit for number in reports]
        # The year of a 2030년 엑스포 개최지 is that of the event, which takes no part in the clause.
        held = {u.content.end for u in s.units if s.relations[u.index] == "argument"}
        events = [m.span for m in self._fillers.mentions if m.type in _GAMES and m.span.end not in held]
        quoted = (m.span for m in self._fillers.mentions if m.type in _TITLED)
        titles = [span for span in quoted if self._text[span.start - 1 : span.start] in _MARKS]
        for mention in self._fillers.values:
            if not (mention.type in ("Date", "Time") or isinstance(mention.value, TimeValue)):
                continue
            if self._glosses(mention) or any(name.covers(mention.span) for name in (*events, *titles)):
                continue
            unit = max(0, bisect_right(starts, mention.span.end - 1) - 1)
            if self._bounds(unit, mention) or self._of_a_figure(unit):
                continue
            here: int | None = unit
            for _ in range(64):
                if here is None:
                    break
                number = s.owner.get(here)
                if number is not None and s.predicates[number].unit != here and s.predicates[number].last != here:
                    number = None
                if number is not None:
                    number = self._beyond_copula(number)
                    number = self._beyond_content(number, mention, starts)
                    source = bisect_right(ends, unit)
                    if source < len(ends) and self._reported(number, reports[source], unit):
                        number = reports[source]
                    self.times[number].append(mention)
                    break
                here = s.heads[here]
        for number, times in enumerate(self.times):
            self._limits[number] = [m for m in times if self._is_limit(m, times)]
            self.times[number] = [m for m in times if m not in self._limits[number]]
        for number in range(len(s.predicates)):
            self._part(number)
            self._pass_day(number)

    def _part(self, number: int) -> None:
        """Leave out days of which it is not told what was done on which: 3일과 5일 각각 A와 B를 방문했다."""
        if self._fillers.distributes(self._s.predicates[number]) and _spread(self.times[number]):
            self.times[number] = []

    def together(self, times: Sequence[Mention]) -> tuple[Mention, ...]:
        """Give the times of one clause; none where each stands before a thing of its own (3일 A, 5일 B를 방문했다)."""
        parted = all(
            "," in self._text[one.span.end : other.span.start] and len(_edtf(one)) == len(_edtf(other))
            for one, other in pairwise(sorted(times, key=lambda m: m.span))
        )
        return () if parted and _spread(times) else tuple(times)

    def _pass_day(self, number: int) -> None:
        """Give the day of a clause to the past one that it leads into and that has none: 9일 회의를 열고 의결했다."""
        s = self._s
        predicate, outer = s.predicates[number], s.leads[number]
        link = self._g.connectives.get(predicate.ending) if predicate.closing == "EC" else None
        if (
            outer is None
            or link is None
            or link.type not in ("coordinate", "sequential")
            or predicate.tense is not None
        ):
            return
        days = [m for m in self.times[number] if isinstance(m.value, TimeValue) and _of_a_day(m.value)]
        after = s.predicates[outer]
        if len(days) != 1 or self.times[outer] or after.tense != "past" or self._g.has("relational", predicate.lemma):
            return
        if any(effect.type == "decision" for effect in after.effects):
            return  # 3일 협약을 맺고 협력하기로 했다: on that day it was only decided
        theirs, own = ([a.span for a in self._roles[n] if a.role == "subject"] for n in (outer, number))
        if all(span in own for span in theirs):
            self.times[outer] = days

    def _beyond_copula(self, number: int) -> int:
        """Give the clause that a time is of: what a noun is (공장 부지인 시에서 열렸다) it is at any time."""
        s = self._s
        predicate, noun = s.predicates[number], s.modified[number]
        if predicate.tag != "VCP" or predicate.ending not in ("ㄴ", "인") or noun is None:
            return number
        head = s.heads[s.head_noun(noun)]
        outer = s.owner.get(head) if head is not None else None
        return outer if outer is not None and outer > number else number

    def _beyond_content(self, number: int, mention: Mention, starts: Sequence[int]) -> int:
        """Give the clause that a time right after the topic is of, where the next clause only tells what is agreed on.

        So is one before what goes on meanwhile.
        (현대차는 17일 공장을 짓는 내용의 협약을 체결했다; 17일 방문 중인 B를 만났다.)
        """
        s = self._s
        predicate, noun = s.predicates[number], s.modified[number]
        unit = max(0, bisect_right(starts, mention.span.end - 1) - 1)
        first = max(0, bisect_right(starts, mention.span.start) - 1)
        led = first > 0 and s.units[first - 1].case == "topic" and not s.units[unit].particle
        meanwhile = self._g.has("ongoing_nouns", s.units[predicate.last].noun)
        past = predicate.ending in ("ㄴ", "은", "던") and not meanwhile
        if noun is None or not predicate.adnominal or past or not led:
            return number
        last = s.head_noun(noun)
        content = any(self._g.has("content_nouns", self._fillers.head(s.units[at])) for at in (noun, last))
        if not content and not meanwhile:
            return number
        head = s.heads[last]
        outer = s.owner.get(head) if head is not None else None
        return outer if outer is not None and outer > number else number

    def _reported(self, number: int, source: int, unit: int) -> bool:
        """Tell whether a time before a source is when that reported, not that of what it tells of.

        (21일 통신사에 따르면 …했다; not 지난 3일 발표한 자료에 따르면.)
        """
        s = self._s
        own, outer = s.predicates[number], s.predicates[source]
        passing = own.adnominal and own.ending == "는" and own.unit < outer.unit
        return not s.units[unit].particle and (passing or own.unit > outer.unit)

    def _of_a_figure(self, unit: int) -> bool:
        """Tell whether a time is that of the figure right after it alone: 9월의 4.4%에서 4.6%로 올랐다."""
        s = self._s
        after = s.units[unit + 1] if unit + 1 < len(s.units) else None
        return s.units[unit].particle == "의" and after is not None and self._fillers.is_value(after.content)

    def _bounds(self, unit: int, mention: Mention) -> bool:
        """Tell whether a time only says since or until when: 2010년 이후, 1992년 수교 이래; not 20일 회의 뒤."""
        s = self._s
        if s.units[unit].particle or s.units[unit].comma or _of_a_day(mention.value):
            return False
        for after in s.units[unit + 1 : unit + 5]:
            if after.kind not in ("noun", "modifier"):
                return False
            if self._g.has("since", after.noun):
                return True
            if after.particle or after.comma:
                return False
        return False

    def _glosses(self, mention: Mention) -> bool:
        """Tell whether a time stands in the brackets right behind a word, or in those of a dateline.

        (발전계획(2021-2025년); [통신 칭다오 11월 8일])
        """
        at = mention.span.start
        opened = self._text.rfind("[", max(0, at - 40), at)
        if opened >= 0 and self._text.find("]", opened, at) < 0:
            return True
        return at > 1 and self._text[at - 1] in "(（" and self._text[at - 2].isalpha()

    def plan(self, judged: Sequence[Factuality]) -> None:
        """Read a present tense with a day after that of the document as planned: 20일 막을 올린다.

        So is a clause without a tense of its own that leads into such a one, or that announces what is done once
        beside another present tense (공장을 짓고 직원을 채용한다).
        """
        published, s = self._published, self._s
        for number in range(len(s.predicates) - 1, -1, -1):
            own, predicate, lead = judged[number], s.predicates[number], s.leads[number]
            following = s.following(number, self._g) if own.status == "Happened" else None
            if following is not None and self._is_ahead(number, judged[following].status == "Planned"):
                own.status = "Planned"  # 다음 주 방문한 뒤 귀국한다
            told = own.source is not None or own.teller is not None
            led = own.status == "Planned" and predicate.closing == "EC" and not told
            if led and (self._over(number) or self._before_all(number)):
                own.status, own.tense = "Happened", "past"  # 19일 개막해 24일까지 이어진다
            if own.status != "Happened" or own.tense != "present" or predicate.tag not in ("VV", "XSV"):
                continue
            if any(effect.type == "progressive" for effect in predicate.effects):
                continue
            times = (*self.times[number], *self._limits[number])
            days = [m.value.earliest for m in times if isinstance(m.value, TimeValue)]
            link = self._g.connectives.get(predicate.ending) if predicate.closing == "EC" else None
            led = link is not None and link.inherit and lead is not None and judged[lead].status == "Planned"
            ahead = published is not None and any(day is not None and day > published for day in days)
            if ahead or (led and predicate.tense is None and not self._over(number)):
                own.status = "Planned"
            elif predicate.adnominal and predicate.ending == "는" and awaited(s, self._g, judged, number):
                own.status = "Planned"  # 개최하는 영화제가 12월 3일 개막한다
            elif (
                link is not None
                and link.type in ("coordinate", "contrast")
                and lead is not None
                and predicate.tense is None
            ):
                after = s.predicates[lead]
                present = (
                    after.closing == "EF" and judged[lead].tense == "present" and judged[lead].status == "Happened"
                )
                if present and self._g.has("scheduled", predicate.lemma) and not habitual(s, self._g, predicate):
                    own.status = "Planned"

    def _is_ahead(self, number: int, planned: bool) -> bool:
        """Tell whether a clause is to come: its days are, or it has none and what follows it is planned."""
        days = [m.value.earliest for m in self.times[number] if isinstance(m.value, TimeValue) and m.value.earliest]
        if self._published is None or not days:
            return planned
        return all(day > self._published for day in days)

    def to_sayings(self, judged: Sequence[Factuality]) -> None:
        """Give a past time before a quoted plan, and a day before its quotation marks or subject, to the saying.

        (지난달 31일 공장을 지을 계획이라고 밝혔다; 20일 "내년에 짓겠다"고 밝혔다; 26일 수출이 늘었다고 밝혔다.)
        """
        s = self._s
        published = self._published
        for number, own in enumerate(judged):
            source = own.source if own.source is not None else own.teller
            if own.status is None or source is None or self.times[source]:
                continue
            times = [m for m in self.times[number] if isinstance(m.value, TimeValue)]
            verb = s.predicates[number].span
            first = min((a.phrase.start for a in self._roles[number] if self._told_of(a)), default=0)
            outside = [m for m in times if m.span.end <= first and _of_a_day(m.value)][:1]
            if len(times) > 1 and _of_a_day(times[0].value) and _is_long(times[1].value):
                outside = times[:1]  # 전날 2011년에 적자를 냈다고 밝혔다
            past = [
                m
                for m in times
                if not self._text.startswith("부터", m.span.end)
                and (
                    m in outside
                    or _OPENING.search(self._text, m.span.end, verb.start)
                    or own.status == "Planned"
                    and published is not None
                    and _until(m.value, published)
                )
            ]
            if past:
                self.times[number] = [m for m in self.times[number] if m not in past]
                self.times[source] = past

    @staticmethod
    def _told_of(argument: Argument) -> bool:
        """Tell whether an argument is the subject of what is said, not who says it: 26일 수출이 늘었다고 밝혔다."""
        return argument.role == "subject" and argument.via == "own" and argument.particle in ("이", "가")

    def _before_all(self, number: int) -> bool:
        """Tell whether all times of a clause without a tense of its own are over: 2015년 공장을 세워 차를 생산한다."""
        dates = [m.value for m in self.times[number] if isinstance(m.value, TimeValue) and m.value.kind == "Date"]
        ends = [value.latest for value in dates if value.latest is not None]
        day = self._published
        over = day is not None and bool(ends) and len(ends) == len(dates) and max(ends) < day
        return over and self._s.predicates[number].tense is None

    def _over(self, number: int) -> bool:
        """Tell whether a clause without a tense of its own has a day, and that before the day of publication.

        What is said by somebody is left out: its day may be that of the saying (이날 1억 달러를 들여 짓는다고 밝혔다).
        """
        values = [m.value for m in self.times[number] if isinstance(m.value, TimeValue)]
        last = max((v.latest for v in values if v.latest is not None and _of_a_day(v)), default=None)
        ended = last is not None and self._published is not None and last < self._published
        return ended and self._s.predicates[number].tense is None

    def _is_limit(self, mention: Mention, times: Sequence[Mention]) -> bool:
        """Tell whether a day only bounds what its clause tells: 19일까지 열린다, 2009년부터 매년 열린다."""
        value = mention.value
        if not isinstance(value, TimeValue) or value.kind != "Date" or "/" in (value.edtf or ""):
            return False
        after = self._text[mention.span.end : mention.span.end + 2]
        recurs = any(isinstance(m.value, TimeValue) and m.value.kind == "Frequency" for m in times)
        return after == "까지" or (after == "부터" and recurs)


def _spread(times: Sequence[Mention]) -> bool:
    """Tell whether times are several."""
    return len({_edtf(mention) for mention in times} - {""}) > 1


def _edtf(mention: Mention) -> str:
    return (mention.value.edtf or "") if isinstance(mention.value, TimeValue) else ""


def _of_a_day(value: object) -> bool:
    return isinstance(value, TimeValue) and value.earliest is not None and value.earliest == value.latest


def _is_long(value: object) -> bool:
    return isinstance(value, TimeValue) and value.kind == "Date" and not _of_a_day(value) and value.latest is not None


def _until(value: object, day: date) -> bool:
    return isinstance(value, TimeValue) and value.latest is not None and value.latest <= day
