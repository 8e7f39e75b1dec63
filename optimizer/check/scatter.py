"""Where bundles come down, by the judge's own sampling and sums over a grid."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Final

from instances.schema import Aircraft, GroundArea, Instance, Method, Recovery, Zone
from optimizer.check.fall import Layers, Stick, calm, fall, run_in, stick
from optimizer.check.plane import Point, Rings, bounds, flat, inside, turned

SAMPLES: Final = 6000
CELLS: Final = 40  # on the longer side of a built-up area
STICK_NODES: Final = ((0.9324695, 0.1713245), (0.6612094, 0.3607616), (0.2386192, 0.4679139))
"""Half of the six-point Gauss-Legendre rule over a stick: place and weight."""
SHARE: Final = 0.005  # what landed and diverted shares may be off
HARM: Final = 0.25  # of the harm: plans round it up by as much as a fifth
FAR: Final = 6.0  # standard deviations beyond which nothing comes down


@dataclass(frozen=True)
class Fate:
    """What becomes of a bundle, and how far the figures of a plan may be off.

    Attributes
    ----------
    landed_frac, stray_frac : float
        Shares gathered usable and fallen into other hands, 0..1.
    harm_per_bundle : float
        People expected to be hurt.
    basis : str
        ``table``, ``computed`` or ``observed``.
    slack_frac, slack_harm : float
        What shares, and harm per bundle, may differ by.
    """

    landed_frac: float
    stray_frac: float
    harm_per_bundle: float
    basis: str
    slack_frac: float = 0.0
    slack_harm: float = 0.0


@dataclass(frozen=True)
class FullLoad:
    """A full load over a zone: who drops what, from what height in m, how many, in which winds."""

    aircraft: Aircraft
    method: Method
    zone: Zone
    height_m: float
    bundles: int
    layers: Layers

    @property
    def calm_frac(self) -> float:
        """Share of such days on which the wind is within the method's limit, 0..1."""
        return calm(self.method, self.zone, self.height_m, self.layers)

    @property
    def stick(self) -> Stick:
        """Passes and bundles."""
        return stick(self.aircraft, self.method, self.zone, self.height_m, self.bundles, self.layers)

    @property
    def passes(self) -> int:
        """Passes over the zone; one where the method does not say how it scatters."""
        return self.stick.passes if computed(self.method) else 1


def computed(method: Method) -> bool:
    """Whether what lands follows from scatter, not from the method's table."""
    return method.kind == "drop" and method.release_error_m is not None


def fate(load: FullLoad, instance: Instance) -> Fate:
    """What the instance says becomes of a bundle of this load."""
    known = next(
        (
            row
            for row in instance.recoveries
            if (row.zone, row.method) == (load.zone.id, load.method.id)
            and row.release_height_m in (None, load.height_m)
        ),
        None,
    )
    if not computed(load.method):
        return _table(load.method, load.zone, known)
    own = _computed(load, instance.header.forecast_error_frac, instance.ground)
    if known is None:
        return own
    stray = min(own.stray_frac, 1 - known.landed_frac)
    return Fate(known.landed_frac, stray, own.harm_per_bundle, "observed", SHARE, own.slack_harm)


def _table(method: Method, zone: Zone, known: Recovery | None) -> Fate:
    """Shares as the method has them; an observed share replaces the method's.

    What an observed share lacks beyond failure and damage has strayed.
    """
    sound = (1 - method.failure_frac) * (1 - method.damage_frac)
    landed, stray, basis = (1 - method.miss_frac) * sound, method.miss_frac, "table"
    if known is not None:
        stray = max(0.0, 1 - known.landed_frac / sound) if sound > 0 else method.miss_frac
        landed, basis = known.landed_frac, "observed"
    bad = 1 - (1 - stray) * (1 - method.failure_frac)
    return Fate(landed, stray, zone.people_per_km2 * 1e-6 * method.footprint_m2 * bad, basis)


@lru_cache(maxsize=512)
def _computed(load: FullLoad, missed: float, ground: tuple[GroundArea, ...]) -> Fate:
    """Shares by sampling, harm by sums over the built-up areas."""
    method, zone = load.method, load.zone
    down, other = fall(method, zone, load.height_m, load.layers)
    aim = method.release_error_m or 0.0
    openings = 1 if method.first_stage_mps is None else 2
    wind_m = missed * down.spread_m
    sigma = aim if method.guided else math.sqrt(aim**2 + openings * method.opening_error_m**2 + wind_m**2)
    held = [(area.recovery_frac, flat(zone, area)) for area in ground if area.kind == "held"]
    in_zone, in_held, gathered = _sampled(load, sigma, held)
    towns = [(area.people_per_km2 or 0.0, flat(zone, area)) for area in ground if area.kind == "built_up"]
    late = _people(load, towns, (0.0, 0.0), sigma, 1 - in_zone)
    lost = _people(load, towns, (other.east_m, other.north_m), math.hypot(aim, other.spread_m), 1.0)
    good, footprint_km2 = 1 - method.failure_frac, method.footprint_m2 * 1e-6
    harm = footprint_km2 * (good * late + method.failure_frac * lost)
    return Fate(
        landed_frac=good * (1 - method.damage_frac) * (in_zone + gathered),
        stray_frac=good * (1 - in_zone - in_held),
        harm_per_bundle=harm,
        basis="computed",
        slack_frac=SHARE,
        slack_harm=HARM * harm + SHARE * footprint_km2 * zone.people_per_km2,
    )


