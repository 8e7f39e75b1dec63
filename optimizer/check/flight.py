"""What the instance says about one sortie: the judge's own arithmetic of flight, fall and money."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from instances.schema import Aircraft, Base, Fleet, Instance, Leg, Method, Party, Zone
from optimizer.check.calls import Call, call_at, harm_of, timed
from optimizer.check.geodesic import geodesic_km
from optimizer.check.sky import LANDS, Passage, loss_on
from optimizer.check.track import Track
from optimizer.plan import Load, Path, Sortie

NOISE: Final = 1e-6  # a figure this close to a whole number is that number
MINUTE_NOISE: Final = 2e-4  # points are written to 0.1 m, which is seconds of a second of flight


@dataclass(frozen=True)
class Craft:
    """The records of the instance that a sortie is made of."""

    party: Party
    fleet: Fleet
    aircraft: Aircraft
    base: Base
    method: Method
    zones: tuple[Zone, ...]


@dataclass(frozen=True)
class Flight:
    """A sortie whose ids are known, with everything that follows from the instance.

    Only what a planner decides is taken from the plan (fleet, tail, take-off, zones, method, height, loads);
    party, base and type are the fleet's.

    Attributes
    ----------
    path : Path or None
        As drawn for the sortie, when it is drawn once.
    track : Track
        The path drawn; the straight way out and back when there is none.
    passage : Passage
        When and how high the path is flown, and by whom.
    surveyed : bool
        Whether surveyed legs replace the path.
    calls : tuple of Call
        Its zones in order, with what is dropped there.
    distance_km : float
        Whole path, out and back.
    block_min : int
        Block time, minutes.
    out_min : float
        Half of climb and descent and of what rounding adds to the block time, minutes.
    takeoff, landing : datetime
        UTC.
    payload_kg : float or None
        Most payload at this range; None beyond the last payload-range point.
    room : int or None
        Most bundles; None for loose cargo.
    loss_prob : float
        Probability of losing the aircraft, 0..1.
    harm : float
        People expected to be hurt on the ground; as planned where that is near enough to the judge's own.
    price_usd_per_kg : dict
        Price at the base by commodity, where the base has one.
    """

    sortie: Sortie
    loads: tuple[Load, ...]
    day: int
    craft: Craft
    path: Path | None
    track: Track
    passage: Passage
    surveyed: bool
    calls: tuple[Call, ...]
    distance_km: float
    block_min: int
    out_min: float
    takeoff: dt.datetime
    landing: dt.datetime
    payload_kg: float | None
    room: int | None
    loss_prob: float
    harm: float
    price_usd_per_kg: dict[str, float]

    @property
    def where(self) -> str:
        """The sortie and its day, as violations name it."""
        return f"{self.sortie.sortie_id} on {self.sortie.date}"

    @property
    def net_kg(self) -> float:
        """Cargo, kg."""
        return sum(call.net_kg for call in self.calls)

    @property
    def bundles(self) -> int:
        """Bundles of all loads."""
        return sum(call.bundles for call in self.calls)

    @property
    def gross_kg(self) -> float:
        """Cargo with its packing, kg."""
        return self.net_kg + self.bundles * self.craft.method.bundle_tare_kg

    @property
    def lands(self) -> bool:
        """Whether the aircraft comes down at the zones."""
        return self.craft.method.kind in LANDS

    @property
    def landed_kg(self) -> float:
        """Cargo that lands usable, kg."""
        return sum(call.landed_frac * call.net_kg for call in self.calls)

    @property
    def stray_kg(self) -> float:
        """Cargo that falls into other hands, kg."""
        return sum(call.stray_frac * call.net_kg for call in self.calls)

    @property
    def flying_usd(self) -> float:
        """Block hours and fees, USD."""
        fleet = self.craft.fleet
        return self.block_min / 60 * fleet.usd_per_block_h + fleet.usd_per_sortie

    @property
    def rigging_usd(self) -> float:
        """Sets used up, USD."""
        return self.bundles * self.craft.method.unit_usd

    @property
    def cargo_usd(self) -> float | None:
        """Cargo at the base's price, USD; None where a commodity has no price there."""
        if any(load.commodity not in self.price_usd_per_kg for load in self.loads):
            return None
        return sum(load.net_kg * self.price_usd_per_kg[load.commodity] for load in self.loads)


