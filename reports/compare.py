"""Plans side by side: ``comparison.csv`` for scripts, and the same in words and a planner's units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from instances.schema import Instance
from optimizer.plan import Objective, Plan, Status
from reports.atomic import write_file
from reports.cells import guard
from reports.figures import names_of
from reports.measures import MEASURES, PEOPLE, Measure, measured
from reports.numbers import MISSING, fixed, gap_text, share_text
from reports.people import groups_of, kits_of, met_of
from reports.schedules import cells_text
from reports.words import goal_words, group_words

type Outcome = Plan | Status
"""What a run came to: a plan, or why there is none."""

type Value = float | str | None
"""A number, a word such as a status, or nothing."""


@dataclass(frozen=True)
class ComparisonRow:
    """One measure of every plan.

    Attributes
    ----------
    measure : str
        Name of a measure, ``items_met_frac__<group>``, ``kits_met__<commodity>``,
        ``kits_needed__<commodity>``, ``gap_frac``, ``status``, ``coverage_target_frac`` or
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


def _rows(measures: Sequence[Measure], found: Sequence[Mapping[str, float]]) -> Iterator[ComparisonRow]:
    """A row for each measure that any plan has, and one for its share of the whole."""
    for one in measures:
        for name, unit in ((one.name, one.unit), (f"{one.name}_frac", "frac"))[: 2 if one.of else 1]:
            yield ComparisonRow(name, unit, tuple(of_plan.get(name) for of_plan in found))


def _items(outcomes: Sequence[Outcome], instance: Instance) -> Iterator[ComparisonRow]:
    """Items met by group, and kits as whole numbers."""
    needs = [met_of(one, instance) if isinstance(one, Plan) else () for one in outcomes]
    groups, kits = [groups_of(own) for own in needs], [kits_of(own) for own in needs]
    for group in dict.fromkeys(group for own in groups for group in own):
        yield ComparisonRow(f"items_met_frac__{group}", "frac", tuple(own.get(group) for own in groups))
    for kit in dict.fromkeys(kit for own in kits for kit in own):
        counts = [own.get(kit, (None, None)) for own in kits]
        for place, name in enumerate(("kits_met", "kits_needed")):
            yield ComparisonRow(f"{name}__{kit}", "kits", tuple(count[place] for count in counts))


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


def comparison_table(plans: Sequence[tuple[str, Outcome]], instance: Instance) -> list[ComparisonRow]:
    """The measures of several plans, one row each.

    Parameters
    ----------
    plans : sequence of (str, Plan or Status)
        Name of each plan's folder, such as ``un+russia``, and its plan, or the status of a run that
        gave none.
    instance : Instance
        Of the plans: says what belongs to which group and is counted in kits.

    Returns
    -------
    list of ComparisonRow
        `PEOPLE`, items by group and kits, `MEASURES`, then the gap of the cost, the status, the coverage
        asked for, and the gaps of the other objectives. A run without a plan has a status and nothing else.
    """
    outcomes = [outcome for _, outcome in plans]
    found = [measured(outcome) if isinstance(outcome, Plan) else {} for outcome in outcomes]
    return [
        *_rows(PEOPLE, found),
        *_items(outcomes, instance),
        *_rows(MEASURES, found),
        ComparisonRow("gap_frac", "frac", tuple(_gap(outcome) for outcome in outcomes)),
        ComparisonRow("status", "", tuple(_status(outcome) for outcome in outcomes)),
        ComparisonRow("coverage_target_frac", "frac", tuple(_coverage(outcome) for outcome in outcomes)),
        *_other_gaps(outcomes),
    ]


def _cell(measure: str, value: Value) -> str:
    if value is None:
        return ""
    return guard(value) if isinstance(value, str) else fixed(measure.partition("__")[0], value)


def write_comparison(plans: Sequence[tuple[str, Outcome]], path: Path, instance: Instance) -> None:
    """Write ``comparison.csv``, whole or not at all.

    Parameters
    ----------
    plans, instance : sequence of (str, Plan or Status), Instance
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
        for row in comparison_table(plans, instance)
    ]
    write_file(Path(path), cells_text(header, rows))


_SHOWN: Final = {one.name: one for one in (*PEOPLE, *MEASURES)}
_LABELS: Final = {"gap_frac": "Gap, cost", "status": "Status", "coverage_target_frac": "Coverage asked for"}


def _label(measure: str, names: Mapping[str, str]) -> str:
    name, _, detail = measure.partition("__")
    if measure in _SHOWN:
        return _SHOWN[measure].label
    if name == "items_met_frac":
        return f"{group_words(detail).capitalize()} met"
    if name == "kits_met":
        return names.get(detail, detail)
    return _LABELS.get(measure, f"Gap, {goal_words(detail)}")


def _shown(row: ComparisonRow, value: Value, beside: Value) -> str:
    """A value in a planner's units; `beside` is its share of a whole, or how many kits are needed."""
    if value is None:
        return MISSING
    if isinstance(value, str):
        return value.replace("_", " ")
    name = row.measure.partition("__")[0]
    if name == "kits_met":
        return f"{value:.0f} of {beside:.0f}"
    show = _SHOWN[name].show if name in _SHOWN else gap_text if name == "gap_frac" else share_text
    share = beside if isinstance(beside, float) else None
    return show(value) + ("" if share is None else f" ({share_text(share)})")


def _beside(measure: str) -> str:
    """The row that is shown in the same cells as this one."""
    kit = measure.removeprefix("kits_met__")
    return f"{measure}_frac" if kit == measure else f"kits_needed__{kit}"


def comparison_cells(
    plans: Sequence[tuple[str, Outcome]], instance: Instance
) -> tuple[list[str], list[list[str]]]:
    """The comparison for the screen, in people, kcal, tonnes, hours and minutes, dollars and percent.

    Parameters
    ----------
    plans, instance : sequence of (str, Plan or Status), Instance
        As for `comparison_table`.

    Returns
    -------
    headers : list of str
        ``Measure`` and the names of the plans.
    rows : list of list of str
        A label and one text per plan; ``-`` where there is no value. Measures that no plan has are left out.
    """
    table = {row.measure: row for row in comparison_table(plans, instance)}
    names = names_of(instance)
    second = {_beside(measure) for measure in table} & set(table)
    rows = []
    for row in table.values():
        if row.measure in second or all(value is None for value in row.values):
            continue
        beside = table.get(_beside(row.measure))
        shares = beside.values if beside else [None] * len(plans)
        pairs = zip(row.values, shares, strict=True)
        rows.append([_label(row.measure, names), *(_shown(row, value, share) for value, share in pairs)])
    return ["Measure", *(name for name, _ in plans)], rows
