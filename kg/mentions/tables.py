"""Reading of the declarative tables of times and units, with positions for what is wrong in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from kg import curated
from kg.errors import KgError, Place

Check = Callable[[Any], bool]


def is_words(value: Any) -> bool:
    """Tell whether a value is a list of words."""
    return isinstance(value, list) and all(isinstance(word, str) and word for word in value)


def is_codes(value: Any) -> bool:
    """Tell whether a value maps words to words."""
    return isinstance(value, Mapping) and all(isinstance(k, str) and isinstance(v, str) for k, v in value.items())


def is_numbers(value: Any) -> bool:
    """Tell whether a value maps words to numbers."""
    return isinstance(value, Mapping) and all(
        isinstance(k, str) and isinstance(v, int | float) and not isinstance(v, bool) for k, v in value.items()
    )


def is_number_lists(value: Any) -> bool:
    """Tell whether a value maps words to lists of whole numbers."""
    return isinstance(value, Mapping) and all(
        isinstance(k, str) and isinstance(v, list) and all(isinstance(n, int) for n in v) for k, v in value.items()
    )


def is_word_lists(value: Any) -> bool:
    """Tell whether a value maps words to lists of words."""
    return isinstance(value, Mapping) and all(isinstance(k, str) and is_words(v) for k, v in value.items())


def read_table(file: Path, keys: Mapping[str, Check]) -> dict[str, Any]:
    """Read a YAML table that has exactly these keys, each with a value that passes its check.

    Raises `KgError` with file, line and column: KG004 for what cannot be read, KG001 for an unknown
    key, KG002 for a missing one, KG006 for a value of the wrong shape.
    """
    item = curated.load(file)
    if item is None:
        raise KgError("the table is empty", mend=f"it needs: {', '.join(keys)}", code="KG002", place=Place(file.name))
    item.mapping(keys, keys)
    table: dict[str, Any] = yaml.load(file.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    for key, check in keys.items():
        if not check(table[key]):
            wanted = (check.__doc__ or "").partition("is ")[2].rstrip(".") or "right"
            raise item.error(f"{key} is not {wanted}", "mend its value", "KG006", at=item.keys[key])
    return table


def alternatives(words: list[str]) -> str:
    """Give a regular expression for any of the words, the longest first; a space in a word may be missing."""
    import re

    return "|".join(re.escape(word).replace("\\ ", r"\s?") for word in sorted(set(words), key=lambda w: (-len(w), w)))
