"""Network -> campaign -> timetable -> Plan -> Result."""

from __future__ import annotations

from collections.abc import Sequence

from instances.schema import Instance
from optimizer.assemble import assemble
from optimizer.campaign.objective import Goal, cheapest, goals, reach
from optimizer.campaign.reasons import why_short
from optimizer.campaign.wanted import Wanted
from optimizer.candidate import Candidate
from optimizer.cut import Cut, proven
from optimizer.header import header
from optimizer.joint import stated_share
from optimizer.network import Network, build_network
from optimizer.options import Options
from optimizer.plan import Plan, Result, Status
from optimizer.planner import Planner
from optimizer.scoring import decisions_of, objective_values, objectives
from optimizer.watch import Watch

SHOWN_LIMITS = 3  # of the timetable, where no plan can do what is asked


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
    title = header(instance, options, net)

    def assembled(best: Candidate) -> Plan:
        return assemble(net, best.decisions, best.flights, title, best.hauls)

    def better(best: Candidate) -> None:
        watch.plan(_stated(net, assembled(best), planner, (0.0,) * len(planner.wanted.goals)))

    planner = Planner(net, _wanted(net, options), options, watch, better)
    known = [decisions_of(plan, net) for plan in starts]
    planner.run(known)
    bounds = planner.finish()
    if planner.best is None:
        return _without_plan(net, options, watch, planner.impossible, tuple(planner.cuts))
    plan = _stated(net, assembled(planner.best), planner, bounds)
    plan = plan.model_copy(update={"notes": (*plan.notes, *planner.notes())})
    return Result(status=plan.status, plan=plan)


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
    patterns = planner.patterns
    search = (
        ("rounds", patterns.rounds),
        ("patterns", len(patterns.known)),
        ("timetable_rounds", planner.timetable_rounds),
        ("timetable_days", planner.timetabler.days_worked_out),
    )
    return plan.model_copy(update={"objectives": stated, "status": status, "search": search})


def _without_plan(
    net: Network, options: Options, watch: Watch, impossible: bool, cuts: Sequence[Cut]
) -> Result:
    """Say whether there can be no plan, and why, or only that none was found in time."""
    if options.coverage_frac is not None and (impossible or not watch.clock.stopped()):
        wanted = Wanted((reach(net),), (), options.gap_frac)
        planner = Planner(net, wanted, options, Watch(watch.clock))
        best_share = 1 - planner.bound_of(proven(cuts))
        if impossible or best_share < options.coverage_frac - 1e-6:
            best_share = min(best_share, options.coverage_frac)
            reason = why_short(net, options.coverage_frac, best_share, watch.clock)
            # Only limits that hold for every plan; of those the first few say enough.
            limits = list(dict.fromkeys(cut.reason for cut in cuts if cut.proven))[:SHOWN_LIMITS]
            said = f" The timetable allows {'; '.join(limits)}." if limits else ""
            return Result(status=Status.INFEASIBLE, reason=f"{reason}{said}")
    return Result(status=Status.NO_PLAN, reason="the time limit came before the first plan")
