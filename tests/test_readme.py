"""What README tells a new user works as written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from instances.catalogue import Group
from instances.load import load_instance, scenarios_of, shipped_instances
from optimizer.cli.app import app
from optimizer.cli.asked import comparison_names
from reports.measures import MEASURES, PEOPLE
from reports.words import group_words

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"uv run aidlift ([^`\n]+)", README)


def test_there_are_exactly_two_set_up_commands() -> None:
    blocks = re.findall(r"```\n(pip [^`]*)```", README)
    assert blocks == [
        "pip install uv && uv run aidlift compare deir_ezzor_2016\n",
        "pip install uv && uv run pytest\n",
    ]


def test_ci_runs_the_test_command_as_written() -> None:
    assert "pip install uv && uv run pytest" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_and_options_exist(command: str) -> None:
    name, *words = shlex.split(command)
    told = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert told.exit_code == 0
    assert [word for word in words if word.startswith("--") and word not in told.output] == []


def test_instances_and_scenarios_named_are_shipped() -> None:
    assert "deir_ezzor_2016" in [name for name, _ in shipped_instances()]
    folder = ROOT / "instances" / "shelf" / "deir_ezzor_2016"
    assert set(re.findall(r"--scenario (\w+)", README)) <= set(scenarios_of(folder))


def test_the_comparison_shown_has_the_columns_and_measures_of_one() -> None:
    block = re.search(r"```\n(Measure .*?)```", README, re.DOTALL)
    assert block is not None
    head, *rows = [re.split(r" {2,}", line) for line in block[1].splitlines()]
    assert head == ["Measure", *comparison_names(("un", "russia"))]
    groups = {f"{group_words(group)} met".capitalize() for group in get_args(Group)}
    kits = {one.name for one in load_instance("deir_ezzor_2016").commodities if one.unit == "kit"}
    known = (
        {one.label for one in (*PEOPLE, *MEASURES)} | groups | kits | {"Gap, cost", "Gap, severity", "Status"}
    )
    assert [row[0] for row in rows if row[0] not in known] == []
    assert {len(row) for row in rows} <= {len(head)}


def test_linked_files_exist() -> None:
    assert [link for link in re.findall(r"\]\(([^)]+)\)", README) if not (ROOT / link).exists()] == []
