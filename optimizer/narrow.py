"""Crowded days: a plan with missions and tails of a rough plan alone, while a bound is proven beside it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from optimizer.campaign.decisions import Decisions
from optimizer.campaign.rough import Rough, narrowed, rough_bound, rough_plan
from optimizer.campaign.wanted import CLOSE, LOOSE
from optimizer.candidate import Candidate
from optimizer.network import Network
from optimizer.watch import Watch

if TYPE_CHECKING:
    from optimizer.planner import Planner

ROUGH_SHARE = 0.08  # of the time left, at most, for a rough plan
NARROW_SHARE = 0.93  # of the time left, at most, for a rough plan and one with its missions
LAY_OUT_SHARE = 0.82  # of the time left, at most, to lay it out day by day
SORTIES_SHARE = 0.6  # of that for sorties; the rest is for bundles
REPAIR_SHARE = 0.4  # of the time left, at most, for what still misses limits
ROUNDS = 4  # how often days that do not fit are sent back


def narrow(planner: Planner, on: Callable[[Network, Watch, int], Planner]) -> float:
    """Let a planner find a plan with few missions; a bound of its first goal that holds for all missions.

    Parameters
    ----------
    planner : Planner
        Of all missions, asked for one goal within limits.
    on : callable
        A planner of a smaller network with a seed.
    """
    net, wanted, seed = planner.net, planner.wanted, planner.options.seed
    clock, kinds = planner.watch.clock.share(NARROW_SHARE), planner.timetabler.kinds(tuple(planner.cuts))
    rough = rough_plan(net, kinds, wanted, seed, clock.share(ROUGH_SHARE))
    planner.tell(wanted.goals[0].name, None, rough.bound, wanted.goals[0].unit)
    if rough.tails is None:
        return rough.bound
    few, watch = narrowed(net, rough), Watch(clock)

    def again() -> Candidate | None:
        return _laid_out(on(few, watch, seed + 1), rough)

    with ThreadPoolExecutor(1) as beside:
        # Which plan is found hangs on luck: what is left of the other core's time tries its own.
        bound, second = beside.submit(rough_bound, net, kinds, wanted, seed, clock), beside.submit(again)
        for found in (_laid_out(on(few, watch, seed), rough), second.result()):
            if found is not None:
                planner.adopt(found)
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
        whole = mender.packed(whole, goal, limits, enough, gap, share)
    for _ in range(ROUNDS):
        if whole is None or clock.stopped():
            break
        found, cuts = planner.consider(whole)
        planner.keep_to(cuts)
        if found:
            planner.mend((rough.bound,), clock)
            break
        whole = mender.repaired(whole, goal, limits, clock.share(REPAIR_SHARE))
    return planner.best
