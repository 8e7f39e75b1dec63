"""Rations that the planner writes, of random arrivals, before the judge: no better ones are found."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from instances.schema import Commodity, Instance, Need
from optimizer import check
from optimizer.check.case import Case
from optimizer.check.requirements import rations, requirements
from optimizer.measure import Measure
from optimizer.needs import demands_of, rations_of
from optimizer.network import build_network
from optimizer.options import Options
from optimizer.plan import HandOver, Plan, Status
from optimizer.stocks import coverage_of
from tests.check.hand_plan import changed, tiny

RULES = {
    "ration_balance",
    "community_stock_balance",
    "nutrition_figures",
    "ration_figures",
    "nutrient_need",
    "severity",
    "closing_stock",
    "rationing",
}
GRADED = {"grade": "estimate", "source": "made up"}


def food(
    name: str, group: str, kcal: float, protein_g: float, fat_g: float, most_g: float | None
) -> Commodity:
    return Commodity.model_validate(
        {
            "id": name,
            "name": name,
            "group": group,
            "kcal_per_kg": kcal,
            "protein_g_per_kg": protein_g,
            "fat_g_per_kg": fat_g,
            "most_g_per_person_day": most_g,
            "priority": 1,
            "methods": ("canopy_high",),
            **GRADED,
        }
    )


FOODS = (
    food("rice", "cereals", 3600, 70, 5, 600),
    food("bulgur", "cereals", 3500, 110, 15, 500),
    food("beans", "pulses", 3350, 200, 12, 100),
    food("oil", "oil", 8850, 0, 1000, 40),
    food("dates", "fruit", 2450, 20, 5, None),
)


def drawn(rng: random.Random) -> Instance:
    """Two communities with five foods, soap, kits that last, and perhaps little room or closing stock."""
    base = tiny()
    header = base.header.model_copy(
        update={"days": rng.randint(4, 24), "severity_days": rng.choice([1, 2, 5, 7])}
    )
    kit = food("kit", "health", 0, 0, 0, None).model_copy(update={"priority": 2})
    kits = Need.model_validate(
        {"community": "town", "commodity": "kit", "kg_per_person": 0.1, "people": 300, "lasting": True}
        | {"first_date": header.first_date + dt.timedelta(days=2), **GRADED}
    )
    supplies = tuple(base.supplies[0].model_copy(update={"commodity": one.id}) for one in (*FOODS, kit))
    instance = base.model_copy(
        update={
            "header": header,
            "commodities": (*base.commodities, *FOODS, kit),
            "needs": (*base.needs, kits),
            "supplies": (*base.supplies, *supplies),
        }
    )
    closing = rng.choice([0.0, 0.0, 2.5, 7.0])
    standard = {"kcal": 2100.0, "protein_g": 52.5, "fat_g": 40.0, "closing_days": closing}
    instance = changed(instance, "standards", "town", **standard)
    instance = changed(instance, "needs", "town", "soap", closing_days=closing)
    return changed(instance, "communities", "town", storage_kg=rng.choice([None, None, 3000.0]))


def handed(rng: random.Random, instance: Instance) -> tuple[HandOver, ...]:
    """Arrivals on some days, now little and now much."""
    rows = []
    for date in instance.dates:
        for community, commodities, most in (
            ("town", (*(one.id for one in FOODS), "flour", "soap", "kit"), 700),
            ("hamlet", ("flour", "oil", "beans"), 140),
        ):
            for commodity in commodities:
                if rng.random() < 0.25:
                    kg = round(rng.uniform(0, most) * (0.02 if commodity in ("soap", "kit") else 1), 3)
                    lost = 0.1 if community == "hamlet" else 0.0
                    row = {"zone": "dz", "handed_kg": kg, "received_kg": round(kg * (1 - lost), 3)}
                    rows.append(HandOver(date=date, community=community, commodity=commodity, **row))
    return tuple(rows)


@pytest.mark.parametrize("seed", range(30))
def test_planner_and_judge_agree_on_rations(seed: int) -> None:
    rng = random.Random(seed)
    instance = drawn(rng)
    net, options = build_network(instance, ("north",)), Options(parties=("north",))
    handovers = handed(rng, instance)
    coverage = coverage_of(net, handovers, options)
    measure = Measure(net, coverage)
    plan = Plan(
        instance="tiny",
        options=options,
        status=Status.FEASIBLE,
        handovers=handovers,
        coverage=coverage,
        nutrition=measure.nutrition,
        severity=measure.severity,
        rations=measure.rations,
    )
    case = Case(plan, instance)
    assert [str(v) for rule in check.RULES if rule.__name__ in RULES for v in rule(case)] == []


@pytest.mark.parametrize("seed", range(30))
def test_planner_and_judge_agree_on_needs(seed: int) -> None:
    instance = drawn(random.Random(seed))
    model, own = demands_of(instance), requirements(instance)
    assert set(model) == set(own)
    assert rations_of(instance) == rations(instance)
    for key, demand in model.items():
        need = own[key]
        assert (need.weight, need.lasting) == (demand.weight, demand.lasting)
        assert (need.people, need.amount) == (demand.people, demand.amount)
        closing = () if need.closing is None else (need.closing,)
        found = [(one.first, one.people, one.amount) for one in (*need.intervals, *closing)]
        assert found == [(one.first, one.people, one.amount) for one in demand.periods]
