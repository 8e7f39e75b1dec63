"""What becomes of a drop: fall, drift, scatter, stick and passes, for many drops at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from instances.schema import Aircraft, Method, Zone
from optimizer.landing.air import Array, fall_seconds, overlap, speed_ratio
from optimizer.landing.normal import rectangle_share
from optimizer.landing.winds import Layers, calm_share

FAILED_FALL_MPS: Final = 50.0
"""Rate of fall at sea level of a bundle whose canopy failed: that of a free-dropped bag (recalled)."""
LEAST_GROUND_SPEED_MPS: Final = 10.0
NO_LIMIT_MPS: Final = 1e4
UNEVEN: Final = 1e-9


@dataclass(frozen=True)
class Drop:
    """One drop: aircraft, method, zone, release height in m, bundles on board, winds and forecast skill."""

    aircraft: Aircraft
    method: Method
    zone: Zone
    height_m: float
    bundles: int
    layers: Layers
    forecast_error_frac: float


@dataclass(frozen=True)
class Falls:
    """Figures of many drops, one row each; vectors are (east, north).

    Attributes
    ----------
    fall_s, drift_m, wind_mps : array
        Time of fall, s; drift (n, 2), m; mean wind met on the way down (n, 2), m/s.
    sigma_m : array
        Scatter of a bundle about its aim point, standard deviation each way, m.
    failed_m, failed_sigma_m : array
        Where bundles whose canopy failed fall, from the aim point (n, 2), and how far they scatter, m.
    run_in_rad, ground_speed_mps : array
        Direction flown, radians from north; speed over ground, m/s.
    passes, per_pass, stick_m : array
        Passes over the zone, bundles in each, and the length of their stick, m.
    stick : array (n, most bundles)
        Place of each bundle of a pass along the run-in, m from the middle; nan where there is none.
    in_zone : array
        Share of good canopies that come down in the zone, 0..1.
    flyable : array
        Share of such days on which the wind is within the method's limit, 0..1.
    """

    fall_s: Array
    drift_m: Array
    wind_mps: Array
    sigma_m: Array
    failed_m: Array
    failed_sigma_m: Array
    run_in_rad: Array
    ground_speed_mps: Array
    passes: Array
    per_pass: Array
    stick_m: Array
    stick: Array
    in_zone: Array
    flyable: Array

    def rows(self, numbers: Sequence[int]) -> Falls:
        """The same figures of some of the drops, in this order."""
        taken = np.array(numbers, dtype=np.int64)
        return Falls(**{name: getattr(self, name)[taken] for name in Falls.__dataclass_fields__})


def falls(drops: Sequence[Drop]) -> Falls:
    """Work out drops; drops that are alike are worked out once.

    ============  ==========================================================================
    time of fall  opening, then first stage, then main canopy, each layer by layer
    drift         sum of wind x time over the layers; the release point allows for it
    scatter       sqrt(release^2 + openings x opening^2 + (forecast error x sum of sd x time)^2)
    ground speed  airspeed x sqrt(rho0 / rho), and the wind at the release height
    stick         (bundles of a pass - 1) x exit interval x ground speed, no longer than the zone
    in the zone   mean over the stick of a bivariate normal over the rectangle
    ============  ==========================================================================

    References
    ----------
    Computed air release point: AFMAN 11-231 (2020); the steps in full in the MATLAB sources of
    github.com/Will-Scheirey/wpi-airdrop-mqp. Scatter: planning figures, see `instances/library`.
    """
    unique = list(dict.fromkeys(drops))
    place = {drop: i for i, drop in enumerate(unique)}
    return _falls(unique).rows([place[drop] for drop in drops])


def _column(values: Sequence[float | None], empty: float = 0.0) -> Array:
    return np.array([empty if value is None else value for value in values], dtype=np.float64)


def _padded(drops: Sequence[Drop]) -> tuple[Array, Array, Array, Array]:
    """Floors, ceilings, winds (n, layers, 2) and spreads of all drops; a drop without winds has still air."""
    most = max([len(drop.layers.bounds) for drop in drops] + [1])
    shape = (len(drops), most)
    floor, ceiling, wind, spread = np.zeros(shape), np.zeros(shape), np.zeros((*shape, 2)), np.zeros(shape)
    for i, drop in enumerate(drops):
        layers = drop.layers
        if not layers.bounds:
            ceiling[i, 0] = np.inf
        for j, ((low, high), mean, sd) in enumerate(
            zip(layers.bounds, layers.means, layers.spreads, strict=True)
        ):
            floor[i, j], ceiling[i, j], wind[i, j], spread[i, j] = low, high, mean, sd
    return floor, ceiling, wind, spread


def _layer_seconds(drops: Sequence[Drop], floor: Array, ceiling: Array) -> tuple[Array, Array]:
    """Seconds in every layer under a good canopy, and with one that failed; (n, layers) each."""
    methods = [drop.method for drop in drops]
    release = _column([drop.height_m for drop in drops])
    elevation = _column([drop.zone.elevation_m for drop in drops])[:, None]
    steady = np.maximum(release - _column([m.opening_m for m in methods]), 0.0)
    staged = np.array([m.first_stage_mps is not None for m in methods])
    second = np.where(staged, np.minimum(steady, _column([m.second_stage_m for m in methods])), steady)
    first_mps = _column([m.first_stage_mps for m in methods], 1.0)[:, None]
    main_mps = np.maximum(_column([m.rate_of_fall_mps for m in methods]), UNEVEN)[:, None]
    # Opening takes its seconds evenly over the height lost; without a height, at the release.
    lost_to = np.minimum(steady, release - UNEVEN)
    top, bottom = overlap(release, lost_to, ceiling, floor)
    opening = _column([m.opening_s for m in methods])[:, None] * (top - bottom) / (release - lost_to)[:, None]
    top, bottom = overlap(steady, second, ceiling, floor)
    first = fall_seconds(top, bottom, first_mps, elevation)
    top, bottom = overlap(second, np.zeros_like(second), ceiling, floor)
    main = fall_seconds(top, bottom, main_mps, elevation)
    top, bottom = overlap(release, np.zeros_like(release), ceiling, floor)
    failed = fall_seconds(top, bottom, np.asarray(FAILED_FALL_MPS), elevation)
    return opening + first + main, failed


def _falls(drops: Sequence[Drop]) -> Falls:
    floor, ceiling, wind, spread = _padded(drops)
    seconds, failed_s = _layer_seconds(drops, floor, ceiling)
    fall_s = seconds.sum(axis=1)
    drift = np.einsum("nl,nlk->nk", seconds, wind)
    mean_wind = drift / np.maximum(fall_s, UNEVEN)[:, None]
    missed = np.array([drop.forecast_error_frac for drop in drops])
    exposure = (spread * seconds).sum(axis=1)
    sigma = _sigma(drops, missed * exposure)
    release_error = _column([drop.method.release_error_m for drop in drops])
    # The aim allows for the wind of the day, from which a failed bundle then drifts too little.
    failed_sigma = np.hypot(release_error, (spread * np.abs(seconds - failed_s)).sum(axis=1))
    run_in, speed = _run_in(drops, floor, ceiling, wind)
    passes, per_pass, stick, turn, half = _sticks(drops, run_in, speed)
    limits = _wind_limits(drops, fall_s)
    calm = calm_share(np.hypot(*mean_wind.T), exposure / np.maximum(fall_s, UNEVEN), limits)
    return Falls(
        fall_s=fall_s,
        drift_m=drift,
        wind_mps=mean_wind,
        sigma_m=sigma,
        failed_m=np.einsum("nl,nlk->nk", failed_s, wind) - drift,
        failed_sigma_m=failed_sigma,
        run_in_rad=run_in,
        ground_speed_mps=speed,
        passes=passes,
        per_pass=per_pass,
        stick_m=np.nanmax(stick, axis=1) - np.nanmin(stick, axis=1),
        stick=stick,
        in_zone=rectangle_share(stick, half, turn, sigma),
        flyable=np.where(limits < NO_LIMIT_MPS, calm, 1.0),
    )


def _wind_limits(drops: Sequence[Drop], fall_s: Array) -> Array:
    """Highest mean wind on the way down, m/s: the method's, or that of the longest way if it is lower."""
    wind = _column([drop.method.wind_limit_mps for drop in drops], NO_LIMIT_MPS)
    way_m = _column([drop.method.path_limit_m for drop in drops], np.inf)
    limits: Array = np.minimum(wind, np.minimum(way_m / np.maximum(fall_s, UNEVEN), NO_LIMIT_MPS))
    return limits


