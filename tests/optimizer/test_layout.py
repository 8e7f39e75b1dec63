"""Sorties laid out day by day: dives, and rounds that go on from there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest

from optimizer.campaign.build import build
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.layout import Laid, Layout, Rounds, _drawn
from optimizer.campaign.objective import Goal, goals, reach
from optimizer.campaign.settle import Settler
from optimizer.campaign.wanted import Wanted
from optimizer.clock import Clock
from optimizer.network import Network
from optimizer.solved import Solved
from tests.optimizer.test_mend import generated

SECONDS = 60.0
GAP_USD = 1.0


def cost_of(net: Network) -> tuple[Goal, list[tuple[Goal, float]]]:
    return goals(net)[-1], [(reach(net), 0.7)]


def plain(net: Network) -> tuple[Decisions, Solved]:
    """A plan of the plain model, nearly the best."""
    cost, limits = cost_of(net)
    plan, solved = Settler(build(net, tight=True)).first(
        Wanted((cost,), tuple(limits), 0.001), Clock(SECONDS), 1.0
    )
    assert plan is not None
    return plan, solved


def layout(net: Network, tails: dict[str, int], usd: float) -> Layout:
    return Layout(build(net, tight=True), (), tails, *cost_of(net), usd)


def none_flown(one: Layout) -> Laid:
    """Nothing flown: all that is asked for is short, at its price."""
    laid = one._settled(dict.fromkeys(one._days, 0.0), Clock(SECONDS))
    assert laid is not None
    return laid


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_plan_laid_out_and_packed_is_as_good_as_the_plain_model(seed: int) -> None:
    """With the tails of the plain model's plan, and no other sorties to begin with."""
    net = generated(seed, days=8)
    (cost, limits), (plan, solved) = cost_of(net), plain(net)
    assert solved.value is not None
    with ThreadPoolExecutor(2) as threads:
        pair = [layout(net, plan.count("tails"), solved.value) for _ in range(2)]
        rounds = Rounds(pair, 0.0, GAP_USD, 1, threads)
        laid = rounds.laid_out((1.0, 2.0), Clock(SECONDS))
        assert laid is not None
        assert pair[0].usd(laid) <= 1.001 * solved.value  # bundles are still divided
        packed = rounds.packed(laid, Clock(SECONDS), lambda _: None)
    assert packed is not None
    assert packed.count("tails") == plan.count("tails")
    settled = Settler(build(net)).settle(packed, (cost,), limits, Clock(SECONDS))
    assert settled is not None
    assert solved.bound - 0.01 <= settled.values[0] <= 1.003 * solved.value


def test_a_round_changes_only_what_it_is_given_and_by_one_at_most() -> None:
    net = generated(1, days=8)
    plan, solved = plain(net)
    one = layout(net, plan.count("tails"), solved.value or 0.0)
    before = none_flown(one)
    loose = sorted(before.numbers)[::2]
    after = one.anew(before, loose, GAP_USD, SECONDS, Clock(SECONDS))
    assert after.value < before.value
    assert all(after.numbers[j] == before.numbers[j] for j in before.numbers if j not in loose)
    assert max(after.numbers[j] for j in loose) == 1


def test_a_round_without_time_or_gain_leaves_sorties_as_they_are() -> None:
    net = generated(1, days=8)
    plan, solved = plain(net)
    one = layout(net, plan.count("tails"), solved.value or 0.0)
    laid = one.dived(Clock(SECONDS))
    assert laid is not None
    everything = sorted(laid.numbers)
    assert one.anew(laid, everything, GAP_USD, SECONDS, Clock(0.0)) == laid
    best = laid
    while (after := one.anew(best, everything, 0.01, SECONDS, Clock(SECONDS))).value < best.value:
        best = after
    assert after.value == best.value
    assert after.numbers == best.numbers


def test_every_better_plan_is_told() -> None:
    """From nothing flown, one sortie more of each at a time: there must be gains on the way."""
    net = generated(3, days=8)
    plan, solved = plain(net)
    told: list[Decisions] = []
    with ThreadPoolExecutor(1) as threads:
        one = layout(net, plan.count("tails"), solved.value or 0.0)
        rounds = Rounds([one], 0.0, GAP_USD, 1, threads)
        packed = rounds.packed(none_flown(one), Clock(SECONDS), told.append)
    assert len(told) > 1
    assert told[-1] == packed
    assert all(before != after for before, after in pairwise(told))


def test_the_same_seed_comes_to_the_same_sorties() -> None:
    net = generated(2, days=8)
    plan, solved = plain(net)

    def found() -> dict[int, float]:
        with ThreadPoolExecutor(2) as threads:
            pair = [layout(net, plan.count("tails"), solved.value or 0.0) for _ in range(2)]
            laid = Rounds(pair, 0.0, GAP_USD, 3, threads).laid_out((1.0, 2.0), Clock(SECONDS))
        assert laid is not None
        return laid.numbers

    assert found() == found()


def test_nothing_is_laid_out_without_time() -> None:
    net = generated(1)
    tails = {f: fleet.max_tails for f, fleet in net.fleets.items()}
    with ThreadPoolExecutor(1) as threads:
        rounds = Rounds([layout(net, tails, 1e5)], 0.0, GAP_USD, 1, threads)
        assert rounds.laid_out((1.0,), Clock(0.0)) is None


def test_what_was_found_differently_is_drawn_first_and_all_else_where_that_is_too_little() -> None:
    random = np.random.default_rng(0)
    drawn = _drawn(([1, 2, 3], range(10), range(20)), 4, random)
    assert len(set(drawn)) == 4
    assert {1, 2, 3}.issuperset(drawn[:2])
    assert set(range(10)).issuperset(drawn)
    assert sorted(_drawn(([], [5, 6], range(7)), 9, random)) == [0, 1, 2, 3, 4, 5, 6]
