"""What lies ready: bases, cargo, sets and feeders, and the budgets of the parties."""

from __future__ import annotations

import math
from collections.abc import Sequence

from instances.invented.draw import Draw, tidy, titled
from instances.invented.ground import PEOPLE_PER_KM2
from instances.invented.people import People
from instances.invented.skies import Lift, Site
from instances.schema import Base, Commodity, Feeder, Party, Rig, Supply

INTERVALS_DAYS = (3, 5, 7, 10)
LATE = 0.3  # chance that the first cargo of a commodity that is not the staple comes late
HUB_PART = 0.5  # of the cargo of a base that hubs send on
BETWEEN_BASES = 0.4  # chance of a feeder between two bases with fleets
FEEDER_TRIPS = 2
BASE_HOURS = (240, 1320)  # minutes after midnight
LEAST_HARM = 0.01
MOST_LOSS = 0.9
BUDGET_ROOM = 1.1
STRAYS = 0.25  # share outside a usual zone that budgets are measured for; what scatters is not computed here
STRAY_ROOM = 0.08  # covers a zone where more strays than that
HARM_CAP = 0.05


def carried_kg(sites: Sequence[Site], lifts: Sequence[Lift]) -> dict[str, float]:
    """The part of the daily need, kg, that the fleets of each site are measured for."""
    return {
        site.id: sum(lift.need_kg for lift in lifts if lift.site is site)
        for site in sites
        if any(lift.site is site for lift in lifts)
    }


def fed_by_hubs(sites: Sequence[Site], lifts: Sequence[Lift]) -> dict[str, str]:
    """Base that each hub, a site without fleets, feeds."""
    flying = list(carried_kg(sites, lifts))
    hubs = [site.id for site in sites if site.id not in flying]
    return {hub: flying[place % len(flying)] for place, hub in enumerate(hubs)}


def _parties(sites: Sequence[Site], lifts: Sequence[Lift]) -> dict[str, tuple[str, ...]]:
    parties = {
        site: tuple(sorted({lift.fleet.party for lift in lifts if lift.site.id == site}))
        for site in carried_kg(sites, lifts)
    }
    return parties | {hub: parties[base] for hub, base in fed_by_hubs(sites, lifts).items()}


def draw_bases(draw: Draw, sites: Sequence[Site], lifts: Sequence[Lift]) -> tuple[Base, ...]:
    """Bases admit the parties whose fleets they hold or feed, and rig and load in measure."""
    carried, parties = carried_kg(sites, lifts), _parties(sites, lifts)
    bases = []
    for site in sites:
        tails = sum(lift.fleet.max_tails for lift in lifts if lift.site is site)
        handling_kg = draw.capacity(1.2 * carried.get(site.id, 0.0))
        bases.append(
            Base(
                id=site.id,
                name=titled(site.id),
                lat=site.place[0],
                lon=site.place[1],
                parties=parties[site.id],
                hours_from=BASE_HOURS[0],
                hours_to=BASE_HOURS[1],
                ramp_slots=max(1, math.ceil(tails / 2)),
                handling_kg_per_day=tidy(handling_kg),
            )
        )
    return tuple(bases)


def draw_supplies(
    draw: Draw, sites: Sequence[Site], lifts: Sequence[Lift], people: People, commodities: Sequence[Commodity]
) -> tuple[Supply, ...]:
    """Every base holds every commodity; what comes, comes in lumps, and some of it late."""
    parts = _cargo_parts(sites, lifts)
    supplies = []
    for site in sites:
        for place, item in enumerate(commodities):
            interval = draw.rng.choice(INTERVALS_DAYS)
            late, day = draw.rng.random() < LATE, draw.rng.randint(1, interval)
            arrival_kg = draw.capacity(people.need_kg[item.id] * parts[site.id])
            usd_per_kg = draw.figure(0.4, 2.0) if item.kcal_per_kg else draw.figure(1, 15)
            supplies.append(
                Supply(
                    base=site.id,
                    commodity=item.id,
                    kg=tidy(arrival_kg * min(interval, draw.size.days)),
                    first_date=draw.date(day) if place and late and day < draw.size.days else None,
                    interval_days=interval,
                    usd_per_kg=usd_per_kg,
                )
            )
    return tuple(supplies)


def _cargo_parts(sites: Sequence[Site], lifts: Sequence[Lift]) -> dict[str, float]:
    """Share of all cargo that comes to each base; hubs take over some of that of the base they feed."""
    carried, fed = carried_kg(sites, lifts), fed_by_hubs(sites, lifts)
    whole = sum(carried.values())
    hubs = {base: [hub for hub, target in fed.items() if target == base] for base in carried}
    parts = {base: kg / whole * (1 - HUB_PART if hubs[base] else 1) for base, kg in carried.items()}
    sent = {hub: carried[base] / whole * HUB_PART / len(hubs[base]) for hub, base in fed.items()}
    return parts | sent


