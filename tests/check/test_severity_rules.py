"""Going short: how severe it is, over which days, what is wanted at the end and what was asked for."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instances.schema import Header, Instance
from optimizer.check import check
from optimizer.check.requirements import curve
from optimizer.plan import Plan
from tests.check.hand_hunger import hungry, landing
from tests.check.hand_plan import changed, edited, verdict, written

WHERE = "hamlet kcal from 2016-04-11"


def said(plan: Plan, instance: Instance) -> list[str]:
    return [str(violation) for violation in check(plan, instance)]


@pytest.mark.parametrize(
    ("stock_kg", "arrivals", "eaten", "by_day", "at_once"),
    [
        (10, (), (2, 2, 2, 2, 2), 125, 125),
        (4, ((2, 12),), (2, 2, 4, 4, 4), 50, 20),
        (3, ((3, 20),), (1, 1, 1, 4, 4), 168.75, 103.75),
    ],
)
@pytest.mark.parametrize("item", [False, True])
def test_severity_by_hand(
    stock_kg: float,
    arrivals: tuple[tuple[int, float], ...],
    eaten: tuple[float, ...],
    by_day: float,
    at_once: float,
    item: bool,
) -> None:
    """100 people, 4 kg a day: each day by itself, and five days as one period."""
    for severity_days, due in ((1, by_day), (5, at_once), (7, at_once)):
        instance = hungry(stock_kg, severity_days, item=item)
        plan = written(landing(*arrivals, item=item), instance)
        assert tuple(row.eaten_kg for row in plan.coverage) == eaten
        assert said(plan, instance) == []
        assert dict(plan.summary)["severity_person_days"] == pytest.approx(due)
        summary = {**dict(plan.summary), "severity_person_days": due + 1}
        (only,) = said(plan.model_copy(update={"summary": tuple(summary.items())}), instance)
        assert only.startswith("summary_figures: severity_person_days: ")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"days": 7}, "days is 7, the period has 6"),
        ({"people": 201.0}, "people is 201, the instance says 200"),
        ({"severity": 41.5}, "severity is 41.5, the points give 40.5 person-days"),
    ],
)
def test_severity(values: dict[str, object], text: str, plan: Plan, instance: Instance) -> None:
    """The hamlet is a quarter short of the energy: 0.5 x 1200 x 0.0675."""
    assert plan.severity[0].severity == pytest.approx(40.5)
    bad = edited(plan, "severity", 0, **values)
    assert said(bad, instance) == [f"severity: {WHERE}: {text}"]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"need_amount": 2_100_003.0}, "need_amount is 2 100 003, the instance says 2 100 000"),
        ({"short_frac": 0.26}, "short_frac is 0.26, the files give 0.25"),
    ],
)
def test_nutrient_need(values: dict[str, object], text: str, plan: Plan, instance: Instance) -> None:
    bad = edited(plan, "severity", 0, **values)
    assert said(bad, instance) == [f"nutrient_need: {WHERE}: {text}"]


def test_severity_of_an_item(plan: Plan, instance: Instance) -> None:
    soap = next(i for i, row in enumerate(plan.severity) if row.need == "soap")
    text = "town soap from 2016-04-11: short_frac is 0.01, the files give 0"
    assert said(edited(plan, "severity", soap, short_frac=0.01), instance) == [f"severity: {text}"]
    text = "town soap from 2016-04-11: need_amount is 121, the instance says 120"
    assert said(edited(plan, "severity", soap, need_amount=121.0), instance) == [f"severity: {text}"]


def test_severity_rows(plan: Plan, instance: Instance) -> None:
    rows = plan.severity
    less = plan.model_copy(update={"severity": rows[1:]})
    assert said(less, instance) == [f"severity: {WHERE}: no row of this period"]
    more = plan.model_copy(update={"severity": (*rows, rows[0])})
    assert said(more, instance) == [f"severity: {WHERE}: 2 rows, there is one a period"]
    other = rows[0].model_copy(update={"date": instance.dates[1]})
    stray = plan.model_copy(update={"severity": (*rows, other)})
    text = "hamlet kcal from 2016-04-12: no period of a need begins on that day"
    assert said(stray, instance) == [f"severity: {text}"]


SHARES = st.floats(0, 1)
POINTS = Header.model_fields["severity_points"].default


@given(SHARES, SHARES, SHARES)
def test_severity_is_convex_and_monotone(one: float, other: float, weight: float) -> None:
    low, high = sorted((one, other))
    between = weight * low + (1 - weight) * high
    chord = weight * curve(POINTS, low) + (1 - weight) * curve(POINTS, high)
    assert curve(POINTS, low) <= curve(POINTS, high)
    assert curve(POINTS, between) <= chord + 1e-12


@given(SHARES)
def test_severity_is_interpolated_straight(share: float) -> None:
    heights, shares = zip((0.0, 0.0), *POINTS, strict=True)
    assert curve(POINTS, share) == pytest.approx(float(np.interp(share, shares, heights)), abs=1e-12)


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=6), SHARES, SHARES)
def test_severity_keeps_any_convex_points(widths: list[float], one: float, other: float) -> None:
    """Slopes 1, 2, 3, ... over any widths, scaled to end at 1 @ 1."""
    shares = np.cumsum(widths) / sum(widths)
    heights = np.cumsum([width * (n + 1) for n, width in enumerate(widths)])
    points = tuple(zip((heights / heights[-1]).tolist(), shares.tolist(), strict=True))
    middle = curve(points, (one + other) / 2)
    assert middle <= (curve(points, one) + curve(points, other)) / 2 + 1e-9
    assert all(curve(points, a[1]) < curve(points, b[1]) for a, b in pairwise(points))


def test_coverage_week() -> None:
    """14 days, 1 t a day, 3.5 t in stock and 7 t on the eighth: all of the second week, half of the first."""
    base = hungry(0, 7)
    fortnight = base.model_copy(update={"header": base.header.model_copy(update={"days": 14})})
    half = changed(fortnight, "communities", "town", starting_stock_days=3.5)
    decisions = landing((7, 28))
    for share, since, weeks in ((0.5, 0, []), (1.0, 7, []), (0.51, 0, ["2016-04-11"]), (1.0, 8, [])):
        asked = replace(decisions, coverage_frac=share, coverage_from=since)
        text = f"50 % of the need met, {100 * share:g} % asked for"
        assert verdict(asked, half) == [f"coverage_week: town kcal from {week}: {text}" for week in weeks]
    late = replace(landing((7, 27)), coverage_frac=1.0, coverage_from=7)
    text = "town kcal from 2016-04-18: 96.4286 % of the need met, 100 % asked for"
    assert verdict(late, half) == [f"coverage_week: {text}"]
