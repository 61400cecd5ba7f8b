"""The tables of page furniture (``data/grammar/furniture.yaml``), compiled.

No Korean word stands here: the tables say what bylines, datelines, dates and menus look
like, each pattern with examples that a test runs. Patterns of a project's own table are matched by RE2, in
time linear in the line, since a stranger's could take hours otherwise; it has no lookaround and no backreferences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg import curated
from kg.project import shipped

_TABLES = ("pieces", "lines", "blocks", "heads", "tails")
_KEYS = {"words", "prose", "dates", *_TABLES}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of furniture: its name, its expression, whether it may be a whole sentence, and examples."""

    id: str
    regex: re.Pattern[str]
    sentence: bool
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Furniture:
    """All patterns, by what they say about a line or a part of one.

    `prose` says how a sentence ends; `published` and `modified` are the labels of dates.
    """

    prose: re.Pattern[str]

    pieces: tuple[Pattern, ...]
    lines: tuple[Pattern, ...]
    blocks: tuple[Pattern, ...]
    heads: tuple[Pattern, ...]
    tails: tuple[Pattern, ...]
    published: tuple[str, ...]
    modified: tuple[str, ...]


@lru_cache(maxsize=8)
def load(folders: tuple[Path, ...] = ()) -> Furniture:
    """Give the furniture of the shipped tables and of `furniture.yaml` in `folders`.

    Raises:
        KgError: an unknown key (KG001), or a pattern that is no regular expression (KG207).
    """
    tables: dict[str, list[Pattern]] = {name: [] for name in _TABLES}
    dates: dict[str, list[str]] = {"published": [], "modified": []}
    words: dict[str, list[str]] = {}
    prose = re.compile("(?!)")
    pack = shipped() / "data" / "grammar"
    for folder in dict.fromkeys((pack, *folders)):
        trusted = folder == pack
        file = folder / "furniture.yaml"
        if not trusted and file.is_file() and file.read_bytes() == (pack / file.name).read_bytes():
            continue  # the shipped table again, as in a checkout beside an installed kg
        content = curated.load(file, f"{folder.name}/{file.name}") if file.is_file() else None
        if content is None:
            continue
        keys = content.mapping(_KEYS)
        if "prose" in keys:
            prose = _compiled(keys["prose"], {}, trusted)
        if "words" in keys:
            for name, words_of in keys["words"].mapping().items():
                words[name] = [*words.get(name, []), *words_of.texts()]
        if "dates" in keys:
            for name, labels in keys["dates"].mapping(dates).items():
                dates[name] += labels.texts()
        for table in _TABLES:
            if table in keys:
                tables[table] += [_pattern(entry, words, trusted) for entry in keys[table].items()]
    return Furniture(
        prose=prose,
        pieces=tuple(tables["pieces"]),
        lines=tuple(tables["lines"]),
        blocks=tuple(tables["blocks"]),
        heads=tuple(tables["heads"]),
        tails=tuple(tables["tails"]),
        published=tuple(dates["published"]),
        modified=tuple(dates["modified"]),
    )


def _pattern(entry: curated.Item, words: Mapping[str, Sequence[str]], trusted: bool) -> Pattern:
    keys = entry.mapping(("id", "pattern", "sentence", "yes", "no"), ("id", "pattern", "yes", "no"))
    regex = _compiled(keys["pattern"], words, trusted)
    sentence = "sentence" in keys and keys["sentence"].text() == "yes"
    return Pattern(keys["id"].text(), regex, sentence, keys["yes"].texts(), keys["no"].texts())


def _compiled(item: curated.Item, words: Mapping[str, Sequence[str]], trusted: bool) -> re.Pattern[str]:
    source = item.text()
    for name, list_ in words.items():
        longest_first = sorted(list_, key=lambda word: (-len(word), word))
        source = source.replace(f"%{name}%", "|".join(map(re.escape, longest_first)))
    try:
        pattern = re.compile(source)
        return pattern if trusted else _linear(source)
    except re.error as error:
        raise item.error(f"no regular expression: {error}", "mend the pattern", "KG207") from None


def _linear(source: str) -> re.Pattern[str]:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        compiled: re.Pattern[str] = re2.compile(source, options=options)
    except re2.error as error:
        why = error.args[0]
        raise re.error(why.decode("utf-8", "replace") if isinstance(why, bytes) else str(why)) from None
    return compiled
