"""Sorties given, settle the rest: what is loaded, handed over and eaten, goal by goal, to optimality."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulp import LpVariable, lpSum

from optimizer.campaign.build import Campaign
from optimizer.campaign.decisions import WHOLE, Decisions
from optimizer.campaign.objective import Goal
from optimizer.campaign.wanted import TIGHT, Wanted
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.solved import Solved
from optimizer.solver import INFINITE, Session

ROUNDING_KG = 1e-3  # a kept goal may slip by a gram, else rounding makes the next goal impossible
LEAST_PART = 1e-6  # of a sortie: less is none


@dataclass(frozen=True)
class Settled:
    """Decisions whose whole numbers were given, with the value of each goal in order."""

    decisions: Decisions
    values: tuple[float, ...]


@dataclass(frozen=True)
class Aim:
    """How a value of the session becomes one of the goal that it minimises."""

    kg: float
    constant: float

    def in_unit(self, value: float) -> float:
        """A value in the unit of the goal."""
        return (value + self.constant) / self.kg


class Settler:
    """The campaign of a network with its whole numbers fixed; one for any number of plans.

    `lean` is quicker where simplex goes on from where it stands again and again.
    """

    def __init__(self, campaign: Campaign, seed: int = 0, *, lean: bool = False) -> None:
        self._x, self._net = campaign.x, campaign.net
        self._problem = campaign.problem  # PuLP's expressions die with their problem
        self._session, self._seed = Session(campaign.problem, seed), seed
        if lean:
            self._session.rows_to_bounds()
        for _, family in self._x.families():
            for variable in family.values():
                self._session.column(variable)  # before a solution is read that would not have it
        self._keeps: dict[str, int] = {}
        self._cuts: set[tuple[Cut, int]] = set()

    def limit_sorties(self, cuts: Sequence[Cut]) -> None:
        """Keep to cuts of the timetable that hold for every plan, from now on."""
        for cut, d in ((one, d) for one in cuts for d in one.days):
            if (cut, d) not in self._cuts:
                sorties = [self._x.sorties[m, d] for m in cut.missions if (m, d) in self._x.sorties]
                terms = {self._session.column(variable): 1.0 for variable in sorties}
                terms |= {self._session.column(self._x.tails[f]): -float(n) for f, n in cut.per_tail}
                self._session.add_row(terms, high=cut.most)
                self._cuts.add((cut, d))

    @property
    def whole_numbers(self) -> int:
        """How many decisions are whole numbers."""
        return len(self._session.whole)

    def settle(
        self,
        whole: Decisions,
        goals: Sequence[Goal],
        limits: Sequence[tuple[Goal, float]],
        clock: Clock,
    ) -> Settled | None:
        """Optimise the goals in order with the tails, sorties, bundles and trips of `whole`.

        Parameters
        ----------
        whole : Decisions
            Where the whole numbers come from.
        goals : sequence of Goal
            Each optimum limits the next.
        limits : sequence of (Goal, float)
            Goals that must stay at a value or better, as under ``--coverage``.
        clock : Clock
            Says when to break off.

        Returns
        -------
        Settled or None
            None when the whole numbers cannot be flown within the limits, or time ran out.
        """
        for column, number in self._start(whole).items():
            self._session.set_bounds(column, number, number)
        self._release(limits)
        values = self._all_met(goals[:-1], clock)
        begun = len(goals) > 1
        for goal in goals[len(values) :]:
            aim = self._aim(goal)
            # What the goals before allow is still a solution, from which simplex goes on.
            solved = self._session.solve_relaxed(clock, "columns" if begun else "costs")
            begun = True
            if solved.value is None:
                return None
            values.append(aim.in_unit(solved.value))
            self._keep(goal, values[-1])
        return Settled(self._read(), tuple(values))

    def short_kg(self, whole: Decisions, limits: Sequence[tuple[Goal, float]], clock: Clock) -> float:
        """Kg by which the whole numbers of a plan miss limits, whatever is loaded; 0 when time ran out."""
        for column, number in self._start(whole).items():
            self._session.set_bounds(column, number, number)
        self._release(())
        short = 0.0
        for goal, value in limits:
            aim = self._aim(goal)
            least = self._session.solve_relaxed(clock, "costs").value
            if least is not None:
                short += max(0.0, aim.in_unit(least) - value) * goal.kg
        return short

    def _all_met(self, goals: Sequence[Goal], clock: Clock) -> list[float]:
        """Zeros when one solution brings all these goals to 0, and keeps them there; else nothing."""
        if len(goals) < 2:
            return []
        costs: dict[int, float] = defaultdict(float)
        for goal in goals:
            for j, coefficient in self._session.terms(goal.in_kg(self._x, self._net)).items():
                costs[j] += coefficient
        self._session.set_costs(costs)
        solved = self._session.solve_relaxed(clock, "costs")
        if solved.value is None or solved.value > ROUNDING_KG:
            return []
        for goal in goals:
            self._keep(goal, 0.0)
        return [0.0] * len(goals)

    def first(
        self,
        wanted: Wanted,
        clock: Clock,
        tightness: float = math.inf,
        whole: Sequence[str] = WHOLE,
        days: Collection[int] | None = None,
        patience: int | None = None,
        tails: Mapping[str, int] | None = None,
    ) -> tuple[Decisions | None, Solved]:
        """Whole numbers from the plain model alone, with value and bound of the first goal in its unit.

        The first found, or those within a share of the gap asked, `tightness`; whole are the decisions of
        the names given, but for tails those of some days alone if `days` are given. `patience` is that of
        `Session.solve_whole`; `tails` are contracted, if given.
        """
        goal, gap = wanted.goals[0], math.inf
        if math.isfinite(tightness):
            least = self.least(wanted, clock, tails)
            if least is None:
                return None, Solved(None, -math.inf)
            gap = wanted.tolerance(goal, tightness)(least) * goal.kg
        self._contracted(wanted, tails)
        aim = self._aim(goal)
        columns = [
            self._session.column(variable)
            for name, family in self._whole_families()
            for key, variable in family.items()
            if name in whole and (days is None or name == "tails" or key[1] in days)
        ]
        solved = self._session.solve_whole(columns, clock, gap_abs=gap, patience=patience)
        plan = None if solved.value is None else self._read()
        value = None if solved.value is None else aim.in_unit(solved.value)
        return plan, Solved(value, aim.in_unit(solved.bound), solved.infeasible)

    def least(self, wanted: Wanted, clock: Clock, tails: Mapping[str, int] | None = None) -> float | None:
        """The first goal with every decision in fractions, or all but these tails; None without an answer."""
        self._contracted(wanted, tails)
        aim = self._aim(wanted.goals[0])
        solved = self._session.solve_relaxed(clock, "costs")
        return None if solved.value is None else aim.in_unit(solved.value)

    def _contracted(self, wanted: Wanted, tails: Mapping[str, int] | None) -> None:
        """Keep nothing but the limits, and the tails given, if any."""
        self._free(wanted.limits)
        for f, number in (tails or {}).items():
            self._session.set_bounds(self._session.column(self._x.tails[f]), number, number)

    def flown(self) -> frozenset[str]:
        """Missions of which the last solution flies any part."""
        values = self._session.values()
        parts = ((m, values[self._session.column(v)]) for (m, _), v in self._x.sorties.items())
        return frozenset(m for m, part in parts if part > LEAST_PART)

    def improve(
        self,
        plan: Settled,
        wanted: Wanted,
        bounds: Sequence[float],
        clock: Clock,
    ) -> tuple[Decisions, tuple[float, ...]]:
        """Search the plain model from a plan, goal by goal, for as long as a gap is open and time is left.

        Parameters
        ----------
        plan : Settled
            Where to start.
        wanted : Wanted
            Goals, limits and gap.
        bounds : sequence of float
            What is proven already, goal by goal.
        clock : Clock
            Says when to break off.

        Returns
        -------
        Decisions
            Whole numbers at least as good as those of the plan.
        tuple of float
            Bounds at least as good as those given.
        """
        self._free(wanted.limits)
        best, values, proven = plan.decisions, list(plan.values), list(bounds)
        for i, goal in enumerate(wanted.goals):
            aim = self._aim(goal)
            if goal.gap_frac(values[i], proven[i]) > wanted.gap_frac and not clock.stopped():
                gap = wanted.tolerance(goal, TIGHT)(values[i]) * goal.kg
                share = clock.share(1 / (len(wanted.goals) - i))
                solved = self._session.solve_whole(self._session.whole, share, gap, self._start(best))
                proven[i] = max(proven[i], min(values[i], aim.in_unit(solved.bound)))
                if solved.value is not None and aim.in_unit(solved.value) < values[i]:
                    best, values[i] = self._read(), aim.in_unit(solved.value)
                    values[i + 1 :] = [
                        self._session.worth(later.expression(self._x, self._net), self._session.values())
                        for later in wanted.goals[i + 1 :]
                    ]
            self._keep(goal, values[i])
        return best, tuple(proven)

    def _aim(self, goal: Goal, others: Sequence[Goal] = (), price: float = 0.0) -> Aim:
        """Minimise a goal from now on, as the kg it stands for, and others at so much for a kg."""
        of_others = (price * other.in_kg(self._x, self._net) for other in others)
        expression = lpSum([goal.in_kg(self._x, self._net), *of_others])
        self._session.set_costs(self._session.terms(expression))
        return Aim(goal.kg, expression.constant)

    def _free(self, limits: Sequence[tuple[Goal, float]]) -> None:
        """Let every whole number be decided again, and keep nothing but the limits."""
        for _, family in self._whole_families():
            for variable in family.values():
                self._session.set_bounds(self._session.column(variable), 0.0, INFINITE)
        self._release(limits)

    def _start(self, whole: Decisions) -> dict[int, float]:
        """Whole numbers by column."""
        start = {}
        for name, family in self._whole_families():
            given = whole.count(name)
            for key, variable in family.items():
                start[self._session.column(variable)] = float(given.get(key, 0))
        return start

    def _release(self, limits: Sequence[tuple[Goal, float]]) -> None:
        """Keep nothing but the limits."""
        for row in self._keeps.values():
            self._session.set_row(row, -INFINITE, INFINITE)
        for goal, value in limits:
            self._keep(goal, value)

    def _whole_families(self) -> list[tuple[str, dict[Any, LpVariable]]]:
        return [(name, family) for name, family in self._x.families() if name in WHOLE]

    def _keep(self, goal: Goal, value: float) -> None:
        expression = goal.in_kg(self._x, self._net)
        high = ROUNDING_KG + value * goal.kg - expression.constant
        if goal.name not in self._keeps:
            self._keeps[goal.name] = self._session.add_row(self._session.terms(expression), high=high)
        self._session.set_row(self._keeps[goal.name], -INFINITE, high)

    def _read(self) -> Decisions:
        return Decisions.read(self._x, self._session, self._session.values())
