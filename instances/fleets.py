"""Fleets: tails of a type at a base, what they cost, and how their crews work."""

from __future__ import annotations

from pydantic import Field

from instances.fields import Frac, Id, Ids, NonNegative, Positive, Row


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
    report_min: NonNegative = Field(
        0.0, description="minutes a crew is on duty before its first take-off of the day"
    )
    crew_duty_min: Positive | None = Field(
        None, description="most minutes from reporting to the last landing of a day; empty: no limit"
    )
    crew_flight_min: Positive | None = Field(
        None, description="most block minutes of a crew in a day; empty: no limit"
    )
    crew_rest_min: NonNegative = Field(
        0.0, description="least minutes between the last landing of a crew and its next report"
    )
    crews_per_tail: int = Field(
        1, ge=1, description="crews that fly a tail in turn, each for a day of its own"
    )
    most_stops: int | None = Field(
        None,
        ge=1,
        description="zones that one sortie may serve; empty: 4 for helicopters and trucks, 1 for aeroplanes",
    )
