"""Words cut into units: a noun phrase's word with its particle, a predicate with its endings, a modifier.

A unit is mostly one word (어절); a word with a predicate in the middle (``"…다"고``) stays one
unit, a word that goes on after a particle or an ending is cut.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest

from kg.clauses.grammar import plain
from kg.model import Sentence, Span, Token

_NOUN = ("NNG", "NNP", "NNB", "NR", "NP", "SL", "SH", "SN", "XPN", "XSN", "XR", "SW", "W_", "SB", "NA", "UN")
_PARTICLES = ("JKS", "JKC", "JKG", "JKO", "JKB", "JKV", "JX", "JC")
_SYMBOLS = ("SF", "SP", "SE", "SO", "SSO", "SSC", "SS", "SW", "SB")
_STEMS = ("VV", "VA", "VX", "VCP", "VCN", "XSV", "XSA")


@dataclass(frozen=True)
class Unit:
    """One word's worth of a sentence.

    `kind` is ``noun``, ``predicate``, ``modifier`` (관형사) or ``adverb``. `content` is the words without
    particle, endings and closing punctuation; `case` the grammatical case that the particle
    marks (``subject``, ``object``, ``adverbial``, ``topic``, ``genitive``, ``conjunct``, ``complement``, ``bare`` …);
    `stem` the place of a predicate's stem in `tokens`, `ending` of its last ending. `marked` tells that a
    topic or focus particle follows the case particle (``에서는``). `quotes` are the numbers of the quotations
    that the unit stands in, the outermost first.
    """

    index: int
    tokens: tuple[Token, ...]
    first: int
    kind: str
    case: str
    particle: str
    content: Span
    comma: bool
    stem: int = -1
    ending: int = -1
    quoted: bool = False
    marked: bool = False
    quotes: tuple[int, ...] = ()

    @cached_property
    def span(self) -> Span:
        """Give the stretch from the first to the last character of the unit."""
        return Span(self.tokens[0].span.start, max(token.span.end for token in self.tokens))

    @property
    def nominal(self) -> bool:
        """Tell whether a noun is the unit's content (a copula's complement is)."""
        return self.kind == "noun" or (self.kind == "predicate" and self.tokens[self.stem].tag == "VCP")

    @cached_property
    def noun(self) -> str:
        """Give the unit's last noun with its suffixes, without the plural (가능성, 기업)."""
        tokens = [t for t in self.tokens if t.span.end <= self.content.end]
        at = len(tokens)
        while at > 0 and (tokens[at - 1].tag[0] == "S" or plain(tokens[at - 1].form) == "들"):
            at -= 1
        end = at
        while at > 0 and tokens[at - 1].tag == "XSN":
            at -= 1
        return "".join(plain(t.form) for t in tokens[max(at - 1, 0) : end])


def cut(
    sentence: Sentence, swallowed: Mapping[str, str] | None = None, ends: Mapping[int, str] | None = None
) -> list[Unit]:
    """Cut a sentence into its units, in order; every token is in exactly one.

    The analyser sometimes takes a particle for a part of an unknown name. `ends` maps where a known mention ends
    inside a word to the particle that is left of the word there; `swallowed` maps nouns that are a name's last syllable
    with its particle (시가 = 시 + 가) to the particle.
    """
    units: list[Unit] = []
    start = 0
    tokens = sentence.tokens
    for at in range(1, len(tokens) + 1):
        if at == len(tokens) or tokens[at].word != tokens[at - 1].word or _breaks(tokens, start, at):
            units.append(_unit(len(units), tokens[start:at], start))
            start = at
    units = [_mended(unit, tokens, swallowed or {}, ends or {}) for unit in units]
    return _with_titles(_with_quotes([_filled(unit) for unit in units]))


