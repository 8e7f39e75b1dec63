"""The nouns of the ground: zones, the ways from them, and the people who need what lands."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from instances.fields import Frac, Id, Ids, Lat, Lon, MinuteOfDay, NonNegative, Row


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
    clearing_min: NonNegative = Field(
        0.0,
        description="minutes of clearing after each sortie, before the next one and before recovery_to",
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


class Need(Row):
    """What a community needs of a commodity, per person per day or per day."""

    community: Id = Field(description="community id")
    commodity: Id = Field(description="commodity id")
    kg_per_person_day: NonNegative | None = Field(None, description="kg per person per day")
    kg_per_day: NonNegative | None = Field(None, description="kg per day for the whole community")
    first_date: dt.date | None = Field(None, description="first day; empty: first day of the plan")
    last_date: dt.date | None = Field(None, description="last day; empty: last day of the plan")
