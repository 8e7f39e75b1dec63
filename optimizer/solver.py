"""Runs the solver and says what its answers are worth; nothing else does.

A `Session` keeps one PuLP model inside HiGHS between solves, so that rows, columns and costs may change
and the next solve starts from the last. A solver's own word is never passed on: `Solved` is decided from
solution, value and bound. One thread per solve: another number of threads later in the same process
fails in HiGHS, and a single thread gives the same answer every time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, cast

import highspy
import numpy as np
import pulp

from instances.errors import SolverError
from optimizer.clock import Clock
from optimizer.rows import rows_to_bounds
from optimizer.solved import Solved

THREADS = 1
INFINITE = highspy.kHighsInf
IPM_ITERATIONS = 200  # it takes some fifty, or stalls

CALLED = ("MipImprovingSolution", "MipInterrupt", "SimplexInterrupt", "IpmInterrupt")
SIDE_SEARCHES = (  # beside the tree; of no use where little is left to decide
    "mip_detect_symmetry",
    *(f"mip_heuristic_run_{name}" for name in ("feasibility_jump", "rens", "rins", "root_reduced_cost")),
)

type Changed = Literal["limits", "costs"]
type Vector = np.ndarray[tuple[int], np.dtype[np.float64]]
type Entries = Mapping[int, float]
"""Coefficients of a row by column, or of a column by row."""


class Session:
    """One minimisation kept in HiGHS.

    Parameters
    ----------
    problem : pulp.LpProblem, optional
        Every decision must occur in a row or in the objective; without it, rows and columns are added.
    seed : int
        Seed of the solver's random choices.
    """

    def __init__(self, problem: pulp.LpProblem | None = None, seed: int = 0) -> None:
        solver = pulp.HiGHS(msg=False, threads=THREADS, random_seed=seed)
        problem = pulp.LpProblem("bare") if problem is None else problem
        if problem.objective is None:
            problem.setObjective(pulp.lpSum([]))
        solver.createAndConfigureSolver(problem)
        solver.buildSolverModel(problem)
        self._highs = cast(Any, problem.solverModel)
        self._set("ipm_iteration_limit", IPM_ITERATIONS)
        problem.solverModel = None
        variables = problem.exported_variables()
        self._column = {variable.name: j for j, variable in enumerate(variables)}
        self.whole = [j for j, variable in enumerate(variables) if variable.cat == pulp.LpInteger]
        self._columns, self._rows, self._marked = len(variables), problem.numConstraints(), list(self.whole)
        self._stop: Callable[[], bool] = lambda: False
        self._patience: int | None = None
        self._enough = INFINITE
        self._best: int | None = None  # node of the best solution
        self._highs.setCallback(self._called, None)
        for name in CALLED:
            self._highs.startCallback(getattr(highspy.cb.HighsCallbackType, f"kCallback{name}"))

    def rows_to_bounds(self) -> None:
        """Turn rows of one continuous decision into its bounds: simplex counts rows, and a bound is free."""
        by_row = self._highs.getLp().a_matrix_.format_ == highspy.MatrixFormat.kRowwise
        self._rows -= rows_to_bounds(self._highs, self.whole, by_row=by_row)

    def column(self, variable: pulp.LpVariable) -> int:
        """Column of a decision; one that stands in no row, such as a sortie without risk, gets a bare one."""
        if variable.name not in self._column:
            self._column[variable.name] = self.add_column({})
        return self._column[variable.name]

    def terms(self, expression: pulp.LpAffineExpression) -> dict[int, float]:
        """Coefficients of an expression by column, without its constant."""
        return {self._column[v.name]: coefficient for v, coefficient in expression.items()}

    def add_row(self, entries: Entries, low: float = -INFINITE, high: float = INFINITE) -> int:
        """Add ``low <= entries <= high`` and return its row."""
        index, value = _arrays(entries)
        self._highs.addRow(low, high, len(index), index, value)
        self._rows += 1
        return self._rows - 1

    def add_column(self, entries: Entries, cost: float = 0.0, high: float = INFINITE) -> int:
        """Add a decision of at least 0 with its coefficients by row, and return its column."""
        index, value = _arrays(entries)
        self._highs.addCol(cost, 0.0, high, len(index), index, value)
        self._columns += 1
        return self._columns - 1

    def set_bounds(self, column: int, low: float, high: float) -> None:
        """Limit a decision."""
        self._highs.changeColBounds(column, low, high)

    def bounds(self, column: int) -> tuple[float, float]:
        """Limits of a decision."""
        _, _, low, high, _ = self._highs.getCol(column)
        return low, high

    def set_row(self, row: int, low: float, high: float) -> None:
        """Change the limits of a row."""
        self._highs.changeRowBounds(row, low, high)

    def set_costs(self, costs: Entries) -> None:
        """Minimise this from now on; every other decision costs nothing."""
        full = np.zeros(self._columns)
        for j, cost in costs.items():
            full[j] += cost
        self._highs.changeColsCost(self._columns, np.arange(self._columns, dtype=np.int32), full)

    def values(self) -> Vector:
        """The last solution by column."""
        return np.array(self._highs.getSolution().col_value)

    def duals(self) -> Vector:
        """Dual values of the last continuous solve by row; at least 0 for ``>=`` rows."""
        return np.array(self._highs.getSolution().row_dual)

    def solve_relaxed(self, clock: Clock, changed: Changed) -> Solved:
        """Minimise with every decision continuous.

        Parameters
        ----------
        clock : Clock
            Says when to break off.
        changed : {"limits", "costs"}
            What changed since the last solve. New limits keep it dual feasible, so that simplex goes on from
            there; after other changes it starts anew.
        """
        self._mark([])
        # From nothing, interior point with crossover takes half the time of simplex on the flagship. It
        # gives up where there is hardly any room, as simplex may lose its way from where it stands.
        ways = ["ipm", "simplex"] if changed == "costs" else ["warm", "ipm", "simplex"]
        for way in ways:
            if way != "warm":
                self._highs.clearSolver()
            self._set("solver", "ipm" if way == "ipm" else "simplex")
            self._set("presolve", "off" if way == "warm" else "choose")
            solved = self._run(clock, clock.left())
            if solved.value is not None or solved.infeasible or clock.stopped():
                break
        return solved

    def solve_whole(
        self,
        columns: Iterable[int],
        clock: Clock,
        gap_abs: float,
        start: Entries | None = None,
        patience: int | None = None,
        *,
        near: bool = False,
        enough: float = INFINITE,
    ) -> Solved:
        """Minimise with the given decisions whole, stopping at a gap or with the clock.

        Parameters
        ----------
        columns : iterable of int
            Decisions that must be whole numbers.
        clock : Clock
            Says when to break off.
        gap_abs : float
            Distance of value and bound at which to stop.
        start : mapping, optional
            Values to begin from, by column; those that are missing are optimised.
        patience : int, optional
            Nodes of the search tree without a better solution after which to stop, once there is one;
            unlike a clock, the same on every machine.
        near : bool
            Whether the start is good and little is left to decide, so that the tree alone is searched.
        enough : float
            Proven bound at which to stop.
        """
        completed = start if start is None or len(start) == self._columns else self._completed(start, clock)
        self._mark(list(columns))
        self._highs.clearSolver()
        self._set("solver", "choose")
        self._set("presolve", "choose")
        self._set("mip_abs_gap", gap_abs)
        self._set("mip_rel_gap", 0.0)
        for option in SIDE_SEARCHES:
            self._set(option, not near)
        if completed:
            # Simplex keeps bounds to some digits only, and HiGHS takes no start that is not within them.
            index = np.arange(self._columns, dtype=np.int32)
            low, high = self._highs.getCols(self._columns, index)[3:5]
            value = np.clip([completed[j] for j in range(self._columns)], low, high)
            self._highs.setSolution(self._columns, index, value)
        self._patience, self._enough = patience, enough
        self._best = None
        try:
            return self._run(clock, clock.left())
        finally:
            self._patience, self._enough = None, INFINITE

    def _completed(self, start: Entries, clock: Clock) -> Entries:
        """A start with the best values of all other decisions; nothing when there are none."""
        before = {j: self.bounds(j) for j in start}
        for j, value in start.items():
            self.set_bounds(j, value, value)
        found = self.solve_relaxed(clock, "costs").value is not None
        completed = dict(enumerate(self.values().tolist())) if found else {}
        for j, (low, high) in before.items():
            self.set_bounds(j, low, high)
        return completed

    def _run(self, clock: Clock, seconds: float) -> Solved:
        ends = time.monotonic() + seconds
        self._stop = lambda: clock.stopped() or time.monotonic() > ends
        # HiGHS counts all the time it ever ran, but where numbers are whole only that of this solve.
        before = 0.0 if self._marked else self._highs.getRunTime()
        self._set("time_limit", before + max(0.01, seconds))
        self._highs.run()
        return self._judged()

    def _judged(self) -> Solved:
        """Value and bound of what HiGHS left behind, whatever it calls it."""
        status = self._highs.getModelStatus()
        info = self._highs.getInfo()
        names = highspy.HighsModelStatus
        if status == names.kInfeasible:
            return Solved(None, math.inf, infeasible=True)
        if status in (names.kUnbounded, names.kSolveError) and not self._marked:
            return Solved(None, -math.inf)  # simplex lost its way from a warm start: no cost is below 0
        if status in (names.kUnbounded, names.kModelError, names.kSolveError, names.kLoadError):
            raise SolverError(f"the model cannot be solved ({self._highs.modelStatusToString(status)})")
        feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        value = info.objective_function_value if feasible else None
        if not self._marked:
            # An interrupted simplex proves nothing.
            done = status == names.kOptimal
            return Solved(value if done else None, value if done and value is not None else -math.inf)
        bound = info.mip_dual_bound if math.isfinite(info.mip_dual_bound) else -math.inf
        return Solved(value, bound if value is None else min(bound, value))

    def _mark(self, columns: list[int]) -> None:
        """Make exactly these columns whole."""
        kinds = highspy.HighsVarType
        for marked, kind in ((self._marked, kinds.kContinuous), (columns, kinds.kInteger)):
            if marked:
                index = np.array(marked, dtype=np.int32)
                self._highs.changeColsIntegrality(len(marked), index, np.full(len(marked), kind))
        self._marked = columns

    def _set(self, option: str, value: object) -> None:
        self._highs.setOptionValue(option, value)

    def _called(self, kind: Any, message: str, out: Any, back: Any, user: Any) -> None:
        del message, user
        if kind == highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution:
            self._best = out.mip_node_count
        else:
            # Said each time: HiGHS remembers an interrupt from the solve before.
            back.user_interrupt = self._stop() or self._will_do(out)

    def _will_do(self, out: Any) -> bool:
        """Whether to stop: the bound is proven, or nothing better was found for long."""
        if self._enough < INFINITE and out.mip_dual_bound >= self._enough:
            return True
        if self._best is None or self._patience is None:
            return False
        return bool(out.mip_node_count - self._best > self._patience)


def _arrays(entries: Entries) -> tuple[np.ndarray, np.ndarray]:
    return np.array(list(entries), dtype=np.int32), np.array(list(entries.values()), dtype=np.float64)
