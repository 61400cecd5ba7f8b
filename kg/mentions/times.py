"""Dates, times of day, durations and frequencies in a sentence.

Words of time (``times.yaml``) and numbers with a unit of time become *pieces*; neighbours in
order of size (``내년 | 7월 | 말``) join into one mention, and `kg.mentions.calendar` settles
which days it means. Ends of a mention lie on morpheme boundaries. As in the KLUE guidelines
``지난`` and ``오는`` belong to a date, ``A∼B`` is one mention, ``A부터 B까지`` two: both then carry the
whole stretch as their value. A duration or a frequency is a mention of type ``Date`` (of hours,
minutes or seconds: ``Time``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kg.mentions.calendar import Direction, Moment, Stretch, resolve, span_of
from kg.mentions.numerals import read_native
from kg.mentions.tables import alternatives, is_codes, is_number_lists, is_numbers, is_words, read_table
from kg.mentions.tense import Tense
from kg.model import Document, Mention, Sentence, Span, TimeValue

_KEYS = {
    **dict.fromkeys(("years", "months", "weeks", "days", "spoken_days", "weekdays", "dayparts", "clock_words", "per_months", "per_hours",
                     "day_counts", "season_years"), is_numbers),
    **dict.fromkeys(("week_parts", "seasons", "halves", "parts_of_year", "parts_of_month", "parts_of_decade", "parts_of_century",
                     "solar_days", "lunar_days"), is_number_lists),
    **dict.fromkeys(("directions", "frequencies", "period_units"), is_codes),
    **dict.fromkeys(("spoken_years", "needs_company", "holidays", "date_durations", "time_durations", "duration_ends",
                     "seasons_of_play", "times_counters", "every", "plan_nouns", "reporting_verbs", "reporting_phrases",
                     "ago", "ahead"), is_words),
}  # fmt: skip
_LOOK_BACK = 800
"""Code points before a sentence in which 이날 looks for the day last spoken of."""

_TO = re.compile(r"\s?[~∼〜～–—\-]\s?")
_FROM = re.compile(r"\s?(?:부터|에서)\s?")
_UNTIL = re.compile(r"\s?까지")
_HALF_PAST = re.compile(r"(?<=\d시)\s(반)(?=[\s가-힣])")
_OF = re.compile(r"의\s?\d")
_GAP = re.compile(r"\s{0,2}")
_FULL = re.compile(r"(?<![\d.\-/])(\d{4})(?:(?P<s>[.\-/])\s?)(\d{1,2})(?P=s)\s?(\d{1,2})(?![\d/\-]|\.\d)")
_YEARS = re.compile(r"(?<![\d.,\-])((?:1[5-9]|20)\d\d)\s?[~∼〜～–\-]\s?((?:(?:1[5-9]|20)\d\d)|\d\d)(?![\d.,\-]|\s?[가-힣]{0,3}원)(?:\s?(?:년|학년도|시즌)(?!대|생))?")
_NUMBER = re.compile(
    r"(?P<apostrophe>['’‘])?(?<![\d.,])(?P<a>\d{1,4})(?:(?P<sep>\s?[~∼〜～–\-,·ㆍ]\s?)(?P<b>\d{1,4}))?(?P<more>여)?\s?"
    r"(?P<unit>년대|학년도|회계연도|년도|년|세기|분기|월|일자|일|시|분|초)"
)
_RANK = {"direction": 0, "year": 1, "decade": 1, "century": 1, "half": 2, "season": 2, "month": 3, "week": 3, "part": 4, "day": 5,
         "named": 5, "weekday": 6, "holiday": 6, "play": 6, "daypart": 10, "hour": 11, "minute": 12, "second": 13}  # fmt: skip
_DATE_KINDS = frozenset(k for k, rank in _RANK.items() if rank < 10)
_PARTS = {"year": "parts_of_year", "half": "parts_of_year", "month": "parts_of_month", "decade": "parts_of_decade", "century": "parts_of_century"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of time or a number with a unit: where, of what kind, and what it says of the moment.

    `second` is what the other number of a range or list says (``1∼9월``).
    """

    start: int
    end: int
    kind: str
    says: Mapping[str, Any] = field(default_factory=dict)
    second: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Group:
    """Pieces that make one mention: dates, or times of day, or a duration, or a frequency."""

    start: int
    end: int
    kind: str
    pieces: tuple[_Piece, ...]
    moment: Moment = Moment()
    until: Moment | None = None


