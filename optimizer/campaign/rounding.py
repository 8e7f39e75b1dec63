"""Makes fractions whole step by step: the surest first, and each where it costs least.

Every step narrows what some decisions may be, by so little that simplex goes on from where it stands, and all
others follow (diving: Achterberg, "Constraint Integer Programming", 2007, chapter 9). Where a day has few
sorties of many kinds, that comes much nearer to the best plan than rounding all at once and mending.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from optimizer.campaign.choices import WHOLE
from optimizer.clock import Clock
from optimizer.solver import INFINITE, Session, Vector

SMALL = 0.25  # fractions below are rounded down together
SMALL_PART, LARGE_PART = 3, 8  # one in so many of the small fractions, and of all, is rounded at a time
FEWER = 4  # one in so many of those is left where they were too many
STEP = 0.07  # of what one costs on average, that rounding one may cost before another way is looked at
ALONE = 3  # as much may rounding one alone down

type Limits = dict[int, tuple[float, float]]
"""Least and most by column."""


class Rounding:
    """Decisions of a session that become whole; the session is left with their limits narrowed.

    Parameters
    ----------
    session : Session
        Knows what is minimised.
    days : mapping
        Day of each of these decisions, by column: those rounded up at once are on different days.
    clock : Clock
        Says when to break off.
    care : float
        How much less than usual a step may cost: more of it takes longer, and comes to another plan.

    Attributes
    ----------
    relaxed : array or None
        The solution in fractions by column, once there is one.
    """

    relaxed: Vector | None = None

    def __init__(self, session: Session, days: Mapping[int, int], clock: Clock, care: float = 1.0) -> None:
        self._session, self._days, self._clock, self._care = session, days, clock, care
        self._limits: Limits = dict.fromkeys(days, (0.0, INFINITE))
        for column, (low, high) in self._limits.items():
            session.set_bounds(column, low, high)

    def whole(self) -> dict[int, float]:
        """Whole numbers by column; where time runs out what is left of fractions is dropped."""
        solved = self._session.solve_relaxed(self._clock, "costs")
        if solved.value is None:
            return dict.fromkeys(self._days, 0.0)
        self._value, self._values = solved.value, self._session.values()
        self.relaxed = self._values
        step = STEP / self._care * solved.value / max(1.0, sum(self._values[j] for j in self._days))
        while (fractions := self._fractions()) and not self._clock.stopped():
            while small := [j for j in fractions if self._fraction(j) < SMALL]:
                if not self._narrowed(self._down(small[-max(1, len(small) // SMALL_PART) :]), step):
                    break
                fractions = self._fractions()
            if fractions and not self._rounded_up(fractions, step) and not self._decided(fractions[0], step):
                break
        return {j: self._floor(j) for j in self._days}

    def _fractions(self) -> list[int]:
        """Columns that are not whole, the largest fractions first."""
        found = sorted((-self._fraction(j), j) for j in self._days)
        return [j for fraction, j in found if -fraction > WHOLE]

    def _floor(self, column: int) -> float:
        return float(math.floor(self._values[column] + WHOLE))

    def _fraction(self, column: int) -> float:
        return float(self._values[column]) - self._floor(column)

    def _up(self, columns: Sequence[int]) -> Limits:
        return {j: (self._floor(j) + 1, self._limits[j][1]) for j in columns}

    def _down(self, columns: Sequence[int]) -> Limits:
        return {j: (self._limits[j][0], self._floor(j)) for j in columns}

    def _rounded_up(self, fractions: Sequence[int], step: float) -> bool:
        """Whether some of the largest were rounded up, at so little a piece."""
        by_day: dict[int, int] = {}
        for j in fractions:
            by_day.setdefault(self._days[j], j)
        large = [*by_day.values()][: max(1, len(fractions) // LARGE_PART)]
        while not self._narrowed(self._up(large), step * len(large)):
            if len(large) == 1:
                return False
            large = large[: max(1, len(large) // FEWER)]
        return True

    def _decided(self, column: int, step: float) -> bool:
        """Whether one was rounded, down if that costs little, else up if it can be."""
        return (
            self._narrowed(self._down([column]), ALONE * step)
            or self._narrowed(self._up([column]), INFINITE)
            or self._narrowed(self._down([column]), INFINITE)
        )

    def _narrowed(self, limits: Limits, most: float) -> bool:
        """Keep to narrower limits if that costs no more than so much."""
        basis = self._session.basis()
        for j, (low, high) in limits.items():
            self._session.set_bounds(j, low, high)
        solved = self._session.solve_relaxed(self._clock, "limits", most=self._value + most)
        if solved.value is not None and solved.value <= self._value + most:
            self._value, self._values = solved.value, self._session.values()
            self._limits |= limits
            return True
        for j in limits:
            self._session.set_bounds(j, *self._limits[j])
        self._session.restore(basis)
        return False
