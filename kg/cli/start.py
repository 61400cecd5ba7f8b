"""Commands on the installation and on new projects: init, version."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import options
from kg.cli.output import say, say_json


@click.command(
    short_help="Start a project of your own.",
    epilog="""\b
Examples:
  kg init films && cd films && kg build""",
)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
def init(folder: Path) -> int:
    """Start a project of your own in DIR: it keeps the shipped rules, adds one of its own, and builds at once."""
    from kg.project import create

    for file in create(folder):
        say(str(file))
    return 0


@click.command(name="version", short_help="Tell versions.")
@options.as_json
def show_version(as_json: bool) -> int:
    """Tell the versions of kg and of what it stands on."""
    from importlib.metadata import PackageNotFoundError, version
    from platform import python_version

    from kg import __version__

    versions = {"kg": __version__, "python": python_version()}
    for name in ("kiwipiepy", "kiwipiepy_model", "rdflib", "pyoxigraph", "pyshacl", "networkx", "pyvis"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "missing"
    if as_json:
        say_json(versions)
    else:
        for name, number in versions.items():
            say(f"{name} {number}")
    return 0
