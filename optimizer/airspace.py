"""Flight paths: which ways lead from a base to a zone, how long they are and what they risk.

Today a path is the WGS84 geodesic out and back, or a surveyed leg of ``legs.csv``. Callers already
take a tuple of paths, the non-dominated front, so that legal detours can be added here alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from pyproj import Geod

from instances.schema import Aircraft, Base, Instance, Leg, Zone

WGS84 = Geod(ellps="WGS84")
DRAWN_POINTS = 24  # between base and zone; keeps a long track within a few metres of the geodesic


@dataclass(frozen=True)
class FlightPath:
    """One way out and back.

    Attributes
    ----------
    id : str
        ``<base>__<zone>``.
    distance_km : float
        Length out and back, km.
    surveyed_min : float or None
        Minutes one way of a surveyed leg; None when cruise speed decides.
    points : tuple of (lon, lat)
        Ground track out and back, degrees.
    """

    id: str
    distance_km: float
    surveyed_min: float | None
    points: tuple[tuple[float, float], ...]


def flight_paths(instance: Instance, base: Base, zone: Zone) -> tuple[FlightPath, ...]:
    """The ways from a base to a zone and back, none better than another in both time and loss.

    Parameters
    ----------
    instance : Instance
        Holds the surveyed legs.
    base, zone : Base, Zone
        Ends of the path.

    Returns
    -------
    tuple of FlightPath
        One path today: the surveyed leg if there is one, else the geodesic on WGS84
        (Karney, "Algorithms for geodesics", J. Geodesy 87, 2013, as in PROJ).
    """
    leg = next((leg for leg in instance.legs if (leg.base, leg.zone) == (base.id, zone.id)), None)
    out = [
        (base.lon, base.lat),
        *WGS84.npts(base.lon, base.lat, zone.lon, zone.lat, DRAWN_POINTS),
        (zone.lon, zone.lat),
    ]
    points = tuple((float(lon), float(lat)) for lon, lat in [*out, *reversed(out[:-1])])
    surveyed_min = None if leg is None else leg.minutes
    return (FlightPath(f"{base.id}__{zone.id}", _distance_km(base, zone, leg), surveyed_min, points),)


def _distance_km(base: Base, zone: Zone, leg: Leg | None) -> float:
    if leg is not None:
        return 2 * leg.distance_km
    metres: float = WGS84.inv(base.lon, base.lat, zone.lon, zone.lat)[2]
    return 2 * metres / 1000


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


def transit_loss(instance: Instance, aircraft: Aircraft, height_m: float) -> float:
    """Probability of losing the aircraft in one sortie at a release height, 0..1.

    Threat bands act independently: ``1 - prod(1 - p)`` over the bands of the aircraft's kind that hold
    the height (m above ground).
    """
    survival = 1.0
    for band in instance.threats:
        if aircraft.kind in band.aircraft_kinds and band.floor_m <= height_m < band.ceiling_m:
            survival *= 1 - band.loss_per_transit
    return 1 - survival


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
