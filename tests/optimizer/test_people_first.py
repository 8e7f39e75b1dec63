"""What the campaign does for people, worked by hand; solved as fractions, and as plans the judge passes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from instances.schema import Instance, Need
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.objective import goals, reach
from optimizer.check import check
from optimizer.clock import Clock
from optimizer.options import Options
from optimizer.plan import Plan, Status
from optimizer.solve import solve
from optimizer.watch import Watch
from tests.optimizer.hand import NORTH, changed, network
from tests.optimizer.relief import (
    CHLORINE,
    FLOUR,
    FUEL,
    KITS,
    OIL,
    energy,
    good,
    least,
    program_of,
    relief,
    severity,
)

POPULATION = 100


def kits(stock_kg: float, comes: tuple[tuple[int, float], ...] = (), **head: Any) -> Instance:
    """A hundred people need 4 kg a day for five days."""
    return relief(
        5,
        (KITS,),
        tuple(("kits", d, kg) for d, kg in comes),
        people={"town": POPULATION},
        needs=(Need(community="town", commodity="kits", kg_per_day=4),),
        stock_days=stock_kg / 4,
        **head,
    )


def chlorine() -> Instance:
    """A thousand people need 0.5 kg of food and 0.01 kg of chlorine a day; 1 t of either can be loaded."""
    town = relief(
        10,
        (FLOUR, CHLORINE),
        (("flour", 0, 1000), ("chlorine", 0, 1000)),
        people={"town": 1000},
        needs=(Need(community="town", commodity="chlorine", kg_per_person_day=0.01),),
        standards=(energy(1750),),
    )
    return one_day(changed(town, "bases", "airfield_n", handling_kg_per_day=1000))


def one_day(instance: Instance) -> Instance:
    """Whatever comes can be brought on the first day only."""
    return changed(instance, "zones", "dz", open_to=instance.dates[0])


def mix() -> Instance:
    """A thousand people need 2 100 kcal on one day; 300 kg can be loaded, of flour and oil."""
    town = relief(
        1,
        (FLOUR, OIL),
        (("flour", 0, 1000), ("oil", 0, 1000)),
        people={"town": 1000},
        standards=(energy(2100),),
    )
    return changed(town, "bases", "airfield_n", handling_kg_per_day=300)


def two_towns() -> Instance:
    """A kilogram for each of a hundred people in either of two places, and half of it comes."""
    return relief(
        1,
        (KITS,),
        (("kits", 0, 100),),
        people={"town": POPULATION, "port": POPULATION},
        needs=tuple(Need(community=k, commodity="kits", kg_per_day=100) for k in ("town", "port")),
    )


def fuel() -> Instance:
    """A hundred people need 500 kg of food and 5 kg of fuel, which is of class 2; 60 kg can be loaded."""
    town = relief(
        10,
        (FLOUR, FUEL),
        (("flour", 0, 1000), ("fuel", 0, 1000)),
        people={"town": POPULATION},
        needs=(Need(community="town", commodity="fuel", kg_per_day=0.5),),
        standards=(energy(1750),),
        severity_days=10,
    )
    return one_day(changed(town, "bases", "airfield_n", handling_kg_per_day=60))


def eaten(instance: Instance) -> dict[str, float]:
    """Kg of each food eaten, and of each item handed over, where severity is least."""
    net = network(instance, NORTH)
    program = program_of(net)
    least(program, goals(net)[0])
    found: Decisions = program.read()
    kg: dict[str, float] = {}
    for (_, c, _), value in found.of("eaten_kg").items():
        kg[c] = kg.get(c, 0.0) + value
    for (_, k, c, _), value in found.of("hand_over_kg").items():
        if (k, c) in net.items:
            name = c if len(net.communities) == 1 else k
            kg[name] = kg.get(name, 0.0) + value
    return kg


@cache
def plan_of(instance: Instance, **chosen: Any) -> Plan:
    """What the planner makes of it, judged."""
    options = Options(parties=NORTH, **chosen)
    result = solve(instance, options, Watch(Clock(60.0)))
    assert result.plan is not None, result
    assert [str(violation) for violation in check(result.plan, instance)] == []
    return result.plan


EVEN = [
    (10, (), 125, 125),
    (4, ((2, 12),), 50, 20),
    (3, ((3, 20),), 168.75, 103.75),
]
"""Stock, what comes on which day, and severity by day and with the five days as one period.

