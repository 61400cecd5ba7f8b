"""Dates, times of day, durations and frequencies in a sentence.

Words of time (``times.yaml``) and numbers with a unit of time become *pieces*; neighbours in
order of size (``내년 | 7월 | 말``) join into one mention, and `kg.mentions.moments` settles
which days it means. Ends of a mention lie on morpheme boundaries. As in the KLUE guidelines
``지난`` and ``오는`` belong to a date, ``A∼B`` is one mention, ``A부터 B까지`` two: both then carry the
whole stretch as their value. A duration or a frequency is a mention of type ``Date`` (of hours,
minutes or seconds: ``Time``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kg.mentions.excerpt import Excerpt
from kg.mentions.moments import Direction, Moment, Stretch, resolve, span_of
from kg.mentions.pieces import KEYS, Edge, Edges, Piece, PieceReader, Word, anywhere, two_syllables
from kg.mentions.tables import alternatives, read_table
from kg.mentions.tense import Tense
from kg.model import Document, Mention, Sentence, Span, TimeValue

_LOOK_BACK = 800
"""Code points before a sentence in which 이날 looks for the day last spoken of."""

_TO = re.compile(r"(?:\([^()]{1,12}\))?\s?[~∼〜～–—\-]\s?")
_FROM = re.compile(r"(?:\([^()]{1,12}\))?\s?(?:부터|에서)\s?")
_UNTIL = re.compile(r"(?:\([^()]{1,12}\))?\s?까지")
_NTH_WEEK = 8
"""Code points between what recurs and its weekday (매월 첫째 주 월요일)."""

_GAP = re.compile(r"\s{0,2}")
_RANK = {
    "direction": 0, "year": 1, "decade": 1, "century": 1, "half": 2, "season": 2, "month": 3, "week": 3, "part": 4,
    "day": 5, "named": 5, "weekday": 6, "holiday": 6, "play": 6, "daypart": 10, "hour": 11, "minute": 12, "second": 13,
}  # fmt: skip
"""Order of size: a piece joins the one before it if it is of a smaller measure."""

_DATE_KINDS = frozenset(k for k, rank in _RANK.items() if rank < 10)
_PARTS = {
    "year": "parts_of_year",
    "half": "parts_of_year",
    "month": "parts_of_month",
    "decade": "parts_of_decade",
    "century": "parts_of_century",
}


@dataclass(frozen=True, slots=True)
class _Group:
    """Pieces that make one mention: dates, or times of day, or a duration, or a frequency."""

    start: int
    end: int
    kind: str
    pieces: tuple[Piece, ...]
    moment: Moment = Moment()
    until: Moment | None = None


class TimeReader:
    """Reads times by the table ``times.yaml`` in the folder `grammar`.

    Raises `KgError` where the table is not as it should be.
    """

    def __init__(self, grammar: Path) -> None:
        table = read_table(grammar / "times.yaml", KEYS)
        self._table = table
        self._tense = Tense(
            table["plan_nouns"],
            *(
                table[k]
                for k in ("reporting_verbs", "reporting_phrases", "contents", "encounters", "held", "spoken_days")
            ),
        )
        self._pieces = PieceReader(table)
        self._needs_company = {re.sub(r"\s", "", word) for word in table["needs_company"]}
        self._figures = frozenset(table["figures"])
        # A figure of a quarter is told once that is over: one not over by the calendar is of another year than that.
        self._of_periods = tuple(table["period_figures"])
        self._ago = re.compile(rf"\s(?:{alternatives(table['ago'])})(?![가-힣]{{2}})")
        self._until_now = re.compile(alternatives(table["until_now"]))
        self._from_now = frozenset(table["from_now"])
        self._ahead = re.compile(rf"\s?(?:{alternatives(table['ahead'])})")
        self._time_units = frozenset(table["time_durations"])
        self._parts: dict[str, dict[str, list[int]]] = {
            key: {re.sub(r"\s", "", word): value for word, value in table[key].items()} for key in _PARTS.values()
        }
        self._openers = frozenset(word[0] for word in table["directions"])

    def read(self, document: Document, sentence: Sentence) -> Iterator[Mention]:
        """Give the times of a sentence, in order of their place; no two overlap.

        Types are ``Date`` and ``Time``; the value is a `TimeValue`. Spans are code points of
        ``document.text``. What is relative has a value only if ``document.published`` is known.
        """
        excerpt = Excerpt(document, sentence)
        yield from excerpt.restored(self.within(excerpt))

    def within(self, excerpt: Excerpt) -> Iterator[Mention]:
        """Give the times of an excerpt, with offsets into its text."""
        mentions = list(self._read(excerpt))
        text, published = excerpt.text, excerpt.document.published
        for at, mention in enumerate(mentions):
            value = mention.value
            if isinstance(value, TimeValue) and value.edtf and _COMPARED.match(text, mention.span.end):
                mention = replace(mention, value=TimeValue("Date"))
            elif isinstance(value, TimeValue) and value.edtf and _QUARTER.fullmatch(mention.span.of(text)):
                told = self._glossed(text, mention, mentions[at + 1]) if at + 1 < len(mentions) else None
                other = "회계" in text[max(0, mention.span.start - _NEAR // 2) : mention.span.end]
                tense = None if told else self._tense.at(excerpt.own, mention.span.start, mention.span.end, False)
                if told is not None:
                    mention = replace(mention, value=told)
                elif other:  # of a business year, which may begin in any month
                    mention = replace(mention, value=TimeValue("Date"))
                elif published and value.latest and value.latest > published and tense == "past":
                    if any(word in text[mention.span.end : mention.span.end + _NEAR] for word in self._of_periods):
                        mention = replace(mention, value=TimeValue("Date"))
            yield mention

    @staticmethod
    def _glossed(text: str, mention: Mention, gloss: Mention) -> TimeValue | None:
        """Give the months that a parenthesis says a quarter has: 3분기(4월~6월)."""
        opened, closed = text[mention.span.end : gloss.span.start].strip(), text[gloss.span.end : gloss.span.end + 1]
        inside = opened in ("(", "（") and closed in (")", "）")
        return gloss.value if inside and isinstance(gloss.value, TimeValue) and gloss.value.edtf else None

    def _read(self, excerpt: Excerpt) -> Iterator[Mention]:
        """Give the times of an excerpt by themselves."""
        text, document, sentence = excerpt.text, excerpt.document, excerpt.sentence
        edges = Edges(excerpt, self._openers)
        groups = self._groups(text, 0, len(text), edges.begins, edges.word)
        if not groups:
            return
        own = excerpt.own
        published = document.published
        first = True
        before: tuple[Moment, Stretch] | None = None
        day: Stretch | None = None
        spoken: date | None = None
        year: date | None = None
        at = 0
        while at < len(groups):
            group = groups[at]
            at += 1
            reach = 1 if group.moment.weekday is None else _NTH_WEEK
            recurring = at > 1 and groups[at - 2].kind == "frequency" and group.start - groups[at - 2].end <= reach
            if recurring and group.kind == "date":  # 매년 10월 is no one month
                yield self._mention(group, "Date", TimeValue("Date"))
                continue
            if group.kind == "frequency":
                yield self._mention(group, "Date", TimeValue("Frequency", repeats=group.pieces[0].says["repeats"]))
                continue
            if group.kind == "duration":
                short = group.pieces[-1].says["unit"] in self._time_units
                stop, away = self._away(text, group, published, spoken, edges)
                if away.edtf and stop > group.end and self._after_event(text, own, group.start):
                    away = TimeValue("Date")
                yield Mention(Span(group.start, stop), "Time" if short else "Date", value=away, found="time")
                continue
            follower = groups[at] if at < len(groups) else None
            joint = self._joint(text, group, follower)
            if group.kind == "clock":
                ends = [group] if joint is None or follower is None else [group, follower]
                value = _time_value(ends, day)
                if joint == "to" and follower:
                    yield Mention(Span(group.start, follower.end), "Time", value=value, found="time")
                else:
                    for piece in ends:
                        yield self._mention(piece, "Time", value)
                at += len(ends) - 1
                continue
            tense = self._tense.at(own, group.start, group.end, first)
            first = False
            if group.moment.spoken and group.moment.days is not None and spoken is None:
                spoken = self._spoken_before(document, sentence, "day", tense == "past")
            elif group.moment.spoken and group.moment.years is not None and year is None:
                year = self._spoken_before(document, sentence, "year", False)
            moment = group.moment
            if before and not self._tense.reported(own, group.end):
                moment = _inherit(moment, before[0], before[1])
            if tense == "future" and joint is None and follower is not None and text.startswith("까지", follower.end):
                if _going_on(moment, follower.moment, published):
                    tense = "past"  # 19일 개막해 24일까지 이어진다
            found = resolve(moment, published, tense, spoken if moment.years is None else year)
            until = follower.until or follower.moment if joint and follower else group.until
            whole = found if until is None else _stretch(moment, until, published, tense)
            if found and until is None:
                whole = self._lasting(text, group, follower, found, published) or found
                if tense == "future" and moment.bare and published is not None:
                    begun = resolve(moment, published, "past")  # 19일부터 나흘간 개최한다, of the 20th
                    lasting = self._lasting(text, group, follower, begun, published) if begun else None
                    if lasting and lasting.latest and lasting.latest >= published:
                        whole = lasting
            at += joint is not None
            value = TimeValue("Date", whole.edtf, whole.earliest, whole.latest) if whole else TimeValue("Date")
            if joint == "to" and follower:
                yield Mention(Span(group.start, follower.end), "Date", value=value, found="time")
            else:
                yield self._mention(group, "Date", value)
                if joint and follower:
                    yield self._mention(follower, "Date", value)
            before = (group.moment, found) if found and not group.until else None
            if whole:
                day, year = whole, whole.earliest
                spoken = whole.earliest if _of_day(moment) else spoken

    def _lasting(
        self, text: str, group: _Group, follower: _Group | None, first: Stretch, published: date | None
    ) -> Stretch | None:
        """Give the stretch that a date begins and that lasts so long or till now: 10일부터 3일간, 올해부터 현재까지."""
        since = _FROM.match(text, group.end)
        if since is None or first.earliest is None:
            return None
        if published is not None and self._until_now.match(text, since.end()):
            return Stretch(f"{first.edtf}/{published.isoformat()}", first.earliest, published)
        piece = follower.pieces[0] if follower is not None and follower.kind == "duration" else None
        if piece is None or piece.start != since.end() or not piece.says.get("closed"):
            return None
        count, unit = str(piece.says.get("count", "")), piece.says["unit"]
        field, step = _AWAY.get(unit, ("", 0))
        if field == "year" and len(first.edtf) == _WRITTEN["month"]:  # 2022년 10월부터 4년간
            field, step = "month", 12 * step
        if not count.isdecimal() or not 0 < int(count) < _LASTING or len(first.edtf) != _WRITTEN.get(field):
            return None
        moment = _moment_away(first.earliest, field, int(count) * step - 1)
        last = resolve(moment, first.earliest, None)
        return span_of(first, last) if last is not None else None

    @staticmethod
    def _mention(group: _Group, kind: str, value: TimeValue) -> Mention:
        return Mention(Span(group.start, group.end), kind, value=value, found="time")

    def _away(
        self, text: str, group: _Group, published: date | None, spoken: date | None, edges: Edges
    ) -> tuple[int, TimeValue]:
        """Give where a stretch's mention ends and its value: a day so far back (10년 전) or ahead."""
        back, ahead = self._ago.match(text, group.end), self._ahead.match(text, group.end)
        met = back or ahead
        if met is None or not edges.begins(met.end()) or group.pieces[-1].says["unit"] in self._time_units:
            return group.end, TimeValue("Duration")
        stop = group.end if back else met.end()
        anchor = published if back else spoken or published
        count = str(group.pieces[0].says.get("count", ""))
        unit = group.pieces[0].says["unit"]
        if anchor is None or len(group.pieces) > 1 or not count.isdecimal() or unit not in _AWAY:
            return stop, TimeValue("Date")
        steps = int(count) * _AWAY[unit][1] * (-1 if back else 1)
        found = resolve(_moment_away(anchor, _AWAY[unit][0], steps), anchor, None)
        return stop, TimeValue("Date", found.edtf, found.earliest, found.latest) if found else TimeValue("Date")

    def _after_event(self, text: str, own: Sentence, start: int) -> bool:
        """Tell whether a stretch ahead is reckoned from what a noun right before it tells: 발효 6개월 뒤."""
        at = bisect_left(own.tokens, start, key=lambda token: token.span.start) - 1
        before = own.tokens[at] if at >= 0 and text[start - 1 : start] == " " else None
        return before is not None and before.tag == "NNG" and before.form not in self._from_now

    @staticmethod
    def _joint(text: str, group: _Group, follower: _Group | None) -> str | None:
        """Tell whether two groups are the ends of one stretch: ``to`` (A∼B) or ``until`` (A부터 B까지)."""
        if follower is None or follower.kind != group.kind:
            return None
        if group.kind == "date" and (follower.moment.spoken and follower.moment.days is not None or group.until):
            return None
        if (met := _TO.match(text, group.end)) and met.end() == follower.start:
            return "to"
        between = text[group.end : follower.start]
        if (
            len(between) <= 24
            and (met := _FROM.match(between))
            and met.end() == len(between)
            and _UNTIL.match(text, follower.end)
        ):
            return "until"
        return None

    def _spoken_before(self, document: Document, sentence: Sentence, measure: str, past: bool) -> date | None:
        """Find the day or year (its first day) last spoken of before the sentence, within reach.

        What happened on that day happened on none that is still to come: with `past` such a day is passed over.
        """
        start = max(0, sentence.span.start - _LOOK_BACK)
        text = document.text[start : sentence.span.start]
        for group in reversed(self._groups(text, 0, len(text), anywhere, two_syllables)):
            moment = group.moment
            if group.kind != "date" or moment.spoken or measure == "day" and not _of_day(moment):
                continue
            found = resolve(moment, document.published, self._tense.of_text(text, group.end))
            ahead = past and found and found.earliest and document.published and found.earliest > document.published
            if found and found.earliest and not ahead:
                return found.earliest
        return None

    def _groups(self, text: str, start: int, end: int, edge: Edge, word: Word) -> list[_Group]:
        """Find the pieces between two places and join neighbours."""
        groups: list[_Group] = []
        row: list[Piece] = []
        for piece in self._pieces.read(text, start, end, edge, word):
            if row and self._joins(text, row, piece):
                row.append(piece)
                continue
            groups += self._closed(text, row)
            row = [piece]
        return groups + self._closed(text, row)

    def _joins(self, text: str, row: list[Piece], piece: Piece) -> bool:
        """Tell whether a piece goes on the row: next to it, and of a smaller measure."""
        last = row[-1]
        met = _GAP.match(text, last.end)
        if met is None or met.end() < piece.start or last.second and piece.kind not in ("part",):
            return False
        if last.kind == "duration" and piece.kind in ("minute", "second"):
            return not last.says.get("closed") and last.says["unit"] in ("시간", "분")
        if last.kind == "duration" and piece.kind == "duration":
            order = self._table["date_durations"] + self._table["time_durations"]
            return not last.says.get("closed") and order.index(last.says["unit"]) < order.index(piece.says["unit"])
        if last.kind not in _RANK or piece.kind not in _RANK:
            return last.kind == "month" and piece.says.get("month_long", False)
        if piece.kind == "part":
            return last.kind in _PARTS and re.sub(r"\s", "", text[piece.start : piece.end]) in self._part_table(
                last.kind
            )
        if (last.kind in _DATE_KINDS) != (piece.kind in _DATE_KINDS):
            return False
        if piece.kind == "holiday":
            return last.kind == "named"
        if piece.kind == "minute":
            return last.kind == "hour"
        if piece.kind == "second":
            return last.kind == "minute"
        if last.kind == "direction" and piece.kind == "named" and "days" in piece.says:
            return False
        return _RANK[last.kind] < _RANK[piece.kind]

    def _part_table(self, kind: str) -> dict[str, list[int]]:
        return self._parts[_PARTS[kind]]

    def _closed(self, text: str, row: list[Piece]) -> list[_Group]:
        """Make a group of a row, or none if its words say too little by themselves."""
        while row and row[0].kind in ("part", "holiday"):
            row = row[1:]
        if not row:
            return []
        start, end = row[0].start, row[-1].end
        kind = row[0].kind
        if kind in ("duration", "frequency"):
            if kind == "duration" and row[-1].kind != "duration":
                row = [*row[:-1], replace(row[-1], says={"unit": "분"})]
            return [_Group(start, end, kind, tuple(row))]
        if kind in ("daypart", "hour"):
            return [_Group(start, end, "clock", tuple(row))]
        if kind in ("minute", "second"):
            return [_Group(start, end, "duration", (replace(row[0], says={"unit": "분"}),))]
        if len(row) == 1 and text[start:end] in self._figures and text[end : end + 1] == "의":
            return []
        if len(row) == 1 and (
            kind in ("direction", "play") or re.sub(r"\s", "", text[start:end]) in self._needs_company
        ):
            return []
        says: dict[str, Any] = {}
        second: dict[str, Any] | None = None
        before = ""
        for piece in row:
            if piece.kind == "part":
                says["part"] = tuple(self._part_table(before)[re.sub(r"\s", "", text[piece.start : piece.end])])
            elif piece.kind not in ("play", "duration"):
                says |= piece.says
            second = dict(piece.second) if piece.second else second
            before = piece.kind
        moment = Moment(**says)
        return [_Group(start, end, "date", tuple(row), moment, Moment(**{**says, **second}) if second else None)]


