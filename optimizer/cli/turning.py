"""``tornado``: the estimates that matter most to a plan, solved again lower and higher."""

from __future__ import annotations

from pathlib import Path

import typer

from optimizer.cli import codes
from optimizer.cli.asked import limits
from optimizer.cli.reading import instance_of, warn_of_changes
from optimizer.cli.running import in_session
from optimizer.cli.screen import Screen
from optimizer.cli.solving import show_trouble
from optimizer.tornado import tornado_run
from reports.schedules import read_plan
from reports.tornado import HEADERS, noise, tornado_cells, write_tornado


def tornado(
    screen: Screen, folder: Path, given: Path | None, swing: str, time_limit: str, started: float
) -> None:
    """The table of the five, printed and saved beside the plan."""
    time_limit_s, swing_frac = limits(time_limit, swing)
    plan = read_plan(folder)
    instance = instance_of(plan, given)
    warn_of_changes(screen, plan, instance)
    found, interrupted = in_session(
        screen,
        instance,
        (started, time_limit_s),
        lambda session: tornado_run(instance, plan, swing_frac, session),
        instance_path=plan.instance_path,
    )
    write_tornado(plan, found.bars, swing_frac, folder)
    cells = tornado_cells(plan, found.bars, swing_frac)
    if not screen.as_json:
        screen.table(HEADERS, cells)
        screen.answer(noise(plan, found.bars))
        screen.answer(f"Files: {folder}")
    for run in found.runs:
        show_trouble(screen, run)
    code = codes.INTERRUPTED if interrupted else codes.worst(map(codes.run_code, found.runs))
    code = codes.DONE if code == codes.GAP_OPEN else code
    rows = [dict(zip(HEADERS, row, strict=True)) for row in cells]
    screen.document(
        {"exit_code": code, "folder": str(folder), "bars": rows, "caution": noise(plan, found.bars)}
    )
    raise typer.Exit(code)
