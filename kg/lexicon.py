"""The curated entities: read from YAML and a table of places, and found by exact surface.

A surface is a written form of a name, in any language. Finding is exact (Aho and Corasick,
"Efficient string matching", CACM 18(6), 1975): no substring guess, no edit distance. Whether
a hit stands at the boundary of a word, and which entry an ambiguous surface means, is
decided in `kg.mentions`, which knows the sentence.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kg import curated
from kg.errors import KgError, Place, Problems, source_line
from kg.model import Entity, Span

PLACES = "places.tsv"
_KEYS = ("id", "type", "label", "also", "facts", "wikidata", "source", "near")
_ADDED = ("adds_to", "also", "near", "source")
_REQUIRED = ("id", "type", "label")
_COLUMNS = ("id", "type", "ko", "names", "en", "wikidata", "located_in", "source")
_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_TYPE = re.compile(r"[A-Z][A-Za-z]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?")
_CURIE = re.compile(r"[a-z][a-z0-9]*:[A-Za-z][A-Za-z0-9_-]*")
_WIKIDATA = re.compile(r"Q[1-9][0-9]*")
_HANGUL = re.compile(r"[가-힣]+")
_NOT_FOR_THE_ANALYSER = frozenset({"Topic", "Post", "Group", "Amount"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A curated entity.

    `labels` maps a language tag to the preferred label, `names` holds every other surface
    with its language, `facts` (predicate CURIE, entry id) pairs. `near` are words that make
    an ambiguous surface mean this entry. `curated` tells an entry that a person wrote from
    one of the table of places.
    """

    id: str
    type: str
    labels: Mapping[str, str]
    names: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    wikidata: str | None = None
    source: str = ""
    near: tuple[str, ...] = ()
    curated: bool = True

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Give every written form, the labels first, each once."""
        return tuple(dict.fromkeys([*self.labels.values(), *(surface for surface, _ in self.names)]))


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of text that is exactly a surface of the entries `ids` (sorted)."""

    span: Span
    ids: tuple[str, ...]


