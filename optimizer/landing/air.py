"""The air a bundle falls through: density after the ISA, and the time it takes in every layer of wind.

All functions take arrays with one row per drop; layers are the last axis.
"""

from __future__ import annotations

from typing import Final

import numpy as np

SEA_LEVEL_K: Final = 288.15
LAPSE_K_PER_M: Final = 0.0065
DENSITY_POWER: Final = 4.255876
"""Density falls as ``(T / T0) ** DENSITY_POWER`` below the tropopause."""
TROPOPAUSE_M: Final = 11_000.0

type Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def speed_ratio(height_m: Array) -> Array:
    """How much faster everything moves than at sea level for the same force: ``sqrt(rho0 / rho)``.

    Parameters
    ----------
    height_m : array
        Above sea level, m; above 11 km the density of 11 km is used.

    References
    ----------
    International Standard Atmosphere, ISO 2533:1975: T = 288.15 K - 6.5 K/km below 11 km,
    rho / rho0 = (T / T0) ** 4.2559.
    """
    ratio: Array = _temperature_ratio(height_m) ** (-DENSITY_POWER / 2)
    return ratio


def _temperature_ratio(height_m: Array) -> Array:
    ratio: Array = 1 - LAPSE_K_PER_M * np.minimum(height_m, TROPOPAUSE_M) / SEA_LEVEL_K
    return ratio


def fall_seconds(top_m: Array, bottom_m: Array, rate_mps: Array, elevation_m: Array) -> Array:
    """Time of a steady fall between two heights, s; 0 where the top is not above the bottom.

    The rate of fall grows with ``sqrt(rho0 / rho)``, so that the time is the integral of
    ``sqrt(rho / rho0) / rate`` over the height, which the ISA gives in closed form.

    Parameters
    ----------
    top_m, bottom_m : array
        Heights above ground, m.
    rate_mps : array
        Rate of fall at sea level, m/s.
    elevation_m : array
        Ground above sea level, m.
    """
    top = np.maximum(top_m, bottom_m) + elevation_m
    seconds: Array = (_integral(top) - _integral(bottom_m + elevation_m)) / rate_mps
    return seconds


def _integral(height_m: Array) -> Array:
    """Integral of ``sqrt(rho / rho0)`` from sea level to a height, m."""
    power = DENSITY_POWER / 2 + 1
    scale = SEA_LEVEL_K / LAPSE_K_PER_M / power
    above = np.maximum(height_m - TROPOPAUSE_M, 0.0) / speed_ratio(np.asarray(TROPOPAUSE_M))
    integral: Array = scale * (1 - _temperature_ratio(height_m) ** power) + above
    return integral


def overlap(top_m: Array, bottom_m: Array, ceiling_m: Array, floor_m: Array) -> tuple[Array, Array]:
    """The part of each layer between two heights, as its own top and bottom (equal where there is none)."""
    top = np.minimum(top_m[..., None], ceiling_m)
    bottom = np.maximum(bottom_m[..., None], floor_m)
    return np.maximum(top, bottom), bottom
