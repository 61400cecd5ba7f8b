"""The interactive page of a graph: one HTML file that needs no network.

The only package that imports pyvis, and only when a page is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rdflib

__all__ = ["write_page"]


def write_page(
    source: Path | rdflib.Graph,
    out: Path,
    *,
    title: str | None = None,
    ontology: Path | None = None,
    queries: Path | None = None,
) -> None:
    """Write the page of a graph of this ontology.

    `source` is a build folder, an RDF file, or an rdflib graph; evidence shows if its
    statements are there too. `ontology` (file or folder; default: the shipped one) names
    classes and relations. `queries` is a folder of ``*.rq`` files; what each finds becomes a
    saved view (default: those beside the ontology, for graphs of up to 5,000 nodes). The file
    is written whole or not at all, and the same source gives the same bytes.

    Raises:
        KgError: no graph there (KG701, KG703), not RDF (KG702), not writable (KG704), a
            query that is not SPARQL (KG705).
    """
    from kg.page import triples
    from kg.page.model import page_graph
    from kg.page.places import place
    from kg.page.views import question_views
    from kg.page.vocabulary import Vocabulary
    from kg.page.write import PageNetwork, blocks

    table = triples.read(source)
    vocabulary = Vocabulary(ontology)
    graph = page_graph(table, vocabulary)
    if queries is None and len(graph.nodes) <= 5000:
        queries = vocabulary.queries
    views = question_views(queries, table, graph) if queries is not None else []
    name = title or "지식 그래프"
    PageNetwork(name, blocks(name, graph, vocabulary, views, place(graph))).write_html(str(out))
