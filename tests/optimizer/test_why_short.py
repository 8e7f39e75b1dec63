"""Limits that keep needs short: what binds and what one unit more gains, worked out by hand.

In the tiny instance the town eats 500 kg of flour a day for six days and has 500 kg at first; all that it
needs of energy, protein and fat is in flour. North may fly every day, loads 250 kg of flour in a bundle, or
125 kg of soap, and four fifths land. So the town is short of what its zone, way, base and parachutes do not
let through, and of nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from instances.schema import Instance, Need, Standard, Wind
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.explain.relaxed import TIMETABLE, Left, Relaxed
from optimizer.explain.short import WINDS, why_short
from optimizer.explained import Limit, Shortfall
from optimizer.needs import demands_of
from optimizer.network import build_network
from optimizer.options import Options
from optimizer.plan import Plan, Severity, Status
from tests.optimizer.hand import NH, changed, header, tiny

NORTH = ("north",)
ENERGY = ("town", "kcal")
KCAL_PER_KG = 3500
KG_A_DAY = 0.5
PEOPLE = 1000

Fracs = Mapping[tuple[str, str], float]


def plan_of(
    instance: Instance, short: Fracs | None = None, closing: Fracs | None = None, **options: Any
) -> Plan:
    """A plan that leaves short these shares of needs, all of those not named."""
    rows = []
    for (k, name), demand in demands_of(instance).items():
        for period in demand.periods:
            days = 0 if period.closing else period.last - period.first + 1
            told = (closing if period.closing else short) or {}
            row = Severity(
                date=instance.dates[0] + dt.timedelta(days=period.first),
                days=days,
                community=k,
                need=name,
                people=period.people / max(1, days),
                need_amount=period.amount,
                short_frac=told.get((k, name), 1.0),
                severity=0.0,
            )
            rows.append(row)
    chosen = Options.model_validate({"parties": NORTH, **options})
    return Plan(instance="tiny", options=chosen, status=Status.FEASIBLE, severity=tuple(rows))


def explained(
    instance: Instance,
    key: tuple[str, str] = ENERGY,
    short: Fracs | None = None,
    closing: Fracs | None = None,
    **options: Any,
) -> Shortfall:
    """What is said of one need."""
    found = why_short(plan_of(instance, short, closing, **options), instance, Clock(60), lambda _: None)
    return next(one for one in found if (one.community, one.need) == key)


def the_limit(shortfall: Shortfall, name: str) -> Limit:
    return next(limit for limit in shortfall.limits if limit.name == name)


def tight(table: str, *key: str, **values: Any) -> Instance:
    return changed(tiny(), table, *key, **values)


@pytest.mark.parametrize(
    ("name", "instance", "unit", "left_kg", "gained_kg"),
    [
        # 200 kg a day for six days; a tonne a day more is enough for all.
        ("zone_recovery_limit", tight("zones", "dz", recovery_kg_per_day=200), "one tonne a day", 1300, 1300),
        ("link_limit", tight("links", "dz", "town", kg_per_day=150), "one tonne a day", 1600, 1600),
        # Four fifths of 250 kg a day land.
        (
            "handling_limit",
            tight("bases", "airfield_n", handling_kg_per_day=250),
            "one tonne a day",
            1300,
            1300,
        ),
        # Five bundles of 250 kg, or six; 200 kg of each land.
        ("rig_stock_balance", tight("rigs", "airfield_n", "canopy_high", count=5), "one set", 1500, 200),
        # A tonne in stock, of which 800 kg land, and one more.
        (
            "base_stock_balance",
            tight("supplies", "airfield_n", "flour", kg=1000),
            "one tonne of supply",
            1700,
            800,
        ),
        ("tail_limit", tight("fleets", "north_hauler", max_tails=0), "one tail", 2500, 2500),
    ],
)
def test_the_limit_that_binds_and_what_a_unit_more_gains(
    name: str, instance: Instance, unit: str, left_kg: float, gained_kg: float
) -> None:
    shortfall = explained(instance)
    assert shortfall.unit == "kcal"
    assert shortfall.short == pytest.approx(6 * PEOPLE * KG_A_DAY * KCAL_PER_KG)
    assert shortfall.people == pytest.approx(PEOPLE)
    assert shortfall.relaxed_short == pytest.approx(left_kg * KCAL_PER_KG)
    limit = the_limit(shortfall, name)
    assert limit.unit == unit
    assert limit.gained == pytest.approx(gained_kg * KCAL_PER_KG)
    assert limit.gained_people == pytest.approx(gained_kg / KG_A_DAY / 6, abs=1e-3)
    daily = name in ("zone_recovery_limit", "link_limit", "handling_limit")
    assert limit.days == (tuple(range(6)) if daily else ())


def test_an_item_is_told_in_its_own_unit() -> None:
    """Without a set nothing comes; one holds 125 kg of soap, of which the 100 kg that the town lacks land."""
    shortfall = explained(tight("rigs", "airfield_n", "canopy_high", count=0), ("town", "soap"))
    assert shortfall.unit == "box"
    assert shortfall.relaxed_short == pytest.approx(10)
    limit = the_limit(shortfall, "rig_stock_balance")
    assert limit.gained == pytest.approx(10)
    assert limit.gained_people == pytest.approx(PEOPLE * 100 / 120, abs=1e-3)


def test_a_lasting_need_is_told_on_the_mean_day() -> None:
    """Ten boxes are due from the third day on; 100 kg land in one set, in the first days or never."""
    stoves = Need(
        community="town", commodity="soap", kg_per_person=0.1, lasting=True, first_date=tiny().dates[2]
    )
    instance = tight("rigs", "airfield_n", "canopy_high", count=0)
    needs = (*(need for need in instance.needs if need.commodity != "soap"), stoves)
    shortfall = explained(instance.model_copy(update={"needs": needs}), ("town", "soap"))
    assert shortfall.short == pytest.approx(10)
    assert shortfall.people == pytest.approx(PEOPLE)
    assert the_limit(shortfall, "rig_stock_balance").gained == pytest.approx(10)


def test_two_limits_that_are_equally_tight_are_eased_together() -> None:
    narrow = tight("zones", "dz", recovery_kg_per_day=200)
    limits = explained(changed(narrow, "links", "dz", "town", kg_per_day=200)).limits
    both = next(limit for limit in limits if "link_limit" in limit.name)
    assert set(both.name.split(" and ")) == {"zone_recovery_limit", "link_limit"}
    assert both.unit == "one tonne a day of each"
    assert both.gained == pytest.approx(1300 * KCAL_PER_KG)


def test_no_other_need_gets_less_than_in_the_plan() -> None:
    """All 600 kg for the hamlet take 666.7 kg of what the zone gathers, a tenth is lost on the way."""
    fed: Fracs = {("hamlet", name): 0.0 for name in ("kcal", "protein_g", "fat_g")}
    shortfall = explained(tight("zones", "dz", recovery_kg_per_day=200), short=fed)
    assert shortfall.relaxed_short == pytest.approx((1300 + 600 / 0.9) * KCAL_PER_KG, rel=1e-4)


@pytest.mark.parametrize(("lacking", "left_kg"), [(0.0, 1800), (0.4, 1600), (1.0, 1300)])
def test_stock_for_the_days_after_is_not_eaten_up(lacking: float, left_kg: float) -> None:
    """A day's 500 kg of flour are to be left, of which the plan lacks a share."""
    instance = tight("zones", "dz", recovery_kg_per_day=200)
    town = Standard(community="town", kcal=1750, protein_g=50, fat_g=7.5, closing_days=1)
    instance = instance.model_copy(update={"standards": (town, *instance.standards[1:])})
    closing: Fracs = {("town", name): lacking for name in ("kcal", "protein_g", "fat_g")}
    shortfall = explained(instance, closing=closing)
    assert shortfall.short == pytest.approx(6 * PEOPLE * KG_A_DAY * KCAL_PER_KG)
    assert shortfall.relaxed_short == pytest.approx(left_kg * KCAL_PER_KG, rel=1e-4)


