"""Rules about crews and tails over a day and over days: duty, rest, and how many tails can fly."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Final

from instances.schema import WEEKDAYS
from optimizer.check.case import Case, grouped
from optimizer.check.flight import Flight
from optimizer.check.sortie_rules import sorties_per_tail
from optimizer.check.violation import Violation, counted, number, percent

WEEK_DAYS: Final = 7


def _duties(case: Case) -> Iterator[tuple[str, list[list[Flight]]]]:
    """Each tail with its flights day by day, each day in order of take-off."""
    for tail, flights in case.flights_by(lambda flight: flight.sortie.tail).items():
        days = grouped(sorted(flights, key=lambda f: f.takeoff), lambda f: f.sortie.date)
        yield tail, [days[date] for date in sorted(days)]


def _report(duty: list[Flight]) -> dt.datetime:
    """When the crew reports, UTC."""
    return duty[0].takeoff - dt.timedelta(minutes=duty[0].craft.fleet.report_min)


def _off(duty: list[Flight]) -> dt.datetime:
    """When the crew has landed for the last time that day, UTC."""
    return max(flight.landing for flight in duty)


def crew_duty(case: Case) -> Iterator[Violation]:
    """A crew is on duty, and in flight, for so long only in a day.

    last landing - (first take-off - report_min) <= crew_duty_min; sum block_min <= crew_flight_min
    """
    for tail, duties in _duties(case):
        for duty in duties:
            fleet, where = duty[0].craft.fleet, f"{tail} on {duty[0].sortie.date}"
            on_duty = (_off(duty) - _report(duty)) / dt.timedelta(minutes=1)
            flown = sum(flight.block_min for flight in duty)
            for minutes, most, what in (
                (on_duty, fleet.crew_duty_min, "on duty"),
                (float(flown), fleet.crew_flight_min, "in flight"),
            ):
                if most is not None and minutes > most:
                    message = f"{number(minutes)} min {what}, a crew of {fleet.id} may be {number(most)} min"
                    yield Violation("crew_duty", where, message, "sorties.csv")


def crew_rest(case: Case) -> Iterator[Violation]:
    """A crew rests between its last landing and its next report; crews of a tail take turns by duty.

    report of duty i - last landing of duty i - crews_per_tail >= crew_rest_min
    """
    for tail, duties in _duties(case):
        crews = duties[0][0].craft.fleet.crews_per_tail
        for before, then in zip(duties, duties[crews:], strict=False):
            need = then[0].craft.fleet.crew_rest_min
            rest = (_report(then) - _off(before)) / dt.timedelta(minutes=1)
            if rest < need:
                message = (
                    f"{number(rest)} min of rest since {before[-1].where}, a crew rests {number(need)} min"
                )
                yield Violation("crew_rest", f"{tail} before {then[0].where}", message, "sorties.csv")


def serviceability(case: Case) -> Iterator[Violation]:
    """Only the serviceable share of a fleet's tails flies on a day, and of its tail-days in any 7 days.

    tails flying <= ceil(serviceable_frac x tails[f]);
    sum over 7 days of 1 / sorties_per_tail <= serviceable_frac x tails[f] x days the party flies
    """
    for (fleet_id, date), flights in case.fleet_days.items():
        row = case.fleet_rows.get(fleet_id)
        if row is None:
            continue
        most = math.ceil(flights[0].craft.fleet.serviceable_frac * row.tails - 1e-9)
        flying = len({flight.sortie.tail for flight in flights})
        if most < row.tails and flying > most:
            has = f"{number(most)} of {counted(row.tails, 'tail')} can be in service"
            message = f"{counted(flying, 'tail')} fly, {has}"
            yield Violation("serviceability", f"{fleet_id} on {date}", message, "sorties.csv")
    for fleet_id, flights in case.flights_by(lambda flight: flight.craft.fleet.id).items():
        if fleet_id in case.fleet_rows:
            yield from _in_a_week(case, flights, case.fleet_rows[fleet_id].tails)


def _in_a_week(case: Case, flights: list[Flight], tails: int) -> Iterator[Violation]:
    """The 7 days in which a fleet flies most above its serviceable tail-days."""
    fleet, party = flights[0].craft.fleet, flights[0].craft.party
    flown = [0.0] * len(case.dates)
    for flight in flights:
        # a sortie that does not fit the hours at all breaks flying_hours
        flown[flight.day] += 1 / max(1, sorties_per_tail(flight))
    flies = [WEEKDAYS[date.weekday()] in party.flying_weekdays for date in case.dates]
    worst = (0.0, 0, 0.0, 0)
    for first in range(max(1, len(flown) - WEEK_DAYS + 1)):
        taken, days = sum(flown[first : first + WEEK_DAYS]), tails * sum(flies[first : first + WEEK_DAYS])
        worst = max(worst, (taken - fleet.serviceable_frac * days, -first, taken, days))
    over, first, taken, days = worst
    if over > 1e-6:
        where = f"{fleet.id} in the {min(WEEK_DAYS, len(flown))} days from {case.dates[-first]}"
        has = f"{percent(fleet.serviceable_frac)} of {counted(days, 'tail-day')} can be flown"
        message = f"{counted(round(taken, 2), 'tail-day')} flown, {has}"
        yield Violation("serviceability", where, message, "sorties.csv")
