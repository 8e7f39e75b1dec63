"""Mends a plan in the plain model: a few days at a time are planned anew, sortie by sortie.

Whole-day patterns come near the best plan, and near is all they come where a day has many sorties: what is
missing is one sortie here and a bundle there. Few days have few whole numbers, which the plain model decides
in seconds, with every limit of every day in it (Shaw, "Using Constraint Programming and Local Search Methods
to Solve Vehicle Routing Problems", CP 1998).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
from pulp import lpSum

from optimizer.campaign.decisions import Decisions
from optimizer.campaign.flows import Flows
from optimizer.campaign.objective import Goal
from optimizer.campaign.rounds import Spot, Standing, sweep
from optimizer.campaign.settle import ROUNDING_KG, WHOLE, Settler
from optimizer.clock import Clock
from optimizer.solved import Solved
from optimizer.solver import INFINITE

MOST_NUMBERS = 120  # whole numbers planned anew at a time: so many are decided in a second or two
LEAST_NUMBERS = 20  # planned anew at a time, where more are too many to decide
LESS, MORE = 0.6, 1.5  # as many in the next sweep, where most rounds stayed undecided, or none
SWEEPS = 8  # times that all is planned anew, at most
ROUND_SHARE = 0.08  # of the time, at most, for each round
BUNDLES_SHARE = 0.5  # of the time left, at most, for all bundles at once where a plan stands
LEAST_ROUND_S = 2.0  # in which little can be decided where a plan is large
PATIENCE = 20  # nodes without a better solution
LEAST = 1e-3  # of the gap at which a round stops: a smaller gain is none
FIRST_SHARE = 0.15  # of the time left, for a first plan
SHORT_PRICE, SHORT_IN_THE_END = 15.0, 300.0  # of what a kg costs on average, for a kg that misses a limit
REPAIR_GAP = 1e-3  # of the cost of a plan: distance of value and bound at which a round of a repair stops
REPAIR_SHARE = 0.5  # of the time left, at most, for each price
SPARE_FRAC = 1e-5  # of every need, that is asked for on top: what is worth nothing may stay short
NO_KG = 0.05  # that are worth as much as this distance, so that nothing stays short


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
        least = enough - expression.constant + gap_abs * LEAST
        stand = Standing(self._start(plan))
        found = self._in_rounds(stand, lambda v: v <= least, gap_abs, clock, bundles_share=BUNDLES_SHARE)
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

        # What is short is dear in the end; if it were at once, no round could trade it for something else.
        for usd in (SHORT_PRICE * price, SHORT_IN_THE_END * price, max(gap_abs / NO_KG, price)):
            self._session.set_costs(costs | dict.fromkeys(short, usd))
            share = clock.share(REPAIR_SHARE)
            # What is short on one day is made up for on any other.
            found = self._in_rounds(Standing(fixed, holds=False), kept, gap_abs, share)
            best = found or best
            if found is not None and kept(0.0):
                break
        return best

    def laid_out(
        self,
        start: Decisions,
        goal: Goal,
        limits: Sequence[tuple[Goal, float]],
        enough: float,
        gap_abs: float,
        clock: Clock,
    ) -> Decisions | None:
        """Sorties for the tails given, as if bundles and trips of feeders could be divided.

        What misses the limits is paid for and not forbidden, so that there is a plan to begin with; it may
        miss them in the end.

        Parameters
        ----------
        start : Decisions
            Tails, and sorties to begin with if there are any.
        goal : Goal
            What is minimised, in USD.
        limits : sequence of (Goal, float)
            Limits on what is unmet.
        enough : float
            Cost at which to stop; what it comes to for a kg says how dear a kg is that misses the limits.
        gap_abs : float
            Distance of value and bound at which a round stops, in USD.
        clock : Clock
            Says when to break off.
        """

        def price(usd_per_kg: float) -> float:
            return SHORT_PRICE * usd_per_kg

        return self._decided(start, ("sorties",), price, goal, limits, enough, gap_abs, clock)

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

        Parameters are those of `laid_out`.
        """
        names = ("bundles", "feeder_trips")

        def price(usd_per_kg: float) -> float:
            return max(SHORT_IN_THE_END * usd_per_kg, gap_abs / NO_KG)

        return self._decided(plan, names, price, goal, limits, enough, gap_abs, clock)

    def _decided(
        self,
        plan: Decisions,
        names: Sequence[str],
        price: Callable[[float], float],
        goal: Goal,
        limits: Sequence[tuple[Goal, float]],
        enough: float,
        gap_abs: float,
        clock: Clock,
    ) -> Decisions | None:
        """Decide the families named, given those before them; those after them may be divided.

        From those that `plan` has, as far as they fit, or from what the solver finds first.
        """
        self._release(())
        short = self._shortfalls(limits)
        expression = goal.expression(self._x, self._net)
        costs = self._session.terms(expression)
        costs |= dict.fromkeys(short, price(self._usd_per_kg(enough, limits)))
        self._session.set_costs(costs)
        start, families = self._start(plan), dict(self._whole_families())
        columns = [self._session.column(v) for name in names for v in families[name].values()]
        given = WHOLE[: WHOLE.index(names[0])]
        fixed = {j: start[j] for name in given for j in map(self._session.column, families[name].values())}
        for j in start:
            self._session.set_bounds(j, fixed.get(j, 0.0), fixed.get(j, INFINITE))
        first, value = None, math.inf
        if any(start[j] for j in columns):
            start |= self._fitting({j: start[j] for j in columns}, clock)
            self._session.set_costs(costs)
        else:
            solved = self._session.solve_whole(columns, clock.share(FIRST_SHARE), gap_abs)
            if solved.value is not None:
                first, value, values = self._read(), solved.value, self._session.values()
                start |= {j: float(round(values[j])) for j in columns}
        fixed |= {j: start[j] for j in columns}
        least = enough - expression.constant
        stand = Standing(fixed, value)
        return self._in_rounds(stand, lambda v: v <= least, gap_abs, clock) or first

    def _fitting(self, wished: dict[int, float], clock: Clock) -> dict[int, float]:
        """As many of what is wished as fits, or nothing where that is not found."""
        for j, number in wished.items():
            self._session.set_bounds(j, 0.0, number)
        self._session.set_costs(dict.fromkeys(wished, -1.0))
        solved = self._session.solve_whole(wished, clock.share(FIRST_SHARE), 0.5)
        if solved.value is None:
            return dict.fromkeys(wished, 0.0)
        values = self._session.values()
        return {j: float(round(values[j])) for j in wished}

    def _usd_per_kg(self, about_usd: float, limits: Sequence[tuple[Goal, float]]) -> float:
        """What a kg of what the limits ask for costs on average."""
        reached_frac = 1 - min(value for _, value in limits)
        return about_usd / max(1.0, reached_frac * self._net.total_need_kg())

    def _shortfalls(self, limits: Sequence[tuple[Goal, float]]) -> list[int]:
        """Columns of the kg by which every need misses the limits."""
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

    def _in_rounds(
        self,
        stand: Standing,
        until: Callable[[float], bool],
        gap_abs: float,
        clock: Clock,
        bundles_share: float = ROUND_SHARE,
    ) -> Decisions | None:
        """Plan some of the whole numbers given anew, again and again, until all were without gain.

        They become those of the plan returned; None when there is none better than where rounds stand.
        """
        fixed, random = stand.fixed, np.random.default_rng(self._seed)
        round_s, most = max(ROUND_SHARE * clock.left(), LEAST_ROUND_S), MOST_NUMBERS
        for column, number in fixed.items():
            self._session.set_bounds(column, number, number)
        spots, least = {j: spot for j, spot in self._spots().items() if j in fixed}, gap_abs * LEAST
        flows = Flows(self._x, self._session, fixed)
        for _ in range(SWEEPS):
            before, unproven, stand.values = stand.value, 0, None
            # Between sweeps all flows may follow what was planned anew.
            if stand.holds and not clock.stopped():
                self._take(stand, self._session.solve_relaxed(clock, "costs"), (), least, until)
            rounds = sweep(spots, len(self._net.days), most, random)
            for loose in rounds:
                if stand.done or clock.stopped():
                    return stand.plan
                flies = any(spots[j].flies for j in loose)
                share = clock.at_most(round_s if flies else max(round_s, bundles_share * clock.left()))
                free = {spots[j].day for j in loose}
                solved = self._anew(stand, loose, flows, free, gap_abs, share)
                self._take(stand, solved, loose, least, until)
                unproven += solved.value is None or solved.value > solved.bound + gap_abs + least
                flows.let_go()
                for j in loose:
                    self._session.set_bounds(j, fixed[j], fixed[j])
            if stand.value > before - least and not unproven:
                break
            change = LESS if 2 * unproven > len(rounds) else MORE if not unproven else 1.0
            most = max(LEAST_NUMBERS, round(most * change))
        return stand.plan

    def _anew(
        self,
        stand: Standing,
        loose: Sequence[int],
        flows: Flows,
        free: Collection[int],
        gap_abs: float,
        clock: Clock,
    ) -> Solved:
        """Decide some whole numbers, and what flows on some days, from where rounds stand."""
        for j in loose:
            self._session.set_bounds(j, 0.0, INFINITE)
        start: Mapping[int, float] = stand.fixed
        if stand.values is not None:
            flows.hold(stand.values, free)
            start = dict(enumerate(stand.values.tolist()))
        return self._session.solve_whole(loose, clock, gap_abs, start, patience=PATIENCE)

    def _take(
        self,
        stand: Standing,
        solved: Solved,
        loose: Sequence[int],
        least: float,
        until: Callable[[float], bool],
    ) -> None:
        """Go on from a solution that gains at least so much, and from any with nothing planned anew."""
        if solved.value is None:
            return
        better = solved.value < stand.value - least
        values = self._session.values()
        if stand.holds and (better or not loose):
            stand.values = values
        if better:
            stand.value, stand.plan = solved.value, self._read()
            stand.fixed |= {j: float(round(values[j])) for j in loose}
            stand.done = until(stand.value)

    def _spots(self) -> dict[int, Spot]:
        """Where each whole number of a day belongs, by column."""
        spots = {}
        for name, family in self._whole_families():
            for key, variable in family.items() if name != "tails" else ():
                carrier, d = key
                zones: tuple[str, ...] = ()
                if name != "feeder_trips":
                    mission = self._net.missions[carrier] if name == "sorties" else self._net.by_stop(carrier)
                    carrier, zones = mission.fleet.id, mission.zones
                spots[self._session.column(variable)] = Spot(d, carrier, zones, flies=name == "sorties")
        return spots