2 kg each day: half is short, 0.25 of 500 person-days. 2, 2, 4, 4, 4: a quarter of 200; a fifth of all is
short: 0.04 of 500. 1, 1, 1, 4, 4: 0.5625 of 300; 9 of 20 kg are short: 0.1225 + 2/3 of 0.1275, of 500.
"""


@pytest.mark.parametrize(("stock_kg", "comes", "by_day", "by_period"), EVEN)
def test_severity_by_day_and_by_period(
    stock_kg: float, comes: tuple[tuple[int, float], ...], by_day: float, by_period: float
) -> None:
    assert severity(kits(stock_kg, comes, severity_days=1)) == pytest.approx(by_day)
    assert severity(kits(stock_kg, comes, severity_days=5)) == pytest.approx(by_period)


def test_a_little_that_many_need_comes_before_much_that_few_need() -> None:
    """All of the chlorine, and 82 % of the food is short: 0.685 of 10 000 person-days."""
    assert severity(chlorine()) == pytest.approx(6850)
    assert eaten(chlorine()) == pytest.approx({"chlorine": 100, "flour": 900})


def test_the_mix_that_holds_most_is_eaten_within_its_caps() -> None:
    """60 kg of oil and 240 of flour: 1 371 of 2 100 kcal each, 34.7 % short."""
    assert eaten(mix()) == pytest.approx({"oil": 60, "flour": 240})
    short = 1 - 1371 / 2100
    assert severity(mix()) == pytest.approx(1000 * (0.04 + (short - 0.2) * 0.55))


def test_two_places_alike_get_alike() -> None:
    assert eaten(two_towns()) == pytest.approx({"town": 50, "port": 50})
    assert severity(two_towns()) == pytest.approx(2 * 0.25 * POPULATION)


def test_classes_are_weights_and_no_order() -> None:
    """5 kg of fuel are worth 300 person-days, and as much food 17.5; of the food 89 % is short."""
    assert eaten(fuel()) == pytest.approx({"fuel": 5, "flour": 55})
    assert severity(fuel()) == pytest.approx(807.5)


@pytest.mark.parametrize(
    ("instance", "value"),
    [
        (kits(4, ((2, 12),), severity_days=1), 50),
        (kits(3, ((3, 20),), severity_days=5), 103.75),
        (chlorine(), 6850),
        (two_towns(), 50),
        (fuel(), 807.5),
    ],
    ids=["by day", "by period", "chlorine", "two towns", "fuel"],
)
def test_the_planner_finds_them(instance: Instance, value: float) -> None:
    plan = plan_of(instance)
    assert plan.objectives[0].value == pytest.approx(value, abs=0.01)
    assert plan.objectives[0].bound <= plan.objectives[0].value


def fortnight(severity_days: int) -> Instance:
    """A tonne a day for 14 days, 3.5 t in stock and 7 t on day 8."""
    return relief(
        14,
        (KITS,),
        (("kits", 7, 7000),),
        people={"town": 1000},
        needs=(Need(community="town", commodity="kits", kg_per_day=1000),),
        stock_days=3.5,
        severity_days=severity_days,
    )


@pytest.mark.parametrize(("severity_days", "share"), [(14, 0.75), (7, 0.5)])
def test_a_share_is_reached_in_every_period(severity_days: int, share: float) -> None:
    net = replace(network(fortnight(severity_days), NORTH), coverage_from=0)
    assert 1 - least(program_of(net, (reach(net),)), reach(net)) == pytest.approx(share)


def test_the_first_week_may_be_left_out_of_a_share() -> None:
    net = replace(network(fortnight(7), NORTH), coverage_from=7)
    assert least(program_of(net, (reach(net),)), reach(net)) == pytest.approx(0)


def test_a_share_by_week_is_planned_or_refused() -> None:
    instance = fortnight(7)
    plan = plan_of(instance, coverage_frac=0.5, coverage_from=0)
    assert plan.status is Status.OPTIMAL
    more = Options(parties=NORTH, coverage_frac=0.51, coverage_from=0)
    result = solve(instance, more, Watch(Clock(60.0)))
    assert result.status is Status.INFEASIBLE
    assert "at most 50.0 % can be met" in result.reason


def week_of_lorries(frac: float) -> Instance:
    """Four lorries of 1 t that go once a day on five days of the week, and far more is needed."""
    town = relief(
        7,
        (KITS,),
        (("kits", 0, 50_000),),
        people={"town": 1000},
        needs=(Need(community="town", commodity="kits", kg_per_day=5000),),
    )
    town = changed(town, "parties", "north", flying_weekdays=("mon", "tue", "wed", "thu", "fri"))
    town = changed(town, "aircraft", "lorry", payload_range=((1000.0, 1000.0),))
    return changed(town, "fleets", "lorries", serviceable_frac=frac)


@pytest.mark.parametrize(("frac", "sorties"), [(0.85, 17), (1.0, 20), (0.6, 12)])
def test_tails_are_in_service_for_their_share_of_a_week(frac: float, sorties: int) -> None:
    """0.85 of 4 tails on 5 days."""
    plan = plan_of(week_of_lorries(frac))
    assert len(plan.sorties) == sorties
    assert plan.status is Status.OPTIMAL


def test_more_of_anything_never_raises_severity() -> None:
    """Supply by supply, twice as much."""
    town = relief(
        9,
        (FLOUR, OIL, KITS, good("beans", "pulses", kcal_per_kg=3300, most_g_per_person_day=50)),
        (("flour", 0, 900), ("oil", 2, 300), ("kits", 5, 30), ("beans", 1, 500)),
        people={"town": 500, "port": 200},
        needs=tuple(Need(community=k, commodity="kits", kg_per_day=7) for k in ("town", "port")),
        standards=(energy(2100), energy(1900, "port")),
    )
    before = severity(town)
    after = [
        severity(changed(town, "supplies", "airfield_n", supply.commodity, kg=2 * supply.kg))
        for supply in town.supplies
    ]
    assert all(one <= before + 1e-6 for one in after)
    assert min(after) < before - 1


def test_stock_wanted_on_the_last_evening_is_kept() -> None:
    """Two days' worth of 4 kg for three days and one day of closing stock: half is short on all four."""
    instance = relief(
        3,
        (KITS,),
        (("kits", 0, 8),),
        people={"town": POPULATION},
        needs=(Need(community="town", commodity="kits", kg_per_day=4, closing_days=1),),
        severity_days=3,
    )
    assert severity(instance) == pytest.approx(0.25 * 4 * POPULATION)
    net = network(instance, NORTH)
    program = program_of(net)
    least(program, goals(net)[0])
    assert program.read().of("community_stock_kg")["town", "kits", 2] == pytest.approx(2)


