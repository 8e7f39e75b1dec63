"""The day's timetable rule by rule, the dispatcher over them, and the times that are written.

Minutes after local midnight. North: 82 min block, drop after 36; south: 65 and 28; turnaround 60. Parties
fly 06:00-18:00 (360-1080), bases open 04:00-20:00, the zone recovers 06:00-17:00 (360-1020), drops keep 30.
"""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.schema import Instance
from optimizer.assemble import assemble
from optimizer.campaign.decisions import Decisions
from optimizer.dispatch import (
    RULES,
    STEP_MIN,
    Flight,
    Rule,
    dispatch_day,
    flying_hours,
    ramp_slots,
    tail_turnaround,
    zone_hours,
    zone_spacing,
)
from optimizer.header import header as plan_header
from optimizer.network import Network
from optimizer.options import Options
from optimizer.plan import Plan
from tests.optimizer.hand import BOTH, NH, SH, SL, changed, header, network, tiny

NET = network()
NORTH_AT_SIX = ((NH, 1, 360),)


def flight(mission: str, tail: int, takeoff_min: int, net: Network = NET) -> Flight:
    return Flight(net.missions[mission], 0, tail, takeoff_min)


def allows(rule: Rule, this: tuple[str, int, int], *others: tuple[str, int, int], net: Network = NET) -> bool:
    return rule(flight(*this, net=net), [flight(*other, net=net) for other in others])


@pytest.mark.parametrize(
    ("takeoff_min", "allowed"),
    [(359, False), (360, True), (1080 - 82, True), (1080 - 81, False)],
)
def test_dispatch_flying_hours(takeoff_min: int, allowed: bool) -> None:
    assert allows(flying_hours, (NH, 1, takeoff_min)) is allowed


@pytest.mark.parametrize(("takeoff_min", "allowed"), [(419, False), (420, True), (638, True), (639, False)])
def test_dispatch_flying_hours_of_the_base(takeoff_min: int, allowed: bool) -> None:
    """The base opens later and closes earlier than the party flies."""
    net = network(changed(tiny(), "bases", "airfield_n", hours_from=420, hours_to=720))
    assert allows(flying_hours, (NH, 1, takeoff_min), net=net) is allowed


@pytest.mark.parametrize(
    ("takeoff_min", "allowed"),
    [(360 - 37, False), (360 - 36, True), (1020 - 36, True), (1020 - 35, False)],
)
def test_dispatch_zone_hours(takeoff_min: int, allowed: bool) -> None:
    assert allows(zone_hours, (NH, 1, takeoff_min)) is allowed


@pytest.mark.parametrize(
    ("this", "allowed"),
    [
        ((NH, 1, 501), False),  # lands at 442, is ready at 502
        ((NH, 1, 502), True),
        ((NH, 2, 360), True),  # another tail
        ((SH, 1, 360), True),  # another fleet
        ((NH, 1, 360 - 82 - 60), True),  # before it
        ((NH, 1, 360 - 82 - 59), False),
    ],
)
def test_dispatch_tail_turnaround(this: tuple[str, int, int], allowed: bool) -> None:
    assert allows(tail_turnaround, this, *NORTH_AT_SIX) is allowed


def test_dispatch_tail_turnaround_between_methods() -> None:
    assert not allows(tail_turnaround, (SH, 1, 484), (SL, 1, 360))
    assert allows(tail_turnaround, (SH, 1, 485), (SL, 1, 360))


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
def test_dispatch_ramp_slots(this: tuple[str, int, int], allowed: bool) -> None:
    assert allows(ramp_slots, this, (NH, 1, 360), (NH, 2, 390)) is allowed


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
def test_dispatch_zone_spacing(this: tuple[str, int, int], allowed: bool) -> None:
    assert allows(zone_spacing, this, *NORTH_AT_SIX) is allowed


def test_every_rule_is_tried() -> None:
    names = {f"test_dispatch_{rule.__name__}" for rule in RULES}
    assert names <= set(globals())


def test_a_day_that_fits() -> None:
    """One tail, 65 min out and back and 60 on the ground: ready every 125 minutes."""
    flights, left_over = dispatch_day(NET, 0, {SL: 6}, {"south_hauler": 1})
    assert [f.takeoff_min for f in flights] == [360, 485, 610, 735, 860, 985]
    assert left_over == {}


def test_what_finds_no_place_is_left_over() -> None:
    """A seventh take-off would be at 1110, after the last drop at 1020."""
    flights, left_over = dispatch_day(NET, 0, {SL: 9}, {"south_hauler": 1})
    assert len(flights) == 6
    assert left_over == {SL: 3}


def test_without_tails_everything_is_left_over() -> None:
    assert dispatch_day(NET, 0, {NH: 2, SL: 1}, {"south_hauler": 1})[1] == {NH: 2}
    assert dispatch_day(NET, 0, {NH: 2}, {}) == ([], {NH: 2})


def test_tails_take_the_first_sortie_in_turn() -> None:
    first = [dispatch_day(NET, d, {SL: 1}, {"south_hauler": 2})[0][0].tail for d in range(4)]
    assert first == [1, 2, 1, 2]


