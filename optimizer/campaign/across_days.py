"""Rules that tie together decisions of several days; see ``constraints`` for how they are read."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

from pulp import LpAffineExpression, lpSum

from instances.schema import WEEKDAYS
from optimizer.campaign.objective import party_cost
from optimizer.campaign.terms import Rows, before, fed_in, fed_out, rig_users, weighed
from optimizer.campaign.variables import Variables
from optimizer.network import Network

AIRFRAME_DAYS = 30  # of `hours_per_30_days`
SERVICE_DAYS = 7  # in which a tail is in service for its share


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
        minutes = {m.id: float(m.block_min) for m in net.missions.values() if m.fleet.id == f}
        for first, flown_min, cover in windows(x, net, minutes, AIRFRAME_DAYS):
            yield (f, first), flown_min <= 60 * fleet.hours_per_30_days * len(cover) * x.tails[f]


def serviceability(x: Variables, net: Network) -> Rows:
    """In any 7 days a tail is in service for its serviceable share of the days its party flies.

    sum_{m, d in window} sorties[m, d] / sorties_per_tail[m]
        <= serviceable_frac[f] * days flown in the window * tails[f]      for all f, windows of 7 days
    """
    for f, fleet in net.fleets.items():
        weekdays = net.parties[fleet.party].flying_weekdays
        flies = [WEEKDAYS[date.weekday()] in weekdays for date in net.instance.dates]
        tail_days = {m.id: 1 / m.sorties_per_tail for m in net.missions.values() if m.fleet.id == f}
        parts = math.lcm(*(m.sorties_per_tail for m in net.missions.values() if m.fleet.id == f))
        for first, used, cover in windows(x, net, tail_days, SERVICE_DAYS):
            days = sum(flies[day] for window in cover for day in window)
            if net.contracted is None:
                yield (f, first), used <= fleet.serviceable_frac * days * x.tails[f]
            else:
                # Whole sorties take whole parts of a day: with tails given, the rest of a part is lost.
                whole = fleet.serviceable_frac * days * net.contracted.get(f, 0) * parts
                yield (f, first), parts * used <= math.floor(whole + 1e-9)


def windows(
    x: Variables, net: Network, each: Mapping[str, float], length: int
) -> Iterator[tuple[int, LpAffineExpression, list[range]]]:
    """So many days in a row: the first, what is flown in them, and windows of that length that cover them.

    What is flown counts `each` for a sortie of a mission. Of spells only those that lie wholly inside count,
    of days that are decided every one; a spell that is longer is covered by several windows.
    """
    plan = range(net.horizon_days)
    decided: dict[int, float] = defaultdict(float)
    for (m, day), n in net.flown.items():
        decided[day] += n * each.get(m, 0.0)
    open_days = [(m, d) for m, d in net.mission_days if m in each and net.flown_on(m, d) is None]
    begins = {one.first for one in net.stretches} | {*decided}
    known: set[tuple[int, ...]] = set()
    for begin in sorted(begins):
        reached = max(one.last for one in net.stretches if one.first <= begin)
        last = min(max(begin + length - 1, reached if begin not in decided else 0), plan[-1])
        first = max(0, min(begin, last - length + 1))
        inside = [
            (m, d) for m, d in open_days if first <= net.stretches[d].first and net.stretches[d].last <= last
        ]
        if not inside or (first, last) in known:
            continue
        known.add((first, last))
        flown = weighed((x.sorties[m, d], each[m]) for m, d in inside)
        starts = [min(one, max(0, last - length + 1)) for one in range(first, last + 1, length)]
        yield (
            first,
            flown + sum(decided[day] for day in range(first, last + 1)),
            [plan[s : s + length] for s in starts],
        )


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


def loss_budget(x: Variables, net: Network) -> Rows:
    """The probability of losing any aircraft of a party stays within its budget; exact, in logarithms.

    sum_{m, d} -ln(1 - loss_prob[m]) * sorties[m, d] <= -ln(1 - loss_budget[p])        for all p
    """
    for p, party in net.parties.items():
        exposure = weighed(
            (x.sorties[m, d], -math.log1p(-net.missions[m].loss_prob)) for m, d in net.of_party(p)
        )
        yield (p,), exposure <= -math.log1p(-party.loss_budget)


def harm_budget(x: Variables, net: Network) -> Rows:
    """Few people may be expected to be hurt.

    sum_{s, d} harm_per_bundle[s] * bundles[s, d] <= harm_budget[p]        for all p
    """
    for p, party in net.parties.items():
        harm = weighed(
            (bundles, net.stops[s].landing.harm_per_bundle)
            for (s, _), bundles in x.bundles.items()
            if net.by_stop(s).party.id == p
        )
        yield (p,), harm <= party.harm_budget


def diversion_limit(x: Variables, net: Network) -> Rows:
    """Little may fall into other hands.

    sum_{s, d, c} (stray_frac[s] - diversion_limit_frac[p]) * load_kg[s, d, c] <= 0        for all p
    """
    for p, party in net.parties.items():
        excess = weighed(
            (load_kg, (net.stops[s].landing.stray_frac - party.diversion_limit_frac))
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
