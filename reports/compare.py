"""Plans side by side: ``comparison.csv`` for scripts, and the same in words and a planner's units."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from optimizer.plan import Objective, Plan, Risk, Status
from reports.atomic import write_file
from reports.cells import guard
from reports.numbers import (
    MISSING,
    block_text,
    count_text,
    counted_text,
    fixed,
    gap_text,
    money_text,
    share_text,
    small_text,
    tonnes_text,
)
from reports.schedules import cells_text
from reports.words import goal_words, limit_words

type Outcome = Plan | Status
"""What a run came to: a plan, or why there is none."""

type Value = float | str | None
"""A number, a word such as a status, or nothing."""


@dataclass(frozen=True)
class Measure:
    """One row of a comparison.

    Attributes
    ----------
    name : str
        As in the summary of ``plan.json``.
    unit : str
        Unit of the number in the file.
    label : str
        What it is called on the screen.
    show : callable
        The number in a planner's units.
    """

    name: str
    unit: str
    label: str
    show: Callable[[float | None], str]


MEASURES: Final = (
    Measure("need_met_frac", "frac", "Need met", share_text),
    Measure("need_met_kg", "kg", "Need met, cargo", tonnes_text),
    Measure("person_days_met", "person-days", "Person-days fed", count_text),
    Measure("worst_community_frac", "frac", "Need met, worst-off community", share_text),
    Measure("cost_usd", "USD", "Cost", money_text),
    Measure("cost_usd_per_landed_t", "USD/t", "Cost per landed tonne", money_text),
    Measure("sorties", "sorties", "Sorties", count_text),
    Measure("block_h", "h", "Block hours", block_text),
    Measure("tails", "tails", "Tails contracted", count_text),
    Measure("bundles", "bundles", "Bundles", count_text),
    Measure("dropped_kg", "kg", "Dropped", tonnes_text),
    Measure("landed_kg", "kg", "Landed", tonnes_text),
    Measure("expected_aircraft_lost", "aircraft", "Aircraft lost, expected", small_text),
    Measure("expected_people_harmed", "people", "People harmed, expected", small_text),
    Measure("diverted_kg", "kg", "Into other hands", tonnes_text),
)
"""Measures of contract.md in their order; all stand in the summary of a plan."""

STATUS_WORDS: Final = {
    Status.OPTIMAL: "best plan, proven within the gap asked for",
    Status.FEASIBLE: "a valid plan; time ran out before the gap asked for",
    Status.INFEASIBLE: "no plan can do this, proven",
    Status.NO_PLAN: "time ran out before any plan was found",
}
"""What a status means to a planner."""


@dataclass(frozen=True)
class ComparisonRow:
    """One measure of every plan.

    Attributes
    ----------
    measure : str
        Name as in the summary, or ``gap_frac``, ``status``, ``coverage_target_frac``,
        ``gap_frac__<objective>``.
    unit : str
        Unit of the numbers; empty for words.
    values : tuple
        One number, word or None per plan.
    """

    measure: str
    unit: str
    values: tuple[Value, ...]


def _cost_objective(plan: Plan) -> Objective | None:
    money = [objective for objective in plan.objectives if objective.unit.lower() == "usd"]
    return money[-1] if money else None


def _gap(outcome: Outcome) -> float | None:
    cost = _cost_objective(outcome) if isinstance(outcome, Plan) else None
    return None if cost is None else cost.gap_frac


def _status(outcome: Outcome) -> str:
    return (outcome.status if isinstance(outcome, Plan) else outcome).value


def _coverage(outcome: Outcome) -> float | None:
    return outcome.options.coverage_frac if isinstance(outcome, Plan) else None


def _measured(plan: Plan) -> dict[str, float]:
    """The summary, without a cost per tonne where no tonne lands."""
    nothing = () if dict(plan.summary).get("landed_kg") else ("cost_usd_per_landed_t",)
    return {name: value for name, value in plan.summary if name not in nothing}


def _other_gaps(outcomes: Sequence[Outcome]) -> list[ComparisonRow]:
    """The gaps of the objectives before cost, in the order first seen."""
    gaps: list[dict[str, float]] = []
    for outcome in outcomes:
        objectives = outcome.objectives if isinstance(outcome, Plan) else ()
        cost = _cost_objective(outcome) if isinstance(outcome, Plan) else None
        gaps.append({one.name: one.gap_frac for one in objectives if one is not cost})
    names = dict.fromkeys(name for of_plan in gaps for name in of_plan)
    return [
        ComparisonRow(f"gap_frac__{name}", "frac", tuple(of_plan.get(name) for of_plan in gaps))
        for name in names
    ]


def comparison_table(plans: Sequence[tuple[str, Outcome]]) -> list[ComparisonRow]:
    """The measures of several plans, one row each.

    Parameters
    ----------
    plans : sequence of (str, Plan or Status)
        Name of each plan's folder, such as ``un+russia``, and its plan, or the status of a run that
        gave none.

    Returns
    -------
    list of ComparisonRow
        `MEASURES`, then the gap of the cost, the status, the coverage asked for, and the gaps of the
        other objectives. A run without a plan has a status and nothing else.
    """
    outcomes = [outcome for _, outcome in plans]
    summaries = [_measured(outcome) if isinstance(outcome, Plan) else {} for outcome in outcomes]
    return [
        *(
            ComparisonRow(one.name, one.unit, tuple(summary.get(one.name) for summary in summaries))
            for one in MEASURES
        ),
        ComparisonRow("gap_frac", "frac", tuple(_gap(outcome) for outcome in outcomes)),
        ComparisonRow("status", "", tuple(_status(outcome) for outcome in outcomes)),
        ComparisonRow("coverage_target_frac", "frac", tuple(_coverage(outcome) for outcome in outcomes)),
        *_other_gaps(outcomes),
    ]


def _cell(measure: str, value: Value) -> str:
    if value is None:
        return ""
    return guard(value) if isinstance(value, str) else fixed(measure.partition("__")[0], value)


def write_comparison(plans: Sequence[tuple[str, Outcome]], path: Path) -> None:
    """Write ``comparison.csv``, whole or not at all.

    Parameters
    ----------
    plans : sequence of (str, Plan or Status)
        As for `comparison_table`.
    path : Path
        The file to write.

    Raises
    ------
    AidliftError
        When the file system refuses.
    """
    header = ["measure", "unit", *(name for name, _ in plans)]
    rows = [
        [row.measure, row.unit, *(_cell(row.measure, value) for value in row.values)]
        for row in comparison_table(plans)
    ]
    write_file(Path(path), cells_text(header, rows))


def _shown(row: ComparisonRow, value: Value) -> str:
    if isinstance(value, str):
        return value.replace("_", " ")
    shows = {one.name: one.show for one in MEASURES}
    if row.measure == "coverage_target_frac":
        return share_text(value)
    return shows.get(row.measure, gap_text)(value)


def comparison_cells(plans: Sequence[tuple[str, Outcome]]) -> tuple[list[str], list[list[str]]]:
    """The comparison for the screen, in tonnes, hours and minutes, dollars and percent.

    Parameters
    ----------
    plans : sequence of (str, Plan or Status)
        As for `comparison_table`.

    Returns
    -------
    headers : list of str
        ``Measure`` and the names of the plans.
    rows : list of list of str
        A label and one text per plan; ``-`` where there is no value.
    """
    labels = {one.name: one.label for one in MEASURES} | {
        "gap_frac": "Gap, cost",
        "status": "Status",
        "coverage_target_frac": "Coverage asked for",
    }
    rows = []
    for row in comparison_table(plans):
        objective = goal_words(row.measure.partition("__")[2])
        label = labels.get(row.measure, f"Gap, {objective}")
        rows.append([label, *(_shown(row, value) for value in row.values)])
    return ["Measure", *(name for name, _ in plans)], rows


def _tightest(risk: Sequence[Risk]) -> str:
    """The limit of which most is used."""
    used = [(one.value / one.limit, one) for one in risk if one.limit]
    if not used:
        return ""
    share, one = max(used, key=lambda pair: pair[0])
    name = limit_words(one.measure)
    whose = f"{one.party}'s {name}" if one.party else f"the {name}"
    return f"; {share_text(share)} of {whose} used"


def _gaps(plan: Plan) -> str:
    shown = [f"{goal_words(one.name)} {gap_text(one.gap_frac)}" for one in plan.objectives]
    return ", ".join(shown) or MISSING


def _footing(summary: Mapping[str, float]) -> list[tuple[str, str]]:
    """How much rests on estimates; nothing for plans of before, which do not say."""
    parts = {"cost": "the cost", "landed": "what lands"}
    if summary.get("expected_aircraft_lost"):
        parts["risk"] = "the risk"
    found = {label: summary.get(f"{name}_on_estimates_frac") for name, label in parts.items()}
    if None in found.values():
        return []
    shown = ", ".join(f"{share_text(value)} of {label}" for label, value in found.items())
    return [("Estimates", f"carry {shown}; `aidlift sources` lists the figures")]


def verdict(plan: Plan) -> str:
    """A plan in one line: how much of the need is met, for how much, and what that is worth."""
    summary = dict(plan.summary)
    met, cost = share_text(summary.get("need_met_frac")), money_text(summary.get("cost_usd"))
    return f"{met} of the need met for {cost}; {STATUS_WORDS[plan.status]}"


def summary_lines(plan: Plan) -> list[tuple[str, str]]:
    """One plan in a few lines: who eats, at what cost and risk, and how sure we are.

    Returns
    -------
    list of (str, str)
        A label and a text in a planner's units.
    """
    summary = _measured(plan)
    text = {one.name: one.show(summary.get(one.name)) for one in MEASURES}
    under = f" under {' + '.join(plan.options.scenarios)}" if plan.options.scenarios else ""
    return [
        ("Plan", f"{' + '.join(plan.options.parties)} for {plan.instance}{under}"),
        (
            "Who eats",
            f"{text['need_met_frac']} of the need met ({text['need_met_kg']}, "
            f"{text['person_days_met']} person-days); worst-off community {text['worst_community_frac']}",
        ),
        ("Cost", f"{text['cost_usd']}, {text['cost_usd_per_landed_t']} per landed tonne"),
        (
            "Flying",
            f"{counted_text(summary.get('sorties'), 'sortie')} by "
            f"{counted_text(summary.get('tails'), 'tail')} in {text['block_h']} block hours",
        ),
        (
            "Cargo",
            f"{text['dropped_kg']} dropped in {counted_text(summary.get('bundles'), 'bundle')}, "
            f"{text['landed_kg']} landed, {text['diverted_kg']} into other hands",
        ),
        (
            "Risk",
            f"{text['expected_aircraft_lost']} aircraft lost and {text['expected_people_harmed']} people "
            f"harmed, expected{_tightest(plan.risk)}",
        ),
        *_footing(summary),
        ("Gap", _gaps(plan)),
        ("Status", f"{plan.status.value.replace('_', ' ')}: {STATUS_WORDS[plan.status]}"),
    ]
