"""Errors that a user can cause. Each says where, what is wrong, and what to do.

Codes are stable (``KG101``); `docs/errors.md` has a section for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a file something is wrong: line and column count from 1; 0 is "the file"."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


class KgError(Exception):
    """The root of every error that a user can mend.

    `what` is the fault, `mend` what to do, `place` where, `source` the faulty line if known.

    >>> print(KgError("no such class: nk:Cty", mend="did you mean nk:City?", code="KG104",
    ...               place=Place("rules/a.yaml", 3, 18)))
    rules/a.yaml:3:18: KG104 no such class: nk:Cty
      mend: did you mean nk:City?
    """

    def __init__(
        self,
        what: str,
        *,
        mend: str = "",
        code: str = "",
        place: Place | None = None,
        source: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what, self.mend, self.code, self.place, self.source = what, mend, code, place, source

    def __str__(self) -> str:
        head = f"{self.place}: " if self.place else ""
        lines = [f"{head}{self.code + ' ' if self.code else ''}{self.what}"]
        if self.source is not None and self.place and self.place.column:
            lines += [f"  {self.source}", "  " + caret(self.source, self.place.column)]
        if self.mend:
            lines.append(f"  mend: {self.mend}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """Give the error as JSON can hold it."""
        place = self.place or Place("")
        return {
            "code": self.code,
            "file": place.file,
            "line": place.line,
            "column": place.column,
            "what": self.what,
            "mend": self.mend,
        }


class Problems(KgError):
    """Several errors found in one pass, so that a curator can mend them together."""

    def __init__(self, errors: list[KgError]) -> None:
        super().__init__(f"{len(errors)} problems")
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


def caret(source: str, column: int) -> str:
    """Give the line that points at a column; Hangul and hanja are two cells wide.

    >>> caret("주어: x", 5)
    '      ^'
    """
    import unicodedata

    before = source[: column - 1]
    cells = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in before)
    return " " * cells + "^"


def source_line(file: Path, line: int) -> str | None:
    """Give a line of a text file for an error message, or None if it cannot be read."""
    try:
        with open(file, encoding="utf-8", errors="replace") as stream:
            for number, text in enumerate(stream, 1):
                if number == line:
                    return text.rstrip("\n")
    except OSError:
        pass
    return None
