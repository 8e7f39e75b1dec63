"""The rules of a day's timetable one by one, days worked by hand, and why days do not fit.

Minutes after local midnight. North: 82 min block, drop after 36; south: 65 and 28; turnaround 60. Parties
fly 06:00-18:00 (360-1080), bases open 04:00-20:00, the zone recovers 06:00-17:00 (360-1020), drops keep 30.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.schema import Area, Instance, Supply
from optimizer.clock import Clock
from optimizer.cp_solver import run
from optimizer.network import Network
from optimizer.timetable import constraints as rules
from optimizer.timetable.build import build, rules_of
from optimizer.timetable.constraints import RULES, Rule
from optimizer.timetable.day import day_of
from optimizer.timetable.timetabler import Timetable, Timetabler
from tests.optimizer.hand import LORRY, NH, SH, SL, changed, header, network, tiny

NET = network()
CLOCK = Clock(3600)
Flown = tuple[str, int, int]
"""Mission, tail in service from 1, take-off."""


def alone(
    rule: Rule, *flown: Flown, net: Network = NET, ready: Mapping[str, tuple[int, ...]] | None = None
) -> bool:
    """Whether one rule alone allows these sorties."""
    counts = {m: sum(f[0] == m for f in flown) for m, *_ in flown}
    tails = dict.fromkeys(net.fleets, (0, 0, 0)) | dict(ready or {})
    day = day_of(net, 0, counts, tails)
    x = build(day, [other for other in rules_of(day) if other[0] != rule.__name__])
    order = sorted(flown, key=lambda f: (f[0], f[2]))
    line: dict[str, dict[int, int]] = {}
    for place, (mission, tail, takeoff) in zip(x.places, order, strict=True):
        assert place.task.mission == mission
        x.model.add(place.takeoff == takeoff)
        # Tails that are alike are used in order.
        lines = line.setdefault(place.task.fleet, {})
        k = tail - 1 if ready else lines.setdefault(tail, len(lines))
        x.model.add(place.line[k] == 1)
    return not run(x.model, (), CLOCK, 10.0).infeasible


def timed(net: Network, tails: Mapping[str, int], *days: Mapping[str, int]) -> Timetable:
    sorties = {(m, d): n for d, day in enumerate(days) for m, n in day.items()}
    return Timetabler(net).times(sorties, tails, CLOCK)


def takeoffs(table: Timetable) -> list[tuple[int, int]]:
    """(tail, take-off) of each sortie."""
    return [(f.tail, f.takeoff_min) for f in table.flights]


@pytest.mark.parametrize(("second", "allowed"), [(459, False), (460, True)])
def test_timetable_corridor_hour_limit(second: int, allowed: bool) -> None:
    """One transit an hour of a corridor that holds the whole way, entered after 10 min of climb."""
    outline = ((37.0, 33.0), (41.0, 33.0), (41.0, 37.0), (37.0, 37.0))
    gate = Area(id="gate", kind="corridor", outline=outline, transits_per_hour=1)
    net = network(tiny().model_copy(update={"airspace": (*tiny().airspace, gate)}))
    assert net.missions[NH].entries == (("gate", 10),)
    assert alone(rules.corridor_hour_limit, (NH, 1, 400), (NH, 2, second), net=net) is allowed


@pytest.mark.parametrize(
    ("takeoff_min", "allowed"),
    [(359, False), (360, True), (1080 - 82, True), (1080 - 81, False)],
)
def test_timetable_flying_hours(takeoff_min: int, allowed: bool) -> None:
    assert alone(rules.flying_hours, (NH, 1, takeoff_min)) is allowed


@pytest.mark.parametrize(("takeoff_min", "allowed"), [(479, False), (480, True), (638, True), (639, False)])
def test_timetable_flying_hours_of_the_base(takeoff_min: int, allowed: bool) -> None:
    """The base opens at 07:00, so that the first aircraft is loaded at 08:00, and closes at noon."""
    net = network(changed(tiny(), "bases", "airfield_n", hours_from=420, hours_to=720))
    assert alone(rules.flying_hours, (NH, 1, takeoff_min), net=net) is allowed


@pytest.mark.parametrize(
    ("takeoff_min", "allowed"),
    [(360 - 37, False), (360 - 36, True), (1020 - 36, True), (1020 - 35, False)],
)
def test_timetable_zone_hours(takeoff_min: int, allowed: bool) -> None:
    assert alone(rules.zone_hours, (NH, 1, takeoff_min)) is allowed


def winter() -> Network:
    """The zone recovers day and night, north drops by daylight only: 35 N, 40 E on 21 December."""
    instance = header(tiny(), first_date=dt.date(2016, 12, 21))
    instance = changed(instance, "zones", "dz", recovery_from=0, recovery_to=1440)
    return network(changed(instance, "parties", "north", daylight_only=True))


@pytest.mark.parametrize(
    ("drop_min", "allowed"),
    [(5 * 60 + 50, False), (6 * 60 + 10, True), (16 * 60 + 25, True), (16 * 60 + 45, False)],
)
def test_timetable_daylight(drop_min: int, allowed: bool) -> None:
    """The sun is up 06:27 to 16:10 on clocks two hours before UTC, and civil twilight lasts 27 minutes."""
    assert alone(rules.daylight, (NH, 1, drop_min - 36), net=winter()) is allowed
    assert alone(rules.daylight, (SH, 1, 0), net=winter())  # south drops at night as well


@pytest.mark.parametrize(
    ("this", "allowed"),
    [
        ((NH, 1, 501), False),  # lands at 442, is ready at 502
        ((NH, 1, 502), True),
        ((NH, 2, 360), True),  # another tail
        ((SH, 1, 360), True),  # another fleet
    ],
)
def test_timetable_tail_turnaround(this: Flown, allowed: bool) -> None:
    assert alone(rules.tail_turnaround, (NH, 1, 360), this) is allowed


def test_timetable_tail_turnaround_between_methods() -> None:
    assert not alone(rules.tail_turnaround, (SH, 1, 484), (SL, 1, 360))
    assert alone(rules.tail_turnaround, (SH, 1, 485), (SL, 1, 360))


def test_timetable_tail_turnaround_with_refuelling() -> None:
    net = network(changed(tiny(), "aircraft", "hauler", refuel_min=20))
    assert not alone(rules.tail_turnaround, (NH, 1, 360), (NH, 1, 521), net=net)
    assert alone(rules.tail_turnaround, (NH, 1, 360), (NH, 1, 522), net=net)


def test_timetable_serviceability() -> None:
    """Two sorties a tail; of two tails half are in service, so the second stays on the ground."""
    two, three = [(NH, 1, 360), (NH, 1, 600)], [(NH, 1, 360), (NH, 1, 600), (NH, 1, 840)]
    assert alone(rules.serviceability, *two)
    assert not alone(rules.serviceability, *three)
    half = network(changed(tiny(), "fleets", "north_hauler", serviceable_frac=0.5))
    assert {tail for tail, _ in takeoffs(timed(half, {"north_hauler": 2}, {NH: 2}))} == {1}


@pytest.mark.parametrize(
    ("this", "allowed"),
    [
        ((NH, 3, 419), False),  # both slots load until 360 and 390
        ((NH, 3, 420), True),  # one is free again at 360
        ((NH, 3, 331), False),
        ((NH, 3, 330), True),  # done before the second begins
        ((SH, 1, 360), True),  # another base
    ],
)
def test_timetable_ramp_slots(this: Flown, allowed: bool) -> None:
    assert alone(rules.ramp_slots, (NH, 1, 360), (NH, 2, 390), this) is allowed


def test_timetable_refuelling() -> None:
    """One fuel point, 20 minutes each: the second lands 20 minutes after the first or not at all."""
    net = network(
        changed(changed(tiny(), "aircraft", "hauler", refuel_min=20), "bases", "airfield_n", fuel_points=1)
    )
    assert not alone(rules.refuelling, (NH, 1, 360), (NH, 2, 379), net=net)
    assert alone(rules.refuelling, (NH, 1, 360), (NH, 2, 380), net=net)


def test_timetable_takeoff_spacing() -> None:
    net = network(changed(tiny(), "bases", "airfield_n", takeoff_spacing_min=5))
    assert not alone(rules.takeoff_spacing, (NH, 1, 360), (NH, 2, 364), net=net)
    assert alone(rules.takeoff_spacing, (NH, 1, 360), (NH, 2, 365), net=net)
    assert alone(rules.takeoff_spacing, (NH, 1, 360), (SH, 1, 360), net=net)


@pytest.mark.parametrize(
    ("this", "allowed"),
    [
        ((SH, 1, 396 + 30 - 28), True),  # drops 30 minutes after north's at 396
        ((SH, 1, 396 + 29 - 28), False),
        ((SL, 1, 396 - 29 - 28), False),
        ((SL, 1, 396 - 30 - 28), True),
        ((NH, 2, 389), False),
    ],
)
def test_timetable_zone_spacing(this: Flown, allowed: bool) -> None:
    assert alone(rules.zone_spacing, (NH, 1, 360), this) is allowed


def test_timetable_zone_clearing() -> None:
    """An hour to clear: drops keep it whoever flies, and the last is at 16:00 (960)."""
    net = network(changed(tiny(), "zones", "dz", clearing_min=60))
    assert not alone(rules.zone_clearing, (NH, 1, 360), (SH, 1, 396 + 59 - 28), net=net)
    assert alone(rules.zone_clearing, (NH, 1, 360), (SH, 1, 396 + 60 - 28), net=net)
    assert alone(rules.zone_clearing, (NH, 1, 960 - 36), net=net)
    assert not alone(rules.zone_clearing, (NH, 1, 961 - 36), net=net)


def test_timetable_crew_duty() -> None:
    """On duty from 05:30 to the landing: 240 minutes allow a second take-off at 488 (330 + 240 - 82)."""
    net = network(changed(tiny(), "fleets", "north_hauler", report_min=30, crew_duty_min=240))
    assert alone(rules.crew_duty, (NH, 1, 360), (NH, 1, 488), net=net)
    assert not alone(rules.crew_duty, (NH, 1, 360), (NH, 1, 489), net=net)
    assert alone(rules.crew_duty, (NH, 1, 360), (NH, 2, 489), net=net)


@pytest.mark.parametrize(("flight_min", "allowed"), [(163, False), (164, True)])
def test_timetable_crew_duty_in_flight(flight_min: float, allowed: bool) -> None:
    net = network(changed(tiny(), "fleets", "north_hauler", crew_flight_min=flight_min))
    assert alone(rules.crew_duty, (NH, 1, 360), (NH, 1, 600), net=net) is allowed


def test_timetable_crew_rest() -> None:
    """The crew of the second tail is rested at 07:00 and reports half an hour before take-off."""
    net = network(changed(tiny(), "fleets", "north_hauler", report_min=30))
    ready = {"north_hauler": (0, 420)}
    assert alone(rules.crew_rest, (NH, 1, 360), net=net, ready=ready)
    assert not alone(rules.crew_rest, (NH, 2, 449), net=net, ready=ready)
    assert alone(rules.crew_rest, (NH, 2, 450), net=net, ready=ready)


def test_every_rule_is_tried() -> None:
    names = {f"test_timetable_{rule.__name__}" for rule in RULES}
    assert names <= set(globals())


def test_a_day_that_fits() -> None:
    """One tail, 65 min out and back and 60 on the ground: ready every 125 minutes, as early as can be."""
    net = network(changed(tiny(), "fleets", "south_hauler", sorties_per_tail_day=6))
    table = timed(net, {"south_hauler": 1}, {SL: 6})
    assert [f.takeoff_min for f in table.flights] == [360, 485, 610, 735, 860, 985]
    assert (table.left_over, table.cuts) == ({}, ())


def test_two_tails_and_one_ramp_slot() -> None:
    """The second is loaded when the first has left: it waits exactly the turnaround of an hour."""
    net = network(changed(tiny(), "bases", "airfield_n", ramp_slots=1))
    assert takeoffs(timed(net, {"north_hauler": 2}, {NH: 2})) == [(1, 360), (2, 420)]


def test_a_second_tail_flies_while_the_first_is_away() -> None:
    """Drops of north at 396 and 426: the second tail waits for the zone, not for the first tail."""
    assert takeoffs(timed(NET, {"north_hauler": 2}, {NH: 2})) == [(1, 360), (2, 390)]


def test_loading_waits_for_the_base_to_open() -> None:
    """The base opens at 07:00 and loads for an hour."""
    net = network(changed(tiny(), "bases", "airfield_n", hours_from=420))
    assert takeoffs(timed(net, {"north_hauler": 1}, {NH: 1})) == [(1, 480)]


def test_tails_fly_in_turn() -> None:
    table = timed(NET, {"south_hauler": 2}, *[{SL: 1}] * 4)
    assert [f.tail for f in table.flights] == [1, 2, 1, 2]


def test_a_crew_flies_again_when_it_has_rested() -> None:
    """It lands at 442; after 22 hours and 38 minutes it is rested at 360 + 60, and not a minute before."""
    long_rest = network(changed(tiny(), "fleets", "north_hauler", crew_rest_min=24 * 60 + 420 - 442))
    assert takeoffs(timed(long_rest, {"north_hauler": 1}, {NH: 1}, {NH: 1})) == [(1, 360), (1, 420)]
    two_crews = changed(tiny(), "fleets", "north_hauler", crew_rest_min=24 * 60 + 420 - 442, crews_per_tail=2)
    table = timed(network(two_crews), {"north_hauler": 1}, {NH: 1}, {NH: 1}, {NH: 1})
    assert [f.takeoff_min for f in table.flights] == [360, 360, 360]


def test_days_of_equal_content_share_one_solution() -> None:
    timetabler = Timetabler(NET)
    sorties = {(m, d): 2 for d in range(6) for m in (NH, SL)}
    table = timetabler.times(sorties, {"north_hauler": 1, "south_hauler": 1}, CLOCK)
    assert timetabler.days_worked_out == 1
    by_day = {d: [(f.mission.id, f.takeoff_min) for f in table.flights if f.day == d] for d in range(6)}
    assert all(day == by_day[0] for day in by_day.values())


def test_the_change_of_clocks_moves_no_wall_clock_hour() -> None:
    """Berlin lost an hour in the night to 27 March 2016: 06:00 comes 300 minutes after midnight."""
    spring = header(tiny(), first_date=dt.date(2016, 3, 26), days=2, time_zone="Europe/Berlin")
    table = timed(network(spring), {"north_hauler": 1}, {NH: 1}, {NH: 1})
    assert [f.takeoff_min for f in table.flights] == [360, 300]


def test_no_sortie_runs_over_local_midnight() -> None:
    """Open day and night, the last landing is at 24:00: with 82 minutes the last take-off is at 1358."""
    night = changed(tiny(), "parties", "north", hours_from=0, hours_to=1440)
    night = changed(night, "bases", "airfield_n", hours_from=0, hours_to=1440)
    night = changed(night, "zones", "dz", recovery_from=0, recovery_to=1440)
    net = network(night)
    assert alone(rules.flying_hours, (NH, 1, 1358), net=net)
    assert not alone(rules.flying_hours, (NH, 1, 1359), net=net)


def why(net: Network, tails: Mapping[str, int], asked: Mapping[str, int]) -> tuple[str, float, int]:
    """Reason and limit of the only cut of a day, and the sorties left over."""
    table = timed(net, tails, asked)
    assert len(table.cuts) == 1, table.cuts
    return table.cuts[0].reason, table.cuts[0].most, sum(table.left_over.values())


def test_a_ramp_that_is_too_small_says_so() -> None:
    """One slot: 04:00 to 17:58 take-off less the first hour, loading an hour each: 11 take-offs 360 to 960.

    Zone spacing of 30 minutes and six tails would allow more.
    """
    net = network(
        changed(changed(tiny(), "bases", "airfield_n", ramp_slots=1), "fleets", "north_hauler", max_tails=9)
    )
    reason, most, left = why(net, {"north_hauler": 9}, {NH: 12})
    assert (most, left) == (11, 1)
    assert reason == (
        "at most 11 sorties a day: airfield_n has 1 ramp slot, north flies from airfield_n 06:00 to 18:00"
    )


def test_a_zone_that_is_cleared_too_slowly_says_so() -> None:
    """Five hours to clear: drops at 396 and 696 end at 996; a third would end after 17:00."""
    net = network(changed(tiny(), "zones", "dz", clearing_min=300))
    reason, most, left = why(net, {"north_hauler": 2, "south_hauler": 2}, {NH: 2, SL: 1})
    assert (most, left) == (2, 1)
    assert reason.startswith("at most 2 sorties a day: dz is cleared for 300 min after each drop")


def test_a_tail_that_flies_too_little_says_so() -> None:
    """Two sorties a tail and day: each tail adds two, which holds for any number of tails."""
    table = timed(NET, {"north_hauler": 1}, {NH: 3})
    assert [(cut.most, cut.per_tail, cut.proven) for cut in table.cuts] == [(0, (("north_hauler", 2),), True)]
    assert table.cuts[0].reason == (
        "at most 2 sorties a day for each tail: a tail of north_hauler flies 2 sorties a day"
    )


def test_a_cut_of_tails_holds_for_any_number_of_them() -> None:
    """North flies 06:00-13:00 with 100 minutes between drops; tails are back after 82 and ready after 142.

    Take-offs 360 to 698, 100 apart: four at most, from two tails at 360, 460, 560, 660. One tail flies at
    360 and 502 and 644, three times, so that each number of tails has a limit of its own.
    """
    net = changed(tiny(), "parties", "north", hours_to=13 * 60)
    net = changed(net, "zones", "dz", drop_spacing_min=100.0)
    narrow = network(changed(net, "fleets", "north_hauler", max_tails=4, sorties_per_tail_day=9))
    most = {}
    for tails in range(1, 5):
        fits = [n for n in range(1, 7) if not timed(narrow, {"north_hauler": tails}, {NH: n}).cuts]
        most[tails] = max(fits)
    assert most == {1: 3, 2: 4, 3: 4, 4: 4}
    for tails in (1, 2):
        cut = timed(narrow, {"north_hauler": tails}, {NH: most[tails] + 1}).cuts[0]
        room = {t: cut.most + sum(n for _, n in cut.per_tail) * t for t in most}
        assert cut.proven
        assert room[tails] < most[tails] + 1
        assert all(room[t] >= most[t] for t in most)


def test_a_cut_holds_on_all_days_that_are_alike() -> None:
    table = timed(NET, {"north_hauler": 1}, {NH: 3})
    assert table.cuts[0].days == tuple(NET.days)
    tired = network(changed(tiny(), "fleets", "north_hauler", crew_rest_min=2000))
    days = timed(tired, {"north_hauler": 1}, {NH: 1}, {NH: 1}).cuts
    assert [cut.days for cut in days] == [(1,)]
    assert "rests 2000 min" in days[0].reason


def test_what_is_foreseen_is_no_more_than_what_fits() -> None:
    """Clearing of 150 minutes: drops from 388 (south's first) to 870, four of them; one tail flies twice."""
    net = network(changed(tiny(), "zones", "dz", clearing_min=150))
    foreseen = Timetabler(net).foreseen(CLOCK)
    assert [(cut.most, cut.per_tail) for cut in foreseen] == [(4, ())]
    fits = timed(net, {"north_hauler": 2, "south_hauler": 2}, {NH: 2, SL: 2})
    assert fits.cuts == ()


def test_the_same_seed_gives_the_same_timetable() -> None:
    asked = [{NH: 3, SH: 2, SL: 1}, {NH: 4, SL: 2}]
    tails = {"north_hauler": 2, "south_hauler": 2}
    assert timed(NET, tails, *asked) == timed(NET, tails, *asked)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    sorties=st.fixed_dictionaries({m: st.integers(0, 5) for m in (NH, SH, SL)}),
    north=st.integers(0, 3),
    south=st.integers(0, 3),
    clearing=st.sampled_from([0, 45, 200]),
    slots=st.integers(1, 2),
)
def test_every_timetable_keeps_every_rule(
    sorties: dict[str, int], north: int, south: int, clearing: int, slots: int
) -> None:
    instance: Instance = changed(tiny(), "zones", "dz", clearing_min=clearing)
    instance = changed(instance, "bases", "airfield_s", ramp_slots=slots, takeoff_spacing_min=10)
    net = network(changed(instance, "fleets", "south_hauler", report_min=45, crew_duty_min=300))
    tails = {"north_hauler": north, "south_hauler": south}
    table = timed(net, tails, sorties)
    flown: list[Flown] = [(f.mission.id, f.tail, f.takeoff_min) for f in table.flights]
    for rule in RULES if flown else ():
        assert alone(rule, *flown, net=net), rule.__name__
    for m, asked in sorties.items():
        assert sum(f[0] == m for f in flown) + table.left_over.get((m, 0), 0) == asked
    assert bool(table.cuts) == bool(table.left_over)


