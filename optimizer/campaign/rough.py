"""A rough plan of all days in one, and what is left of a network when only its missions may be flown.

Where many fleets serve many zones there are too many whole days to choose from. Which missions a good plan
flies hardly depends on the day: all days of a kind in one leave few enough whole numbers for the plain
model, and with its missions alone a day is small again. Every plan is one of all days in one
as well, so that the bound of the rough plan holds for all.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from optimizer.campaign.build import build
from optimizer.campaign.settle import Settler
from optimizer.campaign.spells import in_spells
from optimizer.campaign.wanted import FINE, TIGHT, Wanted
from optimizer.clock import Clock
from optimizer.kind import Kind
from optimizer.network import Network, Stretch

EDGE_DAYS, MORE_DAYS = 3, 2  # at either end that a bound looks at one by one; then so many more
LEAST_S = 2.0  # to see what some tails come to at least
GOLDEN = (5**0.5 - 1) / 2  # moves zones against each other


@dataclass(frozen=True)
class Rough:
    """A bound of the first goal that holds for every plan, and the missions and tails of a rough one, if any.

    Attributes
    ----------
    bound : float
        In the unit of the goal; ``-inf`` when there was no time for one.
    value : float
        Of the rough plan.
    least : float
        What a plan with its tails comes to at least: it tells better how good they are than the value of a
        plan that was not sought to the end.
    missions : frozenset of str
        Ids of the missions flown.
    tails : dict
        Contracted, by fleet.
    sorties : mapping
        By mission and day, with days of a kind flown as evenly as can be.
    """

    bound: float
    value: float = math.inf
    least: float = math.inf
    missions: frozenset[str] = frozenset()
    tails: dict[str, int] | None = None
    sorties: Mapping[tuple[str, int], int] = field(default_factory=dict)


def rough_plan(
    net: Network,
    kinds: Sequence[Kind],
    wanted: Wanted,
    seed: int,
    clock: Clock,
    *,
    tails_first: bool = False,
) -> Rough:
    """Plan all days of a kind in one, in whole tails and sorties, for the first goal alone.

    Parameters
    ----------
    net : Network
        Day by day.
    kinds : sequence of Kind
        Of every day.
    wanted : Wanted
        Goals, limits and gap; the gap of the first goal ends the search.
    seed : int
        Seed of the solver.
    clock : Clock
        Says when to break off.
    tails_first : bool
        Whether tails are decided as if sorties could be divided, and sorties with these tails alone: sooner
        done where there are many fleets, but those tails may have no plan at all.
    """
    short, bound = in_spells(net, kinds, net.horizon_days, 0), -math.inf
    if tails_first:
        plan, solved = Settler(build(short, tight=True), seed).first(wanted, clock, TIGHT, ("tails",))
        bound = solved.bound
        if plan is None:
            return Rough(bound)
        few = narrowed(net, Rough(bound, missions=frozenset(net.missions), tails=plan.count("tails")))
        kinds = [replace(kind, missions=few.by_day[d]) for d, kind in enumerate(kinds)]
        short = in_spells(few, kinds, net.horizon_days, 0)
    model = Settler(build(short, tight=True), seed)
    plan, solved = model.first(wanted, clock, TIGHT, ("tails", "sorties"))
    bound = bound if tails_first else solved.bound
    if plan is None or solved.value is None:
        return Rough(bound)
    tails = {f: n for f, n in plan.count("tails").items() if n}
    least = model.least(wanted, Clock(LEAST_S), plan.count("tails"))
    sorties = plan.count("sorties")
    missions = frozenset(m for (m, _), n in sorties.items() if n)
    value = solved.value
    return Rough(bound, value, value if least is None else least, missions, tails, _spread(short, sorties))


def rough_bound(net: Network, kinds: Sequence[Kind], wanted: Wanted, seed: int, clock: Clock) -> float:
    """A bound for every plan that looks at the first and last days one by one, at more and more of them.

    Whoever starts with little in stock cannot wait for the end of a month. Whole are tails, and sorties of
    these days: without those of all days of a kind in one next to nothing is lost. Parameters are those of
    `rough_plan`; ``-inf`` when there was no time.
    """
    bound = -math.inf
    for edge_days in range(EDGE_DAYS, max(EDGE_DAYS, net.horizon_days // 2) + 1, MORE_DAYS):
        if clock.stopped():
            break
        short = in_spells(net, kinds, net.horizon_days, edge_days)
        alone = [d for d in short.days if short.lasts(d) == 1]
        model = Settler(build(short, tight=True), seed)
        _, solved = model.first(wanted, clock, FINE, ("tails", "sorties"), alone)
        bound = max(bound, solved.bound)
    return bound


def _spread(short: Network, sorties: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], int]:
    """Sorties of stretches on their days: every zone at even distances, and as many a day."""
    by_day: dict[tuple[str, int], int] = defaultdict(int)
    for i, stretch in enumerate(short.stretches):
        by_zone: dict[tuple[str, ...], list[tuple[float, str]]] = defaultdict(list)
        for (m, d), n in sorties.items():
            if d == i:
                by_zone[short.missions[m].zones] += [((j + 0.5) / n, m) for j in range(n)]
        places = []
        for z, zone in enumerate(sorted(by_zone)):
            own = [m for _, m in sorted(by_zone[zone])]
            places += [((j + z * GOLDEN % 1) / len(own), m) for j, m in enumerate(own)]
        for rank, (_, m) in enumerate(sorted(places)):
            by_day[m, stretch.days[rank * len(stretch.days) // len(places)]] += 1
    return dict(by_day)


def narrowed(net: Network, rough: Rough) -> Network:
    """The network day by day with no other missions than those of a rough plan, and no more tails."""
    tails = rough.tails or {}
    flown = {m for m in rough.missions if tails.get(net.missions[m].fleet.id)}
    by_day = {d: tuple(m for m in missions if m in flown) for d, missions in net.by_day.items()}
    contracted = ((f, fleet) for f, fleet in net.fleets.items() if tails.get(f))
    return replace(
        net,
        fleets={f: fleet.model_copy(update={"max_tails": tails[f]}) for f, fleet in contracted},
        by_day=by_day,
        stretches=tuple(Stretch((d,), d, d, Kind(by_day[d], day=d)) for d in net.days),
    )
