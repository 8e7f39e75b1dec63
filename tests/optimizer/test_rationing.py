"""Rations worked by hand: even as the stock allows, within caps and stores, and to the gram."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.schema import Commodity, Instance, Need, Standard
from optimizer.joint import shown_share, with_others_at_home
from optimizer.measure import Measure, fare, items, severity_person_days, unreached_frac, worst_week_frac
from optimizer.network import Network, build_network
from optimizer.options import Options
from optimizer.plan import Coverage, HandOver, Objective, Plan, Status
from optimizer.rationing import closing_short, rationed, severity_of
from optimizer.scoring import objective_values
from optimizer.stocks import coverage_of
from tests.optimizer.hand import header, tiny

PEOPLE = 100
OPTIONS = Options(parties=("north",))


def commodity(name: str, group: str, **values: Any) -> Commodity:
    return Commodity(id=name, name=name, group=group, priority=1, methods=("canopy_high",), **values)


SOAP = commodity("soap", "health")
BLANKETS = commodity("blankets", "shelter")
FLOUR = commodity("flour", "cereals", kcal_per_kg=3500, protein_g_per_kg=100, fat_g_per_kg=15)
RICE = commodity("rice", "cereals", kcal_per_kg=3600, protein_g_per_kg=70, fat_g_per_kg=5)
OIL = commodity("oil", "oil", kcal_per_kg=8850, fat_g_per_kg=1000, most_g_per_person_day=60)
ENERGY = {"protein_g": 0, "fat_g": 0, "kcal_weight": 1, "protein_weight": 0, "fat_weight": 0}


def village(
    commodities: tuple[Commodity, ...],
    needs: tuple[dict[str, Any], ...],
    days: int,
    standard: dict[str, Any] | None = None,
    *,
    stock_days: float = 0.0,
    **head: Any,
) -> Network:
    """A hundred people, what they need, and nobody who flies."""
    base = header(tiny(), days=days, class_weights=(1.0, 1.0, 1.0), **{"severity_days": 1, **head})
    place = (
        tiny()
        .communities[0]
        .model_copy(update={"population": PEOPLE, "starting_stock_days": stock_days, "storage_kg": None})
    )
    return build_network(
        Instance.model_validate(
            {
                **dict(base),
                "communities": (place,),
                "commodities": commodities,
                "needs": tuple(Need(community="town", **one) for one in needs),
                "standards": () if standard is None else (Standard(community="town", **standard),),
                "links": base.links[:1],
                "supplies": (),
                "fleets": (),
            }
        ),
        (),
    )


def soap(days: int, stock_kg: float, **head: Any) -> Network:
    """Four kg of soap a day."""
    return village((SOAP,), ({"commodity": "soap", "kg_per_day": 4},), days, stock_days=stock_kg / 4, **head)


def covered(net: Network, came: dict[tuple[str, int], float], options: Options = OPTIONS) -> Plan:
    """A plan of what is received by commodity and day, with the records of what people get."""
    handovers = tuple(
        HandOver(
            date=net.instance.dates[d],
            zone="dz",
            community="town",
            commodity=c,
            handed_kg=kg,
            received_kg=kg,
        )
        for (c, d), kg in came.items()
    )
    coverage = coverage_of(net, handovers, options)
    measure = Measure(net, coverage)
    return Plan(
        instance="tiny",
        options=options,
        status=Status.FEASIBLE,
        handovers=handovers,
        coverage=coverage,
        nutrition=measure.nutrition,
        severity=measure.severity,
        rations=measure.rations,
    )


def eaten(plan: Plan, commodity: str) -> list[float]:
    return [row.eaten_kg for row in plan.coverage if row.commodity == commodity]


def test_severity_lies_on_the_line_through_its_points() -> None:
    points = ((0.01, 0.1), (0.25, 0.5), (1.0, 1.0))
    shares = (0.0, 0.05, 0.1, 0.3, 0.75, 1.0)
    assert [severity_of(points, one) for one in shares] == pytest.approx([0, 0.005, 0.01, 0.13, 0.625, 1])


@pytest.mark.parametrize(
    ("stock_kg", "came", "daily", "by_day", "by_period"),
    [
        (10, {}, [2, 2, 2, 2, 2], 125, 125),
        (4, {2: 12}, [2, 2, 4, 4, 4], 50, 20),
        (3, {3: 20}, [1, 1, 1, 4, 4], 168.75, 103.75),
    ],
)
def test_an_item_is_used_as_evenly_as_the_stock_allows(
    stock_kg: float, came: dict[int, float], daily: list[float], by_day: float, by_period: float
) -> None:
    """A hundred people need 4 kg a day for five days; half a need counts 0.25, a quarter 0.5625."""
    for days, severity in ((1, by_day), (5, by_period)):
        net = soap(5, stock_kg, severity_days=days)
        plan = covered(net, {("soap", d): kg for d, kg in came.items()})
        assert eaten(plan, "soap") == daily
        assert severity_person_days(plan.severity) == pytest.approx(severity)


def test_what_is_left_stays_in_stock() -> None:
    plan = covered(soap(3, 0), {("soap", 0): 20.0})
    assert [row.stock_kg for row in plan.coverage] == [16, 12, 8]
    assert [row.unmet_kg for row in plan.coverage] == [0, 0, 0]
    assert severity_person_days(plan.severity) == 0


def test_without_stock_nothing_is_eaten() -> None:
    plan = covered(village((SOAP, FLOUR), ({"commodity": "soap", "kg_per_day": 4},), 4, {}), {})
    assert {row.eaten_kg for row in plan.coverage} == {0}
    assert [row.commodity for row in plan.coverage] == ["soap"] * 4, "flour never comes"
    assert [row.energy_frac for row in plan.nutrition] == [0] * 4
    assert plan.rations == ()
    assert severity_person_days(plan.severity) == pytest.approx(2 * 4 * PEOPLE)


def test_a_blanket_once_given_stays_given() -> None:
    """200 kg are due from the third day on; 50 come before, 100 more on the fourth day."""
    due = {
        "commodity": "blankets",
        "kg_per_person": 2,
        "lasting": True,
        "first_date": tiny().dates[2],
    }
    net = village((BLANKETS,), (due,), 5, stock_days=3, severity_days=5)
    plan = covered(net, {("blankets", 1): 50.0, ("blankets", 3): 100.0})
    assert [row.need_kg for row in plan.coverage] == [0, 0, 200, 200, 200]
    assert [row.stock_kg for row in plan.coverage] == [0, 50, 50, 150, 150]
    assert [row.unmet_kg for row in plan.coverage] == [0, 0, 150, 50, 50]
    assert set(eaten(plan, "blankets")) == {0}
    (row,) = plan.severity
    assert (row.people, row.short_frac) == (60, round(250 / 600, 6))


def test_any_food_that_arrives_is_eaten_up_to_its_cap() -> None:
    """2.1 kg of energy a head: 60 g of oil hold 531 kcal, the rest is flour; of more oil nothing is eaten."""
    net = village((FLOUR, OIL), ({"commodity": "flour", "kg_per_person_day": 0.1},), 2, {**ENERGY})
    net = build_network(with_supply(net.instance, "oil"), ("north",))
    plan = covered(net, {("oil", 0): 50.0, ("flour", 0): 30.0})
    assert eaten(plan, "oil") == [6, 6]
    assert eaten(plan, "flour") == [15, 15]
    assert [row.kcal for row in plan.nutrition] == [531 + 525] * 2
    assert [(row.commodity, row.g_per_person_day, row.kcal) for row in plan.rations] == [
        ("flour", 150, 525),
        ("oil", 60, 531),
    ]


def with_supply(instance: Instance, *names: str) -> Instance:
    """The instance with these goods at the northern field, so that they are on the menu."""
    supply = tiny().supplies[0]
    return instance.model_copy(
        update={"supplies": tuple(supply.model_copy(update={"commodity": name}) for name in names)}
    )


def test_foods_of_a_group_share_their_cap() -> None:
    """Of 600 g of cereals nobody eats more, whichever they are: rice, which holds more, comes first."""
    cereals = [one.model_copy(update={"most_g_per_person_day": 300}) for one in (FLOUR, RICE)]
    needs = tuple({"commodity": name, "kg_per_person_day": 0.1} for name in ("flour", "rice"))
    net = village(tuple(cereals), needs, 2, ENERGY)
    plan = covered(net, {("rice", 0): 40.0, ("flour", 0): 100.0})
    assert eaten(plan, "rice") == [20, 20]
    assert eaten(plan, "flour") == [10, 10]


def test_the_ration_stays_near_the_plan_where_nothing_else_is_at_stake() -> None:
    """Rice and flour abound and hold enough: as planned, a third is rice."""
    needs = (
        {"commodity": "flour", "kg_per_person_day": 0.4},
        {"commodity": "rice", "kg_per_person_day": 0.2},
    )
    net = village((FLOUR, RICE), needs, 3, {**ENERGY, "kcal": 2120})
    plan = covered(net, {("rice", 0): 400.0, ("flour", 0): 400.0})
    assert eaten(plan, "flour") == pytest.approx([40] * 3)
    assert eaten(plan, "rice") == pytest.approx([20] * 3)


def test_the_coverage_asked_for_comes_before_severity() -> None:
    """Six kg for four days of 4 kg: evenly 1.5 each; the last two days are to have three quarters first."""
    net = soap(4, 6)
    assert eaten(covered(net, {}), "soap") == [1.5] * 4
    asked = Options(parties=("north",), coverage_frac=0.75, coverage_from=2)
    plan = covered(net, {}, asked)
    assert eaten(plan, "soap") == [0, 0, 3, 3]
    assert unreached_frac(plan) == 0.25
    assert shown_share(plan) == 0.75
    more = asked.model_copy(update={"coverage_frac": 1.0})
    assert unreached_frac(covered(net, {}, more)) == 0.25, "as far as can be"


def test_what_has_no_room_is_eaten() -> None:
    """Of 12 kg for six days, 2 a day, there is room for 9 in the evening: 3 are used on the first day."""
    roomy = covered(soap(6, 0, severity_days=3), {("soap", 0): 12.0})
    assert eaten(roomy, "soap") == [2] * 6
    net = soap(6, 0)
    tight = net.instance.communities[0].model_copy(update={"storage_kg": 9.0})
    plan = covered(
        build_network(net.instance.model_copy(update={"communities": (tight,)}), ()), {("soap", 0): 12.0}
    )
    assert eaten(plan, "soap") == pytest.approx([3, 1.8, 1.8, 1.8, 1.8, 1.8])
    assert max(row.stock_kg for row in plan.coverage) <= 9


def test_closing_stock_is_kept_by_its_weight() -> None:
    """Eight kg for two days and two days' closing stock, all people alike: half of each."""
    net = village((SOAP,), ({"commodity": "soap", "kg_per_day": 4, "closing_days": 2},), 2, stock_days=2)
    plan = covered(net, {})
    assert plan.coverage[-1].stock_kg == 4
    assert eaten(plan, "soap") == [2, 2]
    last = plan.severity[-1]
    assert (last.date, last.days, last.people, last.need_amount) == (tiny().dates[2], 0, PEOPLE, 8)
    assert last.short_frac == 0.5


