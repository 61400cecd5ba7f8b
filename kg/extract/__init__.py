"""From a document to statements: the rules tried on its clauses and on its names."""

from __future__ import annotations

import bisect
import difflib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from kg.analysis import Analyser
from kg.clauses import ClauseReader
from kg.errors import KgError
from kg.extract.explaining import Explanation, explain
from kg.extract.matching import Match, Scene, crosses, match_clause, match_phrase, standing
from kg.extract.producing import Producer, rendered
from kg.extract.sifting import Phrases, Sieve
from kg.lexicon import Lexicon
from kg.mentions import MentionReader
from kg.model import Clause, Document, Entity, Extraction, Mention, Sentence, Span, Statement
from kg.ontology import Ontology
from kg.project import Project
from kg.rules import Rule, RuleSet
from kg.rules.rule import Link, Node
from kg.text import from_text

__all__ = ["Explanation", "Extractor", "rendered"]

_ClausesOf = Callable[[Scene, bool], Sequence[Clause]]
"""Gives the clauses of a sentence: all of them, or, if not, at least all if a clause rule may hold in any."""


class Extractor:
    """A project's lexicon, grammar and rules, ready to read text.

    The analyser is loaded at the first text, which takes one to three seconds.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.ontology = Ontology.load(*project.ontology)
        self.lexicon = Lexicon.load(project.lexicon)
        self.rules = RuleSet.load(project.rules, self.ontology)
        self._indexed: tuple[RuleSet, Phrases] | None = None

    @cached_property
    def analyser(self) -> Analyser:
        """The morphological analyser, fed with the lexicon's names."""
        return Analyser(self._mention_reader.analyser_names())

    @cached_property
    def _mention_reader(self) -> MentionReader:
        return MentionReader(self.lexicon, self._grammar)

    @cached_property
    def _clause_reader(self) -> ClauseReader:
        return ClauseReader(self._grammar)

    @cached_property
    def _sieve(self) -> Sieve:
        return Sieve(self.rules, self._clause_reader.prospects(self.rules.by_trigger.keys()), self.ontology)

    @property
    def _grammar(self) -> Path:
        if not self.project.grammar:
            raise KgError("the project has no grammar", mend='write extends = "shipped" in kg.toml', code="KG304")
        return self.project.grammar[0]

    def extract(self, source: str | Document) -> Extraction:
        """Read a text (or a `Document` with its date) and give all that the rules make of it.

        >>> import kg
        >>> [s.predicate for s in kg.load().extract("화웨이가 텐센트를 인수했다.") if s.predicate == "nk:acquired"]
        ['nk:acquired']
        """
        document = from_text(source, grammar=self.project.grammar) if isinstance(source, str) else source
        sentences, mentions = self._named(document)
        clauses = self._clause_reader.read(document, sentences, mentions, self.rules.nominals)
        read = Extraction(document, sentences, mentions, clauses)
        return replace(read, statements=self.statements(read))

    def skim(self, document: Document) -> Extraction:
        """Give what `extract` gives, but no clauses: those of a sentence are read only if a rule may hold in it."""
        sentences, mentions = self._named(document)
        reading = self._clause_reader.begin(document, sentences, mentions, self.rules.nominals)
        sifting = self._sieve.document(document.text, mentions)
        by_index = {sentence.index: at for at, sentence in enumerate(sentences)}
        read = Extraction(document, sentences, mentions)

        def clauses(scene: Scene, whole: bool = True) -> Sequence[Clause]:
            lemmas = None if whole else sifting.lemmas(scene.sentence, scene.mentions)
            return reading.of(by_index[scene.sentence.index], lemmas) if lemmas is None or lemmas else ()

        return replace(read, statements=self._statements(read, self.rules, clauses))

    def statements(self, read: Extraction, rules: RuleSet | None = None) -> tuple[Statement, ...]:
        """Give what `rules` (default: the project's) make of a document whose clauses were read already."""
        by_sentence = _by_sentence(read.sentences, read.clauses)

        def clauses(scene: Scene, whole: bool = True) -> Sequence[Clause]:
            return by_sentence.get(scene.sentence.index, ())

        return self._statements(read, rules or self.rules, clauses)

    def _named(self, document: Document) -> tuple[tuple[Sentence, ...], tuple[Mention, ...]]:
        sentences = tuple(self.analyser.sentences(document))
        return sentences, self._mention_reader.read(document, sentences)

    def _statements(self, read: Extraction, rules: RuleSet, clauses: _ClausesOf) -> tuple[Statement, ...]:
        """Give what rules make of a document."""
        producer = Producer(read.document.text, read.document.id, self.ontology, rules.bindings, read.mentions)
        made: dict[Statement, None] = {}
        for scene in self._scenes(read.document, read.sentences, read.mentions).values():
            for match in self._matches(scene, rules, clauses):
                made.update(dict.fromkeys(producer.statements(match)))
        titles = {sentence.span for sentence in read.sentences if sentence.is_title}
        return tuple(_told_once(made, titles, self.ontology))

    def explain(self, text: str | Document, rule: str | None = None) -> Explanation:
        """Say what was seen in a text, which rules fired and, for `rule`, where it stopped.

        Raises:
            KgError: KG120, no rule has the id.
        """
        if rule is not None:
            self.rule(rule)
        extraction = self.extract(text)
        scenes = self._scenes(extraction.document, extraction.sentences, extraction.mentions)
        told = explain(extraction, scenes, self.rules, rule)
        if told.mended is not None:
            alone = replace(self.rules, rules={told.mended.id: told.mended})
            if not any(s.evidence.rule == told.mended.id for s in self.statements(extraction, alone)):
                told = replace(told, advice=f"{told.advice}; even so it says nothing of what is left", mended=None)
        return told

    def rule(self, rule_id: str) -> Rule:
        """Give the rule of an id; `KgError` KG120 if there is none."""
        if rule_id not in self.rules.rules:
            near = difflib.get_close_matches(rule_id, self.rules.rules, 1)
            raise KgError(
                f"no rule {rule_id}",
                mend=f"did you mean {near[0]}?" if near else "kg test --json lists the rules",
                code="KG120",
            )
        return self.rules.rules[rule_id]

    def _scenes(
        self, document: Document, sentences: Sequence[Sentence], mentions: Sequence[Mention]
    ) -> dict[int, Scene]:
        """Give each sentence with the mentions in it; both come in the order of the text."""
        scenes: dict[int, Scene] = {}
        at = 0
        for sentence in sentences:
            while at < len(mentions) and mentions[at].span.start < sentence.span.start:
                at += 1
            end = at
            while end < len(mentions) and mentions[end].span.start < sentence.span.end:
                end += 1
            scenes[sentence.index] = Scene.of(document.text, sentence, mentions[at:end], self.ontology)
        return scenes

    def _matches(self, scene: Scene, rules: RuleSet, clauses: _ClausesOf) -> Iterator[Match]:
        """Give the matches in a sentence, those of clause rules before those of phrase rules."""
        for clause in clauses(scene, False):
            tried = (match_clause(rule, clause, scene) for rule in rules.by_trigger.get(clause.lemma, ()))
            yield from _fullest([match for match in tried if match])
        for match in _longest(list(self._phrase_matches(scene, rules))):
            status = standing(match, clauses(scene, True)) if crosses(match) else match.status
            if status is not None:
                yield replace(match, status=status)

    def _phrase_matches(self, scene: Scene, ruleset: RuleSet) -> Iterator[Match]:
        """Give the matches of phrase rules, each from the first name of its row: not again from within a list."""
        reached: dict[str, int] = {}
        for mention, rule in self._phrases(ruleset).of(scene):
            listed = next(iter(rule.roles.values())).separators
            if listed and mention.span.start < reached.get(rule.id, 0):
                continue
            match = match_phrase(rule, mention, scene)
            if match:
                reached[rule.id] = match.span.end
                yield match

    def _phrases(self, rules: RuleSet) -> Phrases:
        """Give the phrase rules of a set, indexed; those of the last set are kept."""
        if self._indexed is None or self._indexed[0] is not rules:
            self._indexed = rules, Phrases(rules, self.ontology)
        return self._indexed[1]


