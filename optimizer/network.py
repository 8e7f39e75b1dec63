"""Instance -> what its fleets can fly and the daily figures the campaign needs. Pure."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from instances.schema import Base, Commodity, Community, Feeder, Fleet, Instance, Link, Party, Zone
from optimizer.kind import Kind
from optimizer.mission import Mission, Refusal, Stop
from optimizer.missions import build_missions, reachable_cargo
from optimizer.needs import NUTRIENTS, Demand, demands_of, rations_of


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
    `demands` are the needs by community and name; `diet` is the most of a food that a community can eat
    each day, kg, and `ration_kg` what is planned of it; `coverage_from` is the day of the plan from which
    periods count for a coverage; `flown` are the sorties of a mission on a day of the plan that are decided,
    0 included; `contracted` the tails of each fleet, if they are.
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
    demands: dict[tuple[str, str], Demand]
    diet: dict[tuple[str, str], tuple[float, ...]]
    ration_kg: dict[tuple[str, str], tuple[float, ...]]
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
    coverage_from: int = 0
    flown: Mapping[tuple[str, int], int] = field(default_factory=dict, repr=False)
    contracted: Mapping[str, int] | None = None

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

    def flown_on(self, mission: str, d: int) -> int | None:
        """Sorties decided on the days that a day stands for; None where they are not."""
        counts = [self.flown.get((mission, day)) for day in self.stretches[d].days]
        return None if None in counts else sum(n for n in counts if n is not None)

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

    @cached_property
    def items(self) -> dict[tuple[str, str], Demand]:
        """Needs of items, by community and commodity."""
        return {key: one for key, one in self.demands.items() if key[1] not in NUTRIENTS}

    @cached_property
    def nutrients(self) -> dict[tuple[str, str], Demand]:
        """Needs of nutrients, by community and nutrient."""
        return {key: one for key, one in self.demands.items() if key[1] in NUTRIENTS}

    @cached_property
    def stored(self) -> tuple[tuple[str, str], ...]:
        """Every (community, commodity) of which there may be stock: foods and items."""
        return (*self.diet, *self.items)

    @cached_property
    def person_days(self) -> float:
        """People times days of the plan, over communities that need anything."""
        needy = {k for k, _ in self.demands}
        return float(sum(self.communities[k].population for k in needy) * self.horizon_days)


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
    demands, ration_kg = demands_of(instance), rations_of(instance)
    zones = {z.id: z for z in instance.zones}
    at_base = reachable_cargo(instance, feeders)
    fed = {k for k, name in demands if name in NUTRIENTS}
    wanted = {name for _, name in demands} | {c for _, c in ration_kg}
    carried = set().union(*at_base.values())
    wanted |= {c.id for c in instance.commodities if fed and c.is_food and c.id in carried}
    commodities = {c.id: c for c in instance.commodities if c.id in wanted}
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
        demands=demands,
        diet=_diet(instance, [c for c in commodities.values() if c.is_food], sorted(fed)),
        ration_kg=ration_kg,
        starting_kg=_starting_kg(instance, demands, ration_kg),
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


def _diet(
    instance: Instance, foods: Sequence[Commodity], fed: Sequence[str]
) -> dict[tuple[str, str], tuple[float, ...]]:
    population = {k.id: k.population for k in instance.communities}
    most_kg = {c.id: math.inf if (g := c.most_g_per_person_day) is None else g / 1000 for c in foods}
    return {(k, c): (kg * population[k],) * len(instance.dates) for k in fed for c, kg in most_kg.items()}


def _starting_kg(
    instance: Instance,
    demands: Mapping[tuple[str, str], Demand],
    ration_kg: Mapping[tuple[str, str], Sequence[float]],
) -> dict[tuple[str, str], float]:
    """Days of the need, or of the planned ration, of the first day; nothing of what lasts."""
    days = {k.id: k.starting_stock_days for k in instance.communities}
    of_items = {key: 0.0 if one.lasting else one.amount[0] for key, one in demands.items()}
    first_kg = {**of_items, **{key: daily[0] for key, daily in ration_kg.items()}}
    return defaultdict(float, {(k, c): days[k] * kg for (k, c), kg in first_kg.items() if c not in NUTRIENTS})


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
