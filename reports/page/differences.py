"""Why the plans of two parties differ, in plain sentences and money that adds up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from instances.schema import Instance
from optimizer.explained import Explanation
from optimizer.plan import Plan
from reports.eating import joined
from reports.figures import names_of
from reports.measures import measured
from reports.numbers import (
    count_text,
    gap_text,
    money_text,
    price_text,
    share_text,
    signed_text,
    small_text,
)
from reports.summary import eaten_words

EQUAL = "@equal"
SAID = 3  # causes and items named in a sentence
KNOWN_GAP = 0.5  # a wider gap says that no bound was found in time


@dataclass(frozen=True)
class Pair:
    """Two parties alone at the same coverage: cost in USD, and (item, A, B) of their bills."""

    a: str
    b: str
    coverage_frac: float
    cost_a: float
    cost_b: float
    items: tuple[tuple[str, float, float], ...]


def pairs_of(plans: Mapping[str, Plan]) -> list[Pair]:
    """Every two parties that have a plan alone at equal coverage."""
    alone = {
        p.options.parties[0]: p for n, p in plans.items() if n.endswith(EQUAL) and len(p.options.parties) == 1
    }
    parties = list(alone)
    return [_pair(a, b, alone[a], alone[b]) for i, a in enumerate(parties) for b in parties[i + 1 :]]


def _pair(a: str, b: str, plan_a: Plan, plan_b: Plan) -> Pair:
    bills: list[dict[str, float]] = []
    for plan in (plan_a, plan_b):
        bill: dict[str, float] = {}
        for cost in plan.costs:
            bill[cost.item] = bill.get(cost.item, 0.0) + cost.usd
        bills.append(bill)
    items = tuple(
        (item, bills[0].get(item, 0.0), bills[1].get(item, 0.0)) for item in {**bills[0], **bills[1]}
    )
    totals = [dict(plan.summary)["cost_usd"] for plan in (plan_a, plan_b)]
    return Pair(a, b, plan_a.options.coverage_frac or 1.0, totals[0], totals[1], items)


def comparison_sentences(
    plans: Mapping[str, Plan],
    pairs: Sequence[Pair],
    explanations: Mapping[tuple[str, str], Explanation],
    instance: Instance,
) -> list[tuple[str, str]]:
    """A question and its answer, one pair for each thing asked first of a comparison.

    Parameters
    ----------
    plans : mapping of str to Plan
        By name of the folder.
    pairs : sequence of Pair
        Of these plans.
    explanations : mapping of (str, str) to Explanation
        By the two parties.
    instance : Instance
        For names.
    """
    names = names_of(instance)
    said = [("What each can do", _own_best(plans, names))] if plans else []
    for pair in pairs:
        said.append(("What it costs", _costs(pair, plans, names)))
        said.append(("Why they differ", _why(pair, explanations.get((pair.a, pair.b)), names)))
        said.append(("What is risked", _risks(pair, plans, names)))
    joint = _together(plans, names)
    if joint:
        said.append(("Flying together", joint))
    said.append(("How sure it is", " ".join(_sure(plans))))
    return said


def _called(plan: Plan, names: Mapping[str, str]) -> str:
    return joined([names.get(party, party) for party in plan.options.parties])


def _own_best(plans: Mapping[str, Plan], names: Mapping[str, str]) -> str:
    parts = []
    for name, plan in plans.items():
        if not name.endswith(EQUAL):
            together = " together" if len(plan.options.parties) > 1 else ""
            eaten, cost = eaten_words(plan), money_text(dict(plan.summary).get("cost_usd"))
            can = f"can give {eaten}," if eaten else "has a plan"
            parts.append(f"{_called(plan, names)}{together} {can} for {cost}")
    return f"{'; '.join(parts)}." if parts else "No plan at its own best."


def _summary(plans: Mapping[str, Plan], party: str) -> Mapping[str, float]:
    return measured(plans[f"{party}{EQUAL}"]) if f"{party}{EQUAL}" in plans else {}


def _costs(pair: Pair, plans: Mapping[str, Plan], names: Mapping[str, str]) -> str:
    if pair.cost_a == pair.cost_b == 0:
        share = share_text(pair.coverage_frac)
        return (
            f"Both cover {share} of every need, what lies in stock, and fly nothing for it: "
            "one of them can bring nothing of some need."
        )
    parts = []
    for party, cost in ((pair.a, pair.cost_a), (pair.b, pair.cost_b)):
        summary = _summary(plans, party)
        daily = summary.get("cost_usd_per_person_day")
        each = "" if daily is None else f"{price_text(daily)} a person and day, "
        tonne = money_text(summary.get("cost_usd_per_landed_t"))
        parts.append(
            f"{names.get(party, party)} pays {money_text(cost)} ({each}{tonne} for each tonne landed)"
        )
    low, high = sorted((pair.cost_a, pair.cost_b))
    dearer = names.get(pair.a, pair.a) if pair.cost_a == high else names.get(pair.b, pair.b)
    times = f", {small_text(high / low)} times as much" if low > 0 and high / low >= 1.005 else ""
    first = next((plan.options.coverage_from for name, plan in plans.items() if name.endswith(EQUAL)), 0)
    since = f" from day {first + 1} on" if first else ""
    covered = f"To cover {share_text(pair.coverage_frac)} of every need in every week{since}"
    return f"{covered}, {joined(parts)}. {dearer} pays {money_text(high - low)} more{times}."


def _why(pair: Pair, one: Explanation | None, names: Mapping[str, str]) -> str:
    a, b = names.get(pair.a, pair.a), names.get(pair.b, pair.b)
    total = signed_text(pair.cost_b - pair.cost_a, money_text)
    if one is None:
        items = sorted(pair.items, key=lambda item: -abs(item[2] - item[1]))[:SAID]
        parts = [f"{item} {signed_text(y - x, money_text)}" for item, x, y in items]
        return (
            f"From {a} to {b} the bill changes by {total}, most of it in {joined(parts)}. "
            "The causes behind it are not worked out yet."
        )
    ordered = sorted(one.contributions, key=lambda part: -abs(part.usd))[:SAID]
    parts = [f"{part.words} ({signed_text(part.usd, money_text)})" for part in ordered]
    most = f"most of it by {joined(parts)}; all causes add up to it"
    return f"From {a} to {b} the cost changes by {total}, {most}."


def _risks(pair: Pair, plans: Mapping[str, Plan], names: Mapping[str, str]) -> str:
    parts = []
    for party in (pair.a, pair.b):
        summary = _summary(plans, party)
        lost, harmed = summary.get("expected_aircraft_lost"), summary.get("expected_people_harmed")
        parts.append(
            f"{names.get(party, party)} risks {small_text(lost)} aircraft and {small_text(harmed)} people on "
            f"the ground, expected, in {count_text(summary.get('sorties'))} sorties"
        )
    return f"At that coverage {joined(parts)}."


def _together(plans: Mapping[str, Plan], names: Mapping[str, str]) -> str:
    joint = next((p for n, p in plans.items() if n.endswith(EQUAL) and len(p.options.parties) > 1), None)
    alone = [p for n, p in plans.items() if n.endswith(EQUAL) and len(p.options.parties) == 1]
    if joint is None or not alone:
        return ""
    cheapest = min(alone, key=lambda plan: dict(plan.summary)["cost_usd"])
    saved = dict(cheapest.summary)["cost_usd"] - dict(joint.summary)["cost_usd"]
    cost = money_text(dict(joint.summary)["cost_usd"])
    called = _called(cheapest, names)
    if saved < 0.5:
        return f"At that coverage it costs {cost}, which is no less than {called} alone."
    return f"At that coverage it costs {cost}, {money_text(saved)} less than {called} alone."


def _sure(plans: Mapping[str, Plan]) -> Iterator[str]:
    gaps = {
        name: money[-1].gap_frac
        for name, plan in plans.items()
        if (money := [one for one in plan.objectives if one.unit.upper() == "USD"])
    }
    known = {name: gap for name, gap in gaps.items() if gap <= KNOWN_GAP}
    if known:
        widest = max(known, key=lambda name: known[name])
        yield f"Costs are within {gap_text(known[widest])} of the least ({widest} is least sure)."
    if len(known) < len(gaps):
        unknown = joined([name for name in gaps if name not in known])
        yield f"For {unknown} time ran out before that was known."
    yield "Every plan was judged from its files by code that shares nothing with the planner."
