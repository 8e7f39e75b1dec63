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

from optimizer.campaign.choices import WHOLE, Levels
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.master import Master, Priced
from optimizer.campaign.objective import Goal
from optimizer.campaign.wanted import CLOSE, LOOSE, TIGHT, Wanted
from optimizer.campaign.whole import Found, Hunt
from optimizer.clock import Clock
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
    """One master and what is learned of it while a campaign is searched.

    Attributes
    ----------
    master : Master
        The campaign over patterns.
    boxes : list of Box
        Together they hold every fleet; one each for `prove` to bound.
    box : Box or None
        That of the best plan.
    at_zero : set of str
        Goals whose relaxation reaches 0, so that no bound above 0 can be proven.
    used : dict
        Numbers of the patterns that relaxed plans used, in order.
    """

    master: Master
    wanted: Wanted
    seed: int
    tell: Tell
    boxes: list[Box] = field(default_factory=list)
    box: Box | None = None
    at_zero: set[str] = field(default_factory=set)
    used: dict[int, None] = field(default_factory=dict)

    def find(self, starts: Sequence[Decisions], clock: Clock) -> Decisions | None:
        """The best whole numbers found before the clock ran out; None when there are none yet."""
        self._start_over()
        begun = [self.master.offer_plan(start) for start in starts]
        *before, last = self.wanted.goals
        if not self._relaxed(before, clock.share(GOALS_SHARE)):
            return None
        found = self._fleets(last, begun, clock)
        if found is None:
            return None
        if found.shortfall_kg > SHORT_FRAC * self.master.net.total_need_kg():
            if not before:
                return self._with_margin(last, found, clock).decisions
            found = self._one_by_one(before, last, found, clock) or found
        return found.decisions

    def _start_over(self) -> None:
        """Keep the limits only, and let every fleet be contracted."""
        self.master.let_go()
        for goal, value in self.wanted.limits:
            self.master.keep(goal, value)
        self.master.limit_tails(_tail_limits(_all_fleets(self.master.net)))

    def _relaxed(self, before: Sequence[Goal], clock: Clock) -> bool:
        """Keep what fractions of patterns reach of each goal but the last; False when time ran out."""
        master = self.master
        priced: Priced | None = None
        if len(before) > 1:
            # Often everything can be met: then one solution shows it for all goals.
            master.aim(*before)
            priced = master.price(clock, self.wanted.tolerance(before[0], TIGHT))
        for goal in before:
            # Nothing can be better than 0: a solution that reaches it need not be sought again.
            if priced is None or master.worth(goal) > 0:
                master.aim(goal)
                priced = master.price(clock, self.wanted.tolerance(goal, TIGHT)) or priced
                if priced is None:
                    return False
            value = max(0.0, master.worth(goal))
            if value <= 0:
                self.at_zero.add(goal.name)
            self.tell(goal.name, None, value, goal.unit)
            master.keep(goal, value)
        return True

    def _with_margin(self, last: Goal, short: Found, clock: Clock) -> Found:
        """Whole sorties fall short of a limit: plan for a little more than it asks, so that they reach it."""
        found, margin_kg, master = short, 0.0, self.master
        for _ in range(MARGINS):
            if found.shortfall_kg <= SHORT_FRAC * master.net.total_need_kg() or clock.stopped():
                break
            margin_kg += 1.5 * found.shortfall_kg
            for goal, value in self.wanted.limits:
                master.keep(goal, max(0.0, value - margin_kg / goal.kg))
            box = self.box or _all_fleets(master.net)
            again = self._plan(last, box, None, (), clock.share(MARGIN_SHARE))
            for goal, value in self.wanted.limits:
                master.keep(goal, value)
            if again is None:
                break
            found = again
        return found

    def _one_by_one(self, before: Sequence[Goal], last: Goal, found: Found, clock: Clock) -> Found | None:
        """Whole sorties miss what fractions reach: settle each goal in whole numbers, one after the other."""
        self._start_over()
        start = found.levels
        for goal in before:
            self.master.aim(goal)
            hunt = self._hunt(goal)
            hunt.improve(start, self.seed, clock.share(1 / (len(before) + 1)))
            if hunt.best is None:
                return None
            start = hunt.best.levels
            self.tell(goal.name, hunt.best.value, None, goal.unit)
            self.master.keep(goal, hunt.best.value)
        return self._fleets(last, [start], clock)

    def _fleets(self, goal: Goal, starts: Sequence[Levels], clock: Clock) -> Found | None:
        """Search fleets best bound first: price each box, branch on tails, plan where tails are whole."""
        best: Found | None = None
        hurry = clock.share(FLEETS_SHARE)
        master = self.master
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
                best = self._plan(goal, box, best, starts, clock)
        return best

    def _plan(
        self, goal: Goal, box: Box, best: Found | None, starts: Sequence[Levels], clock: Clock
    ) -> Found | None:
        """The best whole plan of a box over the patterns known, if better than the best so far."""
        master = self.master
        master.limit_tails(_tail_limits(box))
        master.aim(goal)
        if master.relax(clock) is None:
            return best
        # A stretch of days keeps to the tails contracted only on average, so their number is settled first.
        tails = master.tails()
        exact = tuple((f, low, max(low, math.ceil(tails[f] - WHOLE))) for f, low, _ in box)
        master.limit_tails(_tail_limits(exact))
        hunt = self._hunt(goal)
        hunt.begin([best.levels] if best is not None else starts, clock)
        found = hunt.best
        if found is None or (best is not None and found.value >= best.value):
            return best
        self.box = exact
        return found

    def improve(self, plan: Decisions, values: Sequence[float], clock: Clock) -> Decisions | None:
        """A cheaper plan with the fleets of the best, by rounds around a plan that reaches these values."""
        *before, last = self.wanted.goals
        for goal, value in (*self.wanted.limits, *zip(before, values, strict=False)):
            self.master.keep(goal, value)
        self.master.limit_tails(_tail_limits(self.box or _all_fleets(self.master.net)))
        self.master.aim(last)
        hunt = self._hunt(last)
        hunt.improve(self.master.offer_plan(plan), self.seed, clock)
        return None if hunt.best is None else hunt.best.decisions

    def _hunt(self, goal: Goal) -> Hunt:
        def tell(value: float) -> None:
            self.tell(goal.name, value, None, goal.unit)

        return Hunt(self.master, self.wanted.tolerance(goal, CLOSE), self.used, tell)

    def prove(self, values: Sequence[float], clock: Clock) -> tuple[float, ...]:
        """A bound for each goal, given the values reached for the goals before it.

        Parameters
        ----------
        values : sequence of float
            What the plan reaches, goal by goal.
        clock : Clock
            Says when to break off; bounds not proven by then are 0, which every goal keeps.
        """
        bounds: list[float] = []
        self._start_over()
        for goal, value in zip(self.wanted.goals, values, strict=True):
            # Nothing is below 0, so there a bound need not be sought.
            bound = 0.0
            if value > 0 and goal.name not in self.at_zero:
                bound = self._bound(goal, value, clock)
            bounds.append(min(value, max(0.0, bound)))
            self.tell(goal.name, value, bounds[-1], goal.unit)
            self.master.keep(goal, value)
        return tuple(bounds)

    def _bound(self, goal: Goal, value: float, clock: Clock) -> float:
        """A bound over all fleets: the worst of the boxes searched, or of all at once."""
        master, tolerance = self.master, self.wanted.tolerance(goal, TIGHT)
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


def _tail_limits(box: Box) -> dict[str, tuple[int, int]]:
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
