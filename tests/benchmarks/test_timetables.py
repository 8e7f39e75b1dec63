"""The days that the timetable is measured with are what they are said to be."""

from __future__ import annotations

from optimizer.clock import Clock
from optimizer.timetable.explain import explain
from optimizer.timetable.fit import fit
from tests.benchmarks.timetables import SECONDS, full_day, narrow_day


def test_forty_sorties_of_twelve_tails_fit_into_a_day() -> None:
    day = full_day()
    assert (day.count, sum(len(crew.ready) for crew in day.crews)) == (40, 12)
    found = fit(day, Clock(SECONDS), 0)
    assert found.timed is not None
    assert len(found.timed) == 40


def test_one_ramp_slot_is_too_few_for_a_third_of_them() -> None:
    """Loading takes an hour, the first take-off is at 06:00 and the last drop at 17:00 less 40 to clear."""
    found = fit(narrow_day(), Clock(SECONDS), 0)
    assert (found.timed, found.proven) == (None, True)
    cause = explain(narrow_day(), Clock(SECONDS), 0, {})
    assert {task.base for task in cause.day.tasks} == {"base0"}
    assert ("ramp_slots", "base0") in cause.rules
    assert cause.most < 14
