"""Saved views: what each competency question finds, as nodes to show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError, Place
from kg.page.model import PageGraph
from kg.page.triples import Table, Value

_PROJECTION = re.compile(r"SELECT\b[^{]*?\{", re.IGNORECASE)
MOST = 400
"""More nodes than this are no view but the whole graph again."""


@dataclass(frozen=True, slots=True)
class View:
    """A question: the name of its file, the question in Korean and English, the nodes (indexes) of its answer."""

    id: str
    korean: str
    english: str
    nodes: list[int]


def question_views(queries: Path, table: Table, graph: PageGraph) -> list[View]:
    """Ask every ``*.rq`` of a folder; a view is the things that an answer rests on, if there are any.

    All variables of the pattern are asked for, since a query may give labels alone; one that
    groups is asked as it is. Parameters keep the values that the file gives them.

    A query's name is its ``# title (ko):`` and ``# title (en):``, or its first comment.
    Raises `KgError` on a query that is not SPARQL.
    """
    import pyoxigraph as ox

    store = ox.Store()
    store.bulk_extend(
        ox.Quad(_node(subject), ox.NamedNode(predicate), _object(term))
        for subject, pairs in table.items()
        for predicate, term in pairs
    )
    index = {node.iri: i for i, node in enumerate(graph.nodes)}
    english = {node.label: node.english for node in graph.nodes if node.english}
    views = []
    for file in sorted(queries.glob("*.rq")):
        text = file.read_text("utf-8")
        try:
            answer = store.query(_PROJECTION.sub("SELECT * WHERE {", text, count=1) if "GROUP BY" not in text else text)
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
            views.append(View(file.stem, *_titles(text, file, english), sorted(found)))
    return views


def _titles(text: str, file: Path, names: dict[str, str]) -> tuple[str, str]:
    """Give a query's question in Korean and English, with what it asks about; `names` are English names of things."""
    comments = [line.strip("# ").strip() for line in text.splitlines() if line.startswith("#") and line.strip("# ")]
    named: dict[str, str] = dict(re.findall(r"^title \((ko|en)\): *(.+)$", "\n".join(comments), re.MULTILINE))
    korean = named.get("ko") or named.get("en") or (comments[0] if comments else file.stem)
    english = named.get("en", korean)
    asked = re.search(r"^# params: (.+)$", text, re.MULTILINE)
    given = [
        re.search(rf'VALUES \?{name} {{ *"([^"]*)" *}}', text) for name in re.findall(r"\w+", asked[1] if asked else "")
    ]
    about = [str(match[1]) for match in given if match]
    if not about:
        return korean, english
    return f"{korean}: {', '.join(about)}", f"{english}: {', '.join(names.get(name, name) for name in about)}"


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
