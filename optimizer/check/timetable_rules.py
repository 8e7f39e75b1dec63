"""Rules about the minutes of a day: hours, tails, ramp and spacing over a zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from instances.schema import WEEKDAYS
from optimizer.check.case import Case, grouped
from optimizer.check.flight import Flight
from optimizer.check.sun import civil_daylight
from optimizer.check.trip_rules import trips
from optimizer.check.violation import Violation, clock, counted, joined, number


def flying_hours(case: Case) -> Iterator[Violation]:
    """Loading, take-off and landing lie within the hours of party and base, on a day the party flies."""
    for flight in case.flights:
        date, party, base = flight.sortie.date, flight.craft.party, flight.craft.base
        opens, closes = max(party.hours_from, base.hours_from), min(party.hours_to, base.hours_to)
        takeoff, landing = case.minute(flight.takeoff, date), case.minute(flight.landing, date)
        weekday = WEEKDAYS[date.weekday()]
        hours = f"the hours of {party.id} and {base.id} are {clock(opens)} to {clock(closes)}"
        if weekday not in party.flying_weekdays:
            message = f"a {weekday}, {party.id} flies on {joined(party.flying_weekdays)}"
        elif takeoff < opens:
            message = f"take-off at {clock(takeoff)} local, {hours}"
        elif case.minute(_loading_starts(flight), date) < base.hours_from:
            message = f"loading for take-off at {clock(takeoff)} begins before {base.id} opens at "
            message += clock(base.hours_from)
        elif landing > closes:
            message = f"landing at {clock(landing)} local, {hours}"
        else:
            continue
        yield Violation("flying_hours", flight.where, message, "sorties.csv")


def zone_hours(case: Case) -> Iterator[Violation]:
    """Drops lie within the zone's recovery hours: recovery_from <= drop <= recovery_to."""
    for flight, call in case.stops:
        zone = call.zone
        drop = case.minute(call.drop, flight.sortie.date)
        if not zone.recovery_from <= drop <= zone.recovery_to:
            hours = f"{zone.id} works from {clock(zone.recovery_from)} to {clock(zone.recovery_to)}"
            yield Violation(
                "zone_hours", flight.where, f"drop at {clock(drop)} local, {hours}", "sorties.csv"
            )


def daylight(case: Case) -> Iterator[Violation]:
    """Drops of a party that sees by daylight lie between civil dawn and dusk; trucks need none."""
    for flight, call in case.stops:
        craft, date = flight.craft, flight.sortie.date
        if not craft.party.daylight_only or craft.aircraft.kind == "truck":
            continue
        noon = dt.datetime.combine(date, dt.time(12), case.zone_info).astimezone(dt.UTC)
        light = civil_daylight(noon, call.zone.lat, call.zone.lon)
        if light is None or not light[0] <= call.drop <= light[1]:
            dawn, dusk = (clock(case.minute(time, date)) for time in light or (noon, noon))
            hours = f"it is light at {call.zone.id} from {dawn} to {dusk}"
            hours = hours if light else f"it stays dark at {call.zone.id}"
            message = f"drop at {clock(case.minute(call.drop, date))} local, {hours}"
            yield Violation("daylight", flight.where, message, "sorties.csv")


def tail_turnaround(case: Case) -> Iterator[Violation]:
    """A tail flies one sortie at a time; between landing and take-off it is refuelled and loaded."""
    for tail, flights in case.flights_by(lambda flight: flight.sortie.tail).items():
        for first, then in pairwise(sorted(flights, key=lambda flight: flight.takeoff)):
            need = first.craft.aircraft.refuel_min + then.craft.aircraft.turnaround_min
            gap = (then.takeoff - first.landing).total_seconds() / 60
            if gap < need:
                message = f"{number(gap)} min after {first.sortie.sortie_id} lands, turning round takes "
                where = f"{tail} before {then.where}"
                yield Violation("tail_turnaround", where, f"{message}{number(need)} min", "sorties.csv")


def ramp_slots(case: Case) -> Iterator[Violation]:
    """No more aircraft are loaded at once than there are slots.

    Loading takes the turnaround before take-off, and so does unloading a feeder at the far base; the
    busiest moment of a day is named.
    """
    for (base_id, date), stands in grouped(_stands(case), lambda stand: stand[:2]).items():
        slots = case.tables.bases[base_id].ramp_slots
        times = [(start, end) for _, _, start, end in stands if start < end]
        crowd = [(sum(s <= start < e for s, e in times), start) for start, _ in times]
        busiest, moment = max(crowd, key=lambda c: c[0], default=(0, None))
        if busiest > slots and moment is not None:
            at = clock(case.minute(moment, date))
            message = f"{busiest} aircraft loaded at {at} local"
            message += f", the ramp has {counted(slots, 'slot')}"
            yield Violation("ramp_slots", f"{base_id} on {date}", message, "sorties.csv")


