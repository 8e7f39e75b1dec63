"""The plan as flat records: one class per file of a plan folder, one field per column.

Units are part of the names; times are UTC and aware. The judge reads these records and the instance,
nothing else.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from optimizer.options import Options


class Status(StrEnum):
    """What an answer is worth; decided from solution, bound and gap, never from a solver's word."""

    OPTIMAL = "optimal"  # a judged plan, every objective within the asked gap
    FEASIBLE = "feasible"  # a judged plan, time limit before the asked gap
    INFEASIBLE = "infeasible"  # no plan can do this, proven
    NO_PLAN = "no_plan"  # time limit and no plan


class Record(BaseModel):
    """Base of all records."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Sortie(Record):
    """One flight out and back: ``sorties.csv``."""

    sortie_id: str
    party: str
    date: dt.date
    tail: str
    fleet: str
    aircraft: str
    base: str
    takeoff_utc: dt.datetime
    takeoff_local: dt.datetime
    landing_utc: dt.datetime
    zones: tuple[str, ...]
    method: str
    release_height_m: float
    path_id: str
    distance_km: float
    block_min: int
    bundles: int
    payload_kg: float
    loss_prob: float
    harm_expected: float
    cost_usd: float


class Load(Record):
    """One commodity dropped at one stop of a sortie: ``loads.csv``."""

    sortie_id: str
    stop: int
    zone: str
    drop_utc: dt.datetime
    commodity: str
    bundles: int
    net_kg: float
    landed_frac: float
    landed_kg: float
    diverted_frac: float
    landing_basis: str


class HandOver(Record):
    """What a zone hands to a community on a day: ``handovers.csv``."""

    date: dt.date
    zone: str
    community: str
    commodity: str
    handed_kg: float
    received_kg: float


class FeederTrip(Record):
    """What a feeder brings, by the day it is loaded: ``feeders.csv``."""

    date: dt.date
    feeder: str
    party: str
    trips: int
    commodity: str
    kg: float


class Coverage(Record):
    """Need and stock of a community, end of day: ``coverage.csv``.

    `need_kg` of a food is the planned ration; of a lasting need what people should have, of which nothing
    is eaten.
    """

    date: dt.date
    community: str
    commodity: str
    need_kg: float
    received_kg: float
    eaten_kg: float
    unmet_kg: float
    stock_kg: float


class Nutrition(Record):
    """What a person of a community eats on a day: ``nutrition.csv``."""

    date: dt.date
    community: str
    kcal: float
    protein_g: float
    fat_g: float
    energy_frac: float


class Severity(Record):
    """What going short of a need over some days comes to: ``severity.csv``.

    `people` are those in need, on average; `severity` is in person-days, weights counted in.
    """

    date: dt.date
    days: int
    community: str
    need: str
    people: float
    need_amount: float
    short_frac: float
    severity: float


class Ration(Record):
    """What to hand out of a food over a week: ``rations.csv``."""

    date: dt.date
    days: int
    community: str
    commodity: str
    g_per_person_day: float
    kcal: float
    protein_g: float
    fat_g: float


class FleetUse(Record):
    """Tails contracted and what they flew: ``fleet.csv``."""

    party: str
    fleet: str
    aircraft: str
    base: str
    tails: int
    flying_days: int
    sorties: int
    block_h: float
    standing_usd: float


class Cost(Record):
    """One item of a party's bill: ``costs.csv``."""

    party: str
    item: str
    usd: float


class Risk(Record):
    """One measure of risk and its limit: ``risk.csv``."""

    party: str
    measure: str
    value: float
    limit: float | None


class Path(Record):
    """The ground track of a path flown: ``paths.geojson``; points are (lon, lat)."""

    path_id: str
    party: str
    distance_km: float
    loss_prob: float
    height_m: float
    points: tuple[tuple[float, float], ...]


class Activity(Record):
    """What a tail does from when to when: ``timetable.csv``."""

    party: str
    date: dt.date
    tail: str
    activity: str
    start_utc: dt.datetime
    end_utc: dt.datetime
    start_local: dt.datetime
    end_local: dt.datetime
    place: str
    sorties: tuple[str, ...]


class Objective(Record):
    """One objective in its order, with what was reached and what was proven."""

    name: str
    unit: str
    value: float
    bound: float
    gap_frac: float


class Refused(Record):
    """Missions left out before planning, and why."""

    party: str
    reason: str
    count: int
    example: str


class Plan(Record):
    """One plan, whole: what ``plan.json`` and the CSV files hold."""

    instance: str
    instance_path: str = Field("", description="folder of an instance that is not shipped")
    instance_sha256: tuple[tuple[str, str], ...] = ()
    options: Options
    status: Status
    objectives: tuple[Objective, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    search: tuple[tuple[str, int], ...] = Field((), description="how much work was done: rounds, days timed")
    settings: tuple[tuple[str, float], ...] = Field((), description="of the method, by name")
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = Field((), description="what the planner should know, in words")
    summary: tuple[tuple[str, float], ...] = ()
    sorties: tuple[Sortie, ...] = ()
    loads: tuple[Load, ...] = ()
    handovers: tuple[HandOver, ...] = ()
    feeders: tuple[FeederTrip, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    nutrition: tuple[Nutrition, ...] = ()
    severity: tuple[Severity, ...] = ()
    rations: tuple[Ration, ...] = ()
    fleet: tuple[FleetUse, ...] = ()
    costs: tuple[Cost, ...] = ()
    risk: tuple[Risk, ...] = ()
    paths: tuple[Path, ...] = ()
    timetable: tuple[Activity, ...] = ()


class Result(Record):
    """The answer to one run: a status, its reason, and a plan if there is one."""

    status: Status
    reason: str = Field("", description="why there is no plan, in the planner's words")
    plan: Plan | None = None
