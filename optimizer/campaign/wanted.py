"""What one search is to optimise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from optimizer.campaign.objective import Goal

LOOSE, TIGHT = 1.0, 0.1  # shares of the asked gap that pricing may leave open: at first, and in the end
SAME_FRAC = 1e-6  # of the need: less is no difference between two plans
FINE = 0.02  # share of the asked gap at which a round stops where gains are small, and many
CLOSE = 0.3  # share of the asked gap that a whole plan may leave open; bounds take some of the rest


@dataclass(frozen=True)
class Wanted:
    """What to optimise.

    Attributes
    ----------
    goals : tuple of Goal
        In order; each optimum limits the next.
    limits : tuple of (Goal, float)
        Goals that must stay at a value or better, as under ``--coverage``.
    gap_frac : float
        Gap at which a goal counts as proven.
    """

    goals: tuple[Goal, ...]
    limits: tuple[tuple[Goal, float], ...]
    gap_frac: float

    def prefers(self, values: Sequence[float], others: Sequence[float]) -> bool:
        """Whether values of the goals are better than others: the first that differs decides.

        A difference of a goal before the last counts from a millionth of the need, or a tenth of the gap if
        that is less: what settling loads leaves of rounding is no difference.
        """
        *before, _ = zip(self.goals, values, others, strict=True)
        for goal, value, other in before:
            if abs(value - other) > self.same(goal):
                return value < other
        return values[-1] < others[-1]

    def same(self, goal: Goal) -> float:
        """Difference of a goal before the last, in its unit, that is none."""
        return min(SAME_FRAC, TIGHT * self.gap_frac) * (goal.scale or 1.0)

    def tolerance(self, goal: Goal, tightness: float) -> Callable[[float], float]:
        """Distance to the bound, by value and in the goal's unit, that leaves this part of the gap open."""
        open_frac = self.gap_frac * tightness
        return lambda value: open_frac * (abs(value) if goal.scale is None else goal.scale)
