"""Which whole numbers a round of mending plans anew: some days, a zone, some days from anywhere, a fleet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

import numpy as np

from optimizer.campaign.decisions import Decisions
from optimizer.solver import Vector


@dataclass(frozen=True)
class Spot:
    """Where a whole number belongs: day, fleet or feeder, zones served; `flies` if it is sorties."""

    day: int
    carrier: str
    zones: tuple[str, ...] = ()
    flies: bool = False


@dataclass
class Standing:
    """Where rounds stand.

    Attributes
    ----------
    fixed : dict
        Whole numbers by column.
    value : float
        Of the best plan.
    plan : Decisions or None
        One that is better than the first value.
    values : array or None
        The solution to go on from, by column.
    done : bool
        Whether the best plan is good enough.
    """

    fixed: dict[int, float]
    value: float = math.inf
    plan: Decisions | None = None
    values: Vector | None = None
    done: bool = False


def sweep(spots: Mapping[int, Spot], days: int, most: int, random: np.random.Generator) -> list[list[int]]:
    """Columns of each round; each column comes at least once.

    Parameters
    ----------
    spots : mapping
        Of every whole number, by column.
    days : int
        Days of the network.
    most : int
        Whole numbers planned anew at a time, about.
    random : Generator
        Draws days.
    """
    at_once = max(1, min(days, round(most * days / max(1, len(spots)))))
    if at_once == days:
        return [list(spots)]

    def thinned(columns: list[int]) -> list[int]:
        """All of them, or those of as many days as are not too many."""
        count = max(1, min(days, math.floor(most * days / max(1, len(columns)))))
        drawn = {int(d) for d in random.permutation(days)[:count]}
        return [j for j in columns if spots[j].day in drawn]

    zones = sorted({z for spot in spots.values() for z in spot.zones})
    carriers = sorted({spot.carrier for spot in spots.values()})
    order = [int(d) for d in random.permutation(days)]
    begin = -int(random.integers(at_once))
    in_a_row = [_on(spots, range(first, first + at_once)) for first in range(begin, days, at_once)]
    drawn = [_on(spots, order[first : first + at_once]) for first in range(0, days, at_once)]
    rounds = list(filter(None, chain.from_iterable(zip_longest(in_a_row, drawn))))
    rounds += [thinned([j for j, spot in spots.items() if z in spot.zones]) for z in zones]
    rounds += [thinned([j for j, spot in spots.items() if spot.carrier == f]) for f in carriers]
    if any(spot.flies for spot in spots.values()):
        # With the sorties as they are, bundles are easy, however many.
        rounds.insert(0, [j for j, spot in spots.items() if not spot.flies])
    return [columns for columns in rounds if columns]


def _on(spots: Mapping[int, Spot], days: Sequence[int]) -> list[int]:
    return [j for j, spot in spots.items() if spot.day in days]
