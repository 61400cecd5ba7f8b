"""Candidates for mentions, and which of them stand when they overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.mentions.grammar import SEATED
from kg.model import Span

CURATED, QUOTED, POST, STRONG, PLACE, WEAK, LISTED, GUESS = 80, 79, 75, 70, 65, 60, 55, 40
"""How sure a way of finding is; the surer one wins where two cross or have the same span."""

_STRETCH = 64
_NESTED = frozenset({"lexicon", "address", "head", "post-word", "group"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may be a mention.

    `ids` are the entries of a lexicon hit. `name` is the name if it is not the words
    themselves. `private` tells a name that says nothing outside its document (``김모 씨``).
    `back` is for words that go back to an earlier mention (``이 대회``).
    """

    span: Span
    type: str
    found: str
    rank: int
    ids: tuple[str, ...] = ()
    name: str = ""
    private: bool = False
    back: bool = False


def standing(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Give the candidates that stand: none crosses another, and only certain kinds lie inside another.

    The surest, then the longest, are taken first.
    """
    order = sorted(
        set(candidates),
        key=lambda c: (-c.rank, c.span.start - c.span.end, c.span.start, c.type, c.found, c.ids, c.name),
    )
    taken: list[Candidate] = []
    stretches: dict[int, list[Candidate]] = {}  # what is taken, by the stretches of text that it touches
    for candidate in order:
        touched = range(candidate.span.start // _STRETCH, (candidate.span.end - 1) // _STRETCH + 1)
        if all(_agree(candidate, other) for at in touched for other in stretches.get(at, ())):
            taken.append(candidate)
            for at in touched:
                stretches.setdefault(at, []).append(candidate)
    return sorted(taken, key=lambda c: (c.span.start, -c.span.end, c.type))


def _agree(new: Candidate, old: Candidate) -> bool:
    """Tell whether `new` may stand beside `old`, which is at least as sure."""
    if not new.span.overlaps(old.span):
        return True
    if new.span == old.span:
        return {new.type, old.type} == {"Post", "Group"}
    if old.span.covers(new.span):
        if _kind(new) == "head" and old.found != "address" and (new.rank < STRONG or old.type in SEATED):
            return False
        return (
            _kind(new) in _NESTED and old.type not in {"Person", "Official"} and new.type not in {"Person", "Official"}
        )
    if new.span.covers(old.span):
        if old.type in {"Person", "Official"}:
            return new.type == "Group" or new.rank >= QUOTED
        return _kind(old) in _NESTED
    return False


def _kind(candidate: Candidate) -> str:
    return candidate.found.partition(":")[0]


class Overlaps:
    """Stretches of text, to be asked what overlaps another without looking at them all."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._stretches: dict[int, list[Span]] = {}
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        """Take in another."""
        for at in range(span.start // _STRETCH, (span.end - 1) // _STRETCH + 1):
            self._stretches.setdefault(at, []).append(span)

    def of(self, span: Span) -> Iterator[Span]:
        """Give each that overlaps `span`; one that is long may come more than once."""
        for at in range(span.start // _STRETCH, (span.end - 1) // _STRETCH + 1):
            for other in self._stretches.get(at, ()):
                if other.overlaps(span):
                    yield other

    def any(self, span: Span) -> bool:
        """Tell whether anything overlaps `span`."""
        return next(self.of(span), None) is not None
