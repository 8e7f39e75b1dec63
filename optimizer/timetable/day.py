"""One day as the timetable sees it: what is to be flown, and what it takes.

Days of equal content are equal values, so that one solution serves them all: no dates here, only minutes
elapsed since local midnight.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from instances.schema import Feeder
from optimizer.hours import Hours, hours_between, hours_of
from optimizer.mission import Mission
from optimizer.network import Network

WHOLE = 1e-9


@dataclass(frozen=True)
class Call:
    """A stop at a zone: the hours it must keep, and the minutes from take-off to the drop."""

    zone: str
    hours: Hours
    drop_min: int


@dataclass(frozen=True)
class Task:
    """Sorties of one mission, or trips of one feeder, on a day, all alike; minutes.

    `zone`, `drop_min` and `hours` are those of the first stop, `later` has the others; `entries` holds the
    corridors with hourly limits that are entered, with the minutes from take-off. A trip's `zone` is
    empty and `away` the base it unloads at, `drop_min` after take-off, for a turnaround.
    """

    mission: str
    fleet: str
    base: str
    zone: str
    count: int
    hours: Hours
    block_min: int
    drop_min: int
    turnaround_min: int
    refuel_min: int
    away: str = ""
    later: tuple[Call, ...] = ()
    entries: tuple[tuple[str, int], ...] = ()

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every stop in order."""
        return (Call(self.zone, self.hours, self.drop_min), *self.later)

    def seen_from(self, zone: str) -> Task:
        """The same sorties as far as one of their zones is concerned."""
        call = next(call for call in self.calls if call.zone == zone)
        return replace(self, zone=zone, hours=call.hours, drop_min=call.drop_min, later=())


@dataclass(frozen=True)
class Crew:
    """Tails of a fleet in service on a day, with the crews that fly them; minutes, None for no limit.

    `ready` holds for each tail the minute from which its crew is rested, 0 where that is no matter.
    """

    fleet: str
    ready: tuple[int, ...]
    sorties_per_tail: int
    report_min: int
    duty_min: int | None
    flight_min: int | None


@dataclass(frozen=True)
class Ramp:
    """A base on a day."""

    base: str
    slots: int
    takeoff_spacing_min: int
    fuel_points: int | None


@dataclass(frozen=True)
class Ground:
    """A zone on a day; minutes."""

    zone: str
    spacing_min: int
    clearing_min: int


@dataclass(frozen=True)
class Gate:
    """A corridor on a day, with the transits that may begin in any 60 minutes."""

    corridor: str
    per_hour: int


@dataclass(frozen=True)
class Day:
    """What one day asks for."""

    tasks: tuple[Task, ...]
    crews: tuple[Crew, ...]
    ramps: tuple[Ramp, ...]
    grounds: tuple[Ground, ...]
    gates: tuple[Gate, ...] = ()

    @property
    def count(self) -> int:
        """Sorties of the day."""
        return sum(task.count for task in self.tasks)

    def of(self, counts: Mapping[str, int]) -> Day:
        """The same day with other numbers of sorties by mission."""
        tasks = tuple(replace(t, count=counts[t.mission]) for t in self.tasks if counts.get(t.mission, 0) > 0)
        return replace(self, tasks=tasks)


def whole_up(minutes: float) -> int:
    """Minutes rounded up; take-offs are on whole minutes, so that nothing is lost."""
    return math.ceil(minutes - WHOLE)


def whole_down(minutes: float | None) -> int | None:
    """A limit in minutes rounded down; None stays no limit."""
    return None if minutes is None else math.floor(minutes + WHOLE)


def task_of(net: Network, m: Mission, d: int, count: int) -> Task:
    """Sorties of a mission on a day."""
    header = net.instance.header
    date = header.first_date + dt.timedelta(days=d)
    first, *later = (
        Call(stop.zone.id, hours_of(m, stop, header.time_zone, date), stop.drop_min) for stop in m.stops
    )
    return Task(
        mission=m.id,
        fleet=m.fleet.id,
        base=m.base.id,
        zone=first.zone,
        count=count,
        hours=first.hours,
        block_min=m.block_min,
        drop_min=first.drop_min,
        turnaround_min=whole_up(m.aircraft.turnaround_min),
        refuel_min=whole_up(m.aircraft.refuel_min),
        later=tuple(later),
        entries=tuple((a, minute) for a, minute in m.entries if a in net.transits_per_hour),
    )


def trips_of(net: Network, feeder: Feeder, d: int, count: int) -> Task:
    """Trips of a feeder that has an aircraft, on a day."""
    header = net.instance.header
    start, end = net.bases[feeder.from_base], net.bases[feeder.to_base]
    aircraft = next(a for a in net.instance.aircraft if a.id == feeder.aircraft)
    date = header.first_date + dt.timedelta(days=d)
    turnaround_min, minutes = whole_up(aircraft.turnaround_min), whole_up(feeder.minutes)
    return Task(
        mission=feeder.id,
        fleet=feeder.id,
        base=start.id,
        zone="",
        count=count,
        hours=hours_between(net.parties[feeder.party], start, end, turnaround_min, header.time_zone, date),
        block_min=2 * minutes + turnaround_min,
        drop_min=minutes,
        turnaround_min=turnaround_min,
        refuel_min=whole_up(aircraft.refuel_min),
        away=end.id,
    )


def day_of(net: Network, d: int, sorties: Mapping[str, int], ready: Mapping[str, Sequence[int]]) -> Day:
    """A day of the plan.

    Parameters
    ----------
    net : Network
        Holds missions, fleets, bases and zones.
    d : int
        Day, counted from 0.
    sorties : mapping
        Number of sorties by mission id, and of trips by feeder id.
    ready : mapping
        By fleet, for each tail in service the minute from which its crew is rested.
    """
    tasks = tuple(
        trips_of(net, net.feeders[m], d, n) if m in net.feeders else task_of(net, net.missions[m], d, n)
        for m, n in sorted(sorties.items())
        if n > 0
    )
    fleets = sorted({t.fleet for t in tasks})
    bases = sorted({base for t in tasks for base in (t.base, t.away) if base})
    return Day(
        tasks=tasks,
        crews=tuple(_crew(net, f, ready.get(f, ())) for f in fleets),
        ramps=tuple(
            Ramp(
                b,
                net.bases[b].ramp_slots,
                whole_up(net.bases[b].takeoff_spacing_min),
                net.bases[b].fuel_points,
            )
            for b in bases
        ),
        grounds=tuple(
            Ground(z, whole_up(net.zones[z].drop_spacing_min), whole_up(net.zones[z].clearing_min))
            for z in sorted({call.zone for t in tasks for call in t.calls if call.zone})
        ),
        gates=tuple(
            Gate(a, net.transits_per_hour[a]) for a in sorted({a for t in tasks for a, _ in t.entries})
        ),
    )


def _crew(net: Network, f: str, ready: Sequence[int]) -> Crew:
    if f in net.feeders:
        return Crew(f, (0,), net.feeders[f].trips_per_day, 0, None, None)
    fleet = net.fleets[f]
    return Crew(
        fleet=f,
        ready=tuple(ready),
        sorties_per_tail=fleet.sorties_per_tail_day,
        report_min=whole_up(fleet.report_min),
        duty_min=whole_down(fleet.crew_duty_min),
        flight_min=whole_down(fleet.crew_flight_min),
    )
