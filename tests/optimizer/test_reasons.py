"""Why a coverage cannot be had: the limits of the tiny instance that stand in the way, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from instances.schema import Instance
from optimizer.campaign.reasons import LIMITS, why_short
from optimizer.clock import Clock
from optimizer.explain.relaxed import TIMETABLE, UNITS
from optimizer.network import build_network
from tests.optimizer.hand import changed, tiny


def said(instance: Instance) -> str:
    net = replace(build_network(instance, ("north",)), coverage_from=0)
    return why_short(net, 0.9, 0.5, Clock(60))


@pytest.mark.parametrize(
    ("table", "key", "column", "value", "reason"),
    [
        (
            "zones",
            ("dz",),
            "recovery_kg_per_day",
            200,
            "The ground team gathers only so much a day (zone_recovery_limit, dz, 6 days)",
        ),
        (
            "links",
            ("dz", "hamlet"),
            "kg_per_day",
            50,
            "The way to a community carries only so much a day (link_limit, dz hamlet, 6 days)",
        ),
        (
            "supplies",
            ("airfield_n", "flour"),
            "kg",
            1000,
            "Only cargo that has arrived can be loaded (base_stock_balance, airfield_n flour, 6 days)",
        ),
        (
            "fleets",
            ("north_hauler",),
            "max_tails",
            0,
            "No more tails are contracted than are on offer (tail_limit, north_hauler)",
        ),
    ],
)
def test_the_one_limit_that_binds(
    table: str, key: tuple[str, ...], column: str, value: float, reason: str
) -> None:
    asked = "90 % of every need is asked for, at most 50.0 % can be met"
    assert said(changed(tiny(), table, *key, **{column: value})) == f"{asked}. What binds: {reason}"


def test_cargo_that_nobody_can_bring() -> None:
    instance = tiny()
    flour = tuple(one for one in instance.supplies if one.commodity != "soap")
    assert "no mission can bring soap" in said(instance.model_copy(update={"supplies": flour}))


def test_the_worst_limit_comes_first() -> None:
    """The hamlet's way lets a quarter of its need through, so that what the zone gathers is enough."""
    narrow = changed(tiny(), "links", "dz", "hamlet", kg_per_day=25)
    reasons = said(changed(narrow, "zones", "dz", recovery_kg_per_day=1000)).split("What binds: ")[1]
    assert reasons.startswith("The way to a community")
    assert "zone_recovery_limit" not in reasons


def test_limits_are_those_that_explanations_ease() -> None:
    assert {*LIMITS, TIMETABLE} == {*UNITS}
