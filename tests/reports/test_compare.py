"""Plans side by side."""

from __future__ import annotations

from pathlib import Path

from optimizer.options import Options
from optimizer.plan import Plan, Status
from reports.compare import Outcome, comparison_cells, comparison_table, write_comparison
from reports.measures import DERIVED, MEASURES, PEOPLE, STATUS_WORDS
from reports.numbers import MISSING
from reports.summary import summary_lines, verdict
from tests.reports.places import plan_with_kits, sample_instance
from tests.reports.plan_samples import sample_plan, summary

GOLDEN = Path(__file__).with_name("golden_comparison.csv")
TINY = sample_instance()


def equal_plan() -> Plan:
    """The sample at a coverage asked for: cost is the only objective left."""
    plan = plan_with_kits()
    options = Options(parties=("north",), coverage_frac=0.8)
    return plan.model_copy(update={"options": options, "objectives": plan.objectives[-1:]})


def test_comparison_file(tmp_path: Path) -> None:
    path = tmp_path / "comparison.csv"
    write_comparison([("north", plan_with_kits()), ("south", Status.NO_PLAN)], path, TINY)
    assert path.read_bytes() == GOLDEN.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["comparison.csv"]


def test_columns_are_named_as_the_folders(tmp_path: Path) -> None:
    names = ["un", "russia", "un+russia", "un@equal"]
    write_comparison([(name, sample_plan()) for name in names], tmp_path / "comparison.csv", TINY)
    header = (tmp_path / "comparison.csv").read_text().split("\n", 1)[0]
    assert header == "measure,unit," + ",".join(names)


def test_measures_are_those_of_the_summary() -> None:
    """Person-days in all have no row of their own: they stand beside each part as a share."""
    shown = [one.name for one in (*PEOPLE, *MEASURES) if one.name not in DERIVED]
    assert sorted([*shown, "person_days"]) == sorted(summary())
    assert {one.of for one in (*PEOPLE, *MEASURES)} == {"", "person_days"}


def test_gaps_of_objectives_that_only_some_plans_have() -> None:
    rows = {
        row.measure: row.values
        for row in comparison_table([("a@equal", equal_plan()), ("a", sample_plan())], TINY)
    }
    assert rows["gap_frac"] == (0.0014185, 0.0014185)
    assert rows["gap_frac__severity_person_days"] == (None, 0.0000461)
    assert rows["coverage_target_frac"] == (0.8, None)
    assert rows["status"] == ("optimal", "optimal")
    assert "gap_frac__cost_usd" not in rows


def test_need_met_by_weight_heads_no_table() -> None:
    """The cheapest kilogram wins where kilograms come first: they stand with the cargo, after all else."""
    names = [row.measure for row in comparison_table([("a", sample_plan())], TINY)]
    assert names[0] == "person_days_full"
    assert names.index("need_met_frac") > names.index("diverted_kg") > names.index("cost_usd")
    assert "99.9 %" not in verdict(sample_plan())


def test_shares_and_prices_that_follow_from_the_summary() -> None:
    rows = {row.measure: row.values for row in comparison_table([("a", sample_plan())], TINY)}
    assert rows["person_days_full_frac"] == (8123456 / 9900000,)
    assert rows["severity_person_days_frac"] == (123456.78912 / 9900000,)
    assert rows["cost_usd_per_person_day"] == (21854000 / 9900000,)


def test_where_nobody_is_to_be_fed_nothing_is_said_of_food() -> None:
    """The summary of such a plan has no figures of nutrition, and the screen no rows for them."""
    food = {name for name in summary() if name.startswith(("person_days", "kcal", "protein", "fat"))}
    kept = tuple((name, value) for name, value in sample_plan().summary if name not in food)
    plan = sample_plan().model_copy(update={"summary": kept, "nutrition": ()})
    labels = {row[0] for row in comparison_cells([("a", plan)], TINY)[1]}
    assert not any("kcal" in label or "Energy" in label or "Fed" in label for label in labels)
    assert verdict(plan).startswith("95.1 % of the needs met for 21,854,000 USD; ")
    shown = dict(summary_lines(plan, TINY))
    assert not {"Who eats", "How well"} & set(shown)
    assert shown["Severity"].startswith("123,457 person-days; 4.9 %")


def test_a_tonne_of_nothing_has_no_price() -> None:
    """A plan that lands nothing costs nothing per tonne in no sense that helps."""
    grounded = tuple((name, 0.0 if name == "landed_kg" else value) for name, value in sample_plan().summary)
    plan = sample_plan().model_copy(update={"summary": grounded})
    rows = {
        row.measure: row.values for row in comparison_table([("idle", plan), ("busy", sample_plan())], TINY)
    }
    assert rows["cost_usd_per_landed_t"][0] is None
    assert rows["cost_usd_per_landed_t"][1] is not None
    assert dict(summary_lines(plan, TINY))["Cost"].endswith(f"{MISSING} per landed tonne")


