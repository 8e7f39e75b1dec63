"""Network -> campaign -> timetable -> Plan -> Result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from instances.schema import Instance
from optimizer.assemble import assemble
from optimizer.campaign.objective import cheapest, goals, reach
from optimizer.campaign.reasons import why_short
from optimizer.campaign.totals import Totals
from optimizer.campaign.wanted import Wanted
from optimizer.candidate import Candidate
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
    net = network_of(instance, options)
    title = header(instance, options, net)

    def assembled(best: Candidate) -> Plan:
        return assemble(net, best.decisions, best.flights, title, best.hauls)

    def better(best: Candidate) -> None:
        watch.plan(_stated(net, assembled(best), planner))

    planner = Planner(net, _wanted(net, options), options, watch, better)
    planner.run([decisions_of(plan, net) for plan in starts])
    if planner.best is None:
        return _without_plan(net, options, watch, planner)
    plan = _stated(net, assembled(planner.best), planner)
    plan = plan.model_copy(update={"notes": (*plan.notes, *planner.notes())})
    return Result(status=plan.status, plan=plan)


def reachable(instance: Instance, options: Options, watch: Watch, starts: Sequence[Plan] = ()) -> Result:
    """A plan that meets the largest share of every need in every week that the parties can.

    What it meets is `optimizer.joint.shown_share` of the plan; see `solve` for the parameters.
    """
    net = network_of(instance, options)
    title = header(instance, options, net)
    planner = Planner(net, Wanted((reach(net),), options.gap_frac), options, watch)
    planner.run([decisions_of(plan, net) for plan in starts])
    if planner.best is None:
        return Result(status=Status.NO_PLAN, reason="the time limit came before the first plan")
    best = planner.best
    share = options.model_copy(update={"coverage_frac": stated_share(1 - best.values[0])})
    head = title.model_copy(update={"options": share})
    plan = assemble(net, best.decisions, best.flights, head, best.hauls)
    cost = (cheapest(),)
    stated = objectives(cost, objective_values(net, plan, cost), (0.0,))
    return Result(status=Status.FEASIBLE, plan=plan.model_copy(update={"objectives": stated}))


def network_of(instance: Instance, options: Options) -> Network:
    """What the parties of a run can fly, with the day from which coverage counts."""
    net = build_network(instance, options.parties, options.stops)
    return replace(net, coverage_from=options.coverage_from)


def _wanted(net: Network, options: Options) -> Wanted:
    if options.coverage_frac is None:
        return Wanted(goals(net), options.gap_frac)
    return Wanted((cheapest(),), options.gap_frac, 1 - options.coverage_frac)


def _stated(net: Network, plan: Plan, planner: Planner) -> Plan:
    """The plan with its objectives, and the status they earn."""
    wanted = planner.wanted.goals
    stated = objectives(wanted, objective_values(net, plan, wanted), planner.bounds)
    proven = all(objective.gap_frac <= planner.options.gap_frac for objective in stated)
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    search = (
        ("rounds", planner.rounds),
        ("timetable_days", planner.timetabler.days_worked_out),
    )
    return plan.model_copy(update={"objectives": stated, "status": status, "search": search})


def _without_plan(net: Network, options: Options, watch: Watch, planner: Planner) -> Result:
    """Say whether there can be no plan, and why, or only that none was found in time."""
    if options.coverage_frac is not None:
        cuts = tuple(cut for cut in planner.cuts if cut.proven)
        goal = reach(net)
        totals = Totals(net, Wanted((goal,), options.gap_frac), options.seed, cuts)
        best_share = 1 - max(0.0, totals.bounds((1.0,), watch.clock, lambda *_: None)[0])
        if planner.impossible or best_share < options.coverage_frac - 1e-6:
            best_share = min(best_share, options.coverage_frac)
            reason = why_short(net, options.coverage_frac, best_share, watch.clock)
            # Only limits that hold for every plan; of those the first few say enough.
            limits = list(dict.fromkeys(cut.reason for cut in cuts))[:SHOWN_LIMITS]
            said = f" The timetable allows {'; '.join(limits)}." if limits else ""
            return Result(status=Status.INFEASIBLE, reason=f"{reason}{said}")
    return Result(status=Status.NO_PLAN, reason="the time limit came before the first plan")
