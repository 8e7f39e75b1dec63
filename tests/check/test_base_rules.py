"""Bases: each rule broken by one unit in a plan that is consistent otherwise."""

from dataclasses import replace

import pytest

from instances.schema import Feeder, Instance
from optimizer.check import check
from tests.check.hand_plan import HAND, changed, edited, of_rule, verdict, written

LORRY = Feeder(
    id="lorry",
    party="north",
    mode="road",
    from_base="airfield_n",
    to_base="airfield_s",
    kg_per_trip=1000,
    trips_per_day=2,
    usd_per_trip=300,
    transit_days=1,
)


@pytest.fixture
def joined(instance: Instance) -> Instance:
    """North and South joined by lorry, a day on the way."""
    return instance.model_copy(update={"feeders": (LORRY,)})


def test_ramp_limit(instance: Instance) -> None:
    """Two loadings of 200 min on one slot that is open 399 min; the first begins before the base opens."""
    slow = changed(instance, "aircraft", "hauler", turnaround_min=200.0)
    one_slot = changed(slow, "bases", "airfield_n", ramp_slots=1, hours_from=360, hours_to=759)
    decisions = HAND.with_sortie("s2", takeoff="2016-04-11T10:45")
    said = "ramp_limit: airfield_n on 2016-04-11: 400 min of loading, 1 slot: 399 min a day"
    assert of_rule("ramp_limit", verdict(decisions, one_slot)) == [said]
    longer = changed(one_slot, "bases", "airfield_n", hours_to=760)
    assert of_rule("ramp_limit", verdict(decisions, longer)) == []


def test_handling_limit(instance: Instance) -> None:
    weak = changed(instance, "bases", "airfield_n", handling_kg_per_day=1874.0)
    assert verdict(HAND, weak) == [
        "handling_limit: airfield_n on 2016-04-11: 1 875 kg loaded, the base handles 1 874 kg a day"
    ]


def test_rig_stock_balance(instance: Instance) -> None:
    few = changed(instance, "rigs", "airfield_n", "canopy_high", count=7)
    said = "rig_stock_balance: airfield_n on 2016-04-11: 8 sets of canopy_high used, 7 in stock"
    assert verdict(HAND, few) == [said]


def test_rig_stock_balance_resupply(instance: Instance) -> None:
    """None at first and 2 every second day: 2 on Wednesday, still 2 on Thursday when 4 are used."""
    few = changed(instance, "rigs", "airfield_s", "canopy_high", count=0, resupply_count=2)
    said = "rig_stock_balance: airfield_s on 2016-04-14: 4 sets of canopy_high used, 2 in stock"
    assert verdict(HAND, few) == [said]
    enough = changed(instance, "rigs", "airfield_s", "canopy_high", count=0, resupply_count=4)
    assert verdict(HAND, enough) == []


def test_rig_stock_balance_without_rigs(instance: Instance) -> None:
    none = instance.model_copy(update={"rigs": instance.rigs[:2]})
    said = "rig_stock_balance: airfield_s on 2016-04-13: 4 sets of canopy_low used, 0 in stock"
    assert verdict(HAND, none) == [said]


def test_base_stock_balance(instance: Instance) -> None:
    short = changed(instance, "supplies", "airfield_n", "flour", kg=1749.0)
    said = "1 750 kg of flour loaded or sent on, 1 749 kg there"
    assert verdict(HAND, short) == [f"base_stock_balance: airfield_n on 2016-04-11: {said}"]


def test_base_stock_balance_interval(instance: Instance) -> None:
    """999 kg every second day: 1998 kg by Wednesday cover its 1000 kg, and 998 are left for Thursday."""
    short = changed(instance, "supplies", "airfield_s", "flour", kg=999.0)
    said = "base_stock_balance: airfield_s on 2016-04-14: 1 000 kg of flour loaded or sent on, 998 kg there"
    assert verdict(HAND, short) == [said]


def test_base_stock_balance_transit(joined: Instance) -> None:
    """What South lacks comes by lorry: loaded on Wednesday it is there on Thursday, loaded then it is not."""
    short = changed(joined, "supplies", "airfield_s", "flour", kg=999.0)
    said = "base_stock_balance: airfield_s on 2016-04-14: 1 000 kg of flour loaded or sent on, 998 kg there"
    assert verdict(replace(HAND, feeders=((2, "lorry", 1, "flour", 2),)), short) == []
    assert verdict(replace(HAND, feeders=((3, "lorry", 1, "flour", 2),)), short) == [said]


def test_feeder_limit(joined: Instance) -> None:
    decisions = replace(HAND, feeders=((0, "lorry", 1, "flour", 1001),))
    said = "feeder_limit: lorry on 2016-04-11: 1 001 kg carried, room for 1 000 kg in 1 trip"
    assert verdict(decisions, joined) == [said]
    two_goods = replace(HAND, feeders=((0, "lorry", 1, "flour", 900), (0, "lorry", 1, "soap", 101)))
    assert verdict(two_goods, joined) == [said]


def test_feeder_limit_trips(joined: Instance) -> None:
    decisions = replace(HAND, feeders=((0, "lorry", 3, "flour", 100),))
    assert verdict(decisions, joined) == ["feeder_limit: lorry on 2016-04-11: 3 trips, it makes 2 a day"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"party": "south"}, "lorry on 2016-04-11: party 'south', it is run by north"),
        ({"trips": 2}, "lorry on 2016-04-11: rows disagree on the trips of the day (1, 2)"),
        ({"feeder": "ferry"}, "ferry on 2016-04-11: no such feeder in the instance"),
        ({"commodity": "gold"}, "lorry on 2016-04-11: commodity 'gold' is not in the instance"),
        ({"kg": -1.0}, "lorry on 2016-04-11: -1 kg of soap is less than nothing"),
    ],
)
def test_feeder_limit_rows(values: dict[str, object], said: str, joined: Instance) -> None:
    feeders = ((0, "lorry", 1, "flour", 900.0), (0, "lorry", 1, "soap", 10.0))
    plan = edited(written(replace(HAND, feeders=feeders), joined), "feeders", 1, **values)
    assert f"feeder_limit: {said}" in [str(violation) for violation in check(plan, joined)]


def test_feeder_limit_party_stays_home(joined: Instance) -> None:
    alone = replace(
        HAND,
        flown=HAND.flown[2:],
        tails=HAND.tails[1:],
        handed=HAND.handed[3:],
        parties=("south",),
    )
    assert verdict(alone, joined) == []
    with_lorry = replace(alone, feeders=((0, "lorry", 1, "flour", 1),))
    assert verdict(with_lorry, joined) == [
        "feeder_limit: lorry on 2016-04-11: north runs it and does not take part in the plan"
    ]
