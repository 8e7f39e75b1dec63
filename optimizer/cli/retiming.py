"""``timetable``: an edited plan with new tails and minutes, its quantities unchanged."""

from __future__ import annotations

from pathlib import Path

import typer

from optimizer.check import check
from optimizer.cli import codes
from optimizer.cli.paging import page_of
from optimizer.cli.reading import instance_of, warn_of_changes
from optimizer.cli.screen import Screen
from optimizer.cli.solving import violation_document
from optimizer.clock import Clock
from optimizer.retime import retime
from reports.atomic import write_file
from reports.schedules import PAGE_FILE, read_plan, write_plan

SECONDS = 600.0  # far more than any plan takes


def timetable(screen: Screen, folder: Path, given: Path | None) -> None:
    """Time a plan anew and write it in place; or say which days do not fit and why."""
    plan = read_plan(folder)
    instance = instance_of(plan, given)
    warn_of_changes(screen, plan, instance)
    retimed = retime(plan, instance, Clock(SECONDS))
    if retimed.plan is None:
        screen.answer("No timetable can fly this plan; nothing was changed.")
        for fault in retimed.faults:
            screen.answer(f"  {fault}")
        screen.document({"exit_code": codes.IMPOSSIBLE, "reasons": list(retimed.faults), "violations": []})
        raise typer.Exit(codes.IMPOSSIBLE)
    write_plan(retimed.plan, folder, instance)
    read = read_plan(folder)
    violations = check(read, instance)
    write_file(folder / PAGE_FILE, page_of(read, instance, violations, folder))
    screen.answer(f"{retimed.moved} of {len(plan.sorties)} sorties got another tail or time. Files: {folder}")
    for violation in violations:
        screen.answer(f"{violation.file}: {violation}" if violation.file else str(violation))
    if violations:
        screen.answer(
            f"The plan breaks rules in {len(violations)} place{'s' if len(violations) > 1 else ''}."
        )
    code = codes.BROKEN_RULE if violations else codes.DONE
    found = [violation_document(one) for one in violations]
    screen.document({"exit_code": code, "moved": retimed.moved, "reasons": [], "violations": found})
    raise typer.Exit(code)
