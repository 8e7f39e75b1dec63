"""What people need: nutrients that any food serves, and items, day by day and by period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from instances.diet import NUTRIENTS, content, days_of, kg_a_day, rations_of, standards_of
from instances.schema import Instance, Need

__all__ = ["NUTRIENTS", "Demand", "Period", "content", "demands_of", "rations_of"]


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
                for d in days_of(instance, row):
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
            for d in days_of(instance, need):
                kg = kg_a_day(need, population[k])
                people[d] = max(people[d], own if kg > 0 else 0.0)
                amount[d] += kg
        weight = needs[0].weight * instance.header.class_weights[commodities[c].priority - 1]
        found[k, c] = _demand(
            instance, (k, c), weight, people, amount, needs[-1].closing_days, lasting=needs[0].lasting
        )
    return found


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
