"""Every rule by name, and the verdict on a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from instances.schema import Instance
from optimizer.check.activity_rules import timetable_figures
from optimizer.check.base_rules import (
    base_stock_balance,
    feeder_limit,
    handling_limit,
    ramp_limit,
    rig_stock_balance,
)
from optimizer.check.case import Case
from optimizer.check.crew_rules import crew_duty, crew_rest, serviceability
from optimizer.check.figure_rules import fleet_figures, load_figures, sortie_figures
from optimizer.check.ground_rules import (
    hand_over_balance,
    link_limit,
    zone_recovery_limit,
    zone_slot_limit,
)
from optimizer.check.landing_rules import clear_axis, harm_cap, wind_limit
from optimizer.check.meal_rules import nutrition_figures, ration_figures
from optimizer.check.money_rules import cost_figures, funding_limit
from optimizer.check.rationing_rules import rationing
from optimizer.check.rights_rules import mission_rights
from optimizer.check.risk_rules import diversion_limit, harm_budget, loss_budget, risk_figures
from optimizer.check.severity_rules import (
    closing_stock,
    coverage_week,
    nutrient_need,
    severity,
)
from optimizer.check.sky_rules import corridor_hour_limit, corridor_slot_limit, legal_path
from optimizer.check.sortie_rules import (
    airframe_hours_limit,
    bundle_fill,
    bundle_limit,
    flight_time_limit,
    loss_cap,
    payload_limit,
    sortie_limit,
    tail_limit,
)
from optimizer.check.stock_rules import community_stock_balance, ration_balance, storage_limit
from optimizer.check.summary_rules import summary_figures, worst_week
from optimizer.check.timetable_rules import (
    daylight,
    flying_hours,
    ramp_slots,
    refuelling,
    tail_turnaround,
    takeoff_spacing,
    zone_clearing,
    zone_hours,
    zone_spacing,
)
from optimizer.check.trip_rules import feeder_times
from optimizer.check.violation import Violation
from optimizer.plan import Plan

Rule = Callable[[Case], Iterator[Violation]]


def check(plan: Plan, instance: Instance) -> tuple[Violation, ...]:
    """Judge a plan from its records and the instance.

    Parameters
    ----------
    plan : Plan
        As read from the files of a plan folder; it may have been edited by hand.
    instance : Instance
        The instance with the plan's scenarios, shortened to the plan's days.

    Returns
    -------
    tuple of Violation
        Every broken rule, in the order of `RULES`; empty when the plan keeps them all.
    """
    case = Case(plan, instance)
    return tuple(violation for rule in RULES for violation in rule(case))


RULES: Final[tuple[Rule, ...]] = (
    mission_rights,
    legal_path,
    sortie_figures,
    load_figures,
    timetable_figures,
    tail_limit,
    payload_limit,
    bundle_limit,
    bundle_fill,
    loss_cap,
    harm_cap,
    wind_limit,
    clear_axis,
    flight_time_limit,
    sortie_limit,
    airframe_hours_limit,
    flying_hours,
    zone_hours,
    daylight,
    tail_turnaround,
    serviceability,
    ramp_slots,
    refuelling,
    takeoff_spacing,
    zone_spacing,
    zone_clearing,
    corridor_hour_limit,
    crew_duty,
    crew_rest,
    ramp_limit,
    handling_limit,
    rig_stock_balance,
    base_stock_balance,
    feeder_limit,
    feeder_times,
    zone_recovery_limit,
    zone_slot_limit,
    corridor_slot_limit,
    hand_over_balance,
    link_limit,
    ration_balance,
    community_stock_balance,
    storage_limit,
    nutrition_figures,
    ration_figures,
    nutrient_need,
    severity,
    closing_stock,
    worst_week,
    rationing,
    coverage_week,
    loss_budget,
    harm_budget,
    diversion_limit,
    funding_limit,
    fleet_figures,
    cost_figures,
    risk_figures,
    summary_figures,
)
"""One function per rule of ``optimizer/README.md``, of the same name."""
