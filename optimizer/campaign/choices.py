"""The campaign with a choice among whole-day patterns in the place of sorties and bundles.

The model is the campaign less the rows that patterns keep, relaxed; beside it each group of fleets chooses
among patterns on each day, and sorties and bundles are what the choices fly::

    sorties[m, d] = sum_p sorties[p, m] * choice[d, g, p]
    bundles[s, d] = sum_p bundles[p, s] * choice[d, g, p] - left_behind[s, d]
    sum_c load_kg[s, d, c] <= sum_p kg[p, s] * choice[d, g, p] - net_kg[s] * left_behind[s, d]
    sum_c hand_over_kg[z, k, c, d] <= sum_{g, p} carried_kg[p, z, k] * choice[d, g, p]
    lasts[d] * tails[f] >= sum_p tails[p, f] * choice[d, g, p]
    sum_p choice[d, g, p] = lasts[d]

where g is the group that flies m, or s, or f, and a day of the network lasts so many days of the plan. A
pattern that takes more tails than may be contracted is not chosen. The sums take the place of sorties and
bundles in every row, so that only choices are left to solve for; the columns of sorties and bundles stay at
0, and their reduced costs are the prices of one more.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

import numpy as np

from optimizer.campaign.build import Campaign
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.groups import Part, parts_of
from optimizer.campaign.objective import Goal
from optimizer.campaign.patterns import GROUNDED, Patterns
from optimizer.solver import INFINITE, Changed, Session, Vector

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
    parts : dict
        What may be flown on each day by each group that chooses.
    choice : dict
        Column by (day and group, number of the pattern) of each choice offered.
    """

    def __init__(self, campaign: Campaign, patterns: Patterns, seed: int = 0) -> None:
        self.net, self.x, self.patterns = campaign.net, campaign.x, patterns
        self.groups, self.parts = campaign.groups, parts_of(campaign.net, campaign.groups)
        self._problem = campaign.problem  # PuLP's expressions die with their problem
        self.session = Session(campaign.problem, seed)
        self.session.rows_to_bounds()
        self.choice: dict[tuple[Part, int], int] = {}
        self._changed: Changed = "costs"
        self._costs: dict[int, float] = {}
        self._flights: dict[int, dict[int, float]] = {}
        self._flown: dict[int, dict[int, int]] = {}
        self.left_behind: dict[tuple[str, int], int] = {}
        self.most_tails = tuple(fleet.max_tails for fleet in self.net.fleets.values())
        self._place: dict[int, tuple[Part, int]] = {}
        self._way_row: dict[tuple[int, int], int] = {}
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
        self._add_rows()
        self._choice_rows = np.array(list(self.choice_row.values()), dtype=np.int64)
        self._flight_at = np.hstack(
            [self._places(self._sorties, net.missions), self._places(self._bundles, net.stops)]
        )
        self._kg_at = self._places(self._kg_row, net.stops)
        self._tail_at = self._places(self._tail_row, net.fleets)
        self._way_at = self._places(self._way_row, range(len(self.patterns.ways.ends)))
        # Days far apart first: what pays on one often pays on those around it.
        order = range(len(self.choice_row))
        self._spread = [i for step in range(SPREAD) for i in order[step::SPREAD]]
        for part in self.parts:
            self.offer(GROUNDED, part)
        for (s, d), j in self._bundles.items():
            self.left_behind[s, d] = self._leave_behind(j, self._kg_row[s, d], net.by_stop(s).net_kg)

    def _add_rows(self) -> None:
        """Rows of kg and tails of each day, and of what is chosen on it."""
        net, x, session, column = self.net, self.x, self.session, self.session.column
        self._kg_row = {
            (s, d): session.add_row(
                {column(x.load_kg[s, d, c]): -1.0 for c in net.by_stop(s).commodities}, 0.0
            )
            for s, d in net.stop_days
        }
        self._tail_row = {
            (f, d): session.add_row({column(x.tails[f]): float(net.lasts(d))}, 0.0)
            for d in net.days
            for f in net.fleets
            if net.of_fleet(f, d)
        }
        self.choice_row = {
            part: session.add_row({}, days, days)
            for part, days in ((part, float(net.lasts(part[0]))) for part in self.parts)
        }

    def mind_ways(self, minded: bool) -> None:
        """Tie what is handed over to the patterns chosen or not: better bounds, which come later."""
        if minded and not self._way_row:
            self._add_ways()
        for row in self._way_row.values():
            self.session.set_row(row, 0.0 if minded else -INFINITE, INFINITE)
        self._changed = "costs"

    def _add_ways(self) -> None:
        """Rows of what is handed over on each way, with the choices offered so far."""
        carried: dict[tuple[int, int], dict[int, float]] = defaultdict(dict)
        for column, ((d, _), number) in self._place.items():
            for w, kg in enumerate(self.patterns.carried_kg(number)):
                if kg:
                    carried[w, d][column] = kg
        for w, (z, k) in enumerate(self.patterns.ways.ends):
            for d in self.net.days:
                keys = [(z, k, c, d) for c in self.net.commodities if (z, k, c, d) in self.x.hand_over_kg]
                handed = {self.session.column(self.x.hand_over_kg[key]): -1.0 for key in keys}
                if handed:
                    self._way_row[w, d] = self.session.add_row({**handed, **carried[w, d]}, 0.0)
        self._way_at = self._places(self._way_row, range(len(self.patterns.ways.ends)))

    def _places[Key](self, of: Mapping[tuple[Key, int], int], ids: Iterable[Key]) -> Places:
        """Columns or rows by part of a day and id; -1 where there is none."""
        ids = list(ids)
        return np.array([[of.get((i, d), -1) for i in ids] for d, _ in self.parts], dtype=np.int64)

    def offer(self, number: int, part: Part) -> bool:
        """Let a group choose a pattern that it may fly on a day; whether it did not have it yet."""
        if (part, number) in self.choice:
            return False
        pattern, (d, _) = self.patterns.known[number], part
        entries: dict[int, float] = defaultdict(float, {self.choice_row[part]: 1.0})
        flown: dict[int, int] = {}
        for w, kg in enumerate(self.patterns.carried_kg(number)):
            if kg and (w, d) in self._way_row:
                entries[self._way_row[w, d]] = kg
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
        self.choice[part, number], self._flown[column] = column, flown
        self._place[column] = part, number
        if not self._allowed(number):
            self.session.set_bounds(column, 0.0, 0.0)
        return True

    def _allowed(self, number: int) -> bool:
        """Whether a pattern takes no more tails than may be contracted."""
        tails = self.patterns.known[number].tails
        return all(n <= most for n, most in zip(tails, self.most_tails, strict=True))

    def part_of(self, column: int) -> Part:
        """Day of the network on which a choice is made, and the group that makes it."""
        return self._place[column][0]

    def number_of(self, column: int) -> int:
        """Number of the pattern that a choice is of."""
        return self._place[column][1]

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

    def worth(self, goal: Goal) -> float:
        """Value of any goal in the last solution, in its unit."""
        return self.session.worth(goal.expression(self.x, self.net), self.values())

    def surest(
        self, levels: Mapping[int, int], share: float, sure: float, barred: Collection[int] = ()
    ) -> list[int]:
        """Choices of the last solution beyond those made, the surest first; one made twice stands twice.

        Those that are clearer than `sure`, and at least `share` of all that the plan asks for, or one.
        """
        values = self.session.values()
        left = self.still_open(levels)
        units: list[tuple[float, Part, int]] = []
        for (part, _), j in self.choice.items():
            if left.get(part, 0) > 0 and j not in barred:
                more = float(values[j]) - levels.get(j, 0)
                whole = math.floor(more + WHOLE)
                units += [(-1.0, part, j)] * whole + (
                    [(whole - more, part, j)] if more - whole > WHOLE else []
                )
        found: list[int] = []
        at_least = max(1, round(self.most_choices * share))
        for clear, part, j in sorted(units):
            if left[part] > 0 and (len(found) < at_least or -clear > sure):
                found.append(j)
                left[part] -= 1
        return found

    @property
    def most_choices(self) -> int:
        """Choices that a plan makes, one for every group on every day of the plan."""
        return sum(self.net.lasts(d) for d, _ in self.parts)

    def still_open(self, levels: Mapping[int, int]) -> dict[Part, int]:
        """Choices that are not made yet."""
        left = {part: self.net.lasts(part[0]) for part in self.parts}
        for j, n in levels.items():
            left[self.part_of(j)] -= n
        return {part: n for part, n in left.items() if n > 0}

    def rounded(self, levels: Mapping[int, int]) -> Levels:
        """Choices made, and for those still open what the last solution chooses most."""
        return dict(Counter([*Counter(levels).elements(), *self.surest(levels, 1.0, math.inf)]))

    def chosen(self) -> Levels:
        """How often each pattern is chosen in the last whole solution."""
        values = self.session.values()
        return {j: n for j in self.choice.values() if (n := round(values[j])) > 0}

    def offer_plan(self, plan: Decisions) -> Levels:
        """Let each group choose what it flies in a plan on a day, and how often it does."""
        levels: Levels = Counter()
        for part, kind in self.parts.items():
            for day in self.net.stretches[part[0]].days:
                number = self.patterns.learn(self.patterns.of_plan(plan, day, kind.missions))
                self.offer(number, part)
                levels[self.choice[part, number]] += 1
        return dict(levels)
