"""SPARQL 1.1 Protocol: what a request asks, in which form it is answered, what the service can do.

https://www.w3.org/TR/sparql11-protocol/ and https://www.w3.org/TR/sparql11-service-description/.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, MethodNotAllowed, NotAcceptable, UnsupportedMediaType
from werkzeug.wrappers import Request

from kg.errors import KgError
from kg.graph.terms import PREFIXES
from kg.graph.turtle import Triples, turtle
from kg.store import Store

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
ROWS: dict[str, pyoxigraph.QueryResultsFormat] = {
    "application/sparql-results+json": pyoxigraph.QueryResultsFormat.JSON,
    "application/sparql-results+xml": pyoxigraph.QueryResultsFormat.XML,
    "text/csv": pyoxigraph.QueryResultsFormat.CSV,
    "text/tab-separated-values": pyoxigraph.QueryResultsFormat.TSV,
    "application/json": pyoxigraph.QueryResultsFormat.JSON,
    "application/xml": pyoxigraph.QueryResultsFormat.XML,
}
"""Media types in which rows and truth values are given, the preferred one first."""
TRIPLES: dict[str, pyoxigraph.RdfFormat] = {
    "text/turtle": pyoxigraph.RdfFormat.TURTLE,
    "application/n-triples": pyoxigraph.RdfFormat.N_TRIPLES,
    "application/ld+json": pyoxigraph.RdfFormat.JSON_LD,
    "application/rdf+xml": pyoxigraph.RdfFormat.RDF_XML,
    "application/json": pyoxigraph.RdfFormat.JSON_LD,
    "application/xml": pyoxigraph.RdfFormat.RDF_XML,
}
"""Media types in which triples are given, the preferred one first."""
_TRUTH = tuple(media for media, form in ROWS.items() if form.name.endswith(("JSON", "XML")))
_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, the values of its parameters, the graphs it is asked of, and the media types that are welcome."""

    sparql: str
    values: Mapping[str, str] = field(default_factory=dict)
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    rows: str | None = None
    truth: str | None = None
    triples: str | None = None


def opened(folder: Path, prefixes: Mapping[str, str]) -> Store:
    """Open the store that the workers share; with this module, so that no query's time goes into loading it."""
    return Store.shared(folder, prefixes)


def asked(request: Request) -> Asked | None:
    """Give what a request asks, or None if it has no query and so wants the description of the service.

    A parameter ``$city`` gives the query's ``?city`` a value, as in RDF4J. Raises an HTTP error if the
    request is not of the protocol.
    """
    if request.method not in ("GET", "HEAD", "POST"):
        raise MethodNotAllowed(["GET", "HEAD", "POST"])
    given: MultiDict[str, str] = MultiDict(request.args)
    if request.method == "POST":
        body = _utf8(request.get_data(cache=True)) if request.mimetype == QUERY else ""
        if request.mimetype == FORM:
            given = MultiDict([*request.args.items(multi=True), *request.form.items(multi=True)])
        elif request.mimetype == QUERY:
            given.setlist("query", [*given.getlist("query"), body])
        elif request.mimetype == "application/sparql-update":
            raise BadRequest("this endpoint is read-only")
        else:
            raise UnsupportedMediaType(f"send {QUERY} or {FORM}, in UTF-8")
    if "update" in given:
        raise BadRequest("this endpoint is read-only")
    queries = given.getlist("query")
    if not queries:
        if request.method == "POST":
            raise BadRequest("there is no query")
        return None
    if len(queries) > 1:
        raise BadRequest("there is more than one query")
    return Asked(
        queries[0],
        {name[1:]: value for name, value in given.items() if name.startswith("$")},
        _iris(given.getlist("default-graph-uri")),
        _iris(given.getlist("named-graph-uri")),
        _best(request, tuple(ROWS)),
        _best(request, _TRUTH),
        _best(request, tuple(TRIPLES)),
    )


