"""Reads a graph's triples, from Turtle or from rdflib, into one table by subject."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import KgError, Place

if TYPE_CHECKING:
    import rdflib

NK = "https://w3id.org/newskg/ontology#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"
LANGUAGE_STRING = RDF + "langString"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
OWL = "http://www.w3.org/2002/07/owl#"
DCTERMS = "http://purl.org/dc/terms/"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
ORG = "http://www.w3.org/ns/org#"


class Value(NamedTuple):
    """A literal: its text, the IRI of its datatype, its language tag (empty if none)."""

    text: str
    datatype: str
    language: str


Term = str | Value
"""The object of a triple: an IRI (or blank node label) as `str`, or a literal."""

Table = dict[str, list[tuple[str, Term]]]
"""Subject IRI -> its (predicate IRI, object) pairs, in the order read."""

BUILD_FILES = ("graph.ttl", "provenance.ttl", "links.ttl")
"""What is read of a build folder: facts, evidence, links; the last two may be absent."""


def read(source: Path | rdflib.Graph | Sequence[Path]) -> Table:
    """Read a build folder, an RDF file, several of these, or an rdflib graph.

    Raises `KgError` where a file is absent or is not RDF, with the line where it breaks.
    """
    if isinstance(source, str | Path):
        sources = [Path(source)]
    elif isinstance(source, Sequence):
        sources = [Path(path) for path in source]
    else:
        from io import BytesIO

        import pyoxigraph

        data = source.serialize(format="nt", encoding="utf-8")
        return _table(pyoxigraph.parse(BytesIO(data), format=pyoxigraph.RdfFormat.N_TRIPLES))
    table: Table = {}
    for path in sources:
        for file in _build(path) if path.is_dir() else [path]:
            _read_file(file, table)
    return table


def _build(folder: Path) -> list[Path]:
    files = [folder / name for name in BUILD_FILES if (folder / name).is_file()]
    if not (folder / BUILD_FILES[0]).is_file():
        raise KgError(
            f"no {BUILD_FILES[0]} in this folder",
            mend="give the folder that `kg build -o` wrote, or a Turtle file",
            code="KG701",
            place=Place(str(folder)),
        )
    return files


def _read_file(file: Path, table: Table) -> None:
    import pyoxigraph

    format_ = pyoxigraph.RdfFormat.from_extension(file.suffix.lstrip(".")) or pyoxigraph.RdfFormat.TURTLE
    try:
        _table(pyoxigraph.parse(path=str(file), format=format_), table)
    except SyntaxError as error:
        place = Place(str(file), error.lineno or 0, error.offset or 0)
        raise KgError(
            f"not RDF: {error.msg}", mend="mend the file, or build it again", code="KG702", place=place
        ) from None
    except (OSError, ValueError) as error:
        raise KgError(f"cannot be read: {error}", mend="check the path", code="KG703", place=Place(str(file))) from None


def _table(quads: Iterable[tuple[object, ...]], table: Table | None = None) -> Table:
    """Put triples into the table. The graph name of a quad is let go."""
    import pyoxigraph

    table = {} if table is None else table
    iris: dict[str, str] = {}
    known, literal = iris.setdefault, pyoxigraph.Literal
    # Files are grouped by subject, so most triples go where the last one went.
    last, pairs = "", list[tuple[str, Term]]()
    for subject, predicate, object_, _ in quads:
        name: str = subject.value  # type: ignore[attr-defined]
        if name != last or not pairs:
            last = known(name, name)
            pairs = table.setdefault(last, [])
        term: Term
        if isinstance(object_, literal):
            language = object_.language
            if language:
                term = Value(object_.value, LANGUAGE_STRING, language)
            else:
                datatype = object_.datatype.value
                term = Value(canonical(object_.value) if datatype == DECIMAL else object_.value, datatype, "")
        else:
            value: str = object_.value  # type: ignore[attr-defined]
            term = known(value, value)
        relation: str = predicate.value  # type: ignore[attr-defined]
        pairs.append((known(relation, relation), term))
    return table


def canonical(number: str) -> str:
    """Write a decimal as triplestores give it back: without a sign or zeros that mean nothing.

    >>> canonical("+05540.0"), canonical("-0.50"), canonical("x")
    ('5540', '-0.5', 'x')
    """
    from decimal import Decimal, InvalidOperation

    try:
        text = format(Decimal(number).normalize(), "f")
    except InvalidOperation:
        return number
    return "0" if text == "-0" else text


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the cyclic garbage collector off while millions of tuples that no cycle holds are made: it would walk
    them again and again, for a third of the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def ordered(pairs: list[tuple[str, Term]]) -> list[tuple[str, Term]]:
    """Give the pairs of a subject, each once, in an order that does not depend on the file's."""
    return sorted(set(pairs), key=_order) if len(pairs) > 1 else pairs


def _order(pair: tuple[str, Term]) -> tuple[str, ...]:
    predicate, term = pair
    return (predicate, *term) if isinstance(term, Value) else (predicate, term)


@lru_cache(4096)
def local_name(iri: str) -> str:
    """Give what follows the last ``#`` or ``/`` of an IRI.

    >>> local_name("https://w3id.org/newskg/ontology#City")
    'City'
    """
    cut = max(iri.rfind("#"), iri.rfind("/"))
    return iri[cut + 1 :] or iri


def words(pairs: list[tuple[str, Term]], *predicates: str) -> list[Value]:
    """Give the literals that stand under any of the predicates, in the predicates' order."""
    return [
        term for wanted in predicates for predicate, term in pairs if predicate == wanted and isinstance(term, Value)
    ]


def in_language(values: list[Value], *languages: str) -> str:
    """Give the first text in the first of the languages that has one; ``''`` matches no tag.

    >>> in_language([Value("Qingdao", "", "en"), Value("칭다오", "", "ko")], "ko", "")
    '칭다오'
    """
    for language in languages:
        for value in values:
            if value.language.split("-")[0] == language:
                return value.text
    return ""
