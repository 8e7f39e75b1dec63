"""A plan timed anew: the same sorties and loads, other tails and minutes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from instances.schema import Instance
from optimizer.activities import activities
from optimizer.clock import Clock
from optimizer.cut import Cut, shown_dates
from optimizer.hours import midnight
from optimizer.mission import Mission
from optimizer.network import Network, build_network
from optimizer.plan import Load, Plan, Sortie
from optimizer.scoring import mission_of
from optimizer.timetable.flights import Flight
from optimizer.timetable.timetabler import Timetabler


@dataclass(frozen=True)
class Retimed:
    """What became of timing a plan anew.

    Attributes
    ----------
    plan : Plan or None
        With new tails and times; None when not every sortie finds a place.
    faults : tuple of str
        Why not, in a planner's words: sorties that nobody may fly, or days that do not fit.
    moved : int
        Sorties with another tail or take-off than before.
    """

    plan: Plan | None
    faults: tuple[str, ...] = ()
    moved: int = 0


def retime(plan: Plan, instance: Instance, clock: Clock) -> Retimed:
    """Give every sortie of a plan a tail and minutes anew, drops as early as can be.

    Parameters
    ----------
    plan : Plan
        As read from its files, perhaps edited by hand.
    instance : Instance
        With the plan's scenarios, shortened to its days.
    clock : Clock
        Time of the command.
    """
    net = build_network(instance, plan.options.parties, plan.options.stops)
    found = {sortie.sortie_id: mission_of(sortie, _day(net, sortie), net) for sortie in plan.sorties}
    flown = {sortie_id: m for sortie_id, m in found.items() if m is not None}
    faults = [fault for sortie in plan.sorties if (fault := _unknown(net, sortie, found[sortie.sortie_id]))]
    if faults:
        return Retimed(None, tuple(faults))
    groups: dict[tuple[str, int], list[Sortie]] = defaultdict(list)
    for sortie in sorted(plan.sorties, key=lambda s: (s.takeoff_utc, s.sortie_id)):
        groups[flown[sortie.sortie_id], _day(net, sortie)].append(sortie)
    tails = {use.fleet: max(0, use.tails) for use in plan.fleet}
    counts = {key: len(group) for key, group in groups.items()}
    trips = {
        (row.feeder, (row.date - net.instance.header.first_date).days): row.trips
        for row in plan.feeders
        if row.feeder in net.feeders
    }
    table = Timetabler(net, plan.options.seed).times(counts, tails, clock, trips)
    if table.left_over:
        return Retimed(None, _reasons(net, table.cuts, table.left_over))
    waiting = {key: iter(group) for key, group in groups.items()}
    timed = {
        old.sortie_id: _timed(old, flight, instance)
        for flight in table.flights
        for old in [next(waiting[flight.mission.id, flight.day])]
    }
    missions = {sortie_id: net.missions[m] for sortie_id, m in flown.items()}
    hauls = [(h.feeder, h.day, h.takeoff_min) for h in table.hauls]
    stops = {sortie_id: m.minutes for sortie_id, m in missions.items()}
    sorties = tuple(sorted(timed.values(), key=lambda s: (s.takeoff_utc, s.sortie_id)))
    update = {
        "sorties": sorties,
        "loads": tuple(_moved(load, timed, missions) for load in plan.loads),
        "timetable": activities(instance, sorties, stops, hauls),
    }
    moved = sum(
        (timed[s.sortie_id].tail, timed[s.sortie_id].takeoff_utc) != (s.tail, s.takeoff_utc)
        for s in plan.sorties
    )
    return Retimed(plan.model_copy(update=update), moved=moved)


def _day(net: Network, sortie: Sortie) -> int:
    return (sortie.date - net.instance.header.first_date).days


def _unknown(net: Network, sortie: Sortie, m: str | None) -> str:
    """Why a sortie cannot be timed at all; empty when it can."""
    if m is None:
        zones = ", ".join(sortie.zones)
        return f"{sortie.sortie_id}: {sortie.fleet} does not fly {sortie.method} to {zones} at that height"
    if _day(net, sortie) not in net.missions[m].days:
        return f"{sortie.sortie_id}: {sortie.fleet} cannot fly to {', '.join(sortie.zones)} on {sortie.date}"
    return ""


def _reasons(net: Network, cuts: Sequence[Cut], left_over: dict[tuple[str, int], int]) -> tuple[str, ...]:
    """What holds back the days that do not fit, each reason once with its days."""
    short = {d for _, d in left_over}
    said = []
    for cut in cuts:
        days = [net.instance.dates[d] for d in cut.days if d in short]
        said.append(f"{shown_dates(days)}: {cut.reason}")
    return tuple(said)


def _timed(old: Sortie, flight: Flight, instance: Instance) -> Sortie:
    zone = ZoneInfo(instance.header.time_zone)
    takeoff = midnight(old.date, zone.key) + dt.timedelta(minutes=flight.takeoff_min)
    return old.model_copy(
        update={
            "tail": f"{old.fleet}_{flight.tail}",
            "takeoff_utc": takeoff,
            "takeoff_local": takeoff.astimezone(zone),
            "landing_utc": takeoff + dt.timedelta(minutes=flight.mission.block_min),
        }
    )


def _moved(load: Load, timed: dict[str, Sortie], missions: dict[str, Mission]) -> Load:
    if load.sortie_id not in timed:
        return load
    stops = missions[load.sortie_id].stops
    drop_min = stops[min(max(load.stop, 1), len(stops)) - 1].drop_min
    drop = timed[load.sortie_id].takeoff_utc + dt.timedelta(minutes=drop_min)
    return load.model_copy(update={"drop_utc": drop})
