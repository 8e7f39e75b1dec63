"""What is asked of a campaign over patterns: a goal to aim at, goals to keep, tails and totals to keep to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from optimizer.campaign.build import Campaign
from optimizer.campaign.choices import Choices
from optimizer.campaign.objective import Goal
from optimizer.campaign.patterns import Patterns
from optimizer.solver import INFINITE

SHORTFALL_PRICE = 1000.0  # per kg, in the unit of the goal; far above what any delivery costs


class Asked(Choices):
    """Choices with what is asked of them; see `Choices` for the parameters."""

    def __init__(self, campaign: Campaign, patterns: Patterns, seed: int = 0) -> None:
        super().__init__(campaign, patterns, seed)
        self._elastic: dict[int, float] = {}
        self._kept: dict[str, tuple[int, int]] = {}
        self._constant, self._kg = 0.0, 1.0
        self._total_row: dict[str, tuple[int, dict[int, float]]] = {}
        self._counts: list[int] = []
        self._limits: dict[str, tuple[float, float]] = {}
        self._tails: dict[str, tuple[int, int]] = {}
        self._aimed: tuple[str, ...] = ()

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

    def count_totals(self) -> list[int]:
        """Columns that count the sorties of each mission over the plan."""
        if not self._counts:
            self.totals()
            for _, terms in self._total_row.values():
                count = self.session.add_column({})
                row = self._add_row({**terms, count: -1.0}, 0.0)
                self.session.set_row(row, 0.0, 0.0)
                self._counts.append(count)
            self._changed = "costs"
        return self._counts

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
