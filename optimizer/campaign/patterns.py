"""Whole-day patterns: what the fleets may fly in one day, remembered for all days that can hold it.

A pattern is one whole vector of sorties and bundles with its tonnes per mission. `Patterns` seeks the best
of them at given prices (`DayLimits`), asks the timetable whether they can be flown to the minute, and lets
every day choose among those that can.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from optimizer.campaign.day_limits import KG_DECIMALS, DayLimits, Matrix, Pattern, Tails
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.ways import Ways
from optimizer.clock import Clock
from optimizer.cut import Clash
from optimizer.kind import Kind
from optimizer.network import Network
from optimizer.solver import Vector

FREE_KG = 1e-5  # least price of a kg: room that costs nothing is taken, at a bound weaker by as little
FREE_TAIL = 1e-3  # least price of a tail: none is taken that does not fly
GROUNDED = 0  # number of the pattern that stays on the ground

type Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
type Counts = Mapping[str, int]
type Holds = Callable[[Kind, Counts, Counts, Clock], Clash | None]
"""Why a day of a kind cannot hold these sorties by mission with these tails by fleet; None if it can."""
type Asked = tuple[Kind, bytes]


def _anything(kind: Kind, sorties: Counts, tails: Counts, clock: Clock) -> None:
    del kind, sorties, tails, clock


class Patterns:
    """Every pattern known of a network, and the search for better ones.

    Parameters
    ----------
    net : Network
        Networks with the same missions and fleets may share one.
    workers : int
        Threads that price; the answers are the same for any number.
    holds : callable
        Asked about every pattern before a day may choose it.

    Attributes
    ----------
    known : list of Pattern
        In order of discovery; the first stays on the ground.
    limits : dict
        By kind of day, what turned out to be too much for it.
    rounds : int
        Rounds of pricing so far, over all masters.
    ways : Ways
        What is carried on of what lands.
    """

    def __init__(self, net: Network, workers: int = 1, holds: Holds = _anything) -> None:
        self._net, self._workers, self._holds = net, workers, holds
        self._missions, self._stops, self._fleets = tuple(net.missions), tuple(net.stops), tuple(net.fleets)
        self._priced: dict[Kind, list[DayLimits]] = {}
        self._number: dict[Pattern, int] = {}
        self._open: dict[Kind, list[bool]] = {}
        self._fits: dict[tuple[Kind, tuple[int, ...], tuple[int, ...]], bool] = {}
        self.limits: dict[Kind, list[Clash]] = {}
        self.rounds = 0
        self.known: list[Pattern] = []
        self.ways = Ways(net)
        n, s = len(self._missions), len(self._stops)
        self._first_tail, self._first_way = n + 2 * s, n + 2 * s + len(self._fleets)
        self._figures = np.zeros((0, self._first_way + len(self.ways.ends)))
        self.learn(Pattern((0,) * n, (0,) * s, (0.0,) * s, (0,) * len(self._fleets)))

    def learn(self, pattern: Pattern) -> int:
        """Remember a pattern; its number in `known`."""
        if pattern not in self._number:
            self._number[pattern] = len(self.known)
            self.known.append(pattern)
            figures = np.hstack([pattern.figures(), -self.ways.carried_kg(pattern.kg)])
            self._figures = np.vstack([self._figures, figures])
        return self._number[pattern]

    def carried_kg(self, number: int) -> list[float]:
        """Kg that each way carries at most of what a known pattern brings."""
        carried: list[float] = (-self._figures[number, self._first_way :]).tolist()
        return carried

    def worth(self, prices: Matrix) -> Matrix:
        """Price of every known pattern (columns) at each row of prices."""
        worth: Matrix = prices @ self._figures.T
        return worth

    def flown_with(self, most_tails: Tails) -> Mask:
        """Which known patterns take no more tails."""
        tails = self._figures[:, self._first_tail : self._first_way]
        within: Mask = (tails <= np.array(most_tails)).all(axis=1)
        return within

    def open_to(self, kind: Kind) -> Mask:
        """Which known patterns may be flown on days of a kind."""
        known = self._open.setdefault(kind, [])
        known += [self._may_fly(kind, pattern) for pattern in self.known[len(known) :]]
        return np.array(known, dtype=np.bool_)

    def _may_fly(self, kind: Kind, pattern: Pattern) -> bool:
        sorties, tails = self._counts(pattern)
        limits = (*kind.cuts, *self.limits.get(kind, ()))
        if not set(sorties) <= set(kind.missions) or any(limit.hits(sorties, tails) for limit in limits):
            return False
        return self._held(kind, pattern, Clock(np.inf))

    def _counts(self, pattern: Pattern) -> tuple[dict[str, int], dict[str, int]]:
        sorties = {m: n for m, n in zip(self._missions, pattern.sorties, strict=True) if n}
        return sorties, {f: n for f, n in zip(self._fleets, pattern.tails, strict=True) if n}

    def _held(self, kind: Kind, pattern: Pattern, clock: Clock) -> bool:
        """Whether the timetable of such a day holds a pattern; where not, its kind is known to be limited."""
        key = (kind, pattern.sorties, pattern.tails)
        if key not in self._fits:
            limit = self._holds(kind, *self._counts(pattern), clock)
            if limit is not None:
                self._keep_to(kind, limit)
            if clock.stopped():
                return limit is None
            self._fits[key] = limit is None
        return self._fits[key]

    def _keep_to(self, kind: Kind, limit: Clash) -> None:
        self.limits.setdefault(kind, []).append(limit)
        for limits in self._priced.get(kind, ()):
            limits.keep_to(limit)
        known = self._open.get(kind, [])
        for i, pattern in enumerate(self.known[: len(known)]):
            known[i] = known[i] and not limit.hits(*self._counts(pattern))

    def best(
        self, asked: Sequence[tuple[Kind, Vector]], clock: Clock, most_tails: Tails
    ) -> list[tuple[float, Pattern] | None]:
        """The cheapest pattern and a bound of its price for each (kind, prices); see `DayLimits.best`.

        What the timetable cannot hold is sought again, so that the bound knows of it.
        """
        keys = [(kind, np.round(prices, 9).tobytes()) for kind, prices in asked]
        todo = dict(zip(keys, asked, strict=True))
        answers: dict[Asked, tuple[float, Pattern]] = {}
        while todo:
            found = self._price(todo, clock, most_tails)
            late = {key for key in todo if key not in found}
            fits = {key: self._held(key[0], pattern, clock) for key, (_, pattern) in found.items()}
            answers |= {key: answer for key, answer in found.items() if fits[key]}
            todo = {key: question for key, question in todo.items() if key not in late and not fits[key]}
        for answer in answers.values():
            self.learn(answer[1])
        return [answers.get(key) for key in keys]

    def _price(
        self, todo: Mapping[Asked, tuple[Kind, Vector]], clock: Clock, most_tails: Tails
    ) -> dict[Asked, tuple[float, Pattern]]:
        for kind, _ in todo.values():
            priced = self._priced.setdefault(kind, [])
            while len(priced) < self._workers:
                limits = DayLimits(self._net, kind, self.ways)
                for limit in self.limits.get(kind, ()):
                    limits.keep_to(limit)
                priced.append(limits)
        found: dict[Asked, tuple[float, Pattern]] = {}
        questions = list(todo.items())

        def work(worker: int) -> None:
            for key, (kind, prices) in questions[worker :: self._workers]:
                answer = self._priced[kind][worker].best(prices, clock, most_tails)
                if answer is not None:
                    found[key] = answer

        if self._workers > 1 and len(todo) > 1:
            with ThreadPoolExecutor(self._workers) as threads:
                list(threads.map(work, range(self._workers)))
        else:
            for worker in range(self._workers):
                work(worker)
        return {key: found[key] for key in todo if key in found}

    def thinner(self, numbers: Iterable[int]) -> list[int]:
        """These patterns with one sortie less, of each mission that they fly."""
        found: dict[int, None] = {}
        for number in numbers:
            pattern = self.known[number]
            if sum(pattern.sorties) > 1:
                flown = [m for m, n in zip(self._missions, pattern.sorties, strict=True) if n]
                found |= {self.learn(self._less(pattern, m)): None for m in flown}
        return list(found)

    def _less(self, pattern: Pattern, mission: str) -> Pattern:
        """A pattern less one sortie and its share of what the mission carries."""
        i, own = self._missions.index(mission), set(self._net.stops_of([mission]))
        n = pattern.sorties[i]
        sorties = (*pattern.sorties[:i], n - 1, *pattern.sorties[i + 1 :])
        bundles, kg = list(pattern.bundles), list(pattern.kg)
        for j, s in enumerate(self._stops):
            if s in own:
                bundles[j] = bundles[j] * (n - 1) // n
                part = bundles[j] / pattern.bundles[j] if pattern.bundles[j] else (n - 1) / n
                kg[j] = math.floor(kg[j] * part * 10**KG_DECIMALS) / 10**KG_DECIMALS
        flown = {self._net.missions[m].fleet.id for m, k in zip(self._missions, sorties, strict=True) if k}
        tails = tuple(k if f in flown else 0 for f, k in zip(self._fleets, pattern.tails, strict=True))
        return Pattern(sorties, tuple(bundles), tuple(kg), tails)

    def of_plan(self, plan: Decisions, d: int, missions: Collection[str]) -> Pattern:
        """What a plan flies of some missions on a day, as a pattern."""
        sorties, bundles, tails = plan.count("sorties"), plan.count("bundles"), plan.count("tails")
        loads = plan.of("load_kg")
        flown = {m: sorties.get((m, d), 0) for m in missions}
        stops = set(self._net.stops_of(missions))
        flying = {self._net.missions[m].fleet.id for m in missions if flown[m] > 0}
        goods = list(dict.fromkeys(c for _, _, c in loads))

        def load_kg(s: str) -> float:
            return round(sum(loads.get((s, d, c), 0.0) for c in goods), KG_DECIMALS)

        return Pattern(
            tuple(flown.get(m, 0) for m in self._missions),
            tuple(bundles.get((s, d), 0) if s in stops else 0 for s in self._stops),
            tuple(load_kg(s) if s in stops else 0.0 for s in self._stops),
            tuple(tails.get(f, 0) if f in flying else 0 for f in self._fleets),
        )
