"""Offsets of the NFC text, told in code points of the text as it was given."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from unicodedata import combining, is_normalized, normalize

from kg.model import Span


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Where stretches of the NFC text stand in the given text.

    `nfc` and `given` hold, in step, the offsets at which the two texts can be cut without
    cutting a composed character; both are empty if the given text was NFC already.
    """

    nfc: tuple[int, ...] = ()
    given: tuple[int, ...] = ()

    def span(self, span: Span) -> Span:
        """Give the stretch of the given text that composes to `span` of the NFC text.

        >>> offset_map("\\u1112\\u116a\\u110b\\u116b\\u110b\\u1175가").span(Span(0, 3))
        Span(start=0, end=6)
        """
        if not self.nfc:
            return span
        return Span(
            self.given[bisect_right(self.nfc, span.start) - 1],
            self.given[bisect_left(self.nfc, span.end)],
        )


def offset_map(given: str) -> OffsetMap:
    """Give the map from offsets of the NFC form of `given` to offsets of `given` itself.

    Linear in the length of the text. A run that composes is cut where appending the next
    character leaves what came before as it was (Unicode Standard Annex 15, "Stable Code Points"
    and concatenation).

    >>> offset_map("칭다오").span(Span(1, 2))
    Span(start=1, end=2)
    """
    if is_normalized("NFC", given):
        return OffsetMap()
    nfc, starts, run, composed, length = [0], [0], "", "", 0
    for at, char in enumerate(given):
        longer = normalize("NFC", run + char)
        if run and combining(char) == 0 and longer == composed + normalize("NFC", char):
            length += len(composed)
            nfc.append(length)
            starts.append(at)
            run, composed = char, normalize("NFC", char)
        else:
            run, composed = run + char, longer
    nfc.append(length + len(composed))
    starts.append(len(given))
    return OffsetMap(tuple(nfc), tuple(starts))
