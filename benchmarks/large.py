"""A graph as large as one likes, of the kind that rules make: the corpus, read once, told again under other names.

    python benchmarks/large.py DIR                       # 1,000,000 triples, half a minute
    python benchmarks/large.py DIR --triples 100000

Each copy of a document names other companies, people, events and policies in other years; places and
topics stay, as they do in news. Spans and quotes hold, since a copy's text is the first one's with a line
more at its end. The same number gives the same bytes.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import kg
from kg.extract import Extractor
from kg.graph import GraphBuilder
from kg.graph.reading import parse
from kg.model import Entity, Extraction, Literal
from kg.text import read

_DATED = frozenset({"edtf:EDTF", "xsd:date"})
_YEAR = re.compile(r"\d{4}(?=-|/|$)")


class Copier:
    """Tells documents of a project again: the first time as they are, then each time under other names."""

    def __init__(self, extractor: Extractor) -> None:
        self._extractor = extractor
        self._lasting = frozenset(
            name for name in extractor.ontology.classes if {"Jurisdiction", "Topic"} & {name, *self._above(name)}
        )

    def _above(self, name: str) -> frozenset[str]:
        return frozenset(self._extractor.ontology.superclasses(name))

    def copy(self, extraction: Extraction, number: int, years: int) -> Extraction:
        """Give an extraction told again as the copy `number`, that many years later."""
        source = extraction.document
        text = f"{source.text}\n{number}번째 사본.\n"
        document = replace(
            source,
            id=f"{number:05}/{source.id}",
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            title=f"{source.title} {number}",
            published=later(source.published, years),
            modified=later(source.modified, years),
        )

        def named(entity: Entity) -> Entity:
            if entity.type in self._lasting:
                return entity
            label = f"{entity.label} {number}" if entity.label else ""
            return Entity(f"{entity.type}/{entity.key}/{number}", entity.type, label)

        def dated(value: Literal) -> Literal:
            if value.datatype not in _DATED:
                return value
            return replace(value, value=_YEAR.sub(lambda year: f"{int(year[0]) + years:04}", value.value))

        ends = (end for statement in extraction.statements for end in (statement.subject, statement.object))
        keys = {end.key: named(end).key for end in ends if isinstance(end, Entity)}
        statements = tuple(
            replace(
                statement,
                subject=named(statement.subject),
                object=named(statement.object) if isinstance(statement.object, Entity) else dated(statement.object),
                evidence=replace(
                    statement.evidence,
                    document=document.id,
                    claimant=keys.get(statement.evidence.claimant or "", statement.evidence.claimant),
                ),
            )
            for statement in extraction.statements
        )
        mentions = tuple(
            replace(mention, entity=named(mention.entity)) if mention.entity else mention
            for mention in extraction.mentions
        )
        return Extraction(document, mentions=mentions, statements=statements)


def later(day: datetime.date | None, years: int) -> datetime.date | None:
    """Give the same day so many years later; the years are a multiple of four, so that there is one."""
    return day and day.replace(year=day.year + years)


def extractions(extractor: Extractor, copies: int, seed: int = 5) -> Iterator[Extraction]:
    """Give the corpus of a project, then copies of it, in an order that `seed` chooses."""
    chance = random.Random(seed)
    first = [extractor.extract(document) for document in read(*map(str, extractor.project.corpus))]
    yield from first
    copier = Copier(extractor)
    order = [(number, extraction) for number in range(1, copies) for extraction in first]
    chance.shuffle(order)
    years = [4 * chance.randint(-10, 10) for _ in range(copies)]
    for number, extraction in order:
        yield copier.copy(extraction, number, years[number])


def build(folder: Path, triples: int, seed: int = 5) -> dict[str, str]:
    """Write a build of so many triples or a few more in graph.ttl and provenance.ttl; give the texts by document id."""
    extractor = kg.load(Path(__file__).parent.parent)
    folder.mkdir(parents=True, exist_ok=True)
    once, twice = (_written(extractor, list(extractions(extractor, copies, seed)), folder) for copies in (1, 2))
    told = list(extractions(extractor, max(1, 1 + -((once - triples) // (twice - once))), seed))
    _written(extractor, told, folder)
    return {extraction.document.id: extraction.document.text for extraction in told}


def _written(extractor: Extractor, told: Sequence[Extraction], folder: Path) -> int:
    """Write a build; give its triples."""
    rules = {rule.id: rule.about for rule in extractor.rules.rules.values()}
    base, version = extractor.project.base, extractor.rules.version
    builder = GraphBuilder(base, extractor.lexicon, extractor.ontology, version, rules)
    for extraction in told:
        builder.add(extraction)
    builder.write(folder)
    return sum(len(parse(folder / name)) for name in ("graph.ttl", "provenance.ttl"))


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--triples", type=int, default=1_000_000)
    options = parser.parse_args()
    texts = build(options.folder, options.triples)
    print(f"{options.folder}: {len(texts)} documents")


if __name__ == "__main__":
    main()
