"""What going short comes to: people times the severity of the share of a need that is short."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from optimizer.needs import Demand, Period
from optimizer.network import Network

type Points = tuple[tuple[float, float], ...]
"""(severity, share short) from just above 0 to 1, as in ``instance.yaml``."""


@dataclass(frozen=True)
class Part:
    """A stretch of the severity curve.

    Attributes
    ----------
    person_days : float
        How many may go short in it, in person-days of the need.
    severity : float
        What each of them counts, weight included.
    """

    person_days: float
    severity: float


@dataclass(frozen=True)
class Block:
    """Periods whose shortage is told together: one, or all that the spells of a network run across.

    Attributes
    ----------
    days : tuple of int
        Of the network, on which the need is due.
    periods : tuple of Period
        Of the need.
    parts : tuple of Part
        The curve of all periods together, mildest first: no plan is less severe than filling them in turn.
    """

    days: tuple[int, ...]
    periods: tuple[Period, ...]
    parts: tuple[Part, ...]


def per_unit(demand: Demand) -> float:
    """Person-days that one kcal, g or kg of a need stands for, over all its periods."""
    return demand.person_days / sum(period.amount for period in demand.periods)


@cache
def _blocks(demand: Demand, spells: tuple[tuple[int, int], ...], points: Points) -> tuple[Block, ...]:
    found: list[Block] = []
    groups: list[tuple[set[int], list[Period]]] = []
    for period in demand.periods:
        days = {i for i, (first, last) in enumerate(spells) if first <= period.last and last >= period.first}
        if groups and days & groups[-1][0]:
            groups[-1][0].update(days)
            groups[-1][1].append(period)
        else:
            groups.append((days, [period]))
    for days, periods in groups:
        due = tuple(sorted(d for d in days if demand.amount[d] > 0))
        found.append(Block(due, tuple(periods), _parts(demand, periods, points)))
    return tuple(found)


def blocks(net: Network, demand: Demand) -> tuple[Block, ...]:
    """The periods of a need, with the days of a network on which it is due in them."""
    spells = tuple((one.first, one.last) for one in net.stretches)
    return _blocks(demand, spells, net.instance.header.severity_points)


def _parts(demand: Demand, periods: list[Period], points: Points) -> tuple[Part, ...]:
    """Parts of all periods, those that count alike as one."""
    by_severity: dict[float, float] = defaultdict(float)
    for period in periods:
        counts = period.people / (period.amount * per_unit(demand))  # person-days of this period in one
        for width, slope in _stretches(points):
            by_severity[round(demand.weight * slope * counts, 12)] += width * period.people / counts
    return tuple(Part(days, severity) for severity, days in sorted(by_severity.items()))


def _stretches(points: Points) -> Iterator[tuple[float, float]]:
    """(width, slope) of each stretch of the curve."""
    before = (0.0, 0.0)
    for point in points:
        (severity, short), (last_severity, last_short) = point, before
        yield short - last_short, (severity - last_severity) / (short - last_short)
        before = point
