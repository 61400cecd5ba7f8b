"""Options that several commands share, so that they mean the same everywhere."""

from __future__ import annotations

from pathlib import Path

import click

BUILT = Path("build")
"""Where a built graph is, unless a command says otherwise."""

project = click.option(
    "-p",
    "--project",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The project (default: the nearest kg.toml upward).",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON.")
quiet = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
built = click.argument("build", type=click.Path(path_type=Path), default=BUILT, metavar="[BUILD_DIR]")
