"""Whole-day patterns: what the fleets may fly in one day, and the best of them at given prices.

A pattern is one whole vector of sorties and bundles with its tonnes per mission. `DayLimits` derives the
limits of a day from the same constraint functions as the campaign, applied to a network of one day, one
merged cargo and no needs: what is left of ``WITHIN_DAY`` there is exactly what ties the flights together.
"""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True)
class Pattern:
    """Sorties, bundles and kg by mission and tails by fleet, of one day; in the order of `DayLimits`."""

    sorties: tuple[int, ...]
    bundles: tuple[int, ...]
    kg: tuple[float, ...]
    tails: tuple[int, ...]


@dataclass(frozen=True)
class Prices:
    """What a pattern pays for sorties, bundles and tails, and earns per kg; by mission and by fleet."""

    sorties: Mapping[str, float]
    bundles: Mapping[str, float]
    kg: Mapping[str, float]
    tails: Mapping[str, float]


class DayLimits:
    """All days on which the same missions may be flown: their common limits and pricing problem.

    Attributes
    ----------
    missions, fleets : tuple of str
        Ids in the order of a pattern's figures.
    """

    def __init__(self, net: Network, missions: tuple[str, ...]) -> None:
        self.missions = missions
        self.fleets = tuple(dict.fromkeys(net.missions[m].fleet.id for m in missions))
        day = _one_day(net, missions, self.fleets)
        problem = LpProblem("day", LpMinimize)
        x = add_variables(problem, day)
        for constraint in (*WITHIN_DAY, tail_limit):
            add_rows(problem, constraint.__name__, constraint(x, day))
        self._session = Session(problem, tiny=True)
        self._sorties: list[int | None] = [self._session.column(x.sorties[m, 0]) for m in missions]
        self._bundles = [
            self._session.column(x.bundles[m, 0]) if (m, 0) in x.bundles else None for m in missions
        ]
        self._kg: list[int | None] = [self._session.column(x.load_kg[m, 0, CARGO.id]) for m in missions]
        self._tails: list[int | None] = [self._session.column(x.tails[f]) for f in self.fleets]
        self._priced: dict[tuple[float, ...], tuple[float, Pattern]] = {}
        self.known: list[Pattern] = []
        self._numbers: dict[Pattern, int] = {}
        self._figures = np.zeros((0, 3 * len(missions) + len(self.fleets)))
        self.learn(self.nothing)

    @property
    def nothing(self) -> Pattern:
        """A day on the ground."""
        idle = (0,) * len(self.missions)
        return Pattern(idle, idle, (0.0,) * len(self.missions), (0,) * len(self.fleets))

    def learn(self, pattern: Pattern) -> None:
        """Remember a pattern, so that every day may be offered it."""
        if pattern not in self._numbers:
            self._numbers[pattern] = len(self.known)
            self.known.append(pattern)
            kg = [-kg for kg in pattern.kg]
            self._figures = np.vstack(
                [self._figures, [*pattern.sorties, *pattern.bundles, *kg, *pattern.tails]]
            )

    def known_at(self, prices: Prices) -> Vector:
        """What every known pattern costs at these prices, in the order of `known`."""
        at = [
            *(prices.sorties.get(m, 0.0) for m in self.missions),
            *(prices.bundles.get(m, 0.0) for m in self.missions),
            *(max(FREE_KG, prices.kg.get(m, 0.0)) for m in self.missions),
            *(prices.tails.get(f, 0.0) for f in self.fleets),
        ]
        costs: Vector = self._figures @ np.array(at)
        return costs

    def best(self, prices: Prices, clock: Clock) -> tuple[float, Pattern] | None:
        """The cheapest pattern at these prices and a proven lower bound of its price (at most 0).

        None when the clock ran out before there was an answer.
        """
        kg_prices = {m: max(FREE_KG, prices.kg.get(m, 0.0)) for m in self.missions}
        costs: dict[int, float] = {}
        for columns, price, names, sign in (
            (self._sorties, prices.sorties, self.missions, 1),
            (self._bundles, prices.bundles, self.missions, 1),
            (self._kg, kg_prices, self.missions, -1),
            (self._tails, prices.tails, self.fleets, 1),
        ):
            for j, name in zip(columns, names, strict=True):
                if j is not None:
                    costs[j] = sign * price.get(name, 0.0)
        key = tuple(round(cost, 9) for cost in costs.values())
        if key not in self._priced:
            self._session.set_costs(costs)
            solved = self._session.solve_whole(self._session.whole, clock, gap_abs=0.0)
            if solved.value is None or clock.stopped():
                return None
            self._priced[key] = (min(0.0, solved.bound), self._read())
            self.learn(self._priced[key][1])
        return self._priced[key]

    def _read(self) -> Pattern:
        values = self._session.values()

        def whole(columns: list[int | None]) -> tuple[int, ...]:
            return tuple(0 if j is None else round(values[j]) for j in columns)

        kg = tuple(0.0 if j is None else max(0.0, round(values[j], KG_DECIMALS)) for j in self._kg)
        return Pattern(whole(self._sorties), whole(self._bundles), kg, whole(self._tails))


def _one_day(net: Network, missions: tuple[str, ...], fleets: tuple[str, ...]) -> Network:
    """One day of `net` with a single cargo, nobody in need and no stocks: only flights are left."""
    return replace(
        net,
        missions={m: replace(net.missions[m], commodities=(CARGO.id,)) for m in missions},
        fleets={f: net.fleets[f] for f in fleets},
        commodities={CARGO.id: CARGO},
        need_kg={},
        supply_kg={},
        base_cargo=(),
        rig_arrivals={},
        feeders={},
        links={},
        days=range(1),
        by_day={0: missions},
    )


def pattern_of(plan: Decisions, limits: DayLimits, d: int) -> Pattern:
    """What a plan flies on a day, as a pattern; in the order of `limits`."""
    sorties, bundles, tails = plan.count("sorties"), plan.count("bundles"), plan.count("tails")
    loads = plan.of("load_kg")
    goods = {c for _, _, c in loads}
    return Pattern(
        tuple(sorties.get((m, d), 0) for m in limits.missions),
        tuple(bundles.get((m, d), 0) for m in limits.missions),
        tuple(round(sum(loads.get((m, d, c), 0.0) for c in goods), 3) for m in limits.missions),
        tuple(tails.get(f, 0) for f in limits.fleets),
    )
