"""The solver's session: clocks of later solves, and starts of which only whole numbers are known."""

from __future__ import annotations

import highspy
import pulp
import pytest

from optimizer.clock import Clock
from optimizer.solver import SIDE_SEARCHES, Session


def knapsack() -> tuple[Session, list[int], list[int]]:
    """Five things to carry or not, and a part that follows each; columns of things and parts."""
    problem = pulp.LpProblem("knapsack", pulp.LpMinimize)
    things = [problem.add_variable(f"thing_{i}", 0, 1, cat="Integer") for i in range(5)]
    parts = [problem.add_variable(f"part_{i}", 0) for i in range(5)]
    for i, (thing, part) in enumerate(zip(things, parts, strict=True)):
        problem.addConstraint(part <= (i + 2) * thing, f"follows_{i}")
    problem.addConstraint(pulp.lpSum((2 * i + 3) * thing for i, thing in enumerate(things)) <= 12, "room")
    session = Session(problem)
    session.set_costs({session.column(part): -1.0 for part in parts})
    return session, [session.column(x) for x in things], [session.column(x) for x in parts]


def test_whole_solves_have_their_own_time_however_long_the_session_has_run() -> None:
    """The solver counts all its time for a continuous solve, and anew for whole numbers."""
    session, things, _ = knapsack()
    highs = session._highs
    for _ in range(3):
        session.solve_relaxed(Clock(50.0), "costs")
        assert highs.getOptionValue("time_limit")[1] >= highs.getRunTime()
        session.solve_whole(things, Clock(7.0), 0.0)
        assert highs.getOptionValue("time_limit")[1] <= 7.0


def test_a_start_in_whole_numbers_is_completed() -> None:
    """No time to search: what comes back is the start, with the best parts for it, within its bounds."""
    session, things, parts = knapsack()
    start = {things[0]: 1.0, things[3]: 1.0}
    completed = session._completed(start, Clock(10.0))
    assert [completed[j] for j in things] == pytest.approx([1, 0, 0, 1, 0])
    assert [completed[j] for j in parts] == pytest.approx([2, 0, 0, 5, 0])
    assert [session.bounds(j) for j in things] == [(0.0, 1.0)] * 5
    assert session._completed({things[3]: 1.0, things[4]: 1.0}, Clock(10.0)) == {}
    assert session.solve_whole(things, Clock(10.0), 0.0, start).value == pytest.approx(-7.0)


def test_a_search_close_by_finds_the_same_and_changes_no_later_one() -> None:
    session, things, _ = knapsack()
    far = session.solve_whole(things, Clock(10.0), 0.0)
    near = session.solve_whole(things, Clock(10.0), 0.0, dict.fromkeys(things, 0.0), near=True)
    assert near.value == pytest.approx(far.value)
    assert not any(session._highs.getOptionValue(option)[1] for option in SIDE_SEARCHES)
    session.solve_whole(things, Clock(10.0), 0.0)
    assert all(session._highs.getOptionValue(option)[1] for option in SIDE_SEARCHES)


def test_a_start_a_trifle_outside_its_bounds_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """As simplex leaves them: HiGHS would refuse all of it, and begin with nothing."""
    session, things, parts = knapsack()
    start = dict.fromkeys(range(10), 0.0) | {things[3]: 1.0, parts[0]: 2.0, parts[3]: 5.0}
    start |= {things[0]: 1.0 + 5e-7, things[1]: -5e-7, parts[1]: -5e-7}
    taken: list[object] = []
    give = session._highs.setSolution
    monkeypatch.setattr(session._highs, "setSolution", lambda *given: taken.append(give(*given)))
    session.solve_whole(things, Clock(10.0), 0.0, start)
    assert taken == [highspy.HighsStatus.kOk]
