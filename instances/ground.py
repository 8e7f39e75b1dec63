"""The nouns of the ground: zones, the ways from them, and the people who need what lands."""

from __future__ import annotations

import datetime as dt
from typing import Literal

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
    run_in_deg: float | None = Field(
        None,
        ge=0,
        lt=360,
        description="direction flown over the zone, degrees; empty: the axis, into the wind",
    )
    elevation_m: float = Field(0.0, ge=-500, description="ground above sea level, m")
    clear_axis_m: NonNegative = Field(
        1000.0, description="length before and behind the zone that must hold no built-up area, m"
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
    release_height_m: NonNegative | None = Field(
        None, description="height it was observed at, m above ground; empty: holds for any height"
    )


class Community(Row):
    """People who eat."""

    id: Id = Field(description="community id")
    name: str = Field(description="name in reports")
    lat: Lat = Field(description="latitude, degrees north")
    lon: Lon = Field(description="longitude, degrees east")
    population: int = Field(ge=1, description="people")
    starting_stock_days: NonNegative = Field(
        0.0,
        description="stock on the first morning, in days of the planned ration and of each item a day",
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
    """What a community needs of an item; of a food, the ration that is planned."""

    community: Id = Field(description="community id")
    commodity: Id = Field(description="commodity id")
    kg_per_person_day: NonNegative | None = Field(None, description="kg per person per day")
    kg_per_day: NonNegative | None = Field(None, description="kg per day for all of them")
    kg_per_person: NonNegative | None = Field(None, description="kg per person, once; lasting needs only")
    people: int | None = Field(None, ge=1, description="people in need of it; empty: the whole community")
    weight: NonNegative = Field(1.0, description="weight of the need beside others of its class; items only")
    lasting: bool = Field(False, description="what is given stays given, such as a blanket")
    closing_days: NonNegative = Field(
        0.0, description="stock wanted on the last evening, in days of the last day's need; items only"
    )
    first_date: dt.date | None = Field(
        None, description="first day, on which a lasting need is due; empty: first day of the plan"
    )
    last_date: dt.date | None = Field(None, description="last day; empty: last day of the plan")


class Standard(Row):
    """What a person needs a day of each nutrient; any food serves it.

    A community with a food in its needs and no row here has the values of the default on every day
    (2 100 kcal, 52.5 g, 40 g: WFP/UNHCR 1997; Sphere 2011).
    """

    community: Id = Field(description="community id")
    first_date: dt.date | None = Field(None, description="first day; empty: first day of the plan")
    last_date: dt.date | None = Field(None, description="last day; empty: last day of the plan")
    kcal: NonNegative = Field(2100.0, description="energy, kcal per person per day")
    protein_g: NonNegative = Field(52.5, description="protein, g per person per day")
    fat_g: NonNegative = Field(40.0, description="fat, g per person per day")
    kcal_weight: NonNegative = Field(0.5, description="weight of energy beside other needs of class 1")
    protein_weight: NonNegative = Field(0.25, description="weight of protein")
    fat_weight: NonNegative = Field(0.25, description="weight of fat")
    closing_days: NonNegative = Field(
        0.0, description="food wanted in stock on the last evening, in days of the last day's need"
    )


class Wind(Row):
    """Wind in a layer above the zones: mean and spread, of a month or of a day."""

    month: int | None = Field(None, ge=1, le=12, description="month of the year, 1 to 12, or empty")
    date: dt.date | None = Field(None, description="a day, which then replaces its month, or empty")
    floor_m: NonNegative = Field(description="lower edge, m above ground, included")
    ceiling_m: NonNegative = Field(description="upper edge, m above ground, excluded")
    u_mps: float = Field(ge=-150, le=150, description="mean wind towards the east, m/s")
    v_mps: float = Field(ge=-150, le=150, description="mean wind towards the north, m/s")
    sd_mps: NonNegative = Field(description="standard deviation of the wind about its mean, each way, m/s")


type Ring = tuple[tuple[float, float], ...]
"""Corners (lon, lat), degrees, the first again at the end."""


class GroundArea(Row):
    """An area drawn in ``ground.geojson``: held by a community, or built up.

    `polygons` are those of the feature, each an outer ring and its holes.
    """

    id: Id = Field(description="area id")
    name: str = Field("", description="name in reports")
    kind: Literal["held", "built_up"] = Field(
        description="held: the community recovers what falls there; built_up: people live there"
    )
    community: Id | None = Field(None, description="community that holds it; held areas only")
    recovery_frac: Frac = Field(
        0.5, description="share of what falls there outside the zone that is gathered, 0..1; held areas only"
    )
    people_per_km2: NonNegative | None = Field(None, description="people per km2; built-up areas only")
    polygons: tuple[tuple[Ring, ...], ...]
