"""History beside the model, row by row: difference, tolerance and verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from instances.history import DROP_MEASURES, History
from instances.schema import Instance
from optimizer.backtest.measures import air_cost_usd, kcal_per_person_day, of_drop, of_plan
from optimizer.plan import Plan


class Verdict(StrEnum):
    """How a model does by a row of history."""

    AGREES = "agrees"
    CONSTRUCTED = "agrees by construction"
    MISSES = "misses"
    NO_PLAN = "no plan"


@dataclass(frozen=True)
class Compared:
    """One row of the back-test.

    Attributes
    ----------
    instance : str
        Id of the instance.
    row : History
        What happened.
    model : float or None
        What the model comes to, in the row's unit; None without a plan.
    difference_frac : float or None
        Model less the nearer end of history, as a share of that end; 0 inside a range.
    """

    instance: str
    row: History
    model: float | None
    difference_frac: float | None

    @property
    def verdict(self) -> Verdict:
        """Whether the model agrees, and whether that means anything."""
        if self.difference_frac is None:
            return Verdict.NO_PLAN
        if abs(self.difference_frac) > self.row.tolerance_frac:
            return Verdict.MISSES
        return Verdict.CONSTRUCTED if self.row.in_inputs else Verdict.AGREES


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


@dataclass(frozen=True)
class Counterfactual:
    """A plan of an operation in the few figures that matter most.

    Attributes
    ----------
    kcal_per_person_day : float
        Energy that reached people, kcal a person and day.
    air_cost_usd : float
        Flying, tails, canopies and feeders, USD.
    need_met_frac : float
        Share of the need met, first stocks included, 0..1.
    sorties : int
        Sorties, trucks included.
    dropped_t : float
        Cargo dropped or landed, t.
    """

    kcal_per_person_day: float
    air_cost_usd: float
    need_met_frac: float
    sorties: int
    dropped_t: float


def in_short(instance: Instance, plan: Plan) -> Counterfactual:
    """The few figures of one plan."""
    summary = dict(plan.summary)
    return Counterfactual(
        kcal_per_person_day(instance, plan),
        air_cost_usd(plan),
        summary["need_met_frac"],
        int(summary["sorties"]),
        summary["dropped_kg"] / 1000,
    )
