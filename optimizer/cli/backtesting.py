"""``backtest``: real operations planned again, beside what happened.

======== ============================================================
AL-5501  an instance has no history
AL-5502  two folders hold an instance of the same id
======== ============================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import typer

from instances.errors import Finding, InstanceError
from instances.load import instance_folder, shipped_instances
from instances.schema import file_of
from optimizer.backtest.flown import Backtest, Operation, backtest_run, operation
from optimizer.cli import codes
from optimizer.cli.asked import instance_path, limits
from optimizer.cli.running import in_session
from optimizer.cli.screen import Screen
from optimizer.cli.solving import show_trouble
from optimizer.options import Options
from reports.backtest import (
    HEADERS,
    SHORT_HEADERS,
    WEAK,
    backtest_cells,
    counterfactual_cells,
    misses,
    write_backtest,
)

HISTORY: Final = file_of("history")
RULE: Final = "a back-test is of instances with a history.csv"
APART: Final = "each instance of a back-test has an id of its own, which names the folder of its plans"


def _has_history(source: str) -> bool:
    return (instance_folder(source) / HISTORY).is_file()


def _once_each(sources: Sequence[str]) -> list[str]:
    """Sources without those that name a folder named before."""
    folders: dict[Path | str, str] = {}
    for source in sources:
        try:
            folders.setdefault(instance_folder(source).resolve(), source)
        except InstanceError:
            folders.setdefault(source, source)  # reported where it is read
    return list(folders.values())


def _same_id(before: Sequence[Operation], last: Operation, source: str) -> Iterator[Finding]:
    """Two folders under one id would write to one folder, and the later plan would replace the earlier."""
    for one in before:
        if one.name == last.name:
            problem = f"has the id {last.name}, as {one.path or 'the shipped instance'} has"
            remedy = (
                "give one of them another id in its instance.yaml, or back-test each with an --out of its own"
            )
            yield Finding("AL-5502", "INSTANCE", None, None, source, problem, APART, remedy)


def _operations(sources: Sequence[str]) -> list[Operation]:
    """What to plan; without names every shipped instance that has a history.

    Raises
    ------
    InstanceError
        With every finding of every instance.
    """
    known = [name for name, _ in shipped_instances() if _has_history(name)]
    findings: list[Finding] = []
    found: list[Operation] = []
    for source in _once_each(sources or known):
        try:
            if not _has_history(source):
                remedy = f"choose one of: {', '.join(known)}"
                problem = "the instance has no history"
                findings.append(Finding("AL-5501", "INSTANCE", None, None, source, problem, RULE, remedy))
                continue
            found.append(operation(source, instance_path(source)))
            findings += _same_id(found[:-1], found[-1], source)
        except InstanceError as error:
            findings += error.findings
    if findings:
        raise InstanceError(findings)
    return found


def backtest(screen: Screen, sources: Sequence[str], time_limit: str, folder: Path, started: float) -> None:
    """The table of history against model, printed and saved."""
    operations = _operations(sources)
    wanted = [one for of_instance in operations for one in of_instance.wanted()]
    time_limit_s, _ = limits(time_limit, targets=[folder, *(folder / one.name for one in wanted)])
    options = Options(parties=("all",), time_limit_s=time_limit_s)
    found, interrupted = in_session(
        screen,
        operations[0].flown,
        (started, time_limit_s),
        lambda session: backtest_run(operations, options, folder, session),
        of_run={one.name: one.instance for one in wanted},
    )
    write_backtest(found.rows, found.short, folder)
    _show(screen, found, folder)
    code = codes.INTERRUPTED if interrupted else codes.worst(map(codes.run_code, found.runs))
    # A plan that is not proven best is no failure of a back-test; one that is missing is.
    code = codes.DONE if code == codes.GAP_OPEN else code
    screen.document(_document(found, folder, code))
    raise typer.Exit(code)


def _show(screen: Screen, found: Backtest, folder: Path) -> None:
    if screen.as_json:
        return
    screen.table(HEADERS, backtest_cells(found.rows))
    for words in misses(found.rows):
        screen.answer(f"Miss: {words}")
    if found.short:
        screen.answer("What aidlift would have flown")
        screen.table(SHORT_HEADERS, counterfactual_cells(found.short))
        screen.answer(WEAK)
    for run in found.runs:
        show_trouble(screen, run)
    screen.answer(f"Files: {folder}")


def _document(found: Backtest, folder: Path, code: int) -> dict[str, Any]:
    return {
        "exit_code": code,
        "folder": str(folder),
        "rows": [
            {
                "instance": one.instance,
                **one.row.model_dump(mode="json", include={"id", "quantity", "unit", "value", "value_to"}),
                "grade": one.row.grade,
                "source": one.row.source,
                "model": one.model,
                "difference_frac": one.difference_frac,
                "tolerance_frac": one.row.tolerance_frac,
                "verdict": one.verdict.value,
                "explanation": one.row.explanation,
            }
            for one in found.rows
        ],
        "counterfactual": [{**asdict(one), "caution": WEAK} for one in found.short],
        "plans": [
            {"name": run.name, "status": run.result.status.value, "reason": run.result.reason}
            for run in found.runs
        ],
    }
