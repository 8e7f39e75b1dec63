"""Prices patterns until none improves, and chooses among them in whole numbers (Dantzig-Wolfe).

When no pattern improves at the prices of the relaxed campaign, its value is a lower bound of every whole
plan; before that, the value less what the best patterns could still gain is one (Desaulniers, Desrosiers,
Solomon, "Column Generation", 2005, ch. 1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from pulp import LpVariable

from optimizer.campaign.asked import Asked
from optimizer.campaign.day_limits import Matrix
from optimizer.campaign.groups import Part
from optimizer.campaign.patterns import FREE_KG, FREE_TAIL
from optimizer.clock import Clock
from optimizer.solved import Solved
from optimizer.solver import Progress, Vector

IMPROVES = 1e-7  # of the value; smaller gains are solver noise
PART = 0.1  # of the tolerance, shared among the days: what is not worth a pattern
OFFERED = 2  # known patterns offered to a day at a time
BATCH = 8  # days priced together, before what was found is offered to the others
BOUND_ROUNDS = 10  # at first and every so many rounds all days are priced to the end, for a bound on the way
CHOICE_SHARE = 0.6  # of the time, for choosing patterns; the rest makes bundles whole
NONE_FIXED: Mapping[int, int] = MappingProxyType({})
PATIENCE = 20  # nodes without a better choice
MISSED_KG = 1.0  # of a goal kept: more is not the solver's tolerance
TRIM_SHARE = 0.3  # of the gap allowed, for making bundles whole


@dataclass(frozen=True)
class Priced:
    """Result of pricing patterns until none improves, or the clock runs out.

    `value` is the optimum over the patterns known, `bound` holds for every whole plan.
    """

    value: float
    bound: float
    rounds: int


class Master(Asked):
    """The choices of a campaign, priced and made."""

    def price(
        self,
        clock: Clock,
        tolerance: Callable[[float], float],
        enough: float = math.inf,
        most_rounds: int = 200,
        *,
        early: bool = True,
        known: float = -math.inf,
    ) -> Priced | None:
        """Add patterns until value and bound are within `tolerance` of the value; None when not begun.

        The bound is the best one over all rounds; one of `enough` ends the search as well. With `early`
        there is one from the first round on, which takes a pattern of every day. `known` is a bound that
        is known already, in the unit of the goal.
        """
        bound, value = known * self._kg - self._constant, math.inf
        rounds = 0
        while rounds < most_rounds:
            solved = self.solve_relaxed(clock)
            if solved is None:
                break
            value = solved
            rounds += 1
            allowed = tolerance(self._in_unit(value)) * self._kg
            least = max(self.least(value), PART * allowed / max(1, len(self.parts)))
            first = 1 if early else 0
            complete = self._in_unit(value) > enough or rounds % BOUND_ROUNDS == first
            gain, new = self.price_once(clock, least, complete=complete)
            if gain is not None:
                bound = max(bound, value + gain)
            proven = value - bound <= allowed
            if not new or proven or self._in_unit(bound) >= enough:
                break
        self.patterns.rounds += rounds
        return None if rounds == 0 else Priced(self._in_unit(value), self._in_unit(bound), rounds)

    def solve_relaxed(self, clock: Clock) -> float | None:
        """Optimum over the patterns known with every decision continuous; None when impossible or late."""
        solved = self.session.solve_relaxed(clock, self._changed)
        self._changed = "columns"
        return solved.value

    def price_once(
        self, clock: Clock, least: float, *, complete: bool = False, only: Collection[Part] | None = None
    ) -> tuple[float | None, int]:
        """Offer each part of a day what pays at the last prices: what is known, else the best of all.

        Returns what all of them could gain, None when some were not priced to the end, and how many
        patterns were new where they are offered. Less than `least` is not worth a pattern. `complete` prices
        every part to the end; `only` leaves all others out.
        """
        prices, duals = self._prices()
        parts = list(self.parts)
        waiting = [i for i in self._spread if only is None or parts[i] in only]
        # Tails were priced this much too high, so a day may gain as much more.
        slack = FREE_TAIL * sum(fleet.max_tails for fleet in self.net.fleets.values())
        gain, new = 0.0, 0
        proven, sought = True, False
        while waiting:
            paying = self._paying(prices, duals, waiting, least)
            offers = [self.offer(n, parts[i]) for i, n in paying]
            new += sum(offers)
            offered = {i for (i, _), fresh in zip(paying, offers, strict=True) if fresh}
            if offered and not complete:
                # What is known goes first; new patterns are sought when it pays nowhere any more.
                if not sought:
                    return None, new
                proven = False
                waiting = [i for i in waiting if i not in offered]
            batch, waiting = waiting[:BATCH], waiting[BATCH:]
            sought = True
            asked = [(self.parts[parts[i]], prices[i]) for i in batch]
            for i, best in zip(batch, self.patterns.best(asked, clock, self.most_tails), strict=True):
                if best is None:
                    return None, new
                gain += min(0.0, best[0] - slack - duals[i]) * self.net.lasts(parts[i][0])
                if best[0] - duals[i] < -least:
                    new += self.offer(self.patterns.learn(best[1]), parts[i])
        return (gain if proven else None), new

    def offer_all(self, numbers: Iterable[int]) -> None:
        """Let every group choose from these patterns on the days on which it may fly them."""
        for number in numbers:
            for part, kind in self.parts.items():
                if self.patterns.open_to(kind)[number]:
                    self.offer(number, part)

    def offer_known(self, value: float, only: Collection[Part]) -> int:
        """Offer these parts of days the known patterns that pay best there; how many were new."""
        prices, duals = self._prices()
        order = list(self.parts)
        places = [i for i, part in enumerate(order) if part in only]
        paying = self._paying(prices, duals, places, self.least(value))
        return sum(self.offer(n, order[i]) for i, n in paying)

    def least(self, value: float) -> float:
        """Gain below which a pattern is noise."""
        return IMPROVES * max(1.0, abs(value))

    def _paying(
        self, prices: Matrix, duals: Vector, places: Sequence[int], least: float
    ) -> list[tuple[int, int]]:
        """(place of the part, number of the pattern) of the known patterns that pay best in these places."""
        reduced = self.patterns.worth(prices[places]) - duals[places, None]
        reduced[:, ~self.patterns.flown_with(self.most_tails)] = math.inf
        kinds = list(self.parts.values())
        found = []
        for row, i in zip(reduced, places, strict=True):
            row[~self.patterns.open_to(kinds[i])] = math.inf
            best = np.argpartition(row, min(OFFERED, len(row) - 1))[:OFFERED]
            found += [(i, int(n)) for n in best if row[n] < -least]
        return found

    def _prices(self) -> tuple[Matrix, Vector]:
        """What a pattern pays in each part for all its figures, and what the part is worth."""
        duals, costs = self.session.duals(), self.session.reduced_costs()
        flights = np.where(self._flight_at >= 0, costs[self._flight_at], 0.0)
        kg = np.where(self._kg_at >= 0, np.maximum(FREE_KG, duals[self._kg_at]), FREE_KG)
        tails = np.where(self._tail_at >= 0, np.maximum(FREE_TAIL, duals[self._tail_at]), FREE_TAIL)
        ways = np.where(self._way_at >= 0, np.maximum(0.0, duals[self._way_at]), 0.0)
        return np.hstack([flights, kg, tails, ways]), duals[self._choice_rows]

    def relax(self, clock: Clock) -> float | None:
        """Value over the patterns known with every decision continuous; None when time ran out."""
        value = self.solve_relaxed(clock)
        return None if value is None else self._in_unit(value)

    def whole(
        self,
        clock: Clock,
        gap_abs: float,
        start: Mapping[int, float],
        progress: Progress | None = None,
        fixed: Mapping[int, int] = NONE_FIXED,
        content: Callable[[float], bool] = lambda _: False,
    ) -> Solved:
        """The best plan over the patterns known: whole patterns, whole tails and trips, whole bundles.

        First patterns are chosen with bundles left behind in parts, then these are made whole: that
        costs next to nothing, and is found far faster than both at once.

        Parameters
        ----------
        clock, gap_abs, progress, content
            As in `Session.solve_whole`, in the unit of the goal.
        start : mapping
            Values to begin from, by column.
        fixed : mapping
            How often choices are made at least, by column; the bound then holds for these alone.
        """
        for j, n in fixed.items():
            self.free(j, at_least=n)
        families: tuple[dict[Any, LpVariable], ...] = (self.x.tails, self.x.feeder_trips)
        whole = [self.session.column(variable) for family in families for variable in family.values()]
        columns = [*self.choice.values(), *whole]
        told = None if progress is None else lambda value: progress(self._in_unit(value))
        gap, share = gap_abs * self._kg, clock.share(CHOICE_SHARE)

        def will_do(value: float) -> bool:
            return content(self._in_unit(value))

        solved = self.session.solve_whole(
            columns, share, gap, start, told, PATIENCE, near=True, content=will_do
        )
        for j in fixed:
            self.free(j)
        if solved.value is not None:
            values = self.session.values()
            trimmed = self._trim({j: float(round(values[j])) for j in columns}, clock, TRIM_SHARE * gap)
            solved = Solved(trimmed, solved.bound)
        value = None if solved.value is None else self._in_unit(solved.value)
        return Solved(value, self._in_unit(solved.bound), solved.infeasible)

    def whole_tails(self, clock: Clock, tolerance: Callable[[float], float]) -> dict[str, int] | None:
        """Tails of each fleet where they, and the sorties of each mission over the plan, are whole numbers.

        Over the patterns known, and within `tolerance` of the least, by value in the unit of the goal; None
        when there was no time for it, or goals kept are missed.
        """
        relaxed = self.relax(clock)
        if relaxed is None:
            return None
        tails = {f: self.session.column(variable) for f, variable in self.x.tails.items()}
        whole = [*tails.values(), *self.count_totals()]
        solved = self.session.solve_whole(whole, clock, self.in_kg(tolerance(relaxed)), near=True)
        self._changed = "costs"
        if solved.value is None or self.shortfall_kg() > MISSED_KG:
            return None
        values = self.session.values()
        return {f: round(values[j]) for f, j in tails.items()}

    def _trim(self, chosen: Mapping[int, float], clock: Clock, gap: float) -> float | None:
        """Value with these whole numbers and whole bundles; None when there was no time for it."""
        limits = {j: (number, number) for j, number in chosen.items()}
        before = {j: self.session.bounds(j) for j in chosen}
        for j, (low, high) in limits.items():
            self.session.set_bounds(j, low, high)
        value = self.session.solve_whole(self.left_behind.values(), clock, gap, patience=PATIENCE).value
        for j, (low, high) in before.items():
            self.session.set_bounds(j, low, high)
        return value
