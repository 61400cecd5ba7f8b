"""Which rules may hold in a sentence, told without reading its clauses or trying a phrase.

A clause rule waits for a verb, and for names, values or words that fill its roles. Where the sentence has not the
morphemes of the verb, or nothing that could fill a role, the rule cannot hold; and a sentence in which no rule can
need not be read for clauses. A phrase rule waits for words. What is told here may be too much, never too little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.clauses import Prospects
from kg.extract.matching import Scene, fits
from kg.lexicon import automaton
from kg.model import Mention, Sentence
from kg.ontology import Ontology
from kg.rules import ClauseRule, PhraseRule, RuleSet
from kg.rules.rule import Word

_Kind = tuple[tuple[str, ...], bool]
"""The kinds of a mention, and whether it names a thing: all that a role's classes ask about."""

_Phrase = tuple[PhraseRule, tuple[frozenset[str], ...]]
"""A phrase rule with the words of which it needs one each."""


class Sieve:
    """The clause rules of a set, each with what must stand in a sentence in which it holds."""

    def __init__(self, rules: RuleSet, prospects: Prospects, ontology: Ontology) -> None:
        self._prospects, self._ontology = prospects, ontology
        self._rules = {
            lemma: tuple(dict.fromkeys(_needs(rule) for rule in found)) for lemma, found in rules.by_trigger.items()
        }
        self._fits: dict[tuple[_Kind, tuple[str, ...]], bool] = {}

    def document(self, text: str, mentions: Sequence[Mention]) -> Sifting:
        """Give what sifts the sentences of a document; its mentions come in the order of the text."""
        return Sifting(self, text, mentions)

    def needs(self, sentence: Sentence) -> Iterator[tuple[str, tuple[tuple[_Need, ...], ...]]]:
        """Give each verb that the sentence may have, with what the roles of its rules need."""
        for lemma in self._prospects.of(sentence):
            yield lemma, self._rules[lemma]

    def fits(self, kind: _Kind, classes: tuple[str, ...]) -> bool:
        """Tell whether a mention of a kind is of one of the classes."""
        known = self._fits.get((kind, classes))
        if known is None:
            known = self._fits[kind, classes] = fits(*kind, classes, self._ontology)
        return known


class Sifting:
    """A document's sentences, sifted in the order of the text."""

    def __init__(self, sieve: Sieve, text: str, mentions: Sequence[Mention]) -> None:
        self._sieve, self._text, self._mentions = sieve, text, mentions
        self._before: dict[tuple[tuple[str, ...], int], int] = {}
        self._words: dict[frozenset[str], int] = {}

    def lemmas(self, sentence: Sentence, mentions: Iterable[Mention]) -> frozenset[str]:
        """Give the verbs by which a clause rule may hold in a sentence with these mentions."""
        kinds = Counter(_kind(mention) for mention in mentions)
        known: dict[_Need, bool] = {}

        def met(need: _Need) -> bool:
            filled = known.get(need)
            if filled is None:
                filled = known[need] = self._filled(need, sentence, kinds)
            return filled

        return frozenset(
            lemma for lemma, rules in self._sieve.needs(sentence) if any(all(map(met, row)) for row in rules)
        )

    def _filled(self, need: _Need, sentence: Sentence, kinds: Mapping[_Kind, int]) -> bool:
        if need.words:
            if need.dropped:
                if self._first(need.words) >= sentence.span.end:
                    return False
            else:
                start, end = sentence.span.start, sentence.span.end
                if not any(self._text.find(word, start, end) >= 0 for word in need.words):
                    return False
        if not need.number:
            return True
        number = sum(times for kind, times in kinds.items() if self._sieve.fits(kind, need.classes))
        return number >= need.number or need.dropped and self._reached(need.classes, need.number) < sentence.span.end

    def _first(self, words: frozenset[str]) -> int:
        """Give where one of the words first stands in the document."""
        if words not in self._words:
            places = [at for word in words if (at := self._text.find(word)) >= 0]
            self._words[words] = min(places, default=len(self._text))
        return self._words[words]

    def _reached(self, classes: tuple[str, ...], number: int) -> int:
        """Give where in the document so many mentions of the classes have begun."""
        key = (classes, number)
        if key not in self._before:
            there = (m.span.start for m in self._mentions if self._sieve.fits(_kind(m), classes))
            self._before[key] = next((at for count, at in enumerate(there, 1) if count == number), len(self._text))
        return self._before[key]


class _Need(NamedTuple):
    """What a role of a clause rule cannot be filled without; `dropped` if a sentence before may have it."""

    dropped: bool
    words: frozenset[str]
    classes: tuple[str, ...]
    number: int


def _needs(rule: ClauseRule) -> tuple[_Need, ...]:
    """Give what a rule needs, that which must stand in the sentence itself first."""
    needs = {
        _Need(
            # Only a subject is ever that of a sentence before; the name before a head noun is one of the sentence.
            dropped=not role.is_value and not role.heads and "subject" in role.case,
            words=role.words or role.heads,
            classes=role.classes,
            number=0 if role.words else 2 if role.several and not role.is_value else 1,
        )
        for role in rule.roles.values()
        if not role.optional
    }
    return tuple(sorted(needs, key=lambda need: (need.dropped, not need.words, need.classes, sorted(need.words))))


class Phrases:
    """The phrase rules of a set, by the class of their first name and by the words that they cannot do without."""

    def __init__(self, rules: RuleSet, ontology: Ontology) -> None:
        self._rules, self._ontology = rules, ontology
        self._by_kinds: dict[tuple[str, ...], tuple[_Phrase, ...]] = {}
        self._needed = {
            rule.id: tuple(e.words for e in rule.elements if isinstance(e, Word) and not e.optional)
            for rule in rules.rules.values()
            if isinstance(rule, PhraseRule)
        }
        self._automaton = automaton({word for row in self._needed.values() for words in row for word in words})
        # A word may go on past the sentence, since it is the text that is compared.
        self._longest = max((len(word) for row in self._needed.values() for words in row for word in words), default=0)

    def of(self, scene: Scene) -> Iterator[tuple[Mention, PhraseRule]]:
        """Give each name of a sentence with each rule that may hold from there, in the order in which to try them."""
        text = scene.text[scene.sentence.span.start : scene.sentence.span.end + self._longest]
        there: set[str] | None = None
        for mention in scene.mentions:
            for rule, needed in self._from(mention.kinds):
                if there is None:
                    there = self._words(text)
                if not any(map(there.isdisjoint, needed)):
                    yield mention, rule

    def _words(self, text: str) -> set[str]:
        """Give the words that stand in a text, of those that the rules need."""
        return {word for _, word in self._automaton.iter(text)} if self._automaton is not None else set()

    def _from(self, kinds: tuple[str, ...]) -> tuple[_Phrase, ...]:
        """Give the rules whose first name may be of such kinds."""
        known = self._by_kinds.get(kinds)
        if known is None:
            classes = {above for kind in kinds for above in self._ontology.above(kind)}
            rules = {rule.id: rule for name in sorted(classes) for rule in self._rules.by_first_class.get(name, ())}
            known = self._by_kinds[kinds] = tuple((rule, self._needed[rule.id]) for rule in rules.values())
        return known


def _kind(mention: Mention) -> _Kind:
    return mention.kinds, mention.entity is not None
