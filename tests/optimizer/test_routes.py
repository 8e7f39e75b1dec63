"""Missions in the sky: days, hours and corridors, what is refused, and what must hold for any plan."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from instances.schema import Area, Instance
from optimizer.airspace.paths import FlightPath
from optimizer.check import check
from optimizer.clock import Clock
from optimizer.common import nothing_in_common, with_common_rules
from optimizer.network import Network, out_of_reach
from optimizer.routes import thinned
from optimizer.timetable.timetabler import Timetabler
from tests.optimizer.hand import BOTH, NH, NORTH, SH, SL, changed, network, tiny
from tests.optimizer.test_solve import planned, run

ACROSS = ((38.8, 33.0), (39.2, 33.0), (39.2, 37.0), (38.8, 37.0))  # across north's way, hundreds of km long
SHORT = ((38.9, 35.3), (39.1, 35.3), (39.1, 35.7), (38.9, 35.7))


def area(kind: str, outline: tuple[tuple[float, float], ...] = ACROSS, **values: object) -> Area:
    return Area.model_validate({"id": kind, "kind": kind, "outline": outline, **values})


def under(*areas: Area, instance: Instance | None = None) -> Instance:
    base = tiny() if instance is None else instance
    return base.model_copy(update={"airspace": (*base.airspace, *areas)})


def north(*areas: Area, instance: Instance | None = None) -> Network:
    return network(under(*areas, instance=instance), NORTH)


def test_dates_open_and_close_paths() -> None:
    """On two of the six days north flies round by the end of the area, on the others straight."""
    wall = area("prohibited", SHORT, first_date="2016-04-13", last_date="2016-04-14")
    straight, detour = north(wall).missions.values()
    assert (straight.id, straight.days) == (NH, (0, 1, 4, 5))
    assert detour.days == (2, 3)
    assert detour.path.distance_km > straight.path.distance_km
    assert detour.id.startswith(f"{NH}__")


def test_hours_limit_the_take_offs() -> None:
    """Until noon the area bars the way: after it a straight flight, before it one around."""
    net = north(area("prohibited", SHORT, hours_to="12:00"))
    straight = next(m for m in net.missions.values() if m.path.id == "airfield_n__dz__5000m")
    assert (straight.hours_from, straight.hours_to) == (720, 1080)
    table = Timetabler(net).times({(straight.id, 0): 1}, {"north_hauler": 1}, Clock(60))
    assert table.left_over == {}
    assert table.flights[0].takeoff_min >= 720
    assert table.flights[0].takeoff_min + table.flights[0].mission.block_min <= 1080


def test_no_path_names_the_area() -> None:
    shut = area("prohibited", ((36.0, 30.5), (36.5, 30.5), (36.5, 37.5)), first_date="2016-04-12")
    assert north(shut).refusals == ()
    closed = area(
        "prohibited", ((37.5, 35.5), (38.5, 35.5), (38.5, 36.5), (37.5, 36.5)), last_date="2016-04-12"
    )
    net = north(closed)
    (refusal,) = net.refusals
    assert refusal.reason == "unreachable, because of prohibited (first day to 2016-04-12, 0 to 100000 m)"
    assert (refusal.party, refusal.example, refusal.zone) == ("north", NH, "dz")
    assert net.missions[NH].days == (2, 3, 4, 5)


def test_a_zone_out_of_reach_is_named() -> None:
    around_dz = ((39.5, 34.5), (40.5, 34.5), (40.5, 35.5), (39.5, 35.5))
    barred = under(area("prohibited", around_dz, parties=("north", "south")))
    ((zone, reasons),) = out_of_reach(barred)
    assert zone == "dz"
    assert reasons == ("unreachable, because of prohibited (every day, 0 to 100000 m)",)
    assert out_of_reach(tiny()) == []


def test_a_cap_takes_the_risky_path_and_says_so() -> None:
    """A threat on the straight way is above north's cap of 1e-4, and the way around below it."""
    risky = north(area("threat", SHORT, loss_per_100_km=0.001))
    (mission,) = risky.missions.values()
    assert mission.path.distance_km > 425.5
    assert mission.loss_prob <= mission.party.loss_cap
    assert [r.reason for r in risky.refusals] == [
        "the risk of losing the aircraft is above the party's cap per sortie"
    ]


def test_the_campaign_may_choose_between_short_and_safe() -> None:
    bold = changed(tiny(), "parties", "north", loss_cap=0.1)
    tall = ((38.9, 34.6), (39.1, 34.6), (39.1, 36.4), (38.9, 36.4))
    found = list(north(area("threat", tall, loss_per_100_km=0.01), instance=bold).missions.values())
    assert len(found) > 1
    minutes, losses = [m.block_min for m in found], [m.loss_prob for m in found]
    assert minutes == sorted(minutes)
    assert losses == sorted(losses, reverse=True)


def test_a_way_without_a_crowded_corridor_is_kept() -> None:
    """Through the gate straight, or around the end of the restricted area: the limit may make it pay."""
    barred = area("restricted", ((38.8, 34.8), (39.2, 34.8), (39.2, 37.0), (38.8, 37.0)))
    for limit, ways in ((2, 2), (None, 1)):
        gate = area("corridor", SHORT, transits_per_day=limit)
        wide = gate.model_copy(update={"outline": ((38.7, 35.3), (39.3, 35.3), (39.3, 35.7), (38.7, 35.7))})
        net = north(barred, wide)
        assert len(net.missions) == ways
        assert next(m.path.corridors for m in net.missions.values()) == ("corridor",)
        assert net.transits_per_day == ({} if limit is None else {"corridor": limit})


