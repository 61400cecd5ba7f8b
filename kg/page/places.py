"""Where all of a graph stands on the page, and how much room each node takes."""

from __future__ import annotations

from dataclasses import dataclass

from kg.page.backbone import backbone
from kg.page.communities import Map, community_map
from kg.page.layout import layout
from kg.page.model import PageGraph

LIMIT = 1500
"""How many nodes are drawn at once."""
TOP = 300
"""How many of a graph larger than that are drawn at first; more than these are a hairball."""
MAP_ABOVE = 10_000
"""From how many nodes on the page opens with a map of communities."""


@dataclass(frozen=True, slots=True)
class Places:
    """The place of each node, in whole pixels, and what opens a graph too large to draw at once.

    That is a map of its communities, or its backbone with places of its own: (node, x, y).
    """

    points: list[tuple[int, int]]
    overview: Map | None
    top: list[tuple[int, int, int]]


def place(graph: PageGraph) -> Places:
    """Lay out a graph; the same each time."""
    edges = [(e.source, e.target) for e in graph.edges]
    room = sizes(graph)
    count = len(graph.nodes)
    overview = community_map([n.weight for n in graph.nodes], edges, room) if count > MAP_ABOVE else None
    top = _top(graph, edges, room) if LIMIT < count <= MAP_ABOVE else []
    return Places(layout(count, edges, room), overview, top)


def _top(graph: PageGraph, edges: list[tuple[int, int]], room: list[tuple[float, float]]) -> list[tuple[int, int, int]]:
    """Lay out the weightiest nodes, and those that join them, by themselves."""
    chosen = backbone([n.weight for n in graph.nodes], edges, TOP)
    index = {node: k for k, node in enumerate(chosen)}
    own = [(index[a], index[b]) for a, b in edges if a in index and b in index]
    points = layout(len(chosen), own, [room[node] for node in chosen])
    return [(node, *points[k]) for node, k in index.items()]


def sizes(graph: PageGraph) -> list[tuple[float, float]]:
    """Estimate the room that each node takes with its label: wide characters are 13 pixels, others 7."""
    sizes = []
    for node in graph.nodes:
        shown = node.label[:18]
        width = sum(13.0 if ord(c) > 0x2E80 else 7.0 for c in shown)
        size = 2 * min(24.0, 6 + 2.6 * node.weight**0.5)
        sizes.append((max(size, width) + 10, size + 26))
    return sizes
