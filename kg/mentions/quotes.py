"""Quoted titles, and what parentheses and ``이하`` teach about names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.mentions.candidates import LISTED, QUOTED, Candidate
from kg.mentions.grammar import BODIES, EVENTS, PLACES, POLICIES, NameGrammar
from kg.mentions.heads import HeadReader
from kg.model import Sentence, Span, Token

_QUOTES = re.compile(
    r"['‘’]([^'‘’\n]{2,60})['‘’]|[\"“”]([^\"“”\n]{2,60})[\"“”]|<([^<>\n]{2,60})>|〈([^〈〉\n]{2,60})〉"
    r"|《([^《》\n]{2,60})》|「([^「」\n]{2,60})」|『([^『』\n]{2,60})』|【([^【】\n]{2,60})】"
)
_CLAUSE = (
    "VV",
    "VA",
    "VX",
    "VCP",
    "VCN",
    "EF",
    "EC",
    "EP",
    "ETM",
    "ETN",
    "JKS",
    "JKO",
    "JX",
    "JKB",
    "JKQ",
    "IC",
    "NP",
    "SF",
    "MAG",
    "MAJ",
    "XSV",
    "XSA",
)
_SENTENCE = ("EF", "EP", "SF", "JKS", "JKQ", "IC", "VCP", "VCN", "MAJ")
_BEFORE = re.compile(r"([가-힣A-Za-z0-9]+) ?$")


def launched(grammar: NameGrammar) -> re.Pattern[str]:
    """Give what matches behind the name of goods: a particle and the verb of what is done with goods alone."""
    verbs, light = "|".join(grammar.launching), "|".join(grammar.light)
    between = "(?:[가-힣]{1,5} )?"
    active, passive = f"[을를] {between}(?:{verbs})(?:{light})", f"[이가은는] {between}(?:{verbs})[되됐된될돼]"
    return re.compile(f"(?:{active}|{passive})")


class QuoteReader:
    """Finds titles in quotes: nominal, never a clause."""

    def __init__(self, grammar: NameGrammar, heads: HeadReader) -> None:
        self._grammar = grammar
        self._heads = heads
        self._theme = re.compile(rf"(?:{'|'.join(grammar.theme_particles)}) ?(?:{'|'.join(grammar.theme_nouns)})")
        self._goods = (*grammar.novelties, *grammar.quoted)
        self._launched = launched(grammar)
        self._after = re.compile(rf"(?:{'|'.join(grammar.called)})? ?([가-힣]{{2,8}})")

    def read(self, text: str, sentence: Sentence) -> Iterator[Candidate]:
        """Give the quoted titles of a sentence, each without its quotes."""
        for match in _QUOTES.finditer(text, sentence.span.start, sentence.span.end):
            group = next(i for i, words in enumerate(match.groups(), 1) if words is not None)
            span = Span(*match.span(group))
            words = span.of(text)
            if words != words.strip():
                continue
            nominal = self._nominal(sentence, span)
            if self._theme.match(text, match.end()) and not (nominal and self._heads.quoted(words)):
                yield Candidate(span, "Topic", "quoted:theme", QUOTED)  # '바다를 다시 보다'를 주제로
            elif nominal:
                yield from self._titled(text, span, match.end(), sentence)
            elif self._nominal(sentence, span, _SENTENCE) and (head := self._heads.quoted(words)) is not None:
                if (
                    head.kind == "strong" or head.type in EVENTS | POLICIES
                ):  # '모두를 위한 인공지능 선언', '찾아가는 투자 세미나'
                    yield Candidate(span, head.type, f"quoted:{head.word}", QUOTED)

    def _titled(self, text: str, span: Span, end: int, sentence: Sentence) -> Iterator[Candidate]:
        words = span.of(text)
        if (head := self._heads.quoted(words)) is not None:
            yield Candidate(span, head.type, f"quoted:{head.word}", QUOTED)
            return
        before = _BEFORE.search(text, sentence.span.start, span.start - 1)
        if before is not None and (heads := self._grammar.heads_of(before[1])) and heads[0].type in EVENTS | POLICIES:
            yield Candidate(span, heads[0].type, f"quoted:{heads[0].word}", QUOTED)
            return
        proper = any(t.tag in {"NNP", "SL", "SH", "SN"} and span.covers(t.span) for t in sentence.tokens)
        if proper and before is not None and before[1].endswith(self._goods):  # not 반도체 '겨울'
            yield Candidate(span, "Product", "quoted:goods", QUOTED)
            return
        after = self._after.match(text, end)
        if after is not None:
            noun = next(
                (t for t in sentence.tokens if t.span.start == after.start(1) and t.tag in {"NNG", "NNP"}), None
            )
            if noun is not None:
                if (product := self._product(text, noun, sentence)) is not None:
                    yield Candidate(span, self._grammar.quoted[product], f"quoted:{product}", QUOTED)
                    return
                written = noun.span.of(text)
                found = self._grammar.heads.get(written)
                if found is not None and (
                    found[0].kind == "strong" or found[0].type not in BODIES | PLACES and found[0].kind == "weak"
                ):
                    if found[0].type == "Ceremony":  # the quoted name is what is opened, not the ceremony
                        whole = Span(span.start - 1, noun.span.end)
                        name = f"{words} {written}"
                        yield Candidate(whole, "Ceremony", f"quoted:{written}", QUOTED, name=name)
                    else:
                        yield Candidate(span, found[0].type, f"quoted:{written}", QUOTED)
                    return
                if (type_ := self._grammar.event_nouns.get(written)) in EVENTS and self._nominal(sentence, span):
                    yield Candidate(span, type_, f"quoted:{written}", QUOTED)  # '한빛 주간' 행사
                    return
                if (type_ := self._grammar.member_class(written)) is not None:
                    yield Candidate(span, type_, f"quoted:{written}", LISTED)
                    return
        if before is not None and (type_ := self._grammar.member_class(before[1])) in BODIES:
            yield Candidate(span, type_, f"quoted:{before[1]}", LISTED)
            return
        token = next((t for t in sentence.tokens if t.span.start >= end), None)
        if token is not None and token.span.start == end and token.tag in {"JKS", "JKO", "JX", "JKB", "JKG", "JC"}:
            if self._launched.match(text, end):
                yield Candidate(span, "Product", "quoted:launched", QUOTED)
            elif sum(t.tag in {"NNG", "NNP", "SL", "SH"} and span.covers(t.span) for t in sentence.tokens) >= 2:
                yield Candidate(span, "Topic", "quoted", LISTED)

    def _product(self, text: str, noun: Token, sentence: Sentence) -> str | None:
        """Give the noun that tells what the quoted words before it name, over the morphemes of one word (운영+체제)."""
        end = noun.span.start
        longest: str | None = None
        for token in sentence.tokens:
            if token.span.start == end and token.tag in {"NNG", "NNP", "SL"}:
                end = token.span.end
                if text[noun.span.start : end] in self._grammar.quoted:
                    longest = text[noun.span.start : end]
        return longest

    @staticmethod
    def _nominal(sentence: Sentence, span: Span, never: tuple[str, ...] = _CLAUSE) -> bool:
        """Tell whether a stretch is a noun phrase: no predicate, no case but the genitive, and a noun at its end.

        `never` are the tags that it must not have, where a predicate may modify that noun.
        """
        inside = [t for t in sentence.tokens if span.covers(t.span) and t.span.start < t.span.end]
        return (
            bool(inside)
            and all(t.tag not in never for t in inside)
            and inside[-1].tag in {"NNG", "NNP", "SL", "SH", "SN", "XSN", "SW"}
        )
