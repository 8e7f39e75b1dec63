"""Rules about the minutes of a day: hours that never meet, and limits under which nothing can fly."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from instances.daylight import civil_daylight
from instances.entries import Entry, Tables
from instances.errors import Finding
from instances.kinds import Kind
from instances.schema import Aircraft, Base, Feeder, Fleet, Header, Leg, Method, Party, Zone

POLAR_DEG = 72.0  # nearer to the poles formulas of civil daylight part by more than minutes
SMALLEST_RADIUS_KM = 6335.0  # of curvature of the earth: distances reckoned with it are never too long


def bases_can_load(tables: Tables) -> Iterator[Finding]:
    """A base at which a fleet stands has a ramp slot."""
    fleets = {entry.row.base: entry.row.id for entry in reversed(tables.of(Fleet))}
    for entry in tables.of(Base):
        if entry.row.ramp_slots == 0 and entry.row.id in fleets:
            problem = f"{fleets[entry.row.id]} stands there and could never be loaded"
            yield Kind.NO_RAMP_SLOT.at(entry.at("ramp_slots"), problem)


def turnarounds_fit_into_a_day(tables: Tables) -> Iterator[Finding]:
    """An aircraft is loaded within the hours of its base early enough to take off."""
    bases, parties, types = tables.by_id(Base), tables.by_id(Party), tables.by_id(Aircraft)
    for entry in tables.of(Fleet):
        base, party = bases.get(entry.row.base), parties.get(entry.row.party)
        kind = types.get(entry.row.aircraft)
        if base and party and kind:
            closes = min(base.row.hours_to, party.row.hours_to)
            forward = base.row.hours_from < closes  # else the hours have a finding of their own
            if forward and base.row.hours_from + kind.row.turnaround_min >= closes:
                minutes = f"{kind.row.turnaround_min:g} min of turnaround"
                opens, ends = _clock(base.row.hours_from), _clock(closes)
                problem = f"{minutes} from {opens}, when {base.row.id} opens, end after {ends}"
                yield Kind.LONG_TURNAROUND.at(entry.at("aircraft"), problem)


def crews_can_fly_something(tables: Tables) -> Iterator[Finding]:
    """The shortest sortie a fleet could fly is within the duty and the flight time of a crew."""
    if not tables.complete(Zone, Method, Leg):
        return
    for entry in tables.of(Fleet):
        shortest = min(_block_minutes(tables, entry.row), default=None)
        fleet = entry.row
        for column, most, before in (
            ("crew_duty_min", fleet.crew_duty_min, fleet.report_min),
            ("crew_flight_min", fleet.crew_flight_min, 0.0),
        ):
            if most is not None and shortest is not None and before + shortest > most:
                reporting = f" after {before:g} min from its report" if before else ""
                problem = f"the shortest sortie takes {math.floor(shortest)} min{reporting}"
                yield Kind.CREW_NEVER_FLIES.at(entry.at(column), problem)


def _block_minutes(tables: Tables, fleet: Fleet) -> Iterator[float]:
    """Block minutes of every sortie of a fleet, straight there and back; detours only make them longer."""
    base, kind = tables.by_id(Base).get(fleet.base), tables.by_id(Aircraft).get(fleet.aircraft)
    methods = {entry.row.id: entry.row for entry in tables.of(Method) if entry.row.id in fleet.methods}
    legs = {(entry.row.base, entry.row.zone): entry.row for entry in tables.of(Leg)}
    for entry in tables.of(Zone) if base and kind else ():
        zone = entry.row
        for method in (methods[name] for name in zone.methods if name in methods):
            leg = legs.get((fleet.base, zone.id))
            if leg is not None:
                yield 2 * leg.minutes + method.zone_min
            elif base and kind:
                km = 2 * _least_km(base.row, zone)
                yield 60 * km / kind.row.cruise_kmh + kind.row.climb_descent_min + method.zone_min


def _least_km(base: Base, zone: Zone) -> float:
    """A distance that is never too long, km: haversine on the sphere of the smallest curvature."""
    south, north = math.radians(base.lat), math.radians(zone.lat)
    across = math.radians(zone.lon - base.lon)
    half = math.sin((north - south) / 2) ** 2 + math.cos(south) * math.cos(north) * math.sin(across / 2) ** 2
    return 2 * SMALLEST_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


def feeders_fit_into_a_day(tables: Tables) -> Iterator[Finding]:
    """A feeder with an aircraft can load, fly, unload and fly back as often as it may in a day."""
    bases, types = tables.by_id(Base), tables.by_id(Aircraft)
    for entry in tables.of(Feeder):
        feeder = entry.row
        base, kind = bases.get(feeder.from_base), types.get(feeder.aircraft or "")
        if base and kind and feeder.trips_per_day > 0:
            trip = 2 * feeder.minutes + 2 * kind.row.turnaround_min + kind.row.refuel_min
            needed = feeder.trips_per_day * trip - kind.row.refuel_min
            if needed > base.row.hours_to - base.row.hours_from > 0:
                problem = f"loading, flights and unloading take {needed:g} min"
                yield Kind.FEEDER_TOO_SLOW.at(entry.at("trips_per_day"), problem)


def daylight_meets_the_hours(tables: Tables) -> Iterator[Finding]:
    """Zones of parties that drop by daylight recover while it is light on some day of the plan."""
    header = tables.header
    if header is None or not tables.complete(Fleet, Party, Aircraft):
        return
    methods = _by_daylight(tables)
    for entry in tables.of(Zone):
        zone = entry.row
        backward = zone.recovery_from >= zone.recovery_to  # which is a finding of its own
        if zone.closed or backward or not methods & set(zone.methods):
            continue
        if abs(zone.lat) > POLAR_DEG:
            yield Kind.POLAR_DAYLIGHT.at(entry.at("lat"), f"lies beyond {POLAR_DEG:g} degrees")
        elif not any(_light(zone, date, header.time_zone) for date in _open_dates(header, entry)):
            hours = f"{_clock(zone.recovery_from)} to {_clock(zone.recovery_to)}"
            problem = f"from {hours} it is dark on every day of the plan"
            yield Kind.DARK_HOURS.at(entry.at("recovery_from"), problem)


def _by_daylight(tables: Tables) -> set[str]:
    """Methods of aircraft whose parties drop by daylight only."""
    careful = {entry.row.id for entry in tables.of(Party) if entry.row.daylight_only}
    roads = {entry.row.id for entry in tables.of(Aircraft) if entry.row.kind == "truck"}
    fleets = [entry.row for entry in tables.of(Fleet)]
    return {
        method
        for fleet in fleets
        if fleet.party in careful and fleet.aircraft not in roads
        for method in fleet.methods
    }


def _open_dates(header: Header, entry: Entry[Zone]) -> Iterator[dt.date]:
    """Days of the plan on which a zone is open."""
    for day in range(header.days):
        date = header.first_date + dt.timedelta(days=day)
        if (entry.row.open_from or date) <= date <= (entry.row.open_to or date):
            yield date


def _light(zone: Zone, date: dt.date, time_zone: str) -> bool:
    """Whether recovery hours and civil daylight meet on a day."""
    try:
        found = civil_daylight(zone.lat, zone.lon, date, time_zone)
    except (KeyError, ValueError, OSError):
        return True  # no such time zone, which has a finding of its own
    if found is None:
        return False
    midnight = dt.datetime.combine(date, dt.time(), dt.UTC)
    # On the clocks of the zone, which may be some hours off those of UTC, also where those change.
    first, last = ((t.astimezone(ZoneInfo(time_zone)).replace(tzinfo=dt.UTC) - midnight) for t in found)
    minute = dt.timedelta(minutes=1)
    return zone.recovery_from <= last / minute and first / minute <= zone.recovery_to


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


RULES = (
    bases_can_load,
    turnarounds_fit_into_a_day,
    crews_can_fly_something,
    feeders_fit_into_a_day,
    daylight_meets_the_hours,
)
