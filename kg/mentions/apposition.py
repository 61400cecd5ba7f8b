"""Names told by the noun beside them, or by the post that they own: 완성차 업체 누비스, 개발사인 가온, 누비스의 CEO."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from kg.mentions.candidates import LISTED, Candidate
from kg.mentions.chains import Chain, Part
from kg.mentions.grammar import EVENTS, NameGrammar
from kg.model import Span

_CLASSES = frozenset({"Company", "Organization", "MediaOrganization", "City", *EVENTS})


class AppositionReader:
    """Finds names that nothing else explains by what is said of them beside them."""

    def __init__(self, grammar: NameGrammar) -> None:
        self._grammar = grammar

    def read(self, text: str, run: Sequence[Chain], known: Mapping[Span, str]) -> Iterator[Candidate]:
        """Give the names of a sentence's runs of nouns; `known` are stretches known as something, with its class."""
        for chain in run:
            if len(chain) > 1 and (type_ := self.class_of(chain[-2])) is not None:
                if not chain[-2].tail and not chain[-2].parenthesis and self._unknown(chain[-1], known):
                    yield Candidate(chain[-1].span, type_, f"apposition:{type_}", LISTED)
        for before, chain in pairwise(run):
            between = text[before[-1].span.end : chain[0].span.start]
            name = chain[0]
            ends = bool(name.tail) or name.parenthesis is not None or len(chain) == 1
            if before[-1].tail.endswith("/VCP") and between.rstrip(" ") in self._grammar.copula:
                type_ = self.class_of(before[-1], events=True)
                if type_ is not None and ends and self._unknown(name, known):
                    yield Candidate(name.span, type_, f"apposition:{type_}", LISTED)
            owner = before[-1]
            if owner.tail.endswith("/JKG") and len(before) == 1 and between.rstrip(" ") in self._grammar.genitive:
                if any(part.text in self._grammar.company_posts for part in chain) and self._unknown(owner, known):
                    yield Candidate(owner.span, "Company", "post-body", LISTED)

    def class_of(self, part: Part, events: bool = False) -> str | None:
        """Give the class that a noun tells of the name beside it: the longest ending that the tables have."""
        if (type_ := self._grammar.member_class(part.text)) is not None:
            return type_ if type_ in _CLASSES else None
        heads = self._grammar.heads_of(part.text) if events else ()
        return heads[0].type if heads and heads[0].type in EVENTS else None

    def _unknown(self, part: Part, known: Mapping[Span, str]) -> bool:
        """Tell whether a word can but be a name and is none yet: one proper noun, or foreign letters."""
        grammar = self._grammar
        sound = len(part.units) == 1 and part.units[0].proper or all(unit.tag == "SL" for unit in part.units)
        taken = any(span.overlaps(part.span) and type_ not in {"Topic", "Post"} for span, type_ in known.items())
        told = any(h.kind == "strong" for h in grammar.heads_of(part.text)) or grammar.post_of(part.text) is not None
        return (
            sound
            and not taken
            and not told
            and len(part.text) >= 2
            and part.text not in grammar.stop
            and part.text not in grammar.generic
            and not grammar.is_korean_name(part.text)
        )
