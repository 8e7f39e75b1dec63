"""Zones, links and communities: each rule broken by one unit."""

from dataclasses import replace

import pytest

from instances.schema import Instance
from optimizer.check import check
from optimizer.plan import Plan
from tests.check.hand_plan import HAND, changed, edited, verdict


def test_zone_recovery_limit(instance: Instance) -> None:
    weak = changed(instance, "zones", "dz", recovery_kg_per_day=1499.0)
    assert verdict(HAND, weak) == [
        "zone_recovery_limit: dz on 2016-04-11: 1 500 kg landed, the team gathers 1 499 kg a day"
    ]


def test_hand_over_balance(instance: Instance) -> None:
    more = replace(HAND, handed=((0, "town", "flour", 901), *HAND.handed[1:]))
    said = "hand_over_balance: dz on 2016-04-11: 1 401 kg of flour handed over, 1 400 kg landed that day"
    assert verdict(more, instance) == [said]


def test_hand_over_balance_negative(instance: Instance) -> None:
    less = replace(HAND, handed=(*HAND.handed, (2, "town", "soap", -1)))
    said = "hand_over_balance: dz on 2016-04-13: -1 kg of soap to town is less than nothing"
    assert said in verdict(less, instance)


def test_hand_over_balance_next_day(instance: Instance) -> None:
    """Nothing lies in the zone overnight."""
    later = replace(HAND, handed=(*HAND.handed[:-1], (4, "town", "flour", 800)))
    said = "hand_over_balance: dz on 2016-04-15: 800 kg of flour handed over, 0 kg landed that day"
    assert verdict(later, instance) == [said]


def test_link_limit(instance: Instance) -> None:
    narrow = changed(instance, "links", "dz", "hamlet", kg_per_day=499.0)
    assert verdict(HAND, narrow) == [
        "link_limit: dz to hamlet on 2016-04-11: 500 kg handed over, the way carries 499 kg a day"
    ]


def test_link_limit_no_link(plan: Plan, instance: Instance) -> None:
    cut = instance.model_copy(update={"links": instance.links[:1]})
    said = "link_limit: dz to hamlet on 2016-04-11: no link of the instance joins them"
    assert said in [str(violation) for violation in check(plan, cut)]


HAMLET, TOWN = "hamlet flour on 2016-04-1", "town flour on 2016-04-1"


@pytest.mark.parametrize(
    ("index", "values", "said"),
    [
        (0, {"stock_kg": 351.0}, f"{HAMLET}1: stock_kg is 351, stock, arrivals and need leave 350 kg"),
        (0, {"received_kg": 451.0}, f"{HAMLET}1: received_kg is 451, hand-overs bring 450 kg"),
        (0, {"need_kg": 101.0}, f"{HAMLET}1: need_kg is 101, the instance says 100 kg"),
        (3, {"stock_kg": 51.0}, f"{HAMLET}4: stock_kg is 51, stock, arrivals and need leave 50 kg"),
    ],
)
def test_community_stock_balance(
    index: int, values: dict[str, object], said: str, plan: Plan, instance: Instance
) -> None:
    """One figure of one evening is off by a kilogram; later days are not counted against it again."""
    violations = check(edited(plan, "coverage", index, **values), instance)
    assert [str(violation) for violation in violations] == [f"community_stock_balance: {said}"]


def test_community_stock_balance_eats_what_is_not_there(plan: Plan, instance: Instance) -> None:
    bad = edited(edited(plan, "coverage", 4, unmet_kg=49.0, stock_kg=-1.0), "coverage", 5, stock_kg=-1.0)
    said = [str(v) for v in check(bad, instance) if v.rule == "community_stock_balance"]
    assert said == [f"community_stock_balance: {HAMLET}5: stock_kg is -1, more was eaten than was there"]


def test_community_stock_balance_unmet_beyond_need(plan: Plan, instance: Instance) -> None:
    bad = edited(plan, "coverage", 5, unmet_kg=101.0, stock_kg=1.0)
    said = [str(v) for v in check(bad, instance) if v.rule == "community_stock_balance"]
    text = f"{HAMLET}6: unmet_kg is 101, it lies between 0 and the need of 100 kg"
    assert said == [f"community_stock_balance: {text}"]


def test_community_stock_balance_received(plan: Plan, instance: Instance) -> None:
    bad = check(edited(plan, "handovers", 2, received_kg=451.0), instance)
    text = f"{HAMLET}1: received_kg is 451, 450 kg arrive of 500 kg"
    assert [str(violation) for violation in bad] == [f"community_stock_balance: {text}"]


def test_community_stock_balance_rows(plan: Plan, instance: Instance) -> None:
    """A row left out, a row twice, a row of a need that is none, a hand-over nobody needs."""

    def said(bad: Plan) -> list[str]:
        return [str(v) for v in check(bad, instance) if v.rule == "community_stock_balance"]

    rule = "community_stock_balance: "
    rows = plan.coverage
    assert said(plan.model_copy(update={"coverage": rows[1:]})) == [f"{rule}{HAMLET}1: no row of this day"]
    twice = plan.model_copy(update={"coverage": (*rows, rows[0])})
    assert said(twice) == [f"{rule}{HAMLET}1: 2 rows, there is one a day"]
    other = rows[0].model_copy(update={"commodity": "soap"})
    stray = plan.model_copy(update={"coverage": (*rows, other)})
    assert said(stray) == [f"{rule}hamlet soap on 2016-04-11: hamlet has no need of soap"]
    given = replace(HAND, handed=(*HAND.handed[:1], (0, "town", "soap", 99), *HAND.handed[2:]))
    given = replace(given, handed=(*given.handed, (0, "hamlet", "soap", 1)))
    link = changed(instance, "links", "dz", "hamlet", kg_per_day=501.0)
    text = "hamlet soap on 2016-04-11: 1 kg handed over, hamlet has no need of soap"
    assert [s for s in verdict(given, link) if s.startswith(rule)] == [f"{rule}{text}"]


def test_storage_limit(instance: Instance) -> None:
    """On Thursday evening the town holds 1100 kg flour and 40 kg soap."""
    small = changed(instance, "communities", "town", storage_kg=1139.0)
    said = "1 140 kg in store in the evening, there is room for 1 139 kg"
    assert verdict(HAND, small) == [f"storage_limit: town on 2016-04-14: {said}"]


def test_coverage_target(instance: Instance) -> None:
    """The hamlet eats 450 of 600 kg; everything else is met."""
    asked = replace(HAND, coverage_frac=451 / 600)
    said = "450 kg of 600 kg met, 75.1667 % asks for 451 kg"
    assert verdict(asked, instance) == [f"coverage_target: hamlet flour: {said}"]
    assert verdict(replace(HAND, coverage_frac=0.75), instance) == []
