"""What may be typed, and what is said about the rest: all at once, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from optimizer.cli.asked import Asked, request
from optimizer.cli.findings import RULES
from tests.cli.helpers import Aidlift, Solver, document

WRONG = (
    *("--party", "nort"),
    *("--scenario", "half_ratio,quarter"),
    *("--coverage", "80"),
    *("--coverage-from", "tomorrow"),
    *("--days", "2.5"),
    *("--time-limit", "soon"),
    *("--gap", "-0.1"),
    *("--seed", "x"),
    *("--rounds", "1.5"),
    *("--method", "patterns"),
)


def test_every_finding_at_once(aidlift: Aidlift, tiny: Path) -> None:
    done = aidlift("solve", tiny, *WRONG, "--json")
    assert done.exit_code == 2
    found = [(one["id"], one["file"], one["value"]) for one in document(done)["findings"]]
    assert sorted(found) == [
        ("AL-5001", "--party", "nort"),
        ("AL-5002", "--scenario", "half_ratio"),
        ("AL-5002", "--scenario", "quarter"),
        ("AL-5003", "--coverage-from", "tomorrow"),
        ("AL-5003", "--seed", "x"),
        ("AL-5003", "--time-limit", "soon"),
        ("AL-5004", "--coverage", "80"),
        ("AL-5004", "--days", "2.5"),
        ("AL-5004", "--gap", "-0.1"),
        ("AL-5004", "--rounds", "1.5"),
        ("AL-5007", "--method", "patterns"),
    ]
    assert 'did you mean "north"?' in done.stderr
    assert 'did you mean "half_ration"?' in done.stderr
    assert not Path("plans").exists()


def test_findings_of_the_instance_come_with_those_of_the_options(aidlift: Aidlift, tiny: Path) -> None:
    (tiny / "zones.csv").unlink()
    done = aidlift("compare", tiny, "--coverage", "2", "--json")
    assert {one["file"] for one in document(done)["findings"]} >= {"--coverage", "zones.csv"}
    assert done.exit_code == 2


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--days", "0"),
        ("--days", "7"),
        ("--time-limit", "0"),
        ("--time-limit", "inf"),
        ("--coverage", "nan"),
        ("--seed", "2147483648"),
        ("--gap", "5"),
        ("--rounds", "-1"),
        ("--coverage-from", "-1"),
        ("--coverage-from", "6"),
    ],
)
def test_a_number_out_of_range(aidlift: Aidlift, tiny: Path, option: str, value: str) -> None:
    done = aidlift("solve", tiny, option, value)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"AL-5004 {option}: ")
    assert f"({value})" in done.stderr


def test_unknown_instance_lists_the_shipped(aidlift: Aidlift) -> None:
    done = aidlift("solve", "nowhere")
    assert done.exit_code == 2
    assert "deir_ezzor_2016" in done.stderr


@pytest.mark.parametrize("args", [["fly"], ["solve"], ["solve", "x", "--speed"], ["check"], ["new", "x"]])
def test_a_command_that_cannot_be_read(aidlift: Aidlift, args: list[str]) -> None:
    assert aidlift(*args).exit_code == 2


def _file(place: Path) -> None:
    place.parent.mkdir()
    place.write_text("mine")


def _foreign_folder(place: Path) -> None:
    place.mkdir(parents=True)
    (place / "letter.txt").write_text("mine")


def _below_a_file(place: Path) -> None:
    place.parent.write_text("mine")


@pytest.mark.parametrize("make", [_file, _foreign_folder, _below_a_file])
@pytest.mark.parametrize("command", ["solve", "compare"])
def test_a_folder_that_is_not_ours_is_refused_before_solving(
    aidlift: Aidlift,
    solver: Solver,
    tiny: Path,
    tmp_path: Path,
    make: Callable[[Path], None],
    command: str,
) -> None:
    solver("crashing")
    place = tmp_path / "out" / "north"
    make(place)
    done = aidlift(command, tiny, "--party", "north", "--out", place if command == "solve" else place.parent)
    assert done.exit_code == 2
    assert "AL-5005" in done.stderr
    assert "choose another folder with --out" in done.stderr


def test_an_older_plan_is_replaced(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("feasible")
    assert aidlift("solve", tiny, "--party", "north").exit_code == 4
    assert aidlift("solve", tiny, "--party", "north").exit_code == 4


def test_options_reach_the_run(tiny: Path) -> None:
    asked = Asked(
        str(tiny), ["south", "north"], ["half_ration"], "0.8", "3", "60", "0.01", "7", "plain", Path("here")
    )
    wanted = request(asked, compare=False)
    assert wanted.options.parties == ("north", "south")
    assert wanted.options.scenarios == ("half_ration",)
    assert (wanted.options.coverage_frac, wanted.options.days, wanted.options.gap_frac) == (0.8, 3, 0.01)
    assert (wanted.options.time_limit_s, wanted.options.seed) == (60, 7)
    assert wanted.options.method == "plain"
    assert wanted.options.rounds is None
    assert len(wanted.instance.dates) == 3
    assert wanted.instance_path == str(tiny)


@pytest.mark.parametrize(
    ("severity_days", "typed", "day"),
    [(1, None, 0), (1, "3", 3), (1, "5", 5), (7, None, 0), (7, "0", 0)],
)
def test_weeks_that_count_for_the_coverage(
    tiny: Path, severity_days: int, typed: str | None, day: int
) -> None:
    header = tiny / "instance.yaml"
    header.write_text(f"{header.read_text()}severity_days: {severity_days}\n")
    asked = Asked("tiny", None, None, "0.5", None, "60", "0.01", "7", "levels", None, coverage_from=typed)
    assert request(asked, compare=False).options.coverage_from == day


def test_a_day_after_which_no_week_begins_is_a_finding(aidlift: Aidlift, tiny: Path) -> None:
    done = aidlift("solve", tiny, "--coverage", "0.5", "--coverage-from", "3", "--json")
    (found,) = document(done)["findings"]
    assert (done.exit_code, found["id"], found["file"]) == (2, "AL-5004", "--coverage-from")
    assert "no period of 7 days begins so late" in found["problem"]
    assert found["remedy"] == "write a day from 0 to 0"


def test_rounds_reach_the_run(tiny: Path) -> None:
    asked = Asked("tiny", None, None, None, None, "60", "0.01", "7", "levels", None, rounds="3")
    assert request(asked, compare=False).options.rounds == 3
    assert tiny.is_dir()


def test_common_rules_reach_the_run(tiny: Path) -> None:
    asked = Asked("tiny", None, None, None, None, "60", "0.01", "7", "levels", None, "common")
    wanted = request(asked, compare=True)
    assert wanted.options.rules == "common"
    assert [party.loss_cap for party in wanted.instance.parties] == [1e-4, 1e-4]
    assert wanted.folder == Path("plans/tiny@common")
    assert request(asked, compare=False).folder == Path("plans/tiny/north+south@common")
    assert tiny.is_dir()


@pytest.mark.parametrize(("rules", "words"), [("fair", "no such rules"), ("common", "no weekday")])
def test_rules_that_cannot_be_kept(aidlift: Aidlift, tiny: Path, rules: str, words: str) -> None:
    table = tiny / "parties.csv"
    week = "mon;tue;wed;thu;fri;sat;sun"
    table.write_text(table.read_text().replace(week, "mon", 1).replace(week, "tue", 1))
    done = aidlift("compare", tiny, "--rules", rules, "--json")
    (found,) = document(done)["findings"]
    assert (done.exit_code, found["id"], found["value"]) == (2, "AL-5008", rules)
    assert words in found["problem"]


def test_a_relative_folder_is_noted_whole(tiny: Path) -> None:
    asked = Asked("tiny", None, None, None, None, "60", "0.01", "7", "levels", None)
    wanted = request(asked, compare=False)
    assert wanted.instance_path == str(tiny)
    assert wanted.folder == Path("plans/tiny/north+south")


def test_every_kind_is_described() -> None:
    import optimizer.cli.findings as module

    assert all(number in (module.__doc__ or "") for number in RULES)
