"""Rounds in which some whole numbers of a plan are planned anew, again and again."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimizer.campaign.decisions import Decisions
from optimizer.campaign.flows import Flows
from optimizer.campaign.rounds import Spot, Standing, sweep
from optimizer.campaign.settle import Settler
from optimizer.clock import Clock
from optimizer.solved import Solved
from optimizer.solver import INFINITE

MOST_NUMBERS = 120  # whole numbers planned anew at a time: so many are decided in a second or two
CROWDED_NUMBERS = 50  # where days have many sorties
LEAST_NUMBERS = 20  # planned anew at a time, where more are too many to decide
LESS, MORE = 0.6, 1.5  # as many in the next sweep, where most rounds stayed undecided, or none
SWEEPS = 8  # times that all is planned anew, at most
ROUND_SHARE = 0.08  # of the time, at most, for each round
BUNDLES_SHARE = 0.5  # of the time left, at most, for all bundles at once
LEAST_ROUND_S = 2.0  # in which little can be decided where a plan is large
PATIENCE, NEAR_PATIENCE = 20, 80  # nodes without a better solution; where the tree alone is searched
LEAST = 1e-3  # of the gap at which a round stops: a smaller gain is none


def always(whole: Decisions) -> bool:
    """Where no timetable is asked."""
    del whole
    return True


@dataclass(frozen=True)
class Manner:
    """How rounds go.

    Attributes
    ----------
    gap_abs : float
        Distance of value and bound at which a round stops, in the unit of the session.
    until : callable
        Whether a value is good enough.
    flyable : callable
        Whether the timetable holds a plan; rounds that come to one that it does not hold gain nothing.
    near : bool
        Whether they begin with a plan so good that searching close by it is enough, which takes a fraction
        of the time.
    holds : bool
        Whether what flows on other days stays as it is in a round: rounds are shorter, and see less.
    most_idle : float
        Rounds in a row without gain after which no more are tried.
    """

    gap_abs: float
    until: Callable[[float], bool]
    flyable: Callable[[Decisions], bool] = always
    near: bool = False
    holds: bool = True
    most_idle: float = math.inf

    @property
    def least(self) -> float:
        """A smaller gain is none."""
        return self.gap_abs * LEAST


class Sweeper(Settler):
    """A settler that plans some whole numbers anew at a time; see `Settler` for the parameters.

    Attributes
    ----------
    crowded : bool
        Whether days have many sorties: fewer are planned anew at a time then, and all bundles with every
        search there is.
    """

    crowded = False

    def in_rounds(self, stand: Standing, manner: Manner, clock: Clock) -> Decisions | None:
        """Plan some of the whole numbers given anew, again and again, until all were without gain.

        They become those of the plan returned; None when there is none better than where rounds stand.
        """
        fixed, random = stand.fixed, np.random.default_rng(self._seed)
        round_s = max(ROUND_SHARE * clock.left(), LEAST_ROUND_S)
        most = CROWDED_NUMBERS if self.crowded else MOST_NUMBERS
        for column, number in fixed.items():
            self._session.set_bounds(column, number, number)
        spots = {j: spot for j, spot in self._spots().items() if j in fixed}
        flows = Flows(self._x, self._session, fixed)
        idle = 0
        for _ in range(SWEEPS):
            before, unproven, stand.values = stand.value, 0, None
            # Between sweeps all flows may follow what was planned anew.
            if not clock.stopped():
                self._take(stand, self._session.solve_relaxed(clock, "costs"), (), manner)
            rounds = sweep(spots, len(self._net.days), most, random)
            for loose in rounds:
                if stand.done or clock.stopped() or idle >= manner.most_idle:
                    return stand.plan
                last = stand.value
                # With the sorties as they are, all bundles at once are easy, and worth their time.
                easy = manner.holds and not any(spots[j].flies for j in loose)
                share = clock.at_most(max(round_s, BUNDLES_SHARE * clock.left()) if easy else round_s)
                free = {spots[j].day for j in loose}
                close = replace(manner, near=manner.near and not (easy and self.crowded))
                solved = self._anew(stand, loose, flows, free, close, share)
                if solved.value is not None and solved.value < last - manner.least and not clock.stopped():
                    solved = self._exact(solved, loose, clock)
                self._take(stand, solved, loose, manner)
                idle = 0 if stand.value < last else idle + 1
                unproven += (
                    solved.value is None or solved.value > solved.bound + manner.gap_abs + manner.least
                )
                flows.let_go()
                for j in loose:
                    self._session.set_bounds(j, fixed[j], fixed[j])
            if stand.value > before - manner.least and not unproven:
                break
            change = LESS if 2 * unproven > len(rounds) else MORE if 5 * unproven < len(rounds) else 1.0
            most = max(LEAST_NUMBERS, round(most * change))
        return stand.plan

    def _anew(
        self,
        stand: Standing,
        loose: Sequence[int],
        flows: Flows,
        free: Collection[int],
        manner: Manner,
        clock: Clock,
    ) -> Solved:
        """Decide some whole numbers, and what flows on some days, from where rounds stand."""
        for j in loose:
            self._session.set_bounds(j, 0.0, INFINITE)
        start: Mapping[int, float] = stand.fixed
        if stand.values is not None:
            if manner.holds:
                flows.hold(stand.values, free)
            start = dict(enumerate(stand.values.tolist())) | stand.fixed
        patience = NEAR_PATIENCE if manner.near else PATIENCE
        return self._session.solve_whole(
            loose, clock, manner.gap_abs, start, patience=patience, near=manner.near
        )

    def _exact(self, solved: Solved, loose: Sequence[int], clock: Clock) -> Solved:
        """The solution with whole numbers that are whole to the last digit: rows see the difference.

        The next round could not begin with a solution that breaks them by more than HiGHS tolerates.
        """
        values = self._session.values()
        for j in loose:
            self._session.set_bounds(j, float(round(values[j])), float(round(values[j])))
        return replace(solved, value=self._session.solve_relaxed(clock, "costs").value)

    def _take(self, stand: Standing, solved: Solved, loose: Sequence[int], manner: Manner) -> None:
        """Go on from a solution that gains enough and can be flown, or any where nothing was decided."""
        if solved.value is None:
            return
        better, values = solved.value < stand.value - manner.least, self._session.values()
        plan = self._read() if better else None
        if plan is not None and loose and not manner.flyable(plan):
            return
        if better or not loose:
            stand.values = values
        if plan is not None:
            stand.value, stand.plan = solved.value, plan
            stand.fixed |= {j: float(round(values[j])) for j in loose}
            stand.done = manner.until(stand.value)

    def _spots(self) -> dict[int, Spot]:
        """Where each whole number of a day belongs, by column."""
        spots = {}
        for name, family in self._whole_families():
            for key, variable in family.items() if name != "tails" else ():
                carrier, d = key
                zones: tuple[str, ...] = ()
                if name != "feeder_trips":
                    mission = self._net.missions[carrier] if name == "sorties" else self._net.by_stop(carrier)
                    carrier, zones = mission.fleet.id, mission.zones
                spots[self._session.column(variable)] = Spot(d, carrier, zones, flies=name == "sorties")
        return spots
