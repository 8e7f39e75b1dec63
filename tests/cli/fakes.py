"""Stand-ins for the solver, each with one habit; they run in real child processes.

A job names its function as text, so a test points `optimizer.runs.SOLVE` here.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import replace

from instances.errors import SolverError
from instances.schema import Instance
from optimizer.options import Options
from optimizer.plan import Plan, Result, Status
from optimizer.watch import Progress, Watch
from tests.check.hand_plan import HAND, Decisions, Flown, edited, written

type Starts = Sequence[Plan]


def _flown(party: str) -> tuple[Flown, ...]:
    return tuple(one for one in HAND.flown if one.fleet.startswith(party))


def _decided(parties: tuple[str, ...]) -> Decisions:
    """The hand plan as far as these parties fly it."""
    handed = {"north": HAND.handed[:3], "south": HAND.handed[3:]}
    return replace(
        HAND,
        flown=tuple(one for party in parties for one in _flown(party)),
        tails=tuple((f"{party}_hauler", 1) for party in parties),
        handed=tuple(sorted(row for party in parties for row in handed[party])),
        parties=parties,
    )


def hand_plan(instance: Instance, options: Options, status: Status = Status.FEASIBLE) -> Plan:
    """A plan that keeps every rule, for one party or both."""
    plan = written(_decided(options.parties), instance)
    if status is Status.OPTIMAL:
        proven = tuple(
            one.model_copy(update={"bound": one.value, "gap_frac": 0.0}) for one in plan.objectives
        )
        plan = plan.model_copy(update={"objectives": proven})
    update = {"options": options, "status": status, "instance_sha256": instance.sha256}
    return plan.model_copy(update=update)


def optimal(instance: Instance, options: Options, watch: Watch, *_: object) -> Result:
    watch.progress(Progress("cost_usd", 21000.0, 20000.0, "USD"))
    return Result(status=Status.OPTIMAL, plan=hand_plan(instance, options, Status.OPTIMAL))


def feasible(instance: Instance, options: Options, *_: object) -> Result:
    return Result(status=Status.FEASIBLE, plan=hand_plan(instance, options))


def infeasible(*_: object) -> Result:
    return Result(status=Status.INFEASIBLE, reason="the hamlet's link carries 500 kg a day, it needs 600")


def nothing(*_: object) -> Result:
    return Result(status=Status.NO_PLAN, reason="time ran out before any plan was found")


def rule_breaking(instance: Instance, options: Options, *_: object) -> Result:
    plan = edited(hand_plan(instance, options), "sorties", 0, distance_km=1.0)
    return Result(status=Status.FEASIBLE, plan=plan)


def north_breaks_rules(instance: Instance, options: Options, watch: Watch, *_: object) -> Result:
    wrong = options.parties == ("north",)
    return (rule_breaking if wrong else optimal)(instance, options, watch)


def patient(instance: Instance, options: Options, watch: Watch, *_: object) -> Result:
    """Sends a plan and works on until it is told to stop."""
    watch.plan(hand_plan(instance, options))
    watch.progress(Progress("cost_usd", 21000.0, 20000.0, "USD"))
    while not watch.clock.stopped():
        time.sleep(0.02)
    return feasible(instance, options)


def empty_handed(_: Instance, __: Options, watch: Watch, *___: object) -> Result:
    """Works until its time is up and finds nothing."""
    watch.progress(Progress("searching"))
    while not watch.clock.stopped():
        time.sleep(0.02)
    return nothing()


def hanging(*_: object) -> Result:
    time.sleep(600)
    raise AssertionError


def hanging_with_plan(instance: Instance, options: Options, watch: Watch, *_: object) -> Result:
    watch.plan(hand_plan(instance, options))
    return hanging()


def hanging_together(instance: Instance, options: Options, *_: object) -> Result:
    alone = len(options.parties) == 1
    return feasible(instance, options) if alone else hanging()


def crashing(*_: object) -> Result:
    raise ZeroDivisionError("tonnes by nothing")


def crashing_with_plan(instance: Instance, options: Options, watch: Watch, *_: object) -> Result:
    watch.plan(hand_plan(instance, options))
    return crashing()


def killed(*_: object) -> Result:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def refused(*_: object) -> Result:
    raise SolverError("the solver answered unbounded, which a plan never is")


def chatty(instance: Instance, options: Options, watch: Watch, *_: object) -> Result:
    os.write(1, b"Running HiGHS 1.14\n")
    print("presolve")  # noqa: T201
    return optimal(instance, options, watch)


def counting_starts(instance: Instance, options: Options, _: Watch, starts: Starts = ()) -> Result:
    plan = hand_plan(instance, options, Status.OPTIMAL)
    notes = tuple(f"start of {'+'.join(start.options.parties)}" for start in starts)
    return Result(status=Status.OPTIMAL, plan=plan.model_copy(update={"notes": notes}))


def at_coverage(instance: Instance, options: Options, *_: object) -> Result:
    """With a coverage, only cost is an objective."""
    plan = hand_plan(instance, options, Status.OPTIMAL)
    if options.coverage_frac is not None:
        plan = plan.model_copy(update={"objectives": plan.objectives[-1:]})
    return Result(status=Status.OPTIMAL, plan=plan)


def reaching(instance: Instance, options: Options, *_: object) -> Result:
    """Both reach nothing of some need: north no flour every day, south no soap."""
    options = options.model_copy(update={"coverage_frac": 0.0})
    return Result(status=Status.FEASIBLE, plan=at_coverage(instance, options).plan)


def nothing_at_equal(instance: Instance, options: Options, *_: object) -> Result:
    """Finds plans, but none at a coverage."""
    return nothing() if options.coverage_frac is not None else feasible(instance, options)
