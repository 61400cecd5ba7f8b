"""Quantities in a sentence: counts, money, areas, shares, ordinals, ages, measures.

Numbers are read by `kg.mentions.numerals`; what stands after them is looked up in
``units.yaml``. A mention covers number and unit (``20여 개``, ``제3회``), not the words that open
or close its interval (``이상``), though these count in its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

from kg.mentions.excerpt import Excerpt
from kg.mentions.numerals import Numeral, read_native, read_numeral
from kg.mentions.tables import alternatives, is_codes, is_numbers, is_word_lists, is_words, read_table
from kg.model import Document, Mention, QuantityValue, Sentence, Span

Kind = Literal["Count", "Money", "Area", "Share", "Ordinal", "Age", "Measure"]

_WORD_BEFORE = 6
"""Characters before a quantity that may say that it is a bound: 최대 300억."""
_KEYS = {
    "counters": is_words,
    "ordinals": is_words,
    "numbered": is_words,
    "ages": is_words,
    "shares": is_codes,
    "money": is_codes,
    "signs": is_codes,
    "areas": is_words,
    "measures": is_words,
    "bounds": is_word_lists,
    "fractions": is_numbers,
    "decades": is_words,
    "time_units": is_words,
    "lone": is_words,
    "nouns": is_words,
    "idioms": is_words,
    "ranges": is_words,
    "changes": is_words,
}
_TO = re.compile(r"\s?[~∼〜～–—\-]\s?")
_LIST = re.compile(r"\s?[,·ㆍ‧]\s?")
_AGE = re.compile(
    r"\(\s?(?:만\s?)?(\d{1,3})(?:세)?(?:\s?[·,.ㆍ](?!\d)[^()]{1,30})?\)"
    r"|\([^()\d]{1,20}[·,.ㆍ\-\s]\s?(?:만\s?)?(\d{1,3})(?:세)?(?:[·,ㆍ][^()\d]{1,8})?\)"
)
_FRACTION = re.compile(r"(\d{1,4}|[이삼사오육칠팔구십백천])\s?분의\s?(\d{1,4}|[일이삼사오육칠팔구])")
_ALONE = re.compile(r"\d+(?:\s+(?:\d|$)|[,.]?$)")
"""Digits that only white space and other digits follow: a number of no unit."""

_NUMERAL_HEADS = "제수몇한두세석서네넉너다여일아첫열스마쉰예둘셋넷하이삼사오육칠팔구십백천만억조"
_NATIVE_START = re.compile(r"[한두세석서네넉너다여일아첫열스서마쉰예둘셋넷하]")
_SINO = {c: n for n, c in enumerate("일이삼사오육칠팔구십", 1)} | {"백": 100, "천": 1000}


class QuantityReader:
    """Reads quantities by the table ``units.yaml`` in the folder `grammar`.

    Raises `KgError` where the table is not as it should be.
    """

    def __init__(self, grammar: Path) -> None:
        table = read_table(grammar / "units.yaml", _KEYS)
        units: dict[str, tuple[Kind, str]] = {}
        kinds: tuple[tuple[str, Kind], ...] = (
            ("ordinals", "Ordinal"),
            ("measures", "Measure"),
            ("nouns", "Count"),
            ("counters", "Count"),
            ("areas", "Area"),
            ("ages", "Age"),
        )
        for key, kind in kinds:
            for word in table[key]:
                units[word] = (kind, word)
        for word, unit in table["shares"].items():
            units[word] = ("Share", unit)
        for word, unit in table["money"].items():
            units[word] = ("Money", unit)
        self._units = {re.sub(r"\s", "", word): unit for word, unit in units.items()}
        self._unit = re.compile(rf"\s?(?:{alternatives(list(units))})")
        self._ordinals = frozenset(table["ordinals"])
        self._numbered = re.compile(rf"\s?(?:{alternatives(table['numbered'])})")
        self._signs: dict[str, str] = dict(table["signs"])
        heads = "".join(sorted({word[0] for word in [*table["fractions"], *table["signs"], *table["lone"]]}))
        self._start = re.compile(rf"\d+|[({_NUMERAL_HEADS}{re.escape(heads)}]")
        self._sign = re.compile(alternatives(list(table["signs"])))
        self._at_least = re.compile(
            rf"\s?(?:의\s)?(?:을|를|이|가|도)?\s?(?:{alternatives(table['bounds']['at_least'])})"
        )
        self._at_most = re.compile(rf"\s?(?:을|를|이|가|에|에도)?\s?(?:{alternatives(table['bounds']['at_most'])})")
        self._from, self._up_to = (tuple(table["bounds"][side]) for side in ("from", "up_to"))
        self._fractions: dict[str, float] = dict(table["fractions"])
        self._fraction = re.compile(alternatives(list(table["fractions"])))
        self._decade = re.compile(rf"\s?(?:{alternatives(table['decades'])})")
        self._time = re.compile(rf"\s?(?:{alternatives(table['time_units'])})")
        self._nouns = frozenset(table["nouns"])
        self._idiom = re.compile(alternatives(table["idioms"]))
        self._range = re.compile(alternatives(table["ranges"]))
        self._lone = re.compile(alternatives(table["lone"]))
        self._change = re.compile(
            rf"\)?\s?(?:이|가|을|를|나|이나|포인트|가량|정도)?\s?(?:{alternatives(table['changes'])})"
        )

    def read(self, document: Document, sentence: Sentence) -> Iterator[Mention]:
        """Give the quantities of a sentence, in order of their place; no two overlap.

        Spans are code points of ``document.text``; the type is ``Quantity``, the value a
        `QuantityValue`.
        """
        excerpt = Excerpt(document, sentence)
        yield from excerpt.restored(self.within(excerpt))

    def within(self, excerpt: Excerpt) -> Iterator[Mention]:
        """Give the quantities of an excerpt, with offsets into its text."""
        text, edges = excerpt.text, _Edges(excerpt)
        at = 0
        while met := self._start.search(text, at):
            begin = met.start()
            found = None if _ALONE.match(text, begin) else self._at(text, begin, edges)
            if found is None:
                at = met.end()
                continue
            span, value = found
            if self._change.match(text, span.end):
                value = replace(value, change=True)
            yield Mention(span, "Quantity", value=value, found="quantity")
            at = max(span.end, begin + 1)

    def _at(self, text: str, at: int, edges: _Edges) -> tuple[Span, QuantityValue] | None:
        """Give the quantity that begins at a place, if one does."""
        char = text[at]
        if char.isdecimal():
            if at > edges.start and (
                text[at - 1].isdecimal() or text[at - 1] in ".," and text[at - 2 : at - 1].isdecimal()
            ):
                return None
            return self._fraction_of(text, at) or self._number(text, at, at, edges)
        if char == "(":
            return self._age(text, at, edges)
        if char in self._signs or char == "U":
            met = self._sign.match(text, at)
            numeral = read_numeral(text, met.end()) if met and text[met.end() : met.end() + 1].isdecimal() else None
            if met and numeral:
                return Span(at, numeral.end), QuantityValue(
                    "Money", numeral.minimum, numeral.maximum, self._signs[met.group()]
                )
            return None
        if not "가" <= char <= "힣" or not edges.begins(at):
            return None
        if char == "제":
            return self._ordinal(text, at, edges)
        if char in "수몇":
            numeral = read_numeral(text, at)
            return self._counted(text, at, numeral, edges) if numeral and edges.numeral(at) else None
        if met := self._fraction.match(text, at):
            if edges.ends(met.end()):
                share = self._fractions[met.group()]
                return Span(at, met.end()), self._bounded(text, met.end(), "Share", share, share, "")
        if (found := self._fraction_of(text, at)) is not None:
            return found
        if met := self._lone.match(text, at):
            if edges.ends(met.end()) and edges.numeral(at):
                native = read_native(text, at)
                if native and native.end == met.end():
                    return Span(at, native.end), QuantityValue("Count", native.minimum, native.maximum, "")
        if edges.numeral(at):
            if _NATIVE_START.match(char) and (native := read_native(text, at)):
                around = self._idiom.finditer(text, max(edges.start, at - 4), at + 8)
                idle = any(met.start() < at < met.end() for met in around)
                return self._counted(text, at, native, edges) if edges.ends(native.end) and not idle else None
            if (text[at] != "만" or text[at + 1 : at + 2] != " ") and (numeral := read_numeral(text, at)):
                return self._counted(text, at, numeral, edges)
        return None

    def _number(self, text: str, start: int, at: int, edges: _Edges) -> tuple[Span, QuantityValue] | None:
        """Read digits with a unit, or a range or list of them with one unit."""
        if at > edges.start and (text[at - 1].isalpha() and text[at - 1].isascii()):
            return None
        if at > edges.start + 1 and text[at - 1] in "-–" and text[at - 2].isdecimal():
            return None  # the tail of a number with hyphens: 2018-19
        first = read_numeral(text, at)
        if first is None:
            return None
        low, high, end = first.minimum, first.maximum, first.end
        for joint in (_TO, _LIST):
            met = joint.match(text, self._after_unit(text, end) if joint is _TO else end)
            if met is None or not text[met.end() : met.end() + 1].isdecimal():
                continue
            second = read_numeral(text, met.end())
            if second is None or second.maximum is None:
                continue
            if joint is _LIST and second.minimum <= low:
                continue
            if (whole := self._counted(text, start, second, edges)) is None:
                continue
            span, value = whole
            least = self._same_scale(first, second, text)
            if value.minimum is not None and least < value.minimum and _close(least, value.minimum):
                if value.kind == "Age" and value.unit == "대":
                    return span, QuantityValue("Age", least, value.maximum, "대")
                return span, QuantityValue(value.kind, least, value.maximum, value.unit)
        return self._counted(text, start, Numeral(end, low, high), edges)

    def _after_unit(self, text: str, end: int) -> int:
        """Give the place after a unit that is repeated in a range (200만원∼400만원), else `end`."""
        met = self._unit.match(text, end)
        return met.end() if met and _TO.match(text, met.end()) else end

    @staticmethod
    def _same_scale(first: Numeral, second: Numeral, text: str) -> int | float:
        """Give the least of a range whose first number leaves out the unit of thousands (20~30만)."""
        if (
            first.maximum is not None
            and first.minimum < 1000 <= second.minimum
            and text[second.end - 1] in "만억조천백"
        ):
            scale = 1
            for char in reversed(text[max(0, second.end - 8) : second.end]):
                if char not in "십백천만억조":
                    break
                scale *= {"십": 10, "백": 100, "천": 1000, "만": 10**4, "억": 10**8, "조": 10**12}[char]
            if first.minimum * scale <= second.minimum:
                return first.minimum * scale
        return first.minimum

    def _counted(self, text: str, start: int, numeral: Numeral, edges: _Edges) -> tuple[Span, QuantityValue] | None:
        """Read the unit after a number, the longest that ends where a morpheme ends."""
        low, high, end = numeral.minimum, numeral.maximum, numeral.end
        if start > edges.start and text[start - 1] == "제" and not numeral.native:
            return None
        if not numeral.native and self._time.match(text, end) and self._longest(text, end, edges, time=True) is None:
            return None
        unit = self._longest(text, end, edges, time=False)
        if unit is None:
            if (
                text[start].isdecimal()
                and isinstance(low, int)
                and low >= 10_000
                and text[end - 1] in "만억조"
                and edges.ends(end)
            ):
                return Span(start, end), self._bounded(text, end, "Count", low, high, "", start)
            return None
        stop, kind, name = unit
        if name == "대" and not numeral.native and low % 10 == 0 and 10 <= low <= 90 and kind == "Count":
            if self._decade.match(text, stop) or not edges.noun_before(start):
                return Span(start, stop), QuantityValue("Age", low, (high or low) + 9, "대")
        if name == "번째" or name == "번 째":
            kind, name = "Ordinal", "번째"
        if numeral.native and (text[start] == "첫" and kind != "Ordinal" or low == high == 1 and name in self._nouns):
            return None  # 첫 골 is no quantity, and 한 도시 only "a city"
        met = self._range.match(text, stop) if kind == "Money" and low == high and isinstance(low, int) else None
        if met and edges.ends(met.end()):
            return Span(start, met.end()), QuantityValue(kind, low, low + _place(int(low)) - 1, name)
        if text[stop : stop + 1] == "여" and edges.ends(stop + 1) and high == low and isinstance(low, int):
            stop += 1
        return Span(start, stop), self._bounded(text, stop, kind, low, high, name, start)

    def _longest(self, text: str, end: int, edges: _Edges, *, time: bool) -> tuple[int, Kind, str] | None:
        """Give where the unit after `end` ends, its kind and its name; None if none ends at a morpheme's end."""
        met = self._unit.match(text, end)
        stop = met.end() if met else end
        while stop > end:
            name = re.sub(r"\s", "", text[end:stop])
            if name in self._units and edges.ends(stop) and not (time and self._time.fullmatch(text, end, stop)):
                if (
                    text[end:stop].strip().isascii()
                    and text[stop : stop + 1].isalpha()
                    and text[stop : stop + 1].isascii()
                ):
                    return None
                kind, unit = self._units[name]
                return stop, kind, unit
            stop -= 1
        return None

    def _bounded(
        self, text: str, end: int, kind: Kind, low: int | float, high: int | float | None, unit: str, start: int = 0
    ) -> QuantityValue:
        """Open the interval upwards for 이상, downwards for 이하, and for 최소 and 최대 before its `start`."""
        if kind == "Ordinal":
            return QuantityValue(kind, low, high, unit)
        if self._at_least.match(text, end):
            return QuantityValue(kind, low, None, unit)
        if self._at_most.match(text, end):
            return QuantityValue(kind, None, high, unit)
        before = text[max(0, start - _WORD_BEFORE) : start].rstrip(" ")
        if before.endswith(self._up_to):
            return QuantityValue(kind, None, high, unit)
        if before.endswith(self._from):
            return QuantityValue(kind, low, None, unit)
        return QuantityValue(kind, low, high, unit)

    def _fraction_of(self, text: str, at: int) -> tuple[Span, QuantityValue] | None:
        """Read 3분의 1, 삼분의 일: a Share between 0 and 1."""
        met = _FRACTION.match(text, at)
        if met is None:
            return None
        below, above = (_SINO.get(part) or (int(part) if part.isdecimal() else 0) for part in met.groups())
        if not below or not above or above > below:
            return None
        share = round(above / below, 6)
        return Span(at, met.end()), self._bounded(text, met.end(), "Share", share, share, "")

    def _age(self, text: str, at: int, edges: _Edges) -> tuple[Span, QuantityValue] | None:
        """Read (33) after a person's name; a number over 120 is no age."""
        met = _AGE.match(text, at)
        before = text[at - 1] if at > edges.start and text[at - 1] != " " else text[max(edges.start, at - 2) : at - 1]
        if met is None or not before or not (before.isalpha() or before in "’'\"”)"):
            return None
        group = 1 if met[1] else 2
        age = int(met[group])
        if not 1 <= age <= 120:
            return None
        return Span(met.start(group), met.end(group)), QuantityValue("Age", age, age, "세")

    def _ordinal(self, text: str, at: int, edges: _Edges) -> tuple[Span, QuantityValue] | None:
        """Read 제3회, 제 4차, 제1."""
        start = at + 1 + (text[at + 1 : at + 2] == " ")
        if not text[start : start + 1].isdecimal():
            return None
        numeral = read_numeral(text, start)
        if numeral is None or not numeral.exact:
            return None
        met = self._numbered.match(text, numeral.end)
        stop = met.end() if met else numeral.end
        while stop > numeral.end and not edges.ends(stop):
            stop -= 1
        unit = text[numeral.end : stop].strip()
        return Span(at, stop), QuantityValue("Ordinal", numeral.minimum, numeral.maximum, unit)


