"""Crowded days: a plan with missions and tails of a rough plan alone, while a bound is proven beside it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from optimizer.campaign.decisions import Decisions
from optimizer.campaign.rough import Rough, narrowed, rough_bound, rough_plan
from optimizer.campaign.wanted import CLOSE, LOOSE
from optimizer.candidate import Candidate
from optimizer.improve import mend
from optimizer.network import Network
from optimizer.watch import Watch

if TYPE_CHECKING:
    from optimizer.planner import Planner

ROUGH_SHARE = 0.08  # of the time left, at most, for a rough plan
NARROW_SHARE = 0.93  # of the time left, at most, for a rough plan and one with its missions
LAY_OUT_SHARE = 0.82  # of the time left, at most, to lay it out day by day
SORTIES_SHARE = 0.75  # of that for sorties; the rest is for bundles
PACKED = 0.06  # share of the asked gap at which a round for bundles stops
REPAIR_SHARE = 0.4  # of the time left, at most, for what still misses limits
ROUNDS = 4  # how often days that do not fit are sent back


def narrow(planner: Planner, on: Callable[[Network, Watch], Planner]) -> float:
    """Let a planner find a plan with few missions; a bound of its first goal that holds for all missions.

    Parameters
    ----------
    planner : Planner
        Of all missions, asked for one goal within limits.
    on : callable
        A planner of a smaller network.
    """
    net, wanted, seed = planner.net, planner.wanted, planner.options.seed
    goal, clock = wanted.goals[0], planner.watch.clock.share(NARROW_SHARE)
    kinds = planner.timetabler.kinds(tuple(planner.cuts))
    with ThreadPoolExecutor(1) as beside:
        share = clock.share(ROUGH_SHARE)
        other = beside.submit(rough_plan, net, kinds, wanted, seed, share, tails_first=True)
        roughs = rough_plan(net, kinds, wanted, seed, share), other.result()
        best = max(one.bound for one in roughs)
        rough = replace(min(roughs, key=lambda one: one.least), bound=best)
        planner.tell(goal.name, None, rough.bound, goal.unit)
        if rough.tails is None:
            return rough.bound
        enough = Event()
        bound = beside.submit(rough_bound, net, kinds, wanted, seed, clock.unless(enough.is_set))
        found = _laid_out(on(narrowed(net, rough), Watch(clock)), rough)
        if found is not None and goal.gap_frac(found.values[0], rough.bound) <= wanted.gap_frac:
            enough.set()
        return max(rough.bound, bound.result())


def _laid_out(planner: Planner, rough: Rough) -> Candidate | None:
    """A rough plan laid out day by day, sorties before bundles, and mended."""
    clock, wanted, mender = planner.watch.clock, planner.wanted, planner.settler
    goal, limits = wanted.goals[0], wanted.limits
    planner.keep_to(planner.timetabler.foreseen(clock))
    share, gap = clock.share(LAY_OUT_SHARE), wanted.tolerance(goal, CLOSE)(rough.value)
    start = Decisions({"tails": dict(rough.tails or {}), "sorties": dict(rough.sorties)})
    near = rough.bound + wanted.tolerance(goal, CLOSE)(rough.bound)
    whole = mender.laid_out(start, goal, limits, near, gap, share.share(SORTIES_SHARE))
    if whole is not None:
        enough = rough.bound + wanted.tolerance(goal, LOOSE)(rough.bound)
        whole = mender.packed(whole, goal, limits, enough, wanted.tolerance(goal, PACKED)(rough.value), share)
    for _ in range(ROUNDS):
        if whole is None or clock.stopped():
            break
        found, cuts = planner.consider(whole)
        planner.keep_to(cuts)
        if found:
            mend(planner, (rough.bound,), clock)
            break
        whole = mender.repaired(whole, goal, limits, clock.share(REPAIR_SHARE))
    return planner.best
