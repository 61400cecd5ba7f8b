"""Saved views: what each competency question finds, as nodes to show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError, Place
from kg.page.model import PageGraph
from kg.page.triples import Table, Value

MOST = 400
"""More nodes than this are no view but the whole graph again."""


@dataclass(frozen=True, slots=True)
class View:
    """A question and the nodes (indexes) of its answer."""

    title: str
    nodes: list[int]


def question_views(queries: Path, table: Table, graph: PageGraph) -> list[View]:
    """Ask every ``*.rq`` of a folder; a view is what the answer's rows name. Empty answers give none.

    The title is the query's first comment line. Raises `KgError` on a query that is not SPARQL.
    """
    import pyoxigraph as ox

    store = ox.Store()
    store.bulk_extend(
        ox.Quad(_node(subject), ox.NamedNode(predicate), _object(term))
        for subject, pairs in table.items()
        for predicate, term in pairs
    )
    index = {node.iri: i for i, node in enumerate(graph.nodes)}
    views = []
    for file in sorted(queries.glob("*.rq")):
        text = file.read_text("utf-8")
        try:
            answer = store.query(text)
        except (SyntaxError, ValueError) as error:
            raise KgError(f"not SPARQL: {error}", mend="mend the query", code="KG705", place=Place(str(file))) from None
        if not isinstance(answer, ox.QuerySolutions):
            continue
        found: set[int] = set()
        for row in answer:
            found.update(index[t.value] for t in row if isinstance(t, ox.NamedNode) and t.value in index)
            if len(found) > MOST:
                break
        if found and len(found) <= MOST:
            views.append(View(_title(text, file), sorted(found)))
    return views


def _title(text: str, file: Path) -> str:
    for line in text.splitlines():
        if line.startswith("#") and line.strip("# "):
            return line.strip("# ").strip()
    return file.stem


def _node(iri: str):  # type: ignore[no-untyped-def]
    import pyoxigraph as ox

    return ox.NamedNode(iri) if ":" in iri else ox.BlankNode(iri)


def _object(term: str | Value):  # type: ignore[no-untyped-def]
    import pyoxigraph as ox

    if isinstance(term, Value):
        if term.language:
            return ox.Literal(term.text, language=term.language)
        return ox.Literal(term.text, datatype=ox.NamedNode(term.datatype))
    return _node(term)
