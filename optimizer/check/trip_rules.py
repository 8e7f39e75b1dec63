"""Trips of feeders that have an aircraft: their minutes, as ``timetable.csv`` has them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from instances.schema import Aircraft, Feeder
from optimizer.check.case import Case, grouped
from optimizer.check.flight import as_utc
from optimizer.check.violation import Violation, clock, counted
from optimizer.plan import Activity


@dataclass(frozen=True)
class Trip:
    """A trip whose feeder has an aircraft, worked out from its take-off; times are UTC."""

    feeder: Feeder
    aircraft: Aircraft
    date: dt.date
    takeoff: dt.datetime
    rows: tuple[Activity, ...]

    @property
    def loading(self) -> dt.datetime:
        """When loading begins."""
        return self.takeoff - _up(self.aircraft.turnaround_min)

    @property
    def arrival(self) -> dt.datetime:
        """When it reaches the far base."""
        return self.takeoff + _up(self.feeder.minutes)

    @property
    def leaving(self) -> dt.datetime:
        """When it leaves the far base."""
        return self.arrival + _up(self.aircraft.turnaround_min)

    @property
    def landing(self) -> dt.datetime:
        """When it is back."""
        return self.leaving + _up(self.feeder.minutes)

    @property
    def refuelled(self) -> dt.datetime:
        """When it can be loaded again."""
        return self.landing + _up(self.aircraft.refuel_min)


def _up(minutes: float) -> dt.timedelta:
    return dt.timedelta(minutes=math.ceil(minutes - 1e-9))


def trips(case: Case) -> list[Trip]:
    """Every trip that ``timetable.csv`` shows of a feeder with an aircraft, in order of take-off."""
    found = []
    for row in case.plan.timetable:
        feeder = next((f for f in case.instance.feeders if row.tail == f"{f.id}_1"), None)
        if feeder is None or feeder.aircraft is None or row.activity != "outbound":
            continue
        own = tuple(r for r in case.plan.timetable if r.sorties == row.sorties and r.date == row.date)
        aircraft = case.tables.aircraft[feeder.aircraft]
        found.append(Trip(feeder, aircraft, row.date, as_utc(row.start_utc), own))
    return sorted(found, key=lambda trip: (trip.takeoff, trip.feeder.id))


def feeder_times(case: Case) -> Iterator[Violation]:
    """Trips of a feeder with an aircraft have their minutes, one after the other, within the hours.

    loading >= base opens; take-off >= party and base open; landing <= they close; at the far base from its
    opening to its closing; the next loading after refuelling
    """
    shown = grouped(trips(case), lambda trip: (trip.date, trip.feeder.id))
    for (date, feeder_id), made in case.feeder_trips.items():
        if case.tables.feeders[feeder_id].aircraft is None:
            continue
        own = shown.get((date, feeder_id), [])
        if len(own) != made:
            message = f"{counted(made, 'trip')}, timetable.csv shows {len(own)}"
            yield Violation("feeder_times", f"{feeder_id} on {date}", message, "timetable.csv")
        for trip in own:
            for fault in (*_hours(case, trip), *_rows(trip)):
                yield Violation("feeder_times", f"{feeder_id} on {date}", fault, "timetable.csv")
        for first, then in pairwise(own):
            if then.loading < first.refuelled:
                at = clock(case.minute(then.loading, date))
                message = f"loaded at {at} local before it is back and refuelled"
                yield Violation("feeder_times", f"{feeder_id} on {date}", message, "timetable.csv")


def _hours(case: Case, trip: Trip) -> Iterator[str]:
    """Times of a trip outside the hours of its party or bases."""
    party = case.tables.parties[trip.feeder.party]
    near, far = case.tables.bases[trip.feeder.from_base], case.tables.bases[trip.feeder.to_base]
    for what, moment, opens, closes in (
        ("loading", trip.loading, near.hours_from, near.hours_to),
        ("take-off", trip.takeoff, max(party.hours_from, near.hours_from), near.hours_to),
        ("arrival", trip.arrival, far.hours_from, far.hours_to),
        ("departure", trip.leaving, far.hours_from, far.hours_to),
        ("landing", trip.landing, near.hours_from, min(party.hours_to, near.hours_to)),
    ):
        minute = case.minute(moment, trip.date)
        if not opens <= minute <= closes:
            yield f"{what} at {clock(minute)} local, the hours are {clock(opens)} to {clock(closes)}"


def _rows(trip: Trip) -> Iterator[str]:
    """Rows of a trip that are not what its take-off gives."""
    near, far = trip.feeder.from_base, trip.feeder.to_base
    due = {
        ("loading", trip.loading, trip.takeoff, near),
        ("outbound", trip.takeoff, trip.arrival, f"{near} to {far}"),
        ("unloading", trip.arrival, trip.leaving, far),
        ("inbound", trip.leaving, trip.landing, f"{far} to {near}"),
        ("refuelling", trip.landing, trip.refuelled, near),
    }
    due = {row for row in due if row[1] < row[2]}
    seen = {(r.activity, as_utc(r.start_utc), as_utc(r.end_utc), r.place) for r in trip.rows}
    for said, rows in (("which the feeder does not do", seen - due), ("which is missing", due - seen)):
        for what, start, end, place in sorted(rows):
            yield f"{what} {start:%Y-%m-%dT%H:%MZ} to {end:%Y-%m-%dT%H:%MZ} at {place}, {said}"
