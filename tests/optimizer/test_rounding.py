"""Fractions made whole step by step."""

from __future__ import annotations

import pulp
import pytest

from optimizer.campaign.rounding import Rounding
from optimizer.clock import Clock
from optimizer.solver import Session

SECONDS = 20.0


def sorties(room_kg: float, need_kg: float) -> tuple[Session, dict[int, int], list[int]]:
    """Ten days on each of which one large or two small aircraft bring some kg; what is short is dear."""
    problem = pulp.LpProblem("days", pulp.LpMinimize)
    large = [problem.add_variable(f"large_{d}", 0, 1) for d in range(10)]
    small = [problem.add_variable(f"small_{d}", 0, 2) for d in range(10)]
    short = problem.add_variable("short", 0)
    for d in range(10):
        problem += 2 * large[d] + small[d] <= 2
    problem += pulp.lpSum(room_kg * one for one in large) + pulp.lpSum(small) + short >= need_kg
    problem.setObjective(
        pulp.lpSum([*(3.0 * one for one in large), *(2.0 * one for one in small), 50 * short])
    )
    session = Session(problem)
    days = {session.column(one): d for kind in (large, small) for d, one in enumerate(kind)}
    return session, days, [session.column(one) for one in large]


@pytest.mark.parametrize(("need_kg", "flown"), [(6.0, 3), (7.0, 4), (13.5, 7), (20.0, 10)])
def test_numbers_become_whole_and_nothing_is_short(need_kg: float, flown: int) -> None:
    session, days, large = sorties(2.0, need_kg)
    whole = Rounding(session, days, Clock(SECONDS)).whole()
    assert all(number == round(number) for number in whole.values())
    assert sum(whole[j] for j in large) * 2.0 + sum(n for j, n in whole.items() if j not in large) >= need_kg
    cost = sum(n * (3.0 if j in large else 2.0) for j, n in whole.items())
    assert cost <= 3.0 * flown  # large aircraft alone would do


def test_the_session_is_left_within_the_numbers_found() -> None:
    session, days, _ = sorties(2.0, 13.5)
    whole = Rounding(session, days, Clock(SECONDS), care=2.0).whole()
    for column, number in whole.items():
        low, high = session.bounds(column)
        assert low <= number <= high


def test_without_time_nothing_flies() -> None:
    session, days, _ = sorties(2.0, 13.5)
    assert set(Rounding(session, days, Clock(0.0)).whole().values()) == {0.0}
