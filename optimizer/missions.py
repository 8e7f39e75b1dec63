"""The missions a fleet can fly, and those refused with their reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from instances.schema import WEEKDAYS, Aircraft, Base, Feeder, Fleet, Instance, Method, Party, Zone
from optimizer.airspace.flying import block_minutes, drop_minute, payload_at
from optimizer.airspace.rules import Hours
from optimizer.hours import hours_of, takeoffs
from optimizer.landing import Landing, Spell, landings
from optimizer.landing.ground import built_up_on_axis
from optimizer.mission import Mission, Refusal, mission_id, without_dominated
from optimizer.routes import Route, find_routes, label

type Craft = tuple[Fleet, Party, Base, Aircraft, Zone, Method]


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
    found = list(_flights(instance, fleets, needed, at_base))
    refusals = [one for one in found if isinstance(one, Refusal)]
    built = [one for one in found if isinstance(one, Mission)]
    drops = [(m.aircraft, m.method, m.zone, m.release_height_m, m.positions or 1) for m in built]
    blocked = {z.id: name for z in instance.zones if (name := built_up_on_axis(instance, z))}
    groups: dict[str, list[Mission]] = {}
    for mission, spells in zip(built, landings(instance, drops), strict=True):
        refused: dict[str, Refusal] = {}
        for one in _by_spell(mission, spells):
            days = _fitting_days(instance, one)
            refusal = _refused(one, bool(days), blocked.get(one.zone.id, ""))
            if refusal is None:
                groups.setdefault(one.fleet.id, []).append(replace(one, days=days))
            else:
                refused.setdefault(refusal.reason, refusal)
        refusals += refused.values()
    for group in groups.values():
        missions += without_dominated(group)
    flown = {(m.party.id, m.method.id) for m in missions}
    return missions, [_hopeless(one, refusals) if _key(one) not in flown else one for one in refusals]


def _key(refusal: Refusal) -> tuple[str, str]:
    return refusal.party, refusal.method


def _hopeless(one: Refusal, refusals: Sequence[Refusal]) -> Refusal:
    """The refusal of a drop for its harm where every drop by that method harms too many, with the least."""
    if not one.harm:
        return one
    least = min((r for r in refusals if _key(r) == _key(one) and r.harm), key=lambda r: r.harm)
    reason = f"every drop by {one.method} is expected to harm more people than the party's cap per sortie"
    return replace(one, reason=reason, example=f"at least {least.example}")


def _flights(
    instance: Instance, fleets: dict[str, Fleet], needed: set[str], at_base: dict[str, set[str]]
) -> Iterator[Mission | Refusal]:
    """Every combination of fleet, zone, method, height and path that goes together, whatever lands of it."""
    for fleet in fleets.values():
        for zone in instance.zones:
            for method in instance.methods:
                if method.id in fleet.methods and method.id in zone.methods:
                    for height_m in method.release_heights_m:
                        available = needed & at_base[fleet.base]
                        yield from _on_routes(instance, fleet, zone, method, height_m, available)


NOTHING = Landing(0.0, 0.0, 0.0)


def _by_spell(mission: Mission, spells: Sequence[Spell]) -> list[Mission]:
    """The mission once for each group of days on which the same lands, named by the first of them."""
    found = []
    for spell in spells:
        days = tuple(sorted(set(mission.days) & set(spell.days)))
        landed = replace(mission, landing=spell.landing)
        block_min = block_minutes(mission.aircraft, mission.path, landed.zone_min)
        hours = mission.hours_from, mission.hours_to
        one = replace(
            landed,
            id=mission.id if len(spells) == 1 else f"{mission.id}__from_day_{spell.days[0] + 1}",
            days=days,
            block_min=block_min,
            drop_min=drop_minute(block_min, landed.zone_min),
            sorties_per_tail=_sorties_per_tail(
                mission.fleet, mission.base, mission.aircraft, hours, block_min
            ),
        )
        found += [one] if days else []
    return found or [replace(mission, days=())]


def _on_routes(
    instance: Instance, fleet: Fleet, zone: Zone, method: Method, height_m: float, available: set[str]
) -> Iterator[Mission | Refusal]:
    """A mission for each route to the zone at a height, and what is refused."""
    party = next(p for p in instance.parties if p.id == fleet.party)
    base = next(b for b in instance.bases if b.id == fleet.base)
    aircraft = next(a for a in instance.aircraft if a.id == fleet.aircraft)
    example = mission_id(fleet.id, zone.id, method.id, height_m)
    days = _open_days(instance, party, zone)
    if zone.closed or not days:
        yield Refusal(
            party.id, "the zone is closed on every day the party flies", example, zone.id, method.id
        )
        return
    if party.needs_ground_team and not zone.ground_team:
        yield Refusal(party.id, "no trained ground team at the zone", example, zone.id, method.id)
        return
    found = find_routes(instance, party, base, zone, aircraft, method, height_m, days)
    yield from (Refusal(party.id, reason, example, zone.id, method.id) for reason in found.refused)
    hours = max(party.hours_from, base.hours_from), min(party.hours_to, base.hours_to)
    commodities = tuple(c.id for c in instance.commodities if c.id in available and method.id in c.methods)
    names: Counter[str] = Counter()
    for route in found.routes:
        name = mission_id(fleet.id, zone.id, method.id, height_m, label(route, base, zone, hours))
        names[name] += 1
        unique = name if names[name] == 1 else f"{name}__{names[name]}"
        craft = (fleet, party, base, aircraft, zone, method)
        yield _mission(unique, craft, height_m, route, commodities)


def _mission(name: str, craft: Craft, height_m: float, route: Route, commodities: tuple[str, ...]) -> Mission:
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
        landing=NOTHING,
        sorties_per_tail=_sorties_per_tail(fleet, base, aircraft, route.hours, block_min),
        commodities=commodities,
        days=route.days,
        hours_from=route.hours[0],
        hours_to=route.hours[1],
    )


def _refused(m: Mission, fits: bool, on_axis: str) -> Refusal | None:
    """Why a mission cannot be flown, in a planner's words; None when it can.

    `fits` says whether a sortie fits into the hours of any of its days; `on_axis` names a built-up area on
    the run-in.
    """
    harm = m.landing.harm_per_bundle * (m.positions or 0)
    reason, example = _reason(m, fits), m.id
    if not m.days:
        reason = "the wind is above the method's limit on every day the zone is open"
    elif not reason and m.method.kind == "drop" and on_axis:
        reason = "a built-up area lies on the run-in before or behind the zone"
        example = f"{m.id}: {on_axis} within {m.zone.clear_axis_m:g} m of {m.zone.id}"
    elif not reason and harm > m.party.harm_cap:
        reason = "a full sortie is expected to harm more people on the ground than the party's cap"
        example = f"{m.id}: {harm:.2g} people, the cap is {m.party.harm_cap:g}"
        return Refusal(m.party.id, reason, example, m.zone.id, m.method.id, harm)
    return Refusal(m.party.id, reason, example, m.zone.id, m.method.id) if reason else None


def _reason(m: Mission, fits: bool) -> str:
    """What rules a mission out whatever lies around the zone; empty when nothing does."""
    if m.payload_kg <= 0:
        return "the zone is out of range"
    if m.release_height_m > m.aircraft.ceiling_m:
        return "the release height is above the aircraft's ceiling"
    if m.positions == 0:
        return "no bundle fits on the floor within the payload"
    if _too_long_for_a_crew(m):
        return "a sortie is longer than a crew may be on duty or in flight"
    if m.sorties_per_tail < 1 or not fits:
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


def full_load(instance: Instance, fleet: Fleet, zone: Zone, method: Method) -> int:
    """Bundles of a full sortie of a fleet to a zone on the way with the most room, at least one."""
    height_m = method.release_heights_m[0]
    found = _on_routes(instance, fleet, zone, method, height_m, set())
    return max((one.positions or 1 for one in found if isinstance(one, Mission)), default=1)


def _sorties_per_tail(fleet: Fleet, base: Base, aircraft: Aircraft, hours: Hours, block_min: int) -> int:
    """Sorties one tail can start and end within the hours of party, base and path, and of its crew."""
    ground_min = aircraft.turnaround_min + aircraft.refuel_min
    window = hours[1] - max(hours[0], base.hours_from + aircraft.turnaround_min)
    if fleet.crew_duty_min is not None:
        window = min(window, fleet.crew_duty_min - fleet.report_min)
    fitting = int((window + ground_min) // (block_min + ground_min))
    if fleet.crew_flight_min is not None:
        fitting = min(fitting, int(fleet.crew_flight_min // block_min))
    return max(0, min(fleet.sorties_per_tail_day, fitting))


def _fitting_days(instance: Instance, m: Mission) -> tuple[int, ...]:
    """Days of a mission on which a sortie fits into the hours, and into daylight where that is asked."""
    time_zone, dates = instance.header.time_zone, instance.dates
    ground = m.aircraft.turnaround_min, m.zone.clearing_min
    hours = ((d, hours_of(m, time_zone, dates[d])) for d in m.days)
    return tuple(d for d, of_day in hours if takeoffs(of_day, m.block_min, m.drop_min, *ground))


def _open_days(instance: Instance, party: Party, zone: Zone) -> tuple[int, ...]:
    return tuple(
        d
        for d, date in enumerate(instance.dates)
        if WEEKDAYS[date.weekday()] in party.flying_weekdays
        and (zone.open_from is None or date >= zone.open_from)
        and (zone.open_to is None or date <= zone.open_to)
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
