"""Charts of one community: what a person eats, by food, against the standard; and what lies in stock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from matplotlib.axes import Axes

from instances.schema import Instance
from instances.units import t_from_kg
from reports.axes import axis_of_days
from reports.figures import INK, LOW, MUTED, SERIES, Chart
from reports.people import BANDS, Daily, Fed
from reports.series import Good, Series


def by_community(series: Series, instance: Instance, names: Mapping[str, str]) -> list[Chart]:
    """For each community what a person eats by food, with the bands, and what lies in stock."""
    kcal = {commodity.id: commodity.kcal_per_kg for commodity in instance.commodities if commodity.is_food}
    charts = []
    for one in series.fed:
        foods = [g for g in series.goods if g.community == one.community and g.commodity in kcal]
        eaten = {
            names.get(good.commodity, good.commodity): tuple(
                kg * kcal[good.commodity] / one.people for kg in good.eaten_kg
            )
            for good in foods
        }
        title = f"What a person of {names.get(one.community, one.community)} eats, kcal a day by food"
        charts.append(Chart(f"energy__{one.community}", title, _plate(series, one, eaten)))
    for community in dict.fromkeys(good.community for good in series.goods):
        own = [good for good in series.goods if good.community == community]
        title = f"Stock of {names.get(community, community)} at the end of the day, t"
        charts.append(Chart(f"stock__{community}", title, _stock(series, own, names)))
    return charts


def standard_lines(axes: Axes, standard: Daily) -> None:
    """The standard, and shades for the bands below it."""
    days = range(len(standard))
    top = max(standard, default=0.0)
    axes.step(days, standard, where="mid", color=INK, linewidth=1.2)
    upper = list(standard)
    for place, (name, least) in enumerate(BANDS.items()):
        lower = [least * kcal for kcal in standard]
        if place:
            axes.fill_between(
                days, lower, upper, step="mid", color=LOW, alpha=0.05 * place, linewidth=0, zorder=0.5
            )
            axes.step(days, upper, where="mid", color=INK, linewidth=0.6, linestyle=":")
            axes.annotate(
                name,
                (1.01, (lower[-1] + upper[-1]) / 2),
                xycoords=("axes fraction", "data"),
                va="center",
                annotation_clip=False,
                fontsize=6.5,
                color=MUTED,
            )
        upper = lower
    axes.annotate(f"standard {top:,.0f}", (0, standard[0]), (0, 3), textcoords="offset points", fontsize=8)
    axes.set_ylim(0, max(axes.get_ylim()[1], 1.15 * top))


def _plate(series: Series, one: Fed, eaten: Mapping[str, Sequence[float]]) -> Callable[[Axes], None]:
    def draw(axes: Axes) -> None:
        _stacked(axes, eaten)
        standard_lines(axes, one.standard["kcal"])
        axis_of_days(axes, series)
        _key(axes)

    return draw


def _stock(series: Series, own: Sequence[Good], names: Mapping[str, str]) -> Callable[[Axes], None]:
    tonnes = {names.get(g.commodity, g.commodity): [t_from_kg(kg) for kg in g.stock_kg] for g in own}

    def draw(axes: Axes) -> None:
        _stacked(axes, tonnes)
        axis_of_days(axes, series)
        _key(axes)

    return draw


def _stacked(axes: Axes, values: Mapping[str, Sequence[float]]) -> None:
    """The largest one upon another, the small ones together."""
    order = sorted(values, key=lambda name: -sum(values[name]))
    shown, rest = order[: len(SERIES) - 1], order[len(SERIES) - 1 :]
    heights = [list(values[name]) for name in shown]
    if rest:
        heights.append([sum(amounts) for amounts in zip(*(values[name] for name in rest), strict=True)])
        shown = [*shown, f"{len(rest)} more"]
    if heights:
        days = range(len(heights[0]))
        axes.stackplot(days, heights, labels=shown, colors=SERIES[: len(heights)], linewidth=0)


def _key(axes: Axes) -> None:
    axes.set_ylim(0, 1.5 * axes.get_ylim()[1])  # room for the key
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="upper right", ncols=2, fontsize=6.5)
