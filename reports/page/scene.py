"""What the script of a plan's page needs: places, areas, paths, sorties and days, in words to show."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from instances.schema import Area, Instance, Zone
from optimizer.explained import Ellipse
from optimizer.plan import Load, Plan, Sortie
from reports.figures import names_of
from reports.labels import tail_order
from reports.numbers import (
    block_text,
    count_text,
    date_text,
    distance_text,
    energy_text,
    height_text,
    minute_text,
    money_text,
    probability_text,
    share_text,
    small_text,
    tonnes_text,
)
from reports.page.backdrop import CREDIT, backdrop
from reports.series import Series

M_PER_DEG_LAT: Final = 111_200.0
"""A degree of latitude, m: enough for a shape of a few km; the figures of a plan use the ellipsoid."""
ELLIPSE_POINTS: Final = 48
ALWAYS_M: Final = 90_000.0  # areas without an upper edge reach above every flight

type Ring = list[tuple[float, float]]
"""Corners (lat, lon), degrees."""


def scene(plan: Plan, instance: Instance, series: Series, ellipses: Sequence[Ellipse]) -> dict[str, Any]:
    """Everything the map, the slider and the timeline show.

    Parameters
    ----------
    plan, instance : Plan, Instance
        As for the page.
    series : Series
        Of the plan.
    ellipses : sequence of Ellipse
        Where its drops come down.
    """
    names = names_of(instance)
    day = {date: d for d, date in enumerate(instance.dates)}
    return {
        "credit": CREDIT,
        "backdrop": backdrop(instance.header.theatre),
        "parties": [{"id": p, "name": names.get(p, p)} for p in plan.options.parties],
        "bases": [{"name": b.name, "at": [b.lat, b.lon], "used": _used(b.id, plan)} for b in instance.bases],
        "communities": [
            {"name": c.name, "at": [c.lat, c.lon], "words": f"{count_text(c.population)} people"}
            for c in instance.communities
        ],
        "zones": [_zone(zone, instance) for zone in instance.zones],
        "areas": [_area(area, instance, names) for area in instance.airspace],
        "ground": [
            {
                "name": area.name or area.id,
                "kind": area.kind,
                "rings": [[[(lat, lon) for lon, lat in ring] for ring in p] for p in area.polygons],
            }
            for area in instance.ground
        ],
        "ellipses": [ring for ring in (_ellipse(one, instance, names) for one in ellipses) if ring],
        "paths": [
            {"id": p.path_id, "party": p.party, "line": [(round(y, 4), round(x, 4)) for x, y in p.points]}
            for p in plan.paths
        ],
        "sorties": _sorties(plan, names, day),
        "tails": sorted({sortie.tail for sortie in plan.sorties}, key=tail_order),
        "activities": _activities(plan, day),
        "days": [_day(d, plan, instance, series, names) for d in range(len(instance.dates))],
        "whole": _whole(plan),
    }


def _used(base: str, plan: Plan) -> bool:
    return any(sortie.base == base for sortie in plan.sorties)


def _moved(lat: float, lon: float, east_m: float, north_m: float) -> tuple[float, float]:
    """A place some metres away; flat, as for a shape of a few km."""
    north_deg = north_m / M_PER_DEG_LAT
    east_deg = east_m / (M_PER_DEG_LAT * max(0.01, math.cos(math.radians(lat))))
    return round(lat + north_deg, 6), round(lon + east_deg, 6)


def _turned(lat: float, lon: float, along_m: float, across_m: float, axis_deg: float) -> tuple[float, float]:
    """A place so far along an axis and to its right."""
    axis = math.radians(axis_deg)
    east = along_m * math.sin(axis) + across_m * math.cos(axis)
    north = along_m * math.cos(axis) - across_m * math.sin(axis)
    return _moved(lat, lon, east, north)


def _zone(zone: Zone, instance: Instance) -> dict[str, Any]:
    half = zone.length_m / 2, zone.width_m / 2
    corners = ((half[0], half[1]), (half[0], -half[1]), (-half[0], -half[1]), (-half[0], half[1]))
    return {
        "name": zone.name,
        "at": [zone.lat, zone.lon],
        "ring": [_turned(zone.lat, zone.lon, *corner, zone.axis_deg) for corner in corners],
        "days": [
            d
            for d, date in enumerate(instance.dates)
            if not zone.closed
            and (zone.open_from is None or date >= zone.open_from)
            and (zone.open_to is None or date <= zone.open_to)
        ],
        "words": [
            f"{zone.length_m:,.0f} by {zone.width_m:,.0f} m, axis {zone.axis_deg:g}°",
            f"gathers {tonnes_text(zone.recovery_kg_per_day)} a day, "
            f"{minute_text(zone.recovery_from)} to {minute_text(zone.recovery_to)}",
        ],
    }


def _area(area: Area, instance: Instance, names: Mapping[str, str]) -> dict[str, Any]:
    top = "up" if area.ceiling_m > ALWAYS_M else f"to {height_text(area.ceiling_m)}"
    words = [
        area.kind,
        f"from {height_text(area.floor_m)} {top}",
        f"for {', '.join(names.get(p, p) for p in area.parties) or 'all parties'}",
    ]
    if (area.hours_from, area.hours_to) != (0, 1440):
        words.append(f"{minute_text(area.hours_from)} to {minute_text(area.hours_to)} local time")
    if area.first_date or area.last_date:
        first, last = area.first_date or instance.dates[0], area.last_date or instance.dates[-1]
        words.append(f"{date_text(first)} to {date_text(last)}")
    if area.transits_per_day is not None:
        words.append(f"{area.transits_per_day} sorties a day")
    if area.loss_per_100_km:
        words.append(f"loss {probability_text(area.loss_per_100_km)} per 100 km")
    return {
        "name": area.name or area.id,
        "kind": area.kind,
        "ring": [(lat, lon) for lon, lat in area.outline],
        "days": [
            d
            for d, date in enumerate(instance.dates)
            if (area.first_date or date) <= date <= (area.last_date or date)
        ],
        "words": words,
    }


def _ellipse(one: Ellipse, instance: Instance, names: Mapping[str, str]) -> dict[str, Any] | None:
    zone = next((zone for zone in instance.zones if zone.id == one.zone), None)
    if zone is None:
        return None
    ring = []
    for step in range(ELLIPSE_POINTS):
        angle = 2 * math.pi * step / ELLIPSE_POINTS
        along, across = one.along_m * math.cos(angle), one.across_m * math.sin(angle)
        ring.append(_turned(zone.lat, zone.lon, along, across, one.run_in_deg))
    method = names.get(one.method, one.method)
    words = [
        f"{method} from {height_text(one.release_height_m)}",
        f"95 % of bundles: {2 * one.along_m:,.0f} by {2 * one.across_m:,.0f} m",
    ]
    return {"name": f"Landing at {zone.name}", "ring": ring, "days": list(one.days), "words": words}


def _sorties(plan: Plan, names: Mapping[str, str], day: Mapping[Any, int]) -> list[dict[str, Any]]:
    loads: dict[str, list[Load]] = defaultdict(list)
    for load in plan.loads:
        loads[load.sortie_id].append(load)
    ordered = sorted(plan.sorties, key=lambda s: (s.date, s.takeoff_utc, s.sortie_id))
    return [_sortie(one, loads[one.sortie_id], names, day) for one in ordered if one.date in day]


def _minutes(sortie: Sortie) -> tuple[int, int]:
    """Take-off and landing in minutes of the local day."""
    start = sortie.takeoff_local.hour * 60 + sortie.takeoff_local.minute
    return start, start + sortie.block_min


def _sortie(
    sortie: Sortie, loads: Sequence[Load], names: Mapping[str, str], day: Mapping[Any, int]
) -> dict[str, Any]:
    start, end = _minutes(sortie)
    zones = ", ".join(names.get(zone, zone) for zone in sortie.zones)
    aircraft = names.get(sortie.aircraft, sortie.aircraft)
    clock = f"{minute_text(start)}–{minute_text(end % 1440)}"
    return {
        "id": sortie.sortie_id,
        "party": sortie.party,
        "day": day[sortie.date],
        "tail": sortie.tail,
        "path": sortie.path_id,
        "from": start,
        "to": end,
        "line": f"{clock} {aircraft} {sortie.tail} → {zones}",
        "title": f"Sortie {sortie.sortie_id}, {date_text(sortie.date)}, {clock}",
        "facts": [
            ["Aircraft", f"{aircraft}, tail {sortie.tail}, from {names.get(sortie.base, sortie.base)}"],
            ["Drops on", zones],
            ["How", f"{names.get(sortie.method, sortie.method)} from {height_text(sortie.release_height_m)}"],
            ["Flight", f"{distance_text(sortie.distance_km)} in {block_text(sortie.block_min / 60)}"],
            ["Cost", money_text(sortie.cost_usd)],
            ["Risk of losing the aircraft", probability_text(sortie.loss_prob)],
            ["People harmed, expected", small_text(sortie.harm_expected)],
        ],
        "loads": [
            [
                names.get(load.commodity, load.commodity),
                count_text(load.bundles),
                tonnes_text(load.net_kg),
                tonnes_text(load.landed_kg),
                share_text(load.landed_frac),
            ]
            for load in loads
        ],
    }


def _activities(plan: Plan, day: Mapping[Any, int]) -> list[list[Any]]:
    """Day, tail, activity, first and last minute of the local day, and the place in words."""
    rows = []
    for one in plan.timetable:
        if one.date in day and one.activity != "crew duty":
            start = one.start_local
            minute = start.hour * 60 + start.minute + (start.date() - one.date).days * 1440
            length = round((one.end_utc - one.start_utc).total_seconds() / 60)
            rows.append([day[one.date], one.tail, one.activity, minute, minute + length, one.place])
    return rows


def _whole(plan: Plan) -> dict[str, Any]:
    summary = dict(plan.summary)
    return {
        "title": "The whole plan",
        "facts": [
            ["Sorties", count_text(summary.get("sorties"))],
            ["Dropped", tonnes_text(summary.get("dropped_kg"))],
            ["Landed", tonnes_text(summary.get("landed_kg"))],
            ["Cost", money_text(summary.get("cost_usd"))],
        ],
    }


def _day(d: int, plan: Plan, instance: Instance, series: Series, names: Mapping[str, str]) -> dict[str, Any]:
    date = instance.dates[d]
    eaten = [
        [f"Eaten, {names.get(one.community, one.community)}", f"{energy_text(one.kcal[d])} per person"]
        for one in series.fed
    ]
    risk = [
        [f"Chance of an aircraft lost so far, {names.get(party, party)}", probability_text(loss[d])]
        for party, loss in series.loss_prob.items()
    ]
    return {
        "title": f"{date:%A} {date_text(date)}, day {d + 1} of {len(instance.dates)}",
        "facts": [
            ["Sorties", count_text(series.sorties[d])],
            ["Dropped", tonnes_text(series.dropped_kg[d])],
            ["Landed", tonnes_text(series.landed_kg[d])],
            ["Cost so far", money_text(series.cost_usd[d])],
            *risk,
            *eaten,
        ],
        "open": _open(d, plan, instance),
    }


def _open(d: int, plan: Plan, instance: Instance) -> str:
    """Zones and corridors open on a day, and who may fly, in words."""
    date = instance.dates[d]
    weekday = f"{date:%a}".lower()
    flying = [
        p.name for p in instance.parties if p.id in plan.options.parties and weekday in p.flying_weekdays
    ]
    zones = [zone.name for zone in instance.zones if d in _zone(zone, instance)["days"]]
    corridors = [
        f"{area.name or area.id} ({minute_text(area.hours_from)}–{minute_text(area.hours_to)})"
        for area in instance.airspace
        if area.kind == "corridor"
        and (not area.parties or set(area.parties) & set(plan.options.parties))
        and (area.first_date or date) <= date <= (area.last_date or date)
    ]
    return "; ".join(
        [
            f"flying today: {', '.join(flying) or 'nobody'}",
            f"open zones: {', '.join(zones) or 'none'}",
            f"open corridors: {', '.join(corridors) or 'none'}",
        ]
    )
