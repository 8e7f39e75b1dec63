"""Exit codes; scripts rely on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from optimizer.session import Run

DONE: Final = 0
BUG: Final = 1
BAD_INPUT: Final = 2
IMPOSSIBLE: Final = 3
GAP_OPEN: Final = 4
NO_PLAN: Final = 5
BROKEN_RULE: Final = 6
INTERRUPTED: Final = 130

_WORST_FIRST: Final = (BROKEN_RULE, BUG, BAD_INPUT, NO_PLAN, IMPOSSIBLE, GAP_OPEN, DONE)

HELP: Final = (
    "Exit codes: 0 done; 1 our bug; 2 bad usage or bad input; 3 no plan can do this, proven; "
    "4 time limit before the asked gap, a judged plan is written; 5 time limit and no plan; "
    "6 the plan breaks a rule; 130 interrupted, the best judged plan so far is written."
)


def error_code(error: BaseException) -> int:
    """What an error that we raise on purpose means for a script."""
    from instances.errors import SolverError
    from optimizer.child import CrashError

    return BUG if isinstance(error, SolverError | CrashError) else BAD_INPUT


def run_code(run: Run) -> int:
    """What one run means for a script."""
    from optimizer.plan import Status

    by_status = {
        Status.OPTIMAL: DONE,
        Status.FEASIBLE: GAP_OPEN,
        Status.INFEASIBLE: IMPOSSIBLE,
        Status.NO_PLAN: NO_PLAN,
    }
    own = BROKEN_RULE if run.violations else by_status[run.result.status]
    return worst([own, *(error_code(error) for _, error in run.errors)])


def worst(codes: Iterable[int]) -> int:
    """The code that stands for several: a broken rule first, then errors, then runs without a plan."""
    return min(codes, key=_WORST_FIRST.index, default=DONE)
