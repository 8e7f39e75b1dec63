"""Who needs what: commodities out of the library, pockets that are cut off, communities and needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from instances.invented.draw import ORIGIN, Draw, numbered, tidy, titled
from instances.schema import Commodity, Community, Need

PEOPLE = (8_000, 60_000)  # in a pocket
VILLAGERS = (500, 3_000)  # in a pocket that small aircraft serve, a part of a load a day
POCKET_KM = 60.0  # farthest pocket from the middle of the region
TOWN_KM = 6.0  # farthest community from the middle of its pocket
RATION_KCAL = 2100.0
STAPLE_WEIGHT = 4.0  # of the energy of a ration, against 1 for other foods
LONGEST_STOCK_DAYS = 4.0
OTHERS_NEEDED = 0.85  # share of communities that need a commodity other than the staple


@dataclass(frozen=True)
class Pocket:
    """An area that roads no longer reach, with zones and communities of its own.

    Attributes
    ----------
    place : tuple of float
        Latitude and longitude, degrees.
    zones : tuple of str
        Ids; the first is the main one.
    need_kg : dict
        kg a day by community.
    """

    place: tuple[float, float]
    zones: tuple[str, ...]
    need_kg: dict[str, float]


@dataclass(frozen=True)
class People:
    """The ground to be supplied.

    Attributes
    ----------
    need_kg : dict
        kg a day by commodity, all communities together.
    """

    pockets: tuple[Pocket, ...]
    communities: tuple[Community, ...]
    needs: tuple[Need, ...]
    need_kg: dict[str, float]


def choose_commodities(draw: Draw, library: Sequence[Commodity]) -> tuple[Commodity, ...]:
    """A staple first, then others, in the order of the library."""
    staple = draw.rng.choice([item for item in library if _is_staple(item, library)])
    others = [item for item in library if item is not staple]
    chosen = draw.rng.sample(others, draw.size.commodities - 1)
    return (staple, *(item for item in library if item in chosen))


def _is_staple(item: Commodity, library: Sequence[Commodity]) -> bool:
    """Dry food that any method may carry."""
    return item.protein_g_per_kg > 0 and len(item.methods) == max(len(other.methods) for other in library)


def ration_kg(draw: Draw, commodities: Sequence[Commodity]) -> dict[str, float]:
    """Daily kg per person of each commodity; the foods make up a full ration."""
    weights = {
        item.id: draw.rng.uniform(0.5, 1.5) * (STAPLE_WEIGHT if _is_staple(item, commodities) else 1.0)
        for item in commodities
        if item.kcal_per_kg > 0
    }
    whole = sum(weights.values())
    return {
        item.id: tidy(RATION_KCAL * weights[item.id] / whole / item.kcal_per_kg)
        if item.id in weights
        else tidy(math.exp(draw.rng.uniform(math.log(0.0005), math.log(0.006))))
        for item in commodities
    }


def draw_people(draw: Draw, commodities: Sequence[Commodity]) -> People:
    """Pockets, with communities and zones dealt to them in turn, and what is needed there."""
    size = draw.size
    count = min(size.communities, math.ceil(size.zones / 2))
    ids, zones = numbered("community", size.communities), numbered("zone", size.zones)
    per_person_kg = ration_kg(draw, commodities)
    pockets: list[Pocket] = []
    communities: dict[str, Community] = {}
    needs: dict[str, list[Need]] = {}
    for number in range(count):
        place = draw.near(ORIGIN, 0, POCKET_KM)
        members = ids[number::count]
        people = draw.rng.uniform(*(math.log(most) for most in (PEOPLE if size.stops == 1 else VILLAGERS)))
        weights = [draw.rng.uniform(0.5, 1.5) for _ in members]
        need_kg = {}
        for community, weight in zip(members, weights, strict=True):
            population = max(100, round(math.exp(people) * weight / sum(weights), -2))
            everything = community == ids[0]  # so that each commodity is needed somewhere
            needs[community] = _needs(draw, community, population, commodities, per_person_kg, everything)
            need_kg[community] = sum(_kg_per_day(need, population) for need in needs[community])
            communities[community] = _community(draw, community, place, int(population), need_kg[community])
        pockets.append(Pocket(place, tuple(zones[number::count]), need_kg))
    totals = {item.id: 0.0 for item in commodities}
    for community in ids:
        for need in needs[community]:
            totals[need.commodity] += _kg_per_day(need, communities[community].population)
    rows = tuple(need for community in ids for need in needs[community])
    return People(tuple(pockets), tuple(communities[name] for name in ids), rows, totals)


def _community(
    draw: Draw, name: str, place: tuple[float, float], population: int, need_kg: float
) -> Community:
    lat, lon = draw.near(place, 1, TOWN_KM)
    stock_days = min(LONGEST_STOCK_DAYS, draw.size.days / 10) * draw.rng.uniform(0.5, 1.5)
    room_days, limited = draw.rng.uniform(10, 25), draw.rng.random() < 0.5
    return Community(
        id=name,
        name=titled(name),
        lat=lat,
        lon=lon,
        population=population,
        starting_stock_days=round(stock_days, 1),
        storage_kg=tidy(room_days * need_kg) if limited else None,
    )


def _needs(
    draw: Draw,
    community: str,
    population: float,
    commodities: Sequence[Commodity],
    per_person_kg: dict[str, float],
    everything: bool,
) -> list[Need]:
    """Foods and kits by the person, goods of class 2 by the community, some goods of class 3 later on."""
    needs = []
    for place, item in enumerate(commodities):
        wanted, late = draw.rng.random() < OTHERS_NEEDED, draw.rng.random() < 0.5
        if place > 0 and not wanted and not everything:
            continue
        kg = per_person_kg[item.id]
        whole = item.priority == 2
        needs.append(
            Need(
                community=community,
                commodity=item.id,
                kg_per_person_day=None if whole else kg,
                kg_per_day=tidy(kg * population) if whole else None,
                first_date=draw.date(draw.size.days // 4) if item.priority == 3 and late else None,
            )
        )
    return needs


def _kg_per_day(need: Need, population: float) -> float:
    return need.kg_per_day or (need.kg_per_person_day or 0.0) * population
