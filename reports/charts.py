"""The charts of a plan, and the curves of several plans over each other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final

from matplotlib.axes import Axes

from instances.schema import Instance
from optimizer.plan import Plan
from reports.axes import axis_of_days, legend, line, line_each, percent, short, sum_t
from reports.figures import HEIGHT_IN, HIGH, SERIES, Chart, names_of
from reports.labels import by_name, need_labels, people_by_name, tail_order
from reports.people import Fed
from reports.plates import by_community, standard_lines
from reports.series import Series, series_of
from reports.words import need_words

MOST_NUMBERS: Final = 20  # periods up to which a chart has room for a number in each


def plan_charts(plan: Plan, instance: Instance, series: Series | None = None) -> tuple[Chart, ...]:
    """The charts of one plan, in the order of the page.

    Parameters
    ----------
    plan : Plan
        What is shown.
    instance : Instance
        With the plan's scenarios, days and rules.
    series : Series, optional
        Of this plan, where it is at hand.
    """
    daily = series or series_of(plan, instance)
    names = {key: short(name) for key, name in names_of(instance).items()}
    tails = len({sortie.tail for sortie in plan.sorties})
    return (
        *_of_people(daily, instance, names),
        Chart("cargo", "Cargo dropped, landed and in other hands so far, t", _cargo(daily)),
        Chart("cost", "Cost so far, million USD", _cost({"": daily})),
        Chart("bill", "What the cost is made of, million USD", _bill(plan, names)),
        Chart("loss", "Probability of having lost an aircraft so far", _loss(daily, instance, names)),
        Chart(
            "timeline",
            "Sorties by tail and day",
            _timeline(plan, daily),
            height_in=max(1.6, 0.8 + 0.2 * tails),
        ),
    )


def _of_people(daily: Series, instance: Instance, names: Mapping[str, str]) -> Iterator[Chart]:
    """What people get, as far as anybody is to be fed and anything is needed."""
    if daily.fed:
        yield Chart("energy", "Energy eaten, kcal per person and day", _energy(daily, instance, names))
        title = "Food in stock at the end of the day, days of standard"
        yield Chart("stock", title, _stock(daily, instance, names))
    if daily.needs:
        height = max(HEIGHT_IN, 0.9 + 0.19 * len(daily.needs))
        title = "Share of each need met, period by period"
        yield Chart("needs", title, _heat(daily, names), height_in=height)
    yield from by_community(daily, instance, names)


def comparison_charts(daily: Mapping[str, Series]) -> tuple[Chart, ...]:
    """The curves of several plans over each other; `daily` by the name of the plan."""
    mean = "Energy eaten, mean over all people, kcal per person and day"
    eaten = (
        Chart("energy", mean, _each(daily, lambda s: s.kcal)),
        Chart("full", "Share of people fed in full", _each(daily, lambda s: s.full_frac, shares=True)),
    )
    return (
        *(eaten if any(series.fed for series in daily.values()) else ()),
        Chart("landed", "Cargo landed so far, t", _each(daily, lambda s: sum_t(s.landed_kg))),
        Chart("cost", "Cost so far, million USD", _cost(daily)),
        Chart(
            "loss",
            "Probability of having lost an aircraft so far",
            _each(daily, lambda s: _any_loss(s), shares=True),
        ),
        Chart("sorties", "Sorties so far", _each(daily, lambda s: tuple(accumulate(s.sorties)))),
    )


def _any_loss(series: Series) -> tuple[float, ...]:
    """Probability that any party has lost an aircraft, up to each day."""
    kept = [1.0] * len(series.dates)
    for losses in series.loss_prob.values():
        kept = [rest * (1 - loss) for rest, loss in zip(kept, losses, strict=True)]
    return tuple(1 - rest for rest in kept)


def _each(
    daily: Mapping[str, Series],
    values: Callable[[Series], Sequence[float]],
    shares: bool = False,
) -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        for place, (name, series) in enumerate(daily.items()):
            line(axes, values(series), place, short(name))
            axis_of_days(axes, series)
        axes.set_ylim(bottom=0)
        if shares:
            percent(axes)
        legend(axes, "best")

    return draw


def _energy(series: Series, instance: Instance, names: Mapping[str, str]) -> Callable[[Axes], None]:
    standards = {one.standard["kcal"] for one in series.fed}

    def draw(axes: Axes) -> None:
        line_each(
            axes,
            by_name({one.community: one.kcal for one in series.fed}, names),
            people_by_name(instance, names),
        )
        axes.set_ylim(bottom=0)
        if len(standards) == 1:  # bands of several standards would hide each other
            standard_lines(axes, *standards)
        axis_of_days(axes, series)
        legend(axes, "lower left")

    return draw


def _heat(series: Series, names: Mapping[str, str]) -> Callable[[Axes], None]:
    whose = dict.fromkeys(need.community for need in series.needs)
    needs = [need for community in whose for need in series.needs if need.community == community]
    periods = sorted({date for need in needs for date, _ in need.weeks})
    column = {date: place for place, date in enumerate(periods)}

    def draw(axes: Axes) -> None:
        axes.grid(visible=False)
        for row, need in enumerate(needs):
            for date, met in need.weeks:
                shown = min(1.0, max(0.0, met))
                place = column[date]
                axes.barh(row, 0.92, left=place, height=0.84, color=HIGH, alpha=0.12 + 0.88 * shown)
                if met < 0.9995 and len(periods) <= MOST_NUMBERS:
                    text = f"{min(99, round(100 * shown))}"
                    axes.text(place + 0.46, row, text, ha="center", va="center", fontsize=6.5)
        labels = need_labels([(one.community, need_words(one.need, names)) for one in needs], names)
        axes.set_yticks(range(len(labels)), labels, fontsize=7)
        step = math.ceil(len(periods) / 5)
        ticks = range(0, len(periods), step)
        axes.set_xticks([0.46 + n for n in ticks], [f"{periods[n].day} {periods[n]:%b}" for n in ticks])
        axes.tick_params(axis="x", labelsize=7)
        axes.set_xlabel("numbers: % met where not all is", fontsize=7)
        axes.set_ylim(len(labels) - 0.4, -0.6)

    return draw


def _stock(series: Series, instance: Instance, names: Mapping[str, str]) -> Callable[[Axes], None]:
    kcal = {commodity.id: commodity.kcal_per_kg for commodity in instance.commodities if commodity.is_food}

    def days(one: Fed, d: int) -> float:
        food = [good for good in series.goods if good.community == one.community and good.commodity in kcal]
        need = one.people * one.standard["kcal"][d]
        return sum(good.stock_kg[d] * kcal[good.commodity] for good in food) / need if need > 0 else 0.0

    def draw(axes: Axes) -> None:
        of_days = range(len(series.dates))
        values = {one.community: [days(one, d) for d in of_days] for one in series.fed}
        line_each(axes, by_name(values, names), people_by_name(instance, names))
        axes.set_ylim(bottom=0)
        axis_of_days(axes, series)
        legend(axes, "best")

    return draw


def _cargo(series: Series) -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        for place, (label, kg) in enumerate(
            (
                ("dropped", series.dropped_kg),
                ("landed", series.landed_kg),
                ("in other hands", series.diverted_kg),
            )
        ):
            line(axes, sum_t(kg), place, label)
        axes.set_ylim(bottom=0)
        axis_of_days(axes, series)
        legend(axes, "upper left")

    return draw


def _cost(daily: Mapping[str, Series]) -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        for place, (name, series) in enumerate(daily.items()):
            line(axes, [usd / 1e6 for usd in series.cost_usd], place, short(name))
            axis_of_days(axes, series)
        axes.set_ylim(bottom=0)
        if any(daily):
            legend(axes, "upper left")

    return draw


def _bill(plan: Plan, names: Mapping[str, str]) -> Callable[[Axes], None]:
    items = list(dict.fromkeys(cost.item for cost in plan.costs))
    parties = list(dict.fromkeys(cost.party for cost in plan.costs if abs(cost.usd) >= 0.005))
    usd = {(cost.party, cost.item): cost.usd for cost in plan.costs}

    def draw(axes: Axes) -> None:
        left = [0.0] * len(items)
        for place, party in enumerate(parties):
            values = [usd.get((party, item), 0.0) / 1e6 for item in items]
            label = "everyone" if party == "all" else names.get(party, party)
            axes.barh(range(len(items)), values, left=left, color=SERIES[place % len(SERIES)], label=label)
            left = [sum(pair) for pair in zip(left, values, strict=True)]
        for row, total in enumerate(left):
            axes.text(total, row, f" {total:,.2f}", va="center", fontsize=8)
        axes.set_yticks(range(len(items)), items)
        axes.invert_yaxis()
        axes.margins(x=0.18)
        if len(parties) > 1:
            legend(axes, "lower right")

    return draw


def _loss(series: Series, instance: Instance, names: Mapping[str, str]) -> Callable[[Axes], None]:
    budgets = {party.id: party.loss_budget for party in instance.parties}

    def draw(axes: Axes) -> None:
        for place, (party, loss) in enumerate(series.loss_prob.items()):
            line(axes, loss, place, names.get(party, party))
            budget = budgets.get(party)
            if budget is not None:
                axes.axhline(budget, color=SERIES[place % len(SERIES)], linewidth=0.8)
                axes.annotate("limit", (0, budget), (0, 3), textcoords="offset points", fontsize=8)
        axes.set_ylim(bottom=0)
        axes.margins(y=0.12)
        percent(axes)
        axis_of_days(axes, series)
        if len(series.loss_prob) > 1:
            legend(axes, "lower right")

    return draw


def _timeline(plan: Plan, series: Series) -> Callable[[Axes], None]:
    tails = sorted({sortie.tail for sortie in plan.sorties}, key=tail_order)
    row = {tail: place for place, tail in enumerate(tails)}
    parties = {party: place for place, party in enumerate(plan.options.parties)}
    first = series.dates[0]

    def draw(axes: Axes) -> None:
        for sortie in plan.sorties:
            local = sortie.takeoff_local
            start = (sortie.date - first).days - 0.5 + (local.hour + local.minute / 60) / 24
            place = parties.get(sortie.party, 0)
            axes.barh(
                row[sortie.tail],
                sortie.block_min / 1440,
                left=start,
                height=0.7,
                color=SERIES[place % len(SERIES)],
            )
        axes.set_yticks(range(len(tails)), [short(tail, 20) for tail in tails], fontsize=7)
        axes.invert_yaxis()
        axis_of_days(axes, series)

    return draw
