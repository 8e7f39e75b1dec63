"""The missions a fleet can fly, and those refused with their reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from instances.schema import WEEKDAYS, Aircraft, Base, Feeder, Fleet, Instance, Method, Party, Zone
from optimizer.airspace import (
    FlightPath,
    block_minutes,
    drop_minute,
    flight_paths,
    payload_at,
    transit_loss,
)
from optimizer.landing import Landing, Spell, landings
from optimizer.landing.ground import built_up_on_axis


@dataclass(frozen=True)
class Mission:
    """Something one aircraft can do in a sortie: fleet, zone, method, release height, flight path.

    `positions` and `net_kg` are None for loose cargo; `commodities` are those the method may carry and
    the base can get; `days` are the days it may be flown, counted from 0: where winds make a drop land
    otherwise in one month than in another, there is a mission for each.
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
    """A mission that is not flown, and why; `harm` where it is the people endangered by a sortie."""

    party: str
    reason: str
    example: str
    method: str = ""
    harm: float = 0.0


def mission_id(fleet: str, zone: str, method: str, height_m: float) -> str:
    """Name of a mission, such as ``un_il76__dz_1__high_altitude_canopy__5000m``."""
    return f"{fleet}__{zone}__{method}__{height_m:g}m".replace(".", "_")


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
    built = list(_flights(instance, fleets, needed, at_base))
    drops = [(m.aircraft, m.method, m.zone, m.release_height_m, m.positions or 1) for m in built]
    blocked = {z.id: name for z in instance.zones if (name := built_up_on_axis(instance, z))}
    groups: dict[str, list[Mission]] = {}
    for mission, found in zip(built, landings(instance, drops), strict=True):
        refused: dict[str, Refusal] = {}
        for one in _by_spell(mission, found):
            refusal = _refused(one, blocked.get(one.zone.id, ""), windy=bool(mission.days))
            if refusal is None:
                groups.setdefault(one.fleet.id, []).append(one)
            else:
                refused.setdefault(refusal.reason, refusal)
        refusals += refused.values()
    for group in groups.values():
        missions += _without_dominated(group)
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
) -> Iterator[Mission]:
    """Every combination of fleet, zone, method and height that goes together, whatever lands of it."""
    for fleet in fleets.values():
        for zone in instance.zones:
            for method in instance.methods:
                if method.id in fleet.methods and method.id in zone.methods:
                    for height_m in method.release_heights_m:
                        available = needed & at_base[fleet.base]
                        yield _mission(instance, fleet, zone, method, height_m, available)


NOTHING = Landing(0.0, 0.0, 0.0)


def _by_spell(mission: Mission, spells: Sequence[Spell]) -> list[Mission]:
    """The mission once for each group of days on which the same lands, named by the first of them."""
    found = []
    for spell in spells:
        days = tuple(sorted(set(mission.days) & set(spell.days)))
        zone_min = mission.method.zone_min + (spell.landing.passes - 1) * mission.method.pass_min
        block_min = block_minutes(mission.aircraft, mission.path, zone_min)
        tail = (mission.fleet, mission.party, mission.base, mission.aircraft)
        one = replace(
            mission,
            id=mission.id if len(spells) == 1 else f"{mission.id}__from_day_{spell.days[0] + 1}",
            landing=spell.landing,
            days=days,
            block_min=block_min,
            drop_min=drop_minute(block_min, zone_min),
            sorties_per_tail=_sorties_per_tail(*tail, block_min),
        )
        found += [one] if days else []
    return found or [replace(mission, days=())]


def _mission(
    instance: Instance, fleet: Fleet, zone: Zone, method: Method, height_m: float, available: set[str]
) -> Mission:
    party = next(p for p in instance.parties if p.id == fleet.party)
    base = next(b for b in instance.bases if b.id == fleet.base)
    aircraft = next(a for a in instance.aircraft if a.id == fleet.aircraft)
    path = flight_paths(instance, base, zone)[0]
    block_min = block_minutes(aircraft, path, method.zone_min)
    payload_kg = payload_at(aircraft, path.distance_km)
    positions = _positions(aircraft, method, payload_kg)
    return Mission(
        id=mission_id(fleet.id, zone.id, method.id, height_m),
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
        positions=positions,
        loss_prob=transit_loss(instance, aircraft, height_m),
        landing=NOTHING,
        sorties_per_tail=_sorties_per_tail(fleet, party, base, aircraft, block_min),
        commodities=tuple(c.id for c in instance.commodities if c.id in available and method.id in c.methods),
        days=_open_days(instance, party, zone),
    )