def answered(store: Store, question: Asked, file: Path, most: int) -> str:
    """Answer a query into a file; give its media type.

    Raises `KgError`: as `Store.query`, and KG650 if the answer has more than `most` bytes. Raises
    `NotAcceptable` if the answer is of a kind that the client does not take.
    """
    with open(file, "wb") as raw:
        stream: Any = _Bounded(raw, most)
        try:
            with store.results(
                question.sparql,
                substitutions=question.values,
                default_graphs=question.default_graphs,
                named_graphs=question.named_graphs,
            ) as (result, _):
                if isinstance(result, pyoxigraph.QueryTriples):
                    media = _welcome(question.triples, TRIPLES)
                    form = TRIPLES[media]
                    prefixes = dict(store.prefixes) if form == pyoxigraph.RdfFormat.TURTLE else None
                    pyoxigraph.serialize(result, stream, form, prefixes=prefixes)
                else:
                    truth = isinstance(result, pyoxigraph.QueryBoolean)
                    media = _welcome(question.truth if truth else question.rows, _TRUTH if truth else ROWS)
                    result.serialize(stream, ROWS[media])
        except KgError:
            if stream.full:
                what = f"the answer has more than {most:,} bytes"
                raise KgError(what, code="KG650", mend="ask for less, or add LIMIT") from None
            raise
    return media


def description(store_size: int, endpoint: str) -> Triples:
    """Describe the service: its endpoint (IRI), language and formats, and how many triples it holds."""
    service, dataset, graph = (f"<{endpoint}{part}>" for part in ("", "#dataset", "#graph"))

    def sd(name: str) -> str:
        return f"<{_SD}{name}>"

    type_, triples = f"<{PREFIXES['rdf']}type>", "<http://rdfs.org/ns/void#triples>"
    integer = f'"{store_size}"^^<{PREFIXES["xsd"]}integer>'
    formats = (
        "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV Turtle N-Triples JSON-LD RDF_XML"
    )
    return Triples(
        [
            (service, type_, sd("Service")),
            (service, sd("endpoint"), service),
            (service, sd("supportedLanguage"), sd("SPARQL11Query")),
            (service, sd("feature"), sd("UnionDefaultGraph")),
            (service, sd("defaultDataset"), dataset),
            (dataset, type_, sd("Dataset")),
            (dataset, sd("defaultGraph"), graph),
            (graph, type_, sd("Graph")),
            (graph, triples, integer),
            *((service, sd("resultFormat"), f"<{_FORMATS}{name}>") for name in formats.split()),
        ]
    )


def described(request: Request, store_size: int) -> tuple[str, bytes]:
    """Give the description of the service in the form that a request prefers: media type and bytes."""
    media = _welcome(_best(request, tuple(TRIPLES)), TRIPLES)
    triples = description(store_size, request.base_url)
    text = "".join(turtle(triples.descriptions(), {"sd": _SD, "void": "http://rdfs.org/ns/void#"}))
    if media == "text/turtle":
        return media, text.encode()
    parsed = [quad.triple for quad in pyoxigraph.parse(input=text, format=pyoxigraph.RdfFormat.TURTLE)]
    return media, pyoxigraph.serialize(parsed, format=TRIPLES[media]) or b""


class _Bounded:
    """A file that takes so many bytes and no more."""

    def __init__(self, stream: Any, most: int) -> None:
        self._stream, self._left, self.full = stream, most, False

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            self.full = True
            raise OSError("full")
        self._stream.write(data)
        return len(data)

    def flush(self) -> None:
        self._stream.flush()


def _best(request: Request, offered: Sequence[str]) -> str | None:
    """Give the media type that the client prefers, its first choice of equals ours; None if it takes none."""
    if not request.accept_mimetypes:
        return offered[0]
    return request.accept_mimetypes.best_match(offered)


def _welcome(media: str | None, offered: Sequence[str] | Mapping[str, object]) -> str:
    if media is None:
        raise NotAcceptable("the answer can be had as " + ", ".join(offered))
    return media


def _iris(texts: Sequence[str]) -> tuple[str, ...]:
    for text in texts:
        try:
            pyoxigraph.NamedNode(text)
        except ValueError:
            raise BadRequest(f"no IRI of a graph: {text[:200]!r}") from None
    return tuple(texts)


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("the query is not UTF-8") from None
