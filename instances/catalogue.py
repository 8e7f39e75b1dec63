"""The nouns of the library: types of aircraft, ways to deliver, commodities, and where figures are from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from instances.fields import (
    AircraftKind,
    Frac,
    Id,
    Ids,
    NonNegative,
    Numbers,
    PayloadPoints,
    Positive,
    Row,
)


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
    drop_speed_kmh: Positive | None = Field(
        None, description="indicated airspeed at release, km/h; empty: half the cruise speed"
    )
    refuel_min: NonNegative = Field(
        0.0, description="minutes of refuelling after each landing, before it goes to a ramp slot"
    )


class Method(Row):
    """A way to deliver, in the library."""

    id: Id = Field(description="method id")
    name: str = Field(description="name in reports")
    kind: Literal["drop", "landing", "sling", "airstrip", "truck"] = Field(
        description="drop (any aircraft with positions), landing or sling (helicopters), "
        "airstrip (landing of fixed wings), truck"
    )
    position_kind: Literal["bundle", "platform", "none"] = Field(
        description="what it takes on the floor: a bundle, a platform, or none (loose cargo)"
    )
    bundle_net_kg: NonNegative = Field(0.0, description="cargo in a full bundle, kg; 0 when loose")
    bundle_tare_kg: NonNegative = Field(0.0, description="parachute, platform and packing, kg/bundle")
    release_heights_m: Numbers = Field(
        (0.0,), description="release heights considered, m above ground, joined by ;"
    )
    rate_of_fall_mps: NonNegative = Field(0.0, description="steady rate of fall at sea level, m/s")
    miss_frac: Frac = Field(
        0.0,
        description="share of bundles that fall outside a usual zone, 0..1, where `release_error_m` is empty",
    )
    failure_frac: Frac = Field(0.0, description="share of canopies that fail, cargo lost, 0..1")
    damage_frac: Frac = Field(0.0, description="share of cargo spoilt on landing, 0..1")
    footprint_m2: NonNegative = Field(
        0.0, description="ground a stray or failed bundle endangers, m2 per bundle"
    )
    wind_limit_mps: NonNegative | None = Field(None, description="highest mean wind, m/s")
    exit_interval_s: NonNegative = Field(0.0, description="seconds between bundles leaving")
    zone_min: NonNegative = Field(0.0, description="minutes over or at the zone per sortie")
    unit_usd: NonNegative = Field(0.0, description="cost of the set used up with a bundle, USD")
    release_from_m: NonNegative = Field(
        0.0, description="lowest height it may be released at, m above ground"
    )
    release_to_m: NonNegative = Field(
        100_000.0, description="highest height it may be released at, m above ground"
    )
    first_stage_mps: NonNegative | None = Field(
        None, description="rate of fall under the first stage at sea level, m/s; empty: one stage"
    )
    second_stage_m: NonNegative = Field(
        0.0, description="height at which the main canopy opens after a first stage, m above ground"
    )
    opening_m: NonNegative = Field(0.0, description="height lost until the fall is steady, m")
    opening_s: NonNegative = Field(0.0, description="seconds that takes")
    forward_s: NonNegative = Field(
        0.0, description="forward travel after leaving, in seconds of ground speed: exit and deceleration"
    )
    release_error_m: NonNegative | None = Field(
        None, description="scatter of the release, standard deviation each way, m; empty: `miss_frac` counts"
    )
    opening_error_m: NonNegative = Field(
        0.0, description="scatter that each opening adds, standard deviation each way, m"
    )
    guided: bool = Field(False, description="steers to its point: wind and stick do not scatter it")
    pass_min: NonNegative = Field(0.0, description="minutes of every pass over the zone after the first")
    least_length_m: NonNegative = Field(0.0, description="shortest zone it may be dropped on, m")
    least_width_m: NonNegative = Field(0.0, description="narrowest zone it may be dropped on, m")
    path_limit_m: NonNegative | None = Field(
        None, description="longest way that the mean wind may carry it from release to landing, m"
    )

    @property
    def wind_limited(self) -> bool:
        """Whether there are winds in which it is not flown."""
        return self.wind_limit_mps is not None or self.path_limit_m is not None


class Rig(Row):
    """Parachute sets or platforms in stock at a base."""

    base: Id = Field(description="base where they lie")
    method: Id = Field(description="method that uses them up, one per bundle")
    count: int = Field(ge=0, description="sets on the first day")
    resupply_count: int = Field(0, ge=0, description="sets that arrive at every interval")
    resupply_interval_days: int = Field(
        0, ge=0, description="days between arrivals, first after one interval; 0: none"
    )


Group = Literal[
    "cereals",
    "pulses",
    "oil",
    "sugar",
    "blended",
    "animal",
    "fruit",
    "meals",
    "therapeutic",
    "salt",
    "water",
    "health",
    "fuel",
    "shelter",
    "other",
]

FOOD_GROUPS: frozenset[str] = frozenset(
    ("cereals", "pulses", "oil", "sugar", "blended", "animal", "fruit", "meals")
)
"""Groups of which a ration is made; any of them serves the needs of energy, protein and fat."""


class Commodity(Row):
    """A food, kit or fuel in the library."""

    id: Id = Field(description="commodity id")
    name: str = Field(description="name in reports")
    unit: str = Field("kg", description="unit it is counted in on the ground, such as can or kit")
    kg_per_unit: Positive = Field(1.0, description="kg per unit")
    kcal_per_kg: NonNegative = Field(0.0, description="energy, kcal/kg")
    protein_g_per_kg: NonNegative = Field(0.0, description="protein, g/kg")
    fat_g_per_kg: NonNegative = Field(0.0, description="fat, g/kg")
    group: Group = Field(
        "other",
        description="what it is: a food group, or therapeutic, salt, water, health, fuel, shelter, other",
    )
    most_g_per_person_day: Positive | None = Field(
        None,
        description="most of it that a person eats, g a day; foods of one group share it; empty: no limit",
    )
    priority: int = Field(ge=1, le=3, description="1 survival, 2 health and dignity, 3 other relief")
    methods: Ids = Field(description="methods that may carry it, joined by ;")
    fill_frac: Frac = Field(
        1.0, gt=0, description="share of a bundle's net kg that fits, below 1 for bulky goods, 0..1"
    )

    @property
    def is_food(self) -> bool:
        """Whether it serves the needs of energy, protein and fat."""
        return self.group in FOOD_GROUPS

    @property
    def is_misgrouped(self) -> bool:
        """Whether it has energy and is neither a food nor therapeutic."""
        return self.kcal_per_kg > 0 and not self.is_food and self.group != "therapeutic"


class Figure(Row):
    """Where one figure of a library or instance table comes from."""

    table: Id = Field(description="table, such as aircraft")
    id: str = Field(description="row id in that table")
    column: str = Field(description="column in that table")
