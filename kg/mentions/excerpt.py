"""A sentence cut out of its document, so that reading it costs no more in a long document than in a short one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from kg.model import Document, Mention, Sentence, Span, Token


class Excerpt:
    """The `text` of a sentence of a document, which begins `start` characters into the document's.

    >>> excerpt = Excerpt(Document("d", "하나. 둘.", ""), Sentence(1, Span(4, 6), (), (Span(4, 6),)))
    >>> excerpt.text, excerpt.own.words
    ('둘.', (Span(start=0, end=2),))
    """

    def __init__(self, document: Document, sentence: Sentence) -> None:
        self.document, self.sentence = document, sentence
        self.start = sentence.span.start
        self.text = document.text[self.start : sentence.span.end]

    @cached_property
    def own(self) -> Sentence:
        """The sentence with offsets into `text`; few need it, so it is made when asked for."""
        sentence, start = self.sentence, self.start
        if start == 0:
            return sentence
        return Sentence(
            sentence.index,
            Span(0, len(self.text)),
            tuple(Token(t.form, t.tag, _moved(t.span, -start), t.word) for t in sentence.tokens),
            tuple(_moved(word, -start) for word in sentence.words),
            sentence.is_title,
        )

    def restored(self, mentions: Iterable[Mention]) -> Iterator[Mention]:
        """Give mentions of the excerpt with offsets into the document."""
        start = self.start
        for mention in mentions:
            yield replace(mention, span=_moved(mention.span, start)) if start else mention


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
