"""Where each part of a rule stands in its file, so that a finding points at the very words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg import curated
from kg.errors import KgError, Place, source_line
from kg.rules.families import rules_in
from kg.rules.rule import Rule

_WORDS = "words"


@dataclass(frozen=True)
class RuleSources:
    """The rule files of a project, read again with their positions, and its word lists.

    `folders` are those that the rules were loaded from, so that every file is known to be sound.
    """

    folders: Sequence[Path]

    @cached_property
    def _files(self) -> Mapping[str, tuple[Path, curated.Item]]:
        """Give each file by the name that messages use, in the order of reading."""
        read = ((name, path, curated.load(path, name)) for path, name in curated.files(self.folders))
        return {name: (path, item) for name, path, item in read if item is not None}

    @cached_property
    def _rules(self) -> Mapping[str, Mapping[str, curated.Item]]:
        """Give each rule's keys by its id."""
        found: dict[str, Mapping[str, curated.Item]] = {}
        for path, item in self._files.values():
            if path.parent.name != _WORDS and not isinstance(item.value, Mapping):
                for rule in rules_in(item):
                    if not isinstance(rule, KgError) and "id" in (keys := rule.mapping()):
                        found[keys["id"].text()] = keys
        return found

    @cached_property
    def _families(self) -> tuple[tuple[str, ...], ...]:
        """Give the ids of the members of each family."""
        found = []
        for _, item in self._files.values():
            for family in item.items() if not isinstance(item.value, Mapping) else ():
                if isinstance(family.value, Mapping) and "members" in family.value:
                    keys = [member.mapping() for member in family.value["members"].items()]
                    found.append(tuple(key["id"].text() for key in keys if "id" in key))
        return tuple(found)

    def word_lists(self) -> Iterator[tuple[str, Place]]:
        """Give the names of all word lists, each with its place."""
        for path, item in self._files.values():
            if path.parent.name == _WORDS:
                yield from item.keys.items()

    @cached_property
    def lists_used(self) -> frozenset[str]:
        """Give the names of the word lists that any rule uses."""
        return frozenset(
            text[1:].removesuffix("?")
            for keys in self._rules.values()
            for item in keys.values()
            for text, _ in texts(item)
            if text[:1] == "$"
        )

    def members_beside(self, rule: Rule) -> tuple[str, ...]:
        """Give the ids of the other members of a rule's family, in the order of the file; none if it has none."""
        return next((ids for ids in self._families if rule.id in ids), ())

    def part(self, rule: Rule, *path: str | int) -> curated.Item | None:
        """Give what stands at a path of keys and positions in a rule; None if it does not stand there.

        A role may be named with or without the ``?`` of an optional one.
        """
        here: curated.Item | None = None
        inside: Mapping[str, curated.Item] = self._rules.get(rule.id, {})
        for step in path:
            if here is not None:
                if isinstance(step, int):
                    items = here.value if isinstance(here.value, tuple) else (here,)
                    if step >= len(items):
                        return None
                    here = items[step]
                    continue
                if not isinstance(here.value, Mapping):
                    return None
                inside = here.value
            here = inside.get(str(step)) or inside.get(f"{step}?")
            if here is None:
                return None
        return here

    def place(self, rule: Rule, *path: str | int) -> Place:
        """Give the place of a part of a rule, or of the nearest part above it that stands there."""
        for end in range(len(path), 0, -1):
            found = self.part(rule, *path[:end])
            if found is not None:
                return found.place
        return rule.place

    def error(self, place: Place, what: str, mend: str, code: str) -> KgError:
        """Make the finding that points at a place, with the line there."""
        file = self._files.get(place.file)
        return KgError(
            what, mend=mend, code=code, place=place, source=source_line(file[0], place.line) if file else None
        )


def texts(item: curated.Item) -> Iterator[tuple[str, Place]]:
    """Give every text in a value, however deep, with its place."""
    if isinstance(item.value, str):
        yield item.value, item.place
    else:
        for inner in item.value.values() if isinstance(item.value, Mapping) else item.value:
            yield from texts(inner)
