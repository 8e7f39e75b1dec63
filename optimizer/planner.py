"""One run of the planner: campaign and timetable answer each other until a plan stands and is proven."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from optimizer.campaign.build import build
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.groups import Groups, apart, together
from optimizer.campaign.master import Master
from optimizer.campaign.mend import Mender
from optimizer.campaign.merge import merged
from optimizer.campaign.patterns import Patterns
from optimizer.campaign.search import Search
from optimizer.campaign.spells import COARSE_DAYS, SPELL_DAYS, in_spells
from optimizer.campaign.wanted import Wanted
from optimizer.candidate import Candidate, without
from optimizer.clock import Clock, Pace
from optimizer.cut import Cut, binding_notes, proven
from optimizer.improve import improve_plain, improved
from optimizer.narrow import narrow
from optimizer.network import Network
from optimizer.options import Options
from optimizer.timetable.timetabler import GRACE_S, Timetable, Timetabler
from optimizer.watch import Progress, Watch

WORKERS = 2  # threads that price
FIND_SHARE = 0.35  # of the time; the rest settles the loads and proves the bound
LATE_SHARE = 0.7  # of the time, where nothing was found by then that will do
BOUND_SHARE = 0.4  # of the time left, at most, to split boxes where a bound is all that is asked
IMPROVE_SHARE = 0.9  # of what is left then for better plan and bounds; settling and writing need the rest
FEW_DAYS = 14  # of a plan, up to which it is planned day by day
REPAIR_SHARE = 0.5  # of the time left, at most, for a plan that misses limits
NEAR_FRAC = 0.02  # of the need, by which a plan may miss limits and be sought again for a little more
MORE_ROUNDS = 3  # tries to keep limits that loads, once settled, miss
AGAIN_SHARE = 0.2  # of the time, after which a plan is mended and not sought again
TIMETABLE_ROUNDS = 3  # how often a day that does not fit is sent back to the campaign


class Planner:
    """What is wanted from one network, and the best candidate so far.

    Parameters
    ----------
    net : Network
        What the fleets can fly.
    wanted : Wanted
        Goals, limits and gap.
    options : Options
        Method and seed.
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
        *,
        tight: bool = False,
    ) -> None:
        self.net, self.wanted, self.options, self.watch = net, wanted, options, watch
        self._better = better
        self.settler = Mender(build(net, tight=tight), options.seed, lean=True)
        self.settler.crowded = tight
        self.timetabler = Timetabler(net, options.seed)
        self.cuts: dict[Cut, None] = {}
        self.timetable_rounds = 0
        self.patterns = Patterns(net, WORKERS, self.timetabler.holds)
        self.search: Search | None = None
        self._bounder: tuple[tuple[Cut, ...], Search] | None = None
        self.best: Candidate | None = None
        self._bounds: dict[str, float] = {}
        self.impossible = False
        self._rough_bound = -math.inf

    def tell(self, stage: str, value: float | None, bound: float | None, unit: str) -> None:
        """Tell where the run stands; a bound stands until there is another."""
        if bound is not None and math.isfinite(bound):
            self._bounds[stage] = bound
        self.watch.progress(Progress(stage, value, self._bounds.get(stage), unit))

    def consider(self, whole: Decisions) -> tuple[bool, tuple[Cut, ...]]:
        """Time and settle whole numbers; keep them if better than the best.

        Returns whether they could be flown, less the sorties that found no place, and what the campaign
        must keep to for them to find one.
        """
        if self.best is not None and whole.same_whole(self.best.decisions):
            return True, ()  # timed and settled before, which takes seconds
        self.tell("timetable", None, None, "")
        timed = self._timed(whole)
        whole = without(self.net, whole, timed.left_over)
        settled = self.settler.settle(whole, self.wanted.goals, self.wanted.limits, self.watch.clock)
        if settled is None:
            return False, timed.cuts
        self.adopt(Candidate(settled.decisions, timed.flights, timed.hauls, settled.values))
        return True, timed.cuts

    def flyable(self, whole: Decisions) -> bool:
        """Whether the timetable holds all of a plan; the campaign keeps to what it says otherwise."""
        timed = self._timed(whole)
        self.keep_to(timed.cuts)
        return not timed.left_over

    def _timed(self, whole: Decisions) -> Timetable:
        trips = whole.count("feeder_trips")
        return self.timetabler.times(whole.count("sorties"), whole.count("tails"), self.watch.clock, trips)

    def adopt(self, found: Candidate) -> None:
        """Keep a plan if better than the best."""
        if self.best is None or self.wanted.prefers(found.values, self.best.values):
            self.best = found
            self._better(found)
            for goal, value in zip(self.wanted.goals, found.values, strict=True):
                self.tell(goal.name, value, None, goal.unit)

    def run(self, starts: Sequence[Decisions]) -> None:
        """Fill `best` from the starts and from a search."""
        for start in starts:
            self.consider(start)
        if self.best is not None and max(self.best.values) <= 0:
            return  # nothing can be better than 0
        self.keep_to(self.timetabler.foreseen(self.watch.clock))
        if self.options.method == "plain":
            self._plain()
            return
        if len(together(self.net)) > 1 and self.wanted.limits and len(self.wanted.goals) == 1:
            known = self.best
            self._rough_bound = narrow(self, self._narrowed)
            if self.best is not known:
                return
        for spell_days in self.resolutions():
            if self._campaign(starts, spell_days) or self.watch.clock.stopped():
                return
        self._plain()

    def _narrowed(self, few: Network, watch: Watch) -> Planner:
        """A planner of some of the missions, whose plans are taken over at once."""
        return Planner(few, self.wanted, self.options, watch, self.adopt, tight=True)

    def resolutions(self) -> tuple[int, ...]:
        """Lengths of spells to plan in, one after the other where a plan is not found or not close.

        Fleets that choose apart share the zones and bases of a day, which only a day by itself can tell.
        """
        spells = len(self.net.days) > FEW_DAYS and len(together(self.net)) == 1
        return (SPELL_DAYS, 1) if spells else (1,)

    def searched(self, cuts: Sequence[Cut], spell_days: int) -> Search:
        """A fresh search of the campaign in spells, under cuts of the timetable."""
        kinds = self.timetabler.kinds(cuts)

        def master(spelled: Network, groups: Groups) -> Master:
            return Master(build(spelled, groups), self.patterns, self.options.seed)

        groups = together(self.net)
        return Search(
            master(in_spells(merged(self.net), kinds, spell_days), groups),
            master(in_spells(self.net, kinds, COARSE_DAYS), groups),
            master(in_spells(self.net, kinds, self.net.horizon_days, 0), apart(self.net)),
            self.wanted,
            self.options.seed,
            self.tell,
        )

    def bound_of(self, cuts: Sequence[Cut]) -> float:
        """A bound of the first goal that holds for every plan that keeps to these cuts."""
        clock = self.watch.clock
        return self.searched(cuts, SPELL_DAYS).prove((1.0,), clock, clock.share(BOUND_SHARE))[0]

    def _campaign(self, starts: Sequence[Decisions], spell_days: int) -> bool:
        """Search the campaign until the timetable holds all of it; whether a plan was found."""
        flown, long_enough = False, self.watch.clock.share(AGAIN_SHARE)
        for _ in range(TIMETABLE_ROUNDS):
            self.search = self.searched(tuple(self.cuts), spell_days)
            whole = self.search.find(starts, self._pace())
            if whole is None:
                return flown
            self.timetable_rounds += 1
            settled, cuts = self.consider(whole)
            flown = flown or settled or self._kept(self.search, whole)
            self.keep_to(cuts)
            if not cuts or (flown and long_enough.stopped()):
                break
        return flown

    def _kept(self, search: Search, whole: Decisions) -> bool:
        """Whether a plan that misses limits was changed to keep them: the whole, or some of its days."""
        limits = self.wanted.limits
        # Where patterns see nothing amiss, what is short is little: sorties of a few days make up for it.
        if limits and search.nothing_short() and self.repaired(whole, self._repair()):
            return True
        for _ in range(MORE_ROUNDS):
            short_kg = self.settler.short_kg(whole, limits, self.watch.clock) if limits else 0.0
            if not 0 < short_kg <= NEAR_FRAC * self.net.total_need_kg():
                break
            again = search.more(short_kg, self._pace())
            if again is None:
                break
            whole = again
            if self.consider(whole)[0]:
                return True
        return bool(limits) and self.repaired(whole, self._repair())

    def _repair(self) -> Clock:
        return self.watch.clock.share(REPAIR_SHARE)

    def _pace(self) -> Pace:
        late = LATE_SHARE if self.best is None else FIND_SHARE
        return Pace(self.watch.clock.share(FIND_SHARE), self.watch.clock.share(late))

    def repaired(self, whole: Decisions, clock: Clock) -> bool:
        """Whether a plan that misses limits keeps them with other sorties on some days."""
        goal, limits = self.wanted.goals[-1], self.wanted.limits
        repaired = self.settler.repaired(whole, goal, limits, clock)
        return self.consider(repaired)[0]

    def keep_to(self, cuts: Sequence[Cut]) -> None:
        """What the campaign keeps to from now on."""
        self.cuts |= dict.fromkeys(cuts)
        self.settler.limit_sorties([cut for cut in cuts if cut.proven])

    def _plain(self) -> None:
        """A first plan of the plain model, or the proof that there is none."""
        whole, solved = self.settler.first(self.wanted, self.watch.clock)
        self.impossible = solved.infeasible
        if whole is not None:
            self.consider(whole)

    def finish(self) -> tuple[float, ...]:
        """Bounds for the best plan, which is improved while a gap is open and time is left."""
        if self.best is None:
            return ()
        if self.options.method == "plain":
            share = self.watch.clock.share(IMPROVE_SHARE)
            return improve_plain(self, (0.0,) * len(self.best.values), share)
        if self._rough_only:  # mended where it was made
            return (min(self.best.values[0], self._rough_bound),)
        return improved(self, self.watch.clock.share(IMPROVE_SHARE))

    @property
    def known(self) -> Candidate:
        """The best plan, which there is once `finish` improves it."""
        if self.best is None:
            raise RuntimeError("there is no plan to improve")
        return self.best

    def notes(self) -> tuple[str, ...]:
        """What the timetable does to the best plan."""
        if self.best is None:
            return ()
        whole = self.best.decisions
        sorties, tails = whole.count("sorties"), whole.count("tails")
        cuts = (*self.cuts, *self.timetabler.met(sorties, Clock(GRACE_S)))
        return binding_notes(cuts, sorties, tails, self.net.instance.dates)

    def still_open(self, bounds: Sequence[float]) -> bool:
        """Whether the gap of any goal is wider than asked."""
        of_goals = zip(self.wanted.goals, self.known.values, bounds, strict=True)
        return any(goal.gap_frac(value, bound) > self.wanted.gap_frac for goal, value, bound in of_goals)

    @property
    def _rough_only(self) -> bool:
        """Whether the plan is that of few missions, and no other was sought."""
        return self.search is None and math.isfinite(self._rough_bound)

    def prover(self) -> Callable[[Clock], tuple[float, ...]]:
        """What proves, given a clock, a bound for each goal that holds for every plan.

        The bounds are those for the best plan as it is now, and hold for better ones as well.
        """
        values, search = self.known.values, self._bounding()

        def prove(clock: Clock) -> tuple[float, ...]:
            first, *others = search.prove(values, self.watch.clock, clock)
            return max(first, min(values[0], self._rough_bound)), *others

        return prove

    def _bounding(self) -> Search:
        """A search for bounds alone, under what is proven of the timetable; it goes on from the last one."""
        cuts, last = proven(self.cuts), self._bounder
        if last is not None and last[0] == cuts:
            return last[1]
        if self.search is not None and len(cuts) == len(self.cuts):
            search = self.search
        else:
            search = self.searched(cuts, SPELL_DAYS)
            search.boxes = [] if self.search is None else self.search.boxes
        if last is not None:
            search.go_on_from(last[1])
        self._bounder = cuts, search
        return search
