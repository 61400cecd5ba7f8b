"""Where each node stands: the same place every time, near what it is related to, on nobody's toes.

Connected parts are laid out one by one and then packed into a landscape rectangle. A part of
up to `STRESS_LIMIT` nodes gets stress majorization (Gansner, Koren & North 2004), which shows
graph distance as distance on the page. A larger one gets a particle-mesh force layout: forces
of ForceAtlas2 (Jacomy et al. 2014), the repulsion convolved on a grid by FFT as in particle
simulation (Hockney & Eastwood 1981), from a PivotMDS start (Brandes & Pich 2007).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Ints = NDArray[np.int64]

STRESS_LIMIT = 900
UNIT = 110.0
"""Length of an edge in pixels of the page at a zoom of 1."""
ASPECT = 1.4
"""Width of the whole drawing over its height."""


def layout(count: int, edges: Sequence[tuple[int, int]], sizes: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Place `count` nodes; `sizes` are the width and height in pixels of each with its label.

    Gives whole pixels. Deterministic: no random numbers, no sets.

    >>> layout(2, [(0, 1)], [(40, 40), (40, 40)])[0] != layout(2, [(0, 1)], [(40, 40), (40, 40)])[1]
    True
    >>> layout(0, [], [])
    []
    """
    if count == 0:
        return []
    pairs = np.array(sorted({(min(a, b), max(a, b)) for a, b in edges if a != b}), dtype=np.int64).reshape(-1, 2)
    boxes = np.array(sizes, dtype=np.float64).reshape(-1, 2)
    start, neighbours = _adjacency(count, pairs)
    parts = _components(count, start, neighbours)
    member = np.zeros(count, dtype=np.int64)
    place = np.zeros(count, dtype=np.int64)
    for number, part in enumerate(parts):
        member[part] = number
        place[part] = np.arange(len(part))
    order = np.argsort(member[pairs[:, 0]], kind="stable")
    sorted_pairs = pairs[order]
    ends = np.searchsorted(member[sorted_pairs[:, 0]], np.arange(len(parts) + 1))
    drawn = []
    for number, part in enumerate(parts):
        own = place[sorted_pairs[ends[number] : ends[number + 1]]]
        drawn.append(_part(len(part), own, boxes[part]))
    return _packed(count, parts, drawn, boxes)


def _adjacency(count: int, pairs: Ints) -> tuple[Ints, Ints]:
    """Give the compressed sparse rows of an undirected graph."""
    heads = np.concatenate([pairs[:, 0], pairs[:, 1]])
    tails = np.concatenate([pairs[:, 1], pairs[:, 0]])
    order = np.lexsort((tails, heads))
    start = np.searchsorted(heads[order], np.arange(count + 1))
    return start.astype(np.int64), tails[order]


