"""A rough plan of all days in one: its bound, and plans of its missions alone."""

from __future__ import annotations

from itertools import islice, product

import pytest

from optimizer.campaign.build import build
from optimizer.campaign.fleets import Fleet
from optimizer.campaign.mend import Mender
from optimizer.campaign.objective import cheapest, reach
from optimizer.campaign.rough import (
    Rough,
    cheapest_fleets,
    narrowed,
    rough_bound,
    rough_plan,
    worth_flying,
)
from optimizer.campaign.settle import Settler
from optimizer.campaign.spells import in_spells
from optimizer.campaign.wanted import Wanted
from optimizer.clock import Clock
from optimizer.network import Network, build_network
from optimizer.options import Options
from optimizer.planner import Planner
from optimizer.timetable.timetabler import Timetabler
from optimizer.watch import Watch
from tests.optimizer.test_patterns import small

SECONDS, GAP, COVERED = 60.0, 0.01, 0.3
PARTIES = ("party_a", "party_b")


def generated(seed: int) -> Network:
    return build_network(small(seed, 0.4), PARTIES)


def asked(net: Network) -> Wanted:
    return Wanted((cheapest(),), ((reach(net), 1 - COVERED),), GAP)


def least_cost(net: Network) -> float:
    """What the plain model proves to be the least; `inf` where no plan covers the share."""
    _, solved = Mender(build(net)).first(asked(net), Clock(SECONDS), 1e-3)
    return solved.bound


def fleets_of(net: Network, seconds: float = SECONDS) -> list[Fleet]:
    kinds = Timetabler(net, 0).kinds(())
    return [*islice(cheapest_fleets(net, kinds, asked(net), 0, Clock(seconds)), 4)]


def rough_of(net: Network) -> Rough:
    kinds = Timetabler(net, 0).kinds(())
    plans = [rough_plan(net, kinds, asked(net), 0, fleet, Clock(SECONDS)) for fleet in fleets_of(net)]
    return min((plan for plan in plans if plan is not None), key=lambda plan: plan.value)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_cheapest_fleet_bounds_every_plan(seed: int) -> None:
    net = generated(seed)
    assert 0 < fleets_of(net)[0].least <= least_cost(net) * (1 + 1e-6)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_fleets_come_in_the_order_of_what_they_cost(seed: int) -> None:
    """Every fleet on offer is priced by itself: none that is cheaper was left out."""
    net = generated(seed)
    found = fleets_of(net)
    short = in_spells(net, Timetabler(net, 0).kinds(()), net.horizon_days, 0)
    model = Settler(build(short, tight=True))
    offers = product(*(range(fleet.max_tails + 1) for fleet in net.fleets.values()))
    priced = [model.least(asked(net), Clock(SECONDS), dict(zip(net.fleets, n, strict=True))) for n in offers]
    known = sorted(value for value in priced if value is not None)
    assert [fleet.least for fleet in found] == pytest.approx(known[: len(found)], rel=1e-6)
    assert len({tuple(fleet.tails.items()) for fleet in found}) == len(found) == min(4, len(known))


def test_fleets_without_time_are_none() -> None:
    assert fleets_of(generated(1), 0.0) == []


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_look_at_the_first_and_last_days_bounds_every_plan(seed: int) -> None:
    net = generated(seed)
    kinds, fleets = Timetabler(net, 0).kinds(()), fleets_of(net)
    bound = rough_bound(net, kinds, asked(net), 0, fleets, Clock(SECONDS))
    assert fleets[0].least * (1 - 1e-6) <= bound <= least_cost(net) * (1 + 1e-6)
    assert rough_bound(net, kinds, asked(net), 0, fleets, Clock(0.0)) == fleets[0].least


@pytest.mark.parametrize("seed", [1, 2])
def test_days_by_themselves_may_be_worth_other_missions(seed: int) -> None:
    net = generated(seed)
    rough = rough_of(net)
    kinds = Timetabler(net, 0).kinds(())
    missions = worth_flying(net, kinds, asked(net), 0, rough, Clock(SECONDS))
    assert rough.missions <= missions
    assert {net.missions[m].fleet.id for m in missions} <= set(rough.tails)
    assert worth_flying(net, kinds, asked(net), 0, rough, Clock(0.0)) == rough.missions


def test_a_narrowed_network_flies_what_the_rough_plan_flies() -> None:
    net = generated(2)
    rough = rough_of(net)
    few = narrowed(net, rough.missions, rough.tails)
    assert rough.tails == {f: fleet.max_tails for f, fleet in few.fleets.items()}
    flown = {m for missions in few.by_day.values() for m in missions}
    assert flown == {m for m in rough.missions if net.missions[m].fleet.id in rough.tails}
    assert least_cost(few) >= least_cost(net) * (1 - 1e-3)


@pytest.mark.parametrize("seed", [2, 3])
def test_crowded_days_are_planned_with_few_missions(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Days count as crowded here that hold one mission more than the rough plan flies."""
    net = generated(seed)
    wanted = asked(net)
    kinds, rough = Timetabler(net, 0).kinds(()), rough_of(net)
    few = worth_flying(net, kinds, wanted, 0, rough, Clock(SECONDS))
    most = len(few)
    assert max(map(len, net.by_day.values())) > most
    monkeypatch.setattr("optimizer.campaign.groups.MOST_TOGETHER", most)
    planner = Planner(net, wanted, Options(parties=PARTIES, gap_frac=GAP), Watch(Clock(SECONDS)))
    planner.run(())
    assert planner.best is not None
    assert planner.search is None  # no search of the whole network was needed
    assert planner.best.values[0] <= 1.02 * least_cost(net)
    flown = {m for (m, _), n in planner.best.decisions.count("sorties").items() if n}
    assert flown <= few
    (bound,) = planner.finish()
    assert fleets_of(net)[0].least <= bound + 1e-6
    assert bound <= least_cost(net) * (1 + 1e-6)
    assert planner.best.values[0] >= least_cost(net) * (1 - 1e-3)


def test_crowded_days_are_planned_where_no_rough_plan_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    net = generated(2)
    monkeypatch.setattr("optimizer.campaign.groups.MOST_TOGETHER", 1)
    monkeypatch.setattr("optimizer.narrow.rough_plan", lambda *_: None)
    planner = Planner(net, asked(net), Options(parties=PARTIES, gap_frac=GAP), Watch(Clock(SECONDS)))
    planner.run(())
    assert planner.best is not None
    assert planner.search is None
