"""The hand-made plan of the tiny instance, edited by hand and brought before the judge."""

from __future__ import annotations

from instances.schema import Instance
from optimizer.check import check
from optimizer.plan import Plan
from tests.check.hand_decisions import HAND, Decisions, Flown, changed, tiny
from tests.check.hand_files import written

__all__ = [
    "HAND",
    "Decisions",
    "Flown",
    "changed",
    "edited",
    "of_rule",
    "tiny",
    "verdict",
    "written",
    "zone_min",
]


def edited(plan: Plan, table: str, index: int, **values: object) -> Plan:
    """The plan with one row changed by hand and nothing else."""
    rows = list(getattr(plan, table))
    rows[index] = rows[index].model_copy(update=values)
    return plan.model_copy(update={table: tuple(rows)})


def verdict(decisions: Decisions, instance: Instance) -> list[str]:
    """What the judge says about a plan that is written without a mistake."""
    return [str(violation) for violation in check(written(decisions, instance), instance)]


def of_rule(rule: str, said: list[str]) -> list[str]:
    """What is said about one rule."""
    return [text for text in said if text.startswith(f"{rule}: ")]


def zone_min(plan: Plan, instance: Instance) -> dict[str, float]:
    """Minutes at the zone of every sortie, each in a single pass."""
    of_method = {method.id: method.zone_min for method in instance.methods}
    return {sortie.sortie_id: of_method[sortie.method] for sortie in plan.sorties}
