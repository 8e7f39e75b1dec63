"""``report.html``: one plan as a page that opens anywhere without a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from markupsafe import Markup

from instances.schema import Instance
from optimizer.check import Violation
from optimizer.explained import Ellipse, Shortfall
from optimizer.plan import Plan
from reports.charts import plan_charts
from reports.eating import joined
from reports.figures import inline_svg, names_of
from reports.measures import MEASURES, PEOPLE, STATUS_WORDS, measured
from reports.numbers import (
    MISSING,
    block_text,
    count_text,
    energy_text,
    gap_text,
    money_text,
    probability_text,
    share_text,
    small_text,
    tonnes_text,
)
from reports.page.assets import render
from reports.page.communities import Table, communities, goods_table
from reports.page.scene import scene
from reports.page.sentences import plan_sentences, who
from reports.people import BANDS_WORDS
from reports.series import Series, series_of
from reports.shortfalls import short_rows
from reports.trust import bill_by_grade, landed_by_basis
from reports.words import goal_words, notes_of

SHOWN_VIOLATIONS: Final = 20

_RISKS: Final = {
    "aircraft_loss_prob": ("Probability of losing an aircraft", probability_text),
    "expected_aircraft_lost": ("Aircraft lost, expected", small_text),
    "worst_sortie_loss_prob": ("Riskiest sortie, probability of loss", probability_text),
    "people_harmed": ("People harmed, expected", small_text),
    "diverted_frac": ("Share into other hands", share_text),
    "diverted_kg": ("Into other hands", tonnes_text),
    "hull_value_at_risk_usd": ("Hulls lost, expected value", money_text),
    "crew_exposure": ("Crew on board of aircraft lost, expected", small_text),
}


def plan_page(
    plan: Plan,
    instance: Instance,
    violations: Sequence[Violation] = (),
    ellipses: Sequence[Ellipse] = (),
    shortfalls: Sequence[Shortfall] = (),
) -> str:
    """The page of a plan.

    Parameters
    ----------
    plan : Plan
        As read from its files.
    instance : Instance
        With the plan's scenarios, days and rules.
    violations : sequence of Violation
        What the judge found; shown at the top.
    ellipses : sequence of Ellipse
        Where its drops come down.
    shortfalls : sequence of Shortfall
        Why needs are short, where that was worked out.

    Returns
    -------
    str
        HTML that loads nothing; the same plan gives the same text.
    """
    names = names_of(instance)
    series = series_of(plan, instance)
    under = f" under {joined(plan.options.scenarios)}" if plan.options.scenarios else ""
    charts = _charts(plan, instance, series)
    values = {
        "title": f"{who(plan, names)}: {instance.header.id}{under}",
        "subtitle": instance.header.title,
        "status": STATUS_WORDS[plan.status],
        "violations": [str(one) for one in violations[:SHOWN_VIOLATIONS]],
        "violation_count": len(violations),
        "rules": list(dict.fromkeys(one.rule for one in violations)),
        "sentences": plan_sentences(plan, instance, series, violations),
        "charts": charts,
        "bands": BANDS_WORDS,
        "communities": communities(plan, instance, series, charts),
        "goods": goods_table(series, names),
        "days": _days(series, names),
        "bill": _bill(plan, names),
        "fleet": _fleet(plan, names),
        "risk": _risk(plan, names),
        "sure": _sure(plan),
        "trust": _trust(plan, instance),
        "short": short_rows(plan, shortfalls, instance),
        "notes": list(notes_of(plan)),
        "refused": [
            f"{one.party}: {one.count} × {one.reason} (such as {one.example})" for one in plan.refused
        ],
        "made_from": _made_from(plan),
    }
    return render("plan.html", scene(plan, instance, series, ellipses), values, with_map=True)


def _charts(plan: Plan, instance: Instance, series: Series) -> dict[str, tuple[str, Markup]]:
    """Title and drawing by name; the page has a timeline of its own."""
    return {
        chart.name: (chart.title, Markup(inline_svg(chart)))  # noqa: S704  # matplotlib escapes its texts
        for chart in plan_charts(plan, instance, series)
        if chart.name != "timeline"
    }


def _days(series: Series, names: Mapping[str, str]) -> Table:
    eaten = [f"kcal, {names.get(one.community, one.community)}" for one in series.fed]
    rows = [
        [
            date.isoformat(),
            count_text(series.sorties[d]),
            tonnes_text(series.dropped_kg[d]),
            tonnes_text(series.landed_kg[d]),
            tonnes_text(series.diverted_kg[d]),
            money_text(series.cost_usd[d]),
            *(energy_text(one.kcal[d]) for one in series.fed),
        ]
        for d, date in enumerate(series.dates)
    ]
    headers = ("Day", "Sorties", "Dropped", "Landed", "Other hands", "Cost so far", *eaten)
    return Table("Day by day", headers, rows)


def _bill(plan: Plan, names: Mapping[str, str]) -> Table:
    parties = list(dict.fromkeys(cost.party for cost in plan.costs))
    items = list(dict.fromkeys(cost.item for cost in plan.costs))
    usd = {(cost.party, cost.item): cost.usd for cost in plan.costs}
    rows = [
        [
            item,
            *(money_text(usd.get((party, item), 0.0)) for party in parties),
            money_text(sum(usd.get((party, item), 0.0) for party in parties)),
        ]
        for item in items
    ]
    total = ["total", *(money_text(sum(usd.get((p, i), 0.0) for i in items)) for p in parties)]
    rows.append([*total, money_text(sum(usd.values()))])
    heads = ["everyone" if party == "all" else names.get(party, party) for party in parties]
    return Table("The bill", ("Item", *heads, "Together"), rows)


def _fleet(plan: Plan, names: Mapping[str, str]) -> Table:
    rows = [
        [
            f"{names.get(use.aircraft, use.aircraft)} at {names.get(use.base, use.base)}",
            names.get(use.party, use.party),
            count_text(use.tails),
            count_text(use.flying_days),
            count_text(use.sorties),
            block_text(use.block_h),
            money_text(use.standing_usd),
        ]
        for use in plan.fleet
    ]
    headers = ("Fleet", "Party", "Tails", "Flying days", "Sorties", "Block hours", "Standing cost")
    return Table("Aircraft contracted", headers, rows)


def _risk(plan: Plan, names: Mapping[str, str]) -> Table:
    rows = []
    for row in plan.risk:
        label, show = _RISKS.get(row.measure, (row.measure.replace("_", " "), small_text))
        limit = "none" if row.limit is None else show(row.limit)
        rows.append([label, names.get(row.party, row.party), show(row.value), limit])
    return Table("Risk and its limits", ("Measure", "Party", "Plan", "Limit"), rows)


def _sure(plan: Plan) -> Table:
    show = {"USD": money_text, "person-days": count_text, "frac": share_text}
    rows = []
    for one in plan.objectives:
        text = show.get(one.unit, small_text)
        label = f"{goal_words(one.name)}, person-days" if one.unit == "person-days" else goal_words(one.name)
        rows.append([label, text(one.value), text(one.bound), gap_text(one.gap_frac)])
    return Table("Goals in order", ("Goal", "Plan", "No plan below", "Gap"), rows)


def _trust(plan: Plan, instance: Instance) -> Table:
    bill, landed = bill_by_grade(plan, instance), landed_by_basis(plan)
    whole_usd, whole_kg = sum(bill.values()) or 1.0, sum(landed.values()) or 1.0
    rows = [[f"Bill, prices: {grade}", share_text(usd / whole_usd)] for grade, usd in bill.items()]
    rows += [[f"Landed share: {basis}", share_text(kg / whole_kg)] for basis, kg in landed.items()]
    return Table("What it rests on", ("Figures", "Share"), rows)


def _made_from(plan: Plan) -> list[tuple[str, str]]:
    return list(_made(plan))


def _made(plan: Plan) -> Iterator[tuple[str, str]]:
    options = plan.options
    yield "instance", plan.instance
    yield "parties", ", ".join(options.parties)
    yield "scenarios", ", ".join(options.scenarios) or MISSING
    yield "rules", f"{options.rules} rules"
    if options.coverage_frac is not None:
        yield (
            "coverage asked for",
            f"{share_text(options.coverage_frac)} in every week from day {options.coverage_from}",
        )
    yield "seed", str(options.seed)
    yield "versions", ", ".join(f"{name} {version}" for name, version in plan.versions)
    found = measured(plan)
    for measure in (*PEOPLE, *MEASURES):
        yield measure.label, measure.show(found.get(measure.name))