def joined(minutes: float = 60.0, **bases: object) -> Network:
    """North's feeder by air from its field to the south's: an hour each way, an hour of unloading."""
    air = LORRY.model_copy(update={"mode": "airlift", "aircraft": "hauler", "minutes": minutes})
    instance = changed(tiny(), "bases", "airfield_s", parties=("north", "south"), **bases)
    soap = Supply(base="airfield_s", commodity="soap", kg=0, usd_per_kg=2)
    return network(instance.model_copy(update={"feeders": (air,), "supplies": (*instance.supplies, soap)}))


def test_a_feeder_takes_turns_on_both_ramps() -> None:
    """South's second is loaded from 360 to 420 on the only slot: the trip, 30 min away, waits until 390."""
    asked = {(SL, 0): 2}, {"south_hauler": 2}, CLOCK
    wide = Timetabler(joined(30.0)).times(*asked, {("lorry", 0): 1})
    assert [haul.takeoff_min for haul in wide.hauls] == [360]
    assert [f.takeoff_min for f in wide.flights] == [360, 390]
    narrow = Timetabler(joined(30.0, ramp_slots=1)).times(*asked, {("lorry", 0): 1})
    assert [haul.takeoff_min for haul in narrow.hauls] == [390]
    assert [f.takeoff_min for f in narrow.flights] == [360, 420]


def test_a_feeder_makes_one_trip_at_a_time() -> None:
    """Loading 300, take-off 360, back at 540; with an hour of loading it leaves again at 600."""
    table = Timetabler(joined()).times({}, {}, CLOCK, {("lorry", 0): 2})
    assert [haul.takeoff_min for haul in table.hauls] == [360, 600]


def test_trips_that_do_not_fit_are_left_over_with_the_reason() -> None:
    """The far field is open for two hours: one trip can unload there."""
    table = Timetabler(joined(hours_from=400, hours_to=520)).times({}, {}, CLOCK, {("lorry", 0): 2})
    assert table.left_over == {("lorry", 0): 1}
    assert "lorry makes one trip at a time" in table.cuts[0].reason
