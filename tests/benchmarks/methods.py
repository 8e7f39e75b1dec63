"""Solves the same instances by the method of levels, by the plain model and by SCIP, one after the other.

Run by hand, on a quiet machine: ``uv run python tests/benchmarks/methods.py``. Every run has a process and
the whole clock of its case to itself; methods take turns. Each case has the goals of a plan, people first and
then cost, or asks for the cheapest plan at a coverage, one goal that all solvers share. With ``--days-sweep``
one case is solved over longer and longer plans. Tables are printed, and written with ``--out``.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pulp

from instances.generate import generate_instance
from instances.load import load_instance
from instances.schema import Instance
from instances.size import Size
from optimizer.campaign.build import build
from optimizer.campaign.objective import cheapest, reach
from optimizer.check import check
from optimizer.clock import Clock
from optimizer.options import METHODS, Options
from optimizer.plan import Objective, Plan
from optimizer.solve import network_of, solve
from optimizer.watch import Watch

SCIP = "scip"
START_S = 30.0  # to start Python, to build the model, and to judge
SWEEP_S = 900.0  # clock of each run of a sweep
GAP_FRAC = 0.003  # asked of every method
MIB = 1024  # ru_maxrss counts KiB
HEAD = (
    "instance",
    "goal",
    "rows",
    "columns",
    "clock s",
    "method",
    "cost USD",
    "bound USD",
    "gap, cost",
    "gap, severity",
    "first plan s",
    "bound then",
    "its gap in the end",
    "seconds",
    "peak MiB",
)
SWEEP_HEAD = ("days", "cost USD", "bound USD", "gap", "seconds", "seconds grow as days to the power of")


@dataclass(frozen=True)
class Case:
    """An instance, who flies in it, its clock in seconds, and the share of every need to cover, if any."""

    name: str
    source: str
    parties: tuple[str, ...]
    seconds: float
    coverage_frac: float | None = None
    days: int | None = None
    size: Size | None = None
    seed: int = 1

    @property
    def goal(self) -> str:
        """What is sought."""
        return "people, cost" if self.coverage_frac is None else f"cost at {100 * self.coverage_frac:g} %"


FLAGSHIP = "deir_ezzor_2016"
BOTH, INVENTED = ("un", "russia"), ("party_a", "party_b")
CASES = (
    Case("flagship, un", FLAGSHIP, ("un",), 120),
    Case("flagship, russia", FLAGSHIP, ("russia",), 120),
    Case("flagship, both", FLAGSHIP, BOTH, 120),
    Case("besieged towns", "besieged_syria_2016", ("un",), 180),
    Case("flagship, un", FLAGSHIP, ("un",), 60, 0.75),
    Case("flagship, russia", FLAGSHIP, ("russia",), 60, 0.95),
    Case("flagship, both", FLAGSHIP, BOTH, 60, 0.95),
    Case("flagship, both, 180 days", FLAGSHIP, BOTH, 120, 0.7, 180),
    Case("flagship, both, 365 days", FLAGSHIP, BOTH, 300, 0.35, 365),
    Case("generated 30 days", "", INVENTED, 180, 0.5, size=Size(30, 4, 8, 10, 10, 8, 0.5)),
    Case("generated 30 zones", "", INVENTED, 180, 0.5, size=Size(14, 4, 8, 30, 30, 6, 0.5)),
    Case("generated 6 days", "", INVENTED, 30, 0.5, size=Size(6, 1, 2, 2, 2, 2, 0.5), seed=2),
)
SWEEP_DAYS = (30, 60, 90, 180, 365)
SWEPT = Case("flagship, both", FLAGSHIP, BOTH, SWEEP_S, 0.35)


@dataclass(frozen=True)
class Measured:
    """One run: figures of the plain model, cost and bound in USD, gaps, wall clock and peak memory."""

    rows: int
    columns: int
    cost: float | None
    bound: float
    severity_gap: float | None
    first_s: float | None
    first_cost: float | None
    first_bound: float | None
    seconds: float
    peak_mib: float

    @property
    def gap(self) -> float | None:
        """Of the cost."""
        return None if not self.cost else (self.cost - self.bound) / self.cost

    @property
    def first_gap(self) -> float | None:
        """How far the first plan's cost is above the last bound."""
        return None if not self.first_cost else max(0.0, self.first_cost - self.bound) / self.first_cost

    def cells(self, case: Case, method: str, clock_s: float) -> tuple[str, ...]:
        """One row of the table."""
        model = (f"{self.rows:,}", f"{self.columns:,}", f"{clock_s:g}", method)
        money = (_text(self.cost), _text(self.bound), _share(self.gap), _share(self.severity_gap))
        first = (_text(self.first_s, 1), _text(self.first_bound), _share(self.first_gap))
        spent = (f"{self.seconds:.1f}", f"{self.peak_mib:.0f}")
        return (case.name, case.goal, *model, *money, *first, *spent)


