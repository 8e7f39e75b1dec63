"""Sorties with several stops from the network to the judge, on villages small enough to work by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from instances.schema import Area, Instance, Rig
from optimizer.check import check
from optimizer.clock import Clock
from optimizer.network import build_network
from optimizer.options import Options
from optimizer.plan import Load, Plan, Sortie
from optimizer.retime import retime
from optimizer.solve import solve
from optimizer.timetable.day import day_of
from optimizer.timetable.fit import fit
from optimizer.watch import Watch
from reports.schedules import read_plan, write_plan
from tests.check.hand_plan import changed, edited
from tests.optimizer.hand import NORTH, rows
from tests.optimizer.test_solve import cost_usd, planned
from tests.optimizer.villages import VILLAGES, place, road, villages

TOUR = "lifters__vale_a__vale_b__vale_c__landing__1000m"
SECONDS = 30.0


def flown(instance: Instance, stops: int | None = None) -> Plan:
    """The plan of an instance, judged."""
    options = Options(parties=NORTH, stops=stops, time_limit_s=SECONDS)
    plan = planned(solve(instance, options, Watch(Clock(SECONDS))))
    assert check(plan, instance) == ()
    return plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    return flown(villages())


def test_one_tour_a_day_in_place_of_three_sorties(plan: Plan) -> None:
    """A sortie takes 86 min: 1770 USD. The tour takes 221 km and 45 min on the ground, and climbs twice more.

    66.3 + 10 + 45 + 10 -> 132 min: 2690 USD. With 100 USD a day for a tail and 1800 USD of flour, two days
    cost 6 x 1770 + 2000 one by one and 2 x 2690 + 2000 by tours.
    """
    single = flown(villages(), stops=1)
    assert {s.block_min for s in single.sorties} == {86}
    assert cost_usd(single) == 12_620
    assert [(s.zones, s.block_min, s.payload_kg) for s in plan.sorties] == [(VILLAGES, 132, 900.0)] * 2
    assert cost_usd(plan) == 7_380
    assert dict(plan.summary)["need_met_frac"] == dict(single.summary)["need_met_frac"] == 1


def test_loads_and_minutes_of_each_stop(plan: Plan) -> None:
    """36 min out, then 15 on the ground, 5 of climb and descent and 3 on to the next, rounded up."""
    first = plan.sorties[0]
    own = [load for load in plan.loads if load.sortie_id == first.sortie_id]
    assert [(load.stop, load.zone, load.net_kg) for load in own] == [
        (1, "vale_a", 300.0),
        (2, "vale_b", 300.0),
        (3, "vale_c", 300.0),
    ]
    assert [(load.drop_utc - first.takeoff_utc) / dt.timedelta(minutes=1) for load in own] == [36, 59, 82]
    places = [
        row.place for row in plan.timetable if row.sorties == (first.sortie_id,) and row.place in VILLAGES
    ]
    assert places == list(VILLAGES)


def test_pairs_where_a_sortie_serves_two() -> None:
    assert max(len(s.zones) for s in flown(villages(), stops=2).sorties) == 2
    two = changed(villages(), "fleets", "lifters", most_stops=2)
    assert max(len(s.zones) for s in flown(two).sorties) == 2
    assert build_network(changed(villages(), "fleets", "lifters", most_stops=1), NORTH).missions.keys() == {
        f"lifters__{z}__landing__1000m" for z in VILLAGES
    }


def test_a_convoy_where_the_road_is_surveyed() -> None:
    """2 h out, 20 min on and on, 2 h 20 back, 45 min of unloading; from vale_a to vale_c there is no leg."""
    instance = road(villages())
    missions = build_network(instance, NORTH).missions
    assert {m.zones for m in missions.values() if len(m.stops) == 2} == {VILLAGES[:2], VILLAGES[1:]}
    plan = flown(instance)
    assert [(s.zones, s.block_min, s.distance_km) for s in plan.sorties] == [(VILLAGES, 345, 274.0)] * 2


def test_no_fuel_at_the_zones() -> None:
    """Payload is that of the whole tour: 2000 kg at 400 km, 500 at 700, so 1250 kg over 550 km."""
    far = tuple(zone.model_copy(update=place(10.0 * (1 - i), 265)) for i, zone in enumerate(villages().zones))
    missions = build_network(villages().model_copy(update={"zones": far}), NORTH).missions
    for m in missions.values():
        assert m.payload_kg == pytest.approx(2000 - 5 * (m.path.distance_km - 400), rel=1e-9)
    assert missions[TOUR].path.distance_km > missions["lifters__vale_b__landing__1000m"].path.distance_km + 20


def test_zones_that_use_a_full_load_a_day_need_no_tour() -> None:
    hungry = changed(villages(), "needs", "folk_vale_a", "flour", kg_per_day=2000.0)
    hungry = changed(hungry, "zones", "vale_a", recovery_kg_per_day=2000.0)
    hungry = changed(hungry, "links", "vale_a", "folk_vale_a", kg_per_day=2000.0)
    tours = [m for m in build_network(hungry, NORTH).missions.values() if len(m.stops) > 1]
    assert {m.zones for m in tours} == {VILLAGES[1:]}


def packed(instance: Instance) -> Instance:
    """The villages supplied by canopies: four bundles of 250 + 50 kg a sortie, of which 80 % lands."""
    high = changed(instance, "aircraft", "lifter", kind="fixed_wing", bundle_positions=4)
    drop = {"kind": "drop", "position_kind": "bundle", "bundle_net_kg": 250.0, "bundle_tare_kg": 50.0}
    high = changed(high, "methods", "landing", **drop, miss_frac=0.2, footprint_m2=20.0, unit_usd=10.0)
    return changed(high, "fleets", "lifters", most_stops=3).model_copy(
        update={"rigs": (Rig(base="airfield_n", method="landing", count=100),)}
    )


def test_rows_of_a_tour() -> None:
    """Payload and floor are shared between the stops; what each stop gets is a decision of its own."""
    texts = rows(packed(villages(days=1)))
    stops = [f"{TOUR}__stop_{n}__d000" for n in (1, 2, 3)]
    bundles = " + ".join(f"bundles__{stop}" for stop in stops)
    loads = " + ".join(f"load_kg__{stop}__flour" for stop in stops)
    assert texts[f"bundle_limit__{TOUR}__d000"] == f"{bundles} - 4 sorties__{TOUR}__d000 <= 0"
    weights = " + ".join(f"50 bundles__{stop}" for stop in stops)
    assert texts[f"payload_limit__{TOUR}__d000"] == f"{weights} + {loads} - 2000 sorties__{TOUR}__d000 <= 0"
    assert texts[f"bundle_fill__{stops[1]}"] == f"- 250 bundles__{stops[1]} + load_kg__{stops[1]}__flour <= 0"


def test_bundles_are_dealt_to_stops() -> None:
    """300 kg a village are 375 dropped in two bundles: no more than four bundles in any sortie."""
    plan = flown(packed(villages()))
    assert any(len(s.zones) > 1 for s in plan.sorties)
    assert max(s.bundles for s in plan.sorties) <= 4
    assert sum(s.bundles for s in plan.sorties) == 12


def test_files_and_times_anew(plan: Plan, tmp_path: Path) -> None:
    """Read back, a plan is the same; timed anew, its tours keep their stops."""
    instance = villages()
    write_plan(plan, tmp_path / "plan", instance)
    assert "vale_a;vale_b;vale_c" in (tmp_path / "plan" / "sorties.csv").read_text(encoding="utf-8")
    again = read_plan(tmp_path / "plan")
    assert check(again, instance) == ()
    late = changed(instance, "parties", "north", hours_from=480)
    retimed = retime(again, late, Clock(SECONDS)).plan
    assert retimed is not None
    assert check(retimed, late) == ()
    assert {s.takeoff_local.hour for s in retimed.sorties} == {8}
    assert [s.zones for s in retimed.sorties] == [VILLAGES] * 2


def said(plan: Plan, instance: Instance) -> list[str]:
    return [f"{violation}" for violation in check(plan, instance)]


def names(plan: Plan, instance: Instance) -> set[str]:
    return {line.split(":")[0] for line in said(plan, instance)}


@pytest.mark.parametrize(
    ("table", "values", "rules"),
    [
        ("loads", {"stop": 2}, {"load_figures", "zone_recovery_limit", "hand_over_balance"}),
        ("loads", {"stop": 4}, {"load_figures", "zone_recovery_limit", "hand_over_balance"}),
        ("sorties", {"zones": VILLAGES[::-1]}, {"load_figures", "legal_path"}),
        ("sorties", {"zones": ("vale_a", "vale_a")}, {"mission_rights"}),
    ],
)
def test_the_judge_sees_what_is_edited(
    plan: Plan, table: str, values: dict[str, object], rules: set[str]
) -> None:
    """A load given to another stop, a tour flown the other way round, a zone served twice."""
    assert rules <= names(edited(plan, table, 0, **values), villages())


def test_the_judge_times_every_stop(plan: Plan) -> None:
    """The second drop of a tour a minute late."""
    late = plan.loads[1].drop_utc + dt.timedelta(minutes=1)
    assert said(edited(plan, "loads", 1, drop_utc=late), villages()) == [
        "load_figures: s0001 at stop 2, flour: drop_utc is 2016-04-11T04:00Z, "
        "the sortie drops at 2016-04-11T03:59Z"
    ]


@pytest.mark.parametrize(
    ("zone", "column", "value", "rule"),
    [
        ("vale_c", "recovery_to", 7 * 60 + 21, "zone_hours"),
        ("vale_b", "recovery_from", 7 * 60, "zone_hours"),
        ("vale_c", "recovery_kg_per_day", 299.0, "zone_recovery_limit"),
        ("vale_b", "closed", True, "mission_rights"),
        ("vale_c", "ground_team", False, "mission_rights"),
        ("vale_b", "methods", (), "mission_rights"),
    ],
)
def test_every_stop_keeps_the_rules_of_its_zone(
    plan: Plan, zone: str, column: str, value: object, rule: str
) -> None:
    """The tour of the first day is at vale_b at 06:59 and at vale_c at 07:22."""
    assert rule in names(plan, changed(villages(), "zones", zone, **{column: value}))


def test_clearing_at_every_stop() -> None:
    """Two tours meet at vale_c, the last stop of one and the first of the other, 90 min apart at least."""
    instance = villages()
    for zone in VILLAGES:
        instance = changed(instance, "zones", zone, clearing_min=90.0)
    net = build_network(instance, NORTH)
    pair = "lifters__vale_b__vale_c__landing__1000m"
    found = fit(day_of(net, 0, {TOUR: 1, pair: 1}, {"lifters": (0, 0)}), Clock(SECONDS), 0).timed
    assert found is not None
    off = {one.mission: one.takeoff_min for one in found}
    for a, b in ((1, 0), (2, 1)):
        drops = (
            off[TOUR] + net.missions[TOUR].stops[a].drop_min,
            off[pair] + net.missions[pair].stops[b].drop_min,
        )
        assert abs(drops[0] - drops[1]) >= 90


def wall(south_km: float, north_km: float, east_km: tuple[float, float], **values: object) -> Area:
    a, b = place(south_km, east_km[0]), place(north_km, east_km[1])
    ring = ((a["lon"], a["lat"]), (b["lon"], a["lat"]), (b["lon"], b["lat"]), (a["lon"], b["lat"]))
    return Area.model_validate({"id": "area", "kind": "prohibited", "outline": ring, **values})


def test_tours_fly_round_walls_between_zones() -> None:
    """A wall between vale_a and vale_b: the leg goes round it, and the judge finds nothing."""
    barred = villages().model_copy(update={"airspace": (wall(4, 6, (90, 103)),)})
    open_km = build_network(villages(), NORTH).missions[TOUR].path.distance_km
    tours = [m for m in build_network(barred, NORTH).missions.values() if set(m.zones) == set(VILLAGES)]
    assert min(m.path.distance_km for m in tours) > open_km + 2
    flown(barred)


def test_a_threat_around_the_zones_is_entered_once() -> None:
    """The valley lies in one threat: a tour risks as much as a sortie to one village."""
    threat = wall(-30, 30, (80, 120), kind="threat", loss_per_transit=0.001)
    missions = build_network(villages().model_copy(update={"airspace": (threat,)}), NORTH).missions
    assert {round(m.loss_prob, 9) for m in missions.values()} == {0.001}
    flown(villages().model_copy(update={"airspace": (threat,)}))


def test_low_threats_are_passed_at_every_landing() -> None:
    """A band below the height flown is met around the base and around each of two far landings."""
    apart = tuple(
        zone.model_copy(update=place(60.0 * (1 - i), 100)) for i, zone in enumerate(villages().zones)
    )
    low = wall(-90, 90, (80, 120), kind="threat", ceiling_m=900, loss_per_transit=0.001)
    instance = villages().model_copy(update={"zones": apart, "airspace": (low,)})
    missions = build_network(instance, NORTH).missions.values()
    losses = {len(m.stops): round(m.loss_prob, 9) for m in missions}
    assert losses[1] == 0.001
    assert losses[2] == pytest.approx(1 - 0.999**2, abs=1e-9)
    flown(instance)


def strip(per_hour: int) -> Area:
    """A corridor across the way, 40 to 50 km from the base."""
    return wall(-90, 90, (40, 50), kind="corridor", transits_per_hour=per_hour)


def test_plans_keep_corridor_hours() -> None:
    """A sortie to vale_b enters 17 min after take-off, and at 70 on its way back.

    Half of what rounding adds and 5 min of climb, then 40 km at 200 km/h; back after 150 km, 15 min on the
    ground and another climb. Two tails would fly side by side; with two transits an hour the second waits,
    with one nothing flies.
    """
    instance = villages(days=1).model_copy(update={"airspace": (strip(2),)})
    net = build_network(instance, NORTH, most_stops=1)
    assert net.missions["lifters__vale_b__landing__1000m"].entries == (("area", 17), ("area", 70))
    plan = flown(instance, stops=1)
    assert len(plan.sorties) == 3
    entered = sorted(
        s.takeoff_utc + dt.timedelta(minutes=minute)
        for s in plan.sorties
        for _, minute in net.missions[f"lifters__{s.zones[0]}__landing__1000m"].entries
    )
    hour = dt.timedelta(minutes=60)
    assert all(third - first >= hour for first, third in zip(entered, entered[2:], strict=False))
    narrow = instance.model_copy(update={"airspace": (strip(1),)})
    assert names(plan, narrow) == {"corridor_hour_limit"}
    assert (
        planned(
            solve(narrow, Options(parties=NORTH, stops=1, time_limit_s=SECONDS), Watch(Clock(SECONDS)))
        ).sorties
        == ()
    )


def test_sorties_that_stay_on_the_ground_are_no_stops(plan: Plan) -> None:
    """A stop without a load is flown over: the sortie still takes its slot there."""
    first: Sortie = plan.sorties[0]
    dropped: list[Load] = [load for load in plan.loads if (load.sortie_id, load.stop) != (first.sortie_id, 2)]
    lighter = plan.model_copy(update={"loads": tuple(dropped)})
    assert "load_figures" not in names(lighter, villages())
    assert "timetable_figures" not in names(lighter, villages())
    assert "hand_over_balance" in names(lighter, villages())
