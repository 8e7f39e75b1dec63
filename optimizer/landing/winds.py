"""Winds: the layers that hold on a day, how often they let a drop be flown, and on which days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from instances.schema import Instance, Wind
from optimizer.landing.air import Array
from optimizer.landing.normal import cdf

STILL: Final = 1e-9
"""Least spread, m/s: without any, the wind is its mean."""
CHORDS: Final = 64
"""Nodes of the quadrature over the speed limit's circle."""


@dataclass(frozen=True)
class Layers:
    """Winds above ground, layer upon layer.

    Attributes
    ----------
    bounds : tuple of (float, float)
        Floor and ceiling of each layer, m above ground.
    means : tuple of (float, float)
        Mean wind towards east and north, m/s.
    spreads : tuple of float
        Standard deviation each way, m/s.
    of_day : bool
        The winds of a day, not of a month: a forecast, which decides whether that day is flown.
    """

    bounds: tuple[tuple[float, float], ...] = ()
    means: tuple[tuple[float, float], ...] = ()
    spreads: tuple[float, ...] = ()
    of_day: bool = False


def layers_on(winds: Sequence[Wind], date: dt.date) -> Layers:
    """Winds of a day: its own rows if there are any, else those of its month; none is still air."""
    own = [wind for wind in winds if wind.date == date]
    rows = own or [wind for wind in winds if wind.date is None and wind.month == date.month]
    rows = sorted(rows, key=lambda wind: wind.floor_m)
    return Layers(
        bounds=tuple((wind.floor_m, wind.ceiling_m) for wind in rows),
        means=tuple((wind.u_mps, wind.v_mps) for wind in rows),
        spreads=tuple(wind.sd_mps for wind in rows),
        of_day=bool(own),
    )


def spells(instance: Instance) -> dict[Layers, tuple[int, ...]]:
    """Days of the plan, counted from 0, by the winds they share, in order of their first day."""
    days: dict[Layers, list[int]] = {}
    for day, date in enumerate(instance.dates):
        days.setdefault(layers_on(instance.winds, date), []).append(day)
    return {layers: tuple(found) for layers, found in days.items()}


def calm_share(mean_mps: Array, spread_mps: Array, limit_mps: Array) -> Array:
    """Probability that the wind is no stronger than a limit, 0..1.

    The wind is bivariate normal about its mean with the same spread each way, so that its speed is
    Rice-distributed; the probability is the integral of the density over the circle of the limit,
    chord by chord.

    Parameters
    ----------
    mean_mps : array (n,)
        Speed of the mean wind, m/s.
    spread_mps, limit_mps : array (n,)
        Standard deviation each way, and the limit, m/s.

    References
    ----------
    S. O. Rice, "Mathematical analysis of random noise", Bell System Technical Journal 24, 1945, eq. 3.10-11.
    """
    nodes, weights = np.polynomial.legendre.leggauss(CHORDS)
    angle = nodes * np.pi / 2  # x = limit sin(angle) takes the root at the ends of the chords away
    spread = np.maximum(spread_mps, STILL)[:, None]
    limit = limit_mps[:, None]
    x, half_chord = limit * np.sin(angle), limit * np.cos(angle)
    density = np.exp(-0.5 * ((x - mean_mps[:, None]) / spread) ** 2) / spread / np.sqrt(2 * np.pi)
    inside = 2 * cdf(half_chord / spread) - 1
    share = np.sum(density * inside * half_chord * weights * np.pi / 2, axis=1)
    sure = spread_mps <= STILL
    result: Array = np.where(sure, (mean_mps <= limit_mps).astype(float), np.clip(share, 0.0, 1.0))
    return result


def wind_rank(date: dt.date) -> float:
    """How windy a day of a month counts among its days, 0..1: the month's winds spread evenly over it.

    Day n of a month has van der Corput's n-th number to base 2 (J. G. van der Corput, 1935), so that any
    share of the days is spread evenly over the month, and a day calm enough for one limit is calm enough
    for every higher one.
    """
    rank, part, number = 0.0, 0.5, date.day
    while number:
        rank += part * (number % 2)
        number //= 2
        part /= 2
    return rank


def flyable_days(
    dates: Sequence[dt.date], days: Sequence[int], share: float, of_day: bool
) -> tuple[int, ...]:
    """Days on which the wind lets a drop be flown.

    Parameters
    ----------
    dates : sequence of date
        Days of the plan.
    days : sequence of int
        Those that share the winds, counted from 0.
    share : float
        Probability that the wind is within the method's limit, 0..1.
    of_day : bool
        Winds of a day are a forecast: flown when within the limit is likelier than not. Winds of a month
        are what to expect: this share of its days.
    """
    if of_day:
        return tuple(days) if share >= 0.5 else ()
    return tuple(day for day in days if wind_rank(dates[day]) <= share)
