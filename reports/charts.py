"""The charts of a plan, and the curves of several plans over each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from matplotlib.axes import Axes

from instances.schema import Instance
from optimizer.plan import Plan
from reports.axes import axis_of_days, legend, line, line_each, percent, short, sum_t
from reports.figures import HEIGHT_IN, HIGH, MUTED, SERIES, Chart, names_of
from reports.labels import by_name, need_labels, people_by_name, tail_order
from reports.series import Series, series_of
from reports.stocks import by_commodity


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
    rows = max(2, len(daily.needs))
    tails = len({sortie.tail for sortie in plan.sorties})
    return (
        Chart("energy", "Energy eaten, kcal per person per day", _energy(daily, instance, names)),
        Chart(
            "needs",
            "Share of each need met, week by week",
            _heat(daily, names),
            height_in=max(HEIGHT_IN, 0.9 + 0.19 * rows),
        ),
        Chart("stock", "Food in stock at the end of the day, days of need", _stock(daily, instance, names)),
        *by_commodity(daily, names),
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


def comparison_charts(daily: Mapping[str, Series], instance: Instance) -> tuple[Chart, ...]:
    """The curves of several plans over each other; `daily` by the name of the plan."""
    return (
        Chart("met", "Share of all need so far that is met", _each(daily, lambda s: s.met_frac, shares=True)),
        Chart(
            "energy",
            "Energy eaten, mean over all people, kcal per person per day",
            _each(daily, lambda s: _mean_kcal(s, instance), level=instance.header.ration_kcal),
        ),
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


def _mean_kcal(series: Series, instance: Instance) -> tuple[float, ...]:
    people = {c.id: c.population for c in instance.communities if c.id in series.kcal}
    total = sum(people.values()) or 1
    return tuple(sum(series.kcal[k][d] * people[k] for k in people) / total for d in range(len(series.dates)))


def _each(
    daily: Mapping[str, Series],
    values: Callable[[Series], Sequence[float]],
    shares: bool = False,
    level: float | None = None,
) -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        for place, (name, series) in enumerate(daily.items()):
            line(axes, values(series), place, short(name))
            axis_of_days(axes, series)
        if level is not None:
            axes.axhline(level, color=MUTED, linewidth=0.9)
        axes.set_ylim(bottom=0)
        if shares:
            percent(axes)
        legend(axes, "best")

    return draw


def _energy(series: Series, instance: Instance, names: Mapping[str, str]) -> Callable[[Axes], None]:
    ration = instance.header.ration_kcal

    def draw(axes: Axes) -> None:
        line_each(axes, by_name(series.kcal, names), people_by_name(instance, names))
        axes.axhline(ration, color=MUTED, linewidth=0.9)
        axes.annotate(
            f"full ration {ration:,.0f}", (0, ration), (0, 3), textcoords="offset points", fontsize=8
        )
        axes.set_ylim(0, 1.15 * max([ration, *(max(kcal) for kcal in series.kcal.values())]))
        axis_of_days(axes, series)
        legend(axes, "lower left")

    return draw


def _heat(series: Series, names: Mapping[str, str]) -> Callable[[Axes], None]:
    weeks = [range(d, min(d + 7, len(series.dates))) for d in range(0, len(series.dates), 7)]

    def share(need: Sequence[float], unmet: Sequence[float], week: range) -> float:
        total = sum(need[d] for d in week)
        return 1 - sum(unmet[d] for d in week) / total if total > 0 else 1.0

    def draw(axes: Axes) -> None:
        axes.grid(visible=False)
        for row, need in enumerate(series.needs):
            for column, week in enumerate(weeks):
                met = share(need.need_kg, need.unmet_kg, week)
                axes.barh(row, 0.92, left=column, height=0.84, color=HIGH, alpha=0.12 + 0.88 * met)
                if met < 0.9995:
                    axes.text(
                        column + 0.46,
                        row,
                        f"{min(99, round(100 * met))}",
                        ha="center",
                        va="center",
                        fontsize=6.5,
                    )
        labels = need_labels(series.needs, names)
        axes.set_yticks(range(len(labels)), labels, fontsize=7)
        axes.set_xticks([0.46 + n for n in range(len(weeks))], [f"{n + 1}" for n in range(len(weeks))])
        axes.set_xlabel("week; numbers: % met where not all is")
        axes.invert_yaxis()

    return draw


def _stock(series: Series, instance: Instance, names: Mapping[str, str]) -> Callable[[Axes], None]:
    kcal = {commodity.id: commodity.kcal_per_kg for commodity in instance.commodities}

    def days(community: str, d: int) -> float:
        food = [one for one in series.needs if one.community == community and kcal.get(one.commodity)]
        need = sum(one.need_kg[d] * kcal[one.commodity] for one in food)
        return sum(one.stock_kg[d] * kcal[one.commodity] for one in food) / need if need > 0 else 0.0

    def draw(axes: Axes) -> None:
        of_days = range(len(series.dates))
        values = {community: [days(community, d) for d in of_days] for community in series.kcal}
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
