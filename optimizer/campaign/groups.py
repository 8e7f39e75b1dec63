"""Fleets that choose their day together, and those that choose it by themselves.

What one group flies on a day is one pattern. One group of all fleets gives the best bounds; where many fleets
serve many zones there are too many whole days to choose from, and each fleet by itself has few. Limits that
several groups share are then rows of the campaign.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pulp import lpSum

from optimizer.campaign.terms import Rows
from optimizer.campaign.variables import Variables
from optimizer.cut import Cut
from optimizer.kind import Kind
from optimizer.network import Network

MOST_TOGETHER = 64  # missions of a day that one group may have, unless they are all of one fleet

type Groups = tuple[frozenset[str], ...]
"""Fleets by their ids; every fleet is in one group."""
type Part = tuple[int, int]
"""A day of the network, and the number of the group that chooses what it flies on it."""


def together(net: Network) -> Groups:
    """All fleets in one group where their missions are few, else each by itself."""
    most = max((len(missions) for missions in net.by_day.values()), default=0)
    return (frozenset(net.fleets),) if most <= MOST_TOGETHER else apart(net)


def apart(net: Network) -> Groups:
    """Each fleet by itself."""
    return tuple(frozenset((f,)) for f in net.fleets)


def parts_of(net: Network, groups: Groups) -> dict[Part, Kind]:
    """Every part of a day on which something may be flown, with what its days have in common."""
    known: dict[tuple[Kind, int], Kind] = {}
    parts: dict[Part, Kind] = {}
    for d in net.days:
        kind = net.kind(d)
        for g, fleets in enumerate(groups):
            part = known.setdefault((kind, g), _part(net, kind, fleets))
            if part.missions:
                parts[d, g] = part
    return parts


def _part(net: Network, kind: Kind, fleets: frozenset[str]) -> Kind:
    """What is left of a kind for these fleets."""
    own = [i for i, m in enumerate(kind.missions) if net.missions[m].fleet.id in fleets]
    missions = tuple(kind.missions[i] for i in own)
    hours = tuple(kind.hours[i] for i in own) if kind.hours else ()
    cuts = tuple(
        cut
        for cut in kind.cuts
        if not set(missions).isdisjoint(cut.missions) and {f for f, _ in cut.per_tail} <= fleets
    )
    return replace(kind, missions=missions, hours=hours, cuts=cuts)


def shared_cuts(x: Variables, net: Network, groups: Groups) -> Rows:
    """What the timetable found room for, where several groups share it.

    sum_{m in cut} sorties[m, d] <= lasts[d] * (most + sum_f per_tail[f] * tails[f])        for all cuts, d
    """
    for d in net.days:
        for i, cut in enumerate(_shared(net, net.kind(d), groups)):
            flown = [x.sorties[m, d] for m in cut.missions if (m, d) in x.sorties]
            room = cut.most + lpSum(n * x.tails[f] for f, n in cut.per_tail)
            yield (d, i), lpSum(flown) <= net.lasts(d) * room


def _shared(net: Network, kind: Kind, groups: Groups) -> Iterator[Cut]:
    for cut in kind.cuts:
        flying = {net.missions[m].fleet.id for m in cut.missions if m in kind.missions}
        flying |= {f for f, _ in cut.per_tail}
        if flying and not any(flying <= fleets for fleets in groups):
            yield cut
