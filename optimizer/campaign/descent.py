"""From a fractional choice of patterns to a whole one, with a way back from every dead end.

Slower than a dive, and closer to the relaxed value: the totals of sorties are whole and stay so, a step
that costs too much is barred, and where nothing is left to choose the last days are taken back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from optimizer.campaign.dive import heal, whole_totals
from optimizer.campaign.master import Master
from optimizer.clock import Clock
from optimizer.solver import INFINITE

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
        The columns chosen, in that order; one for every day when it came to its end.
    """
    totals = whole_totals(master, clock, fixed=True)
    start = master.solve_relaxed(clock)
    if start is None:
        master.free_rows(totals)
        return []
    descent = _Descent(master, clock, 1 / steps)
    for rise in rises:
        if descent.run(start + master.in_kg(rise)):
            break
        master.free_rows(totals)
    master.free_rows(totals)
    for j in [*descent.chosen.values(), *descent.barred]:
        master.session.set_bounds(j, 0.0, INFINITE)
    return list(descent.chosen.values())


@dataclass
class _Descent:
    """One descent: what is chosen and barred so far, and the value that must not be passed."""

    master: Master
    clock: Clock
    part: float
    most: float = math.inf
    chosen: dict[int, int] = field(default_factory=dict)
    barred: dict[int, None] = field(default_factory=dict)

    def run(self, most: float) -> bool:
        """Go on until all days are chosen, which is told, or too many dead ends were met."""
        self.most = most
        days = len(self.master.choice_row)
        dead_ends = 0
        if not self._heals({}) and not self._back(BACK_DAYS):
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
        fixed = self.master.surest(self.chosen, self.part, CLEAR, self.barred)
        for j in fixed.values():
            session.set_bounds(j, 1.0, 1.0)
        if self._heals(fixed):
            self.chosen |= fixed
            return True
        for j in fixed.values():
            session.set_bounds(j, 0.0, INFINITE)
        session.restore(basis)
        if len(fixed) > 1:
            # Too many at a time: half of them from here on.
            self.part = 0.5 * len(fixed) / len(self.master.choice_row)
            session.solve_relaxed(self.clock, "limits")
            return True
        self._bar(*fixed.values())
        return self._heals({})

    def _heals(self, fixed: dict[int, int]) -> bool:
        """Whether the days left make up for a step."""
        left = [d for d in self.master.choice_row if d not in self.chosen and d not in fixed]
        reached = heal(self.master, left, self.clock, self.most)
        return reached is not None and reached <= self.most

    def _bar(self, j: int) -> None:
        self.master.session.set_bounds(j, 0.0, 0.0)
        self.barred[j] = None

    def _back(self, days: int) -> bool:
        """Take the last days back from a dead end, and bar the last choice; whether that opens a way."""
        taken = [self.chosen.pop(d) for d in list(self.chosen)[-days:]]
        for j in [*taken, *self.barred]:
            self.master.session.set_bounds(j, 0.0, INFINITE)
        self.barred.clear()
        if not taken:
            return False
        self._bar(taken[-1])
        return self._heals({})
