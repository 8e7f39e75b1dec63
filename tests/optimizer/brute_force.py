"""Shortest ways by brute force: every pair of many points around walls, with geometry in plain Python."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from itertools import pairwise

from pyproj import Geod

type Corner = tuple[float, float]
type Ring = Sequence[Corner]

GEOD = Geod(ellps="WGS84")
OFF_DEG = 0.0015  # from a corner to the points around it, 170 m: within half a percent of these ways
AROUND = 8


def length_km(a: Corner, b: Corner) -> float:
    return float(GEOD.inv(a[0], a[1], b[0], b[1])[2]) / 1000


def _side(a: Corner, b: Corner, p: Corner) -> float:
    return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])


def _cross(a: Corner, b: Corner, c: Corner, d: Corner) -> bool:
    """Whether two lines cross; lines in degrees are great circles this near to the equator."""
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def inside(ring: Ring, p: Corner) -> bool:
    """Ray casting."""
    odd = False
    for (x1, y1), (x2, y2) in pairwise((*ring, ring[0])):
        if (y1 > p[1]) != (y2 > p[1]) and p[0] < x1 + (p[1] - y1) * (x2 - x1) / (y2 - y1):
            odd = not odd
    return odd


def barred(a: Corner, b: Corner, rings: Sequence[Ring]) -> bool:
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    return any(
        inside(ring, middle) or any(_cross(a, b, c, d) for c, d in pairwise((*ring, ring[0])))
        for ring in rings
    )


def crossed_km(points: Sequence[Corner], rings: Sequence[Ring], steps: int = 40) -> float:
    """Length of a drawn path that lies in walls, by sampling each leg."""
    total = 0.0
    for a, b in pairwise(points):
        hits = sum(
            any(inside(ring, (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]))) for ring in rings)
            for t in ((step + 0.5) / steps for step in range(steps))
        )
        total += hits / steps * length_km(a, b)
    return total


def shortest_km(start: Corner, end: Corner, rings: Sequence[Ring]) -> float:
    """Shortest way over points all around every corner (Dijkstra); infinite when there is none."""
    bearings = [2 * math.pi * step / AROUND for step in range(AROUND)]
    around = [
        (x + OFF_DEG * math.cos(b), y + OFF_DEG * math.sin(b))
        for ring in rings
        for x, y in ring
        for b in bearings
    ]
    nodes = [start, end, *(p for p in around if not any(inside(ring, p) for ring in rings))]
    best = {0: 0.0}
    heap, done = [(0.0, 0)], set[int]()
    while heap:
        km, at = heapq.heappop(heap)
        if at == 1:
            return km
        if at in done:
            continue
        done.add(at)
        for to, place in enumerate(nodes):
            if to in done:
                continue
            further = km + length_km(nodes[at], place)
            if further < best.get(to, math.inf) and not barred(nodes[at], place, rings):
                best[to] = further
                heapq.heappush(heap, (further, to))
    return math.inf
