"""Trips of a feeder with an aircraft: hours, turns and rows, each broken by one minute or one row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from instances.schema import Instance, Supply
from optimizer.activities import activities
from optimizer.check import check
from optimizer.plan import Plan
from tests.check.hand_plan import HAND, changed, edited, of_rule, stops, written
from tests.check.test_base_rules import LORRY

FED = replace(HAND, feeders=((0, "lorry", 2, "flour", 500),))


@pytest.fixture
def fed(instance: Instance) -> Instance:
    """North flies flour to the south: an hour each way, an hour of unloading; the plan makes two trips."""
    air = LORRY.model_copy(update={"mode": "airlift", "aircraft": "hauler", "minutes": 60.0})
    joined = changed(instance, "bases", "airfield_s", parties=("north", "south"))
    soap = Supply(base="airfield_s", commodity="soap", kg=0, usd_per_kg=2)
    return joined.model_copy(update={"feeders": (air,), "supplies": (*joined.supplies, soap)})


def flown(instance: Instance, *takeoffs: int) -> Plan:
    """The hand plan with trips on the first day, take-off in minutes after local midnight."""
    plan = written(FED, instance)
    hauls = [("lorry", 0, minute) for minute in takeoffs]
    return plan.model_copy(
        update={"timetable": activities(instance, plan.sorties, stops(plan, instance), hauls)}
    )


def said(plan: Plan, instance: Instance, rule: str = "feeder_times") -> list[str]:
    return of_rule(rule, [str(violation) for violation in check(plan, instance)])


def test_feeder_times(fed: Instance) -> None:
    """Out at 06:00, back at 09:00, loaded for an hour: out again at 10:00 and no sooner."""
    assert said(flown(fed, 360, 600), fed) == []
    where = "feeder_times: lorry on 2016-04-11: "
    assert said(flown(fed, 360, 599), fed) == [
        f"{where}loaded at 08:59 local before it is back and refuelled"
    ]
    assert said(flown(fed, 360), fed) == [f"{where}2 trips, timetable.csv shows 1"]
    assert said(flown(fed, 359, 600), fed) == [
        f"{where}take-off at 05:59 local, the hours are 06:00 to 20:00"
    ]
    early = changed(fed, "bases", "airfield_s", hours_to=13 * 60 - 1)
    assert said(flown(fed, 360, 660), early) == [
        f"{where}departure at 13:00 local, the hours are 04:00 to 12:59"
    ]


def test_feeder_times_of_rows(fed: Instance) -> None:
    plan = flown(fed, 360, 600)
    row = next(i for i, r in enumerate(plan.timetable) if r.activity == "unloading")
    told = said(edited(plan, "timetable", row, place="dz"), fed)
    assert [text.rsplit(", ", 1)[1] for text in told] == ["which the feeder does not do", "which is missing"]


def test_ramp_slots_and_spacing_count_trips(fed: Instance) -> None:
    """S1 and a trip leave the north at 06:00: loaded together, and no minute apart."""
    narrow = changed(fed, "bases", "airfield_n", ramp_slots=1, takeoff_spacing_min=1.0)
    plan = flown(narrow, 360, 600)
    assert said(plan, narrow, "ramp_slots")[0].endswith(
        "2 aircraft loaded at 05:00 local, the ramp has 1 slot"
    )
    assert "0 min after" in said(plan, narrow, "takeoff_spacing")[0]
