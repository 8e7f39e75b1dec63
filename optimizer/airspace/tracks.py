"""One track exactly: how long it is, where it is inside which area, and what that risks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely

from instances.schema import Area
from optimizer.airspace.plane import Numbers, Plane, Points
from optimizer.airspace.rules import CLIMB_M_PER_KM, Flier, InForce, holds, passed_in_climb

LEAST_KM = 0.001  # a stretch shorter than a metre is none, nor is a gap between two

type Vectors = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
type Stretch = tuple[float, float]
"""From and to, km along the way out."""


def length_km(plane: Plane, track: Points) -> float:
    """Length of a track on the map, one way, km."""
    return float(plane.km(track[:-1], track[1:]).sum())


def inside(plane: Plane, track: Points, area: Area) -> list[Stretch]:
    """Stretches of the way out that lie in the outline of an area, whatever the height."""
    ring, outline = plane.outline(area.outline)
    legs, shares = _crossings(track, ring)
    if not len(legs):
        within = shapely.contains_xy(outline, *((track[0] + track[1]) / 2))
        return [(0.0, length_km(plane, track))] if within else []
    every = np.arange(len(track) - 1)
    leg = np.concatenate([every, every, legs])
    share = np.concatenate([np.zeros(len(every)), np.ones(len(every)), shares])
    order = np.lexsort((share, leg))
    leg, share = leg[order], share[order]
    start = track[leg]
    at = start + share[:, None] * (track[leg + 1] - start)
    on_leg = plane.km(start, at)
    km = on_leg + np.concatenate([[0.0], np.cumsum(on_leg[np.searchsorted(leg, every, "right") - 1])])[leg]
    middles = (at[:-1] + at[1:]) / 2
    parts = (leg[:-1] == leg[1:]) & (share[:-1] < share[1:])
    within = parts & shapely.contains_xy(outline, middles[:, 0], middles[:, 1])
    found = [(float(km[i]), float(km[i + 1])) for i in np.flatnonzero(within)]
    return joined(found)


def _crossings(track: Points, ring: Points) -> tuple[Numbers, Numbers]:
    """Number of the leg and share of it wherever a track meets a side of a ring; sides along it do not."""
    legs, sides = np.diff(track, axis=0)[:, None, :], (np.roll(ring, -1, axis=0) - ring)[None, :, :]
    gap = ring[None, :, :] - track[:-1, None, :]
    across = _turn(legs, sides)
    with np.errstate(divide="ignore", invalid="ignore"):
        along, on_side = _turn(gap, sides) / across, _turn(gap, legs) / across
    met = (across != 0) & (along > 0) & (along < 1) & (on_side >= 0) & (on_side <= 1)
    numbers: Numbers = np.nonzero(met)[0]
    return numbers, along[met]


def _turn(a: Vectors, b: Vectors) -> Vectors:
    turn: Vectors = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return turn


def joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Stretches in order, those that touch made one, and those of no length left out."""
    merged: list[Stretch] = []
    for start, end in sorted(stretches):
        if merged and start - merged[-1][1] < LEAST_KM:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return [(start, end) for start, end in merged if end - start >= LEAST_KM]


def met(stretches: Sequence[Stretch], area: Area, flier: Flier, grounds_km: Sequence[float]) -> list[Stretch]:
    """The stretches flown at a height of the area.

    An area that holds the height flown is met along the whole way, also in climb below it. One that lies
    lower is met while climbing through it, at `CLIMB_M_PER_KM` from where the aircraft stands on the ground
    (`grounds_km` along the way), and before a landing.
    """
    if holds(area, flier.height_m):
        return list(stretches)
    if not passed_in_climb(area, flier.height_m):
        return []
    low_km, high_km = area.floor_m / CLIMB_M_PER_KM, area.ceiling_m / CLIMB_M_PER_KM
    bands = [(at + low_km, at + high_km) for at in grounds_km]
    bands += [(at - high_km, at - low_km) for at in grounds_km]
    cut = [(max(a, low), min(b, high)) for a, b in stretches for low, high in bands]
    return joined([(a, b) for a, b in cut if a < b])


def loss_prob(plane: Plane, track: Points, force: InForce, flier: Flier) -> float:
    """Probability of losing the aircraft out and back, 0..1.

    ``1 - prod (1 - loss_per_transit)^transits * (1 - loss_per_100_km)^(km / 100)``: threats act
    independently. A transit is a stretch inside; the one that holds the zone is flown in and out as one.
    """
    way_km, log_survival = length_km(plane, track), 0.0
    grounds_km = (0.0, way_km) if flier.lands else (0.0,)
    for area in force.threats:
        stretches = met(inside(plane, track, area), area, flier, grounds_km)
        if stretches:
            at_zone = stretches[-1][1] > way_km - LEAST_KM
            km = 2 * sum(end - start for start, end in stretches)
            log_survival += (2 * len(stretches) - at_zone) * math.log1p(-area.loss_per_transit)
            log_survival += km / 100 * math.log1p(-area.loss_per_100_km)
    return -math.expm1(log_survival) + 0.0  # never -0.0


def exposure(
    plane: Plane,
    track: Points,
    grounds_km: Sequence[float],
    force: InForce,
    flier: Flier,
    *,
    begins: bool = True,
) -> float:
    """-ln(1 - p) along a track flown once, p the probability of losing the aircraft; as `loss_prob`.

    Parameters
    ----------
    plane, track : Plane, array
        The map, and corners on it.
    grounds_km : sequence of float
        Where along the track the aircraft stands on the ground, which tells where it climbs and descends.
    force, flier : InForce, Flier
        Areas in force and who flies.
    begins : bool
        Whether the flight begins here; else a threat around the start has been entered before, and a
        transit counts where it is entered.
    """
    total = 0.0
    for area in force.threats:
        stretches = met(inside(plane, track, area), area, flier, grounds_km)
        km = sum(end - start for start, end in stretches)
        entered = [start for start, _ in stretches if begins or start > LEAST_KM]
        total -= len(entered) * math.log1p(-area.loss_per_transit)
        total -= km / 100 * math.log1p(-area.loss_per_100_km)
    return total


def entries(plane: Plane, track: Points, force: InForce, flier: Flier) -> tuple[tuple[str, float], ...]:
    """Corridors that a track, out and back, leads through at the height flown, and the km at each entry."""
    return tuple(
        (corridor.id, start)
        for corridor in force.corridors
        if holds(corridor, flier.height_m)
        for start, _ in inside(plane, track, corridor)
    )


def drawn(plane: Plane, track: Points, step_km: float) -> tuple[tuple[float, float], ...]:
    """Longitude and latitude out and back, with a point at least every so many km along great circles."""
    way = drawn_once(plane, track, step_km)
    return (*way, *reversed(way[:-1]))


def drawn_once(plane: Plane, track: Points, step_km: float) -> tuple[tuple[float, float], ...]:
    """Longitude and latitude along a track, as in `drawn`."""
    out: list[Points] = [track[:1]]
    for start, end in pairwise(track):
        parts = max(1, math.ceil(float(plane.km(start[None], end[None])[0]) / step_km))
        shares = np.arange(1, parts + 1)[:, None] / parts
        out.append(start + shares * (end - start))
    degrees = plane.degrees(np.vstack(out))
    return tuple((float(lon), float(lat)) for lon, lat in degrees)
