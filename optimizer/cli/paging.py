"""``report`` and ``figures``: pages and pictures of plans and comparisons, also for ``solve``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from instances.errors import InstanceError
from instances.schema import Instance
from optimizer.check import Violation, check
from optimizer.cli import codes
from optimizer.cli.reading import instance_of, warn_of_changes
from optimizer.cli.screen import Screen
from optimizer.explain.together import shares_of
from optimizer.explained import Share
from optimizer.landing.ellipses import landing_ellipses
from optimizer.plan import Plan
from reports.atomic import write_file, write_folder
from reports.charts import comparison_charts, plan_charts
from reports.compare import Outcome
from reports.comparisons import PAGE_FILE as COMPARISON_PAGE
from reports.comparisons import comparison_order, read_comparison
from reports.document import FILE as PLAN_FILE
from reports.explanations import read_explanations
from reports.figures import Chart
from reports.findings import finding
from reports.numbers import counted_text
from reports.page.comparison_page import comparison_page
from reports.page.plan_page import plan_page
from reports.schedules import PAGE_FILE, read_plan, write_plan
from reports.series import series_of
from reports.shortfalls import read_shortfalls

FIGURES = "figures"


def page_of(plan: Plan, instance: Instance, violations: Sequence[Violation], folder: Path) -> str:
    """The page of a plan; what was worked out for it earlier lies in its folder."""
    return plan_page(plan, instance, violations, landing_ellipses(plan, instance), read_shortfalls(folder))


def publish(plan: Plan, folder: Path, instance: Instance) -> None:
    """Write a plan that keeps every rule together with its page."""
    # Nothing was worked out yet for a new plan, whatever lies in the place of the old one.
    page = plan_page(plan, instance, (), landing_ellipses(plan, instance))
    write_plan(plan, folder, instance, page)


def write_comparison_page(
    outcomes: Sequence[tuple[str, Outcome]],
    folder: Path,
    instance: Instance,
    beside: Sequence[tuple[str, Outcome]] = (),
) -> Path:
    """Write ``comparison.html``; where the plans are explained, with the explanation."""
    text = comparison_page(outcomes, instance, read_explanations(folder), _shares(outcomes), beside)
    write_file(folder / COMPARISON_PAGE, text)
    return folder / COMPARISON_PAGE


def _shares(outcomes: Sequence[tuple[str, Outcome]]) -> tuple[Share, ...]:
    """What flying together is worth, as far as the plans of a comparison say."""
    plans = [(name.endswith("@equal"), one) for name, one in outcomes if isinstance(one, Plan)]
    equal, best = (
        {frozenset(plan.options.parties): plan for at_equal, plan in plans if at_equal is kind}
        for kind in (True, False)
    )
    parties = max((plan.options.parties for _, plan in plans), key=len, default=())
    return shares_of(equal, best, parties) if len(parties) > 1 else ()


def is_comparison(folder: Path) -> bool:
    """Whether a folder holds a comparison and no plan of its own."""
    return not (folder / PLAN_FILE).exists() and bool(comparison_order(folder))


def report(screen: Screen, folder: Path, given: Path | None, beside: Path | None) -> None:
    """Write the page of a plan or of a comparison again from its files."""
    if is_comparison(folder):
        _report_comparison(screen, folder, given, beside)
        return
    if beside is not None:
        problem = "only a comparison can have another beside it"
        remedy = "give the folder that `aidlift compare` wrote"
        raise InstanceError([finding("AL-4001", str(folder), problem, remedy)])
    plan = read_plan(folder)
    instance = instance_of(plan, given)
    changed = warn_of_changes(screen, plan, instance)
    violations = check(plan, instance)
    write_file(folder / PAGE_FILE, page_of(plan, instance, violations, folder))
    screen.answer(f"Page: {folder / PAGE_FILE}")
    if violations:
        rules = ", ".join(dict.fromkeys(one.rule for one in violations))
        count = counted_text(len(violations), "place")
        screen.tell(f"The plan breaks rules in {count}: {rules}. The page says so at the top.", "bold red")
    code = codes.BROKEN_RULE if violations else codes.DONE
    screen.document(
        {
            "exit_code": code,
            "page": str(folder / PAGE_FILE),
            "broken_rules": len(violations),
            "instance_changed": changed,
        }
    )
    raise typer.Exit(code)


def plans_in(folder: Path, given: Path | None) -> tuple[list[tuple[str, Outcome]], Instance]:
    """The plans of a comparison, by the names of their folders, and their instance."""
    outcomes = read_comparison(folder)
    plan = next((one for _, one in outcomes if isinstance(one, Plan)), None)
    if plan is None:
        problem = "no plan of this comparison is there"
        raise InstanceError([finding("AL-4001", str(folder), problem, "compare again")])
    return outcomes, instance_of(plan, given)


def _report_comparison(screen: Screen, folder: Path, given: Path | None, beside: Path | None) -> None:
    outcomes, instance = plans_in(folder, given)
    others = [] if beside is None else read_comparison(beside)
    page = write_comparison_page(outcomes, folder, instance, others)
    screen.answer(f"Page: {page}")
    screen.document({"exit_code": codes.DONE, "page": str(page), "plans": [name for name, _ in outcomes]})


def _charts(folder: Path, given: Path | None) -> tuple[Chart, ...]:
    if not is_comparison(folder):
        plan = read_plan(folder)
        return plan_charts(plan, instance_of(plan, given))
    outcomes, instance = plans_in(folder, given)
    daily = {name: series_of(plan, instance) for name, plan in outcomes if isinstance(plan, Plan)}
    return comparison_charts(daily)


def figures(screen: Screen, folder: Path, given: Path | None) -> None:
    """Write the charts of a plan or of a comparison as SVG and PNG."""
    charts = _charts(folder, given)
    files: Mapping[str, str | bytes] = {
        **{f"{chart.name}.svg": chart.svg() for chart in charts},
        **{f"{chart.name}.png": chart.png() for chart in charts},
    }
    target = folder / FIGURES
    write_folder(target, files, marker=f"{charts[0].name}.svg")
    screen.answer(f"{counted_text(len(charts), 'figure')}, each as SVG and PNG: {target}")
    screen.document({"exit_code": codes.DONE, "folder": str(target), "files": sorted(files)})
