"""Paths of tours: from a base to several zones in turn, and back."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from instances.schema import Base, Instance, Leg, Zone
from optimizer.airspace import tracks
from optimizer.airspace.paths import DRAWN_KM, Airspace, FlightPath, PathLeg, airspace_of, path_id
from optimizer.airspace.plane import Points
from optimizer.airspace.rules import Flier, InForce


def round_path(
    sky: Airspace, base: Base, zones: Sequence[Zone], legs: Sequence[Points], flier: Flier, force: InForce
) -> FlightPath:
    """The path along given legs: base to the first zone, from zone to zone, the last zone to base.

    Parameters
    ----------
    sky : Airspace
        Map and areas.
    base, zones : Base, sequence of Zone
        Where it leads, in order.
    legs : sequence of array
        Corners of each leg on the map, one more than zones.
    flier : Flier
        Party, kind of aircraft and height.
    force : InForce
        Areas in force during the flight.
    """
    track = np.vstack([legs[0], *(leg[1:] for leg in legs[1:])])
    km = [tracks.length_km(sky.plane, leg) for leg in legs]
    grounds_km = [0.0, *(np.cumsum(km)[:-1].tolist() if flier.lands else ()), sum(km)]
    exposure = tracks.exposure(sky.plane, track, grounds_km, force, flier)
    points = tracks.drawn_once(sky.plane, track, DRAWN_KM)
    straight = all(len(leg) == 2 for leg in legs)
    names = "__".join(zone.id for zone in zones)
    return FlightPath(
        id=path_id(base.id, names, flier.height_m, () if straight else points),
        distance_km=sum(km),
        legs=tuple(PathLeg(leg_km) for leg_km in km),
        points=points,
        height_m=flier.height_m,
        loss_prob=-math.expm1(-exposure) + 0.0,  # never -0.0
        entries=tracks.entries(sky.plane, track, force, flier),
    )


def surveyed_leg(instance: Instance, start: str, end: str) -> Leg | None:
    """The surveyed leg between two places, which may be followed either way; None where there is none."""
    return next((leg for leg in instance.legs if {leg.base, leg.zone} == {start, end}), None)


def surveyed_round(
    instance: Instance,
    base: Base,
    zones: Sequence[Zone],
    legs: Sequence[PathLeg],
    exposure: float,
    height_m: float,
) -> FlightPath:
    """A tour on surveyed legs, drawn straight; `exposure` is -ln(1 - loss) over all of them."""
    plane = airspace_of(instance).plane
    places: list[Base | Zone] = [base, *zones, base]
    track = plane.xy(np.array([[place.lon, place.lat] for place in places]))
    names = "__".join(zone.id for zone in zones)
    return FlightPath(
        id=f"{base.id}__{names}__surveyed",
        distance_km=sum(leg.km for leg in legs),
        legs=tuple(legs),
        points=tracks.drawn_once(plane, track, DRAWN_KM),
        height_m=height_m,
        loss_prob=-math.expm1(-exposure) + 0.0,
    )
