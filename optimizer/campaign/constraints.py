"""Every rule of the campaign: one generator per constraint, named as in ``optimizer/README.md``.

A generator yields ``(index, row)`` and changes nothing; ``build`` adds each row to the problem as
``<function>__<index>``.
"""

from __future__ import annotations

from collections.abc import Callable

from optimizer.campaign import across_days, needs, within_day
from optimizer.campaign.terms import Rows
from optimizer.campaign.variables import Variables
from optimizer.network import Network

type Constraint = Callable[[Variables, Network], Rows]

WITHIN_DAY: tuple[Constraint, ...] = (
    within_day.payload_limit,
    within_day.bundle_limit,
    within_day.bundle_fill,
    within_day.flight_time_limit,
    within_day.sortie_limit,
    within_day.ramp_limit,
    within_day.handling_limit,
    within_day.feeder_limit,
    within_day.zone_recovery_limit,
    within_day.zone_slot_limit,
    within_day.corridor_slot_limit,
    within_day.hand_over_balance,
    within_day.link_limit,
    within_day.storage_limit,
)
ACROSS_DAYS: tuple[Constraint, ...] = (
    across_days.tail_limit,
    across_days.airframe_hours_limit,
    across_days.rig_stock_balance,
    across_days.base_stock_balance,
    needs.ration_balance,
    needs.community_stock_balance,
    needs.nutrient_need,
    needs.closing_stock,
    needs.severity,
    needs.worst_week,
    needs.coverage_week,
    across_days.serviceability,
    across_days.loss_budget,
    across_days.harm_budget,
    across_days.diversion_limit,
    across_days.funding_limit,
)
CONSTRAINTS: tuple[Constraint, ...] = (*WITHIN_DAY, *ACROSS_DAYS)
"""The model's table of contents."""
