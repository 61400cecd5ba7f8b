"""What the commands print: text safe for a terminal, JSON, progress."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from kg.store import Facts, Table

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

Progress = Callable[[str, int, int | None], None]
"""Called with the stage, how much of it is done, and how much there is (None: unknown)."""


def visible(text: str) -> str:
    """Show control and direction characters as escapes, so that no text steers the terminal.

    >>> visible("칭다오\\x1b[2J")
    '칭다오\\\\x1b[2J'
    """
    return _UNSEEN.sub(lambda m: f"\\x{ord(m[0]):02x}" if ord(m[0]) < 256 else f"\\u{ord(m[0]):04x}", text)


def say(text: str, *, err: bool = False) -> None:
    """Print a line or more."""
    click.echo(visible(text), err=err)


def say_json(value: Any, *, indent: int | None = 2) -> None:
    """Print a value as JSON with its Hangul as it is."""
    click.echo(escaped(json.dumps(value, ensure_ascii=False, indent=indent, default=str)))


def escaped(text: str) -> str:
    """Write control and direction characters of JSON or Turtle as ``\\uXXXX``, which means the same in its strings.

    >>> escaped('"a\\u202eb"')
    '"a\\\\u202eb"'
    """
    return _UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}" if m[0] not in "\r" else m[0], text)


def rendered(answer: Table | Facts | bool, form: str) -> str:
    """Give the answer to a query as ``table``, ``csv``, ``json``, ``ttl``, ``jsonld`` or ``nt``.

    Raises:
        click.UsageError: the answer has no such form.
    """
    from kg.store import Facts, ask_json

    if isinstance(answer, Facts):
        if form in ("ttl", "table"):
            return escaped(answer.turtle())
        if form in ("jsonld", "json"):
            return answer.jsonld()
        if form == "nt":
            return answer.ntriples()
    elif isinstance(answer, bool):
        if form in ("table", "csv"):
            return "yes\n" if answer else "no\n"
        if form == "json":
            return _ended(ask_json(answer))
    elif form == "table":
        return aligned(answer.columns, list(answer.rows()))
    elif form == "csv":
        return answer.csv()
    elif form == "json":
        return escaped(_ended(answer.json()))
    kind = "triples" if isinstance(answer, Facts) else "yes or no" if isinstance(answer, bool) else "rows"
    raise click.UsageError(f"the answer is {kind}, which --format {form} cannot hold")


def aligned(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Give rows in columns as wide as their cells are on a terminal, where Hangul takes two.

    >>> print(aligned(["city", "n"], [["칭다오", "1"], ["a", "22"]]), end="")
    city    n
    ------  --
    칭다오  1
    a       22
    (2 rows)
    """
    from rich.cells import cell_len

    lines = [list(columns), *([visible(" ".join(cell.split())) for cell in row] for row in rows)]
    widths = [max(cell_len(line[at]) for line in lines) for at in range(len(columns))]
    lines.insert(1, ["-" * width for width in widths])
    padded = (
        "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )
    return "\n".join(line.rstrip() for line in padded) + f"\n({len(rows)} row{'s' * (len(rows) != 1)})\n"


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


@contextmanager
def progress(quiet: bool) -> Iterator[Progress | None]:
    """Give a callback that draws a bar on stderr if that is a terminal, else None."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(visible(stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
