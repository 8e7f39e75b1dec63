"""The best mix of a few foods: a small linear program, solved by the simplex method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

NOISE: Final = 1e-12


def most(gain: Sequence[float], rows: Sequence[Sequence[float]], limits: Sequence[float]) -> float:
    """Largest sum of gain x with rows x <= limits and x >= 0, found with Bland's rule.

    Parameters
    ----------
    gain : sequence of float
        What a unit of each quantity is worth.
    rows : sequence of sequence of float
        What a unit of each takes of each limit; every quantity that is worth anything must be limited.
    limits : sequence of float
        None below zero.
    """
    count = len(gain)
    table = [[*row, *(float(i == j) for j in range(len(rows))), limits[i]] for i, row in enumerate(rows)]
    worth = [*gain, *([0.0] * (len(rows) + 1))]
    basis = list(range(count, count + len(rows)))
    while (enter := next((j for j, one in enumerate(worth[:-1]) if one > NOISE), None)) is not None:
        ratios = [(row[-1] / row[enter], basis[i], i) for i, row in enumerate(table) if row[enter] > NOISE]
        leave = min(ratios)[2]
        pivot = [one / table[leave][enter] for one in table[leave]]
        basis[leave] = enter
        table = [pivot if i == leave else _less(row, row[enter], pivot) for i, row in enumerate(table)]
        worth = _less(worth, worth[enter], pivot)
    return -worth[-1]


def _less(row: list[float], times: float, pivot: list[float]) -> list[float]:
    return [a - times * b for a, b in zip(row, pivot, strict=True)]
