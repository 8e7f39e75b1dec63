"""Sorties given, settle the rest: what is loaded, handed over and eaten, goal by goal, to optimality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulp import LpVariable

from optimizer.campaign.build import Campaign
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.objective import Goal
from optimizer.clock import Clock
from optimizer.solver import INFINITE, Session

ROUNDING_KG = 1e-3  # a kept goal may slip by a gram, else rounding makes the next goal impossible


@dataclass(frozen=True)
class Settled:
    """Decisions whose whole numbers were given, with the value of each goal in order."""

    decisions: Decisions
    values: tuple[float, ...]


class Settler:
    """The campaign of a network with its whole numbers fixed; one for any number of plans."""

    def __init__(self, campaign: Campaign, seed: int = 0) -> None:
        self._x, self._net = campaign.x, campaign.net
        self._problem = campaign.problem  # PuLP's expressions die with their problem
        self._session = Session(campaign.problem, seed)
        self._keeps: dict[str, int] = {}

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
        for name, family in self._whole_families():
            given = whole.count(name)
            for key, variable in family.items():
                number = float(given.get(key, 0))
                self._session.set_bounds(self._session.column(variable), number, number)
        for row in self._keeps.values():
            self._session.set_row(row, -INFINITE, INFINITE)
        for goal, value in limits:
            self._keep(goal, value)
        values = []
        for goal in goals:
            expression = goal.expression(self._x, self._net)
            self._session.set_costs(self._session.terms(expression))
            solved = self._session.solve_relaxed(clock, "costs")
            if solved.value is None:
                return None
            values.append(solved.value + expression.constant)
            self._keep(goal, values[-1])
        return Settled(self._read(), tuple(values))

    def _whole_families(self) -> list[tuple[str, dict[Any, LpVariable]]]:
        names = ("tails", "sorties", "bundles", "feeder_trips")
        return [(name, family) for name, family in self._x.families() if name in names]

    def _keep(self, goal: Goal, value: float) -> None:
        expression = (goal.expression(self._x, self._net) - value) * goal.kg
        high = ROUNDING_KG - expression.constant
        if goal.name not in self._keeps:
            self._keeps[goal.name] = self._session.add_row(self._session.terms(expression), high=high)
        self._session.set_row(self._keeps[goal.name], -INFINITE, high)

    def _read(self) -> Decisions:
        return Decisions.read(self._x, self._session)
