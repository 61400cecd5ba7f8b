"""What passes from room to room on the way from text to graph.

Every value is immutable. Offsets are code points of ``Document.text``, half open:
``text[span.start:span.end]`` is the words themselves.

A thing in the graph is named by a *key*: the id of a lexicon entry (``qingdao``), or, for
what the lexicon does not have, its class and normalised name (``Company/한빛전자``). Only
`kg.graph` turns keys into IRIs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal as Choice
from typing import NamedTuple

Status = Choice["Happened", "Planned", "Possible", "Claimed"]
"""Factuality of a clause that asserts something; the ontology has an individual for each."""


class Span(NamedTuple):
    """A stretch of a document's text, in code points, half open.

    >>> Span(0, 3).of("화웨이가")
    '화웨이'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """Give the words that the span covers."""
        return text[self.start : self.end]

    def covers(self, other: Span) -> bool:
        """Tell whether `other` lies within this span (equal spans do)."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Document:
    """A text as read: NFC, with what its page furniture said about it.

    `body` lists the stretches that are prose, in order; the rest of `text` (bylines, menus)
    is kept so that offsets hold, and never analysed. `title_span` is the stretch of `text`
    that is the title, if the title stands in it.
    """

    id: str
    text: str
    sha256: str
    title: str | None = None
    title_span: Span | None = None
    published: date | None = None
    modified: date | None = None
    source: str = ""
    dateline: str | None = None
    body: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()


class Token(NamedTuple):
    """A morpheme: dictionary form, part of speech (Sejong tag set), and where it stands.

    `word` counts the sentence's words (어절, runs without white space) from 0; of a name that spans
    several, the last. Spans of
    neighbours may overlap, since contraction lets two morphemes share a syllable.
    """

    form: str
    tag: str
    span: Span
    word: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its morphemes, and the spans of its words (어절)."""

    index: int
    span: Span
    tokens: tuple[Token, ...]
    words: tuple[Span, ...]
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that becomes a node: key, class (local name), Korean label, other names.

    `names` holds (surface, language tag) pairs beyond the label. `known` tells a curated
    entity from one made from its name alone.
    """

    key: str
    type: str
    label: str
    names: tuple[tuple[str, str], ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class TimeValue:
    """A moment or stretch of time: EDTF, its first and last day, or how often it recurs.

    `kind` is ``Date``, ``Time``, ``Duration`` or ``Frequency``. `edtf`, `earliest` and
    `latest` are None where the words fix no day (``3일간``, ``매년``). `repeats` is an
    ISO 8601 period (``P1Y``).
    """

    kind: Choice["Date", "Time", "Duration", "Frequency"]
    edtf: str | None = None
    earliest: date | None = None
    latest: date | None = None
    repeats: str | None = None


@dataclass(frozen=True, slots=True)
class QuantityValue:
    """A number with its unit, as a closed interval: ``20여 개`` is 20 to 29.

    `kind` is ``Count``, ``Money``, ``Area``, ``Share``, ``Ordinal``, ``Age`` or ``Measure``;
    `unit` is the counter or unit as written (``개``, ``명``, ``㎡``) or an ISO 4217 code for money.
    `maximum` is None for an open interval (``100명 이상``). A `change` says by how much, not how much
    (``5% 늘었다``, ``2억 달러 감소``); no rule that asks for its kind takes it.
    """

    kind: Choice["Count", "Money", "Area", "Share", "Ordinal", "Age", "Measure"]
    minimum: float | int | None
    maximum: float | int | None
    unit: str
    change: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name a thing, a time or a quantity.

    `type` is a class of the ontology (local name) or ``Date``, ``Time``, ``Quantity``.
    `entity` is what a name denotes; `value` what a time or quantity amounts to; exactly one
    of them is set. `found` says how it was found (``lexicon``, ``head:유한공사``, ``post``, …).
    Mentions may nest; no two have the same span and type, but for those of words that stand for
    several things together (``양사``): each thing has a mention of its own, with `together` set.
    """

    span: Span
    type: str
    entity: Entity | None = None
    value: TimeValue | QuantityValue | None = None
    found: str = ""
    together: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """Give the names by which a rule may ask for this mention, the most specific first."""
        if self.value is None:
            return (self.type,)
        if isinstance(self.value, TimeValue):
            return (self.value.kind,)
        return ("Quantity",) if self.value.change else (self.value.kind, "Quantity")


