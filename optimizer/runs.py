"""What ``solve`` and ``compare`` do: who is planned for, in which order, for how long. No printing here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from instances.schema import Instance
from optimizer.guard import Job, Outcome
from optimizer.joint import meets, shown_share, with_others_at_home
from optimizer.options import Options
from optimizer.plan import Plan, Result, Status
from optimizer.session import Failure, Run, Session, errors_of, guarded, judged, judged_run, save

SOLVE = "optimizer.solve:solve"
REACHABLE = "optimizer.solve:reachable"


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
    run: Run, starts: Iterable[Plan], options: Options, instance: Instance, session: Session
) -> Run:
    """The best start that meets the coverage in place of a plan that was not found in time, or is worse."""
    found, proven = run.result.plan, run.result.status in (Status.OPTIMAL, Status.INFEASIBLE)
    able = [with_others_at_home(plan, options, instance) for plan in starts if meets(plan, options)]
    if proven or run.violations or not able:
        return run
    best = min(able, key=_rank)
    if found is not None and _rank(found) <= _rank(best):
        return run
    plan, violations = judged(best, instance, session)
    return run if violations else replace(run, result=Result(status=Status.FEASIBLE, plan=plan))


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


def _planned(
    jobs: Sequence[Job], instance: Instance, seconds: float, session: Session
) -> tuple[tuple[Run, ...], dict[str, Outcome]]:
    """A judged plan, not yet saved, of each job that solves, no worse than its starts; and all outcomes."""
    outcomes = guarded(jobs, seconds, session)
    solving = [job for job in jobs if job.work == SOLVE]
    runs = tuple(judged_run(outcomes[job.name], instance, session) for job in solving)
    settled = tuple(
        _with_fallback(run, job.starts, job.options, instance, session)
        for run, job in zip(runs, solving, strict=True)
    )
    return settled, outcomes


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
    return _Compared(instance, options, folder, session).comparison()


class _Compared:
    """A comparison on its way; each step may take half of the time left, the last one all of it."""

    def __init__(self, instance: Instance, options: Options, folder: Path, session: Session) -> None:
        self._instance, self._options, self._folder, self._session = instance, options, folder, session
        self._name = folder_name(options.parties)
        self._known: list[Plan] = []
        self._runs: list[Run] = []

    def comparison(self) -> Comparison:
        """Alone; together, and what each party reaches; at equal coverage alone, then together."""
        if len(self._options.parties) == 1:
            self._plan(_jobs("{}", SOLVE, self._instance, self._options, ()), last=True)
            return Comparison(tuple(self._runs))
        self._plan(_jobs("{}", SOLVE, self._instance, self._options, ()))
        reaching = _jobs("share {}", REACHABLE, self._instance, self._options, self._known)
        together = self._together("", self._options)
        outcomes = self._plan([*reaching, together])
        errors = tuple(error for job in reaching for error in errors_of(outcomes[job.name]))
        answers = [outcomes[job.name].answer for job in reaching]
        self._known += [one.plan for one in answers if isinstance(one, Result) and one.plan is not None]
        equal_frac = self._equal_frac()
        if not self._session.stop():
            self._at_equal(equal_frac)
        return Comparison(tuple(self._runs), equal_frac, errors)

    def _at_equal(self, equal_frac: float | None) -> None:
        if equal_frac is None:
            reason = "the coverage that all can reach was not found in time; allow more with --time-limit"
            missing = Result(status=Status.NO_PLAN, reason=reason)
            self._runs += [Run(f"{name}@equal", missing) for name in (*self._options.parties, self._name)]
        elif equal_frac == self._options.coverage_frac:
            self._save([replace(run, name=f"{run.name}@equal", folder=None, errors=()) for run in self._runs])
        else:
            options = self._options.model_copy(update={"coverage_frac": equal_frac})
            self._plan(_jobs("{}@equal", SOLVE, self._instance, options, self._known))
            self._plan([self._together("@equal", options)], last=True)

    def _together(self, suffix: str, options: Options) -> Job:
        """All parties, starting from every plan known of any."""
        return Job(self._name + suffix, SOLVE, self._instance, options, tuple(self._known))

    def _plan(self, jobs: Sequence[Job], *, last: bool = False) -> dict[str, Outcome]:
        """Do jobs, and save the runs of those that solve; those that an interrupt left out are missing."""
        seconds = self._session.solving_s() / (1 if last else 2)
        runs, outcomes = _planned(jobs, self._instance, seconds, self._session)
        self._save(runs)
        self._known += _plans(runs)
        return outcomes

    def _save(self, runs: Iterable[Run]) -> None:
        for run in runs:
            left_out = run.result.status == Status.NO_PLAN and not run.violations and not run.errors
            if not (left_out and self._session.stop()):
                self._runs.append(save(run, self._folder / run.name, self._session))

    def _equal_frac(self) -> float | None:
        """The share of every need in every week that each party can reach alone, at most what is asked for.

        None where no plan is known of some party.
        """
        asked = 1.0 if self._options.coverage_frac is None else self._options.coverage_frac
        shares = [asked]
        for party in self._options.parties:
            shown = [shown_share(plan) for plan in self._known if plan.options.parties == (party,)]
            if not shown:
                return None
            shares.append(max(shown))
        return min(shares)
