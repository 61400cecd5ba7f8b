"""Families of rules: what rules have in common is written once, and each member fills the blanks.

A family has the keys of a rule, with blanks such as ``<relation>`` in their texts, and a list ``members``.
A member has an ``id``, its examples, a value for each blank, and whatever keys of a rule the family leaves
to it. Every member becomes an ordinary rule before any rule is read, so that nothing else knows of families;
what a blank was filled with keeps the place at which the member says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kg.curated import Item
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.errors import Place

_OWN = ("id", "yes", "no", "todo")
"""Keys of a member that its family cannot give."""
_SHARED = (
    "about then planned trigger roles turns status phrase not_after not_before closed".split()  # as a rule has them
)
_BLANK = re.compile(r"<([^\W\d]\w*)>")


def rules_in(file: Item) -> Iterator[Item | KgError]:
    """Give the rules of a file, the members of its families among them, in the order of the file.

    What is wrong with a family or a member is given as an error in its place, so that it hides no other rule.
    """
    try:
        items = file.items("a dash before each rule: - id: …")
    except KgError as error:
        yield error
        return
    for item in items:
        if isinstance(item.value, Mapping) and ("family" in item.value or "members" in item.value):
            yield from _members(item)
        else:
            yield item


def _members(family: Item) -> Iterator[Item | KgError]:
    try:
        keys = family.mapping(("family", *_SHARED, "members"), ("family", "members"))
        keys["family"].text()
        shared = {key: value for key, value in keys.items() if key not in ("family", "members")}
        blanks = {name: place for value in shared.values() for name, place in _blanks(value)}
        for name, place in blanks.items():
            if name in (*_OWN, *_SHARED):
                raise family.error(
                    f"a blank cannot be called {name}", "call it by a word that is no key of a rule", "KG106", at=place
                )
        members = keys["members"].items()
    except KgError as error:
        yield error
        return
    for member in members:
        try:
            yield _member(member, shared, blanks, {key: family.keys[key] for key in shared})
        except KgError as error:
            yield error


def _member(member: Item, shared: Mapping[str, Item], blanks: Mapping[str, Place], places: Mapping[str, Place]) -> Item:
    given = member.mapping((*_OWN, *_SHARED, *blanks), ("id",))
    for name in blanks:
        if name not in given:
            raise member.error(
                f"<{name}> of the family is not filled", f"add {name}: … to this member", "KG002", at=given["id"].place
            )
    for key in given:
        if key in shared:
            raise member.error(
                f"{key} is given by the family too (line {places[key].line})",
                f"leave it to one of them, or write a blank such as <{key}_of_it> into that of the family",
                "KG005",
                at=member.keys[key],
            )
    filled = {key: _filled(value, given) for key, value in shared.items()}
    own = {key: value for key, value in given.items() if key not in blanks}
    keys = {**places, **{key: member.keys[key] for key in own}}
    return Item({**own, **filled}, member.place, keys, member.path)


def _blanks(item: Item) -> Iterator[tuple[str, Place]]:
    if isinstance(item.value, str):
        for match in _BLANK.finditer(item.value):
            yield match[1], item.place
    elif isinstance(item.value, Mapping):
        for key, value in item.value.items():
            for match in _BLANK.finditer(key):
                yield match[1], item.keys[key]
            yield from _blanks(value)
    else:
        for value in item.value:
            yield from _blanks(value)


def _filled(item: Item, given: Mapping[str, Item]) -> Item:
    """Fill the blanks of a value. A text that is a blank and nothing more becomes what the member gives, a list too."""
    if isinstance(item.value, str):
        whole = _BLANK.fullmatch(item.value)
        if whole:
            given[whole[1]].texts()  # a text or a list of texts
            return given[whole[1]]
        text, place = _text(item.value, item.place, given)
        return Item(text, place, item.keys, item.path)
    if isinstance(item.value, Mapping):
        values: dict[str, Item] = {}
        keys: dict[str, Place] = {}
        for key, value in item.value.items():
            text, place = _text(key, item.keys[key], given)
            if text in values:
                raise item.error(f"{text} is given twice", "keep one of them", "KG005", at=place)
            values[text], keys[text] = _filled(value, given), place
        return Item(values, item.place, keys, item.path)
    filled: list[Item] = []
    for value in item.value:
        one = _filled(value, given)
        spliced = isinstance(value.value, str) and isinstance(one.value, tuple)
        filled += one.items() if spliced else [one]
    return Item(tuple(filled), item.place, item.keys, item.path)


def _text(text: str, place: Place, given: Mapping[str, Item]) -> tuple[str, Place]:
    """Fill the blanks within a text; it then stands where the first of them is filled."""
    found = list(_BLANK.finditer(text))
    if not found:
        return text, place
    return _BLANK.sub(lambda match: given[match[1]].text(), text), given[found[0][1]].place
