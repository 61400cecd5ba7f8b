"""Words of time and numbers with a unit of time: the pieces that times are put together from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kg.mentions.excerpt import Excerpt
from kg.mentions.numerals import read_native
from kg.mentions.tables import alternatives, is_codes, is_number_lists, is_numbers, is_words

Edge = Callable[[int], bool]
"""Tells whether a morpheme begins or ends at a place."""

Word = Callable[[int, int], bool]
"""Tells whether a stretch may be a word of time, by what the analyser says of it."""

KEYS = {
    **dict.fromkeys(("years", "months", "weeks", "days", "spoken_days", "weekdays", "dayparts", "clock_words",
                     "per_months", "per_hours", "day_counts", "season_years"), is_numbers),
    **dict.fromkeys(("week_parts", "seasons", "halves", "parts_of_year", "parts_of_month", "parts_of_decade",
                     "parts_of_century", "solar_days", "lunar_days"), is_number_lists),
    **dict.fromkeys(("directions", "frequencies", "period_units"), is_codes),
    **dict.fromkeys(("spoken_years", "needs_company", "holidays", "date_durations", "time_durations", "duration_ends",
                     "until_now", "seasons_of_play", "times_counters", "every", "plan_nouns", "reporting_verbs",
                     "reporting_phrases", "contents", "encounters", "held", "from_now", "ago", "ahead", "figures",
                     "period_figures"), is_words),
}  # fmt: skip
"""The keys of ``times.yaml``, each with the check of its value."""

_DIGIT = re.compile(r"\d")
_HALF_PAST = re.compile(r"(?<=\d시)\s(반)(?=[\s가-힣])")
_OF = re.compile(r"의\s?\d")
_FULL = re.compile(r"(?<![\d.\-/])(\d{4})(?:(?P<s>[.\-/])\s?)(\d{1,2})(?P=s)\s?(\d{1,2})(?![\d/\-]|\.\d)")
_TO_DAY = re.compile(r"\.?(?:\([^()]{1,3}\))?\s?[~∼〜～–]\s?(\d{1,2})\.\s?(\d{1,2})(?!\d)")
_YEARS = re.compile(
    r"(?<![\d.,\-])((?:1[5-9]|20)\d\d)\s?[~∼〜～–\-]\s?((?:(?:1[5-9]|20)\d\d)|\d\d)"
    r"(?![\d.,\-]|\s?[가-힣]{0,3}원)(?:\s?(?:년|학년도|시즌)(?!대|생))?"
)
_NUMBER = re.compile(
    r"(?P<apostrophe>['’‘])?(?<![\d.,])(?P<a>\d{1,4})(?:(?P<sep>\s?[~∼〜～–\-,·ㆍ]\s?)(?P<b>\d{1,4}))?(?P<more>여)?\s?"
    r"(?P<unit>년대|학년도|회계연도|년도|년|세기|분기|월|일자|일|시|분|초)"
)


_SINO_UNITS = frozenset(("년", "년간", "개월", "주일", "주년"))
_NATIVE_UNITS = frozenset(("달", "해", "주", "주일", "시간", "개월", "시간여"))
_NIGHTS = re.compile(r"(?<![\d.,])\d{1,2}박\s?\d{1,2}일")
_TERM = re.compile(r"(?<![\d.,])\d{1,2}년\s?(?:1[01]|\d)월")
_NATIVE = re.compile("[한두세석서네넉너다여일아열스]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of time or a number with a unit: where, of what kind, and what it says of the moment.

    `second` is what the other number of a range or list says (``1∼9월``).
    """

    start: int
    end: int
    kind: str
    says: Mapping[str, Any] = field(default_factory=dict)
    second: Mapping[str, Any] | None = None


