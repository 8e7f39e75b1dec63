"""What a command's exit code says, and what is written then."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from optimizer import runs
from optimizer.guard import Stop
from optimizer.plan import Plan
from reports.schedules import read_plan, write_plan
from tests.cli.helpers import Aidlift, Solver, document, files

FOLDER = Path("plans/tiny/north")


@pytest.fixture(autouse=True)
def no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages take most of the time and are tested by themselves."""
    monkeypatch.setattr("optimizer.cli.paging.publish", write_plan)
    monkeypatch.setattr(
        "optimizer.cli.paging.write_comparison_page",
        lambda _, folder, __: (folder / "comparison.html").write_text("a page"),
    )


def test_0_when_proven_and_judged(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("optimal")
    done = aidlift("solve", tiny, "--party", "north", "--quiet")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "Who eats" in done.stdout
    assert str(FOLDER) in done.stdout
    plan = read_plan(FOLDER)
    assert plan.options.parties == ("north",)
    assert plan.instance_path == str(tiny)


@pytest.mark.parametrize(
    ("fake", "words"),
    [
        ("crashing", "ZeroDivisionError: tonnes by nothing"),
        ("killed", "its process was ended by signal 9, SIGKILL, as happens when memory runs out"),
        ("refused", "the solver answered unbounded"),
    ],
)
def test_1_when_the_solver_fails(aidlift: Aidlift, solver: Solver, tiny: Path, fake: str, words: str) -> None:
    solver(fake)
    done = aidlift("solve", tiny, "--party", "north", "--quiet")
    assert done.exit_code == 1
    assert f"This is a bug of aidlift, please report it: north: {words}" in done.stderr
    assert "Traceback" not in done.output
    assert not FOLDER.exists()


def test_1_and_the_plan_when_the_solver_fails_after_it(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("crashing_with_plan")
    done = aidlift("solve", tiny, "--party", "north", "--verbose")
    assert done.exit_code == 1
    assert f"a plan of north was found; it is in {FOLDER}" in done.stderr
    assert "Traceback" in done.stderr
    assert read_plan(FOLDER).status == "feasible"


def test_1_without_traceback_when_we_fail_ourselves(
    aidlift: Aidlift, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.cli.solving.solve_run", lambda *_: 1 / 0)
    done = aidlift("solve", tiny)
    assert done.exit_code == 1
    assert "This is a bug of aidlift" in done.stderr
    assert "test_exit_codes.py:" in done.stderr
    assert "Traceback" not in done.output
    assert "Traceback" in aidlift("solve", tiny, "--verbose").stderr


def test_3_and_the_reason_when_proven_impossible(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("infeasible")
    done = aidlift("solve", tiny, "--party", "north")
    assert done.exit_code == 3
    assert "No plan can do this: the hamlet's link carries 500 kg a day, it needs 600" in done.stdout
    assert not FOLDER.exists()


def test_4_when_the_gap_is_open(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("feasible")
    done = aidlift("solve", tiny, "--party", "north")
    assert done.exit_code == 4
    assert "cost 20.00 %" in done.stdout
    assert read_plan(FOLDER).status == "feasible"


def test_5_when_there_is_no_plan_in_time(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("nothing")
    done = aidlift("solve", tiny, "--party", "north")
    assert done.exit_code == 5
    assert "No plan: time ran out" in done.stdout
    assert not FOLDER.exists()


def test_6_and_nothing_written_when_our_judge_refuses(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("rule_breaking")
    done = aidlift("solve", tiny, "--party", "north", "--json")
    assert done.exit_code == 6
    assert "sortie_figures: s1 on 2016-04-11: distance_km is 1" in done.stderr
    assert [one["rule"] for one in document(done)["violations"]] == ["sortie_figures"]
    assert not FOLDER.exists()


def test_130_when_it_was_interrupted_before_any_plan(
    aidlift: Aidlift, solver: Solver, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Stop()
    stop.ask()
    monkeypatch.setattr("optimizer.cli.running.Stop", lambda: stop)
    solver("optimal")
    for command in ("solve", "compare"):
        done = aidlift(command, tiny, "--json")
        assert done.exit_code == document(done)["exit_code"] == 130
        assert "Interrupted; " in done.stderr
    assert not Path("plans").exists()


def test_a_comparison_starts_together_from_each_alone(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("counting_starts")
    done = aidlift("compare", tiny)
    assert done.exit_code == 0
    assert read_plan(Path("plans/tiny/north+south")).notes == ("start of north", "start of south")


def test_compare_writes_a_folder_per_plan(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("at_coverage")
    done = aidlift("compare", tiny, "--out", "both", "--json")
    assert done.exit_code == 0
    own = ["north", "south", "north+south"]
    columns = [*own, *(f"{name}@equal" for name in own)]
    assert files(Path("both")) == sorted([*columns, "comparison.csv", "comparison.html"])
    with Path("both/comparison.csv").open(encoding="utf-8") as lines:
        assert next(csv.reader(lines)) == ["measure", "unit", *columns]
    told = document(done)
    assert [plan["name"] for plan in told["plans"]] == columns
    assert told["equal_coverage_frac"] == 0
    for name in columns:
        plan = read_plan(Path("both") / name)
        assert "+".join(plan.options.parties) == name.removesuffix("@equal")
        assert plan.options.coverage_frac == (0 if name.endswith("@equal") else None)


def test_compare_of_one_party_is_one_folder(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("optimal")
    assert aidlift("compare", tiny, "--party", "north").exit_code == 0
    assert files(Path("plans/tiny")) == ["comparison.csv", "comparison.html", "north"]


def test_compare_exits_with_the_worst_code_and_saves_the_rest(
    aidlift: Aidlift, solver: Solver, tiny: Path
) -> None:
    solver("north_breaks_rules")
    done = aidlift("compare", tiny, "--coverage", "0")
    assert done.exit_code == 6
    assert "the plan found for north breaks rules" in done.stderr
    assert files(Path("plans/tiny")) == [
        "comparison.csv",
        "comparison.html",
        "north+south",
        "north+south@equal",
        "south",
        "south@equal",
    ]


def test_compare_goes_on_when_the_equal_share_is_unknown(
    aidlift: Aidlift, solver: Solver, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solver("feasible")
    monkeypatch.setattr(runs, "REACHABLE", "tests.cli.fakes:crashing")
    done = aidlift("compare", tiny)
    assert done.exit_code == 1
    assert "share north: ZeroDivisionError" in done.stderr
    # What the plans alone meet is a share that all can reach.
    equal = ["north@equal", "north+south@equal", "south@equal"]
    own = ["comparison.csv", "comparison.html", "north", "north+south", "south"]
    assert files(Path("plans/tiny")) == sorted([*own, *equal])


@pytest.mark.parametrize("fake", ["nothing", "nothing_at_equal"])
def test_no_plan_at_equal_is_missing_when_one_was_known(
    aidlift: Aidlift, solver: Solver, tiny: Path, fake: str
) -> None:
    """What shows the share that a party can reach is a plan at that share, if no cheaper one is found."""
    solver(fake)
    told = document(aidlift("compare", tiny, "--json"))
    equal = [plan for plan in told["plans"] if plan["name"].endswith("@equal")]
    assert [plan["name"] for plan in equal] == ["north@equal", "south@equal", "north+south@equal"]
    assert {plan["status"] for plan in equal} == {"feasible"}
    for plan in equal:
        assert [one["name"] for one in plan["plan"]["objectives"]] == ["cost_usd"]
        assert read_plan(Path("plans/tiny") / plan["name"]).options.coverage_frac == 0
    cost = [plan["plan"]["objectives"][0]["value"] for plan in equal]
    assert cost[2] == min(cost)


def test_a_plan_that_misses_the_coverage_does_not_stand_by(
    aidlift: Aidlift, solver: Solver, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solver("nothing_at_equal")
    monkeypatch.setattr(runs, "shown_share", lambda _: 0.5)
    done = aidlift("compare", tiny)
    assert done.exit_code == 5
    assert "north@equal: No plan: time ran out" in done.stdout


def test_a_joint_plan_not_found_in_time_is_the_best_of_the_starts(
    aidlift: Aidlift, solver: Solver, tiny: Path
) -> None:
    solver("hanging_together")
    done = aidlift("solve", tiny, "--time-limit", "5")
    assert done.exit_code == 4
    plan = read_plan(Path("plans/tiny/north+south"))
    assert plan.options.parties == ("north", "south")
    # North leaves 1 831 person-days of severity, south 2 935.
    assert {row.party for row in plan.sorties} == {"north"}
    assert [one.bound for one in plan.objectives] == [0] * 3


def test_a_plan_that_cannot_be_judged_is_not_written_and_loses_no_other(
    aidlift: Aidlift, solver: Solver, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(plan: Plan, _: object) -> tuple[()]:
        if plan.options.parties == ("north",):
            raise KeyError("dz")
        return ()

    monkeypatch.setattr("optimizer.session.check", check)
    solver("optimal")
    done = aidlift("compare", tiny, "--coverage", "0")
    assert done.exit_code == 1
    assert "north: judging the plan, KeyError: 'dz'" in done.stderr
    assert "south" in files(Path("plans/tiny"))
    assert "north" not in files(Path("plans/tiny"))
