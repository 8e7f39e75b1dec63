"""Every rule of the campaign: one generator per constraint, named as in ``optimizer/README.md``.

A generator yields ``(index, row)`` and changes nothing; ``build`` adds each row to the problem as
``<function>__<index>``. `WITHIN_DAY` rows tie together decisions of one day, `ACROSS_DAYS` rows several.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from pulp import LpAffineExpression, lpSum

from optimizer.campaign.objective import party_cost
from optimizer.campaign.terms import (
    base_days,
    before,
    fed_in,
    fed_out,
    fleet_days,
    landed_kg,
    rig_users,
    zone_days,
)
from optimizer.campaign.variables import Variables
from optimizer.network import Network

type Rows = Iterator[tuple[tuple[object, ...], LpAffineExpression]]
type Constraint = Callable[[Variables, Network], Rows]

WINDOW_DAYS = 30  # of `hours_per_30_days`


def tail_limit(x: Variables, net: Network) -> Rows:
    """No more tails are contracted than are on offer.

    tails[f] <= max_tails[f]        for all f
    """
    for f, fleet in net.fleets.items():
        yield (f,), x.tails[f] <= fleet.max_tails


def payload_limit(x: Variables, net: Network) -> Rows:
    """Cargo with its packing fits in the sorties flown.

    sum_c load_kg[m, d, c] + tare_kg[m] * bundles[m, d] <= payload_kg[m] * sorties[m, d]        for all m, d
    """
    for m, d in net.mission_days:
        mission = net.missions[m]
        gross_kg = lpSum(x.load_kg[m, d, c] for c in mission.commodities)
        if mission.positions is not None:
            gross_kg += mission.method.bundle_tare_kg * x.bundles[m, d]
        yield (m, d), gross_kg <= mission.payload_kg * x.sorties[m, d]


def bundle_limit(x: Variables, net: Network) -> Rows:
    """Bundles fit on the floor.

    bundles[m, d] <= positions[m] * sorties[m, d]        for all m, d with bundles
    """
    for (m, d), bundles in x.bundles.items():
        yield (m, d), bundles <= (net.missions[m].positions or 0) * x.sorties[m, d]


def bundle_fill(x: Variables, net: Network) -> Rows:
    """Bundles hold their net load, less of bulky goods; one bundle may hold several commodities.

    sum_c load_kg[m, d, c] / fill_frac[c] <= net_kg[m] * bundles[m, d]        for all m, d with bundles
    """
    for (m, d), bundles in x.bundles.items():
        mission = net.missions[m]
        filled_kg = lpSum(x.load_kg[m, d, c] / net.commodities[c].fill_frac for c in mission.commodities)
        yield (m, d), filled_kg <= mission.net_kg * bundles


def flight_time_limit(x: Variables, net: Network) -> Rows:
    """Serviceable tails have only so many flying minutes a day.

    sum_m block_min[m] * sorties[m, d] <= minutes_per_day[f] * serviceable_frac[f] * tails[f]   for all f, d
    """
    for f, d in fleet_days(net):
        fleet = net.fleets[f]
        flown_min = lpSum(net.missions[m].block_min * x.sorties[m, d] for m in net.of_fleet(f, d))
        yield (f, d), flown_min <= fleet.minutes_per_day * fleet.serviceable_frac * x.tails[f]


def sortie_limit(x: Variables, net: Network) -> Rows:
    """A tail flies only so many sorties between first take-off and last landing.

    sum_m sorties[m, d] / sorties_per_tail[m] <= tails[f]        for all f, d
    """
    for f, d in fleet_days(net):
        tails_used = lpSum(x.sorties[m, d] / net.missions[m].sorties_per_tail for m in net.of_fleet(f, d))
        yield (f, d), tails_used <= x.tails[f]


def airframe_hours_limit(x: Variables, net: Network) -> Rows:
    """In any 30 days a tail logs only so many block hours.

    sum_{m, d in window} block_min[m] * sorties[m, d] <= 60 * hours_per_30_days[f] * tails[f]
                                                                  for all f, windows of 30 days
    """
    for f, fleet in net.fleets.items():
        for first in range(max(1, len(net.days) - WINDOW_DAYS + 1)):
            window = net.days[first : first + WINDOW_DAYS]
            flown = [(m, d) for d in window for m in net.of_fleet(f, d)]
            if flown:
                flown_min = lpSum(net.missions[m].block_min * x.sorties[m, d] for m, d in flown)
                yield (f, first), flown_min <= 60 * fleet.hours_per_30_days * x.tails[f]


def ramp_limit(x: Variables, net: Network) -> Rows:
    """Loading takes a ramp slot for the turnaround, and slots are few.

    sum_m turnaround_min[m] * sorties[m, d] <= ramp_slots[b] * open_min[b]        for all b, d
    """
    for b, d in base_days(net):
        base = net.bases[b]
        missions = net.at_base(b, d)
        slot_min = lpSum(net.missions[m].aircraft.turnaround_min * x.sorties[m, d] for m in missions)
        yield (b, d), slot_min <= base.ramp_slots * (base.hours_to - base.hours_from)


def handling_limit(x: Variables, net: Network) -> Rows:
    """A base can rig and load only so much a day.

    sum_{m, c} load_kg[m, d, c] <= handling_kg_per_day[b]        for all b, d
    """
    for b, d in base_days(net):
        loaded_kg = lpSum(x.load_kg[m, d, c] for m in net.at_base(b, d) for c in net.missions[m].commodities)
        yield (b, d), loaded_kg <= net.bases[b].handling_kg_per_day


def rig_stock_balance(x: Variables, net: Network) -> Rows:
    """Parachute sets are used up, one a bundle, and come again at intervals; no set, no bundle.

    rig_stock[b, w, d] = rig_stock[b, w, d-1] + arrivals[b, w, d] - sum_m bundles[m, d]
                                                                  for all b, methods w with bundles, d
    """
    for b, w in dict.fromkeys(rig_users(net)):
        for d in net.days:
            used = lpSum(x.bundles[m, d] for m in net.at_base(b, d) if net.missions[m].method.id == w)
            if (b, w) in net.rig_arrivals:
                left = before(x.rig_stock, (b, w), d) + net.rig_arrivals[b, w][d] - used
                yield (b, w, d), x.rig_stock[b, w, d] == left
            else:
                yield (b, w, d), used <= 0


def base_stock_balance(x: Variables, net: Network) -> Rows:
    """Only cargo that has arrived can be loaded.

    base_stock_kg[b, c, d] = base_stock_kg[b, c, d-1] + supply_kg[b, c, d] + feeders in - feeders out
                             - sum_m load_kg[m, d, c]                                   for all b, c, d
    """
    for b, c in net.base_cargo:
        supply_kg = net.supply_kg.get((b, c), (0.0,) * len(net.days))
        for d in net.days:
            loaded = lpSum(x.load_kg[m, d, c] for m in net.at_base(b, d) if c in net.missions[m].commodities)
            change = supply_kg[d] + fed_in(x, net, b, c, d) - fed_out(x, net, b, c, d) - loaded
            yield (b, c, d), x.base_stock_kg[b, c, d] == before(x.base_stock_kg, (b, c), d) + change


def feeder_limit(x: Variables, net: Network) -> Rows:
    """A feeder carries what its trips hold, and makes only so many trips a day.

    sum_c feeder_kg[e, d, c] <= kg_per_trip[e] * feeder_trips[e, d]
    feeder_trips[e, d] <= trips_per_day[e]                                              for all e, d
    """
    for (e, d), trips in x.feeder_trips.items():
        feeder = net.feeders[e]
        cargo_kg = lpSum(x.feeder_kg[e, d, c] for c in net.commodities if (e, d, c) in x.feeder_kg)
        yield ("kg", e, d), cargo_kg <= feeder.kg_per_trip * trips
        yield ("trips", e, d), trips <= feeder.trips_per_day


def zone_recovery_limit(x: Variables, net: Network) -> Rows:
    """The ground team gathers only so much a day.

    sum_{m, c} landed_frac[m] * load_kg[m, d, c] <= recovery_kg_per_day[z]        for all z, d
    """
    for z, d in zone_days(net):
        gathered_kg = lpSum(landed_kg(x, net, z, c, d) for c in net.commodities)
        yield (z, d), gathered_kg <= net.zones[z].recovery_kg_per_day


def zone_slot_limit(x: Variables, net: Network) -> Rows:
    """Sorties over one zone keep their distance in time, whoever flies them.

    sum_m sorties[m, d] <= floor(recovery_min[z] / drop_spacing_min[z]) + 1        for all z, d
    """
    for z, d in zone_days(net):
        zone = net.zones[z]
        if zone.drop_spacing_min > 0:
            slots = (zone.recovery_to - zone.recovery_from) // zone.drop_spacing_min + 1
            yield (z, d), lpSum(x.sorties[m, d] for m in net.to_zone(z, d)) <= slots


def hand_over_balance(x: Variables, net: Network) -> Rows:
    """What is handed over has landed that day; nothing lies in the zone overnight.

    sum_k hand_over_kg[z, k, c, d] <= sum_m landed_frac[m] * load_kg[m, d, c]        for all z, c, d
    """
    for z, d in zone_days(net):
        for c in net.commodities:
            handed = [x.hand_over_kg[z, k, c, d] for k in net.communities if (z, k, c, d) in x.hand_over_kg]
            if handed:
                yield (z, c, d), lpSum(handed) <= landed_kg(x, net, z, c, d)


def link_limit(x: Variables, net: Network) -> Rows:
    """The way to a community carries only so much a day.

    sum_c hand_over_kg[z, k, c, d] <= kg_per_day[z, k]        for all z, k, d
    """
    for (z, k), link in net.links.items():
        for d in net.days:
            handed = [x.hand_over_kg[z, k, c, d] for c in net.commodities if (z, k, c, d) in x.hand_over_kg]
            if handed:
                yield (z, k, d), lpSum(handed) <= link.kg_per_day


def community_stock_balance(x: Variables, net: Network) -> Rows:
    """People eat from stock and from what arrives; the rest of the need is unmet.

    community_stock_kg[k, c, d] = community_stock_kg[k, c, d-1] + sum_z (1 - loss_frac[z, k])
                                  * hand_over_kg[z, k, c, d] - need_kg[k, c, d] + unmet_kg[k, c, d]
    unmet_kg[k, c, d] <= need_kg[k, c, d]                                              for all k, c, d
    """
    for (k, c), need_kg in net.need_kg.items():
        start_kg = net.communities[k].starting_stock_days * need_kg[0]
        for d in net.days:
            received = lpSum(
                (1 - net.links[z, k].loss_frac) * x.hand_over_kg[z, k, c, d]
                for z in net.zones
                if (z, k, c, d) in x.hand_over_kg
            )
            kept = before(x.community_stock_kg, (k, c), d, start_kg)
            eaten = need_kg[d] - x.unmet_kg[k, c, d]
            yield ("kg", k, c, d), x.community_stock_kg[k, c, d] == kept + received - eaten
            yield ("unmet", k, c, d), x.unmet_kg[k, c, d] <= need_kg[d]


def storage_limit(x: Variables, net: Network) -> Rows:
    """Stock fits in the stores at the end of the day.

    sum_c community_stock_kg[k, c, d] <= storage_kg[k]        for all k with a limit, d
    """
    for k, community in net.communities.items():
        if community.storage_kg is not None:
            stored = [c for kk, c in net.need_kg if kk == k]
            for d in net.days:
                stock = lpSum(x.community_stock_kg[k, c, d] for c in stored)
                yield (k, d), stock <= community.storage_kg


def loss_budget(x: Variables, net: Network) -> Rows:
    """The probability of losing any aircraft of a party stays within its budget; exact, in logarithms.

    sum_{m, d} -ln(1 - loss_prob[m]) * sorties[m, d] <= -ln(1 - loss_budget[p])        for all p
    """
    for p, party in net.parties.items():
        exposure = lpSum(
            -math.log1p(-net.missions[m].loss_prob) * x.sorties[m, d] for m, d in net.of_party(p)
        )
        yield (p,), exposure <= -math.log1p(-party.loss_budget)


def harm_budget(x: Variables, net: Network) -> Rows:
    """Few people may be expected to be hurt.

    sum_{m, d} harm_per_bundle[m] * bundles[m, d] <= harm_budget[p]        for all p
    """
    for p, party in net.parties.items():
        harm = lpSum(
            net.missions[m].landing.harm_per_bundle * bundles
            for (m, _), bundles in x.bundles.items()
            if net.missions[m].party.id == p
        )
        yield (p,), harm <= party.harm_budget


def diversion_limit(x: Variables, net: Network) -> Rows:
    """Little may fall into other hands.

    sum_{m, d, c} (stray_frac[m] - diversion_limit_frac[p]) * load_kg[m, d, c] <= 0        for all p
    """
    for p, party in net.parties.items():
        excess = lpSum(
            (net.missions[m].landing.stray_frac - party.diversion_limit_frac) * load_kg
            for (m, _, _), load_kg in x.load_kg.items()
            if net.missions[m].party.id == p
        )
        yield (p,), excess <= 0


def funding_limit(x: Variables, net: Network) -> Rows:
    """A party spends no more than its funds on tails, flights, rigging, cargo and feeders.

    cost_usd[p] <= funds_usd[p]        for all p with funds
    """
    for p, party in net.parties.items():
        if party.funds_usd is not None:
            yield (p,), party_cost(x, net, p) <= party.funds_usd


def coverage_target(x: Variables, net: Network) -> Rows:
    """A share of every need is met over the plan: all but `unreached_frac`, which ``--coverage`` limits.

    sum_d unmet_kg[k, c, d] <= unreached_frac * sum_d need_kg[k, c, d]        for all k, c
    """
    for (k, c), need_kg in net.need_kg.items():
        unmet = lpSum(x.unmet_kg[k, c, d] for d in net.days)
        yield (k, c), unmet <= sum(need_kg) * x.unreached_frac[()]


WITHIN_DAY: tuple[Constraint, ...] = (
    payload_limit,
    bundle_limit,
    bundle_fill,
    flight_time_limit,
    sortie_limit,
    ramp_limit,
    handling_limit,
    feeder_limit,
    zone_recovery_limit,
    zone_slot_limit,
    hand_over_balance,
    link_limit,
    storage_limit,
)
ACROSS_DAYS: tuple[Constraint, ...] = (
    tail_limit,
    airframe_hours_limit,
    rig_stock_balance,
    base_stock_balance,
    community_stock_balance,
    loss_budget,
    harm_budget,
    diversion_limit,
    funding_limit,
    coverage_target,
)
CONSTRAINTS: tuple[Constraint, ...] = (*WITHIN_DAY, *ACROSS_DAYS)
"""The model's table of contents."""
