"""Two small places in code, for what reports say of their people."""

from __future__ import annotations

from typing import Any

from instances.schema import Commodity, Community, Header, Instance, Need, Theatre
from optimizer.plan import Coverage, Plan, Severity
from tests.reports.plan_samples import DAY, sample_plan


def sample_instance(days: int = 1) -> Instance:
    """A town of 1 000 with flour, oil, kits and blankets, and a hamlet of 200; nothing flies."""
    foods = {"flour": (3500.0, 115.0, 15.0, "cereals"), "oil": (8850.0, 0.0, 1000.0, "oil")}
    items = {"health_kit": ("health", "kit", 1000.0), "blankets": ("shelter", "blanket", 1.6)}
    commodities = (
        *(
            Commodity(
                id=name,
                name=name.capitalize(),
                kcal_per_kg=kcal,
                protein_g_per_kg=protein_g,
                fat_g_per_kg=fat_g,
                group=group,
                priority=1,
                methods=("canopy",),
            )
            for name, (kcal, protein_g, fat_g, group) in foods.items()
        ),
        *(
            Commodity(
                id=name,
                name=name.replace("_", " ").capitalize(),
                unit=unit,
                kg_per_unit=kg,
                group=group,
                priority=2,
                methods=("canopy",),
            )
            for name, (group, unit, kg) in items.items()
        ),
    )
    people = {"town": 1000, "hamlet": 200}
    needs = (
        *(Need(community=name, commodity="flour", kg_per_person_day=0.5) for name in people),
        Need(community="town", commodity="health_kit", kg_per_day=3000.0),
        Need(community="town", commodity="blankets", kg_per_person=1.6, lasting=True),
    )
    nothing: dict[str, Any] = dict.fromkeys(
        ("parties", "bases", "supplies", "aircraft", "fleets", "methods", "zones", "links", "airspace"), ()
    )
    return Instance(
        header=Header(
            id="tiny",
            title="Tiny",
            first_date=DAY,
            days=days,
            time_zone="Asia/Damascus",
            theatre=Theatre(south=30, west=34, north=38, east=44),
        ),
        communities=tuple(
            Community(id=name, name=name.capitalize(), lat=35, lon=40, population=count)
            for name, count in people.items()
        ),
        commodities=commodities,
        needs=needs,
        **nothing,
    )


def plan_with_kits() -> Plan:
    """The sample plan, in which the town has two and a half of three kits."""
    plan = sample_plan()
    kits = Coverage(
        date=DAY,
        community="town",
        commodity="health_kit",
        need_kg=3000.0,
        received_kg=2500.0,
        eaten_kg=2500.0,
        unmet_kg=500.0,
        stock_kg=0.0,
    )
    short = Severity(
        date=DAY,
        days=1,
        community="town",
        need="health_kit",
        people=900.0,
        need_amount=3000.0,
        short_frac=0.166667,
        severity=27.0,
    )
    return plan.model_copy(update={"coverage": (*plan.coverage, kits), "severity": (*plan.severity, short)})
