"""The campaign with a choice among whole-day patterns in the place of sorties and bundles.

The model is the campaign less the rows that patterns keep, relaxed; beside it each day chooses among
patterns, and sorties and bundles are what the choices fly::

    sorties[m, d] = sum_p sorties[p, m] * choice[d, p]
    bundles[m, d] = sum_p bundles[p, m] * choice[d, p] - left_behind[m, d]
    sum_c load_kg[m, d, c] <= sum_p kg[p, m] * choice[d, p] - net_kg[m] * left_behind[m, d]
    lasts[d] * tails[f] >= sum_p tails[p, f] * choice[d, p]
    sum_p choice[d, p] = lasts[d]

where a day of the network lasts so many days of the plan. A pattern that takes more tails than may be
contracted is not chosen. The sums take the place of sorties and bundles in every row, so that only choices
are left to solve for; the columns of sorties and bundles stay at 0, and their reduced costs are the prices
of one more.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from optimizer.campaign.build import Campaign
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.objective import Goal
from optimizer.campaign.patterns import GROUNDED, Patterns
from optimizer.solver import INFINITE, Changed, Session, Vector

SHORTFALL_PRICE = 1000.0  # per kg, in the unit of the goal; far above what any delivery costs
SPREAD = 10  # days between those that are priced first
WHOLE = 1e-6  # a number this near to a whole one is whole

type Levels = dict[int, int]
"""How often each pattern is chosen, by the column of its choice."""
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
        self._left_behind: dict[tuple[str, int], int] = {}
        self._total_row: dict[str, tuple[int, dict[int, float]]] = {}
        self._limits: dict[str, tuple[float, float]] = {}
        self._tails: dict[str, tuple[int, int]] = {}
        self._aimed: tuple[str, ...] = ()
        self.most_tails = tuple(fleet.max_tails for fleet in self.net.fleets.values())
        self._place: dict[int, tuple[int, int]] = {}
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
            (f, d): session.add_row({column(x.tails[f]): float(net.lasts(d))}, 0.0)
            for d in net.days
            for f in net.fleets
            if net.of_fleet(f, d)
        }
        self.choice_row = {
            d: session.add_row({}, days, days)
            for d, days in ((d, float(net.lasts(d))) for d in net.days if net.by_day[d])
        }
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
            self._left_behind[m, d] = self._leave_behind(j, self._kg_row[m, d], net.missions[m].net_kg)

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
        column = self.session.add_column(entries, cost=self._flying(self._costs, flown))
        self.choice[d, number], self._flown[column] = column, flown
        self._place[column] = d, number
        if not self._allowed(number):
            self.session.set_bounds(column, 0.0, 0.0)
        return True

    def _allowed(self, number: int) -> bool:
        """Whether a pattern takes no more tails than may be contracted."""
        tails = self.patterns.known[number].tails
        return all(n <= most for n, most in zip(tails, self.most_tails, strict=True))

    def day_of(self, column: int) -> int:
        """Day of the network on which a choice is made."""
        return self._place[column][0]

    def free(self, column: int, at_least: int = 0) -> None:
        """Let a pattern be chosen as often as it may, and at least so often."""
        most = INFINITE if self._allowed(self._place[column][1]) else 0.0
        self.session.set_bounds(column, float(at_least), max(most, float(at_least)))

    def _leave_behind(self, bundles: int, kg_row: int, net_kg: float) -> int:
        """Let a day fly with fewer bundles than its pattern, so that patterns need not differ by a bundle."""
        entries = {row: -coefficient for row, coefficient in self._flights[bundles].items()}
        column = self.session.add_column({**entries, kg_row: -net_kg})
        self._flown[column] = {bundles: -1}
        return column

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
        names = tuple(goal.name for goal in goals)
        if names == self._aimed:
            return
        self._aimed = names
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
        self._aimed, self._changed = (), "costs"

    def _add_row(self, terms: Mapping[int, float], high: float) -> int:
        """Add ``terms <= high`` over any decisions; patterns offered later count in it as well."""
        row = self.session.add_row(self._by_choice(terms), high=high)
        for j in terms:
            if j in self._flights:
                self._flights[j][row] = terms[j]
        return row

    def let_go(self) -> None:
        """Forget every goal kept so far."""
        self._elastic |= dict.fromkeys((slack for _, slack in self._kept.values()), 0.0)
        self._aimed = ()

    def shortfall_kg(self) -> float:
        """Kg by which the last solution misses the goals kept, summed over them."""
        values = self.session.values()
        kept = (slack for _, slack in self._kept.values())
        return float(sum(values[slack] for slack in kept if self._elastic[slack] > 0))

    def limit_tails(self, tails: Mapping[str, tuple[int, int]]) -> None:
        """Contract between so many tails of each fleet; no pattern flies more."""
        if tails == self._tails:
            return
        self._tails = dict(tails)
        for f, (low, high) in tails.items():
            self.session.set_bounds(self.session.column(self.x.tails[f]), low, high)
        self.most_tails = tuple(tails[f][1] for f in self.net.fleets)
        for column in self.choice.values():
            self.free(column)
        self._changed = "costs"  # dual simplex from another fleet takes far longer than a fresh start

    def totals(self) -> dict[str, float]:
        """Sorties of each mission over the whole plan in the last solution."""
        if not self._total_row:
            self._add_totals()
        values = self.values()
        return {m: float(sum(values[j] for j in terms)) for m, (_, terms) in self._total_row.items()}

    def _add_totals(self) -> None:
        """Rows that limit the sorties of each mission over the plan; to break them is dear, as in `keep`."""
        by_mission: dict[str, dict[int, float]] = defaultdict(dict)
        for (m, _), j in self._sorties.items():
            by_mission[m][j] = 1.0
        for m, terms in by_mission.items():
            over, under = self.session.add_column({}), self.session.add_column({})
            self._total_row[m] = self._add_row({**terms, over: -1.0, under: 1.0}, INFINITE), terms
            self._elastic |= dict.fromkeys((over, under), SHORTFALL_PRICE * self.net.missions[m].payload_kg)
        self._set_costs()

    def limit_totals(self, limits: Mapping[str, tuple[float, float]]) -> None:
        """Fly between so many sorties of each mission over the plan; of missions not named any number."""
        if limits and not self._total_row:
            self._add_totals()
        self._limits = dict(limits)
        self.free_totals(self._total_row)

    def limit_total(self, m: str, low: float, high: float) -> None:
        """Limit one mission more for a while."""
        self.session.set_row(self._total_row[m][0], low, high)

    def free_totals(self, missions: Iterable[str]) -> None:
        """Back to what `limit_totals` asks for."""
        for m in missions:
            self.session.set_row(self._total_row[m][0], *self._limits.get(m, (-INFINITE, INFINITE)))
        if self._changed != "costs":
            self._changed = "limits"

    def worth(self, goal: Goal) -> float:
        """Value of any goal in the last solution, in its unit."""
        return self.session.worth(goal.expression(self.x, self.net), self.values())

    def surest(
        self, levels: Mapping[int, int], part: float, sure: float, barred: Collection[int] = ()
    ) -> list[int]:
        """Choices of the last solution beyond those made, the surest first; one made twice stands twice.

        Those that are clearer than `sure`, and at least `part` of all days of the plan, or one.
        """
        values = self.session.values()
        left = self.days_left(levels)
        units = []
        for (d, _), j in self.choice.items():
            if left.get(d, 0) > 0 and j not in barred:
                more = float(values[j]) - levels.get(j, 0)
                whole = math.floor(more + WHOLE)
                units += [(-1.0, d, j)] * whole + ([(whole - more, d, j)] if more - whole > WHOLE else [])
        found: list[int] = []
        at_least = max(1, round(self.plan_days * part))
        for clear, d, j in sorted(units):
            if left[d] > 0 and (len(found) < at_least or -clear > sure):
                found.append(j)
                left[d] -= 1
        return found

    @property
    def plan_days(self) -> int:
        """Days of the plan that choose a pattern."""
        return sum(self.net.lasts(d) for d in self.choice_row)

    def days_left(self, levels: Mapping[int, int]) -> dict[int, int]:
        """Days of the plan, by day of the network, on which no pattern is chosen yet."""
        left = {d: self.net.lasts(d) for d in self.choice_row}
        for j, n in levels.items():
            left[self.day_of(j)] -= n
        return {d: n for d, n in left.items() if n > 0}

    def rounded(self, levels: Mapping[int, int]) -> Levels:
        """Choices made, and for the days left those that the last solution makes most."""
        return dict(Counter([*Counter(levels).elements(), *self.surest(levels, 1.0, math.inf)]))

    def chosen(self) -> Levels:
        """How often each pattern is chosen in the last whole solution."""
        values = self.session.values()
        return {j: n for j in self.choice.values() if (n := round(values[j])) > 0}

    def offer_plan(self, plan: Decisions) -> Levels:
        """Let each day choose what it flies in a plan, and how often it does."""
        levels: Levels = Counter()
        for d in self.choice_row:
            for day in self.net.stretches[d].days:
                number = self.patterns.learn(self.patterns.of_plan(plan, day))
                self.offer(number, d)
                levels[self.choice[d, number]] += 1
        return dict(levels)

    def decisions(self) -> Decisions:
        """Whole numbers of the last whole solution, day by day of the plan.

        Of the days of a stretch the first fly the most: what comes early is never too late.
        """
        values = self.session.values()
        sorties: dict[tuple[str, int], float] = defaultdict(float)
        bundles: dict[tuple[str, int], float] = defaultdict(float)
        flown: dict[int, list[int]] = defaultdict(list)
        for (d, number), j in self.choice.items():
            flown[d] += [number] * round(values[j])
        for d, numbers in flown.items():
            patterns = sorted((self.patterns.known[n] for n in numbers), key=lambda p: -sum(p.kg))
            for day, pattern in zip(self.net.stretches[d].days, patterns, strict=True):
                for i, m in enumerate(self.net.missions):
                    if pattern.sorties[i]:
                        sorties[m, day] += pattern.sorties[i]
                        bundles[m, day] += pattern.bundles[i]
        for (m, d), j in self._left_behind.items():
            self._take_off(bundles, m, self.net.stretches[d].days, round(values[j]))
        tails = {f: float(values[self.session.column(v)]) for f, v in self.x.tails.items()}
        return Decisions({"tails": tails, "sorties": sorties, "bundles": bundles, **self._trips(values)})

    @staticmethod
    def _take_off(bundles: dict[tuple[str, int], float], m: str, days: Sequence[int], number: int) -> None:
        """Leave bundles of a mission behind, on the last days first."""
        for day in reversed(days):
            less = min(float(number), bundles[m, day])
            bundles[m, day] -= less
            number -= round(less)

    def _trips(self, values: Vector) -> dict[str, dict[tuple[str, int], float]]:
        """Trips of feeders, as early in their spells as they can be."""
        trips: dict[tuple[str, int], float] = {}
        for (e, d), variable in self.x.feeder_trips.items():
            number = round(values[self.session.column(variable)])
            for day in range(self.net.stretches[d].first, self.net.stretches[d].last + 1):
                trips[e, day] = float(min(number, math.floor(self.net.feeders[e].trips_per_day)))
                number -= round(trips[e, day])
        return {"feeder_trips": trips}
