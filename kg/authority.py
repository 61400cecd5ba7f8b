"""Authority control: a curator's decisions about the names that no lexicon has, obeyed by every build.

A name found in a text is one entity a class and spelling, marked ``nk:Unreviewed``. The curator confirms it, merges it
into another, splits it by document, or drops it, in YAML files of the project's ``authority`` folder. Decisions change
the graph only, so that no text is read again for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg import curated
from kg.errors import KgError, Problems
from kg.lexicon import Lexicon
from kg.model import Entity, Literal, Statement
from kg.readings import Reading

_KEYS: Mapping[str, tuple[str, ...]] = {"confirm": (), "merge": ("into",), "split": ("as", "in"), "drop": ()}
_NOTE = "why"


@dataclass(frozen=True, slots=True)
class _Split:
    entity: Entity
    documents: frozenset[str]


class Authority:
    """Decisions about entities, by key (``Company/한빛전자``).

    >>> authority = Authority(merged={"Company/한빛": Entity("Company/한빛전자", "Company", "한빛전자")})
    >>> authority.entity(Entity("Company/한빛", "Company", "한빛"), "a.txt").names
    (('한빛', 'ko'),)
    """

    def __init__(
        self,
        confirmed: Collection[str] = (),
        merged: Mapping[str, Entity] | None = None,
        split: Mapping[str, Sequence[_Split]] | None = None,
        dropped: Collection[str] = (),
    ) -> None:
        self._confirmed, self._dropped = frozenset(confirmed), frozenset(dropped)
        self._merged, self._split = merged or {}, split or {}

    @classmethod
    def load(cls, folders: Sequence[Path], lexicon: Lexicon, classes: Collection[str]) -> Authority:
        """Read every ``*.yaml`` below `folders`; `classes` are the ontology's, by local name.

        Raises:
            KgError: an unknown key (KG001), a missing one (KG002), what is no decision (KG521), no name of an entity
                (KG522), two decisions about one name, or a merge that ends nowhere (KG523). `Problems` for several.
        """
        reader = _Reader(lexicon, classes)
        for path, shown in curated.files(folders):
            document = curated.load(path, shown)
            for item in document.items() if document is not None else ():
                try:
                    reader.take(item)
                except KgError as error:
                    reader.problems.append(error)
        merged = dict(reader.ends())
        if reader.problems:
            raise reader.problems[0] if len(reader.problems) == 1 else Problems(reader.problems)
        return cls(reader.confirmed, merged, reader.split, reader.dropped)

    def __bool__(self) -> bool:
        return bool(self._confirmed or self._merged or self._split or self._dropped)

    def redirects(self) -> Iterator[tuple[str, str]]:
        """Give each merged key with the key that took its place."""
        yield from sorted((key, entity.key) for key, entity in self._merged.items())

    def entity(self, entity: Entity, document: str) -> Entity | None:
        """Give the entity that a curator takes this one of a document for; None if it is none."""
        for part in self._split.get(entity.key, ()):
            if document in part.documents:
                return replace(part.entity, names=_names(entity, part.entity))
        if entity.key in self._dropped:
            return None
        if (target := self._merged.get(entity.key)) is not None:
            return replace(target, names=_names(entity, target))
        return replace(entity, known=True) if entity.key in self._confirmed else entity

    def applied(self, reading: Reading) -> Reading:
        """Give a reading as the curator has it; what is said of a dropped name goes with it."""
        if not self:
            return reading
        document = reading.document.id
        mentions: dict[Entity, int] = {}
        for entity, times in reading.mentions:
            known = self.entity(entity, document)
            if known is not None:
                mentions[known] = mentions.get(known, 0) + times
        statements = tuple(s for statement in reading.statements if (s := self._statement(statement, document)))
        return replace(reading, mentions=tuple(mentions.items()), statements=statements)

    def _statement(self, statement: Statement, document: str) -> Statement | None:
        subject = self.entity(statement.subject, document)
        if subject is None:
            return None
        if isinstance(statement.object, Literal):
            return replace(statement, subject=subject)
        obj = self.entity(statement.object, document)
        if obj is None or (obj.key == subject.key and statement.object.key != statement.subject.key):
            return None  # after a merge, a thing that was linked to its other name says nothing
        return replace(statement, subject=subject, object=obj)


def _names(entity: Entity, target: Entity) -> tuple[tuple[str, str], ...]:
    names = (*target.names, (entity.label, "ko"), *entity.names)
    return tuple(name for name in dict.fromkeys(names) if name[0] and name != (target.label, "ko"))


class _Reader:
    """Takes in decisions item by item, and keeps where each stands for what contradicts it."""

    def __init__(self, lexicon: Lexicon, classes: Collection[str]) -> None:
        self._lexicon, self._classes = lexicon, classes
        self._decided: dict[str, curated.Item] = {}
        self._into: dict[str, tuple[str, curated.Item]] = {}
        self.confirmed: set[str] = set()
        self.dropped: set[str] = set()
        self.split: dict[str, list[_Split]] = {}
        self.problems: list[KgError] = []

    def take(self, item: curated.Item) -> None:
        keys = item.mapping({*_KEYS, *(key for more in _KEYS.values() for key in more), _NOTE})
        kinds = [key for key in keys if key in _KEYS]
        if len(kinds) != 1:
            raise item.error("this is no decision", f"write one of {', '.join(_KEYS)} with a name", "KG521")
        kind = kinds[0]
        item.mapping({kind, *_KEYS[kind], _NOTE}, _KEYS[kind])
        entity = self._entity(keys[kind])
        if entity.known and kind != "merge":
            raise keys[kind].error(
                f"{entity.key} is an entry of the lexicon, and needs no {kind}", "change the lexicon", "KG522"
            )
        first = self._decided.setdefault(entity.key, item)
        if first is not item and not (kind == "split" and entity.key in self.split):
            raise keys[kind].error(
                f"{entity.key} was decided before", f"keep one of the two; the other stands at {first.place}", "KG523"
            )
        if kind == "confirm":
            self.confirmed.add(entity.key)
        elif kind == "drop":
            self.dropped.add(entity.key)
        elif kind == "merge":
            self._into[entity.key] = self._entity(keys["into"]).key, keys["into"]
        else:
            name = keys["as"].text().strip()
            part = Entity(f"{entity.type}/{name}", entity.type, name, known=True)
            self.split.setdefault(entity.key, []).append(_Split(part, frozenset(keys["in"].texts())))

    def ends(self) -> Iterator[tuple[str, Entity]]:
        """Give each merged key with the entity at the end of its way; a way without one is a problem."""
        for key, (target, item) in self._into.items():
            way = [key]
            while target in self._into and target not in way:
                way.append(target)
                target = self._into[target][0]
            if target in way or target in self.dropped:
                self.problems.append(
                    item.error(
                        f"{key} is merged into what is {'itself' if target in way else 'dropped'} in the end",
                        "merge it into a name that stays",
                        "KG523",
                    )
                )
                continue
            entity = self._known(target)
            yield key, replace(entity, known=entity.known or target in self.confirmed)

    def _entity(self, item: curated.Item) -> Entity:
        key = item.text().strip()
        kind, slash, name = key.partition("/")
        if (not slash and key not in self._lexicon.entries) or (slash and (kind not in self._classes or not name)):
            raise item.error(
                f"{key} names no entity",
                "write a class and a name, like Company/한빛전자 (kg review lists them), or an id of the lexicon",
                "KG522",
            )
        return self._known(key)

    def _known(self, key: str) -> Entity:
        if key in self._lexicon.entries:
            return self._lexicon.entity(key)
        kind, _, name = key.partition("/")
        return Entity(key, kind, name)
