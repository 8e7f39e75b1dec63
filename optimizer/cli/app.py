"""The commands and their options; everything heavy is imported by the command that needs it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from instances.size import Size
from optimizer.cli import codes, evidence, pages
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

app = typer.Typer(
    name="aidlift",
    help="Plans humanitarian airdrops and resupply: who flies what, from where, when, at what cost and risk.",
    epilog=codes.HELP,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

Parties = Annotated[
    list[str] | None,
    typer.Option("--party", metavar="PARTY", help="Who flies; repeat for several. Default: all parties."),
]
Coverage = Annotated[
    str | None,
    typer.Option(
        metavar="FRAC",
        help="Cheapest plan that meets this share (0..1) of every need in every week, instead of least "
        "severity first.",
    ),
]
CoverageFrom = Annotated[
    str | None,
    typer.Option(
        metavar="DAY", help="Day of the plan, from 0, from which weeks count for the coverage. Default: 0."
    ),
]
Days = Annotated[
    str | None,
    typer.Option(
        metavar="N", help="Plan only the first N days; limits of the whole plan are not scaled to them."
    ),
]
Gap = Annotated[str, typer.Option(metavar="FRAC", help="Gap (0..1) at which a plan counts as proven.")]
Seed = Annotated[str, typer.Option(metavar="N", help="Seed of the solver.")]
Method = Annotated[
    str, typer.Option(metavar="NAME", help="levels: totals, weeks, days, rounds; plain: one integer program.")
]
Rounds = Annotated[
    str | None, typer.Option(metavar="N", help="Rounds of improvement. Default: until they are idle.")
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


@app.command(epilog="Example: aidlift instances")
def instances(as_json: Json = False) -> None:
    """List the shipped instances, one line each."""
    with answering(Screen(as_json)) as screen:
        from optimizer.cli import reading

        reading.instances(screen)


@app.command(epilog="Example: aidlift new my_siege --from deir_ezzor_2016")
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make.")],
    source: Annotated[
        str, typer.Option("--from", metavar="INSTANCE", help="Id of a shipped instance, or a folder.")
    ],
    as_json: Json = False,
) -> None:
    """Copy an instance to start from."""
    with answering(Screen(as_json)) as screen:
        from optimizer.cli import reading

        reading.new(screen, folder, source)


@app.command(epilog="Example: aidlift generate my_region --days 60 --zones 5 --seed 1")
def generate(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder to make.")],
    days: Annotated[str, typer.Option(metavar="N", help="Length of the plan, days.")] = str(Size.days),
    bases: Annotated[str, typer.Option(metavar="N", help="Airfields.")] = str(Size.bases),
    fleets: Annotated[str, typer.Option(metavar="N", help="Fleets; two or more have two parties.")] = str(
        Size.fleets
    ),
    zones: Annotated[str, typer.Option(metavar="N", help="Drop zones.")] = str(Size.zones),
    communities: Annotated[str, typer.Option(metavar="N", help="Communities.")] = str(Size.communities),
    commodities: Annotated[str, typer.Option(metavar="N", help="Items of the library needed.")] = str(
        Size.commodities
    ),
    tightness: Annotated[
        str,
        typer.Option(metavar="FRAC", help="0: capacity is ample; 1: it meets about half of the need."),
    ] = str(Size.tightness),
    stops: Annotated[
        str, typer.Option(metavar="N", help="Zones a sortie may serve; above 1: small aircraft and villages.")
    ] = str(Size.stops),
    seed: Annotated[str, typer.Option(metavar="N", help="Another seed, another instance.")] = "0",
    as_json: Json = False,
) -> None:
    """Make up an instance of any size, to try things out and to compare.

    The same folder name, numbers and seed give the same files.
    """
    with answering(Screen(as_json)) as screen:
        from optimizer.cli import reading

        numbers = {
            "days": days,
            "bases": bases,
            "fleets": fleets,
            "zones": zones,
            "communities": communities,
            "commodities": commodities,
            "tightness": tightness,
            "stops": stops,
        }
        reading.generate(screen, folder, numbers, seed)


@app.command(epilog="Example: aidlift validate my_siege --scenario road_opens")
def validate(instance: Instance, scenario: Scenarios = None, as_json: Json = False) -> None:
    """Read everything of an instance and report every finding at once.

    Without --scenario each overlay is tried by itself.
    """
    with answering(Screen(as_json)) as screen:
        from optimizer.cli import reading

        reading.validate(screen, instance, scenario)


@app.command(epilog=f"Example: aidlift solve deir_ezzor_2016 --party un --time-limit 60\n\n{codes.HELP}")
def solve(
    ctx: typer.Context,
    instance: Instance,
    party: Parties = None,
    scenario: Scenarios = None,
    coverage: Coverage = None,
    coverage_from: CoverageFrom = None,
    days: Days = None,
    time_limit: TimeLimit = "120",
    gap: Gap = "0.005",
    seed: Seed = "0",
    method: Method = "levels",
    rounds: Rounds = None,
    rules: Rules = "own",
    stops: Stops = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Make one plan: the least severity, the worst-off week, then the cost.

    Several parties fly together. The plan is judged before it is written.
    It goes to plans/INSTANCE/PARTIES unless --out says otherwise.
    """
    with answering(Screen(as_json, quiet, verbose)) as screen:
        from optimizer.cli import asked, solving

        more = rules, stops, coverage_from, rounds
        wanted = asked.Asked(
            instance, party, scenario, coverage, days, time_limit, gap, seed, method, out, *more
        )
        solving.solve(screen, wanted, started(ctx))


