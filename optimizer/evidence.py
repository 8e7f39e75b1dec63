"""Records of what a plan is held against: history, the same operation free, and estimates turned."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from instances.history import History
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


@dataclass(frozen=True)
class InShort:
    """A plan of an operation in the few figures that matter most.

    Attributes
    ----------
    instance : str
        Id of the instance.
    kind : str
        ``as_flown`` or ``free``.
    kcal_per_person_day : float
        Energy that reached people, kcal a person and day.
    air_cost_usd : float
        Flying, tails, canopies and feeders, USD.
    items_met_frac : float or None
        Share of the needs beside food met, first stocks included, 0..1; None where there are none.
    sorties : int
        Sorties, trucks included.
    dropped_t : float
        Cargo dropped or landed, t.
    """

    instance: str
    kind: str
    kcal_per_person_day: float
    air_cost_usd: float
    items_met_frac: float | None
    sorties: int
    dropped_t: float


@dataclass(frozen=True)
class Bar:
    """One estimate and what a plan comes to at either end.

    Attributes
    ----------
    name : str
        The estimate in words.
    table, columns, keys : str, tuple of str, tuple of str
        Where it stands in the instance.
    low, high : Plan or None
        The plans there, judged; None where none was found.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    low: Plan | None
    high: Plan | None
