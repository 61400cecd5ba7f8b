"""Commands on rules and what they see in a text: explain, annotate, lint, test, eval, diff."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from kg.cli import options
from kg.cli.output import say, say_json


@click.command(
    short_help="Tell what is seen in a sentence, and why.",
    epilog="""\b
Examples:
  kg explain "화웨이가 칭다오에서 '칭다오 선언'을 발표했다."
  kg explain "화웨이가 선언을 발표하지 않았다." --rule announce.policy
  kg explain "화웨이가 선언을 발표했다." --html why.html""",
)
@click.argument("text", metavar="문장")
@click.option("--rule", metavar="ID", help="Where this rule stopped, and what would let it match.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write one HTML file instead.")
@options.project
@options.as_json
def explain(text: str, rule: str | None, html: Path | None, project: Path | None, as_json: bool) -> int:
    """Tell what is seen in a sentence, which rules fire, and why others do not."""
    import kg

    words = os.fsencode(text).decode("utf-8", errors="replace")  # whatever encoding the locale names
    if not words.strip():
        raise click.UsageError("there is no sentence to explain: put one in quotes after kg explain")
    explanation = kg.load(project).explain(words, rule)
    if html:
        from kg.check.explanation_page import write_explanation

        write_explanation(explanation, html)
    elif as_json:
        say_json(explanation.as_dict())
    else:
        say(explanation.as_text())
    return 0


@click.command(
    short_help="Mentions, clauses, statements as JSON.",
    epilog="""\b
Examples:
  echo "화웨이가 칭다오에서 '칭다오 선언'을 발표했다." | kg annotate
  kg annotate sentences.jsonl > annotated.jsonl""",
)
@click.argument("file", required=False, default="-", metavar="[FILE]")
@options.project
def annotate(file: str, project: Path | None) -> int:
    """Write mentions, clauses and statements of each line as a line of JSON.

    FILE (default: standard input) holds a document a line, as text or as JSON Lines with text
    (and id, date). Offsets count code points of the text as given. A line that cannot be
    read gives a line with its error, and exit status 1.
    """
    import kg
    from kg.annotate import annotate as annotated
    from kg.project import Project

    failed = False
    with _lines(file) as lines:
        for result in annotated(kg.load(project), lines, base=Project.find(project).base, name=file):
            say_json(result, indent=None)
            if "error" in result:
                failed = True
                say(f"{result['id']}: {result['error']}", err=True)
    return 1 if failed else 0


@click.command(
    short_help="Find faults in rules and lexicon.",
    epilog="""\b
Examples:
  kg lint
  kg lint --json""",
)
@options.project
@options.as_json
def lint(project: Path | None, as_json: bool) -> int:
    """Find what is wrong in rules and lexicon, with file, line, column and the mend."""
    from kg import check
    from kg.project import Project

    findings = check.lint(Project.find(project))
    if as_json:
        say_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            say(str(finding))
        say(f"{len(findings)} findings")
    return 1 if findings else 0


@click.command(
    short_help="Run the examples that rules carry.",
    epilog="""\b
Examples:
  kg test                      every rule's examples
  kg test announce.policy      those of one rule; of a failure, what was seen
  kg test --mutate             the constraints that no example notices""",
)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--mutate", is_flag=True, help="Drop each constraint in turn; tell those that no example notices.")
@options.project
@options.as_json
def test(ids: tuple[str, ...], mutate: bool, project: Path | None, as_json: bool) -> int:
    """Run the examples that rules carry. Exit status 1 if one fails, or with --mutate one is lacking."""
    from kg import check
    from kg.project import Project

    run = check.mutate_rules if mutate else check.test_rules
    return _report(run(Project.find(project), ids), as_json)


@click.command(
    name="eval",
    short_help="Score the rules on known facts.",
    epilog="""\b
Examples:
  kg eval data/gold""",
)
@click.argument("gold", type=click.Path(path_type=Path))
@options.project
@options.as_json
def evaluate(gold: Path, project: Path | None, as_json: bool) -> int:
    """Score the rules on texts whose facts are known: precision, recall, F1."""
    from kg import check
    from kg.project import Project

    return _report(check.evaluate(gold, Project.find(project)), as_json)


@click.command(
    short_help="Tell what changed between two builds.",
    epilog="""\b
Examples:
  kg diff build-before build
  kg diff build-before build --json""",
)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@options.as_json
def diff(old: Path, new: Path, as_json: bool) -> int:
    """Tell which facts a build has gained and lost, with rule, status and quote. Exit status 1 if any."""
    from kg import check

    return _report(check.diff(old, new), as_json)


def _report(report: object, as_json: bool) -> int:
    if as_json:
        say_json(report.as_dict())  # type: ignore[attr-defined]
    else:
        say(report.as_text())  # type: ignore[attr-defined]
    return 0 if report.ok else 1  # type: ignore[attr-defined]


@contextmanager
def _lines(file: str) -> Iterator[Iterable[bytes]]:
    """Open a file or standard input for reading line by line."""
    from kg.errors import KgError, Place

    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = open(file, "rb")  # noqa: SIM115 (closed below; only the opening is guarded)
    except OSError as error:
        raise KgError(
            f"cannot be read: {error.strerror}", mend="check the name", code="KG411", place=Place(file)
        ) from None
    with stream:
        yield stream
