"""One step between two plans: what a mixture costs at a coverage, or at the most that it can reach."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from instances.schema import Instance
from optimizer.campaign.build import build
from optimizer.campaign.objective import cheapest, reach
from optimizer.explain.mixture import mixture
from optimizer.explain.relaxed import keep_to
from optimizer.joint import stated_share
from optimizer.network import build_network
from optimizer.options import Options
from optimizer.plan import Plan, Record
from optimizer.solver import Session
from optimizer.timetable.timetabler import Timetabler
from optimizer.watch import Progress, Watch

GAP_USD = 1000.0  # at which whole tails count as settled


class Step(Record):
    """What a mixture comes to.

    Attributes
    ----------
    usd, landed_kg, aircraft_lost : float
        Of its plan.
    short_kg : float
        Need it leaves unmet below the coverage, kg.
    """

    usd: float
    landed_kg: float
    aircraft_lost: float
    short_kg: float


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
    """Solve one step, with whole tails and divisible sorties, within what the timetable of a day takes.

    Parameters
    ----------
    instance : Instance
        A mixture.
    options : Options
        With the coverage asked for.
    watch : Watch
        Clock.

    Returns
    -------
    Step or None
        At the coverage, or at the most that the mixture can reach; None when time ran out.
    """
    asked = options.coverage_frac or 0.0
    net = build_network(instance, options.parties)
    need_kg = net.total_need_kg()
    if not net.missions:
        return _idle(instance, asked, need_kg)
    campaign = build(net)
    session, x = Session(campaign.problem, options.seed), campaign.x
    cuts = [cut for cut in Timetabler(net, options.seed).foreseen(watch.clock) if cut.proven]
    for cut, _, terms in keep_to(cuts, x, session):
        session.add_row(terms, high=cut.most)
    goal = reach(net)
    session.set_costs(session.terms(goal.in_kg(x, net)))
    unreached_kg = session.solve_relaxed(watch.clock, "costs").value
    if unreached_kg is None:
        return None
    reached = min(asked, stated_share(1 - unreached_kg / goal.kg))
    if reached <= stocked_share(instance):
        return _idle(instance, asked, need_kg)
    session.set_bounds(session.column(x.unreached_frac[()]), 0.0, 1 - reached)
    cost = cheapest().expression(x, net)
    session.set_costs(session.terms(cost))
    tails = [session.column(variable) for variable in x.tails.values()]
    solved = session.solve_whole(tails, watch.clock, GAP_USD)
    if solved.value is None:
        return None
    values = session.values()

    def flown(family: Mapping[Any, Any], each: Callable[[str], float]) -> float:
        return float(sum(each(key[0]) * values[session.column(v)] for key, v in family.items()))

    return Step(
        usd=round(solved.value + cost.constant, 2),
        landed_kg=round(flown(x.load_kg, lambda s: net.stops[s].landing.landed_frac), 3),
        aircraft_lost=round(flown(x.sorties, lambda m: net.missions[m].loss_prob), 8),
        short_kg=round((asked - reached) * need_kg, 3),
    )


def steps(
    instance: Instance, options: Options, watch: Watch, a: str, b: str, groups: Sequence[frozenset[str]]
) -> dict[str, Step]:
    """Steps of several mixtures of two parties by `step_key`, as many as there is time for."""
    found: dict[str, Step] = {}
    for done, group in enumerate(groups):
        watch.progress(Progress(f"step {done + 1} of {len(groups)}"))
        mixed = mixture(instance, a, b, group)
        one = step(mixed, options, watch)
        if one is None:
            break
        found[step_key(mixed, options)] = one
    return found


def _idle(instance: Instance, asked_frac: float, need_kg: float) -> Step:
    """Nothing is flown, and starting stocks are all there is."""
    short_kg = max(0.0, asked_frac - stocked_share(instance)) * need_kg
    return Step(usd=0.0, landed_kg=0.0, aircraft_lost=0.0, short_kg=short_kg)


def step_of(plan: Plan) -> Step:
    """What a plan comes to as a step that covers all it was asked to."""
    summary = dict(plan.summary)
    return Step(
        usd=summary["cost_usd"],
        landed_kg=summary["landed_kg"],
        aircraft_lost=summary["expected_aircraft_lost"],
        short_kg=0.0,
    )
