"""The rules of a day's timetable, one generator each, which posts nothing by itself.

Each yields what it is about (a fleet, base, zone or mission) and what must hold, so that a day that does not
fit can be explained by leaving rules out. Minutes since local midnight; ``takeoff[i]``, ``drop[i]`` and
``landing[i]`` are those of sortie i, ``[a, b)`` a time that includes a and not b.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ortools.sat.python import cp_model

from optimizer.timetable.day import Task
from optimizer.timetable.variables import Interval, Literal, Variables

HOUR_MIN = 60


@dataclass(frozen=True)
class Apart:
    """No two of these times overlap."""

    spans: tuple[Interval, ...]


@dataclass(frozen=True)
class AtMost:
    """No more than `capacity` of these times overlap at any minute."""

    spans: tuple[Interval, ...]
    capacity: int


@dataclass(frozen=True)
class Holds:
    """A linear relation holds, where `when` is given only if that is so."""

    relation: cp_model.BoundedLinearExpression | bool
    when: Literal | None = None


type Posts = Iterator[tuple[str, Apart | AtMost | Holds]]
type Rule = Callable[[Variables], Posts]


def flying_hours(x: Variables) -> Posts:
    """Loading, take-off and landing lie within the hours of party, base and flight path.

    takeoff[i] - turnaround >= base opens; takeoff[i] >= party, base and path open; landing[i] <= they close
    """
    for p in x.places:
        task, hours = p.task, p.task.hours
        first = max(hours.takeoff_from, hours.loading_from + task.turnaround_min)
        yield task.mission, Holds(p.takeoff >= first)
        yield task.mission, Holds(p.takeoff <= hours.landing_to - task.block_min)


def zone_hours(x: Variables) -> Posts:
    """Drops lie within the zone's recovery hours.

    recovery_from <= drop[i] <= recovery_to
    """
    for p in x.places:
        for call in p.task.calls:
            yield p.task.mission, Holds(p.takeoff >= call.hours.drop_from - call.drop_min)
            yield p.task.mission, Holds(p.takeoff <= call.hours.drop_to - call.drop_min)


def daylight(x: Variables) -> Posts:
    """Drops of a party that sees by daylight lie between civil dawn and dusk at the zone.

    dawn <= drop[i] <= dusk, taken to five minutes inside
    """
    for p in x.places:
        for call in p.task.calls:
            yield p.task.mission, Holds(p.takeoff >= call.hours.light_from - call.drop_min)
            yield p.task.mission, Holds(p.takeoff <= call.hours.light_to - call.drop_min)


def tail_turnaround(x: Variables) -> Posts:
    """A tail flies one sortie at a time; between them it is refuelled, loaded and checked.

    [takeoff - turnaround, landing + refuel) of the sorties of a tail do not overlap
    """
    for f, crew in x.crews.items():
        for k in range(len(crew.ready)):
            yield f, Apart(tuple(_busy(x, f, k)))
        # Follows from the above; shows at once that a day is too full.
        yield f, AtMost(tuple(_busy(x, f, None)), len(crew.ready))


def _busy(x: Variables, fleet: str, k: int | None) -> Iterator[Interval]:
    for p in x.of_fleet(fleet):
        task = p.task
        present = None if k is None else p.line[k]
        yield x.span(p, -task.turnaround_min, task.block_min + task.refuel_min, present)


def serviceability(x: Variables) -> Posts:
    """Only the serviceable share of a fleet flies on a day, and no tail more sorties than it may.

    tails flying <= ceil(serviceable_frac x tails); sorties of a tail <= sorties_per_tail_day
    """
    for f, crew in x.crews.items():
        places = x.of_fleet(f)
        for k in range(len(crew.ready)):
            yield f, Holds(sum(p.line[k] for p in places) <= crew.sorties_per_tail)


def ramp_slots(x: Variables) -> Posts:
    """No more aircraft are loaded at once than there are slots; loading takes the turnaround.

    [takeoff - turnaround, takeoff) and a feeder's [arrival, arrival + turnaround): at most ramp_slots at a
    base overlap
    """
    for ramp in x.day.ramps:
        spans = [x.span(p, -p.task.turnaround_min, 0) for p in x.at_base(ramp.base)]
        spans += [x.span(p, *_unloading(p.task)) for p in x.away_at(ramp.base)]
        yield ramp.base, AtMost(tuple(spans), ramp.slots)


def _unloading(task: Task) -> tuple[int, int]:
    """From when to when a feeder stands on the ramp of the base it unloads at, minutes after take-off."""
    return task.drop_min, task.drop_min + task.turnaround_min


def refuelling(x: Variables) -> Posts:
    """After landing an aircraft is refuelled, and fuel points are few.

    [landing, landing + refuel): at most fuel_points at a base overlap
    """
    for ramp in x.day.ramps:
        if ramp.fuel_points is not None:
            at_base = [p for p in x.at_base(ramp.base) if p.task.refuel_min > 0]
            ends = [(p, p.task.block_min) for p in at_base]
            spans = tuple(x.span(p, end, end + p.task.refuel_min) for p, end in ends)
            yield ramp.base, AtMost(spans, ramp.fuel_points)


def takeoff_spacing(x: Variables) -> Posts:
    """Two take-offs from a base keep their distance in time.

    |takeoff[i] - takeoff[j]| >= takeoff_spacing_min
    """
    for ramp in x.day.ramps:
        if ramp.takeoff_spacing_min > 0:
            leaving = [(p, 0) for p in x.at_base(ramp.base)]
            leaving += [(p, _unloading(p.task)[1]) for p in x.away_at(ramp.base)]
            spacing = ramp.takeoff_spacing_min
            yield ramp.base, Apart(tuple(x.span(p, start, start + spacing) for p, start in leaving))


def zone_spacing(x: Variables) -> Posts:
    """Two sorties of any party over one zone keep their distance in time.

    |drop[i] - drop[j]| >= drop_spacing_min
    """
    for ground in x.day.grounds:
        if ground.spacing_min > 0:
            drops = [(p, call.drop_min) for p, call in x.at_zone(ground.zone)]
            yield ground.zone, Apart(tuple(x.span(p, drop, drop + ground.spacing_min) for p, drop in drops))


def zone_clearing(x: Variables) -> Posts:
    """The ground team clears the zone after each drop, before the next and before its hours end.

    [drop, drop + clearing_min) do not overlap and end by recovery_to
    """
    for ground in x.day.grounds:
        if ground.clearing_min > 0:
            calls = x.at_zone(ground.zone)
            drops = [(p, call.drop_min) for p, call in calls]
            yield ground.zone, Apart(tuple(x.span(p, drop, drop + ground.clearing_min) for p, drop in drops))
            for p, call in calls:
                last = call.hours.drop_to - ground.clearing_min - call.drop_min
                yield ground.zone, Holds(p.takeoff <= last)


def corridor_hour_limit(x: Variables) -> Posts:
    """Only so many transits of a corridor begin in any hour, out and back, whoever flies them.

    [entry, entry + 60): at most transits_per_hour of a corridor overlap
    """
    for gate in x.day.gates:
        entries = [(p, minute) for p in x.places for a, minute in p.task.entries if a == gate.corridor]
        spans = tuple(x.span(p, minute, minute + HOUR_MIN) for p, minute in entries)
        yield gate.corridor, AtMost(spans, gate.per_hour)


def crew_duty(x: Variables) -> Posts:
    """A crew is on duty from its report to its last landing for so long only, and flies for so long only.

    last landing - (first take-off - report_min) <= crew_duty_min; sum of block times <= crew_flight_min
    """
    for f, crew in x.crews.items():
        places = x.of_fleet(f)
        for k in range(len(crew.ready)):
            if crew.duty_min is not None:
                first, last = x.duty(crew, k)
                yield f, Holds(last - first <= crew.duty_min)
            if crew.flight_min is not None:
                flown_min = sum(p.task.block_min * p.line[k] for p in places)
                yield f, Holds(flown_min <= crew.flight_min)


def crew_rest(x: Variables) -> Posts:
    """A crew reports only when it has rested since its last landing.

    takeoff[i] - report_min >= last landing of the crew on an earlier day + crew_rest_min
    """
    for f, crew in x.crews.items():
        for k, ready in enumerate(crew.ready):
            for p in x.of_fleet(f) if ready > 0 else ():
                yield f, Holds(p.takeoff >= ready + crew.report_min, p.line[k])


RULES: tuple[Rule, ...] = (
    flying_hours,
    zone_hours,
    daylight,
    tail_turnaround,
    serviceability,
    ramp_slots,
    refuelling,
    takeoff_spacing,
    zone_spacing,
    zone_clearing,
    corridor_hour_limit,
    crew_duty,
    crew_rest,
)
