"""What a query gives: rows, triples, yes or no, each in the forms that people and programs read."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph
from pyoxigraph import BlankNode, NamedNode
from pyoxigraph import Literal as RdfLiteral

from kg.graph.jsonld import jsonld
from kg.graph.terms import PREFIXES
from kg.graph.turtle import Triples, nquads, turtle

Term = NamedNode | BlankNode | RdfLiteral | pyoxigraph.Triple

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_NUMERIC = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_XSD_STRING = PREFIXES["xsd"] + "string"


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a SELECT: column names, and rows of terms (None where unbound)."""

    columns: tuple[str, ...]
    terms: tuple[tuple[Term | None, ...], ...]
    prefixes: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return self.rows()

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Give rows of text to be read: CURIEs for IRIs, the words of literals, empty if unbound."""
        for row in self.terms:
            yield tuple("" if term is None else self._shown(term) for term in row)

    def csv(self) -> str:
        """Give CSV (RFC 4180, IRIs in full) that a spreadsheet takes for text.

        A cell that would begin a formula gets an apostrophe before it, numbers excepted
        (OWASP, CSV Injection).
        """
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([_guarded(column) for column in self.columns])
        for row in self.terms:
            writer.writerow(["" if term is None else _guarded(_text(term)) for term in row])
        return stream.getvalue()

    def json(self) -> str:
        """Give SPARQL 1.1 Query Results JSON."""
        bindings = [
            {column: _json_term(term) for column, term in zip(self.columns, row, strict=True) if term is not None}
            for row in self.terms
        ]
        return _dumped({"head": {"vars": list(self.columns)}, "results": {"bindings": bindings}})

    def _shown(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            for prefix, namespace in self.prefixes.items():
                if term.value.startswith(namespace) and re.fullmatch(r"[\w-]+", term.value[len(namespace) :]):
                    return f"{prefix}:{term.value[len(namespace) :]}"
        return _text(term)


@dataclass(frozen=True, slots=True)
class Facts:
    """The answer to a CONSTRUCT or DESCRIBE: sorted triples, each term as N-Triples text."""

    triples: tuple[tuple[str, str, str], ...]
    prefixes: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.triples)

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        return iter(self.triples)

    def turtle(self) -> str:
        """Give sorted Turtle."""
        return "".join(turtle(Triples(self.triples).descriptions(), self.prefixes))

    def jsonld(self) -> str:
        """Give sorted JSON-LD with the prefixes as its context."""
        return "".join(jsonld(Triples(self.triples).descriptions(), self.prefixes))

    def ntriples(self) -> str:
        """Give sorted N-Triples."""
        return "".join(nquads(Triples(self.triples).descriptions()))


def ask_json(answer: bool) -> str:
    """Give SPARQL 1.1 Query Results JSON of an ASK."""
    return _dumped({"head": {}, "boolean": answer})


def _text(term: Term) -> str:
    return term.value if isinstance(term, NamedNode | RdfLiteral) else str(term)


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) and not _NUMERIC.fullmatch(cell) else cell


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, RdfLiteral):
        rest = {"xml:lang": term.language} if term.language else {}
        if not rest and term.datatype.value != _XSD_STRING:
            rest = {"datatype": term.datatype.value}
        return {"type": "literal", "value": term.value, **rest}
    return {"type": "bnode", "value": str(term).removeprefix("_:")}


def _dumped(value: Mapping[str, object] | Sequence[object]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
