"""The measures of a plan, in the order of a comparison, and what each status means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from optimizer.plan import Plan, Status
from reports.numbers import (
    block_text,
    count_text,
    energy_text,
    grams_text,
    money_text,
    price_text,
    share_text,
    small_text,
    tonnes_text,
)


@dataclass(frozen=True)
class Measure:
    """One row of a comparison.

    Attributes
    ----------
    name : str
        As in the summary of ``plan.json``, or one of `DERIVED`.
    unit : str
        Unit of the number in the file.
    label : str
        What it is called on the screen.
    show : callable
        The number in a planner's units.
    of : str
        Measure that it is a part of; its share of it has a row ``<name>_frac`` of its own.
    """

    name: str
    unit: str
    label: str
    show: Callable[[float | None], str]
    of: str = ""


PEOPLE: Final = (
    Measure("person_days_full", "person-days", "Fed in full, person-days", count_text, "person_days"),
    Measure("person_days_short", "person-days", "Short, person-days", count_text, "person_days"),
    Measure("person_days_crisis", "person-days", "In crisis, person-days", count_text, "person_days"),
    Measure("person_days_severe", "person-days", "Severely short, person-days", count_text, "person_days"),
    Measure("kcal_mean", "kcal", "Energy a person and day, mean", energy_text),
    Measure("kcal_worst_week", "kcal", "Energy, worst community-week", energy_text),
    Measure("protein_g_mean", "g", "Protein a person and day, mean", grams_text),
    Measure("fat_g_mean", "g", "Fat a person and day, mean", grams_text),
    Measure("items_met_frac", "frac", "Other needs met", share_text),
)
"""What people get; after these come items by group, and kits."""

MEASURES: Final = (
    Measure("severity_person_days", "person-days", "Severity, person-days", count_text, "person_days"),
    Measure("worst_week_severity_frac", "frac", "Severity, worst community-week", share_text),
    Measure("cost_usd", "USD", "Cost", money_text),
    Measure("cost_usd_per_person_day", "USD", "Cost per person and day", price_text),
    Measure("cost_usd_per_landed_t", "USD/t", "Cost per landed tonne", money_text),
    Measure("sorties", "sorties", "Sorties", count_text),
    Measure("block_h", "h", "Block hours", block_text),
    Measure("tails", "tails", "Tails contracted", count_text),
    Measure("bundles", "bundles", "Bundles", count_text),
    Measure("dropped_kg", "kg", "Dropped", tonnes_text),
    Measure("landed_kg", "kg", "Landed", tonnes_text),
    Measure("expected_aircraft_lost", "aircraft", "Aircraft lost, expected", small_text),
    Measure("expected_people_harmed", "people", "People harmed, expected", small_text),
    Measure("diverted_kg", "kg", "Into other hands", tonnes_text),
    Measure("need_met_kg", "kg", "Cargo of the planned needs met", tonnes_text),
    Measure("need_met_frac", "frac", "The same, share by weight", share_text),
)
"""How badly people fare, what it costs and risks, and the cargo behind it."""

DERIVED: Final = ("cost_usd_per_person_day",)
"""Measures that are worked out here and do not stand in the summary."""

STATUS_WORDS: Final = {
    Status.OPTIMAL: "best plan, proven within the gap asked for",
    Status.FEASIBLE: "a valid plan; time ran out before the gap asked for",
    Status.INFEASIBLE: "no plan can do this, proven",
    Status.NO_PLAN: "time ran out before any plan was found",
}
"""What a status means to a planner."""


def measured(plan: Plan) -> dict[str, float]:
    """The summary with what follows from it; no cost per tonne or person and day where there is none."""
    summary = dict(plan.summary)
    if not summary.get("landed_kg"):
        summary.pop("cost_usd_per_landed_t", None)
    if people := summary.get("person_days"):
        summary["cost_usd_per_person_day"] = summary.get("cost_usd", 0.0) / people
    for one in (*PEOPLE, *MEASURES):
        if (total := summary.get(one.of)) and one.name in summary:
            summary[f"{one.name}_frac"] = summary[one.name] / total
    return summary
