"""Runs CP-SAT and says what its answers are worth; nothing else does.

One worker and a limit that counts work instead of seconds: the same model gives the same answer on every
machine, unless the clock of the command runs out first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from instances.errors import SolverError
from optimizer.clock import Clock

WORKERS = 1


@dataclass(frozen=True)
class Found:
    """What one solve gave.

    Attributes
    ----------
    values : tuple of int or None
        The decisions asked for, in order; None without a solution.
    bound : float
        No solution is better than this; 0 without an objective.
    infeasible : bool
        Whether it is proven that there is no solution.
    """

    values: tuple[int, ...] | None
    bound: float = 0.0
    infeasible: bool = False


def run(
    model: cp_model.CpModel, wanted: Sequence[cp_model.IntVar], clock: Clock, work: float, seed: int = 0
) -> Found:
    """Solve a model.

    Parameters
    ----------
    model : CpModel
        With or without an objective.
    wanted : sequence of IntVar
        Decisions whose values are asked for.
    clock : Clock
        Ends the solve when the command's time is up.
    work : float
        Most work, in CP-SAT's deterministic seconds.
    seed : int
        Seed of the solver.

    Raises
    ------
    SolverError
        When CP-SAT calls the model invalid.
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = seed
    # Its own handler would leave the default behind, and the next Ctrl-C would end us without a plan.
    solver.parameters.catch_sigint_signal = False
    solver.parameters.max_deterministic_time = work
    solver.parameters.max_time_in_seconds = max(0.01, clock.left())
    status = solver.solve(model)
    if status == cp_model.MODEL_INVALID:
        raise SolverError(f"the timetable is no valid model: {model.validate()}")
    if status == cp_model.INFEASIBLE:
        return Found(None, infeasible=True)
    values = None
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        values = tuple(solver.value(variable) for variable in wanted)
    return Found(values, solver.best_objective_bound if model.has_objective() else 0.0)
