"""What each community needs, worked out from the instance: nutrients, items, and over which days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from instances.schema import Commodity, Instance, Need, Standard

NUTRIENTS: Final = ("kcal", "protein_g", "fat_g")

type Pair = tuple[str, str]
"""A community, and a nutrient or commodity."""


@dataclass(frozen=True)
class Interval:
    """Days over which the share of a need that is short is taken.

    Attributes
    ----------
    first, length : int
        First day, from 0, and number of days; the closing one follows the last day and has none.
    people : float
        Person-days in need.
    amount : float
        Needed of it: kcal, g or kg.
    """

    first: int
    length: int
    people: float
    amount: float


@dataclass(frozen=True)
class Requirement:
    """One need of a community.

    Attributes
    ----------
    community, name : str
        Whose; a nutrient or the id of a commodity.
    weight : float
        Of the need times that of its class.
    people, amount : tuple of float
        In need each day, and how much of it: kcal, g or kg.
    lasting : bool
        Whether what is given stays given.
    intervals : tuple of Interval
        In which anything is needed.
    closing : Interval or None
        What is wanted in stock on the last evening.
    """

    community: str
    name: str
    weight: float
    people: tuple[float, ...]
    amount: tuple[float, ...]
    lasting: bool
    intervals: tuple[Interval, ...]
    closing: Interval | None


def curve(points: Sequence[tuple[float, float]], short_frac: float) -> float:
    """Severity of going short of a share, on the polyline from 0@0 through points of severity @ share."""
    below = 0.0, 0.0
    for severity, share in points:
        here = severity, share
        if short_frac <= here[1]:
            rise = (here[0] - below[0]) / (here[1] - below[1])
            return below[0] + rise * max(0.0, short_frac - below[1])
        below = here
    return below[0]


def holds(commodity: Commodity, nutrient: str) -> float:
    """Kcal or g of a nutrient in a kg."""
    return float(getattr(commodity, f"{nutrient}_per_kg"))


def standards(instance: Instance) -> dict[str, list[Standard]]:
    """The standard of each community that is to be fed: one with rows of its own, or a food in its needs."""
    foods = {c.id for c in instance.commodities if c.is_food}
    eats = {need.community for need in instance.needs if need.commodity in foods}
    found: dict[str, list[Standard]] = {}
    for community in instance.communities:
        own = [row for row in instance.standards if row.community == community.id]
        if own or community.id in eats:
            found[community.id] = own or [Standard(community=community.id)]
    return found


def rations(instance: Instance) -> dict[Pair, tuple[float, ...]]:
    """Planned kg of each food for each community, day by day."""
    foods = {c.id for c in instance.commodities if c.is_food}
    people = {k.id: k.population for k in instance.communities}
    found: dict[Pair, tuple[float, ...]] = {}
    for need in instance.needs:
        if need.commodity in foods:
            pair = need.community, need.commodity
            before = found.get(pair, (0.0,) * len(instance.dates))
            kg = _kg_per_day(need, people[need.community])
            found[pair] = tuple(
                had + (kg if _lies_in(need, date) else 0.0)
                for had, date in zip(before, instance.dates, strict=True)
            )
    return found


def requirements(instance: Instance) -> dict[Pair, Requirement]:
    """Every need by community and name."""
    found = (*_of_nutrients(instance), *_of_items(instance))
    return {(need.community, need.name): need for need in found}


def _of_nutrients(instance: Instance) -> Iterator[Requirement]:
    population = {k.id: float(k.population) for k in instance.communities}
    for community, rows in standards(instance).items():
        for name in NUTRIENTS:
            people, amount = [0.0] * len(instance.dates), [0.0] * len(instance.dates)
            for day, date in enumerate(instance.dates):
                for row in rows:
                    if _lies_in(row, date):
                        a_person = float(getattr(row, name))
                        people[day] = population[community] if a_person > 0 else 0.0
                        amount[day] = population[community] * a_person
            weight = float(getattr(rows[0], f"{name.removesuffix('_g')}_weight"))
            weight *= instance.header.class_weights[0]
            yield _requirement(instance, (community, name), weight, people, amount, rows[-1])


def _of_items(instance: Instance) -> Iterator[Requirement]:
    commodities = {c.id: c for c in instance.commodities}
    population = {k.id: k.population for k in instance.communities}
    items: dict[Pair, list[Need]] = {}
    for need in instance.needs:
        if not commodities[need.commodity].is_food:
            items.setdefault((need.community, need.commodity), []).append(need)
    for pair, rows in items.items():
        people, amount = [0.0] * len(instance.dates), [0.0] * len(instance.dates)
        for day, date in enumerate(instance.dates):
            for row in rows:
                kg = _kg_per_day(row, population[pair[0]]) if _lies_in(row, date) else 0.0
                amount[day] += kg
                people[day] = max(people[day], row.people or population[pair[0]] if kg > 0 else 0)
        weight = rows[0].weight * instance.header.class_weights[commodities[pair[1]].priority - 1]
        yield _requirement(instance, pair, weight, people, amount, rows[-1], lasting=rows[0].lasting)


def _lies_in(row: Need | Standard, date: dt.date) -> bool:
    return (row.first_date or date) <= date <= (row.last_date or date)


def _kg_per_day(need: Need, population: int) -> float:
    """Kg on each of its days; of a lasting need what people should have."""
    if need.kg_per_day is not None:
        return need.kg_per_day
    a_person = need.kg_per_person if need.kg_per_person is not None else need.kg_per_person_day
    return (a_person or 0.0) * (need.people or population)


def _requirement(
    instance: Instance,
    pair: Pair,
    weight: float,
    people: list[float],
    amount: list[float],
    last: Need | Standard,
    *,
    lasting: bool = False,
) -> Requirement:
    """The need with its intervals: every `severity_days` of the plan, the last may be shorter."""
    step = instance.header.severity_days
    intervals = []
    for first in range(0, len(amount), step):
        days = slice(first, first + step)
        needed = sum(amount[days])
        if needed > 0:
            intervals.append(Interval(first, len(amount[days]), sum(people[days]), needed))
    closing = None
    if last.closing_days > 0 and amount[-1] > 0 and not lasting:
        closing = Interval(len(amount), 0, last.closing_days * people[-1], last.closing_days * amount[-1])
    return Requirement(*pair, weight, tuple(people), tuple(amount), lasting, tuple(intervals), closing)
