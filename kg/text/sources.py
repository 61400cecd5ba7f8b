"""Documents from files, folders, JSON Lines, web pages and standard input, one at a time."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from unicodedata import normalize

from kg.errors import KgError, Place
from kg.model import Document
from kg.text.decoding import decode
from kg.text.document import from_text
from kg.text.html import DEEPEST, declared_encoding, looks_like_html, page, too_deep
from kg.text.layout import parse_day

STDIN = "-"
_TEXT = (".txt", ".text")
_HTML = (".html", ".htm", ".xhtml")
_JSONL = (".jsonl", ".ndjson")
_READ = (*_TEXT, *_HTML, *_JSONL)
_LONGEST = 1_000_000
"""Code points of a document, some five hundred articles; what is longer is an archive that was not split."""
_LARGEST = 16 * _LONGEST
"""Bytes of a document with its markup; no more is ever read of one."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A document that was passed over: where it stands, and why, in the words of its error."""

    source: str
    reason: str
    error: KgError

    def as_dict(self) -> dict[str, object]:
        """Give it as JSON can hold it."""
        return {"source": self.source, "reason": self.reason, **self.error.as_dict()}


OnSkip = Callable[[Skipped], None]


def read(
    *sources: str | Path | None,
    on_skip: OnSkip | None = None,
    grammar: tuple[Path, ...] = (),
) -> Iterator[Document]:
    """Give the documents of `sources`, one after the other, in a fixed order.

    A source is a file of plain text, HTML (``.html``, ``.htm``) or JSON Lines (``.jsonl``: an
    object a line with ``text``, and if known ``id``, ``title``, ``date``, ``modified``,
    ``source``), a folder of such files (all levels, sorted by path; hidden ones are left
    out), or ``-`` or None for standard input. Only one document is held at a time.

    A document's id is its JSON ``id``, or its path below what was named, without suffix;
    ``source`` is that path. Two documents with one id: the same text again is skipped,
    another text gets the beginning of its SHA-256 appended, and a note says so.

    A fault in something that was named stops the reading. A fault in one document of a
    folder or of a JSON Lines file goes to `on_skip`, and the reading goes on; without `on_skip`
    it is raised.

    Raises:
        KgError: a missing file (KG201), an empty one (KG202), no text (KG203), broken
            encoding (KG204), a faulty line of JSON (KG205), nothing to read (KG206), a document of more
            than a million code points or 16 MB (KG210).
    """
    ids: dict[str, str] = {}
    for source in sources:
        name = STDIN if source is None else os.fspath(source)
        for document in _named(name, on_skip, grammar):
            if (known := ids.get(document.id)) == document.sha256[:16]:
                _skip(
                    on_skip,
                    document.source,
                    KgError(
                        f"the same document again: {document.id}",
                        mend="name it once",
                        code="KG208",
                        place=Place(document.source),
                    ),
                )
                continue
            if known is not None:
                note = f"another document has the id {document.id}"
                document = replace(document, id=f"{document.id}-{document.sha256[:8]}", notes=(*document.notes, note))
            ids[document.id] = document.sha256[:16]
            yield document


def _named(name: str, on_skip: OnSkip | None, grammar: tuple[Path, ...]) -> Iterator[Document]:
    """Give the documents of one source."""
    if name == STDIN:
        yield from _content(sys.stdin.buffer.read(_LARGEST + 1), "standard input", "stdin", "", grammar, on_skip)
        return
    path = Path(name)
    if path.is_dir():
        yield from _folder(path, on_skip, grammar)
    elif path.is_file():
        yield from _file(path, path.name, str(path), path.stem, grammar, on_skip)
    elif path.exists():
        raise KgError(
            "this is neither a file nor a folder", mend="name a file, a folder or -", code="KG201", place=Place(name)
        )
    else:
        raise KgError(
            "no such file or folder", mend="check the name and the working folder", code="KG201", place=Place(name)
        )


def _folder(folder: Path, on_skip: OnSkip | None, grammar: tuple[Path, ...]) -> Iterator[Document]:
    nothing = True
    for path in _files(folder):
        nothing = False
        relative = normalize("NFC", path.relative_to(folder).as_posix())
        stem = relative[: -len(path.suffix)]
        if any(path.with_suffix(suffix).is_file() for suffix in _READ if suffix != path.suffix):
            stem = relative  # a.txt beside a.html: both keep their suffix
        try:
            if not path.resolve().is_relative_to(folder.resolve()):
                raise KgError(
                    "the link leads out of the folder", mend="copy the file", code="KG201", place=Place(str(path))
                )
            yield from _file(path, relative, str(path), stem, grammar, on_skip)
        except KgError as error:
            _skip(on_skip, relative, error)
    if nothing:
        raise KgError(
            "nothing to read in the folder",
            mend="put files there that end in " + ", ".join(_READ),
            code="KG206",
            place=Place(str(folder)),
        )


def _files(folder: Path) -> Iterator[Path]:
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in _READ:
                yield Path(base, name)


def _file(
    path: Path, source: str, shown: str, id: str, grammar: tuple[Path, ...], on_skip: OnSkip | None
) -> Iterator[Document]:
    try:
        if path.suffix.lower() in _JSONL and path.is_file():
            with open(path, "rb") as stream:
                yield from _lines(stream, shown, id, source, grammar, on_skip)
            return
        if not path.is_file():
            raise KgError("this is no file", mend="give a plain file", code="KG201", place=Place(shown))
        with open(path, "rb") as stream:
            raw = stream.read(_LARGEST + 1)
    except OSError as error:
        raise KgError(
            f"cannot be read: {error.strerror}", mend="check its permissions", code="KG201", place=Place(shown)
        ) from None
    yield from _content(raw, shown, id, source, grammar, on_skip, kind=path.suffix.lower())


