"""The rule that the summary and the objectives of ``plan.json`` follow from the files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from optimizer.check.case import Case
from optimizer.check.risk_rules import LOSS, exposure
from optimizer.check.violation import Violation, far, joined, number, percent
from optimizer.plan import Objective, Status

KG: Final = 0.01  # kg are written with three decimals
ROW_KG: Final = 0.001  # what rounding one row may add to a sum
FRAC: Final = 1e-5
OBJECTIVES: Final = (
    "unmet_priority_1_kg",
    "unmet_priority_2_kg",
    "unmet_priority_3_kg",
    "worst_community_unmet_frac",
    "cost_usd",
)
"""Objectives in their order; all are minimised."""

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


def _needs(case: Case) -> tuple[dict[str, float], dict[str, float], int]:
    """Need and unmet need by community, kg, and the number of rows behind them."""
    need: dict[str, float] = defaultdict(float)
    unmet: dict[str, float] = defaultdict(float)
    for (community, commodity), days in case.needs.items():
        need[community] += sum(days)
        unmet[community] += sum(case.unmet_kg[community, commodity])
    return need, unmet, len(case.dates) * len(case.needs)


def _people(case: Case) -> Figures:
    """Who eats: shares of need met, kg met and people fed by energy."""
    need, unmet, rows = _needs(case)
    total, short = sum(need.values()), sum(unmet.values())
    shares = [1 - unmet[community] / kg for community, kg in need.items() if kg > 0]
    return {
        "need_met_frac": (1 - short / total if total else 1.0, FRAC),
        "need_met_kg": (total - short, KG + ROW_KG * rows),
        "person_days_met": (_person_days(case), 0.1 + ROW_KG * rows),
        "worst_community_frac": (min(shares, default=1.0), FRAC),
    }


def _person_days(case: Case) -> float:
    """People fed by energy, summed over days: population x min(1, kcal eaten / kcal of the ration)."""
    eaten: dict[tuple[str, int], float] = defaultdict(float)
    for (community, commodity), days in case.needs.items():
        kcal_per_kg = case.tables.commodities[commodity].kcal_per_kg
        for day, (need_kg, unmet_kg) in enumerate(
            zip(days, case.unmet_kg[community, commodity], strict=True)
        ):
            eaten[community, day] += (need_kg - unmet_kg) * kcal_per_kg
    fed = 0.0
    for (community, _), kcal in eaten.items():
        people = case.tables.communities[community].population
        fed += people * min(1.0, kcal / (case.instance.header.ration_kcal * people))
    return fed


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
    need, unmet, rows = _needs(case)
    total = sum(need.values())
    by_class = dict.fromkeys(OBJECTIVES[:3], 0.0)
    for pair, days in case.unmet_kg.items():
        by_class[OBJECTIVES[case.tables.commodities[pair[1]].priority - 1]] += sum(days)
    values = {name: (kg, 1.0 + ROW_KG * rows, total) for name, kg in by_class.items()}
    worst = max((unmet[community] / kg for community, kg in need.items() if kg > 0), default=0.0)
    cost_usd = sum(row.usd for row in case.plan.costs)
    values["worst_community_unmet_frac"] = (worst, FRAC, 1.0)
    values["cost_usd"] = (cost_usd, 0.05, abs(cost_usd))
    return values


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