def as_utc(time: dt.datetime) -> dt.datetime:
    """The time itself when it is aware; a time without zone is read as UTC."""
    return time if time.tzinfo is not None else time.replace(tzinfo=dt.UTC)


def follow(
    sortie: Sortie,
    loads: tuple[Load, ...],
    day: int,
    craft: Craft,
    instance: Instance,
    drawn: tuple[Path, Track] | None = None,
) -> Flight:
    """Work out a sortie from the instance (the quantities of ``optimizer/README.md``).

    Parameters
    ----------
    sortie, loads : Sortie, tuple of Load
        As planned.
    day : int
        Day of the plan, from 0.
    craft : Craft
        Records of the instance.
    instance : Instance
        For legs, airspace, recoveries and prices.
    drawn : (Path, Track) or None
        The path of the sortie, if it is drawn once and has a line.
    """
    track = drawn[1] if drawn is not None and drawn[1].points else straight(craft)
    legs = _legs(craft, instance)
    distance_km = sum(leg.distance_km for leg in legs) if legs else track.length_km
    most = room(craft, payload_kg := payload_at(craft.aircraft, distance_km))
    calls = tuple(
        call_at(sortie, craft, number, _own(loads, number, craft), most or 1, instance)
        for number in range(1, len(craft.zones) + 1)
    )
    exact_min = sum(minutes := _legs_min(craft, track, legs)) + sum(call.zone_min for call in calls)
    block = _block_min(sortie.block_min, exact_min)
    takeoff = as_utc(sortie.takeoff_utc).astimezone(dt.UTC)
    return Flight(
        sortie=sortie,
        loads=loads,
        day=day,
        craft=craft,
        path=None if drawn is None else drawn[0],
        track=track,
        passage=(passage := _passage(sortie, craft, track, takeoff, block, instance)),
        surveyed=bool(legs),
        calls=timed(calls, takeoff, minutes, (block - exact_min) / 2),
        distance_km=distance_km,
        block_min=block,
        out_min=(block - exact_min + craft.aircraft.climb_descent_min) / 2,
        takeoff=takeoff,
        landing=takeoff + dt.timedelta(minutes=block),
        payload_kg=payload_kg,
        room=most,
        loss_prob=loss(craft, track, passage, legs, instance),
        harm=harm_of(sortie, calls),
        price_usd_per_kg={s.commodity: s.usd_per_kg for s in instance.supplies if s.base == craft.base.id},
    )


def _own(loads: tuple[Load, ...], number: int, craft: Craft) -> tuple[Load, ...]:
    """Loads of a stop; one that names a stop there is not counts at the nearest."""
    last = len(craft.zones)
    return tuple(load for load in loads if min(max(load.stop, 1), last) == number)


def straight(craft: Craft) -> Track:
    """The straight way through the zones and back."""
    base = craft.base.lon, craft.base.lat
    return Track((base, *((zone.lon, zone.lat) for zone in craft.zones), base))


def _legs(craft: Craft, instance: Instance) -> list[Leg]:
    """The surveyed legs that replace the path; none unless all of them are surveyed."""
    places = [craft.base.id, *(zone.id for zone in craft.zones), craft.base.id]
    known = {frozenset((leg.base, leg.zone)): leg for leg in instance.legs}
    found = [known[ends] for a, b in pairwise(places) if (ends := frozenset((a, b))) in known]
    return found if len(found) == len(places) - 1 else []


