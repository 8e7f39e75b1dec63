"""What one search is to optimise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from optimizer.campaign.objective import Goal

LOOSE, TIGHT = 1.0, 0.1  # shares of the asked gap that pricing may leave open: at first, and in the end
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

    def tolerance(self, goal: Goal, tightness: float) -> Callable[[float], float]:
        """Distance to the bound, by value and in the goal's unit, that leaves this part of the gap open."""
        open_frac = self.gap_frac * tightness
        return lambda value: open_frac * (abs(value) if goal.scale is None else goal.scale)
