"""The missions a fleet can fly, and those refused with their reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from instances.schema import WEEKDAYS, Aircraft, Base, Feeder, Fleet, Instance, Method, Party, Zone
from optimizer.airspace.flying import block_minutes, drop_minute, payload_at
from optimizer.airspace.paths import FlightPath
from optimizer.airspace.rules import Hours
from optimizer.hours import hours_of, takeoffs
from optimizer.landing import Landing, landing
from optimizer.routes import Route, find_routes, label


@dataclass(frozen=True)
class Mission:
    """Something one aircraft can do in a sortie: fleet, zone, method, release height, flight path.

    `positions` and `net_kg` are None for loose cargo; `commodities` are those the method may carry and
    the base can get; `days` are the days it may be flown, counted from 0, and the whole sortie lies between
    `hours_from` and `hours_to`, local minutes, in which party and base work and the path is legal.
    """

    id: str
    fleet: Fleet
    party: Party
    base: Base
    aircraft: Aircraft
    zone: Zone
    method: Method
    release_height_m: float
    path: FlightPath
    block_min: int
    drop_min: int
    payload_kg: float
    positions: int | None
    loss_prob: float
    landing: Landing
    sorties_per_tail: int
    commodities: tuple[str, ...]
    days: tuple[int, ...]
    hours_from: int
    hours_to: int

    @property
    def net_kg(self) -> float:
        """Net load of a full bundle, kg."""
        return self.method.bundle_net_kg

    @property
    def sortie_usd(self) -> float:
        """Flying cost of one sortie, USD."""
        return self.block_min / 60 * self.fleet.usd_per_block_h + self.fleet.usd_per_sortie


@dataclass(frozen=True)
class Refusal:
    """A mission that is not flown, and why."""

    party: str
    reason: str
    example: str
    zone: str


def mission_id(fleet: str, zone: str, method: str, height_m: float, route: str = "") -> str:
    """Name of a mission, such as ``un_il76__dz_1__high_altitude_canopy__5000m``, and of its route if any."""
    return f"{fleet}__{zone}__{method}__{height_m:g}m{route}".replace(".", "_")


def refusal_counts(refusals: Sequence[Refusal]) -> list[tuple[str, str, int, str]]:
    """(party, reason, count, first example) of each kind of refusal, in order of appearance."""
    counts = Counter((r.party, r.reason) for r in refusals)
    first = {(r.party, r.reason): r.example for r in reversed(refusals)}
    return [(party, reason, n, first[party, reason]) for (party, reason), n in counts.items()]


def build_missions(
    instance: Instance, fleets: dict[str, Fleet], needed: set[str], at_base: dict[str, set[str]]
) -> tuple[list[Mission], list[Refusal]]:
    """Every useful combination of fleet, zone, method and release height, and the refused ones.

    Parameters
    ----------
    instance : Instance
        Checked input.
    fleets : dict
        Fleets of the parties that fly, by id.
    needed : set of str
        Commodities somebody needs.
    at_base : dict
        Commodities each base can load.
    """
    missions: list[Mission] = []
    refusals: list[Refusal] = []
    for fleet in fleets.values():
        group: list[Mission] = []
        for zone in instance.zones:
            for method in instance.methods:
                if method.id not in fleet.methods or method.id not in zone.methods:
                    continue
                for height_m in method.release_heights_m:
                    available = needed & at_base[fleet.base]
                    for built in _missions(instance, fleet, zone, method, height_m, available):
                        if isinstance(built, Refusal):
                            refusals.append(built)
                        else:
                            group.append(built)
        missions += _without_dominated(group)
    return missions, refusals


def _missions(
    instance: Instance, fleet: Fleet, zone: Zone, method: Method, height_m: float, available: set[str]
) -> Iterator[Mission | Refusal]:
    """A mission for each route to the zone at a height, and what is refused."""
    party = next(p for p in instance.parties if p.id == fleet.party)
    base = next(b for b in instance.bases if b.id == fleet.base)
    aircraft = next(a for a in instance.aircraft if a.id == fleet.aircraft)
    example = mission_id(fleet.id, zone.id, method.id, height_m)
    days = _open_days(instance, party, zone)
    if zone.closed or not days:
        yield Refusal(party.id, "the zone is closed on every day the party flies", example, zone.id)
        return
    if party.needs_ground_team and not zone.ground_team:
        yield Refusal(party.id, "no trained ground team at the zone", example, zone.id)
        return
    found = find_routes(instance, party, base, zone, aircraft, method, height_m, days)
    yield from (Refusal(party.id, reason, example, zone.id) for reason in found.refused)
    hours = max(party.hours_from, base.hours_from), min(party.hours_to, base.hours_to)
    commodities = tuple(c.id for c in instance.commodities if c.id in available and method.id in c.methods)
    names: Counter[str] = Counter()
    for route in found.routes:
        name = mission_id(fleet.id, zone.id, method.id, height_m, label(route, base, zone, hours))
        names[name] += 1
        unique = name if names[name] == 1 else f"{name}__{names[name]}"
        craft = (fleet, party, base, aircraft, zone, method)
        mission = _mission(unique, craft, height_m, route, commodities, landing(instance, method, zone))
        mission = replace(mission, days=_days(instance, mission, mission.days))
        reason = _refused(mission)
        yield Refusal(party.id, reason, unique, zone.id) if reason else mission


def _mission(
    name: str,
    craft: tuple[Fleet, Party, Base, Aircraft, Zone, Method],
    height_m: float,
    route: Route,
    commodities: tuple[str, ...],
    lands: Landing,
) -> Mission:
    fleet, party, base, aircraft, zone, method = craft
    path = route.path
    block_min = block_minutes(aircraft, path, method.zone_min)
    payload_kg = payload_at(aircraft, path.distance_km)
    return Mission(
        id=name,
        fleet=fleet,
        party=party,
        base=base,
        aircraft=aircraft,
        zone=zone,
        method=method,
        release_height_m=height_m,
        path=path,
        block_min=block_min,
        drop_min=drop_minute(block_min, method.zone_min),
        payload_kg=payload_kg,
        positions=_positions(aircraft, method, payload_kg),
        loss_prob=path.loss_prob,
        landing=lands,
        sorties_per_tail=_sorties_per_tail(fleet, base, aircraft, route.hours, block_min),
        commodities=commodities,
        days=route.days,
        hours_from=route.hours[0],
        hours_to=route.hours[1],
    )


def _refused(m: Mission) -> str:
    """Why a mission cannot be flown, in a planner's words; empty when it can."""
    if m.payload_kg <= 0:
        return "the zone is out of range"
    if m.release_height_m > m.aircraft.ceiling_m:
        return "the release height is above the aircraft's ceiling"
    if m.positions == 0:
        return "no bundle fits on the floor within the payload"
    if _too_long_for_a_crew(m):
        return "a sortie is longer than a crew may be on duty or in flight"
    if m.sorties_per_tail < 1 or not m.days:
        light = " by daylight" if m.party.daylight_only else ""
        return f"a sortie does not fit into the flying and recovery hours{light}"
    if not m.commodities:
        return "the base has no cargo this method may carry"
    return ""


