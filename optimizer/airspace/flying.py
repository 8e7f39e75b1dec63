"""What follows from the length of a path: block time, drop time, payload."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise

from instances.schema import Aircraft
from optimizer.airspace.paths import FlightPath

SAME_KM = 1e-3  # an entry this near to a zone is at it
MINUTE_DECIMALS = 6  # what is left of a minute beyond is noise of the arithmetic


def block_minutes(aircraft: Aircraft, path: FlightPath, zone_min: Sequence[float], lands: bool) -> int:
    """Block time of a sortie, whole minutes, rounded up.

    Cruise, climbs, descents and taxi (`climb_descent_min`, half as much again for every landing after the
    first) and the time at each zone; surveyed legs replace cruise and climb.
    """
    return math.ceil(_flight_minutes(aircraft, path, zone_min, lands))


def _flight_minutes(aircraft: Aircraft, path: FlightPath, zone_min: Sequence[float], lands: bool) -> float:
    if path.surveyed:
        return sum(leg.minutes or 0.0 for leg in path.legs) + sum(zone_min)
    again_min = (len(zone_min) - 1) * _again_min(aircraft, lands)
    cruise_min = 60 * sum(leg.km for leg in path.legs) / aircraft.cruise_kmh
    return cruise_min + aircraft.climb_descent_min + sum(zone_min) + again_min


def _again_min(aircraft: Aircraft, lands: bool) -> float:
    """Descent and climb at a landing on the way: half of those at the base and a first landing."""
    return aircraft.climb_descent_min / 2 if lands else 0.0


def drop_minutes(
    aircraft: Aircraft, path: FlightPath, zone_min: Sequence[float], lands: bool
) -> tuple[int, ...]:
    """Minutes from take-off to the first drop (or the landing) at each zone, rounded up.

    What rounding up the block time adds is shared by the ways out and back.
    """
    exact_min = _flight_minutes(aircraft, path, zone_min, lands)
    gone_min = (math.ceil(exact_min) - exact_min) / 2
    gone_min += 0.0 if path.surveyed else aircraft.climb_descent_min / 2
    drops = []
    for leg, here_min in zip(path.legs, zone_min, strict=False):
        gone_min += 60 * leg.km / aircraft.cruise_kmh if leg.minutes is None else leg.minutes
        drops.append(math.ceil(round(gone_min, MINUTE_DECIMALS)))
        gone_min += here_min + (0.0 if path.surveyed else _again_min(aircraft, lands))
    return tuple(drops)


def entry_minutes(
    aircraft: Aircraft, path: FlightPath, zone_min: Sequence[float], lands: bool
) -> tuple[tuple[str, int], ...]:
    """Corridors entered, and the whole minutes from take-off to each entry, rounded down."""
    if path.surveyed:
        return ()
    exact_min = _flight_minutes(aircraft, path, zone_min, lands)
    out_min = (math.ceil(exact_min) - exact_min + aircraft.climb_descent_min) / 2
    stops_km = list(accumulate(leg.km for leg in path.legs[:-1]))
    found = []
    for corridor, km in path.entries:
        passed = [here for here, at_km in zip(zone_min, stops_km, strict=True) if at_km < km - SAME_KM]
        waited_min = sum(passed) + _again_min(aircraft, lands) * len(passed)
        gone_min = out_min + 60 * km / aircraft.cruise_kmh + waited_min
        found.append((corridor, math.floor(round(gone_min, MINUTE_DECIMALS))))
    return tuple(found)


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
