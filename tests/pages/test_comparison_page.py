"""The page of a comparison: sentences, money that adds up, and a real browser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from instances.schema import Instance
from optimizer.explain.together import shares_of
from optimizer.explained import Contribution, Explanation
from optimizer.options import Options
from optimizer.plan import Plan, Status
from reports.compare import Outcome
from reports.numbers import money_text, signed_text
from reports.page.comparison_page import comparison_page
from reports.page.differences import comparison_sentences, pairs_of
from tests.cli.fakes import hand_plan
from tests.pages.conftest import Opened

GROUPS = (("north",), ("south",), ("north", "south"))
WORDS = {"base": "bases and distance", "aircraft": "aircraft and what they cost", "rules": "risk rules"}


@pytest.fixture(scope="module")
def outcomes(instance: Instance) -> list[tuple[str, Outcome]]:
    """Every party alone and both together, at their best and at half of every need."""
    found: list[tuple[str, Outcome]] = []
    for suffix, coverage in (("", None), ("@equal", 0.5)):
        for parties in GROUPS:
            options = Options(parties=parties, coverage_frac=coverage)
            plan = hand_plan(instance, Options(parties=parties), Status.OPTIMAL)
            found.append(("+".join(parties) + suffix, plan.model_copy(update={"options": options})))
    return found


def _plans(outcomes: list[tuple[str, Outcome]]) -> dict[str, Plan]:
    return {name: one for name, one in outcomes if isinstance(one, Plan)}


@pytest.fixture(scope="module")
def explanation(outcomes: list[tuple[str, Outcome]]) -> Explanation:
    """Three causes that add up to the difference."""
    plans = _plans(outcomes)
    ends = [dict(plans[f"{party}@equal"].summary) for party in ("north", "south")]
    start, end = (
        Contribution(
            cause="end",
            words="",
            usd=summary["cost_usd"],
            landed_kg=summary["landed_kg"],
            aircraft_lost=summary["expected_aircraft_lost"],
        )
        for summary in ends
    )
    usd = {"base": 1234.56, "aircraft": -200.0}
    usd["rules"] = round(end.usd - start.usd - sum(usd.values()), 2)
    parts = tuple(
        Contribution(cause=cause, words=WORDS[cause], usd=amount, landed_kg=0.0, aircraft_lost=0.0)
        for cause, amount in usd.items()
    )
    return Explanation(
        of="north",
        to="south",
        coverage_frac=0.5,
        start=start,
        end=end,
        contributions=parts,
        step_error_frac=0.002,
        steps=64,
        short_steps=3,
        usd_per_short_person_day=5.5,
    )


@pytest.fixture(scope="module")
def text(outcomes: list[tuple[str, Outcome]], instance: Instance, explanation: Explanation) -> str:
    plans = _plans(outcomes)
    by_group = {frozenset(parties): plans["+".join(parties)] for parties in GROUPS}
    shares = shares_of(by_group, by_group, ("north", "south"))
    return comparison_page(outcomes, instance, (explanation,), shares)


def test_golden_sentences(
    outcomes: list[tuple[str, Outcome]], instance: Instance, explanation: Explanation
) -> None:
    plans = _plans(outcomes)
    pairs = pairs_of(plans)
    said = dict(comparison_sentences(plans, pairs, {("north", "south"): explanation}, instance))
    north, south = (dict(plans[f"{party}@equal"].summary)["cost_usd"] for party in ("north", "south"))
    assert said["What each can do"].startswith("North can give 899 kcal a person and day, 817 in the worst")
    assert said["What it costs"].startswith(
        f"To cover 50.0 % of every need in every week, North pays {money_text(north)} ("
    )
    assert f"South pays {money_text(south)} (" in said["What it costs"]
    assert f"pays {money_text(abs(north - south))} more" in said["What it costs"]
    late = {
        name: plan.model_copy(update={"options": plan.options.model_copy(update={"coverage_from": 7})})
        for name, plan in plans.items()
    }
    assert (
        "of every need in every week from day 8 on, North pays"
        in dict(comparison_sentences(late, pairs, {}, instance))["What it costs"]
    )
    total = signed_text(south - north, money_text)
    assert said["Why they differ"].startswith(
        f"From North to South the cost changes by {total}, most of it by "
    )
    assert "bases and distance (+1,235 USD)" in said["Why they differ"]
    without = dict(comparison_sentences(plans, pairs, {}, instance))["Why they differ"]
    assert "not worked out yet" in without


def test_where_nobody_flies_no_price_is_told(outcomes: list[tuple[str, Outcome]], instance: Instance) -> None:
    plans = _plans(outcomes)
    (pair,) = pairs_of(plans)
    idle = replace(pair, coverage_frac=0.022, cost_a=0.0, cost_b=0.0)
    said = dict(comparison_sentences(plans, [idle], {}, instance))["What it costs"]
    assert said.startswith("Both cover 2.2 % of every need, what lies in stock, and fly nothing")
    assert "USD" not in said


def test_money_adds_up_on_the_page(opened: Opened, text: str, explanation: Explanation) -> None:
    page = opened(text)
    rows = page.locator("table.explained tbody tr")
    cells = [rows.nth(i).locator("td").first.inner_text() for i in range(rows.count())]
    dollars = [float(cell.replace("−", "-").replace("+", "").replace(",", "").split()[0]) for cell in cells]
    # Whole dollars are shown, so that each part may be half a dollar off.
    assert dollars[0] + sum(dollars[1:-1]) == pytest.approx(dollars[-1], abs=0.5 * len(dollars))
    assert dollars[0] == round(explanation.start.usd)
    assert dollars[-1] == round(explanation.end.usd)
    bill = page.locator("table.sums").first.locator("tbody tr")
    assert bill.last.locator("td").last.inner_text() == signed_text(
        explanation.end.usd - explanation.start.usd, money_text
    )


def test_an_explanation_of_older_plans_is_not_shown(
    outcomes: list[tuple[str, Outcome]], instance: Instance, explanation: Explanation
) -> None:
    start = explanation.start.model_copy(update={"usd": explanation.start.usd + 1})
    old = explanation.model_copy(update={"start": start})
    text = comparison_page(outcomes, instance, (old,))
    assert 'class="explained"' not in text
    assert "The causes were not worked out yet for North and South" in text


def test_runs_without_a_plan_are_shown_as_such(
    outcomes: list[tuple[str, Outcome]], instance: Instance
) -> None:
    some: list[tuple[str, Outcome]] = [
        (name, Status.NO_PLAN if name.startswith("south") else one) for name, one in outcomes
    ]
    text = comparison_page(some, instance)
    assert "no plan" in text
    assert "Not known: some of the plans it takes are missing." in text
    nothing: list[tuple[str, Outcome]] = [(name, Status.NO_PLAN) for name, _ in outcomes]
    assert "All measures" in comparison_page(nothing, instance)


def test_the_same_plans_give_the_same_page(outcomes: list[tuple[str, Outcome]], instance: Instance) -> None:
    assert comparison_page(outcomes, instance) == comparison_page(outcomes, instance)


def test_links_lead_to_the_plans(opened: Opened, text: str, outcomes: list[tuple[str, Outcome]]) -> None:
    links = opened(text).locator("#plans a")
    found = [links.nth(i).get_attribute("href") for i in range(links.count())]
    assert found == [f"{name.replace('+', '%2B').replace('@', '%40')}/report.html" for name, _ in outcomes]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_for_people_who_use_a_screen_reader(opened: Opened, text: str, scheme: str) -> None:
    found = Axe().run(opened(text, color_scheme=scheme)).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_paper_says_how_the_causes_were_found(opened: Opened, text: str) -> None:
    page = opened(text)
    page.emulate_media(media="print")
    assert page.get_by_text("64 steps were re-solved").is_visible()
    assert not page.locator("nav").first.is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_a_phone_needs_no_sideways_scrolling(opened: Opened, text: str) -> None:
    page = opened(text, viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