def _too_long_for_a_crew(m: Mission) -> bool:
    """Whether one sortie is more than a day's duty or flight time."""
    duty_min, flight_min = m.fleet.crew_duty_min, m.fleet.crew_flight_min
    on_duty = duty_min is not None and m.fleet.report_min + m.block_min > duty_min
    return on_duty or (flight_min is not None and m.block_min > flight_min)


def _positions(aircraft: Aircraft, method: Method, payload_kg: float) -> int | None:
    """Full bundles that floor and payload allow; None for loose cargo."""
    if method.position_kind == "none":
        return None
    floor = aircraft.bundle_positions if method.position_kind == "bundle" else aircraft.platform_positions
    gross_kg = method.bundle_net_kg + method.bundle_tare_kg
    return min(floor, int(payload_kg // gross_kg))


def _sorties_per_tail(fleet: Fleet, base: Base, aircraft: Aircraft, hours: Hours, block_min: int) -> int:
    """Sorties one tail can start and end within the hours of party, base and path, and of its crew."""
    ground_min = aircraft.turnaround_min + aircraft.refuel_min
    window: float = hours[1] - max(hours[0], base.hours_from + aircraft.turnaround_min)
    if fleet.crew_duty_min is not None:
        window = min(window, fleet.crew_duty_min - fleet.report_min)
    fitting = int((window + ground_min) // (block_min + ground_min))
    if fleet.crew_flight_min is not None:
        fitting = min(fitting, int(fleet.crew_flight_min // block_min))
    return max(0, min(fleet.sorties_per_tail_day, fitting))


def _days(instance: Instance, m: Mission, open_days: Sequence[int]) -> tuple[int, ...]:
    """Open days on which a sortie fits into the hours, and into daylight where the party asks for it."""
    time_zone, dates = instance.header.time_zone, instance.dates
    flown = (m.hours_from, m.hours_to)
    hours = {d: hours_of(m.party, m.base, m.zone, m.aircraft, flown, time_zone, dates[d]) for d in open_days}
    ground = m.aircraft.turnaround_min, m.zone.clearing_min
    return tuple(d for d in open_days if takeoffs(hours[d], m.block_min, m.drop_min, *ground))


def _open_days(instance: Instance, party: Party, zone: Zone) -> tuple[int, ...]:
    return tuple(
        d
        for d, date in enumerate(instance.dates)
        if WEEKDAYS[date.weekday()] in party.flying_weekdays
        and (zone.open_from is None or date >= zone.open_from)
        and (zone.open_to is None or date <= zone.open_to)
    )


def _without_dominated(group: list[Mission]) -> list[Mission]:
    """Missions of a fleet less those no better than another to the same zone by the same method.

    The method decides which sets are used up, so only missions of one method are compared. What beats a
    mission can be flown whenever it can, and needs no scarce corridor that it does without.
    """

    def figures(m: Mission) -> tuple[float, ...]:
        return (
            m.block_min,
            -m.payload_kg,
            m.loss_prob,
            -m.landing.landed_frac,
            m.landing.stray_frac,
            m.landing.harm_per_bundle,
            m.sortie_usd,
        )

    kept: list[Mission] = []
    for m in sorted(group, key=lambda m: (figures(m), m.id)):
        rivals = [k for k in kept if (k.zone.id, k.method.id) == (m.zone.id, m.method.id) and _as_free(k, m)]
        if not any(all(a <= b for a, b in zip(figures(k), figures(m), strict=True)) for k in rivals):
            kept.append(m)
    return sorted(kept, key=group.index)


def _as_free(k: Mission, m: Mission) -> bool:
    """Whether `k` can be flown whenever `m` can, through no corridor that `m` does without."""
    return (
        k.hours_from <= m.hours_from
        and m.hours_to <= k.hours_to
        and set(m.days) <= set(k.days)
        and set(k.path.corridors) <= set(m.path.corridors)
    )


def reachable_cargo(instance: Instance, feeders: dict[str, Feeder]) -> dict[str, set[str]]:
    """Commodities each base can load: its own supplies and what feeders may bring, over any chain."""
    at_base: dict[str, set[str]] = {b.id: set() for b in instance.bases}
    for supply in instance.supplies:
        if supply.kg > 0:
            at_base[supply.base].add(supply.commodity)
    for _ in feeders:
        for feeder in feeders.values():
            at_base[feeder.to_base] |= at_base[feeder.from_base]
    return at_base
