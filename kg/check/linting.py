"""Find rules that load and yet cannot work as their author means.

Examples and corpus are read once; what fired where is then compared rule by rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from os.path import commonprefix
from typing import TYPE_CHECKING

from kg import curated
from kg.check.covering import covers
from kg.check.rule_tests import document_of
from kg.check.sources import RuleSources, texts
from kg.errors import KgError, Place
from kg.model import Document, Literal, Sentence, Token
from kg.project import shipped
from kg.rules.rule import ClauseRule, Link, PhraseRule, Role, Rule, Word
from kg.text import from_text, read

if TYPE_CHECKING:
    from kg.extract import Extractor

_PARTICLE_TAGS = frozenset("JKS JKC JKG JKO JKB JKV JKQ JX JC".split())
_CASES = frozenset({"subject", "object", "complement"})
_TOGETHER = 3
"""Hits that two rules must share before it counts that they always fire together."""

Hit = tuple[str, int]
"""A sentence: its document, and where it begins."""


def findings(extractor: Extractor) -> list[KgError]:
    """Give the findings in the order of files and lines."""
    linter = _Linter(extractor, RuleSources(extractor.project.rules))
    found = [
        *linter.triggers(),
        *linter.particles(),
        *linter.duplicates(),
        *linter.silent(),
        *linter.together(),
        *linter.unused_lists(),
        *linter.shadowed_words(),
        *_lexicon(extractor),
    ]
    if extractor.project.root != shipped().resolve():  # what is shipped is not for its users to mend
        found = [error for error in found if not (error.place and error.place.file.startswith(curated.SHIPPED))]
    return sorted(found, key=lambda error: (error.place or Place(""), error.code, error.what))


@dataclass(frozen=True)
class _Linter:
    extractor: Extractor
    sources: RuleSources

    @property
    def _rules(self) -> Mapping[str, ClauseRule | PhraseRule]:
        return self.extractor.rules.rules

    def _error(self, rule: Rule, place: Place, what: str, mend: str, code: str) -> KgError:
        return self.sources.error(place, f"{rule.id}: {what}", mend, code)

    def triggers(self) -> Iterator[KgError]:
        """KG121: a trigger that no clause is ever read with."""
        rules = [rule for rule in self._rules.values() if isinstance(rule, ClauseRule)]
        read = _Triggers(self.extractor, sorted({trigger for rule in rules for trigger in rule.triggers}))
        for rule in rules:
            for trigger in rule.triggers:
                if trigger in read.dead:
                    lemmas, morphemes = read.dead[trigger]
                    yield self._error(
                        rule,
                        self._trigger_place(rule, trigger),
                        f"no clause is ever read with {trigger}; the analyser reads {morphemes}",
                        f"write {' or '.join(lemmas)}, which the clause is read with"
                        if lemmas
                        else "write the dictionary form that it does read, or a word role for the noun in it",
                        "KG121",
                    )

    def _trigger_place(self, rule: Rule, trigger: str) -> Place:
        item = self.sources.part(rule, "trigger")
        written = [(text, place) for text, place in texts(item)] if item is not None else []
        exact = [place for text, place in written if text == trigger]
        lists = [
            place
            for text, place in written
            if text[:1] == "$" and trigger in self.extractor.rules.words.get(text[1:], ())
        ]
        return (exact or lists or [rule.place])[0]

    def particles(self) -> Iterator[KgError]:
        """KG122: a case that is no particle."""
        seen: dict[str, bool] = {}
        for rule in self._rules.values():
            for role in rule.roles.values():
                for case in role.case:
                    if case in _CASES:
                        continue
                    if case not in seen:
                        seen[case] = self._is_particle(case)
                    if not seen[case]:
                        item = self.sources.part(rule, "roles", role.name, "case")
                        exact = [place for text, place in texts(item) if text == case] if item else []
                        yield self._error(
                            rule,
                            exact[0] if exact else self.sources.place(rule, "roles", role.name, "case"),
                            f"{case} in role {role.name} is no particle",
                            "write subject, object, complement or a case particle such as 에서",
                            "KG122",
                        )

    def _is_particle(self, case: str) -> bool:
        """Tell whether the analyser reads a word as a particle after a vowel or after a consonant."""
        return any(
            token.tag in _PARTICLE_TAGS
            for noun in ("나무", "집")
            for token in self.extractor.analyser.tokens(noun + case)[1:]
        )

    def duplicates(self) -> Iterator[KgError]:
        """KG123: a rule that does what another does, or that says nothing which a wider one does not say."""
        for one, other in self._alike():
            if self._shipped(other.id):
                one, other = other, one  # the finding is for whoever wrote what is not shipped
            forth, back = (covers(*pair, self.extractor.ontology) for pair in ((one, other), (other, one)))
            if (forth and back) or _do_one_job(one, other):
                what = f"does the same as {one.id}"
            elif forth:
                what = f"says nothing that {one.id} does not say too"
            elif back and self._shipped(one.id):
                what = f"says all that {one.id} says"
            elif back:
                one, other = other, one
                what = f"says nothing that {one.id} does not say too"
            else:
                continue
            place = other.place
            if isinstance(one, ClauseRule) and isinstance(other, ClauseRule):
                shared = sorted(set(one.triggers) & set(other.triggers))
                what, place = f"{what} for {', '.join(shared)}", self._trigger_place(other, shared[0])
            yield self._error(other, place, what, "keep one, or let them differ in roles", "KG123")

    def _alike(self) -> Iterator[tuple[ClauseRule | PhraseRule, ClauseRule | PhraseRule]]:
        """Give the pairs of rules that share a trigger, or a length of phrase, and say something alike."""
        groups: dict[tuple[object, ...], list[ClauseRule | PhraseRule]] = defaultdict(list)
        for rule in self._rules.values():
            kinds: tuple[object, ...] = (
                tuple(dict.fromkeys(rule.triggers)) if isinstance(rule, ClauseRule) else (len(rule.elements),)
            )
            for kind in kinds:
                for said in {t.predicate if isinstance(t, Link) else t.type for t in rule.then}:
                    groups[kind, said].append(rule)
        pairs = {(one.id, other.id) for group in groups.values() for one, other in combinations(group, 2)}
        for ids in sorted(pairs):
            yield self._rules[ids[0]], self._rules[ids[1]]

    @cached_property
    def _made(self) -> Mapping[str, Mapping[Hit, frozenset[tuple[str, str, str]]]]:
        """Give what each rule makes at each place of examples and corpus, reading each text once."""
        made: dict[str, dict[Hit, set[tuple[str, str, str]]]] = defaultdict(lambda: defaultdict(set))
        for document in _texts(self.extractor):
            for statement in self.extractor.extract(document).statements:
                evidence, target = statement.evidence, statement.object
                value = target.value if isinstance(target, Literal) else target.key
                triple = (statement.subject.key, statement.predicate, value)
                made[evidence.rule][document.id, evidence.sentence.start].add(triple)
        return {rule: {hit: frozenset(said) for hit, said in hits.items()} for rule, hits in made.items()}

    def silent(self) -> Iterator[KgError]:
        """KG124: a rule that fires in no example and in no text of the corpus."""
        for rule in self._rules.values():
            if rule.id not in self._made:
                yield self._error(
                    rule,
                    rule.place,
                    "fires neither in its examples nor in the corpus",
                    f'kg explain "문장" --rule {rule.id} tells where it stops',
                    "KG124",
                )

    def together(self) -> Iterator[KgError]:
        """KG125: two rules that fire in the same sentences and say the same, or one that another says wholly."""
        at: dict[Hit, list[str]] = defaultdict(list)
        for rule, hits in self._made.items():
            for hit in hits:
                at[hit].append(rule)
        shared: dict[tuple[str, str], int] = defaultdict(int)
        for rules in at.values():
            for pair in combinations(sorted(rules), 2):
                shared[pair] += 1
        for (one, other), times in sorted(shared.items()):
            if times < _TOGETHER:
                continue
            ours, theirs = self._made[one], self._made[other]
            if len(ours) == len(theirs) == times and all(ours[hit] & theirs[hit] for hit in ours):
                narrow, wide, same = other, one, True
            elif all(hit in theirs and said <= theirs[hit] for hit, said in ours.items()):
                narrow, wide, same = one, other, False
            elif all(hit in ours and said <= ours[hit] for hit, said in theirs.items()):
                narrow, wide, same = other, one, False
            else:
                continue
            if self._shipped(narrow):  # the finding is for whoever wrote the other
                what = (
                    f"always fires together with {narrow} and says the same" if same else f"says all that {narrow} says"
                )
                yield self._firing(wide, what, times)
            else:
                what = (
                    f"always fires together with {wide} and says the same"
                    if same
                    else f"all that it says {wide} says too"
                )
                yield self._firing(narrow, what, times)

    def _shipped(self, rule: str) -> bool:
        return self._rules[rule].place.file.startswith(curated.SHIPPED)

    def _firing(self, rule: str, what: str, times: int) -> KgError:
        mend = "make it one rule, or add an example in which only one of them fires"
        found = self._rules[rule]
        return self._error(found, found.place, f"{what} ({times} sentences)", mend, "KG125")

    def unused_lists(self) -> Iterator[KgError]:
        """KG126: a word list that no rule uses."""
        for name, place in self.sources.word_lists():
            if name not in self.sources.lists_used:
                yield self.sources.error(
                    place, f"no rule uses the word list ${name}", f"use it as ${name}, or remove it", "KG126"
                )

    def shadowed_words(self) -> Iterator[KgError]:
        """KG127: a word that can never decide anything, since a list or a shorter word beside it says it already."""
        for rule in self._rules.values():
            for path in _word_paths(rule):
                item = self.sources.part(rule, *path)
                if item is None:
                    continue
                for text, place, by in self._shadowed(list(texts(item)), prefix=path[-1] == "not_before"):
                    yield self._error(rule, place, f"{text} adds nothing: {by} is there already", "remove it", "KG127")

    def _shadowed(self, written: list[tuple[str, Place]], *, prefix: bool) -> Iterator[tuple[str, Place, str]]:
        words = self.extractor.rules.words
        plain = [(text.removesuffix("?"), place) for text, place in written]
        said = [
            (text, place, frozenset(words.get(text[1:], ())) if text[:1] == "$" else {text}) for text, place in plain
        ]
        for at, (text, place, these) in enumerate(said):
            for other_at, (other, _, those) in enumerate(said):
                if other_at == at:
                    continue
                if these < those or (these == those and other_at < at):
                    yield text, place, other
                    break
                if prefix and any(all(word != short and word.startswith(short) for word in these) for short in those):
                    yield text, place, other
                    break


def _lexicon(extractor: Extractor) -> Iterator[KgError]:
    """KG101, KG102: an entry of a class, or with a fact of a property, that the ontology does not have."""
    ontology = extractor.ontology
    for path, name in curated.files(extractor.project.lexicon):
        file = curated.load(path, name)
        for entry in file.items() if file is not None else ():
            keys = entry.mapping()
            if "adds_to" in keys:
                continue
            if not ontology.has_class(type_ := keys["type"].text()):
                near = ontology.suggest(type_)
                mend = f"did you mean {near}?" if near else "declare it in the ontology"
                yield keys["type"].error(f"no such class: {type_}", mend, "KG101")
            for curie, place in keys["facts"].keys.items() if "facts" in keys else ():
                if not ontology.has_property(curie):
                    near = ontology.suggest(curie)
                    mend = f"did you mean {near}?" if near else "declare it in the ontology"
                    yield entry.error(f"no such property: {curie}", mend, "KG102", at=place)


class _Triggers:
    """The triggers that no clause is read with, however they are inflected: the lemmas and morphemes read instead."""

    def __init__(self, extractor: Extractor, triggers: list[str]) -> None:
        lines: list[str] = []
        owner: dict[int, str] = {}
        at = 0
        for trigger in triggers:
            for line in _inflected(trigger):
                owner[at] = trigger
                lines.append(line)
                at += len(line) + 1
        text = "\n".join(lines)
        read = extractor.extract(from_text(text, id="triggers"))
        starts = sorted(owner)
        seen: dict[str, set[str]] = defaultdict(set)
        for clause in read.clauses:
            seen[owner[_line_of(starts, clause.predicate.start)]].add(clause.lemma)
        first: dict[str, Sentence] = {}
        for sentence in read.sentences:
            first.setdefault(owner[_line_of(starts, sentence.span.start)], sentence)
        self.dead: dict[str, tuple[tuple[str, ...], str]] = {}
        for trigger in triggers:
            if trigger not in seen[trigger]:
                # What the clause is read with instead: a form of the same word, not a piece of it (하차하다, not 하다).
                alike = {lemma: len(commonprefix((lemma, trigger))) for lemma in seen[trigger]}
                most = max(alike.values(), default=0)
                lemmas = tuple(sorted(lemma for lemma, length in alike.items() if length == most > 0))
                tokens: tuple[Token, ...] = first[trigger].tokens if trigger in first else ()
                self.dead[trigger] = lemmas, " + ".join(f"{t.form}/{t.tag}" for t in tokens if t.tag != "SF")


def _line_of(starts: list[int], at: int) -> int:
    import bisect

    return starts[bisect.bisect_right(starts, at) - 1]


def _inflected(trigger: str) -> tuple[str, ...]:
    """Give a verb in sentences of forms that are regular for every stem, first the dictionary form alone."""
    stem = trigger.removesuffix("다")
    return (
        f"{trigger}.",
        f"그들이 그것을 {stem}고 떠났다.",
        f"그들이 모두 {stem}겠다고 했다.",
        f"그들이 이것과 {stem}고 떠났다.",
    )


def _do_one_job(one: ClauseRule | PhraseRule, other: ClauseRule | PhraseRule) -> bool:
    """Tell whether two clause rules ask for the same and make the same links, whatever else they make."""
    if not isinstance(one, ClauseRule) or not isinstance(other, ClauseRule):
        return False
    required = [
        {(r.classes, r.case, r.heads, r.words) for r in rule.roles.values() if not r.optional} for rule in (one, other)
    ]
    return bool(_meaning(one)) and _meaning(one) == _meaning(other) and required[0] == required[1]


def _meaning(rule: Rule) -> tuple[object, ...]:
    """What a rule says, without its names for roles: two rules of one meaning do one job."""

    def shape(name: str) -> object:
        role = rule.roles.get(name)
        return (role.classes, role.case, sorted(role.heads), sorted(role.words)) if role else name

    return tuple(
        sorted(repr((shape(t.subject), t.predicate, shape(t.object))) for t in rule.then if isinstance(t, Link))
    )


def _word_paths(rule: Rule) -> Iterator[tuple[str | int, ...]]:
    """Give the paths of a rule's places for words."""
    if isinstance(rule, ClauseRule):
        yield ("trigger",)
        for name in rule.roles:
            yield ("roles", name, "head")
            yield ("roles", name, "word")
    elif isinstance(rule, PhraseRule):
        yield from (("not_after",), ("not_before",))
        for at, element in enumerate(rule.elements):
            if isinstance(element, Role):
                yield ("phrase", at, element.name, "list")
            elif isinstance(element, Word):
                yield ("phrase", at)


def _texts(extractor: Extractor) -> Iterator[Document]:
    for rule in extractor.rules.rules.values():
        for number, example in enumerate(rule.examples):
            yield document_of(example, f"{rule.id}#{number}")
    for folder in extractor.project.corpus:
        try:
            yield from read(folder, on_skip=lambda skipped: None)
        except KgError as error:
            if error.code != "KG206":  # no text is there yet, which is no fault of the rules
                raise
