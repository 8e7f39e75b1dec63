"""Why a day cannot be flown: the fewest rules and missions that are already too much, and how many fit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from optimizer.clock import Clock
from optimizer.hours import Hours
from optimizer.timetable.build import Named, rules_of
from optimizer.timetable.day import Day, Task
from optimizer.timetable.fit import impossible

OF_A_FLEET = ("tail_turnaround", "serviceability", "crew_duty", "crew_rest")
OF_A_BASE = ("ramp_slots", "refuelling", "takeoff_spacing")
OF_A_ZONE = ("zone_spacing", "zone_clearing")
OF_A_CORRIDOR = ("corridor_hour_limit",)
OF_HOURS = ("flying_hours", "zone_hours", "daylight")

MOST_LINES = 30  # tails tried one by one

type Group = frozenset[Named]


@dataclass(frozen=True)
class Cause:
    """What is too much about a day.

    Attributes
    ----------
    day : Day
        The day with no more missions than it takes to be too much.
    rules : tuple of Named
        Rules, with their subjects, none of which can be left out.
    most : int
        Sorties of these missions that fit, in whatever mix.
    proven : bool
        Whether it is proven that no more fit; else the mix asked for is too much and one less is tried.
    by_lines : tuple of int
        Where tails are short, sorties that fit with none, one, two tails and so on in service.
    """

    day: Day
    rules: tuple[Named, ...]
    most: int
    proven: bool
    by_lines: tuple[int, ...] = ()


def explain(day: Day, clock: Clock, seed: int, lines: Mapping[str, int]) -> Cause:
    """The cause why a day that is proven not to fit does not fit.

    Parameters
    ----------
    day : Day
        What is asked for.
    clock : Clock
        Time of the command.
    seed : int
        Seed of the solver.
    lines : mapping
        By fleet, tails that could be in service if all on offer were contracted.
    """
    fewer = fewest_missions(day, clock, seed)
    kept = fewest_rules(fewer, clock, seed)
    every = set(rules_of(fewer))
    without = every - set(kept)
    one = merged(fewer, kept)
    asked = fewer.count
    if one is None or not impossible(one, without, clock, seed):
        return Cause(fewer, kept, asked - 1, proven=False)

    def too_much(count: int, of: Day = one) -> bool:
        return impossible(_counting(of, count), without, clock, seed)

    most = largest_that_fits(asked, too_much)
    by_lines: tuple[int, ...] = ()
    if any(name in OF_A_FLEET for name, _ in kept):
        fleet = one.tasks[0].fleet
        own = replace(one, crews=tuple(crew for crew in one.crews if crew.fleet == fleet))
        by_lines = _by_lines(own, lines.get(fleet, 1), too_much)
    return Cause(fewer, kept, most, proven=True, by_lines=by_lines)


def fewest_missions(day: Day, clock: Clock, seed: int) -> Day:
    """The day without the missions that have no part in it."""
    counts = {task.mission: task.count for task in day.tasks}
    for mission in sorted(counts, key=lambda m: (counts[m], m)):
        fewer = {m: n for m, n in counts.items() if m != mission}
        if fewer and impossible(day.of(fewer), (), clock, seed):
            counts = fewer
    return day.of(counts)


def fewest_rules(day: Day, clock: Clock, seed: int, already: Collection[Named] = ()) -> tuple[Named, ...]:
    """Rules none of which can be left out of a day that does not fit; some may be left out already.

    Hours are left out for all missions at once.
    """
    rules = [rule for rule in rules_of(day) if rule not in already]
    groups: dict[str, set[Named]] = {}
    for name, subject in rules:
        groups.setdefault(name if name in OF_HOURS else f"{name} {subject}", set()).add((name, subject))
    without = set(already)
    for group in groups.values():
        if impossible(day, without | group, clock, seed):
            without |= group
    return tuple(rule for rule in rules if rule not in without)


def merged(day: Day, rules: Collection[Named]) -> Day | None:
    """The day with one kind of sortie that is as easy as the easiest in each respect.

    What it cannot fly, no mix of these missions can. None when a rule concerns only some of them. A sortie
    with several stops counts at the zone that a rule is about, else at its first.
    """
    entries = {t.entries for t in day.tasks}
    if len(entries) > 1 and any(name in OF_A_CORRIDOR for name, _ in rules):
        return None
    zones = {subject for name, subject in rules if name in OF_A_ZONE}
    if len(zones) == 1:
        (zone,) = zones
        if any(zone not in (call.zone for call in t.calls) for t in day.tasks):
            return None
        day = replace(day, tasks=tuple(t.seen_from(zone) for t in day.tasks))
    else:
        day = replace(day, tasks=tuple(replace(t, later=()) for t in day.tasks))
    places = {name: {place(t) for t in day.tasks} for names, place in _PLACES for name in names}
    if any(places[name] != {subject} for name, subject in rules if name in places):
        return None
    names = {name for name, _ in rules}
    if len({t.drop_min for t in day.tasks}) == 1:
        return replace(day, tasks=(_easiest(day),))
    if not names & set(OF_A_ZONE):
        return replace(day, tasks=(_by_takeoff(day),))
    return None if names & {*OF_A_BASE, *OF_A_FLEET} else replace(day, tasks=(_by_drop(day),))


def _easiest(day: Day) -> Task:
    return replace(
        day.tasks[0],
        count=day.count,
        hours=_widest([t.hours for t in day.tasks]),
        block_min=min(t.block_min for t in day.tasks),
        turnaround_min=min(t.turnaround_min for t in day.tasks),
        refuel_min=min(t.refuel_min for t in day.tasks),
    )


def _by_takeoff(day: Day) -> Task:
    """Hours of drops are counted as hours of take-off, since nothing else depends on the drop."""
    tasks = day.tasks
    hours = replace(
        _widest([t.hours for t in tasks]),
        drop_from=min(t.hours.drop_from - t.drop_min for t in tasks),
        drop_to=max(t.hours.drop_to - t.drop_min for t in tasks),
        light_from=min(t.hours.light_from - t.drop_min for t in tasks),
        light_to=max(t.hours.light_to - t.drop_min for t in tasks),
    )
    return replace(_easiest(day), hours=hours, drop_min=0)


def _by_drop(day: Day) -> Task:
    """Take-off, landing and drop are one moment, since nothing else depends on the others."""
    tasks = day.tasks
    firsts = [max(t.hours.takeoff_from, t.hours.loading_from + t.turnaround_min) + t.drop_min for t in tasks]
    hours = replace(
        _widest([t.hours for t in tasks]),
        loading_from=min(firsts),
        takeoff_from=min(firsts),
        landing_to=max(t.hours.landing_to - t.block_min + t.drop_min for t in tasks),
    )
    moment = replace(tasks[0], block_min=0, drop_min=0, turnaround_min=0, refuel_min=0)
    return replace(moment, count=day.count, hours=hours)


_PLACES: tuple[tuple[tuple[str, ...], Callable[[Task], str]], ...] = (
    (OF_A_FLEET, lambda task: task.fleet),
    (OF_A_BASE, lambda task: task.base),
    (OF_A_ZONE, lambda task: task.zone),
)


def _widest(hours: Sequence[Hours]) -> Hours:
    return Hours(
        loading_from=min(h.loading_from for h in hours),
        takeoff_from=min(h.takeoff_from for h in hours),
        landing_to=max(h.landing_to for h in hours),
        drop_from=min(h.drop_from for h in hours),
        drop_to=max(h.drop_to for h in hours),
        light_from=min(h.light_from for h in hours),
        light_to=max(h.light_to for h in hours),
    )


def _counting(day: Day, count: int) -> Day:
    return replace(day, tasks=(replace(day.tasks[0], count=count),))


def largest_that_fits(asked: int, too_much: Callable[[int], bool]) -> int:
    """The largest count below `asked`, which is too much, that is not proven to be too much."""
    low, high = 0, asked
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if too_much(middle) else (middle, high)
    return low


def _by_lines(day: Day, lines: int, too_much: Callable[[int, Day], bool]) -> tuple[int, ...]:
    """Sorties that fit with no tail in service, with one, and so on up to `lines`.

    One more tail adds no more than a tail alone can fly, so that only few counts need be tried.
    """
    most = [0]
    for n in range(1, min(lines, MOST_LINES) + 1):
        serving = replace(day, crews=tuple(replace(c, ready=(0,) * n) for c in day.crews))
        step = day.crews[0].sorties_per_tail if n == 1 else most[1]
        fits = (count for count in range(most[-1] + step, most[-1], -1) if not too_much(count, serving))
        most.append(next(fits, most[-1]))
    return tuple(most)
