"""Communities of a graph too large to draw at once, and the map that shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kg.page.backbone import backbone
from kg.page.layout import layout

MOST = 90
"""How many communities the map shows."""
OPENED = 300
"""How many members an opened community shows."""
SEED = 1


@dataclass(frozen=True, slots=True)
class Map:
    """Communities, the largest first.

    `of` is the community of each node, -1 for those too small to show; `groups` the leader
    (weightiest node) and size of each; `links` pairs of communities with their number of
    edges; `points` their places on the map, in pixels. `inside` has the weightiest members of each
    community with their places when it is opened: (node, x, y).
    """

    of: list[int]
    groups: list[tuple[int, int]]
    links: list[tuple[int, int, int]]
    points: list[tuple[int, int]]
    inside: list[list[tuple[int, int, int]]]


def community_map(
    weights: Sequence[float], edges: Sequence[tuple[int, int]], sizes: Sequence[tuple[float, float]]
) -> Map:
    """Find the communities of a large graph and lay out their map; the same each time.

    `sizes` are the width and height in pixels of each node with its label.

    Label propagation (Traag & Šubelj 2023) makes small communities fast; Louvain (Blondel et
    al. 2008) on the graph of those joins them. Both are networkx's.
    """
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(weights)))
    graph.add_edges_from(edges)
    found = nx.community.fast_label_propagation_communities(graph, seed=SEED)
    small = sorted((sorted(c) for c in found), key=lambda c: c[0])
    part = [0] * len(weights)
    for number, members in enumerate(small):
        for node in members:
            part[node] = number
    between: Counter[tuple[int, int]] = Counter()
    for a, b in edges:
        if part[a] != part[b]:
            between[min(part[a], part[b]), max(part[a], part[b])] += 1
    coarse: nx.Graph[int] = nx.Graph()
    coarse.add_nodes_from(range(len(small)))
    coarse.add_weighted_edges_from((a, b, n) for (a, b), n in sorted(between.items()))
    joined = [sorted(c) for c in nx.community.louvain_communities(coarse, seed=SEED)]
    members_of = [sorted(node for c in group for node in small[c]) for group in joined]
    members_of.sort(key=lambda members: (-len(members), members[0]))
    of = [-1] * len(weights)
    groups = []
    for number, members in enumerate(members_of[:MOST]):
        if len(members) < 3:
            break
        groups.append((max(members, key=lambda node: (weights[node], -node)), len(members)))
        for node in members:
            of[node] = number
    tally: Counter[tuple[int, int]] = Counter()
    for a, b in edges:
        if of[a] >= 0 and of[b] >= 0 and of[a] != of[b]:
            tally[min(of[a], of[b]), max(of[a], of[b])] += 1
    links = [(a, b, n) for (a, b), n in sorted(tally.items())]
    # Only the strongest links of each shape the map; all of them would pull it into a ball.
    kept = sorted(links, key=lambda link: -link[2])[: 3 * len(groups)]
    own: list[list[tuple[int, int]]] = [[] for _ in groups]
    within = [{node: k for k, node in enumerate(members)} for members in members_of[: len(groups)]]
    for a, b in edges:
        if of[a] >= 0 and of[a] == of[b]:
            own[of[a]].append((within[of[a]][a], within[of[a]][b]))
    inside = []
    for members, pairs in zip(members_of, own, strict=False):
        chosen = {k: place for place, k in enumerate(backbone([weights[node] for node in members], pairs, OPENED))}
        drawn = [(chosen[a], chosen[b]) for a, b in pairs if a in chosen and b in chosen]
        points = layout(len(chosen), drawn, [sizes[members[k]] for k in chosen])
        inside.append([(members[k], *points[place]) for k, place in chosen.items()])
    most = groups[0][1] if groups else 1
    widths = [2 * (10 + 40 * (size / most) ** 0.5) for _, size in groups]
    boxes = [(max(150.0, width + 20), width + 44) for width in widths]
    return Map(of, groups, links, layout(len(groups), [(a, b) for a, b, _ in kept], boxes), inside)
