"""Civil dawn and dusk, reckoned from the sun's place in the sky; the judge's own arithmetic."""

from __future__ import annotations

import datetime as dt
import math
from typing import Final

CIVIL_DEG: Final = -6.0  # height of the sun's centre at civil dawn and dusk
J2000: Final = dt.datetime(2000, 1, 1, 12, tzinfo=dt.UTC)
HALF_DAY: Final = dt.timedelta(hours=12)
CLOSE: Final = dt.timedelta(seconds=1)


def sun_height_deg(moment: dt.datetime, lat: float, lon: float) -> float:
    """Height of the sun's centre above the horizon, degrees, without refraction.

    Low-precision formulas of the Astronomical Almanac (page C5), good to 0.01 degrees 1950-2050.
    """
    days = (moment - J2000) / dt.timedelta(days=1)
    mean = math.radians(280.460 + 0.9856474 * days)
    anomaly = math.radians(357.528 + 0.9856003 * days)
    longitude = mean + math.radians(1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly))
    tilt = math.radians(23.439 - 4e-7 * days)
    ascension = math.atan2(math.cos(tilt) * math.sin(longitude), math.cos(longitude))
    declination = math.asin(math.sin(tilt) * math.sin(longitude))
    sidereal_h = 18.697374558 + 24.06570982441908 * days
    hour_angle = math.radians(15 * sidereal_h + lon) - ascension
    north = math.sin(math.radians(lat)) * math.sin(declination)
    return math.degrees(
        math.asin(north + math.cos(math.radians(lat)) * math.cos(declination) * math.cos(hour_angle))
    )


def civil_daylight(noon: dt.datetime, lat: float, lon: float) -> tuple[dt.datetime, dt.datetime] | None:
    """Civil dawn and dusk around a moment of day, UTC; None when it stays dark.

    Parameters
    ----------
    noon : datetime
        Noon of the local day by its clocks; the sun's noon nearest to it is meant.
    lat, lon : float
        Place, degrees.
    """
    mean_noon = noon.replace(hour=12, minute=0) - dt.timedelta(hours=lon / 15)
    mean_noon += dt.timedelta(days=round((noon - mean_noon) / dt.timedelta(days=1)))
    if sun_height_deg(mean_noon, lat, lon) < CIVIL_DEG:
        return None
    return _crossing(mean_noon, -HALF_DAY, lat, lon), _crossing(mean_noon, HALF_DAY, lat, lon)


def _crossing(noon: dt.datetime, reach: dt.timedelta, lat: float, lon: float) -> dt.datetime:
    """When the sun stands 6 degrees below the horizon between noon and half a day off, or the far end."""
    light, dark = noon, noon + reach
    if sun_height_deg(dark, lat, lon) >= CIVIL_DEG:
        return dark
    while abs(dark - light) > CLOSE:
        middle = light + (dark - light) / 2
        light, dark = (middle, dark) if sun_height_deg(middle, lat, lon) >= CIVIL_DEG else (light, middle)
    return light
