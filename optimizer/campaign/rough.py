"""A rough plan of all days in one, and what is left of a network when only its missions may be flown.

Where many fleets serve many zones there are too many whole days to choose from. Which missions a good plan
flies hardly depends on the day: all days of a kind in one leave few enough whole numbers for the plain
model, and with its missions alone a day is small again. Every plan is one of all days in one
as well, so that the bound of the rough plan holds for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from optimizer.campaign.build import build
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.settle import Settler
from optimizer.campaign.spells import in_spells
from optimizer.campaign.wanted import LOOSE, Wanted
from optimizer.clock import Clock
from optimizer.kind import Kind
from optimizer.network import Network, Stretch


@dataclass(frozen=True)
class Rough:
    """A bound of the first goal that holds for every plan, and the missions and tails of a rough one, if any.

    Attributes
    ----------
    bound : float
        In the unit of the goal; ``-inf`` when there was no time for one.
    missions : frozenset of str
        Ids of the missions flown.
    tails : dict
        Contracted, by fleet.
    """

    bound: float
    missions: frozenset[str] = frozenset()
    tails: dict[str, int] | None = None


def rough_plan(net: Network, kinds: Sequence[Kind], wanted: Wanted, seed: int, clock: Clock) -> Rough:
    """Plan all days of a kind in one, in whole numbers, for the first goal alone.

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
    """
    model = Settler(build(in_spells(net, kinds, net.horizon_days, 0)), seed)
    plan, solved = model.first(wanted, clock, LOOSE)
    if plan is None:
        return Rough(solved.bound)
    return Rough(solved.bound, _flown(plan), {f: n for f, n in plan.count("tails").items() if n})


def _flown(plan: Decisions) -> frozenset[str]:
    return frozenset(m for (m, _), n in plan.count("sorties").items() if n)


def narrowed(net: Network, rough: Rough) -> Network:
    """The network day by day with no other missions than those of a rough plan, and no more tails."""
    tails = rough.tails or {}
    by_day = {d: tuple(m for m in missions if m in rough.missions) for d, missions in net.by_day.items()}
    contracted = ((f, fleet) for f, fleet in net.fleets.items() if tails.get(f))
    return replace(
        net,
        fleets={f: fleet.model_copy(update={"max_tails": tails[f]}) for f, fleet in contracted},
        by_day=by_day,
        stretches=tuple(Stretch((d,), d, d, Kind(by_day[d], day=d)) for d in net.days),
    )
