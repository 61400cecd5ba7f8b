"""Words that stand for several things named before: 양사, 두 도시, 양국, 두 사람, 3사.

What they stand for is told only where the document leaves no choice: as many things of the class in its title, or
before these words, or joined in one of the last sentences. Else they stand for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.lexicon import Lexicon
from kg.mentions.candidates import CURATED, GUESS, Candidate, Overlaps
from kg.mentions.grammar import BODIES, PEOPLE, NameGrammar
from kg.model import Sentence, Span

_CLASSES = {"Company": frozenset({"Company"}), "Country": frozenset({"Country"}), "City": frozenset({"City"})}
_NEAR = 2
"""How many sentences back things that are joined may stand."""


@dataclass(frozen=True, slots=True)
class Together:
    """Words that stand for several things, and the earlier mentions of these."""

    span: Span
    of: tuple[Candidate, ...]


class TogetherReader:
    """Finds such words and what they stand for."""

    def __init__(self, grammar: NameGrammar, lexicon: Lexicon) -> None:
        self._grammar = grammar
        self._countries: dict[str, tuple[str, ...]] = {}
        for letter, name in sorted(grammar.country_letters.items()):
            ids = tuple(i for i in lexicon.surfaces.get(name, ()) if lexicon.entries[i].type == "Country")
            self._countries |= {letter: ids} if ids else {}
        letters = "".join(self._countries) or "-"
        nation = [noun for noun, class_ in grammar.together_nouns.items() if class_ == "Country"]
        self._pairs = re.compile(
            rf"(?<![가-힣A-Za-z0-9])([{letters}](?:[·・ㆍ∙]?[{letters}])+) ?"
            rf"(?=({'|'.join(sorted(grammar.together_counts))}) ?(?:{'|'.join(sorted(nation))}))"
        )
        counts = "|".join(sorted(grammar.together_counts))
        short = "|".join(sorted(noun for noun in grammar.together_nouns if len(noun) == 1))
        long = "|".join(sorted((n for n in grammar.together_nouns if len(n) > 1), key=lambda n: (-len(n), n)))
        self._words = re.compile(rf"(?<![가-힣A-Za-z0-9])({counts})(?:({short})| ?({long}))")
        self._joint = re.compile(rf"(?:[가-힣]|\([^()]*\))? ?(?:[,·、-]|{'|'.join(grammar.joints)}) ?")

    def read(
        self,
        text: str,
        sentences: Sequence[Sentence],
        found: Sequence[Candidate],
        identity: Callable[[Candidate], str],
    ) -> Iterator[Together]:
        """Give the words of a document; `identity` tells which candidates are of one thing."""
        taken = Overlaps(c.span for c in found if c.type != "Post")  # 두 장관
        outer = [c for c in found if not c.back and not c.private and c.type not in {"Post", "Topic", "Group"}]
        inside = Overlaps(c.span for c in outer)
        for at, sentence in enumerate(sentences):
            for match in self._words.finditer(text, sentence.span.start, sentence.span.end):
                span = Span(*match.span())
                if not self._ends(text, sentence, span) or taken.any(span):
                    continue
                class_ = self._grammar.together_nouns[match[2] or match[3]]
                types = PEOPLE if class_ == "Person" else _CLASSES.get(class_, BODIES)
                count = int(self._grammar.together_counts[match[1]])
                for sent in (False, True):  # whose delegation it is, only where the cities named alone are too few
                    named = [c for c in outer if c.type in types and not self._within(text, c.span, inside, sent)]
                    if things := self._things(text, sentences, at, span, named, count, identity):
                        yield Together(span, things)
                        break

    def letters(self, text: str, sentences: Sequence[Sentence], found: Sequence[Candidate]) -> Iterator[Together]:
        """Give the countries whose first syllables stand before a word for as many together: 한중 양국."""
        taken = Overlaps(c.span for c in found if c.rank > GUESS)
        for sentence in sentences:
            for match in self._pairs.finditer(text, sentence.span.start, sentence.span.end):
                at = [place for place in range(*match.span(1)) if text[place] in self._countries]
                word = self._words.match(text, match.end())
                if word is None or len(at) != int(self._grammar.together_counts[match[2]]):
                    continue
                span = Span(match.start(), word.end())
                if not self._ends(text, sentence, span) or taken.any(span):
                    continue
                places = (Span(place, place + 1) for place in at)
                yield Together(
                    span,
                    tuple(Candidate(p, "Country", "lexicon", CURATED, ids=self._countries[p.of(text)]) for p in places),
                )

    def counted(self, text: str, found: Sequence[Candidate]) -> list[Candidate]:
        """Give candidates without the family names that are number words, as nobody of that name is told: 양 장관."""
        full = {c.span.of(text)[0] for c in found if c.type in PEOPLE and c.span.end - c.span.start > 1}
        counts = self._grammar.together_counts.keys() - full
        return [c for c in found if not (c.type in PEOPLE and c.span.of(text) in counts)]

    def _within(self, text: str, span: Span, inside: Overlaps, sent: bool) -> bool:
        """Tell whether words are but part of a name; if `sent`, of one other than a delegation's and its sender's."""
        longer = [o for o in inside.of(span) if o != span and o.covers(span)]
        if sent and any(o.of(text).endswith(self._grammar.delegations) for o in longer):
            return False
        return bool(longer)

    def _things(
        self,
        text: str,
        sentences: Sequence[Sentence],
        at: int,
        span: Span,
        named: Sequence[Candidate],
        count: int,
        identity: Callable[[Candidate], str],
    ) -> tuple[Candidate, ...]:
        """Give `count` things that the words at `span`, in the sentence `at`, must mean."""
        before = [c for c in named if c.span.end <= span.start]
        title = [c for c in before if sentences[0].is_title and sentences[0].span.covers(c.span)]
        for group in (title, before):
            things = {identity(c): c for c in reversed(group)}
            if len(things) == count:
                return tuple(sorted(things.values(), key=lambda c: c.span))
        for sentence in reversed(sentences[max(0, at - _NEAR) : at + 1]):
            near = [c for c in before if sentence.span.covers(c.span)]
            things = {identity(c): c for c in reversed(near)}
            if len(things) != count:
                if things:
                    return ()
                continue
            order = sorted(things.values(), key=lambda c: c.span)
            joined = all(self._joined(text, sentence, one, other) for one, other in pairwise(order))
            return tuple(order) if joined else ()
        return ()

    def _joined(self, text: str, sentence: Sentence, one: Candidate, other: Candidate) -> bool:
        """Tell whether a joint stands between two names, or between two persons with their posts."""
        if self._joint.fullmatch(text, one.span.end, other.span.start):
            return True
        between = [t for t in sentence.tokens if one.span.end <= t.span.start and t.span.end <= other.span.start]
        titled = one.type in PEOPLE and other.type in PEOPLE and all(t.tag[0] in "NSX" for t in between[:-1])
        return titled and bool(between) and between[-1].tag in ("JC", "JKB") and between[-1].form in ("와", "과")

    @staticmethod
    def _ends(text: str, sentence: Sentence, span: Span) -> bool:
        """Tell whether the words end here: at white space, a mark or a particle."""
        after = text[span.end : span.end + 1]
        if not after or not after.isalnum():
            return True
        return any(t.span.start == span.end and t.tag.startswith(("J", "VCP", "XSN")) for t in sentence.tokens)
