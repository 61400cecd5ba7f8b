"""Foreign persons by their full names: 올라프 숄츠, 사토 고지, 리프 부 탄(Lip-Bu Tan).

The analyser knows few of them and reads their words as whatever it knows (지나 is a verb, 고지 a noun). A common
given or family name in front tells the whole, where a post, Latin letters in a parenthesis or a particle shows
where it ends.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from kg.mentions.grammar import BODIES, NameGrammar
from kg.model import Sentence, Span, Token

_RUN = re.compile(r"[가-힣]+")
_WORD = re.compile(r"[가-힣]+|[A-Za-z][A-Za-z0-9&.-]*")
_LATIN = re.compile(r" ?[(（][A-Za-zÀ-ỹ][A-Za-zÀ-ỹ .'’-]+[)）]")
_HANJA = re.compile(r" ?[(（][\u3400-\u9fff\uf900-\ufaff]{3,6}[)）]")
_FULL = re.compile(r" ?[(（]([A-Z][A-Za-zÀ-ỹ.'’]*(?:[ -][A-Z][A-Za-zÀ-ỹ.'’]*){1,3})[)）]")
_AGE = re.compile(r"[(（]\d{1,2}[^()（）]{0,3}[)）]")
_JOINED = (" ", "·")
_BEFORE_LETTERS = frozenset(" (（")
_AND = "와과"
_LONGEST_NAME, _LONGEST_TITLE = 3, 6
_FAMILY = 2  # syllables of a family name before a particle, at least
_PARTICLES = ("JKS", "JKO", "JX", "JKG", "JC")


class ForeignNames:
    """Finds the full names of foreign persons in the characters of a sentence."""

    def __init__(self, grammar: NameGrammar) -> None:
        self._grammar = grammar

    def read(self, text: str, sentence: Sentence, known: Collection[Span]) -> list[Span]:
        """Give the names, none crossing another; `known` are stretches known as something else."""
        runs = [Span(*m.span()) for m in _RUN.finditer(text, sentence.span.start, sentence.span.end)]
        found: list[Span] = []
        for at in range(len(runs)):
            name = (
                self._by_father(text, sentence, runs, at, known)
                or self._by_first(text, sentence, runs, at, known)
                or self._by_letters(text, sentence, runs, at, known)
                or self._after_post(text, sentence, runs, at, known)
            )
            if name is not None and at and name.start == runs[at].start and self._goes_before(text, runs[at - 1], name):
                name = Span(runs[at - 1].start, name.end)
            if name is not None and not any(name.overlaps(other) for other in found):
                found.append(name)
        return found

    def _goes_before(self, text: str, word: Span, name: Span) -> bool:
        """Tell whether the first of two given names stands before the second: 장 도미니크 세나르."""
        second = name.of(text).partition(" ")[0] in self._grammar.foreign_given
        return second and word.of(text) in self._grammar.compound_given and word.end + 1 == name.start

    def type_of(self, text: str, name: Span) -> str:
        """Give the class of a foreign name's bearer: an official right after a post of the state."""
        before = text[max(0, name.start - 12) : name.start].split()
        return "Official" if before and before[-1] in self._grammar.public else "Person"

    def _by_father(
        self, text: str, sentence: Sentence, runs: Sequence[Span], at: int, known: Collection[Span]
    ) -> Span | None:
        """Give the name in which a word for son or daughter stands before that of the father: 가람 빈 나무르 알두라."""
        if at + 1 == len(runs) or runs[at + 1].of(text) not in self._grammar.son_of:
            return None
        words = [runs[at]]
        for word in runs[at + 1 : at + 1 + 2 * _LONGEST_NAME]:
            if text[words[-1].end : word.start] != " " or self._inflected(sentence, words[-1], _PARTICLES):
                break
            if not (word.of(text) in self._grammar.son_of or self._may_name(text, word, known)):
                break
            words.append(word)
        if len(words) < 3 or not self._may_name(text, words[0], known):
            return None
        while len(words) > 2 and not self._title_after(text, words[-1].end, known):
            words.pop()
        return Span(words[0].start, words[-1].end) if len(words) > 2 else None

    def _by_first(
        self, text: str, sentence: Sentence, runs: Sequence[Span], at: int, known: Collection[Span]
    ) -> Span | None:
        """Give the name that begins with a common foreign given or family name."""
        first = runs[at].of(text)
        given, family = first in self._grammar.foreign_given, first in self._grammar.japanese_family
        if not (given or family) or any(k.overlaps(runs[at]) for k in known):
            return None
        for last in range(at + 1, min(at + 1 + _LONGEST_NAME, len(runs))):
            word = runs[last]
            if last > at + 1 and (end := self._swallowed(text, runs[last - 1], known)) is not None:
                return Span(runs[at].start, end)
            if text[runs[last - 1].end : word.start] != " " or not self._may_name(text, word, known):
                return None
            if last > at + 1 and self._is_portfolio(text, sentence, word):
                return Span(runs[at].start, runs[last - 1].end)
            name = Span(runs[at].start, word.end)
            if _LATIN.match(text, word.end) or family and _HANJA.match(text, word.end):
                return name
            if not self._inflected(sentence, word, _PARTICLES):
                age = _AGE.match(text, word.end)
                if self._title_after(text, age.end() if age else word.end, known):
                    return name
                if given and last == at + 1 and self._unknown_body(text, word.end, known):
                    return name
            elif len(first) > 1 and last == at + 1 and (end := self._before_particle(sentence, word, family)):
                return Span(runs[at].start, end) if self._may_name(text, Span(word.start, end), known) else None
            elif self._is_post(word.of(text)[:-1]):
                return None  # 기시다 총리는 마크롱 …
        return None

    def _by_letters(
        self, text: str, sentence: Sentence, runs: Sequence[Span], at: int, known: Collection[Span]
    ) -> Span | None:
        """Give as many words before a parenthesis as it has, if a post is near: 주지사 가라 나무르(Gara Namur)."""
        end = runs[at].end
        match = _FULL.match(text, end) if text[end : end + 1] in _BEFORE_LETTERS else None
        if match is None:
            return None
        for count in sorted({len(re.split("[ -]", match[1])), len(match[1].split())}, reverse=True):
            first = at + 1 - count
            words = runs[max(first, 0) : at + 1]
            if first < 0 or any(text[a.end : b.start] != " " for a, b in pairwise(words)):
                continue
            inflected = any(self._inflected(sentence, word, ("J", "E")) for word in words[:-1])
            if inflected or not all(self._may_name(text, word, known) for word in words):
                continue
            titled = first > 0 and self._is_post(runs[first - 1].of(text)) and text[runs[first - 1].end] == " "
            if titled or self._title_after(text, match.end(), known):
                return Span(words[0].start, words[-1].end)
        return None

    def _after_post(
        self, text: str, sentence: Sentence, runs: Sequence[Span], at: int, known: Collection[Span]
    ) -> Span | None:
        """Give the Chinese name after a body or place and a post: 다롄시 당서기 후위팅이, 다롄시장 후위팅이."""
        word, grammar = runs[at], self._grammar
        if at < 1 or not word.of(text).startswith(grammar.chinese_family):
            return None
        post, body = runs[at - 1], runs[at - 2] if at > 1 else None
        glued = any(k.start == post.start and text[k.end : post.end] in grammar.public for k in known)  # 다롄+시장
        apart = body is not None and text[body.end : post.start] == " " and any(k.end == body.end for k in known)
        held = glued or apart and post.of(text) in grammar.public
        if not held or text[post.end : word.start] != " ":
            return None
        end = word.end
        if not _HANJA.match(text, end):
            tail = next((p for p in grammar.after_chinese if word.of(text).endswith(p)), "")
            end -= len(tail)
            if not tail and (particle := next((t for t in sentence.tokens if _ends_word(t, word)), None)) is not None:
                end = particle.span.start
        name = Span(word.start, end)
        inside = [t for t in sentence.tokens if t.span.overlaps(name)]
        unknown = len(inside) == 1 and end - word.start >= 4  # too long for a common noun of one morpheme
        common = all(t.tag in {"NNG", "XSN", "XPN"} for t in inside) and not unknown
        if not 2 < end - word.start < 6 or common or not self._may_name(text, name, known):
            return None
        return name

    def _may_name(self, text: str, word: Span, known: Collection[Span]) -> bool:
        grammar, written = self._grammar, word.of(text)
        return (
            len(written) <= 7
            and written not in grammar.stop
            and written not in grammar.former
            and written not in grammar.short_countries
            and not (self._is_post(written) or self._is_post(written[:-1]) and written[-1] in _AND)
            and not written.endswith(grammar.after_names)
            and not any(h.kind == "strong" or len(written) == len(h.word) for h in grammar.heads_of(written))
            and not any(k.overlaps(word) for k in known)
        )

    def _is_post(self, written: str) -> bool:
        return self._grammar.post_of(written) is not None

    def _title_after(self, text: str, end: int, known: Collection[Span]) -> bool:
        """Tell whether a post follows, after nothing but bodies, places and words like 전 and 수석."""
        for _ in range(_LONGEST_TITLE):
            word = self._next(text, end)
            if word is None:
                return False
            if self._starts_with_post(word.of(text)):
                return True
            if not self._is_title(text, word, known):
                return False
            end = word.end
        return False

    @staticmethod
    def _next(text: str, end: int) -> Span | None:
        """Give the word right after a blank or a middle dot."""
        match = _WORD.match(text, end + 1) if text[end : end + 1] in _JOINED and end < len(text) else None
        return Span(*match.span()) if match is not None else None

    def _is_title(self, text: str, word: Span, known: Collection[Span]) -> bool:
        """Tell whether a word may stand between a name and a post: a body or place, or 전, 수석 and the like."""
        grammar, written = self._grammar, word.of(text)
        if _RUN.match(written) is None or text[word.end : word.end + 1] == "·":
            return True
        after = self._next(text, word.end)
        office = len(written) >= 3 and written.endswith(grammar.ministries)
        return (
            written in grammar.former
            or written in grammar.grade
            or written in grammar.short_countries
            or any(k.start <= word.start and k.end >= word.end for k in known)
            or any(h.type in BODIES and h.kind != "ending" for h in grammar.heads_of(written))
            or (office and after is not None and after.of(text).startswith(grammar.ministers))
        )

    def _is_portfolio(self, text: str, sentence: Sentence, word: Span) -> bool:
        """Tell whether a compound noun is what a minister is for: 모하메드 알리 통상산업 장관."""
        inside = [t for t in sentence.tokens if t.span.overlaps(word)]
        after = self._next(text, word.end)
        compound = len(inside) > 1 and all(t.tag == "NNG" and t.span.end - t.span.start > 1 for t in inside)
        return compound and after is not None and after.of(text).startswith(self._grammar.ministers)

    def _starts_with_post(self, written: str) -> bool:
        """Tell whether a word is a post, alone, after a body's name or before a particle (총리는, 상무장관과)."""
        grammar = self._grammar
        for end in range(len(written), max(1, len(written) - 3), -1):
            post = grammar.post_of(written[:end])
            if post is not None and post[1] != "calling":
                return True
        return False

    def _unknown_body(self, text: str, end: int, known: Collection[Span]) -> bool:
        """Tell whether one unknown word and the post of a company follow: 한스 가르덴 누비스 CEO."""
        body = self._next(text, end)
        after = self._next(text, body.end) if body is not None else None
        if body is None or after is None or len(body.of(text)) < 2 or not self._may_name(text, body, known):
            return False
        return after.of(text).startswith(self._grammar.company_posts)

    def _swallowed(self, text: str, word: Span, known: Collection[Span]) -> int | None:
        """Give where a family name ends that the analyser took its particle for a part of: 안토니우 구테흐스가 …"""
        name = Span(word.start, word.end - 1)
        taken = text[name.end] in self._grammar.swallowed_particles and name.end - name.start >= _FAMILY
        return name.end if taken and self._may_name(text, name, known) else None

    @staticmethod
    def _before_particle(sentence: Sentence, word: Span, strict: bool) -> int | None:
        """Give where a word ends before its particle; if `strict`, the rest must be one proper noun to the analyser."""
        inside = [token for token in sentence.tokens if word.start <= token.span.start < word.end]
        stem = [token for token in inside if not token.tag.startswith("J")]
        if len(inside) == len(stem):
            return None
        sound = len(stem) == 1 and stem[0].tag == "NNP" if strict else all(_is_noun(token) for token in stem)
        return stem[-1].span.end if stem and sound else None

    @staticmethod
    def _inflected(sentence: Sentence, word: Span, tags: tuple[str, ...]) -> bool:
        """Tell whether a word ends in a morpheme of one of the tags."""
        return any(token.span.end == word.end and token.tag.startswith(tags) for token in sentence.tokens)


def _ends_word(token: Token, word: Span) -> bool:
    return token.span.end == word.end and token.span.start > word.start and token.tag[0] == "J"


def _is_noun(token: Token) -> bool:
    return token.tag[0] == "N" or token.tag in {"SL", "XSN", "XR"}
