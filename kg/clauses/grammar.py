"""The tables of Korean grammar that the clause reader works with, as read from ``data/grammar``.

The tables are YAML so that a linguist can read and mend them; this module checks them (an
unknown key or value is a `KgError` with its place) and turns them into dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg import curated
from kg.errors import KgError, Place

_JAMO = {chr(0x11A8 + i): c for i, c in enumerate("ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")}
_TRANSLATION = str.maketrans(_JAMO)
_CHOICES: Mapping[str, frozenset[str]] = {
    "status": frozenset({"Happened", "Planned", "Possible", "Claimed", "keep", "none"}),
    "mood": frozenset({"declarative", "conditional", "interrogative", "imperative"}),
    "tense": frozenset({"past", "present", "future"}),
    "voice": frozenset({"active", "passive", "causative"}),
}
_FLAGS = ("denied", "inherit", "quoting", "future", "unsaid")


@lru_cache(maxsize=20_000)
def plain(form: str) -> str:
    """Write a morpheme's form with compatibility letters for its lone final consonants.

    >>> plain("\\u11ab다고")
    'ㄴ다고'
    """
    return form.translate(_TRANSLATION)


_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Effect:
    """What a form or construction does to the factuality of its clause; None leaves it alone."""

    status: str | None = None
    denied: bool = False
    mood: str | None = None
    tense: str | None = None
    voice: str | None = None
    type: str = ""
    inherit: bool = False
    quoting: bool = False
    future: bool = False
    unsaid: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One place in a construction's chain: any of `forms` (empty: any form), of `tag` if given."""

    forms: frozenset[str]
    tag: str = ""
    optional: bool = False

    def fits(self, form: str, tag: str) -> bool:
        """Tell whether a morpheme stands in this place of the chain."""
        return (not self.forms or form in self.forms) and (not self.tag or tag.startswith(self.tag))


@dataclass(frozen=True, slots=True)
class Construction:
    """A chain of morphemes after a main verb that makes one predicate with it."""

    steps: tuple[Step, ...]
    effect: Effect


@dataclass(frozen=True, slots=True)
class Grammar:
    """All tables, indexed by form, verb or noun."""

    connectives: Mapping[str, Effect]
    quotatives: Mapping[str, Effect]
    adnominals: Mapping[str, Effect]
    finals: Mapping[str, Effect]
    prefinals: Mapping[str, Effect]
    constructions: Mapping[str, tuple[Construction, ...]]
    reporting: Mapping[str, Effect]
    heads: Mapping[str, tuple[Effect, ...]]
    light_verbs: Mapping[str, str]
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    weights: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    frames: Mapping[str, frozenset[str]] = field(default_factory=dict)
    fused: Mapping[str, str] = field(default_factory=dict)
    set_out: Mapping[str, str] = field(default_factory=dict)
    offices: Mapping[str, str] = field(default_factory=dict)
    swallowed: Mapping[str, str] = field(default_factory=dict)

    def has(self, table: str, word: str) -> bool:
        """Tell whether a plain list (``relational``, ``negators`` …) holds a word."""
        return word in self.words.get(table, _NONE)

    def takes(self, lemma: str, particle: str) -> bool:
        """Tell whether a verb or adjective has a complement of its own that a particle marks (주다: 에게)."""
        return lemma in self.frames.get(particle, _NONE)


def load(folder: Path) -> Grammar:
    """Read and check the tables; raise `KgError` with its place for a fault in them."""
    endings = _Table(folder / "endings.yaml")
    predicates = _Table(folder / "predicates.yaml")
    attachment = _Table(folder / "clause-attachment.yaml")
    valency = _Table(folder / "valency.yaml")
    constructions: dict[str, list[Construction]] = {}
    for item in endings.items("constructions", {"chain"}):
        chain = tuple(_steps(item.text("chain")))
        for form in sorted(chain[0].forms):
            constructions.setdefault(form, []).append(Construction(chain, item.effect()))
    heads: dict[str, list[Effect]] = {}
    for item in predicates.items("heads", {"nouns"}):
        for noun in item.words("nouns"):
            heads.setdefault(noun, []).append(item.effect())
    lists = (
        "relational",
        "relational_with_object",
        "relational_with_dative",
        "planned_nouns",
        "ongoing_nouns",
        "planning",
        "entering",
        "willing",
        "as_of",
        "place_figures",
        "measures",
        "activities",
        "intents",
        "located",
        "leading",
        "delegations",
        "completing",
        "concluding",
        "encounters",
        "at_encounters",
        "negators",
        "future_words",
        "past_words",
        "unfinished",
        "spending",
        "seats",
        "incoming",
        "present_seats",
        "merging",
        "emerging",
        "attending",
        "own_figures",
        "scheduled",
        "headlined",
        "announced",
        "announcing",
        "habitual_words",
        "joints",
        "including",
        "kinds",
        "companions",
        "insides",
        "givers",
        "distributives",
        "rarities",
        "since",
        "agent_types",
        "determining_verbs",
        "elided_endings",
        "titles",
        "former",
        "counting_nouns",
        "content_nouns",
        "authoring",
        "undoing",
        "undone_nouns",
        "reports",
        "falsehoods",
        "mutual",
        "lacking",
        "citing",
        "stances",
        "dated_nouns",
        "aims",
        "framing",
        "labile",
        "founding",
        "afterwards",
        "failing",
    )
    words = {name: frozenset(predicates.words(name)) for name in lists}
    words["commands"] = frozenset(endings.words("commands"))
    words |= {name: frozenset(attachment.words(name)) for name in attachment.names() if name != "weights"}
    words |= {name: frozenset(valency.words(name)) for name in valency.names() if name != "frames"}
    frames: dict[str, set[str]] = {}
    for item in valency.items("frames", {"particles", "verbs"}):
        for particle in item.words("particles"):
            frames.setdefault(particle, set()).update(item.words("verbs"))
    return Grammar(
        connectives=endings.effects("connectives", "forms"),
        quotatives=endings.effects("quotatives", "forms"),
        adnominals=endings.effects("adnominals", "forms"),
        finals=endings.effects("finals", "forms"),
        prefinals=endings.effects("prefinals", "forms"),
        constructions={form: tuple(sorted(found, key=_specific)) for form, found in constructions.items()},
        reporting=predicates.effects("reporting", "verbs"),
        heads={noun: tuple(found) for noun, found in heads.items()},
        light_verbs={
            verb: item.effect().voice or "active"
            for item in predicates.items("light_verbs", {"verbs"})
            for verb in item.words("verbs")
        },
        words=words,
        weights=attachment.numbers("weights"),
        frames={particle: frozenset(verbs) for particle, verbs in frames.items()},
        fused=predicates.pairs("fused"),
        set_out=predicates.pairs("set_out"),
        offices=predicates.pairs("offices"),
        swallowed=predicates.pairs("swallowed"),
    )