def draw_rigs(draw: Draw, sites: Sequence[Site], lifts: Sequence[Lift]) -> tuple[Rig, ...]:
    """Sets for every method with bundles or platforms that the fleets of a base fly, in lumps."""
    rigs = []
    for site in sites:
        own = [lift for lift in lifts if lift.site is site]
        methods = {method.id: method for lift in own for method in lift.kit.methods}
        for method in methods.values():
            if method.position_kind == "none":
                continue
            interval = draw.rng.choice(INTERVALS_DAYS)
            dropped_kg = sum(
                lift.lift_kg / len(lift.kit.methods) for lift in own if method in lift.kit.methods
            )
            sets = draw.capacity(dropped_kg) * min(interval, draw.size.days) / method.bundle_net_kg
            rigs.append(
                Rig(
                    base=site.id,
                    method=method.id,
                    count=math.ceil(sets),
                    resupply_count=math.ceil(sets),
                    resupply_interval_days=interval,
                )
            )
    return tuple(rigs)


def draw_feeders(draw: Draw, sites: Sequence[Site], lifts: Sequence[Lift]) -> tuple[Feeder, ...]:
    """Roads from hubs, and airlifts from the first base to some others of a party of its own."""
    carried, parties, fed = carried_kg(sites, lifts), _parties(sites, lifts), fed_by_hubs(sites, lifts)
    feeders = [
        _feeder(draw, parties[hub][0], (hub, base), carried[base] * HUB_PART, road=True)
        for hub, base in fed.items()
    ]
    first, *others = carried
    for base in others:
        wanted, common = draw.rng.random() < BETWEEN_BASES, set(parties[first]) & set(parties[base])
        if wanted and common:
            feeders.append(_feeder(draw, min(common), (first, base), carried[base] / 4, road=False))
    return tuple(feeders)


def _feeder(draw: Draw, party: str, ends: tuple[str, str], need_kg: float, road: bool) -> Feeder:
    trip_kg = draw.capacity(need_kg) / FEEDER_TRIPS
    return Feeder(
        id=f"{ends[0]}_to_{ends[1]}",
        party=party,
        mode="road" if road else "airlift",
        from_base=ends[0],
        to_base=ends[1],
        kg_per_trip=tidy(trip_kg),
        trips_per_day=FEEDER_TRIPS,
        usd_per_trip=tidy(trip_kg * draw.rng.uniform(0.05, 0.15) * (1 if road else 8)),
        transit_days=1,
    )


def budgeted(draw: Draw, party: Party, lifts: Sequence[Lift], supplies: Sequence[Supply]) -> Party:
    """The party with budgets that its fleets would use up if they flew all that they are measured for."""
    own = [lift for lift in lifts if lift.fleet.party == party.id]
    sorties = {lift.fleet.id: draw.capacity(lift.lift_kg) * draw.size.days / lift.kit.load_kg for lift in own}
    risk = sum(sorties[lift.fleet.id] * lift.kit.loss_prob for lift in own)
    one_sortie = 2 * max(lift.kit.loss_prob for lift in own)
    harm = sum(sorties[lift.fleet.id] * _harm(lift) for lift in own)
    limits = {
        "loss_budget": tidy(min(MOST_LOSS, 1 - math.exp(-max(one_sortie, BUDGET_ROOM * risk)))),
        "harm_budget": tidy(max(LEAST_HARM, BUDGET_ROOM * harm)),
        "diversion_limit_frac": round(STRAY_ROOM + 1.2 * STRAYS, 2),
        "harm_cap": HARM_CAP,
    }
    if party.needs_ground_team:
        return party.model_copy(update=limits)
    usd_per_kg = sum(supply.usd_per_kg for supply in supplies) / len(supplies)
    usd = sum(sorties[lift.fleet.id] * _sortie_usd(lift, usd_per_kg) for lift in own)
    standing = sum(lift.fleet.standing_usd_per_day * lift.fleet.max_tails for lift in own) * draw.size.days
    return party.model_copy(update={**limits, "funds_usd": tidy(BUDGET_ROOM * usd + standing)})


def _harm(lift: Lift) -> float:
    """People hurt in a sortie, expected, by the first method over half of the people of a crowded zone."""
    method = lift.kit.methods[0]
    if not method.bundle_net_kg:
        return 0.0
    people_per_m2 = PEOPLE_PER_KM2 / 2 / 1e6
    endangering = (STRAYS + method.failure_frac) * method.footprint_m2
    return people_per_m2 * endangering * lift.kit.load_kg / method.bundle_net_kg


def _sortie_usd(lift: Lift, usd_per_kg: float) -> float:
    """Flying, rigging and cargo of a sortie."""
    method, fleet = lift.kit.methods[0], lift.fleet
    bundles = lift.kit.load_kg / method.bundle_net_kg if method.bundle_net_kg else 0.0
    flying = lift.kit.block_h * fleet.usd_per_block_h + fleet.usd_per_sortie
    return flying + bundles * method.unit_usd + lift.kit.load_kg * usd_per_kg
