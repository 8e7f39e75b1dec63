"""Plans every operation twice: as history fixed it, and free under the same rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from instances.history import AS_FLOWN
from instances.load import instance_folder, load_instance, scenarios_of
from instances.schema import Instance
from optimizer import runs
from optimizer.backtest.compared import compared, in_short
from optimizer.backtest.measures import needs_plan
from optimizer.evidence import Compared, InShort
from optimizer.guard import Job, Outcome
from optimizer.options import Options
from optimizer.session import Run, Session, guarded, judged_run, save

FREE: Final = "free"
"""Name of the plan that nothing of history fixes."""


@dataclass(frozen=True)
class Operation:
    """A real operation to plan again.

    Attributes
    ----------
    flown : Instance
        With what history fixed.
    free : Instance or None
        Without; None where nothing is fixed, or no plan is needed.
    path : str
        Folder of an instance that is not shipped, for ``plan.json``.
    """

    flown: Instance
    free: Instance | None
    path: str = ""

    @property
    def name(self) -> str:
        """Id of the instance."""
        return self.flown.header.id

    def wanted(self) -> Iterator[Wanted]:
        """The plans to make."""
        if needs_plan(self.flown.history):
            yield Wanted(self, AS_FLOWN, self.flown)
        if self.free is not None:
            yield Wanted(self, FREE, self.free)


@dataclass(frozen=True)
class Wanted:
    """A plan to make: of an operation, ``as_flown`` or ``free``."""

    operation: Operation
    kind: str
    instance: Instance

    @property
    def name(self) -> str:
        """Name of the run, and its folder below that of the back-test."""
        return f"{self.operation.name}/{self.kind}"


@dataclass(frozen=True)
class Backtest:
    """What became of a back-test.

    Attributes
    ----------
    rows : tuple of Compared
        In the order of the instances and of their history.
    short : tuple of InShort
        Every plan in its few figures.
    runs : tuple of Run
        Every plan, named ``instance/as_flown`` or ``instance/free``.
    """

    rows: tuple[Compared, ...]
    short: tuple[InShort, ...]
    runs: tuple[Run, ...]


def operation(source: str, path: str = "") -> Operation:
    """An operation from an instance with a history; `path` as for `Operation`.

    Raises
    ------
    InstanceError
        When the instance has findings.
    """
    fixed = (AS_FLOWN,) if AS_FLOWN in scenarios_of(instance_folder(source)) else ()
    flown = load_instance(source, fixed)
    free = load_instance(source) if fixed and needs_plan(flown.history) else None
    return Operation(flown, free, path)


def backtest_run(
    operations: Sequence[Operation], options: Options, folder: Path, session: Session
) -> Backtest:
    """Plan all operations, a few at a time, judge and save the plans, and compare.

    Parameters
    ----------
    operations : sequence of Operation
        What to plan.
    options : Options
        Gap and seed; parties and scenarios are those of each instance.
    folder : Path
        Holds a folder for each instance, with one for each plan.
    session : Session
        Time for all plans, wish to stop, and who is told.
    """
    wanted = [one for operation in operations for one in operation.wanted()]
    jobs = [Job(one.name, runs.SOLVE, one.instance, _options(options, one.instance)) for one in wanted]
    outcomes = guarded(jobs, session.solving_s(), session)
    made = [_judged(one, outcomes[one.name], folder, session) for one in wanted]
    plans = {run.name: run.result.plan for run in made if run.result.plan is not None}
    flown = [(one.flown, plans.get(f"{one.name}/{AS_FLOWN}")) for one in operations]
    rows = [row for instance, plan in flown for row in compared(instance, plan)]
    short = [in_short(one.instance, one.kind, plans[one.name]) for one in wanted if one.name in plans]
    return Backtest(tuple(rows), tuple(short), tuple(made))


def _judged(one: Wanted, outcome: Outcome, folder: Path, session: Session) -> Run:
    """The plan judged and saved, under the name of its folder."""
    own = replace(session, instance_path=one.operation.path)
    return save(judged_run(outcome, one.instance, own), folder / one.name, own)


def _options(options: Options, instance: Instance) -> Options:
    parties = tuple(party.id for party in instance.parties)
    return options.model_copy(update={"parties": parties, "scenarios": instance.scenarios})
