"""A path as it is drawn: its length and where it is inside an area, by the judge's own geometry.

Places are unit vectors from the middle of a sphere; sides of areas and legs of paths are great circles, so
that a leg meets a side where the chord of the leg goes through the plane of the side.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Final

from instances.schema import Area
from optimizer.check.geodesic import geodesic_km

LEAST_KM: Final = 0.001  # a stretch shorter than a metre is none, nor is a gap between two
CLIMB_M_PER_KM: Final = 100.0  # height gained and lost per km flown around a base (optimizer/README.md)

type Place = tuple[float, float]
"""Longitude and latitude, degrees."""
type Vector = tuple[float, float, float]
type Stretch = tuple[float, float]
"""From and to, km flown since take-off."""


def _vector(place: Place) -> Vector:
    lon, lat = math.radians(place[0]), math.radians(place[1])
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _on_chord(a: Vector, b: Vector, share: float) -> Vector:
    x, y, z = ((1 - share) * p + share * q for p, q in zip(a, b, strict=True))
    size = math.sqrt(x * x + y * y + z * z)
    return x / size, y / size, z / size


def _place(v: Vector) -> Place:
    return math.degrees(math.atan2(v[1], v[0])), math.degrees(math.asin(max(-1.0, min(1.0, v[2]))))


def _holds(ring: Sequence[Vector], p: Vector) -> bool:
    """Whether a place is inside a ring: the ring turns around it once."""
    turn = sum(
        math.atan2(_dot(p, _cross(c, d)), _dot(c, d) - _dot(c, p) * _dot(d, p))
        for c, d in pairwise((*ring, ring[0]))
    )
    return abs(turn) > math.pi


def _cuts(a: Vector, b: Vector, ring: Sequence[Vector]) -> list[float]:
    """Shares of a leg at which it meets the sides of a ring, with both its ends."""
    shares = [0.0, 1.0]
    for c, d in pairwise((*ring, ring[0])):
        normal = _cross(c, d)
        before, after = _dot(normal, a), _dot(normal, b)
        if before * after >= 0:
            continue
        share = before / (before - after)
        p = _on_chord(a, b, share)
        if _dot(_cross(c, p), normal) >= 0 and _dot(_cross(p, d), normal) >= 0:
            shares.append(share)
    return sorted(shares)


def united(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches in order, those that touch made one; nothing shorter than a metre."""
    whole: list[list[float]] = []
    for start, end in sorted(stretches):
        if whole and start <= whole[-1][1] + LEAST_KM:
            whole[-1][1] = max(whole[-1][1], end)
        else:
            whole.append([start, end])
    return [(start, end) for start, end in whole if end - start >= LEAST_KM]


def without(stretches: Sequence[Stretch], free: Sequence[Stretch]) -> list[Stretch]:
    """What is left of stretches outside others; both in order and without overlap."""
    left = list(stretches)
    for start, end in free:
        left = [
            piece
            for a, b in left
            for piece in ((a, min(b, start)), (max(a, end), b))
            if piece[1] - piece[0] >= LEAST_KM
        ]
    return left


class Track:
    """A drawn path, flown from its first point to its last.

    Parameters
    ----------
    points : sequence of (lon, lat)
        Degrees; two or more.
    """

    def __init__(self, points: Sequence[Place]) -> None:
        self.points = tuple(points)
        legs = [geodesic_km(a[1], a[0], b[1], b[0]) for a, b in pairwise(self.points)]
        self.km = [0.0, *accumulate(legs)]
        self._vectors = [_vector(point) for point in self.points]
        self._inside: dict[tuple[Place, ...], list[Stretch]] = {}

    @property
    def length_km(self) -> float:
        """Length of the whole path, out and back, km."""
        return self.km[-1]

    def inside(self, area: Area) -> list[Stretch]:
        """Stretches inside the outline of an area, whatever the height."""
        if area.outline not in self._inside:
            ring = [_vector(corner) for corner in area.outline]
            found: list[Stretch] = []
            for number, (a, b) in enumerate(pairwise(self._vectors)):
                for low, high in pairwise(_cuts(a, b, ring)):
                    if high > low and _holds(ring, _on_chord(a, b, (low + high) / 2)):
                        found.append((self._flown(number, low), self._flown(number, high)))
            self._inside[area.outline] = united(found)
        return self._inside[area.outline]

    def _flown(self, leg: int, share: float) -> float:
        """Km flown at a share of a leg."""
        if share in (0.0, 1.0):
            return self.km[leg + int(share)]
        a, b = self._vectors[leg], self._vectors[leg + 1]
        lon, lat = _place(_on_chord(a, b, share))
        start = self.points[leg]
        return self.km[leg] + geodesic_km(start[1], start[0], lat, lon)

    def met(self, area: Area, height_m: float, landings_km: Sequence[float]) -> list[Stretch]:
        """Stretches flown at a height of an area.

        All of those inside when the area holds the height flown; when it lies lower, only those flown in
        climb and descent through it, around the base and where the aircraft lands on the way.
        """
        if area.floor_m <= height_m < area.ceiling_m:
            return self.inside(area)
        if area.ceiling_m > height_m:
            return []
        near, far = area.floor_m / CLIMB_M_PER_KM, area.ceiling_m / CLIMB_M_PER_KM
        total = self.length_km
        spans = [(near, far), (total - far, total - near)]
        for at in landings_km:
            spans += [(at - far, at - near), (at + near, at + far)]
        pieces = [(max(a, low), min(b, high)) for a, b in self.inside(area) for low, high in spans]
        return united(piece for piece in pieces if piece[0] < piece[1])
