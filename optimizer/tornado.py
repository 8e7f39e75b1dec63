"""Which estimates matter most to a plan: the heaviest are turned down and up, and all is solved again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from instances.schema import Instance
from optimizer import runs
from optimizer.evidence import Bar
from optimizer.guard import Job
from optimizer.levers import MOST, levers
from optimizer.plan import Plan
from optimizer.session import Run, Session, guarded, judged_run

SIDES: Final = ("low", "high")


@dataclass(frozen=True)
class Tornado:
    """The bars, the widest first, and every run behind them."""

    bars: tuple[Bar, ...]
    runs: tuple[Run, ...]


def tornado_run(instance: Instance, plan: Plan, swing_frac: float, session: Session) -> Tornado:
    """Solve the plan's instance again with each of the heaviest estimates lower and higher.

    Parameters
    ----------
    instance : Instance
        The plan's.
    plan : Plan
        What the bars are measured from.
    swing_frac : float
        How far an estimate is turned, as a share of itself, 0..1.
    session : Session
        Time for all, wish to stop, and who is told.
    """
    chosen = levers(instance, plan)[:MOST]
    turned = {
        f"{lever.name}, {side}": lever.turned(instance, factor)
        for lever in chosen
        for side, factor in zip(SIDES, (1 - swing_frac, 1 + swing_frac), strict=True)
    }
    jobs = [Job(name, runs.SOLVE, one, plan.options) for name, one in turned.items()]
    outcomes = guarded(jobs, session.solving_s(), session)
    made = {name: judged_run(outcomes[name], one, session) for name, one in turned.items()}
    bars = [
        Bar(
            lever.name,
            lever.table,
            lever.columns,
            lever.keys,
            *(made[f"{lever.name}, {side}"].result.plan for side in SIDES),
        )
        for lever in chosen
    ]
    return Tornado(_widest_first(plan, bars), tuple(made.values()))


def _widest_first(base: Plan, bars: Sequence[Bar]) -> tuple[Bar, ...]:
    return tuple(sorted(bars, key=lambda bar: -width_frac(base, bar)))


def width_frac(base: Plan, bar: Bar) -> float:
    """The largest change of cost as a share of it, or of severity as a share of all person-days."""
    before = dict(base.summary)
    widths = [
        abs(dict(plan.summary)[name] - before[name]) / before[whole]
        for plan in (bar.low, bar.high)
        for name, whole in (("cost_usd", "cost_usd"), ("severity_person_days", "person_days"))
        if plan is not None and before[whole]
    ]
    return max(widths, default=0.0)