def _with_titles(units: list[Unit]) -> list[Unit]:
    """Give the word that ends a title as a noun, where another noun goes on from it ('함부로 애틋하게' 주연으로).

    A quotation of what somebody said ends its sentence, or has a particle after it.
    """
    for at, unit in enumerate(units):
        if not _ends_title(unit, units[at + 1] if at + 1 < len(units) else None):
            continue
        content = Span(unit.content.start, max(t.span.end for t in unit.tokens[: unit.ending + 1]))
        units[at] = replace(unit, kind="noun", case="bare", particle="", content=content, stem=-1, ending=-1)
        before = at - 1
        while before >= 0 and units[before].kind == "adverb" and set(units[before].quotes) & set(unit.quotes):
            units[before] = replace(units[before], kind="modifier")
            before -= 1
    return units


def _ends_title(unit: Unit, following: Unit | None) -> bool:
    if unit.kind != "predicate" or following is None or following.kind != "noun" or unit.comma or unit.quoted:
        return False
    tail = unit.tokens[unit.ending + 1 :]
    closed = bool(tail) and all(t.form in _TITLE_CLOSING for t in tail)
    return closed and not set(following.quotes) & set(unit.quotes)


_TITLE_CLOSING = frozenset("’'」』》〉")


def whole_names(sentence: Sentence, names: Sequence[Span]) -> Sentence:
    """Give the sentence with one proper noun for each name that the analyser took apart into a verb and its endings.

    (A name may be or end like a word: 류더인 is no 류더이다, and 지난에서 is in a city.)
    """
    tokens = list(sentence.tokens)
    for name in sorted(names, reverse=True):
        inside = [at for at, token in enumerate(tokens) if name.covers(token.span)]
        if not inside or not any(tokens[at].tag in _STEMS or tokens[at].tag[0] in "EJM" for at in inside):
            continue
        first, last = inside[0], inside[-1]
        if tokens[first].span.start == name.start and max(tokens[at].span.end for at in inside) == name.end:
            form = "".join(plain(tokens[at].form) for at in inside)
            tokens[first : last + 1] = [Token(form, "NNP", name, tokens[last].word)]
    return replace(sentence, tokens=tuple(tokens))


_OPEN_STEM = re.compile(
    ".*[" + "".join(chr(0xAC00 + (i * 21 + v) * 28) for i in range(19) for v in (0, 1, 4, 5, 6)) + "]"
)
"""Stems that end in ㅏ, ㅐ, ㅓ, ㅔ or ㅕ, in which -아 and -어 are lost."""


