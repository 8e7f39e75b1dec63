"""Rules about the ground below a drop: wind, the run-in, and the people a sortie endangers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from instances.schema import Method, Zone
from optimizer.check.case import Case
from optimizer.check.fall import turn_of
from optimizer.check.plane import flat, meets_box, turned
from optimizer.check.violation import Violation, number, percent

FRAC: Final = 1e-6  # people are written with six decimals
SHARE: Final = 0.005  # what a share may differ by, computed in two ways
LIKELY: Final = 0.5


def harm_cap(case: Case) -> Iterator[Violation]:
    """No sortie endangers more people on the ground than the party's cap: harm <= harm_cap."""
    for flight in case.flights:
        party = flight.craft.party
        if flight.harm > party.harm_cap + FRAC:
            cap = f"the cap of {party.id} is {number(party.harm_cap, 6)}"
            message = f"{number(flight.harm, 6)} people expected to be hurt, {cap}"
            yield Violation("harm_cap", flight.where, message, "sorties.csv")


def wind_limit(case: Case) -> Iterator[Violation]:
    """No drop is flown on a day whose wind is above the method's limit, or would carry it too far.

    Winds of a day: flown when the wind is within the limit more likely than not. Winds of a month: on the
    share of its days on which it is, the calmest first by their rank.
    """
    for flight in case.flights:
        method, date = flight.craft.method, flight.sortie.date
        if method.kind != "drop":
            continue
        calmest = min((call.load for call in flight.calls), key=lambda load: load.calm_frac)
        calm = calmest.calm_frac
        if any(wind.date == date for wind in calmest.layers):
            high, rank = calm < LIKELY - SHARE, "its day"
        else:
            high, rank = turn_of(date) > calm + SHARE, f"{percent(calm)} of the days of its month"
        if high:
            message = f"above the wind of {rank}, {method.id} is flown up to {_limits(method)}"
            yield Violation("wind_limit", flight.where, message, "sorties.csv")


def _limits(method: Method) -> str:
    wind, way = method.wind_limit_mps, method.path_limit_m
    given = [] if wind is None else [f"{number(wind)} m/s"]
    return " and ".join(given if way is None else [*given, f"{number(way)} m of drift"])


def clear_axis(case: Case) -> Iterator[Violation]:
    """No built-up area lies on the run-in: in the zone, or within clear_axis_m before or behind it."""
    for flight, call in case.stops:
        zone = call.zone
        crossed = _crossed(case, zone) if flight.craft.method.kind == "drop" else ""
        if crossed:
            message = f"{crossed} lies on the run-in of {zone.id}, {number(zone.clear_axis_m)} m keep clear"
            yield Violation("clear_axis", flight.where, message, "sorties.csv")


def _crossed(case: Case, zone: Zone) -> str:
    """Id of a built-up area on the run-in; empty when there is none."""
    heading = math.radians(zone.axis_deg if zone.run_in_deg is None else zone.run_in_deg)
    aside = heading - math.radians(zone.axis_deg)
    sine, cosine = abs(math.sin(aside)), abs(math.cos(aside))
    half_length = (cosine * zone.length_m + sine * zone.width_m) / 2 + zone.clear_axis_m
    half_width = (cosine * zone.width_m + sine * zone.length_m) / 2
    for area in case.instance.ground:
        if area.kind == "built_up":
            rings = tuple(tuple(turned(x, y, heading) for x, y in ring) for ring in flat(zone, area))
            if meets_box(rings, half_length, half_width):
                return area.id
    return ""
