"""The case before the judge: a plan, its instance, and look-ups by id."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from instances.schema import (
    Aircraft,
    Base,
    Commodity,
    Community,
    Feeder,
    Fleet,
    Instance,
    Link,
    Method,
    Party,
    Standard,
    Supply,
    Zone,
)
from optimizer.check.calls import Call
from optimizer.check.flight import Craft, Flight, as_utc, follow
from optimizer.check.requirements import (
    NUTRIENTS,
    Interval,
    Pair,
    Requirement,
    holds,
    rations,
    requirements,
    standards,
)
from optimizer.check.track import Track
from optimizer.check.violation import joined
from optimizer.plan import Coverage, FeederTrip, FleetUse, HandOver, Load, Path, Plan, Sortie


def grouped[T, K: Hashable](items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Items by key, keys in order of first appearance."""
    groups: dict[K, list[T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)


class Tables:
    """Rows of the instance by id, or by the pair of ids that names them."""

    def __init__(self, instance: Instance) -> None:
        self.parties: dict[str, Party] = {row.id: row for row in instance.parties}
        self.bases: dict[str, Base] = {row.id: row for row in instance.bases}
        self.aircraft: dict[str, Aircraft] = {row.id: row for row in instance.aircraft}
        self.fleets: dict[str, Fleet] = {row.id: row for row in instance.fleets}
        self.methods: dict[str, Method] = {row.id: row for row in instance.methods}
        self.zones: dict[str, Zone] = {row.id: row for row in instance.zones}
        self.feeders: dict[str, Feeder] = {row.id: row for row in instance.feeders}
        self.communities: dict[str, Community] = {row.id: row for row in instance.communities}
        self.commodities: dict[str, Commodity] = {row.id: row for row in instance.commodities}
        self.supplies: dict[tuple[str, str], Supply] = {
            (row.base, row.commodity): row for row in instance.supplies
        }
        self.links: dict[tuple[str, str], Link] = {(row.zone, row.community): row for row in instance.links}


@dataclass(frozen=True)
class Case:
    """A plan and its instance; rows of the plan with unknown ids are left out of the look-ups.

    Attributes
    ----------
    plan : Plan
        The records under judgement.
    instance : Instance
        Already shortened to the days of the plan.
    """

    plan: Plan
    instance: Instance

    @cached_property
    def tables(self) -> Tables:
        """Rows of the instance by id."""
        return Tables(self.instance)

    @cached_property
    def zone_info(self) -> ZoneInfo:
        """Time zone of all local hours."""
        return ZoneInfo(self.instance.header.time_zone)

    @cached_property
    def dates(self) -> tuple[dt.date, ...]:
        """Days of the plan."""
        return self.instance.dates

    @cached_property
    def day_of(self) -> dict[dt.date, int]:
        """Day of the plan, from 0, by date."""
        return {date: day for day, date in enumerate(self.dates)}

    @cached_property
    def flying(self) -> tuple[Party, ...]:
        """Parties of the plan that the instance knows, in the instance's order."""
        return tuple(p for p in self.instance.parties if p.id in self.plan.options.parties)

    @cached_property
    def loads_of(self) -> dict[str, list[Load]]:
        """Loads by sortie id."""
        return grouped(self.plan.loads, lambda load: load.sortie_id)

    @cached_property
    def flights(self) -> tuple[Flight, ...]:
        """Sorties that the instance can follow; of sorties that share an id only the first."""
        firsts = {rows[0].sortie_id: rows[0] for rows in self.sorties_of.values()}
        found = (self._follow(sortie) for sortie in firsts.values())
        return tuple(flight for flight in found if flight is not None)

    @cached_property
    def stops(self) -> list[tuple[Flight, Call]]:
        """Every stop of every flight."""
        return [(flight, call) for flight in self.flights for call in flight.calls]

    @cached_property
    def sorties_of(self) -> dict[str, list[Sortie]]:
        """Sorties by id: more than one where an id is repeated."""
        return grouped(self.plan.sorties, lambda sortie: sortie.sortie_id)

    @cached_property
    def flight_of(self) -> dict[str, Flight]:
        """Flights by sortie id."""
        return {flight.sortie.sortie_id: flight for flight in self.flights}

    def on_calendar(self, sortie: Sortie) -> bool:
        """Whether a sortie takes off within two days of its date: further off, its times are nonsense."""
        midnight = dt.datetime.combine(sortie.date, dt.time(), dt.UTC)
        return abs(as_utc(sortie.takeoff_utc) - midnight) <= dt.timedelta(days=2)

    def unknown_ids(self, sortie: Sortie) -> list[str]:
        """What the instance does not know about a sortie, in words; empty when all ids are known."""
        tables = self.tables
        unknown = []
        if sortie.fleet not in tables.fleets:
            unknown.append(f"fleet {sortie.fleet!r} is not in the instance")
        if sortie.method not in tables.methods:
            unknown.append(f"method {sortie.method!r} is not in the instance")
        if not sortie.zones:
            unknown.append("no zone, a sortie serves at least one")
        if len(set(sortie.zones)) < len(sortie.zones):
            unknown.append(f"{joined(sortie.zones)} in one sortie, which serves each zone once")
        unknown += [f"zone {z!r} is not in the instance" for z in sortie.zones if z not in tables.zones]
        return unknown

    def _follow(self, sortie: Sortie) -> Flight | None:
        if self.unknown_ids(sortie) or sortie.date not in self.day_of or not self.on_calendar(sortie):
            return None
        tables = self.tables
        fleet = tables.fleets[sortie.fleet]
        craft = Craft(
            party=tables.parties[fleet.party],
            fleet=fleet,
            aircraft=tables.aircraft[fleet.aircraft],
            base=tables.bases[fleet.base],
            method=tables.methods[sortie.method],
            zones=tuple(tables.zones[z] for z in sortie.zones),
        )
        loads = tuple(self.loads_of.get(sortie.sortie_id, ()))
        drawn = self.tracks.get((sortie.path_id, fleet.party))
        return follow(sortie, loads, self.day_of[sortie.date], craft, self.instance, drawn)

    def flights_by[K: Hashable](self, key: Callable[[Flight], K]) -> dict[K, list[Flight]]:
        """Flights by any key."""
        return grouped(self.flights, key)

    def calls_by[K: Hashable](self, key: Callable[[Flight, Call], K]) -> dict[K, list[tuple[Flight, Call]]]:
        """Stops of flights, each with its flight, by any key."""
        return grouped(self.stops, lambda pair: key(*pair))

    @cached_property
    def fleet_days(self) -> dict[tuple[str, dt.date], list[Flight]]:
        """Flights by fleet and date."""
        return self.flights_by(lambda flight: (flight.craft.fleet.id, flight.sortie.date))

    @cached_property
    def paths(self) -> dict[tuple[str, str], list[Path]]:
        """Paths drawn, by path id and party."""
        return grouped(self.plan.paths, lambda path: (path.path_id, path.party))

    @cached_property
    def tracks(self) -> dict[tuple[str, str], tuple[Path, Track]]:
        """Paths that are drawn once, with their lines."""
        return {
            key: (drawn[0], Track(drawn[0].points)) for key, drawn in self.paths.items() if len(drawn) == 1
        }

    @cached_property
    def flights_on(self) -> dict[tuple[str, str], list[Flight]]:
        """Flights by path id and party."""
        return self.flights_by(lambda flight: (flight.sortie.path_id, flight.craft.party.id))

    @cached_property
    def fleet_rows(self) -> dict[str, FleetUse]:
        """First row of ``fleet.csv`` of each known fleet."""
        rows = reversed(self.plan.fleet)
        return {row.fleet: row for row in rows if row.fleet in self.tables.fleets}

    @cached_property
    def handovers(self) -> tuple[HandOver, ...]:
        """Hand-overs on a day of the plan along a known link."""
        links = self.tables.links
        return tuple(
            row
            for row in self.plan.handovers
            if row.date in self.day_of and (row.zone, row.community) in links
        )

    @cached_property
    def feeder_rows(self) -> tuple[FeederTrip, ...]:
        """Trips of known feeders on days of the plan."""
        known = self.tables.feeders
        return tuple(row for row in self.plan.feeders if row.date in self.day_of and row.feeder in known)

    @cached_property
    def feeder_trips(self) -> dict[tuple[dt.date, str], int]:
        """Trips by date and feeder: each is repeated on every commodity's row."""
        trips: dict[tuple[dt.date, str], int] = {}
        for row in self.feeder_rows:
            trips[row.date, row.feeder] = max(row.trips, trips.get((row.date, row.feeder), 0))
        return trips

    def local(self, time: dt.datetime) -> dt.datetime:
        """A time on the clocks of the instance."""
        return time.astimezone(self.zone_info)

    def minute(self, time: dt.datetime, date: dt.date) -> float:
        """Minutes on local clocks after midnight of a date; beyond 1440 on the next day."""
        local = self.local(time).replace(tzinfo=None)
        return (local - dt.datetime.combine(date, dt.time())).total_seconds() / 60

    @cached_property
    def requirements(self) -> dict[Pair, Requirement]:
        """Every need of every community, by community and name."""
        return requirements(self.instance)

    @cached_property
    def rations(self) -> dict[Pair, tuple[float, ...]]:
        """Planned kg of each food each day, by community and commodity."""
        return rations(self.instance)

    @cached_property
    def standards(self) -> dict[str, list[Standard]]:
        """The standard of each community that is to be fed."""
        return standards(self.instance)

    @cached_property
    def foods(self) -> dict[str, Commodity]:
        """What a ration is made of."""
        return {c.id: c for c in self.instance.commodities if c.is_food}

    @cached_property
    def coverage_rows(self) -> dict[tuple[str, str, dt.date], Coverage]:
        """Rows of ``coverage.csv`` by community, commodity and date."""
        return {(row.community, row.commodity, row.date): row for row in self.plan.coverage}

    def daily(self, community: str, commodity: str, column: str) -> list[float]:
        """A column of ``coverage.csv`` day by day, kg; 0 where there is no row."""
        rows = (self.coverage_rows.get((community, commodity, date)) for date in self.dates)
        return [0.0 if row is None else float(getattr(row, column)) for row in rows]

    @cached_property
    def eaten_kg(self) -> dict[Pair, list[float]]:
        """What is eaten of each food each day in communities to be fed, by community and commodity."""
        seen = {(k, c): None for k, c, _ in self.coverage_rows if k in self.standards and c in self.foods}
        return {pair: self.daily(*pair, "eaten_kg") for pair in seen}

    @cached_property
    def intake(self) -> dict[Pair, list[float]]:
        """Kcal or g of each nutrient eaten each day, by community and nutrient."""
        found = {(k, name): [0.0] * len(self.dates) for k in self.standards for name in NUTRIENTS}
        for (k, c), days in self.eaten_kg.items():
            for name in NUTRIENTS:
                content = holds(self.foods[c], name)
                found[k, name] = [had + kg * content for had, kg in zip(found[k, name], days, strict=True)]
        return found

    @cached_property
    def missing(self) -> dict[Pair, list[float]]:
        """What each need lacks each day: kcal, g or kg."""
        return {
            pair: [max(0.0, due - had) for due, had in zip(need.amount, self.intake[pair], strict=True)]
            if need.name in NUTRIENTS
            else self.daily(*pair, "unmet_kg")
            for pair, need in self.requirements.items()
        }

    def short_frac(self, need: Requirement, interval: Interval) -> float:
        """Share of a need that is short over some days, 0..1."""
        days = slice(interval.first, interval.first + interval.length)
        return sum(self.missing[need.community, need.name][days]) / interval.amount

    @cached_property
    def group_shares(self) -> dict[Pair, list[float]]:
        """Share eaten each day of what people can eat of a group of foods, by community and group."""
        found: dict[Pair, list[float]] = {}
        for (community, commodity), eaten in self.eaten_kg.items():
            food = self.foods[commodity]
            if food.most_g_per_person_day is not None:
                most_kg = food.most_g_per_person_day / 1000 * self.tables.communities[community].population
                before = found.get((community, food.group), [0.0] * len(eaten))
                found[community, food.group] = [
                    share + kg / most_kg for share, kg in zip(before, eaten, strict=True)
                ]
        return found

    @cached_property
    def stored_kg(self) -> dict[str, list[float]]:
        """Everything in store each evening, kg, by community."""
        found = {community.id: [0.0] * len(self.dates) for community in self.instance.communities}
        for community, commodity in {(k, c): None for k, c, _ in self.coverage_rows if k in found}:
            days = self.daily(community, commodity, "stock_kg")
            found[community] = [had + kg for had, kg in zip(found[community], days, strict=True)]
        return found
