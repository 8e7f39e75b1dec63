"""What people get: energy, protein and fat a person and day, by bands and weeks, and items by group."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from instances.catalogue import Group
from instances.schema import Commodity, Instance, Standard
from optimizer.plan import Plan

type Daily = tuple[float, ...]
"""One number per day of the plan, in order."""

BANDS: Final[Mapping[str, float]] = {"full": 0.95, "short": 0.8, "crisis": 0.5, "severe": 0.0}
"""Least share of the standard's energy, 0..1, by the name of the band."""

BANDS_WORDS: Final = (
    "Bands by the energy a person eats a day: full from 95 % of the standard, short from 80 %, crisis from "
    "50 %, severe below. These borders are ours; no standard sets them."
)

NUTRIENTS: Final[Mapping[str, tuple[str, str]]] = {
    "kcal": ("energy", "kcal"),
    "protein_g": ("protein", "g"),
    "fat_g": ("fat", "g"),
}
"""Word and unit of each nutrient."""

WEEK: Final = 7


def weeks_of(days: int) -> list[range]:
    """Weeks from the first day; the last may be shorter."""
    return [range(first, min(first + WEEK, days)) for first in range(0, days, WEEK)]


def band_of(energy_frac: float) -> str:
    """The band of a share of the standard's energy."""
    # Files hold six decimals.
    return next((name for name, least in BANDS.items() if energy_frac >= least - 5e-7), "severe")


@dataclass(frozen=True)
class Fed:
    """What a person of a community eats, day by day.

    Attributes
    ----------
    community : str
        Id.
    people : int
        How many there are.
    eaten : mapping of str to tuple of float
        kcal, g and g per person and day, by nutrient.
    energy_frac : tuple of float
        Energy as a share of the standard, from 0; above 1 where there is more.
    standard : mapping of str to tuple of float
        What a person needs, by nutrient; 0 on days without a standard.
    """

    community: str
    people: int
    eaten: Mapping[str, Daily]
    energy_frac: Daily
    standard: Mapping[str, Daily]

    @property
    def kcal(self) -> Daily:
        """Energy eaten, kcal per person and day."""
        return self.eaten["kcal"]

    def mean(self, nutrient: str, days: Iterable[int] | None = None) -> float:
        """Mean over some days, else over all."""
        daily = self.eaten[nutrient]
        chosen = list(range(len(daily)) if days is None else days)
        return sum(daily[d] for d in chosen) / len(chosen)

    def worst_week(self, nutrient: str) -> float:
        """Lowest mean over a week."""
        return min(self.mean(nutrient, week) for week in weeks_of(len(self.kcal)))

    def days_in(self, band: str) -> int:
        """Days on which energy is in a band."""
        return sum(band_of(frac) == band for frac in self.energy_frac)

    def weeks_in(self, band: str) -> int:
        """Weeks whose mean share of the standard is in a band."""
        return sum(
            band_of(sum(self.energy_frac[d] for d in week) / len(week)) == band
            for week in weeks_of(len(self.kcal))
        )


def fed_of(plan: Plan, instance: Instance) -> tuple[Fed, ...]:
    """The communities that are to be fed, in the order of ``nutrition.csv``."""
    day = {date: d for d, date in enumerate(instance.dates)}
    known = {community.id: community for community in instance.communities}
    columns = (*NUTRIENTS, "energy_frac")
    found: dict[str, dict[str, list[float]]] = {}
    for row in plan.nutrition:
        if row.date in day and row.community in known:
            own = found.setdefault(row.community, {name: [0.0] * len(day) for name in columns})
            for name in columns:
                own[name][day[row.date]] = getattr(row, name)
    return tuple(
        Fed(
            k,
            known[k].population,
            {name: tuple(own[name]) for name in NUTRIENTS},
            tuple(own["energy_frac"]),
            _standard(instance, k),
        )
        for k, own in found.items()
    )


