"""The few nodes of a large graph, or of one of its communities, that are drawn at first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def backbone(weights: Sequence[float], edges: Sequence[tuple[int, int]], most: int) -> list[int]:
    """Choose up to `most` nodes that hang together: the weightiest third, and those that join these best.

    The weightiest alone would be no picture: in the news great cities and firms seldom stand in
    one relation, but in relations to the same events and plans. What then has no relation to
    another chosen node is left out. Gives the weightiest first; the same each time.

    >>> backbone([9, 8, 1, 1, 7], [(0, 2), (1, 2), (0, 3)], 4)
    [0, 2, 3]
    """

    def rank(node: int) -> tuple[float, int]:
        return (-weights[node], node)

    if len(weights) <= most:
        return sorted(range(len(weights)), key=rank)
    pairs = {(min(a, b), max(a, b)) for a, b in edges if a != b}
    first = set(sorted(range(len(weights)), key=rank)[: max(1, most // 3)])
    joined: Counter[int] = Counter()
    for a, b in pairs:
        if a in first and b not in first:
            joined[b] += 1
        elif b in first and a not in first:
            joined[a] += 1
    joining = sorted(joined, key=lambda node: (-joined[node], *rank(node)))[: most - len(first)]
    chosen = first.union(joining)
    linked = {end for pair in pairs if pair[0] in chosen and pair[1] in chosen for end in pair}
    return sorted(chosen & linked or first, key=rank)
