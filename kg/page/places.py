"""Where all of a graph stands on the page, and how much room each node takes."""

from __future__ import annotations

from dataclasses import dataclass

from kg.page.communities import Map, community_map
from kg.page.layout import layout
from kg.page.model import PageGraph

MAP_ABOVE = 10_000
"""From how many nodes on the page opens with a map of communities."""


@dataclass(frozen=True, slots=True)
class Places:
    """The place of each node, in whole pixels, and the map of communities if the graph is large."""

    points: list[tuple[int, int]]
    overview: Map | None


def place(graph: PageGraph) -> Places:
    """Lay out a graph; the same each time."""
    edges = [(e.source, e.target) for e in graph.edges]
    room = sizes(graph)
    large = len(graph.nodes) > MAP_ABOVE
    overview = community_map([n.weight for n in graph.nodes], edges, room) if large else None
    return Places(layout(len(graph.nodes), edges, room), overview)


def sizes(graph: PageGraph) -> list[tuple[float, float]]:
    """Estimate the room that each node takes with its label: wide characters are 13 pixels, others 7."""
    sizes = []
    for node in graph.nodes:
        shown = node.label[:18]
        width = sum(13.0 if ord(c) > 0x2E80 else 7.0 for c in shown)
        size = 2 * min(24.0, 6 + 2.6 * node.weight**0.5)
        sizes.append((max(size, width) + 10, size + 26))
    return sizes
