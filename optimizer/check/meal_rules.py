"""The rules that ``nutrition.csv`` and ``rations.csv`` follow from what is eaten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from optimizer.check.case import Case, grouped
from optimizer.check.requirements import NUTRIENTS, holds
from optimizer.check.violation import Violation, far, number
from optimizer.plan import Nutrition, Ration

WEEK_DAYS: Final = 7
WRITTEN: Final = {"kcal": 0.051, "protein_g": 0.0051, "fat_g": 0.0051}
"""What rounding may change of a figure as it is written."""
GRAM: Final = 0.0051  # g of a ration are written with two decimals
FRAC: Final = 1e-5


def nutrition_figures(case: Case) -> Iterator[Violation]:
    """``nutrition.csv`` is what a person eats each day: sum_c eaten x content / population."""
    rows = grouped(case.plan.nutrition, lambda row: (row.community, row.date))
    for (community, date), own in rows.items():
        if community not in case.standards or date not in case.day_of:
            fault = "nobody is to be fed there on that day"
        elif len(own) > 1:
            fault = f"{len(own)} rows, there is one a day"
        else:
            fault = _nutrition_fault(case, own[0], case.day_of[date])
        if fault:
            yield Violation("nutrition_figures", f"{community} on {date}", fault, "nutrition.csv")
    for community, date in ((community, date) for community in case.standards for date in case.dates):
        if (community, date) not in rows:
            message = "no row of this day"
            yield Violation("nutrition_figures", f"{community} on {date}", message, "nutrition.csv")


def _nutrition_fault(case: Case, row: Nutrition, day: int) -> str:
    """What is wrong with a row of nutrition, in words; empty when it adds up."""
    people = case.tables.communities[row.community].population
    for name in NUTRIENTS:
        eaten, seen = case.intake[row.community, name][day] / people, float(getattr(row, name))
        if far(seen, eaten, WRITTEN[name]):
            return f"{name} is {number(seen)}, what is eaten gives {number(eaten)} a person"
    asked = case.requirements[row.community, "kcal"].amount[day]
    frac = case.intake[row.community, "kcal"][day] / asked if asked > 0 else 1.0
    if far(row.energy_frac, frac, FRAC):
        return f"energy_frac is {number(row.energy_frac, 6)}, energy and standard give {number(frac, 6)}"
    return ""


def ration_figures(case: Case) -> Iterator[Violation]:
    """``rations.csv`` is what is eaten of each food in a week, by person and day."""
    due = {
        (community, food, case.dates[first]): sum(eaten[first : first + WEEK_DAYS])
        for (community, food), eaten in case.eaten_kg.items()
        for first in range(0, len(case.dates), WEEK_DAYS)
    }
    rows = grouped(case.plan.rations, lambda row: (row.community, row.commodity, row.date))
    for key, own in rows.items():
        if key not in due:
            fault = "no week of a food of this community begins on that day"
        elif len(own) > 1:
            fault = f"{len(own)} rows, there is one a week"
        else:
            fault = _ration_fault(case, own[0], due[key])
        if fault:
            yield Violation("ration_figures", _week(key), fault, "rations.csv")
    for key, eaten_kg in due.items():
        a_person_g = 1000 * eaten_kg / case.tables.communities[key[0]].population / WEEK_DAYS
        if key not in rows and a_person_g > GRAM:
            yield Violation("ration_figures", _week(key), "no row of this week", "rations.csv")


def _week(key: tuple[str, str, dt.date]) -> str:
    return f"{key[0]} {key[1]} from {key[2]}"


def _ration_fault(case: Case, row: Ration, eaten_kg: float) -> str:
    """What is wrong with a row of rations, in words; empty when it adds up."""
    days = min(WEEK_DAYS, len(case.dates) - case.day_of[row.date])
    kg = eaten_kg / case.tables.communities[row.community].population / days
    if row.days != days:
        return f"days is {number(row.days)}, the week has {days}"
    if far(row.g_per_person_day, 1000 * kg, GRAM):
        return f"g_per_person_day is {number(row.g_per_person_day)}, what is eaten gives {number(1000 * kg)}"
    for name in NUTRIENTS:
        due, seen = kg * holds(case.foods[row.commodity], name), float(getattr(row, name))
        if far(seen, due, WRITTEN[name]):
            return f"{name} is {number(seen)}, the ration holds {number(due)}"
    return ""
