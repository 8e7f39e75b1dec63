"""A plan timed anew: quantities stay, minutes and tails are made to fit, or the reason is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

from instances.schema import Instance
from optimizer.check import check
from optimizer.clock import Clock
from optimizer.plan import Plan
from optimizer.retime import Retimed, retime
from tests.check.hand_plan import HAND, changed, edited, tiny, written
from tests.optimizer.hand import BOTH
from tests.optimizer.test_solve import planned, run


def again(plan: Plan, instance: Instance) -> Retimed:
    return retime(plan, instance, Clock(60))


def test_a_plan_with_impossible_times_is_made_to_fit() -> None:
    """Both sorties of one tail at 06:00: the second gets its turn at 08:22, all loads stay as they are."""
    plan = written(HAND.with_sortie("s2", takeoff="2016-04-11T06:00"), tiny())
    assert check(plan, tiny()) != ()
    done = again(plan, tiny())
    assert done.plan is not None
    assert check(done.plan, tiny()) == ()
    first = [s.takeoff_local.strftime("%H:%M") for s in done.plan.sorties if s.date.day == 11]
    assert first == ["06:00", "08:22"]
    for before, after in zip(plan.loads, done.plan.loads, strict=True):
        assert after == before.model_copy(update={"drop_utc": after.drop_utc})
    assert done.moved == 3  # south's two were at 07:00 and fly at 06:00 now


def test_timing_twice_moves_nothing() -> None:
    once = again(written(HAND, tiny()), tiny()).plan
    assert once is not None
    twice = again(once, tiny())
    assert (twice.plan, twice.moved) == (once, 0)


def test_a_day_that_does_not_fit_says_why() -> None:
    """Each drop keeps the team busy until after the hours of the next."""
    slow = changed(tiny(), "zones", "dz", clearing_min=400.0)
    done = again(written(HAND, slow), slow)
    assert done.plan is None
    assert len(done.faults) == 1
    assert done.faults[0].startswith("2016-04-11: at most 1 sortie a day: dz is cleared for 400 min")


def test_a_sortie_that_nobody_may_fly_is_named() -> None:
    plan = edited(written(HAND, tiny()), "sorties", 0, method="canopy_low")
    assert again(plan, tiny()).faults == ("s1: north_hauler does not fly canopy_low to dz at that height",)
    shut = changed(tiny(), "zones", "dz", open_from=dt.date(2016, 4, 12))
    faults = again(written(HAND, tiny()), shut).faults
    assert faults == tuple(f"{s}: north_hauler cannot fly to dz on 2016-04-11" for s in ("s1", "s2"))


def test_a_plan_of_one_party_fits_into_the_joint_timetable() -> None:
    """North's plan alone, and beside it two sorties of south on the same zone: nobody has to stay at home."""
    alone = planned(run(tiny(), ("north",), 0.9))
    joint = alone.model_copy(update={"options": alone.options.model_copy(update={"parties": BOTH})})
    south = written(replace(HAND, flown=HAND.flown[2:]), tiny())
    extra = tuple(s.model_copy(update={"sortie_id": f"x{s.sortie_id}"}) for s in south.sorties)
    both = joint.model_copy(
        update={"sorties": (*joint.sorties, *extra), "fleet": (*joint.fleet, south.fleet[1])}
    )
    done = again(both, tiny())
    assert done.plan is not None
    assert len(done.plan.sorties) == len(alone.sorties) + 2
    drops = {
        (s.date, s.takeoff_utc + dt.timedelta(minutes=36 if s.fleet == "north_hauler" else 28))
        for s in done.plan.sorties
    }
    for date in {date for date, _ in drops}:
        of_day = sorted(drop for day, drop in drops if day == date)
        gaps = [b - a for a, b in pairwise(of_day)]
        assert all(gap >= dt.timedelta(minutes=30) for gap in gaps)
