"""From what words say of a day to the days that they mean, and to EDTF.

A `Moment` holds the parts that the words gave (year, month, day, quarter, weekday …), each
absolute or as a shift; `resolve` settles it against a day of reference. EDTF is Extended
Date/Time Format (Library of Congress, ISO 8601-2:2019): seasons have the codes 21 to 24,
decades and centuries end in X, a stretch is ``from/to``.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

Direction = Literal["past", "future", "this"]


@dataclass(frozen=True, slots=True)
class Moment:
    """What words say of a date. None is what they leave out.

    `stretch` is (first month, number of months) within the year, with `season` its EDTF code;
    `part` (first, length) within the year, month, decade or century, whichever is given.
    """

    year: int | None = None
    years: int | None = None
    month: int | None = None
    months: int | None = None
    day: int | None = None
    days: int | None = None
    spoken: bool = False
    weeks: int | None = None
    weekday: tuple[int, int] | None = None
    decade: int | None = None
    century: int | None = None
    stretch: tuple[int, int] | None = None
    season: int | None = None
    part: tuple[int, int] | None = None
    lunar: tuple[int, int] | None = None
    holiday: bool = False
    direction: Direction | None = None

    @property
    def relative(self) -> bool:
        """Tell whether it takes a day of reference to know the year."""
        return self.year is None and self.decade is None and self.century is None

    @property
    def bare(self) -> bool:
        """Tell whether the words name only a day of the month."""
        return (
            self.day is not None
            and self.month is None
            and self.months is None
            and self.year is None
            and self.years is None
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """First and last day, and the EDTF of the whole. A bound is None where the calendar of Python ends."""

    edtf: str
    earliest: date | None
    latest: date | None


def resolve(
    moment: Moment, reference: date | None, tense: Direction | None, spoken: date | None = None
) -> Stretch | None:
    """Settle which days are meant, or None if the words and the reference do not fix any.

    `reference` is the day of publication; `tense` that of the clause; `spoken` the day last
    spoken of. What recurs (a bare ``29일``, ``10월``, ``월요일``) is the last one on or before the
    reference with the past, the next one on or after it with the future, the nearest otherwise.

    >>> resolve(Moment(day=29), date(2019, 12, 2), "past").edtf
    '2019-11-29'
    >>> resolve(Moment(years=1, stretch=(3, 3), season=21), date(2019, 12, 2), None).edtf
    '2020-21'
    """
    try:
        return _resolve(moment, reference, moment.direction or tense, spoken)
    except (ValueError, OverflowError):  # 30 February, year 0: no such day
        return None


def span_of(first: Stretch, last: Stretch) -> Stretch | None:
    """Give the stretch from the first day of one to the last day of another; None if it runs backwards."""
    if first.earliest and last.latest and first.earliest > last.latest:
        return None
    start, end = first.edtf.partition("/")[0], last.edtf.rpartition("/")[2]
    return Stretch(f"{start}/{end}", first.earliest, last.latest)


def _resolve(m: Moment, ref: date | None, tense: Direction | None, spoken: date | None) -> Stretch | None:
    if m.century is not None:
        return _century(m)
    if m.decade is not None:
        first = m.decade
        if m.part:
            return _years(first + m.part[0], first + sum(m.part) - 1)
        return Stretch(f"{first // 10}X", _first(first), _last(first + 9))
    if m.days is not None:
        anchor = spoken if m.spoken and spoken else ref
        return _day(anchor + timedelta(days=m.days)) if anchor else None
    if m.weeks is not None or (m.weekday and m.day is None):
        return _week(m, ref, tense)
    if m.lunar:
        return _lunar(m, ref, tense)
    if m.spoken and spoken and m.years is not None:
        m = replace(m, year=spoken.year + m.years, years=None)
    year = m.year if m.year is not None else ref.year + m.years if ref and m.years is not None else None
    month = m.month
    if m.months is not None:
        if ref is None:
            return None
        index = ref.year * 12 + ref.month - 1 + m.months
        year, month = index // 12, index % 12 + 1
    if m.day is not None:
        return _numbered_day(m, year, month, ref, tense)
    if m.stretch:
        return _of_year(m, year, ref, tense)
    if month is not None:
        if year is None:
            year = _year_of(lambda y: (date(y, month, 1), _month_end(y, month)), ref, tense)
            if year is None:
                return None
        if m.part:
            end = min(sum(m.part) - 1, _month_end(year, month).day)
            return _days(date(year, month, m.part[0]), date(year, month, end))
        return Stretch(f"{year:04}-{month:02}", date(year, month, 1), _month_end(year, month))
    if year is None:
        return None
    if m.part:
        return _months(year, *m.part)
    return Stretch(f"{year:04}", _first(year), _last(year))


def _numbered_day(
    m: Moment, year: int | None, month: int | None, ref: date | None, tense: Direction | None
) -> Stretch | None:
    day = m.day or 1
    if month is None:
        if ref is None:
            return None
        found = _month_of_day(day, ref, tense)
        return _holiday(found, m) if found else None
    if year is None:
        year = _year_of(lambda y: (date(y, month, day), date(y, month, day)), ref, tense)
        if year is None:
            return None
    return _holiday(date(year, month, day), m)


def _holiday(day: date, m: Moment) -> Stretch:
    return _days(day - timedelta(days=1), day + timedelta(days=1)) if m.holiday and m.lunar else _day(day)


_JUST_GONE = 14
"""How many days ago a day of the year may be that is told in the present tense."""
_FAR = 300
"""From how many days ahead on a day of the year is hardly the next one, where it was just gone."""


def _month_of_day(day: int, ref: date, tense: Direction | None) -> date | None:
    """Find the bare 29일: on or before the reference, on or after it, or in the reference's month if nothing tells."""
    found = []
    for shift in range(-3, 4):
        index = ref.year * 12 + ref.month - 1 + shift
        year, month = index // 12, index % 12 + 1
        if day <= _month_end(year, month).day:
            found.append(date(year, month, day))
    if tense == "past":
        return max((d for d in found if d <= ref), default=None)
    if tense == "future":
        return min((d for d in found if d >= ref), default=None)
    return min(found, key=lambda d: (abs((d - ref).days), d > ref))