@app.command(epilog=f"Example: aidlift compare deir_ezzor_2016 --out plans/both\n\n{codes.HELP}")
def compare(
    ctx: typer.Context,
    instance: Instance,
    party: Parties = None,
    scenario: Scenarios = None,
    coverage: Coverage = None,
    coverage_from: CoverageFrom = None,
    days: Days = None,
    time_limit: TimeLimit = "240",
    gap: Gap = "0.005",
    seed: Seed = "0",
    method: Method = "levels",
    rounds: Rounds = None,
    rules: Rules = "own",
    stops: Stops = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Plan for every party alone and for all together, side by side.

    Each at its own best, and as cheaply as can be at the coverage
    that all of them can reach (@equal). One folder per plan and
    comparison.csv go to plans/INSTANCE unless --out says otherwise.
    """
    with answering(Screen(as_json, quiet, verbose)) as screen:
        from optimizer.cli import asked, solving

        more = rules, stops, coverage_from, rounds
        wanted = asked.Asked(
            instance, party, scenario, coverage, days, time_limit, gap, seed, method, out, *more
        )
        solving.compare(screen, wanted, started(ctx))


@app.command(epilog="Example: aidlift check plans/deir_ezzor_2016/un")
def check(
    plan_folder: PlanFolder,
    instance: Moved = None,
    as_json: Json = False,
) -> None:
    """Judge a plan from its files, also one edited by hand.

    Exit code 0 when it keeps every rule, 6 when it does not.
    """
    with answering(Screen(as_json)) as screen:
        from optimizer.cli import reading

        reading.check_plan(screen, plan_folder, instance)


@app.command(
    epilog="Example: aidlift drop deir_ezzor_2016 --zone dz_1 --method high_altitude_canopy --height 5000"
)
def drop(
    instance: Instance,
    zone: Annotated[str, typer.Option(metavar="ZONE", help="Where it is to land.")],
    method: Annotated[str, typer.Option(metavar="METHOD", help="How it is dropped.")],
    height: Annotated[str, typer.Option(metavar="M", help="Release height, m above ground.")],
    date: Annotated[
        str | None, typer.Option(metavar="D", help="Day whose winds count. Default: first of the plan.")
    ] = None,
    fleet: Annotated[
        str | None, typer.Option(metavar="FLEET", help="Who drops. Default: the first that can.")
    ] = None,
    scenario: Scenarios = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it too; the file ends in .png or .svg.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Explain one drop for a crew: fall, drift, release point, stick, and where it ends up."""
    with answering(Screen(as_json)) as screen:
        from optimizer.cli import dropping

        typed = dropping.Typed(instance, scenario, zone, method, height, date, fleet, picture)
        dropping.drop(screen, typed)


@app.command(epilog="Example: aidlift hindcast")
def hindcast(as_json: Json = False) -> None:
    """Work out known drops and limiting cases again, beside what must come out.

    Exit code 0 when all of them do, 1 when one does not.
    """
    with answering(Screen(as_json)) as screen:
        from optimizer.cli import dropping

        dropping.show_hindcast(screen)


@app.command(epilog="Example: aidlift timetable plans/deir_ezzor_2016/un")
def timetable(
    plan_folder: PlanFolder,
    instance: Moved = None,
    as_json: Json = False,
) -> None:
    """Give the sorties of an edited plan new tails and minutes.

    Sorties and loads stay as they are. Exit code 3, with the reason and
    without any change, when no timetable can hold them; 6 when the plan
    breaks other rules.
    """
    with answering(Screen(as_json)) as screen:
        from optimizer.cli import retiming

        retiming.timetable(screen, plan_folder, instance)


@app.command(epilog="Example: aidlift schema zones")
def schema(
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="Such as zones, or `instance`, or `scenario`.")
    ],
) -> None:
    """Print the JSON Schema (draft 7) of an input file."""
    with answering(Screen(as_json=True)) as screen:
        from optimizer.cli import reading

        reading.schema(screen, table)


pages.register(app)
evidence.register(app)