def path(km: float, loss: float) -> FlightPath:
    return FlightPath(f"p{km}", km, (), (), 5000, loss)


@pytest.mark.parametrize(
    ("front", "kept"),
    [
        ([(100, 0.01)], [100]),
        ([(100, 0.01), (110, 0.006), (120, 0.001)], [100, 120]),  # 110 lies above the line
        ([(100, 0.01), (110, 0.002), (120, 0.001)], [100, 110, 120]),
        ([(100, 0.01), (101, 0.005)], [101]),  # a little longer and much safer
        ([(100, 0.01), (110, 0.0095)], [100]),  # hardly safer
    ],
)
def test_a_front_is_thinned(front: list[tuple[float, float]], kept: list[float]) -> None:
    assert [one.distance_km for one in thinned([path(*figures) for figures in front])] == kept


def test_a_plan_flown_around_passes_the_judge() -> None:
    wall = area("prohibited", SHORT, last_date="2016-04-13")
    gate = area("corridor", ((39.2, 34.2), (39.5, 34.2), (39.5, 34.6), (39.2, 34.6)), transits_per_day=1)
    barred = gate.model_copy(update={"id": "barred", "kind": "restricted", "transits_per_day": None})
    instance = under(wall, gate, barred)
    plan = planned(run(instance, BOTH))
    assert check(plan, instance) == ()
    by_day = [s.date for s in plan.sorties if s.party == "south"]
    assert max(by_day.count(date) for date in by_day) == 1


def cost_and_need(instance: Instance) -> tuple[float, float]:
    summary = dict(planned(run(instance, BOTH, 0.3)).summary)
    return summary["cost_usd"], summary["need_met_frac"]


def test_a_new_prohibited_area_never_makes_a_plan_cheaper() -> None:
    """To the gap of half a percent; south flies round, if at all."""
    long = ((39.0, 34.4), (39.9, 34.4), (39.9, 34.6), (39.0, 34.6))
    free, barred = (cost_and_need(instance)[0] for instance in (tiny(), under(area("prohibited", long))))
    assert barred >= free * 0.995


def test_a_lower_cap_never_helps() -> None:
    """Without low drops south lands a smaller share of what it loads."""
    free, careful = (
        cost_and_need(changed(tiny(), "parties", "south", loss_cap=cap))[0] for cap in (1e-3, 1e-4)
    )
    assert careful >= free * 0.995


def test_common_rules() -> None:
    one = changed(tiny(), "parties", "north", flying_weekdays=("mon", "tue"), hours_from=420, funds_usd=5e6)
    gate = area("corridor", SHORT, parties=("south",))
    common = with_common_rules(under(gate, instance=one))
    for party in common.parties:
        assert (party.loss_cap, party.loss_budget) == (1e-4, 0.01)
        assert (party.flying_weekdays, party.hours_from, party.funds_usd) == (("mon", "tue"), 420, 5e6)
        assert party.needs_ground_team
    assert common.airspace[-1].parties == ()
    assert SL not in network(common).missions
    assert {NH, SH} <= set(network(common).missions)
    assert nothing_in_common(one) == ""
    apart = changed(one, "parties", "south", flying_weekdays=("sat",))
    assert nothing_in_common(apart) == "there is no weekday on which all parties fly"
    late = changed(one, "parties", "south", hours_to=400)
    assert nothing_in_common(late) == "there is no hour at which all parties fly"


def test_a_closed_day_is_not_flown() -> None:
    gone = area(
        "prohibited", ((37.5, 35.5), (38.5, 35.5), (38.5, 36.5), (37.5, 36.5)), last_date="2016-04-15"
    )
    net = north(gone)
    assert net.missions[NH].days == (5,)
    assert net.instance.dates[5] == dt.date(2016, 4, 16)


def test_loss_of_a_campaign_by_simulation() -> None:
    """What a plan says of losing any aircraft, and of how many, against 100 000 campaigns played through."""
    bold = changed(changed(tiny(), "airspace", "high", loss_per_transit=0.02), "airspace", "low", floor_m=10)
    for party in BOTH:
        bold = changed(bold, "parties", party, loss_cap=0.5, loss_budget=0.9)
    plan = planned(run(bold, BOTH))
    rng, runs = np.random.default_rng(0), 100_000
    for party in BOTH:
        said = {row.measure: row.value for row in plan.risk if row.party == party}
        loss_prob = np.array([s.loss_prob for s in plan.sorties if s.party == party])
        assert len(loss_prob) > 0
        lost = (rng.random((runs, len(loss_prob))) < loss_prob).sum(axis=1)
        any_lost = float((lost > 0).mean())
        p = said["aircraft_loss_prob"]
        assert abs(any_lost - p) < 4 * math.sqrt(p * (1 - p) / runs)
        deviation = math.sqrt(float((loss_prob * (1 - loss_prob)).sum()) / runs)
        assert abs(float(lost.mean()) - said["expected_aircraft_lost"]) < 4 * deviation
        assert said["hull_value_at_risk_usd"] == pytest.approx(1_000_000 * said["expected_aircraft_lost"])
        assert said["crew_exposure"] == pytest.approx(4 * said["expected_aircraft_lost"])
