"""What the last evening's stock lacks of what is wanted in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from optimizer.check.case import Case
from optimizer.check.requirements import NUTRIENTS, Interval, Requirement, holds
from optimizer.check.simplex import most

NOTHING: Final[Mapping[str, float]] = {}


def item_short_frac(case: Case, need: Requirement, closing: Interval, more_kg: float = 0.0) -> float:
    """Share of what is wanted of an item that the last stock lacks, 0..1."""
    left_kg = case.daily(need.community, need.name, "stock_kg")[-1] + more_kg
    return max(0.0, closing.amount - left_kg) / closing.amount


def wanted_of_food(case: Case, community: str) -> list[tuple[Requirement, Interval]]:
    """Needs of nutrients that the last stock of a community is to meet."""
    needs = [need for name in NUTRIENTS if (need := case.requirements.get((community, name))) is not None]
    return [(need, need.closing) for need in needs if need.closing is not None]


def hunger(case: Case, community: str, more_kg: Mapping[str, float] = NOTHING) -> float:
    """Least severity of what the last stock of food lacks, person-days.

    Foods are taken in the best mix, of each group no more than people can eat in the days asked for;
    `more_kg` says of what there is more.
    """
    wanted = wanted_of_food(case, community)
    if not wanted:
        return 0.0
    last = {c: case.daily(k, c, "stock_kg")[-1] for k, c in case.eaten_kg if k == community}
    stock = {c: kg for c, left_kg in last.items() if (kg := left_kg + more_kg.get(c, 0.0)) > 0}
    rises = _rises(case)
    gain, rows, limits = [], [], []
    for i, (need, closing) in enumerate(wanted):
        gain += [need.weight * closing.people * slope for _, slope in rises]
        # What is filled of a nutrient is in the foods taken; these are counted as shares of their stock.
        filled = [float(i == j) for j in range(len(wanted)) for _ in rises]
        rows.append(
            [*filled, *(-kg * holds(case.foods[c], need.name) / closing.amount for c, kg in stock.items())]
        )
        limits.append(0.0)
    count = len(gain) + len(stock)
    for at, most_of_it in enumerate([width for _ in wanted for width, _ in rises] + [1.0] * len(stock)):
        rows.append([float(at == j) for j in range(count)])
        limits.append(most_of_it)
    days = wanted[0][1].amount / wanted[0][0].amount[-1]
    for taken in _of_groups(case, community, stock):
        rows.append([*([0.0] * len(gain)), *(share / days for share in taken)])
        limits.append(1.0)
    whole = sum(need.weight * closing.people for need, closing in wanted)
    return whole - most([*gain, *([0.0] * len(stock))], rows, limits)


def _rises(case: Case) -> list[tuple[float, float]]:
    """Width and slope of each piece of the severity's polyline."""
    points = case.instance.header.severity_points
    return [
        (share - below[1], (severity - below[0]) / (share - below[1]))
        for below, (severity, share) in zip(((0.0, 0.0), *points), points, strict=False)
    ]


def _of_groups(case: Case, community: str, stock: dict[str, float]) -> list[list[float]]:
    """How many people-days' worth of a group the stock of each food is, a list for each group."""
    people = case.tables.communities[community].population
    groups = sorted({case.foods[c].group for c in stock})
    return [
        [
            kg / (most_g / 1000 * people)
            if (most_g := case.foods[c].most_g_per_person_day) is not None and case.foods[c].group == group
            else 0.0
            for c, kg in stock.items()
        ]
        for group in groups
    ]
