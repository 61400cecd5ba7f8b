"""What a compiled rule is: roles or a phrase to look for, and templates of statements to make."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from kg.errors import Place

NAME = re.compile(r"[a-z][a-z_0-9]*")
"""What a role or a new node may be called."""

TURNS = ("active", "passive", "light", "nominal", "adnominal", "quotative", "nominalised", "shared", "dropped")
"""The turns of one clause rule. A match may take several at once (``passive+adnominal``)."""

STATUSES = ("Happened", "Planned", "Possible", "Claimed")

VALUE_KINDS = frozenset("Date Time Duration Frequency Quantity Count Money Area Share Ordinal Age Measure".split())
"""What a role may ask for beside classes of the ontology: kinds of value."""

TIMES = frozenset({"Date", "Time", "Duration", "Frequency"})
"""The kinds of value that are told of a clause rather than of one of its arguments."""


@dataclass(frozen=True, slots=True)
class Role:
    """What fills a place in a rule.

    `classes` are the classes or kinds of value that may fill it. In a clause rule, `case` names
    grammatical roles (``subject``, ``object``) or particles; with `heads` the
    argument's head noun must be one of these words and the filler is the name directly before
    it (``선도구 창설을``); with `words` the head noun itself is the filler and no name is
    asked for. `several` asks for two names or more. In a phrase rule, `words` are those that the
    name itself may be, `separators` lets the role take a list of names; `inside` names the role
    whose name it must be a part of, `at` at which edge. Names of an `excluded` class never count.
    """

    name: str
    classes: tuple[str, ...]
    optional: bool
    place: Place
    case: tuple[str, ...] = ()
    heads: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    separators: frozenset[str] = frozenset()
    inside: str | None = None
    at: str = "start"
    several: bool = False
    excluded: tuple[str, ...] = ()

    @property
    def is_value(self) -> bool:
        """Tell whether the role asks for a time or a quantity rather than a name."""
        return bool(self.classes) and VALUE_KINDS.issuperset(self.classes)


@dataclass(frozen=True, slots=True)
class Word:
    """Words of which one must stand here in a phrase."""

    words: frozenset[str]
    optional: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `longest` words of the same noun phrase that may stand here; with `clause`, of the same sentence."""

    longest: int
    across: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Link:
    """Makes ``subject predicate object`` of what fills two roles."""

    subject: str
    predicate: str
    object: str
    place: Place


@dataclass(frozen=True, slots=True)
class Typing:
    """Says that what fills a role is of a class."""

    subject: str
    type: str
    place: Place


@dataclass(frozen=True, slots=True)
class Node:
    """Makes a node of class `type` (or, if None, describes what fills the role `name`).

    `properties` pairs a property (CURIE) with a role, or the name of a value form (``time``) with
    one. `label` lists the roles whose words make a new node's label.
    """

    name: str
    type: str | None
    properties: tuple[tuple[str, str], ...]
    label: tuple[str, ...]
    place: Place


Template = Link | Typing | Node


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the statements that the rule must make of it, rendered; `todo` marks a known miss."""

    text: str
    gives: tuple[str, ...]
    expected: bool
    todo: bool
    date: date | None
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """What clause rules and phrase rules share. `roles` maps names to roles in the rule's order."""

    id: str
    about: str
    roles: Mapping[str, Role]
    then: tuple[Template, ...]
    planned: tuple[Template, ...]
    examples: tuple[Example, ...]
    place: Place

    def templates(self, status: str) -> tuple[Template, ...]:
        """Give what the rule says of a thing of this status: of what is possible or claimed, the nodes alone."""
        if status == "Happened":
            return self.then
        return self.planned if status == "Planned" else tuple(t for t in self.then if isinstance(t, Node))

    def says(self, filled: Collection[str], statuses: Collection[str] = STATUSES) -> bool:
        """Tell whether anything is said, in any of these statuses, when only the roles `filled` are there."""
        templates = [t for status in statuses for t in self.templates(status)]
        there = {t.name for t in templates if isinstance(t, Node) and t.type} | set(filled)
        return any(
            t.subject in there and (isinstance(t, Typing) or t.object in there)
            if isinstance(t, Link | Typing)
            else t.name in there and (t.type is not None or any(value in there for _, value in t.properties))
            for t in templates
        )


@dataclass(frozen=True, slots=True)
class ClauseRule(Rule):
    """A trigger with its case roles."""

    triggers: tuple[str, ...]
    turns: frozenset[str]
    statuses: frozenset[str]


@dataclass(frozen=True, slots=True)
class PhraseRule(Rule):
    """A row of names, words and gaps within one sentence; if `closed`, no noun may follow it."""

    elements: tuple[Role | Word | Gap, ...]
    not_after: frozenset[str]
    not_before: frozenset[str]
    closed: bool


@dataclass(frozen=True, slots=True)
class ValueForm:
    """How a time or quantity is put into the graph.

    `properties` pairs a property with a field of the value (``edtf``, ``minimum``, ``words`` …).
    Where `link` is given, the value becomes a node of class `type` behind that property; else the
    properties go on the node that the value describes. `kinds` are the kinds of value it is for.
    """

    name: str
    kinds: tuple[str, ...]
    properties: tuple[tuple[str, str], ...]
    link: str | None
    type: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Bindings:
    """The graph's own terms that the engine must name: value forms, and the properties of factuality."""

    values: Mapping[str, ValueForm]
    status: str
    claimant: str
    status_prefix: str
    counted: str
    """The value form that describes a counted group."""
    member_type: str