class PieceReader:
    """Finds all pieces in a text, by the words of the table ``times.yaml``."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._period_units: Mapping[str, str] = table["period_units"]
        self._per_months: Mapping[str, int] = table["per_months"]
        self._per_hours: Mapping[str, int] = table["per_hours"]
        words = _words(table)
        self._words = {re.sub(r"\s", "", word): what for word, what in words.items()}
        self._word = re.compile(alternatives(list(words)))
        units = alternatives(table["date_durations"] + table["time_durations"])
        ends = rf"(?:여\s?)?(?:{alternatives([w for w in table['duration_ends'] if w != '여'])})"
        self._duration = re.compile(
            r"(?<![\d.,])(?P<n>\d{1,4}(?:\s?[~∼〜～–\-,·]\s?\d{1,4})?|[일이삼사오육칠팔구십])(?:여)?\s?"
            rf"(?P<u>{units})(?P<end>\s?{ends})?"
        )
        self._native_unit = re.compile(rf"\s?(?P<u>{units})(?P<end>\s?{ends})?")
        self._end = re.compile(rf"\s?{ends}")
        per = alternatives(list(table["per_months"] | table["per_hours"]))
        counters = alternatives(table["times_counters"])
        self._per = re.compile(
            rf"(?<![가-힣A-Za-z\d])(?P<per>{per})(?:에|당|\s평균)?\s?(?P<n>\d{{1,3}}|[한두세네]|다섯|여섯)\s?(?:{counters})"
            r"(?:씩)?"
        )
        self._every = re.compile(
            r"(?<![가-힣A-Za-z\d.,])(?P<n>\d{1,3}|[한두세네석넉일이삼사오육]|다섯|여섯)\s?"
            rf"(?P<u>{alternatives(list(self._period_units))})\s?(?P<every>{alternatives(table['every'])})"
        )
        self._counts = re.compile(counters).search
        self._recurs = re.compile(alternatives(table["every"])).search

    def read(self, text: str, start: int, end: int, edge: Edge, word: Word) -> list[Piece]:
        """Give the pieces between two places, in order; of overlapping ones the longest."""
        return _apart(self._all(text, start, end, edge, word))

    def _all(self, text: str, start: int, end: int, edge: Edge, word: Word) -> Iterator[Piece]:
        text = text[:end]
        yield from self._worded(text, start, edge, word)
        # Both begin anywhere, so that they are sought only where a word stands that they end in.
        for met in self._per.finditer(text, start) if self._counts(text) else ():
            if edge(met.end()) and (period := self._period_of(met)):
                yield Piece(met.start(), met.end(), "frequency", {"repeats": period})
        for met in self._every.finditer(text, start) if self._recurs(text) else ():
            number = read_native(text, met.start()) if not met["n"].isdecimal() else None
            count = (
                int(met["n"])
                if met["n"].isdecimal()
                else int(number.minimum)
                if number
                else " 일이삼사오육".index(met["n"])
            )
            unit = self._period_units[met["u"]]
            period = f"PT{count}{'M' if unit == 'N' else 'H'}" if unit in "HN" else f"P{count}{unit}"
            yield Piece(met.start(), met.end(), "frequency", {"repeats": period})
        figures = _DIGIT.search(text, start) is not None
        if figures:
            yield from self._in_figures(text, start, edge)
        yield from self._durations(text, start, edge, word, figures)

    def _in_figures(self, text: str, start: int, edge: Edge) -> Iterator[Piece]:
        """Read dates and hours in figures."""
        for met in _HALF_PAST.finditer(text, start):
            if edge(met.end()):
                yield Piece(met.start(1), met.end(), "minute", {"minute": 30})
        for met in _FULL.finditer(text, start):
            year, month, day = int(met[1]), int(met[3]), int(met[4])
            if 1000 <= year < 2200 and 1 <= month <= 12 and 1 <= day <= 31:
                to = _TO_DAY.match(text, met.end())
                until = (
                    {"month": int(to[1]), "day": int(to[2])} if to and 1 <= int(to[1]) <= 12 and int(to[2]) else None
                )
                end = to.end() if to and until else met.end()
                yield Piece(met.start(), end, "day", {"year": year, "month": month, "day": day}, until)
        for met in _YEARS.finditer(text, start):
            first = int(met[1])
            last = int(met[2]) if len(met[2]) == 4 else first // 100 * 100 + int(met[2])
            if first < last <= first + 150 and (len(met[2]) == 4 or met.group().endswith(("년", "학년도", "시즌"))):
                yield Piece(met.start(), met.end(), "year", {"year": first}, {"year": last})
        for met in _NUMBER.finditer(text, start):
            if (piece := self._numbered(text, met, edge)) is not None:
                yield piece

    def _worded(self, text: str, start: int, edge: Edge, word: Word) -> Iterator[Piece]:
        """Read the words of the table: at each place the longest that lies between morpheme edges."""
        at = start
        while met := self._word.search(text, at):
            begin, stop = met.span()
            at = begin + 1
            while stop > begin:
                name = "".join(text[begin:stop].split())
                if (
                    name in self._words
                    and not text[stop - 1].isspace()
                    and edge(begin)
                    and edge(stop)
                    and word(begin, stop)
                ):
                    kind, says = self._words[name]
                    closing = self._end.match(text, stop) if kind == "duration" else None
                    at = closing.end() if closing and edge(closing.end()) else stop
                    yield Piece(begin, at, kind, says)
                    break
                stop -= 1

    def _numbered(self, text: str, met: re.Match[str], edge: Edge) -> Piece | None:
        """Read a number (or two) with a unit of the calendar or the clock."""
        unit, a = met["unit"], int(met["a"])
        b = int(met["b"]) if met["b"] else None
        begin, end = met.start("a"), met.end()
        if unit == "일자":
            unit, end = "일", end - 1
        elif unit == "분" and _OF.match(text, end):
            return None
        if (
            b is not None
            and not met["sep"].strip()
            or not (edge(end) or edge(end + 1) and text[end : end + 1] == "자")
            or met["more"]
            and unit not in ("년대",)
        ):
            return None
        if begin and (text[begin - 1].isalpha() and text[begin - 1].isascii() or text[begin - 1] == "제"):
            return None
        if b is not None and b <= a:
            if met["sep"].strip() in ",·ㆍ" or unit not in ("월", "일"):  # 3, 1일: the first number is another thing
                begin, a, b = met.start("b"), b, None
        if unit == "년대":
            if len(str(a)) == 2 and a % 10 == 0:
                return Piece(begin, end, "decade", {"decade": 1900 + a if a >= 30 else 2000 + a})
            return Piece(begin, end, "decade", {"decade": a}) if a >= 1000 and a % 10 == 0 else None
        if unit == "세기":
            return Piece(begin, end, "century", {"century": a}) if 1 <= a <= 30 else None
        if self._end.match(text, end) and edge(self._end.match(text, end).end()):  # type: ignore[union-attr]
            return None
        if unit in ("년", "년도", "학년도", "회계연도"):
            if met["apostrophe"] and 10 <= a <= 99:
                return Piece(met.start(), end, "year", {"year": 1900 + a if a >= 40 else 2000 + a})
            if not 1000 <= a <= 2999:
                return None
            if b is not None and b < 100:
                b += a // 100 * 100
            return Piece(begin, end, "year", {"year": a}, {"year": b} if b else None)
        if unit == "분기":
            if not 1 <= a <= 4:
                return None
            return Piece(
                begin, end, "half", {"stretch": (3 * a - 2, 3)}, {"stretch": (3 * b - 2, 3)} if b and b <= 4 else None
            )
        if unit == "월":
            return (
                Piece(begin, end, "month", {"month": a}, {"month": b} if b else None)
                if 1 <= a <= 12 and (b or 1) <= 12
                else None
            )
        if unit == "일":
            return (
                Piece(begin, end, "day", {"day": a}, {"day": b} if b else None)
                if 1 <= a <= 31 and (b or 1) <= 31
                else None
            )
        if unit == "시":
            return (
                Piece(begin, end, "hour", {"hour": a}, {"hour": b} if b else None)
                if a <= 24 and (b or 1) <= 24
                else None
            )
        kind = "minute" if unit == "분" else "second"
        return Piece(begin, end, kind, {kind: a}) if a < 60 and b is None else None

    def _durations(self, text: str, start: int, edge: Edge, word: Word, figures: bool) -> Iterator[Piece]:
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
                yield Piece(begin, end, "duration", {"unit": met["u"], "count": met["n"], "closed": bool(met["end"])})
        for pattern, unit in ((_NIGHTS, "일"), (_TERM, "개월")) if figures else ():
            for met in pattern.finditer(text, start):
                if edge(met.end()):
                    yield Piece(met.start(), met.end(), "duration", {"unit": unit, "closed": True})
        for met in _NATIVE.finditer(text, start):
            at = met.start()
            if edge(at) and (number := read_native(text, at)):
                told = self._native_unit.match(text, number.end)
                if told is None or told["u"] not in _NATIVE_UNITS or text[at] in "서너석넉" and told["u"] != "달":
                    continue
                end = told.end() if not told["end"] or edge(told.end()) else told.start("end")
                if edge(end):
                    one = number.maximum == 1 and told["u"] == "달"
                    says = {
                        "unit": told["u"],
                        "count": str(number.minimum),
                        "closed": bool(told["end"]),
                        "month_long": one,
                    }
                    yield Piece(at, end, "duration", says)

    def _period_of(self, met: re.Match[str]) -> str | None:
        """Give the period of so many times in a stretch, if it comes out even: 연 2회 is P6M."""
        number = read_native(met["n"], 0)
        count = int(met["n"]) if met["n"].isdecimal() else int(number.minimum) if number else 0
        per = re.sub(r"\s+", " ", met["per"])
        months, hours = self._per_months.get(per), self._per_hours.get(per)
        if not count:
            return None
        if months and months % count == 0:
            return "P1Y" if months // count == 12 else f"P{months // count}M"
        if hours and hours % count == 0:
            hours //= count
            return "P1W" if hours == 168 else f"P{hours // 24}D" if hours % 24 == 0 else f"PT{hours}H"
        return ""


def _words(table: Mapping[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Give every word of the table with its kind and what it says of the moment."""
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
    return words


