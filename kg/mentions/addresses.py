"""Places written from the larger to the smaller, as one mention of the smallest: 산둥성 칭다오시 청양구."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from kg.lexicon import Lexicon
from kg.mentions.candidates import GUESS, PLACE, Candidate
from kg.mentions.chains import Chain, Part
from kg.mentions.grammar import PEOPLE, PLACES, NameGrammar
from kg.model import Span


def addresses(
    text: str, run: Sequence[Chain], found: Sequence[Candidate], lexicon: Lexicon, grammar: NameGrammar
) -> Iterator[Candidate]:
    """Give places written from the larger to the smaller as one mention of the smallest: 산둥성 칭다오시.

    Words after a place go on with the address if they end as such words do (면, 리, 번지).
    """
    address = _any_of(grammar.address)
    numbered = _numbered_address(grammar.address_numbers)
    places = [c for c in found if c.type in PLACES]
    ends = {
        c.span.end: c
        for c in places
        if not any(o != c and o.type not in {"Group", "Post"} and o.span.covers(c.span) for o in found)
    }
    taken = [
        c.span for c in found if c.type not in PLACES | {"Topic", "Post"} and not (c.type in PEOPLE and c.rank <= GUESS)
    ]
    for chain in run:
        start: int | None = None
        last: Candidate | None = None
        steps = 0
        for at, part in enumerate(chain):
            place = ends.get(part.span.end)
            starts = place is not None and place.span.start == part.span.start
            if start is None and place is not None and starts and place.type not in {"Venue", "Facility"}:
                start, last, steps = place.span.start, place, 0
                if at and _short_region(chain[at - 1], found, lexicon, grammar):
                    start, steps = chain[at - 1].span.start, 1
            elif start is not None and starts and place is not None and place.type != "Country" and last is not None:
                last, steps = place, steps + 1
                if place.type == "Venue":
                    yield replace(place, span=Span(start, place.span.end), found="address", name=place.span.of(text))
                    start = None
            elif (
                start is not None
                and last is not None
                and address.fullmatch(part.text)
                and not part.text.endswith(grammar.no_place_ends)
                and part.text not in grammar.wares
                and part.text not in grammar.posts
                and (part.tail.partition("/")[2] not in _ACTING or not _person(part, found))
                and (grammar.post_of(part.text) is None or len(part.units) == 1 and part.units[0].tag == "NNP")
                and not any(t.overlaps(part.span) for t in taken)
            ):
                number = numbered.fullmatch(part.text)
                last, steps = (last if number else Candidate(part.span, "Region", "head:address", PLACE)), steps + 1
                if number:
                    yield replace(
                        last, span=Span(start, part.span.end), found="address", name=last.name or last.span.of(text)
                    )
                    start = None
                else:
                    yield last
            elif start is not None and last is not None and _unknown_place(chain, at, taken, grammar):
                last, steps = Candidate(part.span, "Region", "head:address", PLACE), steps + 1
                yield last
            elif start is not None:
                if steps and last is not None:
                    yield replace(last, span=Span(start, last.span.end), found="address", name=last.span.of(text))
                start = None
            if start is not None and (part.tail or part.parenthesis or at == len(chain) - 1):
                if steps and last is not None:
                    yield replace(last, span=Span(start, last.span.end), found="address", name=last.span.of(text))
                start = None


_ACTING = frozenset({"JKS", "JX", "JC"})
"""Particles that a person after a place has as well: 강남구 김길동은 said it, 강남구 김길동에 is where it is."""


def _person(part: Part, found: Sequence[Candidate]) -> bool:
    return any(c.type in PEOPLE and c.span.overlaps(part.span) for c in found)


def _unknown_place(chain: Chain, at: int, taken: Sequence[Span], grammar: NameGrammar) -> bool:
    """Tell whether a proper noun after a place is one in it: it has a place's particle, or 인근 and the like follow."""
    part = chain[at]
    if (
        len(part.units) != 1
        or part.units[0].tag != "NNP"
        or len(part.text) < 2
        or part.text in grammar.posts
        or any(t.overlaps(part.span) for t in taken)
    ):
        return False
    if not re.fullmatch(r"[가-힣]+", part.text) or part.text[-1] in grammar.no_place_finals:
        return False
    after = chain[at + 1].text if at + 1 < len(chain) else ""
    particle, _, tag = part.tail.partition("/")
    return tag == "JKB" and particle in grammar.place_particles or after in grammar.around


def _short_region(part: Part, found: Sequence[Candidate], lexicon: Lexicon, grammar: NameGrammar) -> bool:
    """Tell whether a word before a place is a province that the lexicon has with its 도 (경기 수원시)."""
    known = [id_ for suffix in grammar.place_suffixes for id_ in lexicon.surfaces.get(part.text + suffix, ())]
    region = any(lexicon.entries[id_].type == "Region" for id_ in known)
    return region and not any(c.span.overlaps(part.span) for c in found)


@lru_cache(maxsize=8)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(words))


@lru_cache(maxsize=8)
def _numbered_address(numbers: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\d+(?:-\d+)?(?:{'|'.join(numbers)})?")
