"""The benchmark runs, on its smallest case."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

METHODS = Path(__file__).with_name("methods.py")
SMALLEST = "generated 6 days"


def _table(out: Path, *args: str) -> list[dict[str, str]]:
    command = [sys.executable, str(METHODS), *args, "--seconds", "40", "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True, cwd=METHODS.parents[2])
    head, _, *rows = [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for line in out.read_text().splitlines()
        if line.startswith("|")
    ]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_methods_agree_on_the_smallest_case(tmp_path: Path) -> None:
    rows = _table(tmp_path / "table.md", "--cases", SMALLEST)
    by_method = {row["method"]: float(row["cost USD"].replace(",", "")) for row in rows}
    assert list(by_method)[:2] == ["levels", "plain"]
    assert by_method["levels"] == pytest.approx(by_method["plain"], rel=0.01)
    assert all(float(row["first plan s"]) <= float(row["seconds"]) for row in rows[:2])
