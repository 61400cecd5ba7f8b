"""Names that the analyser takes apart, told by the words around them.

It knows no foreign name by sound and reads its syllables as whatever words they are: a particle
(요시다 겐이치+로), a predicate (류더+이+ㄴ), common nouns (강신+철). A parenthesis of hanja after it, a
body and a post after it, or a place at its end tell that the stretch is one name all the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from kg.lexicon import Lexicon
from kg.mentions.candidates import WEAK, Candidate
from kg.mentions.grammar import BODIES, EVENTS, PEOPLE, PLACES, SEATED, NameGrammar
from kg.model import Sentence, Span, Token

_BEFORE_PARENTHESIS = re.compile(r"(?<![가-힣])([가-힣]{2,8})(?= ?[(（][\u3400-\u9fff\uf900-\ufaff]{2,12}[)）])")
_AFTER_DOT = re.compile(r"(?<=[가-힣])[·ㆍᆞ・‧]([가-힣]{2,6}) ([가-힣]{2,8})")
_HANGUL = re.compile(r"[가-힣]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9&.-]+")
_NOUN = ("NNG", "NNP", "SL", "SH", "XSN", "XPN", "XR", "SN")
_PHRASE_ENDS = ("J", "E")


class NameRestorer:
    """Tells which stretches of a sentence are one name."""

    def __init__(self, lexicon: Lexicon, grammar: NameGrammar) -> None:
        self._lexicon = lexicon
        self._grammar = grammar
        # Who takes a post is not its holder yet: 랴오린이 은행 회장에 취임했다 has a subject.
        self._entered = re.compile(rf"(?:{'|'.join(sorted(grammar.to_office))}) (?:{'|'.join(grammar.taking_office)})")

    def read(self, text: str, sentence: Sentence, known: Mapping[Span, str]) -> list[Span]:
        """Give the stretches that are names; `known` are lexicon hits with their class."""
        return [
            *(Span(*m.span(1)) for m in _BEFORE_PARENTHESIS.finditer(text, sentence.span.start, sentence.span.end)),
            *self._before_brackets(text, sentence),
            *self._swallowed(text, sentence, {span.end for span in known}),
            *self._before_posts(text, sentence, known),
            *self._after_dots(text, sentence),
            *self._buildings(text, sentence, known),
        ]

    def told(self, text: str, found: Iterable[Candidate]) -> frozenset[str]:
        """Give the names of persons that a document tells for sure, each in one word."""
        names = {
            c.span.of(text)
            for c in found
            if c.type in PEOPLE and c.rank >= WEAK and not c.private and c.found.startswith("post:")
        }
        return frozenset(name for name in names if len(name) >= 3 and _HANGUL.fullmatch(name))

    def again(
        self, text: str, sentence: Sentence, names: Collection[str], lengths: Sequence[int], have: Sequence[Candidate]
    ) -> list[Span]:
        """Give where a person stands once more whose name another sentence tells for sure.

        `names` are those that `told` gives and `lengths` how long they are; `have` are the candidates of the sentence.
        The words of the sentence are looked up, so that the cost does not grow with the names of the document.
        """
        spans: list[Span] = []
        for start in _starts(text, sentence):
            for length in lengths:
                if text[start : start + length] in names and start + length <= sentence.span.end:
                    span = Span(start, start + length)
                    after = next((t for t in sentence.tokens if t.span.start >= span.end), None)
                    apart = after is None or after.span.start > span.end or not _HANGUL.match(text[span.end])
                    if apart or after is not None and (after.tag.startswith("J") or after.tag == "VCP"):
                        if not any(c.span.covers(span) and c.type in PEOPLE for c in have):
                            spans.append(span)
        return spans

    def _before_brackets(self, text: str, sentence: Sentence) -> Iterator[Span]:
        """Give Korean names whose end was read as a particle, though a parenthesis follows: 김민의(金珉義)."""
        for noun, particle in pairwise(sentence.tokens):
            if particle.tag == "JKG" and noun.tag == "NNP":
                whole = Span(noun.span.start, particle.span.end)
                if text[whole.end : whole.end + 1] not in ("(", "（"):
                    continue
                if len(whole.of(text)) == 3 and self._grammar.is_korean_name(whole.of(text)):
                    yield whole

    def _swallowed(self, text: str, sentence: Sentence, ends: Collection[int]) -> Iterator[Span]:
        """Give words whose end is a place but was read as a particle: 과대신비청도 before the nouns of a name.

        The analyser knows the word's beginning for no word (a proper noun), and no particle fits before
        a noun that goes on with the name. `ends` are where known names end: the particle after one is a particle.
        """
        for before, particle, after in zip(sentence.tokens, sentence.tokens[1:], sentence.tokens[2:], strict=False):
            if (
                before.tag != "NNP"
                or before.span.end in ends
                or not particle.tag.startswith("JX")
                or before.span.end != particle.span.start
            ):
                continue
            if after.tag not in {"NNG", "NNP", "SL", "SH"} or text[particle.span.end : after.span.start] != " ":
                continue
            for hit in self._lexicon.match(text, before.span.start + 1, particle.span.end):
                places = all(self._lexicon.entries[id_].type in PLACES for id_ in hit.ids)
                if places and hit.span.end == particle.span.end and len(hit.span.of(text)) >= 2:
                    yield Span(before.span.start, particle.span.end)
                    break

    def _before_posts(self, text: str, sentence: Sentence, known: Mapping[Span, str]) -> Iterator[Span]:
        """Give words before [body] + post that can but be a name: 류더인 TSMC 회장, 공정 상하이 시장, 리훙중 서기."""
        words, tokens, first = sentence.words, sentence.tokens, 0
        for index, word in enumerate(words):
            while first < len(tokens) and tokens[first].span.start < word.start:
                first += 1
            if self._grammar.post_finals.isdisjoint(text[word.start : word.end]):
                continue
            post = self._grammar.post_of(self._stem(text, sentence, word, first))
            if post is None or post[1] == "calling":
                continue
            at = index - 1
            while at >= 0 and self._is_body(text, words[at], known):
                at -= 1
            bodies = index - 1 - at
            if at < 0 or any(span.overlaps(words[at]) for span in known):
                continue
            inside = [t for t in sentence.tokens if words[at].covers(t.span)]
            if self._entered.match(text, word.start + len(self._stem(text, sentence, word, first))):
                if (name := self._without_particle(text, words[at], inside)) is not None:
                    yield name
                continue
            crossing = [t for t in sentence.tokens if t.span.end <= words[at].end and t.span.end > words[at].start]
            last = crossing[-1] if crossing else None
            if bodies and last is not None and last.form in self._grammar.name_final and last.tag == "JKB":
                before = next((t for t in crossing if t.span.end == last.span.start), None)
                if before is not None and before.tag == "NNP" and len(before.span.of(text)) >= 4:
                    yield Span(before.span.start, last.span.end)
                    continue
            opens = self._opens(text, sentence, at)
            public = post[0] in self._grammar.public
            if len(inside) >= 1 and self._is_person(text, words[at], inside, bodies, opens):
                yield words[at]
            elif opens and (bodies or public) and self._second_subject(sentence, words[at], inside, word):
                yield words[at]

    def _without_particle(self, text: str, word: Span, inside: Sequence[Token]) -> Span | None:
        """Give the name of who takes a post, of which the analyser took the particle for the last syllable."""
        written = word.of(text)
        whole = len(inside) == 1 and inside[0].tag == "NNP" and inside[0].span == word
        if not whole or not 3 <= len(written) <= 8 or not _HANGUL.fullmatch(written):
            return None
        told = self._grammar.particle_tag(written[:-1], written[-1]) is not None
        return Span(word.start, word.end - 1) if told else None

    def _is_person(self, text: str, word: Span, inside: Sequence[Token], bodies: int, opens: bool) -> bool:
        """Tell whether a word that the analyser takes for other words has the shape of a person's name."""
        grammar = self._grammar
        written = word.of(text)
        if not opens or not 2 <= len(written) <= 4 or not _HANGUL.fullmatch(written):
            return False
        if len(inside) == 1 and inside[0].tag == "NNP":
            return False
        telling_nothing = (grammar.stop, grammar.generic, grammar.former, grammar.calling_before, grammar.posts)
        if any(written in words for words in telling_nothing):
            return False
        foreign = written[0] in grammar.family and any(syllable in grammar.sound for syllable in written[1:])
        if foreign and len(written) >= 3 or grammar.is_chinese_name(written):
            return True
        proper = len(inside) == 2 and inside[0].tag == "NNP" and inside[0].form in grammar.family  # 조+현 장관
        if not proper and not all(token.tag in _NOUN for token in inside) or grammar.heads_of(written):
            return False
        if not grammar.is_korean_name(written):
            return False
        return proper or bodies > 0 or len(written) == 3 and len(inside) > 1 and inside[0].tag in {"NNG", "NNP"}

    def _second_subject(self, sentence: Sentence, word: Span, inside: Sequence[Token], post: Span) -> bool:
        """Tell whether 이 after a family name would make a second subject: 대통령은 왕이 외교부장을 만났다.

        Or a subject right before a topic: 장관과 왕이 외교부장은 만났다.
        """
        if [t.tag for t in inside[1:]] != ["JKS"] or inside[0].form not in self._grammar.family:
            return False
        if any(t.tag == "JX" and t.form in ("은", "는") for t in sentence.tokens if post.covers(t.span)):
            return True
        for token in reversed([t for t in sentence.tokens if t.span.end <= word.start]):
            if token.tag in ("EC", "EF"):
                return False
            if token.tag in ("JX", "JKS"):
                return token.form in ("은", "는", "이", "가", "께서")
        return False

    def _opens(self, text: str, sentence: Sentence, at: int) -> bool:
        """Tell whether a phrase begins with a word: it is the first, or a particle, an ending or a comma is before."""
        if at == 0:
            return True
        before = sentence.words[at - 1]
        last = [t for t in sentence.tokens if before.covers(t.span)]
        return text[before.end - 1] in ",)）'’\"”…" or bool(last) and last[-1].tag.startswith(_PHRASE_ENDS)

    def _is_body(self, text: str, word: Span, known: Mapping[Span, str]) -> bool:
        """Tell whether a word is a body or place, or a word that may stand between it and the post (전, 수석)."""
        written = word.of(text)
        if written in self._grammar.former or any(
            span.start <= word.start and span.end >= word.end and type_ in SEATED for span, type_ in known.items()
        ):
            return True
        if _LATIN.fullmatch(written):
            return True
        heads = self._grammar.heads_of(written)
        return bool(heads) and heads[0].type in BODIES and heads[0].kind == "strong"

    @staticmethod
    def _stem(text: str, sentence: Sentence, word: Span, first: int = 0) -> str:
        """Give the nouns with which a word begins; no morpheme before the `first` lies in it."""
        start, stop = word
        end = start
        for at in range(first, len(sentence.tokens)):
            token = sentence.tokens[at]
            if token.span.start == end and token.tag in _NOUN and token.span.end <= stop:
                end = token.span.end
            elif token.span.start > end:
                break
        return text[start:end]

    def _buildings(self, text: str, sentence: Sentence, known: Mapping[Span, str]) -> Iterator[Span]:
        """Give names of buildings after a place that the analyser takes for other words: 장성 필암서원."""
        for before, word in pairwise(sentence.words):
            if known.get(before) not in PLACES or (end := self._grammar.building_in(word.of(text))) is None:
                continue
            span = Span(word.start, word.start + end)
            if any(t.tag not in _NOUN for t in sentence.tokens if span.covers(t.span)):
                yield span

    def _after_dots(self, text: str, sentence: Sentence) -> Iterator[Span]:
        """Give words after a middle dot, before the noun of an event, that the analyser takes apart: 오사카·간사이."""
        for match in _AFTER_DOT.finditer(text, sentence.span.start, sentence.span.end):
            span = Span(*match.span(1))
            inside = [t for t in sentence.tokens if span.covers(t.span)]
            head = self._grammar.heads_of(self._stem(text, sentence, Span(*match.span(2))))
            if head and head[0].type in EVENTS and any(t.tag not in _NOUN for t in inside):
                yield span


def _starts(text: str, sentence: Sentence) -> Iterator[int]:
    """Give where a run of 한글 begins in a sentence."""
    for match in _HANGUL.finditer(text, sentence.span.start, sentence.span.end):
        if match.start() == 0 or not _HANGUL.match(text[match.start() - 1]):
            yield match.start()
