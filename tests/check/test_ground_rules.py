"""Zones, links and communities: each rule broken by one unit."""

from dataclasses import replace

from instances.schema import Instance
from optimizer.check import check
from optimizer.plan import Plan
from tests.check.hand_plan import HAND, changed, verdict


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
