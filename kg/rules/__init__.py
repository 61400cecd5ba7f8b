"""Rules, read and indexed: a sentence is tried only against rules whose trigger it has."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kg import curated
from kg.errors import KgError, Problems
from kg.ontology import Ontology
from kg.rules.families import rules_in
from kg.rules.reading import RuleReader
from kg.rules.rule import Bindings, ClauseRule, PhraseRule, Rule
from kg.rules.vocabulary import Vocabulary, bindings, word_lists

__all__ = ["ClauseRule", "PhraseRule", "Rule", "RuleSet"]


@dataclass(frozen=True)
class RuleSet:
    """All rules of a project, in the order of their ids.

    `version` is a hash of every rule file; it changes when any rule does.
    """

    rules: Mapping[str, ClauseRule | PhraseRule]
    words: Mapping[str, tuple[str, ...]]
    bindings: Bindings
    version: str

    @classmethod
    def load(cls, folders: Sequence[Path], ontology: Ontology) -> RuleSet:
        """Read rule folders; a later folder adds to the earlier.

        Raises `Problems` with every faulty rule, each with its file, line and column.
        """
        digest = hashlib.sha256()
        words: dict[str, tuple[str, ...]] = {}
        rule_files: list[curated.Item] = []
        values: Bindings | None = None
        problems: list[KgError] = []
        for path, name in curated.files(folders):
            try:
                item = curated.load(path, name)
                digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
                if item is None:
                    continue
                if path.parent.name == "words":
                    for key, entries in word_lists(item).items():
                        if key in words:
                            raise item.error(
                                f"word list {key} is given twice",
                                "give each list a name of its own",
                                "KG005",
                                at=item.keys[key],
                            )
                        words[key] = entries
                elif path.name == "values.yaml":
                    values = bindings(item, ontology)
                else:
                    rule_files.append(item)
            except KgError as error:
                problems.append(error)
        if values is None and not problems:
            raise KgError("no values.yaml among the rules", mend="extend the shipped rules in kg.toml", code="KG002")
        rules: dict[str, ClauseRule | PhraseRule] = {}
        if values is not None:
            reader = RuleReader(Vocabulary(ontology, words, values.values))
            for file in rule_files:
                for found in rules_in(file):
                    try:
                        if isinstance(found, KgError):
                            raise found
                        rule = reader.rule(found)
                        if rule.id in rules:
                            raise found.error(
                                f"rule {rule.id} is given twice (also at {rules[rule.id].place})",
                                "give each rule an id of its own",
                                "KG105",
                            )
                        rules[rule.id] = rule
                    except KgError as error:
                        # Each member of a family repeats what is wrong with what they share.
                        if str(error) not in map(str, problems):
                            problems.append(error)
        if problems:
            raise problems[0] if len(problems) == 1 else Problems(problems)
        assert values is not None
        return cls(dict(sorted(rules.items())), words, values, digest.hexdigest()[:12])

    @cached_property
    def by_trigger(self) -> Mapping[str, tuple[ClauseRule, ...]]:
        """Clause rules by the lemma that triggers them."""
        index: dict[str, list[ClauseRule]] = {}
        for rule in self.rules.values():
            if isinstance(rule, ClauseRule):
                for trigger in rule.triggers:
                    index.setdefault(trigger, []).append(rule)
        return {lemma: tuple(rules) for lemma, rules in index.items()}

    @cached_property
    def by_first_class(self) -> Mapping[str, tuple[PhraseRule, ...]]:
        """Phrase rules by a class that their first name may have."""
        index: dict[str, list[PhraseRule]] = {}
        for rule in self.rules.values():
            if isinstance(rule, PhraseRule):
                for name in next(iter(rule.roles.values())).classes:
                    index.setdefault(name, []).append(rule)
        return {name: tuple(rules) for name, rules in index.items()}

    @cached_property
    def nominals(self) -> frozenset[str]:
        """Lemmas whose verbal noun may stand for a clause (``정책 발표``)."""
        return frozenset(
            t
            for rule in self.rules.values()
            if isinstance(rule, ClauseRule) and "nominal" in rule.turns
            for t in rule.triggers
            if t.endswith("하다") and len(t) > 3
        )
