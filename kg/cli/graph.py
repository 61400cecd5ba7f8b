"""Commands that make and check graphs: build, page, check."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import options
from kg.cli.output import progress, say, say_json


@click.command(
    short_help="Build a graph and its page from texts.",
    epilog="""\b
Examples:
  kg build                       the project's corpus, into build/
  kg build article.txt -o out    one article
  kg build news/ more.jsonl      a folder and a JSON Lines file
  cat article.txt | kg build -   standard input""",
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=options.BUILT,
    metavar="DIR",
    help="Where the graph goes.  [default: build]",
)
@click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="How many processes.  [default: one a core]")
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler whose workers read (tcp://host:8786), or local.")
@click.option("--fresh", is_flag=True, help="Read every document anew, changed or not.")
@options.project
@options.as_json
@options.quiet
def build(
    sources: tuple[str, ...],
    out: Path,
    jobs: int | None,
    cluster: str | None,
    fresh: bool,
    project: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Build a graph and its page from texts.

    A SOURCE is a text, HTML or JSON Lines file, a folder of them, or - for standard input.
    The next build into the same folder reads only what is new or changed, and one that was interrupted goes on where
    it was. Exit status 1 if a document had to be skipped.
    """
    import kg

    with progress(quiet) as show:
        report = kg.build(sources, out, project=project, jobs=jobs, cluster=cluster, fresh=fresh, progress=show)
    if as_json:
        say_json(report.as_dict())
    elif not quiet:
        say(f"{report.folder}: " + ", ".join(f"{count} {name}" for name, count in report.counts.items()))
    for skipped in report.skipped:
        say(f"skipped {skipped['source']}: {skipped['reason']}", err=True)
    if not quiet:
        for note in report.notes:
            say(f"{note['source']}: {note['note']}", err=True)
    return 1 if report.skipped else 0


@click.command(
    short_help="Write the page of a built graph.",
    epilog="""\b
Examples:
  kg page build -o graph.html
  kg page dump.nt -o graph.html --title '산업 지도'
  kg page graph.ttl provenance.ttl""",
)
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path), metavar="[SOURCE]...")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("graph.html"),
    metavar="FILE",
    help="[default: graph.html]",
)
@click.option("--title", metavar="TEXT", help="The page's title.  [default: 지식 그래프]")
@options.project
def page(sources: tuple[Path, ...], out: Path, title: str | None, project: Path | None) -> int:
    """Write the interactive page of a graph: one HTML file, no network.

    A SOURCE is a folder that kg build wrote (default: build) or an RDF file of a graph of this ontology, such as a
    triplestore gives back (.ttl, .nt, .rdf, .trig, .nq, .jsonld); evidence shows if provenance.ttl is there too.
    """
    from kg.page import write_page
    from kg.project import Project

    write_page(sources or (options.BUILT,), out, title=title, ontology=Project.find(project).ontology)
    return 0


@click.command(
    short_help="Check a built graph against the ontology.",
    epilog="""\b
Examples:
  kg check build
  kg check build --json
  kg check build --texts         slice all evidence anew out of the project's corpus
  kg check out --texts news/     the same, of a graph built from news/""",
)
@options.built
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--texts", is_flag=True, help="Compare all evidence with each SOURCE that the graph was built from.")
@options.project
@options.as_json
def check(build: Path, sources: tuple[str, ...], texts: bool, project: Path | None, as_json: bool) -> int:
    """Check a built graph: shapes, conflicts, vocabulary, evidence. Exit status 1 if something is wrong."""
    from kg.check.validation import validate
    from kg.project import Project

    if sources and not texts:
        raise click.UsageError("a SOURCE is for --texts")
    found = Project.find(project)
    read: dict[str, str] | None = None
    if texts:
        from kg.text import read as documents

        named = sources or tuple(map(str, found.corpus))
        read = {document.id: document.text for document in documents(*named, grammar=found.grammar)}
    findings = validate(build, *found.ontology, texts=read)
    if as_json:
        say_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            say(f"{finding.severity} {finding.code} {finding.where}: {finding.what}")
            for support in finding.evidence:
                say(f"  {support}")
            if finding.mend:
                say(f"  mend: {finding.mend}")
        say(f"{len(findings)} findings")
    return 1 if any(finding.severity == "error" for finding in findings) else 0
