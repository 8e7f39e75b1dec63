"""Stores, meals and use: each rule broken by one unit."""

import datetime as dt
from dataclasses import replace

import pytest

from instances.schema import Commodity, Instance, Need
from optimizer.check import check
from optimizer.plan import Plan
from tests.check.hand_plan import HAND, Decisions, changed, edited, of_rule, verdict, written

HAMLET, TOWN = "hamlet flour on 2016-04-1", "town soap on 2016-04-1"
RATION, ITEM = "ration_balance: ", "community_stock_balance: "
SOAP = 12  # first row of the town's soap in ``coverage.csv``


def said(plan: Plan, instance: Instance) -> list[str]:
    return [str(violation) for violation in check(plan, instance)]


@pytest.mark.parametrize(
    ("index", "values", "text"),
    [
        (0, {"stock_kg": 376.0}, f"{HAMLET}1: stock_kg is 376, stock, arrivals and use leave 375 kg"),
        (0, {"received_kg": 451.0}, f"{HAMLET}1: received_kg is 451, hand-overs bring 450 kg"),
        (0, {"need_kg": 101.0}, f"{HAMLET}1: need_kg is 101, the instance says 100 kg"),
        (3, {"stock_kg": 151.0}, f"{HAMLET}4: stock_kg is 151, stock, arrivals and use leave 150 kg"),
        (5, {"unmet_kg": 24.0}, f"{HAMLET}6: unmet_kg is 24, 25 kg of the need is left"),
    ],
)
def test_ration_balance(
    index: int, values: dict[str, object], text: str, plan: Plan, instance: Instance
) -> None:
    """One figure of one evening is off by a kilogram; later days are not counted against it again."""
    found = of_rule("ration_balance", said(edited(plan, "coverage", index, **values), instance))
    assert found == [RATION + text]


@pytest.mark.parametrize(
    ("index", "values", "text"),
    [
        (0, {"stock_kg": 101.0}, f"{TOWN}1: stock_kg is 101, stock, arrivals and use leave 100 kg"),
        (0, {"received_kg": 101.0}, f"{TOWN}1: received_kg is 101, hand-overs bring 100 kg"),
        (0, {"need_kg": 21.0}, f"{TOWN}1: need_kg is 21, the instance says 20 kg"),
        (5, {"unmet_kg": -1.0}, f"{TOWN}6: unmet_kg is -1, 0 kg of the need is left"),
    ],
)
def test_community_stock_balance(
    index: int, values: dict[str, object], text: str, plan: Plan, instance: Instance
) -> None:
    found = said(edited(plan, "coverage", SOAP + index, **values), instance)
    assert of_rule("community_stock_balance", found) == [ITEM + text]


def eating(*kg: float, commodity: str = "flour", community: str = "hamlet") -> Decisions:
    return replace(HAND, eaten=((community, commodity, kg),))


def test_ration_balance_eats_what_is_not_there(instance: Instance) -> None:
    text = f"{HAMLET}6: stock_kg is -1, more was used than was there"
    assert verdict(eating(75, 75, 75, 75, 75, 76), instance) == [RATION + text]


def test_ration_balance_eats_less_than_nothing(instance: Instance) -> None:
    text = f"{HAMLET}3: eaten_kg is -1, that is less than nothing"
    assert of_rule("ration_balance", verdict(eating(75, 75, -1, 75, 75, 75), instance)) == [RATION + text]


def test_ration_balance_more_than_the_ration_may_be_eaten(instance: Instance) -> None:
    assert verdict(eating(101, 75, 75, 75, 75, 49), instance) == []


def test_ration_balance_caps(instance: Instance) -> None:
    """Two cereals share what a person eats of them: 300 of 500 g of one leave 200 of 500 of the other."""
    rice = instance.commodities[0].model_copy(update={"id": "rice"})
    capped = instance.model_copy(update={"commodities": (*instance.commodities, rice)})
    for food in ("flour", "rice"):
        capped = changed(capped, "commodities", food, most_g_per_person_day=500.0)
    handed = (*HAND.handed, (0, "town", "rice", 300))
    flown = HAND.with_sortie("s2", loads=(("flour", 3, 625), ("rice", 1, 375)))
    flour = (300.0, 500.0, 500.0, 500.0, 500.0, 500.0)
    shared = replace(
        flown,
        handed=((0, "town", "flour", 600), *handed[1:]),
        eaten=(("town", "flour", flour), ("town", "rice", (200.0, 0, 0, 0, 0, 0))),
    )
    supplied = capped.model_copy(
        update={"supplies": (*capped.supplies, capped.supplies[0].model_copy(update={"commodity": "rice"}))}
    )
    assert verdict(shared, supplied) == []
    more = replace(shared, eaten=(shared.eaten[0], ("town", "rice", (201.0, 0, 0, 0, 0, 0))))
    text = "town on 2016-04-11: 100.2 % of the cereals that people can eat in a day"
    assert verdict(more, supplied) == [RATION + text]


