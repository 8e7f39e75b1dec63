"""Instance -> what its fleets can fly and the daily figures the campaign needs. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from instances.schema import Base, Commodity, Community, Feeder, Fleet, Instance, Link, Party, Zone
from optimizer.kind import Kind
from optimizer.mission import Mission, Refusal, Stop
from optimizer.missions import build_missions, reachable_cargo


@dataclass(frozen=True)
class Stretch:
    """Days of the plan that one day of a network stands for, and the spell they belong to.

    Attributes
    ----------
    days : tuple of int
        Days of the plan, counted from 0, on which the same may be flown.
    first, last : int
        The spell: within it, what arrives is there from the start and what is needed is due at the end.
    kind : Kind
        What the days have in common.
    """

    days: tuple[int, ...]
    first: int
    last: int
    kind: Kind


@dataclass(frozen=True)
class Network:
    """Everything the campaign decides over; look-ups by id, days counted from 0.

    Its days are those of the plan, or stretches of days that are alike (`optimizer.campaign.spells`).
    """

    instance: Instance
    parties: dict[str, Party]
    missions: dict[str, Mission]
    refusals: tuple[Refusal, ...]
    bases: dict[str, Base]
    fleets: dict[str, Fleet]
    zones: dict[str, Zone]
    communities: dict[str, Community]
    commodities: dict[str, Commodity]
    feeders: dict[str, Feeder]
    links: dict[tuple[str, str], Link]
    need_kg: dict[tuple[str, str], tuple[float, ...]]
    starting_kg: dict[tuple[str, str], float]
    supply_kg: dict[tuple[str, str], tuple[float, ...]]
    usd_per_kg: dict[tuple[str, str], float]
    rig_arrivals: Mapping[tuple[str, str], Sequence[float]]
    base_cargo: tuple[tuple[str, str], ...]
    transits_per_day: dict[str, int]
    transits_per_hour: dict[str, int]
    days: range
    by_day: dict[int, tuple[str, ...]] = field(repr=False)
    stretches: tuple[Stretch, ...] = field(repr=False)

    @property
    def horizon_days(self) -> int:
        """Days of the plan."""
        return self.stretches[-1].last + 1

    def lasts(self, d: int) -> int:
        """Days of the plan that a day of the network stands for."""
        return len(self.stretches[d].days)

    def begins(self, d: int) -> bool:
        """Whether a spell begins with this day."""
        return d == 0 or self.stretches[d - 1].last < self.stretches[d].first

    def ends(self, d: int) -> bool:
        """Whether a spell ends with this day."""
        return d == self.days[-1] or self.begins(d + 1)

    def spell_days(self, d: int) -> int:
        """Days of the spell that begins with this day; 0 for all other days."""
        return self.stretches[d].last - self.stretches[d].first + 1 if self.begins(d) else 0

    @cached_property
    def _starts(self) -> dict[int, int]:
        """Day that begins a spell, by the first day of the plan in it."""
        return {self.stretches[d].first: d for d in self.days if self.begins(d)}

    def sent_for(self, d: int, transit_days: int) -> list[int]:
        """Days on which cargo is sent off, at the start of a spell, that can be used from day `d` on."""
        spell = self.stretches[d]
        first, last = spell.first - transit_days, spell.last - transit_days
        sent = [self._starts[day] for day in range(first, last + 1) if day in self._starts]
        return sent if self.begins(d) else []

    def kind(self, d: int) -> Kind:
        """What the days that a day stands for have in common."""
        return self.stretches[d].kind

    @property
    def mission_days(self) -> Iterator[tuple[str, int]]:
        """Every (mission id, day) that may be flown, day by day."""
        for d in self.days:
            for m in self.by_day[d]:
                yield m, d

    @cached_property
    def stops(self) -> dict[str, Stop]:
        """Stops of all missions by id; the only stop of a mission has the id of the mission."""
        return {stop.id: stop for mission in self.missions.values() for stop in mission.stops}

    @property
    def stop_days(self) -> Iterator[tuple[str, int]]:
        """Every (stop id, day) of missions that may be flown, day by day."""
        for d in self.days:
            for s in self.stops_of(self.by_day[d]):
                yield s, d

    def stops_of(self, missions: Iterable[str]) -> list[str]:
        """Ids of the stops of some missions."""
        return [stop.id for m in missions for stop in self.missions[m].stops]

    def by_stop(self, stop: str) -> Mission:
        """The mission that makes a stop."""
        return self.missions[self.stops[stop].mission]

    def of_fleet(self, fleet: str, d: int) -> list[str]:
        """Missions of a fleet on a day."""
        return [m for m in self.by_day[d] if self.missions[m].fleet.id == fleet]

    def at_base(self, base: str, d: int) -> list[str]:
        """Missions out of a base on a day."""
        return [m for m in self.by_day[d] if self.missions[m].base.id == base]

    def to_zone(self, zone: str, d: int) -> list[str]:
        """Missions to a zone on a day."""
        return [m for m in self.by_day[d] if zone in self.missions[m].zones]

    def stops_at(self, zone: str, d: int) -> list[str]:
        """Stops at a zone on a day."""
        return [s for s in self.stops_of(self.by_day[d]) if self.stops[s].zone.id == zone]

    def through(self, corridor: str, d: int) -> list[str]:
        """Missions whose path leads through a corridor on a day."""
        return [m for m in self.by_day[d] if corridor in self.missions[m].path.corridors]

    def of_party(self, party: str) -> Iterator[tuple[str, int]]:
        """(mission id, day) pairs of a party."""
        return ((m, d) for m, d in self.mission_days if self.missions[m].party.id == party)

    def feeds(self, feeder: str, commodity: str) -> bool:
        """Whether a feeder can find a commodity at the base it loads at."""
        return (self.feeders[feeder].from_base, commodity) in self.base_cargo

    def total_need_kg(self, priority: int | None = None) -> float:
        """Need over the plan in kg, of one priority class or of all."""
        return sum(
            sum(daily)
            for (_, c), daily in self.need_kg.items()
            if priority is None or self.commodities[c].priority == priority
        )


def build_network(instance: Instance, parties: Sequence[str], most_stops: int | None = None) -> Network:
    """Missions that the given parties can fly, those refused, and the daily figures.

    Parameters
    ----------
    instance : Instance
        Checked input.
    parties : sequence of str
        Ids of the parties that fly.
    most_stops : int, optional
        Zones that a sortie may serve, whatever its fleet may.
    """
    flying = {p.id: p for p in instance.parties if p.id in parties}
    fleets = {f.id: f for f in instance.fleets if f.party in flying}
    bases = {b.id: b for b in instance.bases if set(b.parties) & set(flying)}
    feeders = {e.id: e for e in instance.feeders if e.party in flying}
    need_kg = _need_by_day(instance)
    commodities = {c.id: c for c in instance.commodities if any(key[1] == c.id for key in need_kg)}
    zones = {z.id: z for z in instance.zones}
    at_base = reachable_cargo(instance, feeders)
    missions, refusals = build_missions(instance, fleets, set(commodities), at_base, most_stops)
    corridors = [area for area in instance.airspace if area.kind == "corridor"]
    days = range(instance.header.days)
    by_day = {d: tuple(m.id for m in missions if d in m.days) for d in days}
    return Network(
        instance=instance,
        parties=flying,
        missions={m.id: m for m in missions},
        refusals=tuple(refusals),
        bases=bases,
        fleets=fleets,
        zones={z: zones[z] for z in zones if any(z in m.zones for m in missions)},
        communities={k.id: k for k in instance.communities},
        commodities=commodities,
        feeders=feeders,
        links={(link.zone, link.community): link for link in instance.links},
        need_kg=need_kg,
        starting_kg=_starting_kg(instance, need_kg),
        supply_kg=_supply_by_day(instance, set(bases), set(commodities)),
        usd_per_kg={(s.base, s.commodity): s.usd_per_kg for s in instance.supplies},
        rig_arrivals=_rigs_by_day(instance, {(m.base.id, m.method.id) for m in missions}),
        base_cargo=tuple((b, c) for b in bases for c in commodities if c in at_base[b]),
        transits_per_day={a.id: n for a in corridors if (n := a.transits_per_day) is not None},
        transits_per_hour={a.id: n for a in corridors if (n := a.transits_per_hour) is not None},
        days=days,
        by_day=by_day,
        stretches=tuple(Stretch((d,), d, d, Kind(by_day[d], day=d)) for d in days),
    )


def out_of_reach(instance: Instance) -> list[tuple[str, tuple[str, ...]]]:
    """Zones that are not closed and that no party can reach, each with the reasons."""
    # Tours serve only zones that are in reach alone.
    net = build_network(instance, [party.id for party in instance.parties], most_stops=1)
    found = []
    for zone in instance.zones:
        if not zone.closed and zone.id not in net.zones:
            reasons = dict.fromkeys(r.reason for r in net.refusals if r.zone == zone.id)
            found.append((zone.id, tuple(reasons) or ("no fleet flies a method that it allows",)))
    return found


def _need_by_day(instance: Instance) -> dict[tuple[str, str], tuple[float, ...]]:
    population = {k.id: k.population for k in instance.communities}
    daily: dict[tuple[str, str], list[float]] = {}
    for need in instance.needs:
        kg = need.kg_per_day or (need.kg_per_person_day or 0.0) * population[need.community]
        series = daily.setdefault((need.community, need.commodity), [0.0] * instance.header.days)
        for d, date in enumerate(instance.dates):
            if (need.first_date or date) <= date <= (need.last_date or date):
                series[d] += kg
    return {key: tuple(series) for key, series in daily.items()}


def _starting_kg(
    instance: Instance, need_kg: Mapping[tuple[str, str], Sequence[float]]
) -> dict[tuple[str, str], float]:
    days = {k.id: k.starting_stock_days for k in instance.communities}
    return {(k, c): days[k] * daily[0] for (k, c), daily in need_kg.items()}


def _supply_by_day(
    instance: Instance, bases: set[str], commodities: set[str]
) -> dict[tuple[str, str], tuple[float, ...]]:
    return {
        (s.base, s.commodity): tuple(
            s.kg if _arrives(date, s.first_date or instance.header.first_date, s.interval_days) else 0.0
            for date in instance.dates
        )
        for s in instance.supplies
        if s.base in bases and s.commodity in commodities
    }


def _rigs_by_day(instance: Instance, used: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, ...]]:
    first = instance.header.first_date
    arrivals: dict[tuple[str, str], tuple[int, ...]] = {}
    for rig in instance.rigs:
        if (rig.base, rig.method) in used:
            again = [_arrives(date, first, rig.resupply_interval_days) for date in instance.dates]
            arrivals[rig.base, rig.method] = (
                rig.count,
                *(rig.resupply_count if hit and rig.resupply_interval_days else 0 for hit in again[1:]),
            )
    return arrivals


def _arrives(date: dt.date, first: dt.date, interval_days: int) -> bool:
    """Whether something comes on `date`: on `first`, and at every interval after it (0: only once)."""
    gone = (date - first).days
    return gone == 0 or (interval_days > 0 and gone > 0 and gone % interval_days == 0)
