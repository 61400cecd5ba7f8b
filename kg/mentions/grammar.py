"""The tables that the reader of names goes by: heads, posts, family names, words at a name's edge."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from kg import curated
from kg.errors import Place

_HEADS = ("strong", "weak", "ending", "before", "after", "alone", "bare", "quoted")
_HANGUL = re.compile(r"[가-힣]+")
_FIRST_SYLLABLE, _SYLLABLES, _CODAS = 0xAC00, 11_172, 28
"""Hangul syllables of Unicode: the first, how many, and how many share their beginning; the first of those is open."""
_REMEMBERED = 20_000
"""How many words are remembered with what the tables say of them, so that memory stays bounded."""
PLACES = frozenset({"Place", "City", "Region", "Country", "Venue", "Facility"})
BODIES = frozenset(
    {
        "Organization",
        "Company",
        "GovernmentBody",
        "University",
        "ResearchInstitute",
        "MediaOrganization",
        "Association",
        "PoliticalParty",
        "InternationalOrganization",
    }
)
EVENTS = frozenset({"Conference", "Event", "Exhibition", "Festival", "Competition", "Ceremony"})
POLICIES = frozenset({"Policy", "Declaration", "Initiative", "Plan", "Project", "Law", "PilotZone"})
PEOPLE = frozenset({"Person", "Official"})
SEATED = PLACES | BODIES
"""Places, and bodies, which have one."""


@dataclass(frozen=True, slots=True)
class Head:
    """A head noun and the class of what it names; `kind` is ``strong``, ``weak`` or ``ending``."""

    word: str
    type: str
    kind: str


@dataclass(frozen=True)
class Titles:
    """The tables of ``titles.yaml``, whose comments say what each is for."""

    public: frozenset[str]
    private: frozenset[str]
    calling: frozenset[str]
    honorific: frozenset[str]
    calling_before: frozenset[str]
    former: frozenset[str]
    missions: frozenset[str]
    came_from: frozenset[str]
    post_joints: tuple[str, ...]
    serving: tuple[str, ...]
    embassies: tuple[str, ...]
    grade: tuple[str, ...]
    common_posts: frozenset[str]
    posts_of: Mapping[str, frozenset[str]]
    governors: frozenset[str]
    unnamed: frozenset[str]
    sure: frozenset[str]
    ages: tuple[str, ...]
    after_letter: tuple[str, ...]
    chief: tuple[str, ...]
    after_vowel: frozenset[str]
    company_posts: tuple[str, ...]
    ministers: tuple[str, ...]
    foreign_ministers: tuple[str, ...]
    appointing: tuple[str, ...]
    taking_office: tuple[str, ...]
    to_office: frozenset[str]


@dataclass(frozen=True)
class Surnames:
    """The tables of ``surnames.yaml``, whose comments say what each is for."""

    family: frozenset[str]
    double: frozenset[str]
    short: frozenset[str]
    given: frozenset[str]
    sound: frozenset[str]
    compound_given: frozenset[str]
    name_final: frozenset[str]
    foreign_given: frozenset[str]
    son_of: frozenset[str]
    japanese_family: frozenset[str]
    hanja_family: frozenset[str]
    hanja_of_places: tuple[str, ...]
    chinese_family: tuple[str, ...]
    after_chinese: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """The tables of ``names.yaml``, whose comments say what each is for; class → words is kept as word → class."""

    generic: frozenset[str]
    stop: frozenset[str]
    currencies: frozenset[str]
    determiner: frozenset[str]
    never: frozenset[str]
    side: frozenset[str]
    after_name: tuple[str, ...]
    members: Mapping[str, str]
    groups: Mapping[str, str]
    anaphors: Mapping[str, str]
    division: frozenset[str]
    event_nouns: Mapping[str, str]
    event_names: frozenset[str]
    shortened: Mapping[str, str]
    place_suffixes: tuple[str, ...]
    place_particles: frozenset[str]
    around: frozenset[str]
    address: tuple[str, ...]
    counts: tuple[str, ...]
    counters: tuple[str, ...]
    person_counters: tuple[str, ...]
    about: tuple[str, ...]
    address_endings: frozenset[str]
    like_names: frozenset[str]
    personal: frozenset[str]
    also_suffix: Mapping[str, tuple[str, ...]]
    like_particles: frozenset[str]
    swallowed_particles: frozenset[str]
    after_consonant: Mapping[str, str]
    after_open: Mapping[str, str]
    counted: frozenset[str]
    numbered_only: frozenset[str]
    ordinal: tuple[str, ...]
    editions: tuple[str, ...]
    plural: tuple[str, ...]
    more: tuple[str, ...]
    number_units: tuple[str, ...]
    summing: frozenset[str]
    genitive: tuple[str, ...]
    joints: tuple[str, ...]
    copula: tuple[str, ...]
    called: tuple[str, ...]
    whole_endings: frozenset[str]
    office_endings: frozenset[str]
    local_bodies: frozenset[str]
    division_numbers: tuple[str, ...]
    address_numbers: tuple[str, ...]
    thing_finals: frozenset[str]
    business: tuple[str, ...]
    trading: tuple[str, ...]
    taking_over: tuple[str, ...]
    light: tuple[str, ...]
    office_suffixes: frozenset[str]
    recurring: tuple[str, ...]
    resident: frozenset[str]
    novelties: tuple[str, ...]
    launching: tuple[str, ...]
    staged: tuple[str, ...]
    deciding: tuple[str, ...]
    railways: tuple[str, ...]
    line_numbers: tuple[str, ...]
    line_endings: tuple[str, ...]
    place_kinds: frozenset[str]
    bureau_endings: frozenset[str]
    national: frozenset[str]
    conglomerates: frozenset[str]
    plants: frozenset[str]
    building: tuple[str, ...]
    renewing: tuple[str, ...]
    local_laws: frozenset[str]
    no_place_finals: frozenset[str]
    alias_intro: tuple[str, ...]
    main: frozenset[str]
    games: frozenset[str]
    short_countries: frozenset[str]
    ministries: tuple[str, ...]
    after_names: tuple[str, ...]
    firms: frozenset[str]
    owners: tuple[str, ...]
    delegations: tuple[str, ...]
    abbreviations: frozenset[str]
    no_place_ends: tuple[str, ...]
    wares: frozenset[str]
    meant_for: frozenset[str]
    from_whom: frozenset[str]
    scopes: frozenset[str]
    theme_nouns: tuple[str, ...]
    theme_particles: tuple[str, ...]
    other_editions: tuple[str, ...]
    landforms: frozenset[str]
    forces: frozenset[str]
    together_counts: Mapping[str, str]
    together_nouns: Mapping[str, str]
    country_letters: Mapping[str, str]


@dataclass(frozen=True)
class NameGrammar(Words, Surnames, Titles):
    """The tables of ``heads.yaml``, ``titles.yaml``, ``surnames.yaml`` and ``names.yaml``.

    `heads` maps a word to its heads, a strong one first; `posts` maps one to its kind (``public``,
    ``private``, ``calling``).
    """

    heads: Mapping[str, tuple[Head, ...]]
    longest: int
    before: Mapping[str, str]
    after: Mapping[str, str]
    alone: Mapping[str, str]
    bare: Mapping[str, str]
    quoted: Mapping[str, str]
    posts: Mapping[str, str]

    @classmethod
    def load(cls, folder: Path) -> NameGrammar:
        """Read the tables of a grammar folder.

        Raises:
            KgError: a table or a key is missing, unknown, or not of the form that its comment says (KG001 to KG005).
        """
        by_class = {type_: item.mapping(_HEADS) for type_, item in _table(folder, "heads").mapping().items()}
        heads: dict[str, list[Head]] = {}
        special: dict[str, dict[str, str]] = {kind: {} for kind in ("before", "after", "alone", "bare", "quoted")}
        for kind in ("strong", "weak", "ending"):
            for type_, kinds in by_class.items():
                for word in kinds[kind].texts() if kind in kinds else ():
                    heads.setdefault(word, []).append(Head(word, type_, kind))
        for type_, kinds in by_class.items():
            for kind, words in special.items():
                words.update((word, type_) for word in (kinds[kind].texts() if kind in kinds else ()))
        tables: dict[str, Any] = {
            **special,
            **_read(_table(folder, "titles"), Titles),
            **_read(_table(folder, "surnames"), Surnames),
            **_read(_table(folder, "names"), Words),
        }
        posts: dict[str, str] = {}
        for kind in ("public", "private", "calling"):
            for word in tables[kind]:
                posts.setdefault(word, kind)
        return cls(
            heads={word: tuple(found) for word, found in heads.items()},
            longest=max(map(len, heads)),
            posts=posts,
            **tables,
        )

    def heads_of(self, text: str) -> tuple[Head, ...]:
        """Give the heads with which a piece of text ends, those of the longest word.

        None for a word that only looks as if it ended in one.
        """
        found = self._heads_of.get(text)
        if found is None:
            if len(self._heads_of) >= _REMEMBERED:
                self._heads_of.clear()
            found = self._heads_of[text] = self._find_heads(text)
        return found

    @cached_property
    def _heads_of(self) -> dict[str, tuple[Head, ...]]:
        return {}

    def _find_heads(self, text: str) -> tuple[Head, ...]:
        if text in self.never:
            return ()
        for length in range(min(self.longest, len(text)), 0, -1):
            if (found := self.heads.get(text[-length:])) is not None:
                return found
        return ()

    def singular(self, word: str) -> str:
        """Give a noun without the suffix that makes it several."""
        return next((word.removesuffix(end) for end in self.plural if word.endswith(end)), word)

    def member_class(self, word: str) -> str | None:
        """Give the class that a noun tells of the names beside it, by the longest of its endings (완성차+업체)."""
        noun = self.singular(word)
        found = (self.members.get(noun[at:]) for at in range(max(1, len(noun) - 1)))
        return next((type_ for type_ in found if type_ is not None), None)

    def building_in(self, word: str) -> int | None:
        """Give where the name of a building ends in a word that begins with it (돈암서원이); None if none does."""
        if self._building_ends.isdisjoint(word):
            return None
        hangul = _HANGUL.match(word)
        for end in range(hangul.end() if hangul else 0, 2, -1):
            for head in self.heads_of(word[:end]):
                if head.type in {"Venue", "Facility"} and head.kind != "ending" and 2 <= len(head.word) < end:
                    return end
        return None

    @cached_property
    def _building_ends(self) -> frozenset[str]:
        types = {"Venue", "Facility"}
        return frozenset(word[-1] for word, found in self.heads.items() if any(head.type in types for head in found))

    def post_of(self, text: str) -> tuple[str, str] | None:
        """Give the post with which a word ends and its kind (``public``, ``private``, ``calling``), the longest."""
        try:
            return self._post_of[text]
        except KeyError:
            if len(self._post_of) >= _REMEMBERED:
                self._post_of.clear()
        words = (text[start:] for start in range(len(text)))
        found = self._post_of[text] = next(((word, self.posts[word]) for word in words if word in self.posts), None)
        return found

    @cached_property
    def post_finals(self) -> frozenset[str]:
        """The characters with which posts end."""
        return frozenset(word[-1] for word in self.posts)

    @cached_property
    def _post_of(self) -> dict[str, tuple[str, str] | None]:
        return {}

    def particle_tag(self, name: str, syllable: str) -> str | None:
        """Give the tag of a subject's, topic's or object's particle that a syllable after a name can be."""
        last = ord(name[-1]) - _FIRST_SYLLABLE if name else -1
        if not 0 <= last < _SYLLABLES:
            return None
        return (self.after_consonant if last % _CODAS else self.after_open).get(syllable)

    def is_korean_name(self, text: str) -> bool:
        """Tell whether a word has the shape of a full Korean name.

        Family name and a given name of one or two syllables that given names are made of.
        """
        for family in (text[:2], text[:1]):
            if family in (self.double if len(family) == 2 else self.family):
                given = text[len(family) :]
                if 1 <= len(given) <= 2 and all(syllable in self.given for syllable in given):
                    return True
        return False

    def is_chinese_name(self, text: str) -> bool:
        """Tell whether a word has the shape of a full Chinese name by its sound: 량원펑.

        That is a family name and one or two syllables, and one of them all is in no Sino-Korean word.
        """
        for family in self.chinese_family:
            given = text[len(family) :]
            if text.startswith(family) and 1 <= len(given) <= 2 and len(text) > 2:
                if all(s in self.given | self.sound for s in given) and not self.sound.isdisjoint(text):
                    return True
        return False