def _sigma(drops: Sequence[Drop], wind_error_m: Array) -> Array:
    """Scatter of good canopies, standard deviation each way, m; what is guided only errs in its aim."""
    methods = [drop.method for drop in drops]
    openings = np.array([1.0 if m.first_stage_mps is None else 2.0 for m in methods])
    opening = _column([m.opening_error_m for m in methods])
    release = _column([m.release_error_m for m in methods])
    free = np.array([0.0 if m.guided else 1.0 for m in methods])
    sigma: Array = np.sqrt(release**2 + free * (openings * opening**2 + wind_error_m**2))
    return sigma


def _run_in(drops: Sequence[Drop], floor: Array, ceiling: Array, wind: Array) -> tuple[Array, Array]:
    """Direction flown, radians, and speed over ground, m/s: along the axis into the wind unless given."""
    height = _column([drop.height_m for drop in drops])
    held = (floor <= height[:, None]) & (height[:, None] < ceiling)
    at_release = np.where(held.any(axis=1)[:, None], wind[np.arange(len(drops)), held.argmax(axis=1)], 0.0)
    kmh = _column([drop.aircraft.drop_speed_kmh or drop.aircraft.cruise_kmh / 2 for drop in drops])
    elevation = _column([drop.zone.elevation_m for drop in drops])
    airspeed = kmh / 3.6 * speed_ratio(height + elevation)
    given = [drop.zone.run_in_deg for drop in drops]
    axis = np.radians(
        [drop.zone.axis_deg if run is None else run for drop, run in zip(drops, given, strict=True)]
    )
    along = at_release[:, 0] * np.sin(axis) + at_release[:, 1] * np.cos(axis)
    across = at_release[:, 0] * np.cos(axis) - at_release[:, 1] * np.sin(axis)
    back = np.array([run is None for run in given]) & (along > UNEVEN)
    head_on = np.sqrt(np.maximum(airspeed**2 - across**2, 0.0)) + np.where(back, -along, along)
    return np.where(back, axis + np.pi, axis) % (2 * np.pi), np.maximum(head_on, LEAST_GROUND_SPEED_MPS)


