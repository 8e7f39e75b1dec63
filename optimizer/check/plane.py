"""Areas on a flat map around a zone, by the judge's own geometry."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from instances.schema import GroundArea, Zone
from optimizer.check.geodesic import EQUATOR_M, FLATTENING

ECCENTRICITY_2: Final = FLATTENING * (2 - FLATTENING)

type Point = tuple[float, float]
type Rings = tuple[tuple[Point, ...], ...]
"""Rings of an area, outer ones and holes alike: a point is inside when it is in an odd number of them."""


def flat(zone: Zone, area: GroundArea) -> Rings:
    """Corners of an area, m east and north of the centre of a zone.

    By the radii of curvature of WGS84 at the centre, which is good to a metre over ten kilometres.
    """
    sine = math.sin(math.radians(zone.lat))
    w = 1 - ECCENTRICITY_2 * sine * sine
    north = math.radians(EQUATOR_M * (1 - ECCENTRICITY_2) / w**1.5)
    east = math.radians(EQUATOR_M / math.sqrt(w) * math.cos(math.radians(zone.lat)))
    return tuple(
        tuple(((lon - zone.lon) * east, (lat - zone.lat) * north) for lon, lat in ring)
        for polygon in area.polygons
        for ring in polygon
    )


def inside(x: float, y: float, rings: Rings) -> bool:
    """Whether a point lies in an area: a line to the east crosses its rings an odd number of times."""
    odd = False
    for ring in rings:
        x1, y1 = ring[-1]
        for x2, y2 in ring:
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                odd = not odd
            x1, y1 = x2, y2
    return odd


def bounds(rings: Rings) -> tuple[float, float, float, float]:
    """West, south, east and north edge of an area, m."""
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def turned(x: float, y: float, heading_rad: float) -> Point:
    """A point as (along, across) a heading."""
    sine, cosine = math.sin(heading_rad), math.cos(heading_rad)
    return x * sine + y * cosine, x * cosine - y * sine


def meets_box(rings: Rings, half_length: float, half_width: float) -> bool:
    """Whether an area, given along and across, meets a rectangle about the origin."""
    corners = [(a * half_length, b * half_width) for a, b in ((1, 1), (1, -1), (-1, -1), (-1, 1))]
    if any(inside(x, y, rings) for x, y in corners):
        return True
    return any(
        _enters(first, then, half_length, half_width)
        for ring in rings
        for first, then in zip(ring, (*ring[1:], ring[0]), strict=True)
    )


def _enters(first: Point, then: Point, half_length: float, half_width: float) -> bool:
    """Whether a straight edge passes through the rectangle (Liang and Barsky's clipping, 1984)."""
    low, high = 0.0, 1.0
    for start, end, half in ((first[0], then[0], half_length), (first[1], then[1], half_width)):
        step = end - start
        if step == 0:
            if abs(start) > half:
                return False
            continue
        times: Sequence[float] = sorted(((-half - start) / step, (half - start) / step))
        low, high = max(low, times[0]), min(high, times[1])
    return low <= high
