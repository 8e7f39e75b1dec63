"""How a bundle falls, by the judge's own arithmetic: step by step through the air."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from instances.schema import Aircraft, Method, Wind, Zone

STEP_M: Final = 10.0
FAILED_MPS: Final = 50.0  # of a bundle without its canopy, at sea level
LEAST_GROUND_MPS: Final = 10.0
GAS, GRAVITY, LAPSE = 287.05287, 9.80665, 0.0065
T0, P0 = 288.15, 101_325.0
RINGS, SPOKES = 120, 180

type Layers = tuple[Wind, ...]


def layers_on(winds: Sequence[Wind], date: dt.date) -> Layers:
    """Rows of the day itself, else of its month."""
    return tuple(wind for wind in winds if wind.date == date) or tuple(
        wind for wind in winds if wind.month == date.month and wind.date is None
    )


def faster(height_m: float) -> float:
    """Speed for the same force as at sea level: sqrt(rho0 / rho), rho = p / (R T) of ISO 2533."""
    kelvin = T0 - LAPSE * min(height_m, 11_000.0)
    pressure = P0 * (kelvin / T0) ** (GRAVITY / (GAS * LAPSE))
    return math.sqrt(P0 / (GAS * T0) / (pressure / (GAS * kelvin)))


@dataclass(frozen=True)
class Fall:
    """One way down: seconds, drift east and north in m, and what the spread of the wind adds up to in m."""

    seconds: float
    east_m: float
    north_m: float
    spread_m: float


def _wind(layers: Layers, height_m: float) -> tuple[float, float, float]:
    for wind in layers:
        if wind.floor_m <= height_m < wind.ceiling_m:
            return wind.u_mps, wind.v_mps, wind.sd_mps
    return 0.0, 0.0, 0.0


def _steps(method: Method, zone: Zone, height_m: float) -> Iterator[tuple[float, float, float]]:
    """Height above ground, seconds under a good canopy, and seconds without, of each step down."""
    count = max(1, math.ceil(height_m / STEP_M))
    step = height_m / count
    opened = max(0.0, height_m - method.opening_m)
    if method.opening_m == 0:
        yield height_m * (1 - 1e-12), method.opening_s, 0.0
    for number in range(count):
        middle = height_m - (number + 0.5) * step
        quick = step / faster(middle + zone.elevation_m)
        if middle > opened:
            good = method.opening_s * step / (height_m - opened)
        elif method.first_stage_mps is not None and middle > method.second_stage_m:
            good = quick / method.first_stage_mps
        else:
            good = quick / method.rate_of_fall_mps if method.rate_of_fall_mps else 0.0
        yield middle, good, quick / FAILED_MPS


@lru_cache(maxsize=1024)
def fall(method: Method, zone: Zone, height_m: float, layers: Layers) -> tuple[Fall, Fall]:
    """The fall under a good canopy, and that of a failed one less that of a good one.

    The spread of the second is that of the difference, which the aim does not allow for.
    """
    good, other = [0.0] * 4, [0.0] * 4
    for height, open_s, shut_s in _steps(method, zone, height_m):
        u, v, sd = _wind(layers, height)
        for total, seconds in ((good, open_s), (other, shut_s - open_s)):
            total[0] += seconds
            total[1] += seconds * u
            total[2] += seconds * v
            total[3] += abs(seconds) * sd
    return Fall(*good), Fall(*other)


@lru_cache(maxsize=1024)
def calm(method: Method, zone: Zone, height_m: float, layers: Layers) -> float:
    """Share of such days on which the mean wind on the way down keeps the method's limits, 0..1.

    The density of the wind is summed over the disc of the limit, ring by ring.
    """
    if not layers:
        return 1.0
    down, _ = fall(method, zone, height_m, layers)
    seconds = max(down.seconds, 1e-9)
    limit = math.inf if method.wind_limit_mps is None else method.wind_limit_mps
    if method.path_limit_m is not None:
        limit = min(limit, method.path_limit_m / seconds)
    if limit == math.inf:
        return 1.0
    u, v, sd = down.east_m / seconds, down.north_m / seconds, down.spread_m / seconds
    if sd < 0.02 * limit or limit == 0:
        return 1.0 if math.hypot(u, v) <= limit else 0.0
    total, ring = 0.0, limit / RINGS
    for i in range(RINGS):
        radius = (i + 0.5) * ring
        for j in range(SPOKES):
            angle = 2 * math.pi * (j + 0.5) / SPOKES
            away = (radius * math.cos(angle) - u) ** 2 + (radius * math.sin(angle) - v) ** 2
            total += radius * math.exp(-away / (2 * sd * sd))
    return min(1.0, total * ring / (SPOKES * sd * sd))


def turn_of(date: dt.date) -> float:
    """The place of a day among the days of its month from calm to windy: its number, bits reversed."""
    bits = f"{date.day:b}"
    return int(bits[::-1], 2) / (1 << len(bits))


@lru_cache(maxsize=1024)
def run_in(aircraft: Aircraft, zone: Zone, height_m: float, layers: Layers) -> tuple[float, float]:
    """Heading over the zone, radians, and speed over ground, m/s: along the axis into the wind."""
    u, v, _ = _wind(layers, height_m)
    indicated = (aircraft.drop_speed_kmh or aircraft.cruise_kmh / 2) / 3.6
    airspeed = indicated * faster(height_m + zone.elevation_m)
    heading = math.radians(zone.axis_deg if zone.run_in_deg is None else zone.run_in_deg)
    tail = u * math.sin(heading) + v * math.cos(heading)
    if zone.run_in_deg is None and tail > 1e-9:
        heading, tail = heading + math.pi, -tail
    cross_2 = u * u + v * v - tail * tail
    return heading, max(LEAST_GROUND_MPS, math.sqrt(max(0.0, airspeed**2 - cross_2)) + tail)


@dataclass(frozen=True)
class Stick:
    """Passes over the zone, bundles in each and m between them."""

    passes: int
    bundles: int
    gap_m: float


def stick(
    aircraft: Aircraft, method: Method, zone: Zone, height_m: float, bundles: int, layers: Layers
) -> Stick:
    """As many bundles in a pass as come down in the zone if nothing scatters; the passes are alike."""
    heading, speed = run_in(aircraft, zone, height_m, layers)
    gap = 0.0 if method.guided else method.exit_interval_s * speed
    aside = heading - math.radians(zone.axis_deg)
    chords = [
        size / abs(ratio)
        for size, ratio in ((zone.length_m, math.cos(aside)), (zone.width_m, math.sin(aside)))
        if abs(ratio) > 1e-9
    ]
    bundles = max(1, bundles)
    most = bundles if gap <= 0 else max(1, math.ceil(min(chords) / gap - 1e-9))
    passes = math.ceil(bundles / most)
    return Stick(passes, math.ceil(bundles / passes), gap)
