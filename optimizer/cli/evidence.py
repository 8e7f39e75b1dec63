"""``sources``, ``backtest``, ``tornado`` and ``settings``: what a plan and its instance stand on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli import codes
from optimizer.cli.pages import (
    Instance,
    Json,
    Moved,
    PlanFolder,
    Quiet,
    Scenarios,
    TimeLimit,
    Verbose,
    started,
)
from optimizer.cli.screen import Screen, answering

Grades = Annotated[
    list[str] | None,
    typer.Option("--grade", metavar="GRADE", help="Only figures of this grade; repeat for several."),
]
Tables = Annotated[
    list[str] | None,
    typer.Option("--table", metavar="TABLE", help="Only figures of this table; repeat for several."),
]
Swing = Annotated[
    str, typer.Option(metavar="FRAC", help="How far each estimate is turned, as a share of itself.")
]
PastInstances = Annotated[
    list[str] | None,
    typer.Argument(metavar="[INSTANCE...]", help="Instances with a history. Default: all shipped ones."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: aidlift sources deir_ezzor_2016 --grade estimate")(sources)
    app.command(epilog=f"Example: aidlift backtest sinjar_2014 qamishli_2017\n\n{codes.HELP}")(backtest)
    app.command(epilog="Example: aidlift tornado plans/deir_ezzor_2016/un --time-limit 600")(tornado)
    app.command(epilog="Example: aidlift settings", hidden=True)(settings)


def sources(
    instance: Instance,
    scenario: Scenarios = None,
    grade: Grades = None,
    table: Tables = None,
    as_json: Json = False,
) -> None:
    """List every figure that an instance uses, with its grade and source."""
    with answering(Screen(as_json)) as screen:
        from optimizer.cli import reading

        reading.sources(screen, instance, scenario, grade, table)


def settings(as_json: Json = False) -> None:
    """Print the constants of the method, which plan.json keeps."""
    with answering(Screen(as_json)) as screen:
        from optimizer.cli import reading

        reading.settings(screen)


def backtest(
    ctx: typer.Context,
    instance: PastInstances = None,
    time_limit: TimeLimit = "480",
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to write.")] = Path("plans/backtest"),
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Plan real operations again, as flown and free, and hold the plans against what happened.

    A row that misses is no error: it stays in the table.
    """
    with answering(Screen(as_json, quiet, verbose)) as screen:
        from optimizer.cli import backtesting

        backtesting.backtest(screen, instance or [], time_limit, out, started(ctx))


def tornado(
    ctx: typer.Context,
    plan_folder: PlanFolder,
    instance: Moved = None,
    swing: Swing = "0.2",
    time_limit: TimeLimit = "300",
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Show the five estimates that matter most to a plan.

    Those on which most hangs are solved again lower and higher, in parallel.
    """
    with answering(Screen(as_json, quiet, verbose)) as screen:
        from optimizer.cli import turning

        turning.tornado(screen, plan_folder, instance, swing, time_limit, started(ctx))
