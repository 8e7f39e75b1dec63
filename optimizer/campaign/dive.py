"""From a fractional choice of patterns to a whole one, day by day."""

from __future__ import annotations

import math
from collections.abc import Mapping

from optimizer.campaign.master import WHOLE, Master
from optimizer.campaign.patterns import GROUNDED
from optimizer.clock import Clock
from optimizer.solver import INFINITE

DIVE_STEPS, SURE = 8, 0.9  # a dive fixes an eighth of the days left, and all those chosen this clearly
DAMAGE, BANS = 5e-4, 1.0  # share of the value a step may cost; choices refused, per day of the plan
HEAL_ROUNDS = 3  # pricing rounds after each step of a dive


def dive(master: Master, clock: Clock) -> tuple[list[int], dict[int, float]] | None:
    """A choice for every day, made a few days at a time, the surest first.

    Starts from the last continuous solution of the same goal and solves again after each step, so
    that later days make up for what rounding did to earlier ones. Returns the columns chosen in that
    order, and values of all choices and tails to start from; None when nothing could be chosen in time.
    """
    chosen: dict[int, int] = {}
    banned: list[int] = []
    together, value = True, math.inf
    while len(chosen) < len(master.choice_row) and not clock.stopped():
        basis = master.session.basis()
        fixed = _surest(master, chosen, together)
        reached = _heal(master, clock)
        stuck = len(banned) >= BANS * len(master.choice_row) or all(
            master.choice[d, GROUNDED] == j for d, j in fixed.items()
        )
        if reached is not None and (reached <= value + DAMAGE * abs(value) or stuck):
            chosen |= fixed
            together, value = True, reached
            continue
        # The step broke a limit or cost too much: one day at a time, and never this choice again.
        for j in fixed.values():
            master.session.set_bounds(j, 0.0, INFINITE if together else 0.0)
        banned += [] if together else fixed.values()
        together = False
        master.session.restore(basis)
        if master.session.solve_relaxed(clock, "limits").value is None:
            break
    values = master.session.values()
    for j in (*chosen.values(), *banned):
        master.session.set_bounds(j, 0.0, INFINITE)
    begin = {
        j: float(math.ceil(values[j] - WHOLE)) for j in map(master.session.column, master.x.tails.values())
    }
    begin |= dict.fromkeys(master.choice.values(), 0.0) | dict.fromkeys(chosen.values(), 1.0)
    return (list(chosen.values()), begin) if chosen else None


def _surest(master: Master, chosen: Mapping[int, int], together: bool) -> dict[int, int]:
    """Fix the choice of some more days: those clearly made and an eighth of the rest, or just one."""
    values = master.session.values()
    best: dict[int, int] = {}
    for (d, _), j in master.choice.items():
        if d not in chosen and (d not in best or values[j] > values[best[d]]):
            best[d] = j
    order = sorted(best, key=lambda d: (-values[best[d]], d))
    at_least = max(1, len(order) // DIVE_STEPS) if together else 1
    sure = SURE if together else math.inf
    fixed = {d: best[d] for n, d in enumerate(order) if n < at_least or values[best[d]] > sure}
    for j in fixed.values():
        master.session.set_bounds(j, 1.0, 1.0)
    return fixed


def _heal(master: Master, clock: Clock) -> float | None:
    """Solve again after a step of a dive, with new patterns where they help; None when impossible."""
    solved = master.session.solve_relaxed(clock, "limits")
    for _ in range(HEAL_ROUNDS):
        if solved.value is None:
            return None
        _, new = master.price_once(clock, solved.value)
        if not new:
            break
        solved = master.session.solve_relaxed(clock, "columns")
    return solved.value
