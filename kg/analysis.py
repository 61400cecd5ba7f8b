"""Sentences and morphemes, with exact offsets. The only module that knows kiwipiepy.

Kiwi gives offsets into the text that it was fed; a contraction makes neighbours share a
syllable (``했다`` is 하+었+다), so words are always sliced from the text by offset and never
put together from forms.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.model import Document, Sentence, Span, Token

if TYPE_CHECKING:
    from kiwipiepy import Kiwi
    from kiwipiepy import Token as KiwiToken

_WORD = re.compile(r"\S+")
_LONGEST_RUN = 2_000
"""Code points fed to the analyser at once; a longer stretch without a sentence end is cut at white space."""


class Analyser:
    """A loaded Kiwi model that knows the lexicon's names.

    `names` maps a surface to its tag (``NNP``). Loading takes one to three seconds.
    """

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        from kiwipiepy import Kiwi

        self._kiwi: Kiwi = Kiwi(num_workers=1)
        for surface in sorted(names or {}):
            self._kiwi.add_user_word(surface, (names or {})[surface], 0.0)

    def sentences(self, document: Document) -> Iterator[Sentence]:
        """Give the sentences of the title and the prose of a document, in order."""
        stretches = sorted(
            [(span, False) for span in document.body or (Span(0, len(document.text)),)]
            + ([(document.title_span, True)] if document.title_span else []),
            key=lambda item: item[0],
        )
        index = 0
        for stretch, is_title in stretches:
            for run in _runs(document.text, stretch):
                for sentence in self._split(document.text, run, index, is_title):
                    index = sentence.index + 1
                    yield sentence

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Give the morphemes of a piece of text on its own (a trigger, a word-list entry)."""
        return tuple(
            Token(t.form, _tag(t.tag), Span(t.start, t.end), t.word_position) for t in self._kiwi.tokenize(text)
        )

    def _split(self, text: str, run: Span, index: int, is_title: bool) -> Iterator[Sentence]:
        for piece in self._kiwi.split_into_sents(run.of(text), return_tokens=True):
            span = Span(run.start + piece.start, run.start + piece.end)
            words = tuple(_words(text, span))
            if not words or not piece.tokens:
                continue
            tokens = tuple(_placed(piece.tokens, run.start, words))
            yield Sentence(index, span, tokens, words, is_title)
            index += 1


def _runs(text: str, stretch: Span) -> Iterator[Span]:
    """Cut a stretch at line ends, and over-long lines at white space, so that memory is bounded."""
    start = stretch.start
    for line in stretch.of(text).splitlines(keepends=True):
        end = start + len(line)
        while end - start > _LONGEST_RUN:
            cut = max(
                text.rfind(" ", start + 1, start + _LONGEST_RUN), text.rfind(". ", start + 1, start + _LONGEST_RUN) + 1
            )
            cut = cut if cut > start else start + _LONGEST_RUN
            yield Span(start, cut)
            start = cut
        if line.strip():
            yield Span(start, end)
        start = end


def _words(text: str, span: Span) -> Iterator[Span]:
    for match in _WORD.finditer(text, span.start, span.end):
        yield Span(*match.span())


def _placed(tokens: Iterable[KiwiToken], base: int, words: tuple[Span, ...]) -> Iterator[Token]:
    """Give tokens with offsets into the document and the word that each ends in (a name may span several)."""
    word, after = 0, [*(span.start for span in words[1:]), sys.maxsize]
    for token in tokens:
        start, end = token.start, token.end
        last = (end - 1 if end > start else start) + base
        while after[word] <= last:
            word += 1
        tag = "NNP" if token.tag == "NNG" and token.oov else _tag(token.tag)  # no dictionary has it: a name
        yield Token(token.form, tag, Span(start + base, end + base), word)


@lru_cache(maxsize=256)
def _tag(tag: str) -> str:
    return tag.partition("-")[0]  # -R and -I mark regular and irregular inflection
