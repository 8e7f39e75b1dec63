"""Minutes of sorties whose path has hours and whose drop takes several passes, judged and timed anew."""

from __future__ import annotations

import datetime as dt

import pytest

from instances.schema import Area, Instance, Wind
from optimizer.check import check
from optimizer.clock import Clock
from optimizer.retime import retime
from tests.optimizer.hand import NH, NORTH, changed, header, network, tiny
from tests.optimizer.test_solve import planned, run

SHORT = ((38.9, 35.3), (39.1, 35.3), (39.1, 35.7), (38.9, 35.7))


@pytest.fixture
def busy() -> Instance:
    """Two passes of 9 min each, a way shut until noon, other winds in May, clearing, crews and daylight."""
    scattering = changed(
        tiny(),
        "methods",
        "canopy_high",
        miss_frac=0.0,
        release_error_m=60.0,
        exit_interval_s=2.0,
        pass_min=9.0,
    )
    fast = changed(scattering, "aircraft", "hauler", drop_speed_kmh=360, refuel_min=20.0)
    short = changed(fast, "zones", "dz", length_m=500, width_m=1000, clearing_min=50.0)
    crews = changed(
        short, "fleets", "north_hauler", report_min=60.0, crew_duty_min=420.0, crew_rest_min=600.0
    )
    light = changed(crews, "parties", "north", daylight_only=True, harm_cap=1.0)
    wall = Area.model_validate({"id": "wall", "kind": "prohibited", "outline": SHORT, "hours_to": "12:00"})
    winds = tuple(
        Wind(month=month, floor_m=0, ceiling_m=9000, u_mps=1, v_mps=0, sd_mps=sd)
        for month, sd in ((4, 3), (5, 9))
    )
    update = {"airspace": (*light.airspace, wall), "winds": winds}
    return header(light.model_copy(update=update), first_date=dt.date(2016, 4, 28), days=6)


def test_hours_of_the_path_are_kept_with_all_passes(busy: Instance) -> None:
    net = network(busy, NORTH)
    straight = [m for m in net.missions.values() if m.path.id == "airfield_n__dz__5000m"]
    assert {m.hours_from for m in straight} == {720}
    assert {m.stops[0].zone_min for m in straight} == {19.0}
    assert {m.id.split("__from")[0].startswith(NH) for m in straight} == {True}
    assert {(m.block_min, m.stops[0].drop_min) for m in straight} == {(91, 36)}


def test_a_plan_keeps_the_hours_of_its_paths_and_is_timed_anew(busy: Instance) -> None:
    plan = planned(run(busy, NORTH))
    assert plan.sorties
    assert check(plan, busy) == ()
    at_zone = [row for row in plan.timetable if row.activity == "at the zone"]
    assert {row.end_utc - row.start_utc for row in at_zone} == {dt.timedelta(minutes=19)}
    paths = {s.path_id for s in plan.sorties}
    edited = plan.model_copy(
        update={"sorties": tuple(s.model_copy(update={"tail": "north_hauler_1"}) for s in plan.sorties)}
    )
    done = retime(edited, busy, Clock(60)).plan
    assert done is not None
    assert check(done, busy) == ()
    assert {s.path_id for s in done.sorties} == paths
