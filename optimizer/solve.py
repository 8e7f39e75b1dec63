"""Network -> campaign -> timetable -> Plan -> Result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from instances.schema import Instance
from optimizer.assemble import assemble
from optimizer.campaign.build import build
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.master import Master
from optimizer.campaign.merge import merged
from optimizer.campaign.objective import Goal, cheapest, goals, reach
from optimizer.campaign.patterns import Patterns
from optimizer.campaign.reasons import why_short
from optimizer.campaign.search import Search
from optimizer.campaign.settle import Settled, Settler
from optimizer.campaign.wanted import Wanted
from optimizer.clock import Clock
from optimizer.cut import Cut, binding_notes
from optimizer.header import header
from optimizer.joint import stated_share
from optimizer.network import Network, build_network
from optimizer.options import Options
from optimizer.plan import Plan, Result, Status
from optimizer.scoring import decisions_of, objective_values, objectives
from optimizer.timetable.flights import Flight, Haul
from optimizer.timetable.timetabler import Timetabler
from optimizer.watch import Progress, Watch

WORKERS = 2  # threads that price
SCOUT_SHARE = 0.2  # of the time, at most, for pricing a condensed plan
SINGLE_SHARE = 0.3  # of the time, at most, for a plan without tours to begin from
FIND_SHARE = 0.7  # of the time; the rest settles the loads and proves the bound
IMPROVE_SHARE = 0.8  # of what is left then for a better plan; settling and writing need the rest
PLAIN_SHARE = 0.25  # of that for the plain model where it goes first
FEW_NUMBERS = (
    500  # whole numbers at most for which the plain model goes first: it closes the gap of small cases
)
TIMETABLE_ROUNDS = 3  # how often a day that does not fit is sent back to the campaign
SHOWN_LIMITS = 3  # of the timetable, where no plan can do what is asked


@dataclass(frozen=True)
class Candidate:
    """A complete campaign: decisions, timed flights, and the value of each goal in order."""

    decisions: Decisions
    flights: tuple[Flight, ...]
    hauls: tuple[Haul, ...]
    values: tuple[float, ...]


class Planner:
    """One run: what is wanted from one network, and the best candidate so far."""

    def __init__(self, net: Network, wanted: Wanted, options: Options, watch: Watch) -> None:
        self.net, self.wanted, self.options, self.watch = net, wanted, options, watch
        self.settler = Settler(build(net), options.seed)
        self.timetabler = Timetabler(net, options.seed)
        self.cuts: dict[Cut, None] = {}
        self.timetable_rounds = 0
        self.search = Search(wanted, options.seed, self._tell, Patterns(net, WORKERS))
        self.best: Candidate | None = None
        self.master: Master | None = None
        self.impossible = False

    def _tell(self, stage: str, value: float | None, bound: float | None, unit: str) -> None:
        self.watch.progress(Progress(stage, value, bound, unit))

    def consider(self, whole: Decisions) -> tuple[bool, tuple[Cut, ...]]:
        """Time and settle whole numbers; keep them if better than the best.

        Returns whether they could be flown, less the sorties that found no place, and what the campaign
        must keep to for them to find one.
        """
        self._tell("timetable", None, None, "")
        clock = self.watch.clock
        trips = whole.count("feeder_trips")
        timed = self.timetabler.times(whole.count("sorties"), whole.count("tails"), clock, trips)
        whole = without(self.net, whole, timed.left_over)
        settled = self.settler.settle(whole, self.wanted.goals, self.wanted.limits, clock)
        if settled is None:
            return False, timed.cuts
        if self.best is None or settled.values < self.best.values:
            self.best = Candidate(settled.decisions, timed.flights, timed.hauls, settled.values)
        return True, timed.cuts

    def run(self, starts: Sequence[Decisions]) -> None:
        """Fill `best` from the starts and from a search; goods that travel alike are merged first."""
        for start in starts:
            self.consider(start)
        if self.best is not None and max(self.best.values) <= 0:
            return  # nothing can be better than 0
        self._keep_to(self.timetabler.foreseen(self.watch.clock))
        if self.options.method == "plain":
            self._plain()
            return
        small = merged(self.net)
        for net in (small, self.net) if len(small.commodities) < len(self.net.commodities) else (self.net,):
            if self._search(net, starts) or self.watch.clock.stopped():
                return
        self._plain()

    def _keep_to(self, cuts: Sequence[Cut]) -> None:
        """What the campaign keeps to from now on."""
        self.cuts |= dict.fromkeys(cuts)
        self.settler.limit_sorties([cut for cut in cuts if cut.proven])

    def _plain(self) -> None:
        """A first plan of the plain model, or the proof that there is none."""
        whole, self.impossible = self.settler.first(self.wanted, self.watch.clock)
        if whole is not None:
            self.consider(whole)

    def _search(self, net: Network, starts: Sequence[Decisions]) -> bool:
        self.master = master = self.search.scout(net, self.watch.clock.share(SCOUT_SHARE))
        flown = False
        for _ in range(TIMETABLE_ROUNDS):
            whole = self.search.find(master, starts, tuple(self.cuts), self.watch.clock.share(FIND_SHARE))
            if whole is None:
                return flown
            self.timetable_rounds += 1
            settled, cuts = self.consider(whole)
            flown = flown or settled
            if not cuts:
                return flown
            self._keep_to(cuts)
        return flown

    def finish(self) -> tuple[float, ...]:
        """Bounds for the best plan, which is improved while a gap is open and time is left."""
        if self.best is None:
            return ()
        plain = self.options.method == "plain"
        bounds = (0.0,) * len(self.best.values) if plain else self._prove(self.best)
        clock = self.watch.clock.share(IMPROVE_SHARE)
        if plain:
            return self._improve_plain(self.best, bounds, clock)
        if self.settler.whole_numbers <= FEW_NUMBERS:
            bounds = self._improve_plain(self.best, bounds, clock.share(PLAIN_SHARE))
        self._improve_patterns(self.best, bounds, clock)
        return self._improve_plain(self.best, bounds, clock)

    def _improve_plain(self, best: Candidate, bounds: tuple[float, ...], clock: Clock) -> tuple[float, ...]:
        """Search the plain model from the best plan; the bounds that are known then."""
        settled = Settled(best.decisions, best.values)
        whole, bounds = self.settler.improve(settled, self.wanted, bounds, clock)
        if whole is not settled.decisions:
            self.consider(whole)
        return bounds

    def _improve_patterns(self, best: Candidate, bounds: tuple[float, ...], clock: Clock) -> None:
        """Search more patterns around the best plan while a gap is open."""
        if self.master is not None and self._open(best, bounds) and not clock.stopped():
            found = self.search.improve(self.master, best.decisions, best.values, clock)
            if found is not None:
                self.consider(found)

    def notes(self) -> tuple[str, ...]:
        """What the timetable does to the best plan."""
        if self.best is None:
            return ()
        whole = self.best.decisions
        sorties, tails = whole.count("sorties"), whole.count("tails")
        return binding_notes(self.cuts, sorties, tails, self.net.instance.dates)

    def _open(self, best: Candidate, bounds: Sequence[float]) -> bool:
        """Whether the gap of any goal is wider than asked."""
        of_goals = zip(self.wanted.goals, best.values, bounds, strict=True)
        return any(goal.gap_frac(value, bound) > self.wanted.gap_frac for goal, value, bound in of_goals)

    def _prove(self, best: Candidate) -> tuple[float, ...]:
        """A bound for each goal that holds for every plan of the full network."""

        def master(net: Network) -> Master:
            fresh = self.search.master(net)
            fresh.offer_plan(best.decisions)
            fresh.offer_all(self.search.used)
            return fresh

        small = merged(self.net)
        return self.search.prove(
            lambda: master(small), lambda: master(self.net), best.values, self.watch.clock
        )


def solve(instance: Instance, options: Options, watch: Watch, starts: Sequence[Plan] = ()) -> Result:
    """Plan one campaign.

    Parameters
    ----------
    instance : Instance
        Checked input, already shortened to ``options.days``.
    options : Options
        Parties, coverage, gap, seed.
    watch : Watch
        Clock, progress, and where each better plan goes.
    starts : sequence of Plan
        Plans of some of the parties for the same instance; the answer is at least as good as the best of
        them that meets the options.

    Returns
    -------
    Result
        Status, reason, and the plan if there is one. The plan is not yet judged.
    """
    net = build_network(instance, options.parties, options.stops)
    planner = Planner(net, _wanted(net, options), options, watch)
    known = [decisions_of(plan, net) for plan in starts]
    planner.run([*known, *_with_single_stops(net, options, watch, known)])
    if planner.best is None:
        return _without_plan(net, options, watch, planner.impossible, tuple(planner.cuts))
    title = header(instance, options, net)
    plan = assemble(net, planner.best.decisions, planner.best.flights, title, planner.best.hauls)
    watch.plan(_stated(net, plan, planner, (0.0,) * len(planner.wanted.goals)))
    bounds = planner.finish()
    best = planner.best
    plan = assemble(net, best.decisions, best.flights, title, best.hauls)
    plan = _stated(net, plan, planner, bounds)
    return Result(status=plan.status, plan=plan)


def _with_single_stops(
    net: Network, options: Options, watch: Watch, starts: Sequence[Decisions]
) -> list[Decisions]:
    """Where sorties may serve several zones, a plan without such sorties, from which tours then save."""
    single = {m: mission for m, mission in net.missions.items() if len(mission.stops) == 1}
    if len(single) == len(net.missions) or starts or options.method == "plain":
        return []  # the plain model finds its way to tours by itself
    by_day = {d: tuple(m for m in missions if m in single) for d, missions in net.by_day.items()}
    simple = replace(net, missions=single, by_day=by_day)
    part = Watch(watch.clock.share(SINGLE_SHARE), watch.progress)
    planner = Planner(simple, _wanted(simple, options), options, part)
    planner.run([])
    return [] if planner.best is None else [planner.best.decisions]


def reachable_share(instance: Instance, options: Options, watch: Watch, starts: Sequence[Plan] = ()) -> float:
    """The largest share of every need the parties can meet, shown by a plan, rounded down to 0.001.

    At least what the plans of `starts` reach; 0 when no plan was found in time.
    """
    net = build_network(instance, options.parties, options.stops)
    wanted = Wanted((reach(net),), (), options.gap_frac)
    planner = Planner(net, wanted, options, watch)
    planner.run([decisions_of(plan, net) for plan in starts])
    if planner.best is None:
        return 0.0
    return stated_share(1 - planner.best.values[0])


def _wanted(net: Network, options: Options) -> Wanted:
    if options.coverage_frac is None:
        return Wanted(goals(net), (), options.gap_frac)
    limits: tuple[tuple[Goal, float], ...] = ((reach(net), 1 - options.coverage_frac),)
    return Wanted((cheapest(),), limits, options.gap_frac)


def _stated(net: Network, plan: Plan, planner: Planner, bounds: Sequence[float]) -> Plan:
    """The plan with its objectives, and the status they earn."""
    wanted = planner.wanted.goals
    stated = objectives(wanted, objective_values(net, plan, wanted), bounds)
    proven = all(objective.gap_frac <= planner.options.gap_frac for objective in stated)
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    patterns = planner.search.patterns
    search = (
        ("rounds", patterns.rounds),
        ("patterns", len(patterns.known)),
        ("timetable_rounds", planner.timetable_rounds),
        ("timetable_days", planner.timetabler.days_worked_out),
    )
    update = {
        "objectives": stated,
        "status": status,
        "search": search,
        "notes": (*plan.notes, *planner.notes()),
    }
    return plan.model_copy(update=update)


def _without_plan(
    net: Network, options: Options, watch: Watch, impossible: bool, cuts: Sequence[Cut]
) -> Result:
    """Say whether there can be no plan, and why, or only that none was found in time."""
    if options.coverage_frac is not None and (impossible or not watch.clock.stopped()):
        wanted = Wanted((reach(net),), (), options.gap_frac)
        search = Search(wanted, options.seed, lambda *_: None, Patterns(net))
        master = search.master(net)
        search.cuts = tuple(cuts)
        best_share = 1 - search.prove(lambda: master, lambda: master, (1.0,), watch.clock)[0]
        if impossible or best_share < options.coverage_frac - 1e-6:
            best_share = min(best_share, options.coverage_frac)
            reason = why_short(net, options.coverage_frac, best_share, watch.clock)
            # Only limits that hold for every plan; of those the first few say enough.
            limits = list(dict.fromkeys(cut.reason for cut in cuts if cut.proven))[:SHOWN_LIMITS]
            said = f" The timetable allows {'; '.join(limits)}." if limits else ""
            return Result(status=Status.INFEASIBLE, reason=f"{reason}{said}")
    return Result(status=Status.NO_PLAN, reason="the time limit came before the first plan")


def without(net: Network, whole: Decisions, left_over: Mapping[tuple[str, int], int]) -> Decisions:
    """The same decisions less the sorties that cannot be flown and the bundles they would carry."""
    if not left_over:
        return whole
    sorties, bundles = dict(whole.of("sorties")), dict(whole.of("bundles"))
    trips = dict(whole.of("feeder_trips"))
    for (m, d), n in left_over.items():
        if m in net.feeders:
            trips[m, d] -= n
            continue
        sorties[m, d] -= n
        positions = net.missions[m].positions
        if positions is not None:
            room = positions * sorties[m, d]
            for stop in net.stops_of([m]):
                bundles[stop, d] = min(bundles.get((stop, d), 0.0), room)
                room -= bundles[stop, d]
    return Decisions({**whole.values, "sorties": sorties, "bundles": bundles, "feeder_trips": trips})
