"""The missions that serve several zones in one sortie."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from statistics import mean

from instances.schema import Aircraft, Base, Fleet, Instance, Zone
from optimizer.airspace.flying import payload_at
from optimizer.airspace.paths import FlightPath, PathLeg, airspace_of
from optimizer.airspace.plane import Points
from optimizer.airspace.rounds import round_path, surveyed_leg, surveyed_round
from optimizer.airspace.rules import Hours, InForce
from optimizer.airspace.tracks import exposure, length_km
from optimizer.craft import Craft, longest_sortie, mission_on
from optimizer.mission import Mission, mission_id
from optimizer.needs import NUTRIENTS, demands_of, rations_of
from optimizer.routes import Route, alike_days, label, spans
from optimizer.tours import Tour, TourProblem, find_tours

MOST_STOPS = 4  # of helicopters and trucks whose fleet says nothing
FULL = 1.0  # loads a day; a zone that can use as many needs no other stop
CERTAIN = 1 - 1e-12  # a loss cap of 1 is none
FAR = 1e5  # km or minutes, beyond every range: places that no leg joins


@dataclass(frozen=True)
class Hop:
    """A leg of a tour: corners on the map (none where it is surveyed), km, minutes, and -ln(1 - loss)."""

    track: Points | None
    km: float
    minutes: float
    exposure: float


type Hops = dict[tuple[int, int], Hop]
"""Legs by the numbers of their ends, 0 the base."""


def tour_missions(instance: Instance, singles: Sequence[Mission], most_stops: int | None) -> list[Mission]:
    """Missions over several zones, of every craft that serves them one by one; whatever lands of them.

    Parameters
    ----------
    instance : Instance
        Checked input.
    singles : sequence of Mission
        Missions to one zone each that can be flown.
    most_stops : int or None
        Zones that a sortie may serve, whatever its fleet may.
    """
    crafts: dict[tuple[str, str, float], list[Mission]] = {}
    for m in singles:
        crafts.setdefault((m.fleet.id, m.method.id, m.release_height_m), []).append(m)
    tours: list[Mission] = []
    used_kg = _used_kg(instance) if singles else {}
    for own in crafts.values():
        allowed = stops_allowed(own[0].fleet, own[0].aircraft)
        most = allowed if most_stops is None else min(allowed, most_stops)
        tours += _of_craft(instance, own, most, used_kg) if most > 1 else ()
    return tours


def stops_allowed(fleet: Fleet, aircraft: Aircraft) -> int:
    """Zones that a sortie of a fleet may serve: what the fleet says, else by the kind of its type."""
    if fleet.most_stops is not None:
        return fleet.most_stops
    return 1 if aircraft.kind == "fixed_wing" else MOST_STOPS


def _of_craft(
    instance: Instance, singles: Sequence[Mission], most_stops: int, used_kg: dict[str, float]
) -> Iterator[Mission]:
    m = singles[0]
    craft = Craft(m.fleet, m.party, m.base, m.aircraft, m.method, m.release_height_m, m.commodities)
    zones = {m.zones[0]: m.stops[0].zone for m in singles}
    wanted_kg = {z: _wanted_kg(instance, zone, singles, used_kg) for z, zone in zones.items()}
    most_kg = max(m.payload_kg for m in singles)
    small = [zone for z, zone in zones.items() if wanted_kg[z] < FULL * most_kg]
    surveyed = [zone for zone in small if surveyed_leg(instance, craft.base.id, zone.id)]
    days = {z: {d for m in singles if m.zones[0] == z for d in m.days} for z in zones}
    found: dict[tuple[tuple[Zone, ...], Route], list[int]] = {}
    for own in (surveyed, [zone for zone in small if zone not in surveyed]):
        if len(own) < 2:
            continue
        every = sorted({d for zone in own for d in days[zone.id]})
        for group in alike_days(instance, craft.flier, every):
            date = instance.dates[group[0]]
            for hours, force in spans(airspace_of(instance), craft.flier, date, craft.hours):
                search = Search(instance, craft, tuple(own), wanted_kg, hours, force, own is surveyed)
                for tour, path in search.tours(most_stops):
                    shared = [d for d in group if all(d in days[zone.id] for zone in tour)]
                    found.setdefault((tour, Route(path, hours, ())), []).extend(shared)
    names: Counter[str] = Counter()
    for (tour, route), on in found.items():
        if on:
            way = label(route, craft.base, tour, craft.hours)
            ids = tuple(zone.id for zone in tour)
            name = mission_id(craft.fleet.id, ids, craft.method.id, craft.height_m, way)
            names[name] += 1
            unique = name if names[name] == 1 else f"{name}__{names[name]}"
            yield mission_on(unique, craft, tour, replace(route, days=tuple(sorted(on))))


def _wanted_kg(
    instance: Instance, zone: Zone, singles: Sequence[Mission], used_kg: dict[str, float]
) -> float:
    """What a zone can use in a day, kg dropped: what its team gathers, its ways carry and its people need."""
    landed = max(m.stops[0].landing.landed_frac for m in singles if m.zones[0] == zone.id)
    links = [link for link in instance.links if link.zone == zone.id]
    carried_kg = sum(min(link.kg_per_day, used_kg.get(link.community, 0.0)) for link in links)
    return min(zone.recovery_kg_per_day, carried_kg) / max(landed, 1e-6)


def _used_kg(instance: Instance) -> dict[str, float]:
    """What the people of each community use in a day: items, and the planned ration or what energy weighs."""
    planned_kg: dict[str, float] = defaultdict(float)
    for (k, _), daily in rations_of(instance).items():
        planned_kg[k] += max(daily)
    kcal_per_kg = [c.kcal_per_kg for c in instance.commodities if c.is_food and c.kcal_per_kg > 0]
    used_kg: dict[str, float] = defaultdict(float, planned_kg)
    for (k, name), one in demands_of(instance).items():
        if name not in NUTRIENTS:
            used_kg[k] += max(one.amount)
        elif name == "kcal" and not planned_kg[k] and kcal_per_kg:
            used_kg[k] += max(one.amount) / mean(kcal_per_kg)
    return used_kg


@dataclass(frozen=True)
class Search:
    """The tours of a craft during some hours under some areas."""

    instance: Instance
    craft: Craft
    zones: tuple[Zone, ...]
    wanted_kg: dict[str, float]
    hours: Hours
    force: InForce
    surveyed: bool

    def tours(self, most_stops: int) -> Iterator[tuple[tuple[Zone, ...], FlightPath]]:
        """Zones in order with the path through them, within the party's cap."""
        if self.surveyed:
            ways = [self._surveyed_hops()]
        else:
            shortest, safest = self._hops(0), self._hops(-1)
            alike = all(
                (hop.km, hop.exposure) == (safest[key].km, safest[key].exposure)
                for key, hop in shortest.items()
            )
            ways = [shortest] if alike else [shortest, safest]
        for hops in ways:
            for tour in find_tours(self.problem(hops), most_stops):
                path = self._path(tour, hops)
                if path.loss_prob <= self.craft.party.loss_cap:
                    yield tuple(self.zones[z - 1] for z in tour), path

    def _hops(self, which: int) -> Hops:
        """The shortest (0) or safest (-1) legal way of every leg there is, both ways."""
        sky, flier = airspace_of(self.instance), self.craft.flier
        places: tuple[Base | Zone, ...] = (self.craft.base, *self.zones)
        hops: Hops = {}
        for a, b in combinations(range(len(places)), 2):
            ways = sky.tracks(places[a], places[b], flier, self.force)
            if ways is None:
                continue
            track = ways[which]
            km = length_km(sky.plane, track)
            minutes = 60 * km / self.craft.aircraft.cruise_kmh
            for start, way in ((a, track), (b, track[::-1])):
                grounds = [
                    at for at, on_it in ((0.0, start), (km, a + b - start)) if flier.lands or on_it == 0
                ]
                risk = exposure(sky.plane, way, grounds, self.force, flier, begins=start == 0)
                hops[start, a + b - start] = Hop(way, km, minutes, risk)
        return hops

    def _surveyed_hops(self) -> Hops:
        ids = (self.craft.base.id, *(zone.id for zone in self.zones))
        hops: Hops = {}
        for a, b in combinations(range(len(ids)), 2):
            leg = surveyed_leg(self.instance, ids[a], ids[b])
            if leg is not None:
                hop = Hop(None, leg.distance_km, leg.minutes, -math.log1p(-leg.loss_prob) / 2)
                hops[a, b] = hops[b, a] = hop
        return hops

    def problem(self, hops: Hops) -> TourProblem:
        """What the search for tours needs to know."""
        craft, n = self.craft, len(self.zones) + 1
        aircraft, method, fleet = craft.aircraft, craft.method, craft.fleet
        missing = Hop(None, FAR, FAR, 0.0)
        table = [[hops.get((a, b), missing) for b in range(n)] for a in range(n)]
        climb_min = 0.0 if self.surveyed else aircraft.climb_descent_min
        again_min = climb_min / 2 if craft.lands else 0.0
        return TourProblem(
            km=tuple(tuple(hop.km for hop in row) for row in table),
            minutes=tuple(tuple(hop.minutes for hop in row) for row in table),
            exposure=tuple(tuple(hop.exposure for hop in row) for row in table),
            stop_min=(0.0, *(method.zone_min + again_min for _ in self.zones)),
            fixed_min=climb_min - again_min,
            payload_kg=lambda km: payload_at(aircraft, km),
            least_kg=method.bundle_net_kg + method.bundle_tare_kg if craft.packed else 1.0,
            most_min=longest_sortie(craft, self.hours),
            most_exposure=-math.log1p(-min(craft.party.loss_cap, CERTAIN)),
            usd_per_min=fleet.usd_per_block_h / 60,
            usd_per_sortie=fleet.usd_per_sortie,
            wanted_kg=(0.0, *(self.wanted_kg[zone.id] for zone in self.zones)),
        )

    def _path(self, tour: Tour, hops: Hops) -> FlightPath:
        zones = [self.zones[z - 1] for z in tour]
        base, way = self.craft.base, [hops[leg] for leg in pairwise((0, *tour, 0))]
        if self.surveyed:
            legs = [PathLeg(hop.km, hop.minutes) for hop in way]
            risk = sum(hop.exposure for hop in way)
            return surveyed_round(self.instance, base, zones, legs, risk, self.craft.height_m)
        sky = airspace_of(self.instance)
        tracks = [hop.track for hop in way if hop.track is not None]
        return round_path(sky, base, zones, tracks, self.craft.flier, self.force)
