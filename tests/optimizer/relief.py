"""A road on which all that comes reaches people at once and whole: what they get depends on the goods alone.

One party's lorries carry 100 t each, as many as it takes, over a road of 10 km. Nothing is lost and there is
room for everything, so that a case is what is needed, what is in stock, and what comes on which day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from instances.schema import (
    Aircraft,
    Commodity,
    Community,
    Fleet,
    Instance,
    Leg,
    Link,
    Method,
    Need,
    Standard,
    Supply,
)
from optimizer.campaign.objective import Goal, goals
from optimizer.campaign.program import Program
from optimizer.campaign.wanted import Wanted
from optimizer.clock import Clock
from optimizer.network import Network
from tests.optimizer.hand import NORTH, header, network, tiny

PLENTY_KG = 100_000.0
LORRY = Aircraft(
    id="lorry",
    name="Lorry",
    kind="truck",
    payload_range=((PLENTY_KG, 1000.0),),
    reserve_km=0,
    cruise_kmh=60,
    climb_descent_min=0,
    turnaround_min=10,
    bundle_positions=0,
    platform_positions=0,
    ceiling_m=0,
    crew=2,
)
ROAD = Method(
    id="road",
    name="Road",
    kind="truck",
    position_kind="none",
    release_heights_m=(0.0,),
    miss_frac=0.0,
    zone_min=10,
)
FLEET = Fleet(
    id="lorries",
    party="north",
    base="airfield_n",
    aircraft="lorry",
    methods=("road",),
    max_tails=4,
    standing_usd_per_day=100,
    usd_per_block_h=60,
    usd_per_sortie=10,
    serviceable_frac=1,
    minutes_per_day=600,
    sorties_per_tail_day=1,
    hours_per_30_days=300,
)


def good(name: str, group: str, priority: int = 1, **values: Any) -> Commodity:
    """Something that is carried by road."""
    return Commodity(id=name, name=name, group=group, priority=priority, methods=("road",), **values)


FLOUR = good("flour", "cereals", kcal_per_kg=3500)
OIL = good("oil", "oil", kcal_per_kg=8850, most_g_per_person_day=60)
KITS = good("kits", "health")
FUEL = good("fuel", "fuel", 2)
CHLORINE = good("chlorine", "water")


def energy(kcal: float, community: str = "town", **values: Any) -> Standard:
    """A standard that knows energy alone."""
    return Standard(
        community=community,
        kcal=kcal,
        protein_g=0,
        fat_g=0,
        **{"kcal_weight": 1, "protein_weight": 0, "fat_weight": 0, **values},
    )


def relief(
    days: int,
    goods: tuple[Commodity, ...],
    comes: tuple[tuple[str, int, float], ...],
    *,
    people: Mapping[str, int],
    needs: tuple[Need, ...] = (),
    standards: tuple[Standard, ...] = (),
    stock_days: float = 0.0,
    **head: Any,
) -> Instance:
    """People by community, what they need, and (commodity, day, kg) of what comes to the base."""
    base = header(tiny(), days=days, **head)
    zone = base.zones[0].model_copy(
        update={"methods": ("road",), "recovery_kg_per_day": PLENTY_KG, "drop_spacing_min": 0}
    )
    town = base.communities[0].model_copy(update={"starting_stock_days": stock_days, "storage_kg": None})
    folk = tuple(
        Community.model_validate({**dict(town), "id": k, "population": n}) for k, n in people.items()
    )
    field = base.bases[0].model_copy(update={"handling_kg_per_day": PLENTY_KG})
    supplies = [
        Supply(base="airfield_n", commodity=c, kg=kg, first_date=base.dates[d], usd_per_kg=1)
        for c, d, kg in comes
    ]
    return Instance.model_validate(
        {
            **dict(base),
            "parties": base.parties[:1],
            "bases": (field,),
            "aircraft": (LORRY,),
            "methods": (ROAD,),
            "fleets": (FLEET,),
            "zones": (zone,),
            "communities": folk,
            "commodities": goods,
            "needs": needs,
            "standards": standards,
            "links": tuple(Link(zone="dz", community=k, kg_per_day=PLENTY_KG) for k in people),
            "legs": (Leg(base="airfield_n", zone="dz", distance_km=10, minutes=10),),
            "supplies": tuple(supplies),
            "rigs": (),
            "airspace": (),
        }
    )


def program_of(net: Network, order: tuple[Goal, ...] = (), unreached_frac: float | None = None) -> Program:
    """The campaign of a network, with the goals of a plan unless others are given."""
    return Program(net, Wanted(order or goals(net), 0.005, unreached_frac))


def least(program: Program, goal: Goal) -> float:
    """The least of a goal with divisible sorties."""
    program.aim({goal.name: goal.times})
    solved = program.relaxed(Clock(60.0))
    assert solved.value is not None, (goal.name, solved)
    return program.value(goal)


def severity(instance: Instance) -> float:
    """The least severity, person-days."""
    net = network(instance, NORTH)
    return least(program_of(net), goals(net)[0])
