"""What one aircraft can do in a sortie, which of it is worth choosing among, and what is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from instances.schema import Aircraft, Base, Fleet, Method, Party, Zone
from optimizer.airspace.flying import entry_minutes
from optimizer.airspace.paths import FlightPath
from optimizer.airspace.rules import LANDS
from optimizer.landing import Landing


@dataclass(frozen=True)
class Stop:
    """A zone that a mission serves, and what becomes of a drop there.

    Its `id` is that of the mission where it is the only one; `drop_min` is minutes from take-off to the
    first drop or the landing, `zone_min` minutes over or on the zone, all passes together.
    """

    id: str
    mission: str
    zone: Zone
    landing: Landing
    drop_min: int
    zone_min: float


@dataclass(frozen=True)
class Mission:
    """Something one aircraft can do in a sortie: fleet, zones in turn, method, release height, flight path.

    `positions` and `net_kg` are None for loose cargo; `commodities` are those the method may carry and
    the base can get; `days` are the days it may be flown, counted from 0, and the whole sortie lies between
    `hours_from` and `hours_to`, local minutes, in which party and base work and the path is legal. Where
    winds make a drop land otherwise in one month than in another, there is a mission for each.
    """

    id: str
    fleet: Fleet
    party: Party
    base: Base
    aircraft: Aircraft
    method: Method
    release_height_m: float
    path: FlightPath
    stops: tuple[Stop, ...]
    block_min: int
    payload_kg: float
    positions: int | None
    loss_prob: float
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
    def most_net_kg(self) -> float:
        """Net cargo that one sortie holds at most, all bundles full, kg."""
        if self.positions is None:
            return self.payload_kg
        full = self.payload_kg / (1 + self.method.bundle_tare_kg / self.net_kg)
        return min(full, self.positions * self.net_kg)

    @cached_property
    def zones(self) -> tuple[str, ...]:
        """Ids of the zones it serves, in order."""
        return tuple(stop.zone.id for stop in self.stops)

    @property
    def entries(self) -> tuple[tuple[str, int], ...]:
        """Corridors entered, and whole minutes from take-off to each entry."""
        zone_min = [stop.zone_min for stop in self.stops]
        return entry_minutes(self.aircraft, self.path, zone_min, self.method.kind in LANDS)

    @property
    def minutes(self) -> tuple[tuple[int, float], ...]:
        """For each stop, minutes from take-off to the drop, and minutes over or at the zone."""
        return tuple((stop.drop_min, stop.zone_min) for stop in self.stops)

    @property
    def harm_of_full_load(self) -> float:
        """People expected to be hurt by a full load, all of it at the stop where it harms most."""
        return (self.positions or 0) * max(stop.landing.harm_per_bundle for stop in self.stops)

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
    zone: str
    method: str = ""
    harm: float = 0.0


def mission_id(fleet: str, zones: Sequence[str], method: str, height_m: float, route: str = "") -> str:
    """Name of a mission, such as ``un_il76__dz_1__high_altitude_canopy__5000m``, and of its route if any."""
    return f"{fleet}__{'__'.join(zones)}__{method}__{height_m:g}m{route}".replace(".", "_")


def refusal_counts(refusals: Sequence[Refusal]) -> list[tuple[str, str, int, str]]:
    """(party, reason, count, first example) of each kind of refusal, in order of appearance."""
    counts = Counter((r.party, r.reason) for r in refusals)
    first = {(r.party, r.reason): r.example for r in reversed(refusals)}
    return [(party, reason, n, first[party, reason]) for (party, reason), n in counts.items()]


def without_dominated(group: list[Mission]) -> list[Mission]:
    """Missions of a fleet less those no better than another to the same zones by the same method.

    The method decides which sets are used up, so only missions of one method are compared. What beats a
    mission can be flown whenever it can, and needs no scarce corridor that it does without. A thousandth of
    what lands is no better.
    """

    def figures(m: Mission) -> tuple[float, ...]:
        landings = [stop.landing for stop in sorted(m.stops, key=lambda stop: stop.zone.id)]
        return (
            m.block_min,
            -m.payload_kg,
            m.loss_prob,
            *(-round(landing.landed_frac, 3) for landing in landings),
            *(round(landing.stray_frac, 3) for landing in landings),
            *(round(landing.harm_per_bundle, 6) for landing in landings),
            m.sortie_usd,
        )

    def serves(m: Mission) -> tuple[frozenset[str], str]:
        return frozenset(m.zones), m.method.id

    kept: list[Mission] = []
    for m in sorted(group, key=lambda m: (figures(m), m.id)):
        rivals = [k for k in kept if serves(k) == serves(m) and _as_free(k, m)]
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