class _Edges:
    """Where morphemes of a sentence begin and end, and which of them are numerals."""

    start = 0

    def __init__(self, excerpt: Excerpt) -> None:
        sentence, shift = excerpt.sentence, excerpt.start
        starts = [token.span.start - shift for token in sentence.tokens]
        ends = [token.span.end - shift for token in sentence.tokens]
        self._begins = {*starts, *(word.start - shift for word in sentence.words)}
        self._ends = {*ends, *(word.end - shift for word in sentence.words), *self._begins, len(excerpt.text)}
        tags = [token.tag for token in sentence.tokens]
        self._numerals = {at for at, tag in zip(starts, tags, strict=True) if tag in ("NR", "MM", "SN")}
        self._nouns = {at for at, tag in zip(ends, tags, strict=True) if tag in ("NNG", "NNP")}

    def begins(self, at: int) -> bool:
        """Tell whether a morpheme or word begins here."""
        return at in self._begins

    def ends(self, at: int) -> bool:
        """Tell whether a morpheme or word ends here."""
        return at in self._ends

    def numeral(self, at: int) -> bool:
        """Tell whether a numeral or a determiner begins here, as the analyser sees it."""
        return at in self._numerals

    def noun_before(self, at: int) -> bool:
        """Tell whether a noun without particle stands right before."""
        return at in self._nouns or at - 1 in self._nouns


def _close(low: int | float, high: int | float) -> bool:
    """Tell whether two numbers can be the ends of one range: 30∼40, not 3-2019."""
    return low == 0 or high / low <= 1000


def _place(value: int) -> int:
    """Give the value of one unit of the last significant digit: of 350, 10."""
    place = 1
    while value and value % (place * 10) == 0:
        place *= 10
    return place
