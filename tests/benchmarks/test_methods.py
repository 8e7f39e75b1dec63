"""The benchmark runs, on its smallest case."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SMALLEST = "6"
METHODS = Path(__file__).with_name("methods.py")


def test_the_smallest_case_gives_a_table(tmp_path: Path) -> None:
    out = tmp_path / "table.md"
    command = [sys.executable, str(METHODS), "--cases", SMALLEST, "--seconds", "40", "--out", str(out)]
    subprocess.run(command, check=True, capture_output=True, cwd=METHODS.parents[2])
    rows = [line.split(" | ") for line in out.read_text().splitlines() if "generated 6 days" in line]
    assert [row[4] for row in rows][:2] == ["patterns", "plain"]
    patterns, plain = (float(row[5].replace(",", "")) for row in rows[:2])
    assert abs(patterns - plain) <= 0.01 * plain