def _told_once(made: Iterable[Statement], titles: set[Span], ontology: Ontology) -> Iterator[Statement]:
    """Leave out an event of which the same sentence says more, or one of the headline of which the text says as much.

    What is said is who, what and where; an event with a day of its own stays. (20일 만나 회담했다 is one meeting.)
    """
    said: dict[Entity, set[tuple[str, str]]] = {}
    where: dict[Entity, set[Span]] = {}
    much: Counter[Entity] = Counter()
    valued: set[Entity] = set()
    for statement in made:
        subject, target = statement.subject, statement.object
        if not ontology.is_a(subject.type, "Event"):
            continue
        where.setdefault(subject, set()).add(statement.evidence.sentence)
        much[subject] += 1
        if isinstance(target, Entity):
            said.setdefault(subject, set()).add((statement.predicate, target.key))
        elif target.datatype != "rdfs:Class":
            valued.add(subject)
    beside: dict[tuple[str, Span], list[Entity]] = {}
    told: dict[str, list[Entity]] = {}
    for event in said:
        for sentence in where[event]:
            beside.setdefault((event.type, sentence), []).append(event)
        if not where[event] <= titles:
            told.setdefault(event.type, []).append(event)

    def is_again(event: Entity) -> bool:
        if where[event] <= titles and any(said[event] <= said[other] for other in told.get(event.type, ())):
            return True
        alone = len(where[event]) == 1 and event not in valued
        others = beside[event.type, min(where[event])] if alone else ()
        return any(much[other] > much[event] and said[event] <= said[other] for other in others)

    again = {event for event in said if is_again(event)}
    told_of = {statement.subject for statement in made}
    full: dict[tuple[Entity, str], set[Entity]] = {}
    for statement in made:
        if isinstance(statement.object, Entity):
            full.setdefault((statement.subject, statement.predicate), set()).add(statement.object)
    for statement in made:
        less = _is_less(statement, full.get((statement.subject, statement.predicate), ()), told_of)
        if statement.subject not in again and statement.object not in again and not less:
            yield statement


