"""Solves the same instances by whole-day patterns and by the plain model, one after the other.

Run by hand, on a quiet machine: ``uv run python tests/benchmarks/methods.py``. Every run has a process and
the whole clock of its case to itself; methods take turns. The objective is the cheapest plan at the coverage
of the case, one objective that all solvers share. The table is printed, and written with ``--out``.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
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
from optimizer.clock import Clock
from optimizer.network import build_network
from optimizer.options import Options
from optimizer.solve import solve
from optimizer.watch import Watch

METHODS = ("patterns", "plain", "scip")
START_S = 5.0  # to start Python and to build the model
GAP_FRAC = 0.003  # asked of every method
MIB = 1024  # ru_maxrss counts KiB
HEAD = (
    "instance",
    "rows",
    "columns",
    "clock s",
    "method",
    "cost USD",
    "bound USD",
    "gap",
    "seconds",
    "peak MiB",
)


@dataclass(frozen=True)
class Case:
    """An instance, who flies in it, the share of every need to be covered, and its clock in seconds."""

    name: str
    source: str
    parties: tuple[str, ...]
    coverage_frac: float
    seconds: float
    days: int | None = None
    size: Size | None = None
    seed: int = 1


FLAGSHIP = "deir_ezzor_2016"
CASES = (
    Case("flagship, un", FLAGSHIP, ("un",), 0.75, 30),
    Case("flagship, russia", FLAGSHIP, ("russia",), 0.95, 30),
    Case("flagship, both", FLAGSHIP, ("un", "russia"), 0.95, 30),
    Case("flagship, both, 180 days", FLAGSHIP, ("un", "russia"), 0.7, 60, 180),
    Case("flagship, both, 365 days", FLAGSHIP, ("un", "russia"), 0.35, 180, 365),
    Case("generated 30 days", "", ("party_a", "party_b"), 0.5, 180, size=Size(30, 4, 8, 10, 10, 8, 0.5)),
    Case("generated 6 days", "", ("party_a", "party_b"), 0.5, 30, size=Size(6, 1, 2, 2, 2, 2, 0.5), seed=2),
)


@dataclass(frozen=True)
class Measured:
    """One run: figures of the plain model, value and bound in USD, wall clock and peak memory."""

    rows: int
    columns: int
    value: float | None
    bound: float
    seconds: float
    peak_mib: float

    def cells(self, case: Case, method: str, clock_s: float) -> tuple[str, ...]:
        """One row of the table."""
        value = "-" if self.value is None else f"{self.value:,.0f}"
        gap = "-" if not self.value else f"{100 * (self.value - self.bound) / self.value:.2f} %"
        figures = (value, f"{self.bound:,.0f}", gap, f"{self.seconds:.1f}", f"{self.peak_mib:.0f}")
        return (case.name, f"{self.rows:,}", f"{self.columns:,}", f"{clock_s:g}", method, *figures)


def _instance(case: Case, scratch: str) -> Instance:
    if case.size is None:
        instance = load_instance(case.source)
        days = case.days or instance.header.days
        return instance.model_copy(update={"header": instance.header.model_copy(update={"days": days})})
    return load_instance(str(generate_instance(Path(scratch) / "generated", case.size, case.seed)))


def measure(case: Case, method: str, seconds: float) -> Measured:
    """Solve a case in this process."""
    with tempfile.TemporaryDirectory() as scratch:
        instance = _instance(case, scratch)
    started = time.monotonic()
    if method == "scip":
        value, bound = _scip(instance, case, seconds)
    else:
        options = Options(
            parties=case.parties,
            coverage_frac=case.coverage_frac,
            time_limit_s=seconds,
            gap_frac=GAP_FRAC,
            method="plain" if method == "plain" else "patterns",
        )
        result = solve(instance, options, Watch(Clock(seconds)))
        objective = result.plan.objectives[-1] if result.plan else None
        value, bound = (objective.value, objective.bound) if objective else (None, 0.0)
    spent = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
    problem = build(build_network(instance, case.parties)).problem
    return Measured(problem.numConstraints(), len(problem.variables()), value, bound, spent, peak)


def _scip(instance: Instance, case: Case, seconds: float) -> tuple[float | None, float]:
    """The plain model in SCIP through PuLP, one thread, default settings."""
    campaign = build(build_network(instance, case.parties))
    net, x, problem = campaign.net, campaign.x, campaign.problem
    problem.addConstraint(reach(net).expression(x, net) <= 1 - case.coverage_frac, "coverage_asked")
    problem.setObjective(cheapest().expression(x, net))
    scip: Any = pulp.SCIP_PY  # has no types
    solver = scip(msg=False, timeLimit=seconds, gapRel=GAP_FRAC)
    problem.solve(solver)
    model: Any = problem.solverModel
    value = float(model.getObjVal()) if model.getNSols() > 0 else None
    return value, max(0.0, float(model.getDualbound()))


def _in_a_process(case: Case, method: str, seconds: float) -> tuple[str, ...]:
    """One row of the table; a run that is not over by twice its clock is ended."""
    place = str(CASES.index(case))
    command = [sys.executable, __file__, "--one", place, method, "--seconds", str(seconds)]
    try:
        told = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=2 * seconds + START_S
        ).stdout
    except subprocess.TimeoutExpired:
        return (case.name, "", "", f"{seconds:g}", method, "-", "-", "-", f"over {2 * seconds:g}, ended", "")
    return Measured(**json.loads(told.splitlines()[-1])).cells(case, method, seconds)


def _table(rows: list[tuple[str, ...]]) -> str:
    lines = [HEAD, tuple("---" for _ in HEAD), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def main() -> None:
    """Every case by every method that is installed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, help="clock of every run, in place of that of its case")
    parser.add_argument("--cases", nargs="*", type=int, default=list(range(len(CASES))))
    parser.add_argument("--methods", nargs="*", default=METHODS)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        sys.stdout.write(json.dumps(asdict(measure(CASES[int(asked.one[0])], asked.one[1], asked.seconds))))
        return
    scip: Any = pulp.SCIP_PY  # has no types
    methods = [m for m in asked.methods if m != "scip" or scip().available()]
    names = ("highspy", "pulp", *(["pyscipopt"] if "scip" in methods else []))
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    rows = []
    for place in asked.cases:
        for method in methods:
            rows.append(_in_a_process(CASES[place], method, asked.seconds or CASES[place].seconds))
            sys.stderr.write(" | ".join(rows[-1]) + "\n")
    machine = f"{platform.machine()}, Python {platform.python_version()}, {versions}"
    text = f"{machine}; gap asked {100 * GAP_FRAC:g} %.\n\n{_table(rows)}"
    sys.stdout.write(text)
    if asked.out:
        asked.out.write_text(text)


if __name__ == "__main__":
    main()
