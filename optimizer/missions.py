"""The missions a fleet can fly, and those refused with their reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from instances.schema import WEEKDAYS, Feeder, Fleet, Instance, Method, Party, Zone
from optimizer.craft import craft_of, landing_as, mission_on
from optimizer.hours import hours_of, takeoffs
from optimizer.landing import Spell, landings
from optimizer.landing.ground import built_up_on_axis
from optimizer.mission import Mission, Refusal, mission_id, without_dominated
from optimizer.routes import find_routes, label
from optimizer.tour_missions import tour_missions


def build_missions(
    instance: Instance,
    fleets: dict[str, Fleet],
    needed: set[str],
    at_base: dict[str, set[str]],
    most_stops: int | None = None,
) -> tuple[list[Mission], list[Refusal]]:
    """Every useful combination of fleet, zone, method and release height, and the refused ones; then tours.

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
    most_stops : int, optional
        Zones that a sortie may serve, whatever its fleet may.
    """
    found = list(_flights(instance, fleets, needed, at_base))
    refusals = [one for one in found if isinstance(one, Refusal)]
    single, refused = _landed(instance, [one for one in found if isinstance(one, Mission)])
    refusals += refused
    tours = tour_missions(instance, single, most_stops)
    groups: dict[str, list[Mission]] = {}
    for mission in (*single, *_landed(instance, tours)[0]):
        groups.setdefault(mission.fleet.id, []).append(mission)
    missions = [mission for group in groups.values() for mission in without_dominated(group)]
    flown = {(m.party.id, m.method.id) for m in missions}
    return missions, [_hopeless(one, refusals) if _key(one) not in flown else one for one in refusals]


def _landed(instance: Instance, built: Sequence[Mission]) -> tuple[list[Mission], list[Refusal]]:
    """Missions with what lands of them, once for each group of days on which that is the same."""
    drops = [
        (m.aircraft, m.method, stop.zone, m.release_height_m, m.positions or 1)
        for m in built
        for stop in m.stops
    ]
    blocked = {z.id: name for z in instance.zones if (name := built_up_on_axis(instance, z))}
    missions: list[Mission] = []
    refusals: list[Refusal] = []
    spells = iter(landings(instance, drops))
    for mission in built:
        refused: dict[str, Refusal] = {}
        for one in _by_spell(mission, [next(spells) for _ in mission.stops]):
            days = _fitting_days(instance, one)
            refusal = _refused(one, bool(days), blocked)
            if refusal is None:
                missions.append(replace(one, days=days))
            else:
                refused.setdefault(refusal.reason, refusal)
        refusals += refused.values()
    return missions, refusals


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


def _by_spell(mission: Mission, spells: Sequence[Sequence[Spell]]) -> list[Mission]:
    """The mission once for each group of days on which the same lands at its stops.

    Named by the first day of its spell, or of the days that the spells of its stops share.
    """
    groups: dict[tuple[int, ...], list[int]] = {}
    for d in mission.days:
        at = tuple(next((n for n, one in enumerate(own) if d in one.days), -1) for own in spells)
        if -1 not in at:
            groups.setdefault(at, []).append(d)
    found = []
    for at, days in sorted(groups.items()):
        chosen = [own[n] for own, n in zip(spells, at, strict=True)]
        first = chosen[0].days[0] if len(chosen) == 1 else days[0]
        alone = all(len(own) == 1 for own in spells)
        name = mission.id if alone else f"{mission.id}__from_day_{first + 1}"
        landed = landing_as(mission, name, [one.landing for one in chosen])
        found.append(replace(landed, days=tuple(days)))
    return found or [replace(mission, days=())]


def _on_routes(
    instance: Instance, fleet: Fleet, zone: Zone, method: Method, height_m: float, available: set[str]
) -> Iterator[Mission | Refusal]:
    """A mission for each route to the zone at a height, and what is refused."""
    craft = craft_of(instance, fleet, method, height_m, available)
    party = craft.party
    example = mission_id(fleet.id, (zone.id,), method.id, height_m)
    days = _open_days(instance, party, zone)
    if zone.closed or not days:
        yield Refusal(
            party.id, "the zone is closed on every day the party flies", example, zone.id, method.id
        )
        return
    if party.needs_ground_team and not zone.ground_team:
        yield Refusal(party.id, "no trained ground team at the zone", example, zone.id, method.id)
        return
    found = find_routes(instance, party, craft.base, zone, craft.aircraft, method, height_m, days)
    yield from (Refusal(party.id, reason, example, zone.id, method.id) for reason in found.refused)
    names: Counter[str] = Counter()
    for route in found.routes:
        way = label(route, craft.base, (zone,), craft.hours)
        name = mission_id(fleet.id, (zone.id,), method.id, height_m, way)
        names[name] += 1
        unique = name if names[name] == 1 else f"{name}__{names[name]}"
        yield mission_on(unique, craft, (zone,), route)


def _refused(m: Mission, fits: bool, blocked: dict[str, str]) -> Refusal | None:
    """Why a mission cannot be flown, in a planner's words; None when it can.

    `fits` says whether a sortie fits into the hours of any of its days; `blocked` names a built-up area on
    the run-in of a zone.
    """
    harm = m.harm_of_full_load
    reason, example = _reason(m, fits), m.id
    on_axis = next((stop.zone for stop in m.stops if stop.zone.id in blocked), None)
    if not m.days:
        reason = "the wind is above the method's limit on every day the zone is open"
    elif not reason and m.method.kind == "drop" and on_axis is not None:
        reason = "a built-up area lies on the run-in before or behind the zone"
        example = f"{m.id}: {blocked[on_axis.id]} within {on_axis.clear_axis_m:g} m of {on_axis.id}"
    elif not reason and harm > m.party.harm_cap:
        reason = "a full sortie is expected to harm more people on the ground than the party's cap"
        example = f"{m.id}: {harm:.2g} people, the cap is {m.party.harm_cap:g}"
        return Refusal(m.party.id, reason, example, m.zones[0], m.method.id, harm)
    return Refusal(m.party.id, reason, example, m.zones[0], m.method.id) if reason else None


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


def full_load(instance: Instance, fleet: Fleet, zone: Zone, method: Method) -> int:
    """Bundles of a full sortie of a fleet to a zone on the way with the most room, at least one."""
    height_m = method.release_heights_m[0]
    found = _on_routes(instance, fleet, zone, method, height_m, set())
    return max((one.positions or 1 for one in found if isinstance(one, Mission)), default=1)


def _fitting_days(instance: Instance, m: Mission) -> tuple[int, ...]:
    """Days of a mission on which a sortie fits into the hours, and into daylight where that is asked."""
    time_zone, dates = instance.header.time_zone, instance.dates

    def fits(d: int) -> bool:
        ways = [
            takeoffs(
                hours_of(m, stop, time_zone, dates[d]),
                m.block_min,
                stop.drop_min,
                m.aircraft.turnaround_min,
                stop.zone.clearing_min,
            )
            for stop in m.stops
        ]
        return max(way.start for way in ways) < min(way.stop for way in ways)

    return tuple(d for d in m.days if fits(d))


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