def _is_less(statement: Statement, objects: Collection[Entity], told_of: Collection[Entity]) -> bool:
    """Tell whether a fact has but the last words of what another of its kind says in full: 유엔 사무총장, 사무총장.

    `objects` are those of all facts of the kind; what is alike but told of is fuller than what is not.
    """
    target = statement.object
    if not isinstance(target, Entity) or target.known or target in told_of:
        return False
    return any(
        other.label.endswith(f" {target.label}") or other.label == target.label and other in told_of
        for other in objects
    )


def _fullest(matches: list[Match]) -> Iterator[Match]:
    """Leave out an event of a clause of which another rule says the same and more: who and how much, and in what."""
    told = [_events(match) for match in matches] if len(matches) > 1 else []
    for at, match in enumerate(matches):
        links = any(not isinstance(template, Node) for template in match.rule.templates(match.status))
        if links or not told or not told[at] or not any(told[at] < others for others in told):
            yield match


def _events(match: Match) -> frozenset[tuple[str, str, Span]]:
    """Give what the new nodes of a match would say: class, property and where its value stands."""
    return frozenset(
        (template.type, key, mention.span)
        for template in match.rule.templates(match.status)
        if isinstance(template, Node) and template.type is not None
        for key, role in template.properties
        for mention in match.fillers.get(role, ())
    )


def _longest(matches: list[Match]) -> Iterator[Match]:
    """Leave out a phrase that is part of a longer one which links the same name by the same property."""
    said = [frozenset(_linked(match)) for match in matches]
    for match, own in zip(matches, said, strict=True):
        if not own or not any(
            other.span.covers(match.span) and other.span != match.span and own <= others
            for other, others in zip(matches, said, strict=True)
        ):
            yield match


def _linked(match: Match) -> Iterator[tuple[str, Span]]:
    for template in match.rule.then:
        if isinstance(template, Link):
            for mention in match.fillers.get(template.subject, ()):
                yield template.predicate, mention.span


def _by_sentence(sentences: Sequence[Sentence], clauses: Sequence[Clause]) -> Mapping[int, list[Clause]]:
    """Sort clauses into their sentences by where their predicate stands."""
    starts = [sentence.span.start for sentence in sentences]
    found: dict[int, list[Clause]] = {}
    for clause in clauses:
        index = bisect.bisect_right(starts, clause.predicate.start) - 1
        found.setdefault(sentences[index].index, []).append(clause)
    return found