def test_days_are_those_of_the_weeks_in_which_it_binds() -> None:
    """The zone is open in the first of two weeks: 3500 kg of flour are needed in each, 1400 kg come."""
    instance = header(tight("zones", "dz", recovery_kg_per_day=200), days=14)
    instance = changed(instance, "zones", "dz", open_to=instance.dates[6])
    shortfall = explained(instance)
    assert shortfall.relaxed_short == pytest.approx((7000 - 500 - 1400) * KCAL_PER_KG)
    limit = the_limit(shortfall, "zone_recovery_limit")
    assert limit.days == tuple(range(7))
    assert limit.gained == pytest.approx((7000 - 500 - 1400) * KCAL_PER_KG)


def test_a_calm_day_gains_what_the_zone_gathers_in_a_day() -> None:
    instance = tight("zones", "dz", recovery_kg_per_day=200)
    methods = tuple(one.model_copy(update={"wind_limit_mps": 10.0}) for one in instance.methods)
    wind = Wind(date=instance.dates[1], floor_m=0, ceiling_m=9000, u_mps=20, v_mps=0, sd_mps=0)
    still = [
        wind.model_copy(update={"date": date, "u_mps": 0.0}) for date in instance.dates if date != wind.date
    ]
    instance = instance.model_copy(update={"methods": methods, "winds": (wind, *still)})
    shortfall = explained(instance)
    assert shortfall.relaxed_short == pytest.approx(1500 * KCAL_PER_KG)
    limit = the_limit(shortfall, WINDS)
    assert limit.days == (1,)
    assert limit.gained == pytest.approx(200 * KCAL_PER_KG)


