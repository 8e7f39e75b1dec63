"""The plan in a few days that each stand for a week or more: small enough to price at once.

Needs and supplies of a day are the mean of the days it stands for, and what is given once is given in
proportion. Patterns that serve these days serve the whole plan, so that pricing there starts well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from instances.schema import Party
from optimizer.campaign.across_days import WINDOW_DAYS
from optimizer.network import Network

DAYS = 12  # of the condensed plan, about; no multiple of a week, so that every weekday occurs


def condensed(net: Network) -> Network | None:
    """A network of about `DAYS` days in place of all; None when the plan is too short for that to pay."""
    stride = len(net.days) // DAYS
    if stride < 2:
        return None
    stride += stride % 7 == 0
    blocks = [net.days[first : first + stride] for first in range(0, len(net.days), stride)]
    days = range(len(blocks))
    hours_share = min(1.0, len(days) / WINDOW_DAYS)
    return replace(
        net,
        parties={p: _share(party, 1 / stride) for p, party in net.parties.items()},
        fleets={
            f: fleet.model_copy(update={"hours_per_30_days": fleet.hours_per_30_days * hours_share})
            for f, fleet in net.fleets.items()
        },
        communities={
            k: place.model_copy(
                update={
                    "starting_stock_days": place.starting_stock_days / stride,
                    "storage_kg": None if place.storage_kg is None else place.storage_kg / stride,
                }
            )
            for k, place in net.communities.items()
        },
        feeders={
            e: feeder.model_copy(update={"transit_days": feeder.transit_days // stride})
            for e, feeder in net.feeders.items()
        },
        need_kg=_means(net.need_kg, blocks),
        supply_kg=_means(net.supply_kg, blocks),
        rig_arrivals=_means(net.rig_arrivals, blocks),
        days=days,
        by_day={i: net.by_day[block[len(block) // 2]] for i, block in enumerate(blocks)},
    )


def _share(party: Party, share: float) -> Party:
    """A party with a share of what it may risk and spend."""
    return party.model_copy(
        update={
            "loss_budget": 1 - (1 - party.loss_budget) ** share,
            "harm_budget": party.harm_budget * share,
            "funds_usd": None if party.funds_usd is None else party.funds_usd * share,
        }
    )


def _means[Key](
    series: Mapping[Key, Sequence[float]], blocks: Sequence[range]
) -> dict[Key, tuple[float, ...]]:
    """Mean over each block of days of every series."""
    return {
        key: tuple(sum(daily[d] for d in block) / len(block) for block in blocks)
        for key, daily in series.items()
    }
