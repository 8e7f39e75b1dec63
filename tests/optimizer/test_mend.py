"""Mending: a few days at a time planned anew in the plain model."""

from __future__ import annotations

import math

import numpy as np
import pytest

from optimizer.campaign.build import build
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.flows import SLACK, Flows
from optimizer.campaign.mend import Mender
from optimizer.campaign.objective import Goal, goals, reach
from optimizer.campaign.rounds import Standing
from optimizer.campaign.settle import Settled
from optimizer.campaign.sweeps import Manner
from optimizer.campaign.wanted import Wanted
from optimizer.clock import Clock
from optimizer.network import Network, build_network
from optimizer.solved import Solved
from optimizer.solver import Session
from tests.optimizer.test_patterns import small

SECONDS = 60.0


def generated(seed: int, days: int = 6) -> Network:
    return build_network(small(seed, 0.5, days=days), ("party_a", "party_b"))


def grounded(net: Network) -> Decisions:
    """Every tail on offer contracted, and nothing flown."""
    return Decisions({"tails": {f: float(fleet.max_tails) for f, fleet in net.fleets.items()}})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_mended_plan_is_as_good_as_the_plain_model_with_the_same_tails(seed: int) -> None:
    """All days at once are the plain model; from nothing flown mending must come to its optimum."""
    net = generated(seed)
    goal, mender = goals(net)[0], Mender(build(net))
    wanted = Wanted((goal,), (), 0.001)
    before = mender.settle(grounded(net), (goal,), (), Clock(SECONDS))
    assert before is not None
    mended = mender.mended(before.decisions, goal, (), 0.0, 0.1, Clock(SECONDS))
    after = mender.settle(mended, (goal,), (), Clock(SECONDS))
    assert after is not None
    assert after.values[0] <= before.values[0]
    _, (bound,) = mender.improve(after, wanted, (0.0,), Clock(SECONDS))
    assert after.values[0] <= bound + 0.001 * (goal.scale or 1.0) + 0.5


