"""Every file that follows from what a planner decides.

Distances are pyproj's, and the arithmetic shares nothing with the judge or the model.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from pyproj import Geod

from instances.schema import Instance
from optimizer.options import Options
from optimizer.plan import (
    Cost,
    FeederTrip,
    FleetUse,
    HandOver,
    Load,
    Objective,
    Path,
    Plan,
    Risk,
    Sortie,
    Status,
)
from tests.check import hand_people
from tests.check.hand_decisions import Decisions, Flown
from tests.check.hand_people import Due

GEOD = Geod(ellps="WGS84")


def _by_id(rows: Any) -> dict[str, Any]:
    return {row.id: row for row in rows}


@dataclass(frozen=True)
class Bill:
    """Money of one sortie, whole cents."""

    flying: float
    rigging: float
    cargo: float


@dataclass(frozen=True)
class Worked:
    """One sortie with its records and what the totals need."""

    sortie: Sortie
    loads: tuple[Load, ...]
    bill: Bill
    diverted_kg: float


def _path(base: Any, zone: Any, plane: Any, method: Any, instance: Instance) -> tuple[float, float]:
    """Kilometres out and back, and minutes before rounding up."""
    for leg in instance.legs:
        if leg.base == base.id and leg.zone == zone.id:
            return 2 * leg.distance_km, 2 * leg.minutes + method.zone_min
    km = 2 * GEOD.inv(base.lon, base.lat, zone.lon, zone.lat)[2] / 1000
    return km, 60 * km / plane.cruise_kmh + plane.climb_descent_min + method.zone_min


def _landing(method: Any, zone: Any, instance: Instance) -> tuple[float, float]:
    """Shares gone astray and landed."""
    sound = (1 - method.failure_frac) * (1 - method.damage_frac)
    for known in instance.recoveries:
        if known.zone == zone.id and known.method == method.id:
            return max(0.0, 1 - known.landed_frac / sound), known.landed_frac
    return method.miss_frac, (1 - method.miss_frac) * sound


def _loss(plane: Any, ends: tuple[str, str], height_m: float, instance: Instance) -> float:
    """Probability of losing the aircraft: every threat of `tiny` holds the zone and no base."""
    for leg in instance.legs:
        if (leg.base, leg.zone) == ends:
            return leg.loss_prob
    return 1 - math.prod(
        1 - t.loss_per_transit
        for t in instance.airspace
        if t.kind == "threat" and plane.kind in t.aircraft_kinds and t.floor_m <= height_m < t.ceiling_m
    )


def _loads(one: Flown, drop: dt.datetime, landed: float, stray: float, basis: str) -> tuple[Load, ...]:
    """The rows of ``loads.csv`` of a sortie."""
    return tuple(
        Load(
            sortie_id=one.id,
            stop=1,
            zone=one.zone,
            drop_utc=drop,
            commodity=c,
            bundles=n,
            net_kg=kg,
            landed_frac=round(landed, 6),
            landed_kg=round(kg * landed, 3),
            diverted_frac=round(stray, 6),
            landing_basis=basis,
        )
        for c, n, kg in one.loads
    )


def _bill(one: Flown, fleet: Any, method: Any, block: int, instance: Instance) -> Bill:
    """Flying, rigging and cargo of a sortie."""
    price = {s.commodity: s.usd_per_kg for s in instance.supplies if s.base == fleet.base}
    return Bill(
        flying=round(block / 60 * fleet.usd_per_block_h + fleet.usd_per_sortie, 2),
        rigging=round(sum(n for _, n, _ in one.loads) * method.unit_usd, 2),
        cargo=round(sum(kg * price.get(c, 0) for c, _, kg in one.loads), 2),
    )


def _worked(one: Flown, instance: Instance) -> Worked:
    """One sortie worked out from the instance."""
    fleet = _by_id(instance.fleets)[one.fleet]
    base, zone = _by_id(instance.bases)[fleet.base], _by_id(instance.zones)[one.zone]
    plane, method = _by_id(instance.aircraft)[fleet.aircraft], _by_id(instance.methods)[one.method]
    km, minutes = _path(base, zone, plane, method, instance)
    block = math.ceil(minutes)
    takeoff = dt.datetime.fromisoformat(one.takeoff).replace(tzinfo=ZoneInfo(instance.header.time_zone))
    stray, landed = _landing(method, zone, instance)
    bundles, net = sum(n for _, n, _ in one.loads), sum(kg for _, _, kg in one.loads)
    hurt = zone.people_per_km2 * method.footprint_m2 / 1e6 * (1 - (1 - stray) * (1 - method.failure_frac))
    bill = _bill(one, fleet, method, block, instance)
    utc = takeoff.astimezone(dt.UTC)
    sortie = Sortie(
        sortie_id=one.id,
        party=fleet.party,
        date=takeoff.date(),
        tail=f"{one.fleet}_{one.tail}",
        fleet=one.fleet,
        aircraft=fleet.aircraft,
        base=base.id,
        takeoff_utc=utc,
        takeoff_local=takeoff,
        landing_utc=utc + dt.timedelta(minutes=block),
        zones=(one.zone,),
        method=one.method,
        release_height_m=one.height_m,
        path_id=f"{base.id}__{one.zone}__{one.height_m:g}m",
        distance_km=round(km, 3),
        block_min=block,
        bundles=bundles,
        payload_kg=round(net + bundles * method.bundle_tare_kg, 3),
        loss_prob=round(_loss(plane, (base.id, one.zone), one.height_m, instance), 8),
        harm_expected=round(bundles * hurt, 6),
        cost_usd=round(bill.flying + bill.rigging + bill.cargo, 2),
    )
    drop = utc + dt.timedelta(minutes=math.ceil((block - method.zone_min) / 2))
    seen = any((r.zone, r.method) == (one.zone, one.method) for r in instance.recoveries)
    loads = _loads(one, drop, landed, stray, "observed" if seen else "table")
    return Worked(sortie, loads, bill, net * stray)


def _fleet(decisions: Decisions, worked: list[Worked], instance: Instance) -> tuple[FleetUse, ...]:
    rows = []
    for fleet in instance.fleets:
        if fleet.party not in decisions.parties:
            continue
        own = [w.sortie for w in worked if w.sortie.fleet == fleet.id]
        tails = dict(decisions.tails).get(fleet.id, 0)
        rows.append(
            FleetUse(
                party=fleet.party,
                fleet=fleet.id,
                aircraft=fleet.aircraft,
                base=fleet.base,
                tails=tails,
                flying_days=len({s.date for s in own}),
                sorties=len(own),
                block_h=round(sum(s.block_min for s in own) / 60, 4),
                standing_usd=round(tails * fleet.standing_usd_per_day * instance.header.days, 2),
            )
        )
    return tuple(rows)


def _costs(
    decisions: Decisions, worked: list[Worked], fleet: tuple[FleetUse, ...], instance: Instance
) -> tuple[Cost, ...]:
    rows = []
    for party in decisions.parties:
        own = [w.bill for w in worked if w.sortie.party == party]
        feeders = _by_id(instance.feeders)
        trips = {(day, f): n for day, f, n, _, _ in decisions.feeders if feeders[f].party == party}
        items = {
            "flying": sum(b.flying for b in own),
            "standing": sum(f.standing_usd for f in fleet if f.party == party),
            "rigging": sum(b.rigging for b in own),
            "cargo": sum(b.cargo for b in own),
            "feeder": sum(n * feeders[f].usd_per_trip for (_, f), n in trips.items()),
        }
        rows += [Cost(party=party, item=name, usd=round(usd, 2)) for name, usd in items.items()]
    price = {link.community: link.usd_per_kg for link in instance.links}
    recovery = sum(round(kg * price[community], 2) for _, community, _, kg in decisions.handed)
    return (*rows, Cost(party="all", item="recovery", usd=round(recovery, 2)))


def _risk(decisions: Decisions, worked: list[Worked], instance: Instance) -> tuple[Risk, ...]:
    rows = []
    for name in decisions.parties:
        party = _by_id(instance.parties)[name]
        own = [w for w in worked if w.sortie.party == name]
        losses = [w.sortie.loss_prob for w in own]
        dropped, diverted = sum(x.net_kg for w in own for x in w.loads), sum(w.diverted_kg for w in own)
        harmed = sum(w.sortie.harm_expected for w in own)
        measures: dict[str, tuple[float, float | None]] = {
            "aircraft_loss_prob": (round(1 - math.prod(1 - p for p in losses), 8), party.loss_budget),
            "expected_aircraft_lost": (round(sum(losses), 8), None),
            "worst_sortie_loss_prob": (max(losses, default=0.0), party.loss_cap),
            "people_harmed": (round(harmed, 6), party.harm_budget),
            "diverted_frac": (round(diverted / dropped, 6) if dropped else 0.0, party.diversion_limit_frac),
            "diverted_kg": (round(diverted, 3), None),
            "hull_value_at_risk_usd": (round(sum(losses) * 1_000_000, 8), None),
            "crew_exposure": (round(sum(losses) * 4, 8), None),
        }
        rows += [Risk(party=name, measure=m, value=v, limit=limit) for m, (v, limit) in measures.items()]
    return tuple(rows)


def _summary(
    worked: list[Worked], people: dict[str, float], fleet: tuple[FleetUse, ...], costs: tuple[Cost, ...]
) -> dict[str, float]:
    loads = [load for w in worked for load in w.loads]
    landed, cost = sum(x.landed_kg for x in loads), round(sum(c.usd for c in costs), 2)
    return {
        **people,
        "cost_usd": cost,
        "cost_usd_per_landed_t": cost / landed * 1000 if landed else 0.0,
        "sorties": len(worked),
        "block_h": sum(w.sortie.block_min for w in worked) / 60,
        "tails": sum(f.tails for f in fleet),
        "bundles": sum(x.bundles for x in loads),
        "dropped_kg": sum(x.net_kg for x in loads),
        "landed_kg": landed,
        "expected_aircraft_lost": sum(w.sortie.loss_prob for w in worked),
        "expected_people_harmed": sum(w.sortie.harm_expected for w in worked),
        "diverted_kg": sum(w.diverted_kg for w in worked),
    }


def _objectives(
    decisions: Decisions, needs: list[Due], summary: dict[str, float], instance: Instance
) -> tuple[Objective, ...]:
    population = _by_id(instance.communities)
    whole = sum(population[k].population for k in {need.community for need in needs}) * instance.header.days
    severity, worst, usd = (
        summary[name] for name in ("severity_person_days", "worst_week_severity_frac", "cost_usd")
    )
    rows = (
        Objective(
            name="severity_person_days",
            unit="person-days",
            value=severity,
            bound=0,
            gap_frac=severity / whole if whole else 0,
        ),
        Objective(name="worst_week_severity_frac", unit="frac", value=worst, bound=0, gap_frac=worst),
        Objective(name="cost_usd", unit="USD", value=usd, bound=0.8 * usd, gap_frac=0.2 if usd else 0),
    )
    return rows if decisions.coverage_frac is None else rows[-1:]


def written(decisions: Decisions, instance: Instance) -> Plan:
    """Every file that follows from what was decided."""
    worked = [_worked(one, instance) for one in decisions.flown]
    keep = {link.community: 1 - link.loss_frac for link in instance.links}
    handovers = tuple(
        HandOver(
            date=instance.dates[day],
            zone="dz",
            community=community,
            commodity=commodity,
            handed_kg=kg,
            received_kg=round(kg * keep[community], 3),
        )
        for day, community, commodity, kg in decisions.handed
    )
    party_of = {feeder.id: feeder.party for feeder in instance.feeders}
    fleet = _fleet(decisions, worked, instance)
    coverage = hand_people.coverage(handovers, instance, decisions.eaten)
    needs = hand_people.dues(coverage, instance)
    severity, meals = hand_people.severity(needs, instance), hand_people.nutrition(coverage, instance)
    costs = _costs(decisions, worked, fleet, instance)
    people = hand_people.measures(coverage, meals, needs, severity, instance)
    summary = _summary(worked, people, fleet, costs)
    paths: dict[tuple[str, str], Path] = {}
    for w in worked:
        s = w.sortie
        on_it = [
            x.sortie.loss_prob for x in worked if (x.sortie.path_id, x.sortie.party) == (s.path_id, s.party)
        ]
        base, zone = _by_id(instance.bases)[s.base], _by_id(instance.zones).get(s.zones[0])
        home = (base.lon, base.lat)
        there = (zone.lon, zone.lat) if zone else home
        paths[s.path_id, s.party] = Path(
            path_id=s.path_id,
            party=s.party,
            distance_km=s.distance_km,
            loss_prob=max(on_it),
            height_m=s.release_height_m,
            points=(home, there, home),
        )
    return Plan(
        instance=instance.header.id,
        options=Options(
            parties=decisions.parties,
            coverage_frac=decisions.coverage_frac,
            coverage_from=decisions.coverage_from,
        ),
        status=Status.FEASIBLE,
        objectives=_objectives(decisions, needs, summary, instance),
        summary=tuple(summary.items()),
        sorties=tuple(w.sortie for w in worked),
        loads=tuple(load for w in worked for load in w.loads),
        handovers=handovers,
        feeders=tuple(
            FeederTrip(date=instance.dates[day], feeder=f, party=party_of[f], trips=n, commodity=c, kg=kg)
            for day, f, n, c, kg in decisions.feeders
        ),
        coverage=coverage,
        nutrition=meals,
        severity=severity,
        rations=hand_people.rations(coverage, instance),
        fleet=fleet,
        costs=costs,
        risk=_risk(decisions, worked, instance),
        paths=tuple(paths.values()),
    )
