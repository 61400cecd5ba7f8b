"""Bytes to text: which encoding, and what is no text at all."""

from __future__ import annotations

import codecs
import re

from kg.errors import KgError, Place

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", ""),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
"""Byte order marks, the longer first, with the codec and the name that is told."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HANGUL = re.compile(r"[가-힣]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_KOREAN = ("utf-8", "utf8", "euc-kr", "cp949", "ks_c_5601-1987", "ms949", "uhc")
"""Declared encodings that are found out from the bytes: pages often declare the wrong one of them."""


def decode(raw: bytes, name: str, *, declared: str | None = None, line: int = 0) -> tuple[str, tuple[str, ...]]:
    """Give the text of `raw` and what is worth telling about how it was read.

    A byte order mark decides; else UTF-8 if the bytes are that; else the `declared` encoding;
    else CP949 (of which EUC-KR is a part) if the outcome is mostly Hangul. `name` is the file
    for messages, and `line` (from 1) the line of it that `raw` is, if it is but one.

    Raises:
        KgError: no bytes (KG202), binary data or NUL (KG203), bytes of no encoding (KG204).

    >>> decode("칭다오".encode("cp949"), "a.txt")
    ('칭다오', ('read as CP949',))
    """
    if not raw.strip():
        raise _empty(Place(name, line))
    for mark, codec, told in _MARKS:
        if raw.startswith(mark):
            return _strict(raw, codec, Place(name, line)), (f"read as {told}",) if told else ()
    if b"\0" in raw:
        raise _binary(Place(name, line), "holds NUL bytes")
    try:
        return _printable(raw.decode("utf-8"), Place(name, line)), ()
    except UnicodeDecodeError as error:
        found = _other(raw, declared)
        if found is None:
            raise _broken(raw, error, Place(name, line)) from None
        return _printable(found[0], Place(name, line)), (f"read as {found[1]}",)


def _strict(raw: bytes, codec: str, place: Place) -> str:
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError as error:
        raise _broken(raw, error, place) from None
    if not text.strip():
        raise _empty(place)
    return _printable(text, place)


def _other(raw: bytes, declared: str | None) -> tuple[str, str] | None:
    """Decode as the declared encoding, or as CP949 if that gives Korean text; tell which it was."""
    if declared and declared not in _KOREAN:
        try:
            return raw.decode(declared), declared.upper()
        except (LookupError, UnicodeError):
            pass
    repaired = raw.decode("utf-8", errors="ignore")
    if 2 * len(_HANGUL.findall(repaired)) > len(re.findall(rb"[\x80-\xff]", raw)) // 3:
        return None  # UTF-8 with a few bytes broken, and no CP949 at all
    try:
        text = raw.decode("cp949")
    except UnicodeDecodeError:
        return None
    return (text, "CP949") if 2 * len(_HANGUL.findall(text)) >= len(_FOREIGN.findall(text)) else None


def _printable(text: str, place: Place) -> str:
    controls = len(_CONTROL.findall(text))
    if "\0" in text or 50 * controls > len(text):
        raise _binary(place, "holds control characters")
    return text


def _empty(place: Place) -> KgError:
    return KgError("the file is empty", mend="write text into it, or leave it out", code="KG202", place=place)


def _binary(place: Place, why: str) -> KgError:
    return KgError(
        f"this is no text: it {why}",
        mend="give plain text, HTML or JSON Lines; save other formats (PDF, HWP, DOCX) as text first",
        code="KG203",
        place=place,
    )


def _broken(raw: bytes, error: UnicodeDecodeError, place: Place) -> KgError:
    line_start = raw.rfind(b"\n", 0, error.start) + 1
    line = raw.count(b"\n", 0, error.start) + (place.line or 1)
    column = len(raw[line_start : error.start].decode("utf-8", errors="replace")) + 1
    return KgError(
        f"broken encoding: byte 0x{raw[error.start]:02x} fits neither UTF-8 nor CP949",
        mend="save the file as UTF-8",
        code="KG204",
        place=Place(place.file, line, column),
    )
