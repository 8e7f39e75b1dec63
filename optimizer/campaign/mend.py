"""Mends a plan in the plain model: a few days at a time are planned anew, sortie by sortie.

Whole-day patterns come near the best plan, and near is all they come where a day has many sorties: what is
missing is one sortie here and a bundle there. Few days have few whole numbers, which the plain model decides
in seconds, with every limit of every day in it (Shaw, "Using Constraint Programming and Local Search Methods
to Solve Vehicle Routing Problems", CP 1998).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from optimizer.campaign.decisions import Decisions
from optimizer.campaign.objective import Goal
from optimizer.campaign.priced import NO_KG, SHORT_IN_THE_END, SHORT_PRICE, Priced
from optimizer.campaign.rounds import Standing
from optimizer.campaign.settle import ROUNDING_KG
from optimizer.campaign.sweeps import LEAST, Manner, Sweeper, always
from optimizer.clock import Clock

REPAIR_GAP = 1e-3  # of the cost of a plan: distance of value and bound at which a round of a repair stops
REPAIR_IDLE = 6  # rounds without gain, after which what is short gets dearer
REPAIR_SHARE = 0.5  # of the time left, at most, for each price


class Mender(Priced, Sweeper):
    """A settler that may also change what is flown; see `Settler` for the parameters."""

    def mended(
        self,
        plan: Decisions,
        goal: Goal,
        kept: Sequence[tuple[Goal, float]],
        enough: float,
        gap_abs: float,
        clock: Clock,
        flyable: Callable[[Decisions], bool] = always,
        before: Sequence[Goal] = (),
        price: float = 0.0,
    ) -> Decisions:
        """A plan at least as good in a goal, with the same tails.

        Parameters
        ----------
        plan : Decisions
            Where to begin.
        goal : Goal
            What is minimised.
        kept : sequence of (Goal, float)
            Goals that must stay at a value or better.
        enough : float
            Value of the goal at which to stop.
        gap_abs : float
            Distance of value and bound at which a round stops, in the unit of the goal.
        clock : Clock
            Says when to break off.
        flyable : callable
            Whether the timetable holds a plan.
        before : sequence of Goal
            Goals that go before. Once whole numbers stand they are made as good as these allow; if that were
            not foreseen, it would be dear.
        price : float
            Of a kg of them, in the unit of the goal.
        """
        self._release(kept)
        aim, gap = self._aim(goal, before, price), gap_abs * goal.kg
        least = enough + gap_abs * LEAST
        manner = Manner(gap, lambda value: aim.in_unit(value) <= least, flyable, near=True)
        found = self.in_rounds(Standing(self._start(plan)), manner, clock)
        return found or plan

    def repaired(
        self, plan: Decisions, goal: Goal, limits: Sequence[tuple[Goal, float]], clock: Clock
    ) -> Decisions:
        """A plan that misses limits on what is unmet by less, or not at all, with the same tails.

        `goal` in USD says what may be spent on it, and where.
        """
        self._release(())
        fixed = self._start(plan)
        costs = self._session.terms(goal.expression(self._x, self._net))
        short = self._shortfalls(limits)
        about = sum(number * costs.get(j, 0.0) for j, number in fixed.items())
        gap_abs, best = REPAIR_GAP * about, plan
        price = self._usd_per_kg(about, limits)

        def kept(value: float) -> bool:
            del value
            return float(self._session.values()[short].sum()) <= ROUNDING_KG

        manner = Manner(gap_abs, kept, near=True, holds=False, most_idle=REPAIR_IDLE)
        # What is short is dear in the end; if it were at once, no round could trade it for something else.
        for usd in (SHORT_PRICE * price, SHORT_IN_THE_END * price, max(gap_abs / NO_KG, price)):
            self._session.set_costs(costs | dict.fromkeys(short, usd))
            share = clock.share(REPAIR_SHARE)
            # What is short on one day is made up for on any other.
            stand = Standing(fixed)
            best = self.in_rounds(stand, manner, share) or best
            if stand.done:
                break
        return best
