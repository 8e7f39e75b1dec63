"""Distance on the WGS84 ellipsoid, by the judge's own formula."""

from __future__ import annotations

import math
from typing import Final

EQUATOR_M: Final = 6378137.0  # WGS84 semi-major axis
FLATTENING: Final = 1 / 298.257223563  # WGS84
POLE_M: Final = EQUATOR_M * (1 - FLATTENING)
ROUNDS: Final = 60


def geodesic_km(lat_1: float, lon_1: float, lat_2: float, lon_2: float) -> float:
    """Length of the shortest line between two places.

    Vincenty's inverse formula, which is good to about 0.1 mm. For nearly antipodal places, where its
    iteration does not converge, the line is cut where it crosses the great circle 90 degrees from the
    first place: the length is the least, over all points of that circle, of the two halves, for both of
    which the formula converges.

    Parameters
    ----------
    lat_1, lon_1, lat_2, lon_2 : float
        Degrees north and east.

    Returns
    -------
    float
        Distance, km.

    References
    ----------
    T. Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid with application of nested
    equations", Survey Review 23 (176), 1975, pp. 88-93; A and B by his note in Survey Review 23 (180), 1976,
    p. 294.
    """
    metres = _vincenty_m(lat_1, lon_1, lat_2, lon_2)
    if metres is None:
        metres = _halved_m(lat_1, lon_1, lat_2, lon_2)
    return metres / 1000


def _vincenty_m(lat_1: float, lon_1: float, lat_2: float, lon_2: float) -> float | None:
    """Vincenty's inverse formula, m; None where the iteration leaves its range of validity."""
    reduced_1 = math.atan2((1 - FLATTENING) * math.sin(math.radians(lat_1)), math.cos(math.radians(lat_1)))
    reduced_2 = math.atan2((1 - FLATTENING) * math.sin(math.radians(lat_2)), math.cos(math.radians(lat_2)))
    sin_1, cos_1, sin_2, cos_2 = (f(u) for u in (reduced_1, reduced_2) for f in (math.sin, math.cos))
    turn = math.radians(math.remainder(lon_2 - lon_1, 360))
    on_sphere = turn
    for _ in range(ROUNDS):
        sin_turn, cos_turn = math.sin(on_sphere), math.cos(on_sphere)
        sin_arc = math.hypot(cos_2 * sin_turn, cos_1 * sin_2 - sin_1 * cos_2 * cos_turn)
        cos_arc = sin_1 * sin_2 + cos_1 * cos_2 * cos_turn
        if sin_arc == 0:
            return 0.0 if cos_arc > 0 else None
        arc = math.atan2(sin_arc, cos_arc)
        sin_azimuth = cos_1 * cos_2 * sin_turn / sin_arc  # of the line where it crosses the equator
        cos2_azimuth = 1 - sin_azimuth**2
        middle = cos_arc - 2 * sin_1 * sin_2 / cos2_azimuth if cos2_azimuth > 1e-15 else 0.0
        c = FLATTENING / 16 * cos2_azimuth * (4 + FLATTENING * (4 - 3 * cos2_azimuth))
        series = arc + c * sin_arc * (middle + c * cos_arc * (2 * middle**2 - 1))
        last, on_sphere = on_sphere, turn + (1 - c) * FLATTENING * sin_azimuth * series
        if abs(on_sphere) > math.pi:
            return None
        if abs(on_sphere - last) < 1e-12:
            return _length_m(arc, sin_arc, cos_arc, cos2_azimuth, middle)
    return None


def _length_m(arc: float, sin_arc: float, cos_arc: float, cos2_azimuth: float, middle: float) -> float:
    """Length on the ellipsoid of an arc of the auxiliary sphere, m: b A (arc - correction)."""
    root = math.sqrt(1 + cos2_azimuth * (EQUATOR_M**2 - POLE_M**2) / POLE_M**2)
    k = (root - 1) / (root + 1)
    a = (1 + k**2 / 4) / (1 - k)
    b = k * (1 - 3 * k**2 / 8)
    inner = cos_arc * (2 * middle**2 - 1) - b / 6 * middle * (4 * sin_arc**2 - 3) * (4 * middle**2 - 3)
    return POLE_M * a * (arc - b * sin_arc * (middle + b / 4 * inner))


def _halved_m(lat_1: float, lon_1: float, lat_2: float, lon_2: float) -> float:
    """Least sum of the two halves over the circle 90 degrees from the first place, m."""

    def by_way_of(bearing: float) -> float:
        lat, lon = _quarter_way(lat_1, lon_1, bearing)
        first, second = _vincenty_m(lat_1, lon_1, lat, lon), _vincenty_m(lat, lon, lat_2, lon_2)
        return math.inf if first is None or second is None else first + second

    step = math.radians(5)
    start = min((step * i for i in range(72)), key=by_way_of)
    low, high = start - step, start + step
    golden = (math.sqrt(5) - 1) / 2
    for _ in range(ROUNDS):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if by_way_of(left) < by_way_of(right):
            high = right
        else:
            low = left
    return by_way_of((low + high) / 2)


def _quarter_way(lat: float, lon: float, bearing: float) -> tuple[float, float]:
    """The place 90 degrees of arc away on a sphere in a direction (radians), degrees."""
    north = math.asin(max(-1.0, min(1.0, math.cos(math.radians(lat)) * math.cos(bearing))))
    east = math.atan2(math.sin(bearing), -math.sin(math.radians(lat)) * math.cos(bearing))
    return math.degrees(north), lon + math.degrees(east)
