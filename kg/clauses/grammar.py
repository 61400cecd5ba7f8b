"""The tables of Korean grammar that the clause reader works with, as read from ``data/grammar``.

The tables are YAML so that a linguist can read and mend them; this module checks them (an
unknown key or value is a `KgError` with its place) and turns them into dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.errors import KgError, Place, source_line

_JAMO = {chr(0x11A8 + i): c for i, c in enumerate("ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")}
_TRANSLATION = str.maketrans(_JAMO)
_STATUSES = {"Happened", "Planned", "Possible", "Claimed", "keep", "none"}
_MOODS = {"declarative", "conditional", "interrogative", "imperative"}
_TENSES = {"past", "present", "future"}
_VOICES = {"active", "passive", "causative"}


def plain(form: str) -> str:
    """Write a morpheme's form with compatibility letters for its lone final consonants.

    >>> plain("\\u11ab다고")
    'ㄴ다고'
    """
    return form.translate(_TRANSLATION)


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
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    fused: Mapping[str, str] = field(default_factory=dict)
    swallowed: Mapping[str, str] = field(default_factory=dict)

    def has(self, table: str, word: str) -> bool:
        """Tell whether a plain list (``relational``, ``negators`` …) holds a word."""
        return word in self.words.get(table, frozenset())


def load(folder: Path) -> Grammar:
    """Read and check the tables; raise `KgError` with its place for a fault in them."""
    endings = _Table(folder / "endings.yaml")
    predicates = _Table(folder / "predicates.yaml")
    attachment = _Table(folder / "clause-attachment.yaml")
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
        "planned_nouns",
        "ongoing_nouns",
        "planning",
        "completing",
        "concluding",
        "negators",
        "future_words",
        "scheduled",
        "habitual_words",
        "joints",
        "including",
        "agent_types",
        "determining_verbs",
        "titles",
    )
    words = {name: frozenset(predicates.words(name)) for name in lists}
    words["commands"] = frozenset(endings.words("commands"))
    words |= {name: frozenset(attachment.words(name)) for name in attachment.names() if name != "weights"}
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
        fused=predicates.pairs("fused"),
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
    """One entry of a table, with the place that it came from."""

    def __init__(self, table: _Table, value: Any, own: set[str]) -> None:
        self._table, self._value = table, value
        if not isinstance(value, Mapping):
            raise table.fault("an entry must be a mapping of keys to values", table.value, None)
        allowed = {"status", "denied", "mood", "tense", "voice", "type", "inherit", "quoting", "future", "why"} | own
        for key in value:
            if key not in allowed:
                raise table.fault(f"unknown key: {key}", value, key, f"use one of: {', '.join(sorted(allowed))}")
        for key in own:
            if key not in value:
                raise table.fault(f"the entry lacks {key}", value, None)
        for key, choice in (("status", _STATUSES), ("mood", _MOODS), ("tense", _TENSES), ("voice", _VOICES)):
            if key in value and value[key] not in choice:
                raise table.fault(f"{key} cannot be {value[key]!r}", value, key, f"use: {', '.join(sorted(choice))}")

    def text(self, key: str) -> str:
        """Give a value as text."""
        return str(self._value[key])

    def words(self, key: str) -> list[str]:
        """Give a value as a list of words."""
        return [str(word) for word in self._value[key]]

    def effect(self) -> Effect:
        """Give what the entry says about factuality."""
        known = ("status", "denied", "mood", "tense", "voice", "type", "inherit", "quoting", "future")
        return Effect(**{key: self._value[key] for key in known if key in self._value})


class _Table:
    """A YAML file of grammar, with the places of its keys."""

    def __init__(self, path: Path) -> None:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError

        self.path = path
        try:
            self.value: Any = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise KgError(
                f"cannot read the grammar table: {error.strerror}",
                mend="point the grammar folder at the one that kg ships",
                place=Place(str(path)),
            ) from error
        except MarkedYAMLError as error:
            mark = error.problem_mark
            place = Place(str(path), mark.line + 1, mark.column + 1) if mark else Place(str(path))
            raise KgError(f"not YAML: {error.problem}", place=place) from error
        if not isinstance(self.value, Mapping):
            raise KgError("the grammar table must be a mapping", place=Place(str(path), 1, 1))

    def fault(self, what: str, holder: Any, key: object, mend: str = "") -> KgError:
        """Make the error for a fault at a key of a mapping of this file."""
        position = getattr(holder, "lc", None)
        line, column = (position.line, position.col) if position is not None else (0, 0)
        if position is not None and key is not None and key in (position.data or {}):
            line, column = position.data[key][:2]
        place = Place(str(self.path), line + 1, column + 1)
        return KgError(what, mend=mend, place=place, source=source_line(self.path, line + 1))

    def names(self) -> list[str]:
        """Give the keys of the file."""
        return [str(key) for key in self.value]

    def items(self, name: str, own: set[str]) -> list[_Item]:
        """Give the checked entries of a list of mappings."""
        return [_Item(self, entry, own) for entry in self.value.get(name, [])]

    def effects(self, name: str, key: str) -> dict[str, Effect]:
        """Give the entries of a list of mappings by each of their words; the first to claim a word has it."""
        found: dict[str, Effect] = {}
        for item in self.items(name, {key}):
            for word in item.words(key):
                found.setdefault(word, item.effect())
        return found

    def words(self, name: str) -> list[str]:
        """Give a plain list of words."""
        return [str(word) for word in self.value.get(name, [])]

    def pairs(self, name: str) -> dict[str, str]:
        """Give a mapping of words to words."""
        return {str(key): str(value) for key, value in self.value.get(name, {}).items()}

    def numbers(self, name: str) -> dict[str, dict[str, float]]:
        """Give a mapping of mappings of numbers."""
        return {
            str(role): {str(feature): float(weight) for feature, weight in table.items()}
            for role, table in self.value.get(name, {}).items()
        }
