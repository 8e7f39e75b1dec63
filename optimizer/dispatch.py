"""The day's timetable: which tail takes off when. A simple dispatcher, sortie by sortie.

Sorties are placed at the earliest minute that keeps every rule; a day that does not fit says which
missions were left over. Times are minutes after local midnight.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from optimizer.mission import Mission
from optimizer.network import Network

STEP_MIN = 5  # take-offs are tried on this grid; crews brief in five-minute steps


@dataclass(frozen=True)
class Flight:
    """A sortie with its tail and its take-off, minutes after local midnight of day `day`."""

    mission: Mission
    day: int
    tail: int
    takeoff_min: int

    @property
    def drop_min(self) -> int:
        """Minute of the first drop."""
        return self.takeoff_min + self.mission.drop_min

    @property
    def landing_min(self) -> int:
        """Minute of landing back at base."""
        return self.takeoff_min + self.mission.block_min

    @property
    def loading_min(self) -> float:
        """Minute at which loading on a ramp slot begins."""
        return self.takeoff_min - self.mission.aircraft.turnaround_min


type Rule = Callable[[Flight, list[Flight]], bool]


def flying_hours(flight: Flight, placed: list[Flight]) -> bool:
    """Take-off and landing lie within the hours of party, base and flight path."""
    del placed
    return flight.takeoff_min >= flight.mission.hours_from and flight.landing_min <= flight.mission.hours_to


def zone_hours(flight: Flight, placed: list[Flight]) -> bool:
    """The drop lies within the zone's recovery hours."""
    del placed
    zone = flight.mission.zone
    return zone.recovery_from <= flight.drop_min <= zone.recovery_to


def tail_turnaround(flight: Flight, placed: list[Flight]) -> bool:
    """The tail flies one sortie at a time and turns round in between."""
    return all(
        other.landing_min <= flight.loading_min or flight.landing_min <= other.loading_min
        for other in placed
        if other.mission.fleet.id == flight.mission.fleet.id and other.tail == flight.tail
    )


def ramp_slots(flight: Flight, placed: list[Flight]) -> bool:
    """No more aircraft are loaded at once than there are slots."""
    base = flight.mission.base
    loading = [f for f in placed if f.mission.base.id == base.id] + [flight]
    starts = [f.loading_min for f in loading if flight.loading_min <= f.loading_min < flight.takeoff_min]
    return all(
        sum(f.loading_min <= minute < f.takeoff_min for f in loading) <= base.ramp_slots for minute in starts
    )


def zone_spacing(flight: Flight, placed: list[Flight]) -> bool:
    """Two sorties of any party over one zone keep their distance in time."""
    zone = flight.mission.zone
    return all(
        abs(flight.drop_min - other.drop_min) >= zone.drop_spacing_min
        for other in placed
        if other.mission.zone.id == zone.id
    )


RULES: tuple[Rule, ...] = (flying_hours, zone_hours, tail_turnaround, zone_spacing, ramp_slots)


def dispatch_day(
    net: Network, d: int, sorties: Mapping[str, int], tails: Mapping[str, int]
) -> tuple[list[Flight], dict[str, int]]:
    """Place a day's sorties.

    Parameters
    ----------
    net : Network
        Holds the missions.
    d : int
        Day, counted from 0.
    sorties : mapping
        Number of sorties by mission id.
    tails : mapping
        Contracted tails by fleet id.

    Returns
    -------
    flights : list of Flight
        In order of take-off.
    left_over : dict
        Number of sorties by mission id that found no place.
    """
    placed: list[Flight] = []
    left_over: dict[str, int] = {}
    for mission in _tightest_first(net, sorties):
        flight = _earliest(mission, d, tails.get(mission.fleet.id, 0), placed)
        if flight is None:
            left_over[mission.id] = left_over.get(mission.id, 0) + 1
        else:
            placed.append(flight)
    return sorted(placed, key=lambda f: (f.takeoff_min, f.mission.id, f.tail)), left_over


def _tightest_first(net: Network, sorties: Mapping[str, int]) -> Iterable[Mission]:
    """Every sortie once: missions with the least room in the day first, then round by round.

    Going round the missions keeps one fleet from taking all the early slots of a zone.
    """
    missions = [net.missions[m] for m, n in sorties.items() if n > 0]
    missions.sort(key=lambda m: (_room(m), m.id))
    for turn in range(max((sorties[m.id] for m in missions), default=0)):
        yield from (m for m in missions if turn < sorties[m.id])


def _room(m: Mission) -> int:
    """Minutes between the first and the last take-off that hours of party, base and zone allow."""
    first, last = _takeoffs(m)
    return last - first


def _takeoffs(m: Mission) -> tuple[int, int]:
    first = max(m.hours_from, m.zone.recovery_from - m.drop_min)
    # Loading before the first take-off needs the base open too.
    first = max(first, math.ceil(m.base.hours_from + m.aircraft.turnaround_min))
    last = min(m.hours_to - m.block_min, m.zone.recovery_to - m.drop_min)
    return first, last


def _earliest(mission: Mission, d: int, tails: int, placed: list[Flight]) -> Flight | None:
    """The earliest place for one more sortie; tails take the first sortie of the day in turn."""
    first, last = _takeoffs(mission)
    grid_first = math.ceil(first / STEP_MIN) * STEP_MIN
    minutes = [first, *range(grid_first if grid_first > first else first + STEP_MIN, last + 1, STEP_MIN)]
    order = [(d + i) % tails + 1 for i in range(tails)]
    for takeoff_min in (minute for minute in minutes if minute <= last):
        for tail in order:
            flight = Flight(mission, d, tail, takeoff_min)
            if all(rule(flight, placed) for rule in RULES):
                return flight
    return None
