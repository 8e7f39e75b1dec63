"""The campaign with every day tied to whole-day patterns (Dantzig-Wolfe by day).

The model is the campaign less the rows that patterns keep, relaxed; beside it each day chooses among
patterns, and sorties and bundles are what the choices fly::

    sorties[m, d] = sum_p sorties[p, m] * choice[d, p]          bundles[m, d] = sum_p ...
                                                                             - left_behind[m, d]
    sum_c load_kg[m, d, c] <= sum_p kg[p, m] * choice[d, p] - net_kg[m] * left_behind[m, d]
    tails[f] >= sum_p tails[p, f] * choice[d, p]                sum_p choice[d, p] = 1

The sums take the place of sorties and bundles in every row, so that only choices are left to solve for;
the columns of sorties and bundles stay at 0, and their reduced costs are the prices of one more.

When no pattern improves at these prices, the value is a lower bound of every whole plan; before that,
the value less what the best patterns could still gain is one (Desaulniers, Desrosiers, Solomon, "Column
Generation", 2005, ch. 1).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pulp import LpVariable

from optimizer.campaign.build import Campaign
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.objective import Goal
from optimizer.campaign.patterns import FREE_KG, FREE_TAIL, GROUNDED, Matrix, Patterns
from optimizer.clock import Clock
from optimizer.solver import INFINITE, Changed, Progress, Session, Solved, Vector

SPREAD = 10  # days between those that are priced first
HALF = 0.5  # a choice is made or not
CHOICE_SHARE = 0.6  # of the time, for choosing patterns; the rest makes bundles whole
TRIM_SHARE = 0.3  # of the gap allowed, for making bundles whole
PART = 0.1  # of the tolerance, shared among the days: what is not worth a pattern
OFFERED = 2  # known patterns offered to a day at a time
BATCH = 8  # days priced together, before what was found is offered to the others
BOUND_ROUNDS = 10  # every so many rounds all days are priced to the end, for a bound on the way
SHORTFALL_PRICE = 1000.0  # per kg, in the unit of the goal; far above what any delivery costs
WHOLE = 1e-6  # a number this near to a whole one is whole
IMPROVES = 1e-7  # of the value; smaller gains are solver noise


type Places = np.ndarray[tuple[int, int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Priced:
    """Result of pricing patterns until none improves, or the clock runs out.

    `value` is the optimum over the patterns known, `bound` holds for every whole plan.
    """

    value: float
    bound: float
    rounds: int


class Master:
    """One campaign in a session, with its pattern choices.

    Parameters
    ----------
    campaign : Campaign
        Model and decisions of a network.
    patterns : Patterns
        What days may choose from; shared by masters over the same missions and fleets.
    seed : int
        Seed of the solver.

    Attributes
    ----------
    choice : dict
        Column by (day, number of the pattern) of each choice offered.
    rounds : int
        Rounds of pricing so far.
    """

    def __init__(self, campaign: Campaign, patterns: Patterns, seed: int = 0) -> None:
        self.net, self.x, self.patterns = campaign.net, campaign.x, patterns
        self._problem = campaign.problem  # PuLP's expressions die with their problem
        self.session = Session(campaign.problem, seed)
        self.session.rows_to_bounds()
        self.choice: dict[tuple[int, int], int] = {}
        self.rounds = 0
        self._changed: Changed = "costs"
        self._elastic: dict[int, float] = {}
        self._kept: dict[str, tuple[int, int]] = {}
        self._costs: dict[int, float] = {}
        self._constant, self._kg = 0.0, 1.0
        self._flights: dict[int, dict[int, float]] = {}
        self._flown: dict[int, dict[int, int]] = {}
        self._left_behind: list[int] = []
        self._total_row: dict[str, tuple[int, dict[int, float]]] = {}
        self._link()

    def _link(self) -> None:
        """Add the rows that tie kg and tails of each day to its patterns; hold sorties and bundles at 0."""
        net, x, session = self.net, self.x, self.session
        column = session.column
        self._sorties = {k: column(v) for k, v in x.sorties.items()}
        self._bundles = {k: column(v) for k, v in x.bundles.items()}
        for j in (*self._sorties.values(), *self._bundles.values()):
            self._flights[j] = session.entries(j)
            session.set_bounds(j, 0.0, 0.0)
        self._kg_row = {
            (m, d): session.add_row(
                {column(x.load_kg[m, d, c]): -1.0 for c in net.missions[m].commodities}, 0.0
            )
            for m, d in net.mission_days
        }
        self._tail_row = {
            (f, d): session.add_row({column(x.tails[f]): 1.0}, 0.0)
            for d in net.days
            for f in net.fleets
            if net.of_fleet(f, d)
        }
        self.choice_row = {d: session.add_row({}, 1.0, 1.0) for d in net.days if net.by_day[d]}
        self._day_rows = np.array(list(self.choice_row.values()), dtype=np.int64)
        self._flight_at = np.hstack([self._places(self._sorties), self._places(self._bundles)])
        self._kg_at = self._places(self._kg_row)
        self._tail_at = self._places(self._tail_row, net.fleets)
        # Days far apart first: what pays on one often pays on those around it.
        order = range(len(self.choice_row))
        self._spread = [i for step in range(SPREAD) for i in order[step::SPREAD]]
        for d in self.choice_row:
            self.offer(GROUNDED, d)
        for (m, d), j in self._bundles.items():
            self._leave_behind(j, self._kg_row[m, d], net.missions[m].net_kg)

    def _places(self, of: Mapping[tuple[str, int], int], ids: Iterable[str] = ()) -> Places:
        """Columns or rows by day and mission (or other ids); -1 where there is none."""
        ids = list(ids or self.net.missions)
        return np.array([[of.get((i, d), -1) for i in ids] for d in self.choice_row], dtype=np.int64)

    def offer(self, number: int, d: int) -> bool:
        """Let a day choose a pattern that may be flown on it; whether it did not have it yet."""
        if (d, number) in self.choice:
            return False
        pattern = self.patterns.known[number]
        entries: dict[int, float] = defaultdict(float, {self.choice_row[d]: 1.0})
        flown: dict[int, int] = {}
        for m, sorties, bundles, kg in zip(
            self.net.missions, pattern.sorties, pattern.bundles, pattern.kg, strict=True
        ):
            if sorties:
                flown[self._sorties[m, d]] = sorties
            if bundles:
                flown[self._bundles[m, d]] = bundles
            if kg:
                entries[self._kg_row[m, d]] = kg
        for f, tails in zip(self.net.fleets, pattern.tails, strict=True):
            if tails:
                entries[self._tail_row[f, d]] = -float(tails)
        for j, flights in flown.items():
            for row, coefficient in self._flights[j].items():
                entries[row] += flights * coefficient
        column = self.session.add_column(entries, cost=self._flying(self._aimed(), flown))
        self.choice[d, number], self._flown[column] = column, flown
        return True

    def _leave_behind(self, bundles: int, kg_row: int, net_kg: float) -> None:
        """Let a day fly with fewer bundles than its pattern, so that patterns need not differ by a bundle."""
        entries = {row: -coefficient for row, coefficient in self._flights[bundles].items()}
        column = self.session.add_column({**entries, kg_row: -net_kg})
        self._left_behind.append(column)
        self._flown[column] = {bundles: -1}

    @staticmethod
    def _flying(terms: Mapping[int, float], flown: Mapping[int, int]) -> float:
        """What the flights of a pattern add to an expression over all decisions."""
        return sum(number * terms.get(j, 0.0) for j, number in flown.items())

    def _by_choice(self, terms: Mapping[int, float]) -> dict[int, float]:
        """An expression with choices of patterns in place of sorties and bundles."""
        through = {j: self._flying(terms, flown) for j, flown in self._flown.items()}
        return {**terms, **{j: value for j, value in through.items() if value}}

    def values(self) -> Vector:
        """The last solution by column, sorties and bundles as the choices fly them."""
        values = self.session.values()
        for column, flown in self._flown.items():
            if column < len(values) and values[column] > 0:
                for j, number in flown.items():
                    values[j] += number * values[column]
        return values

    def used(self) -> list[int]:
        """Numbers of the patterns that the last solution uses."""
        values = self.session.values()
        used = [n for (_, n), j in self.choice.items() if j < len(values) and values[j] > WHOLE]
        return list(dict.fromkeys(used))

    def aim(self, *goals: Goal) -> None:
        """Minimise this goal from now on, or the sum of several; what `keep` asks for stays worth its price.

        Shares are minimised as the kg they stand for, so that tolerances mean the same for every goal.
        """
        terms = [(goal.expression(self.x, self.net), goal.kg) for goal in goals]
        self._costs = defaultdict(float)
        for expression, kg in terms:
            for j, coefficient in self.session.terms(expression).items():
                self._costs[j] += coefficient * kg
        self._constant = sum(expression.constant * kg for expression, kg in terms)
        self._kg = goals[0].kg if len(goals) == 1 else 1.0
        self._set_costs()

    def _in_unit(self, value: float) -> float:
        """A value of the session in the unit of the goal aimed at."""
        return (value + self._constant) / self._kg

    def _set_costs(self) -> None:
        self.session.set_costs(self._by_choice(self._aimed()))
        self._changed = "costs"

    def _aimed(self) -> dict[int, float]:
        return {**self._costs, **self._elastic}

    def keep(self, goal: Goal, value: float) -> None:
        """Ask for a goal to stay at `value` or better; every kg short of it is dear.

        The price keeps every relaxation solvable; bounds stay valid since plans that keep the goal pay
        nothing. Asked again, the new value replaces the old.
        """
        excess = (goal.expression(self.x, self.net) - value) * goal.kg
        if goal.name in self._kept:
            row, slack = self._kept[goal.name]
            self.session.set_row(row, -INFINITE, -excess.constant)
        else:
            slack = self.session.add_column({})
            row = self._add_row({**self.session.terms(excess), slack: -1.0}, -excess.constant)
            self._kept[goal.name] = (row, slack)
        self._elastic[slack] = SHORTFALL_PRICE
        self._changed = "costs"

    def _add_row(self, terms: Mapping[int, float], high: float) -> int:
        """Add ``terms <= high`` over any decisions; patterns offered later count in it as well."""
        row = self.session.add_row(self._by_choice(terms), high=high)
        for j in terms:
            if j in self._flights:
                self._flights[j][row] = terms[j]
        return row

    def let_go(self) -> None:
        """Forget every goal kept so far."""
        self._elastic = dict.fromkeys(self._elastic, 0.0)

    def shortfall_kg(self) -> float:
        """Kg by which the last solution misses the goals kept, summed over them."""
        values = self.session.values()
        return float(sum(values[slack] for slack, price in self._elastic.items() if price > 0))

    def limit_tails(self, tails: Mapping[str, tuple[float, float]]) -> None:
        """Contract between so many tails of each fleet."""
        for f, (low, high) in tails.items():
            self.session.set_bounds(self.session.column(self.x.tails[f]), low, high)
        self._changed = "costs"  # dual simplex from another fleet takes far longer than a fresh start

    def limit_sorties(self, caps: Mapping[tuple[str, int], int]) -> None:
        """Fly at most so many sorties of a mission on a day."""
        for key, most in caps.items():
            self._add_row({self._sorties[key]: 1.0}, most)

    def totals(self) -> dict[int, float]:
        """Sorties of each mission over the whole plan in the last solution, by the row that limits them."""
        if not self._total_row:
            by_mission: dict[str, dict[int, float]] = defaultdict(dict)
            for (m, _), j in self._sorties.items():
                by_mission[m][j] = 1.0
            for m, terms in by_mission.items():
                self._total_row[m] = self._add_row(terms, INFINITE), terms
        values = self.values()
        return {row: float(sum(values[j] for j in terms)) for row, terms in self._total_row.values()}

    def worth(self, goal: Goal) -> float:
        """Value of any goal in the last solution, in its unit."""
        return self.session.worth(goal.expression(self.x, self.net), self.values())

    def price(
        self,
        clock: Clock,
        tolerance: Callable[[float], float],
        enough: float = math.inf,
        most_rounds: int = 200,
    ) -> Priced | None:
        """Add patterns until value and bound are within `tolerance` of the value; None when not begun.

        The bound is the best one over all rounds; one of `enough` ends the search as well.
        """
        bound, value = -math.inf, math.inf
        rounds = 0
        while rounds < most_rounds:
            solved = self.solve_relaxed(clock)
            if solved is None:
                break
            value = solved
            rounds += 1
            allowed = tolerance(self._in_unit(value)) * self._kg
            least = max(self.least(value), PART * allowed / max(1, len(self.choice_row)))
            complete = self._in_unit(value) > enough or rounds % BOUND_ROUNDS == 0
            gain, new = self.price_once(clock, least, complete=complete)
            if gain is not None:
                bound = max(bound, value + gain)
            proven = value - bound <= allowed
            if not new or proven or self._in_unit(bound) >= enough:
                break
        self.rounds += rounds
        return None if rounds == 0 else Priced(self._in_unit(value), self._in_unit(bound), rounds)

    def solve_relaxed(self, clock: Clock) -> float | None:
        """Optimum over the patterns known with every decision continuous; None when impossible or late."""
        solved = self.session.solve_relaxed(clock, self._changed)
        self._changed = "columns"
        return solved.value

    def price_once(
        self, clock: Clock, least: float, *, complete: bool = False, only: Collection[int] | None = None
    ) -> tuple[float | None, int]:
        """Offer each day what pays at the last prices: a known pattern where one does, else the best of all.

        Returns what all days could gain, None when some were not priced to the end, and how many
        patterns were new to their day. Less than `least` is not worth a pattern. `complete` prices
        every day to the end; `only` leaves all other days out.
        """
        prices, duals = self._prices()
        days = list(self.choice_row)
        waiting = [i for i in self._spread if only is None or days[i] in only]
        gain, new = 0.0, 0
        proven, sought = True, False
        while waiting:
            paying = self._paying(prices, duals, waiting, least)
            offers = [self.offer(n, days[i]) for i, n in paying]
            new += sum(offers)
            offered = {i for (i, _), fresh in zip(paying, offers, strict=True) if fresh}
            if offered and not complete:
                # What is known goes first; new patterns are sought when it pays on no day any more.
                if not sought:
                    return None, new
                proven = False
                waiting = [i for i in waiting if i not in offered]
            batch, waiting = waiting[:BATCH], waiting[BATCH:]
            sought = True
            asked = [(self.net.by_day[days[i]], prices[i]) for i in batch]
            for i, best in zip(batch, self.patterns.best(asked, clock), strict=True):
                if best is None:
                    return None, new
                gain += min(0.0, best[0] - duals[i])
                if best[0] - duals[i] < -least:
                    new += self.offer(self.patterns.learn(best[1]), days[i])
        return (gain if proven else None), new

    def offer_all(self, numbers: Iterable[int], days: Iterable[int] | None = None) -> None:
        """Let days (all, unless given) choose from these patterns where they may be flown."""
        for number in numbers:
            for d in self.choice_row if days is None else days:
                if self.patterns.open_to(self.net.by_day[d])[number]:
                    self.offer(number, d)

    def offer_known(self, value: float, only: Collection[int]) -> int:
        """Offer these days the known patterns that pay best at the last prices; how many were new."""
        prices, duals = self._prices()
        order = list(self.choice_row)
        places = [i for i, d in enumerate(order) if d in only]
        paying = self._paying(prices, duals, places, self.least(value))
        return sum(self.offer(n, order[i]) for i, n in paying)

    def least(self, value: float) -> float:
        """Gain below which a pattern is noise."""
        return IMPROVES * max(1.0, abs(value))

    def _paying(
        self, prices: Matrix, duals: Vector, days: Sequence[int], least: float
    ) -> list[tuple[int, int]]:
        """(place of the day, number of the pattern) of the known patterns that pay best on these days."""
        reduced = self.patterns.worth(prices[days]) - duals[days, None]
        kinds = list(self.choice_row)
        found = []
        for row, i in zip(reduced, days, strict=True):
            row[~self.patterns.open_to(self.net.by_day[kinds[i]])] = math.inf
            best = np.argpartition(row, min(OFFERED, len(row) - 1))[:OFFERED]
            found += [(i, int(n)) for n in best if row[n] < -least]
        return found

    def _prices(self) -> tuple[Matrix, Vector]:
        """What a pattern pays on each day for sorties, bundles, kg and tails, and what the day is worth."""
        duals, costs = self.session.duals(), self.session.reduced_costs()
        flights = np.where(self._flight_at >= 0, costs[self._flight_at], 0.0)
        kg = np.where(self._kg_at >= 0, np.maximum(FREE_KG, duals[self._kg_at]), FREE_KG)
        tails = np.where(self._tail_at >= 0, np.maximum(FREE_TAIL, duals[self._tail_at]), FREE_TAIL)
        return np.hstack([flights, kg, tails]), duals[self._day_rows]

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
        fixed: Sequence[int] = (),
    ) -> Solved:
        """The best plan over the patterns known: one pattern a day, whole tails and trips, whole bundles.

        First patterns are chosen with bundles left behind in parts, then these are made whole: that
        costs next to nothing, and is found far faster than both at once.

        Parameters
        ----------
        clock, gap_abs, progress
            As in `Session.solve_whole`.
        start : mapping
            Values to begin from, by column.
        fixed : sequence of int
            Choices that stay as they are; the bound then holds for these alone.
        """
        for j in fixed:
            self.session.set_bounds(j, 1.0, 1.0)
        families: tuple[dict[Any, LpVariable], ...] = (self.x.tails, self.x.feeder_trips)
        whole = [self.session.column(variable) for family in families for variable in family.values()]
        columns = [*self.choice.values(), *whole]
        told = None if progress is None else lambda value: progress(self._in_unit(value))
        gap = gap_abs * self._kg
        solved = self.session.solve_whole(columns, clock.share(CHOICE_SHARE), gap, start, told)
        for j in fixed:
            self.session.set_bounds(j, 0.0, INFINITE)
        if solved.value is not None:
            values = self.session.values()
            trimmed = self._trim({j: float(round(values[j])) for j in columns}, clock, TRIM_SHARE * gap)
            solved = Solved(trimmed, solved.bound)
        value = None if solved.value is None else self._in_unit(solved.value)
        return Solved(value, self._in_unit(solved.bound), solved.infeasible)

    def _trim(self, chosen: Mapping[int, float], clock: Clock, gap: float) -> float | None:
        """Value with these whole numbers and whole bundles; None when there was no time for it."""
        limits = {j: (number, number) for j, number in chosen.items()}
        tails = {self.session.column(v) for v in self.x.tails.values()}
        before = {j: self.session.bounds(j) for j in tails}
        for j, (low, high) in limits.items():
            self.session.set_bounds(j, low, high)
        value = self.session.solve_whole(self._left_behind, clock, gap).value
        for j in limits:
            self.session.set_bounds(j, *before.get(j, (0.0, INFINITE)))
        return value

    def chosen(self) -> list[int]:
        """Columns of the patterns chosen in the last whole solution."""
        values = self.session.values()
        return [j for j in self.choice.values() if values[j] > HALF]

    def offer_plan(self, plan: Decisions) -> list[tuple[int, int]]:
        """Let each day choose what it flies in a plan; (day, number of the pattern) of every day."""
        by_day = [(d, self.patterns.learn(self.patterns.of_plan(plan, d))) for d in self.choice_row]
        for d, number in by_day:
            self.offer(number, d)
        return by_day

    def decisions(self) -> Decisions:
        """The last solution, without pattern choices."""
        return Decisions.read(self.x, self.session, self.values())
