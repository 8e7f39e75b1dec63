"""Estimates that a plan hangs on: which are found, in which order, and what turning one changes."""

from __future__ import annotations

import pytest

from instances.fields import Grade
from optimizer.levers import Lever, levers
from tests.check.hand_plan import HAND, tiny, written


def test_turning_changes_these_figures_and_no_other() -> None:
    instance = tiny()
    lever = Lever("fleets", ("usd_per_block_h",), ("north_hauler",), 1.0)
    turned = lever.turned(instance, 1.2)
    north, south = turned.fleets
    assert north.usd_per_block_h == pytest.approx(1.2 * instance.fleets[0].usd_per_block_h)
    assert north.model_copy(update={"usd_per_block_h": 1200.0}) == instance.fleets[0]
    assert south == instance.fleets[1]
    assert turned.model_copy(update={"fleets": instance.fleets}) == instance


def test_shares_end_at_one_and_counts_stay_whole() -> None:
    instance = tiny()
    link = Lever("links", ("loss_frac",), ("dz/town",), 1.0)
    lost = [one.model_copy(update={"loss_frac": 0.9}) for one in instance.links]
    turned = link.turned(instance.model_copy(update={"links": tuple(lost)}), 1.2)
    assert next(one for one in turned.links if one.community == "town").loss_frac == 1.0


def test_only_estimates_and_the_heaviest_first() -> None:
    instance = tiny()
    plan = written(HAND, instance)
    found = levers(instance, plan)
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
    names = {one.name for one in found}
    assert "usd_per_block_h of north_hauler" in names
    known = [one.model_copy(update={"grade": Grade.SOURCED}) for one in instance.fleets]
    sourced = levers(instance.model_copy(update={"fleets": tuple(known)}), plan)
    assert {one.table for one in found} - {one.table for one in sourced} == {"fleets"}


def test_standards_weigh_and_planned_rations_only_by_the_first_stock() -> None:
    """The tiny plan lasts six days, and a day's ration is in stock at first."""
    instance = tiny()
    plan = written(HAND, instance)
    weights = {one.table: one.weight for one in levers(instance, plan) if one.table in ("needs", "standards")}
    assert weights == {"needs": 1.0, "standards": 1.0}
    fed = instance.model_copy(update={"needs": tuple(n for n in instance.needs if n.commodity == "flour")})
    (needs,) = (one for one in levers(fed, plan) if one.table == "needs")
    assert needs.weight == pytest.approx(1 / 6)
