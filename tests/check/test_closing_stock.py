"""What is wanted in stock on the last evening, and the best mix of the foods there."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from instances.schema import Commodity, Instance
from optimizer.check import check
from optimizer.check.case import Case
from optimizer.check.closing import hunger
from optimizer.check.requirements import curve
from optimizer.check.simplex import most
from optimizer.options import Options
from optimizer.plan import Coverage, Plan, Status
from tests.check.hand_hunger import eating, hungry, landing
from tests.check.hand_plan import changed, edited, verdict, written


def stocked(*, item: bool = False) -> Instance:
    """20 kg for five days, and five days of stock wanted in the end."""
    instance = hungry(20, 5, item=item)
    if item:
        return changed(instance, "needs", "town", "soap", closing_days=5.0)
    return changed(instance, "standards", "town", closing_days=5.0)


def half_kept(*, item: bool = False) -> Plan:
    return written(eating(landing(item=item), 2, 2, 2, 2, 2, item=item), stocked(item=item))


def closing_row(plan: Plan, name: str) -> int:
    return max(i for i, row in enumerate(plan.severity) if row.need == name)


def said(plan: Plan, instance: Instance) -> list[str]:
    return [str(violation) for violation in check(plan, instance)]


@pytest.mark.parametrize("item", [False, True])
def test_closing_stock(item: bool) -> None:
    """Half is eaten and half is kept: 500 person-days at 0.25, twice."""
    plan, instance = half_kept(item=item), stocked(item=item)
    name = "soap" if item else "kcal"
    where = f"closing_stock: town {name} from 2016-04-16:"
    row = closing_row(plan, name)
    assert said(plan, instance) == []
    assert dict(plan.summary)["severity_person_days"] == pytest.approx(250)
    assert said(edited(plan, "severity", row, severity=126.0), instance) == [
        f"{where} severity is 126, the points give 125 person-days"
    ]
    assert said(edited(plan, "severity", row, people=101.0), instance) == [
        f"{where} people is 101, the instance says 100"
    ]
    assert said(edited(plan, "severity", row, need_amount=1.0), instance)[0].startswith(
        f"{where} need_amount "
    )
    less = plan.model_copy(update={"severity": plan.severity[:row] + plan.severity[row + 1 :]})
    assert said(less, instance) == [f"{where} no row of the closing stock"]


def test_closing_stock_is_counted_once() -> None:
    """A share short that the points agree with, and the stock does not."""
    plan, instance = half_kept(), stocked()
    row = closing_row(plan, "kcal")
    sated = edited(plan, "severity", row, short_frac=0.35, severity=61.25)
    text = "severity of food is 61.25, the best mix of the last stock gives 125 person-days"
    assert said(sated, instance) == [f"closing_stock: town from 2016-04-16: {text}"]
    plan, instance = half_kept(item=True), stocked(item=True)
    sated = edited(plan, "severity", closing_row(plan, "soap"), short_frac=0.35, severity=61.25)
    text = "town soap from 2016-04-16: short_frac is 0.35, the last stock gives 0.5"
    assert said(sated, instance) == [f"closing_stock: {text}"]


@pytest.mark.parametrize("item", [False, True])
def test_rationing_keeps_a_closing_stock(item: bool) -> None:
    """Of 20 kg 11 are eaten: a tenth of a kg less eaten, and as much more kept, is better."""
    greedy = eating(landing(item=item), 2.2, 2.2, 2.2, 2.2, 2.2, item=item)
    (only,) = verdict(greedy, stocked(item=item))
    assert only.startswith("rationing: town ")
    assert "0.1 kg less, and as much more in the closing stock, lowers severity by " in only


def food(name: str, kcal: float, protein_g: float, most_g: float | None) -> Commodity:
    return Commodity(
        id=name,
        name=name,
        kcal_per_kg=kcal,
        protein_g_per_kg=protein_g,
        group="cereals",
        most_g_per_person_day=most_g,
        priority=1,
        methods=("canopy_high",),
        grade="estimate",
        source="made up",
    )


@pytest.mark.parametrize("seed", range(12))
def test_the_last_stock_is_taken_in_its_best_mix(seed: int) -> None:
    """Two cereals share what 100 people can eat in 3 days; every mix in steps of 0.1 % is tried."""
    rng = random.Random(seed)
    base = changed(hungry(0, 5), "standards", "town", closing_days=3.0, protein_g=5.0, protein_weight=0.5)
    foods = [
        food("energy", rng.uniform(2000, 4000), rng.uniform(10, 60), rng.choice([30.0, 60.0])),
        food("protein", rng.uniform(500, 2000), rng.uniform(80, 250), rng.choice([30.0, 60.0])),
    ]
    instance = base.model_copy(update={"commodities": (*base.commodities, *foods)})
    stock = {one.id: rng.uniform(1, 15) for one in foods}
    row = {"date": instance.dates[-1], "community": "town", "need_kg": 0, "received_kg": 0, "eaten_kg": 0}
    plan = Plan(
        instance="hungry",
        options=Options(parties=("north",)),
        status=Status.FEASIBLE,
        coverage=tuple(Coverage(commodity=c, unmet_kg=0, stock_kg=kg, **row) for c, kg in stock.items()),
    )

    def severity(kg: list[float]) -> float:
        total = 0.0
        for name, weight, a_person in (("kcal", 1.0, 140.0), ("protein_g", 0.5, 5.0)):
            had = sum(one * getattr(c, f"{name}_per_kg") for one, c in zip(kg, foods, strict=True))
            short = max(0.0, 1 - had / (300 * a_person))
            total += weight * 300 * curve(instance.header.severity_points, short)
        return total

    most_kg = [(one.most_g_per_person_day or 0) / 1000 * 300 for one in foods]
    least = float("inf")
    for share in np.linspace(0, 1, 1001):
        first = min(stock["energy"], float(share) * most_kg[0])
        second = min(stock["protein"], (1 - first / most_kg[0]) * most_kg[1])
        least = min(least, severity([first, second]))
    found = hunger(Case(plan, instance), "town")
    assert found <= least + 1e-9
    assert found == pytest.approx(least, rel=2e-3, abs=1e-3)


@pytest.mark.parametrize("seed", range(40))
def test_most_is_the_best_corner(seed: int) -> None:
    """Three quantities within five limits, one of them often nothing at all: every corner is tried."""
    rng = np.random.default_rng(seed)
    rows = np.vstack([rng.uniform(-1, 2, (4, 3)), np.ones(3)])
    limits = np.concatenate([rng.choice([0.0, 0.5, 1.0, 2.0], 4), [3.0]])
    gain = rng.uniform(-1, 2, 3)
    all_rows, all_limits = np.vstack([rows, -np.eye(3)]), np.concatenate([limits, np.zeros(3)])
    best = 0.0
    for three in itertools.combinations(range(len(all_rows)), 3):
        matrix = all_rows[list(three)]
        if abs(np.linalg.det(matrix)) > 1e-9:
            corner = np.linalg.solve(matrix, all_limits[list(three)])
            if (all_rows @ corner <= all_limits + 1e-9).all():
                best = max(best, float(gain @ corner))
    assert most(gain.tolist(), rows.tolist(), limits.tolist()) == pytest.approx(best, abs=1e-8)
