"""A sentence cut out of its document, so that reading it costs no more in a long document than in a short one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.model import Document, Mention, Sentence, Span, Token


def excerpt(document: Document, sentence: Sentence) -> tuple[str, Sentence]:
    """Give the sentence's text, and the sentence with offsets into that text.

    >>> text, own = excerpt(Document("d", "하나. 둘.", ""), Sentence(1, Span(4, 6), (), (Span(4, 6),)))
    >>> text, own.words
    ('둘.', (Span(start=0, end=2),))
    """
    start, end = sentence.span.start, sentence.span.end
    if start == 0:
        return document.text[:end], sentence
    return document.text[start:end], Sentence(
        sentence.index,
        Span(0, end - start),
        tuple(Token(t.form, t.tag, Span(t.span.start - start, t.span.end - start), t.word) for t in sentence.tokens),
        tuple(Span(word.start - start, word.end - start) for word in sentence.words),
        sentence.is_title,
    )


def restored(mentions: Iterable[Mention], sentence: Sentence) -> Iterator[Mention]:
    """Give the mentions of an excerpt with offsets into the document."""
    start = sentence.span.start
    for mention in mentions:
        yield replace(mention, span=Span(mention.span.start + start, mention.span.end + start)) if start else mention
