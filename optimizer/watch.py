"""What a long run tells its caller while it works, and how the caller ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from optimizer.clock import Clock
from optimizer.plan import Plan


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    Attributes
    ----------
    stage : str
        Objective being worked on, or what is being done, such as ``cost_usd`` or ``timetable``.
    value, bound : float or None
        Best plan and proven bound of that objective, in `unit`; None while unknown.
    unit : str
        person-days, frac or USD; empty when there is no value.
    """

    stage: str
    value: float | None = None
    bound: float | None = None
    unit: str = ""


def _ignore(_: object) -> None:
    return None


@dataclass(frozen=True)
class Watch:
    """The caller's side of a run.

    Attributes
    ----------
    clock : Clock
        Time left and the wish to stop.
    progress : callable
        Told where the run stands.
    plan : callable
        Given each complete plan that is better than the one before, so that an end by force still
        leaves the best.
    """

    clock: Clock
    progress: Callable[[Progress], None] = field(default=_ignore)
    plan: Callable[[Plan], None] = field(default=_ignore)
