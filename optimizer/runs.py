"""What ``solve`` and ``compare`` do: who is planned for, in which order, for how long. No printing here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from instances.schema import Instance
from optimizer.guard import Job
from optimizer.joint import shown_share, with_others_at_home
from optimizer.options import Options
from optimizer.plan import Plan, Result, Status
from optimizer.session import Failure, Run, Session, errors_of, guarded, judged, judged_run, save

SOLVE = "optimizer.solve:solve"
REACHABLE = "optimizer.solve:reachable"

COMPARE_WEIGHTS: Final = (4.5, 2.0, 0.5, 2.7, 1.3)
"""How a comparison shares its time: alone, together, equal share, alone and together at that share."""


@dataclass(frozen=True)
class Comparison:
    """What became of a comparison.

    Attributes
    ----------
    runs : tuple of Run
        In the order of the columns.
    equal_frac : float or None
        The share of every need that each party can reach alone, 0..1.
    errors : tuple of (str, AidliftError)
        What failed while looking for that share.
    """

    runs: tuple[Run, ...]
    equal_frac: float | None = None
    errors: tuple[Failure, ...] = ()


def folder_name(parties: Iterable[str]) -> str:
    """Name of the folder of a plan flown by these parties."""
    return "+".join(parties)


def _rank(plan: Plan) -> tuple[float, ...]:
    return tuple(round(objective.value, 3) for objective in plan.objectives)


def _plans(runs: Iterable[Run]) -> tuple[Plan, ...]:
    return tuple(run.result.plan for run in runs if run.result.plan is not None)


def _with_fallback(
    run: Run, starts: Sequence[Plan], options: Options, instance: Instance, session: Session
) -> Run:
    """The best start in place of a plan that was not found in time, or is worse."""
    found, proven = run.result.plan, run.result.status in (Status.OPTIMAL, Status.INFEASIBLE)
    if proven or run.violations or not starts:
        return run
    best = min(starts, key=_rank)
    if found is not None and _rank(found) <= _rank(best):
        return run
    plan, violations = judged(with_others_at_home(best, options, instance), instance, session)
    return run if violations else replace(run, result=Result(status=Status.FEASIBLE, plan=plan))


def _together(
    name: str, instance: Instance, options: Options, starts: Sequence[Plan], seconds: float, session: Session
) -> Run:
    """One judged plan of all parties, at least as good as each of the starts."""
    job = Job(name, SOLVE, instance, options, tuple(starts))
    run = judged_run(guarded([job], seconds, session)[name], instance, session)
    return _with_fallback(run, starts, options, instance, session)


def _jobs(name: str, work: str, instance: Instance, options: Options, known: Iterable[Plan]) -> list[Job]:
    """A job for each party alone, starting from the plans already known of it; `{}` is its id in `name`."""
    return [
        Job(
            name.format(party),
            work,
            instance,
            options.model_copy(update={"parties": (party,)}),
            tuple(plan for plan in known if plan.options.parties == (party,)),
        )
        for party in options.parties
    ]


def _alone(jobs: Sequence[Job], instance: Instance, seconds: float, session: Session) -> tuple[Run, ...]:
    """A judged plan of each party, not yet saved."""
    outcomes = guarded(jobs, seconds, session)
    runs = [judged_run(outcomes[job.name], instance, session) for job in jobs]
    return tuple(
        _with_fallback(run, job.starts, job.options, instance, session)
        for run, job in zip(runs, jobs, strict=True)
    )


def solve_run(instance: Instance, options: Options, folder: Path, session: Session) -> Run:
    """One plan of the parties in `options`, judged and written.

    Beside several parties together each is planned for alone, as long as time allows: if the plan together is
    not proven by then, the best of these stands by.

    Parameters
    ----------
    instance : Instance
        With the scenarios of the options, shortened to their days.
    options : Options
        What is asked for.
    folder : Path
        Where the plan is written.
    session : Session
        Time, wish to stop, and who is told.
    """
    name = folder_name(options.parties)
    together = Job(name, SOLVE, instance, options, leads=True)
    jobs = _jobs("{}", SOLVE, instance, options, ()) if len(options.parties) > 1 else []
    outcomes = guarded([together, *jobs], session.solving_s(), session)
    run = judged_run(outcomes[name], instance, session)
    if run.result.status in (Status.OPTIMAL, Status.INFEASIBLE):
        return save(run, folder, session)
    alone = [judged_run(outcomes[job.name], instance, session) for job in jobs]
    run = _with_fallback(run, _plans(alone), options, instance, session)
    warnings = tuple(
        f"the plan of {one.name} alone breaks rules and was not used: {one.violations[0]}"
        for one in alone
        if one.violations
    )
    errors = tuple(error for one in alone for error in one.errors)
    return save(replace(run, errors=(*errors, *run.errors), warnings=warnings), folder, session)


class _Budget:
    """Shares the time left among phases by weight, so that unused time goes to later ones."""

    def __init__(self, session: Session, weights: Sequence[float]) -> None:
        self._session, self._weights = session, list(weights)

    def next_s(self) -> float:
        """Seconds for the next phase."""
        share = self._weights[0] / sum(self._weights)
        del self._weights[0]
        return share * self._session.solving_s()


def compare_run(instance: Instance, options: Options, folder: Path, session: Session) -> Comparison:
    """Every party alone and all together, each at its own best and at a share that all can reach.

    Parameters
    ----------
    instance : Instance
        With the scenarios of the options, shortened to their days.
    options : Options
        What is asked for; its parties are compared.
    folder : Path
        Holds one folder per plan.
    session : Session
        Time, wish to stop, and who is told.

    Returns
    -------
    Comparison
        One run per plan, fewer when it was interrupted.
    """
    several = len(options.parties) > 1
    budget = _Budget(session, COMPARE_WEIGHTS if several else COMPARE_WEIGHTS[:1])
    own = _group("", instance, options, folder, session, budget, ())
    if not several:
        return Comparison(own)
    equal_frac, reached, errors = _equal_share(instance, options, budget.next_s(), session, own)
    if equal_frac is None:
        if session.stop():
            return Comparison(own, None, errors)
        reason = "the coverage that all can reach was not found in time; allow more with --time-limit"
        names = [*options.parties, folder_name(options.parties)]
        missing = Result(status=Status.NO_PLAN, reason=reason)
        return Comparison((*own, *(Run(f"{name}@equal", missing) for name in names)), None, errors)
    at_equal = options.model_copy(update={"coverage_frac": equal_frac})
    if equal_frac == options.coverage_frac:
        same = tuple(save(_renamed(run), folder / f"{run.name}@equal", session) for run in own)
        return Comparison((*own, *same), equal_frac, errors)
    equal = _group("@equal", instance, at_equal, folder, session, budget, reached)
    return Comparison((*own, *equal), equal_frac, errors)


def _renamed(run: Run) -> Run:
    return replace(run, name=f"{run.name}@equal", folder=None, errors=())


def _group(
    suffix: str,
    instance: Instance,
    options: Options,
    folder: Path,
    session: Session,
    budget: _Budget,
    known: Sequence[Plan],
) -> tuple[Run, ...]:
    """Each party alone, from the plans known of it, then all together from theirs.

    Those that an interrupt left out are missing.
    """
    jobs = _jobs("{}" + suffix, SOLVE, instance, options, known)
    alone = _alone(jobs, instance, budget.next_s(), session)
    runs = [save(run, folder / run.name, session) for run in alone]
    if len(options.parties) > 1 and not session.stop():
        name = folder_name(options.parties) + suffix
        joint = _together(name, instance, options, _plans(runs), budget.next_s(), session)
        runs.append(save(joint, folder / name, session))
    if not session.stop():
        return tuple(runs)
    return tuple(one for one in runs if one.result.status != Status.NO_PLAN or one.violations or one.errors)


def _equal_share(
    instance: Instance, options: Options, seconds: float, session: Session, known: Sequence[Run]
) -> tuple[float | None, tuple[Plan, ...], tuple[Failure, ...]]:
    """The share of every need in every week that each party can reach alone, at most what is asked for.

    With the plans that show it, from which the cheapest at that share are sought.
    """
    jobs = _jobs("share {}", REACHABLE, instance, options, _plans(known))
    outcomes = guarded(jobs, seconds, session)
    errors = tuple(error for outcome in outcomes.values() for error in errors_of(outcome))
    asked = 1.0 if options.coverage_frac is None else options.coverage_frac
    answers = [outcome.answer for outcome in outcomes.values()]
    reached = tuple(one.plan for one in answers if isinstance(one, Result) and one.plan is not None)
    plans = (*_plans(known), *reached)
    shares = [asked]
    for party in options.parties:
        shown = [shown_share(plan) for plan in plans if plan.options.parties == (party,)]
        if not shown:
            return None, plans, errors
        shares.append(max(shown))
    return min(shares), plans, errors
