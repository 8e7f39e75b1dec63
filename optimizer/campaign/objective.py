"""What is minimised, in order: unmet need by priority class, the worst-off community, cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pulp import LpAffineExpression, lpSum

from optimizer.campaign.variables import Variables
from optimizer.network import Network

PRIORITIES = (1, 2, 3)
LEAST_KG = 1.0  # that a share stands for where nothing is needed


@dataclass(frozen=True)
class Goal:
    """One objective of the order, always minimised.

    Attributes
    ----------
    name, unit : str
        As in ``plan.json``; the unit is kg, frac or USD.
    expression : callable
        What is minimised.
    scale : float or None
        Turns a distance to the bound into ``gap_frac``: the total need for kg, 1 for a share; None means
        relative to the value itself, as for money.
    kg : float
        Kilograms that one unit stands for, so that shortfalls of all goals can be priced alike.
    """

    name: str
    unit: str
    expression: Callable[[Variables, Network], LpAffineExpression]
    scale: float | None
    kg: float = 1.0

    def in_kg(self, x: Variables, net: Network) -> LpAffineExpression:
        """What is minimised as the kg it stands for: of a share, solvers take a thousandth for nothing."""
        return self.expression(x, net) * self.kg

    def gap_frac(self, value: float, bound: float) -> float:
        """Distance of `value` to `bound` as a share, 0..1."""
        scale = abs(value) if self.scale is None else self.scale
        return max(0.0, value - bound) / scale if scale > 0 else 0.0


def goals(net: Network) -> tuple[Goal, ...]:
    """The default order: the cheapest plan that leaves the least need unmet."""
    need_kg = net.total_need_kg()
    return (
        *(_least_unmet(p, need_kg) for p in PRIORITIES if net.total_need_kg(p) > 0),
        Goal("worst_community_unmet_frac", "frac", worst_unmet_frac, 1.0, max(LEAST_KG, need_kg)),
        cheapest(),
    )


def _least_unmet(priority: int, need_kg: float) -> Goal:
    def expression(x: Variables, net: Network) -> LpAffineExpression:
        return unmet_kg(x, net, priority)

    return Goal(f"unmet_priority_{priority}_kg", "kg", expression, need_kg)


def cheapest() -> Goal:
    """Least cost, USD."""
    return Goal("cost_usd", "USD", total_cost, None)


def reach(net: Network) -> Goal:
    """The largest share of every need, as the share that is not reached, 0..1."""
    return Goal("unreached_frac", "frac", unreached_frac, 1.0, max(LEAST_KG, net.total_need_kg()))


def unmet_kg(x: Variables, net: Network, priority: int) -> LpAffineExpression:
    """Unmet need of a priority class, kg."""
    return lpSum(unmet for (_, c, _), unmet in x.unmet_kg.items() if net.commodities[c].priority == priority)


def worst_unmet_frac(x: Variables, net: Network) -> LpAffineExpression:
    """Unmet share of the need of the worst-off community, 0..1."""
    del net
    return lpSum([x.worst_unmet_frac[()]])


def unreached_frac(x: Variables, net: Network) -> LpAffineExpression:
    """Unmet share of the worst-met need, 0..1."""
    del net
    return lpSum([x.unreached_frac[()]])


def worst_off(x: Variables, net: Network) -> Iterator[tuple[tuple[object, ...], LpAffineExpression]]:
    """The worst-off community is at least as badly off as each.

    sum_{c, d} unmet_kg[k, c, d] <= worst_unmet_frac * sum_{c, d} need_kg[k, c, d]        for all k
    """
    for k in net.communities:
        need_kg = sum(sum(daily) for (kk, _), daily in net.need_kg.items() if kk == k)
        unmet = lpSum(x.unmet_kg[kk, c, d] for kk, c in net.need_kg if kk == k for d in net.days)
        yield (k,), unmet <= need_kg * x.worst_unmet_frac[()]


def party_cost(x: Variables, net: Network, party: str) -> LpAffineExpression:
    """Tails, flights, rigging, cargo and feeders of a party, USD."""
    standing = lpSum(
        fleet.standing_usd_per_day * net.horizon_days * x.tails[f]
        for f, fleet in net.fleets.items()
        if fleet.party == party
    )
    flying = lpSum(net.missions[m].sortie_usd * x.sorties[m, d] for m, d in net.of_party(party))
    own = {s: m for s in net.stops if (m := net.by_stop(s)).party.id == party}
    rigging = lpSum(own[s].method.unit_usd * bundles for (s, _), bundles in x.bundles.items() if s in own)
    cargo = lpSum(
        net.usd_per_kg[own[s].base.id, c] * load for (s, _, c), load in x.load_kg.items() if s in own
    )
    feeding = lpSum(
        net.feeders[e].usd_per_trip * trips
        for (e, _), trips in x.feeder_trips.items()
        if net.feeders[e].party == party
    )
    return standing + flying + rigging + cargo + feeding


def recovery_cost(x: Variables, net: Network) -> LpAffineExpression:
    """Gathering and carrying, USD; done on the ground for all parties together."""
    return lpSum(net.links[z, k].usd_per_kg * handed for (z, k, _, _), handed in x.hand_over_kg.items())


def total_cost(x: Variables, net: Network) -> LpAffineExpression:
    """Cost of the plan, USD."""
    return lpSum([*(party_cost(x, net, p) for p in net.parties), recovery_cost(x, net)])
