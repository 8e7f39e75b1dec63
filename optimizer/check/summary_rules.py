"""The rule that the summary and the objectives of ``plan.json`` follow from the files."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from optimizer.check.case import Case
from optimizer.check.closing import hunger, item_short_frac, wanted_of_food
from optimizer.check.meal_rules import WEEK_DAYS
from optimizer.check.requirements import NUTRIENTS
from optimizer.check.risk_rules import LOSS, exposure
from optimizer.check.severity_rules import comes_to
from optimizer.check.violation import Violation, far, joined, number, percent
from optimizer.plan import Objective, Status

KG: Final = 0.01  # kg are written with three decimals
ROW_KG: Final = 0.001  # what rounding one row may add to a sum
FRAC: Final = 1e-5
WRITTEN: Final = {"kcal": 0.11, "protein_g": 0.011, "fat_g": 0.011}
"""What rounding days and their mean may change."""
SEVERITY: Final = "severity_person_days"
WORST: Final = "worst_week_severity_frac"
OBJECTIVES: Final = (SEVERITY, WORST, "cost_usd")
"""Objectives in their order; all are minimised."""

BANDS: Final = (
    (0.95, "person_days_full"),
    (0.8, "person_days_short"),
    (0.5, "person_days_crisis"),
    (-math.inf, "person_days_severe"),
)
"""Least share of the energy that people should have, and what those are called who have it."""

Figures = dict[str, tuple[float, float]]
"""Value and tolerance by name."""


def summary_figures(case: Case) -> Iterator[Violation]:
    """The summary and the value of each objective follow from the files."""
    summary = dict(case.plan.summary)
    for name, (due, tolerance) in {**_people(case), **_flying(case)}.items():
        if name not in summary:
            yield Violation("summary_figures", name, "missing from the summary", "plan.json")
        elif far(summary[name], due, tolerance):
            message = f"the summary says {number(summary[name], 6)}, the files give {number(due, 6)}"
            yield Violation("summary_figures", name, message, "plan.json")
    yield from _objectives(case)


def worst_week(case: Case) -> Iterator[Violation]:
    """The worst-off community and period is the worst there is.

    worst_week_severity_frac = max over communities and periods of sum severity / sum weight x people
    """
    seen, due = dict(case.plan.summary).get(WORST), _worst_week(case)
    if seen is None:
        yield Violation("worst_week", WORST, "missing from the summary", "plan.json")
    elif far(seen, due, FRAC):
        message = f"the summary says {number(seen, 6)}, the files give {number(due, 6)}"
        yield Violation("worst_week", WORST, message, "plan.json")


def _hardship(case: Case) -> dict[tuple[str, int], tuple[float, float]]:
    """Severity and weighted person-days in need by community and first day of a period."""
    found: dict[tuple[str, int], tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))

    def add(community: str, first: int, severity: float, weight: float) -> None:
        before = found[community, first]
        found[community, first] = before[0] + severity, before[1] + weight

    after = len(case.dates)
    for need in case.requirements.values():
        for one in need.intervals:
            severity = comes_to(case, need, one, case.short_frac(need, one))
            add(need.community, one.first, severity, need.weight * one.people)
        if need.closing is not None:
            item = need.name not in NUTRIENTS
            short_frac = item_short_frac(case, need, need.closing) if item else 0.0
            severity = comes_to(case, need, need.closing, short_frac)
            add(need.community, after, severity, need.weight * need.closing.people)
    for community in case.standards:
        if wanted_of_food(case, community):
            add(community, after, hunger(case, community), 0.0)
    return dict(found)


def _worst_week(case: Case) -> float:
    return max(
        (severity / weight for severity, weight in _hardship(case).values() if weight > 0), default=0.0
    )


def _people(case: Case) -> Figures:
    """What people go short of, in all, and what share of the kg planned and needed they have."""
    need_kg, unmet_kg = 0.0, 0.0
    items = {pair: need.amount for pair, need in case.requirements.items() if need.name not in NUTRIENTS}
    for pair, days in {**case.rations, **items}.items():
        need_kg += sum(days)
        unmet_kg += sum(case.daily(*pair, "unmet_kg"))
    rows = len(case.plan.coverage)
    return {
        SEVERITY: _severity(case),
        "need_met_frac": (1 - unmet_kg / need_kg if need_kg else 1.0, FRAC),
        "need_met_kg": (need_kg - unmet_kg, KG + ROW_KG * rows),
        **_items(case),
        **(_meals(case) if case.standards else {"person_days": (_needy_days(case), 0.5)}),
    }


def _needy_days(case: Case) -> float:
    """People of communities that need anything times days of the plan."""
    needy = {community for community, _ in case.requirements}
    return float(len(case.dates) * sum(case.tables.communities[k].population for k in needy))


def _severity(case: Case) -> tuple[float, float]:
    """Severity of all that is short, person-days, and what rounding may change."""
    hardship = _hardship(case).values()
    rows = len(case.plan.severity)
    return sum(one for one, _ in hardship), 0.01 * rows + 1e-6 * sum(weight for _, weight in hardship)


def _items(case: Case) -> Figures:
    """Share of the needs of items that is met, by person-days in need."""
    met, people = 0.0, 0.0
    for pair, need in case.requirements.items():
        if need.name not in NUTRIENTS and sum(need.amount) > 0:
            met += sum(need.people) * (1 - sum(case.missing[pair]) / sum(need.amount))
            people += sum(need.people)
    return {"items_met_frac": (met / people, FRAC)} if people > 0 else {}


def _meals(case: Case) -> Figures:
    """What is eaten by person and day, and person-days by how much of the energy they have."""
    person_days, worst = 0.0, math.inf
    eaten = dict.fromkeys(NUTRIENTS, 0.0)
    bands = dict.fromkeys((name for _, name in BANDS), 0.0)
    unsure = 0.0
    for community in case.standards:
        people = case.tables.communities[community].population
        kcal = case.intake[community, "kcal"]
        person_days += people * len(kcal)
        for name in NUTRIENTS:
            eaten[name] += sum(case.intake[community, name])
        for first in range(0, len(kcal), WEEK_DAYS):
            week = kcal[first : first + WEEK_DAYS]
            worst = min(worst, sum(week) / len(week) / people)
        for had, asked in zip(kcal, case.requirements[community, "kcal"].amount, strict=True):
            share = had / asked if asked > 0 else 1.0
            bands[next((name for least, name in BANDS if share >= least), BANDS[-1][1])] += people
            unsure += people * any(abs(share - least) < FRAC for least, _ in BANDS[:-1])
    means = {f"{name}_mean": (sum_of / person_days, WRITTEN[name]) for name, sum_of in eaten.items()}
    return {
        "person_days": (person_days, 0.5),
        **{name: (days, 0.5 + unsure) for name, days in bands.items()},
        "kcal_worst_week": (worst, WRITTEN["kcal"]),
        **means,
    }


def _flying(case: Case) -> Figures:
    """What is flown, dropped, landed, risked and paid."""
    flights, risk = case.flights, exposure(case)
    mass = KG + ROW_KG * risk.loads
    landed_kg = sum(flight.landed_kg for flight in flights)
    cost_usd = sum(row.usd for row in case.plan.costs)
    landed_slack = mass + 1e-6 * landed_kg  # landed shares are written with six decimals
    per_t = 1000 * cost_usd / landed_kg if landed_kg > 0 else 0.0
    return {
        "cost_usd": (cost_usd, 0.005),
        "cost_usd_per_landed_t": (per_t, 0.01 + (per_t * landed_slack / landed_kg if landed_kg > 0 else 0.0)),
        "sorties": (len(flights), 0.0),
        "block_h": (sum(flight.block_min for flight in flights) / 60, 1e-4 * (1 + len(case.plan.fleet))),
        "tails": (sum(row.tails for row in case.fleet_rows.values()), 0.0),
        "bundles": (sum(flight.bundles for flight in flights), 0.0),
        "dropped_kg": (risk.dropped_kg, mass),
        "landed_kg": (landed_kg, landed_slack),
        "expected_aircraft_lost": (
            risk.expected_losses,
            1e-6 + 1e-8 * risk.sorties + LOSS * risk.expected_losses,
        ),
        "expected_people_harmed": (risk.harmed, 1e-6 * (2 + risk.sorties)),
        "diverted_kg": (risk.diverted_kg, mass),
    }


def _objectives(case: Case) -> Iterator[Violation]:
    """Objectives in their order, with the values of the files, bounds below them and honest gaps."""
    names = [objective.name for objective in case.plan.objectives]
    if names != [name for name in OBJECTIVES if name in names]:
        message = f"objectives are {joined(names)}, their order is {joined(OBJECTIVES)}"
        yield Violation("summary_figures", "objectives", message, "plan.json")
    due = _objective_values(case)
    for objective in case.plan.objectives:
        if objective.name in due:
            for fault in _objective(case, objective, *due[objective.name]):
                yield Violation("summary_figures", f"objective {objective.name}", fault, "plan.json")


def _objective_values(case: Case) -> dict[str, tuple[float, float, float]]:
    """Value of the files, its tolerance, and what a gap is relative to, by objective."""
    cost_usd = sum(row.usd for row in case.plan.costs)
    return {
        SEVERITY: (*_severity(case), _needy_days(case)),
        WORST: (_worst_week(case), FRAC, 1.0),
        "cost_usd": (cost_usd, 0.05, abs(cost_usd)),
    }


def _objective(case: Case, seen: Objective, due: float, slack: float, whole: float) -> Iterator[str]:
    """What is wrong with one objective, in words."""
    if far(seen.value, due, slack):
        yield f"value is {number(seen.value, 6)} {seen.unit}, the files give {number(due, 6)}"
        return
    cents = 0.01 * (len(case.plan.sorties) + len(case.plan.handovers)) if seen.name == "cost_usd" else 0.0
    if seen.bound > seen.value + slack + cents:
        yield f"the bound {number(seen.bound, 6)} is above the value {number(seen.value, 6)}"
    if whole <= 0:
        return
    gap = abs(seen.value - seen.bound) / whole
    if far(seen.gap_frac, gap, FRAC + (slack + cents) / whole):
        yield f"gap_frac is {number(seen.gap_frac, 6)}, value and bound give {number(gap, 6)}"
    elif case.plan.status == Status.OPTIMAL and seen.gap_frac > case.plan.options.gap_frac + 1e-9:
        asked = f"the asked gap is {percent(case.plan.options.gap_frac)}"
        yield f"called optimal with a gap of {percent(seen.gap_frac)}, {asked}"
