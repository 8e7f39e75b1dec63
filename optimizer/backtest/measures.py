"""What a row of history asks of a plan, or of one drop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from instances.history import DROP_MEASURES, History
from instances.schema import Fleet, Instance
from instances.units import MIN_PER_H, t_from_kg
from optimizer.airspace.flying import payload_at
from optimizer.landing.drops import Drop, falls
from optimizer.landing.landings import shares
from optimizer.landing.winds import layers_on
from optimizer.plan import Load, Plan, Sortie

AIR_ITEMS: Final = ("flying", "standing", "rigging", "feeder")
"""Items of a bill that flying makes; cargo is bought and gathered by road too."""

DAYS_PER_WEEK: Final = 7


@dataclass(frozen=True)
class View:
    """A plan seen through a row of history: its sorties by fleet and date, their loads by commodity."""

    instance: Instance
    plan: Plan
    row: History

    @cached_property
    def fleets(self) -> frozenset[str]:
        """Fleets that count: those of the row, or else all but trucks."""
        trucks = {aircraft.id for aircraft in self.instance.aircraft if aircraft.kind == "truck"}
        flying = (fleet.id for fleet in self.instance.fleets if fleet.aircraft not in trucks)
        return frozenset(self.row.fleets or flying)

    @property
    def first(self) -> dt.date:
        """First day counted."""
        return self.row.first_date or self.instance.dates[0]

    @property
    def last(self) -> dt.date:
        """Last day counted."""
        return self.row.last_date or self.instance.dates[-1]

    @property
    def days(self) -> int:
        """Calendar days counted."""
        return (self.last - self.first).days + 1

    @cached_property
    def sorties(self) -> tuple[Sortie, ...]:
        """Sorties that count."""
        return tuple(
            one
            for one in self.plan.sorties
            if one.fleet in self.fleets and self.first <= one.date <= self.last
        )

    @cached_property
    def loads(self) -> tuple[Load, ...]:
        """Their loads."""
        own = {one.sortie_id for one in self.sorties}
        wanted = self.row.commodity
        return tuple(
            load
            for load in self.plan.loads
            if load.sortie_id in own and (wanted is None or load.commodity == wanted)
        )

    @property
    def dropped_t(self) -> float:
        """Cargo dropped or landed, t."""
        return t_from_kg(sum(load.net_kg for load in self.loads))

    @property
    def bundles(self) -> int:
        """Bundles of the sorties, or of the commodity alone."""
        return sum(load.bundles for load in self.loads)

    @property
    def tare_kg(self) -> float:
        """Pallets, canopies and packing of the bundles, kg."""
        tares = {one.id: one.bundle_tare_kg for one in self.instance.methods}
        methods = {one.sortie_id: one.method for one in self.sorties}
        return sum(load.bundles * tares[methods[load.sortie_id]] for load in self.loads)

    @property
    def units(self) -> float:
        """Units of the commodity, such as meals or litres."""
        unit_kg = {one.id: one.kg_per_unit for one in self.instance.commodities}
        return sum(load.net_kg / unit_kg[load.commodity] for load in self.loads)


def _per(value: float, of: float) -> float | None:
    return value / of if of else None


def _span_days(view: View) -> float | None:
    dates = [one.date for one in view.sorties]
    return float((max(dates) - min(dates)).days + 1) if dates else None


def air_cost_usd(plan: Plan) -> float:
    """Flying, tails, canopies and feeders of a plan, USD."""
    return sum(cost.usd for cost in plan.costs if cost.item in AIR_ITEMS)


def kcal_per_person_day(instance: Instance, plan: Plan) -> float:
    """Energy that reached the communities over the plan, without their first stock, kcal a person and day."""
    kcal = {one.id: one.kcal_per_kg for one in instance.commodities}
    people = sum(one.population for one in instance.communities)
    brought = sum(row.received_kg * kcal[row.commodity] for row in plan.handovers)
    return brought / people / instance.header.days


@dataclass(frozen=True)
class Convoy:
    """The trucks of an instance on the road that `legs.csv` gives them."""

    kg: float
    usd: float


def convoy(instance: Instance) -> Convoy | None:
    """A day's convoy of all trucks; None where there are none."""
    types = {one.id: one for one in instance.aircraft if one.kind == "truck"}
    roads = {(leg.base, leg.zone): leg for leg in instance.legs}
    methods = {one.id: one for one in instance.methods}
    found: list[tuple[Fleet, float, float]] = []
    for fleet in instance.fleets:
        for (base, _), leg in roads.items():
            if fleet.aircraft in types and base == fleet.base:
                kg = payload_at(types[fleet.aircraft], 2 * leg.distance_km)
                minutes = 2 * leg.minutes + methods[fleet.methods[0]].zone_min
                usd = fleet.usd_per_sortie + minutes / MIN_PER_H * fleet.usd_per_block_h
                found.append((fleet, kg, usd + fleet.standing_usd_per_day))
    if not found:
        return None
    return Convoy(
        sum(fleet.max_tails * kg for fleet, kg, _ in found),
        sum(fleet.max_tails * usd for fleet, _, usd in found),
    )


