"""The nouns of an instance: one class per table, one field per column, units in the names.

Every class is frozen and refuses unknown fields, so that a spelling mistake is an error and not a
default. ``instances/README.md`` shows the files; ``aidlift schema TABLE`` prints these classes as
JSON Schema.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from instances.catalogue import Aircraft, Commodity, Figure, Method, Rig
from instances.fields import (
    ID_PATTERN,
    WEEKDAYS,
    AircraftKind,
    Frac,
    Grade,
    Id,
    Ids,
    Lat,
    Lon,
    MinuteOfDay,
    NonNegative,
    Numbers,
    Positive,
    Prob,
    Row,
    SeverityPoints,
    Weekday,
    Weekdays,
)
from instances.fleets import Fleet
from instances.ground import Community, GroundArea, Link, Need, Recovery, Standard, Wind, Zone
from instances.history import History
from instances.sky import Area, Leg

__all__ = [
    "DRAWN_TABLES",
    "ID_PATTERN",
    "KEYS",
    "LIBRARY_TABLES",
    "OPTIONAL_TABLES",
    "TABLES",
    "WEEKDAYS",
    "Aircraft",
    "AircraftKind",
    "Area",
    "Base",
    "Commodity",
    "Community",
    "Feeder",
    "Figure",
    "Fleet",
    "Grade",
    "GroundArea",
    "Header",
    "History",
    "Instance",
    "Leg",
    "Link",
    "Method",
    "Need",
    "Party",
    "Recovery",
    "Rig",
    "Row",
    "Standard",
    "Supply",
    "Theatre",
    "Weekday",
    "Wind",
    "Zone",
    "file_of",
]


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
    severity_days: int = Field(
        7, ge=1, le=31, description="days over which the share of a need that is short is taken"
    )
    severity_points: SeverityPoints = Field(
        ((0.01, 0.1), (0.04, 0.2), (0.1225, 0.35), (0.25, 0.5), (0.5625, 0.75), (1.0, 1.0)),
        description="severity @ share of a need that is short, joined by ;, from 0@0 on to 1@1",
    )
    class_weights: Numbers = Field(
        (1.0, 0.3, 0.1), description="weights of the priority classes 1, 2 and 3, joined by ;"
    )
    forecast_error_frac: Frac = Field(
        0.33, description="share of the spread of the wind that a forecast still misses, 0..1"
    )


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
        1.0, description="highest share of dropped kg that may fall into other hands, 0..1"
    )
    funds_usd: NonNegative | None = Field(
        None, description="money for flights, rigging, cargo and feeders, USD; empty: no limit"
    )
    flying_weekdays: Weekdays = Field(WEEKDAYS, description="days of the week flown, such as mon;wed")
    hours_from: MinuteOfDay = Field(360, description="earliest take-off, local HH:MM")
    hours_to: MinuteOfDay = Field(1080, description="latest landing, local HH:MM")
    needs_ground_team: bool = Field(False, description="drops only on zones with a trained ground team")
    harm_cap: NonNegative = Field(
        0.01, description="highest expected number of people hurt on the ground in one sortie"
    )
    daylight_only: bool = Field(
        False, description="aircraft drop and land at zones only between civil dawn and civil dusk"
    )


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
    takeoff_spacing_min: NonNegative = Field(0.0, description="minutes between two take-offs")
    fuel_points: int | None = Field(
        None, ge=1, description="aircraft that can be refuelled at the same time; empty: no limit"
    )


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
    aircraft: Id | None = Field(
        None,
        description="type that flies it, one aircraft on ramp slots at both ends; empty: no minutes kept",
    )
    minutes: NonNegative = Field(0.0, description="flight from base to base, minutes one way")


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
    "standards": Standard,
    "airspace": Area,
    "legs": Leg,
    "winds": Wind,
    "figures": Figure,
    "history": History,
}
"""Every table by file stem."""

DRAWN_TABLES = ("airspace",)
"""Tables that are drawn: GeoJSON, one feature a row; the others are CSV."""

LIBRARY_TABLES = ("aircraft", "methods", "commodities", "figures")
"""Tables that ship with the program; an instance may add rows or replace rows of the same id."""

OPTIONAL_TABLES = (*LIBRARY_TABLES, "feeders", "rigs", "recoveries", "standards", "legs", "winds", "history")
"""Tables an instance may leave out."""

KEYS: dict[str, tuple[str, ...]] = {
    "supplies": ("base", "commodity"),
    "rigs": ("base", "method"),
    "recoveries": ("zone", "method"),
    "links": ("zone", "community"),
    "needs": ("community", "commodity"),
    "standards": ("community",),
    "legs": ("base", "zone"),
    "winds": ("month", "date", "floor_m"),
    "figures": ("table", "id", "column"),
}
"""Columns that together name a row, where there is no ``id``; needs and standards may repeat over dates."""


def file_of(table: str) -> str:
    """File name of a table, such as ``zones.csv``."""
    return f"{table}.geojson" if table in DRAWN_TABLES else f"{table}.csv"


def key_columns(table: str) -> tuple[str, ...]:
    """Columns that together name a row of a table."""
    return KEYS.get(table, ("id",))


@cache
def _dates(first: dt.date, days: int) -> tuple[dt.date, ...]:
    return tuple(first + dt.timedelta(days=day) for day in range(days))


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
    standards: tuple[Standard, ...] = ()
    airspace: tuple[Area, ...]
    legs: tuple[Leg, ...] = ()
    winds: tuple[Wind, ...] = ()
    figures: tuple[Figure, ...] = ()
    history: tuple[History, ...] = ()
    ground: tuple[GroundArea, ...] = Field((), description="areas of ``ground.geojson``")

    @property
    def dates(self) -> tuple[dt.date, ...]:
        """The days of the plan, in order."""
        return _dates(self.header.first_date, self.header.days)

    def shortened(self, days: int) -> Instance:
        """The same instance over its first `days` days (at most its own length)."""
        header = self.header.model_copy(update={"days": min(days, self.header.days)})
        return self.model_copy(update={"header": header})