class TimeReader:
    """Reads times by the table ``times.yaml`` in the folder `grammar`.

    Raises `KgError` where the table is not as it should be.
    """

    def __init__(self, grammar: Path) -> None:
        table = read_table(grammar / "times.yaml", _KEYS)
        self._table = table
        self._tense = Tense(table["plan_nouns"], table["reporting_verbs"], table["reporting_phrases"])
        words: dict[str, tuple[str, dict[str, Any]]] = {}
        for word in table["parts_of_year"] | table["parts_of_month"] | table["parts_of_decade"] | table["parts_of_century"]:
            words[word] = ("part", {})
        for word, shift in table["years"].items():
            words[word] = ("year", {"years": shift, "spoken": word in table["spoken_years"]})
        for word, shift in table["months"].items():
            words[word] = ("month", {"months": shift})
        for word, shift in table["weeks"].items():
            words[word] = ("week", {"weeks": shift})
        for word, shift in table["days"].items():
            words[word] = ("named", {"days": shift})
        for word, shift in table["spoken_days"].items():
            words[word] = ("named", {"days": shift, "spoken": True})
        for word, direction in table["directions"].items():
            words[word] = ("direction", {"direction": direction})
        for word, day in table["weekdays"].items():
            words[word] = ("weekday", {"weekday": (day, day)})
        for word, days in table["week_parts"].items():
            words[word] = ("weekday", {"weekday": tuple(days)})
        for word, (code, first, count) in table["seasons"].items():
            words[word] = ("season", {"stretch": (first, count), "season": code})
            for opener, shift in table["season_years"].items():
                words[f"{opener} {word}"] = ("season", {"years": shift, "stretch": (first, count), "season": code})
        for word, stretch in table["halves"].items():
            words[word] = ("half", {"stretch": tuple(stretch)})
        for word, (month, day) in table["solar_days"].items():
            words[word] = ("named", {"month": month, "day": day})
        for word, (month, day) in table["lunar_days"].items():
            words[word] = ("named", {"lunar": (month, day)})
        for word in table["holidays"]:
            words[word] = ("holiday", {"holiday": True})
        for word in table["seasons_of_play"]:
            words[word] = ("play", {})
        for word, shift in table["dayparts"].items():
            words[word] = ("daypart", {"daypart": word, "shift": shift})
        for word, hour in table["clock_words"].items():
            words[word] = ("hour", {"hour": hour})
        for word, count in table["day_counts"].items():
            words[word] = ("duration", {"unit": "일", "count": str(count or ""), "closed": True})
        for word, period in table["frequencies"].items():
            words[word] = ("frequency", {"repeats": period})
        self._words = {re.sub(r"\s", "", word): what for word, what in words.items()}
        self._word = re.compile(alternatives(list(words)))
        self._needs_company = {re.sub(r"\s", "", word) for word in table["needs_company"]}
        units = alternatives(table["date_durations"] + table["time_durations"])
        ends = rf"(?:여\s?)?(?:{alternatives([w for w in table['duration_ends'] if w != '여'])})"
        self._duration = re.compile(
            rf"(?<![\d.,])(?P<n>\d{{1,4}}(?:\s?[~∼〜～–\-,·]\s?\d{{1,4}})?|[일이삼사오육칠팔구십])(?:여)?\s?(?P<u>{units})(?P<end>\s?{ends})?"
        )
        self._native_unit = re.compile(rf"\s?(?P<u>{units})(?P<end>\s?{ends})?")
        self._ago = re.compile(rf"\s(?:{alternatives(table['ago'])})(?![가-힣]{{2}})")
        self._ahead = re.compile(rf"\s?(?:{alternatives(table['ahead'])})")
        self._end = re.compile(rf"\s?{ends}")
        self._time_units = frozenset(table["time_durations"])
        per = alternatives(list(table["per_months"] | table["per_hours"]))
        counters = alternatives(table["times_counters"])
        self._per = re.compile(rf"(?<![가-힣A-Za-z\d])(?P<per>{per})(?:에|당|\s평균)?\s?(?P<n>\d{{1,3}}|[한두세네]|다섯|여섯)\s?(?:{counters})(?:씩)?")
        self._every = re.compile(
            rf"(?<![가-힣A-Za-z\d.,])(?P<n>\d{{1,3}}|[한두세네석넉일이삼사오육]|다섯|여섯)\s?(?P<u>{alternatives(list(table['period_units']))})\s?(?P<every>{alternatives(table['every'])})"
        )

    def read(self, document: Document, sentence: Sentence) -> Iterator[Mention]:
        """Give the times of a sentence, in order of their place; no two overlap.

        Types are ``Date`` and ``Time``; the value is a `TimeValue`. Spans are code points of
        ``document.text``. What is relative has a value only if ``document.published`` is known.
        """
        edges = _Edges(sentence, frozenset(self._table["directions"]))
        text = document.text[: sentence.span.end]
        groups = self._groups(text, sentence.span.start, sentence.span.end, edges.begins, edges.word)
        if not groups:
            return
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
            if group.kind == "frequency":
                yield self._mention(group, "Date", TimeValue("Frequency", repeats=group.pieces[0].says["repeats"]))
                continue
            if group.kind == "duration":
                short = group.pieces[-1].says["unit"] in self._time_units
                stop, away = self._away(text, group, published, spoken, edges)
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
            tense = self._tense.at(text, sentence, group.start, group.end, first)
            first = False
            if group.moment.spoken and group.moment.days is not None and spoken is None:
                spoken = self._spoken_before(document, sentence, "day")
            elif group.moment.spoken and group.moment.years is not None and year is None:
                year = self._spoken_before(document, sentence, "year")
            moment = group.moment
            if before and not self._tense.reported(sentence, group.end):
                moment = _inherit(moment, before[0], before[1])
            found = resolve(moment, published, tense, spoken if moment.years is None else year)
            until = follower.until or follower.moment if joint and follower else group.until
            whole = found if until is None else _stretch(moment, until, published, tense)
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

    @staticmethod
    def _mention(group: _Group, kind: str, value: TimeValue) -> Mention:
        return Mention(Span(group.start, group.end), kind, value=value, found="time")

    def _away(
        self, text: str, group: _Group, published: date | None, spoken: date | None, edges: _Edges
    ) -> tuple[int, TimeValue]:
        """Give where a stretch's mention ends and its value: the day so far back (10년 전) or ahead (10년 뒤), if it is one."""
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
        if len(between) <= 24 and (met := _FROM.match(between)) and met.end() == len(between) and _UNTIL.match(text, follower.end):
            return "until"
        return None

    def _spoken_before(self, document: Document, sentence: Sentence, measure: str) -> date | None:
        """Find the day or year (its first day) last spoken of before the sentence, within reach."""
        start = max(0, sentence.span.start - _LOOK_BACK)
        text = document.text[: sentence.span.start]
        for group in reversed(self._groups(text, start, sentence.span.start, _loose(text), _any)):
            moment = group.moment
            if group.kind != "date" or moment.spoken or measure == "day" and not _of_day(moment):
                continue
            found = resolve(moment, document.published, self._tense.of_text(text, group.end))
            if found and found.earliest:
                return found.earliest
        return None

    def _groups(
        self, text: str, start: int, end: int, edge: Callable[[int], bool], word: Callable[[int, int], bool]
    ) -> list[_Group]:
        """Find the pieces between two places and join neighbours."""
        groups: list[_Group] = []
        row: list[_Piece] = []
        for piece in _apart(self._pieces(text, start, end, edge, word)):
            if row and self._joins(text, row, piece):
                row.append(piece)
                continue
            groups += self._closed(text, row)
            row = [piece]
        return groups + self._closed(text, row)

    def _joins(self, text: str, row: list[_Piece], piece: _Piece) -> bool:
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
            return last.kind in _PARTS and re.sub(r"\s", "", text[piece.start : piece.end]) in self._part_table(last.kind)
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
        return {re.sub(r"\s", "", word): value for word, value in self._table[_PARTS[kind]].items()}

    def _closed(self, text: str, row: list[_Piece]) -> list[_Group]:
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
        if len(row) == 1 and (kind in ("direction", "play") or re.sub(r"\s", "", text[start:end]) in self._needs_company):
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

    def _pieces(
        self, text: str, start: int, end: int, edge: Callable[[int], bool], word: Callable[[int, int], bool]
    ) -> Iterator[_Piece]:
        """Give all pieces between two places, overlapping ones too."""
        text = text[:end]
        yield from self._worded(text, start, edge, word)
        for met in self._per.finditer(text, start):
            if edge(met.end()) and (period := self._period_of(met)):
                yield _Piece(met.start(), met.end(), "frequency", {"repeats": period})
        for met in self._every.finditer(text, start):
            number = read_native(text, met.start()) if not met["n"].isdecimal() else None
            count = int(met["n"]) if met["n"].isdecimal() else int(number.minimum) if number else " 일이삼사오육".index(met["n"])
            unit = self._table["period_units"][met["u"]]
            period = f"PT{count}{'M' if unit == 'N' else 'H'}" if unit in "HN" else f"P{count}{unit}"
            yield _Piece(met.start(), met.end(), "frequency", {"repeats": period})
        for met in _HALF_PAST.finditer(text, start):
            if edge(met.end()):
                yield _Piece(met.start(1), met.end(), "minute", {"minute": 30})
        for met in _FULL.finditer(text, start):
            year, month, day = int(met[1]), int(met[3]), int(met[4])
            if 1000 <= year < 2200 and 1 <= month <= 12 and 1 <= day <= 31:
                yield _Piece(met.start(), met.end(), "day", {"year": year, "month": month, "day": day})
        for met in _YEARS.finditer(text, start):
            first = int(met[1])
            last = int(met[2]) if len(met[2]) == 4 else first // 100 * 100 + int(met[2])
            if first < last <= first + 150 and (len(met[2]) == 4 or met.group().endswith("년")):
                yield _Piece(met.start(), met.end(), "year", {"year": first}, {"year": last})
        for met in _NUMBER.finditer(text, start):
            if (piece := self._numbered(text, met, edge)) is not None:
                yield piece
        yield from self._durations(text, start, edge, word)

    def _worded(
        self, text: str, start: int, edge: Callable[[int], bool], word: Callable[[int, int], bool]
    ) -> Iterator[_Piece]:
        """Read the words of the table: at each place the longest that lies between morpheme edges."""
        at = start
        while met := self._word.search(text, at):
            begin, stop = met.span()
            at = begin + 1
            while stop > begin:
                name = re.sub(r"\s", "", text[begin:stop])
                if name in self._words and not text[stop - 1].isspace() and edge(begin) and edge(stop) and word(begin, stop):
                    kind, says = self._words[name]
                    closing = self._end.match(text, stop) if kind == "duration" else None
                    at = closing.end() if closing and edge(closing.end()) else stop
                    yield _Piece(begin, at, kind, says)
                    break
                stop -= 1

    def _numbered(self, text: str, met: re.Match[str], edge: Callable[[int], bool]) -> _Piece | None:
        """Read a number (or two) with a unit of the calendar or the clock."""
        unit, a = met["unit"], int(met["a"])
        b = int(met["b"]) if met["b"] else None
        begin, end = met.start("a"), met.end()
        if unit == "일자":
            unit, end = "일", end - 1
        elif unit == "분" and _OF.match(text, end):
            return None
        if b is not None and not met["sep"].strip() or not (edge(end) or edge(end + 1) and text[end : end + 1] == "자") or met["more"] and unit not in ("년대",):
            return None
        if begin and (text[begin - 1].isalpha() and text[begin - 1].isascii() or text[begin - 1] == "제"):
            return None
        if b is not None and b <= a:
            if met["sep"].strip() in ",·ㆍ" or unit not in ("월", "일"):  # 3, 1일: the first number is another thing
                begin, a, b = met.start("b"), b, None
        if unit == "년대":
            if len(str(a)) == 2 and a % 10 == 0:
                return _Piece(begin, end, "decade", {"decade": 1900 + a if a >= 30 else 2000 + a})
            return _Piece(begin, end, "decade", {"decade": a}) if a >= 1000 and a % 10 == 0 else None
        if unit == "세기":
            return _Piece(begin, end, "century", {"century": a}) if 1 <= a <= 30 else None
        if self._end.match(text, end) and edge(self._end.match(text, end).end()):  # type: ignore[union-attr]
            return None
        if unit in ("년", "년도", "학년도", "회계연도"):
            if met["apostrophe"] and 10 <= a <= 99:
                return _Piece(met.start(), end, "year", {"year": 1900 + a if a >= 40 else 2000 + a})
            if not 1000 <= a <= 2999:
                return None
            if b is not None and b < 100:
                b += a // 100 * 100
            return _Piece(begin, end, "year", {"year": a}, {"year": b} if b else None)
        if unit == "분기":
            if not 1 <= a <= 4:
                return None
            return _Piece(begin, end, "half", {"stretch": (3 * a - 2, 3)}, {"stretch": (3 * b - 2, 3)} if b and b <= 4 else None)
        if unit == "월":
            return _Piece(begin, end, "month", {"month": a}, {"month": b} if b else None) if 1 <= a <= 12 and (b or 1) <= 12 else None
        if unit == "일":
            return _Piece(begin, end, "day", {"day": a}, {"day": b} if b else None) if 1 <= a <= 31 and (b or 1) <= 31 else None
        if unit == "시":
            return _Piece(begin, end, "hour", {"hour": a}, {"hour": b} if b else None) if a <= 24 and (b or 1) <= 24 else None
        kind = "minute" if unit == "분" else "second"
        return _Piece(begin, end, kind, {kind: a}) if a < 60 and b is None else None

    def _durations(
        self, text: str, start: int, edge: Callable[[int], bool], word: Callable[[int, int], bool]
    ) -> Iterator[_Piece]:
        """Read how long: 3일간, 두 달, 6년 동안, 2박3일."""
        for met in self._duration.finditer(text, start):
            begin, end = met.span()
            if met["end"] and not edge(end):
                end = met.start("end")
            if met["n"][0].isdecimal():
                if begin and (text[begin - 1].isalpha() and text[begin - 1].isascii() or text[begin - 1] == "제"):
                    continue
            elif met["u"] not in _SINO_UNITS or text[begin + 1] == " " or not (edge(begin) and word(begin, end)):
                continue
            if edge(end) and not (met["u"] == "분" and _OF.match(text, end)):
                yield _Piece(begin, end, "duration", {"unit": met["u"], "count": met["n"], "closed": bool(met["end"])})
        for met in _NIGHTS.finditer(text, start):
            if edge(met.end()):
                yield _Piece(met.start(), met.end(), "duration", {"unit": "일", "closed": True})
        for met in _TERM.finditer(text, start):
            if edge(met.end()):
                yield _Piece(met.start(), met.end(), "duration", {"unit": "개월", "closed": True})
        for at in range(start, len(text)):
            if text[at] in _NATIVE and edge(at) and (number := read_native(text, at)):
                met = self._native_unit.match(text, number.end)
                if met is None or met["u"] not in _NATIVE_UNITS or text[at] in "서너석넉" and met["u"] != "달":
                    continue
                end = met.end() if not met["end"] or edge(met.end()) else met.start("end")
                if edge(end):
                    one = number.maximum == 1 and met["u"] == "달"
                    says = {"unit": met["u"], "count": str(number.minimum), "closed": bool(met["end"]), "month_long": one}
                    yield _Piece(at, end, "duration", says)

    def _period_of(self, met: re.Match[str]) -> str | None:
        """Give the period of so many times in a stretch, if it comes out even: 연 2회 is P6M."""
        number = read_native(met["n"], 0)
        count = int(met["n"]) if met["n"].isdecimal() else int(number.minimum) if number else 0
        per = re.sub(r"\s+", " ", met["per"])
        months, hours = self._table["per_months"].get(per), self._table["per_hours"].get(per)
        if not count:
            return None
        if months and months % count == 0:
            return "P1Y" if months // count == 12 else f"P{months // count}M"
        if hours and hours % count == 0:
            hours //= count
            return "P1W" if hours == 168 else f"P{hours // 24}D" if hours % 24 == 0 else f"PT{hours}H"
        return ""