def _reached(start: Ints, neighbours: Ints, frontier: Ints) -> Ints:
    """List the neighbours of a frontier, with repeats."""
    lengths = start[frontier + 1] - start[frontier]
    total = int(lengths.sum())
    if total == 0:
        return np.zeros(0, dtype=np.int64)
    offsets = np.repeat(start[frontier] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    return neighbours[offsets + np.arange(total)]


def _steps(start: Ints, neighbours: Ints, source: int) -> Ints:
    """Give the number of steps from `source` to each node; -1 where there is no way."""
    steps = np.full(len(start) - 1, -1, dtype=np.int64)
    steps[source] = 0
    frontier = np.array([source], dtype=np.int64)
    level = 0
    while len(frontier):
        level += 1
        found = _reached(start, neighbours, frontier)
        found = np.unique(found[steps[found] < 0])
        steps[found] = level
        frontier = found
    return steps


def _components(count: int, start: Ints, neighbours: Ints) -> list[Ints]:
    """List the connected parts, the largest first, ties by their first node."""
    label = np.full(count, -1, dtype=np.int64)
    alone = start[1:] == start[:-1]
    parts: list[Ints] = []
    for node in range(count):
        if label[node] >= 0:
            continue
        if alone[node]:
            label[node] = len(parts)
            parts.append(np.array([node], dtype=np.int64))
            continue
        frontier = np.array([node], dtype=np.int64)
        label[node] = len(parts)
        while len(frontier):
            found = _reached(start, neighbours, frontier)
            found = np.unique(found[label[found] < 0])
            label[found] = len(parts)
            frontier = found
        parts.append(np.flatnonzero(label == len(parts)))
    return sorted(parts, key=lambda part: (-len(part), int(part[0])))


def _part(count: int, pairs: Ints, boxes: Points) -> Points:
    """Place one connected part, its middle at the origin."""
    if count == 1:
        return np.zeros((1, 2))
    start, neighbours = _adjacency(count, pairs)
    if count == 2:
        points = np.array([[0.0, 0.0], [1.0, 0.0]])
    elif count <= STRESS_LIMIT:
        points = _stress(start, neighbours, count)
    else:
        points = _forces(pairs, _pivot_mds(start, neighbours, count))
    points = _levelled(points) * UNIT
    if count > 12:
        # Labels are wide and screens are too.
        points *= np.array([1.2, 0.92])
    roomy = boxes if count <= STRESS_LIMIT else np.minimum(boxes, 34.0)
    points = _apart(points, roomy)
    centred: Points = points - (points.min(axis=0) + points.max(axis=0)) / 2
    return centred


def _levelled(points: Points) -> Points:
    """Turn the points so that their longest direction is level; mirror them to one of the two ways."""
    points = points - points.mean(axis=0)
    _, vectors = np.linalg.eigh(points.T @ points)
    turned = points @ vectors[:, ::-1]
    for axis in (0, 1):
        if turned[np.abs(turned[:, axis]).argmax(), axis] < 0:
            turned[:, axis] *= -1
    placed: Points = turned
    return placed


def _pivot_mds(start: Ints, neighbours: Ints, count: int, pivots: int = 40) -> Points:
    """Place nodes by their steps to a few pivots far from one another (Brandes & Pich 2007)."""
    columns = []
    pivot = int(np.argmax(start[1:] - start[:-1]))
    nearest = np.full(count, np.iinfo(np.int64).max)
    for _ in range(min(pivots, count)):
        steps = _steps(start, neighbours, pivot)
        columns.append(steps.astype(np.float64))
        nearest = np.minimum(nearest, steps)
        pivot = int(np.argmax(nearest))
    squared = np.stack(columns, axis=1) ** 2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    _, vectors = np.linalg.eigh(centred.T @ centred)
    points = centred @ vectors[:, -2:]
    spread = np.abs(points).max(axis=0)
    points = points / np.where(spread > 0, spread, 1.0)
    # Twins have equal steps to every pivot; a spiral by rank parts them, the same each time.
    angle = np.arange(count) * 2.399963229728653
    parted: Points = points + 0.03 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return parted


def _stress(start: Ints, neighbours: Ints, count: int, rounds: int = 120) -> Points:
    """Minimise stress by majorization, weights 1/d²; edges between busy nodes are longer, so that hubs have room."""
    distance = np.stack([_steps(start, neighbours, node) for node in range(count)]).astype(np.float64)
    degree = (start[1:] - start[:-1]).astype(np.float64)
    room = 0.22 * (np.log2(1 + degree)[:, None] + np.log2(1 + degree)[None, :])
    distance = np.where(distance > 0, distance + room, 1.0)
    weight = 1.0 / distance**2
    np.fill_diagonal(weight, 0.0)
    total = weight.sum(axis=1)
    points = _pivot_mds(start, neighbours, count) * float(distance.max()) / 2
    target = weight * distance
    np.fill_diagonal(target, 0.0)
    for _ in range(rounds if count <= 400 else 50):
        difference = points[:, None, :] - points[None, :, :]
        length = np.sqrt((difference**2).sum(axis=2))
        pull = target / np.maximum(length, 1e-6)
        moved = (weight @ points + pull.sum(axis=1)[:, None] * points - pull @ points) / total[:, None]
        shift = float(np.abs(moved - points).max())
        points = moved
        if shift < 1e-3:
            break
    return points


def _forces(pairs: Ints, points: Points, rounds: int = 120, cells: int = 192) -> Points:
    """Let edges pull and all nodes push, the push read from a grid; gives edges a typical length of 1."""
    count = len(points)
    degree = np.bincount(pairs.ravel(), minlength=count).astype(np.float64)
    mass = 1.0 + degree
    points = points * np.sqrt(count) * 0.5
    axis = np.minimum(np.arange(2 * cells), 2 * cells - np.arange(2 * cells)).astype(np.float64)
    kernel = -0.5 * np.log(axis[:, None] ** 2 + axis[None, :] ** 2 + 0.6)
    kernel_waves = np.fft.rfft2(kernel)
    head, tail = pairs[:, 0], pairs[:, 1]
    for turn in range(rounds):
        low, high = points.min(axis=0), points.max(axis=0)
        step = max(float((high - low).max()), 1e-9) / (cells - 3)
        where = (points - low) / step + 1.0
        corner = np.minimum(where.astype(np.int64), cells - 2)
        part = where - corner
        shares = [((1 - part[:, 0]) * (1 - part[:, 1]), 0), ((1 - part[:, 0]) * part[:, 1], 1)]
        shares += [(part[:, 0] * (1 - part[:, 1]), cells), (part[:, 0] * part[:, 1], cells + 1)]
        flat = corner[:, 0] * cells + corner[:, 1]
        grid = np.zeros(cells * cells)
        for share, offset in shares:
            grid += np.bincount(flat + offset, weights=share * mass, minlength=cells * cells)
        waves = np.fft.rfft2(grid.reshape(cells, cells), s=(2 * cells, 2 * cells))
        potential = np.fft.irfft2(waves * kernel_waves)[:cells, :cells]
        field_x, field_y = np.gradient(potential, step)
        force = np.zeros_like(points)
        for share, offset in shares:
            force[:, 0] -= share * field_x.ravel()[flat + offset]
            force[:, 1] -= share * field_y.ravel()[flat + offset]
        force *= 0.22 * mass[:, None]
        pull = points[tail] - points[head]
        stretch = np.sqrt((pull**2).sum(axis=1))
        pull *= (np.log1p(stretch) / np.maximum(stretch, 1e-9))[:, None]
        for column in (0, 1):
            force[:, column] += np.bincount(head, weights=pull[:, column], minlength=count)
            force[:, column] -= np.bincount(tail, weights=pull[:, column], minlength=count)
        # A pull to the middle that would hold a disc of this size in balance: without it the loose
        # ends pile up on the rim, as charges do on a conductor.
        force -= mass[:, None] * points * (0.22 * mass.sum() / (2.1 * float((points**2).sum() / count) + 1e-9))
        force /= mass[:, None]
        length = np.sqrt((force**2).sum(axis=1))
        limit = np.sqrt(count) * 0.12 * (1 - turn / rounds) ** 1.5 + 0.02
        points = points + force * np.minimum(1.0, limit / np.maximum(length, 1e-9))[:, None]
    lengths = np.sqrt(((points[tail] - points[head]) ** 2).sum(axis=1))
    return points / max(float(np.median(lengths)), 1e-9) * 0.8


def _apart(points: Points, boxes: Points, rounds: int = 90) -> Points:
    """Push overlapping boxes apart along the axis where they overlap less.

    Neighbours are found by sorting into cells, so that cost grows with nodes, not with pairs.
    """
    points = points.copy()
    half = boxes / 2
    count = len(points)
    if count > STRESS_LIMIT:
        # Room for all first; then few rounds suffice.
        spread = float(np.prod(points.std(axis=0) * 3.5))
        points *= max(1.0, np.sqrt(2.2 * float(np.prod(boxes, axis=1).sum()) / max(spread, 1e-9)))
        rounds = 30 if count <= 3000 else 14
    for _ in range(rounds):
        first, second = _close(points, boxes)
        gap = points[second] - points[first]
        reach = half[first] + half[second]
        over = reach - np.abs(gap)
        hit = (over[:, 0] > 0.5) & (over[:, 1] > 0.5)
        if not hit.any():
            break
        first, second, gap, over = first[hit], second[hit], gap[hit], over[hit]
        level = over[:, 0] < over[:, 1] * 1.6
        sign = np.where(gap >= 0, 1.0, -1.0)
        push = np.zeros_like(gap)
        push[level, 0] = (over[:, 0] * sign[:, 0])[level]
        push[~level, 1] = (over[:, 1] * sign[:, 1])[~level]
        push *= 0.52
        for column in (0, 1):
            points[:, column] += np.bincount(second, weights=push[:, column], minlength=count) / np.maximum(
                1.0, np.sqrt(np.bincount(second, minlength=count))
            )
            points[:, column] -= np.bincount(first, weights=push[:, column], minlength=count) / np.maximum(
                1.0, np.sqrt(np.bincount(first, minlength=count))
            )
    return points


def _close(points: Points, boxes: Points) -> tuple[Ints, Ints]:
    """List the pairs of nodes that stand in the same cell of a grid or in neighbouring ones."""
    count = len(points)
    if count <= 600:
        first, second = np.triu_indices(count, 1)
        return first.astype(np.int64), second.astype(np.int64)
    width, height = boxes.max(axis=0)
    column = ((points[:, 0] - points[:, 0].min()) / width).astype(np.int64)
    row = ((points[:, 1] - points[:, 1].min()) / height).astype(np.int64)
    rows = int(row.max()) + 3
    cell = (column + 1) * rows + row + 1
    order = np.argsort(cell, kind="stable")
    ranked = cell[order]
    firsts, seconds = [], []
    for offset in (0, 1, rows - 1, rows, rows + 1):
        low = np.searchsorted(ranked, ranked + offset, "left")
        high = np.searchsorted(ranked, ranked + offset, "right")
        if offset == 0:
            low = np.arange(count) + 1
        lengths = np.clip(high - low, 0, 8 if count > 3000 else count)
        first = np.repeat(np.arange(count), lengths)
        base = np.repeat(low - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        firsts.append(order[first])
        seconds.append(order[base + np.arange(len(first))])
    return np.concatenate(firsts), np.concatenate(seconds)


def _packed(count: int, parts: list[Ints], drawn: list[Points], boxes: Points) -> list[tuple[int, int]]:
    """Pack the parts, the largest first, into a rectangle of the page's shape."""
    gap = 30.0
    lows, sizes = [], []
    for part, points in zip(parts, drawn, strict=True):
        half = boxes[part] / 2
        low, high = (points - half).min(axis=0), (points + half).max(axis=0)
        lows.append(low)
        sizes.append(high - low + gap)
    extents = np.array(sizes)
    widest = float(extents[:, 0].max())
    fair = max(widest, float(np.sqrt(np.prod(extents, axis=1).sum() * ASPECT)))
    trials = (
        [widest, *(fair * step for step in (1.0, 1.08, 1.16, 1.26, 1.4, 1.6))] if len(parts) < 1500 else [fair * 1.1]
    )
    best: tuple[float, Points] | None = None
    for width in trials:
        corners = _skyline(extents, max(width, widest))
        reach = (corners + extents).max(axis=0)
        need = max(float(reach[0]) / ASPECT, float(reach[1]))
        if best is None or need < best[0]:
            best = (need, corners)
    assert best is not None
    final = np.zeros((count, 2))
    for part, points, low, corner in zip(parts, drawn, lows, best[1], strict=True):
        final[part] = points - low + corner
    final -= (final.min(axis=0) + final.max(axis=0)) / 2
    return [(int(a), int(b)) for a, b in np.rint(final).astype(np.int64)]


def _skyline(sizes: Points, width: float, grain: float = 24.0) -> Points:
    """Put each rectangle, in the order given, where its top comes highest on the page; ties go left."""
    sky = np.zeros(int(np.ceil(width / grain)) + 1)
    corners = np.zeros_like(sizes)
    for number, (w, h) in enumerate(sizes):
        cells = min(int(np.ceil(w / grain)), len(sky))
        tops = np.lib.stride_tricks.sliding_window_view(sky, cells).max(axis=1)
        at = int(np.argmin(tops))
        corners[number] = at * grain, tops[at]
        sky[at : at + cells] = tops[at] + h
    return corners
