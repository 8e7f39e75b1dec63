"""What every part of a generated instance is drawn with."""

from __future__ import annotations

import datetime as dt
import math
import random
from dataclasses import dataclass
from typing import Final

from instances.size import Size

FIRST_DATE: Final = dt.date(2030, 1, 7)  # a Monday, on which every party flies, so that one day is enough
AMPLE: Final = 2.5
"""Capacity per unit of need at tightness 0: enough although cargo is lost and parties rest some days."""
SCARCE: Final = 0.5
"""Capacity per unit of need at tightness 1."""

ORIGIN: Final = (20.0, -35.0)  # open sea, so that no place drawn is taken for a real one
KM_PER_DEGREE: Final = 111.2


@dataclass(frozen=True)
class Draw:
    """Chance and size; the same numbers are drawn at every tightness, which only scales them.

    Attributes
    ----------
    rng : random.Random
        Seeded; every draw changes it.
    size : Size
        What is asked for.
    """

    rng: random.Random
    size: Size

    @property
    def spare(self) -> float:
        """Capacity on offer per unit of need, `AMPLE` to `SCARCE`."""
        return AMPLE * math.pow(SCARCE / AMPLE, self.size.tightness)

    def capacity(self, need: float) -> float:
        """A capacity for a need, in the unit of the need: some limits leave more room than others."""
        return need * self.spare * self.rng.uniform(0.9, 1.3)

    def figure(self, low: float, high: float) -> float:
        """A number between two, rounded as a planner would."""
        return tidy(self.rng.uniform(low, high))

    def near(self, centre: tuple[float, float], low_km: float, high_km: float) -> tuple[float, float]:
        """A place (lat, lon in degrees) at a distance between two from another, on a flat map."""
        km, bearing = self.rng.uniform(low_km, high_km), self.rng.uniform(0, 2 * math.pi)
        lat, lon = centre
        east_km_per_degree = KM_PER_DEGREE * math.cos(math.radians(ORIGIN[0]))
        north, east = km * math.cos(bearing), km * math.sin(bearing)
        return round(lat + north / KM_PER_DEGREE, 4), round(lon + east / east_km_per_degree, 4)

    def date(self, day: int) -> dt.date:
        """A day of the plan, counted from 0."""
        return FIRST_DATE + dt.timedelta(days=day)


def tidy(value: float) -> float:
    """Three significant digits."""
    return float(f"{value:.3g}")


def numbered(noun: str, count: int) -> list[str]:
    """Ids such as ``zone_03``, which sort as they are counted."""
    width = max(2, len(str(count)))
    return [f"{noun}_{number:0{width}d}" for number in range(1, count + 1)]


def titled(name: str) -> str:
    """An id as a name in reports: ``Zone 03``."""
    return name.replace("_", " ").capitalize()
