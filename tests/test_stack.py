"""Two solvers in one process: the newest highspy and ortools cannot share it, so the pins matter."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOLVERS = ("highspy", "ortools.sat.python.cp_model")


@pytest.mark.parametrize("order", [SOLVERS, SOLVERS[::-1]])
def test_both_solvers_load_into_one_process(order: tuple[str, str]) -> None:
    code = "\n".join(f"import {module}" for module in order)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_pins() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = {re.split(r"[<>=]", line)[0]: line for line in project["dependencies"]}
    assert pins["highspy"] == "highspy>=1.12,<1.15"
    assert pins["ortools"] == "ortools>=9.15,<9.16"
    assert pins["pulp"] == "pulp>=4.2,<5"
    assert project["requires-python"] == ">=3.12,<3.13"
