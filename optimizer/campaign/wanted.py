"""What one search is to optimise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optimizer.campaign.objective import Goal

SAME_FRAC = 1e-6  # of the scale of a goal: less is no difference between two plans


@dataclass(frozen=True)
class Wanted:
    """What to optimise.

    Attributes
    ----------
    goals : tuple of Goal
        In order; each optimum limits the next.
    gap_frac : float
        Gap at which a goal counts as proven.
    unreached_frac : float or None
        Share of every need that may stay short in any week, as under ``--coverage``; None asks for no share.
    """

    goals: tuple[Goal, ...]
    gap_frac: float
    unreached_frac: float | None = None

    def prefers(self, values: Sequence[float], others: Sequence[float]) -> bool:
        """Whether values of the goals are better than others: the first that differs decides."""
        for goal, value, other in zip(self.goals[:-1], values, others, strict=False):
            if abs(value - other) > self.same(goal):
                return value < other
        return values[-1] < others[-1]

    def same(self, goal: Goal) -> float:
        """Difference of a goal before the last, in its unit, that is none."""
        return SAME_FRAC * (goal.scale or 1.0)

    def tolerance(self, goal: Goal, value: float, share: float) -> float:
        """Distance to the bound, in the goal's unit, that leaves this share of the gap open."""
        return self.gap_frac * share * (abs(value) if goal.scale is None else goal.scale)

    def still_open(self, values: Sequence[float], bounds: Sequence[float]) -> bool:
        """Whether the gap of any goal is wider than asked."""
        of_goals = zip(self.goals, values, bounds, strict=True)
        return any(goal.gap_frac(value, bound) > self.gap_frac for goal, value, bound in of_goals)
