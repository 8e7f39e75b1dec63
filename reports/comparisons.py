"""The folder of a comparison, read again: its plans in the order of ``comparison.csv``."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from instances.errors import InstanceError
from optimizer.plan import Status
from reports.cells import unguard
from reports.compare import Outcome
from reports.document import FILE as PLAN_FILE
from reports.findings import finding
from reports.schedules import read_plan

FILE: Final = "comparison.csv"
PAGE_FILE: Final = "comparison.html"


def _table(folder: Path) -> list[list[str]]:
    try:
        with (folder / FILE).open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.reader(lines))
    except (OSError, UnicodeDecodeError, csv.Error):
        return []


def comparison_order(folder: Path) -> list[str]:
    """Names of the plans of a comparison, in order; empty where the folder is none."""
    rows = _table(folder)
    if not rows or rows[0][:2] != ["measure", "unit"]:
        return []
    # A name is a folder right here and never a way out of it.
    return [name for name in map(unguard, rows[0][2:]) if name and Path(name).name == name]


def read_comparison(folder: Path) -> list[tuple[str, Outcome]]:
    """The plans of a comparison by name, and the status of runs that gave none.

    Raises
    ------
    InstanceError
        AL-4001 when the folder is no comparison, and whatever is wrong with one of its plans.
    """
    names = comparison_order(folder)
    if not names:
        remedy = "give the folder that `aidlift compare` wrote, such as plans/<instance>"
        raise InstanceError([finding("AL-4001", str(folder), "this is no comparison", remedy)])
    status = next((row[2:] for row in _table(folder) if row[:1] == ["status"]), [])
    known = dict(zip(names, status, strict=False))
    outcomes: list[tuple[str, Outcome]] = []
    for name in names:
        if (folder / name / PLAN_FILE).is_file():
            outcomes.append((name, read_plan(folder / name)))
        else:
            told = known.get(name)
            outcomes.append((name, Status(told) if told in set(Status) else Status.NO_PLAN))
    return outcomes