def test_a_second_tail_flies_while_the_first_is_away() -> None:
    """Drops of north at 396 and 426: the second tail waits for the zone, not for the first tail."""
    flights, _ = dispatch_day(NET, 0, {NH: 2}, {"north_hauler": 2})
    assert [(f.tail, f.takeoff_min) for f in flights] == [(1, 360), (2, 390)]


def test_loading_waits_for_the_base_to_open() -> None:
    """The base opens at 07:00 and loads for an hour."""
    net = network(changed(tiny(), "bases", "airfield_n", hours_from=420))
    assert dispatch_day(net, 0, {NH: 1}, {"north_hauler": 1})[0][0].takeoff_min == 480


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    sorties=st.fixed_dictionaries({m: st.integers(0, 9) for m in (NH, SH, SL)}),
    north=st.integers(0, 3),
    south=st.integers(0, 3),
    day=st.integers(0, 5),
)
def test_every_timetable_keeps_every_rule(sorties: dict[str, int], north: int, south: int, day: int) -> None:
    tails = {"north_hauler": north, "south_hauler": south}
    flights, left_over = dispatch_day(NET, day, sorties, tails)
    for i, placed in enumerate(flights):
        others = flights[:i] + flights[i + 1 :]
        assert [rule.__name__ for rule in RULES if not rule(placed, others)] == []
        assert placed.day == day
        assert 1 <= placed.tail <= tails[placed.mission.fleet.id]
        assert placed.takeoff_min % STEP_MIN == 0
    for m, asked in sorties.items():
        assert sum(f.mission.id == m for f in flights) + left_over.get(m, 0) == asked
    assert 0 not in left_over.values()


def written(instance: Instance, *flights: tuple[str, int, int, int]) -> Plan:
    """A plan of (mission, day, tail, take-off), each with one bundle of 250 kg flour, given to the town."""
    net = network(instance)
    flown = [Flight(net.missions[m], d, tail, minute) for m, d, tail, minute in flights]
    ones = {(m, d): float(sum(f[:2] == (m, d) for f in flights)) for m, d, *_ in flights}
    days = {d for _, d, *_ in flights}
    decisions = Decisions(
        {
            "tails": {"north_hauler": 2, "south_hauler": 2},
            "sorties": ones,
            "bundles": ones,
            "load_kg": {(m, d, "flour"): 250 * n for (m, d), n in ones.items()},
            "hand_over_kg": {("dz", "town", "flour", d): 200.0 for d in days},
        }
    )
    return assemble(net, decisions, flown, plan_header(instance, Options(parties=BOTH), net))


def test_times_are_written_in_utc_and_local() -> None:
    """Damascus kept summer time in April 2016: 06:00 local is 03:00 UTC."""
    plan = written(tiny(), (NH, 0, 1, 360))
    sortie, load = plan.sorties[0], plan.loads[0]
    assert sortie.takeoff_utc == dt.datetime(2016, 4, 11, 3, 0, tzinfo=dt.UTC)
    assert sortie.takeoff_local.replace(tzinfo=None) == dt.datetime(2016, 4, 11, 6, 0)
    assert sortie.takeoff_local.utcoffset() == dt.timedelta(hours=3)
    assert sortie.landing_utc == dt.datetime(2016, 4, 11, 4, 22, tzinfo=dt.UTC)
    assert load.drop_utc == dt.datetime(2016, 4, 11, 3, 36, tzinfo=dt.UTC)
    assert (sortie.tail, sortie.date) == ("north_hauler_1", dt.date(2016, 4, 11))


def test_the_clock_goes_back_in_the_night() -> None:
    """Summer time ended on 28 October 2016: the same local hour is an hour later in UTC."""
    autumn = header(tiny(), first_date=dt.date(2016, 10, 27), days=2)
    plan = written(autumn, (NH, 0, 1, 360), (NH, 1, 2, 360))
    assert [s.takeoff_utc.hour for s in plan.sorties] == [3, 4]
    assert [s.takeoff_local.hour for s in plan.sorties] == [6, 6]


def test_the_day_is_the_local_one() -> None:
    """At 01:30 local on the 12th it is still the 11th in UTC; the cargo feeds the town on the 12th."""
    night = changed(tiny(), "parties", "north", hours_from=0, hours_to=1440)
    night = changed(night, "bases", "airfield_n", hours_from=0, hours_to=1440)
    night = changed(night, "zones", "dz", recovery_from=0, recovery_to=1440)
    plan = written(night, (NH, 1, 1, 90))
    assert plan.sorties[0].takeoff_utc == dt.datetime(2016, 4, 11, 22, 30, tzinfo=dt.UTC)
    assert plan.sorties[0].date == dt.date(2016, 4, 12)
    assert [(h.date, h.handed_kg) for h in plan.handovers] == [(dt.date(2016, 4, 12), 200.0)]


def test_sorties_are_numbered_in_order_of_take_off() -> None:
    plan = written(tiny(), (NH, 1, 2, 360), (NH, 0, 1, 502), (SL, 0, 1, 400))
    assert [(s.sortie_id, s.fleet, s.date.day) for s in plan.sorties] == [
        ("s0001", "south_hauler", 11),
        ("s0002", "north_hauler", 11),
        ("s0003", "north_hauler", 12),
    ]
