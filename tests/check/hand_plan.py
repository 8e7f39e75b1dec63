"""The hand-made plan of the tiny instance, edited by hand and brought before the judge."""

from __future__ import annotations

import math

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
    "stops",
    "tiny",
    "verdict",
    "written",
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


def stops(plan: Plan, instance: Instance) -> dict[str, list[tuple[int, float]]]:
    """Minutes to the drop and at the zone of every sortie, each to one zone in a single pass."""
    of_method = {method.id: method.zone_min for method in instance.methods}
    return {
        s.sortie_id: [(math.ceil((s.block_min - of_method[s.method]) / 2), of_method[s.method])]
        for s in plan.sorties
    }
