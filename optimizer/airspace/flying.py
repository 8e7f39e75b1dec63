"""What follows from the length of a path: block time, drop time, payload."""

from __future__ import annotations

import math
from itertools import pairwise

from instances.schema import Aircraft
from optimizer.airspace.paths import FlightPath


def block_minutes(aircraft: Aircraft, path: FlightPath, zone_min: float) -> int:
    """Block time of a sortie, whole minutes, rounded up.

    Cruise out and back, climbs, descents and taxi (`climb_descent_min`) and the time over the zone; a
    surveyed leg replaces cruise and climb.
    """
    if path.surveyed_min is not None:
        return math.ceil(2 * path.surveyed_min + zone_min)
    cruise_min = 60 * path.distance_km / aircraft.cruise_kmh
    return math.ceil(cruise_min + aircraft.climb_descent_min + zone_min)


def drop_minute(block_min: int, zone_min: float) -> int:
    """Minutes from take-off to the first drop (or landing at the zone)."""
    return math.ceil((block_min - zone_min) / 2)


def payload_at(aircraft: Aircraft, distance_km: float) -> float:
    """Payload in kg over a path of `distance_km` plus reserve; 0 beyond the aircraft's range.

    Linear between the payload-range points of the type; a shorter path lifts no more than the first.
    """
    range_km = distance_km + aircraft.reserve_km
    points = aircraft.payload_range
    if range_km <= points[0][1]:
        return points[0][0]
    for (kg_a, km_a), (kg_b, km_b) in pairwise(points):
        if range_km <= km_b:
            return kg_a + (kg_b - kg_a) * (range_km - km_a) / (km_b - km_a)
    return 0.0
