"""What people eat of what arrives: the ration of least severity, and of those the most even one.

One small linear program for each community. What is received is given; the stock of a day is that of the
day before and what is received, less what is eaten. First comes the coverage asked for, as far as it can be
had; then least severity by periods. That kept, the share short of a day counts by its square, so that days
are as even as the stock allows; last, foods change little from day to day and stay near the planned ration.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise
from typing import Final

from instances.errors import SolverError
from optimizer.clock import Clock
from optimizer.larder import GRAM, Daily, Key, Larder
from optimizer.needs import NUTRIENTS, Demand, Period
from optimizer.network import Network
from optimizer.severity import Points
from optimizer.solver import Session, Vector

PORTION_KG: Final = 0.1  # a food is reckoned in portions of 100 g a person, so that numbers are about one
STEPS: Final = 20  # pieces of the curve of daily severity
CHANGE: Final = 1e-3  # what a portion more or less than the day before counts, beside a person-day of hunger
ASTRAY: Final = 1e-5  # what a portion more or less than planned counts
LEAST_WEIGHT: Final = 1e-3  # a need without weight is met all the same where nothing else is at stake
KEPT: Final = 1e-6  # by how much a value may be missed that is kept

type Covered = tuple[float, int] | None
"""Share of every need that is met first of all, and the day from which periods count for it."""
type Eaten = dict[tuple[str, int], float]
"""Kg by commodity and day."""


def severity_of(points: Points, short_frac: float) -> float:
    """Severity 0..1 of a share short, on the line through (0, 0) and the points."""
    for (low, before), (high, after) in pairwise(((0.0, 0.0), *points)):
        if short_frac <= after:
            return low + (high - low) * (short_frac - before) / (after - before)
    return 1.0


def rationed(
    net: Network, received_kg: Mapping[tuple[str, str, int], float], covered: Covered = None
) -> dict[tuple[str, str, int], float]:
    """What is eaten of every food and of every item that does not last, kg to the gram.

    Parameters
    ----------
    net : Network
        Day by day.
    received_kg : mapping
        By community, commodity and day, to the gram.
    covered : (float, int), optional
        The share of every need that is met first of all, and the day from which periods count for it.

    Returns
    -------
    dict
        By community, commodity and day; what is missing is 0.
    """
    came: dict[Key, dict[int, float]] = defaultdict(dict)
    for (k, c, d), kg in received_kg.items():
        if kg > 0:
            came[k, c][d] = kg
    return {
        (k, c, d): kg
        for k in dict.fromkeys(k for k, _ in net.stored)
        for (c, d), kg in _of_community(net, k, came, covered).items()
        if kg > 0
    }


def closing_short(net: Network, community: str, stock_kg: Mapping[str, float]) -> dict[str, float]:
    """Share of each need of closing stock that the stock of the last evening lacks, in the best mix.

    Parameters
    ----------
    net : Network
        Day by day.
    community : str
        Id.
    stock_kg : mapping of str to float
        In store on the last evening, by commodity.
    """
    start = {(community, c): kg for c, kg in stock_kg.items()}
    found: dict[str, float] = {}
    for names in _parts(net, community):
        larder = Larder(net, community, names, start, {}, first=len(net.days))
        if larder.demands:
            program = Program(larder, roomy=True)
            found |= program.short_fracs(program.solved(None), larder.last)
    return found


def _parts(net: Network, community: str) -> list[list[str]]:
    """What has nothing to do with each other as long as there is room: foods, and each item by itself."""
    items = [[c] for k, c in net.items if k == community]
    return [[c for k, c in net.diet if k == community], *items]


def _of_community(net: Network, community: str, came: Daily, covered: Covered) -> Eaten:
    """Part by part; where the stores would overflow, all together."""
    parts = [Larder(net, community, names, net.starting_kg, came) for names in _parts(net, community)]
    eaten: Eaten = {}
    for larder in parts:
        eaten |= _of_larder(larder, covered, roomy=True)
    whole = Larder(net, community, [c for one in parts for c in one.names], net.starting_kg, came)
    if whole.room_kg is None or _fullest_kg(whole, eaten) <= whole.room_kg:
        return eaten
    return _of_larder(whole, covered, roomy=False)


def _fullest_kg(larder: Larder, eaten_kg: Mapping[tuple[str, int], float]) -> float:
    """The most that is in store on an evening."""
    change = (
        sum(larder.came_kg(c, d) - eaten_kg.get((c, d), 0.0) for c in larder.stores) for d in larder.days[:-1]
    )
    return max(kg + larder.lasting_kg(d) for d, kg in zip(larder.days[:-1], accumulate(change), strict=True))


def _of_larder(larder: Larder, covered: Covered, *, roomy: bool) -> Eaten:
    if not larder.stores:
        return {}
    if roomy and (enough := _enough(larder)):
        return enough
    program = Program(larder, roomy=roomy)
    return larder.whole(program.eaten_kg(program.solved(covered)))


def _enough(larder: Larder) -> Eaten:
    """What is needed of items on every day, if that is there and the closing stock too; else nothing."""
    if any(larder.is_food(c) for c in larder.stores):
        return {}
    needed = {(c, d): larder.amount(c, d) for c in larder.stores for d in larder.days}
    eaten = larder.whole(needed)
    left = dict.fromkeys(larder.stores, 0.0)
    for (c, d), kg in needed.items():
        left[c] += larder.came_kg(c, d) - eaten.get((c, d), kg)
    met = all(needed[key] - kg < 1 / GRAM for key, kg in eaten.items()) and min(left.values()) > -1 / GRAM
    return eaten if met else {}


class Program:
    """The ration of a larder as a linear program.

    Parameters
    ----------
    larder : Larder
        What there is and what is needed.
    roomy : bool
        Whether stores hold whatever comes.
    """

    def __init__(self, larder: Larder, *, roomy: bool) -> None:
        self._larder, self._roomy, self._session = larder, roomy, Session()
        self._unit_kg = {c: self._unit(c) for c in larder.stores}
        self._eaten = {
            (c, d): self._session.add_column({}, high=larder.most_kg(c, d) / self._unit_kg[c])
            for c in larder.stores
            for d in larder.days
        }
        self._stock = {key: self._session.add_column({}) for key in self._eaten}
        self._add_balances()
        self._add_groups()
        self._short = {(name, d): self._add_short(name, d) for name in larder.demands for d in larder.days}

    def _unit(self, c: str) -> float:
        """Kg of a commodity that count as one: a portion for everybody, or the need of a day."""
        if self._larder.is_food(c):
            return PORTION_KG * self._larder.net.communities[self._larder.community].population
        return max(self._larder.demands[c].amount)

    def _add_balances(self) -> None:
        """Stock is that of the day before and what is received, less what is eaten."""
        for (c, d), stock in self._stock.items():
            came = self._larder.came_kg(c, d) / self._unit_kg[c]
            before = {} if d == self._larder.days[0] else {self._stock[c, d - 1]: -1.0}
            self._session.add_row({stock: 1.0, self._eaten[c, d]: 1.0, **before}, came, came)

    def _add_groups(self) -> None:
        """Foods of a group share the most that a person eats of it."""
        for group in self._larder.groups:
            for d in self._larder.days:
                most_kg = {c: self._larder.most_kg(c, d) for c in group}
                if all(most_kg.values()):
                    share = {self._eaten[c, d]: self._unit_kg[c] / kg for c, kg in most_kg.items()}
                    self._session.add_row(share, high=1.0)

    def _add_short(self, name: str, d: int) -> list[int]:
        """What counts the share of a need that is short on a day, in pieces of the curve."""
        amount = self._larder.amount(name, d)
        if amount <= 0:
            return []
        pieces = [self._session.add_column({}, high=1 / STEPS) for _ in range(STEPS)]
        serving = self._larder.serving(name)
        met = {self._eaten[c, d]: held * self._unit_kg[c] / amount for c, held in serving}
        self._session.add_row({**met, **dict.fromkeys(pieces, 1.0)}, low=1.0)
        return pieces

    def _periods(self) -> Iterator[tuple[str, Demand, Period]]:
        for name, one in self._larder.demands.items():
            yield from ((name, one, period) for period in self._larder.periods(one))

    def _share(self, name: str, period: Period) -> dict[int, float]:
        """Share of a period's need that is short."""
        return {
            j: self._larder.amount(name, d) / period.amount
            for d in range(period.first, period.last + 1)
            for j in self._short[name, d]
        }

    def _add_room(self) -> list[int]:
        """Stock fits in the stores; returns what counts how far it does not."""
        room_kg = self._larder.room_kg
        if self._roomy or not room_kg:
            return []
        spilt = self._session.add_column({})
        for d in self._larder.days[:-1]:
            stock = {self._stock[c, d]: self._unit_kg[c] / room_kg for c in self._larder.stores}
            self._session.add_row({**stock, spilt: -1.0}, high=1 - self._larder.lasting_kg(d) / room_kg)
        return [spilt]

    def _add_coverage(self, covered: Covered) -> list[int]:
        """Each need is covered in the periods that count; returns what counts how far it is not."""
        if covered is None:
            return []
        frac, since = covered
        beyond = self._session.add_column({})
        for name, _, period in self._periods():
            if since <= period.first < self._larder.last:
                self._session.add_row({**self._share(name, period), beyond: -1.0}, high=1 - frac)
        return [beyond]

    def _add_severity(self) -> dict[int, float]:
        """Severity by periods, as a share of that of having nothing at all."""
        points = ((0.0, 0.0), *self._larder.net.instance.header.severity_points)
        whole = sum(one.weight * period.people for _, one, period in self._periods()) or 1.0
        costs: dict[int, float] = {}
        for name, one, period in self._periods():
            pieces: dict[int, float] = {}
            for (low, before), (high, after) in pairwise(points):
                piece = self._session.add_column({}, high=after - before)
                pieces[piece] = -1.0
                costs[piece] = (high - low) / (after - before) * one.weight * period.people / whole
            self._session.add_row({**self._share(name, period), **pieces}, high=0.0)
        return costs

    def _evenness(self) -> dict[int, float]:
        """Squares of the shares short by day; then changes from day to day; then straying from the plan."""
        larder = self._larder
        of_food = sum(one.weight for name, one in larder.demands.items() if name in NUTRIENTS) or 1.0
        costs: dict[int, float] = {}
        for (name, d), pieces in self._short.items():
            one = larder.demands[name]
            weight = one.weight / of_food if name in NUTRIENTS else 1.0
            each = max(LEAST_WEIGHT, weight) * larder.people(name, d) / max(one.people)
            costs |= {j: each * (2 * step + 1) / STEPS for step, j in enumerate(pieces)}
        for (c, d), eaten in self._eaten.items():
            if larder.days[0] < d < larder.last:
                costs |= self._apart({eaten: 1.0, self._eaten[c, d - 1]: -1.0}, 0.0, CHANGE)
            if d < larder.last and larder.is_food(c):
                costs |= self._apart({eaten: 1.0}, larder.planned_kg(c, d) / self._unit_kg[c], ASTRAY)
        return costs

    def _apart(self, entries: Mapping[int, float], at: float, cost: float) -> dict[int, float]:
        """Distance of an expression from a value, at a cost."""
        less, more = self._session.add_column({}), self._session.add_column({})
        self._session.add_row({**entries, less: 1.0, more: -1.0}, at, at)
        return {less: cost, more: cost}

    def solved(self, covered: Covered) -> Vector:
        """The ration by column; to be asked once."""
        beyond = [*self._add_room(), *self._add_coverage(covered)]
        if beyond:
            values = self._least(dict.fromkeys(beyond, 1.0))
            for j in beyond:
                self._session.set_bounds(j, 0.0, values[j] + KEPT)
        severity = self._add_severity()
        values = self._least(severity)
        least = sum(cost * values[j] for j, cost in severity.items())
        self._session.add_row(severity, high=least + KEPT)
        return self._least(self._evenness(), values)

    def _least(self, costs: Mapping[int, float], otherwise: Vector | None = None) -> Vector:
        self._session.set_costs(costs)
        if self._session.solve_relaxed(Clock(math.inf), "costs").value is not None:
            return self._session.values()
        if otherwise is None:
            raise SolverError(f"no ration was found for {self._larder.community}")
        return otherwise

    def eaten_kg(self, values: Vector) -> Eaten:
        """What is eaten in a solution, by commodity and day."""
        return {(c, d): float(values[j]) * self._unit_kg[c] for (c, d), j in self._eaten.items()}

    def short_fracs(self, values: Vector, d: int) -> dict[str, float]:
        """Share of each need that is short on a day, 0..1."""
        return {name: float(sum(values[self._short[name, d]])) for name in self._larder.demands}
