"""How far a plan can be trusted: the share of its bill, and of what lands, that rests on each grade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from instances.schema import Grade, Instance, Row
from optimizer.plan import Plan

UNGRADED = "ungraded"


def grade_of(row: Row | None) -> str:
    """The grade of a row in words; a row without one is ungraded."""
    return UNGRADED if row is None or row.grade is None else row.grade.value


def bill_by_grade(plan: Plan, instance: Instance) -> dict[str, float]:
    """USD of the bill by the grade of the price or rate behind it, the most trusted first.

    Flying and standing rest on the row of the fleet, rigging on that of the method, cargo on that of the
    supply, feeders and hand-overs on their own.
    """
    total: dict[str, float] = defaultdict(float)
    for grade, usd in _priced(plan, instance):
        total[grade] += usd
    order = [*(grade.value for grade in Grade), UNGRADED]
    return {grade: total[grade] for grade in order if total[grade] > 0}


def _priced(plan: Plan, instance: Instance) -> Iterator[tuple[str, float]]:
    fleets = {fleet.id: fleet for fleet in instance.fleets}
    methods = {method.id: method for method in instance.methods}
    supplies = {(supply.base, supply.commodity): supply for supply in instance.supplies}
    links = {(link.zone, link.community): link for link in instance.links}
    feeders = {feeder.id: feeder for feeder in instance.feeders}
    base_of = {sortie.sortie_id: sortie.base for sortie in plan.sorties}
    for use in plan.fleet:
        fleet = fleets.get(use.fleet)
        if fleet is not None:
            flying = use.block_h * fleet.usd_per_block_h + use.sorties * fleet.usd_per_sortie
            yield grade_of(fleet), use.standing_usd + flying
    for sortie in plan.sorties:
        method = methods.get(sortie.method)
        if method is not None:
            yield grade_of(method), sortie.bundles * method.unit_usd
    for load in plan.loads:
        supply = supplies.get((base_of.get(load.sortie_id, ""), load.commodity))
        if supply is not None:
            yield grade_of(supply), load.net_kg * supply.usd_per_kg
    for handover in plan.handovers:
        link = links.get((handover.zone, handover.community))
        if link is not None:
            yield grade_of(link), handover.handed_kg * link.usd_per_kg
    for date, name, trips in sorted({(t.date, t.feeder, t.trips) for t in plan.feeders}):
        del date
        feeder = feeders.get(name)
        if feeder is not None:
            yield grade_of(feeder), trips * feeder.usd_per_trip


def landed_by_basis(plan: Plan) -> Mapping[str, float]:
    """Landed kg by where the landed share is from: computed, observed, or a method's table."""
    total: dict[str, float] = defaultdict(float)
    for load in plan.loads:
        total[load.landing_basis] += load.landed_kg
    return dict(sorted(total.items()))
