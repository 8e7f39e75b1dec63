"""What the instance says about one sortie: the judge's own arithmetic of flight, fall and money."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from instances.schema import Aircraft, Base, Fleet, Instance, Leg, Method, Party, Zone
from optimizer.check.fall import layers_on
from optimizer.check.scatter import FullLoad, fate
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
    zone: Zone
    method: Method


@dataclass(frozen=True)
class Flight:
    """A sortie whose ids are known, with everything that follows from the instance.

    Only what a planner decides is taken from the plan (fleet, tail, take-off, zone, method, height, loads);
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
        Whether a surveyed leg replaces the path.
    distance_km : float
        Whole path, out and back.
    block_min : int
        Block time, minutes.
    takeoff, drop, landing : datetime
        UTC.
    payload_kg : float or None
        Most payload at this range; None beyond the last payload-range point.
    room : int or None
        Most bundles; None for loose cargo.
    load : FullLoad
        The same full load over the zone on that day.
    loss_prob, landed_frac, stray_frac : float
        Shares 0..1: aircraft lost; cargo landed usable; cargo fallen into other hands. Where shares follow
        from scatter, the planned ones count if they are near enough to the judge's own.
    harm_per_bundle : float
        People expected to be hurt by a bundle.
    basis : str
        Where the landed share is from: ``table``, ``computed`` or ``observed``.
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
    distance_km: float
    block_min: int
    takeoff: dt.datetime
    drop: dt.datetime
    landing: dt.datetime
    payload_kg: float | None
    room: int | None
    load: FullLoad
    loss_prob: float
    landed_frac: float
    stray_frac: float
    harm_per_bundle: float
    basis: str
    price_usd_per_kg: dict[str, float]

    @property
    def where(self) -> str:
        """The sortie and its day, as violations name it."""
        return f"{self.sortie.sortie_id} on {self.sortie.date}"

    @property
    def zone_min(self) -> float:
        """Minutes over or at the zone, all passes together."""
        return self.craft.method.zone_min + (self.load.passes - 1) * self.craft.method.pass_min

    @property
    def net_kg(self) -> float:
        """Cargo, kg."""
        return sum(load.net_kg for load in self.loads)

    @property
    def bundles(self) -> int:
        """Bundles of all loads."""
        return sum(load.bundles for load in self.loads)

    @property
    def gross_kg(self) -> float:
        """Cargo with its packing, kg."""
        return self.net_kg + self.bundles * self.craft.method.bundle_tare_kg

    @property
    def harm(self) -> float:
        """People expected to be hurt on the ground."""
        return self.bundles * self.harm_per_bundle

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
    distance_km, minutes = path(craft, track, instance)
    most = room(craft, payload_kg := payload_at(craft.aircraft, distance_km))
    load = _full(sortie, craft, most or 1, instance)
    extra_min = (load.passes - 1) * craft.method.pass_min
    block = _block_min(sortie.block_min, minutes + extra_min)
    takeoff = as_utc(sortie.takeoff_utc).astimezone(dt.UTC)
    landed, stray, harm, basis = _landing(sortie, loads, load, instance)
    return Flight(
        sortie=sortie,
        loads=loads,
        day=day,
        craft=craft,
        path=None if drawn is None else drawn[0],
        track=track,
        passage=(passage := _passage(sortie, craft, takeoff, block, instance)),
        surveyed=_leg(craft, instance) is not None,
        distance_km=distance_km,
        block_min=block,
        takeoff=takeoff,
        drop=takeoff + _out(block, craft.method.zone_min + extra_min),
        landing=takeoff + dt.timedelta(minutes=block),
        payload_kg=payload_kg,
        room=most,
        load=load,
        loss_prob=loss(craft, track, passage, instance),
        landed_frac=landed,
        stray_frac=stray,
        harm_per_bundle=harm,
        basis=basis,
        price_usd_per_kg={s.commodity: s.usd_per_kg for s in instance.supplies if s.base == craft.base.id},
    )


def _full(sortie: Sortie, craft: Craft, bundles: int, instance: Instance) -> FullLoad:
    """A full load released as the sortie releases its own, in the winds of its day."""
    layers = layers_on(instance.winds, sortie.date)
    return FullLoad(craft.aircraft, craft.method, craft.zone, sortie.release_height_m, bundles, layers)


def _out(block_min: int, zone_min: float) -> dt.timedelta:
    """From take-off to the first drop: half of what is not spent at the zone, rounded up to a minute."""
    return dt.timedelta(minutes=math.ceil((block_min - zone_min) / 2 - NOISE))


def _landing(
    sortie: Sortie, loads: tuple[Load, ...], load: FullLoad, instance: Instance
) -> tuple[float, float, float, str]:
    """Landed and diverted share, harm per bundle, and their basis.

    Two ways to integrate differ in the last digits: planned shares within half a point of the judge's, and
    harm within a quarter, stand.
    """
    own = fate(load, instance)

    def stands(planned: float, due: float, slack: float) -> float:
        return planned if abs(planned - due) <= slack else due

    landed, stray, harm = own.landed_frac, own.stray_frac, own.harm_per_bundle
    if loads:
        if own.basis == "computed":
            landed = stands(loads[0].landed_frac, landed, own.slack_frac)
        stray = stands(loads[0].diverted_frac, stray, own.slack_frac)
    bundles = sum(one.bundles for one in loads)
    if bundles:
        harm = stands(sortie.harm_expected / bundles, harm, own.slack_harm)
    return landed, stray, harm, own.basis


def straight(craft: Craft) -> Track:
    """The straight way out and back."""
    base, zone = (craft.base.lon, craft.base.lat), (craft.zone.lon, craft.zone.lat)
    return Track((base, zone, base))


def _leg(craft: Craft, instance: Instance) -> Leg | None:
    """The surveyed leg that replaces the path, if there is one."""
    ends = (craft.base.id, craft.zone.id)
    return next((leg for leg in instance.legs if (leg.base, leg.zone) == ends), None)


def path(craft: Craft, track: Track, instance: Instance) -> tuple[float, float]:
    """Whole path out and back, km, and block time before rounding up, minutes."""
    leg, aircraft = _leg(craft, instance), craft.aircraft
    if leg is not None:
        return 2 * leg.distance_km, 2 * leg.minutes + craft.method.zone_min
    km = track.length_km
    minutes = 60 * km / aircraft.cruise_kmh + aircraft.climb_descent_min + craft.method.zone_min
    return km, minutes


def _passage(
    sortie: Sortie, craft: Craft, takeoff: dt.datetime, block_min: int, instance: Instance
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
        lands=craft.method.kind in LANDS,
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


def loss(craft: Craft, track: Track, passage: Passage, instance: Instance) -> float:
    """Probability of losing the aircraft in one sortie, 0..1: that of a surveyed leg, else of the path."""
    leg = _leg(craft, instance)
    if leg is not None:
        return leg.loss_prob
    return 0.0 if craft.aircraft.kind == "truck" else loss_on(instance, track, passage)
