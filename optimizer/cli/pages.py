"""``report``, ``explain`` and ``figures``, and the options that commands share."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.screen import Screen, answering

Instance = Annotated[str, typer.Argument(metavar="INSTANCE", help="Id of a shipped instance, or a folder.")]
Scenarios = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="A,B", help="Overlays of the instance, in order; later ones win."),
]
Verbose = Annotated[bool, typer.Option("--verbose", help="All progress, and the traceback of a bug.")]
PlanFolder = Annotated[Path, typer.Argument(metavar="PLAN_DIR", help="Folder that `aidlift solve` wrote.")]
Moved = Annotated[
    Path | None, typer.Option("--instance", metavar="PATH", help="Where the plan's instance is now.")
]
TimeLimit = Annotated[str, typer.Option(metavar="S", help="Wall clock for the whole command, seconds.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, everything else on stderr.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: aidlift report plans/deir_ezzor_2016/un")(report)
    app.command(epilog="Example: aidlift explain plans/deir_ezzor_2016")(explain)
    app.command(epilog="Example: aidlift figures plans/deir_ezzor_2016/un")(figures)


def report(
    plan_folder: PlanFolder,
    instance: Moved = None,
    beside: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A comparison under other rules, to stand beside this one."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the page of a plan, or of a comparison, again from its files.

    Also of a plan edited by hand: the page says at the top which rules
    it breaks, and the exit code is then 6.
    """
    with answering(Screen(as_json)) as screen:
        from optimizer.cli import paging

        paging.report(screen, plan_folder, instance, beside)


def explain(
    ctx: typer.Context,
    plan_folder: PlanFolder,
    instance: Moved = None,
    time_limit: TimeLimit = "300",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Explain by re-solving: why a plan is short, or why the plans of a comparison differ.

    For a plan: the limits that bind for every need that is short. For a
    comparison: the difference in cost by cause, which adds up. Goes on where
    an earlier run of it ended, and writes the page again.
    """
    with answering(Screen(as_json, quiet)) as screen:
        from optimizer.cli import explaining

        explaining.explain(screen, plan_folder, instance, time_limit, started(ctx))


def figures(
    plan_folder: PlanFolder,
    instance: Moved = None,
    as_json: Json = False,
) -> None:
    """Write the charts of a plan, or of a comparison, as SVG and PNG for papers."""
    with answering(Screen(as_json)) as screen:
        from optimizer.cli import paging

        paging.figures(screen, plan_folder, instance)


def started(ctx: typer.Context) -> float:
    """When the program started, which the time limit counts from."""
    return ctx.obj if isinstance(ctx.obj, float) else time.monotonic()
