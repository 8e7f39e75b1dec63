"""One step between two plans: what a mixture costs at a coverage, or at the most that it can reach."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from instances.schema import Instance
from optimizer.campaign.objective import cheapest
from optimizer.campaign.program import UNCOVERED, Program
from optimizer.campaign.settings import SETTINGS
from optimizer.campaign.wanted import Wanted
from optimizer.clock import Clock
from optimizer.explain.mixture import mixture
from optimizer.explain.relaxed import in_weeks
from optimizer.network import build_network
from optimizer.options import Options
from optimizer.plan import Plan, Record
from optimizer.solve import network_of
from optimizer.timetable.timetabler import Timetabler
from optimizer.watch import Progress, Watch

GAP_USD: Final = 1000.0  # at which whole tails and totals count as settled
DEAR: Final = 1000.0  # times the price of a person-day short: a step covers what it can


class Step(Record):
    """What a mixture comes to.

    Attributes
    ----------
    usd, landed_kg, aircraft_lost : float
        Of its plan.
    short_person_days : float
        What it leaves short below the coverage, over all needs.
    """

    usd: float
    landed_kg: float
    aircraft_lost: float
    short_person_days: float


def step_key(instance: Instance, options: Options) -> str:
    """A name of a step that is the same whenever its question is the same."""
    asked = options.model_dump(
        include={"parties", "coverage_frac", "coverage_from", "gap_frac", "seed", "stops"}
    )
    bare = instance.model_copy(update={"sha256": (), "figures": ()})
    return hashlib.sha256(f"{asked}{bare.model_dump_json()}".encode()).hexdigest()


def _wanted(options: Options) -> Wanted:
    return Wanted((cheapest(),), options.gap_frac, 1 - (options.coverage_frac or 0.0))


def person_days_to_bring(instance: Instance, options: Options) -> float:
    """Person-days, over all needs, that a coverage asks for and first stocks do not meet."""
    net = replace(build_network(instance, ()), coverage_from=options.coverage_from)
    program = Program(in_weeks(net, ()), _wanted(options), options.seed)
    program.aim({UNCOVERED: 1.0})
    program.relaxed(Clock(math.inf))
    return program.missing()


def step(instance: Instance, options: Options, watch: Watch, usd: float) -> Step | None:
    """Solve one step in weeks, with whole tails and whole totals of sorties.

    Parameters
    ----------
    instance : Instance
        A mixture.
    options : Options
        With the coverage asked for.
    watch : Watch
        Clock.
    usd : float
        What a person-day short is about worth; the step covers what it can at many times that.

    Returns
    -------
    Step or None
        At the coverage, or at the most that the mixture can reach; None when time ran out.
    """
    net = network_of(instance, options)
    cuts = [cut for cut in Timetabler(net, options.seed).foreseen(watch.clock) if cut.proven]
    goal = cheapest()
    program = Program(in_weeks(net, cuts), _wanted(options), options.seed, cuts)
    columns = program.roughly_whole()
    program.aim({goal.name: 1.0, UNCOVERED: DEAR * usd})
    solved = program.whole(columns, watch.clock, GAP_USD, SETTINGS.bound_patience)
    if solved.value is None:
        return None
    found = program.read()
    landed = sum(net.stops[s].landing.landed_frac * kg for (s, _, _), kg in found.of("load_kg").items())
    lost = sum(net.missions[m].loss_prob * n for (m, _), n in found.of("sorties").items())
    return Step(
        usd=round(program.value(goal), 2),
        landed_kg=round(landed, 3),
        aircraft_lost=round(lost, 8),
        short_person_days=round(program.missing(), 3),
    )


def steps(
    instance: Instance,
    options: Options,
    watch: Watch,
    a: str,
    b: str,
    groups: Sequence[frozenset[str]],
    usd: float,
) -> dict[str, Step]:
    """Steps of several mixtures of two parties by `step_key`, as many as there is time for."""
    found: dict[str, Step] = {}
    for done, group in enumerate(groups):
        watch.progress(Progress(f"step {done + 1} of {len(groups)}"))
        mixed = mixture(instance, a, b, group)
        one = step(mixed, options, watch, usd)
        if one is None:
            break
        found[step_key(mixed, options)] = one
    return found


def step_of(plan: Plan) -> Step:
    """What a plan comes to as a step that covers all it was asked to."""
    summary = dict(plan.summary)
    return Step(
        usd=summary["cost_usd"],
        landed_kg=summary["landed_kg"],
        aircraft_lost=summary["expected_aircraft_lost"],
        short_person_days=0.0,
    )
