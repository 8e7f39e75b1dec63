"""``generate``: a folder that the other commands take, or every mistake at once and nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from instances.load import load_instance
from instances.size import Size
from reports.schedules import read_plan
from tests.cli.helpers import Aidlift, document

SMALL = ("--days", "3", "--bases", "1", "--fleets", "1", "--zones", "1", "--communities", "1")


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_generates_what_validates(aidlift: Aidlift) -> None:
    done = aidlift("generate", "my_region")
    assert done.exit_code == 0
    assert "aidlift solve my_region" in done.stdout
    assert aidlift("validate", "my_region").stdout.startswith("my_region: OK, 30 days")
    assert document(aidlift("generate", "other", "--json")) == {"folder": "other"}
    told = aidlift("generate", "my_region")
    assert told.exit_code == 2
    assert "AL-1017" in told.stderr


def test_the_readme_of_a_generated_folder_says_how_to_make_it_again(aidlift: Aidlift) -> None:
    assert aidlift("generate", "region", "--tightness", "0.75", "--seed", "9", *SMALL).exit_code == 0
    first = Path("region").rename("first")
    command = next(
        line for line in (first / "README.md").read_text().splitlines() if line.startswith("aidlift")
    )
    assert aidlift(*command.split()[1:]).exit_code == 0
    for file in first.glob("*.*"):
        assert file.read_bytes() == (Path("region") / file.name).read_bytes()


def test_options_are_the_size(aidlift: Aidlift) -> None:
    defaults = Size()
    options = [
        part for name in ("bases", "zones") for part in (f"--{name}", str(getattr(defaults, name) + 1))
    ]
    assert aidlift("generate", "region", *options).exit_code == 0
    instance = load_instance("region")
    assert (len(instance.bases), len(instance.zones)) == (defaults.bases + 1, defaults.zones + 1)
    assert (len(instance.fleets), len(instance.communities)) == (defaults.fleets, defaults.communities)


def test_every_mistake_at_once(aidlift: Aidlift) -> None:
    wrong = ("--days", "731", "--fleets", "many", "--zones", "2.5", "--commodities", "21", "--tightness", "2")
    Path("region").write_text("mine")
    done = aidlift("generate", "region", *wrong, "--seed", "-1", "--json")
    assert done.exit_code == 2
    assert [(one["id"], one["file"], one["value"]) for one in document(done)["findings"]] == [
        ("AL-5004", "--days", "731"),
        ("AL-5003", "--fleets", "many"),
        ("AL-5004", "--zones", "2.5"),
        ("AL-5004", "--commodities", "21"),
        ("AL-5004", "--tightness", "2"),
        ("AL-5004", "--seed", "-1"),
        ("AL-1017", "region", ""),
    ]
    assert "1..20, as many as the library holds" in done.stderr
    assert Path("region").read_text() == "mine"


def test_a_folder_below_a_file_is_refused(aidlift: Aidlift) -> None:
    Path("notes").write_text("mine")
    done = aidlift("generate", "notes/region")
    assert done.exit_code == 2
    assert "AL-1018" in done.stderr


def test_a_generated_instance_can_be_planned(aidlift: Aidlift) -> None:
    assert aidlift("generate", "region", *SMALL, "--commodities", "1", "--seed", "3").exit_code == 0
    done = aidlift("solve", "region", "--time-limit", "10", "--gap", "0.1", "--out", "plan")
    assert done.exit_code in (0, 4), done.output
    assert aidlift("check", "plan").exit_code == 0
    plan = read_plan(Path("plan"))
    assert plan.sorties
