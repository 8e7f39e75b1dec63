"""On which days and at which hours a fleet may fly which path to a zone: legal, and worth choosing among."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from instances.schema import Aircraft, Area, Base, Instance, Method, Party, Zone
from optimizer.airspace.paths import Airspace, FlightPath, airspace_of, path_id, surveyed_path
from optimizer.airspace.rules import LANDS, Flier, Hours, InForce, in_force, unreachable, windows

MOST_PATHS = 3  # of one base, zone and height that the campaign chooses among
NEAR = 1.02  # a safer path up to this much longer takes the place of the shorter one
WORTHWHILE = 0.9  # a longer path is offered when it leaves at most this share of the loss


@dataclass(frozen=True)
class Route:
    """A path with the hours (local minutes) and the days, from 0, on which it may be flown."""

    path: FlightPath
    hours: Hours
    days: tuple[int, ...]


@dataclass(frozen=True)
class Routes:
    """What a fleet may fly to a zone at a height, and why not on some days or not at all."""

    routes: tuple[Route, ...]
    refused: tuple[str, ...]


LOSS_REASON = "the risk of losing the aircraft is above the party's cap per sortie"


def find_routes(
    instance: Instance,
    party: Party,
    base: Base,
    zone: Zone,
    aircraft: Aircraft,
    method: Method,
    height_m: float,
    days: Sequence[int],
) -> Routes:
    """Every path worth flying, with the hours and days on which it is legal.

    Parameters
    ----------
    days : sequence of int
        Days on which party and zone allow a sortie.

    Returns
    -------
    Routes
        Paths above the party's cap are refused with the reason, as are days without a legal path.
    """
    hours = max(party.hours_from, base.hours_from), min(party.hours_to, base.hours_to)
    surveyed = surveyed_path(instance, base, zone, height_m)
    flier = Flier(party.id, aircraft.kind, height_m, method.kind in LANDS)
    sky = airspace_of(instance)
    found: dict[tuple[FlightPath, Hours], list[int]] = {}
    refused: dict[str, None] = {}
    limited = frozenset(area.id for area in instance.airspace if area.limited)
    for group in alike_days(instance, flier, days):
        date = instance.dates[group[0]]
        if surveyed is not None:
            legal: list[tuple[FlightPath, Hours]] = [(surveyed, hours)]
        else:
            windowed = spans(sky, flier, date, hours)
            legal = _legal(sky, base, zone, flier, windowed)
            if not legal:
                barring = [sky.barring(base, zone, flier, force) for _, force in windowed]
                refused[unreachable(area for areas in barring for area in areas)] = None
        safe = [(path, span) for path, span in legal if path.loss_prob <= party.loss_cap]
        if len(safe) < len(legal):
            refused[LOSS_REASON] = None
        for chosen in _worthwhile(safe, limited):
            found.setdefault(chosen, []).extend(group)
    routes = tuple(Route(path, span, tuple(sorted(on))) for (path, span), on in found.items())
    return Routes(routes, tuple(refused))


def alike_days(instance: Instance, flier: Flier, days: Sequence[int]) -> list[list[int]]:
    """Days grouped by the areas that are there at some hour."""
    groups: dict[InForce, list[int]] = {}
    dated = _dated(instance)
    for d in days:
        groups.setdefault(in_force(dated, flier, instance.dates[d], (0, 1440)), []).append(d)
    return list(groups.values())


def _dated(instance: Instance) -> list[Area]:
    """Areas over some dates, open or in force at any hour."""
    dated = (area for area in instance.airspace if area.first_date or area.last_date)
    return [area.model_copy(update={"hours_from": 0, "hours_to": 1440}) for area in dated]


def spans(sky: Airspace, flier: Flier, date: dt.date, hours: Hours) -> list[tuple[Hours, InForce]]:
    """Every span of hours between changes, with the areas in force; no area concerns a truck."""
    if flier.kind == "truck" or hours[0] >= hours[1]:
        return [(hours, InForce())]
    return [(span, in_force(sky.areas, flier, date, span)) for span in windows(sky.areas, flier, date, hours)]


def _legal(
    sky: Airspace, base: Base, zone: Zone, flier: Flier, windowed: Sequence[tuple[Hours, InForce]]
) -> list[tuple[FlightPath, Hours]]:
    """Paths with the hours in which the whole flight must lie."""
    return [(path, span) for span, force in windowed for path in _ways(sky, base, zone, flier, force)]


def _ways(
    sky: Airspace,
    base: Base,
    zone: Zone,
    flier: Flier,
    force: InForce,
    spared: frozenset[str] = frozenset(),
) -> tuple[FlightPath, ...]:
    """The front, and the fronts without the corridors on it whose transits are limited."""
    found = dict.fromkeys(sky.ways(base, zone, flier, force, spared))
    crowded = {name for path in found for name in path.corridors}
    for corridor in force.corridors:
        if corridor.id in crowded and corridor.limited:
            found |= dict.fromkeys(_ways(sky, base, zone, flier, force, spared | {corridor.id}))
    return tuple(found)


def _worthwhile(
    legal: Sequence[tuple[FlightPath, Hours]], limited: frozenset[str]
) -> Iterator[tuple[FlightPath, Hours]]:
    """Paths that no other beats, and of each front only those that no mix of two others beats."""
    kept = [
        one
        for one in legal
        if not any(other != one and _beats(other, one, limited, other[0].id < one[0].id) for other in legal)
    ]
    fronts: dict[tuple[Hours, frozenset[str]], list[FlightPath]] = {}
    for path, span in kept:
        fronts.setdefault((span, limited & set(path.corridors)), []).append(path)
    for (span, _), paths in fronts.items():
        yield from ((path, span) for path in thinned(paths))


def _beats(
    one: tuple[FlightPath, Hours], other: tuple[FlightPath, Hours], limited: frozenset[str], first: bool
) -> bool:
    """Whether a path is no worse in length, loss, hours and corridors used, and better or first in name."""
    (a, a_hours), (b, b_hours) = one, other
    if not (a_hours[0] <= b_hours[0] and b_hours[1] <= a_hours[1]):
        return False
    if not limited & set(a.corridors) <= limited & set(b.corridors):
        return False
    if a.distance_km > b.distance_km or a.loss_prob > b.loss_prob:
        return False
    better = a.distance_km < b.distance_km or a.loss_prob < b.loss_prob
    return better or a_hours != b_hours or limited & set(a.corridors) != limited & set(b.corridors) or first


def thinned(paths: Sequence[FlightPath]) -> list[FlightPath]:
    """At most `MOST_PATHS` of a front, the safest among them: on its lower hull, and clearly different.

    Sorties on two paths can be mixed, and loss adds up in logarithms; a path above the line between two
    others is beaten by such a mix. A path little longer that is clearly safer replaces the shorter one.
    """
    hull: list[FlightPath] = []
    for path in sorted(paths, key=lambda path: (path.distance_km, path.loss_prob)):
        if hull and path.loss_prob > WORTHWHILE * hull[-1].loss_prob:
            continue
        if hull and path.distance_km <= NEAR * hull[-1].distance_km:
            hull.pop()
        while len(hull) >= 2 and not _below(hull[-2], hull[-1], path):
            hull.pop()
        hull.append(path)
    if len(hull) <= MOST_PATHS:
        return hull
    picked = {round(i * (len(hull) - 1) / (MOST_PATHS - 1)) for i in range(MOST_PATHS)}
    return [path for i, path in enumerate(hull) if i in picked]


def _below(a: FlightPath, b: FlightPath, c: FlightPath) -> bool:
    """Whether b lies below the line from a to c."""
    loss_a, loss_b, loss_c = (-math.log1p(-path.loss_prob) for path in (a, b, c))
    return (loss_b - loss_a) * (c.distance_km - a.distance_km) < (loss_c - loss_a) * (
        b.distance_km - a.distance_km
    )


def label(route: Route, base: Base, zones: Sequence[Zone], hours: Hours) -> str:
    """What tells the missions on a route from those on the straight way at all hours; empty for these."""
    path = route.path
    straight = path_id(base.id, "__".join(zone.id for zone in zones), path.height_m, ())
    way = "" if path.surveyed else path.id.removeprefix(straight)
    if route.hours == hours:
        return way
    start, end = (f"{minute // 60:02d}{minute % 60:02d}" for minute in route.hours)
    return f"{way}__{start}_{end}"