def test_closing_stock_of_food_is_counted_in_its_best_mix() -> None:
    """2100 kcal for a day: 60 g of 10 kg oil hold 531 kcal, and 10 kg of flour hold 350 a head."""
    needs = ({"commodity": "flour", "kg_per_person_day": 0.1}, {"commodity": "oil", "kg_per_day": 1})
    net = village((FLOUR, OIL), needs, 2, {**ENERGY, "closing_days": 1})
    short = closing_short(net, "town", {"flour": 10, "oil": 10})
    assert short["kcal"] == pytest.approx(1 - (531 + 350) / 2100)
    assert closing_short(net, "town", {})["kcal"] == 1


def test_values_of_goals_are_those_of_the_records() -> None:
    """A week without, one with half: 100 x 7 x (1 + 0.25) person-days; the first is the worst."""
    net = soap(14, 0, severity_days=7)
    plan = covered(net, {("soap", 7): 14.0})
    known = {"severity_person_days": 875.0, "worst_week_severity_frac": 1.0, "unreached_frac": 1.0}

    class Named:
        def __init__(self, name: str) -> None:
            self.name, self.unit = name, "person-days" if name.startswith("sev") else "frac"

    goals: Any = [Named(name) for name in known]
    assert objective_values(net, plan, goals) == pytest.approx(tuple(known.values()))
    assert worst_week_frac(net, plan.severity) == 1
    assert dict(items(net, plan.coverage)) == {"items_met_frac": 0.25}
    assert dict(fare(net, plan.nutrition)) == {"person_days": 1400}


