"""What a solve of CP-SAT leaves behind."""

from __future__ import annotations

import subprocess
import sys

TWICE = """
import os, signal
from ortools.sat.python import cp_model
from optimizer.clock import Clock
from optimizer.cp_solver import run

signal.signal(signal.SIGINT, signal.SIG_IGN)
model = cp_model.CpModel()
x = model.new_int_var(0, 5, "x")
model.maximize(x)
assert run(model, [x], Clock(60.0), 1.0).values == (5,)
os.kill(os.getpid(), signal.SIGINT)
print("alive")
"""


def test_a_process_that_ignores_ctrl_c_still_does_after_a_solve() -> None:
    done = subprocess.run([sys.executable, "-c", TWICE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "alive"), done.stderr
