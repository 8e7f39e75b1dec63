"""What a plan costs, risks and feeds: sums over its records, used to write them.

The judge adds the same things up again with code of its own.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from optimizer import measure
from optimizer.network import Network
from optimizer.plan import Cost, FeederTrip, FleetUse, HandOver, Load, Plan, Risk, Sortie

GROUND = "all"  # the party of work on the ground, which serves everyone


def flying_usd(net: Network, mission: str) -> float:
    """Flying cost of one sortie, USD to the cent."""
    return round(net.missions[mission].sortie_usd, 2)


def rigging_usd(net: Network, mission: str, bundles: int) -> float:
    """Sets used up by one sortie, USD to the cent."""
    return round(bundles * net.missions[mission].method.unit_usd, 2)


def cargo_usd(net: Network, mission: str, loads_kg: Iterable[tuple[str, float]]) -> float:
    """Cargo of one sortie at the prices of its base, USD to the cent."""
    base = net.missions[mission].base.id
    return round(sum(net.usd_per_kg[base, c] * kg for c, kg in loads_kg), 2)


def fleet_use(net: Network, sorties: Sequence[Sortie], tails: dict[str, int]) -> tuple[FleetUse, ...]:
    """One row per fleet of the flying parties, also those that stay at home."""
    rows = []
    for f, fleet in net.fleets.items():
        own = [s for s in sorties if s.fleet == f]
        n = tails.get(f, 0)
        rows.append(
            FleetUse(
                party=fleet.party,
                fleet=f,
                aircraft=fleet.aircraft,
                base=fleet.base,
                tails=n,
                flying_days=len({s.date for s in own}),
                sorties=len(own),
                block_h=round(sum(s.block_min for s in own) / 60, 4),
                standing_usd=round(n * fleet.standing_usd_per_day * len(net.days), 2),
            )
        )
    return tuple(rows)


def costs(
    net: Network,
    items: dict[tuple[str, str], float],
    fleet: Sequence[FleetUse],
    feeders: Sequence[FeederTrip],
    handovers: Sequence[HandOver],
) -> tuple[Cost, ...]:
    """The bill: `items` are the sorties' flying, rigging and cargo by (party, item), USD."""
    bill: dict[tuple[str, str], float] = {
        (p, item): 0.0 for p in net.parties for item in ("flying", "standing", "rigging", "cargo", "feeder")
    }
    bill.update(items)
    for use in fleet:
        bill[use.party, "standing"] += use.standing_usd
    for _, feeder, trips in sorted({(t.date, t.feeder, t.trips) for t in feeders}):
        bill[net.feeders[feeder].party, "feeder"] += round(trips * net.feeders[feeder].usd_per_trip, 2)
    bill[GROUND, "recovery"] = sum(
        round(h.handed_kg * net.links[h.zone, h.community].usd_per_kg, 2) for h in handovers
    )
    return tuple(Cost(party=p, item=item, usd=round(usd, 2)) for (p, item), usd in bill.items())


def risks(net: Network, sorties: Sequence[Sortie], loads: Sequence[Load]) -> tuple[Risk, ...]:
    """Loss, harm and diversion of each party beside their limits."""
    stray = _stray_kg(sorties, loads)
    dropped: dict[str, float] = defaultdict(float)
    party_of = {s.sortie_id: s.party for s in sorties}
    for load in loads:
        dropped[party_of[load.sortie_id]] += load.net_kg
    crew = {a.id: a.crew for a in net.instance.aircraft}
    rows = []
    for p, party in net.parties.items():
        own = [s for s in sorties if s.party == p]
        losses = [s.loss_prob for s in own]
        diverted = stray.get(p, 0.0)
        measures: list[tuple[str, float, float | None]] = [
            ("aircraft_loss_prob", -math.expm1(sum(math.log1p(-q) for q in losses)), party.loss_budget),
            ("expected_aircraft_lost", sum(losses), None),
            ("worst_sortie_loss_prob", max(losses, default=0.0), party.loss_cap),
            ("people_harmed", sum(s.harm_expected for s in own), party.harm_budget),
            ("diverted_frac", diverted / dropped[p] if dropped[p] > 0 else 0.0, party.diversion_limit_frac),
            ("diverted_kg", diverted, None),
            ("hull_value_at_risk_usd", sum(s.loss_prob * net.fleets[s.fleet].hull_usd for s in own), None),
            ("crew_exposure", sum(s.loss_prob * crew[s.aircraft] for s in own), None),
        ]
        rows += [Risk(party=p, measure=name, value=round(v, 8), limit=limit) for name, v, limit in measures]
    return tuple(rows)


def _stray_kg(sorties: Sequence[Sortie], loads: Sequence[Load]) -> dict[str, float]:
    """Kg that fall into other hands, by party."""
    by_id = {s.sortie_id: s for s in sorties}
    stray: dict[str, float] = defaultdict(float)
    for load in loads:
        sortie = by_id[load.sortie_id]
        stray[sortie.party] += load.net_kg * load.diverted_frac
    return stray


def summary(net: Network, plan: Plan) -> tuple[tuple[str, float], ...]:
    """The measures of ``comparison.csv`` for one plan, under their names in ``plan.json``."""
    need = sum(row.need_kg for row in plan.coverage)
    met = need - sum(row.unmet_kg for row in plan.coverage)
    cost = round(sum(row.usd for row in plan.costs), 2)
    landed = sum(load.landed_kg for load in plan.loads)
    return (
        ("severity_person_days", round(measure.severity_person_days(plan.severity), 3)),
        ("worst_week_severity_frac", round(measure.worst_week_frac(net, plan.severity), 6)),
        *measure.fare(net, plan.nutrition),
        *measure.items(net, plan.coverage),
        ("need_met_frac", round(met / need, 6) if need > 0 else 1.0),
        ("need_met_kg", round(met, 3)),
        ("cost_usd", cost),
        ("cost_usd_per_landed_t", round(cost / (landed / 1000), 2) if landed > 0 else 0.0),
        ("sorties", len(plan.sorties)),
        ("block_h", round(sum(s.block_min for s in plan.sorties) / 60, 4)),
        ("tails", sum(use.tails for use in plan.fleet)),
        ("bundles", sum(s.bundles for s in plan.sorties)),
        ("dropped_kg", round(sum(load.net_kg for load in plan.loads), 3)),
        ("landed_kg", round(landed, 3)),
        ("expected_aircraft_lost", round(sum(s.loss_prob for s in plan.sorties), 8)),
        ("expected_people_harmed", round(sum(s.harm_expected for s in plan.sorties), 6)),
        ("diverted_kg", round(sum(_stray_kg(plan.sorties, plan.loads).values()), 3)),
    )