def test_of_a_larger_fleet_nothing_is_proven() -> None:
    """Severity of 175 of 1400 person-days is a gap of an eighth; the parties beside stay at home."""
    net = soap(14, 0, severity_days=7)
    value = 175.0
    goal = Objective(name="severity_person_days", unit="person-days", value=value, bound=value, gap_frac=0)
    plan = covered(net, {}).model_copy(update={"objectives": (goal,)})
    both = with_others_at_home(plan, Options(parties=("north", "south")), tiny_like(net))
    (one,) = both.objectives
    assert (one.value, one.bound, one.gap_frac) == (value, 0, 0.125)
    assert [row.party for row in both.fleet] == ["south"]


def tiny_like(net: Network) -> Instance:
    """The instance of a network with the fleets of the tiny one."""
    return net.instance.model_copy(update={"fleets": tiny().fleets})


def test_how_people_fare_is_told_by_bands_and_weeks() -> None:
    """Flour for 95, 80 and 50 % of the energy, and for a hair less than half, a day each."""
    net = village((FLOUR,), ({"commodity": "flour", "kg_per_person_day": 0.6},), 4, ENERGY)
    came = {("flour", d): kg for d, kg in enumerate((29.99, 30.0, 48.0, 57.0))}
    plan = covered(net, came)
    told = dict(fare(net, plan.nutrition))
    assert [row.energy_frac for row in plan.nutrition] == [0.499833, 0.5, 0.8, 0.95]
    assert {
        name: told[f"person_days_{name}"] for name in ("full", "short", "crisis", "severe")
    } == dict.fromkeys(("full", "short", "crisis", "severe"), PEOPLE)
    assert told["kcal_mean"] == pytest.approx(3500 * sum(came.values()) / 400, abs=0.1)
    assert told["kcal_worst_week"] == told["kcal_mean"]


