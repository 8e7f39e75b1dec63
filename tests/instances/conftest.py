"""A copy of the hand instance `tiny` to break, read without the shipped library."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from instances import folders
from instances.errors import Finding, InstanceError
from instances.load import load_instance

TINY = Path(__file__).parents[1] / "data" / "tiny"


@pytest.fixture(autouse=True)
def no_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(folders, "LIBRARY", tmp_path / "library")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


@pytest.fixture
def edit(tiny: Path) -> Callable[[str, str | None, str], None]:
    """Replace the first `old` in a file of `tiny`, or with None the whole file."""

    def replace(file: str, old: str | None, new: str) -> None:
        path = tiny / file
        text = "" if old is None else path.read_text()
        assert old is None or old in text
        path.write_text(new if old is None else text.replace(old, new, 1))

    return replace


@pytest.fixture
def findings_of(tiny: Path) -> Callable[..., tuple[Finding, ...]]:
    """Every finding of `tiny` with these scenarios and days."""

    def refused(*scenarios: str, days: int | None = None) -> tuple[Finding, ...]:
        with pytest.raises(InstanceError) as caught:
            load_instance(tiny, scenarios, days)
        return caught.value.findings

    return refused
