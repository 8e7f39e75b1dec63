"""The best whole plan of some fleets: a dive, then rounds in which a few days are planned anew."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from optimizer.campaign.choices import Levels
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.dive import dive
from optimizer.campaign.flown import flown
from optimizer.campaign.master import Master
from optimizer.clock import Clock, Pace

LAST_DAYS = 12  # that a dive decides last are planned anew first: they pay for the rounding of all others
FREE_DAYS, ROUNDS = 10, 12  # planned anew in each later round; rounds at most
GOOD_START = 2.5  # of the tolerance: a start this close is not worth a dive before its bound is known
TOO_DEAR = 4.0  # times the tolerance: a choice that costs so much more is in no plan that is wanted
MOST_TOLD = 0.5  # of the relaxed value: what is dearer falls short of what is asked
WILL_DO = 0.05  # of the relaxed value: so much dearer a plan will do where time is short
ROUND_GAP = 0.5  # of the tolerance: gap at which a round stops
DIVE_SHARE, FIRST_SHARE, ROUND_SHARE = 0.4, 0.7, 0.4  # of the time left, at most, for each step


@dataclass(frozen=True)
class Found:
    """A whole plan over patterns.

    Attributes
    ----------
    value : float
        Of the goal, in its unit.
    shortfall_kg : float
        By which it misses the goals kept.
    levels : dict
        How often each choice is made, by its column in the master.
    decisions : Decisions
        Its whole numbers, day by day.
    """

    value: float
    shortfall_kg: float
    levels: Levels
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
    _most_told: float = math.inf
    _will_do: float = math.inf
    _barred: list[int] = field(default_factory=list)

    def begin(self, starts: Iterable[Levels], pace: Pace) -> None:
        """Fill `best` from the starts as they are, and where that is not close, from a dive."""
        relaxed = self._relaxed(pace.late)
        if relaxed is None:
            return
        for start in starts:
            self._attempt(start, start, pace)
        if not self._close(relaxed, GOOD_START) and self.master.relax(pace.late) is not None:
            likely = self.master.rounded({})
            fixed = dive(self.master, pace.late.share(DIVE_SHARE))
            most = self.master.most_choices
            first = Counter(fixed)
            self._attempt(first, self._guess(fixed, likely), pace.share(FIRST_SHARE))
            if len(fixed) < most:
                fixed = fixed[: max(0, most - LAST_DAYS * len(self.master.groups))]
                guess = self._guess(fixed, likely) if self.best is None else self.best.levels
                self._attempt(Counter(fixed), guess, pace.share(FIRST_SHARE))

    def _told(self, value: float) -> None:
        """Tell of a better plan, unless its value is mostly the price of what is missing."""
        if value <= self._most_told:
            self.tell(value)

    def _relaxed(self, clock: Clock) -> float | None:
        """Relaxed value, and which choices are too dear for any plan that is wanted."""
        master = self.master
        master.offer_all(self.used)
        relaxed = master.relax(clock)
        if relaxed is not None:
            self._gap = self.tolerance(relaxed) * ROUND_GAP
            self._most_told = relaxed + MOST_TOLD * abs(relaxed)
            self._will_do = relaxed + WILL_DO * abs(relaxed)
            too_dear = master.in_kg(self.tolerance(relaxed) * TOO_DEAR)
            costs = master.session.reduced_costs()
            self._barred = [j for j in master.choice.values() if costs[j] > too_dear]
        return relaxed

    def _guess(self, fixed: Sequence[int], likely: Levels) -> Levels:
        """A first plan, good or not: what is fixed, and for what is still open what is likely."""
        guess = Counter(fixed)
        left = self.master.still_open(guess)
        for j, n in likely.items():
            part = self.master.part_of(j)
            more = min(left.get(part, 0), n)
            guess[j] += more
            left[part] = left.get(part, 0) - more
        return guess

    def improve(self, starts: Iterable[Levels], seed: int, clock: Clock) -> None:
        """Fill `best` with the best of some plans and from rounds around it."""
        self.master.offer_all(self.master.patterns.thinner(self.used))
        relaxed = self._relaxed(clock)
        if relaxed is None:
            return
        for start in starts:
            self._attempt(start, start, Pace(clock, clock))
        round_s = ROUND_SHARE * clock.left()
        for free in _neighbourhoods(list(dict.fromkeys(d for d, _ in self.master.parts)), seed):
            if self._close(relaxed) or clock.stopped() or self.best is None:
                break
            share = min(1.0, round_s / max(round_s, clock.left()))
            kept = {j: n for j, n in self.best.levels.items() if self.master.part_of(j)[0] not in free}
            self._attempt(kept, self.best.levels, Pace(clock, clock).share(share))

    def _close(self, relaxed: float, part: float = 1.0) -> bool:
        return self.best is not None and self.best.value <= relaxed + part * self.tolerance(relaxed)

    def _attempt(self, kept: Levels, guess: Levels, pace: Pace) -> None:
        """Plan all other days in whole numbers; the result counts if it is the best so far."""

        def content(value: float) -> bool:
            return value <= self._will_do and pace.soon.stopped()

        master = self.master
        barred = [j for j in self._barred if j not in kept and j not in guess]
        for j in barred:
            master.session.set_bounds(j, 0.0, 0.0)
        start = dict.fromkeys(master.choice.values(), 0.0) | {j: float(n) for j, n in guess.items()}
        solved = master.whole(pace.late, self._gap, start if guess else {}, self._told, kept, content)
        for j in barred:
            master.free(j)
        if solved.value is not None and (self.best is None or solved.value < self.best.value):
            levels, decisions = master.chosen(), flown(master)
            self.best = Found(solved.value, master.shortfall_kg(), levels, decisions)


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