def _refused(m: Mission, on_axis: str, windy: bool) -> Refusal | None:
    """Why a mission cannot be flown, in a planner's words; None when it can.

    `on_axis` names a built-up area on the run-in; `windy` says that only the wind leaves it no day.
    """
    harm = m.landing.harm_per_bundle * (m.positions or 0)
    reason, example = _reason(m), m.id
    if not m.days and not m.zone.closed and windy:
        reason = "the wind is above the method's limit on every day the zone is open"
    elif not reason and m.method.kind == "drop" and on_axis:
        reason = "a built-up area lies on the run-in before or behind the zone"
        example = f"{m.id}: {on_axis} within {m.zone.clear_axis_m:g} m of {m.zone.id}"
    elif not reason and harm > m.party.harm_cap:
        reason = "a full sortie is expected to harm more people on the ground than the party's cap"
        example = f"{m.id}: {harm:.2g} people, the cap is {m.party.harm_cap:g}"
        return Refusal(m.party.id, reason, example, m.method.id, harm)
    return Refusal(m.party.id, reason, example, m.method.id) if reason else None


def _reason(m: Mission) -> str:
    """What rules a mission out whatever lies around the zone; empty when nothing does."""
    if m.zone.closed or not m.days:
        return "the zone is closed on every day the party flies"
    if m.party.needs_ground_team and not m.zone.ground_team:
        return "no trained ground team at the zone"
    if m.loss_prob > m.party.loss_cap:
        return "the risk of losing the aircraft is above the party's cap per sortie"
    if m.payload_kg <= 0:
        return "the zone is out of range"
    if m.release_height_m > m.aircraft.ceiling_m:
        return "the release height is above the aircraft's ceiling"
    if m.positions == 0:
        return "no bundle fits on the floor within the payload"
    if m.sorties_per_tail < 1 or _first_drop_too_late(m):
        return "a sortie does not fit into the flying and recovery hours"
    if not m.commodities:
        return "the base has no cargo this method may carry"
    return ""


def _first_drop_too_late(m: Mission) -> bool:
    """Whether no take-off puts the drop inside the recovery hours and the landing inside the flying ones."""
    loaded = m.base.hours_from + m.aircraft.turnaround_min
    first = max(m.party.hours_from, loaded, m.zone.recovery_from - m.drop_min)
    last = min(m.party.hours_to, m.base.hours_to) - m.block_min
    return first > min(last, m.zone.recovery_to - m.drop_min)


def _positions(aircraft: Aircraft, method: Method, payload_kg: float) -> int | None:
    """Full bundles that floor and payload allow; None for loose cargo."""
    if method.position_kind == "none":
        return None
    floor = aircraft.bundle_positions if method.position_kind == "bundle" else aircraft.platform_positions
    gross_kg = method.bundle_net_kg + method.bundle_tare_kg
    return min(floor, int(payload_kg // gross_kg))


def full_load(instance: Instance, fleet: Fleet, zone: Zone, method: Method) -> int:
    """Bundles of a full sortie of a fleet to a zone, at least one."""
    mission = _mission(instance, fleet, zone, method, method.release_heights_m[0], set())
    return max(1, mission.positions or 1)


def _sorties_per_tail(fleet: Fleet, party: Party, base: Base, aircraft: Aircraft, block_min: int) -> int:
    """Sorties one tail can start and end within the common hours of party and base, loading included."""
    first = max(party.hours_from, base.hours_from + aircraft.turnaround_min)
    window = min(party.hours_to, base.hours_to) - first
    fitting = int((window + aircraft.turnaround_min) // (block_min + aircraft.turnaround_min))
    return max(0, min(fleet.sorties_per_tail_day, fitting))


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

    The method decides which sets are used up, so only missions of one method are compared, and only those
    that may be flown on no other days. A thousandth of what lands is no better.
    """

    def figures(m: Mission) -> tuple[float, ...]:
        return (
            m.block_min,
            -m.payload_kg,
            m.loss_prob,
            -round(m.landing.landed_frac, 3),
            round(m.landing.stray_frac, 3),
            round(m.landing.harm_per_bundle, 6),
            m.sortie_usd,
        )

    kept: list[Mission] = []
    for m in sorted(group, key=lambda m: (figures(m), m.id)):
        same = (m.zone.id, m.method.id)
        rivals = [k for k in kept if (k.zone.id, k.method.id) == same and set(m.days) <= set(k.days)]
        if not any(all(a <= b for a, b in zip(figures(k), figures(m), strict=True)) for k in rivals):
            kept.append(m)
    return sorted(kept, key=group.index)


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
