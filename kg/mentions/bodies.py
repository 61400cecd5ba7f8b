"""Bodies of the state, and whose they are: 국방부 is the reader's own only where no other country is spoken of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kg.lexicon import Lexicon
from kg.mentions.candidates import STRONG, Candidate
from kg.mentions.grammar import PLACES, NameGrammar
from kg.mentions.linking import around
from kg.model import Span

_BODY = "GovernmentBody"
_SECOND_POST = re.compile(r" [가-힣]{2,8} ?(?:겸|이자) \Z")
_NEAR = 16
"""How far before a body its country stands where one more post comes between, in code points."""


def owned(text: str, found: Sequence[Candidate], lexicon: Lexicon, grammar: NameGrammar) -> list[Candidate]:
    """Give the candidates of a document with each body of the state tied to its country, or to this document alone.

    A known body right after another country is that country's own (영국 기상청). Where only other countries or their
    places are spoken of, or another country's government and of the body's own country no place, its name alone
    stands for that of one of these, if the document or, for the one country, the lexicon has it, else for no known
    body; so does a ministry whose head has a post that none of the body's own country has (외교부 부장). ``정부`` does
    not stand for one and the same in every document.
    """
    headed = re.compile(rf" ?(?:{'|'.join(grammar.foreign_ministers)})(?![가-힣]*[검판]사)")
    countries = {c.span.end: c for c in found if c.type == "Country" and c.ids}
    named = [c for c in found if len(c.ids) == 1 and c.type in PLACES]
    spoken = {id_ for c in named for id_ in (c.ids[0], *around(lexicon, c.ids[0]))}
    within = {id_ for c in named for id_ in around(lexicon, c.ids[0])}
    abroad = {id_ for id_ in spoken if lexicon.entries[id_].type == "Country"}
    begins = {c.span.start: c.ids[0] for c in named}
    seats = {begins[c.span.start] for c in found if c.type == _BODY and c.span.start in begins}
    governed = {id_ for seat in seats for id_ in (seat, *around(lexicon, seat))}
    one = governed if any(lexicon.entries[id_].type == "Country" for id_ in governed) else abroad
    spans = {c.span for c in found}
    kept: list[Candidate] = []
    for candidate in found:
        if candidate.type == _BODY and not candidate.ids and candidate.span.of(text) in grammar.bare:
            kept.append(replace(candidate, private=True, name=candidate.span.of(text)))
            continue
        home = _home(lexicon, candidate)
        if (
            candidate.type != _BODY
            or not home
            or any(name in candidate.span.of(text) for name in _names(lexicon, home))
        ):
            kept.append(candidate)
            continue
        joined = _SECOND_POST.search(text, max(0, candidate.span.start - _NEAR), candidate.span.start)
        leader = countries.get(joined.start()) if joined is not None else None
        if leader is not None and not home & set(leader.ids):  # 일본 부총리 겸 외교부 장관
            name = f"{leader.span.of(text)} {candidate.span.of(text)}"
            kept.append(replace(candidate, ids=lexicon.surfaces.get(name, ()), name=name))
            continue
        before = countries.get(candidate.span.start - 1)
        written = candidate.span.of(text)
        led = headed.match(text, candidate.span.end) or headed.match(text, candidate.span.end - 1)
        if before is not None and text[before.span.end] == " " and not home & set(before.ids):
            whole = Span(before.span.start, candidate.span.end)
            name = whole.of(text)
            if text.startswith(grammar.chief, whole.end):  # 중국 | 외교부장
                kept.append(replace(candidate, ids=lexicon.surfaces.get(name, ()), name=name))
            elif whole not in spans:
                kept.append(Candidate(whole, _BODY, "head:body", STRONG))
        elif abroad and not home & spoken or governed - home and not home & (within | governed) or led:
            wholes = {w for w in (c.span.of(text) for c in found if c.type == _BODY) if w.endswith(f" {written}")}
            name = min(wholes) if len(wholes) == 1 and joined is None else ""
            alone = not wholes and joined is None
            ids = _of_country(lexicon, (one if led else governed) - home, written) if alone else ()
            kept.append(replace(candidate, ids=ids, private=not (name or ids), name=name or written))
        else:
            kept.append(candidate)
    return kept


def _of_country(lexicon: Lexicon, places: set[str], written: str) -> tuple[str, ...]:
    """Give the body that the lexicon knows by these words for the only country among `places`."""
    countries = {id_ for id_ in places if lexicon.entries[id_].type == "Country"}
    if len(countries) != 1:
        return ()
    known = {id_ for name in _names(lexicon, countries) for id_ in lexicon.surfaces.get(f"{name} {written}", ())}
    return tuple(known) if len(known) == 1 else ()


def _home(lexicon: Lexicon, candidate: Candidate) -> set[str]:
    """Give the countries that a known body may be of; none if it is no known one or of no country."""
    return {
        value
        for id_ in candidate.ids
        for predicate, value in lexicon.entries[id_].facts
        if predicate == "nk:basedIn" and lexicon.entries[value].type == "Country"
    }


def _names(lexicon: Lexicon, countries: set[str]) -> list[str]:
    return [name for id_ in sorted(countries) for name in lexicon.entries[id_].surfaces]
