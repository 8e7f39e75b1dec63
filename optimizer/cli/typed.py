"""Arguments and options that several commands share, as they are typed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Instance = Annotated[str, typer.Argument(metavar="INSTANCE", help="Id of a shipped instance, or a folder.")]
PlanFolder = Annotated[Path, typer.Argument(metavar="PLAN_DIR", help="Folder that `aidlift solve` wrote.")]
Parties = Annotated[
    list[str] | None,
    typer.Option("--party", metavar="PARTY", help="Who flies; repeat for several. Default: all parties."),
]
Scenarios = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="A,B", help="Overlays of the instance, in order; later ones win."),
]
Coverage = Annotated[
    str | None,
    typer.Option(
        metavar="FRAC",
        help="Cheapest plan that covers this share (0..1) of every need, instead of least unmet need first.",
    ),
]
Days = Annotated[str | None, typer.Option(metavar="N", help="Plan only the first N days.")]
TimeLimit = Annotated[str, typer.Option(metavar="S", help="Wall clock for the whole command, seconds.")]
Gap = Annotated[str, typer.Option(metavar="FRAC", help="Gap (0..1) at which a plan counts as proven.")]
Seed = Annotated[str, typer.Option(metavar="N", help="Seed of the solver.")]
Method = Annotated[
    str, typer.Option(metavar="NAME", help="patterns: whole-day patterns; plain: one integer program.")
]
Rules = Annotated[
    str,
    typer.Option(metavar="NAME", help="own: each party by its own rules; common: the strictest for all."),
]
Stops = Annotated[
    str | None,
    typer.Option(metavar="N", help="Zones a sortie may serve at most; 1: one. Default: as fleets say."),
]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Where to write. Default: below plans/.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, everything else on stderr.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="All progress, and the traceback of a bug.")]
Moved = Annotated[
    Path | None, typer.Option("--instance", metavar="PATH", help="Where the plan's instance is now.")
]
Grades = Annotated[
    list[str] | None,
    typer.Option("--grade", metavar="GRADE", help="Only figures of this grade; repeat for several."),
]
Swing = Annotated[
    str, typer.Option(metavar="FRAC", help="How far each estimate is turned, as a share of itself.")
]
PastInstances = Annotated[
    list[str] | None,
    typer.Argument(metavar="[INSTANCE...]", help="Instances with a history. Default: all shipped ones."),
]