def _text(value: float | None, decimals: int = 0) -> str:
    return "-" if value is None else f"{value:,.{decimals}f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.2f} %"


def _instance(case: Case) -> Instance:
    if case.size is not None:
        with tempfile.TemporaryDirectory() as scratch:
            return load_instance(str(generate_instance(Path(scratch) / "generated", case.size, case.seed)))
    instance = load_instance(case.source)
    days = case.days or instance.header.days
    return instance.model_copy(update={"header": instance.header.model_copy(update={"days": days})})


def _options(case: Case, method: str, seconds: float) -> Options:
    return Options(
        parties=case.parties,
        coverage_frac=case.coverage_frac,
        time_limit_s=seconds,
        gap_frac=GAP_FRAC,
        method=next((known for known in METHODS if known == method), METHODS[0]),
    )


def _of(plan: Plan | None, name: str) -> Objective | None:
    objectives = () if plan is None else plan.objectives
    return next((one for one in objectives if one.name == name), None)


def measure(case: Case, method: str, seconds: float) -> Measured:
    """Solve a case in this process."""
    instance = _instance(case)
    options = _options(case, method, seconds)
    started = time.monotonic()
    first: list[tuple[float, Plan]] = []
    plan: Plan | None = None
    if method == SCIP:
        cost, bound = _scip(instance, options)
    else:

        def found(plan: Plan) -> None:
            if not first:
                first.append((time.monotonic() - started, plan))

        plan = solve(instance, options, Watch(Clock(seconds), plan=found)).plan
        money = _of(plan, "cost_usd")
        cost, bound = (money.value, money.bound) if money else (None, 0.0)
    spent = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    _judge(instance, [*(one for _, one in first), *([] if plan is None else [plan])])
    cost_then = _of(first[0][1], "cost_usd") if first else None
    severity = _of(plan, "severity_person_days")
    problem = build(network_of(instance, options)).problem
    return Measured(
        problem.numConstraints(),
        len(problem.variables()),
        cost,
        bound,
        severity.gap_frac if severity else None,
        first[0][0] if first else None,
        cost_then.value if cost_then else None,
        cost_then.bound if cost_then else None,
        spent,
        peak,
    )


def _judge(instance: Instance, plans: Sequence[Plan]) -> None:
    """A plan that breaks a rule counts for nothing."""
    for plan in plans:
        broken = check(plan, instance)
        if broken:
            raise ValueError(f"the plan breaks rules: {broken[0]}")


def _scip(instance: Instance, options: Options) -> tuple[float | None, float]:
    """The plain model in SCIP through PuLP, one thread, default settings."""
    campaign = build(network_of(instance, options))
    net, x, problem = campaign.net, campaign.x, campaign.problem
    share = 0.0 if options.coverage_frac is None else options.coverage_frac
    problem.addConstraint(reach(net).expression(x, net) <= 1 - share, "coverage_asked")
    for variable in x.uncovered.values():
        variable.upBound = 0.0
    problem.setObjective(cheapest().expression(x, net))
    scip: Any = pulp.SCIP_PY  # has no types
    solver = scip(msg=False, timeLimit=options.time_limit_s, gapRel=GAP_FRAC)
    problem.solve(solver)
    model: Any = problem.solverModel
    value = float(model.getObjVal()) if model.getNSols() > 0 else None
    return value, max(0.0, float(model.getDualbound()))


