"""The nouns of an instance: one class per table, one field per column, units in the names.

Every class is frozen and refuses unknown fields, so that a spelling mistake is an error and not a
default. ``instances/README.md`` shows the files; ``aidlift schema TABLE`` prints these classes as
JSON Schema.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

ID_PATTERN = r"^[a-z0-9]+(_[a-z0-9]+)*$"
Id = Annotated[str, Field(pattern=ID_PATTERN)]


class Grade(StrEnum):
    """How far a figure can be trusted."""

    SOURCED = "sourced"
    CLAIMED = "claimed"
    DERIVED = "derived"
    RECALLED = "recalled"
    ESTIMATE = "estimate"


def _split(value: Any) -> Any:
    """A ``;``-joined cell becomes a tuple; anything else is left to the type check."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    return value


def _payload_points(value: Any) -> Any:
    """``50000@3650;40000@4500`` becomes ((50000, 3650), (40000, 4500)), payload kg at range km."""
    if not isinstance(value, str):
        return value
    points = []
    for part in _split(value):
        payload_kg, sep, range_km = part.partition("@")
        if not sep:
            raise ValueError("write each point as kg@km, joined by ;")
        points.append((float(payload_kg), float(range_km)))
    return tuple(points)


def _minute_of_day(value: Any) -> Any:
    """``06:30`` becomes 390, minutes after local midnight; ``24:00`` is the end of the day."""
    if isinstance(value, str):
        hour, sep, minute = value.partition(":")
        if not (sep and hour.isdigit() and minute.isdigit() and len(minute) == 2):
            raise ValueError("write a time as HH:MM")
        total = int(hour) * 60 + int(minute)
        if int(minute) > 59 or total > 1440:
            raise ValueError("a time lies between 00:00 and 24:00")
        return total
    return value


