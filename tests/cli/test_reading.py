"""The commands that need no solver."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from instances.load import load_instance, shipped_instances
from optimizer.campaign.settings import SETTINGS
from optimizer.options import Options
from optimizer.plan import Plan
from reports.schedules import write_plan
from tests.cli.fakes import hand_plan
from tests.cli.helpers import Aidlift, document


@pytest.fixture
def plan_folder(tiny: Path) -> Path:
    """A plan of the tiny instance that keeps every rule."""
    return _written(tiny, lambda plan: plan)


def _written(tiny: Path, change: Callable[[Plan], Plan]) -> Path:
    plan = hand_plan(load_instance(tiny), Options(parties=("north", "south")))
    write_plan(change(plan.model_copy(update={"instance_path": str(tiny)})), tiny.parent / "plan")
    return tiny.parent / "plan"


@pytest.mark.parametrize(
    "command",
    [
        "instances",
        "new",
        "generate",
        "validate",
        "sources",
        "solve",
        "compare",
        "backtest",
        "tornado",
        "check",
        "timetable",
        "schema",
        "report",
        "explain",
        "figures",
        "settings",
    ],
)
def test_every_command_has_an_example(aidlift: Aidlift, command: str) -> None:
    done = aidlift(command, "--help")
    assert done.exit_code == 0
    assert f"Example: aidlift {command}" in done.stdout


def test_instances_one_line_each(aidlift: Aidlift) -> None:
    done = aidlift("instances")
    assert done.exit_code == 0
    names = [name for name, _ in shipped_instances()]
    assert [line.split()[0] for line in done.stdout.splitlines()] == names
    assert [one["id"] for one in document(aidlift("instances", "--json"))] == names


def test_settings_are_said_and_not_in_the_way(aidlift: Aidlift) -> None:
    told = document(aidlift("settings", "--json"))
    assert {one["name"]: one["value"] for one in told} == SETTINGS.model_dump()
    shown = aidlift("settings").stdout.splitlines()
    assert [line.split()[0] for line in shown] == [one["name"] for one in told]
    assert all(line.endswith(one["description"]) for line, one in zip(shown, told, strict=True))
    assert "settings" not in aidlift("--help").stdout


def test_new_copies_and_validates(aidlift: Aidlift, tmp_path: Path) -> None:
    done = aidlift("new", tmp_path / "my_siege", "--from", "deir_ezzor_2016")
    assert done.exit_code == 0
    assert aidlift("validate", tmp_path / "my_siege").stdout.startswith("my_siege: OK, 90 days")
    assert aidlift("new", tmp_path / "my_siege", "--from", "deir_ezzor_2016").exit_code == 2


def test_validate_warns_of_a_zone_out_of_reach(aidlift: Aidlift, tiny: Path) -> None:
    sky = tiny / "airspace.geojson"
    wall = (
        '{"type": "Feature",'
        '"properties": {"id": "ring", "kind": "prohibited", "parties": ["north", "south"]},'
        '"geometry": {"type": "Polygon", "coordinates":'
        "[[[39.5, 34.5], [40.5, 34.5], [40.5, 35.5], [39.5, 35.5], [39.5, 34.5]]]}},"
    )
    sky.write_text(sky.read_text().replace('[\n{"type"', f'[\n{wall}\n{{"type"', 1))
    done = aidlift("validate", tiny)
    assert done.exit_code == 0
    words = "no party can reach dz: unreachable, because of ring (every day, 0 to 100000 m)"
    assert words in " ".join(done.stderr.split())
    assert document(aidlift("validate", tiny, "--json"))["warnings"] == [words]


def test_check_judges_by_common_rules(aidlift: Aidlift, tiny: Path) -> None:
    """South's low drop risks more than the common cap."""

    def ruled(plan: Plan) -> Plan:
        return plan.model_copy(update={"options": plan.options.model_copy(update={"rules": "common"})})

    done = aidlift("check", _written(tiny, ruled))
    assert done.exit_code == 6
    assert "loss_cap: s3" in done.stdout


def test_validate_counts(aidlift: Aidlift, tiny: Path) -> None:
    done = aidlift("validate", tiny)
    assert done.exit_code == 0
    assert "tiny: OK, 6 days from 2016-04-11; scenarios: half_ration" in done.stdout
    told = document(aidlift("validate", tiny, "--json"))
    assert told["valid"] is True
    assert told["rows"]["needs"] == 3


def test_validate_reports_everything_also_of_scenarios(aidlift: Aidlift, tiny: Path) -> None:
    zones = tiny / "zones.csv"
    zones.write_text(zones.read_text().replace("dz,Drop zone,35.0", "dz,Drop zone,95.0"))
    (tiny / "scenarios" / "more.yaml").write_text("title: More\nset:\n  needs/*/rice/kg_per_person_day: 1\n")
    done = aidlift("validate", tiny)
    assert done.exit_code == 2
    assert "zones.csv:2" in done.stdout
    assert "scenarios/more.yaml:3" in done.stdout
    told = document(aidlift("validate", tiny, "--json"))
    assert told["valid"] is False
    assert {one["file"] for one in told["findings"]} == {"zones.csv", "scenarios/more.yaml"}


