"""The interactive page of a graph: one HTML file that needs no network.

The only package that imports pyvis, and only when a page is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rdflib

__all__ = ["Page", "write_page"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was written. As the last value of a notebook's cell it shows itself there.

    `path` is the file, `height` the height in pixels of its frame in a notebook.

    >>> Page(Path("graph.html"), height=400).path.name
    'graph.html'
    """

    path: Path
    height: int = 640

    def _repr_html_(self) -> str:
        """Give the page in a frame that can run its own script but reach nothing of the notebook."""
        from html import escape

        text = escape(self.path.read_text(encoding="utf-8"), quote=True)
        allowed = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
        return (
            f'<iframe srcdoc="{text}" sandbox="{allowed}" title="{escape(self.path.name, quote=True)}" '
            f'width="100%" height="{self.height}" style="border:1px solid #ddd"></iframe>'
        )


def write_page(
    source: Path | rdflib.Graph | Sequence[Path],
    out: Path,
    *,
    title: str | None = None,
    ontology: Path | Sequence[Path] | None = None,
    queries: Path | None = None,
) -> Page:
    """Write the page of a graph of this ontology.

    `source` is a build folder, an RDF file, several of these, or an rdflib graph; evidence shows
    if its statements are there too. `ontology` (files or folders; default: the shipped one) names
    classes and relations. `queries` is a folder of ``*.rq`` files; what each finds becomes a
    saved view (default: those beside the ontology, for graphs of up to 5,000 nodes). The file
    is written whole or not at all, and the same triples in whatever order and format give the
    same bytes. In a notebook, what it gives back shows the page.

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

    with triples.uncollected():
        table = triples.read(source)
        vocabulary = Vocabulary(ontology)
        graph = page_graph(table, vocabulary)
    if queries is None and len(graph.nodes) <= 5000:
        queries = vocabulary.queries
    views = question_views(queries, table, graph) if queries is not None else []
    titles = (title, title) if title else ("지식 그래프", "Knowledge graph")
    PageNetwork(titles[0], blocks(titles, graph, vocabulary, views, place(graph))).write_html(str(out))
    return Page(Path(out))