class Lexicon:
    """Curated entities and the matcher of their surfaces.

    >>> city = Entry("qingdao", "City", {"ko": "칭다오", "zh-hans": "青岛"}, (("청도", "ko"),))
    >>> lexicon = Lexicon([city])
    >>> [(hit.span.start, hit.span.end, hit.ids) for hit in lexicon.match("청도(青岛)에서", 0, 8)]
    [(0, 2, ('qingdao',)), (3, 5, ('qingdao',))]
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries: Mapping[str, Entry] = MappingProxyType({entry.id: entry for entry in entries})
        ids: dict[str, list[str]] = {}
        for entry in entries:
            for surface in entry.surfaces:
                ids.setdefault(surface, []).append(entry.id)
        self.surfaces: Mapping[str, tuple[str, ...]] = MappingProxyType(
            {surface: tuple(sorted(ids[surface])) for surface in sorted(ids)}
        )
        self._automaton = automaton(self.surfaces)
        self._entities: dict[str, Entity] = {}

    @classmethod
    def load(cls, folders: Sequence[Path]) -> Lexicon:
        """Read every ``*.yaml`` and ``places.tsv`` below `folders`; a folder that is empty gives no entries.

        A place of the table gives way to a curated entry with its id or its Wikidata item;
        what referred to it then refers to that entry. An item that ``adds_to`` an entry gives it more names.

        Raises:
            KgError: an unknown key (KG001), a missing one (KG002), an id given twice (KG501), a bad id (KG502),
                class name (KG503), language tag (KG504), no Korean label (KG505), a fact's predicate or
                value (KG506), a Wikidata item (KG507), a row of the table (KG508), names for no entry (KG509).
                `Problems` for several.
        """
        problems: list[KgError] = []
        read: dict[str, tuple[Entry, curated.Item]] = {}
        added: list[tuple[_More, curated.Item]] = []
        for path, shown in curated.files(folders):
            document = curated.load(path, shown)
            for item in document.items("a dash before each entry: - id: …") if document is not None else ():
                try:
                    if isinstance(item.value, Mapping) and "adds_to" in item.value:
                        added.append((_more(item), item))
                        continue
                    entry = _entry(item)
                except KgError as error:
                    problems.append(error)
                    continue
                if entry.id in read:
                    first = read[entry.id][1].place
                    problems.append(
                        item.error(
                            f"the id {entry.id} is given twice",
                            f"it stands at {first}; choose another, or write adds_to to give that entry more names",
                            "KG501",
                        )
                    )
                    continue
                read[entry.id] = entry, item
        entries = {id_: entry for id_, (entry, _) in read.items()}
        rows = [row for folder in folders for path in sorted(folder.rglob(PLACES)) for row in _rows(path, problems)]
        entries.update(_places(rows, entries))
        for entry, item in read.values():
            for fact in item.mapping()["facts"].mapping().values() if entry.facts else ():
                problems.extend(
                    value.error(f"no entry has the id {value.text()}", "add the entry, or mend the id", "KG506")
                    for value in fact.items()
                    if value.text() not in entries
                )
        for more, item in added:
            if (known := entries.get(more.id)) is None:
                problems.append(
                    item.mapping()["adds_to"].error(
                        f"no entry has the id {more.id}",
                        "mend the id (kg explain shows ids), or write an entry",
                        "KG509",
                    )
                )
                continue
            names = tuple(dict.fromkeys([*known.names, *more.names]))
            entries[more.id] = replace(known, names=names, near=(*known.near, *more.near), curated=True)
        if problems:
            raise problems[0] if len(problems) == 1 else Problems(problems)
        return cls([_known_facts(entries[id_], entries) for id_ in sorted(entries)])

    def entity(self, id: str) -> Entity:
        """Give an entry as the node that it becomes; KeyError if there is none of that id."""
        known = self._entities.get(id)
        if known is not None:
            return known
        entry = self.entries[id]
        label = entry.labels.get("ko") or next(iter(entry.labels.values()))
        others = [(text, language) for language, text in entry.labels.items() if language != "ko"]
        names = tuple(name for name in dict.fromkeys([*others, *entry.names]) if name != (label, "ko"))
        made = self._entities[id] = Entity(entry.id, entry.type, label, names, known=True)
        return made

    def match(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Hit]:
        """Give every stretch of ``text[start:end]`` that is exactly a surface, by its end; they may overlap."""
        if self._automaton is None:
            return
        # A slice: to search within bounds costs the automaton time by the length of the whole text.
        for last, surface in self._automaton.iter(text[start:end]):
            stop = start + last + 1
            yield Hit(Span(stop - len(surface), stop), self.surfaces[surface])

    def analyser_names(self, like_particles: Collection[str] = ()) -> Mapping[str, str]:
        """Give the Korean surfaces that help the analyser, each with its tag ``NNP``.

        Left out is what would harm it: one syllable, white space, other scripts, topics (common
        nouns), two-syllable surfaces of the table of places, since many are words as well, and those that end
        in one of `like_particles`: 한은 would break 북한은.
        """
        names: dict[str, str] = {}
        for surface, ids in self.surfaces.items():
            entries = [self.entries[id_] for id_ in ids]
            if not _HANGUL.fullmatch(surface) or len(surface) < 2:
                continue
            if all(entry.type in _NOT_FOR_THE_ANALYSER for entry in entries):
                continue
            if len(surface) == 2 and (surface[1] in like_particles or not any(entry.curated for entry in entries)):
                continue
            names[surface] = "NNP"
        return MappingProxyType(names)


def automaton(surfaces: Collection[str]) -> Any:
    """Build what finds words in a text, all at once; None for no words, which `ahocorasick` refuses to search."""
    if not surfaces:
        return None
    import ahocorasick  # type: ignore[import-not-found]  # a C extension without stubs

    found = ahocorasick.Automaton()
    for surface in surfaces:
        found.add_word(surface, surface)
    found.make_automaton()
    return found


@dataclass(frozen=True, slots=True)
class _More:
    """What an item adds to the entry `id`: names with their language, and words that speak for it."""

    id: str
    names: tuple[tuple[str, str], ...]
    near: tuple[str, ...]


def _more(item: curated.Item) -> _More:
    keys = item.mapping(_ADDED, ("adds_to", "also"))
    _languages(item, keys["also"])
    return _More(keys["adds_to"].text(), _names(keys), keys["near"].texts() if "near" in keys else ())


def _languages(item: curated.Item, *tagged: curated.Item) -> None:
    """Refuse what is no language tag among the keys of names."""
    for names in tagged:
        names.mapping(like="the language with it: {ko: …}")
        for language, place in names.keys.items():
            if not _LANGUAGE.fullmatch(language):
                raise item.error(f"not a language tag: {language}", "write one like ko, en, zh-hans", "KG504", at=place)


def _names(keys: Mapping[str, curated.Item]) -> tuple[tuple[str, str], ...]:
    also = keys["also"].mapping() if "also" in keys else {}
    return tuple((text, language) for language, value in also.items() for text in value.texts())


def _entry(item: curated.Item) -> Entry:
    keys = item.mapping(_KEYS, _REQUIRED, "{id: …, type: …, label: {ko: …}}")
    id_, type_ = keys["id"].text(), keys["type"].text()
    if not _ID.fullmatch(id_):
        raise keys["id"].error(f"not an id: {id_}", "write lower-case ASCII letters, digits and hyphens", "KG502")
    if not _TYPE.fullmatch(type_):
        raise keys["type"].error(f"not a class: {type_}", "write a class of the ontology without its prefix", "KG503")
    _languages(item, *(keys[key] for key in ("label", "also") if key in keys))
    labels = {language: value.text() for language, value in keys["label"].mapping().items()}
    if "ko" not in labels:
        raise keys["label"].error("no Korean label", "add ko: …", "KG505")
    facts: list[tuple[str, str]] = []
    for predicate, value in keys["facts"].mapping(like="{nk:basedIn: id}").items() if "facts" in keys else ():
        if not _CURIE.fullmatch(predicate):
            raise value.error(
                f"not a property: {predicate}",
                "write one of the ontology, like nk:locatedIn",
                "KG506",
                at=keys["facts"].keys[predicate],
            )
        facts.extend((predicate, id_) for id_ in value.texts())
    wikidata = keys["wikidata"].text() if "wikidata" in keys else None
    if wikidata is not None and not _WIKIDATA.fullmatch(wikidata):
        raise keys["wikidata"].error(f"not a Wikidata item: {wikidata}", "write one like Q170322", "KG507")
    return Entry(
        id=id_,
        type=type_,
        labels=MappingProxyType(labels),
        names=_names(keys),
        facts=tuple(facts),
        wikidata=wikidata,
        source=keys["source"].text() if "source" in keys else "",
        near=keys["near"].texts() if "near" in keys else (),
    )


def _rows(path: Path, problems: list[KgError]) -> Iterator[Entry]:
    """Give the places of the table; what is wrong with a row is added to `problems`."""
    shown = f"{path.parent.name}/{path.name}"

    def fault(line: int, what: str, mend: str) -> None:
        problems.append(
            KgError(what, mend=mend, code="KG508", place=Place(shown, line), source=source_line(path, line))
        )

    with open(path, encoding="utf-8-sig", newline="") as stream:
        table = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(table.fieldnames or ()) != _COLUMNS:
            fault(1, "the columns are not those of a table of places", "head it with " + ", ".join(_COLUMNS))
            return
        for line, row in enumerate(table, 2):
            if None in row or None in row.values():
                fault(line, "the row has not as many columns as the head", "separate the columns by one tab each")
            elif not _ID.fullmatch(row["id"]) or not _TYPE.fullmatch(row["type"]) or not row["ko"].strip():
                fault(
                    line,
                    f"no id, class or Korean name: {row['id']}",
                    "write an id of lower-case ASCII, a class, a name",
                )
            else:
                yield _place(row)


def _place(row: Mapping[str, str]) -> Entry:
    labels = {"ko": row["ko"].strip()} | ({"en": row["en"].strip()} if row["en"].strip() else {})
    names = tuple((name.strip(), "ko") for name in row["names"].split("|") if name.strip())
    facts = tuple(("nk:locatedIn", id_.strip()) for id_ in row["located_in"].split("|") if id_.strip())
    return Entry(
        row["id"],
        row["type"],
        MappingProxyType(labels),
        names,
        facts,
        row["wikidata"].strip() or None,
        row["source"].strip(),
        curated=False,
    )


def _places(rows: Sequence[Entry], curated_entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """Give the places that no curated entry stands for, referring to curated entries where those do."""
    by_item = {entry.wikidata: entry.id for entry in curated_entries.values() if entry.wikidata}
    same = {row.id: by_item[row.wikidata] for row in rows if row.wikidata in by_item}
    places: dict[str, Entry] = {}
    for row in rows:
        if row.id in curated_entries or row.id in same or row.id in places:
            continue
        places[row.id] = replace(row, facts=tuple((predicate, same.get(id_, id_)) for predicate, id_ in row.facts))
    return places


def _known_facts(entry: Entry, entries: Mapping[str, Entry]) -> Entry:
    """Drop a table row's reference to a place that the table does not have; curated references were checked."""
    return replace(entry, facts=tuple(fact for fact in entry.facts if fact[1] in entries))
