"""Crowded days: a plan with missions and tails of a rough plan alone, while a bound is proven beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import islice
from threading import Event
from typing import TYPE_CHECKING

from optimizer.campaign.build import build
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.fleets import Fleet
from optimizer.campaign.layout import Layout, Rounds
from optimizer.campaign.rough import Rough, cheapest_fleets, narrowed, rough_bound, rough_plan, worth_flying
from optimizer.campaign.wanted import CLOSE, FINE
from optimizer.candidate import Candidate
from optimizer.clock import Clock
from optimizer.improve import mend
from optimizer.kind import Kind
from optimizer.network import Network
from optimizer.watch import Watch

if TYPE_CHECKING:
    from optimizer.planner import Planner

AT_ONCE = 2  # fleets tried at a time, in threads
ROUGH_SHARE, FLEETS_SHARE = 0.2, 0.7  # of the time left, at most, for a rough plan; of that for fleets
NARROW_SHARE = 0.95  # of the time left, at most, for a rough plan and one with its missions
CARES = (1.0, 2.0)  # with which sorties are made whole, one for each layout
WHOLE_SHARE = 0.5  # of the time left, at most, for that and rounds
PACK_SHARE = 0.92  # of the time left, at most, for bundles
BOUND_SHARE = 0.5  # of the time left, at most, for a better bound beside that
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
    fleets, rough = _rough(planner, kinds, clock.share(ROUGH_SHARE))
    least = fleets[0].least if fleets else -math.inf
    planner.tell(goal.name, None, least, goal.unit)
    if rough is None:
        return least
    missions, enough = worth_flying(net, kinds, wanted, seed, rough, clock), Event()
    few = on(narrowed(net, missions, rough.tails), Watch(clock))
    few.keep_to(few.timetabler.foreseen(clock))
    with ThreadPoolExecutor(len(CARES)) as threads, ThreadPoolExecutor(1) as beside:
        rounds = _rounds(few, rough, least, threads)
        laid = rounds.laid_out(CARES, clock.share(WHOLE_SHARE))
        until = clock.share(BOUND_SHARE).unless(enough.is_set)
        bound = beside.submit(rough_bound, net, kinds, wanted, seed, fleets, until)
        # Each better plan counts at once: whoever stops has the best so far.
        whole = None if laid is None else rounds.packed(laid, clock.share(PACK_SHARE), few.consider)
        best = _flown(few, whole, least)
        if best is not None and goal.gap_frac(best.values[0], least) <= wanted.gap_frac:
            enough.set()
        return max(least, bound.result())


def _rough(planner: Planner, kinds: Sequence[Kind], clock: Clock) -> tuple[list[Fleet], Rough | None]:
    """The cheapest fleets, the cheapest first, and the best rough plan with any of them.

    Fleets are tried two at a time: the cheapest may come to nothing, or be dear, in whole sorties. Where none
    comes to a plan in time, the dearest fleet tried stands for one.
    """
    net, wanted, seed = planner.net, planner.wanted, planner.options.seed
    fleets = cheapest_fleets(net, kinds, wanted, seed, clock.share(FLEETS_SHARE))
    known: list[Fleet] = []
    best: Rough | None = None
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while tried := [*islice(fleets, AT_ONCE)]:
            known += tried
            if best is not None and best.value <= tried[0].least:
                break
            plans = threads.map(lambda fleet: rough_plan(net, kinds, wanted, seed, fleet, clock), tried)
            best = min([best, *plans], key=lambda one: math.inf if one is None else one.value)
    if best is None and known:
        best = Rough(math.inf, known[-1].missions, {f: n for f, n in known[-1].tails.items() if n})
    return known, best


def _rounds(planner: Planner, rough: Rough, least: float, threads: Executor) -> Rounds:
    """What lays out sorties day by day with the tails of a rough plan, one layout for each thread."""
    wanted, net, seed = planner.wanted, planner.net, planner.options.seed
    goal, cuts = wanted.goals[0], [cut for cut in planner.cuts if cut.proven]
    enough, gap = least + wanted.tolerance(goal, CLOSE)(least), wanted.tolerance(goal, FINE)(least)

    def layout(_: float) -> Layout:
        return Layout(build(net, tight=True), cuts, rough.tails, goal, wanted.limits, least, seed)

    return Rounds([*threads.map(layout, CARES)], enough, gap, seed, threads)


def _flown(planner: Planner, whole: Decisions | None, least: float) -> Candidate | None:
    """Sorties sent back for as long as days do not hold them, and mended."""
    clock, wanted, mender = planner.watch.clock, planner.wanted, planner.settler
    goal, limits = wanted.goals[0], wanted.limits
    for _ in range(ROUNDS):
        if whole is None or clock.stopped():
            break
        found, cuts = planner.consider(whole)
        planner.keep_to(cuts)
        if found:
            mend(planner, (least,), clock)
            break
        whole = mender.repaired(whole, goal, limits, clock.share(REPAIR_SHARE))
    return planner.best
