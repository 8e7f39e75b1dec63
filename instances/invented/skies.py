"""Who flies: threats, parties, sites and the fleets that stand there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from instances.invented.draw import KM_PER_DEGREE, ORIGIN, Draw, numbered, tidy, titled
from instances.invented.people import POCKET_KM
from instances.reach import unfit
from instances.schema import WEEKDAYS, Aircraft, Area, Commodity, Fleet, Method, Party, Wind
from instances.units import MIN_PER_H

CAREFUL_CAP = 5e-5  # lets a party fly only in the highest band below
BOLD_CAP = 1e-3  # lets a party fly at any height
BANDS = ((0.0, 600.0, 3e-4), (600.0, 3000.0, 1.5e-4), (3000.0, 100_000.0, 2e-5))
"""Floor m, ceiling m, loss per transit."""

FAR_KM, FORWARD_KM = (250.0, 450.0), (110.0, 160.0)  # from the middle of the region to a base
THREAT_KM, THREAT_CORNERS = 76.0, 16  # holds every zone, and no base nor its climb through the lower bands

WIND_MPS = (1.0, 4.0)  # mean wind near the ground
WIND_SPREAD_MPS = 1.5
WIND_LAYERS = ((0.0, 2000.0, 1.0), (2000.0, 12_000.0, 1.6))
"""Floor m, ceiling m, growth over the wind near the ground."""
ZONE_KM = 10.0  # farthest zone from the middle of its pocket
MAP_SLACK = 1.05  # places are drawn on a flat map, which is wrong by up to 3 % over 450 km
FLYING_MIN = 720  # 06:00 to 18:00, the default hours of a party
MINUTES_PER_DAY = 600.0
MOST_SORTIES = 4  # of a tail in a day
MOST_HOURS, WINDOW_DAYS = 200.0, 30
SMALL_KG = 10_000.0  # most payload of a type that serves several zones in a sortie
MORE_METHODS = 0.4  # chance of every other method that a fleet could fly
PASSABLE_LOAD = 2.0  # days of need of the largest pocket; larger loads only if no aircraft has a smaller one


@dataclass(frozen=True)
class Site:
    """A base before its figures: id, latitude and longitude in degrees, and km to the farthest zone."""

    id: str
    place: tuple[float, float]
    farthest_km: float


@dataclass(frozen=True)
class Kit:
    """An aircraft with the methods that a party can fly with it from a site; the first carries everything.

    Attributes
    ----------
    load_kg : float
        Cargo of a sortie by the first method.
    block_h : float
        Longest block time, hours.
    loss_prob : float
        Probability of losing the aircraft in a sortie, mean of the methods.
    """

    aircraft: Aircraft
    methods: tuple[Method, ...]
    load_kg: float
    block_h: float
    loss_prob: float


@dataclass(frozen=True)
class Lift:
    """A fleet, what it flies with, and the part of the daily need, kg, that it is measured for.

    `lift_kg` is what it is to lift in a day: more than is needed where it goes to many small zones.
    """

    fleet: Fleet
    site: Site
    kit: Kit
    need_kg: float
    lift_kg: float


def draw_threats(draw: Draw) -> tuple[Area, ...]:
    """Three bands over the pockets, harmless enough at the top for careful parties, below for bold ones."""
    danger = draw.rng.uniform(0.5, 1.5) / draw.size.stops  # so that several landings keep the cap
    east_km_per_degree = KM_PER_DEGREE * math.cos(math.radians(ORIGIN[0]))
    bearings = [2 * math.pi * corner / THREAT_CORNERS for corner in range(THREAT_CORNERS)]
    outline = tuple(
        (
            round(ORIGIN[1] + THREAT_KM * math.sin(bearing) / east_km_per_degree, 4),
            round(ORIGIN[0] + THREAT_KM * math.cos(bearing) / KM_PER_DEGREE, 4),
        )
        for bearing in bearings
    )
    return tuple(
        Area(
            id=f"from_{floor_m:.0f}_m",
            kind="threat",
            outline=outline,
            floor_m=floor_m,
            ceiling_m=ceiling_m,
            loss_per_transit=tidy(loss_prob * danger),
        )
        for floor_m, ceiling_m, loss_prob in BANDS
    )


def draw_winds(draw: Draw) -> tuple[Wind, ...]:
    """Light winds, stronger with height, for every month of the plan; nearly every day can be flown."""
    months = dict.fromkeys(draw.date(day).month for day in range(draw.size.days))
    winds = []
    for month in months:
        mean_mps, blowing = draw.rng.uniform(*WIND_MPS), draw.rng.uniform(0, 2 * math.pi)
        for floor_m, ceiling_m, growth in WIND_LAYERS:
            winds.append(
                Wind(
                    month=month,
                    floor_m=floor_m,
                    ceiling_m=ceiling_m,
                    u_mps=round(growth * mean_mps * math.sin(blowing), 1),
                    v_mps=round(growth * mean_mps * math.cos(blowing), 1),
                    sd_mps=round(growth * WIND_SPREAD_MPS, 1),
                )
            )
    return tuple(winds)


def draw_parties(draw: Draw) -> tuple[Party, ...]:
    """One party for one fleet, else a careful one and a bold one; budgets follow when fleets are known."""
    careful_alone = draw.rng.random() < 0.5
    return tuple(
        _party(draw, name, careful=place == 0 if draw.size.fleets > 1 else careful_alone)
        for place, name in enumerate(("party_a", "party_b")[: draw.size.fleets])
    )


def _party(draw: Draw, name: str, careful: bool) -> Party:
    resting = draw.rng.sample(WEEKDAYS[1:], 2 if careful else draw.rng.randint(0, 1))
    return Party(
        id=name,
        name=titled(name),
        loss_cap=CAREFUL_CAP if careful else BOLD_CAP,
        flying_weekdays=tuple(day for day in WEEKDAYS if day not in resting),
        needs_ground_team=careful,
    )


def draw_sites(draw: Draw) -> tuple[Site, ...]:
    """A far base, a forward one, and so on in turn."""
    sites = []
    for number, name in enumerate(numbered("base", draw.size.bases)):
        low_km, high_km = FORWARD_KM if number % 2 else FAR_KM
        place = draw.near(ORIGIN, low_km, high_km)
        sites.append(Site(name, place, (high_km + POCKET_KM + ZONE_KM) * MAP_SLACK))
    return tuple(sites)


def draw_lifts(
    draw: Draw,
    parties: Sequence[Party],
    sites: Sequence[Site],
    threats: Sequence[Area],
    commodities: Sequence[Commodity],
    library: tuple[Sequence[Aircraft], Sequence[Method]],
    pocket_kg: Sequence[float],
) -> tuple[Lift, ...]:
    """Fleets dealt to parties and bases in turn, each measured for its part of the daily need.

    Parameters
    ----------
    library : tuple
        Aircraft and methods to choose from.
    pocket_kg : sequence of float
        Daily need of each pocket, kg.
    """
    parts = [draw.rng.uniform(0.5, 1.5) for _ in range(draw.size.fleets)]
    lifts = []
    for number, name in enumerate(numbered("fleet", draw.size.fleets)):
        party, site = parties[number % len(parties)], sites[number % len(sites)]
        kits = list(_kits(draw, party, site, threats, commodities, library))
        passable = [kit for kit in kits if kit.load_kg <= PASSABLE_LOAD * max(pocket_kg)]
        kit = draw.rng.choice(passable or [min(kits, key=lambda kit: kit.load_kg)])
        part = parts[number] / sum(parts)
        need_kg = lift_kg = sum(pocket_kg) * part
        if draw.size.stops > 1:  # as if every zone were served every day by a sortie of its own
            lift_kg = max(need_kg, kit.load_kg * draw.size.zones * part)
        lifts.append(Lift(_fleet(draw, name, party, site, kit, lift_kg), site, kit, need_kg, lift_kg))
    return tuple(lifts)


def _kits(
    draw: Draw,
    party: Party,
    site: Site,
    threats: Sequence[Area],
    commodities: Sequence[Commodity],
    library: tuple[Sequence[Aircraft], Sequence[Method]],
) -> list[Kit]:
    """Every aircraft that can carry all the commodities to every zone, with methods drawn for it."""
    kits = []
    everything = set.intersection(*(set(item.methods) for item in commodities))
    for aircraft in library[0]:
        if draw.size.stops > 1 and aircraft.payload_range[0][0] > SMALL_KG:
            continue
        path_km = 2 * site.farthest_km
        able = {
            method: loss_prob
            for method in library[1]
            if _load_kg(aircraft, method, path_km) > 0
            and (loss_prob := _least_loss(aircraft, method, threats)) <= party.loss_cap
        }
        firsts = [method for method in able if method.id in everything]
        if not firsts:
            continue
        worth = [_load_kg(aircraft, method, path_km) / (1 + _set_usd_per_kg(method)) for method in firsts]
        first = draw.rng.choices(firsts, worth)[0]
        more = [m for m in able if m is not first and draw.rng.random() < MORE_METHODS]
        methods = (first, *more)
        minutes = MIN_PER_H * path_km / aircraft.cruise_kmh + aircraft.climb_descent_min
        block_h = (minutes + max(method.zone_min for method in methods)) / MIN_PER_H
        loss_prob = sum(able[method] for method in methods) / len(methods)
        kits.append(Kit(aircraft, methods, _load_kg(aircraft, first, path_km), block_h, loss_prob))
    return kits


def _load_kg(aircraft: Aircraft, method: Method, path_km: float) -> float:
    """Cargo of a sortie, kg, on the safe side; 0 when the aircraft cannot do the method over that path."""
    # Sling loads are not flown as far as bases lie here; an invented region has no roads and no airstrips.
    if method.kind in ("sling", "truck", "airstrip") or unfit(aircraft, method):
        return 0.0
    range_km = path_km + aircraft.reserve_km
    payload_kg = next((kg for kg, km in aircraft.payload_range if range_km <= km), 0.0)
    if method.position_kind == "none":
        return payload_kg
    floor = aircraft.bundle_positions if method.position_kind == "bundle" else aircraft.platform_positions
    return min(floor, payload_kg // (method.bundle_net_kg + method.bundle_tare_kg)) * method.bundle_net_kg


def _set_usd_per_kg(method: Method) -> float:
    return method.unit_usd / method.bundle_net_kg if method.bundle_net_kg else 0.0


def _least_loss(aircraft: Aircraft, method: Method, threats: Sequence[Area]) -> float:
    """Probability of loss at the safest height that the aircraft reaches; 1 when it reaches none.

    An aircraft that lands passes through every band below the one it flies in.
    """
    lands = method.kind in ("landing", "sling")
    return min(
        (
            1
            - math.prod(
                1 - band.loss_per_transit
                for band in threats
                if band.floor_m <= height_m and (lands or height_m < band.ceiling_m)
            )
            for height_m in method.release_heights_m
            if height_m <= aircraft.ceiling_m
        ),
        default=1.0,
    )


def _fleet(draw: Draw, name: str, party: Party, site: Site, kit: Kit, need_kg: float) -> Fleet:
    """Tails, and hours of a tail, that lift what the tightness leaves of its part of the need, kg a day."""
    turn_h = kit.block_h + kit.aircraft.turnaround_min / MIN_PER_H
    sorties = max(1, min(MOST_SORTIES, math.floor(FLYING_MIN / MIN_PER_H / turn_h)))
    serviceable = draw.figure(0.8, 0.95)
    flying = len(party.flying_weekdays) / len(WEEKDAYS)
    lift_kg = draw.capacity(need_kg)
    tails = max(1, math.ceil(lift_kg / (sorties * kit.load_kg * serviceable * flying)))
    window_h = lift_kg * min(WINDOW_DAYS, draw.size.days) / kit.load_kg * kit.block_h
    largest_kg = kit.aircraft.payload_range[0][0]
    hour_usd = (1000 + 0.18 * largest_kg) * draw.rng.uniform(0.8, 1.2)
    return Fleet(
        id=name,
        party=party.id,
        base=site.id,
        aircraft=kit.aircraft.id,
        methods=tuple(method.id for method in kit.methods),
        max_tails=tails,
        standing_usd_per_day=tidy((500 + 0.25 * largest_kg) * draw.rng.uniform(0.8, 1.2)),
        usd_per_block_h=tidy(hour_usd),
        usd_per_sortie=tidy(hour_usd * draw.rng.uniform(0, 1)),
        serviceable_frac=serviceable,
        minutes_per_day=MINUTES_PER_DAY,
        sorties_per_tail_day=sorties,
        hours_per_30_days=tidy(min(MOST_HOURS, max(2 * kit.block_h, window_h / tails))),
        hull_usd=tidy(largest_kg * draw.rng.uniform(200, 600)),
        most_stops=draw.size.stops if draw.size.stops > 1 else None,
    )
