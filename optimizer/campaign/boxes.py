"""Branches on a few whole numbers with a large effect: tails of each fleet, sorties of each mission.

Most of what whole numbers cost a campaign lies in them: a tail is contracted or not, and a budget pays for
whole sorties. The days in between are many and small, and fractions of them change next to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from optimizer.campaign.choices import WHOLE
from optimizer.campaign.master import Master
from optimizer.campaign.objective import Goal
from optimizer.campaign.wanted import LOOSE, TIGHT, Wanted
from optimizer.clock import Clock
from optimizer.network import Network

LIFT = 0.1  # of the gap, that finer masters must close of a whole box to price every half of it at once
WHOLE_SHARE = 0.08  # of the time left, at most, for tails in whole sorties
MOST_BOXES = 64  # priced in one search for fleets
MOST_BOUNDED = 2000  # priced in one call for bounds
MOST_PASSED = 8  # from goal to goal as they are
ALL = slice(None)  # masters
MOST_SORTIES = 10**6  # of a mission: no limit

type Limits = Mapping[str, tuple[int, int]]
"""Least and most by id."""


@dataclass(frozen=True)
class Box:
    """Limits to the tails of every fleet, and to the sorties of some missions over the plan."""

    tails: Limits
    sorties: Limits = field(default_factory=dict)

    def put_on(self, master: Master) -> None:
        """Make a master keep to it."""
        master.limit_tails(self.tails)
        master.limit_totals(self.sorties)


@dataclass(frozen=True, order=True)
class Node:
    """A box with a bound that no plan in it can beat.

    Attributes
    ----------
    bound : float
        In the unit of the goal.
    number : int
        The how manieth it was.
    box : Box
        Every plan in it keeps to these limits.
    halves : tuple of Box or None
        What it can be split into.
    finer : int
        The first master that has not priced it yet.
    lift : float or None
        What finer masters add to the bound of the first, here or in the box that this is a part of; None
        where none of them was asked.
    """

    bound: float
    number: int
    box: Box = field(compare=False)
    halves: tuple[Box, Box] | None = field(default=None, compare=False)
    finer: int = field(default=0, compare=False)
    lift: float | None = field(default=None, compare=False)


def splits_tails(node: Node) -> bool:
    """Whether what a box is split by first is the tails of a fleet."""
    return node.halves is not None and node.halves[0].tails != node.box.tails


def all_fleets(net: Network) -> Box:
    """Every number of tails on offer."""
    return Box({f: (0, fleet.max_tails) for f, fleet in net.fleets.items()})


def few(boxes: Sequence[Box]) -> list[Box]:
    """Boxes that hold all of these; where they are many, whatever is flown with the same tails is in one."""
    if len(boxes) <= MOST_PASSED:
        return list(boxes)
    return list({tuple(box.tails.items()): Box(box.tails) for box in boxes}.values())


def one_more(box: Box, planned: Box | None) -> list[Box]:
    """A box with one tail more of any fleet than a plan has, which falls short."""
    return [
        Box({**box.tails, f: (most + 1, box.tails[f][1])}, box.sorties)
        for f, (_, most) in (planned.tails.items() if planned else ())
        if most < box.tails[f][1]
    ]


def other_tails(
    scout: Master, box: Box, goal: Goal, tolerance: Callable[[float], float], clock: Clock
) -> Box | None:
    """The tails that a plan takes whose sorties of each mission over the plan are whole numbers.

    None when they are those of the box in fractions of sorties, or were not found in a share of the time.
    What is handed over is tied to what is flown meanwhile: a budget that is used up shows only then.
    """
    hurry = clock.share(WHOLE_SHARE)
    box.put_on(scout)
    scout.aim(goal)
    first = scout.tails() if scout.price(hurry, tolerance) is not None else {}
    scout.mind_ways(True)
    all_fleets(scout.net).put_on(scout)
    scout.aim(goal)
    priced = scout.price(hurry, tolerance)
    tails = None if priced is None else scout.whole_tails(hurry, tolerance)
    scout.mind_ways(False)
    if not tails or all(math.ceil(first.get(f, n) - WHOLE) == n for f, n in tails.items()):
        return None
    return Box({f: (n, n) for f, n in tails.items()})


class Branching:
    """Prices boxes for one goal.

    Parameters
    ----------
    masters : sequence of Master
        Where the boxes are put on, one after the other, for as long as the bound is not enough.
    goal : Goal
        What is minimised.
    wanted : Wanted
        Says how far boxes are priced.
    used : callable
        Told when a relaxed plan was found.
    totals : bool
        Whether boxes are split by sorties as well.
    """

    def __init__(
        self,
        masters: Sequence[Master],
        goal: Goal,
        wanted: Wanted,
        used: Callable[[Master], None],
        *,
        totals: bool,
    ) -> None:
        self.masters, self.goal, self.wanted, self._used = masters, goal, wanted, used
        self._totals = totals
        self.priced = 0

    def price(self, box: Box, clock: Clock, enough: float = math.inf, of: slice = ALL) -> Node:
        """A box with its bound; ``-inf`` when the clock ran out.

        A bound of `enough` ends it early; `of` says which masters price it, one after the other.
        """
        bounds: list[float] = []
        halves: tuple[Box, Box] | None = None
        for master in self.masters[of]:
            found, halves = self._price(master, box, clock, enough)
            bounds.append(found)
            if found >= enough or (halves is not None and halves[0].tails != box.tails):
                break  # it matters no more, or is to be split for its tails
        self.priced += 1
        best = max(bounds, default=-math.inf)
        return Node(best, self.priced, box, halves, (of.start or 0) + len(bounds))

    def bounded(
        self,
        boxes: Sequence[Box] | Sequence[Node],
        value: float,
        tolerance: Callable[[float], float],
        clock: Clock,
        hurry: Clock,
        told: Callable[[float], None],
    ) -> list[Node]:
        """Boxes with their bounds, the worst first, and split for as long as the gap to a value is open.

        Parameters
        ----------
        boxes : sequence of Box or Node
            Together they hold every plan; nodes are bounded already.
        value : float
            Of the best plan.
        tolerance : callable
            Distance to the bound at which the gap is closed, by value.
        clock : Clock
            Says when to break off.
        hurry : Clock
            Says when to split no more.
        told : callable
            Told each better bound.
        """
        enough = value - self.wanted.tolerance(self.goal, TIGHT)(value)
        # Where time ran out before, there may be halves that were not found.
        queue = sorted(
            (b if b.halves else replace(b, finer=0)) if isinstance(b, Node) else self._first(b, hurry, enough)
            for b in boxes
        )
        if queue[0].bound == -math.inf:
            return [self.price(all_fleets(self.masters[-1].net), clock)]
        while queue[0].bound < value - tolerance(value) and self.priced < MOST_BOUNDED:
            parts = self._parts(queue[0], value, enough, hurry)
            if not parts or min(parts).bound == -math.inf:
                break  # whoever goes on splits the whole box again
            queue = sorted([*queue[1:], *parts])
            told(queue[0].bound)
        return queue

    def _first(self, box: Box, clock: Clock, enough: float) -> Node:
        """A box as the first master bounds it: a quick bound for every box goes before a good one of any."""
        return self.price(box, clock, enough, slice(0, 1))

    def _parts(self, node: Node, value: float, enough: float, clock: Clock) -> list[Node]:
        """Halves of a box with their bounds, or the box as finer masters bound it; nothing when neither is.

        Finer masters take many times as long. Where they hardly differ they see only what cannot be split.
        """
        waits, lift = node.finer < len(self.masters), node.lift
        if waits and (node.halves is None or (node.lift is None and not splits_tails(node))):
            parts = [self.price(node.box, clock, enough, slice(node.finer, None))]
            lift = node.lift or max(0.0, parts[0].bound - node.bound)
        elif node.halves is not None:
            of = ALL if (node.lift or 0.0) > LIFT * (value - node.bound) else slice(0, 1)
            parts = [self.price(box, clock, enough, of) for box in node.halves]
        else:
            return []
        # What holds for all of a box holds for its halves, however far they were priced.
        return [
            replace(part, bound=max(part.bound, node.bound), lift=lift) if part.bound > -math.inf else part
            for part in parts
        ]

    def _price(
        self, master: Master, box: Box, clock: Clock, enough: float
    ) -> tuple[float, tuple[Box, Box] | None]:
        """Bound of a box in one master, and the halves it can be split into."""
        box.put_on(master)
        master.aim(self.goal)
        bound = -math.inf
        halves: tuple[Box, Box] | None = None
        # Fractional tails show early; only a box to be planned is priced to the end.
        may_split = any(low < high for low, high in box.tails.values())
        for tightness in (LOOSE, TIGHT) if may_split else (TIGHT,):
            tolerance = self.wanted.tolerance(self.goal, tightness)
            priced = master.price(clock, tolerance, enough, early=self.priced == 0)
            if priced is None:
                break
            self._used(master)
            bound = max(bound, priced.bound)
            split = halved(master.tails(), box.tails)
            if split is not None:
                halves = Box(split[0], box.sorties), Box(split[1], box.sorties)
                break
        else:
            split = halved(master.totals(), box.sorties) if self._totals else None
            if split is not None:
                halves = Box(box.tails, split[0]), Box(box.tails, split[1])
        return bound, halves


def halved(found: Mapping[str, float], limits: Limits) -> tuple[Limits, Limits] | None:
    """Limits that exclude the most fractional number found, on either side; None when all are whole."""
    key = max(found, key=lambda i: abs(found[i] - round(found[i])), default=None)
    if key is None or abs(found[key] - round(found[key])) <= WHOLE:
        return None
    down = math.floor(found[key])
    low, high = limits.get(key, (0, MOST_SORTIES))
    return {**limits, key: (low, down)}, {**limits, key: (down + 1, high)}
