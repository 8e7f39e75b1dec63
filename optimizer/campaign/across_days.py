"""Rules that tie together decisions of several days; see ``constraints`` for how they are read."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pulp import lpSum

from optimizer.campaign.objective import party_cost
from optimizer.campaign.terms import Rows, before, fed_in, fed_out, rig_users
from optimizer.campaign.variables import Variables
from optimizer.network import Network

WINDOW_DAYS = 30  # of `hours_per_30_days`


def tail_limit(x: Variables, net: Network) -> Rows:
    """No more tails are contracted than are on offer.

    tails[f] <= max_tails[f]        for all f
    """
    for f, fleet in net.fleets.items():
        yield (f,), x.tails[f] <= fleet.max_tails


def airframe_hours_limit(x: Variables, net: Network) -> Rows:
    """In any 30 days a tail logs only so many block hours.

    sum_{m, d in window} block_min[m] * sorties[m, d] <= 60 * hours_per_30_days[f] * tails[f]
                                                                  for all f, windows of 30 days
    """
    for f, fleet in net.fleets.items():
        for first, window in windows(net):
            flown = [(m, d) for d in window for m in net.of_fleet(f, d)]
            if flown:
                flown_min = lpSum(net.missions[m].block_min * x.sorties[m, d] for m, d in flown)
                yield (f, first), flown_min <= 60 * fleet.hours_per_30_days * x.tails[f]


def windows(net: Network) -> Iterator[tuple[int, list[int]]]:
    """First day of the plan, and days of the network, of every `WINDOW_DAYS` days.

    Of spells only those that lie wholly inside count.
    """
    for d in filter(net.begins, net.days):
        first = net.stretches[d].first
        if d == 0 or first + WINDOW_DAYS <= net.horizon_days:
            last = first + WINDOW_DAYS - 1
            yield first, [e for e in net.days[d:] if net.stretches[e].last <= last]


def rig_stock_balance(x: Variables, net: Network) -> Rows:
    """Parachute sets are used up, one a bundle, and come again at intervals; no set, no bundle.

    rig_stock[b, w, d] = rig_stock[b, w, d-1] + arrivals[b, w, d] - sum_s bundles[s, d]
                                                                  for all b, methods w with bundles, d
    """
    for b, w in dict.fromkeys(rig_users(net)):
        for d in net.days:
            users = [m for m in net.at_base(b, d) if net.missions[m].method.id == w]
            used = lpSum(x.bundles[s, d] for s in net.stops_of(users))
            if (b, w) in net.rig_arrivals:
                left = before(x.rig_stock, (b, w), d) + net.rig_arrivals[b, w][d] - used
                yield (b, w, d), x.rig_stock[b, w, d] == left
            else:
                yield (b, w, d), used <= 0


def base_stock_balance(x: Variables, net: Network) -> Rows:
    """Only cargo that has arrived can be loaded.

    base_stock_kg[b, c, d] = base_stock_kg[b, c, d-1] + supply_kg[b, c, d] + feeders in - feeders out
                             - sum_s load_kg[s, d, c]                                   for all b, c, d
    """
    for b, c in net.base_cargo:
        supply_kg = net.supply_kg.get((b, c), (0.0,) * len(net.days))
        for d in net.days:
            carriers = [m for m in net.at_base(b, d) if c in net.missions[m].commodities]
            loaded = lpSum(x.load_kg[s, d, c] for s in net.stops_of(carriers))
            change = supply_kg[d] + fed_in(x, net, b, c, d) - fed_out(x, net, b, c, d) - loaded
            yield (b, c, d), x.base_stock_kg[b, c, d] == before(x.base_stock_kg, (b, c), d) + change


def community_stock_balance(x: Variables, net: Network) -> Rows:
    """People eat from stock and from what arrives; the rest of the need is unmet.

    community_stock_kg[k, c, d] = community_stock_kg[k, c, d-1] + sum_z (1 - loss_frac[z, k])
                                  * hand_over_kg[z, k, c, d] - need_kg[k, c, d] + unmet_kg[k, c, d]
    unmet_kg[k, c, d] <= need_kg[k, c, d]                                              for all k, c, d
    """
    for (k, c), need_kg in net.need_kg.items():
        for d in net.days:
            received = lpSum(
                (1 - net.links[z, k].loss_frac) * x.hand_over_kg[z, k, c, d]
                for z in net.zones
                if (z, k, c, d) in x.hand_over_kg
            )
            kept = before(x.community_stock_kg, (k, c), d, net.starting_kg[k, c])
            eaten = need_kg[d] - x.unmet_kg[k, c, d]
            yield ("kg", k, c, d), x.community_stock_kg[k, c, d] == kept + received - eaten
            yield ("unmet", k, c, d), x.unmet_kg[k, c, d] <= need_kg[d]


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

    sum_{s, d} harm_per_bundle[s] * bundles[s, d] <= harm_budget[p]        for all p
    """
    for p, party in net.parties.items():
        harm = lpSum(
            net.stops[s].landing.harm_per_bundle * bundles
            for (s, _), bundles in x.bundles.items()
            if net.by_stop(s).party.id == p
        )
        yield (p,), harm <= party.harm_budget


def diversion_limit(x: Variables, net: Network) -> Rows:
    """Little may fall into other hands.

    sum_{s, d, c} (stray_frac[s] - diversion_limit_frac[p]) * load_kg[s, d, c] <= 0        for all p
    """
    for p, party in net.parties.items():
        excess = lpSum(
            (net.stops[s].landing.stray_frac - party.diversion_limit_frac) * load_kg
            for (s, _, _), load_kg in x.load_kg.items()
            if net.by_stop(s).party.id == p
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
