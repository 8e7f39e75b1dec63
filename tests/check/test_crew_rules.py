"""Crews and tails over a day and over days: each rule broken by one minute or one tail."""

from dataclasses import replace

from instances.schema import Instance
from tests.check.hand_plan import HAND, Decisions, Flown, changed, of_rule, verdict


def crew(instance: Instance, **values: object) -> Instance:
    return changed(instance, "fleets", "north_hauler", **values)


def test_crew_duty(instance: Instance) -> None:
    """From 05:30, half an hour before the first take-off, to the landing at 10:22."""
    assert verdict(HAND, crew(instance, report_min=30.0, crew_duty_min=292.0)) == []
    said = "crew_duty: north_hauler_1 on 2016-04-11: 292 min on duty, a crew of north_hauler may be 291 min"
    assert of_rule("crew_duty", verdict(HAND, crew(instance, report_min=30.0, crew_duty_min=291.0))) == [said]


def test_crew_duty_in_flight(instance: Instance) -> None:
    """Two sorties of 82 minutes."""
    assert verdict(HAND, crew(instance, crew_flight_min=164.0)) == []
    said = "crew_duty: north_hauler_1 on 2016-04-11: 164 min in flight, a crew of north_hauler may be 163 min"
    assert of_rule("crew_duty", verdict(HAND, crew(instance, crew_flight_min=163.0))) == [said]


def two_days() -> Decisions:
    """The second sortie flies a day later: landing at 07:22, report on the 12th at 06:00."""
    later = HAND.with_sortie("s2", takeoff="2016-04-12T06:00")
    return replace(later, handed=((0, "town", "flour", 600), (1, "town", "flour", 800)))


def test_crew_rest(instance: Instance) -> None:
    rest = 24 * 60 - 82
    assert verdict(two_days(), crew(instance, crew_rest_min=float(rest))) == []
    where = "north_hauler_1 before s2 on 2016-04-12"
    said = f"crew_rest: {where}: 1 358 min of rest since s1 on 2016-04-11, a crew rests 1 359 min"
    assert verdict(two_days(), crew(instance, crew_rest_min=float(rest + 1))) == [said]
    assert verdict(two_days(), crew(instance, crew_rest_min=float(rest + 1), crews_per_tail=2)) == []


def test_serviceability(instance: Instance) -> None:
    """Of two tails one and a half are serviceable, so both may fly; of half of them only one."""
    two = replace(HAND, tails=(("north_hauler", 2), ("south_hauler", 1)))
    two = two.with_sortie("s2", tail=2)
    assert verdict(two, crew(instance, serviceable_frac=0.75)) == []
    said = "serviceability: north_hauler on 2016-04-11: 2 tails fly, 1 of 2 tails can be in service"
    assert verdict(two, crew(instance, serviceable_frac=0.5)) == [said]


def test_serviceability_in_a_week(instance: Instance) -> None:
    """Two sorties of a tail that flies two a day are a tail-day; North flies on two of the six days."""
    rare = changed(instance, "parties", "north", flying_weekdays=("mon", "tue"))
    assert verdict(HAND, crew(rare, serviceable_frac=0.5)) == []
    said = "1 tail-day flown, 49 % of 2 tail-days can be flown"
    assert verdict(HAND, crew(rare, serviceable_frac=0.49)) == [
        f"serviceability: north_hauler in the 6 days from 2016-04-11: {said}"
    ]


def test_serviceability_in_the_worst_week(instance: Instance) -> None:
    """Of 14 days with two sorties each on the last Thursday to Monday no 7 hold more than 5 tail-days."""
    long = instance.model_copy(update={"header": instance.header.model_copy(update={"days": 14})})
    flown = tuple(
        Flown(f"s{n}{h}", "north_hauler", 1, f"2016-04-{n}T{h}:00", "canopy_high", 5000, (("flour", 1, 10),))
        for n in (18, 21, 22, 23, 24)
        for h in ("06", "09")
    )
    five = replace(HAND, flown=flown, tails=(("north_hauler", 1),), handed=(), parties=("north",))
    assert verdict(five, crew(long, serviceable_frac=0.72)) == []
    said = "5 tail-days flown, 71 % of 7 tail-days can be flown"
    assert verdict(five, crew(long, serviceable_frac=0.71)) == [
        f"serviceability: north_hauler in the 7 days from 2016-04-18: {said}"
    ]
