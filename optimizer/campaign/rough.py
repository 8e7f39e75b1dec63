"""A rough plan of all days in one, and what is left of a network when only its missions may be flown.

Where many fleets serve many zones there are too many whole days to choose from. Which missions a good plan
flies hardly depends on the day: all days of a kind in one leave few enough whole numbers for the plain
model, and with its missions alone a day is small again. Every plan is one of all days in one
as well, so that the bound of the rough plan holds for all.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from optimizer.campaign.build import build
from optimizer.campaign.fleets import Fleet, Fleets
from optimizer.campaign.settle import Settler
from optimizer.campaign.spells import in_spells
from optimizer.campaign.wanted import FINE, TIGHT, Wanted
from optimizer.clock import Clock
from optimizer.kind import Kind
from optimizer.network import Network, Stretch

EDGE_DAYS, MORE_DAYS = 3, 2  # at either end that a bound looks at one by one; then so many more
PATIENCE = 60  # nodes without a better solution


@dataclass(frozen=True)
class Rough:
    """A plan of all days of a kind in one.

    Attributes
    ----------
    value : float
        Of the plan, in the unit of the goal.
    missions : frozenset of str
        Ids of those that it may fly.
    tails : dict
        Contracted, by fleet.
    """

    value: float
    missions: frozenset[str]
    tails: dict[str, int]


def cheapest_fleets(
    net: Network, kinds: Sequence[Kind], wanted: Wanted, seed: int, clock: Clock
) -> Iterator[Fleet]:
    """Fleets by what all days of a kind in one cost at least, which is a bound for every plan as well.

    Parameters
    ----------
    net : Network
        Day by day.
    kinds : sequence of Kind
        Of every day.
    wanted : Wanted
        Goals, limits and gap; the first goal alone counts.
    seed : int
        Seed of the solver.
    clock : Clock
        Says when to break off.
    """
    short = in_spells(net, kinds, net.horizon_days, 0)
    return Fleets(build(short, tight=True), seed).cheapest_first(wanted, clock)


def rough_plan(
    net: Network, kinds: Sequence[Kind], wanted: Wanted, seed: int, fleet: Fleet, clock: Clock
) -> Rough | None:
    """Plan all days of a kind in one, in whole sorties of a fleet; None where no such plan is found.

    Whole sorties are sought among the missions that are flown where they may be divided: some twenty of a
    hundred, which leave few enough whole numbers. Parameters are those of `cheapest_fleets`.
    """
    model = Settler(build(_in_one(net, kinds, fleet.missions, fleet.tails), tight=True), seed)
    plan, solved = model.first(wanted, clock, TIGHT, ("tails", "sorties"), patience=PATIENCE)
    if plan is None or solved.value is None:
        return None
    tails = {f: n for f, n in plan.count("tails").items() if n}
    return Rough(solved.value, fleet.missions, tails)


def worth_flying(
    net: Network, kinds: Sequence[Kind], wanted: Wanted, seed: int, rough: Rough, clock: Clock
) -> frozenset[str]:
    """Missions of a rough plan, and what its tails would fly if the first and last days stood alone.

    Parameters are those of `cheapest_fleets`.
    """
    short = _in_one(net, kinds, net.missions, rough.tails, EDGE_DAYS)
    model = Settler(build(short, tight=True), seed)
    found = model.least(wanted, clock, rough.tails) is not None
    return rough.missions | model.flown() if found else rough.missions


def _in_one(
    net: Network,
    kinds: Sequence[Kind],
    missions: Collection[str],
    tails: Mapping[str, int],
    edge_days: int = 0,
) -> Network:
    """All days of a kind in one, but for some at either end, with some missions and tails alone."""
    few = narrowed(net, missions, tails)
    kinds = [replace(kind, missions=few.by_day[d]) for d, kind in enumerate(kinds)]
    return in_spells(few, kinds, net.horizon_days, edge_days)


def rough_bound(
    net: Network, kinds: Sequence[Kind], wanted: Wanted, seed: int, fleets: Sequence[Fleet], clock: Clock
) -> float:
    """A bound for every plan that looks at the first and last days one by one, at more and more of them.

    Whoever starts with little in stock cannot wait for the end of a month. Whole are the sorties of these
    days: without those of all days of a kind in one next to nothing is lost. `fleets` are the cheapest, in
    order; all others cost at least as much as the last. Other parameters are those of `cheapest_fleets`.
    """
    most = fleets[-1].least
    queue = [(fleet.least, i, EDGE_DAYS) for i, fleet in enumerate(fleets)]
    while queue[0][0] < most and queue[0][2] <= max(EDGE_DAYS, net.horizon_days // 2) and not clock.stopped():
        bound, i, edge_days = queue[0]
        tails = {f: n for f, n in fleets[i].tails.items() if n}
        short = _in_one(net, kinds, net.missions, tails, edge_days)
        alone = [d for d in short.days if short.lasts(d) == 1]
        model = Settler(build(short, tight=True), seed)
        _, solved = model.first(wanted, clock, FINE, ("sorties",), alone, tails=tails)
        heapq.heapreplace(queue, (max(bound, solved.bound), i, edge_days + MORE_DAYS))
        if solved.bound < bound + wanted.tolerance(wanted.goals[0], FINE)(bound):
            break  # more days would show hardly more, and the time is better spent on the plan
    return min(most, queue[0][0])


def narrowed(net: Network, missions: Collection[str], tails: Mapping[str, int]) -> Network:
    """The network day by day with no other missions than these, and no more tails."""
    flown = {m for m in missions if tails.get(net.missions[m].fleet.id)}
    by_day = {d: tuple(m for m in known if m in flown) for d, known in net.by_day.items()}
    contracted = ((f, fleet) for f, fleet in net.fleets.items() if tails.get(f))
    return replace(
        net,
        fleets={f: fleet.model_copy(update={"max_tails": tails[f]}) for f, fleet in contracted},
        by_day=by_day,
        stretches=tuple(Stretch((d,), d, d, Kind(by_day[d], day=d)) for d in net.days),
    )
