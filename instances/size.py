"""How large and how tight a generated instance is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Size:
    """What a generated instance holds.

    Attributes
    ----------
    days : int
        Length of the plan, days.
    bases, fleets, zones, communities : int
        Rows of these tables.
    commodities : int
        Items of the library that are needed.
    tightness : float
        0 when capacities, stocks and budgets are ample, 1 when they meet about half of the need.
    stops : int
        Zones that a sortie may serve; above 1 there are small aircraft, helicopters and villages.
    """

    days: int = 30
    bases: int = 2
    fleets: int = 4
    zones: int = 3
    communities: int = 3
    commodities: int = 4
    tightness: float = 0.5
    stops: int = 1


MOST: Final = {"days": 730, "bases": 200, "fleets": 200, "zones": 200, "communities": 200, "stops": 9}
"""Most of each; the library says how many commodities there are."""