def test_balances_receive_what_is_handed_over(plan: Plan, instance: Instance) -> None:
    flour = said(edited(plan, "handovers", 2, received_kg=451.0), instance)
    assert flour == [f"{RATION}{HAMLET}1: received_kg is 451, 450 kg arrive of 500 kg"]
    soap = said(edited(plan, "handovers", 1, received_kg=101.0), instance)
    assert soap == [f"{ITEM}{TOWN}1: received_kg is 101, 100 kg arrive of 100 kg"]


def test_balances_have_a_row_a_day(plan: Plan, instance: Instance) -> None:
    """A row left out, a row twice, a row of a need that is none, a hand-over nobody needs."""
    rows = plan.coverage
    less = said(plan.model_copy(update={"coverage": rows[1:]}), instance)
    assert of_rule("ration_balance", less) == [f"{RATION}{HAMLET}1: no row of this day"]
    twice = said(plan.model_copy(update={"coverage": (*rows, rows[0])}), instance)
    assert of_rule("ration_balance", twice) == [f"{RATION}{HAMLET}1: 2 rows, there is one a day"]
    other = rows[0].model_copy(update={"commodity": "soap"})
    stray = said(plan.model_copy(update={"coverage": (*rows, other)}), instance)
    assert stray == [f"{ITEM}hamlet soap on 2016-04-11: hamlet has no need of soap"]
    given = replace(HAND, handed=(*HAND.handed[:1], (0, "town", "soap", 99), *HAND.handed[2:]))
    given = replace(given, handed=(*given.handed, (0, "hamlet", "soap", 1)))
    link = changed(instance, "links", "dz", "hamlet", kg_per_day=501.0)
    text = "hamlet soap on 2016-04-11: 1 kg handed over, hamlet has no need of soap"
    assert of_rule("community_stock_balance", verdict(given, link)) == [f"{ITEM}{text}"]


def test_community_stock_balance_uses_no_more_than_is_needed(instance: Instance) -> None:
    text = f"{TOWN}1: eaten_kg is 21, the need is 20 kg"
    greedy = eating(21, 20, 20, 20, 20, 19, commodity="soap", community="town")
    assert verdict(greedy, instance) == [ITEM + text]


def blankets(instance: Instance) -> Instance:
    """A blanket of 1 kg for 100 people of the town, due on the third day."""
    blanket = Commodity(
        id="blanket",
        name="Blanket",
        group="shelter",
        priority=3,
        methods=("canopy_high",),
        grade="estimate",
        source="made up",
    )
    need = Need(
        community="town",
        commodity="blanket",
        kg_per_person=1.0,
        people=100,
        lasting=True,
        first_date=dt.date(2016, 4, 13),
        grade="estimate",
        source="made up",
    )
    supply = instance.supplies[0].model_copy(update={"commodity": "blanket"})
    return instance.model_copy(
        update={
            "commodities": (*instance.commodities, blanket),
            "needs": (*instance.needs, need),
            "supplies": (*instance.supplies, supply),
        }
    )


GIVEN = replace(
    HAND.with_sortie("s2", loads=(("flour", 3, 750), ("blanket", 1, 100))),
    handed=((0, "town", "flour", 700), *HAND.handed[1:], (0, "town", "blanket", 80)),
)
"""80 kg of blankets on the first day, 200 kg of flour less."""


def test_community_stock_balance_of_what_lasts(instance: Instance) -> None:
    """80 of 100 blankets lie there from the first day; a fifth is short from the third to the sixth."""
    warm = blankets(instance)
    plan = written(GIVEN, warm)
    assert said(plan, warm) == []
    (row,) = (one for one in plan.severity if one.need == "blanket")
    assert row.people == pytest.approx(400 / 6, abs=1e-3)
    assert (row.need_amount, row.short_frac) == (400.0, 0.2)
    assert row.severity == pytest.approx(0.1 * 400 * 0.04)
    at = next(i for i, one in enumerate(plan.coverage) if one.commodity == "blanket")
    used = edited(plan, "coverage", at, eaten_kg=1.0, stock_kg=79.0)
    text = "town blanket on 2016-04-11: eaten_kg is 1, what lasts is not used up"
    assert of_rule("community_stock_balance", said(used, warm))[0] == ITEM + text
    full = edited(plan, "coverage", at + 2, unmet_kg=19.0)
    text = "town blanket on 2016-04-13: unmet_kg is 19, 20 kg of the need is left"
    assert of_rule("community_stock_balance", said(full, warm)) == [ITEM + text]


def test_storage_limit(instance: Instance) -> None:
    """On Thursday evening the town holds 1100 kg flour and 40 kg soap."""
    small = changed(instance, "communities", "town", storage_kg=1139.0)
    text = "1 140 kg in store in the evening, there is room for 1 139 kg"
    assert verdict(HAND, small) == [f"storage_limit: town on 2016-04-14: {text}"]
