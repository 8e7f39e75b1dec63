"""The hours of one day that a sortie must keep, in minutes that really pass since local midnight.

Wall clocks jump twice a year in many places, so hours of the instance are turned into elapsed minutes of
each day; on an hour that comes twice, opening means the later and closing the earlier of the two.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from instances.daylight import civil_daylight
from instances.schema import Base, Party, Zone
from optimizer.mission import Mission, Stop

LIGHT_STEP_MIN = 5  # daylight is taken to five minutes inside, so that days in a row are alike


@dataclass(frozen=True)
class Hours:
    """Hours of a day in elapsed minutes, both ends included.

    Attributes
    ----------
    loading_from : int
        The base opens: loading may begin.
    takeoff_from, landing_to : int
        Common hours of party and base, and of the path of a sortie.
    drop_from, drop_to : int
        Hours in which the ground team recovers.
    light_from, light_to : int
        Daylight at the zone; the whole day and more where it does not matter.
    """

    loading_from: int
    takeoff_from: int
    landing_to: int
    drop_from: int
    drop_to: int
    light_from: int
    light_to: int


ALWAYS = (-10_000, 10_000)  # minutes: no limit of daylight
NEVER = (10_000, -10_000)


@lru_cache(maxsize=65536)
def midnight(date: dt.date, time_zone: str) -> dt.datetime:
    """Local midnight at which a day begins, UTC."""
    return dt.datetime.combine(date, dt.time(), ZoneInfo(time_zone)).astimezone(dt.UTC)


@lru_cache(maxsize=65536)
def elapsed(date: dt.date, time_zone: str, minute: int, fold: int) -> int:
    """Minutes from local midnight until the clocks show `minute` (1440: the end of the day)."""
    clock = dt.datetime.combine(date, dt.time()) + dt.timedelta(minutes=minute)
    moment = clock.replace(tzinfo=ZoneInfo(time_zone), fold=fold).astimezone(dt.UTC)
    return math.floor((moment - midnight(date, time_zone)) / dt.timedelta(minutes=1))


def hours_between(
    party: Party, start: Base, end: Base, turnaround_min: int, time_zone: str, date: dt.date
) -> Hours:
    """The hours of a trip from base to base and back; at the far end it unloads for a turnaround."""
    opens = {b.id: elapsed(date, time_zone, b.hours_from, fold=1) for b in (start, end)}
    closes = {b.id: elapsed(date, time_zone, b.hours_to, fold=0) for b in (start, end)}
    return Hours(
        loading_from=opens[start.id],
        takeoff_from=max(elapsed(date, time_zone, party.hours_from, fold=1), opens[start.id]),
        landing_to=min(elapsed(date, time_zone, party.hours_to, fold=0), closes[start.id]),
        drop_from=opens[end.id],
        drop_to=closes[end.id] - turnaround_min,
        light_from=ALWAYS[0],
        light_to=ALWAYS[1],
    )


def hours_of(m: Mission, stop: Stop, time_zone: str, date: dt.date) -> Hours:
    """The hours that a sortie of a mission must keep on a day, at one of its stops."""
    zone = stop.zone

    def opens(minute: int) -> int:
        return max(elapsed(date, time_zone, minute, fold) for fold in (0, 1))

    def closes(minute: int) -> int:
        return min(elapsed(date, time_zone, minute, fold) for fold in (0, 1))

    light = ALWAYS
    if m.party.daylight_only and m.aircraft.kind != "truck":
        light = _light(zone, date, time_zone)
    return Hours(
        loading_from=opens(m.base.hours_from),
        takeoff_from=opens(m.hours_from),
        landing_to=closes(m.hours_to),
        drop_from=opens(zone.recovery_from),
        drop_to=closes(zone.recovery_to),
        light_from=light[0] if light[0] > opens(zone.recovery_from) else ALWAYS[0],
        light_to=light[1] if light[1] < closes(zone.recovery_to) else ALWAYS[1],
    )


def _light(zone: Zone, date: dt.date, time_zone: str) -> tuple[int, int]:
    found = civil_daylight(zone.lat, zone.lon, date, time_zone)
    if found is None:
        return NEVER
    start = midnight(date, time_zone)
    first, last = ((moment - start) / dt.timedelta(minutes=1) for moment in found)
    return (
        math.ceil(first / LIGHT_STEP_MIN) * LIGHT_STEP_MIN,
        math.floor(last / LIGHT_STEP_MIN) * LIGHT_STEP_MIN,
    )


def takeoffs(
    hours: Hours, block_min: int, drop_min: int, turnaround_min: float, clearing_min: float
) -> range:
    """Minutes at which a sortie may take off; empty when it does not fit into the day."""
    first = max(
        hours.takeoff_from,
        math.ceil(hours.loading_from + turnaround_min),
        hours.drop_from - drop_min,
        hours.light_from - drop_min,
    )
    last = min(
        hours.landing_to - block_min,
        math.floor(hours.drop_to - clearing_min) - drop_min,
        hours.light_to - drop_min,
    )
    return range(first, last + 1)