def test_rounds_that_the_timetable_does_not_hold_gain_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here it holds two sorties a day: every round that comes to more is as if it had not been."""
    monkeypatch.setattr("optimizer.campaign.sweeps.MOST_NUMBERS", 6)
    net = generated(1, days=6)
    goal, mender = goals(net)[0], Mender(build(net))
    asked: list[int] = []

    def most(whole: Decisions) -> int:
        sorties = whole.count("sorties")
        return max(sum(n for (_, d), n in sorties.items() if d == day) for day in net.days)

    def flyable(whole: Decisions) -> bool:
        asked.append(most(whole))
        return asked[-1] <= 2

    mended = mender.mended(grounded(net), goal, (), 0.0, 0.1, Clock(SECONDS), flyable)
    free = mender.mended(grounded(net), goal, (), 0.0, 0.1, Clock(SECONDS))
    assert most(mended) <= 2 < most(free)
    assert any(n <= 2 for n in asked)
    assert any(n > 2 for n in asked)


def least_unmet() -> tuple[Goal, Goal, Mender, Settled]:
    """First and last goal, and a plan mended for the first alone."""
    net = generated(2)
    first, *_, cost = goals(net)
    mender = Mender(build(net))
    whole = mender.mended(grounded(net), first, (), 0.0, 0.1, Clock(SECONDS))
    plan = mender.settle(whole, (first, cost), (), Clock(SECONDS))
    assert plan is not None
    return first, cost, mender, plan


def test_mending_costs_foresees_what_goes_before() -> None:
    """Of a plan that leaves little unmet, cheaper sorties are chosen that can meet it as well."""
    first, cost, mender, plan = least_unmet()
    kept = [(first, plan.values[0] + 0.02 * (first.scale or 1.0))]

    def least(price: float) -> float:
        again = mender.mended(
            plan.decisions, cost, kept, 0.0, 1.0, Clock(SECONDS), before=(first,), price=price
        )
        settled = mender.settle(again, (first, cost), (), Clock(SECONDS))
        assert settled is not None
        return settled.values[0]

    assert least(1000.0) <= plan.values[0] + 0.1 < least(0.0)


def test_rounds_go_on_from_whole_numbers_to_the_last_digit() -> None:
    """Else rows are broken by some grams, and HiGHS begins the next round with nothing."""
    net = generated(1)
    mender, clock = Mender(build(net)), Clock(SECONDS)
    fixed = mender._start(grounded(net))
    flights = {mender._session.column(v) for v in mender._x.sorties.values()}
    near = {j: number + 4e-7 * (j in flights) for j, number in fixed.items()}
    for j, number in near.items():
        mender._session.set_bounds(j, number, number)
    found = mender._session.solve_relaxed(clock, "costs")
    assert found.value is not None
    assert all(mender._session.values()[j] == pytest.approx(number, abs=1e-12) for j, number in near.items())
    exact = mender._exact(found, list(fixed), clock)
    assert exact.value == pytest.approx(found.value, rel=1e-3)
    assert all(mender._session.values()[j] == number for j, number in fixed.items())


def test_idle_rounds_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.campaign.sweeps.MOST_NUMBERS", 6)
    mender, tried = Mender(build(generated(1))), [0]

    def idle(*given: object) -> Solved:
        tried[0] += len(given) > 0
        return Solved(None, -math.inf)

    monkeypatch.setattr(mender, "_anew", idle)
    fixed = mender._start(grounded(generated(1)))
    for most in (2.0, 5.0):
        tried[0] = 0
        mender.in_rounds(Standing(dict(fixed)), Manner(0.1, lambda _: False, most_idle=most), Clock(SECONDS))
        assert tried[0] == most


def test_mending_some_days_never_loses_what_was_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("optimizer.campaign.sweeps.MOST_NUMBERS", 10)
    first, cost, mender, plan = least_unmet()
    kept = [(first, plan.values[0] + 0.01)]
    cheaper = mender.settle(
        mender.mended(plan.decisions, cost, kept, 0.0, 1.0, Clock(SECONDS)), (first, cost), (), Clock(SECONDS)
    )
    assert cheaper is not None
    assert cheaper.values[0] <= plan.values[0] + 0.02
    assert cheaper.values[1] <= plan.values[1] + 1.0


def test_a_plan_that_misses_a_limit_is_repaired() -> None:
    net = generated(1)
    mender, clock = Mender(build(net)), Clock(SECONDS)
    best = mender.mended(grounded(net), reach(net), (), 0.0, 1e-3, clock)
    reached = mender.settle(best, (reach(net),), (), clock)
    assert reached is not None
    limits = [(reach(net), min(1.0, reached.values[0] + 0.05))]
    assert mender.short_kg(grounded(net), limits, clock) > 0
    assert mender.settle(grounded(net), (goals(net)[-1],), limits, clock) is None
    repaired = mender.repaired(grounded(net), goals(net)[-1], limits, clock)
    assert mender.short_kg(repaired, limits, clock) < 0.1
    assert mender.settle(repaired, (goals(net)[-1],), limits, clock) is not None


def test_a_repair_spends_no_more_than_it_must() -> None:
    """What is flown in its course for nothing is not kept: it ends within a few percent of the cheapest."""
    net = generated(1)
    mender, clock = Mender(build(net)), Clock(SECONDS)
    best = mender.mended(grounded(net), reach(net), (), 0.0, 1e-3, clock)
    reached = mender.settle(best, (reach(net),), (), clock)
    assert reached is not None
    cost, limits = goals(net)[-1], [(reach(net), min(1.0, reached.values[0] + 0.05))]
    repaired = mender.settle(mender.repaired(grounded(net), cost, limits, clock), (cost,), limits, clock)
    assert repaired is not None
    cheapest = mender.settle(
        mender.mended(repaired.decisions, cost, limits, 0.0, 1.0, clock), (cost,), limits, clock
    )
    assert cheapest is not None
    assert repaired.values[0] <= 1.05 * cheapest.values[0]


def test_flows_are_held_on_all_days_but_those_planned_anew() -> None:
    net = generated(1, days=4)
    campaign = build(net)
    session = Session(campaign.problem)
    load = {d: session.column(v) for (_, d, _), v in campaign.x.load_kg.items()}
    sortie = session.column(next(iter(campaign.x.sorties.values())))
    flows = Flows(campaign.x, session, {sortie})
    values = np.full(max(load.values()) + len(campaign.problem.variables()), 7.0)
    flows.hold(values, {1})
    held = (7.0 - SLACK, 7.0 + SLACK)
    assert {d: session.bounds(j) for d, j in load.items()} == {
        d: (0.0, math.inf) if d == 1 else held for d in load
    }
    assert session.bounds(sortie) != held
    flows.let_go()
    assert {session.bounds(j) for j in load.values()} == {(0.0, math.inf)}
