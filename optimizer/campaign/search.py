"""Finds a campaign and proves how good it is: whole-day patterns, fleets searched best bound first.

`find` decides the whole numbers (tails, sorties, bundles, trips); `prove` gives a bound for each goal
that holds for every plan, whatever `find` found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from optimizer.campaign.boxes import MOST_BOXES, Box, Branching, Node, all_fleets, few, one_more, other_tails
from optimizer.campaign.choices import WHOLE, Levels
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.master import Master, Priced
from optimizer.campaign.objective import Goal
from optimizer.campaign.wanted import CLOSE, TIGHT, Wanted
from optimizer.campaign.whole import Found, Hunt
from optimizer.clock import Clock, Pace

GOALS_SHARE, FLEETS_SHARE = 0.35, 0.6  # of the time left, at most, for each step
MARGINS, MARGIN_SHARE = 3, 0.8  # tries with a margin at most; of the time left, at most, for each
NEAR_MARGIN = 0.7  # of the margin that kept the limits, for plans around one that keeps them
SHORT = 0.1  # part of the gap allowed that a shortfall may take
SPARE = 4.0  # shortfalls that are no matter, asked for beyond the limits where whole loads will need them
FINE_SHARE, FINE_ROUNDS = 0.2, 9  # of the time left and of pricing, before a plan is made

type Tell = Callable[[str, float | None, float | None, str], None]
"""Called with stage, best value, bound and unit."""


@dataclass
class Search:
    """One master and what is learned of it while a campaign is searched.

    Attributes
    ----------
    master : Master
        The campaign over patterns, in which plans are made.
    coarse : Master
        The same with every good by itself and in longer spells, which bounds it.
    scout : Master
        All days of a kind in one, and every fleet by itself: the first prices and patterns, and fleets.
    boxes : list of Box
        Together they hold every fleet; one each for `prove` to bound.
    box : Box or None
        That of the best plan.
    within : Box or None
        Where plans are sought, once it is known that others fall short in whole sorties.
    found : Found or None
        The best plan.
    least : dict
        By name of a goal, what its relaxation reaches at least, given those before it.
    used : dict
        Numbers of the patterns that relaxed plans used, in order.
    """

    master: Master
    coarse: Master
    scout: Master
    wanted: Wanted
    seed: int
    tell: Tell
    boxes: list[Box] = field(default_factory=list)
    box: Box | None = None
    within: Box | None = None
    found: Found | None = None
    least: dict[str, float] = field(default_factory=dict)
    used: dict[int, None] = field(default_factory=dict)
    _margin_kg: float = 0.0
    _bounds: dict[str, tuple[Sequence[float], list[Node]]] = field(default_factory=dict)

    def find(self, starts: Sequence[Decisions], pace: Pace) -> Decisions | None:
        """The best whole numbers found in time; None when there are none yet."""
        *before, last = self.wanted.goals
        hurry = pace.soon.share(GOALS_SHARE)
        for master in (self.scout, self.master):
            self._start_over(master, ways=False)
            begun = [master.offer_plan(start) for start in starts]
            master.offer_all(self.used)
            if not self._relaxed(master, before, hurry):
                return None
        self.found = self._fleets(last, begun, pace) or self.found
        if self.within is not None:
            self._keep_limits(0.0)
        return None if self.found is None else self.found.decisions

    def nothing_short(self) -> bool:
        """Whether the best plan keeps the limits by its patterns."""
        return self.found is not None and self.found.shortfall_kg <= self._rounding_kg()

    def _rounding_kg(self) -> float:
        """A shortfall that is no matter at the gap allowed."""
        return SHORT * self.wanted.gap_frac * self.master.net.total_need_kg()

    def _start_over(self, master: Master, *, ways: bool) -> None:
        """Keep the limits only, let every fleet be contracted, and mind ways or not."""
        master.mind_ways(ways)
        master.let_go()
        for goal, value in self.wanted.limits:
            master.keep(goal, value)
        all_fleets(master.net).put_on(master)

    def _relaxed(self, master: Master, before: Sequence[Goal], clock: Clock) -> bool:
        """Keep what fractions of patterns reach of each goal but the last; False when time ran out."""
        priced: Priced | None = None
        if len(before) > 1 and not any(self.least.values()):
            # Often everything can be met: then one solution shows it for all goals.
            master.aim(*before)
            known = 0.0 if self.least else -math.inf
            priced = master.price(clock, self.wanted.tolerance(before[0], TIGHT), known=known)
        for goal in before:
            known, tolerance = self.least.get(goal.name, -math.inf), self.wanted.tolerance(goal, TIGHT)
            # Nothing can be better than 0: a solution that reaches it need not be sought again.
            if priced is None or master.worth(goal) > max(0.0, known):
                master.aim(goal)
                priced = master.price(clock, tolerance, known=known) or priced
                if priced is None:
                    return False
                known = max(known, priced.bound)
            value = max(0.0, master.worth(goal))
            self.least[goal.name] = max(0.0, known)
            self.tell(goal.name, None, value, goal.unit)
            master.keep(goal, value)
            self.used |= dict.fromkeys(master.used())
        return True

    def more(self, short_kg: float, pace: Pace) -> Decisions | None:
        """A plan in place of the last, which misses the limits by so much once its loads are settled.

        Whole sorties fall short of a limit: with a little more than it asks in mind, they reach it.
        """
        *_, last = self.wanted.goals
        before = self.found
        for _ in range(MARGINS):
            if self.found is None or pace.late.stopped():
                break
            self._margin_kg += 1.5 * short_kg
            self._keep_limits(self._margin_kg)
            again = self._fleets(last, [self.found.levels], pace.share(MARGIN_SHARE))
            self._keep_limits(0.0)
            if again is None:
                break
            self.found, short_kg = again, max(0.0, again.shortfall_kg - self._margin_kg)
            if short_kg <= self._rounding_kg():
                break
        same = before is None or self.found is None or self.found.decisions == before.decisions
        return None if same or self.found is None else self.found.decisions

    def _keep_limits(self, margin_kg: float) -> None:
        """Keep the limits, and so much more than they ask."""
        for master in (self.scout, self.master):
            for goal, value in self.wanted.limits:
                master.keep(goal, max(0.0, value - margin_kg / goal.kg))

    def _fleets(self, goal: Goal, starts: Sequence[Levels], pace: Pace) -> Found | None:
        """Search boxes best bound first, down to one whose tails are whole: plan there.

        Go on while a plan could still be better by more than the gap leaves open.
        """
        best: Found | None = None
        share, whole = pace.share(FLEETS_SHARE), False
        hurry = pace.late.share(FLEETS_SHARE).unless(lambda: whole and share.soon.stopped())
        branching = self._branching([self.scout], goal, totals=False)
        done: list[Node] = []
        covered = True
        queue = [branching.price(self.within or all_fleets(self.scout.net), hurry)]
        below: list[Node] = []
        while queue or below:
            # The better of the halves just priced, as long as there are any; then the best of all.
            node = (below or queue).pop(0)
            close = self.wanted.tolerance(goal, CLOSE)(best.value) if best else 0.0
            if best is not None and (hurry.stopped() or node.bound >= best.value - close):
                done.append(node)
            elif node.halves is not None and branching.priced < MOST_BOXES and not hurry.stopped():
                # More first: should time run out now, they can still fly what is needed.
                # The other half need only be shown to be dearer, if it is.
                more = branching.price(node.halves[1], hurry)
                less = branching.price(node.halves[0], hurry, enough=more.bound)
                below = sorted([less, more, *below])
            else:
                done.append(node)
                queue, below, before = sorted([*queue, *below]), [], self.box
                box = self._instead(goal, node.box, pace.late) if best is None else node.box
                best = self._plan(goal, box, best, starts, Pace(pace.soon, pace.soon) if whole else pace)
                short = best is not None and best.shortfall_kg > self._rounding_kg()
                if self.within is not None or (short and not self._margin_kg):
                    done += queue  # single sorties may be all that is missing
                    queue = []
                elif short and self.box is not before:
                    below = sorted(branching.price(box, hurry) for box in one_more(node.box, self.box))
                    covered = False
            lowest = min((one.bound for one in (*queue, *below, *done)), default=node.bound)
            whole = best is not None and best.shortfall_kg <= self._rounding_kg()
            self.tell(goal.name, best.value if best and whole else None, lowest, goal.unit)
        # Boxes with one more overlap, and would be bounded several times; some fleets alone are not all.
        self.boxes = [node.box for node in sorted(done)] if covered and self.within is None else []
        return best

    def _instead(self, goal: Goal, box: Box, clock: Clock) -> Box:
        """Where to plan in place of a box: the tails that whole sorties of each mission take, if others.

        Then a little more is asked for as well, as whole loads lose some of it.
        """
        if not self.wanted.limits or self._margin_kg > 0 or self.within is not None:
            return box
        other = other_tails(self.scout, box, goal, self.wanted.tolerance(goal, CLOSE), clock)
        if other is None:
            return box
        self.used |= dict.fromkeys(self.scout.used())
        self.within, self._margin_kg = other, SPARE * self._rounding_kg()
        self._keep_limits(self._margin_kg)
        return other

    def _branching(self, masters: Sequence[Master], goal: Goal, *, totals: bool) -> Branching:
        def used(master: Master) -> None:
            self.used |= dict.fromkeys(master.used())

        return Branching(masters, goal, self.wanted, used, totals=totals)

    def _plan(
        self,
        goal: Goal,
        box: Box,
        best: Found | None,
        starts: Sequence[Levels],
        pace: Pace,
    ) -> Found | None:
        """The best whole plan of a box over the patterns known, if better than the best so far."""
        master = self.master
        box.put_on(master)
        master.offer_all(self.used)
        master.aim(goal)
        # Shorter spells want some patterns of their own.
        tolerance = self.wanted.tolerance(goal, TIGHT)
        if master.price(pace.late.share(FINE_SHARE), tolerance, most_rounds=FINE_ROUNDS, early=False) is None:
            return best
        # A stretch of days keeps to the tails contracted only on average, so their number is settled first.
        tails = master.tails()
        exact = {f: (low, max(low, math.ceil(tails[f] - WHOLE))) for f, (low, _) in box.tails.items()}
        exact_box = replace(box, tails=exact)
        exact_box.put_on(master)
        hunt = self._hunt(goal)
        hunt.begin([best.levels] if best is not None else starts, pace)
        found = hunt.best
        if found is None or (best is not None and found.value >= best.value):
            return best
        self.box = exact_box
        return found

    def improve(self, plan: Decisions, clock: Clock) -> Decisions | None:
        """A cheaper plan with the fleets of the best, by rounds around a plan."""
        last = self.wanted.goals[-1]
        (self.box or all_fleets(self.master.net)).put_on(self.master)
        self._keep_limits(NEAR_MARGIN * self._margin_kg)
        self.master.aim(last)
        known = self.master.offer_plan(plan)
        self.used |= dict.fromkeys(self.master.number_of(j) for j in known)
        hunt = self._hunt(last)
        hunt.improve([known] if self.found is None else [known, self.found.levels], self.seed, clock)
        self._keep_limits(0.0)
        self.found = hunt.best or self.found
        return None if hunt.best is None else hunt.best.decisions

    def _hunt(self, goal: Goal) -> Hunt:
        return Hunt(self.master, self._tolerance(goal), self.used, partial(self._told, goal))

    def _tolerance(self, goal: Goal) -> Callable[[float], float]:
        """Distance to the bound at which a plan is close; what one goal leaves open, the next ones abuse."""
        return self.wanted.tolerance(goal, CLOSE if goal is self.wanted.goals[-1] else TIGHT)

    def prove(self, values: Sequence[float], clock: Clock, hurry: Clock) -> tuple[float, ...]:
        """A bound for each goal, given the values reached for the goals before it.

        Parameters
        ----------
        values : sequence of float
            What the plan reaches, goal by goal.
        clock : Clock
            Says when to break off; bounds not proven by then are 0, which every goal keeps.
        hurry : Clock
            Says when to split no more boxes.
        """
        bounds: list[float] = []
        boxes = [all_fleets(self.coarse.net)]
        for master in (self.scout, self.coarse):
            self._start_over(master, ways=True)
            master.offer_all(self.used)
        for i, (goal, value) in enumerate(zip(self.wanted.goals, values, strict=True)):
            if goal is self.wanted.goals[-1] and len(boxes) == 1:
                boxes = self.boxes or boxes
            # Nothing is below 0, so there a bound need not be sought; nor where fractions reach 0.
            bound = 0.0
            if value > 0 and self.least.get(goal.name, 1.0) > 0:
                branching = self._branching([self.scout, self.coarse], goal, totals=True)
                known = self._known(goal, values[:i])
                told = partial(self._told, goal, value)
                tolerance = self._tolerance(goal)
                nodes = branching.bounded(known or boxes, value, tolerance, clock, hurry, told)
                self._bounds[goal.name] = values[:i], nodes
                bound = nodes[0].bound
                # The plans that are as good in this goal are in these boxes.
                slack = self.wanted.tolerance(goal, TIGHT)(value)
                boxes = few([node.box for node in nodes if node.bound <= value + slack]) or boxes
            bounds.append(min(value, max(0.0, bound)))
            self.tell(goal.name, value, bounds[-1], goal.unit)
            for master in (self.scout, self.coarse):
                master.keep(goal, value)
        if len(bounds) == 1:
            self.boxes = boxes
        return tuple(bounds)

    def go_on_from(self, other: Search) -> None:
        """Take over what another search has bounded, with fewer limits or the same."""
        self._bounds = other._bounds

    def _told(self, goal: Goal, value: float, bound: float | None = None) -> None:
        self.tell(goal.name, value, bound, goal.unit)

    def _known(self, goal: Goal, before: Sequence[float]) -> list[Node]:
        """Boxes bounded before, under values of the goals before that were no better, nor much worse.

        Bounds under values that were much worse hold as well, but so low that none of these boxes is of use.
        """
        under, nodes = self._bounds.get(goal.name, (before, []))
        of_goals = zip(self.wanted.goals, before, under, strict=False)
        alike = all(then - self.wanted.tolerance(g, TIGHT)(then) <= now <= then for g, now, then in of_goals)
        return nodes if alike else []
