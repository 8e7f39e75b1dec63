"""A small plan in code, and strategies that make any plan, for the tests of reports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from optimizer.options import METHODS, RULES, Options
from optimizer.plan import (
    Activity,
    Cost,
    Coverage,
    FeederTrip,
    FleetUse,
    HandOver,
    Load,
    Nutrition,
    Objective,
    Path,
    Plan,
    Ration,
    Record,
    Refused,
    Risk,
    Severity,
    Sortie,
    Status,
)
from reports.schedules import TABLES

DAY = dt.date(2016, 4, 10)
DAMASCUS = dt.timezone(dt.timedelta(hours=3))


def at(hour: int, minute: int = 0) -> dt.datetime:
    """A time of the sample's day, UTC."""
    return dt.datetime(2016, 4, 10, hour, minute, tzinfo=dt.UTC)


def sortie() -> Sortie:
    return Sortie(
        sortie_id="north_hauler__0__0",
        party="north",
        date=DAY,
        tail="north_hauler_1",
        fleet="north_hauler",
        aircraft="hauler",
        base="airfield_n",
        takeoff_utc=at(5, 30),
        takeoff_local=at(5, 30).astimezone(DAMASCUS),
        landing_utc=at(7, 4),
        zones=("dz", "dz_2"),
        method="canopy_high",
        release_height_m=5000.0,
        path_id="north__airfield_n__dz",
        distance_km=571.23456,
        block_min=94,
        bundles=4,
        payload_kg=1200.0,
        loss_prob=0.00001234,
        harm_expected=0.0004,
        cost_usd=4380.125,
    )


def load() -> Load:
    return Load(
        sortie_id="north_hauler__0__0",
        stop=1,
        zone="dz",
        drop_utc=at(6, 12),
        commodity="flour",
        bundles=4,
        net_kg=1000.0,
        landed_frac=0.8,
        landed_kg=800.0,
        diverted_frac=0.15,
        landing_basis="table",
    )


def summary() -> dict[str, float]:
    return {
        "severity_person_days": 123456.78912,
        "worst_week_severity_frac": 0.049,
        "person_days": 9900000.0,
        "person_days_full": 8123456.0,
        "person_days_short": 1500000.0,
        "person_days_crisis": 276544.0,
        "person_days_severe": 0.0,
        "kcal_mean": 1980.4,
        "kcal_worst_week": 1680.2,
        "protein_g_mean": 51.25,
        "fat_g_mean": 38.75,
        "items_met_frac": 0.951,
        "need_met_frac": 0.99967,
        "need_met_kg": 1234567.8,
        "cost_usd": 21854000.0,
        "cost_usd_per_landed_t": 12345.678,
        "sorties": 1.0,
        "block_h": 94 / 60,
        "tails": 1.0,
        "bundles": 4.0,
        "dropped_kg": 1000.0,
        "landed_kg": 800.0,
        "expected_aircraft_lost": 0.00001234,
        "expected_people_harmed": 0.0004,
        "diverted_kg": 200.0,
    }


def sample_plan() -> Plan:
    """One sortie of party north, every file with a row."""
    options = Options(parties=("north",), scenarios=("half_ration",))
    return Plan(
        instance="tiny",
        instance_sha256=(("aircraft.csv", "ab" * 32), ("instance.yaml", "cd" * 32)),
        options=options,
        status=Status.OPTIMAL,
        objectives=(
            Objective(
                name="severity_person_days",
                unit="person-days",
                value=123456.78912,
                bound=123000.0,
                gap_frac=0.0000461,
            ),
            Objective(name="worst_week_severity_frac", unit="frac", value=0.049, bound=0.049, gap_frac=0.0),
            Objective(name="cost_usd", unit="USD", value=21854000.004, bound=21823000.0, gap_frac=0.0014185),
        ),
        versions=(("aidlift", "0.1.0"),),
        search=(("rounds", 34), ("timetable_days", 97)),
        settings=(("reserve", 0.02), ("spell_days", 7)),
        refused=(Refused(party="north", reason="the loss is above the cap", count=3, example="low"),),
        notes=("The drop of day 1 is early.",),
        summary=tuple(summary().items()),
        sorties=(sortie(),),
        loads=(load(),),
        handovers=(
            HandOver(
                date=DAY, zone="dz", community="town", commodity="flour", handed_kg=800.0, received_kg=760.0
            ),
        ),
        feeders=(
            FeederTrip(date=DAY, feeder="road_1", party="north", trips=2, commodity="flour", kg=9000.5),
        ),
        coverage=(
            Coverage(
                date=DAY,
                community="town",
                commodity="flour",
                need_kg=500.0,
                received_kg=760.0,
                eaten_kg=480.5,
                unmet_kg=19.5,
                stock_kg=279.5,
            ),
        ),
        nutrition=(
            Nutrition(
                date=DAY, community="town", kcal=1681.75, protein_g=48.05, fat_g=7.2075, energy_frac=0.800833
            ),
        ),
        severity=(
            Severity(
                date=DAY,
                days=1,
                community="town",
                need="kcal",
                people=1000.0,
                need_amount=2100000.0,
                short_frac=0.199167,
                severity=19.875,
            ),
            Severity(
                date=DAY + dt.timedelta(days=1),
                days=0,
                community="town",
                need="soap",
                people=0.25,
                need_amount=12.3456,
                short_frac=1.0,
                severity=0.075,
            ),
        ),
        rations=(
            Ration(
                date=DAY,
                days=1,
                community="town",
                commodity="flour",
                g_per_person_day=480.5,
                kcal=1681.75,
                protein_g=48.05,
                fat_g=7.2075,
            ),
        ),
        fleet=(
            FleetUse(
                party="north",
                fleet="north_hauler",
                aircraft="hauler",
                base="airfield_n",
                tails=1,
                flying_days=1,
                sorties=1,
                block_h=94 / 60,
                standing_usd=6000.0,
            ),
        ),
        costs=(
            Cost(party="north", item="flying", usd=1980.0),
            Cost(party="all", item="recovery", usd=-0.001),
        ),
        risk=(
            Risk(party="north", measure="loss_prob", value=0.00001234, limit=0.01),
            Risk(party="north", measure="diverted_kg", value=200.0, limit=None),
        ),
        timetable=(
            Activity(
                party="north",
                date=DAY,
                tail="north_hauler_1",
                activity="outbound",
                start_utc=at(5, 30),
                end_utc=at(6, 12),
                start_local=at(5, 30).astimezone(DAMASCUS),
                end_local=at(6, 12).astimezone(DAMASCUS),
                place="airfield_n to dz",
                sorties=("north_hauler__0__0",),
            ),
        ),
        paths=(
            Path(
                path_id="north__airfield_n__dz",
                party="north",
                distance_km=571.23456,
                loss_prob=0.00001234,
                height_m=5000.0,
                points=((38.0, 36.0), (40.0000001, 35.0), (38.0, 36.0)),
            ),
        ),
    )


