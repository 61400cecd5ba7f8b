"""The command for curators: review."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import options
from kg.cli.output import aligned, escaped, say, say_json


@click.command(
    short_help="List names that a curator should look at.",
    epilog="""\b
Examples:
  kg review build
  kg review build --stubs > authority/names.yaml     decisions to fill in""",
)
@options.built
@click.option("-n", "--limit", type=click.IntRange(1), metavar="N", help="No more than N of each.")
@click.option("--stubs", is_flag=True, help="Write a decision to fill in for each unknown name, as YAML.")
@options.as_json
def review(build: Path, limit: int | None, stubs: bool, as_json: bool) -> int:
    """List the names of a built graph that no lexicon has, and those that several things share.

    The names most used come first; LIKE is what a name may be a short form of. Decisions about them (confirm, merge,
    split, drop) stand in the project's authority folder, and the next build obeys them.
    """
    from kg.check.reviewing import review as listed

    unknown, shared = listed(build)
    unknown, shared = unknown[:limit], shared[:limit]
    if as_json:
        say_json({"unreviewed": [u.as_dict() for u in unknown], "shared": [s.as_dict() for s in shared]})
    elif stubs:
        say("# Confirm each name, or write merge: … and into: …, split: … and as: … and in: [documents], or drop: …")
        for name in unknown:
            like = f"; like {', '.join(name.like)}" if name.like else ""
            # A text's words must not end the comment: YAML ends lines as str.split does.
            about = f"{name.label}: {name.documents} documents, first {name.example}{like}"
            say(f"# {' '.join(about.split())}")
            say(f"- confirm: {_quoted(name.key)}")
    else:
        rows = [[u.key, u.label, str(u.documents), u.example, ", ".join(u.like)] for u in unknown]
        say(aligned(["name", "label", "documents", "first in", "like"], rows).rstrip("\n"))
        if shared:
            say("")
            said = [[s.name, "; ".join(f"{label} ({kind})" for _, label, kind in s.things)] for s in shared]
            say(aligned(["shared name", "by"], said).rstrip("\n"))
    return 0


def _quoted(text: str) -> str:
    """Give a YAML scalar (JSON strings are YAML)."""
    import json

    return escaped(json.dumps(text, ensure_ascii=False))
