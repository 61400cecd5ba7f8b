"""Numbers as Korean news writes them: ``1만3000``, ``5천700여``, ``수십``, ``두세``, ``삼십``.

A `Numeral` is a closed interval, since many numbers in news are not exact. The rule for 여
(``20여``): the number reaches up to the next unit of its last significant digit, so ``20여``
is 20 to 29, ``100여`` is 100 to 199 and ``120여`` is 120 to 129. 여 says "and some more that is
not worth counting", and what the writer thought worth counting shows in the digits written.
``수십`` is 20 to 99, ``수백`` 200 to 999 and so on: 수 is "several", two at least.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SMALL = {"십": 10, "백": 100, "천": 1_000}
_BIG = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16}
_SINO = {"일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "륙": 6, "칠": 7, "팔": 8, "구": 9}
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3}){1,6}(?!\d)(?:\.\d{1,12})?|\d{1,19}(?:\.\d{1,12})?")
_MORE = re.compile(r"\s?(?:여(?=[\s만억조]|\D)|남짓)")

_ONES: Mapping[str, tuple[int, int]] = {
    "한두": (1, 2), "두세": (2, 3), "두서너": (2, 4), "서너": (3, 4), "너댓": (4, 5), "네댓": (4, 5),
    "네다섯": (4, 5),
    "대여섯": (5, 6), "예닐곱": (6, 7), "일고여덟": (7, 8), "여덟아홉": (8, 9),
    "하나": (1, 1), "둘": (2, 2), "셋": (3, 3), "넷": (4, 4), "한": (1, 1), "두": (2, 2), "세": (3, 3), "석": (3, 3),
    "서": (3, 3), "네": (4, 4), "넉": (4, 4), "너": (4, 4), "다섯": (5, 5), "여섯": (6, 6), "일곱": (7, 7),
    "여덟": (8, 8),
    "아홉": (9, 9), "첫": (1, 1),
}  # fmt: skip
_TENS = {
    "열": 10,
    "스물": 20,
    "스무": 20,
    "서른": 30,
    "마흔": 40,
    "쉰": 50,
    "예순": 60,
    "일흔": 70,
    "여든": 80,
    "아흔": 90,
}
_ONES_PATTERN = "|".join(sorted(_ONES, key=len, reverse=True))
_NATIVE = re.compile(f"(?:(?P<tens>{'|'.join(_TENS)})(?P<more>여(?![섯덟]))?)?(?P<ones>{_ONES_PATTERN})?")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as written: where it ends, and the least and the most that it can be.

    `maximum` is None for what has no upper bound. `native` tells ``두`` from ``2``.
    """

    end: int
    minimum: int | float
    maximum: int | float | None
    native: bool = False

    @property
    def exact(self) -> bool:
        """Tell whether the number is one number."""
        return self.minimum == self.maximum


def read_numeral(text: str, start: int) -> Numeral | None:
    """Read the number in digits (with Sino-Korean units, 여, a leading 수 or 몇) that begins at `start`.

    >>> read_numeral("1만3000㎡", 0)
    Numeral(end=6, minimum=13000, maximum=13000, native=False)
    >>> n = read_numeral("5천700여 명", 0); n.minimum, n.maximum
    (5700, 5799)
    >>> n = read_numeral("수십 개", 0); n.minimum, n.maximum
    (20, 99)
    """
    if text[start : start + 1] in ("수", "몇"):
        return _several(text, start)
    total: int | float = 0
    section: int | float = 0
    place: int | float = 1  # value of one unit of the last significant digit
    more = False
    at, read = start, False
    arabic = text[start : start + 1].isdigit()  # 5일만에 is five days, not 5 and 10,000
    least, least_big = 10**4, 10**20  # units come down: 천 after 만, never 천 after 천
    while at < len(text):
        digits = _DIGITS.match(text, at)
        if digits is None and (arabic or not _hangul_goes_on(text, at, read)) or least == 1:
            break
        if digits:
            value: int | float = _plain(digits.group())
            at = digits.end()
        elif text[at] in _SINO:
            value, at = _SINO[text[at]], at + 1
        else:
            value = 1
        place = _place(value)
        read = True
        met = _MORE.match(text, at)
        if met and not more:
            more, at = True, met.end()
        scale = _SMALL.get(text[at : at + 1], 1)
        if scale >= least:
            break
        least = scale
        if scale > 1:
            value, place, at = value * scale, place * scale, at + 1
        section += value
        if not more and (met := _MORE.match(text, at)):
            more, at = True, met.end()
        if scale > 1 and not more and text[at : at + 1] == " ":  # 4천 2백만
            met = _DIGITS.match(text, at + 1)
            if met and 1 < _SMALL.get(text[met.end() : met.end() + 1], 1) < scale:
                at += 1
                continue
        big = _BIG.get(text[at : at + 1], 0)
        if 0 < big < least_big:
            least, least_big = 10**4, big
            total, place, at = total + section * big, place * big, at + 1
            section = 0
            if not more and (met := _MORE.match(text, at)):
                more, at = True, met.end()
            if (
                not more
                and text[at : at + 1] == " "
                and text[at + 1 : at + 2].isdigit()
                and _DIGITS.match(text, at + 1)
            ):
                at += 1
                continue
        if more:
            break
    if not read:
        return None
    low = _tidy(total + section)
    return Numeral(at, low, _tidy(low + place - 1) if more else low)


def read_native(text: str, start: int) -> Numeral | None:
    """Read the native numeral (``두``, ``열두``, ``서른여섯``, ``두세``, ``스무``) that begins at `start`.

    >>> n = read_native("두세 명", 0); n.minimum, n.maximum
    (2, 3)
    """
    met = _NATIVE.match(text, start)
    if met is None or met.end() == start:
        return None
    tens = _TENS[met["tens"]] if met["tens"] else 0
    low, high = _ONES[met["ones"]] if met["ones"] else (0, 0)
    if met["more"]:
        return Numeral(met.end("more"), tens, tens + 9, native=True)
    return Numeral(met.end(), tens + low, tens + high, native=True)


def _several(text: str, start: int) -> Numeral | None:
    """Read 수십, 수백만, 몇백, 수만: two to nine of the unit, and all up to the next."""
    at, scale = start + 1, 1
    while at < len(text) and text[at] in _SMALL and scale < 10_000:
        scale, at = scale * _SMALL[text[at]], at + 1
    if at < len(text) and text[at] in _BIG:
        scale, at = scale * _BIG[text[at]], at + 1
    if scale == 1:
        return None
    return Numeral(at, 2 * scale, 10 * scale - 1)


def _hangul_goes_on(text: str, at: int, read: bool) -> bool:
    """Tell whether a number in 한글 goes on here: a unit, or a digit with a unit beside it (삼십, 이천, 십이)."""
    if text[at] in _SINO:
        after = text[at + 1 : at + 2]
        return after in _SMALL or after in _BIG or read and text[at - 1] in _SMALL
    return text[at] in _SMALL or not read and text[at] in _BIG


def _plain(digits: str) -> int | float:
    bare = digits.replace(",", "")
    return float(bare) if "." in bare else int(bare)


def _place(value: int | float) -> int | float:
    if isinstance(value, float) or value == 0:
        return 1
    place = 1
    while value % (place * 10) == 0:
        place *= 10
    return place


def _tidy(value: int | float) -> int | float:
    """Give 5.3억 as a whole number, and keep 5.3 without the dust of binary fractions."""
    if isinstance(value, float):
        value = round(value, 6)
        return int(value) if value.is_integer() and abs(value) >= 100 else value
    return value
