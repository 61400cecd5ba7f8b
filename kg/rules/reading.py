"""Rule files into compiled rules. Whatever is wrong is an error with file, line and column.

A rule file is a list of rules; a file below a folder ``words`` is a mapping from the name of a
word list to its words; ``values.yaml`` says how times, counts and factuality are put into the graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kg.curated import Item
from kg.rules.rule import NAME, STATUSES, TURNS, VALUE_KINDS, ClauseRule, Example, Gap, Node, PhraseRule, Role, Word
from kg.rules.saying import SayingReader, check_used
from kg.rules.vocabulary import Vocabulary

_COMMON = ("id", "about", "then", "planned", "yes", "no", "todo")
_CLAUSE = (*_COMMON, "trigger", "roles", "turns", "status")
_PHRASE = (*_COMMON, "phrase", "not_after", "not_before", "closed")
_ID = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")
_ROLE_KEYS = ("is", "not", "case", "head", "word", "several")
_SLOT_KEYS = ("is", "not", "word", "list", "inside", "at")
_CASES = ("subject", "object", "complement")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_GAP_LIMIT = 20


@dataclass(frozen=True, slots=True)
class RuleReader:
    """Reads rules against what they may name."""

    vocabulary: Vocabulary

    def rule(self, item: Item) -> ClauseRule | PhraseRule:
        """Compile one rule; KgError if any part of it could never work as written."""
        raw = item.mapping()
        is_phrase = "phrase" in raw
        if is_phrase == ("trigger" in raw):
            both = "a rule cannot have both trigger and phrase"
            raise item.error(
                both if is_phrase else "a rule needs either trigger (with roles) or phrase",
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
                [
                    self._role(name, r, raw["roles"])
                    for name, r in raw["roles"].mapping(like="{name: {is: Company, case: subject}}").items()
                ]
                if "roles" in raw
                else [],
                item,
            )
            if all(role.optional for role in roles.values()):
                raise raw["trigger"].error(
                    "no role of this rule is required", "make at least one role required (no ? after its name)", "KG107"
                )
        then = tuple(SayingReader(self.vocabulary, roles).templates(raw["then"]))
        planned = (
            tuple(SayingReader(self.vocabulary, roles).templates(raw["planned"]))
            if "planned" in raw
            else tuple(t for t in then if isinstance(t, Node))
        )
        check_used(roles, (*then, *planned), raw["then"])
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
                self.vocabulary.word_set(raw.get("not_after")),
                self.vocabulary.word_set(raw.get("not_before")),
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
        triggers = tuple(sorted(self.vocabulary.expanded(item)))
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
        if not NAME.fullmatch(name):
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
        classes = self.vocabulary.types(raw["is"]) if "is" in raw else ()
        case = self.vocabulary.expanded(raw["case"]) if "case" in raw else ()
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
            heads=self.vocabulary.word_set(raw.get("head")),
            words=self.vocabulary.word_set(raw.get("word")),
            several="several" in raw and _flag(raw["several"]),
            excluded=self.vocabulary.types(raw["not"]) if "not" in raw else (),
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
            if not NAME.fullmatch(name):
                raise item.error(f"not a role name: {key}", "use small Latin letters", "KG106")
            raw = slot.mapping(_SLOT_KEYS, ("is",))
            at = raw["at"].text() if "at" in raw else "start"
            if at not in ("start", "end", "edge"):
                raise slot.error(
                    f"unknown at: {at}", "use start, end (of a word of the name) or edge (either)", "KG110"
                )
            return Role(
                name,
                self.vocabulary.types(raw["is"]),
                key.endswith("?"),
                slot.place,
                separators=self.vocabulary.word_set(raw.get("list")),
                inside=raw["inside"].text() if "inside" in raw else None,
                at=at,
                excluded=self.vocabulary.types(raw["not"]) if "not" in raw else (),
                words=self.vocabulary.word_set(raw.get("word")),
            )
        words = item.texts()
        optional = len(words) == 1 and words[0].endswith("?")
        expanded = [
            w for word in words for w in self.vocabulary.expand(word.removesuffix("?") if optional else word, item)
        ]
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
            if key == "no" and "gives" in item.keys:
                mend = "remove gives, or move the example to yes"
                raise item.error("a no example gives nothing", mend, "KG001", at=item.keys["gives"])
            fields = item.mapping(("text", "gives", "date"), ("text",))
            gives = fields["gives"].texts() if "gives" in fields else ()
            if key == "yes" and "gives" not in fields:
                raise item.error("a yes example must say what it gives", 'add gives: ["주어 nk:속성 목적어"]', "KG002")
            day = _day(fields["date"]) if "date" in fields else None
            yield Example(fields["text"].text(), gives, key == "yes" or bool(gives), key == "todo", day, item.place)


def _day(item: Item) -> date:
    """Read the day on which an example's text was published."""
    try:
        if _DAY.fullmatch(item.text()):
            return date.fromisoformat(item.text())
    except ValueError:
        pass
    raise item.error(f"not a day: {item.text()}", "write one like 2019-12-01", "KG110")