def _in_a_process(case: Case, method: str, seconds: float) -> Measured | None:
    """One run; none where it is not over by twice its clock and is ended."""
    told = json.dumps(asdict(case))
    command = [sys.executable, __file__, "--one", told, method, "--seconds", str(seconds)]
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, check=True, timeout=2 * seconds + START_S
        )
    except subprocess.TimeoutExpired:
        return None
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _case(told: str) -> Case:
    values = json.loads(told)
    size = values.pop("size")
    return Case(**values | {"parties": tuple(values["parties"]), "size": size and Size(**size)})


def _row(case: Case, method: str, seconds: float) -> tuple[str, ...]:
    run = _in_a_process(case, method, seconds)
    if run is not None:
        return run.cells(case, method, seconds)
    cells = (case.name, case.goal, "", "", f"{seconds:g}", method, *["-"] * 7, f"over {2 * seconds:g}, ended")
    return (*cells, "")


def _compared(words: Sequence[str], methods: Sequence[str], seconds: float | None) -> list[tuple[str, ...]]:
    """Every case whose name and goal hold one of the words, by every method."""
    rows = []
    for case in CASES:
        if not any(word in f"{case.name}, {case.goal}" for word in words):
            continue
        for method in methods:
            if method != SCIP or case.coverage_frac is not None:
                rows.append(_row(case, method, seconds or case.seconds))
                sys.stderr.write(" | ".join(rows[-1]) + "\n")
    return rows


def _swept(lengths: Sequence[int], seconds: float) -> list[tuple[str, ...]]:
    """One case over plans of these lengths, and how its seconds grow from each to the next."""
    rows: list[tuple[str, ...]] = []
    before: tuple[int, float] | None = None
    for days in lengths:
        run = _in_a_process(replace(SWEPT, days=days), METHODS[0], seconds)
        if run is None:
            rows.append((str(days), "-", "-", "-", f"over {2 * seconds:g}, ended", "-"))
            continue
        power = None
        if before is not None:
            power = math.log(run.seconds / before[1]) / math.log(days / before[0])
        figures = (_text(run.cost), _text(run.bound), _share(run.gap), _text(run.seconds, 1), _text(power, 2))
        rows.append((str(days), *figures))
        before = days, run.seconds
        sys.stderr.write(" | ".join(rows[-1]) + "\n")
    return rows


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def main() -> None:
    """Every case by every method that is installed, or one case over longer and longer plans."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, help="clock of every run, in place of that of its case")
    parser.add_argument("--cases", nargs="*", default=[""], help="words of cases, such as 'both, cost'")
    parser.add_argument("--methods", nargs="*", default=[*METHODS, SCIP])
    parser.add_argument("--days-sweep", nargs="*", type=int, metavar="DAYS", help="default: 30 60 90 180 365")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        told, method = asked.one
        sys.stdout.write(json.dumps(asdict(measure(_case(told), method, asked.seconds))))
        return
    scip: Any = pulp.SCIP_PY  # has no types
    methods = [m for m in asked.methods if m != SCIP or scip().available()]
    names = ("highspy", "pulp", *(["pyscipopt"] if SCIP in methods else []))
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    if asked.days_sweep is None:
        table = _table(HEAD, _compared(asked.cases, methods, asked.seconds))
    else:
        table = _table(SWEEP_HEAD, _swept(asked.days_sweep or SWEEP_DAYS, asked.seconds or SWEEP_S))
    machine = f"{platform.machine()}, Python {platform.python_version()}, {versions}"
    text = f"{machine}; gap asked {100 * GAP_FRAC:g} %.\n\n{table}"
    sys.stdout.write(text)
    if asked.out:
        asked.out.write_text(text)


if __name__ == "__main__":
    main()
