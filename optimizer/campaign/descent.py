"""From a fractional choice of patterns to a whole one, with a way back from every dead end.

Slower than a dive, and closer to the relaxed value: the totals of sorties are whole and stay so, a step
that costs too much is barred, and where nothing is left to choose the last days are taken back.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from optimizer.campaign.dive import fix, heal, whole_totals
from optimizer.campaign.master import Master
from optimizer.clock import Clock

CLEAR = 0.999  # a day that chose this clearly needs no step of its own
BACK_DAYS = 4  # taken back before the first dead end, twice as many at each one after it
DEAD_ENDS = 3  # met before the next rise in value is allowed


def descend(master: Master, rises: Sequence[float], steps: int, clock: Clock) -> list[int]:
    """Choose patterns day by day, the surest first, while the value stays within a limit.

    Starts from the last continuous solution of the same goal and solves again after each step, so
    that later days make up for what rounding did to earlier ones. A choice that cannot be made up for
    is barred; where no choice is left, the last days are taken back.

    Parameters
    ----------
    master : Master
        With an aim, limits to its tails, and a continuous solution.
    rises : sequence of float
        What the whole descent may cost, in the unit of the goal; where one proves too little, the next
        holds, and the totals of sorties are free again.
    steps : int
        The first step fixes this part of all days.
    clock : Clock
        Says when to break off.

    Returns
    -------
    list of int
        The columns chosen, in that order; one for every day of the plan when it came to its end.
    """
    totals = whole_totals(master, clock, fixed=True)
    start = master.solve_relaxed(clock)
    if start is None:
        master.free_totals(totals)
        return []
    descent = _Descent(master, clock, 1 / steps)
    for rise in rises:
        if descent.run(start + master.in_kg(rise)):
            break
        master.free_totals(totals)
    master.free_totals(totals)
    for j in [*descent.chosen, *descent.barred]:
        master.free(j)
    return descent.chosen


@dataclass
class _Descent:
    """One descent: what is chosen and barred so far, and the value that must not be passed."""

    master: Master
    clock: Clock
    part: float
    most: float = math.inf
    chosen: list[int] = field(default_factory=list)
    barred: dict[int, None] = field(default_factory=dict)

    def run(self, most: float) -> bool:
        """Go on until all days are chosen, which is told, or too many dead ends were met."""
        self.most = most
        days = self.master.plan_days
        dead_ends = 0
        if not self._heals() and not self._back(BACK_DAYS):
            return False
        while len(self.chosen) < days and not self.clock.stopped():
            if self._step():
                continue
            dead_ends += 1
            if dead_ends > DEAD_ENDS or not self._back(BACK_DAYS * 2**dead_ends):
                break
        return len(self.chosen) == days

    def _step(self) -> bool:
        """Fix some more days, or bar the choice of one; False at a dead end."""
        session = self.master.session
        basis = session.basis()
        fixed = self.master.surest(Counter(self.chosen), self.part, CLEAR, self.barred)
        if not fixed:
            return False
        fix(self.master, [*self.chosen, *fixed], fixed)
        if self._heals(fixed):
            self.chosen += fixed
            return True
        fix(self.master, self.chosen, fixed)
        session.restore(basis)
        if len(fixed) > 1:
            # Too many at a time: half of them from here on.
            self.part = 0.5 * len(fixed) / self.master.plan_days
            session.solve_relaxed(self.clock, "limits")
            return True
        self._bar(*fixed)
        return self._heals()

    def _heals(self, fixed: Sequence[int] = ()) -> bool:
        """Whether the days left make up for a step."""
        left = self.master.days_left(Counter([*self.chosen, *fixed]))
        reached = heal(self.master, left, self.clock, self.most)
        return reached is not None and reached <= self.most

    def _bar(self, j: int) -> None:
        """No more of this choice than is made already."""
        made = float(self.chosen.count(j))
        self.master.session.set_bounds(j, made, made)
        self.barred[j] = None

    def _back(self, days: int) -> bool:
        """Take the last days back from a dead end, and bar the last choice; whether that opens a way."""
        kept = max(0, len(self.chosen) - days)
        taken, self.chosen = self.chosen[kept:], self.chosen[:kept]
        fix(self.master, self.chosen, [*taken, *self.barred])
        self.barred.clear()
        if not taken:
            return False
        self._bar(taken[-1])
        return self._heals()
