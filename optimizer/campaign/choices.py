"""The campaign with a choice among whole-day patterns in the place of sorties and bundles.

The model is the campaign less the rows that patterns keep, relaxed; beside it each day chooses among
patterns, and sorties and bundles are what the choices fly::

    sorties[m, d] = sum_p sorties[p, m] * choice[d, p]
    bundles[s, d] = sum_p bundles[p, s] * choice[d, p] - left_behind[s, d]
    sum_c load_kg[s, d, c] <= sum_p kg[p, s] * choice[d, p] - net_kg[s] * left_behind[s, d]
    tails[f] >= sum_p tails[p, f] * choice[d, p]
    sum_p choice[d, p] = 1

The sums take the place of sorties and bundles in every row, so that only choices are left to solve for;
the columns of sorties and bundles stay at 0, and their reduced costs are the prices of one more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from optimizer.campaign.build import Campaign
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.objective import Goal
from optimizer.campaign.patterns import GROUNDED, Patterns
from optimizer.cut import Cut
from optimizer.solver import INFINITE, Changed, Session, Vector

SHORTFALL_PRICE = 1000.0  # per kg, in the unit of the goal; far above what any delivery costs
SPREAD = 10  # days between those that are priced first
WHOLE = 1e-6  # a number this near to a whole one is whole
HALF = 0.5  # a choice is made or not

type Places = np.ndarray[tuple[int, int], np.dtype[np.int64]]


class Choices:
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
    """

    def __init__(self, campaign: Campaign, patterns: Patterns, seed: int = 0) -> None:
        self.net, self.x, self.patterns = campaign.net, campaign.x, patterns
        self._problem = campaign.problem  # PuLP's expressions die with their problem
        self.session = Session(campaign.problem, seed)
        self.session.rows_to_bounds()
        self.choice: dict[tuple[int, int], int] = {}
        self._changed: Changed = "costs"
        self._elastic: dict[int, float] = {}
        self._kept: dict[str, tuple[int, int]] = {}
        self._costs: dict[int, float] = {}
        self._constant, self._kg = 0.0, 1.0
        self._flights: dict[int, dict[int, float]] = {}
        self._flown: dict[int, dict[int, int]] = {}
        self._left_behind: list[int] = []
        self._cut_row: dict[tuple[Cut, int], int] = {}
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
            (s, d): session.add_row(
                {column(x.load_kg[s, d, c]): -1.0 for c in net.by_stop(s).commodities}, 0.0
            )
            for s, d in net.stop_days
        }
        self._tail_row = {
            (f, d): session.add_row({column(x.tails[f]): 1.0}, 0.0)
            for d in net.days
            for f in net.fleets
            if net.of_fleet(f, d)
        }
        self.choice_row = {d: session.add_row({}, 1.0, 1.0) for d in net.days if net.by_day[d]}
        self._day_rows = np.array(list(self.choice_row.values()), dtype=np.int64)
        self._flight_at = np.hstack([self._places(self._sorties), self._places(self._bundles, net.stops)])
        self._kg_at = self._places(self._kg_row, net.stops)
        self._tail_at = self._places(self._tail_row, net.fleets)
        # Days far apart first: what pays on one often pays on those around it.
        order = range(len(self.choice_row))
        self._spread = [i for step in range(SPREAD) for i in order[step::SPREAD]]
        for d in self.choice_row:
            self.offer(GROUNDED, d)
        for (s, d), j in self._bundles.items():
            self._leave_behind(j, self._kg_row[s, d], net.by_stop(s).net_kg)

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
        for m, sorties in zip(self.net.missions, pattern.sorties, strict=True):
            if sorties:
                flown[self._sorties[m, d]] = sorties
        for s, bundles, kg in zip(self.net.stops, pattern.bundles, pattern.kg, strict=True):
            if bundles:
                flown[self._bundles[s, d]] = bundles
            if kg:
                entries[self._kg_row[s, d]] = kg
        for f, tails in zip(self.net.fleets, pattern.tails, strict=True):
            if tails:
                entries[self._tail_row[f, d]] = -float(tails)
        for j, flights in flown.items():
            for row, coefficient in self._flights[j].items():
                entries[row] += flights * coefficient
        column = self.session.add_column(entries, cost=self._flying(self._costs, flown))
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

    def tails(self) -> dict[str, float]:
        """Tails of each fleet in the last solution."""
        values = self.session.values()
        return {f: float(values[self.session.column(v)]) for f, v in self.x.tails.items()}

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

    def in_kg(self, amount: float) -> float:
        """A difference in the unit of the goal aimed at, in that of the session."""
        return amount * self._kg

    def _set_costs(self) -> None:
        self.session.set_costs(self._by_choice({**self._costs, **self._elastic}))
        self._changed = "costs"

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

    def limit_sorties(self, cuts: Sequence[Cut]) -> None:
        """Keep to what the timetable found room for; cuts given before no longer hold."""
        for row in self._cut_row.values():
            self.session.set_row(row, -INFINITE, INFINITE)
        for cut in cuts:
            for d in cut.days:
                if (cut, d) not in self._cut_row:
                    terms = {self._sorties[m, d]: 1.0 for m in cut.missions if (m, d) in self._sorties}
                    terms |= {self.session.column(self.x.tails[f]): -float(n) for f, n in cut.per_tail}
                    self._cut_row[cut, d] = self._add_row(terms, cut.most)
                self.session.set_row(self._cut_row[cut, d], -INFINITE, cut.most)
        self._changed = "costs"

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

    def free_rows(self, rows: Iterable[int]) -> None:
        """Let rows be anything, as totals that were fixed for a while."""
        for row in rows:
            self.session.set_row(row, -INFINITE, INFINITE)
        self._changed = "costs"

    def worth(self, goal: Goal) -> float:
        """Value of any goal in the last solution, in its unit."""
        return self.session.worth(goal.expression(self.x, self.net), self.values())

    def likely(self, barred: Collection[int] = ()) -> dict[int, int]:
        """Column of the pattern that each day chooses most in the last solution, less the columns barred."""
        values = self.session.values()
        likely: dict[int, int] = {}
        for (d, _), j in self.choice.items():
            if j not in barred and (d not in likely or values[j] > values[likely[d]]):
                likely[d] = j
        return likely

    def surest(
        self, chosen: Collection[int], part: float, sure: float, barred: Collection[int] = ()
    ) -> dict[int, int]:
        """Column of the likeliest pattern of some days that are not chosen yet, the surest days first.

        Those that chose more clearly than `sure`, and at least `part` of all days, or one.
        """
        values = self.session.values()
        best = {d: j for d, j in self.likely(barred).items() if d not in chosen}
        order = sorted(best, key=lambda d: (-values[best[d]], d))
        at_least = max(1, round(len(self.choice_row) * part))
        return {d: best[d] for n, d in enumerate(order) if n < at_least or values[best[d]] > sure}

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
