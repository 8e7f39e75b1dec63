"""How people fare by what they eat: records of nutrition, severity and rations, from those of coverage."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import batched
from typing import Final

from optimizer.needs import NUTRIENTS, Demand, Period, content
from optimizer.network import Network
from optimizer.plan import Coverage, Nutrition, Plan, Ration, Severity
from optimizer.rationing import closing_short, severity_of

DAYS_PER_WEEK: Final = 7
DECIMALS: Final = {"kcal": 1, "protein_g": 2, "fat_g": 2}
"""Of what a person eats, as it is written."""
FULL, SHORT, CRISIS, SEVERE = "full", "short", "crisis", "severe"
BANDS: Final = ((0.95, FULL), (0.8, SHORT), (0.5, CRISIS), (0.0, SEVERE))
"""Least share of the standard of energy, and what a day with it is called; the borders are ours."""


def band(energy_frac: float) -> str:
    """What a day is called on which people have this share of the standard of energy."""
    return next((name for least, name in BANDS if energy_frac >= least), SEVERE)


class Measure:
    """What the coverage of a plan says of its people.

    Parameters
    ----------
    net : Network
        Day by day.
    coverage : sequence of Coverage
        As written.
    """

    def __init__(self, net: Network, coverage: Sequence[Coverage]) -> None:
        self._net, self._dates = net, net.instance.dates
        self._rows = {(row.community, row.commodity, row.date): row for row in coverage}

    def _eaten_kg(self, k: str, c: str, date: dt.date) -> float:
        row = self._rows.get((k, c, date))
        return row.eaten_kg if row is not None else 0.0

    @cached_property
    def _fed(self) -> list[str]:
        return list(dict.fromkeys(k for k, _ in self._net.nutrients))

    @cached_property
    def _foods(self) -> dict[str, list[str]]:
        """Foods by community, in the order of their rows."""
        foods: dict[str, list[str]] = defaultdict(list)
        for k, c in dict.fromkeys((k, c) for k, c, _ in self._rows):
            if (k, c) in self._net.diet:
                foods[k].append(c)
        return foods

    def _held(self, k: str, nutrient: str, date: dt.date) -> float:
        """What a community eats of a nutrient on a day."""
        commodities = self._net.commodities
        return sum(
            content(commodities[c], nutrient) * self._eaten_kg(k, c, date) for c in self._foods.get(k, ())
        )

    @cached_property
    def nutrition(self) -> tuple[Nutrition, ...]:
        """What a person eats, day by day, in every community that is to be fed."""
        return tuple(self._fare(k, d) for d in range(len(self._dates)) for k in self._fed)

    def _fare(self, k: str, d: int) -> Nutrition:
        date, people = self._dates[d], self._net.communities[k].population
        held = {nutrient: self._held(k, nutrient, date) for nutrient in NUTRIENTS}
        need = self._net.nutrients[k, "kcal"].amount[d]
        return Nutrition(
            date=date,
            community=k,
            energy_frac=round(held["kcal"] / need, 6) if need > 0 else 1.0,
            **{name: round(amount / people, DECIMALS[name]) for name, amount in held.items()},
        )

    @cached_property
    def severity(self) -> tuple[Severity, ...]:
        """What going short comes to, by need and period; of closing stock on the day after the last."""
        rows = [row for one in self._net.demands.values() for row in self._severities(one)]
        return tuple(sorted(rows, key=lambda row: row.date))

    def _severities(self, one: Demand) -> Iterator[Severity]:
        points = self._net.instance.header.severity_points
        for period in one.periods:
            days = 0 if period.closing else period.last - period.first + 1
            short = (
                self._closing[one.community][one.name] if period.closing else self._short_frac(one, period)
            )
            yield Severity(
                date=self._dates[0] + dt.timedelta(days=period.first),
                days=days,
                community=one.community,
                need=one.name,
                people=round(one.people[-1] if period.closing else period.people / days, 3),
                need_amount=round(period.amount, 3),
                short_frac=round(short, 6),
                severity=round(one.weight * period.people * severity_of(points, short), 3),
            )

    def _short_frac(self, one: Demand, period: Period) -> float:
        days = range(period.first, period.last + 1)
        return sum(self._short(one, d) for d in days) / period.amount

    def _short(self, one: Demand, d: int) -> float:
        """What is short of a need on a day: kcal, g or kg."""
        date = self._dates[d]
        if one.name in NUTRIENTS:
            return max(0.0, one.amount[d] - self._held(one.community, one.name, date))
        row = self._rows.get((one.community, one.name, date))
        return one.amount[d] if row is None else row.unmet_kg

    @cached_property
    def _closing(self) -> Mapping[str, Mapping[str, float]]:
        """Share of the closing stock that is lacking, by community and need."""
        last = self._dates[-1]
        asked = dict.fromkeys(k for (k, _), one in self._net.demands.items() if one.closing is not None)
        stock = {
            k: {c: row.stock_kg for (own, c, date), row in self._rows.items() if (own, date) == (k, last)}
            for k in asked
        }
        return {k: closing_short(self._net, k, kg) for k, kg in stock.items()}

    @cached_property
    def rations(self) -> tuple[Ration, ...]:
        """What there is to hand out of each food, week by week."""
        rows = (
            self._ration(k, c, week)
            for week in batched(self._dates, DAYS_PER_WEEK)
            for k in self._fed
            for c in self._foods.get(k, ())
        )
        return tuple(row for row in rows if row is not None)

    def _ration(self, k: str, c: str, week: Sequence[dt.date]) -> Ration | None:
        """None where nothing is eaten of it."""
        kg = sum(self._eaten_kg(k, c, date) for date in week)
        each_kg = kg / self._net.communities[k].population / len(week)
        if kg <= 0:
            return None
        return Ration(
            date=week[0],
            days=len(week),
            community=k,
            commodity=c,
            g_per_person_day=round(1000 * each_kg, 2),
            **{
                name: round(each_kg * content(self._net.commodities[c], name), DECIMALS[name])
                for name in NUTRIENTS
            },
        )


def severity_person_days(severity: Sequence[Severity]) -> float:
    """All severity of a plan, person-days."""
    return sum(row.severity for row in severity)


def worst_week_frac(net: Network, severity: Sequence[Severity]) -> float:
    """Severity of the worst-off community in its worst period, as a share of having nothing at all, 0..1."""
    first = net.instance.dates[0]
    at_worst: dict[tuple[str, dt.date], float] = defaultdict(float)
    for one in net.demands.values():
        for period in one.periods:
            at_worst[one.community, first + dt.timedelta(days=period.first)] += one.weight * period.people
    reached: dict[tuple[str, dt.date], float] = defaultdict(float)
    for row in severity:
        reached[row.community, row.date] += row.severity
    return max((reached[key] / most for key, most in at_worst.items() if most > 0), default=0.0)


def unreached_frac(plan: Plan) -> float:
    """The largest share short of any need in a period that counts for a coverage, 0..1."""
    first = min((row.date for row in plan.coverage), default=dt.date.min)
    since = first + dt.timedelta(days=plan.options.coverage_from)
    return max((row.short_frac for row in plan.severity if row.days > 0 and row.date >= since), default=0.0)


def fare(net: Network, nutrition: Sequence[Nutrition]) -> Iterator[tuple[str, float]]:
    """How people are fed, for the summary: person-days by band, and what a person eats, if anybody is."""
    if not nutrition:
        yield "person_days", net.person_days
        return
    people = {k: one.population for k, one in net.communities.items()}
    in_band = dict.fromkeys((name for _, name in BANDS), 0)
    for row in nutrition:
        in_band[band(row.energy_frac)] += people[row.community]
    whole = sum(in_band.values())
    yield "person_days", whole
    yield from ((f"person_days_{name}", count) for name, count in in_band.items())
    means = {
        name: round(sum(people[row.community] * getattr(row, name) for row in nutrition) / whole, decimals)
        for name, decimals in DECIMALS.items()
    }
    yield "kcal_mean", means["kcal"]
    yield "kcal_worst_week", round(min(_weekly_kcal(nutrition)), DECIMALS["kcal"])
    yield "protein_g_mean", means["protein_g"]
    yield "fat_g_mean", means["fat_g"]


def _weekly_kcal(nutrition: Sequence[Nutrition]) -> Iterator[float]:
    """Mean energy of each community in each week."""
    for k in dict.fromkeys(row.community for row in nutrition):
        own = [row.kcal for row in nutrition if row.community == k]
        yield from (sum(week) / len(week) for week in batched(own, DAYS_PER_WEEK))


def items(net: Network, coverage: Sequence[Coverage]) -> Iterator[tuple[str, float]]:
    """Share of items that is met, for the summary: mean over their needs by person-days, if there are any."""
    need: dict[tuple[str, str], float] = defaultdict(float)
    unmet: dict[tuple[str, str], float] = defaultdict(float)
    for row in coverage:
        need[row.community, row.commodity] += row.need_kg
        unmet[row.community, row.commodity] += row.unmet_kg
    weights = {key: sum(one.people) for key, one in net.items.items() if need[key] > 0}
    if weights:
        met = sum(weight * (1 - unmet[key] / need[key]) for key, weight in weights.items())
        yield "items_met_frac", round(met / sum(weights.values()), 6)
