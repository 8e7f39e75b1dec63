"""One run of the planner: totals, days, bundles, timetable, loads, and rounds while the gap is open."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from optimizer.campaign.decisions import Decisions
from optimizer.campaign.levels import DAILY, Levels, Numbers, decisions_of, numbers_of
from optimizer.campaign.objective import Goal
from optimizer.campaign.program import Program
from optimizer.campaign.settings import SETTINGS
from optimizer.campaign.totals import Scouted, Totals
from optimizer.campaign.wanted import Wanted
from optimizer.candidate import Candidate, without
from optimizer.clock import Clock
from optimizer.cut import Cut, binding_notes
from optimizer.network import Network
from optimizer.options import Options
from optimizer.timetable.timetabler import Timetabler
from optimizer.watch import Progress, Watch

MISSING = 1e-3  # person-days of the coverage asked for that count as none: what rounding leaves


def _always(_: Numbers) -> bool:
    return True


class Planner:
    """What is wanted from one network, and the best candidate so far.

    Parameters
    ----------
    net : Network
        What the fleets can fly.
    wanted : Wanted
        Goals, gap, and the coverage asked for.
    options : Options
        Method, rounds and seed.
    watch : Watch
        Clock and progress.
    better : callable
        Given each candidate that is better than the one before.
    """

    def __init__(
        self,
        net: Network,
        wanted: Wanted,
        options: Options,
        watch: Watch,
        better: Callable[[Candidate], None] = lambda _: None,
    ) -> None:
        self.net, self.wanted, self.options, self.watch = net, wanted, options, watch
        self._better = better
        self.timetabler = Timetabler(net, options.seed)
        self.cuts: dict[Cut, None] = {}
        self.rounds = 0
        self.best: Candidate | None = None
        self.bounds = [0.0] * len(wanted.goals)  # no goal goes below
        self.impossible = False
        self._days: Program | None = None
        self._scouted: Scouted | None = None

    def run(self, starts: Sequence[Decisions]) -> None:
        """Fill `best` and `bounds`."""
        clock = self.watch.clock
        self.cuts |= dict.fromkeys(self.timetabler.foreseen(clock))
        totals = Totals(self.net, self.wanted, self.options.seed, tuple(self.cuts))
        self._scouted = scouted = totals.scout(clock)
        if scouted is None:
            self.impossible = not clock.stopped()
            return
        with ThreadPoolExecutor(1) as beside:
            # The first goal is bounded meanwhile: that hangs on no plan.
            early = beside.submit(totals.bounds, scouted.values[:1], clock, self._bounded)
            for start in starts:
                self.consider(start)
            if self.best is not None:
                self.bounds[0] = early.result()[0]
                self._prove(totals)
            if self.options.method == "plain":
                self._plain()
            elif self.best is None or self._open():
                self._by_levels(totals, scouted)
            self.bounds[0] = max(self.bounds[0], early.result()[0])
        self._prove(totals)
        if self.options.method == "levels" and self._open():
            self._in_rounds(scouted)
            self._prove(totals)

    def _prove(self, totals: Totals) -> None:
        """Bounds for the best plan, which hold for better ones as well."""
        if self.best is not None and self._open() and len(self.wanted.goals) > 1:
            found = totals.bounds(self.best.values, self.watch.clock, self._bounded)
            self.bounds = [max(pair) for pair in zip(self.bounds, found, strict=True)]

    def _open(self) -> bool:
        """Whether a gap is wider than asked."""
        return self.best is not None and self.wanted.still_open(self.best.values, self.bounds)

    def _bounded(self, goal: Goal, bound: float) -> None:
        if goal is self.wanted.goals[0]:  # holds for every plan, also for those that are told meanwhile
            self.bounds[0] = max(self.bounds[0], bound)
        value = None if self.best is None else self.best.values[self.wanted.goals.index(goal)]
        self.watch.progress(Progress(goal.name, value, bound, goal.unit))

    def _by_levels(self, totals: Totals, scouted: Scouted | None) -> None:
        """A plan from the totals, again while the timetable does not hold it or coverage is missed."""
        margin_frac, clock = 0.0, self.watch.clock
        for _ in range(SETTINGS.repairs):
            if scouted is None:
                return
            levels = self._levels(scouted, scouted.tails, scouted.sorties)
            numbers = levels.days(sum(scouted.sorties.values()), clock)
            if numbers is None:
                return
            missing = self.consider(decisions_of(levels.tails, numbers))
            if missing > MISSING:
                repaired = [n for _, n, _ in levels.rounds(numbers, _always, self.options.rounds, clock)]
                numbers = repaired[-1] if repaired else numbers
                missing = self.consider(decisions_of(levels.tails, numbers))
            if missing > MISSING:
                # Whole sorties fall short of what fractions promise: aim higher by more than that.
                margin_frac += 2 * missing / self.net.person_days
                scouted = totals.scout(clock, margin_frac)
            elif self.cuts.keys() == {*levels.cuts}:
                return

    def _levels(self, scouted: Scouted, tails: Mapping[str, int], missions: Collection[str]) -> Levels:
        net, wanted, seed = self.net, self.wanted, self.options.seed
        return Levels(net, wanted, tails, missions, scouted.prices, scouted.usd, seed, tuple(self.cuts))

    def _in_rounds(self, scouted: Scouted) -> None:
        """Decide days of the best plan anew while its gap is open."""
        if self.best is None:
            return
        tails = {f: n for f, n in self.best.decisions.count("tails").items() if n}
        flown = dict.fromkeys(m for (m, _), n in self.best.decisions.count("sorties").items() if n)
        levels = self._levels(scouted, tails, [*dict.fromkeys([*scouted.sorties, *flown])])
        start = numbers = numbers_of(self.net, self.best.decisions)
        gained = 0.0
        for count, numbers, gain in levels.rounds(  # the last are considered once more
            start, lambda new: self._flyable(levels, new), self.options.rounds, self.watch.clock
        ):
            self.rounds, gained = count, gained + gain
            if count % SETTINGS.idle_rounds == 0 and gained > 0:
                self.consider(decisions_of(tails, numbers))
                gained = 0.0
                if not self._open():
                    return
        self.consider(decisions_of(tails, numbers))

    def _flyable(self, levels: Levels, numbers: Numbers) -> bool:
        """Whether the timetable holds all of a plan; the campaign keeps to what it says otherwise."""
        whole = decisions_of(levels.tails, numbers)
        timed = self.timetabler.times(
            whole.count("sorties"), whole.count("tails"), self.watch.clock, whole.count("feeder_trips")
        )
        self.cuts |= dict.fromkeys(timed.cuts)
        levels.cuts = tuple(self.cuts)
        return not timed.left_over

    def consider(self, whole: Decisions) -> float:
        """Time whole numbers, find their best loads, and keep them if better.

        Returns the person-days of the coverage asked for that they miss, infinite where they break a rule.
        """
        if self.best is not None and whole.same_whole(self.best.decisions):
            return 0.0
        self.watch.progress(Progress("timetable"))
        timed = self.timetabler.times(
            whole.count("sorties"), whole.count("tails"), self.watch.clock, whole.count("feeder_trips")
        )
        self.cuts |= dict.fromkeys(timed.cuts)
        decisions, values, missing = self._loaded(without(self.net, whole, timed.left_over))
        if missing <= MISSING:
            self._adopt(Candidate(decisions, timed.flights, timed.hauls, values))
        return missing

    def _loaded(self, whole: Decisions) -> tuple[Decisions, tuple[float, ...], float]:
        """The best loads of whole numbers, the value of each goal, and what is missing of the coverage."""
        if self._scouted is None:
            return whole, (), math.inf
        if self._days is None:
            self._days = Program(self.net, self.wanted, self.options.seed)
        program = self._days
        columns = program.columns("tails", *DAILY)
        program.fix({j: whole.of(name).get(key, 0.0) for (name, key), j in columns.items()})
        program.aim(self._scouted.prices)
        solved = program.relaxed(Clock(self.watch.clock.left() + SETTINGS.grace_s))
        if solved.value is None:
            return whole, (), math.inf
        values = tuple(program.value(goal) for goal in self.wanted.goals)
        return program.read(), values, program.missing()

    def _adopt(self, found: Candidate) -> None:
        """Keep a plan if better than the best."""
        if self.best is None or self.wanted.prefers(found.values, self.best.values):
            self.best = found
            self._better(found)
            for goal, value in zip(self.wanted.goals, found.values, strict=True):
                self.watch.progress(Progress(goal.name, value, None, goal.unit))

    def _plain(self) -> None:
        """The campaign day by day as one integer program, from the best plan if there is one."""
        if self._scouted is None:
            return
        program = Program(self.net, self.wanted, self.options.seed, [cut for cut in self.cuts if cut.proven])
        columns = program.columns("tails", *DAILY)
        for i, goal in enumerate(self.wanted.goals):
            program.aim({goal.name: goal.times})
            gap = self.wanted.tolerance(goal, self._scouted.usd, SETTINGS.step_gap) * goal.times
            clock = self.watch.clock.share(1 / (len(self.wanted.goals) - i))
            solved = program.whole(columns.values(), clock, gap, None)
            self.impossible = self.impossible or solved.infeasible
            if solved.value is None:
                return
            self.bounds[i] = max(self.bounds[i], solved.bound / goal.times)
            program.keep(goal, program.value(goal) + self.wanted.same(goal))
            whole = program.read()
        self.consider(whole)

    def notes(self) -> tuple[str, ...]:
        """What the timetable does to the best plan."""
        if self.best is None:
            return ()
        sorties, tails = self.best.decisions.count("sorties"), self.best.decisions.count("tails")
        return binding_notes(tuple(self.cuts), sorties, tails, self.net.instance.dates)
