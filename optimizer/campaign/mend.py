"""Mends a plan in the plain model: a few days at a time are planned anew, sortie by sortie.

Whole-day patterns come near the best plan, and near is all they come where a day has many sorties: what is
missing is one sortie here and a bundle there. Few days have few whole numbers, which the plain model decides
in seconds, with every limit of every day in it (Shaw, "Using Constraint Programming and Local Search Methods
to Solve Vehicle Routing Problems", CP 1998).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from pulp import lpSum

from optimizer.campaign.decisions import Decisions
from optimizer.campaign.objective import Goal
from optimizer.campaign.settle import Settler
from optimizer.clock import Clock
from optimizer.solver import INFINITE

MOST_NUMBERS = 400  # whole numbers planned anew at a time
ROUND_SHARE = 0.25  # of the time left, at most, for each round
SWEEPS = 6  # times that all days are planned anew, at most
PATIENCE = 20  # nodes without a better solution
LEAST = 1e-3  # of the gap at which a round stops: a smaller gain is none


class Mender(Settler):
    """A settler that may also change what is flown; see `Settler` for the parameters."""

    _short: list[int] | None = None

    def mended(
        self,
        plan: Decisions,
        goal: Goal,
        kept: Sequence[tuple[Goal, float]],
        enough: float,
        gap_abs: float,
        clock: Clock,
    ) -> Decisions:
        """A plan at least as good in a goal, with the same tails.

        Parameters
        ----------
        plan : Decisions
            Where to begin.
        goal : Goal
            What is minimised.
        kept : sequence of (Goal, float)
            Goals that must stay at a value or better.
        enough : float
            Value of the goal at which to stop.
        gap_abs : float
            Distance of value and bound at which a round stops, in the unit of the goal.
        clock : Clock
            Says when to break off.
        """
        self._release(kept)
        expression = goal.expression(self._x, self._net)
        self._session.set_costs(self._session.terms(expression))
        return self._in_rounds(plan, enough - expression.constant, gap_abs, clock)

    def repaired(self, plan: Decisions, limits: Sequence[tuple[Goal, float]], clock: Clock) -> Decisions:
        """A plan that misses limits on what is unmet by less, or not at all, with the same tails."""
        self._release(())
        short = self._shortfalls(min(value for _, value in limits))
        self._session.set_costs(dict.fromkeys(short, 1.0))
        return self._in_rounds(plan, 0.0, 1.0, clock)

    def _shortfalls(self, unreached_frac: float) -> list[int]:
        """Columns of the kg by which every need misses a share."""
        if self._short is None:
            self._short = []
            for (k, c), need_kg in self._net.need_kg.items():
                column = self._session.add_column({})
                unmet = lpSum(self._x.unmet_kg[k, c, d] for d in self._net.days)
                terms = {**self._session.terms(unmet), column: -1.0}
                self._session.add_row(terms, high=sum(need_kg) * unreached_frac)
                self._short.append(column)
        return self._short

    def _in_rounds(self, plan: Decisions, enough: float, gap_abs: float, clock: Clock) -> Decisions:
        """Plan some days anew, again and again, until all were without gain."""
        best, value, idle = plan, math.inf, 0
        fixed = self._start(plan)
        for column, number in fixed.items():
            self._session.set_bounds(column, number, number)
        columns = self._columns_by_day()
        days = len(self._net.days)
        at_once = max(1, min(days, round(MOST_NUMBERS * days / max(1, sum(map(len, columns.values()))))))
        for free in _rounds(days, at_once, self._seed):
            if clock.stopped() or value <= enough + gap_abs * LEAST or idle > 2 * math.ceil(days / at_once):
                break
            loose = [j for d in free for j in columns[d]]
            for j in loose:
                self._session.set_bounds(j, 0.0, INFINITE)
            share = clock.share(ROUND_SHARE)
            solved = self._session.solve_whole(loose, share, gap_abs, fixed, patience=PATIENCE)
            idle += 1
            if solved.value is not None and solved.value < value - gap_abs * LEAST:
                idle = idle if math.isinf(value) else 0
                value, values = solved.value, self._session.values()
                best = self._read()
                fixed |= {j: float(round(values[j])) for j in loose}
            for j in loose:
                self._session.set_bounds(j, fixed[j], fixed[j])
        return best

    def _columns_by_day(self) -> dict[int, list[int]]:
        """Whole numbers of each day."""
        columns: dict[int, list[int]] = defaultdict(list)
        for name, family in self._whole_families():
            if name != "tails":
                for (_, d), variable in family.items():
                    columns[d].append(self._session.column(variable))
        return columns


def _rounds(days: int, at_once: int, seed: int) -> Iterator[frozenset[int]]:
    """Days to plan anew: some in a row, from the first to the last, then as many from anywhere."""
    random = np.random.default_rng(seed)
    for sweep in range(SWEEPS):
        first = 0 if sweep == 0 else -int(random.integers(at_once))
        for start in range(first, days, at_once):
            yield frozenset(range(max(0, start), min(days, start + at_once)))
        if at_once < days:
            order = [int(d) for d in random.permutation(days)]
            for start in range(0, days, at_once):
                yield frozenset(order[start : start + at_once])
