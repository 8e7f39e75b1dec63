"""Rules over the rows of an instance, one function each; `check` runs them all."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterator
from itertools import pairwise

from instances import falling, minutes, need_rules, past, reach, sky_rules
from instances.columns import INSTANCE, Content, columns
from instances.entries import Tables
from instances.errors import Finding, did_you_mean
from instances.kinds import Kind
from instances.schema import (
    TABLES,
    Aircraft,
    Area,
    Base,
    Feeder,
    Figure,
    History,
    Method,
    Need,
    Party,
    Rig,
    Row,
    Standard,
    Zone,
    key_columns,
)

type Rule = Callable[[Tables], Iterator[Finding]]

ALL_PARTIES = "all"

_DATE_PAIRS: tuple[tuple[type[Row], str, str], ...] = (
    (Zone, "open_from", "open_to"),
    (Need, "first_date", "last_date"),
    (Standard, "first_date", "last_date"),
    (Area, "first_date", "last_date"),
    (History, "first_date", "last_date"),
)
_HOUR_PAIRS: tuple[tuple[type[Row], str, str], ...] = (
    (Party, "hours_from", "hours_to"),
    (Base, "hours_from", "hours_to"),
    (Zone, "recovery_from", "recovery_to"),
    (Area, "hours_from", "hours_to"),
)


def time_zone_exists(tables: Tables) -> Iterator[Finding]:
    """The time zone is one that the computer knows."""
    for row in tables.rows(INSTANCE):
        place = row.at("time_zone")
        try:
            zoneinfo.ZoneInfo(place.value or "UTC")
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            known = zoneinfo.available_timezones()
            remedy = did_you_mean(place.value, known, Kind.UNKNOWN_TIME_ZONE.remedy)
            yield Kind.UNKNOWN_TIME_ZONE.at(place, "is not a time zone", remedy=remedy)


def theatre_has_room(tables: Tables) -> Iterator[Finding]:
    """The theatre's edges are the right way round."""
    if tables.header is None:
        return
    box, row = tables.header.theatre, tables.rows(INSTANCE)[0]
    for low, high, inner, outer in (
        ("south", "north", box.south, box.north),
        ("west", "east", box.west, box.east),
    ):
        if inner >= outer:
            yield Kind.EMPTY_THEATRE.at(row.at(f"theatre.{low}"), f"{low} is not less than {high} {outer:g}")


def ids_exist(tables: Tables) -> Iterator[Finding]:
    """Every id that is used has a row."""
    for row, column, value, target in tables.dangling:
        remedy = did_you_mean(value, tables.named(target))
        yield Kind.UNKNOWN_ID.at(row.at(column)._replace(value=value), f"is not in {target}", remedy=remedy)


def keys_name_one_row(tables: Tables) -> Iterator[Finding]:
    """No key twice; needs and standards may repeat over other dates and have rules of their own."""
    for table in TABLES:
        first: dict[tuple[str, ...], str] = {}
        for row in tables.rows(table) if table not in ("needs", "standards") else ():
            line = f"{row.home.file}:{row.home.row}"
            if all(row.key) and first.setdefault(row.key, line) != line:
                place = row.at(key_columns(table)[0])._replace(value="/".join(row.key))
                yield Kind.REPEATED_KEY.at(place, f"stands already in {first[row.key]}")


def parties_are_not_all(tables: Tables) -> Iterator[Finding]:
    """No party takes the name that stands for all of them."""
    for entry in tables.of(Party):
        if entry.row.id == ALL_PARTIES:
            yield Kind.RESERVED_ID.at(entry.at("id"), "is a reserved word")


def payload_falls_with_range(tables: Tables) -> Iterator[Finding]:
    """From one payload-range point to the next, range rises and payload falls."""
    for entry in tables.of(Aircraft):
        for (kg, km), (next_kg, next_km) in pairwise(entry.row.payload_range):
            if next_km <= km or next_kg >= kg:
                problem = f"{next_kg:g}@{next_km:g} after {kg:g}@{km:g} does not fall"
                yield Kind.PAYLOAD_ORDER.at(entry.at("payload_range"), problem)


def dates_run_forward(tables: Tables) -> Iterator[Finding]:
    """First dates are not after last dates."""
    for model, start, end in _DATE_PAIRS:
        for entry in tables.of(model):
            first, last = getattr(entry.row, start), getattr(entry.row, end)
            if first and last and first > last:
                yield Kind.DATES_BACKWARD.at(entry.at(start), f"is after {end} {last}")


