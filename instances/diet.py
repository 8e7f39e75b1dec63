"""What a diet is reckoned from: nutrients, standards and planned rations, day by day."""

from __future__ import annotations

from collections.abc import Mapping

from instances.schema import Commodity, Instance, Need, Standard

NUTRIENTS: Mapping[str, str] = {
    "kcal": "kcal_per_kg",
    "protein_g": "protein_g_per_kg",
    "fat_g": "fat_g_per_kg",
}
"""Field of a commodity that says what a kg of it holds, by nutrient."""

NUTRIENT_NAMES: Mapping[str, str] = {"kcal": "energy", "protein_g": "protein", "fat_g": "fat"}
"""In words, by nutrient."""

UNITS: Mapping[str, str] = {"kcal": "kcal", "protein_g": "g", "fat_g": "g"}
"""By nutrient."""


def content(commodity: Commodity, nutrient: str) -> float:
    """Kcal or g of a nutrient in a kg."""
    return float(getattr(commodity, NUTRIENTS[nutrient]))


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
            for d in days_of(instance, need):
                series[d] += kg_a_day(need, population[need.community])
    return {key: tuple(series) for key, series in daily.items()}


def days_of(instance: Instance, row: Need | Standard) -> list[int]:
    """Days of the plan, counted from 0, on which a row holds."""
    return [
        d
        for d, date in enumerate(instance.dates)
        if (row.first_date or date) <= date <= (row.last_date or date)
    ]
