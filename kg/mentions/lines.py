"""Lines of railways: 칭다오 지하철 6호선, 부산도시철도 사상선."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.mentions.candidates import POST, Candidate
from kg.mentions.grammar import PLACES, NameGrammar
from kg.model import Sentence, Span


class LineReader:
    """Finds lines by what runs on them and their number or name, with the place right before."""

    def __init__(self, grammar: NameGrammar) -> None:
        runs = "|".join(sorted(grammar.railways, key=lambda word: (-len(word), word)))
        numbers, endings = "|".join(grammar.line_numbers), "|".join(grammar.line_endings)
        self._line = re.compile(rf"(?:{runs}) ?(?:\d{{1,2}} ?(?:{numbers})|[가-힣]{{2,6}}?(?:{endings}))")

    def read(self, text: str, sentence: Sentence, hits: Iterable[Candidate]) -> Iterator[Candidate]:
        """Give the lines of a sentence; `hits` are what the lexicon knows there.

        A line whose place is not told is its document's alone: every city has a line 2.
        """
        ends = {token.span.end for token in sentence.tokens}
        places = {hit.span.end: hit.span.start for hit in hits if hit.type in PLACES}
        for match in self._line.finditer(text, sentence.span.start, sentence.span.end):
            start, end = match.span()
            if end not in ends:
                continue
            before = start - 1 if text[start - 1 : start] == " " else start
            word = start
            while word and text[word - 1].isalnum():  # 부산도시철도 is one word to the analyser
                word -= 1
            place = places.get(before, word)
            span = Span(place, end)
            yield Candidate(span, "Facility", "line", POST, private=place == start, name=span.of(text))
