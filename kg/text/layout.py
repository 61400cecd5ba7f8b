"""Which lines of a text are prose, and what the others say: title, dates, dateline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kg.model import Span
from kg.text.furniture import Furniture

_LONGEST_FURNITURE = 240
"""Code points; a longer line is prose, whatever it looks like, which also bounds the matching."""
_LONGEST_TITLE = 150
_DAY = r"(?P<y>(?:19|20)\d\d)\s*[-./년]\s*(?P<m>\d{1,2})\s*[-./월]\s*(?P<d>\d{1,2})\s*(?:일|\.)?"
_CLOCK = (
    r"(?:\s*\([가-힣A-Za-z]{1,3}\)|\s*[가-힣]요일)?(?:T|,?\s*)?(?:(?:오전|오후|AM|PM|[ap]m)\s*)?"
    r"(?:\d{1,2}\s*[:시]\s*\d{2}\s*분?(?::\d{2})?)?(?:\s*KST|Z|\+\d\d:?\d\d)?"
)
_DATE = re.compile(_DAY + _CLOCK)
_ISO = re.compile(r"(\d{4})\s*[-./]?\s*(\d{1,2})\s*[-./]?\s*(\d{1,2})(?!\d)")
_SEPARATORS = re.compile(r"[\s|·•,/ㅣ:\-–—()\[\]<>]*")
_SENTENCE_END = re.compile(r"[.?!。…]['\"’”」』)\]]*\s*$")
_LIST_MARK = "▲△"


@dataclass(frozen=True, slots=True)
class Layout:
    """What the lines of a text say about it; `body` is never empty (see `Document.body`)."""

    title: Span | None
    published: date | None
    modified: date | None
    dateline: str | None
    body: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span  # without white space around it
    words: str


def layout(text: str, furniture: Furniture, *, title: str | None = None) -> Layout:
    """Read off the lines of `text` what is title, date, dateline and prose.

    `title` is the title if it is known from elsewhere; a first line that says the same is
    then the title. A text of one line is prose. If nothing is prose, `body` is one empty span.
    """
    lines = list(_lines(text))
    kinds = [_kind(lines, at, furniture) for at in range(len(lines))] if len(lines) > 1 else ["prose"] * len(lines)
    _close_blocks(lines, kinds)
    days: dict[str, date] = {}
    for line, kind in zip(lines, kinds, strict=True):
        if kind == "dates":
            for label, day in _labelled_days(line.words, furniture):
                days.setdefault(label, day)
    first = next((at for at, kind in enumerate(kinds) if kind == "prose"), None)
    title_span = None
    if first is not None and len(lines) > 1 and _is_title(text, lines, kinds, first, title):
        title_span = _trimmed(text, lines[first].span, furniture)[0]
        kinds[first] = "title"
    body, dateline = [], None
    for line, kind in zip(lines, kinds, strict=True):
        if kind == "prose":
            span, place = _trimmed(text, line.span, furniture)
            dateline = dateline or place
            if span.start == span.end and len(lines) == 1:
                span = line.span
            if span.start < span.end:
                body.append(span)
    published = days.get("published") or days.get("")
    return Layout(title_span, published, days.get("modified"), dateline, tuple(body) or (Span(0, 0),))


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for raw in text.splitlines(keepends=True):
        words = raw.strip("\ufeff \t\r\n\v\f\u3000\xa0\u200b")
        if words:
            at = start + raw.index(words)
            yield _Line(Span(at, at + len(words)), words)
        start += len(raw)


def _kind(lines: list[_Line], at: int, furniture: Furniture) -> str:
    """Tell ``prose`` from ``dates``, ``block`` (a heading of links) and other ``furniture``."""
    words = lines[at].words
    if len(words) > _LONGEST_FURNITURE:
        return "prose"
    if any(pattern.regex.fullmatch(words) for pattern in furniture.blocks):
        return "block"
    if _is_line(words, furniture):
        return "furniture"
    if words[0] in _LIST_MARK and words.count(words[0]) == 1 and not _in_list(lines, at):
        return "furniture"  # a caption; several in a row, or in one line, are a list
    rest, dated = _without_dates(words, furniture)
    if all(_is_furniture(part.strip(), furniture) for part in rest.split("|")):
        return "dates" if dated else "furniture"
    return "prose"


def _is_furniture(part: str, furniture: Furniture) -> bool:
    return _all_pieces(part, furniture) or _is_line(part, furniture)


def _is_line(words: str, furniture: Furniture) -> bool:
    prose = furniture.prose.search(words, max(0, len(words) - 12))
    sentence = prose is not None and prose.end() == len(words)
    return any((pattern.sentence or not sentence) and pattern.regex.fullmatch(words) for pattern in furniture.lines)


def _in_list(lines: list[_Line], at: int) -> bool:
    mark = lines[at].words[0]
    return any(0 <= near < len(lines) and lines[near].words[0] == mark for near in (at - 1, at + 1))


def _all_pieces(words: str, furniture: Furniture) -> bool:
    at = 0
    while at < len(words):
        gap = _SEPARATORS.match(words, at)
        if gap and gap.end() > at:
            at = gap.end()
            continue
        ends = [m.end() for pattern in furniture.pieces if (m := pattern.regex.match(words, at))]
        if not ends or max(ends) == at:
            # A piece may begin with the bracket or bullet that was taken for a separator.
            return any(pattern.regex.fullmatch(words.strip()) for pattern in furniture.pieces)
        at = max(ends)
    return True


@lru_cache(maxsize=8)
def _labels(furniture: Furniture) -> re.Pattern[str]:
    """Give the expression of a date's label; the group that matches says what it makes the date."""
    named = [(label, "published") for label in furniture.published]
    named += [(label, "modified") for label in furniture.modified]
    labels = sorted(named, key=lambda item: (-len(item[0]), item[0]))  # the longest first, whatever it makes
    return re.compile("|".join(f"(?P<{kind}_{at}>{re.escape(label)})" for at, (label, kind) in enumerate(labels)))


