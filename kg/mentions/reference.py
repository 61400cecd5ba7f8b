"""What the short forms of a document go back to: 이번 대회, 이 회사, 시는, 박 시장.

The candidates of a document are indexed once, so that a look-up costs no more in a long document than in a short one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from kg.mentions.candidates import Candidate, Overlaps
from kg.mentions.grammar import BODIES, EVENTS, PEOPLE, PLACES, NameGrammar
from kg.model import Span

_SYLLABLE = re.compile(r"[가-힣]")


class Earlier:
    """The candidates of a document, to be asked which of them a later phrase means."""

    def __init__(self, text: str, found: Sequence[Candidate], grammar: NameGrammar) -> None:
        self._text, self._grammar = text, grammar
        named = sorted((c for c in found if not c.back), key=lambda c: (c.span.start, -c.span.end))
        self._typed: dict[str, list[Candidate]] = {}
        for candidate in named:
            groups = [candidate.type]
            groups += ["events"] * (candidate.type in EVENTS)
            groups += ["places" if candidate.type in PLACES else "bodies"] * (candidate.type in PLACES | BODIES)
            for group in groups:
                self._typed.setdefault(group, []).append(candidate)
        self._events = Overlaps(c.span for c in found if c.type in EVENTS)
        self._families: dict[str, list[Candidate]] = {}
        self._words: dict[str, list[Candidate]] = {}
        for candidate in (c for c in found if c.type in PEOPLE):
            name = candidate.span.of(text)
            if len(name) in {2, 3, 4} and not candidate.private and _SYLLABLE.match(name):
                self._families.setdefault(name[0], []).append(candidate)
            if len(words := name.split()) > 1:
                for word in {words[0], words[-1]}:
                    self._words.setdefault(word, []).append(candidate)

    def antecedent(self, span: Span) -> Candidate | None:
        """Give what a phrase goes back to: 이번 대회, 이 회사, or an event's noun alone (총회).

        ``이번`` means the main event, which is the first; every other word the last. A noun that any
        event may be called by (대회, 행사) fits every event, another only one whose name ends in it.
        """
        grammar = self._grammar
        words = span.of(self._text).split()
        noun = words[-1]
        if words == [noun] and noun in grammar.shortened:
            return self._ending_in(span, noun, grammar.shortened[noun])
        type_ = grammar.anaphors.get(span.of(self._text)) or grammar.event_nouns.get(noun, "")
        group = "events" if type_ in EVENTS else type_
        first = words[0] in grammar.main
        whole = (c for c in self._before(group, span, first) if not self._in_event(c))
        if not ((type_ in EVENTS or noun in grammar.event_nouns) and not (noun in grammar.event_names and words[1:])):
            return next(whole, None)
        game: Candidate | None = None
        for candidate in whole:
            if self._name(candidate).endswith(noun) or candidate.found.endswith(f":{noun}"):
                return candidate
            if game is None and candidate.type == "Competition" and noun in grammar.games:
                game = candidate
        return game

    def full_person(self, short: Candidate) -> Candidate | None:
        """Give the person whom a family name with a post stands for.

        Of a Korean family name (박 시장) the last of that name and post, else the only one of that name; of one word of
        a foreign name (켐프 주지사) the only person of the document in whose name the word stands.
        """
        family = short.span.of(self._text)
        if len(family) > 1:
            full = self._words.get(family, [])
            return full[0] if len({c.span.of(self._text) for c in full}) == 1 else None
        people = self._families.get(family, [])
        before = people[: bisect_left(people, short.span.start, key=lambda c: c.span.start)]
        for candidate in reversed(before):
            if candidate.found == short.found:
                return candidate
        return before[-1] if len({c.span.of(self._text) for c in before}) == 1 else None

    def _name(self, candidate: Candidate) -> str:
        return candidate.name or candidate.span.of(self._text)

    def _before(self, group: str, span: Span, forward: bool = False) -> Iterator[Candidate]:
        """Give the candidates of a group that end before a stretch, the last first, or the first if `forward`."""
        every = self._typed.get(group, [])
        end = bisect_left(every, span.start, key=lambda c: c.span.start)
        for at in range(end) if forward else range(end - 1, -1, -1):
            if every[at].span.end <= span.start:
                yield every[at]

    def _in_event(self, candidate: Candidate) -> bool:
        """Tell whether a candidate is but part of an event's name."""
        return any(o != candidate.span and o.covers(candidate.span) for o in self._events.of(candidate.span))

    def _ending_in(self, span: Span, noun: str, type_: str) -> Candidate | None:
        """Give the last place or body before whose name ends in a noun; else the one city of the first line.

        What any firm may be called by (회사) stands for the only one before.
        """
        if noun in self._grammar.firms:
            named = list(self._before(type_, span))
            return named[0] if len({c.ids or self._name(c) for c in named}) == 1 else None
        group = "places" if type_ in PLACES else "bodies"
        for candidate in self._before(group, span):
            if self._name(candidate).endswith(noun):
                return candidate
        if type_ != "City":
            return None
        lead = len(self._text) - len(self._text.lstrip())
        line = self._text.find("\n", lead)
        title = [c for c in self._before("City", span, True) if line < 0 or c.span.start <= line]
        return title[0] if len({c.ids for c in title}) == 1 else None