def _with_endings(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Give tokens with the -어 of a verb that ends a word without one (만나 공급망을), as elsewhere."""
    whole: list[Token] = []
    for token, following in zip_longest(tokens, tokens[1:]):
        whole.append(token)
        ends = token.tag == "VV" and following is not None and following.span.start > token.span.end
        if ends and _OPEN_STEM.fullmatch(token.form):
            whole.append(Token("어", "EC", Span(token.span.end - 1, token.span.end), token.word))
    return tuple(whole)


def with_links(sentence: Sentence) -> Sentence:
    """Give the sentence with the links that the analyser leaves out or takes for nouns: 만나 공급망을; 오르는데,."""
    tokens = _with_endings(sentence.tokens)
    at = [
        n
        for n in range(1, len(tokens) - 1)
        if tokens[n].tag == "NNB"
        and plain(tokens[n].form) == "데"
        and tokens[n - 1].tag == "ETM"
        and tokens[n - 1].word == tokens[n].word
        and tokens[n + 1].tag == "SP"
    ]
    row = list(tokens)
    for n in reversed(at):
        span = Span(row[n - 1].span.start, row[n].span.end)
        row[n - 1 : n + 1] = [Token(f"{row[n - 1].form}데", "EC", span, row[n].word)]
    return replace(sentence, tokens=tuple(row))


def _filled(unit: Unit) -> Unit:
    """Give the unit with a content of at least one character: an elided copula leaves the word itself."""
    if unit.content.end > unit.content.start:
        return unit
    return replace(unit, content=Span(unit.span.start, max(unit.span.end, unit.span.start + 1)))


def _mended(unit: Unit, tokens: Sequence[Token], swallowed: Mapping[str, str], ends: Mapping[int, str]) -> Unit:
    """Give the unit with the particle that the analyser took for a part of the name."""
    if unit.kind != "noun" or unit.case != "bare":
        return unit
    last = next((t for t in reversed(unit.tokens) if t.tag not in _SYMBOLS), unit.tokens[-1])
    end, particle = unit.content.end, ""
    before = tokens[unit.first + unit.tokens.index(last) - 1] if unit.first + unit.tokens.index(last) > 0 else None
    if plain(last.form) in swallowed and before is not None and before.tag == "NNP":
        particle = swallowed[plain(last.form)]
        end = last.span.end - len(particle)
    for at in range(unit.content.end - 1, max(unit.content.start, unit.content.end - 4), -1):
        if at in ends:
            end, particle = at, ends[at]
    case = PARTICLES.get(particle)
    if case is None or end <= unit.content.start:
        return unit
    return replace(unit, case=case, particle=particle, content=Span(unit.content.start, end))


PARTICLES = {
    "이": "subject",
    "가": "subject",
    "께서": "subject",
    "을": "object",
    "를": "object",
    "은": "topic",
    "는": "topic",
    "도": "focus",
    "만": "focus",
    "의": "genitive",
    "에": "adverbial",
    "에서": "adverbial",
    "에게": "adverbial",
    "로": "adverbial",
    "으로": "adverbial",
    "와": "adverbial",
    "과": "adverbial",
}
"""What case a particle marks, for words that the analyser left whole."""


_CLOSING = frozenset("”’\"'」』)>》〉")
_QUOTES = {
    "“": '”"',
    "‘": "’'",
    '"': '"”',
    "'": "'’",
    "`": "'’`",
    "「": "」",
    "『": "』",
    "(": ")",
    "[": "]",
    "（": "）",
}
"""What closes an opening mark; news mixes straight and curly quotation marks (\"…”)."""


def _with_quotes(units: list[Unit]) -> list[Unit]:
    """Number the closed quotations and brackets, and note for every unit which ones it stands in."""
    opened: list[tuple[str, int, int]] = []
    inside: list[list[int]] = [[] for _ in units]
    number = 0
    for unit in units:
        for token in unit.tokens:
            if token.tag not in ("SSO", "SSC", "SS", "SW", "SY"):
                continue
            mark = token.form
            if opened and mark in _QUOTES[opened[-1][0]] and token.tag != "SSO":
                _, start, own = opened.pop()
                if start != unit.index:
                    for at in range(start, unit.index + 1):
                        inside[at].append(own)
            elif mark in _QUOTES and token.tag != "SSC" and len(opened) < 6:
                opened.append((mark, unit.index, number))
                number += 1
    return [replace(unit, quotes=tuple(sorted(inside[unit.index]))) if inside[unit.index] else unit for unit in units]


def _breaks(tokens: Sequence[Token], start: int, at: int) -> bool:
    """Tell whether a new unit begins inside a word: content after a particle or a closing ending."""
    before, here = tokens[at - 1], tokens[at]
    if here.span.end <= here.span.start:  # an elided morpheme (자매(이)다) is no word of its own
        return False
    if before.tag == "ETM" and here.tag in ("NNG", "NNP") and _inside_a_noun(tokens, start, at):
        return False
    closed = before.tag in ("JKS", "JKO", "JKG", "ETM", "EC", "JX", "JKB") and before.span.end > before.span.start
    if closed and here.tag in ("VV", "VA", "VX", "MM", "MAG", "NNP", "NNG", "NP", "SSO"):
        return True
    if before.tag == "ETN" and here.tag == "VV" and before.span.end > before.span.start:  # 되기위해
        return True
    if before.tag == "ETM" and here.tag == "NNB" and before.span.end > before.span.start:
        return at + 1 == len(tokens) or tokens[at + 1].tag not in ("XSA", "XSV")  # 끝나는대로, not 온듯하다
    if before.tag == "SE" and here.tag not in _SYMBOLS:
        return True
    return before.tag == "EF" and here.tag in ("NNP", "NNG", "MM", "MAG", "NP")


def _inside_a_noun(tokens: Sequence[Token], start: int, at: int) -> bool:
    """Tell whether the analyser found a verb inside a compound noun: nouns on both sides, no space (층간소음)."""
    return at - start >= 3 and tokens[at - 2].tag == "VV" and tokens[at - 3].tag in ("NNG", "NNP")


def _unit_sign(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a symbol is the unit of the number before it (2.2%), and so no punctuation."""
    return tokens[at].tag == "SW" and tokens[at - 1].tag == "SN"


def _unit(index: int, tokens: tuple[Token, ...], first: int) -> Unit:
    end = len(tokens)
    comma = False
    while end > 1 and tokens[end - 1].tag in _SYMBOLS and not _unit_sign(tokens, end - 1):
        comma = comma or (tokens[end - 1].tag == "SP" and tokens[end - 1].form in (",", "、", "，"))
        end -= 1
    stem = _stem(tokens, end)
    if stem >= 0 and not _cited(tokens[stem:end]):
        return _predicate(index, tokens, first, end, stem, comma)
    # Particles at the end, looking through closing marks between noun and particle ('…'을).
    at = end
    particles: list[Token] = []
    while at > 0 and (tokens[at - 1].tag in _PARTICLES or tokens[at - 1].tag in ("JKQ", "Z_CODA")):
        particles.insert(0, tokens[at - 1])
        at -= 1
    at += _of_the_name(particles)
    content_end = at
    while content_end > 1 and tokens[content_end - 1].tag in ("SP", "SE", "SF") and not particles:
        content_end -= 1
    head = next((t for t in reversed(tokens[:content_end]) if t.tag not in _SYMBOLS), tokens[0])
    content = Span(tokens[0].span.start, max(t.span.end for t in tokens[: max(content_end, 1)]))
    case, particle = _case(particles)
    if particle == "같이" and len(tokens[:end]) == 2 and head.tag in ("NP", "MM"):  # 이같이 is an adverb
        return Unit(index, tokens, first, "adverb", "", "", content, comma)
    if content_end == 0 and particles:  # a stray particle: nothing that could fill a role
        return Unit(index, tokens, first, "adverb", "", "", content, comma)
    if head.tag in _NOUN or particles and (case in _NOMINAL or head.tag not in ("MAG", "MAJ", "IC")):
        if any(p.tag == "JKQ" for p in particles):
            return Unit(index, tokens, first, "noun", "quotation", particle, content, comma, quoted=True)
        marked = case in ("adverbial", "object") and particles[-1].tag == "JX"
        return Unit(index, tokens, first, "noun", case, particle, content, comma, marked=marked)
    if head.tag in ("MAG", "MAJ", "IC"):
        return Unit(
            index,
            tokens,
            first,
            "adverb",
            case if case not in ("bare", "topic", "focus") else "",
            particle,
            content,
            comma,
        )
    if head.tag == "MM":
        return Unit(index, tokens, first, "modifier", "", "", content, comma)
    return Unit(index, tokens, first, "noun", "bare" if not particles else case, particle, content, comma)


def _stem(tokens: Sequence[Token], end: int) -> int:
    """Find the stem of the last predicate of a word, or -1 if the word is no predicate."""
    at = end
    seen = False
    while at > 0:
        tag = tokens[at - 1].tag
        if tag.startswith("E"):
            seen = True
        elif tag in _STEMS:
            return at - 1 if seen and not _indefinite(tokens, at - 1) else -1
        elif not (tag.startswith("J") or tag in _SYMBOLS or tag == "MAG" and seen):
            return -1
        at -= 1
    return -1


def _indefinite(tokens: Sequence[Token], copula: int) -> bool:
    """Tell whether a copula only makes an indefinite pronoun of a question word (누군가 왔다; not 그는 누군가?)."""
    question = plain(tokens[copula - 1].form) if copula else ""
    ending = [plain(t.form) for t in tokens[copula + 1 :] if t.tag in ("EC", "EF")]
    plainly = all(t.tag not in ("JKQ", "SF") for t in tokens[copula + 1 :])
    return tokens[copula].tag == "VCP" and question in _QUESTION_WORDS and ending == ["ㄴ가"] and plainly


_QUESTION_WORDS = frozenset({"누구", "무엇", "무어", "뭐", "어디", "언제"})


def _cited(tokens: Sequence[Token]) -> bool:
    """Tell whether words close a title or saying with a case particle ('… 부탁해'에서): a noun, whatever it says."""
    closed = next((i for i, t in enumerate(tokens) if t.tag in ("SSC", "SS", "SW") and t.form in _CLOSING), len(tokens))
    return any(t.tag in ("JKS", "JKO", "JKB", "JKG", "JC") for t in tokens[closed:])


def _predicate(index: int, tokens: tuple[Token, ...], first: int, end: int, stem: int, comma: bool) -> Unit:
    ending = next(i for i in range(end - 1, -1, -1) if tokens[i].tag.startswith("E"))
    particles = [t for t in tokens[ending + 1 : end] if t.tag in _PARTICLES]
    quoted = any(t.tag == "JKQ" for t in tokens[ending + 1 : end])
    if tokens[ending].tag == "EC" and any(t.tag == "EF" for t in tokens[stem:ending]):
        quoted = True
    case, particle = _case(particles) if tokens[ending].tag == "ETN" else ("", "")
    start = tokens[stem].span.start
    if tokens[stem].tag in ("XSV", "XSA", "VCP"):
        before = [t for t in tokens[:stem] if t.tag not in _SYMBOLS or t.tag == "SW"]
        content = Span(before[0].span.start, before[-1].span.end) if before else Span(start, tokens[stem].span.end)
    else:
        content = Span(start, tokens[stem].span.end)
    return Unit(index, tokens, first, "predicate", case, particle, content, comma, stem, ending, quoted)


def _of_the_name(particles: list[Token]) -> int:
    """Take out a 이 that another case particle follows (사랑이를): it belongs to the name; give how many are taken."""
    if len(particles) > 1 and particles[0].tag in ("JKS", "JKC") and particles[1].tag in _CASES:
        del particles[0]
        return 1
    return 0


_NOMINAL = ("subject", "object", "adverbial", "genitive")
"""Cases that make a noun of an adverb (모두가), or show that the analyser took a noun for one."""


_CASES = {
    "JKS": "subject",
    "JKO": "object",
    "JKB": "adverbial",
    "JKG": "genitive",
    "JC": "conjunct",
    "JKC": "complement",
    "JKV": "vocative",
}


_CONTRACTED = {"서": "에서"}
"""Particles that headlines shorten."""


def _case(particles: Sequence[Token]) -> tuple[str, str]:
    """Give the case that a run of particles marks, and the particle that marks it, as it stands."""
    if particles and particles[-1].tag == "JKG":
        if particles[-1].form == "에":  # the analyser takes 기사들에 for a misspelt 기사들의
            return "adverbial", "에"
        return "genitive", "의"
    for token in particles:
        if token.tag in _CASES:
            return _CASES[token.tag], _CONTRACTED.get(plain(token.form), plain(token.form))
    if not particles:
        return "bare", ""
    form = plain(particles[-1].form)
    if any(plain(token.form) in ("은", "는", "ㄴ") for token in particles):
        return "topic", form
    return "focus", form
