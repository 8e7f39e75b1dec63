"""Sums and index sets that several rules share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pulp import LpAffineExpression, LpVariable, lpSum

from optimizer.campaign.variables import Variables
from optimizer.network import Network

type Index = tuple[object, ...]
"""Where a row belongs: ids of places, the day as a number, and tags that tell rows of one place apart."""
type Rows = Iterator[tuple[Index, LpAffineExpression]]
"""(index, row) pairs of one constraint."""


class Tag(str):
    """A part of an index that names no place."""

    __slots__ = ()


def weighed(pairs: Iterable[tuple[LpVariable, float]]) -> LpAffineExpression:
    """Sum of decisions, each times its coefficient, built at once: products one by one take longer."""
    return LpAffineExpression.from_list([*pairs])


def fleet_days(net: Network) -> Iterator[tuple[str, int]]:
    """(fleet, day) pairs with something to fly."""
    return ((f, d) for d in net.days for f in net.fleets if net.of_fleet(f, d))


def base_days(net: Network) -> Iterator[tuple[str, int]]:
    """(base, day) pairs with something to fly."""
    return ((b, d) for d in net.days for b in net.bases if net.at_base(b, d))


def zone_days(net: Network) -> Iterator[tuple[str, int]]:
    """(zone, day) pairs with something to fly there."""
    return ((z, d) for d in net.days for z in net.zones if net.to_zone(z, d))


def rig_users(net: Network) -> Iterator[tuple[str, str]]:
    """(base, method) pairs that use up parachute sets."""
    return ((m.base.id, m.method.id) for m in net.missions.values() if m.positions is not None)


def before(
    stock: dict[tuple[str, str, int], LpVariable], key: tuple[str, str], d: int, start: float = 0.0
) -> LpVariable | float:
    """Stock at the end of the day before `d`; `start` before the first day."""
    return start if d == 0 else stock[key[0], key[1], d - 1]


def landed_kg(x: Variables, net: Network, z: str, c: str, d: int) -> LpAffineExpression:
    """Usable kg of a commodity gathered in a zone on a day."""
    return weighed(
        (x.load_kg[s, d, c], net.stops[s].landing.landed_frac)
        for s in net.stops_at(z, d)
        if c in net.by_stop(s).commodities
    )


def fed_in(x: Variables, net: Network, b: str, c: str, d: int) -> LpAffineExpression:
    """Kg that feeders make available at a base on a day, loaded `transit_days` before."""
    return lpSum(
        x.feeder_kg[e, loaded, c]
        for e, feeder in net.feeders.items()
        if feeder.to_base == b
        for loaded in net.sent_for(d, feeder.transit_days)
        if (e, loaded, c) in x.feeder_kg
    )


def fed_out(x: Variables, net: Network, b: str, c: str, d: int) -> LpAffineExpression:
    """Kg that feeders load at a base on a day."""
    return lpSum(
        x.feeder_kg[e, d, c]
        for e, feeder in net.feeders.items()
        if feeder.from_base == b and (e, d, c) in x.feeder_kg
    )
