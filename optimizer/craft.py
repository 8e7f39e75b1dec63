"""An aircraft with a way to deliver, and the mission it flies on a route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from instances.schema import Aircraft, Base, Fleet, Instance, Method, Party, Zone
from optimizer.airspace.flying import block_minutes, drop_minutes, payload_at
from optimizer.airspace.rules import LANDS, Flier, Hours
from optimizer.landing import Landing
from optimizer.mission import Mission, Stop
from optimizer.routes import Route

NOTHING = Landing(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Craft:
    """Who flies what, from where, and how it delivers."""

    fleet: Fleet
    party: Party
    base: Base
    aircraft: Aircraft
    method: Method
    height_m: float
    commodities: tuple[str, ...]

    @property
    def hours(self) -> Hours:
        """Common hours of party and base."""
        party, base = self.party, self.base
        return max(party.hours_from, base.hours_from), min(party.hours_to, base.hours_to)

    @property
    def lands(self) -> bool:
        """Whether the aircraft comes down at the zones instead of flying over them."""
        return self.method.kind in LANDS

    @property
    def packed(self) -> bool:
        """Whether cargo goes in bundles or on platforms."""
        return self.method.position_kind != "none"

    @property
    def flier(self) -> Flier:
        """As the rules of the sky see it."""
        return Flier(self.party.id, self.aircraft.kind, self.height_m, self.lands)


def craft_of(instance: Instance, fleet: Fleet, method: Method, height_m: float, available: set[str]) -> Craft:
    """A fleet that delivers by a method from a height what it may carry of the goods `available`."""
    return Craft(
        fleet=fleet,
        party=next(p for p in instance.parties if p.id == fleet.party),
        base=next(b for b in instance.bases if b.id == fleet.base),
        aircraft=next(a for a in instance.aircraft if a.id == fleet.aircraft),
        method=method,
        height_m=height_m,
        commodities=tuple(c.id for c in instance.commodities if c.id in available and method.id in c.methods),
    )


def mission_on(name: str, craft: Craft, zones: Sequence[Zone], route: Route) -> Mission:
    """The mission of a craft to zones in turn on a route, whatever lands of it."""
    payload_kg = payload_at(craft.aircraft, route.path.distance_km)
    bare = Mission(
        id=name,
        fleet=craft.fleet,
        party=craft.party,
        base=craft.base,
        aircraft=craft.aircraft,
        method=craft.method,
        release_height_m=craft.height_m,
        path=route.path,
        stops=tuple(
            Stop(name if len(zones) == 1 else f"{name}__stop_{n}", name, zone, NOTHING, 0, 0.0)
            for n, zone in enumerate(zones, start=1)
        ),
        block_min=0,
        payload_kg=payload_kg,
        positions=_positions(craft.aircraft, craft.method, payload_kg),
        loss_prob=route.path.loss_prob,
        sorties_per_tail=0,
        commodities=craft.commodities,
        days=route.days,
        hours_from=route.hours[0],
        hours_to=route.hours[1],
    )
    return landing_as(bare, name, [NOTHING] * len(zones))


def landing_as(m: Mission, name: str, landings: Sequence[Landing]) -> Mission:
    """The mission under a name with what lands at each stop, and the minutes that follow from the passes."""
    zone_min = [m.method.zone_min + (one.passes - 1) * m.method.pass_min for one in landings]
    lands = m.method.kind in LANDS
    block_min = block_minutes(m.aircraft, m.path, zone_min, lands)
    drops = drop_minutes(m.aircraft, m.path, zone_min, lands)
    stops = tuple(
        Stop(f"{name}{stop.id.removeprefix(m.id)}", name, stop.zone, landing, drop_min, here_min)
        for stop, landing, drop_min, here_min in zip(m.stops, landings, drops, zone_min, strict=True)
    )
    hours = m.hours_from, m.hours_to
    per_tail = _sorties_per_tail(m.fleet, m.base, m.aircraft, hours, block_min)
    return replace(m, id=name, stops=stops, block_min=block_min, sorties_per_tail=per_tail)


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
    fitting = int((_minutes_a_day(fleet, base, aircraft, hours) + ground_min) // (block_min + ground_min))
    if fleet.crew_flight_min is not None:
        fitting = min(fitting, int(fleet.crew_flight_min // block_min))
    return max(0, min(fleet.sorties_per_tail_day, fitting))


def _minutes_a_day(fleet: Fleet, base: Base, aircraft: Aircraft, hours: Hours) -> float:
    """Minutes between the first take-off and the last landing of a crew."""
    window: float = hours[1] - max(hours[0], base.hours_from + aircraft.turnaround_min)
    return window if fleet.crew_duty_min is None else min(window, fleet.crew_duty_min - fleet.report_min)


def longest_sortie(craft: Craft, hours: Hours) -> float:
    """Block minutes of the longest sortie that fits into hours and duty."""
    most = _minutes_a_day(craft.fleet, craft.base, craft.aircraft, hours)
    flight_min = craft.fleet.crew_flight_min
    return most if flight_min is None else min(most, flight_min)
