"""What no day can hold, seen before anything is planned: how many sorties a zone, a base or a tail takes.

Asked of each resource by itself, so that the campaign seldom plans a day that does not fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from optimizer.clock import Clock
from optimizer.network import Network
from optimizer.timetable.build import Named, rules_of
from optimizer.timetable.day import Day, day_of
from optimizer.timetable.explain import (
    OF_A_BASE,
    OF_A_FLEET,
    OF_A_ZONE,
    OF_HOURS,
    Cause,
    fewest_rules,
    largest_that_fits,
    merged,
)
from optimizer.timetable.fit import impossible

MOST_ASKED = 60  # sorties; a resource that takes more in a day is no matter


def foresee(net: Network, clock: Clock, seed: int) -> Iterator[tuple[Cause, int]]:
    """Causes that hold for every plan, each with a day it holds for; days alike are asked once.

    Parameters
    ----------
    net : Network
        Holds missions, fleets, bases and zones.
    clock : Clock
        Time of the command.
    seed : int
        Seed of the solver.
    """
    seen: set[tuple[Day, str]] = set()
    for d in net.days:
        for names, subject, missions in _resources(net, d):
            # One tail: fleets are asked tail by tail, and zones and bases do not look at tails.
            day = day_of(net, d, dict.fromkeys(missions, 1), dict.fromkeys(net.fleets, (0,)))
            if (day, subject) not in seen:
                seen.add((day, subject))
                cause = _cause(net, day, names, subject, clock, seed)
                if cause is not None:
                    yield cause, d


def _resources(net: Network, d: int) -> Iterator[tuple[tuple[str, ...], str, list[str]]]:
    """Rules, subject, and the missions of a day that share it."""
    of_day = net.by_day[d]
    for names, subjects, of in (
        (OF_A_ZONE, net.zones, net.to_zone),
        (OF_A_BASE, net.bases, net.at_base),
        (OF_A_FLEET, net.fleets, net.of_fleet),
    ):
        for subject in subjects if of_day else ():
            missions = of(subject, d)
            if missions:
                yield names, subject, missions


def _cause(
    net: Network, day: Day, names: tuple[str, ...], subject: str, clock: Clock, seed: int
) -> Cause | None:
    """Why a resource takes no more than so many sorties; None when it takes all that could be asked."""
    of_fleet = names == OF_A_FLEET
    missions = [net.missions[task.mission] for task in day.tasks]
    fleets = {m.fleet.id: m.fleet.max_tails * m.fleet.sorties_per_tail_day for m in missions}
    asked = max(m.sorties_per_tail for m in missions) if of_fleet else min(MOST_ASKED, sum(fleets.values()))
    rules = [r for r in rules_of(day) if r[0] in OF_HOURS or (r[0] in names and r[1] == subject)]
    one = merged(day, rules)
    if one is None or asked < 1:
        return None
    without = {*rules_of(one), *rules_of(day)} - set(rules)

    def counting(count: int) -> Day:
        return replace(one, tasks=(replace(one.tasks[0], count=count),))

    def too_much(count: int) -> bool:
        return impossible(counting(count), without, clock, seed)

    if not too_much(asked):
        return None
    most = largest_that_fits(asked, too_much)
    kept: tuple[Named, ...] = fewest_rules(counting(most + 1), clock, seed, without)
    return Cause(day, kept, most, proven=True, by_lines=(0, most) if of_fleet else ())
