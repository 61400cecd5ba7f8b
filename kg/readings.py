"""What was read of each document, kept from build to build.

A `Reading` is all that the graph needs of a document: its statements with their evidence, the
names in it, and the sentences that evidence quotes; not its morphemes, clauses and text. `Readings`
holds them in SQLite, in memory or in a file, so that a document that did not change is not read
again, and a build that was killed goes on where it was.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Any

from kg.errors import KgError, Place
from kg.model import Document, Entity, Evidence, Extraction, Literal, Span, Statement
from kg.project import Project

_ONLY_STATED = frozenset({"Group", "Post"})  # a title on its own names no post of any body
_TABLES = """
CREATE TABLE IF NOT EXISTS engine (fingerprint TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reading (document BLOB PRIMARY KEY, digest TEXT NOT NULL, record BLOB NOT NULL);
CREATE TEMP TABLE wanted (document BLOB PRIMARY KEY) WITHOUT ROWID;
"""
_ANALYSIS = ("kiwipiepy", "kiwipiepy_model", "korean-datetime")
_SCHEMA = [(table.replace("IF NOT EXISTS ", "").rstrip(";"),) for table in _TABLES.strip().split("\n")[:2]]
_A_BATCH = 64  # documents to a transaction: what a killed build loses at most


@dataclass(frozen=True, slots=True)
class Reading:
    """What the graph keeps of a document.

    `document` is without its text; `mentions` counts how often each entity is named; `sentences`
    are the words of the sentences that statements rest on.
    """

    document: Document
    statements: tuple[Statement, ...]
    mentions: tuple[tuple[Entity, int], ...]
    sentences: Mapping[Span, str]

    @classmethod
    def of(cls, extraction: Extraction) -> Reading:
        """Give what the graph keeps of an extraction."""
        mentions: Counter[Entity] = Counter()
        for mention in extraction.mentions:
            entity = mention.entity
            if entity is not None and entity.type not in _ONLY_STATED and not mention.found.startswith("anaphor"):
                mentions[entity] += 1
        document = extraction.document
        spans = dict.fromkeys(statement.evidence.sentence for statement in extraction.statements)
        return cls(
            replace(document, text="", title_span=None, body=(), notes=()),
            extraction.statements,
            tuple(mentions.items()),
            {span: span.of(document.text) for span in spans},
        )

    def to_json(self) -> str:
        """Give the reading as JSON, each entity, sentence and rule hit once.

        >>> document = Document("a", "", "0")
        >>> Reading.from_json(Reading(document, (), (), {}).to_json()).document == document
        True
        """
        entities: dict[Entity, int] = {}
        sentences = {span: number for number, span in enumerate(self.sentences)}
        hits: dict[Evidence, int] = {}

        def number(entity: Entity) -> int:
            return entities.setdefault(entity, len(entities))

        mentions = [[number(entity), times] for entity, times in self.mentions]
        statements = [
            [
                number(s.subject),
                s.predicate,
                number(s.object) if isinstance(s.object, Entity) else _values(s.object),
                hits.setdefault(s.evidence, len(hits)),
            ]
            for s in self.statements
        ]
        document = self.document
        record = {
            "document": [
                document.id,
                document.sha256,
                document.title,
                _day(document.published),
                _day(document.modified),
                document.source,
                document.dateline,
            ],
            "entities": [[e.key, e.type, e.label, e.names, e.known] for e in entities],
            "mentions": mentions,
            "sentences": [[span.start, span.end, words] for span, words in self.sentences.items()],
            "hits": [
                [h.span.start, h.span.end, h.quote, sentences[h.sentence], h.rule, h.turn, h.status, h.claimant]
                for h in hits
            ],
            "statements": statements,
        }
        return json.dumps(record, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Reading:
        """Give back what `to_json` wrote; ValueError for anything else."""
        try:
            return cls._from(json.loads(text))
        except (KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
            raise ValueError(f"no reading: {error}") from error

    @classmethod
    def _from(cls, record: Mapping[str, Any]) -> Reading:
        id_, digest, title, published, modified, source, dateline = record["document"]
        document = Document(
            _text(id_),
            "",
            _text(digest),
            title and _text(title),
            published=date.fromisoformat(published) if published else None,
            modified=date.fromisoformat(modified) if modified else None,
            source=_text(source),
            dateline=dateline and _text(dateline),
        )
        entities = [
            Entity(
                _text(key),
                _text(kind),
                _text(label),
                tuple((_text(name), _text(tag)) for name, tag in names),
                bool(known),
            )
            for key, kind, label, names, known in record["entities"]
        ]
        sentences = [(Span(int(start), int(end)), _text(words)) for start, end, words in record["sentences"]]
        hits = [
            Evidence(
                id_,
                Span(int(start), int(end)),
                _text(quote),
                sentences[at][0],
                _text(rule),
                _text(turn),
                status,
                claimant and _text(claimant),
            )
            for start, end, quote, at, rule, turn, status, claimant in record["hits"]
        ]
        statements = tuple(
            Statement(
                entities[s],
                _text(p),
                entities[o] if isinstance(o, int) else Literal(*map(_text, o[:2]), *o[2:]),
                hits[hit],
            )
            for s, p, o, hit in record["statements"]
        )
        mentions = tuple((entities[e], int(times)) for e, times in record["mentions"])
        return cls(document, statements, mentions, dict(sentences))


def digest(document: Document) -> str:
    """Give the SHA-256 of all of a document that its reading depends on."""
    return sha256(repr(document).encode("utf-8", "surrogatepass")).hexdigest()


def fingerprint(project: Project) -> str:
    """Give a digest of what a reading depends on beside the document: engine, analyser, the project's own files."""
    state = sha256("\n".join(installed(name) for name in ("kg-news", *_ANALYSIS)).encode())
    for folder in (Path(__file__).parent, *project.ontology, *project.lexicon, *project.rules, *project.grammar):
        for file in sorted(folder.rglob("*")):
            name = file.relative_to(folder)
            if file.is_file() and not {"__pycache__", "_pack"} & set(name.parts):
                state.update(f"\n{name.as_posix()}\n".encode("utf-8", "surrogatepass") + file.read_bytes())
    return state.hexdigest()


def installed(package: str) -> str:
    """Give the version of an installed package, or ``unknown``."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


class Readings:
    """The readings of a build's documents, by id.

    With `file` they outlast the process; those made under another `fingerprint` (of rules, lexicon, grammar,
    ontology and engine) are dropped, and with `fresh` all. One process at a time may hold a file; one that
    holds no reading in the end is removed.

    Raises `KgError`: KG406 if another build holds the file, KG405 if it cannot be written.
    """

    def __init__(self, file: Path | None = None, fingerprint: str = "", fresh: bool = False) -> None:
        self._file = file
        try:
            self._open(fingerprint, fresh)
        except (sqlite3.OperationalError, OSError) as error:
            raise self._refusal(error) from error
        except sqlite3.DatabaseError:  # no database, or a broken one: it only saves work, so begin anew
            self._database.close()
            assert file is not None
            file.unlink()
            self._open(fingerprint, fresh)

    def _open(self, fingerprint: str, fresh: bool) -> None:
        name = ":memory:" if self._file is None else str(self._file)
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(name, timeout=0, isolation_level=None)
        self._waiting = 0
        run = self._database.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        run("BEGIN IMMEDIATE")  # takes the lock, which is then held until the file is closed or the process ends
        run("PRAGMA trusted_schema = OFF")
        if run("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall() not in ([], _SCHEMA):
            raise sqlite3.DatabaseError("another's tables, views or triggers")
        for table in _TABLES.strip().split("\n"):
            run(table)
        if fresh or run("SELECT fingerprint FROM engine").fetchall() != [(fingerprint,)]:
            run("DELETE FROM reading")
            run("DELETE FROM engine")
            run("INSERT INTO engine VALUES (?)", (fingerprint,))
        run("COMMIT")

    def __enter__(self) -> Readings:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what waits, and let another build have the file."""
        try:
            self._commit()
            empty = not len(self)
        finally:
            self._database.close()
        if empty and self._file is not None:
            self._file.unlink(missing_ok=True)

    def want(self, document: str, digest: str) -> bool:
        """Note that a document is part of this build; tell whether it must be read, new or changed as it is."""
        self._run("INSERT OR IGNORE INTO wanted VALUES (?)", _bytes(document))
        found = self._database.execute("SELECT digest FROM reading WHERE document = ?", (_bytes(document),)).fetchone()
        return found is None or found[0] != digest

    def put(self, document: str, digest: str, record: str) -> None:
        """Keep the reading of a document, as JSON, in the place of the one before."""
        self._run("INSERT OR IGNORE INTO wanted VALUES (?)", _bytes(document))
        self._run("INSERT OR REPLACE INTO reading VALUES (?, ?, ?)", _bytes(document), digest, _bytes(record))

    def remove(self, document: str) -> None:
        """Forget a document; no error if it is not there."""
        self._run("DELETE FROM reading WHERE document = ?", _bytes(document))

    def prune(self) -> None:
        """Forget the documents that are no part of this build."""
        self._run("DELETE FROM reading WHERE document NOT IN (SELECT document FROM wanted)")
        self._commit()

    def __len__(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM reading").fetchone()[0])

    def __iter__(self) -> Iterator[Reading]:
        """Give the readings in the order of their documents' ids, one at a time."""
        try:
            for (record,) in self._database.execute("SELECT record FROM reading ORDER BY document"):
                yield Reading.from_json(record.decode("utf-8", "surrogatepass"))
        except sqlite3.OperationalError as error:
            raise self._refusal(error) from error
        except (ValueError, AttributeError, sqlite3.DatabaseError) as error:
            raise KgError(
                "what was kept of an earlier build is broken",
                mend="build with --fresh",
                code="KG410",
                place=Place(str(self._file)) if self._file else None,
            ) from error

    def _run(self, statement: str, *values: str | bytes) -> None:
        try:
            if not self._waiting:
                self._database.execute("BEGIN")
            self._database.execute(statement, values)
            self._waiting += 1
            if self._waiting >= _A_BATCH:
                self._commit()
        except sqlite3.OperationalError as error:
            raise self._refusal(error) from error

    def _commit(self) -> None:
        if self._waiting:
            self._waiting = 0
            try:
                self._database.execute("COMMIT")
            except sqlite3.OperationalError as error:
                raise self._refusal(error) from error

    def _refusal(self, error: sqlite3.OperationalError | OSError) -> KgError:
        place = Place(str(self._file)) if self._file else None
        if "locked" in str(error):
            return KgError(
                "another build is writing this output",
                mend="wait for it to end, or choose another folder with -o",
                code="KG406",
                place=place,
            )
        return KgError(
            f"the output folder cannot be written: {getattr(error, 'strerror', None) or error}",
            mend="free space, or choose another folder with -o",
            code="KG405",
            place=place,
        )


def _bytes(text: str) -> bytes:
    """Encode so that any id can be kept, a file name in a broken encoding too, and sorts by code point."""
    return text.encode("utf-8", "surrogatepass")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(f"{value!r} is no text")


def _values(literal: Literal) -> list[str | None]:
    return [literal.value, literal.datatype, literal.language]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
