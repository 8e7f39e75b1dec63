"""The limits of a day as a pricing problem: the best whole-day pattern at given prices.

The limits are those of the campaign: its constraint functions, applied to a network of one day, one merged
cargo and no needs. What is left of ``WITHIN_DAY`` there is exactly what ties the flights together. Beside
them stands what the timetable of such a day cannot hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from pulp import LpMinimize, LpProblem

from instances.schema import Commodity
from optimizer.campaign.across_days import tail_limit
from optimizer.campaign.build import add_rows
from optimizer.campaign.constraints import WITHIN_DAY
from optimizer.campaign.variables import add_variables
from optimizer.campaign.ways import Ways
from optimizer.clock import Clock
from optimizer.cut import Clash, Cut, Limit
from optimizer.kind import Kind
from optimizer.network import Network, Stretch
from optimizer.solver import Session, Vector

CARGO = Commodity(id="cargo", name="any cargo", priority=1, methods=())
KG_DECIMALS = 3

type Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]
type Tails = tuple[int, ...]
"""Most tails by fleet, in the order of the network."""


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
    """The limits of all days of a kind, as a pricing problem.

    Prices are one vector: per sortie of every mission, per bundle and per kg of every stop of the network,
    then per tail of every fleet and per kg on every way. A `DayLimits` serves one thread at a time.
    """

    def __init__(self, net: Network, kind: Kind, ways: Ways) -> None:
        self._shape = (len(net.missions), len(net.stops), len(net.fleets))
        self._first_way = len(net.missions) + 2 * len(net.stops) + len(net.fleets)
        day = _one_day(net, kind)
        problem = LpProblem("day", LpMinimize)
        x = add_variables(problem, day)
        for constraint in (*WITHIN_DAY, tail_limit):
            add_rows(problem, constraint.__name__, constraint(x, day))
        self._session = Session(problem, tiny=True)
        column, n, stops = self._session.column, len(net.missions), len(net.stops)
        place = {m: i for i, m in enumerate(net.missions)}
        stop_place = {s: i for i, s in enumerate(net.stops)}
        self._fleets = {f: i for i, f in enumerate(net.fleets)}
        self._tails = {f: column(x.tails[f]) for f in day.fleets}
        self._sorties = {m: column(x.sorties[m, 0]) for m in kind.missions}
        self._missions = day.missions
        self._column: dict[int, int] = {}
        for m in kind.missions:
            self._column[place[m]] = self._sorties[m]
        for s in day.stops:
            if (s, 0) in x.bundles:
                self._column[n + stop_place[s]] = column(x.bundles[s, 0])
            self._column[n + stops + stop_place[s]] = column(x.load_kg[s, 0, CARGO.id])
        for f in day.fleets:
            self._column[n + 2 * stops + self._fleets[f]] = self._tails[f]
        loads = {i: column(x.load_kg[s, 0, CARGO.id]) for s, i in stop_place.items() if s in day.stops}
        self._add_ways(ways, loads)
        for cut in kind.cuts:
            self.keep_to(cut)

    def _add_ways(self, ways: Ways, loads: Mapping[int, int]) -> None:
        """Carry on no more than lands, nor than a way takes; `loads` are columns by the place of the stop."""
        for w, most_kg in enumerate(ways.most_kg):
            landed = {j: -ways.landed_frac[w, i] for i, j in loads.items() if ways.landed_frac[w, i] > 0}
            if landed:
                carried = self._session.add_column({}, high=float(most_kg))
                self._session.add_row({**landed, carried: 1.0}, high=0.0)
                self._column[self._first_way + w] = carried

    def keep_to(self, limit: Limit) -> None:
        """No pattern that the timetable cannot hold, from now on."""
        if isinstance(limit, Cut):
            terms = {self._sorties[m]: 1.0 for m in limit.missions if m in self._sorties}
            terms |= {self._tails[f]: -float(n) for f, n in limit.per_tail if f in self._tails}
            self._session.add_row(terms, high=limit.most)
        else:
            self._avoid(limit)

    def _avoid(self, clash: Clash) -> None:
        """At least one of the missions flies less often, or more tails are contracted.

        sum_{m in g} sorties[m] + (most[g] - n + 1) * fewer[g] <= most[g]; tails[f] >= (n + 1) * more[f];
        sum_g fewer[g] + sum_f more[f] >= 1, all of them 0 or 1
        """
        if len(clash.sorties) == 1 and not clash.tails:
            ((alike, n),) = clash.sorties
            self._session.add_row({self._sorties[m]: 1.0 for m in alike if m in self._sorties}, high=n - 1.0)
            return
        either: dict[int, float] = {}
        for alike, n in clash.sorties:
            missions = [m for m in alike if m in self._sorties]
            fewer, most = self._session.add_column({}, high=1.0), max(n, self._most(missions))
            terms = {self._sorties[m]: 1.0 for m in missions}
            self._session.add_row({**terms, fewer: most - n + 1.0}, high=float(most))
            either[fewer] = 1.0
        for f, n in clash.tails:
            more = self._session.add_column({}, high=1.0)
            self._session.add_row({self._tails[f]: 1.0, more: -(n + 1.0)}, low=0.0)
            either[more] = 1.0
        self._session.whole += either
        self._session.add_row(either, low=1.0)

    def _most(self, missions: Sequence[str]) -> int:
        """Sorties of these missions that all tails on offer could fly."""
        own = [self._missions[m] for m in missions]
        return sum(m.fleet.max_tails for m in {m.fleet.id: m for m in own}.values()) * max(
            m.sorties_per_tail for m in own
        )

    def best(self, prices: Vector, clock: Clock, most_tails: Tails) -> tuple[float, Pattern] | None:
        """The cheapest pattern at these prices and a proven lower bound of its price (at most 0).

        None when the clock ran out before there was an answer. The same prices give the same answer,
        whatever was asked before.
        """
        n, s, _ = self._shape
        for f, j in self._tails.items():
            self._session.set_bounds(j, 0.0, float(most_tails[self._fleets[f]]))
        signs = [-1.0 if n + s <= i < n + 2 * s or i >= self._first_way else 1.0 for i in self._column]
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
            if i < self._first_way:
                found[i] = float(values[j])
        return Pattern(
            tuple(round(value) for value in found[:n]),
            tuple(round(value) for value in found[n : n + s]),
            tuple(max(0.0, round(value, KG_DECIMALS)) for value in found[n + s : n + 2 * s]),
            tuple(round(value) for value in found[n + 2 * s :]),
        )


def _one_day(net: Network, kind: Kind) -> Network:
    """One day of `net` with a single cargo, nobody in need and no stocks: only flights are left."""
    flying = {net.missions[m].fleet.id for m in kind.missions}
    return replace(
        net,
        missions={m: replace(net.missions[m], commodities=(CARGO.id,)) for m in kind.missions},
        fleets={f: fleet for f, fleet in net.fleets.items() if f in flying},
        commodities={CARGO.id: CARGO},
        need_kg={},
        starting_kg={},
        supply_kg={},
        base_cargo=(),
        rig_arrivals={},
        feeders={},
        links={},
        days=range(1),
        by_day={0: kind.missions},
        stretches=(Stretch((0,), 0, 0, kind),),
    )
