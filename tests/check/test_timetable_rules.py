"""The minutes of a day: each rule broken by one minute."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from instances.schema import Instance
from optimizer.activities import activities
from optimizer.check import check
from optimizer.check.sun import civil_daylight
from tests.check.hand_plan import HAND, changed, edited, of_rule, stops, verdict, written

TWO_TAILS = replace(HAND, tails=(("north_hauler", 2), ("south_hauler", 1)))


@pytest.mark.parametrize(
    ("table", "key", "values", "said"),
    [
        ("parties", "north", {"hours_from": 361}, "take-off at 06:00 local, the hours {} 06:01 to 18:00"),
        ("bases", "airfield_n", {"hours_from": 361}, "take-off at 06:00 local, the hours {} 06:01 to 18:00"),
        ("parties", "north", {"flying_weekdays": ("tue", "fri")}, "a mon, north flies on tue, fri"),
    ],
)
def test_flying_hours(table: str, key: str, values: dict[str, object], said: str, instance: Instance) -> None:
    decisions = HAND.with_sortie("s2", takeoff="2016-04-12T09:00")
    decisions = replace(decisions, handed=((0, "town", "flour", 600), (1, "town", "flour", 500)))
    text = said.format("of north and airfield_n are")
    assert verdict(decisions, changed(instance, table, key, **values)) == [
        f"flying_hours: s1 on 2016-04-11: {text}"
    ]


def test_flying_hours_landing(instance: Instance) -> None:
    late = changed(instance, "bases", "airfield_n", hours_to=10 * 60 + 21)
    said = "landing at 10:22 local, the hours of north and airfield_n are 06:00 to 10:21"
    assert verdict(HAND, late) == [f"flying_hours: s2 on 2016-04-11: {said}"]


def test_zone_hours(instance: Instance) -> None:
    """The drop is 36 min after take-off."""
    late = changed(instance, "zones", "dz", recovery_from=6 * 60 + 37)
    assert verdict(HAND, late) == [
        "zone_hours: s1 on 2016-04-11: drop at 06:36 local, dz works from 06:37 to 17:00"
    ]


def test_tail_turnaround(instance: Instance) -> None:
    decisions = HAND.with_sortie("s2", takeoff="2016-04-11T08:21")
    where = "north_hauler_1 before s2 on 2016-04-11"
    assert verdict(decisions, instance) == [
        f"tail_turnaround: {where}: 59 min after s1 lands, turning round takes 60 min"
    ]
    assert verdict(HAND.with_sortie("s2", takeoff="2016-04-11T08:22"), instance) == []


def test_ramp_slots(instance: Instance) -> None:
    """Two tails 59 min apart are loaded together for one minute, 60 min apart never."""
    narrow = changed(instance, "bases", "airfield_n", ramp_slots=1)
    close = TWO_TAILS.with_sortie("s2", tail=2, takeoff="2016-04-11T06:59")
    said = "ramp_slots: airfield_n on 2016-04-11: 2 aircraft loaded at 05:59 local, the ramp has 1 slot"
    assert verdict(close, narrow) == [said]
    assert verdict(TWO_TAILS.with_sortie("s2", tail=2, takeoff="2016-04-11T07:00"), narrow) == []


def test_zone_spacing(instance: Instance) -> None:
    close = TWO_TAILS.with_sortie("s2", tail=2, takeoff="2016-04-11T06:29")
    said = "zone_spacing: dz before s2 on 2016-04-11: 29 min after s1, drops keep 30 min"
    assert verdict(close, instance) == [said]
    assert verdict(TWO_TAILS.with_sortie("s2", tail=2, takeoff="2016-04-11T06:30"), instance) == []


def test_zone_spacing_between_parties(instance: Instance) -> None:
    """South drops ceil((65 - 10) / 2) = 28 min after take-off, North 36 min."""
    close = HAND.with_sortie("s2", takeoff="2016-04-14T06:00").with_sortie("s4", takeoff="2016-04-14T06:07")
    close = replace(close, handed=((0, "town", "flour", 600), (3, "town", "flour", 1600)))
    said = "zone_spacing: dz before s2 on 2016-04-14: 1 min after s4, drops keep 30 min"
    assert verdict(close, instance) == [said]


def test_zone_slot_limit(instance: Instance) -> None:
    """With 661 min between drops the 660 min of recovery hold one sortie; spacing is then broken too."""
    slow = changed(instance, "zones", "dz", drop_spacing_min=661.0)
    said = "zone_slot_limit: dz on 2016-04-11: 2 sorties, 661 min between drops allow 1 a day"
    assert of_rule("zone_slot_limit", verdict(HAND, slow)) == [said]
    exact = changed(instance, "zones", "dz", drop_spacing_min=660.0)
    assert of_rule("zone_slot_limit", verdict(HAND, exact)) == []


def test_flying_hours_of_loading(instance: Instance) -> None:
    """Take-off at 06:00 after an hour of loading: the base must be open at 05:00."""
    late = changed(instance, "bases", "airfield_n", hours_from=5 * 60 + 1)
    said = "loading for take-off at 06:00 begins before airfield_n opens at 05:01"
    assert verdict(HAND, late) == [f"flying_hours: s1 on 2016-04-11: {said}"]
    assert verdict(HAND, changed(instance, "bases", "airfield_n", hours_from=5 * 60)) == []


def test_daylight(instance: Instance) -> None:
    """At 35 N, 40 E the sun rises at 05:52 on 13 April on clocks of UTC+3, civil dawn is at 05:26."""
    early = changed(instance, "parties", "south", hours_from=0, daylight_only=True)
    early = changed(early, "zones", "dz", recovery_from=0)
    early = changed(early, "bases", "airfield_s", hours_from=0)
    light = HAND.with_sortie("s3", takeoff="2016-04-13T05:00")
    dark = HAND.with_sortie("s3", takeoff="2016-04-13T04:55")
    assert verdict(light, early) == []
    said = verdict(dark, early)
    assert len(said) == 1
    assert said[0].startswith("daylight: s3 on 2016-04-13: drop at 05:23 local, it is light at dz from 05:2")


def test_daylight_where_it_stays_dark() -> None:
    noon = dt.datetime(2024, 12, 21, 12, tzinfo=dt.UTC)
    assert civil_daylight(noon, 75.0, 0.0) is None
    assert civil_daylight(noon, -75.0, 0.0) == (noon - dt.timedelta(hours=12), noon + dt.timedelta(hours=12))


def test_tail_turnaround_with_refuelling(instance: Instance) -> None:
    """S1 lands at 07:22; with 38 minutes of fuel and 60 of loading s2 may leave at 09:00."""
    assert verdict(HAND, changed(instance, "aircraft", "hauler", refuel_min=38.0)) == []
    where = "north_hauler_1 before s2 on 2016-04-11"
    assert verdict(HAND, changed(instance, "aircraft", "hauler", refuel_min=39.0)) == [
        f"tail_turnaround: {where}: 98 min after s1 lands, turning round takes 99 min"
    ]


def test_refuelling(instance: Instance) -> None:
    """Two tails land 20 minutes apart at one fuel point."""
    one = changed(instance, "bases", "airfield_n", fuel_points=1)
    two = TWO_TAILS.with_sortie("s2", tail=2, takeoff="2016-04-11T06:30")
    assert verdict(two, changed(one, "aircraft", "hauler", refuel_min=30.0)) == []
    said = "refuelling: airfield_n on 2016-04-11: 2 aircraft refuelled at 07:52 local, there is 1 fuel point"
    assert verdict(two, changed(one, "aircraft", "hauler", refuel_min=31.0)) == [said]


def test_takeoff_spacing(instance: Instance) -> None:
    two = TWO_TAILS.with_sortie("s2", tail=2, takeoff="2016-04-11T06:30")
    assert verdict(two, changed(instance, "bases", "airfield_n", takeoff_spacing_min=30.0)) == []
    said = "takeoff_spacing: airfield_n before s2 on 2016-04-11: 30 min after s1, take-offs keep 31 min"
    assert verdict(two, changed(instance, "bases", "airfield_n", takeoff_spacing_min=31.0)) == [said]


def test_zone_clearing(instance: Instance) -> None:
    """Drops at 06:36 and 09:36."""
    assert verdict(HAND, changed(instance, "zones", "dz", clearing_min=180.0)) == []
    said = "zone_clearing: dz before s2 on 2016-04-11: 180 min after s1, clearing dz takes 181 min"
    assert verdict(HAND, changed(instance, "zones", "dz", clearing_min=181.0)) == [said]


def test_zone_clearing_ends_with_the_hours(instance: Instance) -> None:
    """The last drop is at 09:36; the team works until 10:36."""
    short = changed(instance, "zones", "dz", recovery_to=10 * 60 + 36)
    assert verdict(HAND, changed(short, "zones", "dz", clearing_min=60.0)) == []
    assert verdict(HAND, changed(short, "zones", "dz", clearing_min=61.0)) == [
        "zone_clearing: s2 on 2016-04-11: drop at 09:36 local, clearing dz takes 61 min, "
        "the team works until 10:36"
    ]


def shown(instance: Instance, *, row: int = 0, **values: object) -> list[str]:
    """What the judge says of the hand plan with its ``timetable.csv``, one row of it edited."""
    plan = written(HAND, instance)
    plan = plan.model_copy(update={"timetable": activities(instance, plan.sorties, stops(plan, instance))})
    return [str(violation) for violation in check(edited(plan, "timetable", row, **values), instance)]


def test_timetable_figures(instance: Instance) -> None:
    """After the first loading comes the crew's duty, from take-off at 03:00 UTC to the landing at 07:22."""
    assert shown(instance) == []
    late = dt.datetime(2016, 4, 11, 3, 1, tzinfo=dt.UTC)
    said = shown(instance, row=1, start_utc=late, start_local=late.astimezone(ZoneInfo("Asia/Damascus")))
    where = "timetable_figures: north_hauler_1 on 2016-04-11: north_hauler_1: crew duty"
    until = "to 2016-04-11T07:22Z at airfield_n"
    assert said == [
        f"{where} 2016-04-11T03:01Z {until}, which no sortie asks for",
        f"{where} 2016-04-11T03:00Z {until}, which is missing",
    ]
    assert len(shown(instance, place="elsewhere")) == 2
    assert "end_local is" in shown(instance, row=1, end_local=late)[0]
