"""What is minimised, in order: severity of what is short, the worst-off community and week, cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pulp import LpAffineExpression, lpSum

from optimizer.campaign.needs import severity_terms
from optimizer.campaign.terms import weighed
from optimizer.campaign.variables import Variables
from optimizer.network import Network


@dataclass(frozen=True)
class Goal:
    """One objective of the order, always minimised.

    Attributes
    ----------
    name, unit : str
        As in ``plan.json``; the unit is person-days, frac or USD.
    expression : callable
        What is minimised.
    scale : float or None
        Turns a distance to the bound into ``gap_frac``: all person-days for severity, 1 for a share; None
        means relative to the value itself, as for money.
    times : float
        Turns its unit into person-days, so that solvers see as much of a share as of the people behind it.
    """

    name: str
    unit: str
    expression: Callable[[Variables, Network], LpAffineExpression]
    scale: float | None
    times: float = 1.0

    def gap_frac(self, value: float, bound: float) -> float:
        """Distance of `value` to `bound` as a share, 0..1."""
        scale = abs(value) if self.scale is None else self.scale
        return max(0.0, value - bound) / scale if scale > 0 else 0.0


def goals(net: Network) -> tuple[Goal, ...]:
    """The default order: the least severity, nobody far behind, and that at least cost."""
    return (
        Goal("severity_person_days", "person-days", total_severity, max(1.0, net.person_days)),
        Goal("worst_week_severity_frac", "frac", worst_severity_frac, 1.0, max(1.0, net.person_days)),
        cheapest(),
    )


def cheapest() -> Goal:
    """Least cost, USD."""
    return Goal("cost_usd", "USD", total_cost, None)


def reach(net: Network) -> Goal:
    """The largest share of every need in every week, as the share that is not reached, 0..1."""
    return Goal("unreached_frac", "frac", unreached_frac, 1.0, max(1.0, net.person_days))


def total_severity(x: Variables, net: Network) -> LpAffineExpression:
    """Severity of all that is short, person-days."""
    return lpSum(term for _, term in severity_terms(x, net))


def worst_severity_frac(x: Variables, net: Network) -> LpAffineExpression:
    """Severity of the worst-off community and period, as a share of what it could be, 0..1."""
    del net
    return lpSum([x.worst_severity_frac[()]])


def unreached_frac(x: Variables, net: Network) -> LpAffineExpression:
    """Share of the worst-met need and period that is short, 0..1."""
    del net
    return lpSum([x.unreached_frac[()]])


def party_cost(x: Variables, net: Network, party: str) -> LpAffineExpression:
    """Tails, flights, rigging, cargo and feeders of a party, USD."""
    standing = weighed(
        (x.tails[f], fleet.standing_usd_per_day * net.horizon_days)
        for f, fleet in net.fleets.items()
        if fleet.party == party
    )
    flying = weighed((x.sorties[m, d], net.missions[m].sortie_usd) for m, d in net.of_party(party))
    own = {s: m for s in net.stops if (m := net.by_stop(s)).party.id == party}
    rigging = weighed((bundles, own[s].method.unit_usd) for (s, _), bundles in x.bundles.items() if s in own)
    cargo = weighed(
        (load, net.usd_per_kg[own[s].base.id, c]) for (s, _, c), load in x.load_kg.items() if s in own
    )
    feeding = lpSum(
        net.feeders[e].usd_per_trip * trips
        for (e, _), trips in x.feeder_trips.items()
        if net.feeders[e].party == party
    )
    return standing + flying + rigging + cargo + feeding


def recovery_cost(x: Variables, net: Network) -> LpAffineExpression:
    """Gathering and carrying, USD; done on the ground for all parties together."""
    return weighed((handed, net.links[z, k].usd_per_kg) for (z, k, _, _), handed in x.hand_over_kg.items())


def total_cost(x: Variables, net: Network) -> LpAffineExpression:
    """Cost of the plan, USD."""
    return lpSum([*(party_cost(x, net, p) for p in net.parties), recovery_cost(x, net)])
