"""History beside the model, row by row."""

from __future__ import annotations

from collections.abc import Iterator

from instances.history import DROP_MEASURES, History
from instances.schema import Instance
from optimizer.backtest.measures import air_cost_usd, kcal_per_person_day, of_drop, of_plan
from optimizer.evidence import Compared, InShort
from optimizer.plan import Plan


def difference_frac(row: History, model: float) -> float:
    """Model less the nearer end of what history gives, as a share of that end; 0 inside a range."""
    low, high = row.value, row.value if row.value_to is None else row.value_to
    if low <= model <= high:
        return 0.0
    end = low if model < low else high
    return (model - end) / abs(end) if end else float("inf")


def compared(instance: Instance, plan: Plan | None) -> Iterator[Compared]:
    """Every row of the history of an instance beside a plan of it as flown, or none."""
    for row in instance.history:
        if row.measure in DROP_MEASURES:
            model: float | None = of_drop(instance, row)
        else:
            model = None if plan is None else of_plan(instance, plan, row)
        off = None if model is None else difference_frac(row, model)
        yield Compared(instance.header.id, row, model, off)


def in_short(instance: Instance, kind: str, plan: Plan) -> InShort:
    """The few figures of one plan; `kind` is ``as_flown`` or ``free``."""
    summary = dict(plan.summary)
    return InShort(
        instance.header.id,
        kind,
        kcal_per_person_day(instance, plan),
        air_cost_usd(plan),
        summary.get("items_met_frac"),
        int(summary["sorties"]),
        summary["dropped_kg"] / 1000,
    )