def hours_run_forward(tables: Tables) -> Iterator[Finding]:
    """Hours begin before they end."""
    for model, start, end in _HOUR_PAIRS:
        for entry in tables.of(model):
            if getattr(entry.row, start) >= (minute := getattr(entry.row, end)):
                problem = f"is not before {end} {minute // 60:02d}:{minute % 60:02d}"
                yield Kind.HOURS_BACKWARD.at(entry.at(start), problem)


def dates_lie_in_the_plan(tables: Tables) -> Iterator[Finding]:
    """Dates outside the days of the plan are slips, also on closed zones."""
    if tables.header is None:
        return
    first = tables.header.first_date
    last = first + dt.timedelta(days=tables.header.days - 1)
    for table, model in TABLES.items():
        dates = [name for name, column in columns(table).items() if column.content is Content.DATE]
        for entry in tables.of(model):
            for column in dates:
                date = getattr(entry.row, column)
                if date and not first <= date <= last:
                    yield Kind.OUTSIDE_HORIZON.at(entry.at(column), f"is outside {first} to {last}")


def bands_have_height(tables: Tables) -> Iterator[Finding]:
    """An area's floor is below its ceiling."""
    for entry in tables.of(Area):
        if entry.row.floor_m >= entry.row.ceiling_m:
            yield Kind.BAND_BACKWARD.at(
                entry.at("floor_m"), f"is not below ceiling_m {entry.row.ceiling_m:g}"
            )


def bundles_hold_cargo(tables: Tables) -> Iterator[Finding]:
    """A method with bundles or platforms says what they hold."""
    for entry in tables.of(Method):
        if entry.row.position_kind != "none" and entry.row.bundle_net_kg == 0:
            yield Kind.EMPTY_BUNDLE.at(
                entry.at("bundle_net_kg"), f"a {entry.row.position_kind} holds nothing"
            )


def resupply_has_an_interval(tables: Tables) -> Iterator[Finding]:
    """Sets that come again come at intervals."""
    for entry in tables.of(Rig):
        if entry.row.resupply_count and not entry.row.resupply_interval_days:
            yield Kind.RESUPPLY.at(entry.at("resupply_count"), "resupply_interval_days is 0 or empty")


def feeders_go_somewhere(tables: Tables) -> Iterator[Finding]:
    """A feeder does not end where it begins."""
    for entry in tables.of(Feeder):
        if entry.row.from_base == entry.row.to_base:
            yield Kind.FEEDER_LOOP.at(entry.at("to_base"), "is from_base too")


def figures_name_something(tables: Tables) -> Iterator[Finding]:
    """A figure names a table, a row of it (key columns joined by /) and a column."""
    known: dict[str, set[str]] = {}
    for entry in tables.of(Figure):
        table, column = entry.row.table, entry.row.column
        if table not in TABLES:
            yield Kind.FIGURE_OF_NOTHING.at(
                entry.at("table"), "is not a table", remedy=did_you_mean(table, TABLES)
            )
            continue
        if column not in columns(table):
            remedy = did_you_mean(column, columns(table))
            yield Kind.FIGURE_OF_NOTHING.at(entry.at("column"), f"is not a column of {table}", remedy=remedy)
        if table not in known:
            known[table] = {"/".join(row.key) for row in tables.rows(table)}
        if tables.raw[table] is not None and entry.row.id not in known[table]:
            remedy = did_you_mean(entry.row.id, known[table])
            yield Kind.FIGURE_OF_NOTHING.at(entry.at("id"), f"is not a row of {table}", remedy=remedy)


def check(tables: Tables) -> Iterator[Finding]:
    """Every finding of every rule on the rows that could be read."""
    for rule in RULES:
        yield from rule(tables)


RULES: tuple[Rule, ...] = (
    time_zone_exists,
    theatre_has_room,
    ids_exist,
    keys_name_one_row,
    parties_are_not_all,
    payload_falls_with_range,
    dates_run_forward,
    hours_run_forward,
    dates_lie_in_the_plan,
    bands_have_height,
    bundles_hold_cargo,
    resupply_has_an_interval,
    feeders_go_somewhere,
    figures_name_something,
    *reach.RULES,
    *sky_rules.RULES,
    *falling.RULES,
    *minutes.RULES,
    *past.RULES,
    *need_rules.RULES,
)
