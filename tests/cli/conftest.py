"""The command line in this process, with a stand-in for the solver."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from instances import folders
from optimizer import runs
from optimizer.cli.app import app
from tests.cli.helpers import Aidlift, Solver

TINY = Path(__file__).parents[1] / "data" / "tiny"


@pytest.fixture(autouse=True)
def quick_children(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spawned processes need not import the script that started pytest."""
    monkeypatch.delattr(sys.modules["__main__"], "__file__", raising=False)


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny instance, read without the shipped library, in a working directory of its own."""
    monkeypatch.setattr(folders, "LIBRARY", tmp_path / "library")
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


@pytest.fixture
def aidlift() -> Aidlift:
    """Runs a command line."""

    def run(*args: str | Path) -> Result:
        return CliRunner().invoke(app, [str(arg) for arg in args])

    return run


@pytest.fixture
def solver(monkeypatch: pytest.MonkeyPatch) -> Solver:
    """Puts a stand-in from `tests.cli.fakes` in the solver's place."""

    def use(name: str) -> None:
        monkeypatch.setattr(runs, "SOLVE", f"tests.cli.fakes:{name}")
        monkeypatch.setattr(runs, "REACHABLE", "tests.cli.fakes:reaching")

    return use
