"""What people need: nutrients that any food serves, and items, day by day and by period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from instances.schema import Commodity, Instance, Need, Standard

NUTRIENTS: Mapping[str, str] = {
    "kcal": "kcal_per_kg",
    "protein_g": "protein_g_per_kg",
    "fat_g": "fat_g_per_kg",
}
"""Field of a commodity that says what a kg of it holds, by nutrient."""


@dataclass(frozen=True)
class Period:
    """Days over which the share of a need that is short is taken.

    Attributes
    ----------
    first, last : int
        Days of the plan, counted from 0.
    people : float
        Person-days in need.
    amount : float
        Of the need: kcal, g or kg.
    closing : bool
        Whether it lies after the last day; what is in stock that evening serves it.
    """

    first: int
    last: int
    people: float
    amount: float
    closing: bool = False


@dataclass(frozen=True)
class Demand:
    """One need of a community.

    Attributes
    ----------
    community, name : str
        Whose; a nutrient, or the id of a commodity.
    weight : float
        Of the need, times that of its class.
    days, people, amount : tuple of float
        For each day of the network: days of the plan on which it is needed, person-days in need, and how
        much of it: kcal, g or kg. Of a lasting need, what people should have on the day.
    lasting : bool
        Whether what is given stays given.
    periods : tuple of Period
        In which anything is needed; the last may be that of the closing stock.
    """

    community: str
    name: str
    weight: float
    days: tuple[float, ...]
    people: tuple[float, ...]
    amount: tuple[float, ...]
    lasting: bool
    periods: tuple[Period, ...]

    @cached_property
    def closing(self) -> Period | None:
        """The period after the last day, which closing stock serves, if any is wanted."""
        last = self.periods[-1] if self.periods else None
        return last if last is not None and last.closing else None

    @cached_property
    def person_days(self) -> float:
        """People in need, summed over all days."""
        return sum(period.people for period in self.periods)


def content(commodity: Commodity, nutrient: str) -> float:
    """Kcal or g of a nutrient in a kg."""
    return float(getattr(commodity, NUTRIENTS[nutrient]))


def demands_of(instance: Instance) -> dict[tuple[str, str], Demand]:
    """Every need of every community, day by day, by community and name."""
    commodities = {c.id: c for c in instance.commodities}
    population = {k.id: k.population for k in instance.communities}
    found: dict[tuple[str, str], Demand] = {}
    for k, rows in standards_of(instance).items():
        for name, field in (
            ("kcal", "kcal_weight"),
            ("protein_g", "protein_weight"),
            ("fat_g", "fat_weight"),
        ):
            people, amount = [0.0] * len(instance.dates), [0.0] * len(instance.dates)
            for row in rows:
                for d in _days(instance, row):
                    people[d] = population[k] if getattr(row, name) > 0 else 0.0
                    amount[d] = population[k] * getattr(row, name)
            weight = getattr(rows[0], field) * instance.header.class_weights[0]
            found[k, name] = _demand(instance, (k, name), weight, people, amount, rows[-1].closing_days)
    items: dict[tuple[str, str], list[Need]] = defaultdict(list)
    for need in instance.needs:
        if not commodities[need.commodity].is_food:
            items[need.community, need.commodity].append(need)
    for (k, c), needs in items.items():
        people, amount = [0.0] * len(instance.dates), [0.0] * len(instance.dates)
        for need in needs:
            own = need.people or population[k]
            for d in _days(instance, need):
                kg = kg_a_day(need, population[k])
                people[d] = max(people[d], own if kg > 0 else 0.0)
                amount[d] += kg
        weight = needs[0].weight * instance.header.class_weights[commodities[c].priority - 1]
        found[k, c] = _demand(
            instance, (k, c), weight, people, amount, needs[-1].closing_days, lasting=needs[0].lasting
        )
    return found


def kg_a_day(need: Need, population: int) -> float:
    """Kg of a need on each of its days; of a lasting one, what people should have."""
    people = need.people or population
    return need.kg_per_day or ((need.kg_per_person_day or 0.0) + (need.kg_per_person or 0.0)) * people


def standards_of(instance: Instance) -> dict[str, list[Standard]]:
    """The standards of each community that is to be fed: its own rows, or the default."""
    foods = {c.id for c in instance.commodities if c.is_food}
    fed = {need.community for need in instance.needs if need.commodity in foods}
    own = {k.id: [row for row in instance.standards if row.community == k.id] for k in instance.communities}
    return {k: rows or [Standard(community=k)] for k, rows in own.items() if rows or k in fed}


def rations_of(instance: Instance) -> dict[tuple[str, str], tuple[float, ...]]:
    """The planned ration: kg of each food for each community, day by day."""
    foods = {c.id for c in instance.commodities if c.is_food}
    population = {k.id: k.population for k in instance.communities}
    daily: dict[tuple[str, str], list[float]] = {}
    for need in instance.needs:
        if need.commodity in foods:
            series = daily.setdefault((need.community, need.commodity), [0.0] * len(instance.dates))
            for d in _days(instance, need):
                series[d] += kg_a_day(need, population[need.community])
    return {key: tuple(series) for key, series in daily.items()}


def _days(instance: Instance, row: Need | Standard) -> list[int]:
    return [
        d
        for d, date in enumerate(instance.dates)
        if (row.first_date or date) <= date <= (row.last_date or date)
    ]


def _demand(
    instance: Instance,
    key: tuple[str, str],
    weight: float,
    people: Sequence[float],
    amount: Sequence[float],
    closing_days: float,
    *,
    lasting: bool = False,
) -> Demand:
    length, step = len(amount), instance.header.severity_days
    periods = [
        Period(first, min(first + step, length) - 1, sum(people[first : first + step]), needed)
        for first in range(0, length, step)
        if (needed := sum(amount[first : first + step])) > 0
    ]
    if closing_days > 0 and amount[-1] > 0 and not lasting:
        periods.append(
            Period(length, length, closing_days * people[-1], closing_days * amount[-1], closing=True)
        )
    days = tuple(float(one > 0) for one in amount)
    return Demand(*key, weight, days, tuple(people), tuple(amount), lasting, tuple(periods))
