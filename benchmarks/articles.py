"""Articles composed from the shipped corpus, as many as wanted: names, dates and order vary with a seed.

Their sentences are those of `data/corpus`; a city, country or company is now and then another one of the lexicon whose
name ends alike (so that particles agree), and days and months change. With `general`, sentences of everyday news
from a file of CoNLL-like rows (`## id<tab>sentence` heads, names marked) are mixed in.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from kg.lexicon import Lexicon
from kg.model import Document
from kg.project import Project
from kg.text import from_text, read

ROOT = Path(__file__).parent.parent
KLUE = ROOT.parent / "shared/klue/klue-ner-news.tsv"
_CLASSES = ("City", "Country", "Company")
_DAY = re.compile(r"(?<![\d.])(\d{1,2})(일|월)(?!\d)")
_SENTENCE = re.compile(r"[^\n.]*(?:\d\.\d[^\n.]*)*[다요]\.")


def sentences() -> list[str]:
    """Give the sentences of the shipped corpus."""
    found: list[str] = []
    for document in read(str(ROOT / "data/corpus")):
        for span in document.body:
            found += [match[0].strip() for match in _SENTENCE.finditer(span.of(document.text))]
    return found


def general(file: Path = KLUE) -> list[str]:
    """Give sentences of everyday news; none if the file is not there."""
    if not file.is_file():
        return []
    lines = file.read_text(encoding="utf-8").splitlines()
    marked = (line.split("\t", 1)[1] for line in lines if line.startswith("##") and "\t" in line)
    return [re.sub(r"<([^<>]*):[A-Z]{2}>", r"\1", sentence) for sentence in marked]


def articles(number: int, *, seed: int = 1, mix: Sequence[str] = (), share: float = 0.0) -> Iterator[Document]:
    """Give `number` articles of 8 to 16 sentences, a `share` of them from `mix`; the same for the same seed."""
    chance = random.Random(seed)
    own, names = sentences(), _Names(Lexicon.load(Project.find(ROOT).lexicon))
    first = date(2015, 1, 1)
    for at in range(number):
        day = first + timedelta(days=chance.randrange(3650))
        lines = [
            chance.choice(mix) if mix and chance.random() < share else names.varied(chance.choice(own), chance)
            for _ in range(chance.randint(8, 16))
        ]
        title = names.varied("칭다오 소식", chance)
        yield from_text(" ".join(lines), id=f"article-{at:07}", title=title, published=day)


class _Names:
    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._by_kind: dict[tuple[str, bool], list[str]] = {}
        for entry in lexicon.entries.values():
            label = entry.labels.get("ko", "")
            if entry.type in _CLASSES and re.fullmatch("[가-힣]{2,6}", label):
                self._by_kind.setdefault((entry.type, _closed(label)), []).append(label)

    def varied(self, sentence: str, chance: random.Random) -> str:
        """Give a sentence with other names and days."""
        end = len(sentence)
        for hit in sorted(self._lexicon.match(sentence), key=lambda h: (-h.span.end, h.span.start)):
            word = hit.span.of(sentence)
            others = self._by_kind.get((self._lexicon.entries[hit.ids[0]].type, _closed(word)))
            if hit.span.end <= end and len(word) > 1 and others and chance.random() < 0.5:
                sentence = sentence[: hit.span.start] + chance.choice(others) + sentence[hit.span.end :]
                end = hit.span.start
        return _DAY.sub(lambda m: f"{chance.randint(1, 12 if m[2] == '월' else 28)}{m[2]}", sentence)


def _closed(word: str) -> bool:
    return (ord(word[-1]) - 0xAC00) % 28 > 0
