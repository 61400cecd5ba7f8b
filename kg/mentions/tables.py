"""Reading of the declarative tables of times and units, with positions for what is wrong in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kg.errors import KgError, Place, source_line

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

    Raises `KgError` with file, line and column for what cannot be read, for an unknown or
    missing key, and for a value of the wrong shape.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        with open(file, encoding="utf-8") as stream:
            table = YAML(typ="rt").load(stream)
    except OSError as error:
        raise KgError(
            f"cannot read the grammar table: {error.strerror or error}",
            mend="give the folder that holds the tables (data/grammar)",
            code="KG120",
            place=Place(str(file)),
        ) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = Place(str(file), mark.line + 1, mark.column + 1) if mark else Place(str(file))
        raise KgError(
            f"not YAML: {error.problem}",
            mend="mend the YAML at this place",
            code="KG121",
            place=place,
            source=source_line(file, place.line),
        ) from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise KgError(
            f"not YAML: {error}", mend="save it as UTF-8 YAML", code="KG121", place=Place(str(file))
        ) from None
    if not isinstance(table, Mapping):
        raise KgError(
            "the table holds no keys", mend=f"it needs: {', '.join(keys)}", code="KG122", place=Place(str(file), 1)
        )

    def fail(key: str, what: str, mend: str) -> KgError:
        line, column = table.lc.key(key) if key in table else (0, 0)  # type: ignore[attr-defined]
        place = Place(str(file), line + 1, column + 1)
        return KgError(what, mend=mend, code="KG122", place=place, source=source_line(file, line + 1))

    for key in table:
        if key not in keys:
            raise fail(key, f"unknown key: {key}", f"keys are: {', '.join(keys)}")
    for key, check in keys.items():
        if key not in table:
            raise fail(key, f"missing key: {key}", "add it")
        if not check(table[key]):
            raise fail(
                key,
                f"{key} is not {(check.__doc__ or '').partition('is ')[2].rstrip('.') or 'right'}",
                "mend its value",
            )
    return dict(table)


def alternatives(words: list[str]) -> str:
    """Give a regular expression for any of the words, the longest first; a space in a word may be missing."""
    import re

    return "|".join(re.escape(word).replace("\\ ", r"\s?") for word in sorted(set(words), key=lambda w: (-len(w), w)))
