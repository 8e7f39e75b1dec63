"""The estimates that matter most: ``tornado.csv`` for scripts, and the same for the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from optimizer.evidence import Bar
from optimizer.plan import Plan
from reports.atomic import write_file
from reports.cells import write_cell
from reports.numbers import MISSING, count_text, gap_text, money_text
from reports.schedules import cells_text

FILE: Final = "tornado.csv"
COLUMNS: Final = (
    "table",
    "columns",
    "rows",
    "turned_frac",
    "severity_person_days",
    "cost_usd",
    "severity_change_person_days",
    "cost_change_usd",
    "status",
)
HEADERS: Final = (
    "Estimate",
    "Turned",
    "Severity, person-days",
    "Cost",
    "Change of severity",
    "Change of cost",
    "Status",
)


def _sides(bar: Bar, swing_frac: float) -> Iterator[tuple[float, Plan | None]]:
    yield from zip((-swing_frac, swing_frac), (bar.low, bar.high), strict=True)


def _figures(plan: Plan) -> tuple[float, float]:
    summary = dict(plan.summary)
    return summary["severity_person_days"], summary["cost_usd"]


def tornado_cells(base: Plan, bars: Sequence[Bar], swing_frac: float) -> list[list[str]]:
    """The bars for the screen, under `HEADERS`, two lines each, after the plan itself."""
    severity, usd = _figures(base)
    cells = [["as planned", "", count_text(severity), money_text(usd), "", "", base.status.value]]
    for bar in bars:
        for place, (turned, plan) in enumerate(_sides(bar, swing_frac)):
            name = bar.name if place == 0 else ""
            if plan is None:
                cells.append([name, f"{100 * turned:+.0f} %", *[MISSING] * 4, "no plan"])
                continue
            new_severity, new_usd = _figures(plan)
            changes = [f"{new_severity - severity:+,.0f}", f"{new_usd - usd:+,.0f} USD"]
            cells.append(
                [
                    name,
                    f"{100 * turned:+.0f} %",
                    count_text(new_severity),
                    money_text(new_usd),
                    *changes,
                    plan.status.value,
                ]
            )
    return cells


def noise(base: Plan, bars: Sequence[Bar]) -> str:
    """How large the open gaps are, below which a change means nothing."""
    plans = [base, *(plan for bar in bars for plan in (bar.low, bar.high) if plan is not None)]
    gaps = [one.gap_frac for plan in plans for one in plan.objectives]
    return f"Changes smaller than the widest gap, {gap_text(max(gaps, default=0.0))}, mean nothing."


def write_tornado(base: Plan, bars: Sequence[Bar], swing_frac: float, folder: Path) -> None:
    """Write ``tornado.csv`` beside the files of the plan, whole or not at all.

    Raises
    ------
    AidliftError
        When the file system refuses.
    """
    severity, usd = _figures(base)
    rows: list[tuple[object, ...]] = []
    for bar in bars:
        lever = (bar.table, bar.columns, bar.keys)
        for turned, plan in _sides(bar, swing_frac):
            if plan is None:
                rows.append((*lever, turned, None, None, None, None, "no_plan"))
                continue
            new, new_usd = _figures(plan)
            rows.append((*lever, turned, new, new_usd, new - severity, new_usd - usd, plan.status.value))
    cells = [[write_cell(name, cell) for name, cell in zip(COLUMNS, row, strict=True)] for row in rows]
    write_file(folder / FILE, cells_text(list(COLUMNS), cells))
