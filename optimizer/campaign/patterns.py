"""Whole-day patterns: what the fleets may fly in one day, and the best of them at given prices.

A pattern is one whole vector of sorties and bundles with its tonnes per mission. `DayLimits` derives the
limits of a day from the same constraint functions as the campaign, applied to a network of one day, one
merged cargo and no needs: what is left of ``WITHIN_DAY`` there is exactly what ties the flights together.
`Patterns` remembers every pattern found, for all days on which its missions may be flown.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from pulp import LpMinimize, LpProblem

from instances.schema import Commodity
from optimizer.campaign.across_days import tail_limit
from optimizer.campaign.build import add_rows
from optimizer.campaign.constraints import WITHIN_DAY
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.variables import add_variables
from optimizer.clock import Clock
from optimizer.network import Network
from optimizer.solver import Session, Vector

CARGO = Commodity(id="cargo", name="any cargo", priority=1, methods=())
KG_DECIMALS = 3
FREE_KG = 1e-5  # least price of a kg: room that costs nothing is taken, at a bound weaker by as little

FREE_TAIL = 1e-3  # least price of a tail: none is taken that does not fly
GROUNDED = 0  # number of the pattern that stays on the ground

type Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]
type Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
type Kind = tuple[str, ...]
"""Missions that may be flown on a day."""


@dataclass(frozen=True)
class Pattern:
    """Sorties by mission, bundles and kg by stop, tails by fleet, of one day; in the order of the network."""

    sorties: tuple[int, ...]
    bundles: tuple[int, ...]
    kg: tuple[float, ...]
    tails: tuple[int, ...]

    def figures(self) -> tuple[float, ...]:
        """All numbers in one row, as prices are given: what is paid for positive, kg as earnings."""
        return (*self.sorties, *self.bundles, *(-kg for kg in self.kg), *self.tails)


class DayLimits:
    """The limits of all days on which the same missions may be flown, as a pricing problem.

    Prices are one vector: per sortie of every mission, per bundle and per kg of every stop of the network,
    then per tail of every fleet. A `DayLimits` serves one thread at a time.
    """

    def __init__(self, net: Network, kind: Kind) -> None:
        self._shape = (len(net.missions), len(net.stops), len(net.fleets))
        day = _one_day(net, kind)
        problem = LpProblem("day", LpMinimize)
        x = add_variables(problem, day)
        for constraint in (*WITHIN_DAY, tail_limit):
            add_rows(problem, constraint.__name__, constraint(x, day))
        self._session = Session(problem, tiny=True)
        column, n, s = self._session.column, len(net.missions), len(net.stops)
        place = {m: i for i, m in enumerate(net.missions)}
        stop_place = {stop: i for i, stop in enumerate(net.stops)}
        fleet = {f: i for i, f in enumerate(net.fleets)}
        self._column: dict[int, int] = {}
        for m in kind:
            self._column[place[m]] = column(x.sorties[m, 0])
        for stop in day.stops:
            if (stop, 0) in x.bundles:
                self._column[n + stop_place[stop]] = column(x.bundles[stop, 0])
            self._column[n + s + stop_place[stop]] = column(x.load_kg[stop, 0, CARGO.id])
        for f in day.fleets:
            self._column[n + 2 * s + fleet[f]] = column(x.tails[f])

    def best(self, prices: Vector, clock: Clock) -> tuple[float, Pattern] | None:
        """The cheapest pattern at these prices and a proven lower bound of its price (at most 0).

        None when the clock ran out before there was an answer. The same prices give the same answer,
        whatever was asked before.
        """
        n, s, _ = self._shape
        signs = [-1.0 if n + s <= i < n + 2 * s else 1.0 for i in self._column]
        costs = {j: sign * float(prices[i]) for (i, j), sign in zip(self._column.items(), signs, strict=True)}
        self._session.set_costs(costs)
        solved = self._session.solve_whole(self._session.whole, clock, gap_abs=0.0)
        if solved.value is None or clock.stopped():
            return None
        return min(0.0, solved.bound), self._read()

    def _read(self) -> Pattern:
        values, (n, s, fleets) = self._session.values(), self._shape
        found = [0.0] * (n + 2 * s + fleets)
        for i, j in self._column.items():
            found[i] = float(values[j])
        return Pattern(
            tuple(round(value) for value in found[:n]),
            tuple(round(value) for value in found[n : n + s]),
            tuple(max(0.0, round(value, KG_DECIMALS)) for value in found[n + s : n + 2 * s]),
            tuple(round(value) for value in found[n + 2 * s :]),
        )


def _one_day(net: Network, kind: Kind) -> Network:
    """One day of `net` with a single cargo, nobody in need and no stocks: only flights are left."""
    flying = {net.missions[m].fleet.id for m in kind}
    return replace(
        net,
        missions={m: replace(net.missions[m], commodities=(CARGO.id,)) for m in kind},
        fleets={f: fleet for f, fleet in net.fleets.items() if f in flying},
        commodities={CARGO.id: CARGO},
        need_kg={},
        supply_kg={},
        base_cargo=(),
        rig_arrivals={},
        feeders={},
        links={},
        days=range(1),
        by_day={0: kind},
    )


class Patterns:
    """Every pattern known of a network, and the search for better ones.

    Parameters
    ----------
    net : Network
        Networks with the same missions and fleets may share one.
    workers : int
        Threads that price; the answers are the same for any number.

    Attributes
    ----------
    known : list of Pattern
        In order of discovery; the first stays on the ground.
    rounds : int
        Rounds of pricing so far, over all masters.
    """

    def __init__(self, net: Network, workers: int = 1) -> None:
        self._net, self._workers = net, workers
        self._missions, self._stops, self._fleets = tuple(net.missions), tuple(net.stops), tuple(net.fleets)
        self._limits: dict[Kind, list[DayLimits]] = {}
        self._number: dict[Pattern, int] = {}
        self._kinds: dict[Kind, Mask] = {}
        self.rounds = 0
        self.known: list[Pattern] = []
        n, s = len(self._missions), len(self._stops)
        self._figures = np.zeros((0, n + 2 * s + len(self._fleets)))
        self.learn(Pattern((0,) * n, (0,) * s, (0.0,) * s, (0,) * len(self._fleets)))

    def learn(self, pattern: Pattern) -> int:
        """Remember a pattern; its number in `known`."""
        if pattern not in self._number:
            self._number[pattern] = len(self.known)
            self.known.append(pattern)
            self._figures = np.vstack([self._figures, pattern.figures()])
        return self._number[pattern]

    def worth(self, prices: Matrix) -> Matrix:
        """Price of every known pattern (columns) at each row of prices."""
        worth: Matrix = prices @ self._figures.T
        return worth

    def open_to(self, kind: Kind) -> Mask:
        """Which known patterns may be flown on days of a kind."""
        if kind not in self._kinds or len(self._kinds[kind]) < len(self.known):
            away = [i for i, m in enumerate(self._missions) if m not in kind]
            self._kinds[kind] = self._figures[:, away].sum(axis=1) == 0
        return self._kinds[kind]

    def best(self, asked: Sequence[tuple[Kind, Vector]], clock: Clock) -> list[tuple[float, Pattern] | None]:
        """The cheapest pattern and a bound of its price for each (kind, prices); see `DayLimits.best`."""
        keys = [(kind, np.round(prices, 9).tobytes()) for kind, prices in asked]
        todo = list(dict(zip(keys, asked, strict=True)).items())
        priced: dict[tuple[Kind, bytes], tuple[float, Pattern]] = {}
        for kind in {kind for kind, _ in asked}:
            limits = self._limits.setdefault(kind, [])
            while len(limits) < self._workers:
                limits.append(DayLimits(self._net, kind))

        def work(worker: int) -> None:
            for key, (kind, prices) in todo[worker :: self._workers]:
                found = self._limits[kind][worker].best(prices, clock)
                if found is not None:
                    priced[key] = found

        if self._workers > 1 and len(todo) > 1:
            with ThreadPoolExecutor(self._workers) as threads:
                list(threads.map(work, range(self._workers)))
        else:
            for worker in range(self._workers):
                work(worker)
        answers = [priced.get(key) for key in keys]
        for answer in answers:
            if answer is not None:
                self.learn(answer[1])
        return answers

    def of_plan(self, plan: Decisions, d: int) -> Pattern:
        """What a plan flies on a day, as a pattern."""
        sorties, bundles, tails = plan.count("sorties"), plan.count("bundles"), plan.count("tails")
        loads = plan.of("load_kg")
        flying = {self._net.missions[m].fleet.id for m in self._missions if sorties.get((m, d), 0) > 0}
        goods = list(dict.fromkeys(c for _, _, c in loads))
        return Pattern(
            tuple(sorties.get((m, d), 0) for m in self._missions),
            tuple(bundles.get((s, d), 0) for s in self._stops),
            tuple(round(sum(loads.get((s, d, c), 0.0) for c in goods), KG_DECIMALS) for s in self._stops),
            tuple(tails.get(f, 0) if f in flying else 0 for f in self._fleets),
        )
