"""Runs of nouns: what stands between two particles, which is where a name must lie.

The analyser's word is taken with care. It splits unknown names, swallows their last
syllable into a particle and reads their first as a determiner; where the characters tell
more (a parenthesis right after a word, a place of the lexicon at its end), they win.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.mentions.grammar import NameGrammar
from kg.model import Sentence, Span, Token

_NOUN = frozenset({"NNG", "NNP", "SL", "SH", "XPN", "XSN", "XR"})
_JOINER = re.compile(r"[+&·ㆍᆞ・‧./-]")
_DOTS = frozenset("·ㆍᆞ・‧∼~")
_OPEN, _CLOSE = "(（", ")）"
_PROPER = frozenset({"NNP", "SL", "SH", "W_SERIAL"})
IN_HANJA = re.compile(r"[(（][\u3400-\u9fff\uf900-\ufaff]{2,6}[)）]")
"""A word in parentheses and in Chinese characters, which glosses a name: 김가람(金加藍)."""
_IN_PARENTHESIS = re.compile(r"[(（]([^()（）]{1,40})[)）]")


class Unit(NamedTuple):
    """A noun morpheme, or characters that are one name whatever the analyser says."""

    span: Span
    tag: str

    @property
    def proper(self) -> bool:
        """Tell whether it is a proper noun or in letters other than Hangul."""
        return self.tag in _PROPER


class Part(NamedTuple):
    """The nouns of one word (어절), with the parenthesis right after them, if there is one.

    `tail` is the form and tag of the morpheme that follows in the word (``은/JX``, ``이/VCP``),
    empty if none does.
    """

    span: Span
    units: tuple[Unit, ...]
    text: str
    parenthesis: Span | None = None
    tail: str = ""

    @property
    def proper(self) -> bool:
        """Tell whether any of it is a proper noun."""
        return any(unit.proper for unit in self.units)


Chain = tuple[Part, ...]


def chains(text: str, sentence: Sentence, grammar: NameGrammar, names: Sequence[Span] = ()) -> tuple[Chain, ...]:
    """Give the runs of nouns of a sentence; `names` are stretches that are one noun each.

    A run ends at a particle, a verb, punctuation, or a counter after a number. A parenthesis
    right after a word does not end it; what stands inside is a run of its own.
    """
    tokens = _forced(text, sentence, names, grammar)
    inside: list[Chain] = []
    outer = _split(text, tokens, inside, grammar)
    return tuple(sorted((*outer, *inside), key=lambda chain: chain[0].span))


def _forced(text: str, sentence: Sentence, names: Sequence[Span], grammar: NameGrammar) -> list[Token]:
    """Put a proper noun in the place of the morphemes that lie in a stretch known to be a name."""
    kept = sorted(names)
    tokens: list[Token] = []
    for token in sentence.tokens:
        inside = next((name for name in kept if name.overlaps(token.span)), None)
        if inside is None:
            tokens.append(token)
            continue
        if token.span.start < inside.start and token.tag in _NOUN:
            tokens.append(
                Token(
                    text[token.span.start : inside.start], token.tag, Span(token.span.start, inside.start), token.word
                )
            )
        if not tokens or tokens[-1].span != inside:
            tokens.append(Token(inside.of(text), "NNP", inside, token.word))
        if token.span.end > inside.end and not any(name.start == inside.end for name in kept):
            rest = Span(inside.end, token.span.end)
            tag = token.tag if token.tag != "NNP" else grammar.particle_tag(inside.of(text), rest.of(text)) or "NNG"
            tokens.append(Token(rest.of(text), tag, rest, token.word))
    return tokens


def _split(text: str, tokens: Sequence[Token], inside: list[Chain], grammar: NameGrammar) -> Iterator[Chain]:
    parts: list[Part] = []
    units: list[Unit] = []
    at, count = 0, len(tokens)

    def close(parenthesis: Span | None = None, tail: str = "") -> None:
        if units:
            span = Span(units[0].span.start, units[-1].span.end)
            parts.append(Part(span, tuple(units), span.of(text), parenthesis, tail))
            units.clear()

    while at < count:
        token = tokens[at]
        if (
            units
            and text[units[-1].span.end : token.span.start].strip(" ") == ""
            and units[-1].span.end < token.span.start
        ):
            close()
        elif units and "\n" in text[units[-1].span.end : token.span.start]:
            close()
            yield from _chain(parts)
        if (parts or units) and token.form in _OPEN:
            end = next((k for k in range(at + 1, min(count, at + 20)) if tokens[k].form in _CLOSE), None)
            if end is not None:
                whole = Span(token.span.start, tokens[end].span.end)
                inside.extend(_split(text, tokens[at + 1 : end], inside, grammar))
                if units:
                    close(parenthesis=whole)
                elif parts:
                    last = parts.pop()
                    parts.append(Part(last.span, last.units, last.text, whole, last.tail))
                at = end + 1
                continue
        if units and token.span.of(text) in _DOTS and _separates(units, tokens, at, text, grammar):
            close(tail=",/SP")
            yield from _chain(parts)
            at += 1
            continue
        if _is_noun(tokens, at, units, text, grammar):
            if not units or token.span.end > units[-1].span.end:
                units.append(Unit(token.span, token.tag))
            at += 1
            continue
        glued = bool(units) and units[-1].span.end >= token.span.start
        tail = f"{token.form}/{token.tag}"
        if glued or units:
            close(tail=tail if glued or token.form in grammar.honorific and token.tag == "NNB" else "")
        elif parts and token.tag == "NNB" and token.form in grammar.honorific:
            last = parts.pop()
            parts.append(Part(last.span, last.units, last.text, last.parenthesis, tail))
        elif parts and parts[-1].parenthesis and parts[-1].parenthesis.end == token.span.start:
            last = parts.pop()
            parts.append(Part(last.span, last.units, last.text, last.parenthesis, tail))
        yield from _chain(parts)
        at += 1
    close()
    yield from _chain(parts)


def _separates(units: Sequence[Unit], tokens: Sequence[Token], at: int, text: str, grammar: NameGrammar) -> bool:
    """Tell whether a middle dot stands between two names (삼성·현대차) or after a post, not inside one (한·중)."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    before = units[-1]
    long = before.span.end - before.span.start >= 2
    post = before.span.of(text) in grammar.posts and after is not None and after.tag == "NNP"
    return after is not None and (before.proper or post) and long and after.tag in {"NNP", "SL", "NNG"}


