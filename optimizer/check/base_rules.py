"""Rules about bases: ramp, handling, parachute sets, cargo and feeders."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from instances.schema import Supply
from optimizer.check.case import Case, grouped
from optimizer.check.violation import Violation, counted, kg, number
from optimizer.plan import FeederTrip

KG: Final = 0.01  # kg are written with three decimals
ROW_KG: Final = 0.001  # what rounding one row may add to a sum


def ramp_limit(case: Case) -> Iterator[Violation]:
    """Loading takes a ramp slot for the turnaround, and slots are few.

    sum turnaround_min x sorties <= ramp_slots x open minutes
    """
    for (base_id, date), flights in case.flights_by(lambda f: (f.craft.base.id, f.sortie.date)).items():
        base = flights[0].craft.base
        most = base.ramp_slots * (base.hours_to - base.hours_from)
        used = sum(flight.craft.aircraft.turnaround_min for flight in flights)
        if used > most + 1e-6:
            message = (
                f"{number(used)} min of loading, {counted(base.ramp_slots, 'slot')}: {number(most)} min a day"
            )
            yield Violation("ramp_limit", f"{base_id} on {date}", message, "sorties.csv")


def handling_limit(case: Case) -> Iterator[Violation]:
    """A base can rig and load only so much a day: sum net_kg <= handling_kg_per_day."""
    for (base_id, date), flights in case.flights_by(lambda f: (f.craft.base.id, f.sortie.date)).items():
        most_kg = flights[0].craft.base.handling_kg_per_day
        loaded_kg = sum(flight.net_kg for flight in flights)
        rows = sum(len(flight.loads) for flight in flights)
        if loaded_kg > most_kg + KG + ROW_KG * rows:
            message = f"{kg(loaded_kg)} loaded, the base handles {kg(most_kg)} a day"
            yield Violation("handling_limit", f"{base_id} on {date}", message, "loads.csv")


def rig_stock_balance(case: Case) -> Iterator[Violation]:
    """Parachute sets are used up, one a bundle, and come again at intervals.

    stock[d] = stock[d-1] + arrivals[d] - bundles, stock >= 0; the first day short is named
    """
    rigs = {(rig.base, rig.method): rig for rig in case.instance.rigs}
    used: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(case.dates))
    for flight in case.flights:
        if flight.craft.method.position_kind != "none":
            used[flight.craft.base.id, flight.craft.method.id][flight.day] += flight.bundles
    for (base_id, method_id), bundles in used.items():
        rig = rigs.get((base_id, method_id))
        stock = 0
        for day, date in enumerate(case.dates):
            if rig is not None and day == 0:
                stock += rig.count
            elif rig is not None and rig.resupply_interval_days and day % rig.resupply_interval_days == 0:
                stock += rig.resupply_count
            if bundles[day] > stock:
                message = f"{counted(bundles[day], 'set')} of {method_id} used, {number(stock)} in stock"
                yield Violation("rig_stock_balance", f"{base_id} on {date}", message, "loads.csv")
                break
            stock -= bundles[day]


def base_stock_balance(case: Case) -> Iterator[Violation]:
    """Only cargo that has arrived can be loaded.

    stock[d] = stock[d-1] + supply[d] + feeders in - feeders out - net_kg, stock >= 0; the first day
    short is named
    """
    arrived, gone, rows = _movements(case)
    for base_id, commodity in sorted({*arrived, *gone}):
        stock_kg = 0.0
        for day, date in enumerate(case.dates):
            there_kg = stock_kg + arrived[base_id, commodity][day]
            out_kg = gone[base_id, commodity][day]
            stock_kg = there_kg - out_kg
            if stock_kg < -(KG + ROW_KG * rows[base_id, commodity]):
                message = f"{kg(out_kg)} of {commodity} loaded or sent on, {kg(max(0.0, there_kg))} there"
                yield Violation("base_stock_balance", f"{base_id} on {date}", message, "loads.csv")
                break


Series = dict[tuple[str, str], list[float]]


def _movements(case: Case) -> tuple[Series, Series, dict[tuple[str, str], int]]:
    """Arrivals and departures by (base, commodity) and day, kg, and the number of rows behind them."""
    arrived: Series = defaultdict(lambda: [0.0] * len(case.dates))
    gone: Series = defaultdict(lambda: [0.0] * len(case.dates))
    rows: dict[tuple[str, str], int] = defaultdict(int)
    for supply in case.instance.supplies:
        for day in _arrival_days(supply, case.dates):
            arrived[supply.base, supply.commodity][day] += supply.kg
    for trip in case.feeder_rows:
        feeder, day = case.tables.feeders[trip.feeder], case.day_of[trip.date]
        gone[feeder.from_base, trip.commodity][day] += trip.kg
        rows[feeder.from_base, trip.commodity] += 1
        rows[feeder.to_base, trip.commodity] += 1
        if day + feeder.transit_days < len(case.dates):
            arrived[feeder.to_base, trip.commodity][day + feeder.transit_days] += trip.kg
    for flight in case.flights:
        for load in flight.loads:
            if load.commodity in case.tables.commodities:
                gone[flight.craft.base.id, load.commodity][flight.day] += load.net_kg
                rows[flight.craft.base.id, load.commodity] += 1
    return arrived, gone, rows


def _arrival_days(supply: Supply, dates: tuple[dt.date, ...]) -> list[int]:
    """Days of the plan on which a supply arrives."""
    first = ((supply.first_date or dates[0]) - dates[0]).days
    if supply.interval_days == 0:
        return [first] if 0 <= first < len(dates) else []
    return [day for day in range(len(dates)) if day >= first and (day - first) % supply.interval_days == 0]


def feeder_limit(case: Case) -> Iterator[Violation]:
    """A feeder carries what its trips hold.

    sum_c feeder_kg[e,d,c] <= kg_per_trip x trips[e,d]; trips <= trips_per_day; flown by its own party
    """
    for (date, feeder_id), rows in grouped(case.plan.feeders, lambda row: (row.date, row.feeder)).items():
        for message in _feeder_faults(case, rows):
            yield Violation("feeder_limit", f"{feeder_id} on {date}", message, "feeders.csv")


def _feeder_faults(case: Case, rows: list[FeederTrip]) -> Iterator[str]:
    """What is wrong with one feeder's day, in words."""
    feeder = case.tables.feeders.get(rows[0].feeder)
    if feeder is None:
        yield "no such feeder in the instance"
        return
    if rows[0].date not in case.day_of:
        yield "the day is outside the plan"
    if feeder.party not in case.plan.options.parties:
        yield f"{feeder.party} runs it and does not take part in the plan"
    for row in rows:
        if row.party != feeder.party:
            yield f"party {row.party!r}, it is run by {feeder.party}"
        if row.commodity not in case.tables.commodities:
            yield f"commodity {row.commodity!r} is not in the instance"
        if row.kg < -KG:
            yield f"{kg(row.kg)} of {row.commodity} is less than nothing"
    trips = {row.trips for row in rows}
    if len(trips) > 1:
        yield f"rows disagree on the trips of the day ({', '.join(map(str, sorted(trips)))})"
        return
    made = trips.pop()
    if made > feeder.trips_per_day or made < 0:
        yield f"{counted(made, 'trip')}, it makes {number(feeder.trips_per_day)} a day"
    carried_kg, most_kg = sum(row.kg for row in rows), feeder.kg_per_trip * made
    if carried_kg > most_kg + KG + ROW_KG * len(rows):
        yield f"{kg(carried_kg)} carried, room for {kg(most_kg)} in {counted(made, 'trip')}"
