"""Rules about what falls: methods, release heights, zones, winds and the areas drawn around zones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from instances.areas import Drawn
from instances.entries import Entry, Tables
from instances.errors import Finding, Place, did_you_mean
from instances.kinds import Kind
from instances.schema import Fleet, Method, Recovery, Wind, Zone

TOUCHING_M = 1e-6


def heights_lie_in_the_band(tables: Tables) -> Iterator[Finding]:
    """Release heights lie in the band of their method."""
    for entry in tables.of(Method):
        method = entry.row
        for height_m in method.release_heights_m:
            if not method.release_from_m <= height_m <= method.release_to_m:
                band = f"{method.release_from_m:g} to {method.release_to_m:g} m"
                place = entry.at("release_heights_m", f"{height_m:g}")
                yield Kind.HEIGHT_OUTSIDE_BAND.at(place, f"is outside the band of {method.id}, {band}")


def recoveries_are_of_a_height_flown(tables: Tables) -> Iterator[Finding]:
    """A recovery observed from a height belongs to one of the method's heights."""
    methods = tables.by_id(Method)
    for entry in tables.of(Recovery):
        method, height_m = methods.get(entry.row.method), entry.row.release_height_m
        if method and height_m is not None and height_m not in method.row.release_heights_m:
            heights = ", ".join(f"{one:g}" for one in method.row.release_heights_m)
            problem = f"is no release height of {method.row.id} ({heights} m)"
            yield Kind.RECOVERY_AT_NO_HEIGHT.at(entry.at("release_height_m"), problem)


def drops_scatter_or_miss(tables: Tables) -> Iterator[Finding]:
    """A method says how it scatters, and how fast it falls, or what share misses."""
    for entry in tables.of(Method):
        method = entry.row
        if method.release_error_m is not None and method.miss_frac > 0:
            yield Kind.SCATTER_AND_MISS.at(entry.at("miss_frac"), "stands beside release_error_m")
        if method.release_error_m is not None and method.rate_of_fall_mps == 0:
            yield Kind.NO_RATE_OF_FALL.at(entry.at("rate_of_fall_mps"), "is 0 or empty")
        if method.first_stage_mps is not None and method.first_stage_mps <= method.rate_of_fall_mps:
            problem = f"is not faster than rate_of_fall_mps {method.rate_of_fall_mps:g}"
            yield Kind.SLOW_FIRST_STAGE.at(entry.at("first_stage_mps"), problem)


def zones_are_large_enough(tables: Tables) -> Iterator[Finding]:
    """A zone is as long and wide as each of its methods needs."""
    methods = tables.by_id(Method)
    for entry in tables.of(Zone):
        zone = entry.row
        for name in zone.methods:
            method = methods[name].row if name in methods else None
            if method and (zone.length_m < method.least_length_m or zone.width_m < method.least_width_m):
                seen = f"{zone.length_m:g} x {zone.width_m:g} m"
                problem = f"{seen} is too small for {name}, which needs "
                problem += f"{method.least_length_m:g} x {method.least_width_m:g} m"
                yield Kind.ZONE_TOO_SMALL.at(entry.at("methods", name), problem)


def winds_are_of_a_month_or_a_day(tables: Tables) -> Iterator[Finding]:
    """A row of winds has a month or a date, and a layer with some height."""
    for entry in tables.of(Wind):
        if (entry.row.month is None) == (entry.row.date is None):
            count = "neither" if entry.row.date is None else "both"
            yield Kind.MONTH_OR_DAY.at(entry.at("month"), f"{count} of month and date is given")
        if entry.row.floor_m >= entry.row.ceiling_m:
            problem = f"is not below ceiling_m {entry.row.ceiling_m:g}"
            yield Kind.BAND_BACKWARD.at(entry.at("floor_m"), problem)


def winds_reach_every_drop(tables: Tables) -> Iterator[Finding]:
    """On every day of the plan layers of wind reach from the ground to the highest release, without gaps."""
    if tables.header is None or not tables.complete(Wind, Method, Fleet, Zone):
        return
    if list(winds_are_of_a_month_or_a_day(tables)):
        return
    highest_m, method = _highest(tables)
    if method is None:
        return
    first = tables.header.first_date
    dates = [first + dt.timedelta(days=day) for day in range(tables.header.days)]
    own = {entry.row.date for entry in tables.of(Wind)}
    days = {date if date in own else date.month: date for date in reversed(dates)}
    for when in sorted(days, key=lambda key: days[key]):
        rows = [entry for entry in tables.of(Wind) if when in (entry.row.date, entry.row.month)]
        yield from _layer_findings(rows, when, highest_m, method)


def _highest(tables: Tables) -> tuple[float, Method | None]:
    """Highest release that is flown and needs winds, m, and its method."""
    flown = {name for entry in tables.of(Fleet) for name in entry.row.methods}
    taken = {name for entry in tables.of(Zone) for name in entry.row.methods}
    needy = [
        entry.row
        for entry in tables.of(Method)
        if entry.row.id in flown & taken and entry.row.kind == "drop" and _needs_winds(entry.row, tables)
    ]
    tops = [(max(method.release_heights_m, default=0.0), method) for method in needy]
    return max(tops, key=lambda top: top[0], default=(0.0, None))


def _needs_winds(method: Method, tables: Tables) -> bool:
    return method.release_error_m is not None or (method.wind_limited and bool(tables.of(Wind)))


def _layer_findings(
    rows: Sequence[Entry[Wind]], when: dt.date | int, highest_m: float, method: Method
) -> Iterator[Finding]:
    """Gaps and overlaps of the layers of one month or day."""
    words = f"month {when}" if isinstance(when, int) else f"{when}"
    top_m = 0.0
    for entry in sorted(rows, key=lambda entry: entry.row.floor_m):
        if entry.row.floor_m < top_m - TOUCHING_M:
            problem = f"overlaps the layer of {words} up to {top_m:g} m"
            yield Kind.WIND_LAYERS.at(entry.at("floor_m"), problem)
        elif entry.row.floor_m > min(top_m, highest_m) + TOUCHING_M and top_m <= highest_m:
            problem = f"leaves a gap above {top_m:g} m in {words}"
            yield Kind.WIND_LAYERS.at(entry.at("floor_m"), problem)
        top_m = max(top_m, entry.row.ceiling_m)
    if top_m <= highest_m:
        problem = f"no layer of {words} reaches {highest_m:g} m, from where {method.id} is released"
        yield Kind.WIND_LAYERS.at(Place("winds.csv", None, "ceiling_m", f"{top_m:g} m"), problem)


def areas_are_held_by_communities(tables: Tables, drawn: Sequence[Drawn]) -> Iterator[Finding]:
    """Held areas name communities of the instance, and no two areas have the same id."""
    seen: set[str] = set()
    for one in drawn:
        area, known = one.area, tables.ids.get("communities")
        if area.community is not None and known is not None and area.community not in known:
            place = Place("ground.geojson", one.row, "community", area.community)
            remedy = did_you_mean(area.community, known)
            yield Kind.UNKNOWN_ID.at(place, "is not in communities", remedy=remedy)
        if area.id in seen:
            place = Place("ground.geojson", one.row, "id", area.id)
            yield Kind.REPEATED_KEY.at(place, "is the id of an area before it")
        seen.add(area.id)


RULES = (
    heights_lie_in_the_band,
    recoveries_are_of_a_height_flown,
    drops_scatter_or_miss,
    zones_are_large_enough,
    winds_are_of_a_month_or_a_day,
    winds_reach_every_drop,
)
