"""What whole sorties and whole bundles hold where a day takes little: rows that only fractions break.

None is a rule of its own. Where a zone gathers 7 t a day and a sortie brings 10 t, the rules allow seven
tenths of a sortie every day; whole sorties bring 7 t each. The rows say so to whoever searches whole numbers:
mixed-integer rounding of each daily limit (Nemhauser and Wolsey, "Integer and Combinatorial Optimization",
1988, II.1.7), with as many days in it as a day of the network stands for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pulp import LpAffineExpression, lpSum

from optimizer.campaign.terms import Rows, Tag, base_days, weighed, zone_days
from optimizer.campaign.variables import Variables
from optimizer.network import Network

WORTH_FRAC = 0.002  # of a limit, by which a row must cut into it at least


@dataclass(frozen=True)
class Place:
    """A zone or base on a day of the network: kg it takes a day, and the share of each load that counts."""

    name: str
    d: int
    limit_kg: float
    frac: Mapping[str, float]


def rounding_rows(x: Variables, net: Network) -> Rows:
    """Rows that every plan in whole numbers keeps; with the symbols of a `Place` and n days in d.

    sum_{s of m} frac[s] * load_kg[s, d, c] <= limit_kg * sorties[m, d]       where a sortie holds more
    sum_{s, c} frac[s] * load_kg[s, d, c] <= n * (limit_kg - rest * (full + 1))
                                             + sum_m min(rest, kg[m]) * sorties[m, d]
        for every kg that some sortie holds, over all sorties that hold no more
    sum_c frac[s] * load_kg[s, d, c] <= (limit_kg - rest * (full + 1)) * sorties[m, d] + rest * bundles[s, d]
        for every stop s of m, with kg that of a bundle
    sum_{c, k} hand_over_kg[z, k, c, d] <= n * (limit_kg - rest * (full + 1))
                                           + sum_m phi(kg[m]) * sorties[m, d]
    sum_{c, k} hand_over_kg[z, k, c, d] <= sum_m min(kg[m], limit_kg) * sorties[m, d]
        for each community k and all of them, with limit_kg what recovery and ways to them take, kg[m] what a
        sortie lands at most, and phi(kg') = rest * floor(kg' / kg) + min(rest, kg' mod kg)
    where full = floor(limit_kg / kg) and rest = limit_kg - full * kg.
    """
    for place in _places(net):
        for rows in (_single(x, net, place), _rounded(x, net, place), _in_bundles(x, net, place)):
            for index, row in rows:
                yield (*index, place.name, place.d), row
    for z, d in zone_days(net):
        ways = [k for k in net.communities if (z, k) in net.links]
        for among in [(k,) for k in ways] + ([tuple(ways)] if len(ways) > 1 else []):
            yield from _handed(x, net, z, d, among)


def _handed(x: Variables, net: Network, z: str, d: int, among: tuple[str, ...]) -> Rows:
    handed = [v for k, c in net.stored if k in among and (v := x.hand_over_kg.get((z, k, c, d))) is not None]
    if not handed:
        return
    brings = {m: max(_landed_kg(net, m, z)) for m in net.to_zone(z, d)}
    limit_kg = min(net.zones[z].recovery_kg_per_day, sum(net.links[z, k].kg_per_day for k in among))
    place = among[0] if len(among) == 1 else Tag("all")
    if len(among) > 1 or any(kg > limit_kg for kg in brings.values()):
        most = weighed((x.sorties[m, d], min(kg, limit_kg)) for m, kg in brings.items())
        yield (Tag("most"), z, place, d), lpSum(handed) <= most
    for i, kg in enumerate(sorted(set(brings.values()))):
        if 0 < kg <= limit_kg and (cut := _rounding(limit_kg, kg)) is not None:
            rest, none_kg = cut
            brought = weighed((x.sorties[m, d], _phi(most_kg, kg, rest)) for m, most_kg in brings.items())
            yield (Tag(f"r{i}"), z, place, d), lpSum(handed) <= net.lasts(d) * none_kg + brought


def _landed_kg(net: Network, m: str, z: str) -> list[float]:
    mission = net.missions[m]
    return [
        _up(stop.landing.landed_frac * mission.most_net_kg) for stop in mission.stops if stop.zone.id == z
    ]


def _phi(most_kg: float, kg: float, rest: float) -> float:
    full = math.floor(most_kg / kg + 1e-9)
    return _up(rest * full + min(rest, max(0.0, most_kg - kg * full)))


def _places(net: Network) -> Iterator[Place]:
    for z, d in zone_days(net):
        frac = {s: net.stops[s].landing.landed_frac for s in net.stops_at(z, d)}
        yield Place(z, d, net.zones[z].recovery_kg_per_day, frac)
    for b, d in base_days(net):
        yield Place(
            b, d, net.bases[b].handling_kg_per_day, dict.fromkeys(net.stops_of(net.at_base(b, d)), 1.0)
        )


def _single(x: Variables, net: Network, place: Place) -> Rows:
    for m, most_kg in _most_kg(net, place).items():
        if most_kg > place.limit_kg:
            yield (m,), _counted(x, net, place, m) <= place.limit_kg * x.sorties[m, place.d]


def _rounded(x: Variables, net: Network, place: Place) -> Rows:
    most_kg = _most_kg(net, place)
    for i, kg in enumerate(sorted(set(most_kg.values()))):
        if 0 < kg <= place.limit_kg and (cut := _rounding(place.limit_kg, kg)) is not None:
            rest, none_kg = cut
            among = [m for m, most in most_kg.items() if most <= kg]
            loads = lpSum(_counted(x, net, place, m) for m in among)
            brought = weighed((x.sorties[m, place.d], min(rest, most_kg[m])) for m in among)
            yield (Tag(str(i)),), loads <= net.lasts(place.d) * none_kg + brought


def _in_bundles(x: Variables, net: Network, place: Place) -> Rows:
    d = place.d
    for s, frac in place.frac.items():
        mission = net.by_stop(s)
        kg = frac * mission.net_kg if mission.positions is not None else 0.0
        if 0 < kg <= place.limit_kg < (mission.positions or 0) * kg:
            cut = _rounding(place.limit_kg, kg)
            if cut is not None:
                rest, none_kg = cut
                load = weighed((x.load_kg[s, d, c], frac) for c in mission.commodities)
                yield (Tag("b"), s), load <= none_kg * x.sorties[mission.id, d] + rest * x.bundles[s, d]


def _rounding(limit_kg: float, kg: float) -> tuple[float, float] | None:
    """Kg that each of the whole parts adds at least, and kg with none; None where next to nothing is cut."""
    full = math.floor(limit_kg / kg + 1e-9)
    rest = limit_kg - full * kg
    if rest * (1 - rest / kg) < WORTH_FRAC * limit_kg:
        return None
    return rest, limit_kg - rest * (full + 1)


def _most_kg(net: Network, place: Place) -> dict[str, float]:
    """What one sortie brings at most of what counts, by mission."""
    most: dict[str, float] = {}
    for s, frac in place.frac.items():
        mission = net.by_stop(s)
        most[mission.id] = max(most.get(mission.id, 0.0), _up(frac * mission.most_net_kg))
    return most


def _counted(x: Variables, net: Network, place: Place, m: str) -> LpAffineExpression:
    mission = net.missions[m]
    return weighed(
        (x.load_kg[stop.id, place.d, c], place.frac[stop.id])
        for stop in mission.stops
        if stop.id in place.frac
        for c in mission.commodities
    )


def _up(kg: float) -> float:
    """To the next gram, so that loads that differ by noise share a row."""
    return math.ceil(1000 * kg) / 1000
