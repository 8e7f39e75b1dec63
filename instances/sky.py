"""The nouns of the sky: areas that bar, condition or endanger a flight, and ways that are surveyed."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from instances.fields import AircraftKinds, Id, Ids, MinuteOfDay, NonNegative, Outline, Positive, Prob, Row

AreaKind = Literal["prohibited", "restricted", "corridor", "threat"]


class Area(Row):
    """An area of the sky: prohibited, restricted to its corridors, a corridor, or a threat."""

    id: Id = Field(description="area id")
    name: str = Field("", description="name in reports; empty: the id")
    kind: AreaKind = Field(
        description="prohibited: not crossed; restricted: crossed only inside corridors; corridor: the way "
        "through; threat: crossed at a risk"
    )
    floor_m: NonNegative = Field(0.0, description="lower edge, m above ground, included")
    ceiling_m: NonNegative = Field(100000.0, description="upper edge, m above ground, excluded")
    first_date: dt.date | None = Field(None, description="first day; empty: first day of the plan")
    last_date: dt.date | None = Field(None, description="last day; empty: last day of the plan")
    hours_from: MinuteOfDay = Field(0, description="begins every day, local HH:MM")
    hours_to: MinuteOfDay = Field(1440, description="ends every day, local HH:MM")
    parties: Ids = Field(
        (), description="whom the area binds or endangers, or who may use the corridor; empty: all parties"
    )
    aircraft_kinds: AircraftKinds = Field(
        ("fixed_wing", "helicopter"), description="kinds of aircraft it concerns, joined by ;"
    )
    loss_per_100_km: Prob = Field(
        0.0, description="probability of losing the aircraft per 100 km inside, 0..1; threats only"
    )
    loss_per_transit: Prob = Field(
        0.0, description="probability of losing the aircraft per stretch inside, 0..1; threats only"
    )
    transits_per_day: int | None = Field(
        None, ge=0, description="sorties a day through a corridor, whoever flies them; empty: no limit"
    )
    transits_per_hour: int | None = Field(
        None,
        ge=1,
        description="transits that begin in any 60 min, out and back, whoever flies them; empty: no limit",
    )
    outline: Outline = Field(
        description="corners, longitude and latitude in degrees; sides are great circles"
    )

    @property
    def limited(self) -> bool:
        """Whether only so many may fly through."""
        return self.transits_per_day is not None or self.transits_per_hour is not None


class Leg(Row):
    """A surveyed way that replaces the computed one between a base and a zone, or two zones, one way."""

    base: Id = Field(description="base id, or the id of a zone from which a tour goes on to another")
    zone: Id = Field(description="zone id")
    distance_km: Positive = Field(description="length one way, km")
    minutes: Positive = Field(description="time one way, minutes")
    loss_prob: Prob = Field(
        0.0, description="probability of losing the aircraft or truck out and back, 0..1; no area is asked"
    )