def _standard(instance: Instance, community: str) -> dict[str, Daily]:
    """A community's own standard, else the default, day by day."""
    own = [row for row in instance.standards if row.community == community]
    rows = own or [Standard(community=community)]
    needed = {name: [0.0] * len(instance.dates) for name in NUTRIENTS}
    for row in rows:
        for d, date in enumerate(instance.dates):
            if (row.first_date or date) <= date <= (row.last_date or date):
                for name in NUTRIENTS:
                    needed[name][d] = getattr(row, name)
    return {name: tuple(daily) for name, daily in needed.items()}


@dataclass(frozen=True)
class Met:
    """How far a need of a community is met over the plan.

    Attributes
    ----------
    community, need : str
        Whose; a nutrient or the id of a commodity.
    unit : str
        kcal, g, or what the item is counted in.
    group : str
        Of the commodity; empty for a nutrient.
    person_days : float
        In need.
    days : int
        Days in need.
    amount, short : float
        Needed and short over the plan, in `unit`; of a lasting need, on the mean day in need.
    severity : float
        Person-days, weights counted in.
    weeks : tuple of (date, float)
        First day of each period, and the share met in it, 0..1.
    """

    community: str
    need: str
    unit: str
    group: str
    person_days: float
    days: int
    amount: float
    short: float
    severity: float
    weeks: tuple[tuple[dt.date, float], ...]

    @property
    def met_frac(self) -> float:
        """Share of the need that is met, 0..1."""
        return 1 - self.short / self.amount if self.amount > 0 else 1.0

    @property
    def people_short(self) -> float:
        """How many people's whole need the shortfall is, on the mean day in need."""
        return (1 - self.met_frac) * self.person_days / self.days if self.days else 0.0


def met_of(plan: Plan, instance: Instance) -> tuple[Met, ...]:
    """Every need of every community, in the order of ``severity.csv``, over the days of the plan."""
    commodities = {commodity.id: commodity for commodity in instance.commodities}
    lasting = {(need.community, need.commodity) for need in instance.needs if need.lasting}
    in_need: dict[tuple[str, str], set[dt.date]] = defaultdict(set)
    for row in plan.coverage:
        if row.need_kg > 0:
            in_need[row.community, row.commodity].add(row.date)
    rows = defaultdict(list)
    for one in plan.severity:
        if instance.dates[0] <= one.date <= instance.dates[-1]:
            rows[one.community, one.need].append(one)
    found = []
    for key, own in rows.items():
        item = commodities.get(key[1]) if key[1] not in NUTRIENTS else None
        days = len(in_need[key]) if item else sum(one.days for one in own)
        per = (item.kg_per_unit if item else 1.0) * (max(1, days) if key in lasting else 1)
        found.append(
            Met(
                *key,
                _unit(key[1], item),
                item.group if item else "",
                sum(one.people * one.days for one in own),
                days,
                sum(one.need_amount for one in own) / per,
                sum(one.need_amount * one.short_frac for one in own) / per,
                sum(one.severity for one in own),
                tuple((one.date, 1 - one.short_frac) for one in own),
            )
        )
    return tuple(found)


def _unit(need: str, item: Commodity | None) -> str:
    if need in NUTRIENTS:
        return NUTRIENTS[need][1]
    return item.unit if item else "kg"


def groups_of(needs: Sequence[Met]) -> dict[str, float]:
    """Share of the items that is met, 0..1, by group: the mean over needs by their person-days."""
    found = {}
    for group in get_args(Group):
        own = [one for one in needs if one.group == group]
        total = sum(one.person_days for one in own)
        if total > 0:
            found[group] = sum(one.met_frac * one.person_days for one in own) / total
    return found


def kits_of(needs: Sequence[Met]) -> dict[str, tuple[int, int]]:
    """Whole kits that serve a need, and kits needed, by commodity counted in kits."""
    found = {}
    for need in dict.fromkeys(one.need for one in needs if one.unit == "kit"):
        own = [one for one in needs if one.need == need]
        amount, short = sum(one.amount for one in own), sum(one.short for one in own)
        needed = max(1, round(amount))
        # A kit that is not whole helps nobody, and only all of them are all.
        found[need] = (needed if short < 1e-3 * amount else min(needed - 1, int(amount - short)), needed)
    return found