def test_what_the_timetable_holds_is_a_limit() -> None:
    net = build_network(tiny(), NORTH)
    grounded = Cut((NH,), tuple(net.days), 0, "nobody has the time")
    relaxed = Relaxed(net, [grounded], Left({key: one.person_days for key, one in net.demands.items()}, {}))
    least = relaxed.least(ENERGY, Clock(60))
    assert least is not None
    assert least == pytest.approx(5 * PEOPLE)
    (group,) = relaxed.binding()
    assert (group.name, group.words, group.days) == (TIMETABLE, "nobody has the time", set(net.days))
    confirmed = relaxed.confirmed(group, [group], least, 1.0, Clock(60))
    assert confirmed is not None
    assert confirmed.gained == pytest.approx(5 * PEOPLE)


def test_what_divisible_sorties_would_meet_has_no_single_limit() -> None:
    shortfall = explained(tiny(), short=dict.fromkeys([*demands_of(tiny())], 0.1))
    assert shortfall.limits == ()
    assert shortfall.relaxed_short == pytest.approx(0, abs=1)


def test_a_share_asked_for_is_the_reason() -> None:
    shortfall = explained(tiny(), short={ENERGY: 0.2}, coverage_frac=0.8, coverage_from=2)
    (limit,) = shortfall.limits
    assert limit.name == "coverage_week"
    assert limit.words == "No more than 80.0 % of every need was asked for, and that from day 3 on"
    assert (limit.gained, limit.gained_people) == (shortfall.short, shortfall.people)
    assert shortfall.people == pytest.approx(200)


def test_nothing_short_asks_nothing() -> None:
    plan = plan_of(tiny(), short=dict.fromkeys([*demands_of(tiny())], 0.0))
    assert why_short(plan, tiny(), Clock(60), lambda _: None) == ()


def test_needs_are_told_in_turn_and_those_not_reached_in_time_are_left_out() -> None:
    told: list[str] = []
    assert why_short(plan_of(tiny()), tiny(), Clock(0), told.append) == ()
    assert told == []
    found = why_short(plan_of(tiny()), tiny(), Clock(60), told.append)
    assert [f"{one.community}: {one.need}" for one in found] == told
    assert len(found) == len(demands_of(tiny()))