_NIGHT = frozenset(("밤", "한밤중", "심야", "늦은 밤"))
_WRITTEN = {"day": len("2020-01-01"), "month": len("2020-01"), "year": len("2020")}
"""How long the EDTF of a date is that a stretch of days, months or years may begin with."""
_QUARTER = re.compile(r".*\d\s?분기|.*[상하]반기|.*회계연도")
_COMPARED = re.compile(r"\s?(?:동기|동월|동분기|같은 ?(?:기간|분기|달|시기))")
"""What makes a year or quarter only what another is compared with: 전년 동기의 10억원에서 늘었다."""
_NEAR = 16
"""How far behind a quarter the noun of its figure stands, in code points."""
_LASTING = 200
"""A longer stretch is none that news counts."""
_AWAY = {
    "년": ("year", 1),
    "해": ("year", 1),
    "개월": ("month", 1),
    "달": ("month", 1),
    "주": ("day", 7),
    "주일": ("day", 7),
    "주간": ("day", 7),
    "일": ("day", 1),
}


def _moment_away(anchor: date, measure: str, steps: int) -> Moment:
    """Give what lies so many years, months or days from a day, as exact as the measure is."""
    if measure == "day":
        return Moment(days=steps)
    index = anchor.year * 12 + anchor.month - 1 + steps
    return Moment(year=anchor.year + steps) if measure == "year" else Moment(year=index // 12, month=index % 12 + 1)


def _of_day(moment: Moment) -> bool:
    """Tell whether the words name a day, not only a month or a year."""
    return moment.day is not None or moment.days is not None or moment.weekday is not None or moment.lunar is not None


def _stretch(first: Moment, until: Moment, published: date | None, tense: Direction | None) -> Stretch | None:
    """Settle both ends. What goes on on the day of publication began before it, even in a clause that looks ahead."""
    found: Stretch | None = None
    for way in ("past", tense) if tense == "future" and published else (tense,):
        start = resolve(first, published, way)
        end = _follow(first, until, start, published, tense)
        found = span_of(start, end) if start and end else start
        if published and found and found.earliest and found.latest and found.earliest <= published <= found.latest:
            break
    return found


def _going_on(first: Moment, until: Moment, published: date | None) -> bool:
    """Tell whether what begins on a day of a month goes on until another on the day of publication."""
    if published is None or not (first.bare and until.bare and first.day and until.day):
        return False
    found = _stretch(first, until, published, "future")
    return bool(found and found.earliest and found.latest and found.earliest < published <= found.latest)


def _follow(
    first: Moment, second: Moment, start: Stretch | None, published: date | None, tense: Direction | None
) -> Stretch | None:
    """Settle the second end of a stretch, which leaves out what the first end said."""
    if start is None or start.earliest is None:
        return resolve(second, published, tense)
    begin = start.earliest
    if second.day is not None and second.month is None and second.months is None:
        month = replace(second, year=begin.year, month=begin.month, years=None, direction=None)
        if second.day < begin.day:
            later = begin.replace(day=1) + timedelta(days=31)
            month = replace(month, year=later.year, month=later.month)
        return resolve(month, published, tense)
    if second.year is None and second.years is None and (second.month is not None or second.stretch):
        same = resolve(replace(second, year=begin.year, direction=None), published, tense)
        if same and same.latest and same.latest < begin:
            return resolve(replace(second, year=begin.year + 1, direction=None), published, tense)
        return same
    if second.weekday and second.weeks is None:
        return resolve(replace(second, direction=None), begin, "future")
    return resolve(second, published, tense, begin)


def _inherit(moment: Moment, before: Moment, found: Stretch) -> Moment:
    """Give a bare day or month the month and year of the date before it in the sentence, if it then lies after that.

    ``7월 15일에 시작해 17일에 끝났다``: the 17th of July.
    """
    start = found.earliest
    if (
        start is None
        or moment.direction
        or moment.year is not None
        or moment.years is not None
        or before.day is None
        and before.month is None
    ):
        return moment
    if moment.bare and before.day is not None and not before.bare and (moment.day or 0) > start.day:
        return replace(moment, year=start.year, month=start.month)
    if moment.month is not None and before.month is not None and (before.year is not None or before.years is not None):
        if moment.month > start.month:
            return replace(moment, year=start.year)
    return moment


def _clock(group: _Group, shift: int | None = None) -> tuple[str | None, int | None]:
    """Give the time of day as ``hh:mm:ss`` (None if no hour is named) and the hours that 오전 or 오후 adds.

    `shift` is that of the other end of a stretch, which holds if this end says nothing (``오후 2시~4시``).
    """
    says: dict[str, Any] = {}
    for piece in group.pieces:
        says |= piece.says
    hour = says.get("hour")
    shift = says.get("shift", shift)
    if hour is None:
        return None, shift
    night = says.get("daypart", "") in _NIGHT
    if hour == 12 and "daypart" in says:
        hour = 0 if shift == 0 or night else 12
    elif shift == 12 and hour < 12 and not (night and hour < 5):
        hour += 12
    return f"{hour % 24:02}:{says.get('minute', 0):02}:{says.get('second', 0):02}", shift


def _time_value(ends: list[_Group], day: Stretch | None) -> TimeValue:
    """Give the value of a time of day, if one day is spoken of.

    EDTF has no stretches of hours: these, and parts of a day, are known to the day.
    """
    if day is None or day.earliest is None or day.earliest != day.latest:
        return TimeValue("Time")
    on = day.earliest
    first, shift = _clock(ends[0])
    if len(ends) > 1:
        last, _ = _clock(ends[1], shift)
        if first and last and last < first and on < date.max:
            until = on + timedelta(days=1)
            return TimeValue("Time", f"{on.isoformat()}/{until.isoformat()}", on, until)
    if first is None or len(ends) > 1 or any(piece.second for piece in ends[0].pieces):
        return TimeValue("Time", on.isoformat(), on, on)
    return TimeValue("Time", f"{on.isoformat()}T{first}", on, on)