def test_closing_stock_of_food_is_counted_in_the_best_mix() -> None:
    """One day and one after it; 60 g of oil a person and day are eaten, flour fills the rest."""
    town = relief(
        1,
        (FLOUR, OIL),
        (("flour", 0, 600), ("oil", 0, 200)),
        people={"town": 1000},
        standards=(energy(1371, closing_days=1),),
    )
    assert severity(town) == pytest.approx(0, abs=1e-6)
    half = changed(town, "supplies", "airfield_n", "flour", kg=240)
    short = 1 - (2 * 60 * 8850 + 240 * 3500) / (2 * 1_371_000)  # 31 % on both days, for more oil is not eaten
    assert severity(half) == pytest.approx(2 * 1000 * (0.04 + (short - 0.2) * 0.55))


def test_what_lasts_serves_every_day_after_it_comes() -> None:
    """A hundred blankets are due from the second day on; half come on it, half two days later."""
    blankets = good("blankets", "shelter")
    instance = relief(
        5,
        (blankets,),
        (("blankets", 1, 50),),
        people={"town": POPULATION},
        needs=(
            Need(
                community="town",
                commodity="blankets",
                kg_per_person=1,
                lasting=True,
                first_date=kits(0).dates[1],
            ),
        ),
        severity_days=1,
    )
    instance = changed(instance, "supplies", "airfield_n", "blankets", interval_days=2)
    assert severity(instance) == pytest.approx(2 * 0.25 * POPULATION)
    assert plan_of(instance).objectives[0].value == pytest.approx(50, abs=0.01)
