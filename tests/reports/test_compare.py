"""Plans side by side."""

from __future__ import annotations

import re
from pathlib import Path

from optimizer.options import Options
from optimizer.plan import Plan, Status
from reports.compare import (
    MEASURES,
    STATUS_WORDS,
    comparison_cells,
    comparison_table,
    summary_lines,
    write_comparison,
)
from reports.numbers import MISSING
from tests.reports.plan_samples import sample_plan, summary

GOLDEN = Path(__file__).with_name("golden_comparison.csv")


def equal_plan() -> Plan:
    """The sample at a coverage asked for: cost is the only objective left."""
    plan = sample_plan()
    options = Options(parties=("north",), coverage_frac=0.8)
    return plan.model_copy(update={"options": options, "objectives": plan.objectives[-1:]})


def test_comparison_file(tmp_path: Path) -> None:
    path = tmp_path / "comparison.csv"
    write_comparison([("north", sample_plan()), ("south", Status.NO_PLAN)], path)
    assert path.read_bytes() == GOLDEN.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["comparison.csv"]


def test_columns_are_named_as_the_folders(tmp_path: Path) -> None:
    names = ["un", "russia", "un+russia", "un@equal"]
    write_comparison([(name, sample_plan()) for name in names], tmp_path / "comparison.csv")
    header = (tmp_path / "comparison.csv").read_text().split("\n", 1)[0]
    assert header == "measure,unit," + ",".join(names)


def test_measures_are_those_of_the_summary_in_its_order() -> None:
    assert [one.name for one in MEASURES] == list(summary())


def test_gaps_of_objectives_that_only_some_plans_have() -> None:
    rows = {
        row.measure: row.values for row in comparison_table([("a@equal", equal_plan()), ("a", sample_plan())])
    }
    assert rows["gap_frac"] == (0.0014185, 0.0014185)
    assert rows["gap_frac__unmet_priority_1"] == (None, 0.00003)
    assert rows["coverage_target_frac"] == (0.8, None)
    assert rows["status"] == ("optimal", "optimal")
    assert "gap_frac__cost" not in rows


def test_a_tonne_of_nothing_has_no_price() -> None:
    """A plan that lands nothing costs nothing per tonne in no sense that helps."""
    grounded = tuple((name, 0.0 if name == "landed_kg" else value) for name, value in sample_plan().summary)
    plan = sample_plan().model_copy(update={"summary": grounded})
    rows = {row.measure: row.values for row in comparison_table([("idle", plan), ("busy", sample_plan())])}
    assert rows["cost_usd_per_landed_t"][0] is None
    assert rows["cost_usd_per_landed_t"][1] is not None
    assert dict(summary_lines(plan))["Cost"].endswith(f"{MISSING} per landed tonne")


def test_run_without_a_plan_has_a_status_and_nothing_else() -> None:
    rows = comparison_table([("north", Status.INFEASIBLE)])
    assert [(row.measure, row.values) for row in rows if row.values != (None,)] == [
        ("status", ("infeasible",))
    ]


def test_cells_for_the_screen() -> None:
    headers, rows = comparison_cells([("a", sample_plan()), ("a@equal", equal_plan()), ("b", Status.NO_PLAN)])
    assert headers == ["Measure", "a", "a@equal", "b"]
    shown = {row[0]: row[1:] for row in rows}
    assert shown["Need met"] == ["99.9 %", "99.9 %", MISSING]
    assert shown["Cost"] == ["21,854,000 USD", "21,854,000 USD", MISSING]
    assert shown["Block hours"] == ["1:34", "1:34", MISSING]
    assert shown["Dropped"] == ["1.0 t", "1.0 t", MISSING]
    assert shown["Coverage asked for"] == [MISSING, "80.0 %", MISSING]
    assert shown["Gap, cost"] == ["0.14 %", "0.14 %", MISSING]
    assert shown["Gap, unmet priority 1"] == ["< 0.01 %", MISSING, MISSING]
    assert shown["Status"] == ["optimal", "optimal", "no plan"]
    assert all(len(row) == len(headers) for row in rows)


def test_summary_lines() -> None:
    assert summary_lines(sample_plan()) == [
        ("Plan", "north for tiny under half_ration"),
        (
            "Who eats",
            "99.9 % of the need met (1,234.6 t, 8,123,456 person-days); worst-off community 95.1 %",
        ),
        ("Cost", "21,854,000 USD, 12,346 USD per landed tonne"),
        ("Flying", "1 sortie by 1 tail in 1:34 block hours"),
        ("Cargo", "1.0 t dropped in 4 bundles, 0.8 t landed, 0.2 t into other hands"),
        (
            "Risk",
            "0.000012 aircraft lost and 0.00040 people harmed, expected; "
            "0.1 % of north's limit on loss prob used",
        ),
        ("Gap", "unmet priority 1 < 0.01 %, worst community 0.00 %, cost 0.14 %"),
        ("Status", "optimal: best plan, proven within the gap asked for"),
    ]


def test_summary_lines_of_a_bare_plan() -> None:
    sample = sample_plan()
    bare = Plan(instance="tiny", options=sample.options, status=Status.FEASIBLE)
    shown = dict(summary_lines(bare))
    assert shown["Cost"] == "-, - per landed tonne"
    assert shown["Gap"] == MISSING
    assert set(STATUS_WORDS) == set(Status)


def test_readme_names_the_rows_that_are_no_measures() -> None:
    readme = (Path(__file__).parents[2] / "reports/README.md").read_text(encoding="utf-8")
    section = readme.split("## `comparison.csv`", 1)[1]
    for row in comparison_table([("a", sample_plan())])[len(MEASURES) :]:
        name = re.sub("__.*", "__<objective>", row.measure)
        assert f"`{name}`" in section
