"""Makes the best plan better while its gap is open, and proves how good it is beside that."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

from optimizer.campaign.objective import Goal
from optimizer.campaign.priced import SHORT_PRICE
from optimizer.campaign.settle import Settled
from optimizer.campaign.wanted import FINE
from optimizer.candidate import Candidate
from optimizer.clock import Clock, Pace

if TYPE_CHECKING:
    from optimizer.planner import Planner

PLAIN_SHARE = 0.25  # of the time left for the plain model where it goes first
FEW_NUMBERS = 500  # whole numbers at most for which the plain model goes first: it closes small gaps
PROVE_SHARE = 0.1  # of the time left, at most, for bounds alone; after that they are proven beside
ORDER_SHARES = (0.4, 0.8, 1.0, 1.0)  # of the time left, at most: to mend, for patterns, to mend, for days
FAR_SHARE, NEAR_SHARE = 0.4, 0.2  # of the time left, at most, to mend before that what is unmet: much, little
PATTERNS_SHARE = 0.65  # of the time left, at most, to improve patterns; the rest repairs what falls short
MEND_SHARE, LAST_SHARE = 0.4, 0.9  # of the time left, at most, to mend one goal; to mend the last

type Bounds = tuple[float, ...]


def improved(planner: Planner, clock: Clock) -> Bounds:
    """Bounds for the best plan of a planner, which is improved while a gap is open and time is left."""
    # Bounds are proven under what earlier goals reach: the sooner they reach all, the better.
    if _far_from_met(planner):
        _mend_all(planner, clock.share(FAR_SHARE))
    if _nearly_met(planner):
        mend(planner, (0.0,) * len(planner.known.values), clock.share(NEAR_SHARE))
    bounds = planner.prover()(clock.share(PROVE_SHARE))
    if planner.settler.whole_numbers <= FEW_NUMBERS:
        bounds = improve_plain(planner, bounds, clock.share(PLAIN_SHARE))
    order = (_mend_and_prove, _improve_patterns, _mend_and_prove, _improve_days)
    for improve, share in zip(order, ORDER_SHARES, strict=True):
        if planner.still_open(bounds) and not clock.stopped():
            before = planner.known.values[:-1]
            better = improve(planner, bounds, clock.share(share))
            bounds = _met([max(pair) for pair in zip(bounds, better, strict=True)], planner.known)
            if any(now > then for now, then in zip(planner.known.values, before, strict=False)):
                # By next to nothing, but bounds are proven under what earlier goals reach.
                bounds = planner.prover()(clock.share(PROVE_SHARE))
    return improve_plain(planner, bounds, clock)


def _before(planner: Planner) -> list[tuple[Goal, float]]:
    """Goals before the last, with what the best plan reaches of them."""
    return [*zip(planner.wanted.goals, planner.known.values, strict=True)][:-1]


def _nearly_met(planner: Planner) -> bool:
    """Whether goals before the last are met but for what their gap leaves open."""
    pairs, wanted = _before(planner), planner.wanted
    open_still = any(value > wanted.same(goal) for goal, value in pairs)
    return open_still and all(goal.gap_frac(value, 0.0) <= wanted.gap_frac for goal, value in pairs)


def _far_from_met(planner: Planner) -> bool:
    """Whether a goal before the last misses what fractions of patterns reach, by more than its gap."""
    least, wanted = {} if planner.search is None else planner.search.least, planner.wanted
    pairs = _before(planner)
    return any(goal.gap_frac(value, least.get(goal.name, 0.0)) > wanted.gap_frac for goal, value in pairs)


def _mend_all(planner: Planner, clock: Clock) -> None:
    """Mend all goals at once, at a price for a kg that those before the last could still gain.

    Goal by goal the first would be reached at any cost, which the last would have to mend afterwards.
    """
    kept = [*planner.wanted.limits, *_before(planner)]
    _mended(planner, len(planner.wanted.goals) - 1, kept, 0.0, clock)


def improve_plain(planner: Planner, bounds: Bounds, clock: Clock) -> Bounds:
    """Search the plain model from the best plan; the bounds that are known then."""
    settled = Settled(planner.known.decisions, planner.known.values)
    whole, bounds = planner.settler.improve(settled, planner.wanted, bounds, clock)
    if whole is not settled.decisions:
        planner.consider(whole)
    return bounds


def _met(bounds: Sequence[float], best: Candidate) -> Bounds:
    """Bounds of a plan that is as good or better than the one for which they were proven."""
    return tuple(min(bound, value) for bound, value in zip(bounds, best.values, strict=True))


def _mend_and_prove(planner: Planner, bounds: Bounds, clock: Clock) -> Bounds:
    """Mend the plan, and prove better bounds beside it, until one of them has nothing left to do."""
    prove, mended = planner.prover(), Event()
    with ThreadPoolExecutor(1) as beside:
        proven = beside.submit(prove, clock.unless(mended.is_set))
        mend(planner, bounds, clock.unless(lambda: proven.done() and not planner.still_open(proven.result())))
        mended.set()
        return proven.result()


def mend(planner: Planner, bounds: Sequence[float], clock: Clock) -> None:
    """Plan a few days of the best plan at a time anew, goal by goal."""
    wanted = planner.wanted
    kept = list(wanted.limits)
    for i, goal in enumerate(wanted.goals):
        best = _mended(planner, i, kept, bounds[i], clock)
        # With no room at all whole numbers are hard to find.
        kept.append((goal, best.values[i] + 0.5 * wanted.same(goal)))


def _mended(
    planner: Planner, i: int, kept: Sequence[tuple[Goal, float]], bound: float, clock: Clock
) -> Candidate:
    """The best plan once a goal is mended."""
    wanted, best = planner.wanted, planner.known
    goal, last = wanted.goals[i], i == len(wanted.goals) - 1
    if clock.stopped() or goal.gap_frac(best.values[i], bound) <= wanted.gap_frac:
        return best
    settler, gap = planner.settler, wanted.tolerance(goal, FINE)(best.values[i])
    share = clock.share(LAST_SHARE if last else MEND_SHARE)
    known, flyable, before = best.decisions, planner.flyable, wanted.goals[:-1] if last else ()
    price = SHORT_PRICE * best.values[-1] / max(1.0, planner.net.total_need_kg())
    planner.consider(settler.mended(known, goal, kept, bound, gap, share, flyable, before, price))
    return planner.known


def _improve_patterns(planner: Planner, bounds: Bounds, clock: Clock) -> Bounds:
    """Search more patterns around the best plan."""
    if planner.search is not None:
        found = planner.search.improve(planner.known.decisions, clock.share(PATTERNS_SHARE))
        if found is not None and not planner.consider(found)[0] and planner.wanted.limits:
            planner.repaired(found, clock)
    return bounds


def _improve_days(planner: Planner, bounds: Bounds, clock: Clock) -> Bounds:
    """Plan again day by day where spells lose too much."""
    if planner.search is not None and len(planner.resolutions()) > 1:
        found = planner.searched(tuple(planner.cuts), 1).find([planner.known.decisions], Pace(clock, clock))
        if found is not None:
            planner.consider(found)
    return bounds
