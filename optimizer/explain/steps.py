"""One step between two plans: the cheapest plan of a mixture at a coverage, or at the most it can reach."""

from __future__ import annotations

import hashlib
import math

from instances.schema import Instance
from optimizer.campaign.build import build
from optimizer.campaign.objective import reach
from optimizer.clock import Clock
from optimizer.joint import shown_share, stated_share
from optimizer.network import Network, build_network
from optimizer.options import Options
from optimizer.plan import Plan, Record
from optimizer.solve import reachable_share, solve
from optimizer.solver import Session
from optimizer.watch import Watch

RELAXED_SHARE = 0.2  # of the time, for what divisible sorties could reach
REACH_SHARE = 0.5  # of the time left, for what a mixture can reach that cannot reach the coverage
SURELY = 1e-4  # a share of the need that rounding does not explain


class Step(Record):
    """What a mixture comes to.

    Attributes
    ----------
    usd, landed_kg, aircraft_lost : float
        Of its plan.
    short_kg : float
        Need it leaves unmet below the coverage, kg.
    gap_frac : float
        Gap of its cost, 0..1.
    """

    usd: float
    landed_kg: float
    aircraft_lost: float
    short_kg: float
    gap_frac: float


def step_key(instance: Instance, options: Options) -> str:
    """A name of a step that is the same whenever its question is the same."""
    asked = options.model_dump(include={"parties", "coverage_frac", "gap_frac", "seed", "method"})
    bare = instance.model_copy(update={"sha256": (), "figures": ()})
    return hashlib.sha256(f"{asked}{bare.model_dump_json()}".encode()).hexdigest()


def stocked_share(instance: Instance) -> float:
    """The share of every need, 0..1, that starting stocks alone meet."""
    net = build_network(instance, ())
    days = {community.id: community.starting_stock_days for community in instance.communities}
    shares = [
        min(1.0, days[k] * daily[0] / sum(daily)) for (k, _), daily in net.need_kg.items() if sum(daily) > 0
    ]
    return stated_share(min(shares, default=1.0))


def step(instance: Instance, options: Options, watch: Watch) -> Step | None:
    """Solve one step.

    Parameters
    ----------
    instance : Instance
        A mixture.
    options : Options
        With the coverage asked for.
    watch : Watch
        Clock and progress.

    Returns
    -------
    Step or None
        None when no plan was found in time.
    """
    asked = options.coverage_frac or 0.0
    net = build_network(instance, options.parties)
    need_kg = net.total_need_kg()
    if not net.missions:
        return _idle(instance, asked, need_kg)
    if relaxed_share(net, watch.clock.share(RELAXED_SHARE)) >= asked - SURELY:
        half = Watch(watch.clock.share(REACH_SHARE), watch.progress, watch.plan)
        result = solve(instance, options, half)
        if result.plan is not None:
            return step_of(result.plan, asked, need_kg)
    bare = Watch(watch.clock.share(REACH_SHARE), watch.progress)
    reached = min(asked, reachable_share(instance, options.model_copy(update={"coverage_frac": None}), bare))
    if reached <= 0:
        # Nothing found in time says nothing; nothing found with time left says that nothing can be flown.
        return None if bare.clock.stopped() else _idle(instance, asked, need_kg)
    if reached <= stocked_share(instance):
        return _idle(instance, asked, need_kg)
    result = solve(instance, options.model_copy(update={"coverage_frac": reached}), watch)
    return None if result.plan is None else step_of(result.plan, asked, need_kg)


def _idle(instance: Instance, asked_frac: float, need_kg: float) -> Step:
    """Nothing is flown, and starting stocks are all there is."""
    short_kg = max(0.0, asked_frac - stocked_share(instance)) * need_kg
    return Step(usd=0.0, landed_kg=0.0, aircraft_lost=0.0, short_kg=short_kg, gap_frac=0.0)


def relaxed_share(net: Network, clock: Clock) -> float:
    """The share of every need, 0..1, that divisible sorties could reach: no plan reaches more."""
    campaign = build(net)
    session = Session(campaign.problem)
    session.set_costs(session.terms(reach(net).expression(campaign.x, net)))
    value = session.solve_relaxed(clock, "costs").value
    return 1.0 if value is None else 1 - value


def step_of(plan: Plan, asked_frac: float, need_kg: float) -> Step:
    """What a plan comes to as a step."""
    summary = dict(plan.summary)
    reached = plan.options.coverage_frac or shown_share(plan)
    gap = next((one.gap_frac for one in plan.objectives if one.unit.upper() == "USD"), 1.0)
    return Step(
        usd=summary["cost_usd"],
        landed_kg=summary["landed_kg"],
        aircraft_lost=summary["expected_aircraft_lost"],
        short_kg=max(0.0, asked_frac - reached) * need_kg,
        gap_frac=gap if math.isfinite(gap) else 1.0,
    )
