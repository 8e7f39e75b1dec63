"""``comparison.html``: plans side by side, and why they differ, as one page without a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from markupsafe import Markup

from instances.schema import Instance
from optimizer.explained import Contribution, Explanation, Share
from optimizer.plan import Plan
from reports.charts import comparison_charts
from reports.compare import Outcome, comparison_cells
from reports.figures import inline_svg, names_of
from reports.numbers import (
    MISSING,
    counted_text,
    gap_text,
    money_text,
    price_text,
    share_text,
    signed_text,
    small_text,
    tonnes_text,
)
from reports.page.assets import render
from reports.page.communities import Table
from reports.page.differences import EQUAL, Pair, comparison_sentences, pairs_of
from reports.people import BANDS_WORDS
from reports.series import series_of

_SHARES: Final = {
    "cost_usd": ("Cost of covering the same share of every need", money_text, "Saves"),
    "expected_aircraft_lost": ("Aircraft lost, expected, at the same coverage", small_text, "Saves"),
    "landed_kg": ("Cargo landed, each at its own best", tonnes_text, "Less than alone"),
}


def comparison_page(
    outcomes: Sequence[tuple[str, Outcome]],
    instance: Instance,
    explanations: Sequence[Explanation] = (),
    shares: Sequence[Share] = (),
    beside: Sequence[tuple[str, Outcome]] = (),
) -> str:
    """The page of a comparison.

    Parameters
    ----------
    outcomes : sequence of (str, Plan or Status)
        As for `comparison_table`.
    instance : Instance
        Of the plans.
    explanations : sequence of Explanation
        Why parties' plans differ, where that was worked out.
    shares : sequence of Share
        What flying together is worth.
    beside : sequence of (str, Plan or Status)
        The same comparison under other rules.
    """
    plans = {name: one for name, one in outcomes if isinstance(one, Plan)}
    names = names_of(instance)
    pairs = pairs_of(plans)
    known = {(one.of, one.to): one for one in explanations}
    fresh = {key: one for key, one in known.items() if _still_true(one, pairs)}
    charts = [
        (heading, _charts({n: p for n, p in plans.items() if n.endswith(EQUAL) is equal}, instance))
        for heading, equal in (("Each at its own best", False), ("At the same coverage", True))
    ]
    under = next(iter(plans.values())).options if plans else None
    values = {
        "title": f"{instance.header.id}: plans side by side",
        "subtitle": instance.header.title,
        "rules": f"{under.rules} rules" if under else MISSING,
        "sentences": comparison_sentences(plans, pairs, fresh, instance),
        "measures": Table("All measures", *comparison_cells(outcomes, instance)),
        "bands": BANDS_WORDS if any(plan.nutrition for plan in plans.values()) else "",
        "others": _beside(beside, instance),
        "bills": [_bill(pair, names) for pair in pairs],
        "explained": [_explained(one, names) for one in fresh.values()],
        "unexplained": [
            f"{names.get(p.a, p.a)} and {names.get(p.b, p.b)}" for p in pairs if (p.a, p.b) not in fresh
        ],
        "shares": _shares(shares, names),
        "charts": [(heading, group) for heading, group in charts if group],
        "pages": list(plans),
    }
    return render("comparison.html", {}, values, with_map=False)


def _still_true(one: Explanation, pairs: Sequence[Pair]) -> bool:
    """Whether an explanation is of these plans and not of older ones in the same folder."""
    pair = next((pair for pair in pairs if (pair.a, pair.b) == (one.of, one.to)), None)
    return pair is not None and abs(pair.cost_a - one.start.usd) + abs(pair.cost_b - one.end.usd) < 0.01


def _charts(plans: Mapping[str, Plan], instance: Instance) -> list[tuple[str, Markup]]:
    if not plans:
        return []
    daily = {name: series_of(plan, instance) for name, plan in plans.items()}
    return [
        (chart.title, Markup(inline_svg(chart)))  # noqa: S704  # matplotlib escapes its texts
        for chart in comparison_charts(daily)
    ]


def _beside(beside: Sequence[tuple[str, Outcome]], instance: Instance) -> Table | None:
    if not beside:
        return None
    rules = next((one.options.rules for _, one in beside if isinstance(one, Plan)), "other")
    return Table(f"The same under {rules} rules", *comparison_cells(beside, instance))


def _bill(pair: Pair, names: Mapping[str, str]) -> Table:
    rows = [[item, money_text(a), money_text(b), signed_text(b - a, money_text)] for item, a, b in pair.items]
    rows.append(
        [
            "total",
            money_text(pair.cost_a),
            money_text(pair.cost_b),
            signed_text(pair.cost_b - pair.cost_a, money_text),
        ]
    )
    headers = ("Item", names.get(pair.a, pair.a), names.get(pair.b, pair.b), "Difference")
    return Table(f"The bills, item by item, at {share_text(pair.coverage_frac)} of every need", headers, rows)


def _explained(one: Explanation, names: Mapping[str, str]) -> dict[str, object]:
    """An explanation as rows with bars: from A by every cause to B."""
    widest = max([abs(part.usd) for part in one.contributions] + [1.0])
    a, b = names.get(one.of, one.of), names.get(one.to, one.to)

    def row(label: str, part: Contribution, signed: bool) -> dict[str, object]:
        def text(value: float, show: Callable[[float | None], str]) -> str:
            return signed_text(value, show) if signed else show(value)

        return {
            "label": label,
            "usd": text(part.usd, money_text),
            "landed": text(part.landed_kg, tonnes_text),
            "lost": text(part.aircraft_lost, small_text),
            "width_em": round(9 * abs(part.usd) / widest, 2) if signed else 0,
            "sign": "plus" if part.usd > 0 else "minus",
            "total": not signed,
        }

    ordered = sorted(one.contributions, key=lambda part: -abs(part.usd))
    note = (
        f"{counted_text(one.steps, 'step')} were re-solved, each {a} with some of {b}'s features, with whole "
        f"tails and divisible sorties; that is within {gap_text(one.step_error_frac)} of both plans."
    )
    if one.short_steps:
        note += (
            f" {counted_text(one.short_steps, 'step')} could not reach this coverage; what they leave unmet "
            f"counts {price_text(one.usd_per_short_person_day, ' a person-day')} of a need, what the dearer "
            "party pays for each that it meets."
        )
    return {
        "caption": f"From {a} to {b} at {share_text(one.coverage_frac)} of every need",
        "rows": [
            row(f"{a} pays", one.start, False),
            *(row(part.words, part, True) for part in ordered),
            row(f"{b} pays", one.end, False),
        ],
        "note": note,
    }


def _shares(shares: Sequence[Share], names: Mapping[str, str]) -> list[Table]:
    tables = []
    for measure, (caption, show, last) in _SHARES.items():
        own = [one for one in shares if one.measure == measure]
        if own:
            rows = [
                [
                    names.get(one.party, one.party),
                    show(one.alone),
                    show(one.share),
                    signed_text(one.alone - one.share, show),
                ]
                for one in own
            ]
            rows.append(["together", MISSING, show(own[0].joint), MISSING])
            tables.append(Table(caption, ("Party", "Alone", "Share of the joint plan", last), rows))
    return tables
