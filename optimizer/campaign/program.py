"""The campaign of one network inside HiGHS: what is aimed at, kept and decided can change between solves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from optimizer.campaign.build import build
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.objective import Goal
from optimizer.campaign.wanted import Wanted
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.network import Network
from optimizer.solved import Solved
from optimizer.solver import INFINITE, Session

type Prices = Mapping[str, float]
"""USD for one unit of a goal, by its name; `UNCOVERED` is what a person-day short of the coverage costs."""

UNCOVERED = "uncovered"


class Program:
    """A campaign that is solved again and again.

    Parameters
    ----------
    net : Network
        In days or in spells.
    wanted : Wanted
        Goals, and the share of every need that is asked for, if any.
    seed : int
        Seed of the solver.
    cuts : sequence of Cut
        Of the timetable, kept on each of their days.
    margin_frac : float
        Share of every need to be met beyond the coverage asked for.
    """

    def __init__(
        self, net: Network, wanted: Wanted, seed: int = 0, cuts: Sequence[Cut] = (), margin_frac: float = 0.0
    ) -> None:
        campaign = build(net)
        self.net, self.x, self.wanted, self._margin_frac = net, campaign.x, wanted, margin_frac
        self._problem = campaign.problem  # PuLP's expressions die with their problem
        self._session = Session(campaign.problem, seed)
        self._session.rows_to_bounds()
        for _, family in self.x.families():
            for variable in family.values():
                self._session.column(variable)  # before a solution is read that would not have it
        self._terms: dict[str, tuple[dict[int, float], float]] = {}
        self._keeps: dict[str, int] = {}
        self._constant = 0.0
        self._rough: list[int] = []
        self._cover()
        for cut in cuts:
            self.keep_cut(cut)

    def _cover(self, price: float = 0.0) -> None:
        """Let nothing of the coverage asked for be missing, or some at a price."""
        frac = self.wanted.unreached_frac
        free = any(goal.name == "unreached_frac" for goal in self.wanted.goals)
        high = 1.0 if frac is None or free else max(0.0, frac - self._margin_frac)
        self._session.set_bounds(self._session.column(self.x.unreached_frac[()]), 0.0, high)
        for variable in self.x.uncovered.values():
            self._session.set_bounds(self._session.column(variable), 0.0, INFINITE if price > 0 else 0.0)

    def column(self, name: str, key: Any) -> int:
        """Column of a decision."""
        return self._session.column(getattr(self.x, name)[key])

    def columns(self, *names: str) -> dict[tuple[str, Any], int]:
        """Columns of whole families, by name and index."""
        return {
            (name, key): self._session.column(variable)
            for name in names
            for key, variable in getattr(self.x, name).items()
        }

    def keep_cut(self, cut: Cut) -> None:
        """Keep to a cut of the timetable on all its days."""
        for d in self.net.days:
            inside = [day for day in self.net.stretches[d].days if day in cut.days]
            terms = {self.column("sorties", (m, d)): 1.0 for m in cut.missions if (m, d) in self.x.sorties}
            if terms and len(inside) == self.net.lasts(d):
                terms |= {
                    self.column("tails", f): -n * len(inside) for f, n in cut.per_tail if f in self.x.tails
                }
                self._session.add_row(terms, high=cut.most * len(inside))

    def roughly_whole(self) -> list[int]:
        """Columns of tails, of all sorties of each mission, and of those of each fleet in each spell."""
        if not self._rough:
            missions, stretches = self.net.missions, self.net.stretches
            self._rough = [
                *self.columns("tails").values(),
                *self._summed(lambda m, _: m).values(),
                *self._summed(lambda m, d: (missions[m].fleet.id, stretches[d].first)).values(),
            ]
        return self._rough

    def _summed[Key](self, key_of: Callable[[str, int], Key]) -> dict[Key, int]:
        together: dict[Key, list[int]] = defaultdict(list)
        for (m, d), variable in self.x.sorties.items():
            together[key_of(m, d)].append(self._session.column(variable))
        found = {}
        for key, columns in together.items():
            found[key] = self._session.add_column({})
            self._session.add_row({**dict.fromkeys(columns, 1.0), found[key]: -1.0}, 0.0, 0.0)
        return found

    def aim(self, prices: Prices) -> None:
        """Minimise goals at a price each, and what is missing of the coverage at its own."""
        costs: dict[int, float] = defaultdict(float)
        self._constant = 0.0
        for goal in self.wanted.goals:
            price = prices.get(goal.name, 0.0)
            terms, constant = self._of(goal)
            self._constant += price * constant
            for j, coefficient in terms.items() if price else ():
                costs[j] += price * coefficient
        uncovered = prices.get(UNCOVERED, 0.0)
        self._cover(uncovered)
        if uncovered > 0:
            costs |= {self._session.column(variable): uncovered for variable in self.x.uncovered.values()}
        self._session.set_costs(costs)

    def _of(self, goal: Goal) -> tuple[dict[int, float], float]:
        if goal.name not in self._terms:
            expression = goal.expression(self.x, self.net)
            self._terms[goal.name] = self._session.terms(expression), float(expression.constant)
        return self._terms[goal.name]

    def keep(self, goal: Goal, most: float) -> None:
        """Let a goal be no worse than this from now on."""
        terms, constant = self._of(goal)
        if goal.name not in self._keeps:
            # In person-days: of a share, solvers take a thousandth for nothing.
            self._keeps[goal.name] = self._session.add_row({j: v * goal.times for j, v in terms.items()})
        self._session.set_row(self._keeps[goal.name], -INFINITE, (most - constant) * goal.times)

    def release(self) -> None:
        """Keep nothing of the goals any more."""
        for row in self._keeps.values():
            self._session.set_row(row, -INFINITE, INFINITE)

    def fix(self, numbers: Mapping[int, float]) -> None:
        """Decide columns."""
        for j, number in numbers.items():
            self._session.set_bounds(j, number, number)

    def free(self, columns: Iterable[int]) -> None:
        """Let columns be decided again."""
        for j in columns:
            self._session.set_bounds(j, 0.0, INFINITE)

    def relaxed(self, clock: Clock, *, warm: bool = False) -> Solved:
        """Minimise what is aimed at with every open decision in fractions."""
        return self._moved(self._session.solve_relaxed(clock, "limits" if warm else "costs"))

    def whole(
        self,
        columns: Iterable[int],
        clock: Clock,
        gap: float,
        patience: int | None,
        start: Mapping[int, float] | None = None,
        enough: float = INFINITE,
    ) -> Solved:
        """Minimise what is aimed at with some decisions whole; see `Session.solve_whole`."""
        least = enough - self._constant
        solved = self._session.solve_whole(
            columns, clock, gap, start, patience=patience, near=True, enough=least
        )
        return self._moved(solved)

    def _moved(self, solved: Solved) -> Solved:
        value = None if solved.value is None else solved.value + self._constant
        return Solved(value, solved.bound + self._constant, solved.infeasible)

    def value(self, goal: Goal) -> float:
        """Value of a goal in the last solution, in its unit."""
        terms, constant = self._of(goal)
        values = self._session.values()
        return float(sum(v * values[j] for j, v in terms.items())) + constant

    def missing(self) -> float:
        """Person-days of the coverage that the last solution misses."""
        values = self._session.values()
        return float(sum(values[self._session.column(v)] for v in self.x.uncovered.values()))

    def numbers(self, columns: Mapping[Any, int]) -> dict[Any, float]:
        """The last solution, by what the columns are called."""
        values = self._session.values()
        return {key: float(values[j]) for key, j in columns.items()}

    def solution(self) -> dict[int, float]:
        """The last solution by column, to start from."""
        return dict(enumerate(self._session.values().tolist()))

    def sorties(self) -> dict[str, float]:
        """Sorties of each mission over the plan in the last solution."""
        flown: dict[str, float] = defaultdict(float)
        for (_, (m, _)), n in self.numbers(self.columns("sorties")).items():
            flown[m] += n
        return dict(flown)

    def read(self) -> Decisions:
        """The last solution, all of it."""
        return Decisions.read(self.x, self._session, self._session.values())
