"""``report``, ``figures`` and ``explain``: pages from files, also of plans edited by hand."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from instances.load import load_instance
from optimizer.options import Options
from reports.schedules import write_plan
from tests.cli.fakes import hand_plan
from tests.cli.helpers import Aidlift, Solver, document, files


@pytest.fixture
def solved(aidlift: Aidlift, tiny: Path, solver: Solver) -> Path:
    """A plan that `solve` wrote."""
    solver("optimal")
    done = aidlift("solve", tiny, "--party", "north")
    assert done.exit_code == 0, done.output
    return Path("plans/tiny/north")


@pytest.fixture(scope="module")
def comparisons() -> Iterator[Path]:
    """Where tests leave a comparison for those that come after: its pages take seconds."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "plans"


@pytest.fixture
def compared(aidlift: Aidlift, tiny: Path, solver: Solver, comparisons: Path) -> Path:
    """What `compare` wrote, a copy for each test."""
    solver("optimal")
    if not comparisons.exists():
        done = aidlift("compare", tiny, "--out", comparisons)
        assert done.exit_code == 0, done.output
    return shutil.copytree(comparisons, Path("plans/tiny"))


def test_solve_writes_the_page_and_report_the_same_one(aidlift: Aidlift, solved: Path) -> None:
    before = (solved / "report.html").read_bytes()
    (solved / "report.html").unlink()
    done = aidlift("report", solved)
    assert done.exit_code == 0, done.output
    assert (solved / "report.html").read_bytes() == before
    assert str(solved / "report.html") in done.stdout
    assert document(aidlift("report", solved, "--json"))["broken_rules"] == 0


def test_an_edited_plan_says_which_rule_it_breaks(aidlift: Aidlift, solved: Path) -> None:
    sorties = solved / "sorties.csv"
    sorties.write_text(sorties.read_text().replace(",425.365,", ",400.000,", 1))
    done = aidlift("report", solved)
    assert done.exit_code == 6
    assert "sortie_figures" in done.stderr
    page = (solved / "report.html").read_text(encoding="utf-8")
    main = page[page.index("<main") :]
    assert main.index("This plan breaks 1 rule: sortie_figures") < main.index('id="answers"')


def test_a_folder_that_is_no_plan(aidlift: Aidlift, tiny: Path, tmp_path: Path) -> None:
    for command in ("report", "figures", "explain"):
        for folder in (tiny, tmp_path / "nowhere"):
            done = aidlift(command, folder)
            assert done.exit_code == 2
            assert "this is not the folder of a plan" in done.stderr
            assert "Traceback" not in done.output
    assert "report.html" not in files(tiny)


def test_a_plan_of_a_newer_version(aidlift: Aidlift, solved: Path) -> None:
    plan = json.loads((solved / "plan.json").read_text())
    plan["versions"]["aidlift"] = "99.1.0"
    (solved / "plan.json").write_text(json.dumps(plan))
    assert aidlift("report", solved).exit_code == 0  # newer, and yet it can be read
    plan["mood"] = "good"
    (solved / "plan.json").write_text(json.dumps(plan))
    done = aidlift("report", solved)
    assert done.exit_code == 2
    first = done.stderr.splitlines()[0]
    assert "AL-4204" in first
    assert "written by a newer version of aidlift" in first
    assert "(99.1.0)" in first
    assert "update aidlift" in first


def test_compare_writes_its_page_and_report_the_same_one(aidlift: Aidlift, compared: Path) -> None:
    before = (compared / "comparison.html").read_bytes()
    (compared / "comparison.html").unlink()
    done = aidlift("report", compared)
    assert done.exit_code == 0, done.output
    assert (compared / "comparison.html").read_bytes() == before
    assert (compared / "north" / "report.html").is_file()
    assert (compared / "north+south@equal" / "report.html").is_file()


def test_another_comparison_stands_beside(aidlift: Aidlift, compared: Path, tiny: Path) -> None:
    shutil.copytree(compared, "plans/other")
    done = aidlift("report", compared, "--beside", "plans/other")
    assert done.exit_code == 0, done.output
    assert "The same under own rules" in (compared / "comparison.html").read_text(encoding="utf-8")
    assert aidlift("report", compared / "north", "--beside", "plans/other").exit_code == 2
    assert aidlift("report", compared, "--beside", tiny).exit_code == 2


def test_figures_of_a_plan_and_of_a_comparison(aidlift: Aidlift, compared: Path) -> None:
    for folder in (compared, compared / "north"):
        done = aidlift("figures", folder)
        assert done.exit_code == 0, done.output
        made = files(folder / "figures")
        assert {"cost.svg", "cost.png", "loss.svg"} <= set(made)
        before = {name: (folder / "figures" / name).read_bytes() for name in made}
        assert aidlift("figures", folder).exit_code == 0
        assert {name: (folder / "figures" / name).read_bytes() for name in made} == before


def test_figures_leave_a_folder_of_yours_alone(aidlift: Aidlift, solved: Path) -> None:
    (solved / "figures").mkdir()
    (solved / "figures" / "mine.txt").write_text("mine")
    done = aidlift("figures", solved)
    assert done.exit_code == 2
    assert files(solved / "figures") == ["mine.txt"]


def test_explain_finds_limits_and_the_page_shows_them(aidlift: Aidlift, tiny: Path) -> None:
    instance = load_instance(tiny)
    plan = hand_plan(instance, Options(parties=("south",)))
    folder = tiny.parent / "plan"
    write_plan(plan.model_copy(update={"instance_path": str(tiny)}), folder, instance)
    done = aidlift("explain", folder, "--time-limit", "100")
    assert done.exit_code == 0, done.output
    assert "kcal a person and day short" in done.stdout
    told = json.loads((folder / "why_short.json").read_text())
    assert told
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Not worked out yet" not in page
    # The page made again from the files is the same.
    assert aidlift("report", folder).exit_code == 0
    assert (folder / "report.html").read_text(encoding="utf-8") == page


def test_explain_a_comparison_without_enough_plans(aidlift: Aidlift, tiny: Path, solver: Solver) -> None:
    solver("optimal")
    assert aidlift("compare", tiny, "--party", "north").exit_code == 0
    done = aidlift("explain", Path("plans/tiny"))
    assert done.exit_code == 2
    assert "AL-5009" in done.stderr


def test_explain_out_of_time_says_that_it_goes_on(aidlift: Aidlift, compared: Path) -> None:
    done = aidlift("explain", compared, "--time-limit", "0.01")
    assert done.exit_code == 5
    assert "the same command goes on from there" in done.stderr
    assert "not worked out yet" in (compared / "comparison.html").read_text(encoding="utf-8")


def test_a_bad_time_limit(aidlift: Aidlift, solved: Path) -> None:
    done = aidlift("explain", solved, "--time-limit", "soon")
    assert done.exit_code == 2
    assert "AL-5003" in done.stderr