def _stands(case: Case) -> Iterator[tuple[str, dt.date, dt.datetime, dt.datetime]]:
    """Base, date, start and end, UTC, of every time an aircraft stands on a ramp slot."""
    for flight in case.flights:
        yield flight.craft.base.id, flight.sortie.date, _loading_starts(flight), flight.takeoff
    for trip in trips(case):
        yield trip.feeder.from_base, trip.date, trip.loading, trip.takeoff
        yield trip.feeder.to_base, trip.date, trip.arrival, trip.leaving


def _loading_starts(flight: Flight) -> dt.datetime:
    """When loading begins, UTC."""
    return flight.takeoff - dt.timedelta(minutes=flight.craft.aircraft.turnaround_min)


def refuelling(case: Case) -> Iterator[Violation]:
    """After landing an aircraft is refuelled, and no more at once than there are fuel points."""
    for base_id, flights in case.flights_by(lambda f: f.craft.base.id).items():
        points = flights[0].craft.base.fuel_points
        for late in flights if points is not None else ():
            same = [f for f in flights if f.landing <= late.landing < _refuelled(f)]
            if points is not None and len(same) > points and late is same[-1]:
                date = late.sortie.date
                at = clock(case.minute(late.landing, date))
                message = f"{len(same)} aircraft refuelled at {at} local"
                message += f", there {'is' if points == 1 else 'are'} {counted(points, 'fuel point')}"
                yield Violation("refuelling", f"{base_id} on {date}", message, "sorties.csv")


def _refuelled(flight: Flight) -> dt.datetime:
    """When refuelling ends, UTC."""
    return flight.landing + dt.timedelta(minutes=flight.craft.aircraft.refuel_min)


def takeoff_spacing(case: Case) -> Iterator[Violation]:
    """Two take-offs from a base keep ``takeoff_spacing_min``."""
    for base_id, leaving in grouped(_departures(case), lambda departure: departure[0]).items():
        spacing = case.tables.bases[base_id].takeoff_spacing_min
        for (_, before, first, _), (_, after, _, where) in pairwise(sorted(leaving, key=lambda d: d[1:])):
            gap = (after - before).total_seconds() / 60
            if gap < spacing:
                message = f"{number(gap)} min after {first}, take-offs keep {number(spacing)} min"
                yield Violation("takeoff_spacing", f"{base_id} before {where}", message, "sorties.csv")


def _departures(case: Case) -> Iterator[tuple[str, dt.datetime, str, str]]:
    """Base and time, UTC, of every take-off, who it is and where violations find it."""
    for flight in case.flights:
        yield flight.craft.base.id, flight.takeoff, flight.sortie.sortie_id, flight.where
    for trip in trips(case):
        where = f"{trip.feeder.id} on {trip.date}"
        yield trip.feeder.from_base, trip.takeoff, trip.feeder.id, where
        yield trip.feeder.to_base, trip.leaving, trip.feeder.id, where


def zone_clearing(case: Case) -> Iterator[Violation]:
    """The ground team clears the zone after each drop, before the next and before its hours end."""
    for zone_id, calls in case.calls_by(lambda _, call: call.zone.id).items():
        zone = calls[0][1].zone
        takes = f"clearing {zone_id} takes {number(zone.clearing_min)} min"
        ordered = sorted(calls, key=lambda pair: pair[1].drop)
        for (first, before), (then, after) in pairwise(ordered):
            gap = (after.drop - before.drop).total_seconds() / 60
            if gap < zone.clearing_min:
                message = f"{number(gap)} min after {first.sortie.sortie_id}, {takes}"
                yield Violation("zone_clearing", f"{zone_id} before {then.where}", message, "sorties.csv")
        for flight, call in ordered if zone.clearing_min > 0 else ():
            drop = case.minute(call.drop, flight.sortie.date)
            if drop <= zone.recovery_to < drop + zone.clearing_min:
                until = f"the team works until {clock(zone.recovery_to)}"
                message = f"drop at {clock(drop)} local, {takes}, {until}"
                yield Violation("zone_clearing", flight.where, message, "sorties.csv")


def zone_spacing(case: Case) -> Iterator[Violation]:
    """Two sorties of any party over one zone keep ``drop_spacing_min`` between their drops."""
    for zone_id, calls in case.calls_by(lambda _, call: call.zone.id).items():
        spacing = calls[0][1].zone.drop_spacing_min
        for (first, before), (then, after) in pairwise(sorted(calls, key=lambda pair: pair[1].drop)):
            gap = (after.drop - before.drop).total_seconds() / 60
            if gap < spacing:
                message = (
                    f"{number(gap)} min after {first.sortie.sortie_id}, drops keep {number(spacing)} min"
                )
                yield Violation("zone_spacing", f"{zone_id} before {then.where}", message, "sorties.csv")
