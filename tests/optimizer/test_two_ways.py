"""The campaign hears from the timetable: plans can be flown to the minute, or the reason is told."""

from __future__ import annotations

from itertools import pairwise

import pytest

from instances.schema import Instance
from optimizer.check import check
from optimizer.clock import Clock
from optimizer.plan import Status
from optimizer.scoring import decisions_of
from optimizer.timetable.timetabler import Timetabler
from tests.optimizer.hand import BOTH, NORTH, SOUTH, changed, fed, network, tiny
from tests.optimizer.test_solve import flour_for_the_town, planned, run, values


def cleared(instance: Instance, minutes: float) -> Instance:
    return changed(instance, "zones", "dz", clearing_min=minutes)


def test_a_slow_team_costs_cargo_and_the_plan_says_why() -> None:
    """South alone, 1800 kg in one day: two low sorties of 900 kg each meet it, and one is 900 kg short.

    Drops from 388 on: clearing of 316 minutes lets two end by 1020 (388 + 2 x 316), 317 only one.
    """
    hungry = changed(flour_for_the_town(1, 1800), "links", "dz", "town", kg_per_day=5000)
    easy = planned(run(cleared(hungry, 316), SOUTH))
    assert values(easy)["severity_person_days"] == pytest.approx(0, abs=0.01)
    assert len(easy.sorties) == 2
    slow = run(cleared(hungry, 317), SOUTH)
    plan = planned(slow)
    assert values(plan)["severity_person_days"] == pytest.approx(250, abs=0.01)  # half is short
    assert slow.status is Status.OPTIMAL  # the cut holds for every plan, so the bound knows it
    assert tuple(note for note in plan.notes if note.startswith("The timetable")) == (
        "The timetable holds no more on 2016-04-11: at most 1 sortie a day: dz is cleared for 317 min "
        "after each drop, south flies from airfield_s 06:00 to 18:00.",
    )
    assert check(plan, cleared(hungry, 317)) == ()


def test_coverage_that_no_timetable_holds_is_impossible_with_the_reason() -> None:
    hungry = changed(flour_for_the_town(1, 1800), "links", "dz", "town", kg_per_day=5000)
    result = run(cleared(hungry, 317), SOUTH, 0.9)
    assert result.status is Status.INFEASIBLE
    assert "The timetable allows at most 1 sortie a day: dz is cleared for 317 min" in result.reason


@pytest.mark.parametrize("parties", [NORTH, BOTH])
def test_a_narrow_day_is_flown_to_the_minute(parties: tuple[str, ...]) -> None:
    """One slot, spaced take-offs, tired crews and little time at the zone: the judge finds nothing."""
    narrow = cleared(tiny(), 90)
    narrow = changed(narrow, "bases", "airfield_n", ramp_slots=1, takeoff_spacing_min=20, fuel_points=1)
    narrow = changed(narrow, "aircraft", "hauler", refuel_min=25)
    narrow = changed(narrow, "parties", "north", daylight_only=True)
    for fleet in ("north_hauler", "south_hauler"):
        narrow = changed(
            narrow, "fleets", fleet, report_min=45, crew_duty_min=500, crew_flight_min=240, crew_rest_min=800
        )
    plan = planned(run(narrow, parties))
    assert check(plan, narrow) == ()
    assert len(plan.sorties) > 0
    assert plan.timetable != ()


def test_a_feeder_by_air_is_timed_and_judged() -> None:
    """All that the south drops comes from the north by air, an hour away; the ramps are narrow."""
    instance = changed(fed(tiny()), "feeders", "lorry", mode="airlift", aircraft="hauler", minutes=60.0)
    instance = changed(instance, "bases", "airfield_s", parties=BOTH, ramp_slots=1, takeoff_spacing_min=10)
    instance = changed(instance, "supplies", "airfield_s", "flour", kg=0)
    instance = changed(instance, "fleets", "north_hauler", max_tails=0)
    plan = planned(run(instance, BOTH))
    assert plan.feeders != ()
    assert check(plan, instance) == ()
    trips = {(row.date, row.trips) for row in plan.feeders}
    shown = [row for row in plan.timetable if row.activity == "unloading"]
    assert len(shown) == sum(n for _, n in trips)


def test_a_partys_plan_alone_can_be_laid_into_the_joint_timetable() -> None:
    """What each flies alone keeps its numbers in a timetable of both parties."""
    instance = cleared(tiny(), 20)
    both = network(instance)
    alone = [planned(run(instance, parties)) for parties in (NORTH, SOUTH)]
    asked = [decisions_of(plan, both) for plan in alone]
    tails = {f: n for one in asked for f, n in one.count("tails").items()}
    for sorties in (asked[0].count("sorties"), asked[0].count("sorties") | asked[1].count("sorties")):
        table = Timetabler(both).times(sorties, tails, Clock(60))
        assert table.left_over == {}
        assert len(table.flights) == sum(sorties.values())
    drops: dict[int, list[int]] = {}
    for flight in table.flights:
        drops.setdefault(flight.day, []).append(flight.takeoff_min + flight.mission.stops[0].drop_min)
    assert max(len(of_day) for of_day in drops.values()) > 1
    for of_day in drops.values():
        assert all(b - a >= 30 for a, b in pairwise(sorted(of_day)))
