"""The rule about ``timetable.csv``: it says what the sorties say."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

from optimizer.check.case import Case, grouped
from optimizer.check.flight import Flight, as_utc
from optimizer.check.violation import Violation
from optimizer.plan import Activity

Span = tuple[str, str, dt.datetime, dt.datetime, str]
"""Tail, activity, start and end in UTC, place."""


def timetable_figures(case: Case) -> Iterator[Violation]:
    """Tails do in ``timetable.csv`` what follows from ``sorties.csv``; a plan may lack that file."""
    if not case.plan.timetable:
        return
    rows = grouped(case.plan.timetable, lambda row: tuple(sorted(row.sorties)))
    for flight in case.flights:
        name = flight.sortie.sortie_id
        own = [_seen(row) for row in rows.get((name,), []) if row.activity != "crew duty"]
        yield from _compared(flight.where, set(own), set(_due(flight)))
    duties = case.flights_by(lambda flight: (flight.sortie.tail, flight.sortie.date))
    on_duty = [row for row in case.plan.timetable if row.activity == "crew duty"]
    seen = grouped(on_duty, lambda row: (row.tail, row.date))
    for (tail, date), flights in duties.items():
        report = min(f.takeoff for f in flights) - _up(flights[0].craft.fleet.report_min)
        off = max(f.landing for f in flights)
        due = (tail, "crew duty", report, off, flights[0].craft.base.id)
        yield from _compared(f"{tail} on {date}", {_seen(row) for row in seen.get((tail, date), [])}, {due})
    for row in case.plan.timetable:
        for column, local, utc in (
            ("start_local", row.start_local, row.start_utc),
            ("end_local", row.end_local, row.end_utc),
        ):
            due_local = case.local(as_utc(utc))
            if as_utc(local) != as_utc(utc) or local.utcoffset() != due_local.utcoffset():
                message = f"{column} is {local.isoformat()}, local time is {due_local.isoformat()}"
                where = f"{row.tail} on {row.date}"
                yield Violation("timetable_figures", where, message, "timetable.csv")


def _seen(row: Activity) -> Span:
    return row.tail, row.activity, as_utc(row.start_utc), as_utc(row.end_utc), row.place


def _up(minutes: float) -> dt.timedelta:
    return dt.timedelta(minutes=math.ceil(minutes - 1e-9))


def _due(flight: Flight) -> Iterator[Span]:
    """What a sortie is made of, from the instance."""
    craft, tail = flight.craft, flight.sortie.tail
    base, at, left = craft.base.id, craft.base.id, flight.takeoff
    spans = [("loading", left - _up(craft.aircraft.turnaround_min), left, base)]
    ends = [*(call.drop for call in flight.calls[1:]), flight.landing]
    for call, end in zip(flight.calls, ends, strict=True):
        spans.append(("outbound" if at == base else "onward", left, call.drop, f"{at} to {call.zone.id}"))
        at, left = call.zone.id, min(call.drop + _up(call.zone_min), end)
        spans.append(("at the zone", call.drop, left, at))
    spans.append(("inbound", left, flight.landing, f"{at} to {base}"))
    spans.append(("refuelling", flight.landing, flight.landing + _up(craft.aircraft.refuel_min), base))
    for what, start, end, place in spans:
        if start < end:
            yield tail, what, start, end, place


def _compared(where: str, seen: set[Span], due: set[Span]) -> Iterator[Violation]:
    for said, spans in (("which no sortie asks for", seen - due), ("which is missing", due - seen)):
        for tail, what, start, end, place in sorted(spans):
            times = f"{start:%Y-%m-%dT%H:%MZ} to {end:%Y-%m-%dT%H:%MZ}"
            message = f"{tail}: {what} {times} at {place}, {said}"
            yield Violation("timetable_figures", where, message, "timetable.csv")
