"""Who needs what: commodities out of the library, pockets that are cut off, communities and needs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from instances.diet import content, kg_a_day
from instances.invented.draw import ORIGIN, Draw, numbered, tidy, titled
from instances.schema import Commodity, Community, Need, Standard

PEOPLE = (8_000, 60_000)  # in a pocket
VILLAGERS = (500, 3_000)  # in a pocket that small aircraft serve, a part of a load a day
POCKET_KM = 60.0  # farthest pocket from the middle of the region
TOWN_KM = 6.0  # farthest community from the middle of its pocket
BASKET = ("cereals", "pulses", "oil")  # what a ration is made of first
STAPLES = BASKET[0]
STANDARD = Standard(community="any")  # the default of the format
PART_OF_MOST = (0.5, 0.8)  # of what a person eats at most of a food that is not a staple
MOST_G = 100.0  # of a food without such a limit
LONGEST_STOCK_DAYS = 4.0
ITEMS_NEEDED = 0.85  # share of communities that need an item
ITEM_KG = (0.0005, 0.006)  # per person and day
SALT_KG, SALT_WEIGHT = 0.005, 0.1
TREATED_FRAC, TREATED_KG = 0.005, 0.2  # children on therapeutic food, and what one gets a day
SHARED_BY = 5.0  # people who share a good that lasts


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
        kg a day by community; of what lasts, until it is due.
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
        kg a day by commodity, all communities together; of what lasts, until it is due.
    """

    pockets: tuple[Pocket, ...]
    communities: tuple[Community, ...]
    needs: tuple[Need, ...]
    standards: tuple[Standard, ...]
    need_kg: dict[str, float]


def choose_commodities(draw: Draw, library: Sequence[Commodity]) -> tuple[Commodity, ...]:
    """A staple first, then others, in the order of the library; a pulse and oil before all else."""
    basket = [draw.rng.choice([item for item in library if item.group == group]) for group in BASKET]
    first = basket[: draw.size.commodities]
    others = [item for item in library if item not in first]
    chosen = [*first[1:], *draw.rng.sample(others, draw.size.commodities - len(first))]
    return (first[0], *(item for item in library if item in chosen))


def ration_kg(draw: Draw, commodities: Sequence[Commodity]) -> dict[str, float]:
    """Daily kg per person of each food: of each group a part of what is eaten at most, the rest staples."""
    foods = [item for item in commodities if item.is_food]
    shares = {item.id: draw.rng.uniform(*PART_OF_MOST) for item in foods}
    groups = Counter(item.group for item in foods)
    ration = {
        item.id: shares[item.id] * (item.most_g_per_person_day or MOST_G) / groups[item.group] / 1000
        for item in foods
        if item.group != STAPLES
    }
    staples = [item for item in foods if item.group == STAPLES]
    left_kcal = STANDARD.kcal - sum(content(item, "kcal") * ration.get(item.id, 0.0) for item in foods)
    whole = sum(shares[item.id] for item in staples)
    ration |= {item.id: left_kcal * shares[item.id] / whole / item.kcal_per_kg for item in staples}
    return {item.id: tidy(ration[item.id]) for item in foods}


def standard_of(commodities: Sequence[Commodity], ration: Mapping[str, float]) -> dict[str, float]:
    """What a person is to have a day: the usual standard, or what the foods chosen hold of it."""
    held = {
        name: sum(content(item, name) * ration.get(item.id, 0.0) for item in commodities)
        for name in ("protein_g", "fat_g")
    }
    usual = {name: getattr(STANDARD, name) for name in held}
    return {"kcal": STANDARD.kcal} | {
        name: math.floor(10 * min(usual[name], grams)) / 10 for name, grams in held.items()
    }


def draw_people(draw: Draw, commodities: Sequence[Commodity]) -> People:
    """Pockets, with communities and zones dealt to them in turn, and what is needed there."""
    size = draw.size
    count = min(size.communities, math.ceil(size.zones / 2))
    ids, zones = numbered("community", size.communities), numbered("zone", size.zones)
    ration = ration_kg(draw, commodities)
    item_kg = {item.id: _item_kg(draw, item) for item in commodities if not item.is_food}
    per_person_kg, standard = ration | item_kg, standard_of(commodities, ration)
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
            population = int(max(100, round(math.exp(people) * weight / sum(weights), -2)))
            everything = community == ids[0]  # so that each commodity is needed somewhere
            needs[community] = _needs(draw, community, population, commodities, per_person_kg, everything)
            need_kg[community] = sum(_kg_per_day(draw, need, population) for need in needs[community])
            communities[community] = _community(draw, community, place, population, need_kg[community])
        pockets.append(Pocket(place, tuple(zones[number::count]), need_kg))
    totals = {item.id: 0.0 for item in commodities}
    for community in ids:
        for need in needs[community]:
            totals[need.commodity] += _kg_per_day(draw, need, communities[community].population)
    rows = tuple(need for community in ids for need in needs[community])
    standards = tuple(Standard(community=community, **standard) for community in ids)
    return People(tuple(pockets), tuple(communities[name] for name in ids), rows, standards, totals)


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


def _item_kg(draw: Draw, item: Commodity) -> float:
    """Kg of an item per person in need of it: a day, or once if it lasts."""
    drawn = tidy(math.exp(draw.rng.uniform(*(math.log(kg) for kg in ITEM_KG))))
    usual = {"salt": SALT_KG, "therapeutic": TREATED_KG, "shelter": tidy(item.kg_per_unit / SHARED_BY)}
    return usual.get(item.group, drawn)


def _needs(
    draw: Draw,
    community: str,
    population: int,
    commodities: Sequence[Commodity],
    per_person_kg: Mapping[str, float],
    everything: bool,
) -> list[Need]:
    """Every food, and most items: by the person, by the community in class 2, once where they last."""
    needs = []
    for item in commodities:
        wanted, late = draw.rng.random() < ITEMS_NEEDED, draw.rng.random() < 0.5
        if not (item.is_food or wanted or everything):
            continue
        kg = per_person_kg[item.id]
        whole, lasting = item.priority == 2, item.group == "shelter"
        due = draw.date(draw.size.days // (2 if late else 4))
        treated = max(1, round(population * TREATED_FRAC)) if item.group == "therapeutic" else None
        needs.append(
            Need(
                community=community,
                commodity=item.id,
                kg_per_person_day=None if whole or lasting else kg,
                kg_per_day=tidy(kg * population) if whole else None,
                kg_per_person=kg if lasting else None,
                people=treated,
                weight=SALT_WEIGHT if item.group == "salt" else 1.0,
                lasting=lasting,
                first_date=due if lasting else None,
            )
        )
    return needs


def _kg_per_day(draw: Draw, need: Need, population: int) -> float:
    """Kg a day; of what lasts, until it is due."""
    days = 1 + (need.first_date - draw.date(0)).days if need.lasting and need.first_date else 1
    return kg_a_day(need, population) / days