def _sticks(
    drops: Sequence[Drop], run_in: Array, speed: Array
) -> tuple[Array, Array, Array, Array, tuple[Array, Array]]:
    """Passes, bundles in each, places along the run-in, angle to the axis, half sizes of the zone."""
    half = (
        _column([drop.zone.length_m / 2 for drop in drops]),
        _column([drop.zone.width_m / 2 for drop in drops]),
    )
    turn = run_in - np.radians([drop.zone.axis_deg for drop in drops])
    cosine, sine = np.maximum(np.abs(np.cos(turn)), UNEVEN), np.maximum(np.abs(np.sin(turn)), UNEVEN)
    room = 2 * np.minimum(half[0] / cosine, half[1] / sine)
    gap = np.array([0.0 if drop.method.guided else drop.method.exit_interval_s for drop in drops]) * speed
    bundles = np.maximum(_column([drop.bundles for drop in drops]), 1.0)
    most = np.where(gap > 0, np.maximum(np.ceil(room / np.maximum(gap, UNEVEN) - UNEVEN), 1), bundles)
    passes = np.ceil(bundles / most)
    per_pass = np.ceil(bundles / passes)
    number = np.arange(int(per_pass.max()))[None, :]
    places = (number - (per_pass[:, None] - 1) / 2) * gap[:, None]
    return passes, per_pass, np.where(number < per_pass[:, None], places, np.nan), turn, half
