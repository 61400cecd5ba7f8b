"""The command line: parse, call one library function, print.

Nothing heavy is imported before a command runs, so that ``kg --help`` is quick.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from kg import __version__
from kg.cli.asking import export, load, query, serve
from kg.cli.graph import build, check, page
from kg.cli.reviewing import review
from kg.cli.rules import annotate, diff, evaluate, explain, lint, test
from kg.cli.start import init, show_version
from kg.errors import KgError


class _Ordered(click.Group):
    """Lists the commands in the order in which they are needed, not by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    cls=_Ordered,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  kg build                        the shipped corpus, into build/
  kg build news/ -o out           every .txt, .html and .jsonl below news/
  kg query -e 'SELECT ?s WHERE { ?s a nk:Company }'
  kg explain "화웨이가 칭다오에서 '칭다오 선언'을 발표했다."
\b
Exit status: 0 clean, 1 findings, 2 bad input or usage.""",
)
@click.version_option(__version__, "--version", "-V", message="kg %(version)s")
def cli() -> None:
    """Knowledge graphs from Korean news and announcements, by rules that a person can check."""


_COMMANDS = (
    build,
    query,
    serve,
    load,
    export,
    page,
    explain,
    annotate,
    lint,
    test,
    evaluate,
    diff,
    check,
    review,
    init,
    show_version,
)
for _command in _COMMANDS:
    cli.add_command(_command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and give its exit status; errors that a user can mend are told in one message."""
    _streams()
    try:
        outcome = cli.main(args=arguments, prog_name="kg", standalone_mode=False)
        sys.stdout.flush()
        return outcome if isinstance(outcome, int) else 0
    except KgError as error:
        click.echo(_visible(str(error)), err=True)
        return 2
    except click.Abort:
        return 130
    except KeyboardInterrupt:
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except BrokenPipeError:
        # Who reads the output has had enough; the interpreter must not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        click.echo(f"kg: cannot write: {error.strerror or error}\n  mend: free space, or write elsewhere", err=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except RecursionError:
        click.echo("kg: the input is nested too deeply", err=True)
        return 2


def main() -> None:
    """Be the command ``kg``."""
    sys.exit(run())


def _streams() -> None:
    """Write UTF-8 to files and pipes on every system, and never fail on half a surrogate pair."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace", **({} if stream.isatty() else {"encoding": "utf-8"}))


def _visible(text: str) -> str:
    from kg.cli.output import visible

    return visible(text)
