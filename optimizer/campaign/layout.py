"""Whole sorties day by day: first as if bundles and trips of feeders could be divided, then with these whole.

A dive makes sorties whole; then some of those that fly, or might, are decided anew together, one more or one
less of each, again and again (relaxation induced neighbourhoods: Danna, Rothberg and Le Pape, "Exploring
Relaxation Induced Neighborhoods to Improve MIP Solutions", Mathematical Programming 102, 2005). What a dive
loses, it loses on the last fractions; which these are has little to do with days, zones or fleets.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from itertools import repeat

import numpy as np

from optimizer.campaign.build import Campaign
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.objective import Goal
from optimizer.campaign.priced import NO_KG, SHORT_IN_THE_END, SHORT_PRICE, Priced
from optimizer.campaign.rounding import Rounding
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.solver import INFINITE, Vector

ROUNDING_SHARE = 0.85  # of the time left, at most, to make sorties whole
FIRST_SHARE = 0.3  # of the time left, at most, for a first packing
FIRST_PATIENCE = 20  # nodes without a better solution in that
LIKELY = 0.02  # of a sortie: so much of it in fractions, and it may be worth flying
NUMBERS, PACKED_NUMBERS = 80, 25  # sorties decided anew at a time: bundles divided, all of them whole
ROUND_SHARE = 0.35  # of the time, at most, for each round
PATIENCE = 5  # nodes without a better solution: what is found is found before the tree grows
LESS, MORE = 0.8, 1.5  # as many in the next round, where nothing was gained, or all was decided
IDLE = 5  # rounds without gain, after which there are no more


@dataclass(frozen=True)
class Laid:
    """Sorties laid out.

    Attributes
    ----------
    value : float
        What they cost, in the unit of the session, with what is short at its price.
    numbers : dict
        Whole numbers by column: sorties, and where they are packed bundles and trips of feeders.
    values : array
        The whole solution, by column.
    proven : bool
        Whether nothing much better was within reach.
    """

    value: float
    numbers: dict[int, float]
    values: Vector
    proven: bool = False


class Layout(Priced):
    """Lays out sorties for given tails.

    What misses the limits is paid for and not forbidden, so that there is always a plan; it may miss them in
    the end.

    Parameters
    ----------
    campaign : Campaign
        Day by day; layouts of the same campaign and cuts may go on from each other's sorties.
    cuts : sequence of Cut
        Of the timetable, kept from the start.
    tails : mapping
        Contracted, by fleet.
    goal : Goal
        What is minimised, in USD.
    limits : sequence of (Goal, float)
        Limits on what is unmet.
    usd : float
        What a plan costs about, which says how dear a kg is that misses the limits.
    seed : int
        Seed of the solver.

    Attributes
    ----------
    sorties : list of int
        Columns of sorties.
    likely : set of int
        Those that fly where they can be divided.
    """

    def __init__(
        self,
        campaign: Campaign,
        cuts: Sequence[Cut],
        tails: Mapping[str, int],
        goal: Goal,
        limits: Sequence[tuple[Goal, float]],
        usd: float,
        seed: int = 0,
    ) -> None:
        super().__init__(campaign, seed, lean=True)
        self.limit_sorties(cuts)
        for f, variable in self._x.tails.items():
            number = float(tails.get(f, 0))
            self._session.set_bounds(self._session.column(variable), number, number)
        self._days = {self._session.column(v): d for (_, d), v in self._x.sorties.items()}
        packs = (self._x.bundles, self._x.feeder_trips)
        self._packs = [self._session.column(v) for family in packs for v in family.values()]
        self.sorties, self.likely = sorted(self._days), set[int]()
        self._goal, self._kept, self._about_usd = goal, limits, usd
        self._price(SHORT_PRICE)

    def _price(self, times: float, least_usd: float = 0.0) -> None:
        """From now on a kg that is short costs so many times what a kg costs on average, or more."""
        usd_per_kg = max(times * self._usd_per_kg(self._about_usd, self._kept), least_usd)
        expression = self._goal.expression(self._x, self._net)
        short = dict.fromkeys(self._shortfalls(self._kept), usd_per_kg)
        self._session.set_costs(self._session.terms(expression) | short)
        self._constant = float(expression.constant)

    def dived(self, clock: Clock, care: float = 1.0) -> Laid | None:
        """Sorties made whole step by step with the `care` of `Rounding`; None when time ran out."""
        rounding = Rounding(self._session, self._days, clock.share(ROUNDING_SHARE), care)
        numbers = rounding.whole()
        if rounding.relaxed is None:
            return None
        self.likely |= {j for j in self._days if rounding.relaxed[j] > LIKELY}
        return self._settled(numbers, clock)

    def make_dear(self, gap_abs: float) -> None:
        """What is short is dear from now on, since nothing is left to be divided; `gap_abs` as in `anew`."""
        self._price(SHORT_IN_THE_END, gap_abs / NO_KG)

    def packed(self, laid: Laid, gap_abs: float, clock: Clock) -> Laid | None:
        """The same sorties with whole bundles and trips of feeders; None when time ran out."""
        for j in self._packs:
            self._session.set_bounds(j, 0.0, INFINITE)
        for j, number in laid.numbers.items():
            self._session.set_bounds(j, number, number)
        first = clock.share(FIRST_SHARE)
        solved = self._session.solve_whole(self._packs, first, gap_abs, patience=FIRST_PATIENCE)
        values = None if solved.value is None else self._session.values()
        packs = {j: 0.0 if values is None else float(round(values[j])) for j in self._packs}
        return self._settled(laid.numbers | packs, clock)

    def anew(self, laid: Laid, loose: Sequence[int], gap_abs: float, round_s: float, clock: Clock) -> Laid:
        """Decide some sorties anew, by column, to one more or one less; the better of the two.

        With them all bundles and trips of feeders where these are whole.

        Parameters
        ----------
        laid : Laid
            Where to begin.
        loose : sequence of int
            Columns of sorties.
        gap_abs : float
            Distance of value and bound at which to stop, in USD.
        round_s : float
            Seconds for it, at most.
        clock : Clock
            Says when to break off.
        """
        for j, number in laid.numbers.items():
            self._session.set_bounds(j, number, number)
        for j in loose:
            self._session.set_bounds(j, max(0.0, laid.numbers[j] - 1), laid.numbers[j] + 1)
        packs = [j for j in self._packs if j in laid.numbers]
        for j in packs:
            self._session.set_bounds(j, 0.0, INFINITE)
        whole, start = [*loose, *packs], dict(enumerate(laid.values.tolist()))
        solved = self._session.solve_whole(whole, clock.at_most(round_s), gap_abs, start, patience=PATIENCE)
        if solved.value is None:
            return laid
        proven = solved.value <= solved.bound + gap_abs
        if solved.value >= laid.value:
            return replace(laid, proven=proven)
        values = self._session.values()
        numbers = laid.numbers | {j: float(round(values[j])) for j in whole}
        found = self._settled(numbers, clock)
        return replace(found, proven=proven) if found and found.value < laid.value else laid

    def _settled(self, numbers: dict[int, float], clock: Clock) -> Laid | None:
        """The best of all else for whole numbers; None when time ran out."""
        for j, number in numbers.items():
            self._session.set_bounds(j, number, number)
        solved = self._session.solve_relaxed(clock, "costs")
        if solved.value is None:
            return None
        return Laid(solved.value, numbers, self._session.values())

    def usd(self, laid: Laid) -> float:
        """What sorties cost, with what is short at its price."""
        return laid.value + self._constant

    def worth(self, laid: Laid) -> list[int]:
        """Columns of sorties that fly, or might."""
        return sorted(self.likely | {j for j in self._days if laid.numbers[j]})

    def decisions(self, laid: Laid) -> Decisions:
        """The solution by the names of decisions."""
        return Decisions.read(self._x, self._session, laid.values)


@dataclass(frozen=True)
class Rounds:
    """Layouts that work at the same time.

    Attributes
    ----------
    layouts : sequence of Layout
        Of the same campaign and cuts, one for every thread.
    enough_usd : float
        Cost at which to stop.
    gap_usd : float
        Distance of value and bound at which a round stops.
    seed : int
        Draws what is decided anew.
    threads : Executor
        Where they work.
    """

    layouts: Sequence[Layout]
    enough_usd: float
    gap_usd: float
    seed: int
    threads: Executor

    def laid_out(self, cares: Sequence[float], clock: Clock) -> Laid | None:
        """Whole sorties as if bundles could be divided, from a dive of each layout; None without any.

        `cares` are those of `Rounding`, one for each layout.
        """
        dives = [*self.threads.map(lambda one, care: one.dived(clock, care), self.layouts, cares)]
        known = [laid for laid in dives if laid is not None]
        return [None, *self._better(known, NUMBERS, clock)][-1]

    def packed(self, laid: Laid, clock: Clock, better: Callable[[Decisions], object]) -> Decisions | None:
        """Sorties with whole bundles, and other sorties where that is better; None when time ran out.

        `better` is given the first, and each that is better than the one before.
        """
        for layout in self.layouts:
            layout.make_dear(self.gap_usd)
        first, best = self.layouts[0].packed(laid, self.gap_usd, clock), None
        for found in self._better([] if first is None else [first], PACKED_NUMBERS, clock):
            best = self.layouts[0].decisions(found)
            better(best)
        return best

    def _better(self, known: Sequence[Laid], count: int, clock: Clock) -> Iterator[Laid]:
        """The best known, and each that is better than all before, until rounds gain no more."""
        if not known:
            return
        best = min(known, key=lambda laid: laid.value)
        yield best
        first, random = self.layouts[0], np.random.default_rng(self.seed)
        round_s, idle = ROUND_SHARE * clock.left(), 0
        while first.usd(best) > self.enough_usd and idle < IDLE and not clock.stopped():
            # Where two found different sorties, a third way may be better than both.
            differ = [j for j in first.sorties if any(laid.numbers[j] != best.numbers[j] for laid in known)]
            among = differ, first.worth(best), first.sorties
            draws = [_drawn(among, count, random) for _ in self.layouts]
            same = repeat(best), draws, repeat(self.gap_usd), repeat(round_s), repeat(clock)
            known = [*self.threads.map(Layout.anew, self.layouts, *same)]
            gained = min(known, key=lambda laid: laid.value)
            idle = 0 if gained.value < best.value else idle + 1
            best = gained
            if not idle:
                yield best
            if all(laid.proven for laid in known):
                if count >= len(first.sorties):
                    break
                count = math.ceil(MORE * count)
            elif idle:
                count = math.ceil(LESS * count)


def _drawn(some: Sequence[Sequence[int]], count: int, random: np.random.Generator) -> list[int]:
    """So many columns at random: half of them at most from the first, and from others in turn."""
    drawn: dict[int, None] = {}
    for i, columns in enumerate(some):
        left = count // 2 if i == 0 else count - len(drawn)
        fresh = [j for j in columns if j not in drawn]
        drawn |= dict.fromkeys(int(j) for j in random.permutation(fresh)[:left])
    return list(drawn)
