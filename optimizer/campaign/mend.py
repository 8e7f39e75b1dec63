"""Mends a plan in the plain model: a few days at a time are planned anew, sortie by sortie.

Whole-day patterns come near the best plan, and near is all they come where a day has many sorties: what is
missing is one sortie here and a bundle there. Few days have few whole numbers, which the plain model decides
in seconds, with every limit of every day in it (Shaw, "Using Constraint Programming and Local Search Methods
to Solve Vehicle Routing Problems", CP 1998).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import ge

from pulp import lpSum

from optimizer.campaign.decisions import Decisions
from optimizer.campaign.objective import Goal
from optimizer.campaign.rounding import Rounding
from optimizer.campaign.rounds import Standing
from optimizer.campaign.settle import ROUNDING_KG
from optimizer.campaign.sweeps import LEAST, PATIENCE, Manner, Sweeper, always
from optimizer.clock import Clock
from optimizer.solver import INFINITE

FIRST_SHARE = 0.3  # of the time left, at most, for a first packing
ROUNDING_SHARE = 0.85  # of the time left, at most, to make sorties whole
SHORT_PRICE, SHORT_IN_THE_END = 15.0, 300.0  # of what a kg costs on average, for a kg amiss
REPAIR_GAP = 1e-3  # of the cost of a plan: distance of value and bound at which a round of a repair stops
REPAIR_IDLE = 6  # rounds without gain, after which what is short gets dearer
PACK_IDLE = 4  # rounds without gain, after which bundles count as packed
REPAIR_SHARE = 0.5  # of the time left, at most, for each price
SPARE_FRAC = 1e-5  # of every need, that is asked for on top: what is worth nothing may stay short
NO_KG = 0.05  # that are worth as much as this distance, so that nothing stays short


class Mender(Sweeper):
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
        flyable: Callable[[Decisions], bool] = always,
        before: Sequence[Goal] = (),
        price: float = 0.0,
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
        flyable : callable
            Whether the timetable holds a plan.
        before : sequence of Goal
            Goals that go before. Once whole numbers stand they are made as good as these allow; if that were
            not foreseen, it would be dear.
        price : float
            Of a kg of them, in the unit of the goal.
        """
        self._release(kept)
        aim, gap = self._aim(goal, before, price), gap_abs * goal.kg
        least = enough + gap_abs * LEAST
        manner = Manner(gap, lambda value: aim.in_unit(value) <= least, flyable, near=True)
        found = self.in_rounds(Standing(self._start(plan)), manner, clock)
        return found or plan

    def repaired(
        self, plan: Decisions, goal: Goal, limits: Sequence[tuple[Goal, float]], clock: Clock
    ) -> Decisions:
        """A plan that misses limits on what is unmet by less, or not at all, with the same tails.

        `goal` in USD says what may be spent on it, and where.
        """
        self._release(())
        fixed = self._start(plan)
        costs = self._session.terms(goal.expression(self._x, self._net))
        short = self._shortfalls(limits)
        about = sum(number * costs.get(j, 0.0) for j, number in fixed.items())
        gap_abs, best = REPAIR_GAP * about, plan
        price = self._usd_per_kg(about, limits)

        def kept(value: float) -> bool:
            del value
            return float(self._session.values()[short].sum()) <= ROUNDING_KG

        manner = Manner(gap_abs, kept, near=True, holds=False, most_idle=REPAIR_IDLE)
        # What is short is dear in the end; if it were at once, no round could trade it for something else.
        for usd in (SHORT_PRICE * price, SHORT_IN_THE_END * price, max(gap_abs / NO_KG, price)):
            self._session.set_costs(costs | dict.fromkeys(short, usd))
            share = clock.share(REPAIR_SHARE)
            # What is short on one day is made up for on any other.
            stand = Standing(fixed)
            best = self.in_rounds(stand, manner, share) or best
            if stand.done:
                break
        return best

    def laid_out(
        self,
        tails: Mapping[str, int],
        goal: Goal,
        limits: Sequence[tuple[Goal, float]],
        usd: float,
        clock: Clock,
        care: float = 1.0,
    ) -> tuple[float, Decisions | None]:
        """Cost and sorties for the tails given, as if bundles and trips of feeders could be divided.

        What misses the limits is paid for and not forbidden, so that there is always a plan; it may miss them
        in the end.

        Parameters
        ----------
        tails : mapping
            Contracted, by fleet.
        goal : Goal
            What is minimised, in USD.
        limits : sequence of (Goal, float)
            Limits on what is unmet.
        usd : float
            What a plan costs about, which says how dear a kg is that misses the limits.
        clock : Clock
            Says when to break off.
        care : float
            That of `Rounding`.
        """
        constant = self._price(goal, limits, SHORT_PRICE * self._usd_per_kg(usd, limits))
        self._given(Decisions({"tails": dict(tails)}), ("tails",))
        days = {self._session.column(v): d for (_, d), v in self._x.sorties.items()}
        rounding = Rounding(self._session, days, clock.share(ROUNDING_SHARE), care)
        for j, number in rounding.whole().items():
            self._session.set_bounds(j, number, number)
        solved = self._session.solve_relaxed(clock, "limits")
        if solved.value is None:
            return math.inf, None
        return solved.value + constant, self._read()

    def packed(
        self,
        plan: Decisions,
        goal: Goal,
        limits: Sequence[tuple[Goal, float]],
        enough: float,
        gap_abs: float,
        clock: Clock,
    ) -> Decisions | None:
        """A plan laid out with whole bundles and trips of feeders, and other sorties where that is better.

        Parameters
        ----------
        plan : Decisions
            Tails and sorties to begin with.
        goal : Goal
            What is minimised, in USD.
        limits : sequence of (Goal, float)
            Limits on what is unmet, which is dear to miss: nothing is left to be divided.
        enough : float
            Cost at which to stop.
        gap_abs : float
            Distance of value and bound at which a round stops, in USD.
        clock : Clock
            Says when to break off.
        """
        usd_per_kg, best = self._usd_per_kg(enough, limits), None
        cheap, dear = SHORT_PRICE * usd_per_kg, max(SHORT_IN_THE_END * usd_per_kg, gap_abs / NO_KG)
        self._price(goal, limits, cheap)
        fixed = self._given(plan, ("tails", "sorties"))
        packs = [j for j in self._start(plan) if j not in fixed]
        solved = self._session.solve_whole(packs, clock.share(FIRST_SHARE), gap_abs, patience=PATIENCE)
        values = self._session.values() if solved.value is not None else None
        fixed |= {j: 0.0 if values is None else float(round(values[j])) for j in packs}
        # At once as dear as in the end, whatever is packed would be far off.
        for usd in (cheap, dear):
            until = partial(ge, enough - self._price(goal, limits, usd))
            manner = Manner(gap_abs, until, near=True, most_idle=PACK_IDLE)
            best = self.in_rounds(Standing(fixed), manner, clock) or best
        return best

    def _price(self, goal: Goal, limits: Sequence[tuple[Goal, float]], usd_per_kg: float) -> float:
        """Minimise a goal, at a price for what misses the limits, which are not kept; its constant part."""
        self._release(())
        expression, short = goal.expression(self._x, self._net), self._shortfalls(limits)
        self._session.set_costs(self._session.terms(expression) | dict.fromkeys(short, usd_per_kg))
        return float(expression.constant)

    def _given(self, plan: Decisions, names: Sequence[str]) -> dict[int, float]:
        """Hold families at the whole numbers of a plan, by column, and let all others be decided."""
        start, families = self._start(plan), dict(self._whole_families())
        given = {j: start[j] for name in names for j in map(self._session.column, families[name].values())}
        for j in start:
            self._session.set_bounds(j, given.get(j, 0.0), given.get(j, INFINITE))
        return given

    def _usd_per_kg(self, about_usd: float, limits: Sequence[tuple[Goal, float]]) -> float:
        """What a kg of what the limits ask for costs on average."""
        reached_frac = 1 - min(value for _, value in limits)
        return about_usd / max(1.0, reached_frac * self._net.total_need_kg())

    def _shortfalls(self, limits: Sequence[tuple[Goal, float]]) -> list[int]:
        """Columns of the kg by which every need misses the limits, those first asked for."""
        unreached_frac = max(0.0, min(value for _, value in limits) - SPARE_FRAC)
        if self._short is None:
            self._short = []
            for (k, c), need_kg in self._net.need_kg.items():
                column = self._session.add_column({})
                unmet = lpSum(self._x.unmet_kg[k, c, d] for d in self._net.days)
                terms = {**self._session.terms(unmet), column: -1.0}
                self._session.add_row(terms, high=sum(need_kg) * unreached_frac)
                self._short.append(column)
        return self._short
