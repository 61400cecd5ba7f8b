"""The shapes of personal names in runs of nouns: Korean, foreign by sound, Latin."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg.mentions.chains import Chain, Part
from kg.mentions.grammar import PEOPLE, NameGrammar
from kg.model import Span

_HANGUL = re.compile(r"[가-힣]+")
_HANGUL_WORDS = re.compile(r"[가-힣]{1,7}(?: [가-힣]{1,7}){1,2}")
_LATIN_NAME = re.compile(r"[A-Z][a-z'-]+|[A-Z]\.?")


class NameShapes:
    """Tells whether words look like a person's name; `known` are stretches known as something, with its class."""

    def __init__(self, grammar: NameGrammar) -> None:
        self._grammar = grammar

    def ends_at(self, chain: Chain, at: int, known: Mapping[Span, str], trusted: bool = False) -> Span | None:
        """Give the name that ends at a word of the run.

        It is Korean, foreign in one to four words, Latin, or a family name alone.
        """
        part = chain[at]
        grammar = self._grammar
        if part.text in grammar.posts or self.is_known(part, known):
            return None
        if len(part.text) > 1 and (part.text in grammar.stop or part.text in grammar.former):
            return None
        if len(part.text) > 4 and not part.tail and part.text.endswith(grammar.owners):
            return None  # 블랙스톤의 회장: the analyser takes the particle for a part of the unknown name
        if any(head.type == "PoliticalParty" for head in grammar.heads_of(part.text)):
            return None
        if len(part.text) == 1:
            before = chain[at - 1] if at else None
            if before is not None and part.units[0].tag == "NNP" and self._short_first(before, known):
                return Span(before.span.start, part.span.end)
            return part.span if part.text in grammar.short and (part.units[0].tag in {"NNP", "MM"} or trusted) else None
        if (
            not trusted
            and grammar.heads_of(part.text)
            and not grammar.is_korean_name(part.text)
            and not self._is_foreign_word(part)
        ):
            return None
        if len(part.units) == 1 and _HANGUL_WORDS.fullmatch(part.text):
            return part.span
        if self.full(part, part.span) and part.text not in grammar.generic:
            return part.span
        if (
            trusted
            and _HANGUL.fullmatch(part.text)
            and len(part.text) <= 4
            and part.text not in grammar.generic
            and at == 0
        ):
            return part.span
        if not self.foreign(part, trusted):
            return None
        start = part.span.start
        for before in reversed(chain[max(0, at - 3) : at]):
            if before.tail or before.parenthesis or self.is_known(before, known) or not self.foreign(before, False):
                break
            if (
                grammar.heads_of(before.text)
                and not self._is_foreign_word(before)
                or grammar.post_of(before.text)
                or before.text in grammar.stop
            ):
                break
            start = before.span.start
        return Span(start, part.span.end)

    def _short_first(self, part: Part, known: Mapping[Span, str]) -> bool:
        """Tell whether a word may be the first name before a surname of one syllable: 팀 쿡, 빌 게이츠."""
        fits = (
            _HANGUL.fullmatch(part.text) is not None and len(part.text) <= 4 and not part.tail and not part.parenthesis
        )
        return (
            fits
            and not self.is_known(part, known)
            and part.text not in self._grammar.stop
            and part.text not in self._grammar.generic
            and part.text not in self._grammar.former
            and self._grammar.post_of(part.text) is None
            and not self._grammar.heads_of(part.text)
        )

    def _is_foreign_word(self, part: Part) -> bool:
        """Tell whether a head at a word's end is but a syllable of a foreign name: one proper noun, a weak ending.

        A long word that ends like an office is one (경제개발청).
        """
        heads = self._grammar.heads_of(part.text)
        if len(part.text) > 4 and any(h.type == "GovernmentBody" for h in heads):
            return False
        short = all(h.kind == "ending" or len(h.word) == 1 for h in heads)
        return len(part.units) == 1 and part.units[0].tag == "NNP" and short

    def full(self, part: Part, span: Span) -> bool:
        """Tell whether a stretch is a full Korean name: by its shape, and not a common noun to the analyser."""
        words = part.text[: span.end - part.span.start]
        if not self._grammar.is_korean_name(words):
            return False
        units = [unit for unit in part.units if unit.span.start < span.end]
        if len(units) == 1:
            return units[0].tag == "NNP"
        return (
            units[0].tag in {"NNP", "MM"}
            and units[0].span.end - units[0].span.start <= 2
            or part.parenthesis is not None
        )

    def foreign(self, part: Part, trusted: bool) -> bool:
        """Tell whether a word looks like a name in Hangul by its sound, or in Latin letters."""
        if _LATIN_NAME.fullmatch(part.text):
            return True
        if not _HANGUL.fullmatch(part.text) or len(part.text) > 8:
            return False
        return part.units[0].tag == "NNP" and (len(part.units) == 1 or len(part.text) >= 3) or (trusted and part.proper)

    def leads(self, part: Part, known: Mapping[Span, str]) -> bool:
        """Tell whether the first word of a run is a person: 오금경 in 오금경 …센터 집행사장."""
        return (
            not part.tail
            and not self.is_known(part, known)
            and (self.full(part, part.span) or part.parenthesis is not None and self.foreign(part, False))
            and len(part.text) >= 3
        )

    def two_words(self, chain: Chain, index: int, known: Mapping[Span, str]) -> bool:
        """Tell whether two proper nouns stand together and neither is anything else: a foreign name."""
        if index + 1 >= len(chain) or (index and not self._grammar.post_of(chain[index - 1].text)):
            return False
        pair = chain[index : index + 2]
        if len(chain) > index + 2:
            return False
        return not pair[0].parenthesis and all(
            _HANGUL.fullmatch(p.text)
            and len(p.units) == 1
            and p.units[0].tag == "NNP"
            and not self.is_known(p, known)
            and not any(h.kind != "ending" for h in self._grammar.heads_of(p.text))
            for p in pair
        )

    @staticmethod
    def is_known(part: Part, known: Mapping[Span, str]) -> bool:
        """Tell whether any of a word is known as something other than a person."""
        return any(span.overlaps(part.span) and type_ not in PEOPLE for span, type_ in known.items())