@lru_cache(maxsize=1)
def _errors() -> tuple[tuple[float, float, float], ...]:
    """Standard normal errors each way and a place in the stick, -1/2..1/2: Halton's points to 2, 3 and 5."""
    normal = NormalDist()
    return tuple(
        (normal.inv_cdf(_halton(i, 2)), normal.inv_cdf(_halton(i, 3)), _halton(i, 5) - 0.5)
        for i in range(1, SAMPLES + 1)
    )


def _halton(index: int, base: int) -> float:
    value, part = 0.0, 1.0
    while index:
        part /= base
        value += part * (index % base)
        index //= base
    return value


def _sampled(load: FullLoad, sigma: float, held: list[tuple[float, Rings]]) -> tuple[float, float, float]:
    """Shares of good canopies in the zone and in held areas, and the share gathered in these."""
    zone, run = load.zone, load.stick
    heading, _ = run_in(load.aircraft, zone, load.height_m, load.layers)
    east, north = math.sin(heading), math.cos(heading)
    axis = math.radians(zone.axis_deg)
    in_zone, in_held, gathered = 0, 0, 0.0
    for x_error, y_error, place in _errors():
        bundle = min(run.bundles - 1, math.floor((place + 0.5) * run.bundles))
        along = (bundle - (run.bundles - 1) / 2) * run.gap_m
        x, y = along * east + sigma * x_error, along * north + sigma * y_error
        length, width = turned(x, y, axis)
        if abs(length) <= zone.length_m / 2 and abs(width) <= zone.width_m / 2:
            in_zone += 1
            continue
        for recovery_frac, rings in held:
            if inside(x, y, rings):
                in_held += 1
                gathered += recovery_frac
                break
    return in_zone / SAMPLES, in_held / SAMPLES, gathered / SAMPLES


def _people(
    load: FullLoad, towns: list[tuple[float, Rings]], centre: Point, sigma: float, outside: float
) -> float:
    """People per km2 where a bundle comes down about a point, m; `outside`: share not in the zone."""
    met, left, taken = 0.0, outside, list[Rings]()
    reach = load.stick.bundles * load.stick.gap_m / 2 + FAR * max(sigma, 1.0)
    for people_per_km2, rings in towns:
        west, south, east, north = bounds(rings)
        aside = max(west - centre[0], centre[0] - east, south - centre[1], centre[1] - north)
        share = (
            0.0
            if aside > reach
            else sum(_density(load, centre, sigma, x, y) * m2 for x, y, m2 in _cells(load.zone, rings, taken))
        )
        met, left = met + people_per_km2 * share, left - share
        taken.append(rings)
    return met + load.zone.people_per_km2 * max(0.0, left)


def _cells(zone: Zone, rings: Rings, taken: list[Rings]) -> Iterator[tuple[float, float, float]]:
    """Middles and size in m2 of the cells of an area, without the zone and areas that were counted."""
    west, south, east, north = bounds(rings)
    side = max(east - west, north - south) / CELLS
    axis = math.radians(zone.axis_deg)
    for i in range(math.ceil((east - west) / side)):
        for j in range(math.ceil((north - south) / side)):
            x, y = west + (i + 0.5) * side, south + (j + 0.5) * side
            length, width = turned(x, y, axis)
            in_zone = abs(length) <= zone.length_m / 2 and abs(width) <= zone.width_m / 2
            if inside(x, y, rings) and not in_zone and not any(inside(x, y, other) for other in taken):
                yield x, y, side * side


def _density(load: FullLoad, centre: Point, sigma: float, x: float, y: float) -> float:
    """Chance per m2 that a bundle comes down at a point, mean over the stick."""
    run, sigma = load.stick, max(sigma, 1.0)
    heading, _ = run_in(load.aircraft, load.zone, load.height_m, load.layers)
    along, across = turned(x - centre[0], y - centre[1], heading)
    half = run.bundles * run.gap_m / 2  # a bundle stands for the ground up to the middle between two
    if abs(across) > FAR * sigma or abs(along) > half + FAR * sigma:
        return 0.0
    scale = -0.5 / sigma**2
    total = sum(
        weight * math.exp(scale * (along - sign * node * half) ** 2)
        for node, weight in STICK_NODES
        for sign in (1, -1)
    )
    return total / 2 * math.exp(scale * across * across) / (2 * math.pi * sigma * sigma)
