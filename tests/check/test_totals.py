"""Budgets of the campaign and the files of totals."""

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from instances.schema import Instance, Leg, Recovery
from optimizer.check import check, risk_rules
from optimizer.check.risk_rules import Exposure
from optimizer.plan import Plan, Status
from tests.check.hand_plan import HAND, changed, edited, of_rule, verdict, written


def said(plan: Plan, instance: Instance) -> list[str]:
    return [str(violation) for violation in check(plan, instance)]


def test_loss_budget(instance: Instance) -> None:
    """Two sorties at 0.002 %: 1 - 0.99998^2 = 0.00399996 %."""
    wary = changed(instance, "parties", "north", loss_budget=3.9e-5)
    text = "0.00399996 % chance of losing an aircraft over the campaign, the budget is 0.0039 %"
    assert verdict(HAND, wary) == [f"loss_budget: north: {text}"]


def test_harm_budget(instance: Instance) -> None:
    """100 people per km2 x 20 m2 x 0.2 stray = 0.0004 a bundle, 8 bundles."""
    careful = changed(instance, "parties", "north", harm_budget=0.0031)
    text = "0.0032 people expected to be hurt, the budget is 0.0031"
    assert verdict(HAND, careful) == [f"harm_budget: north: {text}"]


@pytest.mark.parametrize(
    ("sorties", "harmed", "refused"), [(1, 0.300002, True), (500, 0.3002, False), (500, 0.3003, True)]
)
def test_a_harm_budget_allows_for_what_rounding_leaves(
    sorties: int, harmed: float, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six decimals a sortie: 500 sorties may be 500 x 0.0000005 = 0.00025 people above what was planned."""
    none = Exposure(0, 0, 0, 0, 0, harmed, 0, 0, sorties, sorties)
    monkeypatch.setattr(risk_rules, "exposure", lambda *_: none)
    case: Any = SimpleNamespace(flying=[SimpleNamespace(id="north", harm_budget=0.3)])
    assert bool(list(risk_rules.harm_budget(case))) is refused


def test_diversion_limit(instance: Instance) -> None:
    """20 % of 1875 kg."""
    strict = changed(instance, "parties", "north", diversion_limit_frac=374 / 1875)
    text = "375 kg fall into other hands, the limit is 19.9467 % of 1 875 kg"
    assert verdict(HAND, strict) == [f"diversion_limit: north: {text}"]


def test_funding_limit(instance: Instance) -> None:
    """Two sorties at 82 / 60 x 1200 + 100, a tail for 6 days, 8 sets, 1750 kg flour, 125 kg soap at 2 USD."""
    spent = 2 * (82 / 60 * 1200 + 100) + 6 * 1000 + 8 * 100 + 1750 + 125 * 2
    assert spent == pytest.approx(12280)
    poor = changed(instance, "parties", "north", funds_usd=12279.0)
    assert verdict(HAND, poor) == ["funding_limit: north: 12 280.00 USD spent, the funds are 12 279.00 USD"]
    assert verdict(HAND, changed(instance, "parties", "north", funds_usd=12280.0)) == []


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"sorties": 3}, "north_hauler: sorties is 3, sorties and instance give 2"),
        ({"flying_days": 2}, "north_hauler: flying_days is 2, sorties and instance give 1"),
        ({"block_h": 3.7333}, "north_hauler: block_h is 3.7333, sorties and instance give 2.7333"),
        ({"standing_usd": 6001.0}, "north_hauler: standing_usd is 6 001, sorties and instance give 6 000"),
        ({"base": "airfield_s"}, "north_hauler: base 'airfield_s', the instance says airfield_n"),
    ],
)
def test_fleet_figures(values: dict[str, object], text: str, plan: Plan, instance: Instance) -> None:
    assert said(edited(plan, "fleet", 0, **values), instance) == [f"fleet_figures: {text}"]


def test_fleet_figures_tail_not_contracted(instance: Instance) -> None:
    decisions = HAND.with_sortie("s2", tail=2)
    text = "tail north_hauler_2: flies s2 on 2016-04-11, 1 contracted: north_hauler_1 and on"
    assert verdict(decisions, instance) == [f"fleet_figures: {text}"]


def test_fleet_figures_rows(plan: Plan, instance: Instance) -> None:
    less = plan.model_copy(update={"fleet": plan.fleet[1:]})
    assert "fleet_figures: north_hauler: no row of this fleet" in said(less, instance)
    more = plan.model_copy(update={"fleet": (*plan.fleet, plan.fleet[0])})
    assert said(more, instance) == ["fleet_figures: north_hauler: a second row of this fleet"]


def test_cost_figures(plan: Plan, instance: Instance) -> None:
    bad = edited(plan, "costs", 2, usd=801.0)
    bad = bad.model_copy(update={"summary": plan.summary})
    assert of_rule("cost_figures", said(bad, instance)) == [
        "cost_figures: north rigging: 801.00 USD, the plan comes to 800.00 USD"
    ]


def test_cost_figures_to_the_cent(plan: Plan, instance: Instance) -> None:
    """A cent is within the rounding of a sortie, but the bill must add up to the sorties."""
    bad = edited(plan, "sorties", 0, cost_usd=plan.sorties[0].cost_usd + 0.01)
    text = "flying, rigging and cargo are 6 280.00 USD, the sorties cost 6 280.01 USD"
    assert said(bad, instance) == [f"cost_figures: north: {text}"]


def test_cost_figures_rows(plan: Plan, instance: Instance) -> None:
    less = plan.model_copy(update={"costs": plan.costs[:-1]})
    assert "cost_figures: all recovery: no row of this item" in said(less, instance)
    more = edited(plan, "costs", -1, item="tea")
    assert "cost_figures: all tea: no such item of a flying party" in said(more, instance)


@pytest.mark.parametrize(
    ("index", "values", "text"),
    [
        (0, {"value": 0.01}, "north aircraft_loss_prob: value is 0.01, the sorties give 0.00004"),
        (0, {"limit": 0.02}, "north aircraft_loss_prob: limit is 0.02, the instance says 0.01"),
        (1, {"limit": 0.02}, "north expected_aircraft_lost: limit is 0.02, the instance says empty"),
        (5, {"value": 376.0}, "north diverted_kg: value is 376, the sorties give 375"),
        (9, {"value": 0.00152}, "south expected_aircraft_lost: value is 0.00152, the sorties give 0.00052"),
    ],
)
def test_risk_figures(
    index: int, values: dict[str, object], text: str, plan: Plan, instance: Instance
) -> None:
    assert said(edited(plan, "risk", index, **values), instance) == [f"risk_figures: {text}"]


def test_risk_figures_rows(plan: Plan, instance: Instance) -> None:
    less = plan.model_copy(update={"risk": plan.risk[1:]})
    assert said(less, instance) == ["risk_figures: north aircraft_loss_prob: no row of this measure"]


SUMMARY = {
    "severity_person_days": 81,
    "need_met_frac": 3570 / 3720,
    "need_met_kg": 3570,
    "items_met_frac": 1,
    "person_days": 7200,
    "person_days_full": 6000,
    "person_days_short": 0,
    "person_days_crisis": 1200,
    "person_days_severe": 0,
    "kcal_worst_week": 1312.5,
    "kcal_mean": (1750 * 6000 + 1312.5 * 1200) / 7200,
    "protein_g_mean": (50 * 6000 + 37.5 * 1200) / 7200,
    "fat_g_mean": (7.5 * 6000 + 5.625 * 1200) / 7200,
    "cost_usd": 19765,
    "cost_usd_per_landed_t": 19765 / 3.2,
    "sorties": 4,
    "block_h": (2 * 82 + 2 * 65) / 60,
    "tails": 2,
    "bundles": 16,
    "dropped_kg": 3875,
    "landed_kg": 3200,
    "expected_aircraft_lost": 3 * 2e-5 + 5e-4,
    "expected_people_harmed": 12 * 0.0004,
    "diverted_kg": 0.2 * 2875,
}
"""The summary of the hand plan, worked by hand."""


@pytest.mark.parametrize("name", SUMMARY)
def test_summary_figures(name: str, plan: Plan, instance: Instance) -> None:
    summary = dict(plan.summary)
    assert summary[name] == pytest.approx(SUMMARY[name], rel=1e-9)
    one_more = plan.model_copy(update={"summary": tuple({**summary, name: summary[name] + 1}.items())})
    (only,) = said(one_more, instance)
    assert only.startswith(f"summary_figures: {name}: the summary says ")
    missing = plan.model_copy(update={"summary": tuple(row for row in plan.summary if row[0] != name)})
    assert said(missing, instance) == [f"summary_figures: {name}: missing from the summary"]


@pytest.mark.parametrize(
    ("index", "values", "text"),
    [
        (0, {"value": 82.0}, "severity_person_days: value is 82 person-days, the files give 81"),
        (
            0,
            {"bound": 82.0, "gap_frac": 1 / 7200},
            "severity_person_days: the bound 82 is above the value 81",
        ),
        (0, {"gap_frac": 0.02}, "severity_person_days: gap_frac is 0.02, value and bound give 0.01125"),
        (1, {"value": 0.07}, "worst_week_severity_frac: value is 0.07 frac, the files give 0.0675"),
        (1, {"gap_frac": 0.07}, "worst_week_severity_frac: gap_frac is 0.07, value and bound give 0.0675"),
        (2, {"value": 19766.0}, "cost_usd: value is 19 766 USD, the files give 19 765"),
        (2, {"gap_frac": 0.1}, "cost_usd: gap_frac is 0.1, value and bound give 0.2"),
        (
            2,
            {"bound": 20000.0, "gap_frac": 235 / 19765},
            "cost_usd: the bound 20 000 is above the value 19 765",
        ),
    ],
)
def test_summary_figures_objectives(
    index: int, values: dict[str, object], text: str, plan: Plan, instance: Instance
) -> None:
    bad = edited(plan, "objectives", index, **values)
    assert said(bad, instance) == [f"summary_figures: objective {text}"]


def test_summary_figures_optimal_with_a_gap(plan: Plan, instance: Instance) -> None:
    proud = plan.model_copy(update={"status": Status.OPTIMAL})
    text = "summary_figures: objective cost_usd: called optimal with a gap of 20 %, the asked gap is 0.5 %"
    assert text in said(proud, instance)


def test_summary_figures_order(plan: Plan, instance: Instance) -> None:
    turned = plan.model_copy(update={"objectives": plan.objectives[::-1]})
    (only,) = said(turned, instance)
    assert only.startswith("summary_figures: objectives: objectives are cost_usd, worst_")


def test_worst_week(plan: Plan, instance: Instance) -> None:
    """The hamlet is at 81 of 1200 person-days, the town wants for nothing."""
    summary = {**dict(plan.summary), "worst_week_severity_frac": 0.068}
    text = "worst_week_severity_frac: the summary says 0.068, the files give 0.0675"
    assert dict(plan.summary)["worst_week_severity_frac"] == pytest.approx(81 / 1200)
    assert said(plan.model_copy(update={"summary": tuple(summary.items())}), instance) == [
        f"worst_week: {text}"
    ]


def test_nobody_to_feed_leaves_meals_out(instance: Instance) -> None:
    """Soap alone: no standard, no meals, and their figures are missing without harm."""
    soap = instance.model_copy(update={"needs": instance.needs[1:2], "standards": ()})
    idle = replace(HAND, flown=(), handed=(), tails=())
    summary = dict(written(idle, soap).summary)
    assert "kcal_mean" not in summary
    assert summary["items_met_frac"] == pytest.approx(20 / 120)
    assert verdict(idle, soap) == []


def test_legs_and_recoveries_replace_what_is_computed(instance: Instance) -> None:
    """A surveyed leg gives distance and minutes; an observed share of 0.72 strays 1 - 0.72 / 0.9 = 0.2."""
    leg = Leg(base="airfield_s", zone="dz", distance_km=200, minutes=30, loss_prob=0.0005)
    known = Recovery(zone="dz", method="canopy_low", landed_frac=0.72)
    other = instance.model_copy(update={"legs": (leg,), "recoveries": (known,)})
    decisions = replace(HAND, handed=(*HAND.handed[:3], (2, "town", "flour", 720), HAND.handed[4]))
    plan = written(decisions, other)
    assert plan.sorties[2].block_min == 70
    assert plan.sorties[2].harm_expected == pytest.approx(4 * 0.0004)
    assert said(plan, other) == []


def test_an_empty_plan_is_judged(instance: Instance) -> None:
    """Nobody flies: nothing is broken, and nobody is fed beyond the starting stock."""
    idle = replace(HAND, flown=(), handed=(), tails=())
    plan = written(idle, instance)
    assert said(plan, instance) == []
    assert math.isclose(dict(plan.summary)["need_met_kg"], 500 + 20)
