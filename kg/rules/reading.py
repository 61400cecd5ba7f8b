"""Rule files into compiled rules. Whatever is wrong is an error with file, line and column.

A rule file is a list of rules; a file below a folder ``words`` is a mapping from the name of a
word list to its words; ``values.yaml`` says how times, counts and factuality are put into the graph.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.curated import Item
from kg.errors import Place
from kg.ontology import Ontology
from kg.rules.rule import (
    STATUSES,
    TURNS,
    VALUE_KINDS,
    Bindings,
    ClauseRule,
    Example,
    Gap,
    Link,
    Node,
    PhraseRule,
    Role,
    Template,
    Typing,
    ValueForm,
    Word,
)

_COMMON = ("id", "about", "then", "planned", "yes", "no", "todo")
_CLAUSE = (*_COMMON, "trigger", "roles", "turns", "status")
_PHRASE = (*_COMMON, "phrase", "not_after", "not_before", "closed")
_ID = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")
_NAME = re.compile(r"[a-z][a-z_0-9]*")
_ROLE_KEYS = ("is", "not", "case", "head", "word", "several")
_SLOT_KEYS = ("is", "not", "word", "list", "inside", "at")
_CASES = ("subject", "object")
_GAP_LIMIT = 20


@dataclass(frozen=True, slots=True)
class RuleReader:
    """Reads rules against an ontology and word lists."""

    ontology: Ontology
    words: Mapping[str, tuple[str, ...]]
    values: Mapping[str, ValueForm]

    def rule(self, item: Item) -> ClauseRule | PhraseRule:
        """Compile one rule; KgError if any part of it could never work as written."""
        raw = item.mapping()
        is_phrase = "phrase" in raw
        if is_phrase == ("trigger" in raw):
            raise item.error(
                "a rule needs either trigger (with roles) or phrase",
                "write trigger: for a verb and its roles, phrase: for a noun phrase",
                "KG106",
            )
        raw = item.mapping(_PHRASE if is_phrase else _CLAUSE, ("id", "about", "then"))
        rule_id = raw["id"].text()
        if not _ID.fullmatch(rule_id):
            raise raw["id"].error(
                f"not a rule id: {rule_id}", "write topic.name in small letters, digits and hyphens", "KG106"
            )
        if is_phrase:
            elements = tuple(self._element(e) for e in raw["phrase"].items())
            roles = _by_name([e for e in elements if isinstance(e, Role)], raw["phrase"])
            self._check_phrase(elements, roles, raw["phrase"])
        else:
            roles = _by_name(
                [self._role(name, r, raw["roles"]) for name, r in raw["roles"].mapping().items()]
                if "roles" in raw
                else [],
                item,
            )
            if all(role.optional for role in roles.values()):
                raise raw["trigger"].error(
                    "no role of this rule is required", "make at least one role required (no ? after its name)", "KG107"
                )
        then = tuple(self._templates(raw["then"], roles))
        planned = (
            tuple(self._templates(raw["planned"], roles))
            if "planned" in raw
            else tuple(t for t in then if isinstance(t, Node))
        )
        self._check_used(roles, (*then, *planned), raw["then"])
        about, examples = raw["about"].text(), tuple(_examples(raw))
        if is_phrase:
            return PhraseRule(
                rule_id,
                about,
                roles,
                then,
                planned,
                examples,
                item.place,
                elements,
                self._word_set(raw.get("not_after")),
                self._word_set(raw.get("not_before")),
                "closed" in raw and _flag(raw["closed"]),
            )
        return ClauseRule(
            rule_id,
            about,
            roles,
            then,
            planned,
            examples,
            item.place,
            self._triggers(raw["trigger"]),
            _choice(raw.get("turns"), TURNS, "turn"),
            _choice(raw.get("status"), STATUSES, "status"),
        )

    def _triggers(self, item: Item) -> tuple[str, ...]:
        triggers = tuple(sorted(self._expand(item)))
        for trigger in triggers:
            if not trigger.endswith("다") or " " in trigger:
                raise item.error(
                    f"not a dictionary form: {trigger}",
                    "write the verb as a dictionary has it (발표하다); the turns follow from it",
                    "KG108",
                )
        return triggers

    def _role(self, key: str, item: Item, parent: Item) -> Role:
        name, optional = key.removesuffix("?"), key.endswith("?")
        if not _NAME.fullmatch(name):
            raise parent.error(
                f"not a role name: {key}",
                "use small Latin letters, a ? at the end if it may be missing",
                "KG106",
                at=parent.keys[key],
            )
        raw = item.mapping(_ROLE_KEYS)
        if ("is" in raw) == ("word" in raw):
            raise item.error(
                "a role needs either is (a class) or word (words of the head noun)",
                "write {is: Company, case: subject}",
                "KG106",
            )
        classes = self._classes(raw["is"]) if "is" in raw else ()
        case = self._expand(raw["case"]) if "case" in raw else ()
        if not case and not VALUE_KINDS.issuperset(classes or ("",)):
            raise item.error(
                f"role {name} has no case", "add case: subject, object, or particles such as [에서]", "KG106"
            )
        for one in case:
            if one.isascii() and one not in _CASES:
                raise raw["case"].error(f"unknown case: {one}", f"use {', '.join(_CASES)}, or a particle", "KG110")
        return Role(
            name,
            classes,
            optional,
            item.place,
            case=tuple(case),
            heads=self._word_set(raw.get("head")),
            words=self._word_set(raw.get("word")),
            several="several" in raw and _flag(raw["several"]),
            excluded=self._classes(raw["not"]) if "not" in raw else (),
        )

    def _element(self, item: Item) -> Role | Word | Gap:
        if isinstance(item.value, Mapping):
            if set(item.value) <= {"gap", "across"} and "gap" in item.value:
                longest = item.value["gap"].text()
                if not longest.isdigit() or not 0 < int(longest) <= _GAP_LIMIT:
                    raise item.error(
                        f"not a gap: {longest}", f"write a number of words from 1 to {_GAP_LIMIT}", "KG106"
                    )
                across = item.value["across"].text() if "across" in item.value else "phrase"
                if across not in ("phrase", "sentence"):
                    raise item.error(f"unknown across: {across}", "use phrase or sentence", "KG110")
                return Gap(int(longest), across == "sentence", item.place)
            if len(item.value) != 1:
                raise item.error("an element is one name with what it is", "write - who: {is: Person}", "KG106")
            key, slot = next(iter(item.value.items()))
            name = key.removesuffix("?")
            if not _NAME.fullmatch(name):
                raise item.error(f"not a role name: {key}", "use small Latin letters", "KG106")
            raw = slot.mapping(_SLOT_KEYS, ("is",))
            at = raw["at"].text() if "at" in raw else "start"
            if at not in ("start", "end", "edge"):
                raise slot.error(
                    f"unknown at: {at}", "use start, end (of a word of the name) or edge (either)", "KG110"
                )
            return Role(
                name,
                self._classes(raw["is"]),
                key.endswith("?"),
                slot.place,
                separators=self._word_set(raw.get("list")),
                inside=raw["inside"].text() if "inside" in raw else None,
                at=at,
                excluded=self._classes(raw["not"]) if "not" in raw else (),
                words=self._word_set(raw.get("word")),
            )
        words = item.texts()
        optional = len(words) == 1 and words[0].endswith("?")
        expanded = [w for word in words for w in self._expand_word(word.removesuffix("?") if optional else word, item)]
        return Word(frozenset(expanded), optional, item.place)

    def _check_phrase(self, elements: tuple[Role | Word | Gap, ...], roles: Mapping[str, Role], item: Item) -> None:
        if not elements or not isinstance(elements[0], Role) or elements[0].optional or elements[0].inside:
            raise item.error(
                "a phrase begins with a required name", "put a role such as - who: {is: Person} first", "KG106"
            )
        for role in roles.values():
            if role.inside is not None and (role.inside not in roles or roles[role.inside].inside):
                raise item.error(
                    f"{role.name} is inside {role.inside}, which is no role of this phrase",
                    "name a role of the same phrase",
                    "KG104",
                    at=role.place,
                )

    def _templates(self, item: Item, roles: Mapping[str, Role]) -> Iterable[Template]:
        made: dict[str, str] = {}
        for line in item.items() if not isinstance(item.value, Mapping) else (item,):
            if isinstance(line.value, Mapping):
                for head, pairs in line.value.items():
                    template = self._node(head, pairs, line, roles, made)
                    if template.type:
                        made[template.name] = template.type
                    yield template
                continue
            parts = line.text().split()
            if len(parts) != 3:
                raise line.error(
                    f"not a statement: {line.text()}",
                    "write: role nk:property role, or: role a nk:Class, or: event nk:Class: {nk:agent: role}",
                    "KG106",
                )
            subject, predicate, target = parts
            self._known(subject, roles, made, line)
            if predicate == "a":
                yield Typing(subject, self._class(target, line), line.place)
                continue
            self._property(predicate, line)
            self._known(target, roles, made, line)
            self._fits(subject, predicate, "domain", roles, made, line)
            self._fits(target, predicate, "range", roles, made, line)
            yield Link(subject, predicate, target, line.place)

    def _node(self, head: str, pairs: Item, line: Item, roles: Mapping[str, Role], made: Mapping[str, str]) -> Node:
        name, _, curie = head.partition(" ")
        if curie:
            if name in roles or name in made or not _NAME.fullmatch(name):
                raise line.error(
                    f"{name} cannot name a new node", "choose a name that no role has", "KG104", at=line.keys[head]
                )
            type_ = self._class(curie.strip(), line)
        else:
            self._known(name, roles, made, line)
            type_ = None
        scope = {**made, name: type_} if type_ else made
        properties: list[tuple[str, str]] = []
        label: tuple[str, ...] = ()
        for key, value in pairs.mapping().items():
            if key == "label":
                label = value.texts()
                for role in label:
                    self._known(role, roles, made, value)
                continue
            for role in value.texts():
                self._known(role, roles, made, value)
                self._check_pair(key, role, pairs, value, (name, roles, made, scope))
                properties.append((key, role))
        return Node(name, type_, tuple(properties), tuple(label), line.keys[head])

    def _check_pair(
        self,
        key: str,
        role: str,
        pairs: Item,
        value: Item,
        names: tuple[str, Mapping[str, Role], Mapping[str, str], Mapping[str, str]],
    ) -> None:
        name, roles, made, scope = names
        if ":" in key:
            self._property(key, pairs, at=pairs.keys[key])
            self._fits(name, key, "domain", roles, scope, value)
            self._fits(role, key, "range", roles, made, value)
        elif key not in self.values:
            raise pairs.error(
                f"unknown key: {key}",
                f"use a property (nk:agent), label, or one of {', '.join(sorted(self.values))}",
                "KG001",
                at=pairs.keys[key],
            )
        elif role in roles and not set(roles[role].classes) & set(self.values[key].kinds):
            raise value.error(
                f"{key} wants {', '.join(self.values[key].kinds)}, but {role} is {', '.join(roles[role].classes)}",
                "use a role of the right kind",
                "KG109",
            )

    def _known(self, name: str, roles: Mapping[str, Role], made: Mapping[str, str], item: Item) -> None:
        if name not in roles and name not in made:
            raise item.error(
                f"no role {name} in this rule", f"the rule has {', '.join([*roles, *made]) or 'no roles'}", "KG104"
            )

    def _fits(
        self, name: str, predicate: str, side: str, roles: Mapping[str, Role], made: Mapping[str, str], item: Item
    ) -> None:
        wanted = getattr(self.ontology.properties[predicate], side)
        classes = (made[name],) if name in made else roles[name].classes
        if wanted is None or not classes or VALUE_KINDS.issuperset(classes):
            return
        wanted = wanted.rpartition(":")[2]
        if wanted in self.ontology.classes and not any(self.ontology.compatible(c, wanted) for c in classes):
            raise item.error(
                f"{name} is {', '.join(classes)}, which can never be the {side} of {predicate} ({wanted})",
                f"use a role that is {wanted}, or another property",
                "KG109",
            )

    def _check_used(self, roles: Mapping[str, Role], templates: Iterable[Template], item: Item) -> None:
        used: set[str] = set()
        for template in templates:
            if isinstance(template, Link):
                used |= {template.subject, template.object}
            elif isinstance(template, Typing):
                used.add(template.subject)
            else:
                used |= {template.name, *template.label, *(role for _, role in template.properties)}
        for role in roles.values():
            if role.optional and role.name not in used:
                raise item.error(
                    f"optional role {role.name} does nothing", "use it in then, or remove it", "KG104", at=role.place
                )

    def _property(self, curie: str, item: Item, at: Place | None = None) -> None:
        if curie not in self.ontology.properties:
            near = difflib.get_close_matches(curie, sorted(self.ontology.properties), 1)
            raise item.error(
                f"no such property: {curie}",
                f"did you mean {near[0]}?" if near else "see ontology/kg.ttl",
                "KG102",
                at=at,
            )

    def _class(self, curie: str, item: Item) -> str:
        name = curie.removeprefix("nk:")
        if name not in self.ontology.classes:
            near = self.ontology.suggest(curie)
            raise item.error(
                f"no such class: {curie}", f"did you mean {near}?" if near else "see ontology/kg.ttl", "KG101"
            )
        return name

    def _classes(self, item: Item) -> tuple[str, ...]:
        return tuple(name if name in VALUE_KINDS else self._class(name, item) for name in item.texts())

    def _expand(self, item: Item) -> list[str]:
        return [word for text in item.texts() for word in self._expand_word(text, item)]

    def _expand_word(self, word: str, item: Item) -> tuple[str, ...]:
        if not word.startswith("$"):
            return (word,)
        if word[1:] not in self.words:
            raise item.error(
                f"no word list {word}", f"there are {', '.join('$' + w for w in sorted(self.words)) or 'none'}", "KG103"
            )
        return self.words[word[1:]]

    def _word_set(self, item: Item | None) -> frozenset[str]:
        return frozenset(self._expand(item)) if item else frozenset()


def _by_name(roles: list[Role], item: Item) -> dict[str, Role]:
    named: dict[str, Role] = {}
    for role in roles:
        if role.name in named:
            raise item.error(
                f"role {role.name} is given twice", "give each role a name of its own", "KG005", at=role.place
            )
        named[role.name] = role
    return named


def _flag(item: Item) -> bool:
    if item.text() not in ("yes", "no"):
        raise item.error(f"neither yes nor no: {item.text()}", "write yes or no", "KG110")
    return item.text() == "yes"


def _choice(item: Item | None, known: tuple[str, ...], what: str) -> frozenset[str]:
    if item is None:
        return frozenset(known)
    for one in item.texts():
        if one not in known:
            raise item.error(f"unknown {what}: {one}", f"use {', '.join(known)}", "KG110")
    return frozenset(item.texts())


def _examples(raw: Mapping[str, Item]) -> Iterable[Example]:
    for key in ("yes", "no", "todo"):
        for item in raw[key].items() if key in raw else ():
            if isinstance(item.value, str):
                item = Item({"text": item}, item.place, {"text": item.place}, item.path)
            fields = item.mapping(("text", "gives", "date") if key != "no" else ("text", "date"), ("text",))
            gives = fields["gives"].texts() if "gives" in fields else ()
            if key == "yes" and not gives:
                raise item.error("a yes example must say what it gives", 'add gives: ["주어 nk:속성 목적어"]', "KG002")
            date = fields["date"].text() if "date" in fields else None
            yield Example(fields["text"].text(), gives, key == "yes" or bool(gives), key == "todo", date, item.place)


def word_lists(item: Item) -> dict[str, tuple[str, ...]]:
    """Read a file of word lists: name → words. KG005 for a word that stands twice in one list."""
    lists: dict[str, tuple[str, ...]] = {}
    for name, words in item.mapping().items():
        texts = words.texts()
        for word in texts:
            if texts.count(word) > 1:
                raise words.error(f"{word} stands twice in {name}", "keep one", "KG005")
        lists[name] = texts
    return lists


def bindings(item: Item, ontology: Ontology) -> Bindings:
    """Read ``values.yaml``."""
    raw = item.mapping(
        ("status", "claimant", "status_prefix", "counted", "member_type", "values"),
        ("status", "claimant", "status_prefix", "counted", "member_type", "values"),
    )
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
