"""Which verbs the clauses of a sentence may have, told from its morphemes alone.

A clause's dictionary form is put together from neighbouring morphemes: 발표하다 from 발표, whether 하, 되 or 를 받
follows. So a sentence without the morpheme 발표 has no such clause, and need not be read for one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from kg.clauses.grammar import plain
from kg.clauses.predicates import VOICES
from kg.lexicon import automaton
from kg.model import Sentence


class Prospects:
    """Tells which of some lemmas may be those of a sentence's clauses; `fused` gives the lemmas made of others.

    >>> from kg.model import Span, Token
    >>> sentence = Sentence(0, Span(0, 3), (Token("발표", "NNG", Span(0, 2), 0), Token("도", "JX", Span(2, 3), 0)), ())
    >>> sorted(Prospects({"발표하다", "발다", "개최하다"}, {}).of(sentence))
    ['발표하다']
    """

    def __init__(self, lemmas: Collection[str], fused: Mapping[str, str]) -> None:
        self._lemmas = frozenset(lemmas)
        self._wanted: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for lemma in sorted(lemmas):
            sources = {lemma, *(source for source, made in fused.items() if made == lemma)}
            for words in {frozenset(words) for source in sources for words in _words(source)}:
                for word in words:
                    self._wanted.setdefault(word, []).append((lemma, words))
        self._automaton = automaton(self._wanted)

    def of(self, sentence: Sentence) -> frozenset[str]:
        """Give the lemmas that the sentence's clauses may have; no clause of it has another of those asked for."""
        if self._automaton is None:
            return frozenset()
        starts, ends, forms = set(), set(), []
        at = end = 0
        for token in sentence.tokens:
            if token.span.end < end:  # morphemes out of order: what counts as neighbours is not sure
                return self._lemmas
            end = token.span.end
            form = plain(token.form)
            forms.append(form)
            starts.add(at)
            at += len(form)
            ends.add(at)
        found = {
            word
            for last, word in self._automaton.iter("".join(forms))
            if last + 1 in ends and last + 1 - len(word) in starts
        }
        return frozenset(lemma for word in found for lemma, words in self._wanted[word] if words <= found)


def _words(lemma: str) -> Iterator[tuple[str, ...]]:
    """Give the sets of words, each a morpheme or some in a row, of which one must stand in a clause of a lemma."""
    stem = lemma[:-1]
    yield (stem,)
    if lemma.endswith("하다"):
        noun = lemma[:-2]
        yield from [(noun,)] if noun else ((voice,) for voice in VOICES)
    if lemma.endswith("지다"):  # an adjective that becomes a verb: 늦+어지다
        yield from ((lemma[:end], "지") for end in range(1, len(lemma) - 1))
