"""When it is light enough to see a zone: civil dawn and dusk by place and date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import dawn, dusk, elevation

CIVIL_DEG = 6.0  # the sun's centre below the horizon at civil dawn and dusk
SURE_DEG = CIVIL_DEG - 0.5  # two to three minutes inside, where all good formulas say it is light
DAY, HALF_DAY = dt.timedelta(days=1), dt.timedelta(hours=12)

type Event = Callable[[Observer, dt.date, float, dt.tzinfo], dt.datetime]


@lru_cache(maxsize=65536)
def civil_daylight(
    lat: float, lon: float, date: dt.date, time_zone: str
) -> tuple[dt.datetime, dt.datetime] | None:
    """Civil daylight of a local day, UTC, half a degree of the sun inside dawn and dusk; None when dark.

    Parameters
    ----------
    lat, lon : float
        Place, degrees.
    date : date
        Local day: the light around its noon is meant.
    time_zone : str
        IANA name of the clocks the date is of.

    Returns
    -------
    tuple of datetime or None
        Twelve hours before or after noon where the sun does not sink that low (NOAA's equations, as in
        the astral library; good to about a minute, less near the poles).
    """
    noon = _solar_noon(lon, date, time_zone)
    observer = Observer(latitude=lat, longitude=lon)
    if elevation(observer, noon) < -SURE_DEG:
        return None
    begins, ends = _moment(dawn, observer, noon), _moment(dusk, observer, noon)
    # The library is at times a day off in UTC; dawn lies in the day before noon, dusk in the day after.
    begins = noon - HALF_DAY if begins is None else max(noon - HALF_DAY, noon - (noon - begins) % DAY)
    ends = noon + HALF_DAY if ends is None else min(noon + HALF_DAY, noon + (ends - noon) % DAY)
    return begins, ends


def _solar_noon(lon: float, date: dt.date, time_zone: str) -> dt.datetime:
    """When the mean sun stands highest on a local day, UTC; the time zone may be far from the place."""
    clock_noon = dt.datetime.combine(date, dt.time(12), ZoneInfo(time_zone)).astimezone(dt.UTC)
    mean_noon = dt.datetime.combine(date, dt.time(12), dt.UTC) - dt.timedelta(hours=lon / 15)
    nearest = round((clock_noon - mean_noon) / dt.timedelta(days=1))
    return mean_noon + dt.timedelta(days=nearest)


def _moment(event: Event, observer: Observer, noon: dt.datetime) -> dt.datetime | None:
    """Dawn or dusk of the day around noon, UTC; None when the sun does not sink that low."""
    try:
        return event(observer, noon.date(), SURE_DEG, dt.UTC)
    except ValueError:
        return None