def _legs_min(craft: Craft, track: Track, legs: list[Leg]) -> list[float]:
    """Minutes from stop to stop, from take-off to landing, without those at the zones.

    Half of `climb_descent_min` goes with the first leg and half with the last; an aircraft that lands on the
    way needs as much again as either for every landing after the first.
    """
    if legs:
        return [leg.minutes for leg in legs]
    at_km = [0.0, *stops_km(track, craft), track.length_km]
    half_min = craft.aircraft.climb_descent_min / 2
    minutes = [60 * (b - a) / craft.aircraft.cruise_kmh for a, b in pairwise(at_km)]
    again_min = half_min if craft.method.kind in LANDS else 0.0
    onward = [one + again_min for one in minutes[1:-1]]
    return [minutes[0] + half_min, *onward, minutes[-1] + half_min]


def stops_km(track: Track, craft: Craft) -> list[float]:
    """Where along a track its zones are: half way for one, else the nearest points drawn, in order."""
    if len(craft.zones) == 1:
        return [track.length_km / 2]
    found, begin = [], 0
    for left, zone in enumerate(craft.zones, start=1 - len(craft.zones)):
        points = track.points[begin : len(track.points) + left] or track.points[-1:]
        away = [geodesic_km(lat, lon, zone.lat, zone.lon) for lon, lat in points]
        begin += min(range(len(away)), key=lambda i: away[i])
        found.append(track.km[min(begin, len(track.km) - 1)])
    return found


def _passage(
    sortie: Sortie, craft: Craft, track: Track, takeoff: dt.datetime, block_min: int, instance: Instance
) -> Passage:
    """When and how high the path is flown."""
    local = takeoff.astimezone(ZoneInfo(instance.header.time_zone)).replace(tzinfo=None)
    start_min = (local - dt.datetime.combine(sortie.date, dt.time())).total_seconds() / 60
    return Passage(
        party=craft.party.id,
        kind=craft.aircraft.kind,
        date=sortie.date,
        start_min=start_min,
        end_min=start_min + block_min,
        height_m=sortie.release_height_m,
        landings_km=tuple(stops_km(track, craft)) if craft.method.kind in LANDS else (),
    )


def _block_min(seen: int, minutes: float) -> int:
    """Minutes rounded up; the planned figure where rounding noise leaves two answers."""
    least, most = math.ceil(minutes - MINUTE_NOISE), math.ceil(minutes + MINUTE_NOISE)
    return seen if least <= seen <= most else least


def payload_at(aircraft: Aircraft, distance_km: float) -> float | None:
    """Most payload at path + reserve, kg: flat, then linear between points, then None."""
    points = sorted(aircraft.payload_range, key=lambda point: point[1])
    need_km = distance_km + aircraft.reserve_km
    if need_km <= points[0][1]:
        return points[0][0]
    for (kg_1, km_1), (kg_2, km_2) in pairwise(points):
        if need_km <= km_2:
            return kg_1 + (kg_2 - kg_1) * (need_km - km_1) / (km_2 - km_1)
    return None


def room(craft: Craft, payload_kg: float | None) -> int | None:
    """Most bundles: floor positions of the kind, and full bundles within the payload; None when loose."""
    kind = craft.method.position_kind
    if kind == "none":
        return None
    positions = craft.aircraft.bundle_positions if kind == "bundle" else craft.aircraft.platform_positions
    gross_kg = craft.method.bundle_net_kg + craft.method.bundle_tare_kg
    if payload_kg is None or gross_kg == 0:
        return positions
    return min(positions, math.floor(payload_kg / gross_kg + NOISE))


def loss(craft: Craft, track: Track, passage: Passage, legs: list[Leg], instance: Instance) -> float:
    """Probability of losing the aircraft in one sortie, 0..1: that of surveyed legs, else of the path.

    A leg's figure is for both ways; a sortie out and back flies it twice, a tour once.
    """
    if legs:
        return 1 - math.prod(math.sqrt(1 - leg.loss_prob) for leg in legs)
    return 0.0 if craft.aircraft.kind == "truck" else loss_on(instance, track, passage)
