"""Groups with a count (24개 업체, AI 기업 20여 개) and lists that a class noun sums up (A, B 등 기업)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.mentions.candidates import CURATED, LISTED, Candidate
from kg.mentions.chains import Chain
from kg.mentions.grammar import PEOPLE, NameGrammar
from kg.model import Sentence, Span


class GroupReader:
    """Finds groups and members of lists."""

    def __init__(self, grammar: NameGrammar) -> None:
        self._grammar = grammar
        about = "|".join(grammar.about)
        genitive = "|".join(grammar.genitive)
        more, units = "|".join(grammar.more), "|".join(grammar.number_units)
        count = rf"(?:(?:{about}) ?)?(?:\d[\d,.]*(?:{units})?|{'|'.join(grammar.counts)})(?:{more})? ?"
        counters = "|".join(grammar.counters)
        self._before = re.compile(rf"{count}(?:(?:{more}) ?)?(?:{counters})(?:{genitive})? ?$")
        self._after = re.compile(rf" ?({count}(?:(?:{more}) ?)?(?:{counters}))(?![가-힣]{{3}})")
        self._joint = re.compile(rf"\s*|\s*[,·、]\s*|{'|'.join(grammar.joints)}")
        self._summed = re.compile(
            rf"(?:{genitive})?\s+(?:\d[\d,]*(?:{more})? ?(?:{counters})? ?)?|\s+[가-힣A-Za-z]+(?:{genitive}) "
        )

    def groups(self, text: str, sentence: Sentence, chains: Sequence[Chain]) -> Iterator[Candidate]:
        """Give the groups of a sentence: a counted noun of a class, with its count."""
        for index, chain in enumerate(chains):
            for at, part in enumerate(chain):
                noun = self._grammar.singular(part.text)
                type_ = self._grammar.groups.get(noun)
                if type_ is None:
                    continue
                first = chain[0].span.start
                before = self._before.search(text, max(sentence.span.start, first - 16), first)
                if before is not None and (type_ in PEOPLE) != self._counts_people(before[0]):
                    continue  # 57개 회원국 대표: the states are counted, not who came for them; 840만 명의 도시 is one
                if before is not None and at == len(chain) - 1:
                    yield Candidate(
                        Span(before.start(), part.span.end), "Group", f"group:{type_}", CURATED, private=True
                    )
                    break
                after = self._after.match(text, part.span.end)
                if after is not None and (at == len(chain) - 1 or chain[-1].span.end == after.end(1)):  # 기업 45곳
                    start = next(
                        (p.span.start for p in chain if p.text not in self._grammar.stop and not p.text.isdigit()),
                        part.span.start,
                    )
                    previous = chains[index - 1] if index else None
                    if (
                        previous is not None
                        and previous[-1].tail.endswith("/JKG")
                        and text[previous[-1].span.end : start].rstrip(" ") in self._grammar.genitive
                    ):
                        start = previous[-1].span.start
                    yield Candidate(Span(start, after.end(1)), "Group", f"group:{type_}", CURATED, private=True)

    def _counts_people(self, count: str) -> bool:
        return count.rstrip("".join((" ", *self._grammar.genitive))).endswith(self._grammar.person_counters)

    def members(self, text: str, sentence: Sentence, chains: Sequence[Chain]) -> Iterator[Candidate]:
        """Give the unknown members of a list that a class noun sums up; what is known outranks them."""
        for token in sentence.tokens:
            if token.form not in self._grammar.summing or token.tag != "NNB":
                continue
            type_ = self._class_after(text, chains, token.span.end)
            if type_ is None:
                continue
            end = token.span.start
            for chain in reversed([c for c in chains if c[-1].span.end <= end]):
                last = chain[-1].parenthesis.end if chain[-1].parenthesis else chain[-1].span.end
                between = text[last:end]
                if chain[0].span.start >= end or not self._joint.fullmatch(between):
                    if any(
                        o[-1].parenthesis and o[-1].parenthesis.start < chain[0].span.start < o[-1].parenthesis.end
                        for o in chains
                    ):
                        continue
                    break
                if len(chain) <= 3 and chain[-1].units[0].tag in {"NNP", "NNG", "SL"}:
                    first = next((p for p in chain if p.text not in self._grammar.stop), chain[-1])
                    span = Span(first.span.start, chain[-1].span.end)
                    if (
                        span.of(text) not in self._grammar.generic
                        and not span.of(text).endswith(self._grammar.plural)
                        and (any(p.proper or p.parenthesis for p in chain))
                    ):
                        yield Candidate(span, type_, f"list:{type_}", LISTED)
                end = chain[0].span.start

    def _class_after(self, text: str, chains: Sequence[Chain], at: int) -> str | None:
        """Give the class that the noun after ``등`` tells: over a genitive (등 중국의 유명 기업들)."""
        for chain in chains:
            if chain[0].span.start < at or chain[0].span.start > at + 12:
                continue
            words = text[at : chain[0].span.start]
            if not self._summed.fullmatch(words):
                continue
            for part in chain:
                if (type_ := self._grammar.member_class(part.text)) is not None:
                    return type_
            if not chain[-1].tail.endswith("/JKG"):
                return None
        return None
