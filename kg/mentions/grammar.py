"""The tables that the reader of names goes by: heads, posts, family names, words at a name's edge."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg import curated
from kg.errors import Place

_HEADS = ("strong", "weak", "ending", "before", "after", "alone", "bare", "quoted")
_NAMES = (
    "generic",
    "stop",
    "determiner",
    "never",
    "side",
    "after_name",
    "members",
    "groups",
    "anaphors",
    "division",
    "event_nouns",
    "event_names",
    "shortened",
    "place_suffixes",
    "place_particles",
    "around",
    "address",
    "counts",
    "counters",
    "person_counters",
    "about",
    "address_endings",
    "like_names",
    "personal",
    "also_suffix",
)
_HANGUL = re.compile(r"[가-힣]+")
PLACES = frozenset({"City", "Region", "Country", "Venue", "Facility"})
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


@dataclass(frozen=True, slots=True)
class Head:
    """A head noun and the class of what it names; `kind` is ``strong``, ``weak`` or ``ending``."""

    word: str
    type: str
    kind: str


@dataclass(frozen=True, slots=True)
class NameGrammar:
    """The tables of ``heads.yaml``, ``titles.yaml``, ``surnames.yaml`` and ``names.yaml``.

    `heads` maps a word to its heads, a strong one first. The other fields are the tables of
    those files, whose comments say what each is for.
    """

    heads: Mapping[str, tuple[Head, ...]]
    longest: int
    before: Mapping[str, str]
    after: Mapping[str, str]
    alone: Mapping[str, str]
    bare: Mapping[str, str]
    quoted: Mapping[str, str]
    posts: Mapping[str, str]
    common_posts: frozenset[str]
    posts_of: Mapping[str, frozenset[str]]
    honorific: frozenset[str]
    calling_before: frozenset[str]
    former: frozenset[str]
    grade: tuple[str, ...]
    family: frozenset[str]
    double: frozenset[str]
    short: frozenset[str]
    given: frozenset[str]
    sound: frozenset[str]
    name_final: frozenset[str]
    generic: frozenset[str]
    stop: frozenset[str]
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
        titles = _table(folder, "titles").mapping(
            ("public", "private", "calling", "honorific", "before", "former", "grade", "common", "of")
        )
        posts: dict[str, str] = {}
        for kind in ("public", "private", "calling"):
            for word in titles[kind].texts():
                posts.setdefault(word, kind)
        people = _table(folder, "surnames").mapping(("family", "double", "short", "given", "sound", "final"))
        names = _table(folder, "names").mapping(_NAMES, _NAMES)
        return cls(
            heads={word: tuple(found) for word, found in heads.items()},
            longest=max(map(len, heads)),
            **special,
            posts=posts,
            common_posts=frozenset(titles["common"].texts()),
            posts_of={word: frozenset(classes.texts()) for word, classes in titles["of"].mapping().items()},
            honorific=frozenset(titles["honorific"].texts()),
            calling_before=frozenset(titles["before"].texts()),
            former=frozenset(titles["former"].texts()),
            grade=tuple(sorted(titles["grade"].texts(), key=lambda word: (-len(word), word))),
            family=frozenset(people["family"].texts()),
            double=frozenset(people["double"].texts()),
            short=frozenset(people["short"].texts()),
            given=frozenset(people["given"].texts()),
            sound=frozenset(people["sound"].texts()),
            name_final=frozenset(people["final"].texts()),
            generic=frozenset(names["generic"].texts()),
            stop=frozenset(names["stop"].texts()),
            determiner=frozenset(names["determiner"].texts()),
            never=frozenset(names["never"].texts()),
            side=frozenset(names["side"].texts()),
            after_name=tuple(sorted(names["after_name"].texts(), key=lambda word: (-len(word), word))),
            members=_reversed(names["members"]),
            groups=_reversed(names["groups"]),
            anaphors=_reversed(names["anaphors"]),
            division=frozenset(names["division"].texts()),
            event_nouns=_reversed(names["event_nouns"]),
            event_names=frozenset(names["event_names"].texts()),
            shortened=_reversed(names["shortened"]),
            place_suffixes=tuple(names["place_suffixes"].texts()),
            place_particles=frozenset(names["place_particles"].texts()),
            around=frozenset(names["around"].texts()),
            address=names["address"].texts(),
            counts=names["counts"].texts(),
            counters=names["counters"].texts(),
            person_counters=names["person_counters"].texts(),
            about=names["about"].texts(),
            address_endings=frozenset(names["address_endings"].texts()),
            like_names=frozenset(names["like_names"].texts()),
            personal=frozenset(names["personal"].texts()),
            also_suffix={type_: words.texts() for type_, words in names["also_suffix"].mapping().items()},
        )

    def heads_of(self, text: str) -> tuple[Head, ...]:
        """Give the heads with which a piece of text ends, those of the longest word.

        None for a word that only looks as if it ended in one.
        """
        if text in self.never:
            return ()
        for length in range(min(self.longest, len(text)), 0, -1):
            if (found := self.heads.get(text[-length:])) is not None:
                return found
        return ()

    def building_in(self, word: str) -> int | None:
        """Give where the name of a building ends in a word that begins with it (돈암서원이); None if none does."""
        hangul = _HANGUL.match(word)
        for end in range(hangul.end() if hangul else 0, 2, -1):
            for head in self.heads_of(word[:end]):
                if head.type in {"Venue", "Facility"} and head.kind != "ending" and 2 <= len(head.word) < end:
                    return end
        return None

    def post_of(self, text: str) -> tuple[str, str] | None:
        """Give the post with which a word ends and its kind (``public``, ``private``, ``calling``), the longest."""
        for start in range(len(text)):
            if (kind := self.posts.get(text[start:])) is not None:
                return text[start:], kind
        return None

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


def _table(folder: Path, name: str) -> curated.Item:
    path = folder / f"{name}.yaml"
    item = curated.load(path, f"{folder.name}/{path.name}")
    if item is None:
        return curated.Item({}, Place(str(path)), {}, path)
    return item


def _reversed(item: curated.Item) -> dict[str, str]:
    """Turn class → words into word → class; the first class that has a word keeps it."""
    words: dict[str, str] = {}
    for type_, listed in item.mapping().items():
        for word in listed.texts():
            words.setdefault(word, type_)
    return words