ANY_TEXT = st.text(
    st.characters(categories=("L", "N", "P", "S"), include_characters=" ="), min_size=1, max_size=12
).filter(lambda text: text == text.strip())
IDS = st.from_regex(r"[a-z0-9]+(_[a-z0-9]+){0,2}", fullmatch=True)
NUMBERS = st.floats(-1e12, 1e12)
ZONES = st.sampled_from([dt.UTC, DAMASCUS, dt.timezone(-dt.timedelta(hours=9, minutes=30))])
TIMES = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1), timezones=ZONES).map(
    lambda time: time.replace(second=0, microsecond=0)
)

_BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: ANY_TEXT,
    int: st.integers(0, 10**9),
    float: NUMBERS,
    float | None: st.none() | NUMBERS,
    dt.date: st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
    dt.datetime: TIMES,
    tuple[str, ...]: st.lists(IDS, min_size=1, max_size=3).map(tuple),
}


def records(kind: type[Record]) -> st.SearchStrategy[Any]:
    """Any record of a class, field by field."""
    return st.builds(kind, **{name: _BY_TYPE[field.annotation] for name, field in kind.model_fields.items()})


def _rows(kind: type[Record]) -> st.SearchStrategy[Any]:
    return st.lists(records(kind), max_size=3).map(tuple)


def _pairs(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(IDS, values, max_size=3).map(lambda found: tuple(found.items()))


POINTS = st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=2, max_size=4)
PATHS = st.builds(
    Path,
    path_id=ANY_TEXT,
    party=IDS,
    distance_km=NUMBERS,
    loss_prob=NUMBERS,
    height_m=NUMBERS,
    points=(POINTS | st.just([])).map(tuple),
)
OPTIONS = st.builds(
    Options,
    parties=st.lists(IDS, min_size=1, max_size=3).map(tuple),
    scenarios=st.lists(IDS, max_size=2).map(tuple),
    coverage_frac=st.none() | st.floats(0, 1),
    days=st.none() | st.integers(1, 700),
    seed=st.integers(0, 2**31 - 1),
    method=st.sampled_from(METHODS),
    rules=st.sampled_from(RULES),
)
OBJECTIVES = st.builds(
    Objective,
    name=IDS,
    unit=st.sampled_from(["person-days", "USD", "frac"]),
    value=NUMBERS,
    bound=NUMBERS,
    gap_frac=NUMBERS,
)
PLANS = st.builds(
    Plan,
    instance=IDS,
    instance_path=st.just("") | ANY_TEXT,
    instance_sha256=_pairs(IDS),
    options=OPTIONS,
    status=st.sampled_from(Status),
    objectives=st.lists(OBJECTIVES, max_size=3).map(tuple),
    versions=_pairs(ANY_TEXT),
    refused=st.lists(
        st.builds(Refused, party=IDS, reason=ANY_TEXT, count=st.integers(0, 99), example=ANY_TEXT),
        max_size=2,
    ).map(tuple),
    notes=st.lists(st.text(max_size=20), max_size=2).map(tuple),
    summary=_pairs(NUMBERS),
    paths=st.lists(PATHS, max_size=2).map(tuple),
    **{field: _rows(kind) for field, kind in TABLES.values()},
)
"""Any plan; texts are not only ids, so that the writer is tested beyond what the optimizer makes."""
