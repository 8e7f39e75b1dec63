"""``solve`` and ``compare``: run, save, show."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import typer

from instances.errors import AidliftError
from instances.schema import Instance
from optimizer.check import Violation
from optimizer.cli import codes
from optimizer.cli.asked import Asked, Request, request
from optimizer.cli.running import in_session
from optimizer.cli.screen import Screen
from optimizer.options import Options
from optimizer.plan import Plan, Status
from optimizer.runs import Comparison, compare_run, solve_run
from optimizer.session import Failure, Run, Session
from reports.compare import Outcome, comparison_cells, comparison_table, write_comparison
from reports.comparisons import FILE as COMPARISON
from reports.comparisons import PAGE_FILE as COMPARISON_PAGE
from reports.document import document_text
from reports.numbers import share_text
from reports.schedules import PAGE_FILE, write_plan
from reports.summary import summary_lines, verdict
from reports.words import UNSCALED, notes_of

_STYLES = {Status.OPTIMAL: "green", Status.FEASIBLE: "yellow"}
_LABELS = {Status.INFEASIBLE: "No plan can do this", Status.NO_PLAN: "No plan"}


def _run[T](
    screen: Screen, wanted: Request, started: float, do: Callable[[Instance, Options, Session], T]
) -> tuple[T, bool]:
    """What was done, and whether it was interrupted."""
    return in_session(
        screen,
        wanted.instance,
        (started, wanted.options.time_limit_s),
        lambda session: do(wanted.instance, wanted.options, session),
        lambda plan, folder: write_plan(plan, folder, wanted.instance),
        wanted.instance_path,
        publish=lambda plan, folder: _publish(plan, folder, wanted.instance),
    )


def _publish(plan: Plan, folder: Path, instance: Instance) -> None:
    """Write a plan with its page; what draws pages is loaded only now, when solving is done."""
    from optimizer.cli.paging import publish

    publish(plan, folder, instance)


def solve(screen: Screen, asked: Asked, started: float) -> None:
    """One plan of the parties asked for."""
    wanted = request(asked, compare=False)
    run, interrupted = _run(
        screen, wanted, started, lambda *given: solve_run(given[0], given[1], wanted.folder, given[2])
    )
    _show_run(screen, run, wanted.instance, time.monotonic() - started)
    if interrupted:
        what = "the best plan so far was written" if run.folder else "there was no plan yet"
        screen.tell(f"Interrupted; {what}.", "bold red")
    code = codes.INTERRUPTED if interrupted else codes.run_code(run)
    screen.document({"exit_code": code, **_run_document(run)})
    raise typer.Exit(code)


def compare(screen: Screen, asked: Asked, started: float) -> None:
    """Every party alone, and all together, side by side."""
    wanted = request(asked, compare=True)
    comparison, interrupted = _run(
        screen, wanted, started, lambda *given: compare_run(given[0], given[1], wanted.folder, given[2])
    )
    outcomes = [(run.name, run.result.plan or run.result.status) for run in comparison.runs]
    errors = [*comparison.errors, *(_written(outcomes, wanted) if outcomes else [])]
    _show_comparison(screen, comparison, outcomes, wanted)
    found = [codes.run_code(run) for run in comparison.runs]
    found += [screen.error(error, name) for name, error in errors]
    if interrupted:
        screen.tell(f"Interrupted; {_saved(comparison.runs)} so far.", "bold red")
    code = codes.INTERRUPTED if interrupted else codes.worst(found)
    document = {
        "exit_code": code,
        "folder": str(wanted.folder),
        "equal_coverage_frac": comparison.equal_frac,
        "plans": [_run_document(run) for run in comparison.runs],
        "comparison": _comparison_document(outcomes, wanted.instance),
        "errors": [f"{name}: {error}" for name, error in errors],
    }
    screen.document(document)
    raise typer.Exit(code)


def _written(outcomes: Sequence[tuple[str, Outcome]], wanted: Request) -> list[Failure]:
    """Write table and page; what went wrong with that must not hide the comparison itself."""
    try:
        write_comparison(outcomes, wanted.folder / COMPARISON, wanted.instance)
        from optimizer.cli.paging import write_comparison_page

        write_comparison_page(outcomes, wanted.folder, wanted.instance)
    except AidliftError as error:
        return [(COMPARISON, error)]
    return []


def _saved(runs: Sequence[Run]) -> str:
    count = sum(run.folder is not None for run in runs)
    return f"{count} plan{'' if count == 1 else 's'} written"


def _show_run(screen: Screen, run: Run, instance: Instance, seconds: float) -> None:
    """A run in a planner's words."""
    plan = run.result.plan
    if plan is None:
        screen.answer(_no_plan(run))
    else:
        screen.table(["", ""], [*summary_lines(plan, instance), ("Solved by", _method(plan, seconds))])
        for words in (*notes_of(plan), *_refused(plan)):
            screen.answer(f"Note: {words}")
        if run.folder is not None:
            screen.answer(f"Files: {run.folder}")
            screen.answer(f"Page: {run.folder / PAGE_FILE}")
        screen.answer(verdict(plan), _STYLES.get(plan.status))
    show_trouble(screen, run)