def _year_of(days: object, ref: date | None, tense: Direction | None) -> int | None:
    """Find the year of what recurs each year; `days` gives its first and last day in a year."""
    if ref is None:
        return None
    found: list[tuple[date, date]] = []
    for year in range(ref.year - 8, ref.year + 9):  # 29 February comes once in eight years at the least
        try:
            found.append(days(year))  # type: ignore[operator]
        except ValueError:
            continue
    if tense == "this":
        return ref.year
    if tense == "past":
        return max((a.year for a, _ in found if a <= ref), default=None)
    if tense == "future":
        coming = min((a for a, z in found if z >= ref), default=None)
        gone = max((a for a, z in found if z < ref and (ref - z).days <= _JUST_GONE), default=None)
        if coming and gone and (coming - ref).days > _FAR:  # 3월 1일부터 시행한다, of the 4th of March
            return gone.year
        return coming.year if coming else None
    return min(found, key=lambda f: (max((f[0] - ref).days, (ref - f[1]).days, 0), f[0] > ref))[0].year


def _week(m: Moment, ref: date | None, tense: Direction | None) -> Stretch | None:
    if ref is None:
        return None
    monday = ref - timedelta(days=ref.weekday())
    low, high = m.weekday or (0, 6)
    if m.weeks is None and tense != "this":
        first, last = monday + timedelta(days=low), monday + timedelta(days=high)
        week = timedelta(days=7)
        if tense == "past" and (first > ref or m.direction == "past" and last >= ref):
            first, last = first - week, last - week
        elif tense == "future" and (last < ref or m.direction == "future" and first <= ref):
            first, last = first + week, last + week
        return _days(first, last)
    monday += timedelta(days=7 * (m.weeks or 0))
    return _days(monday + timedelta(days=low), monday + timedelta(days=high))


def _of_year(m: Moment, year: int | None, ref: date | None, tense: Direction | None) -> Stretch | None:
    first, count = m.stretch or (1, 12)
    if year is None:
        if m.season is not None and m.direction is None:
            return None  # a season by itself is any such season
        if m.season is None and m.direction is None and ref:
            year = ref.year if tense != "past" or first <= ref.month else ref.year - 1
        else:
            if m.direction == "past" and ref:
                ended = [y for y in (ref.year - 2, ref.year - 1, ref.year) if _months(y, first, count).latest < ref]  # type: ignore[operator]
                year = max(ended)
            else:
                year = _year_of(
                    lambda y: (_months(y, first, count).earliest, _months(y, first, count).latest), ref, tense
                )
        if year is None:
            return None
    whole = _months(year, first, count)
    if m.season is not None and count == 3:
        return Stretch(f"{year:04}-{m.season}", whole.earliest, whole.latest)
    if m.part and count == 6:
        third = {1: 0, 5: 2, 9: 3, 10: 4}.get(m.part[0], 0)
        return _months(year, first + third, 2)
    return whole


def _lunar(m: Moment, ref: date | None, tense: Direction | None) -> Stretch | None:
    month, day = m.lunar or (1, 1)
    year = m.year if m.year is not None else ref.year + m.years if ref and m.years is not None else None
    if year is None:
        year = _year_of(lambda y: (_lunar_day(y, month, day), _lunar_day(y, month, day)), ref, tense)
    found = _lunar_day(year, month, day) if year is not None else None
    return _holiday(found, m) if found else None


@lru_cache(maxsize=1024)
def _lunar_day(year: int, month: int, day: int) -> date:
    """Give the solar day of a lunar one. Source: korean-datetime's astronomical reckoning (new moons at UTC+9)."""
    from korean_datetime import lunar_to_solar

    return lunar_to_solar(year, month, day)


def _century(m: Moment) -> Stretch:
    number = m.century or 1
    first = (number - 1) * 100  # EDTF's 18XX is 1800 to 1899; that the 19th century begins in 1801 it cannot say
    if m.part:
        return _years(first + m.part[0], first + sum(m.part) - 1)
    return Stretch(f"{number - 1:02}XX", _first(first), _last(first + 99))


def _day(day: date) -> Stretch:
    return Stretch(day.isoformat(), day, day)


def _days(first: date, last: date) -> Stretch:
    return _day(first) if first == last else Stretch(f"{first.isoformat()}/{last.isoformat()}", first, last)


def _months(year: int, first: int, count: int) -> Stretch:
    start, index = date(year, first, 1), year * 12 + first - 1 + count - 1
    end = _month_end(index // 12, index % 12 + 1)
    if count == 1:
        return Stretch(f"{year:04}-{first:02}", start, end)
    return Stretch(f"{year:04}-{first:02}/{end.year:04}-{end.month:02}", start, end)


def _years(first: int, last: int) -> Stretch:
    return Stretch(f"{first:04}/{last:04}", _first(first), _last(last))


def _first(year: int) -> date | None:
    return date(year, 1, 1) if 1 <= year <= 9999 else None


def _last(year: int) -> date | None:
    return date(year, 12, 31) if 1 <= year <= 9999 else None


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
