"""What every tail does minute by minute, from the sorties of a plan: the rows of ``timetable.csv``."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from instances.schema import Instance
from optimizer.hours import midnight
from optimizer.plan import Activity, Sortie

WHOLE = 1e-9


def activities(
    instance: Instance,
    sorties: Sequence[Sortie],
    stops: Mapping[str, Sequence[tuple[int, float]]],
    hauls: Sequence[tuple[str, int, int]] = (),
) -> tuple[Activity, ...]:
    """Duty, loading, flight, drop and refuelling of every tail, in order of time.

    Parameters
    ----------
    instance : Instance
        Holds the minutes of types and crews.
    sorties : sequence of Sortie
        With their times.
    stops : mapping
        By sortie id, for each of its zones in order: minutes from take-off to the drop, and minutes over or
        at the zone, all passes together.
    hauls : sequence of (feeder id, day, take-off)
        Trips of feeders that have an aircraft; days from 0, minutes elapsed since local midnight.
    """
    rows = [row for sortie in sorties for row in _of_sortie(instance, sortie, stops[sortie.sortie_id])]
    duties: dict[tuple[str, dt.date], list[Sortie]] = defaultdict(list)
    for sortie in sorties:
        duties[sortie.tail, sortie.date].append(sortie)
    rows += [_duty(instance, duty) for duty in duties.values()]
    ordered = sorted(hauls, key=lambda haul: (haul[1], haul[0], haul[2]))
    for number, (feeder, day, takeoff_min) in enumerate(ordered, start=1):
        rows += _of_trip(instance, feeder, day, takeoff_min, number)
    return tuple(
        sorted(rows, key=lambda row: (row.date, row.tail, row.start_utc, -_minutes(row), row.sorties))
    )


def _minutes(row: Activity) -> float:
    return (row.end_utc - row.start_utc) / dt.timedelta(minutes=1)


def _of_sortie(instance: Instance, sortie: Sortie, stops: Sequence[tuple[int, float]]) -> Iterator[Activity]:
    aircraft = next(one for one in instance.aircraft if one.id == sortie.aircraft)
    takeoff, landing = sortie.takeoff_utc, sortie.landing_utc
    rows = [("loading", takeoff - _up(aircraft.turnaround_min), takeoff, sortie.base)]
    left, place, way = takeoff, sortie.base, "outbound"
    drops = [takeoff + dt.timedelta(minutes=drop_min) for drop_min, _ in stops]
    ends = [*drops[1:], landing]
    for zone, drop, (_, zone_min), end in zip(sortie.zones, drops, stops, ends, strict=True):
        rows.append((way, left, drop, f"{place} to {zone}"))
        left, place, way = min(drop + _up(zone_min), end), zone, "onward"
        rows.append(("at the zone", drop, left, place))
    rows.append(("inbound", left, landing, f"{place} to {sortie.base}"))
    rows.append(("refuelling", landing, landing + _up(aircraft.refuel_min), sortie.base))
    for name, start, end, place in rows:
        if start < end:
            yield _row(instance, [sortie], name, start, end, place)


def _duty(instance: Instance, duty: Sequence[Sortie]) -> Activity:
    """The time on duty of a tail's crew on a day."""
    fleet = next(one for one in instance.fleets if one.id == duty[0].fleet)
    report = min(one.takeoff_utc for one in duty) - _up(fleet.report_min)
    return _row(instance, duty, "crew duty", report, max(one.landing_utc for one in duty), duty[0].base)


def _of_trip(
    instance: Instance, feeder_id: str, day: int, takeoff_min: int, number: int
) -> Iterator[Activity]:
    """A trip of a feeder from base to base and back."""
    feeder = next(one for one in instance.feeders if one.id == feeder_id)
    aircraft = next(one for one in instance.aircraft if one.id == feeder.aircraft)
    date = instance.dates[day]
    clocks = ZoneInfo(instance.header.time_zone)
    takeoff = midnight(date, clocks.key) + dt.timedelta(minutes=takeoff_min)
    arrival = takeoff + _up(feeder.minutes)
    leaving = arrival + _up(aircraft.turnaround_min)
    landing = leaving + _up(feeder.minutes)
    near, far = feeder.from_base, feeder.to_base
    for name, start, end, place in (
        ("loading", takeoff - _up(aircraft.turnaround_min), takeoff, near),
        ("outbound", takeoff, arrival, f"{near} to {far}"),
        ("unloading", arrival, leaving, far),
        ("inbound", leaving, landing, f"{far} to {near}"),
        ("refuelling", landing, landing + _up(aircraft.refuel_min), near),
    ):
        if start < end:
            yield Activity(
                party=feeder.party,
                date=date,
                tail=f"{feeder.id}_1",
                activity=name,
                start_utc=start,
                end_utc=end,
                start_local=start.astimezone(clocks),
                end_local=end.astimezone(clocks),
                place=place,
                sorties=(f"{feeder.id}_trip_{number}",),
            )


def _up(minutes: float) -> dt.timedelta:
    """Whole minutes, rounded up."""
    return dt.timedelta(minutes=math.ceil(minutes - WHOLE))


def _row(
    instance: Instance, sorties: Sequence[Sortie], name: str, start: dt.datetime, end: dt.datetime, place: str
) -> Activity:
    clocks = ZoneInfo(instance.header.time_zone)
    first = sorties[0]
    return Activity(
        party=first.party,
        date=first.date,
        tail=first.tail,
        activity=name,
        start_utc=start,
        end_utc=end,
        start_local=start.astimezone(clocks),
        end_local=end.astimezone(clocks),
        place=place,
        sorties=tuple(sortie.sortie_id for sortie in sorties),
    )
