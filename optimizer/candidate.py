"""A complete campaign, timed and settled, and what is left of one that the timetable cannot hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.campaign.decisions import Decisions
from optimizer.network import Network
from optimizer.timetable.flights import Flight, Haul


@dataclass(frozen=True)
class Candidate:
    """A complete campaign: decisions, timed flights, and the value of each goal in order."""

    decisions: Decisions
    flights: tuple[Flight, ...]
    hauls: tuple[Haul, ...]
    values: tuple[float, ...]


def without(net: Network, whole: Decisions, left_over: Mapping[tuple[str, int], int]) -> Decisions:
    """The same decisions less the sorties that cannot be flown and the bundles they would carry."""
    if not left_over:
        return whole
    sorties, bundles = dict(whole.of("sorties")), dict(whole.of("bundles"))
    trips = dict(whole.of("feeder_trips"))
    for (m, d), n in left_over.items():
        if m in net.feeders:
            trips[m, d] -= n
            continue
        sorties[m, d] -= n
        positions = net.missions[m].positions
        if positions is not None:
            room = positions * sorties[m, d]
            for stop in net.stops_of([m]):
                bundles[stop, d] = min(bundles.get((stop, d), 0.0), room)
                room -= bundles[stop, d]
    return Decisions({**whole.values, "sorties": sorties, "bundles": bundles, "feeder_trips": trips})