def _chain(parts: list[Part]) -> Iterator[Chain]:
    if parts:
        yield tuple(parts)
        parts.clear()


def _is_noun(tokens: Sequence[Token], at: int, units: Sequence[Unit], text: str, grammar: NameGrammar) -> bool:
    """Tell whether a morpheme belongs to a run of nouns, by its tag and its neighbours."""
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    before = tokens[at - 1] if at else None
    if token.tag == "XSN":
        return bool(units) and units[-1].span.end == token.span.start
    if token.tag in _NOUN or token.tag == "W_SERIAL":
        return True
    if token.tag in {"MM", "NR", "MAG", "IC", "NP"} and after is not None and after.tag in _NOUN and not units:
        first = before is None or before.span.end < token.span.start
        if first and token.span.end == after.span.start and token.span.end - token.span.start == 1:
            return True
    if token.tag == "MM" and token.form in grammar.ordinal and after is not None and after.tag == "SN":
        return after.span.start == token.span.end  # 제2터널
    if token.tag == "MM" and token.form in grammar.former:
        return bool(after is not None and after.tag in _NOUN and text[token.span.end : after.span.start] == " ")
    if token.tag == "SN":
        counted = after is not None and after.tag == "NNB" and after.form not in grammar.counted
        counted = counted or after is not None and after.form in grammar.more and after.span.start == token.span.end
        return not counted and (after is None or after.tag not in {"NR", "SW"} or after.form in "+")
    if token.tag == "NNB":
        if before is not None and before.tag == "SN" and token.form in grammar.counted:
            numbered = at >= 2 and tokens[at - 2].tag == "XPN"
            return numbered or (after is not None and after.tag in _NOUN and token.form not in grammar.numbered_only)
        return False
    if token.span.start < token.span.end and _JOINER.fullmatch(token.span.of(text)):
        left = bool(units) and units[-1].span.end == token.span.start
        if token.form == "+":
            return left
        right = after is not None and (after.tag in _NOUN or after.tag == "SN") and after.span.start == token.span.end
        if token.form in "./-":
            right = (
                right
                and after is not None
                and after.tag in {"SL", "SN"}
                and units[-1:] != []
                and units[-1].tag in {"SL", "SN"}
            )
        return left and right
    return False