Ids = Annotated[tuple[Id, ...], BeforeValidator(_split)]
Heights = Annotated[tuple[float, ...], BeforeValidator(_split)]
PayloadPoints = Annotated[
    tuple[tuple[float, float], ...], BeforeValidator(_payload_points), Field(min_length=1)
]
MinuteOfDay = Annotated[int, BeforeValidator(_minute_of_day), Field(ge=0, le=1440)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekdays = Annotated[tuple[Weekday, ...], BeforeValidator(_split), Field(min_length=1)]
Frac = Annotated[float, Field(ge=0, le=1)]
Prob = Annotated[float, Field(ge=0, lt=1)]
NonNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Lon = Annotated[float, Field(ge=-180, le=180)]


class Row(BaseModel):
    """What every table row may carry: how far its figures can be trusted, and where they are from."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    grade: Grade | None = Field(None, description="weakest grade among the figures of this row")
    source: str = Field("", description="where the figures come from")


class Theatre(BaseModel):
    """The box of the operation in degrees; every place must lie inside, which finds swapped lat/lon."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    south: Lat = Field(description="southern edge, degrees")
    west: Lon = Field(description="western edge, degrees")
    north: Lat = Field(description="northern edge, degrees")
    east: Lon = Field(description="eastern edge, degrees")


class Header(BaseModel):
    """``instance.yaml``: what there is one of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id = Field(description="name of the instance; the folder's name")
    title: str = Field(description="one line for `aidlift instances`")
    first_date: dt.date = Field(description="first day of the plan")
    days: int = Field(ge=1, le=730, description="length of the plan, days")
    time_zone: str = Field(description="IANA time zone of all local hours, such as Asia/Damascus")
    theatre: Theatre = Field(description="box that holds every place, degrees")
    ration_kcal: Positive = Field(2100.0, description="energy of a full ration, kcal per person per day")


class Party(Row):
    """Who flies, under which rules."""

    id: Id = Field(description="party id, also the name of its plan folder")
    name: str = Field(description="name in reports")
    loss_cap: Prob = Field(1e-4, description="highest probability of losing the aircraft in one sortie, 0..1")
    loss_budget: Prob = Field(
        0.01, description="highest probability of losing any aircraft over the campaign, 0..1"
    )
    harm_budget: NonNegative = Field(
        0.1, description="highest expected number of people hurt on the ground over the campaign"
    )
    diversion_limit_frac: Frac = Field(
        1.0, description="highest share of dropped kg that may fall outside the zones, 0..1"
    )
    funds_usd: NonNegative | None = Field(
        None, description="money for flights, rigging, cargo and feeders, USD; empty: no limit"
    )
    flying_weekdays: Weekdays = Field(WEEKDAYS, description="days of the week flown, such as mon;wed")
    hours_from: MinuteOfDay = Field(360, description="earliest take-off, local HH:MM")
    hours_to: MinuteOfDay = Field(1080, description="latest landing, local HH:MM")
    needs_ground_team: bool = Field(False, description="drops only on zones with a trained ground team")


class Base(Row):
    """An airfield or truck hub."""

    id: Id = Field(description="base id")
    name: str = Field(description="name in reports")
    lat: Lat = Field(description="latitude, degrees north")
    lon: Lon = Field(description="longitude, degrees east")
    parties: Ids = Field(description="parties that may use it, joined by ;")
    hours_from: MinuteOfDay = Field(0, description="opens, local HH:MM")
    hours_to: MinuteOfDay = Field(1440, description="closes, local HH:MM")
    ramp_slots: int = Field(ge=0, description="aircraft that can be loaded at the same time")
    handling_kg_per_day: NonNegative = Field(description="cargo that can be rigged and loaded, kg/day")


class Supply(Row):
    """Cargo available at a base: kg on the first day, and again every interval."""

    base: Id = Field(description="base where it lies")
    commodity: Id = Field(description="what it is")
    kg: NonNegative = Field(description="kg that arrive on the first day and at every interval")
    first_date: dt.date | None = Field(None, description="first arrival; empty: first day of the plan")
    interval_days: int = Field(0, ge=0, description="days between arrivals; 0: only once")
    usd_per_kg: NonNegative = Field(description="price at the base, USD/kg")


class Feeder(Row):
    """A link that brings cargo from one base to another."""

    id: Id = Field(description="feeder id")
    party: Id = Field(description="party that runs and pays it")
    mode: Literal["airlift", "road", "sea"] = Field(description="airlift, road or sea")
    from_base: Id = Field(description="base it loads at")
    to_base: Id = Field(description="base it unloads at")
    kg_per_trip: Positive = Field(description="cargo per trip, kg")
    trips_per_day: int = Field(ge=0, description="most trips a day")
    usd_per_trip: NonNegative = Field(description="cost of a trip, USD")
    transit_days: int = Field(0, ge=0, description="days from loading until the cargo can be used")


AircraftKind = Literal["fixed_wing", "helicopter", "truck"]


class Aircraft(Row):
    """A type of aircraft (or truck) in the library."""

    id: Id = Field(description="type id")
    name: str = Field(description="name in reports")
    kind: AircraftKind = Field(description="fixed_wing, helicopter or truck")
    payload_range: PayloadPoints = Field(
        description="payload kg @ range km points joined by ;, payload falling as range grows"
    )
    reserve_km: NonNegative = Field(0.0, description="range kept in reserve, km")
    cruise_kmh: Positive = Field(description="cruise speed, km/h")
    climb_descent_min: NonNegative = Field(
        0.0, description="minutes a sortie takes beyond cruise: taxi, climbs, descents, approach"
    )
    turnaround_min: NonNegative = Field(
        description="minutes on a ramp slot before each take-off: loading, fuel, checks"
    )
    bundle_positions: int = Field(0, ge=0, description="floor positions for bundles; 0: cannot drop")
    platform_positions: int = Field(0, ge=0, description="floor positions for heavy platforms")
    ceiling_m: NonNegative = Field(0.0, description="highest release height above ground, m")
    crew: int = Field(0, ge=0, description="people on board")


class Method(Row):
    """A way to deliver, in the library."""

    id: Id = Field(description="method id")
    name: str = Field(description="name in reports")
    kind: Literal["drop", "landing", "sling", "truck"] = Field(
        description="drop (any aircraft with positions), landing or sling (helicopters), truck"
    )
    position_kind: Literal["bundle", "platform", "none"] = Field(
        description="what it takes on the floor: a bundle, a platform, or none (loose cargo)"
    )
    bundle_net_kg: NonNegative = Field(0.0, description="cargo in a full bundle, kg; 0 when loose")
    bundle_tare_kg: NonNegative = Field(0.0, description="parachute, platform and packing, kg/bundle")
    release_heights_m: Heights = Field(
        (0.0,), description="release heights considered, m above ground, joined by ;"
    )
    rate_of_fall_mps: NonNegative = Field(0.0, description="steady rate of fall at sea level, m/s")
    miss_frac: Frac = Field(0.0, description="share of bundles that fall outside a usual zone, 0..1")
    failure_frac: Frac = Field(0.0, description="share of canopies that fail, cargo lost, 0..1")
    damage_frac: Frac = Field(0.0, description="share of cargo spoilt on landing, 0..1")
    footprint_m2: NonNegative = Field(
        0.0, description="ground a stray or failed bundle endangers, m2 per bundle"
    )
    wind_limit_mps: NonNegative | None = Field(None, description="highest mean wind, m/s")
    exit_interval_s: NonNegative = Field(0.0, description="seconds between bundles leaving")
    zone_min: NonNegative = Field(0.0, description="minutes over or at the zone per sortie")
    unit_usd: NonNegative = Field(0.0, description="cost of the set used up with a bundle, USD")


class Fleet(Row):
    """Tails of one type at a base under a party; how many to contract is decided by the plan."""

    id: Id = Field(description="fleet id")
    party: Id = Field(description="party that flies it")
    base: Id = Field(description="home base")
    aircraft: Id = Field(description="type in the library")
    methods: Ids = Field(description="methods it may use, joined by ;")
    max_tails: int = Field(ge=0, description="most tails that can be contracted")
    standing_usd_per_day: NonNegative = Field(description="USD per contracted tail per day of the plan")
    usd_per_block_h: NonNegative = Field(description="USD per block hour")
    usd_per_sortie: NonNegative = Field(0.0, description="fees, insurance and the like, USD per sortie")
    serviceable_frac: Frac = Field(1.0, description="share of contracted tail time that is usable, 0..1")
    minutes_per_day: Positive = Field(720.0, description="flying minutes a tail may log in a day")
    sorties_per_tail_day: int = Field(
        2, ge=1, description="most sorties of one tail in a day, before hours and turnaround"
    )
    hours_per_30_days: Positive = Field(
        200.0, description="block hours a contracted tail may log in any 30 days"
    )
    hull_usd: NonNegative = Field(0.0, description="value of a hull, USD")


class Rig(Row):
    """Parachute sets or platforms in stock at a base."""

    base: Id = Field(description="base where they lie")
    method: Id = Field(description="method that uses them up, one per bundle")
    count: int = Field(ge=0, description="sets on the first day")
    resupply_count: int = Field(0, ge=0, description="sets that arrive at every interval")
    resupply_interval_days: int = Field(
        0, ge=0, description="days between arrivals, first after one interval; 0: none"
    )


class Zone(Row):
    """A drop zone, landing place or road head."""

    id: Id = Field(description="zone id")
    name: str = Field(description="name in reports")
    lat: Lat = Field(description="latitude of the centre, degrees north")
    lon: Lon = Field(description="longitude of the centre, degrees east")
    length_m: NonNegative = Field(description="length along the axis, m")
    width_m: NonNegative = Field(description="width across the axis, m")
    axis_deg: float = Field(0.0, ge=0, lt=360, description="direction of the long axis, degrees true")
    methods: Ids = Field(description="methods allowed here, joined by ;")
    open_from: dt.date | None = Field(None, description="first open day; empty: first day of the plan")
    open_to: dt.date | None = Field(None, description="last open day; empty: last day of the plan")
    closed: bool = Field(False, description="true while nobody may use it; scenarios may open it")
    ground_team: bool = Field(True, description="a trained team controls and clears the zone")
    recovery_kg_per_day: NonNegative = Field(description="cargo the ground team can gather, kg/day")
    recovery_from: MinuteOfDay = Field(0, description="earliest drop or landing, local HH:MM")
    recovery_to: MinuteOfDay = Field(1440, description="latest drop or landing, local HH:MM")
    drop_spacing_min: NonNegative = Field(
        0.0, description="minutes between two sorties over the zone, whoever flies them"
    )
    people_per_km2: NonNegative = Field(
        0.0, description="people in the open where stray bundles may fall, per km2"
    )


class Recovery(Row):
    """Share that usably lands at one zone with one method, where known; replaces the method's share."""

    zone: Id = Field(description="zone id")
    method: Id = Field(description="method id")
    landed_frac: Frac = Field(description="share of dropped cargo that is gathered usable, 0..1")


class Community(Row):
    """People who eat."""

    id: Id = Field(description="community id")
    name: str = Field(description="name in reports")
    lat: Lat = Field(description="latitude, degrees north")
    lon: Lon = Field(description="longitude, degrees east")
    population: int = Field(ge=1, description="people")
    starting_stock_days: NonNegative = Field(
        0.0, description="stock on the first morning, in days of each need"
    )
    storage_kg: NonNegative | None = Field(None, description="room for stock, kg; empty: no limit")


class Link(Row):
    """The way from a zone to a community."""

    zone: Id = Field(description="zone id")
    community: Id = Field(description="community id")
    kg_per_day: NonNegative = Field(description="cargo that can be carried, kg/day")
    loss_frac: Frac = Field(0.0, description="share lost on the way, 0..1")
    usd_per_kg: NonNegative = Field(0.0, description="gathering and carrying, USD/kg handed over")


class Commodity(Row):
    """A ration item, kit or fuel in the library."""

    id: Id = Field(description="commodity id")
    name: str = Field(description="name in reports")
    unit: str = Field("kg", description="unit it is counted in on the ground, such as can or kit")
    kg_per_unit: Positive = Field(1.0, description="kg per unit")
    kcal_per_kg: NonNegative = Field(0.0, description="energy, kcal/kg")
    protein_g_per_kg: NonNegative = Field(0.0, description="protein, g/kg")
    fat_g_per_kg: NonNegative = Field(0.0, description="fat, g/kg")
    priority: int = Field(ge=1, le=3, description="1 survival, 2 health and dignity, 3 other relief")
    methods: Ids = Field(description="methods that may carry it, joined by ;")
    fill_frac: Frac = Field(
        1.0, gt=0, description="share of a bundle's net kg that fits, below 1 for bulky goods, 0..1"
    )


class Need(Row):
    """What a community needs of a commodity, per person per day or per day."""

    community: Id = Field(description="community id")
    commodity: Id = Field(description="commodity id")
    kg_per_person_day: NonNegative | None = Field(None, description="kg per person per day")
    kg_per_day: NonNegative | None = Field(None, description="kg per day for the whole community")
    first_date: dt.date | None = Field(None, description="first day; empty: first day of the plan")
    last_date: dt.date | None = Field(None, description="last day; empty: last day of the plan")


class Threat(Row):
    """Loss probability over the zones by height band, lower edge included, upper edge not."""

    id: Id = Field(description="band id")
    aircraft_kinds: Annotated[tuple[AircraftKind, ...], BeforeValidator(_split)] = Field(
        ("fixed_wing", "helicopter"), description="kinds it concerns, joined by ;"
    )
    floor_m: NonNegative = Field(description="lower edge, m above ground, included")
    ceiling_m: NonNegative = Field(100000.0, description="upper edge, m above ground, excluded")
    loss_per_transit: Prob = Field(description="probability of losing the aircraft per sortie, 0..1")


class Leg(Row):
    """A surveyed way that replaces the computed one between a base and a zone, one way."""

    base: Id = Field(description="base id")
    zone: Id = Field(description="zone id")
    distance_km: Positive = Field(description="length one way, km")
    minutes: Positive = Field(description="time one way, minutes")


class Figure(Row):
    """Where one figure of a library or instance table comes from."""

    table: Id = Field(description="table, such as aircraft")
    id: str = Field(description="row id in that table")
    column: str = Field(description="column in that table")


TABLES: dict[str, type[Row]] = {
    "parties": Party,
    "bases": Base,
    "supplies": Supply,
    "feeders": Feeder,
    "aircraft": Aircraft,
    "fleets": Fleet,
    "methods": Method,
    "rigs": Rig,
    "zones": Zone,
    "recoveries": Recovery,
    "communities": Community,
    "links": Link,
    "commodities": Commodity,
    "needs": Need,
    "threats": Threat,
    "legs": Leg,
    "figures": Figure,
}
"""Every CSV table by file stem."""

LIBRARY_TABLES = ("aircraft", "methods", "commodities", "figures")
"""Tables that ship with the program; an instance may add rows or replace rows of the same id."""

OPTIONAL_TABLES = (*LIBRARY_TABLES, "feeders", "rigs", "recoveries", "legs")
"""Tables an instance may leave out."""

KEYS: dict[str, tuple[str, ...]] = {
    "supplies": ("base", "commodity"),
    "rigs": ("base", "method"),
    "recoveries": ("zone", "method"),
    "links": ("zone", "community"),
    "needs": ("community", "commodity"),
    "legs": ("base", "zone"),
    "figures": ("table", "id", "column"),
}
"""Columns that together name a row, where there is no ``id``; needs may repeat over other dates."""


def key_columns(table: str) -> tuple[str, ...]:
    """Columns that together name a row of a table."""
    return KEYS.get(table, ("id",))


class Instance(BaseModel):
    """Everything the planner knows, read whole and checked; rows keep the order of their files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    header: Header
    scenarios: tuple[str, ...] = ()
    sha256: tuple[tuple[str, str], ...] = Field(
        (), description="file name and SHA-256 of every file read, sorted by name"
    )
    parties: tuple[Party, ...]
    bases: tuple[Base, ...]
    supplies: tuple[Supply, ...]
    feeders: tuple[Feeder, ...] = ()
    aircraft: tuple[Aircraft, ...]
    fleets: tuple[Fleet, ...]
    methods: tuple[Method, ...]
    rigs: tuple[Rig, ...] = ()
    zones: tuple[Zone, ...]
    recoveries: tuple[Recovery, ...] = ()
    communities: tuple[Community, ...]
    links: tuple[Link, ...]
    commodities: tuple[Commodity, ...]
    needs: tuple[Need, ...]
    threats: tuple[Threat, ...]
    legs: tuple[Leg, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """The days of the plan, in order."""
        first = self.header.first_date
        return tuple(first + dt.timedelta(days=day) for day in range(self.header.days))

    def shortened(self, days: int) -> Instance:
        """The same instance over its first `days` days (at most its own length)."""
        header = self.header.model_copy(update={"days": min(days, self.header.days)})
        return self.model_copy(update={"header": header})
