"""Commands that ask a built graph, here or elsewhere: query, serve, load, export."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import options
from kg.cli.output import progress, rendered, say, say_json

if TYPE_CHECKING:
    from kg.store import Question, Store


@click.command(
    short_help="Ask a built graph in SPARQL.",
    # A question's own parameters are options too; which, is known when its file has been read.
    context_settings={"ignore_unknown_options": True},
    add_help_option=False,
    epilog="""\b
Examples:
  kg query --list
  kg query official-of --city 칭다오
  kg query official-of --help
  kg query questions.rq
  kg query -e 'SELECT ?label WHERE { ?city a nk:City ; rdfs:label ?label }'
  kg query -e 'ASK { ?e nk:status nk:Planned }' -g out --format json""",
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[NAME|FILE.rq] [--PARAMETER VALUE]...")
@click.option("-e", "--expression", metavar="SPARQL", help="The query itself.")
@click.option("-l", "--list", "listed", is_flag=True, help="List the named questions and their parameters.")
@click.option(
    "-g",
    "--graph",
    type=click.Path(path_type=Path),
    default=Path("build"),
    metavar="DIR",
    help="The built graph.  [default: build]",
)
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["table", "csv", "json", "ttl", "jsonld", "nt"]),
    default="table",
    show_default=True,
    help="table, csv, json: of rows; ttl, jsonld, nt: of triples (CONSTRUCT, DESCRIBE).",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--facts-only", is_flag=True, help="Leave the ontology out of what is asked.")
@click.option(
    "-t",
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="How long the query may take once the graph is read.",
)
@options.project
@click.option("-h", "--help", "helped", is_flag=True, help="Show this message, or that of a named question.")
@click.pass_context
def query(
    ctx: click.Context,
    words: tuple[str, ...],
    expression: str | None,
    listed: bool,
    graph: Path,
    format_: str,
    as_json: bool,
    facts_only: bool,
    timeout: float,
    project: Path | None,
    helped: bool,
) -> int:
    """Ask a built graph, and the ontology with it, in SPARQL; the graph's prefixes are known.

    A NAME is that of a question in ontology/queries, and its parameters are options.
    """
    from kg.project import Project

    if helped and not words:
        click.echo(ctx.get_help())
        return 0
    ontology = Project.find(project).ontology
    if listed:
        return _list(ontology, as_json)
    if bool(words) == (expression is not None):
        raise click.UsageError("give either NAME, FILE.rq or -e SPARQL")
    name, sparql, values = "query", expression or "", dict[str, str]()
    if words:
        question = _question(words[0], ontology)
        command = _command(question)
        if helped:
            click.echo(command.get_help(click.Context(command, info_name=f"kg query {words[0]}")))
            return 0
        given = command.make_context(f"kg query {words[0]}", list(words[1:])).params
        values = question.values({key: value for key, value in given.items() if value is not None})
        name, sparql = str(question.file), question.sparql
    from kg.store import Store
    from kg.store.worker import Worker, physical_memory

    opener = partial(Store.open, graph, *(() if facts_only else ontology))
    memory = physical_memory()
    asked = partial(_answered, sparql=sparql, values=values, name=name, form="json" if as_json else format_)
    with Worker(opener, memory=memory and memory // 2) as worker:
        text = worker.call(asked, timeout)
    click.echo(text, nl=False)
    return 0


def _answered(store: Store, sparql: str, values: dict[str, str], name: str, form: str) -> str:
    return rendered(store.query(sparql, substitutions=values, name=name), form)


@click.command(
    short_help="Serve a built graph on this machine.",
    epilog="""\b
Examples:
  kg serve                       the graph in build/, on http://127.0.0.1:8765/
  kg serve out --port 0          any free port
  kg serve --timeout 5 --workers 4""",
)
@options.built
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 is any free one.")
@click.option(
    "-t",
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="How long a query may take.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="How many queries are answered at once."
)
@click.option("--facts-only", is_flag=True, help="Leave the ontology out of what is asked.")
@options.project
def serve(build: Path, port: int, timeout: float, workers: int, facts_only: bool, project: Path | None) -> int:
    """Serve the page, a SPARQL 1.1 endpoint (/sparql) and a query editor, to this machine only and to be read only."""
    from kg.project import Project
    from kg.serve import serve as serve_
    from kg.store import questions

    ontology = Project.find(project).ontology
    serve_(
        build,
        *(() if facts_only else ontology),
        port=port,
        timeout=timeout,
        workers=workers,
        questions=questions(ontology),
        ready=lambda address: say(f"{address}  (SPARQL: {address}sparql; Ctrl+C ends it)", err=True),
    )
    return 0


@click.command(
    short_help="Load a built graph into a remote store.",
    epilog="""\b
