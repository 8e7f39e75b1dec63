"""`backtest`, `sources` and `tornado`: what they print and save, and what they refuse."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.helpers import Aidlift, Solver, document, files

HISTORY = (
    "id,quantity,unit,value,tolerance_frac,measure,explanation,grade,source\n"
    "few,Sorties,sorties,1,0.1,sorties,more were needed,sourced,a book\n"
    "load,Load,t,2,0.9,t_per_sortie,,sourced,a book\n"
)


def with_past(tiny: Path) -> Path:
    (tiny / "history.csv").write_text(HISTORY)
    (tiny / "scenarios" / "as_flown.yaml").write_text("title: Half\nset:\n  instance/severity_days: 3\n")
    return tiny


def test_backtest_without_history_lists_those_with_it(aidlift: Aidlift, tiny: Path) -> None:
    done = aidlift("backtest", tiny)
    assert done.exit_code == 2
    assert "AL-5501" in done.stderr
    assert "sinjar_2014" in done.stderr
    assert not Path("plans").exists()


def test_two_folders_of_one_id_are_refused(aidlift: Aidlift, tiny: Path, tmp_path: Path) -> None:
    """The plans of the second would take the place of those of the first."""
    copy = shutil.copytree(with_past(tiny), tmp_path / "elsewhere" / "tiny")
    done = aidlift("backtest", tiny, copy)
    assert done.exit_code == 2
    assert done.stderr.count("AL-5502") == 1
    assert str(tiny.resolve()) in " ".join(done.stderr.split())
    assert not Path("plans").exists()


def test_a_folder_named_twice_is_tested_once(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("optimal")
    done = aidlift("backtest", with_past(tiny), tiny.resolve() / ".." / tiny.name, "--out", "out", "--json")
    assert done.exit_code == 0, done.output
    assert [row["id"] for row in document(done)["rows"]] == ["few", "load"]


def test_backtest_saves_and_a_miss_is_no_error(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("optimal")
    done = aidlift("backtest", with_past(tiny), "--out", "out")
    assert done.exit_code == 0, done.output
    assert "Miss: tiny, Sorties: more were needed" in done.stdout
    assert "Weak evidence" in done.stdout
    assert files(Path("out")) == ["backtest.csv", "counterfactual.csv", "tiny"]
    assert files(Path("out/tiny")) == ["as_flown", "free"]
    saved = (Path("out") / "backtest.csv").read_text()
    assert "misses" in saved
    assert aidlift("check", "out/tiny/as_flown").exit_code == 0


def test_backtest_without_a_plan_says_so(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("nothing")
    done = aidlift("backtest", with_past(tiny), "--out", "out", "--json")
    assert done.exit_code == 5
    assert {row["verdict"] for row in document(done)["rows"]} == {"no plan"}
    assert document(done)["counterfactual"] == []


def test_sources_lists_every_figure(aidlift: Aidlift, tiny: Path) -> None:
    done = aidlift("sources", tiny, "--json")
    figures = document(done)["figures"]
    (rate,) = (one for one in figures if one["key"] == "north_hauler" and one["column"] == "usd_per_block_h")
    assert (rate["table"], rate["value"], rate["grade"], rate["source"]) == (
        "fleets",
        "1200",
        "estimate",
        "made up",
    )
    assert "usd_per_block_h 1200" in aidlift("sources", tiny).stdout
    assert document(aidlift("sources", tiny, "--json", "--grade", "sourced"))["figures"] == []
    tables = {
        one["table"] for one in document(aidlift("sources", tiny, "--json", "--table", "zones"))["figures"]
    }
    assert tables == {"zones"}
    misspelt = aidlift("sources", tiny, "--table", "zone")
    assert misspelt.exit_code == 2
    assert "AL-5011" in misspelt.stderr
    assert "zones" in misspelt.stderr
    wrong = aidlift("sources", tiny, "--grade", "guess")
    assert wrong.exit_code == 2
    assert "AL-5010" in wrong.stderr


def test_tornado_turns_five_estimates(aidlift: Aidlift, solver: Solver, tiny: Path) -> None:
    solver("optimal")
    assert aidlift("solve", tiny, "--party", "north", "--out", "plan").exit_code == 0
    done = aidlift("tornado", "plan", "--time-limit", "60")
    assert done.exit_code in (0, 6), done.output
    assert "Changes smaller than the widest gap" in done.stdout
    rows = (Path("plan") / "tornado.csv").read_text().splitlines()
    assert len(rows) == 1 + 2 * 5
    assert aidlift("tornado", "plan", "--swing", "2").exit_code == 2
