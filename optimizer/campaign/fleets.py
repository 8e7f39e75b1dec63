"""Fleets by what they cost at least, the cheapest first: branching on tails, with all else in fractions."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from optimizer.campaign.boxes import Box, all_fleets, halved
from optimizer.campaign.choices import WHOLE
from optimizer.campaign.settle import Aim, Settler
from optimizer.campaign.wanted import Wanted
from optimizer.clock import Clock


@dataclass(frozen=True)
class Fleet:
    """Tails, and what a plan with them costs.

    Attributes
    ----------
    least : float
        In the unit of the goal; no plan with these tails can beat it, nor one with those that come after.
    tails : dict
        Contracted, by fleet.
    missions : frozenset of str
        Ids of those flown where sorties can be divided.
    """

    least: float
    tails: dict[str, int]
    missions: frozenset[str]


@dataclass(frozen=True, order=True)
class _Node:
    least: float
    number: int
    box: Box = field(compare=False)
    tails: Mapping[str, float] = field(compare=False)
    missions: frozenset[str] = field(compare=False)


class Fleets(Settler):
    """Searches the fleets of a network; see `Settler` for the parameters."""

    def cheapest_first(self, wanted: Wanted, clock: Clock) -> Iterator[Fleet]:
        """Fleets by the least value of the first goal; none where no fleet keeps the limits.

        When the clock runs out before any is whole, the best so far with its tails rounded up.
        """
        self._free(wanted.limits)
        aim = self._aim(wanted.goals[0])
        queue = self._priced([all_fleets(self._net)], aim, 0, clock) or []
        count, found = len(queue), False
        while queue:
            node = queue[0]
            split, whole = halved(node.tails, node.box.tails), _up(node.tails)
            if split is None:
                found = True
                yield Fleet(node.least, whole, node.missions)
            parts = _others(node.box, whole) if split is None else [Box(limits) for limits in split]
            priced = self._priced(parts, aim, count, clock)
            if priced is None:
                if not found:
                    yield Fleet(node.least, whole, node.missions)
                return
            count += len(priced)
            heapq.heappop(queue)
            for one in priced:
                heapq.heappush(queue, one)

    def _priced(self, boxes: Sequence[Box], aim: Aim, count: int, clock: Clock) -> list[_Node] | None:
        """Those boxes that hold a fleet, with their relaxations; None where that is not known of all."""
        nodes = []
        for i, box in enumerate(boxes):
            for f, (low, high) in box.tails.items():
                self._session.set_bounds(self._session.column(self._x.tails[f]), low, high)
            solved = self._session.solve_relaxed(clock, "limits" if count or i else "costs")
            if solved.infeasible:
                continue
            if solved.value is None:
                return None
            values = self._session.values()
            tails = {f: float(values[self._session.column(v)]) for f, v in self._x.tails.items()}
            nodes.append(_Node(aim.in_unit(solved.value), count + i, box, tails, self.flown()))
        return nodes


def _up(tails: Mapping[str, float]) -> dict[str, int]:
    return {f: math.ceil(n - WHOLE) for f, n in tails.items()}


def _others(box: Box, tails: Mapping[str, int]) -> list[Box]:
    """All of a box but these tails, in boxes that do not overlap."""
    limits, parts = dict(box.tails), list[Box]()
    for f, number in tails.items():
        low, high = limits[f]
        sides = (low, number - 1), (number + 1, high)
        parts += [Box({**limits, f: side}) for side in sides if side[0] <= side[1]]
        limits[f] = (number, number)
    return parts
