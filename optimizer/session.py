"""One command's time and wishes, and the judge between a solver's answer and a plan that counts.

A plan counts when it was written, read back and found to keep every rule; what our own judge refuses is
never written as a plan.
"""

from __future__ import annotations

import os
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from instances.errors import AidliftError
from instances.schema import Instance
from optimizer.check import Violation, check
from optimizer.guard import CrashError, Job, Outcome, Stop, run_guarded
from optimizer.plan import Plan, Result, Status
from optimizer.watch import Progress

_LEAST_S: Final = 0.3  # a child needs longer than this to start
_WORKERS: Final = 2


type Failure = tuple[str, AidliftError]
"""What failed, and why."""


@dataclass(frozen=True)
class Run:
    """What became of one plan.

    Attributes
    ----------
    name : str
        Name of its folder, such as ``un+russia`` or ``un@equal``.
    result : Result
        Status and reason; the plan as read back from its files, only if it keeps every rule.
    folder : Path or None
        Where it was written.
    violations : tuple of Violation
        What our judge found in the plan that the solver gave.
    errors : tuple of (str, AidliftError)
        Jobs that failed on the way, and why.
    warnings : tuple of str
        What else the planner should know.
    """

    name: str
    result: Result
    folder: Path | None = None
    violations: tuple[Violation, ...] = ()
    errors: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()


def _ignore(*_: object) -> None:
    return None


@dataclass(frozen=True)
class Session:
    """What one command has to go by.

    Attributes
    ----------
    write, read : callable
        Write the files of a plan, and read them back.
    publish : callable or None
        Writes the files of a plan that keeps every rule, with its page; `write` where there is none.
    ends_at : float
        When the whole command must be done, on the clock of `time.monotonic`.
    time_limit_s : float
        What was asked for, seconds.
    stop : Stop
        The wish to end early.
    instance_path : str
        Folder of an instance that is not shipped, for ``plan.json``.
    begin : callable
        Told the names of the jobs that start.
    progress : callable
        Told the name of a job and where it stands.
    """

    write: Callable[[Plan, Path], None]
    read: Callable[[Path], Plan]
    ends_at: float
    time_limit_s: float
    stop: Stop = field(default_factory=Stop)
    instance_path: str = ""
    begin: Callable[[Sequence[str]], None] = _ignore
    progress: Callable[[str, Progress], None] = _ignore
    publish: Callable[[Plan, Path], None] | None = None

    def solving_s(self) -> float:
        """Seconds left for solving; the rest is for judging and writing."""
        reserve = min(max(4.0, 0.03 * self.time_limit_s), 0.2 * self.time_limit_s)
        return max(0.0, self.ends_at - time.monotonic() - reserve)


def _workers() -> int:
    return max(1, min(_WORKERS, os.cpu_count() or 1))


def guarded(jobs: Sequence[Job], seconds: float, session: Session) -> dict[str, Outcome]:
    """The outcomes of jobs; empty ones when there is no time or no wish to start."""
    if seconds < _LEAST_S or session.stop():
        return {job.name: Outcome(job.name) for job in jobs}
    session.begin([job.name for job in jobs])
    return run_guarded(jobs, seconds, session.stop, session.progress, _workers())


def _result(outcome: Outcome, session: Session) -> Result:
    """The answer of a child, or the best plan it sent before its end."""
    given = outcome.answer if isinstance(outcome.answer, Result) else None
    if given is not None and (given.plan is not None or given.status is Status.INFEASIBLE):
        return given
    if outcome.plan is not None:
        return Result(status=Status.FEASIBLE, plan=outcome.plan)
    if given is not None:
        return given
    if outcome.error is not None:
        return Result(status=Status.NO_PLAN, reason="the solver failed before any plan was found")
    if session.stop():
        return Result(status=Status.NO_PLAN, reason="it was interrupted before any plan was found")
    return Result(
        status=Status.NO_PLAN, reason="time ran out before any plan was found; allow more with --time-limit"
    )


def judged(plan: Plan, instance: Instance, session: Session) -> tuple[Plan, tuple[Violation, ...]]:
    """The plan as its files hold it, and what is wrong with that."""
    with tempfile.TemporaryDirectory(prefix="aidlift-") as scratch:
        folder = Path(scratch) / "plan"
        session.write(plan, folder)
        read = session.read(folder)
    return read, check(read, instance)


def errors_of(outcome: Outcome) -> tuple[Failure, ...]:
    """What failed in a job."""
    return () if outcome.error is None else ((outcome.name, outcome.error),)


def judged_run(outcome: Outcome, instance: Instance, session: Session) -> Run:
    """An outcome with its plan judged, not yet saved."""
    result, errors = _result(outcome, session), errors_of(outcome)
    if result.plan is None:
        return Run(outcome.name, result, errors=errors)
    update = {"status": result.status, "instance_path": session.instance_path}
    try:
        plan, violations = judged(result.plan.model_copy(update=update), instance, session)
    except Exception as error:  # noqa: BLE001  # one plan that cannot be judged must not lose the others
        crash = CrashError(f"judging the plan, {type(error).__name__}: {error}", traceback.format_exc())
        unjudged = Result(status=Status.NO_PLAN, reason="the plan found could not be judged")
        return Run(outcome.name, unjudged, errors=(*errors, (outcome.name, crash)))
    if violations:
        refused = Result(status=Status.NO_PLAN, reason="the plan found breaks rules")
        return Run(outcome.name, refused, violations=violations, errors=errors)
    return Run(outcome.name, result.model_copy(update={"plan": plan}), errors=errors)


def save(run: Run, folder: Path, session: Session) -> Run:
    """The run with its plan written, if it has one."""
    if run.result.plan is None:
        return run
    try:
        (session.publish or session.write)(run.result.plan, folder)
    except AidliftError as error:
        return replace(run, errors=(*run.errors, (run.name, error)))
    return replace(run, folder=folder)