def test_validate_unknown_scenario_and_instance(aidlift: Aidlift, tiny: Path) -> None:
    assert 'did you mean "half_ration"?' in aidlift("validate", tiny, "--scenario", "half_ratio").stdout
    done = aidlift("validate", "deir_ezor_2016")
    assert done.exit_code == 2
    assert 'did you mean "deir_ezzor_2016"?' in done.stdout


def test_schema_is_json(aidlift: Aidlift) -> None:
    assert json.loads(aidlift("schema", "zones").stdout)["title"] == "zones.csv"
    done = aidlift("schema", "zone")
    assert done.exit_code == 2
    assert 'did you mean "zones"?' in done.stderr


def test_check_keeps_every_rule(aidlift: Aidlift, plan_folder: Path) -> None:
    done = aidlift("check", plan_folder)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "The plan keeps every rule.\n", "")
    told = document(aidlift("check", plan_folder, "--json"))
    assert told == {"exit_code": 0, "violations": [], "instance_changed": False}


def test_check_after_a_hand_edit(aidlift: Aidlift, plan_folder: Path) -> None:
    sorties = plan_folder / "sorties.csv"
    sorties.write_text(sorties.read_text().replace(",425.365,", ",400.000,", 1))
    done = aidlift("check", plan_folder)
    assert done.exit_code == 6
    assert "sorties.csv: sortie_figures: s1 on 2016-04-11: distance_km is 400" in done.stdout
    rules = {one["rule"] for one in document(aidlift("check", plan_folder, "--json"))["violations"]}
    assert rules == {"sortie_figures"}


def test_check_what_cannot_be_read(aidlift: Aidlift, plan_folder: Path) -> None:
    sorties = plan_folder / "sorties.csv"
    sorties.write_text(sorties.read_text().replace("bundles", "bundels", 1))
    done = aidlift("check", plan_folder, "--json")
    assert done.exit_code == 2
    assert {one["id"] for one in document(done)["findings"]} == {"AL-4004", "AL-4005"}
    assert aidlift("check", plan_folder / "nowhere").exit_code == 2


def test_check_warns_when_the_instance_has_changed(aidlift: Aidlift, plan_folder: Path, tiny: Path) -> None:
    rigs = tiny / "rigs.csv"
    rigs.write_text(rigs.read_text().replace(",40,", ",41,"))
    done = aidlift("check", plan_folder)
    assert done.exit_code == 0
    assert done.stderr == "Warning: the instance has changed since the plan was made: rigs.csv.\n"
    assert document(aidlift("check", plan_folder, "--json"))["instance_changed"] is True


def test_check_when_the_instance_has_moved(aidlift: Aidlift, plan_folder: Path, tiny: Path) -> None:
    moved = tiny.rename(tiny.parent / "moved")
    done = aidlift("check", plan_folder)
    assert done.exit_code == 2
    assert "say where it is now with --instance" in done.stderr
    assert aidlift("check", plan_folder, "--instance", moved).exit_code == 0


def test_check_of_an_unknown_instance(aidlift: Aidlift, tiny: Path) -> None:
    folder = _written(tiny, lambda plan: plan.model_copy(update={"instance_path": ""}))
    done = aidlift("check", folder)
    assert done.exit_code == 2
    assert "AL-5006" in done.stderr


def test_timetable_moves_an_edited_plan(aidlift: Aidlift, plan_folder: Path) -> None:
    table = plan_folder / "sorties.csv"
    edited = table.read_text(encoding="utf-8").replace("2016-04-11T06:00Z", "2016-04-11T03:00Z")
    table.write_text(edited, encoding="utf-8")
    assert aidlift("check", plan_folder).exit_code == 6
    done = aidlift("timetable", plan_folder)
    assert done.exit_code == 0, done.output
    assert "sorties got another tail or time" in done.stdout
    assert aidlift("check", plan_folder).exit_code == 0
    assert document(aidlift("timetable", plan_folder, "--json"))["moved"] == 0


def test_timetable_that_cannot_be_says_why(aidlift: Aidlift, tiny: Path, plan_folder: Path) -> None:
    before = (plan_folder / "sorties.csv").read_bytes()
    zones = (tiny / "zones.csv").read_text(encoding="utf-8")
    zones = zones.replace("06:00,17:00,30", "06:00,17:00,700")
    (tiny / "zones.csv").write_text(zones, encoding="utf-8")
    done = aidlift("timetable", plan_folder)
    assert done.exit_code == 3
    assert "2016-04-11: at most 1 sortie a day: dz keeps 700 min between drops" in done.stdout
    assert (plan_folder / "sorties.csv").read_bytes() == before
