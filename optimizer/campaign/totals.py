"""What whole tails and whole sorties of each mission over the plan come to at best: tails, missions, bounds.

All days on which the same may be flown are one day of the network, so that the integer program is small.
Every plan is one of these programs, and so bounds hold; where they leave a gap open the first and last days,
then months, then weeks stand by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from optimizer.campaign.objective import Goal
from optimizer.campaign.program import UNCOVERED, Prices, Program
from optimizer.campaign.settings import SETTINGS
from optimizer.campaign.spells import in_spells
from optimizer.campaign.wanted import Wanted
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.kind import Kind
from optimizer.network import Network

LEAST = 1e-6  # of a sortie: less is none


@dataclass(frozen=True)
class Scouted:
    """What the totals say before any day is planned.

    Attributes
    ----------
    tails : dict
        To contract, by fleet.
    sorties : dict
        Over the plan, by mission, of those worth flying.
    prices : dict
        USD for a unit of each goal, so that all can be sought at once.
    usd : float
        All goals at these prices.
    values : tuple of float
        Of each goal.
    """

    tails: dict[str, int]
    sorties: dict[str, float]
    prices: Prices
    usd: float
    values: tuple[float, ...]


class Totals:
    """The campaign with as few days as will do; see `Program` for the parameters."""

    def __init__(self, net: Network, wanted: Wanted, seed: int, cuts: Sequence[Cut]) -> None:
        self._net, self._wanted, self._seed = net, wanted, seed
        self._cuts = tuple(cut for cut in cuts if cut.proven)
        self._kinds = [
            Kind(net.by_day[d], tuple(cut for cut in self._cuts if d in cut.days), day=d) for d in net.days
        ]

    def _program(self, begins: Sequence[int], margin_frac: float = 0.0) -> Program:
        spelled = in_spells(self._net, self._kinds, begins)
        return Program(spelled, self._wanted, self._seed, self._cuts, margin_frac)

    def scout(self, clock: Clock, margin_frac: float = 0.0) -> Scouted | None:
        """Tails, missions and prices; None where nothing can do what is asked, or time ran out.

        `margin_frac` is the share of every need to be met beyond the coverage asked for.
        """
        program, wanted = self._program([0], margin_frac), self._wanted
        for goal in wanted.goals:
            program.aim({goal.name: goal.times})
            if program.relaxed(clock).value is None:
                return None
            program.keep(goal, program.value(goal) + wanted.same(goal))
        last = wanted.goals[-1]
        usd = program.value(last) if last.unit == "USD" else 0.0
        prices = prices_of(wanted, self._net, usd)
        program.release()
        program.aim(prices)
        gap = wanted.tolerance(last, usd, SETTINGS.bound_gap) * prices[last.name]
        coarse = program.whole(program.roughly_whole(), clock, gap, SETTINGS.scout_patience)
        tails = program.numbers(program.columns("tails"))
        worth = {m for m, n in program.sorties().items() if n > LEAST}
        weeks = self._program([*range(0, self._net.horizon_days, spell_days(self._net))], margin_frac)
        weeks.aim(prices)
        weeks.relaxed(clock)
        worth |= {m for m, n in weeks.sorties().items() if n > LEAST}
        weeks.fix({j: 0.0 for (_, (m, _)), j in weeks.columns("sorties").items() if m not in worth})
        start = None
        if coarse.value is not None:
            # What the totals contract is a good start, though weeks may ask for more.
            columns = weeks.columns("tails")
            weeks.fix({columns[key]: float(round(n)) for key, n in tails.items()})
            found = weeks.whole(weeks.roughly_whole(), clock, gap, SETTINGS.patience)
            start = None if found.value is None else weeks.solution()
            weeks.free(columns.values())
        solved = weeks.whole(weeks.roughly_whole(), clock, gap, SETTINGS.scout_patience, start)
        if solved.value is None:
            return None
        contracted = {f: round(n) for (_, f), n in weeks.numbers(weeks.columns("tails")).items()}
        return Scouted(
            {f: n for f, n in contracted.items() if n},
            {m: n for m, n in weeks.sorties().items() if m in worth},
            prices,
            solved.value,
            tuple(weeks.value(goal) for goal in wanted.goals),
        )

    def bounds(
        self, values: Sequence[float], clock: Clock, told: Callable[[Goal, float], None]
    ) -> tuple[float, ...]:
        """For the first goals, as many as values: what no plan beats that is as good in the goals before.

        Ends once the bound of a goal is as near to its value as is asked.
        """
        bounds = [0.0 if value <= 0 else -math.inf for value in values]
        for begins in self._finer():
            goals = self._wanted.goals[: len(values)]
            open_goals = [i for i, goal in enumerate(goals) if self._open(goal, values[i], bounds[i])]
            if not open_goals or clock.stopped():
                break
            program = self._program(begins)
            columns = program.roughly_whole()
            for i in open_goals:
                bounds[i] = max(bounds[i], self._bound(program, columns, i, values, clock))
                told(self._wanted.goals[i], min(bounds[i], values[i]))
        return tuple(max(0.0, bound) for bound in bounds)

    def _open(self, goal: Goal, value: float, bound: float) -> bool:
        return value - bound > self._wanted.tolerance(goal, value, SETTINGS.enough)

    def _bound(
        self, program: Program, columns: Sequence[int], i: int, values: Sequence[float], clock: Clock
    ) -> float:
        goals = self._wanted.goals
        program.release()
        for before, value in zip(goals[:i], values, strict=False):
            program.keep(before, value + self._wanted.same(before))
        goal = goals[i]
        program.aim({goal.name: goal.times})
        gap = self._wanted.tolerance(goal, values[i], SETTINGS.bound_gap) * goal.times
        enough = (values[i] - self._wanted.tolerance(goal, values[i], SETTINGS.enough)) * goal.times
        solved = program.whole(columns, clock, gap, SETTINGS.bound_patience, enough=enough)
        return solved.bound / goal.times

    def _finer(self) -> Iterator[list[int]]:
        """Days on which spells begin, more and more of them."""
        length, edge, week = self._net.horizon_days, SETTINGS.edge_days, spell_days(self._net)
        edges = [*range(min(edge + 1, length)), *range(max(0, length - edge), length)]
        yield [0]
        yield edges
        yield [*edges, *range(0, length, 4 * week)]
        yield [*edges, *range(0, length, week)]


def spell_days(net: Network) -> int:
    """Length of a spell: a week or more, of whole periods in which severity is taken."""
    period = net.instance.header.severity_days
    return -(-SETTINGS.spell_days // period) * period


def prices_of(wanted: Wanted, net: Network, usd: float) -> dict[str, float]:
    """What a unit of each goal is worth while plans are sought, USD; what comes first is far dearer."""
    mean = max(usd / max(1.0, net.person_days), 1e-3)
    times = {"person-days": SETTINGS.severity_price, "frac": SETTINGS.worst_price * max(1.0, net.person_days)}
    prices = {goal.name: mean * times[goal.unit] for goal in wanted.goals[:-1]}
    last = wanted.goals[-1]
    prices[last.name] = 1.0 if last.unit == "USD" else mean * times[last.unit]
    if wanted.unreached_frac is not None:
        prices[UNCOVERED] = mean * SETTINGS.severity_price
    return prices