def _labelled_days(words: str, furniture: Furniture) -> Iterator[tuple[str, date]]:
    """Give each date of a line with what its label makes it; "" for a date without a label."""
    last = 0
    for match in _DATE.finditer(words):
        before = list(_labels(furniture).finditer(words, last, match.start()))
        after = _labels(furniture).match(
            words, match.end() + len(words[match.end() :]) - len(words[match.end() :].lstrip())
        )
        label = before[-1] if before and not _SEPARATORS.sub("", words[before[-1].end() : match.start()]) else after
        last = match.end()
        if day := _valid(match["y"], match["m"], match["d"]):
            yield (label.lastgroup or "").partition("_")[0] if label else "", day


def _without_dates(words: str, furniture: Furniture) -> tuple[str, bool]:
    rest, dates = _DATE.subn(" | ", words)
    return (_labels(furniture).sub(" | ", rest) if dates else words), dates > 0


def _close_blocks(lines: list[_Line], kinds: list[str]) -> None:
    """Make furniture of the lines after a heading of links, up to the next sentence."""
    within = False
    for at, line in enumerate(lines):
        if kinds[at] == "block":
            within, kinds[at] = True, "furniture"
        elif within and kinds[at] == "prose":
            if _SENTENCE_END.search(line.words):
                within = False
            else:
                kinds[at] = "furniture"


def _is_title(text: str, lines: list[_Line], kinds: list[str], first: int, known: str | None) -> bool:
    line = lines[first]
    if known is not None:
        return " ".join(line.words.split()) == " ".join(known.split())
    if len(line.words) > _LONGEST_TITLE or _SENTENCE_END.search(line.words) or first + 1 >= len(lines):
        return False
    if "prose" not in kinds[first + 1 :]:
        return False
    gap = text[line.span.end : lines[first + 1].span.start]
    return len(gap.splitlines()) > 1 or kinds[first + 1] != "prose"


def _trimmed(text: str, span: Span, furniture: Furniture) -> tuple[Span, str | None]:
    """Give the span without dateline before and byline after it, and the dateline's place."""
    start, end, place = span.start, span.end, None
    for _ in range(4):  # tag, dateline, reporter may follow each other
        window = text[start : min(end, start + _LONGEST_FURNITURE)]
        match = next((m for p in furniture.heads if (m := p.regex.match(window)) and m.end()), None)
        if match is None:
            break
        start += match.end()
        place = place or " ".join((match.groupdict().get("place") or "").split()) or None
    for _ in range(3):
        base = max(start, end - 120)
        window = text[base:end]
        ends = [at for p in furniture.tails if (at := _at_end(p.regex, window)) is not None]
        if not ends:
            break
        end = base + min(ends)
    return Span(start, max(start, end)), place


def _at_end(regex: re.Pattern[str], window: str) -> int | None:
    """Give where a match that reaches the window's end begins, after a sentence's end only."""
    for match in regex.finditer(window):
        if match.end() == len(window):
            before = window[: match.start()].rstrip()
            return match.start() if not before or _SENTENCE_END.search(before) else None
    return None


def parse_day(value: str) -> date | None:
    """Give the day of an ISO 8601 date or date and time, or of ``2019.12.01``; None if it is none.

    >>> parse_day("2019-12-01T15:26:00+09:00"), parse_day("2019.12.1"), parse_day("20191201")
    (datetime.date(2019, 12, 1), datetime.date(2019, 12, 1), datetime.date(2019, 12, 1))
    """
    match = _ISO.match(value.strip())
    return _valid(*match.groups()) if match else None


def _valid(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