def _method(plan: Plan, seconds: float) -> str:
    """How the plan was found, and how long the command took."""
    name = "the plain model" if plan.options.method == "plain" else "totals, weeks, days and rounds"
    counts = ", ".join(f"{counted:,} {what.replace('_', ' ')}" for what, counted in plan.search)
    return f"{name} in {seconds:.0f} s{f': {counts}' if counts else ''}"


def _refused(plan: Plan) -> list[str]:
    return [
        f"{one.count} of {one.party}'s missions left out: {one.reason} (such as {one.example})"
        for one in plan.refused
    ]


def _no_plan(run: Run) -> str:
    return f"{_LABELS.get(run.result.status, 'No plan')}: {run.result.reason or run.result.status.value}"


def show_trouble(screen: Screen, run: Run) -> None:
    """What went wrong with a run; nothing of it is the planner's doing."""
    for warning in run.warnings:
        screen.tell(f"{run.name}: {warning}", "yellow")
    if run.violations:
        screen.bug(f"the plan found for {run.name} breaks rules, so it was not written", "")
        for violation in run.violations:
            screen.tell(f"  {violation}")
    for name, error in run.errors:
        screen.error(error, name)
    if run.errors and run.folder is not None:
        screen.tell(f"All the same a plan of {run.name} was found; it is in {run.folder}.")


def _show_comparison(
    screen: Screen, comparison: Comparison, outcomes: Sequence[tuple[str, Outcome]], wanted: Request
) -> None:
    planned = [(name, outcome) for name, outcome in outcomes if isinstance(outcome, Plan)]
    if planned:
        screen.table(*comparison_cells(planned, wanted.instance))
    for run in comparison.runs:
        if run.result.plan is None:
            screen.answer(f"{run.name}: {_no_plan(run)}")
        show_trouble(screen, run)
    if comparison.equal_frac is not None and _fly_nothing(comparison):
        screen.tell(
            f"One of the parties can bring nothing of some need, so the plans @equal ask for "
            f"{share_text(comparison.equal_frac)} of every need, what lies in stock, and fly nothing."
        )
    if wanted.options.days is not None:
        screen.answer(f"Note: {UNSCALED}")
    if outcomes:
        screen.answer(f"Files: {wanted.folder}")
        screen.answer(f"Page: {wanted.folder / COMPARISON_PAGE}")
    for name, outcome in outcomes:
        if isinstance(outcome, Plan):
            screen.answer(f"{name}: {verdict(outcome)}", _STYLES.get(outcome.status))


def _fly_nothing(comparison: Comparison) -> bool:
    equal = [run.result.plan for run in comparison.runs if run.name.endswith("@equal")]
    return bool(equal) and all(plan is not None and not plan.sorties for plan in equal)


def violation_document(violation: Violation) -> dict[str, Any]:
    """A violation for ``--json``."""
    return dataclasses.asdict(violation)


def _run_document(run: Run) -> dict[str, Any]:
    plan = run.result.plan
    return {
        "name": run.name,
        "status": run.result.status.value,
        "reason": run.result.reason,
        "folder": None if run.folder is None else str(run.folder),
        "plan": None if plan is None else json.loads(document_text(plan)),
        "violations": [violation_document(one) for one in run.violations],
        "errors": [f"{name}: {error}" for name, error in run.errors],
        "warnings": list(run.warnings),
    }


def _comparison_document(outcomes: Sequence[tuple[str, Outcome]], instance: Instance) -> list[dict[str, Any]]:
    names = [name for name, _ in outcomes]
    return [
        {"measure": row.measure, "unit": row.unit, "values": dict(zip(names, row.values, strict=True))}
        for row in comparison_table(outcomes, instance)
    ]
