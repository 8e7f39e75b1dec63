"""From the instance to missions: distances, block times, payloads, refusals, and what is dominated."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

from instances.schema import Aircraft, GroundArea, Instance, Leg, Recovery, Wind
from optimizer.airspace.flying import block_minutes, drop_minutes, payload_at
from optimizer.airspace.paths import FlightPath, PathLeg
from optimizer.clock import Clock
from optimizer.landing.landings import table_landing as landing
from optimizer.timetable.timetabler import Timetabler
from tests.optimizer.hand import BOTH, NH, NORTH, SH, SL, SOUTH, changed, fed, header, network, tiny

HAULER: Aircraft = tiny().aircraft[0]


@pytest.mark.parametrize(
    ("distance_km", "payload_kg"),
    [
        (0, 5000),
        (900, 5000),  # 1000 km with the reserve of 100: the first point
        (1150, 4250),  # a quarter of the way down to 2000 kg
        (1400, 3500),
        (1900, 2000),  # the last point
        (1900.001, 0),
    ],
)
def test_payload_falls_with_range(distance_km: float, payload_kg: float) -> None:
    assert payload_at(HAULER, distance_km) == pytest.approx(payload_kg)


def test_payload_over_three_points() -> None:
    bent = HAULER.model_copy(update={"payload_range": ((5000, 1000), (4000, 1500), (1000, 2500))})
    assert [payload_at(bent, km) for km in (1150, 1400, 1900, 2400, 2401)] == [4500, 4000, 2500, 1000, 0]


def path(distance_km: float, surveyed_min: float | None = None) -> FlightPath:
    return FlightPath("b__z", distance_km, (PathLeg(distance_km / 2, surveyed_min),) * 2, ())


@pytest.mark.parametrize(
    ("way", "minutes"),
    [
        (path(500), 90),  # 60 + 20 climb + 10 over the zone
        (path(500.1), 91),
        (path(500, 40), 90),  # surveyed: 2 x 40 + 10
        (path(500, 40.2), 91),
    ],
)
def test_block_time_is_rounded_up(way: FlightPath, minutes: int) -> None:
    assert block_minutes(HAULER, way, [10], lands=False) == minutes


@pytest.mark.parametrize(("way", "minute"), [(path(430), 36), (path(290.5), 28), (path(500, 40.2), 41)])
def test_the_drop_comes_after_half_the_way(way: FlightPath, minute: int) -> None:
    """Block times of 82, 65 and 91 minutes, 10 of them over the zone."""
    assert drop_minutes(HAULER, way, [10], lands=False) == (minute,)


def test_minutes_of_a_tour() -> None:
    """250 km out, 100 km on and 200 km back at 500 km/h; 20 min of climb and descent, 10 at each zone.

    30 + 12 + 24 + 20 + 20 = 106 min; the first drop after 10 + 30, the second 10 + 12 later. An aircraft that
    lands climbs and descends half as much again in between: 116 min, and the second stop 10 later.
    """
    way = FlightPath("b__z", 550, (PathLeg(250), PathLeg(100), PathLeg(200)), ())
    assert block_minutes(HAULER, way, [10, 10], lands=False) == 106
    assert drop_minutes(HAULER, way, [10, 10], lands=False) == (40, 62)
    assert block_minutes(HAULER, way, [10, 10], lands=True) == 116
    assert drop_minutes(HAULER, way, [10, 10], lands=True) == (40, 72)


def test_distances() -> None:
    """Geodesics on WGS84, out and back; one degree of meridian at 35.5 north is 110.950 km."""
    missions = network().missions
    assert missions[NH].path.distance_km == pytest.approx(425.365, abs=1e-3)
    assert missions[SH].path.distance_km == pytest.approx(288.026, abs=1e-3)
    due_south = changed(tiny(), "bases", "airfield_n", lat=36.0, lon=40.0)
    distance_km = network(due_south).missions[NH].path.distance_km
    assert distance_km == pytest.approx(2 * 110.950, abs=1e-3)


def test_the_track_runs_out_and_back() -> None:
    points = [(round(lon, 9), round(lat, 9)) for lon, lat in network().missions[NH].path.points]
    assert points[0] == points[-1] == (38.0, 36.0)
    assert points[len(points) // 2] == (40.0, 35.0)
    assert points == points[::-1]


def test_a_surveyed_leg_replaces_distance_and_time() -> None:
    leg = Leg(base="airfield_n", zone="dz", distance_km=250, minutes=33)
    mission = network(tiny().model_copy(update={"legs": (leg,)})).missions[NH]
    assert (mission.path.distance_km, mission.block_min, mission.stops[0].drop_min) == (500, 76, 33)


@pytest.mark.parametrize(("height_m", "loss"), [(0, 5e-4), (2999, 5e-4), (3000, 2e-5), (5000, 2e-5)])
def test_threat_bands_hold_their_floor_and_not_their_ceiling(height_m: float, loss: float) -> None:
    bold = changed(tiny(), "parties", "north", loss_cap=0.5)
    flown = network(changed(bold, "methods", "canopy_high", release_heights_m=(height_m,)), NORTH)
    assert [m.loss_prob for m in flown.missions.values()] == pytest.approx([loss])


def test_overlapping_threats_act_independently() -> None:
    bold = changed(tiny(), "parties", "south", loss_cap=0.5)
    both = network(changed(bold, "airspace", "high", floor_m=0, loss_per_transit=0.1))
    assert both.missions[SL].loss_prob == pytest.approx(1 - 0.9995 * 0.9)


def test_landing_shares() -> None:
    """Of the high drop a fifth misses; the observed 0.7 then says that 0.3 strays, damage apart."""
    instance = tiny()
    high, low = instance.methods
    zone = instance.zones[0]
    assert landing(instance, high, zone, 5000).landed_frac == pytest.approx(0.8)
    assert landing(instance, low, zone, 1000).landed_frac == pytest.approx(0.9)
    assert landing(instance, low, zone, 1000).harm_per_bundle == 0
    seen = instance.model_copy(update={"recoveries": (Recovery(zone="dz", method=low.id, landed_frac=0.7),)})
    observed = landing(seen, low, zone, 1000)
    assert observed.landed_frac == 0.7
    assert observed.stray_frac == pytest.approx(1 - 0.7 / 0.9)


def test_missions_of_tiny() -> None:
    assert list(network().missions) == [NH, SH, SL]
    assert list(network(parties=SOUTH).missions) == [SH, SL]
    assert network().refusals == ()


def test_figures_of_a_mission() -> None:
    mission = network().missions[NH]
    assert (mission.block_min, mission.stops[0].drop_min, mission.payload_kg, mission.positions) == (
        82,
        36,
        5000,
        4,
    )
    assert mission.loss_prob == pytest.approx(2e-5)
    assert mission.sortie_usd == pytest.approx(82 / 60 * 1200 + 100)
    assert mission.commodities == ("flour", "soap")
    assert network().missions[SH].commodities == ("flour",)


def test_payload_binds_before_the_floor() -> None:
    """1499 kg lift four bundles of 300 kg, and 1199 kg three."""
    for lift_kg, positions in ((1499, 4), (1200, 4), (1199, 3)):
        weak = changed(tiny(), "aircraft", "hauler", payload_range=((lift_kg, 2000),))
        assert network(weak).missions[NH].positions == positions


@pytest.mark.parametrize(
    ("table", "key", "values", "reason"),
    [
        (
            "parties",
            "north",
            {"loss_cap": 1e-5},
            "the risk of losing the aircraft is above the party's cap per sortie",
        ),
        ("aircraft", "hauler", {"payload_range": ((5000, 525),)}, "the zone is out of range"),
        ("zones", "dz", {"ground_team": False}, "no trained ground team at the zone"),
        ("zones", "dz", {"closed": True}, "the zone is closed on every day the party flies"),
        (
            "zones",
            "dz",
            {"open_from": dt.date(2016, 4, 17)},
            "the zone is closed on every day the party flies",
        ),
        ("parties", "north", {"flying_weekdays": ()}, "the zone is closed on every day the party flies"),
        (
            "parties",
            "north",
            {"hours_to": 360 + 81},
            "a sortie does not fit into the flying and recovery hours",
        ),
        (
            "bases",
            "airfield_n",
            {"hours_from": 1000},
            "a sortie does not fit into the flying and recovery hours",
        ),
        ("zones", "dz", {"recovery_to": 395}, "a sortie does not fit into the flying and recovery hours"),
        (
            "aircraft",
            "hauler",
            {"ceiling_m": 4999},
            "the release height is above the aircraft's ceiling",
        ),
        ("methods", "canopy_high", {"bundle_net_kg": 4951}, "no bundle fits on the floor within the payload"),
        ("aircraft", "hauler", {"bundle_positions": 0}, "no bundle fits on the floor within the payload"),
    ],
)
def test_refusals_name_their_reason(table: str, key: str, values: dict[str, Any], reason: str) -> None:
    net = network(changed(tiny(), table, key, **values), NORTH)
    assert [(r.party, r.reason, r.example) for r in net.refusals] == [("north", reason, NH)]
    assert net.missions == {}


@pytest.mark.parametrize(
    ("table", "key", "values"),
    [
        ("parties", "north", {"loss_cap": 2.1e-5}),
        ("aircraft", "hauler", {"payload_range": ((5000, 526),)}),  # 425.4 km and 100 km of reserve
        ("zones", "dz", {"open_from": dt.date(2016, 4, 16)}),
        ("parties", "north", {"hours_to": 360 + 82}),
        ("zones", "dz", {"recovery_to": 396}),
        ("aircraft", "hauler", {"ceiling_m": 5000}),
        ("methods", "canopy_high", {"bundle_net_kg": 4950}),
    ],
)
def test_no_refusal_at_the_limit(table: str, key: str, values: dict[str, Any]) -> None:
    assert list(network(changed(tiny(), table, key, **values), NORTH).missions) == [NH]


def test_a_mission_that_is_not_refused_can_be_timed() -> None:
    """Take-off is possible from 08:00 to 08:10, but the base opens at 07:30 and loads for an hour."""
    late = changed(tiny(), "bases", "airfield_n", hours_from=450)
    late = changed(late, "parties", "north", hours_from=480, hours_to=490 + 82)
    net = network(late, NORTH)
    for m in net.missions:
        assert Timetabler(net).times({(m, 0): 1}, {"north_hauler": 1}, Clock(60)).left_over == {}


def test_no_cargo_at_the_base() -> None:
    net = network(tiny().model_copy(update={"supplies": tiny().supplies[2:]}), NORTH)
    assert [r.reason for r in net.refusals] == ["the base has no cargo this method may carry"]


def test_a_feeder_brings_cargo_to_a_base_without() -> None:
    """Only flour and soap of the north: the lorry may bring both to the south."""
    instance = fed(changed(tiny(), "supplies", "airfield_s", kg=0))
    assert network(instance, BOTH).missions[SL].commodities == ("flour", "soap")
    assert network(instance, SOUTH).missions == {}  # north's lorry stays at home


def heights(instance: Instance) -> list[float]:
    return [m.release_height_m for m in network(instance, NORTH).missions.values()]


def test_a_mission_no_better_is_dropped() -> None:
    """From 5000 m and 5500 m alike: one is enough. From 1000 m the risk is higher and nothing better."""
    assert len(heights(changed(tiny(), "methods", "canopy_high", release_heights_m=(5000, 5500)))) == 1
    bold = changed(tiny(), "parties", "north", loss_cap=1)
    assert heights(changed(bold, "methods", "canopy_high", release_heights_m=(1000, 5000))) == [5000]


def test_only_missions_of_one_method_are_compared() -> None:
    """The low drop lands more and risks more; were it worse in all, its own sets would still count."""
    worse = changed(tiny(), "methods", "canopy_low", damage_frac=0.9, miss_frac=0.5)
    assert SL in network(worse).missions


def test_days_follow_weekdays_and_opening() -> None:
    """The plan runs from Monday to Saturday."""
    weekly = changed(tiny(), "parties", "north", flying_weekdays=("mon", "wed", "sat"))
    weekly = changed(weekly, "zones", "dz", open_from=dt.date(2016, 4, 12))
    assert network(weekly).missions[NH].days == (2, 5)
    assert network(weekly).missions[SH].days == (1, 2, 3, 4, 5)


def test_sorties_per_tail_fit_the_day() -> None:
    """Two sorties of 82 min and a turnaround of 60 take 224 min."""
    free = changed(tiny(), "fleets", "north_hauler", sorties_per_tail_day=9)
    for hours_to, sorties in ((360 + 224, 2), (360 + 223, 1), (1080, 5)):
        day = changed(free, "parties", "north", hours_to=hours_to)
        assert network(day).missions[NH].sorties_per_tail == sorties


def test_daily_figures() -> None:
    net = network(header(tiny(), days=5))
    assert net.ration_kg["town", "flour"] == pytest.approx((500.0,) * 5)
    assert net.demands["town", "soap"].amount == (20.0,) * 5
    assert net.demands["town", "kcal"].amount == (1_750_000.0,) * 5
    assert net.diet["hamlet", "flour"] == (math.inf,) * 5
    assert net.starting_kg["town", "flour"] == pytest.approx(500)
    assert net.supply_kg["airfield_s", "flour"] == (2000.0, 0.0, 2000.0, 0.0, 2000.0)
    assert net.supply_kg["airfield_n", "flour"] == (10000.0, 0.0, 0.0, 0.0, 0.0)
    assert net.rig_arrivals["airfield_s", "canopy_high"] == (8, 0, 4, 0, 4)
    assert net.person_days == 5 * 1200


def test_a_need_of_some_days() -> None:
    days = {"first_date": dt.date(2016, 4, 13), "last_date": dt.date(2016, 4, 14)}
    assert network(changed(tiny(), "needs", "hamlet", **days)).ration_kg["hamlet", "flour"] == (
        pytest.approx((0, 0, 100, 100, 0, 0))
    )
    soap = network(changed(tiny(), "needs", "town", "soap", **days)).demands["town", "soap"]
    assert soap.amount == (0, 0, 20, 20, 0, 0)
    assert [(p.first, p.last, p.people, p.amount) for p in soap.periods] == [(0, 5, 2000, 40)]


def test_periods_of_a_need() -> None:
    """Six days in periods of four, and two days of stock wanted on the last evening."""
    short = changed(header(tiny(), severity_days=4), "needs", "town", "soap", closing_days=2)
    soap = network(short).demands["town", "soap"]
    assert [(p.first, p.last, p.people, p.amount, p.closing) for p in soap.periods] == [
        (0, 3, 4000, 80, False),
        (4, 5, 2000, 40, False),
        (6, 6, 2000, 40, True),
    ]
    assert soap.weight == 0.3
    assert soap.person_days == 8000


def test_a_supply_that_comes_late() -> None:
    late = changed(tiny(), "supplies", "airfield_s", first_date=dt.date(2016, 4, 12), interval_days=3)
    assert network(late).supply_kg["airfield_s", "flour"] == (0, 2000, 0, 0, 2000, 0)


def drawn(**values: Any) -> Instance:
    """The tiny instance with high canopies that scatter by 800 m, and a village a mile north of the zone."""
    village = ((39.99, 35.01), (40.01, 35.01), (40.01, 35.02), (39.99, 35.02), (39.99, 35.01))
    area = GroundArea(id="village", kind="built_up", people_per_km2=2000, polygons=((village,),))
    scattering = changed(tiny(), "methods", "canopy_high", miss_frac=0.0, release_error_m=800.0, **values)
    uncapped = changed(scattering, "parties", "north", harm_cap=1.0)
    return uncapped.model_copy(update={"ground": (area,)})


def test_missions_that_harm_too_many_are_refused_with_the_figures() -> None:
    missions = network(drawn(), NORTH).missions
    harm = missions[NH].stops[0].landing.harm_per_bundle * 4
    assert missions[NH].stops[0].landing.basis == "computed"
    assert 0.01 < harm < 0.02
    capped = changed(drawn(), "parties", "north", harm_cap=harm / 2)
    assert network(capped, NORTH).missions == {}
    (refusal,) = network(capped, NORTH).refusals
    assert refusal.reason == (
        "every drop by canopy_high is expected to harm more people than the party's cap per sortie"
    )
    assert refusal.example == f"at least {NH}: {harm:.2g} people, the cap is {harm / 2:g}"


def test_one_height_that_harms_too_many_leaves_the_others() -> None:
    """Uncertain winds above 5200 m scatter what is released there over the village."""
    two = changed(
        drawn(), "methods", "canopy_high", release_heights_m=(5000.0, 5500.0), release_error_m=400.0
    )
    windy = Wind(month=4, floor_m=5200, ceiling_m=9000, u_mps=0, v_mps=0, sd_mps=60)
    calm = Wind(month=4, floor_m=0, ceiling_m=5200, u_mps=0, v_mps=0, sd_mps=1)
    blown = two.model_copy(update={"winds": (calm, windy)})
    harms = [m.stops[0].landing.harm_per_bundle * 4 for m in network(blown, NORTH).missions.values()]
    assert len(harms) == 1  # the worse height is dominated
    higher = changed(blown, "airspace", "high", ceiling_m=5200)
    safer = {"id": "top", "floor_m": 5200.0, "ceiling_m": 100_000.0, "loss_per_transit": 1e-6}
    top = next(area for area in higher.airspace if area.id == "high").model_copy(update=safer)
    both = higher.model_copy(update={"airspace": (*higher.airspace, top)})
    low, high = sorted(m.stops[0].landing.harm_per_bundle * 4 for m in network(both, NORTH).missions.values())
    assert low < high
    capped = network(changed(both, "parties", "north", harm_cap=(low + high) / 2), NORTH)
    assert list(capped.missions) == [NH]
    (refusal,) = capped.refusals
    assert refusal.reason.startswith("a full sortie is expected to harm more people")
    assert f"{high:.2g} people" in refusal.example


def test_a_built_up_run_in_refuses_every_drop() -> None:
    on_axis = ((40.015, 34.999), (40.017, 34.999), (40.017, 35.001), (40.015, 35.001), (40.015, 34.999))
    area = GroundArea(id="farm", name="Farm", kind="built_up", people_per_km2=1, polygons=((on_axis,),))
    refusals = network(tiny().model_copy(update={"ground": (area,)})).refusals
    assert {r.reason for r in refusals} == {"a built-up area lies on the run-in before or behind the zone"}
    assert refusals[0].example == f"{NH}: Farm within 1000 m of dz"


def test_days_above_the_wind_limit_are_not_flown() -> None:
    """The 11th to 16th of April rank 13/16, 3/16, 11/16, 7/16, 15/16 and 1/32."""
    limited = changed(tiny(), "methods", "canopy_high", wind_limit_mps=12.0)
    for u_mps, days in ((2.0, (0, 1, 2, 3, 4, 5)), (11.0, (1, 3, 5)), (30.0, None)):
        wind = Wind(month=4, floor_m=0, ceiling_m=9000, u_mps=u_mps, v_mps=0, sd_mps=3)
        net = network(limited.model_copy(update={"winds": (wind,)}), NORTH)
        assert (net.missions[NH].days if days else None) == days
    assert net.refusals[0].reason == "the wind is above the method's limit on every day the zone is open"


def test_a_longest_way_forbids_more_wind_from_higher_up() -> None:
    """What falls for twice as long may be flown in half the wind."""
    wind = Wind(month=4, floor_m=0, ceiling_m=9000, u_mps=9, v_mps=0, sd_mps=0)
    for heights, flown in (((3000.0,), True), ((6000.0,), False)):
        slow = changed(tiny(), "methods", "canopy_high", rate_of_fall_mps=10.0, path_limit_m=4000.0)
        case = changed(slow, "methods", "canopy_high", release_heights_m=heights)
        net = network(case.model_copy(update={"winds": (wind,)}), NORTH)
        assert any(m.method.id == "canopy_high" for m in net.missions.values()) is flown


def test_months_of_other_winds_are_missions_of_their_own() -> None:
    """In May the wind aloft is far less certain: other shares, another mission; June is like April."""
    scattering = changed(
        tiny(), "methods", "canopy_high", miss_frac=0.0, release_error_m=60.0, release_heights_m=(5000.0,)
    )
    winds = tuple(
        Wind(month=month, floor_m=0, ceiling_m=9000, u_mps=1, v_mps=0, sd_mps=sd)
        for month, sd in ((4, 3), (5, 9), (6, 3))
    )
    long = header(scattering.model_copy(update={"winds": winds}), days=70)
    missions = network(long, NORTH).missions
    april, may = (missions[f"{NH}__from_day_{day}"] for day in (1, 21))
    assert len(missions) == 2
    assert april.days == (*range(20), *range(51, 70))
    assert may.days == tuple(range(20, 51))
    assert may.stops[0].landing.landed_frac < april.stops[0].landing.landed_frac - 0.1


def test_passes_take_minutes() -> None:
    """Four bundles 2 s apart at 129 m/s stand over 774 m; on 500 m they take two passes of two."""
    scattering = changed(
        tiny(),
        "methods",
        "canopy_high",
        miss_frac=0.0,
        release_error_m=60.0,
        exit_interval_s=2.0,
        pass_min=9.0,
    )
    fast = changed(scattering, "aircraft", "hauler", drop_speed_kmh=360)
    short = changed(fast, "zones", "dz", length_m=500, width_m=1000)
    one, two = network(fast).missions[NH], network(short).missions[NH]
    assert (one.stops[0].landing.passes, two.stops[0].landing.passes) == (1, 2)
    assert (one.block_min, two.block_min) == (82, 91)
    assert one.stops[0].drop_min == two.stops[0].drop_min == 36
