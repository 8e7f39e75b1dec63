"""The program as a process of its own: start, signals, streams."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from reports.schedules import read_plan

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "data" / "tiny"


def _started(module: str, *args: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, args)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def _ran(module: str, *args: str | Path) -> tuple[int, str, str]:
    process = _started(module, *args)
    stdout, stderr = process.communicate(timeout=60)
    return process.returncode, stdout, stderr


def test_help_names_the_commands_and_loads_nothing_heavy() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "optimizer.cli", "--help"]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, timeout=60, check=True)
    names = ("instances", "new", "validate", "solve", "compare", "check")
    assert [name for name in names if name not in done.stdout] == []
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "typer" in loaded
    assert loaded.isdisjoint({"numpy", "pandas", "pydantic", "pulp", "highspy", "ortools", "shapely"})


def test_stdout_is_one_document_whatever_the_solver_prints(tmp_path: Path) -> None:
    args = ("chatty", "solve", TINY, "--party", "north", "--json", "--out", tmp_path / "plan")
    code, stdout, stderr = _ran("tests.cli.with_fake", *args)
    assert code == 0
    told = json.loads(stdout)
    assert told["status"] == "optimal"
    assert told["plan"]["parties"] == ["north"]
    assert "Running HiGHS" in stderr
    assert "north: cost, best 21,000 USD, bound 20,000 USD, gap 4.76 %" in stderr
    assert "Who eats" in stderr
    assert "\x1b" not in stdout + stderr


def _wait_for(process: subprocess.Popen[str], words: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return
    raise AssertionError(f"never said {words!r}")


def test_130_with_the_best_plan_when_interrupted(tmp_path: Path) -> None:
    args = ("patient", "solve", TINY, "--party", "north", "--out", tmp_path / "plan")
    process = _started("tests.cli.with_fake", *args)
    _wait_for(process, "cost, ")
    # To the whole group, as a terminal does it.
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Interrupted; the best plan so far was written." in stderr
    assert "Traceback" not in stderr
    assert read_plan(tmp_path / "plan").status == "feasible"


def test_130_and_what_there_is_when_a_comparison_is_interrupted(tmp_path: Path) -> None:
    process = _started("tests.cli.with_fake", "patient", "compare", TINY, "--out", tmp_path / "both")
    _wait_for(process, "north: cost, ")
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert "comparison.csv" in {path.name for path in (tmp_path / "both").iterdir()}
    assert read_plan(tmp_path / "both" / "north").status == "feasible"


def test_children_go_with_their_parent(tmp_path: Path) -> None:
    args = ("patient", "solve", TINY, "--party", "north", "--out", tmp_path / "plan")
    process = _started("tests.cli.with_fake", *args)
    _wait_for(process, "cost, ")
    process.kill()
    # Returns only when the last process that holds the pipes is gone.
    process.communicate(timeout=10)


def test_the_whole_command_keeps_its_time_when_a_child_hangs(tmp_path: Path) -> None:
    """A child that sleeps for ten minutes: the command would not be back in one."""
    args = ("hanging", "solve", TINY, "--party", "north", "--out", tmp_path / "plan", "--time-limit", "4")
    code, stdout, _ = _ran("tests.cli.with_fake", *args)
    assert code == 5
    assert "No plan: time ran out before any plan was found" in stdout
