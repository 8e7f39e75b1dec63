"""What a planner should know about a plan's drops, in words: heights, what lands, and what the wind takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from instances.schema import WEEKDAYS
from optimizer.network import Network
from optimizer.plan import Load, Sortie


@dataclass
class Tally:
    """Drops of a party by one method from one height: sorties, kg dropped, landed and diverted, harm."""

    sorties: int = 0
    dropped_kg: float = 0.0
    landed_kg: float = 0.0
    diverted_kg: float = 0.0
    harm: float = 0.0


def remarks(net: Network, sorties: Sequence[Sortie], loads: Sequence[Load]) -> tuple[str, ...]:
    """Notes on the drops of every party that drops anything."""
    return (*_drops(net, sorties, loads), *_calm_days(net), *_observed(sorties, loads))


def _drops(net: Network, sorties: Sequence[Sortie], loads: Sequence[Load]) -> Iterator[str]:
    """Methods and heights of a party, with what lands, what is diverted and whom it endangers."""
    drops = {method.id for method in net.instance.methods if method.kind == "drop"}
    by_id = {sortie.sortie_id: sortie for sortie in sorties if sortie.method in drops}
    tallies: dict[str, dict[tuple[str, float], Tally]] = defaultdict(lambda: defaultdict(Tally))
    for sortie in by_id.values():
        tally = tallies[sortie.party][sortie.method, sortie.release_height_m]
        tally.sorties += 1
        tally.harm += sortie.harm_expected
    for load in loads:
        flown = by_id.get(load.sortie_id)
        if flown is not None:
            tally = tallies[flown.party][flown.method, flown.release_height_m]
            tally.dropped_kg += load.net_kg
            tally.landed_kg += load.landed_kg
            tally.diverted_kg += load.net_kg * load.diverted_frac
    for party, own in tallies.items():
        ways = ", ".join(_way(method, height_m, own[method, height_m]) for method, height_m in sorted(own))
        diverted_kg, harm = (sum(getattr(t, name) for t in own.values()) for name in ("diverted_kg", "harm"))
        yield (
            f"{party} drops by {ways}; {diverted_kg / 1000:.1f} t fall into other hands, "
            f"{harm:.2g} people are expected to be harmed"
        )


def _way(method: str, height_m: float, tally: Tally) -> str:
    share = 100 * tally.landed_kg / tally.dropped_kg if tally.dropped_kg else 0.0
    sorties = f"{tally.sorties} sortie{'' if tally.sorties == 1 else 's'}"
    return f"{method} from {height_m:g} m ({sorties}, {share:.1f} % lands)"


def _calm_days(net: Network) -> Iterator[str]:
    """Days that the wind takes from a party that only drops where a method has a limit."""
    for party_id, party in net.parties.items():
        limited = [
            m
            for m in net.missions.values()
            if m.party.id == party_id and m.method.kind == "drop" and m.method.wind_limited
        ]
        flying = [d for d in net.days if WEEKDAYS[net.instance.dates[d].weekday()] in party.flying_weekdays]
        calm = {d for m in limited for d in m.days}
        if limited and net.instance.winds and len(calm) < len(flying):
            days = f"{len(calm)} of {len(flying)} flying days"
            yield f"the wind leaves {party_id} {days} for drops with a wind limit"


def _observed(sorties: Sequence[Sortie], loads: Sequence[Load]) -> Iterator[str]:
    """Shares that were observed, not computed."""
    by_id = {sortie.sortie_id: sortie for sortie in sorties}
    seen = {
        (load.zone, by_id[load.sortie_id].method, by_id[load.sortie_id].release_height_m, load.landed_frac)
        for load in loads
        if load.landing_basis == "observed"
    }
    for zone, method, height_m, frac in sorted(seen):
        share = f"{100 * frac:.1f} %"
        yield f"what lands at {zone} by {method} from {height_m:g} m is observed, not computed: {share}"
