"""Goals, limits and needs in a planner's words; files keep the names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from optimizer.plan import Plan
from reports.people import NUTRIENTS

_GOALS: Final = {
    "severity_person_days": "severity",
    "worst_week_severity_frac": "severity of the worst community-week",
    "unreached_frac": "share of the coverage out of reach",
    "cost_usd": "cost",
}
_LIMITS: Final = {
    "aircraft_loss_prob": "limit on losing any aircraft",
    "worst_sortie_loss_prob": "limit on losing the aircraft of a sortie",
    "people_harmed": "limit on people harmed",
    "diverted_frac": "limit on cargo into other hands",
}
_GROUPS: Final = {"therapeutic": "therapeutic food", "other": "other items"}

UNSCALED: Final = (
    "Only the first days are planned; limits of the whole plan (loss, harm, funds) are not scaled to them."
)


def goal_words(name: str) -> str:
    """A goal, such as ``severity_person_days``, as people say it."""
    return _GOALS.get(name, name.replace("_", " "))


def limit_words(measure: str) -> str:
    """The limit on a measure of ``risk.csv``, as people say it."""
    return _LIMITS.get(measure, f"limit on {measure.replace('_', ' ')}")


def group_words(group: str) -> str:
    """A group of commodities, such as ``therapeutic``, as people say it."""
    return _GROUPS.get(group, group)


def need_words(need: str, names: Mapping[str, str]) -> str:
    """A nutrient or an item, as people say it."""
    return NUTRIENTS[need][0] if need in NUTRIENTS else names.get(need, need)


def notes_of(plan: Plan) -> Iterator[str]:
    """What the planner should know of a plan, also of how it was asked for."""
    yield from plan.notes
    if plan.options.days is not None:
        yield UNSCALED
