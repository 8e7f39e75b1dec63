"""Which areas bind whom, on which day, during which hours, and at which height. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from instances.schema import AircraftKind, Area

CLIMB_M_PER_KM = 100.0
"""Height gained and lost per km flown around a base: steep, as flown near front lines; an estimate."""

LANDS = ("landing", "sling", "airstrip")
"""Kinds of methods that come down at the zone."""

type Hours = tuple[int, int]
"""Minutes after local midnight: from, to."""


@dataclass(frozen=True)
class Flier:
    """Who flies, with what, and how high.

    Attributes
    ----------
    height_m : float
        Height flown, m above ground: the release height.
    lands : bool
        Whether it comes down at the zone instead of flying over it.
    """

    party: str
    kind: AircraftKind
    height_m: float
    lands: bool


@dataclass(frozen=True)
class InForce:
    """The areas that a flight has to do with, whatever its height."""

    prohibited: tuple[Area, ...] = ()
    restricted: tuple[Area, ...] = ()
    corridors: tuple[Area, ...] = ()
    threats: tuple[Area, ...] = ()

    @property
    def walls(self) -> tuple[Area, ...]:
        """Areas that may stop a flight."""
        return (*self.prohibited, *self.restricted)


def holds(area: Area, height_m: float) -> bool:
    """Whether a height lies in the band of an area: floor <= height < ceiling."""
    return area.floor_m <= height_m < area.ceiling_m


def passed_in_climb(area: Area, height_m: float) -> bool:
    """Whether an area lies below the height flown, so that it matters only in climb and descent."""
    return area.ceiling_m <= height_m


def opens(corridor: Area, area: Area, height_m: float) -> bool:
    """Whether a corridor leads through a restricted area where a flight at this height meets it."""
    if passed_in_climb(area, height_m):
        return corridor.floor_m <= area.floor_m and area.ceiling_m <= corridor.ceiling_m
    return holds(corridor, height_m)


def in_force(areas: Iterable[Area], flier: Flier, date: dt.date, hours: Hours) -> InForce:
    """The areas in force for a flight that lies wholly within some hours of a day.

    An area that is there during any part of the hours counts; a corridor only if it is open throughout.
    """
    found: dict[str, list[Area]] = {"prohibited": [], "restricted": [], "corridor": [], "threat": []}
    for area in areas:
        if _concerns(area, flier, date) and _at(area, hours):
            found[area.kind].append(area)
    return InForce(*(tuple(found[kind]) for kind in ("prohibited", "restricted", "corridor", "threat")))


def _concerns(area: Area, flier: Flier, date: dt.date) -> bool:
    return (
        flier.kind in area.aircraft_kinds
        and (not area.parties or flier.party in area.parties)
        and (area.first_date or date) <= date <= (area.last_date or date)
    )


def _at(area: Area, hours: Hours) -> bool:
    start, end = hours
    if area.kind == "corridor":
        return area.hours_from <= start and end <= area.hours_to
    return area.hours_from < end and start < area.hours_to


def windows(areas: Sequence[Area], flier: Flier, date: dt.date, hours: Hours) -> list[Hours]:
    """Every span of the hours between changes of the areas, the whole first."""
    start, end = hours
    changes = {
        minute
        for area in areas
        if _concerns(area, flier, date)
        for minute in (area.hours_from, area.hours_to)
        if start < minute < end
    }
    spans = combinations(sorted({start, end} | changes), 2)
    return sorted(spans, key=lambda span: (span[0] - span[1], span[0]))


def unreachable(barring: Iterable[Area]) -> str:
    """Why there is no path, in a planner's words; what is there only on some days comes first."""
    areas = sorted(dict.fromkeys(barring), key=lambda a: a.first_date is None and a.last_date is None)
    return "unreachable, because of " + "; ".join(validity(area) for area in areas)


def validity(area: Area) -> str:
    """An area with its dates and heights, as a planner names it."""
    first, last = area.first_date, area.last_date
    dates = f"{first or 'first day'} to {last or 'last day'}" if first or last else "every day"
    whole_day = (area.hours_from, area.hours_to) == (0, 1440)
    hours = "" if whole_day else f" {_clock(area.hours_from)}-{_clock(area.hours_to)}"
    return f"{area.id} ({dates}{hours}, {area.floor_m:g} to {area.ceiling_m:g} m)"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
