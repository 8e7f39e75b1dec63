"""What one solve gave."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Solved:
    """What one solve gave.

    Attributes
    ----------
    value : float or None
        Objective of the solution; None without a solution.
    bound : float
        Proven lower bound; ``-inf`` when none, ``inf`` when infeasible.
    infeasible : bool
        Whether it is proven that there is no solution.
    """

    value: float | None
    bound: float
    infeasible: bool = False