class Edges:
    """Where the morphemes of a sentence begin and end, and what they are."""

    def __init__(self, excerpt: Excerpt, openers: frozenset[str]) -> None:
        sentence, shift = excerpt.sentence, excerpt.start
        self._sentence, self._shift, self._heads = sentence, shift, openers
        edges = [0, len(excerpt.text)]
        for token in sentence.tokens:
            start, end = token.span
            edges += (start - shift, end - shift)
        for start, end in sentence.words:
            edges += (start - shift, end - shift)
        self._edges = frozenset(edges)

    @cached_property
    def _nouns(self) -> set[tuple[int, int]]:
        return {(t.span.start, t.span.end) for t in self._sentence.tokens if t.tag[0] in "NM"}

    @cached_property
    def _openers(self) -> set[int]:
        return {t.span.start for t in self._sentence.tokens if t.tag == "VV" and t.form[0] in self._heads}

    @cached_property
    def _verbal(self) -> set[int]:
        suffixes = ("XSV", "XSA", "XSN")
        return {t.span.start for t in self._sentence.tokens if t.tag[0] in "VEJ" or t.tag in suffixes}

    @cached_property
    def _verbal_ends(self) -> set[int]:
        return {t.span.end for t in self._sentence.tokens if t.tag[0] == "E"}

    @cached_property
    def _closes(self) -> set[int]:
        closing = {t.span.start for t in self._sentence.tokens if t.tag[0] in "JSE" or t.tag == "VCP"}
        return closing | {word.end for word in self._sentence.words}

    def begins(self, at: int) -> bool:
        """Tell whether a morpheme or word begins or ends here."""
        return at in self._edges

    def word(self, start: int, end: int) -> bool:
        """Tell whether the stretch may be a word of time, as the analyser reads it.

        One syllable must be a noun or determiner with nothing but particles after it; more
        must neither begin with a particle, ending or verb nor end in an ending.
        """
        start, end = start + self._shift, end + self._shift
        if end - start == 1:
            return (start, end) in self._nouns and end in self._closes
        return start in self._openers or start not in self._verbal and end not in self._verbal_ends


def anywhere(at: int) -> bool:
    """Stand in for morpheme edges where there is no analysis."""
    return at >= 0


def two_syllables(start: int, end: int) -> bool:
    """Stand in for the analyser's word where there is no analysis: one syllable is too little to go by."""
    return end - start > 1


def _apart(pieces: Iterator[Piece]) -> list[Piece]:
    """Keep the longest of overlapping pieces; of equals a date before a duration, in order of place."""
    order = {"frequency": 0, "duration": 2}
    kept: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: (p.start, -p.end, order.get(p.kind, 1))):
        if kept and piece.start < kept[-1].end:
            if piece.end - piece.start > kept[-1].end - kept[-1].start:
                kept[-1] = piece
            continue
        kept.append(piece)
    return kept