_NIGHT = frozenset(("밤", "한밤중", "심야", "늦은 밤"))
_SINO_UNITS = frozenset(("년", "년간", "개월", "주일", "주년"))
_NATIVE_UNITS = frozenset(("달", "해", "주", "주일", "시간", "개월", "시간여"))
_NIGHTS = re.compile(r"(?<![\d.,])\d{1,2}박\s?\d{1,2}일")
_TERM = re.compile(r"(?<![\d.,])\d{1,2}년\s?(?:1[01]|\d)월")
_NATIVE = frozenset("한두세석서네넉너다여일아열스")


class _Edges:
    """Where the morphemes of a sentence begin and end, and what they are."""

    def __init__(self, sentence: Sentence, openers: frozenset[str]) -> None:
        self._edges = {sentence.span.start, sentence.span.end}
        for span in [t.span for t in sentence.tokens] + list(sentence.words):
            self._edges |= {span.start, span.end}
        heads = {word[0] for word in openers}
        self._nouns = {(t.span.start, t.span.end) for t in sentence.tokens if t.tag[0] in "NM"}
        self._openers = {t.span.start for t in sentence.tokens if t.tag == "VV" and t.form[0] in heads}
        self._verbal = {t.span.start for t in sentence.tokens if t.tag[0] in "VEJ" or t.tag in ("XSV", "XSA", "XSN")}
        self._verbal_ends = {t.span.end for t in sentence.tokens if t.tag[0] == "E"}
        self._closes = {w.end for w in sentence.words}
        self._closes |= {t.span.start for t in sentence.tokens if t.tag[0] in "JSE" or t.tag == "VCP"}

    def begins(self, at: int) -> bool:
        """Tell whether a morpheme or word begins or ends here."""
        return at in self._edges

    def word(self, start: int, end: int) -> bool:
        """Tell whether the stretch may be a word of time, as the analyser reads it.

        One syllable must be a noun or determiner with nothing but particles after it; more
        must neither begin with a particle, ending or verb nor end in an ending.
        """
        if end - start == 1:
            return (start, end) in self._nouns and end in self._closes
        return start in self._openers or start not in self._verbal and end not in self._verbal_ends