def test_run_without_a_plan_has_a_status_and_nothing_else() -> None:
    rows = comparison_table([("north", Status.INFEASIBLE)], TINY)
    assert [(row.measure, row.values) for row in rows if row.values != (None,)] == [
        ("status", ("infeasible",))
    ]


def test_cells_for_the_screen() -> None:
    outcomes: list[tuple[str, Outcome]] = [
        ("a", plan_with_kits()),
        ("a@equal", equal_plan()),
        ("b", Status.NO_PLAN),
    ]
    headers, rows = comparison_cells(outcomes, TINY)
    assert headers == ["Measure", "a", "a@equal", "b"]
    shown = {row[0]: row[1:] for row in rows}
    assert shown["Fed in full, person-days"] == ["8,123,456 (82.1 %)", "8,123,456 (82.1 %)", MISSING]
    assert shown["Severely short, person-days"] == ["0 (0.0 %)", "0 (0.0 %)", MISSING]
    assert shown["Energy, worst community-week"] == ["1,680 kcal", "1,680 kcal", MISSING]
    assert shown["Health met"] == ["83.3 %", "83.3 %", MISSING]
    assert shown["Health kit"] == ["2 of 3", "2 of 3", MISSING]
    assert shown["Severity, person-days"] == ["123,457 (1.2 %)", "123,457 (1.2 %)", MISSING]
    assert shown["Cost"] == ["21,854,000 USD", "21,854,000 USD", MISSING]
    assert shown["Cost per person and day"] == ["2.21 USD", "2.21 USD", MISSING]
    assert shown["Block hours"] == ["1:34", "1:34", MISSING]
    assert shown["Dropped"] == ["1.0 t", "1.0 t", MISSING]
    assert shown["Coverage asked for"] == [MISSING, "80.0 %", MISSING]
    assert shown["Gap, cost"] == ["0.14 %", "0.14 %", MISSING]
    assert shown["Gap, severity"] == ["< 0.01 %", MISSING, MISSING]
    assert shown["Status"] == ["optimal", "optimal", "no plan"]
    assert all(len(row) == len(headers) for row in rows)


def test_summary_lines() -> None:
    assert summary_lines(plan_with_kits(), TINY) == [
        ("Plan", "north for tiny under half_ration"),
        (
            "Who eats",
            "Town eats 1,682 kcal a person and day on average, 1,682 in its worst week",
        ),
        ("", "nobody eats less than half of the standard on any day"),
        (
            "How well",
            "fed in full on 82.1 %, short on 15.2 %, in crisis on 2.8 % of 9,900,000 person-days",
        ),
        ("What else", "Of other needs 83.3 % of health (Health kit: 2 of 3) is met."),
        ("Severity", "123,457 person-days (1.2 % of all person-days); 4.9 % in the worst community-week"),
        ("Cost", "21,854,000 USD, 2.21 USD a person and day, 12,346 USD per landed tonne"),
        ("Flying", "1 sortie by 1 tail in 1:34 block hours"),
        ("Cargo", "1.0 t dropped in 4 bundles, 0.8 t landed, 0.2 t into other hands"),
        (
            "Risk",
            "0.000012 aircraft lost and 0.00040 people harmed, expected; "
            "0.1 % of north's limit on loss prob used",
        ),
        ("Gap", "severity < 0.01 %, severity of the worst community-week 0.00 %, cost 0.14 %"),
        ("Status", "optimal: best plan, proven within the gap asked for"),
    ]
    assert verdict(sample_plan()) == (
        "1,980 kcal a person and day, 1,680 in the worst week for 21,854,000 USD; "
        "best plan, proven within the gap asked for"
    )


def test_summary_lines_of_a_bare_plan() -> None:
    sample = sample_plan()
    bare = Plan(instance="tiny", options=sample.options, status=Status.FEASIBLE)
    shown = dict(summary_lines(bare, TINY))
    assert shown["Cost"] == "-, - a person and day, - per landed tonne"
    assert shown["Gap"] == MISSING
    assert set(STATUS_WORDS) == set(Status)


def test_readme_names_the_rows_that_are_no_measures() -> None:
    readme = (Path(__file__).parents[2] / "reports/README.md").read_text(encoding="utf-8")
    section = readme.split("## `comparison.csv`", 1)[1]
    detail = {"gap_frac": "objective", "items_met_frac": "group"}
    measures = {one.name for one in (*PEOPLE, *MEASURES)} - set(DERIVED)
    for row in comparison_table([("a", plan_with_kits())], TINY):
        name, several, _ = row.measure.partition("__")
        if name not in measures and not (name.endswith("_frac") and name.removesuffix("_frac") in measures):
            shown = f"{name}__<{detail.get(name, 'commodity')}>" if several else name
            assert f"`{shown}`" in section
