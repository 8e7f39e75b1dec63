"""A plan day by day: what flies, lands, is eaten, costs and is risked, as numbers for charts and tables."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from instances.schema import Instance
from optimizer.plan import Plan, Sortie
from reports.people import Daily, Fed, Met, band_of, fed_of, met_of


@dataclass(frozen=True)
class Good:
    """A food or item of a community, day by day, kg.

    Attributes
    ----------
    community, commodity : str
        Ids.
    need_kg, received_kg, eaten_kg, stock_kg : tuple of float
        As in ``coverage.csv``; 0 on days without a row.
    """

    community: str
    commodity: str
    need_kg: Daily
    received_kg: Daily
    eaten_kg: Daily
    stock_kg: Daily


@dataclass(frozen=True)
class Series:
    """A plan day by day.

    Attributes
    ----------
    dates : tuple of date
        Days of the plan.
    sorties : tuple of float
        Sorties of each day.
    dropped_kg, landed_kg, diverted_kg : tuple of float
        Cargo of each day, kg.
    cost_usd : tuple of float
        Spent up to the end of each day, USD; standing costs are spread evenly.
    loss_prob : mapping of str to tuple of float
        By party, probability of having lost any aircraft by the end of each day, 0..1.
    goods : tuple of Good
        In the order of ``coverage.csv``.
    fed : tuple of Fed
        What people eat, by community.
    needs : tuple of Met
        How far needs are met.
    """

    dates: tuple[dt.date, ...]
    sorties: Daily
    dropped_kg: Daily
    landed_kg: Daily
    diverted_kg: Daily
    cost_usd: Daily
    loss_prob: Mapping[str, Daily]
    goods: tuple[Good, ...]
    fed: tuple[Fed, ...]
    needs: tuple[Met, ...]

    @property
    def full_frac(self) -> Daily:
        """Share of the people to be fed who are fed in full, day by day, 0..1."""
        people = sum(one.people for one in self.fed) or 1
        return tuple(
            sum(one.people for one in self.fed if band_of(one.energy_frac[d]) == "full") / people
            for d in range(len(self.dates))
        )

    @property
    def kcal(self) -> Daily:
        """Energy eaten, mean over all people to be fed, kcal per person and day."""
        people = sum(one.people for one in self.fed) or 1
        return tuple(
            sum(one.people * one.kcal[d] for one in self.fed) / people for d in range(len(self.dates))
        )


def series_of(plan: Plan, instance: Instance) -> Series:
    """The plan day by day.

    Parameters
    ----------
    plan : Plan
        Its tables; rows of days outside the instance are left out.
    instance : Instance
        With the plan's scenarios and days: gives prices, people and standards.
    """
    dates = instance.dates
    day = {date: d for d, date in enumerate(dates)}
    date_of = {sortie.sortie_id: sortie.date for sortie in plan.sorties}
    loads = [(date_of.get(load.sortie_id), load) for load in plan.loads]
    return Series(
        dates=dates,
        sorties=_daily(day, ((sortie.date, 1.0) for sortie in plan.sorties)),
        dropped_kg=_daily(day, ((date, load.net_kg) for date, load in loads)),
        landed_kg=_daily(day, ((date, load.landed_kg) for date, load in loads)),
        diverted_kg=_daily(day, ((date, load.net_kg * load.diverted_frac) for date, load in loads)),
        cost_usd=tuple(accumulate(_spent(plan, instance, day))),
        loss_prob={party: _loss(plan.sorties, party, day) for party in plan.options.parties},
        goods=_goods(plan, day),
        fed=fed_of(plan, instance),
        needs=met_of(plan, instance),
    )


def _daily(day: Mapping[dt.date, int], amounts: Iterable[tuple[dt.date | None, float]]) -> Daily:
    """Amounts added up by day."""
    total = [0.0] * len(day)
    for date, amount in amounts:
        if date is not None and date in day:
            total[day[date]] += amount
    return tuple(total)


def _spent(plan: Plan, instance: Instance, day: Mapping[dt.date, int]) -> Daily:
    """USD of each day: sorties, hand-overs and feeder trips as they are made, standing costs evenly."""
    standing = sum(use.standing_usd for use in plan.fleet) / len(day)
    per_kg = {(link.zone, link.community): link.usd_per_kg for link in instance.links}
    per_trip = {feeder.id: feeder.usd_per_trip for feeder in instance.feeders}
    trips = dict.fromkeys((trip.date, trip.feeder, trip.trips) for trip in plan.feeders)
    amounts = [
        *((date, standing) for date in day),
        *((sortie.date, sortie.cost_usd) for sortie in plan.sorties),
        *((h.date, round(h.handed_kg * per_kg.get((h.zone, h.community), 0), 2)) for h in plan.handovers),
        *((date, count * per_trip.get(feeder, 0.0)) for date, feeder, count in trips),
    ]
    return _daily(day, amounts)


def _loss(sorties: Iterable[Sortie], party: str, day: Mapping[dt.date, int]) -> Daily:
    """Probability of having lost any aircraft of a party, up to each day."""
    # A hand-edited certainty of loss must not end in log(0).
    logs = ((s.date, math.log1p(-min(s.loss_prob, 1 - 1e-12))) for s in sorties if s.party == party)
    return tuple(-math.expm1(total) for total in accumulate(_daily(day, logs)))


def _goods(plan: Plan, day: Mapping[dt.date, int]) -> tuple[Good, ...]:
    columns = ("need_kg", "received_kg", "eaten_kg", "stock_kg")
    found: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(
        lambda: {name: [0.0] * len(day) for name in columns}
    )
    for row in plan.coverage:
        if row.date in day:
            for name in columns:
                found[row.community, row.commodity][name][day[row.date]] = getattr(row, name)
    return tuple(Good(*key, *(tuple(daily[name]) for name in columns)) for key, daily in found.items())
