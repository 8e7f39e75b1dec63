"""A smaller network that decides the same sorties: goods that travel alike become one good.

Rice and flour take the same bundles, methods and priority; which bundle holds which can be settled once
the sorties are known. Plans are made on the merged network, which has a third of the rows on the flagship;
its prices are means, so that bounds come from the full one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from optimizer.network import Network

LEAST_KG = 1e-6  # so that goods of which nothing is wanted have a price as well


def merged(net: Network) -> Network:
    """The network with one commodity for all of the same priority, fill, missions and bases."""
    group = _groups(net)
    weight: dict[str, float] = defaultdict(float)
    for (k, c), daily in net.need_kg.items():
        weight[c] += max(0.0, sum(daily) - net.starting_kg[k, c])
    return replace(
        net,
        missions={
            m: replace(mission, commodities=tuple(dict.fromkeys(group[c] for c in mission.commodities)))
            for m, mission in net.missions.items()
        },
        commodities={c: net.commodities[c] for c in dict.fromkeys(group.values())},
        need_kg=_summed(net.need_kg, group),
        starting_kg=_total(net.starting_kg, group),
        supply_kg=_summed(net.supply_kg, group),
        usd_per_kg=_mean_price(net.usd_per_kg, group, weight),
        base_cargo=tuple(dict.fromkeys((b, group[c]) for b, c in net.base_cargo)),
    )


def _groups(net: Network) -> dict[str, str]:
    """First commodity of its kind, for every commodity."""
    first: dict[tuple[object, ...], str] = {}

    def kind(c: str) -> tuple[object, ...]:
        carriers = tuple(m for m, mission in net.missions.items() if c in mission.commodities)
        bases = tuple(b for b, good in net.base_cargo if good == c)
        return net.commodities[c].priority, net.commodities[c].fill_frac, carriers, bases

    return {c: first.setdefault(kind(c), c) for c in net.commodities}


def _summed(
    series: Mapping[tuple[str, str], tuple[float, ...]], group: Mapping[str, str]
) -> dict[tuple[str, str], tuple[float, ...]]:
    total: dict[tuple[str, str], tuple[float, ...]] = {}
    for (place, c), daily in series.items():
        before = total.get((place, group[c]), (0.0,) * len(daily))
        total[place, group[c]] = tuple(a + b for a, b in zip(before, daily, strict=True))
    return total


def _total(
    start_kg: Mapping[tuple[str, str], float], group: Mapping[str, str]
) -> dict[tuple[str, str], float]:
    total: dict[tuple[str, str], float] = defaultdict(float)
    for (k, c), kg in start_kg.items():
        total[k, group[c]] += kg
    return dict(total)


def _mean_price(
    usd_per_kg: Mapping[tuple[str, str], float], group: Mapping[str, str], weight: Mapping[str, float]
) -> dict[tuple[str, str], float]:
    usd: dict[tuple[str, str], float] = defaultdict(float)
    kg: dict[tuple[str, str], float] = defaultdict(float)
    for (b, c), price in usd_per_kg.items():
        if c in group:
            counted_kg = max(weight[c], LEAST_KG)
            usd[b, group[c]] += price * counted_kg
            kg[b, group[c]] += counted_kg
    return {key: usd[key] / kg[key] for key in usd}