MENU = village(
    (
        FLOUR.model_copy(update={"most_g_per_person_day": 333.3}),
        RICE.model_copy(update={"most_g_per_person_day": 250.7}),
        OIL,
        SOAP,
    ),
    (
        {"commodity": "flour", "kg_per_person_day": 0.2},
        {"commodity": "rice", "kg_per_person_day": 0.2},
        {"commodity": "oil", "kg_per_person_day": 0.02},
        {"commodity": "soap", "kg_per_person_day": 0.0123457},
    ),
    6,
    {},
    stock_days=0.37,
    severity_days=3,
)
ARRIVALS = st.dictionaries(
    st.tuples(st.sampled_from(["flour", "rice", "oil", "soap"]), st.integers(0, 5)),
    st.integers(1, 200_000).map(lambda grams: grams / 1000),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(came=ARRIVALS)
def test_grams_never_break_a_cap_or_a_stock(came: dict[tuple[str, int], float]) -> None:
    plan = covered(MENU, came)
    rows: dict[str, list[Coverage]] = {}
    for row in plan.coverage:
        rows.setdefault(row.commodity, []).append(row)
    for c, own in rows.items():
        before = round(MENU.starting_kg["town", c], 3)
        for row in own:
            assert row.eaten_kg >= 0
            assert row.stock_kg >= 0
            assert row.stock_kg == pytest.approx(before + row.received_kg - row.eaten_kg, abs=1e-6)
            assert row.unmet_kg == pytest.approx(max(0.0, row.need_kg - row.eaten_kg), abs=1e-6)
            before = row.stock_kg
    for d in range(6):
        cereals = rows["flour"][d].eaten_kg / 33.33 + rows["rice"][d].eaten_kg / 25.07
        assert cereals <= 1 + 1e-9
        assert rows["oil"][d].eaten_kg <= 6
        assert rows["soap"][d].eaten_kg <= rows["soap"][d].need_kg


@settings(max_examples=20, deadline=None)
@given(came=ARRIVALS)
def test_records_add_up(came: dict[tuple[str, int], float]) -> None:
    """A week of rations holds what nutrition says of its days, and severity is that of the shares short."""
    plan = covered(MENU, came)
    for name in ("kcal", "protein_g", "fat_g"):
        by_day = sum(getattr(row, name) for row in plan.nutrition) / 6
        assert sum(getattr(row, name) for row in plan.rations) == pytest.approx(by_day, abs=0.2)
    for row in plan.severity:
        one = MENU.demands["town", row.need]
        due = (
            one.weight
            * row.people
            * row.days
            * severity_of(MENU.instance.header.severity_points, row.short_frac)
        )
        assert row.severity == pytest.approx(due, abs=0.01)


@settings(max_examples=20, deadline=None)
@given(came=st.dictionaries(st.integers(0, 9), st.integers(1, 20).map(float), max_size=6))
def test_waiting_is_never_worse_than_using_all_at_once(came: dict[int, float]) -> None:
    """Against using soap as it is needed for as long as there is any."""
    net, stock, severity = soap(10, 2), 2.0, 0.0
    for d in range(10):
        used = min(4.0, stock + came.get(d, 0.0))
        stock += came.get(d, 0.0) - used
        severity += PEOPLE * severity_of(net.instance.header.severity_points, 1 - used / 4)
    plan = covered(net, {("soap", d): kg for d, kg in came.items()})
    assert severity_person_days(plan.severity) <= severity + 0.1


@settings(max_examples=20, deadline=None)
@given(came=ARRIVALS, more=st.integers(1, 50_000), day=st.integers(0, 5))
def test_more_of_a_food_is_never_worse(came: dict[tuple[str, int], float], more: int, day: int) -> None:
    fewer = covered(MENU, came)
    added = covered(MENU, {**came, ("flour", day): came.get(("flour", day), 0.0) + more / 1000})
    assert severity_person_days(added.severity) <= severity_person_days(fewer.severity) + 0.05


def test_the_same_is_eaten_whatever_the_order_of_arrivals() -> None:
    came = {("town", c, d): 7.0 + d for c in ("flour", "rice", "oil") for d in range(6)}
    backwards = dict(reversed(came.items()))
    assert rationed(MENU, came) == rationed(MENU, backwards)
    assert math.isclose(sum(rationed(MENU, came).values()), sum(rationed(MENU, backwards).values()))


def test_closing_stock_is_kept_although_there_is_enough_for_every_day() -> None:
    """Nine kg would do for two days of 4 kg, but leave one of the eight wanted after them."""
    net = village((SOAP,), ({"commodity": "soap", "kg_per_day": 4, "closing_days": 2},), 2, stock_days=2.25)
    assert sum(eaten(covered(net, {}), "soap")) < 5
    full = village((SOAP,), ({"commodity": "soap", "kg_per_day": 4, "closing_days": 2},), 2, stock_days=4)
    plan = covered(full, {})
    assert eaten(plan, "soap") == [4, 4]
    assert severity_person_days(plan.severity) == 0
