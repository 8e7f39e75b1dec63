"""``explain``: why a plan is short, and why the plans of a comparison differ; kept beside them and shown."""

from __future__ import annotations

import time
from pathlib import Path

import typer
from pydantic import TypeAdapter, ValidationError

from instances.errors import InstanceError
from instances.schema import Instance
from optimizer.check import check
from optimizer.cli import codes
from optimizer.cli.asked import seconds_typed
from optimizer.cli.findings import finding
from optimizer.cli.paging import is_comparison, page_of, plans_in, write_comparison_page
from optimizer.cli.progress import Ticker
from optimizer.cli.reading import instance_of, warn_of_changes
from optimizer.cli.screen import Screen
from optimizer.clock import Clock
from optimizer.explain.difference import Asked, Known, Telling, explain_difference
from optimizer.explain.short import why_short
from optimizer.explain.steps import Step
from optimizer.explained import Explanation
from optimizer.guard import Stop, heed_signals
from optimizer.plan import Plan
from reports.atomic import write_file
from reports.comparisons import read_comparison
from reports.explanations import FILE as EXPLANATION
from reports.explanations import explanations_text
from reports.numbers import counted_text, money_text, signed_text
from reports.schedules import PAGE_FILE, read_plan
from reports.shortfalls import FILE as SHORTFALLS
from reports.shortfalls import short_rows, shortfalls_text

CACHE = "explanation_steps.json"
_STEPS = TypeAdapter(dict[str, Step])


def explain(screen: Screen, folder: Path, given: Path | None, typed_limit: str, started: float) -> None:
    """Explain a plan or a comparison within a time limit."""
    ends_at = started + seconds_typed(typed_limit)
    if is_comparison(folder):
        _differences(screen, folder, given, ends_at, started)
    else:
        _shortfalls(screen, folder, given, ends_at)


def _shortfalls(screen: Screen, folder: Path, given: Path | None, ends_at: float) -> None:
    plan = read_plan(folder)
    instance = instance_of(plan, given)
    warn_of_changes(screen, plan, instance)
    violations = check(plan, instance)
    if violations:
        rules = ", ".join(dict.fromkeys(one.rule for one in violations))
        screen.tell(f"The plan breaks rules ({rules}); what keeps it short means little.", "yellow")
    clock = Clock(ends_at - time.monotonic())

    def tell(need: str) -> None:
        if not screen.quiet:
            screen.tell(f"re-solving for {need}")

    found = why_short(plan, instance, clock, tell)
    write_file(folder / SHORTFALLS, shortfalls_text(found))
    write_file(folder / PAGE_FILE, page_of(plan, instance, violations, folder))
    rows = short_rows(plan, found, instance)
    for row in rows:
        screen.answer(f"{row.need}: {row.short}")
        for words in row.limits:
            screen.answer(f"  {words}")
    missing = sum(not row.limits for row in rows)
    if not rows:
        screen.answer("No need is short.")
    if missing:
        screen.tell(
            f"Time ran out before {counted_text(missing, 'need')}; allow more with --time-limit.", "yellow"
        )
    screen.answer(f"Page: {folder / PAGE_FILE}")
    code = codes.GAP_OPEN if missing else codes.DONE
    told = [one.model_dump(mode="json") for one in found]
    screen.document({"exit_code": code, "shortfalls": told, "page": str(folder / PAGE_FILE)})
    raise typer.Exit(code)


def _known(folder: Path) -> Known:
    """Steps solved by an earlier command."""
    try:
        return _STEPS.validate_json((folder / CACHE).read_bytes())
    except (OSError, ValidationError):
        return {}


def _differences(screen: Screen, folder: Path, given: Path | None, ends_at: float, started: float) -> None:
    outcomes, instance = plans_in(folder, given)
    alone = {
        plan.options.parties[0]: plan
        for name, plan in outcomes
        if isinstance(plan, Plan) and name.endswith("@equal") and len(plan.options.parties) == 1
    }
    if len(alone) < 2:
        problem = "a comparison is explained by the plans @equal of two parties, which are not there"
        remedy = "compare again, with more --time-limit"
        raise InstanceError([finding("AL-5009", "COMPARISON_DIR", str(folder), problem, remedy)])
    known, stop = _known(folder), Stop()
    done: list[Explanation] = []
    parties = list(alone)
    pairs = [(a, b) for i, a in enumerate(parties) for b in parties[i + 1 :]]
    with Ticker(screen, instance, started) as ticker, heed_signals(stop):
        telling = Telling(
            progress=ticker.show,
            begin=lambda at, of: _say(screen, ticker, at, of),
            keep=lambda steps: write_file(folder / CACHE, _STEPS.dump_json(steps, indent=1).decode() + "\n"),
        )
        for place, (a, b) in enumerate(pairs):
            seconds = (ends_at - time.monotonic()) / (len(pairs) - place)
            asked = Asked(instance, a, b, alone[a], alone[b])
            found = explain_difference(asked, seconds, stop, known, telling)
            if found is not None:
                done.append(found)
    _tell_differences(screen, folder, instance, done, len(pairs), stop())


def _say(screen: Screen, ticker: Ticker, at: int, of: int) -> None:
    ticker.begin([])
    if not screen.quiet:
        screen.tell(f"{at} of {of} steps solved")


def _tell_differences(
    screen: Screen, folder: Path, instance: Instance, done: list[Explanation], wanted: int, interrupted: bool
) -> None:
    if done:
        write_file(folder / EXPLANATION, explanations_text(done))
    page = write_comparison_page(read_comparison(folder), folder, instance)
    for one in done:
        screen.answer(f"From {one.of} to {one.to}, USD:")
        total = one.end.usd - one.start.usd
        rows = [(part.words, signed_text(part.usd, money_text)) for part in one.contributions]
        screen.table(["Cause", "Cost"], [*rows, ("together", signed_text(total, money_text))])
    if len(done) < wanted:
        words = "Interrupted" if interrupted else "Time ran out"
        screen.tell(f"{words} before every step was solved; the same command goes on from there.", "yellow")
    screen.answer(f"Page: {page}")
    code = codes.DONE if len(done) == wanted else codes.NO_PLAN
    code = codes.INTERRUPTED if interrupted else code
    told = [one.model_dump(mode="json") for one in done]
    screen.document({"exit_code": code, "explanations": told, "page": str(page)})
    raise typer.Exit(code)