Examples:
  kg load http://localhost:7878/store                      Oxigraph
  kg load http://localhost:3030/ds/data --query http://localhost:3030/ds/query
  kg load https://data.example.org/sparql-graph-crud-auth -g out --dry-run
\b
A name and password are taken from KG_STORE_USER and KG_STORE_PASSWORD, or from a netrc file.""",
)
@click.argument("address", metavar="URL")
@click.option(
    "-g",
    "--graph",
    type=click.Path(path_type=Path),
    default=Path("build"),
    metavar="DIR",
    help="The built graph.  [default: build]",
)
@click.option("--query", "endpoint", metavar="URL", help="The store's SPARQL endpoint, to have it count.")
@click.option("--no-evidence", is_flag=True, help="Leave out what rule and sentence each fact is from.")
@click.option("--no-links", is_flag=True, help="Leave out owl:sameAs.")
@click.option("--all", "everything", is_flag=True, help="Replace what did not change, too.")
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and do nothing.")
@click.option("--retries", type=click.IntRange(0, 20), default=5, show_default=True, help="How often to try again.")
@options.as_json
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def load(
    address: str,
    graph: Path,
    endpoint: str | None,
    no_evidence: bool,
    no_links: bool,
    everything: bool,
    dry_run: bool,
    retries: int,
    as_json: bool,
    quiet: bool,
) -> int:
    """Load a built graph into a store over the Graph Store Protocol: a named graph a document.

    URL is the store's address for graphs. Only what changed since the last load is sent, and what is gone is
    deleted; then the triples are counted. Exit status 1 if a graph has another count than it should have.
    """
    from kg.store.loading import load as load_
    from kg.store.remote import RemoteStore

    with RemoteStore(address, endpoint, retries=retries) as store, progress(quiet or as_json) as show:
        loaded = load_(
            graph,
            store,
            evidence=not no_evidence,
            links=not no_links,
            everything=everything,
            dry_run=dry_run,
            progress=show,
        )
    if as_json:
        say_json(loaded.as_dict())
    elif not quiet:
        plan = loaded.plan
        if dry_run:
            for verb, names in (("replace", plan.replace), ("delete", plan.delete)):
                for name in names:
                    say(f"{verb} {name}")
        verbs = ("to replace", "to delete") if dry_run else ("replaced", "deleted")
        graphs = f"{len(plan.replace)} graph{'s' * (len(plan.replace) != 1)} {verbs[0]}"
        told = f"{graphs}, {len(plan.delete)} {verbs[1]}, {len(plan.same)} unchanged"
        say(f"{told}, {loaded.triples} triples sent")
    for name, (expected, found) in loaded.differing.items():
        say(f"{name}: {found} triples in the store, {expected} in the build", err=True)
    return 1 if loaded.differing else 0


@click.command(
    short_help="Write a built graph in another form.",
    epilog="""\b
Examples:
  kg export --format jsonld -o graph.jsonld
  kg export out --format nq | gzip > graph.nq.gz""",
)
@options.built
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["jsonld", "nt", "nq"]),
    required=True,
    help="JSON-LD with a context, N-Triples, or N-Quads with a named graph a document.",
)
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="[default: standard output]")
def export(build: Path, form: str, out: Path | None) -> int:
    """Write a built graph as JSON-LD, N-Triples or N-Quads: sorted, the same bytes for the same build."""
    from kg.graph.export import exported
    from kg.graph.turtle import write_pieces

    pieces = exported(build, form)
    if out is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return 0
    part = out.with_name(out.name + ".part")
    try:
        write_pieces(part, pieces)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return 0


def _list(ontology: tuple[Path, ...], as_json: bool) -> int:
    from kg.store import questions

    found = questions(ontology).values()
    if as_json:
        say_json([question.as_dict() for question in found])
    else:
        for question in found:
            options = "".join(f" [--{parameter.name} {parameter.default}]" for parameter in question.parameters)
            say(f"{question.name}{options}\n  {question.korean}\n  {question.english}")
    return 0


def _question(word: str, ontology: tuple[Path, ...]) -> Question:
    from kg.store import Question, named

    if word.startswith("-"):
        raise click.NoSuchOption(word)
    return Question.read(Path(word)) if word.endswith((".rq", ".sparql")) else named(word, ontology)


def _command(question: Question) -> click.Command:
    """Give the command whose options are the parameters of a question."""
    options = [
        click.Option([p.name, f"--{p.name}"], metavar="VALUE", help=f"{p.korean} · {p.english}  [default: {p.default}]")
        for p in question.parameters
    ]
    return click.Command(
        question.name,
        params=list(options),
        help=f"{question.korean}\n\n{question.english}",
        add_help_option=False,
        epilog="The options of kg query (--graph, --format …) may be given too.",
    )
