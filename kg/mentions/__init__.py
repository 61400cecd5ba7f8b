"""Names, times and quantities in a document, as typed mentions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from kg.lexicon import Lexicon
from kg.mentions.candidates import Overlaps
from kg.mentions.excerpt import Excerpt
from kg.model import Document, Mention, Sentence

_ABOUT = re.compile(r"\s?(?:약|총|최대|최소)?\s?")
"""What may stand between the name of a currency and an amount in it: 한화 약 18조원."""


def _about(text: str, end: int) -> int:
    met = _ABOUT.match(text, end)
    return met.end() if met is not None else end


class MentionReader:
    """Reads every mention of a document.

    `grammar` is the folder of the grammar tables (``heads.yaml``, ``titles.yaml``, ``surnames.yaml``,
    ``names.yaml``, and those of times and quantities).
    """

    def __init__(self, lexicon: Lexicon, grammar: Path) -> None:
        from kg.mentions.names import NameReader
        from kg.mentions.quantities import QuantityReader
        from kg.mentions.times import TimeReader

        self._lexicon = lexicon
        self._names = NameReader(lexicon, grammar)
        self._times = TimeReader(grammar)
        self._quantities = QuantityReader(grammar)

    def analyser_names(self) -> Mapping[str, str]:
        """Give the names of the lexicon that help the analyser, each with its tag."""
        return self._lexicon.analyser_names(self._names.grammar.like_particles)

    def read(self, document: Document, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
        """Give the mentions of a whole document, sorted by span, the longer first where two begin together.

        A name that crosses a date or a quantity gives way; one may lie inside the other.
        """
        measured = [
            mention
            for excerpt in (Excerpt(document, sentence) for sentence in sentences)
            for reader in (self._times, self._quantities)
            for mention in excerpt.restored(reader.within(excerpt))
        ]
        stretches = Overlaps(m.span for m in measured)
        text = document.text
        money = {m.span.start for m in measured if m.type == "Quantity"}
        names = [
            name
            for name in self._names.read(document, sentences)
            if not (name.span.of(text) in self._names.grammar.currencies and _about(text, name.span.end) in money)
            and not any(
                not name.span.covers(span)
                and not (name.type in {"Country"} and span.covers(name.span))
                or (name.span == span and name.type != "Facility" and not name.together)
                for span in stretches.of(name.span)
            )
        ]
        every = {(m.span, m.type, m.entity.key if m.together and m.entity else ""): m for m in [*measured, *names]}
        return tuple(sorted(every.values(), key=lambda m: (m.span.start, -m.span.end, m.type)))
