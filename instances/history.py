"""What happened: totals of a real operation that a plan of it can be held against."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

from pydantic import Field

from instances.fields import Frac, Id, Ids, NonNegative, Positive, Row

Measure = Literal[
    "sorties",
    "sorties_per_day",
    "span_days",
    "t_per_sortie",
    "bundles",
    "bundles_per_sortie",
    "kg_per_bundle",
    "gross_kg_per_bundle",
    "units",
    "units_per_bundle",
    "dropped_t",
    "air_premium_usd_per_t",
    "convoy_weeks",
    "people_fed",
    "kcal_per_person_day",
    "air_cost_usd",
    "drop_in_zone_frac",
    "drop_missed_frac",
]

DROP_MEASURES: Final = ("drop_in_zone_frac", "drop_missed_frac")
"""Measures of one drop, which need no plan."""

AS_FLOWN: Final = "as_flown"
"""Scenario that fixes what history fixed; an instance without it is flown as it stands."""


class History(Row):
    """A figure of the real operation, and what a plan is asked for beside it."""

    id: Id = Field(description="row id")
    quantity: str = Field(description="what was counted, in words")
    unit: str = Field(description="unit of the figure, in words")
    value: float = Field(description="what happened, in that unit")
    value_to: float | None = Field(
        None, description="upper end where sources give a range or disagree; empty: one value"
    )
    tolerance_frac: Frac = Field(
        description="difference, as a share of the nearer end, up to which a model agrees, 0..1"
    )
    measure: Measure = Field(
        description="what is taken from the plan of the scenario as_flown, or from one drop (drop_…)"
    )
    fleets: Ids = Field((), description="sorties of these fleets only, joined by ;; empty: all but trucks")
    commodity: Id | None = Field(None, description="this commodity only; empty: all")
    ration_kg: Positive | None = Field(None, description="kg per person per day that people_fed counts with")
    first_date: dt.date | None = Field(None, description="first day counted; empty: first day of the plan")
    last_date: dt.date | None = Field(None, description="last day counted; empty: last day of the plan")
    zone: Id | None = Field(None, description="zone of a drop_… measure")
    method: Id | None = Field(None, description="method of a drop_… measure")
    aircraft: Id | None = Field(None, description="aircraft of a drop_… measure")
    release_height_m: NonNegative | None = Field(
        None, description="release height of a drop_… measure, m above ground"
    )
    month: int | None = Field(None, ge=1, le=12, description="month whose winds a drop_… measure takes")
    drop_bundles: int | None = Field(None, ge=1, description="bundles of a drop_… measure")
    in_inputs: bool = Field(
        False, description="the figure also went into the library or the instance: agreement proves nothing"
    )
    explanation: str = Field("", description="why a model may differ, and what would settle it")