_AWAY = {"년": ("year", 1), "해": ("year", 1), "개월": ("month", 1), "달": ("month", 1), "주": ("day", 7), "주일": ("day", 7), "주간": ("day", 7), "일": ("day", 1)}


def _moment_away(anchor: date, measure: str, steps: int) -> Moment:
    """Give what lies so many years, months or days from a day, as exact as the measure is."""
    if measure == "day":
        return Moment(days=steps)
    index = anchor.year * 12 + anchor.month - 1 + steps
    return Moment(year=anchor.year + steps) if measure == "year" else Moment(year=index // 12, month=index % 12 + 1)


def _any(start: int, end: int) -> bool:
    return end - start > 1


def _loose(text: str) -> Callable[[int], bool]:
    """Stand in for morpheme edges where there is no analysis: not between two Latin letters or digits."""

    def edge(at: int) -> bool:
        return 0 <= at <= len(text)

    return edge


def _apart(pieces: Iterator[_Piece]) -> list[_Piece]:
    """Keep the longest of overlapping pieces; of equals a date before a duration, in order of place."""
    order = {"frequency": 0, "duration": 2}
    kept: list[_Piece] = []
    for piece in sorted(pieces, key=lambda p: (p.start, -p.end, order.get(p.kind, 1))):
        if kept and piece.start < kept[-1].end:
            if piece.end - piece.start > kept[-1].end - kept[-1].start:
                kept[-1] = piece
            continue
        kept.append(piece)
    return kept


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


def _follow(first: Moment, second: Moment, start: Stretch | None, published: date | None, tense: Direction | None) -> Stretch | None:
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
    if start is None or moment.direction or moment.year is not None or moment.years is not None or before.day is None and before.month is None:
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
