"""Goals and limits in a planner's words; files keep the names."""

from __future__ import annotations

import re
from typing import Final

_GOALS: Final = {
    "worst_community_unmet_frac": "unmet need, worst-off community",
    "cost_usd": "cost",
}
_LIMITS: Final = {
    "aircraft_loss_prob": "limit on losing any aircraft",
    "worst_sortie_loss_prob": "limit on losing the aircraft of a sortie",
    "people_harmed": "limit on people harmed",
    "diverted_frac": "limit on cargo into other hands",
}
_PRIORITY: Final = re.compile(r"unmet_priority_(\d+)_kg")


def goal_words(name: str) -> str:
    """A goal, such as ``unmet_priority_1_kg``, as people say it."""
    if found := _PRIORITY.fullmatch(name):
        return f"unmet need of priority {found[1]}"
    return _GOALS.get(name, name.replace("_", " "))


def limit_words(measure: str) -> str:
    """The limit on a measure of ``risk.csv``, as people say it."""
    return _LIMITS.get(measure, f"limit on {measure.replace('_', ' ')}")
