"""Which whole numbers a round of mending plans anew."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.campaign.rounds import Spot, sweep

DAYS = 12
SPOTS = {
    10 * d + i: Spot(d, f"fleet_{i % 2}", (f"zone_{i % 3}",), flies=i < 3)
    for d in range(DAYS)
    for i in range(6)
}


@pytest.mark.parametrize("most", [1, 6, 20, 50])
def test_a_sweep_plans_everything_anew(most: int) -> None:
    rounds = sweep(SPOTS, DAYS, most, np.random.default_rng(1))
    assert {j for columns in rounds for j in columns} == set(SPOTS)
    assert all(rounds)


def test_rounds_are_days_zones_and_fleets_of_no_more_than_asked() -> None:
    """And the bundles of all days once: they are easy with the sorties as they are."""
    rounds = sweep(SPOTS, DAYS, 18, np.random.default_rng(1))
    bundles = [j for j, spot in SPOTS.items() if not spot.flies]
    assert rounds[0] == bundles
    others = [columns for columns in rounds if columns != bundles]
    assert max(map(len, others)) <= 18
    one_zone = [columns for columns in others if len({SPOTS[j].zones for j in columns}) == 1]
    one_fleet = [columns for columns in others if len({SPOTS[j].carrier for j in columns}) == 1]
    in_a_row = [columns for columns in others if {SPOTS[j].day for j in columns} in ({0, 1, 2}, {9, 10, 11})]
    assert len(one_zone) == 3
    assert len(one_fleet) == 2
    assert len(others) > len(one_zone) + len(one_fleet) + len(in_a_row)


def test_few_numbers_are_planned_at_once() -> None:
    assert sweep(SPOTS, DAYS, 10 * len(SPOTS), np.random.default_rng(1)) == [list(SPOTS)]


def test_the_same_seed_draws_the_same_days() -> None:
    first, again = (sweep(SPOTS, DAYS, 18, np.random.default_rng(7)) for _ in range(2))
    assert first == again
    assert first != sweep(SPOTS, DAYS, 18, np.random.default_rng(8))
