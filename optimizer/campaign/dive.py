"""From a fractional choice of patterns to a whole one, day by day."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection

from optimizer.campaign.choices import WHOLE, Levels
from optimizer.campaign.groups import Part
from optimizer.campaign.master import Master
from optimizer.clock import Clock
from optimizer.solver import INFINITE

DIVE_STEPS, SURE = 8, 0.9  # a dive fixes an eighth of the days left, and all those chosen this clearly
DAMAGE = 3e-4  # share of the value that a step may cost
FEW_PARTS = 25  # left: few enough to seek new patterns for them after each step
HEAL_ITERATIONS = 5000  # simplex may stall where a step cannot be healed
HEAL_ROUNDS = 3  # pricing rounds after each step of a dive
HALF = 0.5


def dive(master: Master, clock: Clock) -> list[int]:
    """Choose patterns day by day, the surest first, for as long as that costs next to nothing.

    Starts from the last continuous solution of the same goal and solves again after each step, so
    that later days make up for what rounding did to earlier ones. Returns the columns chosen, in that
    order, one for each group and day of the plan; those left want a whole-number search.
    """
    limited = whole_totals(master, clock)
    chosen: list[int] = []
    most = master.most_choices
    share, value = 1 / DIVE_STEPS, math.inf
    while len(chosen) < most and not clock.stopped():
        basis = master.session.basis()
        fixed = master.surest(Counter(chosen), share, SURE if share == 1 / DIVE_STEPS else math.inf)
        levels = fix(master, [*chosen, *fixed], fixed)
        reached = heal(master, master.still_open(levels), clock)
        if reached is not None and reached <= value + DAMAGE * abs(value):
            chosen += fixed
            value = reached
            continue
        fix(master, chosen, fixed)
        if len(fixed) == 1:
            break
        # The step broke a limit or cost too much: fewer choices at a time from here.
        share = 0.5 * len(fixed) / most if share else 0.0
        master.session.restore(basis)
        if master.session.solve_relaxed(clock, "limits").value is None:
            break
    for j in chosen:
        master.free(j)
    master.free_totals(limited)
    return chosen


def fix(master: Master, chosen: Collection[int], changed: Collection[int]) -> Levels:
    """Choose some columns at least as often as they stand in `chosen`; how often each does."""
    levels = Counter(chosen)
    for j in set(changed):
        master.free(j, at_least=levels[j])
    return levels


def whole_totals(master: Master, clock: Clock, *, fixed: bool = False) -> list[str]:
    """Limit the sorties of each mission over the plan to a whole number, the most fractional first.

    Where a budget binds, it pays for whole sorties only; better to know that before days are fixed than
    to run into it on the last. With `fixed` totals may not move on later. Returns the missions
    that are limited.
    """
    limited: list[str] = []
    master.totals()
    value = heal(master, master.parts, clock)
    if value is None:
        return limited
    totals = master.totals()
    while not clock.stopped():
        m = max((m for m in totals if m not in limited), key=lambda m: _part(totals[m]), default=None)
        if m is None or _part(totals[m]) <= WHOLE:
            break
        basis = master.session.basis()
        down = math.floor(totals[m])
        lower, upper = (float(down), down + 1.0) if fixed else (-INFINITE, INFINITE)
        nearest_first = [(lower, float(down)), (down + 1.0, upper)]
        for low, high in nearest_first if totals[m] - down <= HALF else nearest_first[::-1]:
            master.limit_total(m, low, high)
            reached = heal(master, master.parts, clock)
            if reached is not None and reached <= value + DAMAGE * abs(value):
                value, totals = reached, master.totals()
                limited.append(m)
                break
            master.free_totals([m])
            master.session.restore(basis)
        else:
            master.session.solve_relaxed(clock, "limits")
            break
    return limited


def _part(number: float) -> float:
    """Distance to the nearest whole number."""
    return abs(number - round(number))


def heal(master: Master, parts: Collection[Part], clock: Clock, most: float = INFINITE) -> float | None:
    """Solve again after a step of a dive, with more patterns where they help in these parts of days.

    None when that is impossible, or costs more than `most`.
    """
    solved = master.session.solve_relaxed(clock, "limits", HEAL_ITERATIONS, most)
    for _ in range(HEAL_ROUNDS):
        if solved.value is None:
            return None
        if len(parts) > FEW_PARTS:
            new = master.offer_known(solved.value, parts)
        else:
            _, new = master.price_once(clock, master.least(solved.value), only=parts)
        if not new:
            break
        solved = master.session.solve_relaxed(clock, "columns", HEAL_ITERATIONS)
    return solved.value