def _content(
    raw: bytes,
    shown: str,
    id: str,
    source: str,
    grammar: tuple[Path, ...],
    on_skip: OnSkip | None,
    kind: str = "",
) -> Iterator[Document]:
    """Read bytes of a kind told by a suffix or, without one that is known, by how they begin."""
    if len(raw) > _LARGEST:
        raise _too_long(Place(shown))
    known = kind in _READ
    if not known and raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield from _lines(iter(raw.splitlines(keepends=True)), shown, id, source, grammar, on_skip)
        return
    html = kind in _HTML
    text, notes = decode(raw, shown, declared=declared_encoding(raw) if html or not known else None)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if html or (not known and looks_like_html(text)):
        if too_deep(text):
            raise KgError(
                f"markup nested more than {DEEPEST:,} deep", mend="give the text", code="KG210", place=Place(shown)
            )
        read = page(text)
        if len(read.text) > _LONGEST:
            raise _too_long(Place(shown))
        document = from_text(
            read.text,
            id,
            title=read.title,
            published=read.published,
            modified=read.modified,
            source=read.url or source,
            grammar=grammar,
            notes=notes,
        )
    else:
        if len(text) > _LONGEST:
            raise _too_long(Place(shown))
        document = from_text(text, id, source=source, grammar=grammar, notes=notes)
    yield _with_prose(document, Place(shown))


def _lines(
    stream: Iterable[bytes], shown: str, id: str, source: str, grammar: tuple[Path, ...], on_skip: OnSkip | None
) -> Iterator[Document]:
    """Read JSON Lines; one faulty line does not stop the others."""
    nothing = True
    for number, raw in enumerate(_bounded(stream), 1):
        if not raw.strip(b"\xef\xbb\xbf \t\r\n"):
            continue
        nothing = False
        place = Place(shown, number)
        try:
            document = _record(raw, place, id, source, grammar)
        except KgError as error:
            _skip(on_skip, f"{source or shown}:{number}", error)
        else:
            yield document
    if nothing:
        raise KgError("the file is empty", mend="write an object with text a line", code="KG202", place=Place(shown))


def _bounded(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give the lines of a stream; of one that is too long just enough to tell."""
    if not hasattr(lines, "readline"):
        yield from lines
        return
    while line := lines.readline(_LARGEST + 1):
        rest = line
        while len(rest) > _LARGEST and not rest.endswith(b"\n"):
            rest = lines.readline(_LARGEST + 1)
        yield line


def _too_long(place: Place) -> KgError:
    return KgError(
        f"longer than {_LONGEST:,} characters", mend="split it, an article a document", code="KG210", place=place
    )


def _record(raw: bytes, place: Place, id: str, source: str, grammar: tuple[Path, ...]) -> Document:
    if len(raw) > _LARGEST:
        raise _too_long(place)
    text, notes = decode(raw, place.file, line=place.line)
    record = parse_record(text, place)
    named = record.get("id")
    if len(record["text"]) > _LONGEST:
        raise _too_long(place)
    return _with_prose(
        from_text(
            record["text"],
            str(named)
            if named not in (None, "")
            else f"{id}-{sha256(normalize('NFC', record['text']).encode()).hexdigest()[:12]}",
            title=_word(record, "title", place),
            published=_day(record, "date", place) or _day(record, "published", place),
            modified=_day(record, "modified", place),
            source=_word(record, "source", place) or _word(record, "url", place) or source,
            grammar=grammar,
            notes=notes,
        ),
        place,
    )


def parse_record(line: str, place: Place) -> dict[str, Any]:
    """Give the object of one line of JSON Lines; its ``text`` is a string for sure.

    Raises:
        KgError: no JSON, no object, no ``text``, or half a surrogate pair in it (KG205).
    """
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        at = Place(place.file, place.line, error.colno)
        raise KgError(f"no JSON: {error.msg}", mend="write one object a line", code="KG205", place=at) from None
    except (RecursionError, ValueError):
        raise KgError(
            "no JSON that can be read", mend="write one flat object a line", code="KG205", place=place
        ) from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise KgError("no text", mend='write {"text": "…"}', code="KG205", place=place)
    if any("\ud800" <= char <= "\udfff" for char in record["text"]):
        raise KgError("half a surrogate pair in the text", mend="write the character itself", code="KG205", place=place)
    return record


def _word(record: dict[str, Any], key: str, place: Place) -> str | None:
    value = record.get(key)
    if value is None or isinstance(value, str):
        return value or None
    raise KgError(f"{key} is no string", mend=f'write "{key}": "…"', code="KG205", place=place)


def _day(record: dict[str, Any], key: str, place: Place) -> date | None:
    value = _word(record, key, place)
    if value is None:
        return None
    day = parse_day(value)
    if day is None:
        raise KgError(f"{key} is no date: {value}", mend=f'write "{key}": "2019-12-01"', code="KG205", place=place)
    return day


def _with_prose(document: Document, place: Place) -> Document:
    if document.title_span is None and all(span.start == span.end for span in document.body):
        raise KgError(
            "nothing in it is prose", mend="give the article's text, not only its frame", code="KG209", place=place
        )
    return document


def _skip(on_skip: OnSkip | None, source: str, error: KgError) -> None:
    if on_skip is None:
        raise error
    on_skip(Skipped(source, error.what, error))