def _air_premium(view: View) -> float | None:
    road = convoy(view.instance)
    air = _per(air_cost_usd(view.plan), view.dropped_t)
    if road is None or air is None:
        return None
    return air - road.usd / t_from_kg(road.kg)


def _convoy_weeks(view: View) -> float | None:
    road = convoy(view.instance)
    return None if road is None else _per(t_from_kg(road.kg), view.dropped_t / view.days * DAYS_PER_WEEK)


MEASURES: Final[Mapping[str, Callable[[View], float | None]]] = {
    "sorties": lambda view: float(len(view.sorties)),
    "sorties_per_day": lambda view: len(view.sorties) / view.days,
    "span_days": _span_days,
    "t_per_sortie": lambda view: _per(view.dropped_t, len(view.sorties)),
    "bundles": lambda view: float(view.bundles),
    "bundles_per_sortie": lambda view: _per(view.bundles, len(view.sorties)),
    "kg_per_bundle": lambda view: _per(1000 * view.dropped_t, view.bundles),
    "gross_kg_per_bundle": lambda view: _per(1000 * view.dropped_t + view.tare_kg, view.bundles),
    "units": lambda view: view.units,
    "units_per_bundle": lambda view: _per(view.units, view.bundles),
    "dropped_t": lambda view: view.dropped_t,
    "air_premium_usd_per_t": _air_premium,
    "convoy_weeks": _convoy_weeks,
    "people_fed": lambda view: _per(1000 * view.dropped_t, (view.row.ration_kg or 0.0) * view.days),
    "kcal_per_person_day": lambda view: kcal_per_person_day(view.instance, view.plan),
    "air_cost_usd": lambda view: air_cost_usd(view.plan),
}
"""Measures taken from a plan; None where there is nothing to divide by."""


def of_plan(instance: Instance, plan: Plan, row: History) -> float | None:
    """What a plan comes to by a row of history, in the row's unit."""
    return MEASURES[row.measure](View(instance, plan, row))


def of_drop(instance: Instance, row: History) -> float:
    """A share of the bundles of one drop, worked out from the library, the zone and the winds of a month.

    What was observed there (`recoveries.csv`) is not asked.
    """
    aircraft = next(one for one in instance.aircraft if one.id == row.aircraft)
    method = next(one for one in instance.methods if one.id == row.method)
    zone = next(one for one in instance.zones if one.id == row.zone)
    day = instance.header.first_date.replace(month=row.month or 1, day=1)
    layers = layers_on([wind for wind in instance.winds if wind.date is None], day)
    missed = instance.header.forecast_error_frac
    drop = Drop(aircraft, method, zone, row.release_height_m or 0.0, row.drop_bundles or 1, layers, missed)
    found = shares(instance, [drop], falls([drop]))
    in_zone = float(found.in_zone[0])
    return in_zone if row.measure == "drop_in_zone_frac" else float(found.held[0] + found.diverted[0])


def needs_plan(rows: Sequence[History]) -> bool:
    """Whether any row asks for more than single drops."""
    return any(row.measure not in DROP_MEASURES for row in rows)
