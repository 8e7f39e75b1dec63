"""From a fractional choice of patterns to a whole one, day by day."""

from __future__ import annotations

import math
from collections.abc import Sequence

from optimizer.campaign.choices import HALF, WHOLE
from optimizer.campaign.master import Master
from optimizer.clock import Clock
from optimizer.solver import INFINITE

DIVE_STEPS, SURE = 8, 0.9  # a dive fixes an eighth of the days left, and all those chosen this clearly
DAMAGE = 3e-4  # share of the value that a step may cost
FEW_DAYS = 25  # left: few enough to seek new patterns for them after each step
HEAL_ITERATIONS = 5000  # simplex may stall where a step cannot be healed
HEAL_ROUNDS = 3  # pricing rounds after each step of a dive


def dive(master: Master, clock: Clock) -> list[int]:
    """Choose patterns day by day, the surest first, for as long as that costs next to nothing.

    Starts from the last continuous solution of the same goal and solves again after each step, so
    that later days make up for what rounding did to earlier ones. Returns the columns chosen, in that
    order; the days left want a whole-number search.
    """
    limited = whole_totals(master, clock)
    chosen: dict[int, int] = {}
    part, value = 1 / DIVE_STEPS, math.inf
    while len(chosen) < len(master.choice_row) and not clock.stopped():
        basis = master.session.basis()
        fixed = master.surest(chosen, part, SURE if part == 1 / DIVE_STEPS else math.inf)
        for j in fixed.values():
            master.session.set_bounds(j, 1.0, 1.0)
        left = [d for d in master.choice_row if d not in chosen and d not in fixed]
        reached = heal(master, left, clock)
        if reached is not None and reached <= value + DAMAGE * abs(value):
            chosen |= fixed
            value = reached
            continue
        for j in fixed.values():
            master.session.set_bounds(j, 0.0, INFINITE)
        if len(fixed) == 1:
            break
        # The step broke a limit or cost too much: fewer days at a time from here.
        part = 0.5 * len(fixed) / len(master.choice_row) if part else 0.0
        master.session.restore(basis)
        if master.session.solve_relaxed(clock, "limits").value is None:
            break
    for j in chosen.values():
        master.session.set_bounds(j, 0.0, INFINITE)
    master.free_rows(limited)
    return list(chosen.values())


def whole_totals(master: Master, clock: Clock, *, fixed: bool = False) -> list[int]:
    """Limit the sorties of each mission over the plan to a whole number, the most fractional first.

    Where a budget binds, it pays for whole sorties only; better to know that before days are fixed than
    to run into it on the last. With `fixed` totals may not move on later. Returns the rows that are limited.
    """
    limited: list[int] = []
    master.totals()
    value = heal(master, list(master.choice_row), clock)
    if value is None:
        return limited
    totals = master.totals()
    while not clock.stopped():
        row = max(
            (row for row in totals if row not in limited), key=lambda row: _part(totals[row]), default=None
        )
        if row is None or _part(totals[row]) <= WHOLE:
            break
        basis = master.session.basis()
        down = math.floor(totals[row])
        lower, upper = (float(down), down + 1.0) if fixed else (-INFINITE, INFINITE)
        nearest_first = [(lower, float(down)), (down + 1.0, upper)]
        for low, high in nearest_first if totals[row] - down <= HALF else nearest_first[::-1]:
            master.session.set_row(row, low, high)
            reached = heal(master, list(master.choice_row), clock)
            if reached is not None and reached <= value + DAMAGE * abs(value):
                value, totals = reached, master.totals()
                limited.append(row)
                break
            master.session.set_row(row, -INFINITE, INFINITE)
            master.session.restore(basis)
        else:
            master.session.solve_relaxed(clock, "limits")
            break
    return limited


def _part(number: float) -> float:
    """Distance to the nearest whole number."""
    return abs(number - round(number))


def heal(master: Master, days: Sequence[int], clock: Clock, most: float = INFINITE) -> float | None:
    """Solve again after a step of a dive, with more patterns where they help.

    None when that is impossible, or costs more than `most`.
    """
    solved = master.session.solve_relaxed(clock, "limits", HEAL_ITERATIONS, most)
    for _ in range(HEAL_ROUNDS):
        if solved.value is None:
            return None
        if len(days) > FEW_DAYS:
            new = master.offer_known(solved.value, days)
        else:
            _, new = master.price_once(clock, master.least(solved.value), only=set(days))
        if not new:
            break
        solved = master.session.solve_relaxed(clock, "columns", HEAL_ITERATIONS)
    return solved.value
