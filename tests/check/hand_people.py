"""What people get, by hand: stores, meals, what is short and how severe that is.

Of each food and item the most even ration is eaten that the stores allow, no more than planned or needed.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from instances.schema import Instance
from optimizer.plan import Coverage, HandOver, Nutrition, Ration, Severity

NUTRIENTS = ("kcal", "protein_g", "fat_g")


def _by_id(rows: Any) -> dict[str, Any]:
    return {row.id: row for row in rows}


def _on(row: Any, date: dt.date) -> bool:
    return (row.first_date or date) <= date <= (row.last_date or date)


@dataclass(frozen=True)
class Due:
    """A need over the days of the plan; `short` is what is missing each day."""

    community: str
    name: str
    weight: float
    people: list[float]
    amount: list[float]
    short: list[float]
    closing_days: float
    closing_short: float


def even(there: list[float], most: list[float]) -> list[float]:
    """The most even ration of what has come by each day, to the gram and never more than `most`."""
    eaten: list[float] = []
    for day, limit in enumerate(most):
        share = min((there[e] - sum(eaten)) / (e - day + 1) for e in range(day, len(there)))
        eaten.append(max(0.0, math.floor(1000 * min(share, limit) + 1e-6) / 1000))
    return eaten


def _need_kg(instance: Instance, community: str, commodity: str) -> list[float]:
    population = _by_id(instance.communities)[community].population
    rows = [n for n in instance.needs if (n.community, n.commodity) == (community, commodity)]
    return [
        sum(
            (n.kg_per_day or 0)
            + ((n.kg_per_person_day or 0) + (n.kg_per_person or 0)) * (n.people or population)
            for n in rows
            if _on(n, date)
        )
        for date in instance.dates
    ]


def _pairs(handovers: tuple[HandOver, ...], instance: Instance) -> list[tuple[str, str]]:
    """Communities with all they need, and with what food comes to them beside."""
    foods = {c.id for c in instance.commodities if c.is_food}
    needs = {(n.community, n.commodity) for n in instance.needs}
    fed = {k for k, c in needs if c in foods} | {row.community for row in instance.standards}
    return sorted(
        needs | {(h.community, h.commodity) for h in handovers if h.commodity in foods and h.community in fed}
    )


def coverage(
    handovers: tuple[HandOver, ...],
    instance: Instance,
    decided: tuple[tuple[str, str, tuple[float, ...]], ...],
) -> tuple[Coverage, ...]:
    """The file of needs and stores; rations may be decided otherwise."""
    chosen = {(community, commodity): list(kg) for community, commodity, kg in decided}
    rows = []
    for community, commodity in _pairs(handovers, instance):
        need = _need_kg(instance, community, commodity)
        lasting = any(
            n.lasting for n in instance.needs if (n.community, n.commodity) == (community, commodity)
        )
        received = [
            sum(
                h.received_kg
                for h in handovers
                if (h.date, h.community, h.commodity) == (date, community, commodity)
            )
            for date in instance.dates
        ]
        start = 0.0 if lasting else _by_id(instance.communities)[community].starting_stock_days * need[0]
        there = [start + sum(received[: day + 1]) for day in range(len(received))]
        eaten = [0.0] * len(need) if lasting else even(there, need if any(need) else [math.inf] * len(need))
        eaten = chosen.get((community, commodity), eaten)
        for day, date in enumerate(instance.dates):
            stock = there[day] - sum(eaten[: day + 1])
            rows.append(
                Coverage(
                    date=date,
                    community=community,
                    commodity=commodity,
                    need_kg=round(need[day], 3),
                    received_kg=round(received[day], 3),
                    eaten_kg=round(eaten[day], 3),
                    unmet_kg=round(max(0.0, need[day] - (stock if lasting else eaten[day])), 3),
                    stock_kg=round(stock, 3),
                )
            )
    return tuple(rows)


def dues(rows: tuple[Coverage, ...], instance: Instance) -> list[Due]:
    """Every need with what is missing of it."""
    found: list[Due] = []
    stores: dict[tuple[str, str], dict[dt.date, Coverage]] = defaultdict(dict)
    for row in rows:
        stores[row.community, row.commodity][row.date] = row
    commodities, weights = _by_id(instance.commodities), instance.header.class_weights
    for community in sorted({k for k, c in stores if commodities[c].is_food}):
        population = _by_id(instance.communities)[community].population
        own = [row for row in instance.standards if row.community == community]
        last_kg = {
            c: days[instance.dates[-1]].stock_kg
            for (k, c), days in stores.items()
            if k == community and commodities[c].is_food
        }
        for name in NUTRIENTS:
            amount = [
                sum(population * getattr(row, name) for row in own if _on(row, d)) for d in instance.dates
            ]
            held = {c: getattr(commodities[c], f"{name}_per_kg") for c in last_kg}
            had = [sum(stores[community, c][d].eaten_kg * held[c] for c in held) for d in instance.dates]
            found.append(
                Due(
                    community,
                    name,
                    getattr(own[0], f"{name.split('_')[0]}_weight") * weights[0],
                    [float(population)] * len(amount),
                    amount,
                    [max(0.0, a - b) for a, b in zip(amount, had, strict=True)],
                    own[0].closing_days,
                    max(0.0, own[0].closing_days * amount[-1] - sum(last_kg[c] * held[c] for c in held)),
                )
            )
    for (community, name), days in stores.items():
        if commodities[name].is_food:
            continue
        asked = [n for n in instance.needs if (n.community, n.commodity) == (community, name)]
        amount = [days[date].need_kg for date in instance.dates]
        people = asked[0].people or _by_id(instance.communities)[community].population
        found.append(
            Due(
                community,
                name,
                asked[0].weight * weights[commodities[name].priority - 1],
                [float(people) if kg > 0 else 0.0 for kg in amount],
                amount,
                [days[date].unmet_kg for date in instance.dates],
                asked[0].closing_days,
                max(0.0, asked[0].closing_days * amount[-1] - days[instance.dates[-1]].stock_kg),
            )
        )
    return found


def _curve(instance: Instance, share: float) -> float:
    """Severity by the points; the first is met from nothing."""
    points = [(0.0, 0.0), *instance.header.severity_points]
    for (low, before), (high, after) in pairwise(points):
        if before <= share <= after:
            return low + (high - low) * (share - before) / (after - before)
    raise AssertionError(share)


def severity(needs: list[Due], instance: Instance) -> tuple[Severity, ...]:
    """The file of what is short."""
    rows = []
    for need in needs:
        for first in range(0, len(instance.dates), instance.header.severity_days):
            days = slice(first, first + instance.header.severity_days)
            amount, people = sum(need.amount[days]), sum(need.people[days])
            if amount > 0:
                share = sum(need.short[days]) / amount
                rows.append(
                    _severity_row(need, instance, first, len(need.amount[days]), people, amount, share)
                )
        if need.closing_days > 0 and need.amount[-1] > 0:
            amount, people = need.closing_days * need.amount[-1], need.closing_days * need.people[-1]
            after = len(instance.dates)
            rows.append(_severity_row(need, instance, after, 0, people, amount, need.closing_short / amount))
    return tuple(rows)


def _severity_row(
    need: Due, instance: Instance, first: int, days: int, people: float, amount: float, share: float
) -> Severity:
    return Severity(
        date=instance.header.first_date + dt.timedelta(days=first),
        days=days,
        community=need.community,
        need=need.name,
        people=round(people / (days or need.closing_days), 3),
        need_amount=round(amount, 3),
        short_frac=round(share, 6),
        severity=round(need.weight * people * _curve(instance, share), 3),
    )


def nutrition(rows: tuple[Coverage, ...], instance: Instance) -> tuple[Nutrition, ...]:
    """The file of what a person eats."""
    commodities, found = _by_id(instance.commodities), []
    for community in sorted({row.community for row in rows if commodities[row.commodity].is_food}):
        population = _by_id(instance.communities)[community].population
        for date in instance.dates:
            meals = [row for row in rows if (row.community, row.date) == (community, date)]
            eaten = {
                name: sum(
                    row.eaten_kg * getattr(commodities[row.commodity], f"{name}_per_kg") for row in meals
                )
                / population
                for name in NUTRIENTS
            }
            asked = next(s.kcal for s in instance.standards if s.community == community and _on(s, date))
            found.append(
                Nutrition(
                    date=date,
                    community=community,
                    energy_frac=round(eaten["kcal"] / asked, 6),
                    **{name: round(one, 3) for name, one in eaten.items()},
                )
            )
    return tuple(found)


def rations(rows: tuple[Coverage, ...], instance: Instance) -> tuple[Ration, ...]:
    """The file of what to hand out, week by week."""
    commodities, found = _by_id(instance.commodities), []
    foods = sorted({(r.community, r.commodity) for r in rows if commodities[r.commodity].is_food})
    for community, food in foods:
        population = _by_id(instance.communities)[community].population
        for first in range(0, len(instance.dates), 7):
            week = instance.dates[first : first + 7]
            eaten = sum(
                r.eaten_kg for r in rows if (r.community, r.commodity) == (community, food) and r.date in week
            )
            kg = eaten / population / len(week)
            held = {name: round(kg * getattr(commodities[food], f"{name}_per_kg"), 3) for name in NUTRIENTS}
            found.append(
                Ration(
                    date=week[0],
                    days=len(week),
                    community=community,
                    commodity=food,
                    g_per_person_day=round(1000 * kg, 3),
                    **held,
                )
            )
    return tuple(found)


def worst_week(needs: list[Due], rows: tuple[Severity, ...]) -> float:
    """The highest severity of a community over a period, as a share of what it could be."""
    weight = {(need.community, need.name): need.weight for need in needs}
    days = {(need.community, need.name): need.closing_days for need in needs}
    told: dict[tuple[str, dt.date], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in rows:
        pair = row.community, row.need
        told[row.community, row.date][0] += row.severity
        told[row.community, row.date][1] += weight[pair] * row.people * (row.days or days[pair])
    return max((one / whole for one, whole in told.values() if whole), default=0.0)


def measures(
    rows: tuple[Coverage, ...],
    meals: tuple[Nutrition, ...],
    needs: list[Due],
    hardship: tuple[Severity, ...],
    instance: Instance,
) -> dict[str, float]:
    """What the summary says about people."""
    need_kg, unmet_kg = sum(row.need_kg for row in rows), sum(row.unmet_kg for row in rows)
    found = {
        "severity_person_days": sum(row.severity for row in hardship),
        "worst_week_severity_frac": worst_week(needs, hardship),
        "need_met_frac": 1 - unmet_kg / need_kg if need_kg else 1.0,
        "need_met_kg": need_kg - unmet_kg,
    }
    items = [need for need in needs if need.name not in NUTRIENTS and sum(need.amount) > 0]
    if items:
        met = sum(sum(need.people) * (1 - sum(need.short) / sum(need.amount)) for need in items)
        found["items_met_frac"] = met / sum(sum(need.people) for need in items)
    population = {k.id: k.population for k in instance.communities}
    needy = {need.community for need in needs}
    found["person_days"] = sum(population[k] for k in needy) * instance.header.days
    if meals:
        people = {k.id: k.population for k in instance.communities}
        all_days = sum(people[meal.community] for meal in meals)
        weeks = defaultdict(list)
        for meal in meals:
            weeks[meal.community, (meal.date - instance.header.first_date).days // 7].append(meal.kcal)
        found["person_days"] = all_days
        found["kcal_worst_week"] = min(sum(week) / len(week) for week in weeks.values())
        for name in NUTRIENTS:
            found[f"{name}_mean"] = sum(people[m.community] * getattr(m, name) for m in meals) / all_days
        bands = (("full", 0.95, 9e9), ("short", 0.8, 0.95), ("crisis", 0.5, 0.8), ("severe", -1.0, 0.5))
        for band, least, below in bands:
            found[f"person_days_{band}"] = sum(
                people[m.community] for m in meals if least <= m.energy_frac < below
            )
    return found