def _table(folder: Path, name: str) -> curated.Item:
    path = folder / f"{name}.yaml"
    item = curated.load(path, f"{folder.name}/{path.name}")
    if item is None:
        return curated.Item({}, Place(str(path)), {}, path)
    return item


def _read(item: curated.Item, shape: type) -> dict[str, Any]:
    """Give the tables of a file as the fields of `shape` say: a set, words (the longest first), or words by class.

    A field of text by word is class → words turned round; the first class that has a word keeps it.
    """
    wanted = {field.name: str(field.type) for field in fields(shape)}
    found: dict[str, Any] = {}
    for name, table in item.mapping(wanted, wanted).items():
        if wanted[name] == "Mapping[str, str]":
            words: dict[str, str] = {}
            for type_, listed in table.mapping().items():
                for word in listed.texts():
                    words.setdefault(word, type_)
            found[name] = words
        elif wanted[name].startswith("Mapping"):
            kind: type = frozenset if "frozenset" in wanted[name] else tuple
            found[name] = {type_: kind(listed.texts()) for type_, listed in table.mapping().items()}
        elif wanted[name].startswith("tuple"):
            found[name] = tuple(sorted(table.texts(), key=lambda word: (-len(word), word)))
        else:
            found[name] = frozenset(table.texts())
    return found
