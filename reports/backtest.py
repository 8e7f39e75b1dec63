"""The back-test: ``backtest.csv`` and ``counterfactual.csv`` for scripts, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from optimizer.evidence import Compared, InShort, Verdict
from reports.atomic import write_file
from reports.cells import write_cell
from reports.numbers import MISSING, money_text, share_text
from reports.schedules import cells_text

COLUMNS: Final = (
    "instance",
    "id",
    "quantity",
    "unit",
    "history",
    "history_to",
    "grade",
    "source",
    "model",
    "difference_frac",
    "tolerance_frac",
    "verdict",
    "explanation",
)
SHORT_COLUMNS: Final = (
    "instance",
    "plan",
    "kcal_per_person_day",
    "air_cost_usd",
    "items_met_frac",
    "sorties",
    "dropped_t",
)
HEADERS: Final = ("Quantity", "History", "Model", "Difference", "Tolerance", "Verdict", "Source")
SHORT_HEADERS: Final = (
    "Plan",
    "kcal a person and day",
    "Cost without cargo",
    "Other needs met",
    "Sorties",
    "Dropped, t",
)
SOURCE_CHARACTERS: Final = 48
WEAK: Final = (
    "Weak evidence: a plan made with hindsight knows the winds of a climate, no forecast, no clearance that "
    "was refused, no aircraft out of service, no fighting of the day; and most costs are estimates."
)
"""What a plan that was never flown cannot know."""


def number_text(value: float | None) -> str:
    """A figure in three or so digits, thousands apart."""
    if value is None:
        return MISSING
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 100 and value == round(value) else f"{value:.3g}"


def _history(one: Compared) -> str:
    upto = "" if one.row.value_to is None else f"-{number_text(one.row.value_to)}"
    return f"{number_text(one.row.value)}{upto} {one.row.unit}"


def _signed(frac: float | None) -> str:
    return MISSING if frac is None else f"{100 * frac:+.1f} %"


def backtest_cells(rows: Sequence[Compared]) -> list[list[str]]:
    """The table for the screen, under `HEADERS`; a heading row for each instance."""
    cells: list[list[str]] = []
    seen = ""
    for one in rows:
        if one.instance != seen:
            seen = one.instance
            cells.append([seen, *[""] * (len(HEADERS) - 1)])
        cells.append(
            [
                f"  {one.row.quantity}",
                _history(one),
                number_text(one.model),
                _signed(one.difference_frac),
                share_text(one.row.tolerance_frac),
                one.verdict.value,
                _source(one),
            ]
        )
    return cells


def _source(one: Compared) -> str:
    """Grade and the beginning of the source; all of it stands in the file."""
    words = f"{one.row.grade.value if one.row.grade else MISSING}: {one.row.source}"
    return words if len(words) <= SOURCE_CHARACTERS else words[:SOURCE_CHARACTERS] + "…"


def misses(rows: Sequence[Compared]) -> list[str]:
    """A line for each row that misses, with its explanation."""
    return [
        f"{one.instance}, {one.row.quantity}: {one.row.explanation or 'no explanation is given'}"
        for one in rows
        if one.verdict is Verdict.MISSES
    ]


def counterfactual_cells(short: Sequence[InShort]) -> list[list[str]]:
    """The plans of every operation for the screen, under `SHORT_HEADERS`."""
    return [
        [
            f"{one.instance}, {'as flown' if one.kind != 'free' else 'free under the same rules'}",
            number_text(one.kcal_per_person_day),
            money_text(one.air_cost_usd),
            share_text(one.items_met_frac),
            f"{one.sorties:,}",
            number_text(one.dropped_t),
        ]
        for one in short
    ]


def write_backtest(rows: Sequence[Compared], short: Sequence[InShort], folder: Path) -> None:
    """Write ``backtest.csv`` and ``counterfactual.csv``, each whole or not at all.

    Raises
    ------
    AidliftError
        When the file system refuses.
    """
    table = [
        (
            one.instance,
            one.row.id,
            one.row.quantity,
            one.row.unit,
            one.row.value,
            one.row.value_to,
            one.row.grade.value if one.row.grade else "",
            one.row.source,
            one.model,
            one.difference_frac,
            one.row.tolerance_frac,
            one.verdict.value,
            one.row.explanation,
        )
        for one in rows
    ]
    figures = [
        (
            one.instance,
            one.kind,
            one.kcal_per_person_day,
            one.air_cost_usd,
            one.items_met_frac,
            one.sorties,
            one.dropped_t,
        )
        for one in short
    ]
    for name, columns, lines in (
        ("backtest.csv", COLUMNS, table),
        ("counterfactual.csv", SHORT_COLUMNS, figures),
    ):
        cells = [
            [write_cell(column, value) for column, value in zip(columns, line, strict=True)] for line in lines
        ]
        write_file(folder / name, cells_text(list(columns), cells))
