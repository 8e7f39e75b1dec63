"""The best whole plan of some fleets: a dive, then rounds in which a few days are planned anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from optimizer.campaign.decisions import Decisions
from optimizer.campaign.descent import descend
from optimizer.campaign.dive import dive
from optimizer.campaign.master import Master
from optimizer.clock import Clock

LAST_DAYS = 8  # that a dive decides last are planned anew first: they pay for the rounding of all others
FREE_DAYS, ROUNDS = 10, 12  # planned anew in each later round; rounds at most
GOOD_START = 2.5  # of the tolerance: a start this close is not worth a dive before its bound is known
DESCENT_STEPS = (16, 8, 30)  # one descent after the other, until a plan is close
DESCENT_SHARE = 0.4  # of the time left, at most
RISES = (0.5, 1.0)  # of the tolerance: what a descent may cost at first, and where that proves too little
ROUND_GAP = 0.5  # of the tolerance: gap at which a round stops
DIVE_SHARE, FIRST_SHARE, ROUND_SHARE = 0.5, 0.4, 0.2  # of the time left, at most, for each step


@dataclass(frozen=True)
class Found:
    """A whole plan over patterns: value of the goal, shortfall of the goals kept in kg, decisions."""

    value: float
    shortfall_kg: float
    decisions: Decisions


@dataclass
class Hunt:
    """One search for a whole plan over a master with an aim and limits to its tails.

    Attributes
    ----------
    tolerance : callable
        Distance to the relaxed value at which to stop, by value, in the unit of the goal.
    used : collection of int
        Numbers of the patterns offered to days that are planned anew.
    tell : callable
        Told the value of each better plan.
    best : Found or None
        So far.
    """

    master: Master
    tolerance: Callable[[float], float]
    used: Collection[int]
    tell: Callable[[float], None]
    best: Found | None = None
    _gap: float = 0.0
    _chosen: list[int] = field(default_factory=list)
    _likely: dict[int, int] = field(default_factory=dict)

    def begin(self, starts: Iterable[Decisions], clock: Clock) -> None:
        """Fill `best` from the starts as they are, and where that is not close, from a dive."""
        relaxed = self.master.relax(clock)
        if relaxed is None:
            return
        self._gap = self.tolerance(relaxed) * ROUND_GAP
        for start in starts:
            self._again(start, clock)
        if not self._close(relaxed, GOOD_START) and self.master.relax(clock) is not None:
            self._likely = self.master.likely()
            fixed = dive(self.master, clock.share(DIVE_SHARE))
            days = len(self.master.choice_row)
            if len(fixed) < days:
                fixed = fixed[: max(0, days - LAST_DAYS)]
            self._attempt(fixed, clock.share(FIRST_SHARE))

    def improve(self, plan: Decisions, seed: int, clock: Clock) -> None:
        """Fill `best` with a plan and from rounds around it."""
        relaxed = self.master.relax(clock)
        if relaxed is None:
            return
        self._gap = self.tolerance(relaxed) * ROUND_GAP
        self._again(plan, clock)
        for steps in DESCENT_STEPS:
            if self._close(relaxed) or self.best is None or self.master.relax(clock) is None:
                break
            rises = [part * self.tolerance(relaxed) for part in RISES]
            fixed = descend(self.master, rises, steps, clock.share(DESCENT_SHARE))
            if len(fixed) == len(self.master.choice_row):
                self._attempt(fixed, clock.share(FIRST_SHARE))
        round_s = ROUND_SHARE * clock.left()
        for free in _neighbourhoods(list(self.master.choice_row), seed):
            if self._close(relaxed) or clock.stopped() or self.best is None:
                break
            day = {j: d for (d, _), j in self.master.choice.items()}
            share = min(1.0, round_s / max(round_s, clock.left()))
            self._attempt([j for j in self._chosen if day[j] not in free], clock.share(share))

    def _again(self, plan: Decisions, clock: Clock) -> None:
        """A plan as it is, as a plan over patterns."""
        self._attempt([self.master.choice[key] for key in self.master.offer_plan(plan)], clock)

    def _close(self, relaxed: float, part: float = 1.0) -> bool:
        return self.best is not None and self.best.value <= relaxed + part * self.tolerance(relaxed)

    def _attempt(self, kept: Sequence[int], clock: Clock) -> None:
        """Plan all other days in whole numbers; the result counts if it is the best so far."""
        master = self.master
        fixed = set(kept)
        done = {d for (d, _), j in master.choice.items() if j in fixed}
        master.offer_all(self.used, [d for d in master.choice_row if d not in done])
        # A first plan, good or not, comes from what is fixed and what is likely on the days left.
        guess = self._chosen or [*kept, *(j for d, j in self._likely.items() if d not in done)]
        start = dict.fromkeys(master.choice.values(), 0.0) | dict.fromkeys(guess, 1.0)
        solved = master.whole(clock, self._gap, start if guess else {}, self.tell, kept)
        if solved.value is not None and (self.best is None or solved.value < self.best.value):
            self.best = Found(solved.value, master.shortfall_kg(), master.decisions())
            self._chosen = master.chosen()


def _neighbourhoods(days: Sequence[int], seed: int) -> Iterator[set[int]]:
    """Days to plan anew, round by round: some in a row, then some from anywhere; of few days all, once."""
    random = np.random.default_rng(seed)
    size = min(FREE_DAYS, len(days))
    if size == len(days):
        yield set(days)
        return
    for _ in range(ROUNDS // 2):
        first = int(random.integers(len(days) - size + 1))
        yield set(days[first : first + size])
        yield {days[int(i)] for i in random.choice(len(days), size, replace=False)}
