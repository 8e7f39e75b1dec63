"""The first screen of a plan's page: who eats, at what cost and risk, and how sure it is, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from instances.schema import Grade, Instance
from optimizer.check import Violation
from optimizer.plan import Plan, Status
from reports.eating import eating_sentence, items_sentence, joined
from reports.figures import names_of
from reports.measures import measured
from reports.numbers import (
    count_text,
    counted_text,
    date_text,
    gap_text,
    money_text,
    price_text,
    probability_text,
    share_text,
    small_text,
    tonnes_text,
)
from reports.series import Series
from reports.trust import UNGRADED, bill_by_grade, landed_by_basis

UNSURE = (Grade.ESTIMATE.value, Grade.RECALLED.value, UNGRADED)
"""Grades without a source."""

_BASES = {
    "observed": "observed",
    "computed": "worked out from fall, winds and scatter",
    "table": "taken from the method's table",
}
"""Where landed shares are from, in words."""


def plan_sentences(
    plan: Plan, instance: Instance, series: Series, violations: Sequence[Violation]
) -> list[tuple[str, str]]:
    """A question and its answer, one pair for each thing a planner asks first.

    Parameters
    ----------
    plan, instance : Plan, Instance
        As for the page.
    series : Series
        Of the plan.
    violations : sequence of Violation
        The judge's word.
    """
    names = names_of(instance)
    summary = measured(plan)
    return [
        *_who(series, summary, names),
        ("From when", _from_when(plan, instance, names)),
        ("What it costs", _cost(summary)),
        ("What flies", _flying(plan, summary, names)),
        ("What is risked", _risk(plan, summary, names)),
        ("How sure it is", " ".join(_sure(plan, instance, violations))),
    ]


def who(plan: Plan, names: Mapping[str, str]) -> str:
    """The parties of a plan by name."""
    return joined([names.get(party, party) for party in plan.options.parties])


def _who(series: Series, summary: Mapping[str, float], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if eaten := eating_sentence(series.fed, names):
        full = share_text(summary.get("person_days_full_frac"))
        yield "Who eats", f"{eaten} Of all person-days {full} are fed in full."
    if items := items_sentence(series.needs, names):
        yield "What else", items
    severity = summary.get("severity_person_days")
    if severity is not None:
        share = summary.get("severity_person_days_frac")
        of_all = "" if share is None else f", {share_text(share)} of all person-days"
        yield (
            "How bad it is",
            f"Severity, in which going short counts more the deeper it is, is {count_text(severity)} "
            f"person-days{of_all}; "
            f"{share_text(summary.get('worst_week_severity_frac'))} in the worst community-week.",
        )


def _from_when(plan: Plan, instance: Instance, names: Mapping[str, str]) -> str:
    if not plan.loads:
        return "Nothing is flown."
    first = min(plan.loads, key=lambda load: (load.drop_utc, load.sortie_id))
    sortie = next((one for one in plan.sorties if one.sortie_id == first.sortie_id), None)
    local = first.drop_utc.astimezone(sortie.takeoff_local.tzinfo) if sortie else first.drop_utc
    words = (
        f"The first cargo comes down on {date_text(local.date())} at {local:%H:%M} local time, on "
        f"{names.get(first.zone, first.zone)}."
    )
    stocks = [c.starting_stock_days for c in instance.communities]
    if max(stocks, default=0) > 0:
        days = f"{min(stocks):g}" if min(stocks) == max(stocks) else f"{min(stocks):g} to {max(stocks):g}"
        words += f" Stores hold {days} days of the planned ration on the first morning."
    return words


def _cost(summary: Mapping[str, float]) -> str:
    parts = []
    if (each := summary.get("cost_usd_per_person_day")) is not None:
        parts.append(f"{price_text(each)} a person and day")
    tonne = summary.get("cost_usd_per_landed_t")
    parts.append("nothing lands" if tonne is None else f"{money_text(tonne)} for each tonne landed")
    return f"{money_text(summary.get('cost_usd'))} in all: {', '.join(parts)}."


def _flying(plan: Plan, summary: Mapping[str, float], names: Mapping[str, str]) -> str:
    fleets = [
        f"{use.tails} {names.get(use.aircraft, use.aircraft)} at {names.get(use.base, use.base)} "
        f"({counted_text(use.sorties, 'sortie')})"
        for use in plan.fleet
        if use.tails
    ]
    flown = joined(fleets) if fleets else "No aircraft"
    return (
        f"{flown}. {tonnes_text(summary.get('dropped_kg'))} are dropped, "
        f"{tonnes_text(summary.get('landed_kg'))} land usable, "
        f"{tonnes_text(summary.get('diverted_kg'))} fall into other hands."
    )


def _risk(plan: Plan, summary: Mapping[str, float], names: Mapping[str, str]) -> str:
    parts = [
        f"a chance of {probability_text(row.value)} that {names.get(row.party, row.party)} loses an aircraft"
        + ("" if row.limit is None else f" (limit {probability_text(row.limit)})")
        for row in plan.risk
        if row.measure == "aircraft_loss_prob"
    ]
    harmed = f"{small_text(summary.get('expected_people_harmed'))} people on the ground harmed, expected"
    words = joined([*parts, harmed])
    return f"{words[0].upper()}{words[1:]}."


def _most(gap_frac: float) -> str:
    """A gap as the most that can be gained."""
    return gap_text(gap_frac).removeprefix("< ")


def _sure(plan: Plan, instance: Instance, violations: Sequence[Violation]) -> Iterator[str]:
    money = [one for one in plan.objectives if one.unit.upper() == "USD"]
    severity = [one for one in plan.objectives if one.name == "severity_person_days"]
    for one in severity:
        yield f"No plan can lower severity by more than {_most(one.gap_frac)} of person-days."
    if money:
        if money[-1].gap_frac > 0.5:
            yield "Time ran out before it was known how much cheaper a plan could be."
        else:
            yield f"No plan that does as well can be cheaper by more than {_most(money[-1].gap_frac)}."
    if plan.status is Status.FEASIBLE:
        yield "Time ran out before the gap asked for."
    count = len(violations)
    yield (
        f"The judge found {counted_text(count, 'broken rule')}."
        if count
        else "The judge, who shares no code with the planner, found every rule kept."
    )
    grades = bill_by_grade(plan, instance)
    total = sum(grades.values())
    if total > 0:
        unsure = sum(usd for grade, usd in grades.items() if grade in UNSURE)
        yield f"{share_text(unsure / total)} of the bill rests on prices without a source."
    landed = landed_by_basis(plan)
    whole_kg = sum(landed.values())
    if whole_kg > 0:
        parts = [
            f"{_BASES.get(basis, basis)} for {share_text(kg / whole_kg)}" for basis, kg in landed.items()
        ]
        yield f"The landed share was {joined(parts)} of what lands."
