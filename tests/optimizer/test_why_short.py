"""Limits that keep needs short: named, and confirmed against a campaign built anew with one unit more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from instances.schema import Instance
from optimizer.campaign.build import build
from optimizer.clock import Clock
from optimizer.explain.relaxed import UNITS
from optimizer.explain.short import why_short
from optimizer.explained import Shortfall
from optimizer.network import build_network
from optimizer.options import Options
from optimizer.plan import Coverage, Plan, Status
from optimizer.solver import Session
from tests.optimizer.hand import changed, tiny

DAY = dt.date(2016, 4, 11)
NORTH = ("north",)


def _plan(
    unmet_kg: Mapping[tuple[str, str], float], parties: tuple[str, ...] = NORTH, **options: float
) -> Plan:
    """A plan that leaves so much unmet; nothing else of it is asked."""
    rows = tuple(
        Coverage(date=DAY, community=k, commodity=c, need_kg=kg, received_kg=0, unmet_kg=kg, stock_kg=0)
        for (k, c), kg in unmet_kg.items()
    )
    chosen = Options.model_validate({"parties": parties, **options})
    return Plan(instance="tiny", options=chosen, status=Status.FEASIBLE, coverage=rows)


def _least(instance: Instance, key: tuple[str, str], kept: Mapping[tuple[str, str], float]) -> float:
    """The least of a need that stays unmet, from a campaign built from nothing."""
    campaign = build(build_network(instance, NORTH))
    session = Session(campaign.problem)
    x = campaign.x
    for other, kg in kept.items():
        session.add_row(
            {session.column(v): 1.0 for (k, c, _), v in x.unmet_kg.items() if (k, c) == other}, high=kg
        )
    session.set_costs({session.column(v): 1.0 for (k, c, _), v in x.unmet_kg.items() if (k, c) == key})
    value = session.solve_relaxed(Clock(60), "costs").value
    assert value is not None
    return value


def _with(row: tuple[str, ...], column: str, value: float) -> Instance:
    values: dict[str, Any] = {column: value}
    return changed(tiny(), *row, **values)


def _town_flour(instance: Instance, unmet: Mapping[tuple[str, str], float]) -> Shortfall:
    told: list[str] = []
    found = why_short(_plan(unmet), instance, Clock(60), told.append)
    assert told == [f"{k}: {c}" for k, c in unmet]
    return next(one for one in found if (one.community, one.commodity) == ("town", "flour"))


UNMET = {("town", "flour"): 2500.0, ("town", "soap"): 120.0, ("hamlet", "flour"): 600.0}

CASES = {
    "zone_recovery_limit": (("zones", "dz"), "recovery_kg_per_day", 200.0, 1200.0),
    "link_limit": (("links", "dz", "town"), "kg_per_day", 150.0, 1150.0),
    "handling_limit": (("bases", "airfield_n"), "handling_kg_per_day", 250.0, 1250.0),
    "rig_stock_balance": (("rigs", "airfield_n", "canopy_high"), "count", 5, 6),
}


@pytest.mark.parametrize("name", CASES)
def test_the_limit_that_binds_is_named_and_confirmed(name: str) -> None:
    """One unit more in the instance itself, with a campaign built anew, gains what was said.

    A unit a day is given on the days the limit binds, which may be fewer than all, so that the new instance
    can gain more, but not less.
    """
    row, column, tight, eased = CASES[name]
    instance = _with(row, column, tight)
    shortfall = _town_flour(instance, UNMET)
    limit = next(one for one in shortfall.limits if name in one.name)
    assert limit.gained_kg > 1
    assert limit.unit.startswith(UNITS[name].words)
    kept = {key: kg + 0.01 for key, kg in UNMET.items()}
    before = _least(instance, ("town", "flour"), kept)
    assert shortfall.relaxed_kg == pytest.approx(before, abs=1)
    after = _least(_with(row, column, eased), ("town", "flour"), kept)
    if name == "rig_stock_balance":
        assert limit.gained_kg == pytest.approx(before - after, abs=1)
    else:
        assert limit.days
        assert limit.gained_kg <= before - after + 1


def test_what_divisible_sorties_would_meet_has_no_single_limit() -> None:
    shortfall = _town_flour(tiny(), {("town", "flour"): 300.0})
    assert shortfall.limits == ()
    assert shortfall.relaxed_kg < 1


def test_a_share_asked_for_is_the_reason() -> None:
    plan = _plan({("town", "flour"): 300.0}, coverage_frac=0.8)
    found = why_short(plan, tiny(), Clock(60), lambda _: None)
    assert [limit.name for limit in found[0].limits] == ["coverage_target"]
    assert found[0].limits[0].gained_kg == 300


def test_nothing_short_asks_nothing() -> None:
    assert why_short(_plan({("town", "flour"): 0.0}), tiny(), Clock(60), lambda _: None) == ()


def test_needs_not_reached_in_time_are_left_out() -> None:
    assert why_short(_plan(UNMET), tiny(), Clock(0), lambda _: None) == ()
