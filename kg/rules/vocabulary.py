"""What rule files share and refer to by name: terms of the ontology, word lists, forms of values."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from kg.curated import Item
from kg.errors import Place
from kg.ontology import Ontology
from kg.rules.rule import VALUE_KINDS, Bindings, ValueForm


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that a rule may use. A name that is not among them is an error at its place."""

    ontology: Ontology
    words: Mapping[str, tuple[str, ...]]
    values: Mapping[str, ValueForm]

    def property(self, curie: str, item: Item, at: Place | None = None) -> None:
        """Ask that the ontology has a property; KG102 if not."""
        if curie not in self.ontology.properties:
            near = difflib.get_close_matches(curie, sorted(self.ontology.properties), 1)
            raise item.error(
                f"no such property: {curie}",
                f"did you mean {near[0]}?" if near else "docs/ontology.md lists the properties",
                "KG102",
                at=at,
            )

    def type(self, curie: str, item: Item, at: Place | None = None) -> str:
        """Give a class without its prefix; KG101 if the ontology does not have it."""
        name = curie.removeprefix("nk:")
        if name not in self.ontology.classes:
            near = difflib.get_close_matches(name, sorted({*self.ontology.classes, *VALUE_KINDS}), 1)
            mend = f"did you mean {near[0]}?" if near else "docs/ontology.md lists the classes"
            raise item.error(f"no such class: {curie}", mend, "KG101", at=at)
        return name

    def types(self, item: Item) -> tuple[str, ...]:
        """Give the classes and kinds of value that a role may be."""
        found = tuple(n if (n := one.text()) in VALUE_KINDS else self.type(n, one) for one in item.items())
        if not found:
            raise item.error("this list is empty", "write at least one class", "KG003")
        return found

    def expanded(self, item: Item) -> list[str]:
        """Give words with those of the lists (``$name``) among them; KG103 for a list that is not there."""
        words = [word for one in item.items() for word in self.expand(one.text(), one)]
        if not words:
            raise item.error("this list is empty", "write at least one word, or leave the key out", "KG003")
        return words

    def expand(self, word: str, item: Item) -> tuple[str, ...]:
        """Give a word, or the words of the list that it names."""
        if not word.startswith("$"):
            return (word,)
        if word[1:] not in self.words:
            raise item.error(
                f"no word list {word}", f"there are {', '.join('$' + w for w in sorted(self.words)) or 'none'}", "KG103"
            )
        return self.words[word[1:]]

    def word_set(self, item: Item | None) -> frozenset[str]:
        """Give the words of a key that may be missing."""
        return frozenset(self.expanded(item)) if item else frozenset()


def word_lists(item: Item) -> dict[str, tuple[str, ...]]:
    """Read a file of word lists: name → words. KG005 for a word that stands twice in one list."""
    lists: dict[str, tuple[str, ...]] = {}
    for name, words in item.mapping(like="the name of the list before it: name: [one, two]").items():
        seen: dict[str, None] = {}
        for one in words.items():
            if one.text() in seen:
                raise one.error(f"{one.text()} stands twice in {name}", "keep one", "KG005")
            seen[one.text()] = None
        lists[name] = tuple(seen)
    return lists


def bindings(item: Item, ontology: Ontology) -> Bindings:
    """Read ``values.yaml``: how times, counts and factuality are put into the graph."""
    keys = ("status", "claimant", "status_prefix", "counted", "member_type", "values")
    raw = item.mapping(keys, keys)
    values: dict[str, ValueForm] = {}
    for name, form in raw["values"].mapping().items():
        fields = form.mapping(("kinds", "put", "link", "node"), ("kinds", "put"))
        for curie, place in fields["put"].keys.items():
            if curie not in ontology.properties:
                raise form.error(f"no such property: {curie}", "see ontology/kg.ttl", "KG102", at=place)
        values[name] = ValueForm(
            name,
            fields["kinds"].texts(),
            tuple((k, v.text()) for k, v in fields["put"].mapping().items()),
            fields["link"].text() if "link" in fields else None,
            fields["node"].text().removeprefix("nk:") if "node" in fields else None,
            form.place,
        )
    return Bindings(
        values,
        raw["status"].text(),
        raw["claimant"].text(),
        raw["status_prefix"].text(),
        raw["counted"].text(),
        raw["member_type"].text(),
    )
