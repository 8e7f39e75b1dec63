"""One drop explained for a crew: where to release, how it falls and where it ends up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from instances.schema import Instance
from optimizer.landing.air import Array
from optimizer.landing.drops import Drop, Falls, falls
from optimizer.landing.ground import built_up_on_axis, place_from
from optimizer.landing.landings import observed, shares
from optimizer.landing.winds import Layers

CEP: Final = math.sqrt(2 * math.log(2))
"""Radius that holds half of the bundles, in standard deviations (1.1774)."""
ELLIPSE: Final = 2.4477
"""Half axes of the ellipse that holds 95 % of a bivariate normal, in standard deviations."""


@dataclass(frozen=True)
class Place:
    """A point by latitude and longitude, and by distance and bearing from the centre of the zone."""

    lat: float
    lon: float
    distance_m: float
    bearing_deg: float
    east_m: float
    north_m: float


@dataclass(frozen=True)
class Account:
    """What a crew should know about a drop; lengths in m, angles in degrees from north, shares 0..1.

    Attributes
    ----------
    time_of_fall_s, drift_m, drift_to_deg : float
        Under a good canopy.
    wind_mps, wind_from_deg, calm_frac : float
        Mean wind on the way down; share of such days on which it is within the method's limit.
    release, first_release : Place
        Where the aircraft is when the middle bundle, and the first, leave.
    run_in_deg, ground_speed_mps, stick_m, passes, bundles_per_pass : float
        How the zone is flown over.
    sigma_m, cep_m, ellipse_along_m, ellipse_across_m : float
        Scatter of a bundle each way; circle of half of them; half axes of the 95 % ellipse of a stick.
    failed_at : Place
        Where bundles whose canopy failed come down, on average.
    in_zone_frac, held_frac, diverted_frac, failed_frac : float
        Where bundles end up; they add up to 1.
    landed_frac, landing_basis : float, str
        Share of cargo gathered usable; ``computed``, or ``observed`` where an observed share replaces it.
    harm_late, harm_failed : float
        People expected to be hurt in a sortie, by good canopies outside the zone and by failed ones.
    on_axis : str
        A built-up area on the run-in; empty when it is clear.
    """

    bundles: int
    time_of_fall_s: float
    drift_m: float
    drift_to_deg: float
    wind_mps: float
    wind_from_deg: float
    calm_frac: float
    release: Place
    first_release: Place
    run_in_deg: float
    ground_speed_mps: float
    stick_m: float
    passes: int
    bundles_per_pass: int
    sigma_m: float
    cep_m: float
    ellipse_along_m: float
    ellipse_across_m: float
    failed_at: Place
    in_zone_frac: float
    held_frac: float
    diverted_frac: float
    failed_frac: float
    landed_frac: float
    landing_basis: str
    harm_late: float
    harm_failed: float
    on_axis: str

    @property
    def harm(self) -> float:
        """People expected to be hurt in a sortie."""
        return self.harm_late + self.harm_failed


def winds_reach(layers: Layers, height_m: float) -> bool:
    """Whether a layer of wind holds this height, m above ground."""
    return any(floor <= height_m < ceiling for floor, ceiling in layers.bounds)


def explain(instance: Instance, drop: Drop) -> Account:
    """Work out one drop of a method that scatters."""
    found = falls([drop])
    share = shares(instance, [drop], found)
    drift, wind, run_in = found.drift_m[0], found.wind_mps[0], float(found.run_in_rad[0])
    sigma, stick = float(found.sigma_m[0]), float(found.stick_m[0])
    # A stick is nearly uniform: its variance is that of its bundles' places.
    per_pass = int(found.per_pass[0])
    spread = stick * math.sqrt((per_pass + 1) / (12 * max(1, per_pass - 1))) if stick else 0.0
    seen = observed(instance, drop.method, drop.zone, drop.height_m)
    return Account(
        bundles=drop.bundles,
        time_of_fall_s=float(found.fall_s[0]),
        drift_m=float(math.hypot(*drift)),
        drift_to_deg=_bearing(drift),
        wind_mps=float(math.hypot(*wind)),
        wind_from_deg=(_bearing(wind) + 180) % 360,
        calm_frac=float(found.flyable[0]),
        release=_release(drop, found, 0.0),
        first_release=_release(drop, found, stick / 2),
        run_in_deg=math.degrees(run_in) % 360,
        ground_speed_mps=float(found.ground_speed_mps[0]),
        stick_m=stick,
        passes=int(found.passes[0]),
        bundles_per_pass=per_pass,
        sigma_m=sigma,
        cep_m=CEP * sigma,
        ellipse_along_m=ELLIPSE * math.hypot(sigma, spread),
        ellipse_across_m=ELLIPSE * sigma,
        failed_at=_place(drop, found.failed_m[0]),
        in_zone_frac=float(share.in_zone[0]),
        held_frac=float(share.held[0]),
        diverted_frac=float(share.diverted[0]),
        failed_frac=float(share.failed[0]),
        landed_frac=float(share.landed[0]) if seen is None else seen.landed_frac,
        landing_basis="computed" if seen is None else "observed",
        harm_late=float(share.harm_late[0]) * drop.bundles,
        harm_failed=float(share.harm_failed[0]) * drop.bundles,
        on_axis=built_up_on_axis(instance, drop.zone),
    )


def _bearing(vector: Array) -> float:
    return math.degrees(math.atan2(float(vector[0]), float(vector[1]))) % 360


def _place(drop: Drop, vector: Array) -> Place:
    east, north = float(vector[0]), float(vector[1])
    return Place(*place_from(drop.zone, east, north), east, north)


def _release(drop: Drop, found: Falls, before_m: float) -> Place:
    """Upwind of the zone by the drift, and before it on the run-in by the forward travel and more."""
    run_in, speed = float(found.run_in_rad[0]), float(found.ground_speed_mps[0])
    back_m = drop.method.forward_s * speed + before_m
    return _place(drop, -found.drift_m[0] - back_m * np.array([math.sin(run_in), math.cos(run_in)]))
