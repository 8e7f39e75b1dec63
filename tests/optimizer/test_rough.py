"""A rough plan of all days in one: its bound, and plans of its missions alone."""

from __future__ import annotations

import pytest

from optimizer.campaign.build import build
from optimizer.campaign.mend import Mender
from optimizer.campaign.objective import cheapest, reach
from optimizer.campaign.rough import narrowed, rough_bound, rough_plan
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


@pytest.mark.parametrize("tails_first", [False, True])
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_rough_plan_bounds_every_plan(seed: int, *, tails_first: bool) -> None:
    net = generated(seed)
    kinds = Timetabler(net, 0).kinds(())
    rough = rough_plan(net, kinds, asked(net), 0, Clock(SECONDS), tails_first=tails_first)
    assert rough.missions
    assert 0 < rough.bound <= least_cost(net) * (1 + 1e-6)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_look_at_the_first_and_last_days_bounds_every_plan(seed: int) -> None:
    net = generated(seed)
    bound = rough_bound(net, Timetabler(net, 0).kinds(()), asked(net), 0, Clock(SECONDS))
    assert 0 < bound <= least_cost(net) * (1 + 1e-6)


@pytest.mark.parametrize("seed", [1, 2])
def test_sorties_of_a_rough_plan_are_spread_over_days_they_may_be_flown(seed: int) -> None:
    net = generated(seed)
    rough = rough_plan(net, Timetabler(net, 0).kinds(()), asked(net), 0, Clock(SECONDS))
    assert {m for m, _ in rough.sorties} == rough.missions
    assert all(n > 0 and m in net.by_day[d] for (m, d), n in rough.sorties.items())
    a_day = [sum(n for (_, d), n in rough.sorties.items() if d == day) for day in net.days]
    assert max(a_day) - min(n for n, d in zip(a_day, net.days, strict=True) if net.by_day[d]) <= 2


def test_a_rough_plan_without_time_says_nothing() -> None:
    net = generated(1)
    rough = rough_plan(net, Timetabler(net, 0).kinds(()), asked(net), 0, Clock(0.0))
    assert rough.tails is None
    assert rough.bound <= 0


def test_a_narrowed_network_flies_what_the_rough_plan_flies() -> None:
    net = generated(2)
    rough = rough_plan(net, Timetabler(net, 0).kinds(()), asked(net), 0, Clock(SECONDS))
    few = narrowed(net, rough)
    assert rough.tails == {f: fleet.max_tails for f, fleet in few.fleets.items()}
    assert {m for missions in few.by_day.values() for m in missions} == rough.missions
    assert least_cost(few) >= least_cost(net) * (1 - 1e-3)


@pytest.mark.parametrize("seed", [2, 3])
def test_crowded_days_are_planned_with_few_missions(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Days count as crowded here that hold one mission more than the rough plan flies."""
    net = generated(seed)
    wanted = asked(net)
    rough = rough_plan(net, Timetabler(net, 0).kinds(()), wanted, 0, Clock(SECONDS))
    most = len(rough.missions)
    assert max(map(len, net.by_day.values())) > most
    monkeypatch.setattr("optimizer.campaign.groups.MOST_TOGETHER", most)
    planner = Planner(net, wanted, Options(parties=PARTIES, gap_frac=GAP), Watch(Clock(SECONDS)))
    planner.run(())
    assert planner.best is not None
    assert planner.search is None  # no search of the whole network was needed
    assert planner.best.values[0] <= 1.02 * least_cost(net)
    flown = {m for (m, _), n in planner.best.decisions.count("sorties").items() if n}
    assert flown <= rough.missions
    (bound,) = planner.finish()
    assert rough.bound <= bound + 1e-6
    assert bound <= least_cost(net) * (1 + 1e-6)
    assert planner.best.values[0] >= least_cost(net) * (1 - 1e-3)
