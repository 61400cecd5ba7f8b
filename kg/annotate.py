"""What is seen in texts, as JSON: mentions, clauses and statements, a line a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

from kg.errors import KgError, Place
from kg.model import Clause, Extraction, Mention, Span, Statement
from kg.text import OffsetMap, from_text, offset_map
from kg.text.decoding import decode
from kg.text.layout import parse_day
from kg.text.sources import parse_record

if TYPE_CHECKING:
    from kg.extract import Extractor
    from kg.model import Entity, Literal
    from kg.ontology import Ontology


_TOLD = frozenset(
    "City Country Region Venue Place Organization Company GovernmentBody Person Official Post Policy Declaration Plan"
    " Initiative PilotZone Law Event Conference Announcement Agreement Establishment Designation Appointment Investment"
    " Meeting Visit Construction Topic Group Amount Document Date Time Quantity".split()
)
"""What ``type`` may be. The ontology's classes grow; who reads the annotations need not follow."""


def annotate(
    extractor: Extractor, lines: Iterable[bytes | str], *, base: str | None = None, name: str = "-"
) -> Iterator[dict[str, Any]]:
    """Give, for each line in order, what is seen in it, with offsets of the text as given.

    If the first line that is not blank begins with ``{``, all are JSON Lines with ``text`` (and
    ``id``, ``date``) and blank ones are passed over; else each is a document, the blank ones too.
    A line that cannot be read gives ``{"id": …, "error": …}``. Only one line is held at
    a time. `base` begins the IRIs of entities; `name` is the file for messages.

    A result is ``{"id", "text", "mentions", "clauses", "statements"}``. A mention's ``type`` is one of the classes
    that users know, or ``Date``, ``Time``, ``Quantity``; ``class`` is its own class where that is more special. Of
    nested names the outermost is told. Roles are those that stand in the clause's own words.
    """
    from kg.graph import iri
    from kg.graph.iris import DEFAULT_BASE

    def named(key: str) -> str:
        return iri(key, base or DEFAULT_BASE)

    records, rest = _kind(_numbered(lines))
    for number, raw in rest:
        document_id, day = str(number), None
        try:
            text = _decoded(raw, name, number)
            if records:
                if not text.strip():
                    continue
                record = parse_record(text, Place(name, number))
                document_id = str(record["id"]) if record.get("id") not in (None, "") else document_id
                text, day = record["text"], _date(record, Place(name, number))
        except KgError as error:
            yield {"id": document_id, "error": str(error)}
        else:
            yield _annotated(extractor, text, document_id, day, named)


def _annotated(extractor: Extractor, text: str, id: str, day: date | None, iri: Any) -> dict[str, Any]:
    document = from_text(text, id, published=day)
    extraction = extractor.extract(document) if document.text.strip() else Extraction(document)
    back = offset_map(text)
    return {
        "id": id,
        "text": text,
        "mentions": [_mention(m, back, iri, extractor.ontology) for m in _outermost(extraction.mentions)],
        "clauses": [_clause(clause, back) for clause in extraction.clauses],
        "statements": [_statement(statement, back, iri) for statement in extraction.statements],
    }


def _outermost(mentions: tuple[Mention, ...]) -> Iterator[Mention]:
    """Leave out names within a longer name (``칭다오`` in ``칭다오 선언``), and values within a longer value."""
    longest = sorted(mentions, key=lambda mention: (mention.span.start, -mention.span.end))
    ends = {True: -1, False: -1}  # how far the names, and the values, reach so far
    kept = set()
    for mention in longest:
        is_name = mention.entity is not None
        if mention.span.end > ends[is_name]:
            ends[is_name] = mention.span.end
            kept.add((mention.span, mention.type))
    return (mention for mention in mentions if (mention.span, mention.type) in kept)


def _told(type_: str, ontology: Ontology) -> str:
    """Give the class itself, or the most special of those above it that readers know."""
    if type_ in _TOLD:
        return type_
    known = sorted(ontology.superclasses(type_) & _TOLD, key=lambda name: (-len(ontology.superclasses(name)), name))
    return known[0] if known else type_


def _mention(mention: Mention, back: OffsetMap, iri: Any, ontology: Ontology) -> dict[str, Any]:
    told: dict[str, Any] = {**_ends(mention.span, back), "type": _told(mention.type, ontology)}
    if told["type"] != mention.type:
        told["class"] = mention.type
    if mention.entity is not None:
        return {**told, "entity": iri(mention.entity.key)}
    if mention.value is None:
        return told
    value = {key: item for key, item in asdict(mention.value).items() if item is not None and item is not False}
    return {**told, "value": {key: item.isoformat() if isinstance(item, date) else item for key, item in value.items()}}


def _clause(clause: Clause, back: OffsetMap) -> dict[str, Any]:
    return {
        "predicate": {"lemma": clause.lemma, **_ends(clause.predicate, back)},
        "status": clause.status,
        "roles": [
            {"role": argument.role, "particle": argument.particle, **_ends(argument.span, back)}
            for argument in clause.roles
            if argument.via == "own"
        ],
    }


def _statement(statement: Statement, back: OffsetMap, iri: Any) -> dict[str, Any]:
    def named(thing: Entity | Literal) -> str:
        key = getattr(thing, "key", None)
        return iri(key) if key is not None else str(getattr(thing, "value", ""))

    return {
        "subject": named(statement.subject),
        "predicate": statement.predicate,
        "object": named(statement.object),
        "status": statement.status,
        "rule": statement.evidence.rule,
        **_ends(statement.evidence.span, back),
    }


def _ends(span: Span, back: OffsetMap) -> dict[str, int]:
    given = back.span(span)
    return {"start": given.start, "end": given.end}


def _numbered(lines: Iterable[bytes | str]) -> Iterator[tuple[int, bytes | str]]:
    """Number the lines from 1; a byte order mark before the first is left out."""
    for number, line in enumerate(lines, 1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf") if isinstance(line, bytes) else line.removeprefix("\ufeff")
        yield number, line


def _kind(lines: Iterator[tuple[int, bytes | str]]) -> tuple[bool, Iterator[tuple[int, bytes | str]]]:
    """Tell whether the lines are JSON Lines, and give them all again."""
    seen = []
    for item in lines:
        seen.append(item)
        if item[1].strip():
            break
    start = seen[-1][1].lstrip()[:1] if seen else ""
    return start in (b"{", "{"), chain(seen, lines)


def _decoded(raw: bytes | str, name: str, line: int) -> str:
    if isinstance(raw, bytes):
        raw = decode(raw, name, line=line)[0] if raw.strip() else ""
    return raw.rstrip("\r\n")


def _date(record: dict[str, Any], place: Place) -> date | None:
    value = record.get("date")
    if value is None or value == "":
        return None
    day = parse_day(value) if isinstance(value, str) else None
    if day is None:
        raise KgError(f"date is no date: {value}", mend='write "date": "2019-12-01"', code="KG205", place=place)
    return day