def _specific(construction: Construction) -> tuple[int, int]:
    """Order constructions: the longer chain first, and of two the one without a place for any form."""
    return -len(construction.steps), sum(not step.forms for step in construction.steps)


def _steps(chain: str) -> Iterator[Step]:
    for word in chain.split():
        optional = word.endswith("?")
        forms, _, tag = word.rstrip("?").partition("/")
        yield Step(frozenset() if forms == "*" else frozenset(forms.split("|")), tag, optional)


class _Item:
    """One entry of a table: a mapping of known keys, with the place of each."""

    def __init__(self, item: curated.Item, own: set[str]) -> None:
        self._values = item.mapping({*_CHOICES, *_FLAGS, "type", "why", *own}, own)
        for key, choice in _CHOICES.items():
            if key in self._values and self._values[key].text() not in choice:
                value = self._values[key]
                raise value.error(f"{key} cannot be {value.text()}", f"use {', '.join(sorted(choice))}", "KG006")
        for key in _FLAGS:
            if key in self._values and self._values[key].text() not in ("true", "false"):
                raise self._values[key].error(f"{key} is neither true nor false", "write true or false", "KG006")

    def text(self, key: str) -> str:
        """Give a value as text."""
        return self._values[key].text()

    def words(self, key: str) -> tuple[str, ...]:
        """Give a value as a list of words."""
        return self._values[key].texts()

    def effect(self) -> Effect:
        """Give what the entry says about factuality."""
        said: dict[str, Any] = {key: self.text(key) for key in (*_CHOICES, "type") if key in self._values}
        said |= {key: self.text(key) == "true" for key in _FLAGS if key in self._values}
        return Effect(**said)


class _Table:
    """A YAML file of grammar. Faults are `KgError`: KG001 to KG006, with file, line and column."""

    def __init__(self, path: Path) -> None:
        item = curated.load(path)
        if item is None:
            raise KgError("the grammar table is empty", mend="restore it", code="KG002", place=Place(path.name))
        self._values = item.mapping()

    def names(self) -> list[str]:
        """Give the keys of the file."""
        return list(self._values)

    def items(self, name: str, own: set[str]) -> list[_Item]:
        """Give the checked entries of a list of mappings."""
        return [_Item(entry, own) for entry in self._values[name].items()] if name in self._values else []

    def effects(self, name: str, key: str) -> dict[str, Effect]:
        """Give the entries of a list of mappings by each of their words; the first to claim a word has it."""
        found: dict[str, Effect] = {}
        for item in self.items(name, {key}):
            for word in item.words(key):
                found.setdefault(word, item.effect())
        return found

    def words(self, name: str) -> tuple[str, ...]:
        """Give a plain list of words."""
        return self._values[name].texts() if name in self._values else ()

    def pairs(self, name: str) -> dict[str, str]:
        """Give a mapping of words to words."""
        mapping = self._values[name].mapping() if name in self._values else {}
        return {key: value.text() for key, value in mapping.items()}

    def numbers(self, name: str) -> dict[str, dict[str, int]]:
        """Give a mapping of mappings of whole numbers."""
        mapping = self._values[name].mapping() if name in self._values else {}
        return {
            role: {feature: _number(weight) for feature, weight in table.mapping().items()}
            for role, table in mapping.items()
        }


def _number(item: curated.Item) -> int:
    try:
        return int(item.text())
    except ValueError:
        raise item.error(f"not a whole number: {item.text()}", "write a number such as -30", "KG006") from None