@dataclass(frozen=True, slots=True)
class Argument:
    """A noun phrase in a case role of a predicate.

    `span` is the phrase's last word without its particle; `phrase` the whole phrase without
    it. `head` is the head noun's surface. `mentions` are the names that fill the role: the
    one at the head, those coordinated with it, or the members of a list that the head sums
    up (``A, B 등 기업들이``). `via` says how the role came about: ``own`` (a particle marks it),
    ``bare`` (no particle), ``head`` (the noun that an adnominal clause modifies), ``shared`` (from a coordinate
    clause), ``dropped`` (from an earlier sentence), ``by`` (who does what a passive says: ``정부에 의해 발표됐다``,
    ``정부의 승인을 받았다``), ``title`` (the post that the subject is called by, of a verb of taking or leaving office:
    ``김가람 시장이 취임했다``). Only ``own`` and ``bare`` stand in the clause's own words. A ``complement`` stands
    before a copula (``인구는 1000만 명이다``); it has no particle, and so is ``bare``. `owner` is whose a thing is
    that only other words tell (``A의 매출은 5억 원, 순이익은 2억 원``; ``A는 본사가 도쿄에 있다``).
    """

    role: Choice["subject", "object", "adverbial", "complement"]
    particle: str
    span: Span
    phrase: Span
    head: str
    mentions: tuple[Mention, ...] = ()
    via: Choice["own", "bare", "head", "by", "title", "shared", "dropped"] = "own"
    topic: bool = False
    owner: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """Who did what to whom, once: a predicate with its roles and its factuality.

    `lemma` is the main verb's dictionary form in the active (``발표하다`` for ``발표됐다``,
    ``발표를 하다``, ``발표를 받다``, ``정책 발표``); `voice` and `form` say which turn it took.
    `status` is None where nothing is asserted: `denied`, conditional, asked, commanded
    (`mood` says which). `claimant` is the phrase of whoever says it, if it is reported.
    `span` covers predicate and own arguments. `modifies` is the noun phrase that an
    adnominal clause stands before.
    """

    predicate: Span
    lemma: str
    span: Span
    roles: tuple[Argument, ...]
    voice: Choice["active", "passive", "causative"] = "active"
    form: Choice["final", "connective", "adnominal", "quotative", "nominalised", "nominal"] = "final"
    light: bool = False
    status: Status | None = "Happened"
    denied: bool = False
    mood: Choice["declarative", "conditional", "interrogative", "imperative"] = "declarative"
    tense: Choice["past", "present", "future"] = "past"
    claimant: Argument | None = None
    times: tuple[Mention, ...] = ()
    modifies: Argument | None = None


@dataclass(frozen=True, slots=True)
class Literal:
    """A value in the graph: text, datatype (CURIE, ``xsd:string`` if plain), language tag."""

    value: str
    datatype: str = "xsd:string"
    language: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """Why a statement stands in the graph: rule, turn, document and characters.

    `span` is what the rule matched and `quote` its words; `sentence` is the sentence that
    it stands in.
    """

    document: str
    span: Span
    quote: str
    sentence: Span
    rule: str
    turn: str = "active"
    status: Status = "Happened"
    claimant: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple that a rule made, with its evidence. `predicate` is a CURIE (``nk:announced``).

    With predicate ``rdf:type`` the object is a `Literal` that holds the class's CURIE, of
    datatype ``rdfs:Class``.
    """

    subject: Entity
    predicate: str
    object: Entity | Literal
    evidence: Evidence

    @property
    def status(self) -> Status:
        """Give the factuality under which the statement is made."""
        return self.evidence.status


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was read from one document; iterating gives its statements."""

    document: Document
    sentences: tuple[Sentence, ...] = ()
    mentions: tuple[Mention, ...] = ()
    clauses: tuple[Clause, ...] = ()
    statements: tuple[Statement, ...] = field(default=())

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)

    def __len__(self) -> int:
        return len(self.statements)
