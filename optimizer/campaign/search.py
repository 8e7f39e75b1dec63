"""Finds a campaign and proves how good it is: whole-day patterns, fleets searched best bound first.

`find` decides the whole numbers (tails, sorties, bundles, trips); `prove` gives a bound for each goal
that holds for every plan, whatever `find` found.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

from optimizer.campaign.build import build
from optimizer.campaign.choices import WHOLE
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.master import Master, Priced
from optimizer.campaign.objective import Goal
from optimizer.campaign.patterns import Patterns
from optimizer.campaign.scout import condensed
from optimizer.campaign.wanted import CLOSE, LOOSE, TIGHT, Wanted
from optimizer.campaign.whole import Found, Hunt
from optimizer.clock import Clock
from optimizer.cut import Cut, proven
from optimizer.network import Network

GOALS_SHARE, FLEETS_SHARE, BOXES_SHARE = 0.35, 0.6, 0.6  # of the time left, at most, for each step
MARGINS, MARGIN_SHARE = 3, 0.5  # tries with a margin at most; of the time left, at most, for each
SHORT_FRAC = 1e-5  # share of the total need below which a shortfall is rounding

type Box = tuple[tuple[str, int, int], ...]
"""Fleet, least and most tails, for every fleet."""
type Tell = Callable[[str, float | None, float | None, str], None]
"""Called with stage, best value, bound and unit."""


@dataclass
class Search:
    """Knowledge that grows while a campaign is searched: limits of days, and boxes of fleets.

    Attributes
    ----------
    cuts : sequence of Cut
        What the timetable found room for.
    boxes : list of Box
        Together they hold every fleet; one each for `prove` to bound.
    box : Box or None
        That of the best plan.
    at_zero : set of str
        Goals whose relaxation reaches 0, so that no bound above 0 can be proven.
    used : dict
        Numbers of the patterns that relaxed plans used, in order.
    """

    wanted: Wanted
    seed: int
    tell: Tell
    patterns: Patterns
    cuts: Sequence[Cut] = ()
    boxes: list[Box] = field(default_factory=list)
    box: Box | None = None
    at_zero: set[str] = field(default_factory=set)
    used: dict[int, None] = field(default_factory=dict)

    def master(self, net: Network) -> Master:
        """A fresh master over a network, with what is to be kept throughout."""
        master = Master(build(net, flights_by_pattern=True), self.patterns, self.seed)
        for goal, value in self.wanted.limits:
            master.keep(goal, value)
        return master

    def scout(self, net: Network, clock: Clock) -> Master:
        """A master over a network, whose days may choose the patterns that a condensed plan uses."""
        master, small = self.master(net), condensed(net)
        if small is None:
            return master
        scout = self.master(small)
        for goal in self.wanted.goals:
            scout.aim(goal)
            if scout.price(clock, self.wanted.tolerance(goal, TIGHT)) is None:
                break
            scout.keep(goal, max(0.0, scout.worth(goal)))
            master.offer_all(scout.used())
        return master

    def find(
        self,
        master: Master,
        starts: Sequence[Decisions],
        cuts: Sequence[Cut],
        clock: Clock,
    ) -> Decisions | None:
        """The best whole numbers found before the clock ran out; None when there are none yet."""
        self._begin(master, cuts)
        for start in starts:
            master.offer_plan(start)
        *before, last = self.wanted.goals
        hurry = clock.share(GOALS_SHARE)
        priced: Priced | None = None
        if len(before) > 1:
            # Often everything can be met: then one solution shows it for all goals.
            master.aim(*before)
            priced = master.price(hurry, self.wanted.tolerance(before[0], TIGHT))
        for goal in before:
            # Nothing can be better than 0: a solution that reaches it need not be sought again.
            if priced is None or master.worth(goal) > 0:
                master.aim(goal)
                priced = master.price(hurry, self.wanted.tolerance(goal, TIGHT)) or priced
                if priced is None:
                    return None
            value = max(0.0, master.worth(goal))
            if value <= 0:
                self.at_zero.add(goal.name)
            self.tell(goal.name, None, value, goal.unit)
            master.keep(goal, value)
        found = self._fleets(master, last, starts, clock)
        if found is None:
            return None
        if found.shortfall_kg > SHORT_FRAC * master.net.total_need_kg():
            if not before:
                return self._with_margin(master, last, found, clock).decisions
            found = self._one_by_one(master, before, last, found, clock) or found
        return found.decisions

    def _begin(self, master: Master, cuts: Sequence[Cut]) -> None:
        """Set a master back to the start: what a round before reached may be out of reach with more cuts."""
        self.cuts = cuts
        master.limit_sorties(cuts)
        master.let_go()
        for goal, value in self.wanted.limits:
            master.keep(goal, value)
        master.limit_tails(_tail_limits(_all_fleets(master.net)))

    def _with_margin(self, master: Master, last: Goal, short: Found, clock: Clock) -> Found:
        """Whole sorties fall short of a limit: plan for a little more than it asks, so that they reach it."""
        found, margin_kg = short, 0.0
        for _ in range(MARGINS):
            if found.shortfall_kg <= SHORT_FRAC * master.net.total_need_kg() or clock.stopped():
                break
            margin_kg += 1.5 * found.shortfall_kg
            for goal, value in self.wanted.limits:
                master.keep(goal, max(0.0, value - margin_kg / goal.kg))
            box = self.box or _all_fleets(master.net)
            again = self._plan(master, last, box, None, (), clock.share(MARGIN_SHARE))
            for goal, value in self.wanted.limits:
                master.keep(goal, value)
            if again is None:
                break
            found = again
        return found

    def _one_by_one(
        self, master: Master, before: Sequence[Goal], last: Goal, found: Found, clock: Clock
    ) -> Found | None:
        """Whole sorties miss what fractions reach: settle each goal in whole numbers, one after the other."""
        master.let_go()
        master.limit_tails(_tail_limits(_all_fleets(master.net)))
        for goal, value in self.wanted.limits:
            master.keep(goal, value)
        start = found.decisions
        for goal in before:
            master.aim(goal)
            hunt = self._hunt(master, goal)
            hunt.improve(start, self.seed, clock.share(1 / (len(before) + 1)))
            if hunt.best is None:
                return None
            start = hunt.best.decisions
            self.tell(goal.name, hunt.best.value, None, goal.unit)
            master.keep(goal, hunt.best.value)
        return self._fleets(master, last, [start], clock)

    def _fleets(self, master: Master, goal: Goal, starts: Sequence[Decisions], clock: Clock) -> Found | None:
        """Search fleets best bound first: price each box, branch on tails, plan where tails are whole."""
        best: Found | None = None
        hurry = clock.share(FLEETS_SHARE)
        self.boxes = []
        queue: list[tuple[float, int, Box, tuple[Box, Box] | None]] = []
        order = count()

        def push(box: Box, enough: float = math.inf) -> float:
            """Price a box and queue it by its own value, so that hopeless fleets are never planned."""
            master.limit_tails(_tail_limits(box))
            master.aim(goal)
            value, split = math.inf, None
            # Fractional tails show early; only a box to be planned is priced to the end.
            for tightness in (LOOSE, TIGHT):
                priced = master.price(hurry, self.wanted.tolerance(goal, tightness), enough)
                value = math.inf if priced is None else priced.value
                split = None if priced is None else _split(master, box)
                self.used |= dict.fromkeys(master.used())
                if split is not None or priced is None:
                    break
            heapq.heappush(queue, (value, next(order), box, split))
            self.tell(goal.name, best.value if best else None, min(node[0] for node in queue), goal.unit)
            return value

        push(_all_fleets(master.net))
        while queue:
            value, _, box, split = heapq.heappop(queue)
            worth = self.wanted.tolerance(goal, TIGHT)(best.value) if best else 0.0
            if best is not None and (hurry.stopped() or value >= best.value - worth):
                self.boxes.append(box)
            elif split is not None and not hurry.stopped():
                # More tails first: should time run out now, they can still fly what is needed.
                # The other half need only be shown to be dearer, if it is.
                push(split[0], enough=push(split[1]))
            else:
                self.boxes.append(box)
                best = self._plan(master, goal, box, best, starts, clock)
        return best

    def _plan(
        self,
        master: Master,
        goal: Goal,
        box: Box,
        best: Found | None,
        starts: Sequence[Decisions],
        clock: Clock,
    ) -> Found | None:
        """The best whole plan of a box over the patterns known, if better than the best so far."""
        master.limit_tails(_tail_limits(box))
        master.aim(goal)
        hunt = self._hunt(master, goal)
        hunt.begin([best.decisions] if best is not None else starts, clock)
        found = hunt.best
        if found is None or (best is not None and found.value >= best.value):
            return best
        self.box = box
        return found

    def improve(
        self, master: Master, plan: Decisions, values: Sequence[float], clock: Clock
    ) -> Decisions | None:
        """A cheaper plan with the fleets of the best, by rounds around a plan that reaches these values."""
        master.limit_sorties(self.cuts)
        *before, last = self.wanted.goals
        for goal, value in (*self.wanted.limits, *zip(before, values, strict=False)):
            master.keep(goal, value)
        master.limit_tails(_tail_limits(self.box or _all_fleets(master.net)))
        master.aim(last)
        hunt = self._hunt(master, last)
        hunt.improve(plan, self.seed, clock)
        return None if hunt.best is None else hunt.best.decisions

    def _hunt(self, master: Master, goal: Goal) -> Hunt:
        def tell(value: float) -> None:
            self.tell(goal.name, value, None, goal.unit)

        return Hunt(master, self.wanted.tolerance(goal, CLOSE), self.used, tell)

    def prove(
        self,
        small: Callable[[], Master],
        full: Callable[[], Master],
        values: Sequence[float],
        clock: Clock,
    ) -> tuple[float, ...]:
        """A bound for each goal, given the values reached for the goals before it.

        Parameters
        ----------
        small : callable
            Gives the master over the merged network, which relaxes the full one in everything but cost.
        full : callable
            Gives the master over the full network, for cost.
        values : sequence of float
            What the plan reaches, goal by goal.
        clock : Clock
            Says when to break off; bounds not proven by then are 0, which every goal keeps.
        """
        master: Master | None = None
        for_cost = False
        bounds: list[float] = []
        for i, (goal, value) in enumerate(zip(self.wanted.goals, values, strict=True)):
            # Nothing is below 0, so there a bound need not be sought.
            bound = 0.0
            if value > 0 and goal.name not in self.at_zero:
                if master is None or (goal.scale is None and not for_cost):
                    for_cost = goal.scale is None
                    master = full() if for_cost else small()
                    master.limit_sorties(proven(self.cuts))
                for kept, reached in (*self.wanted.limits, *zip(self.wanted.goals[:i], values, strict=False)):
                    master.keep(kept, reached)
                bound = self._bound(master, goal, value, clock)
            bounds.append(min(value, max(0.0, bound)))
            self.tell(goal.name, value, bounds[-1], goal.unit)
        return tuple(bounds)

    def _bound(self, master: Master, goal: Goal, value: float, clock: Clock) -> float:
        """A bound over all fleets: the worst of the boxes searched, or of all at once."""
        tolerance = self.wanted.tolerance(goal, TIGHT)
        master.limit_tails(_tail_limits(_all_fleets(master.net)))
        master.aim(goal)
        bounds = []
        if goal is self.wanted.goals[-1] and len(self.boxes) > 1:
            hurry = clock.share(BOXES_SHARE)
            for box in self.boxes:
                master.limit_tails(_tail_limits(box))
                priced = master.price(hurry, tolerance, enough=value - tolerance(value))
                bounds.append(-math.inf if priced is None else priced.bound)
                if bounds[-1] == -math.inf:
                    break
            master.limit_tails(_tail_limits(_all_fleets(master.net)))
        if not bounds or min(bounds) == -math.inf:
            priced = master.price(clock, tolerance)
            bounds = [0.0 if priced is None else priced.bound]
        return min(bounds)


def _all_fleets(net: Network) -> Box:
    return tuple((f, 0, fleet.max_tails) for f, fleet in net.fleets.items())


def _tail_limits(box: Box) -> dict[str, tuple[float, float]]:
    return {f: (low, high) for f, low, high in box}


def _split(master: Master, box: Box) -> tuple[Box, Box] | None:
    """Two halves of a box that exclude the fractional tails of the last solution; None when all are whole."""
    tails = master.tails()
    fleet = max(tails, key=lambda f: abs(tails[f] - round(tails[f])), default=None)
    if fleet is None or abs(tails[fleet] - round(tails[fleet])) <= WHOLE:
        return None
    down = math.floor(tails[fleet])
    return (
        tuple((f, low, down if f == fleet else high) for f, low, high in box),
        tuple((f, down + 1 if f == fleet else low, high) for f, low, high in box),
    )
