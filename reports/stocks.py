"""Stock and unmet need of every community, by commodity."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from matplotlib.axes import Axes

from instances.units import t_from_kg
from reports.axes import axis_of_days
from reports.figures import MUTED, SERIES, Chart
from reports.series import Series


def by_commodity(series: Series, names: Mapping[str, str]) -> list[Chart]:
    """For each community what lies in stock, and what stays unmet of the need, by commodity."""
    charts = []
    for community in dict.fromkeys(need.community for need in series.needs):
        own = [need for need in series.needs if need.community == community]
        name = names.get(community, community)
        kinds = (
            ("stock", f"Stock of {name} at the end of the day, t", [need.stock_kg for need in own], False),
            ("unmet", f"Unmet need of {name} each day, t", [need.unmet_kg for need in own], True),
        )
        labels = [names.get(need.commodity, need.commodity) for need in own]
        need_kg = [sum(need.need_kg[d] for need in own) for d in range(len(series.dates))]
        charts += [
            Chart(f"{kind}__{community}", title, _stacked(series, labels, kg, need_kg if above else None))
            for kind, title, kg, above in kinds
        ]
    return charts


def _stacked(
    series: Series, labels: Sequence[str], kg: Sequence[Sequence[float]], need_kg: Sequence[float] | None
) -> Callable[[Axes], None]:
    """The largest commodities one upon another, the small ones together, and the whole need as a line."""
    order = sorted(range(len(labels)), key=lambda place: -sum(kg[place]))
    shown, rest = order[: len(SERIES) - 2], order[len(SERIES) - 2 :]

    def draw(axes: Axes) -> None:
        days = range(len(series.dates))
        heights = [[t_from_kg(value) for value in kg[place]] for place in shown]
        named = [labels[place] for place in shown]
        if rest:
            heights.append([t_from_kg(sum(kg[place][d] for place in rest)) for d in days])
            named.append(f"{len(rest)} more")
        axes.stackplot(days, heights, labels=named, colors=SERIES[: len(heights)], linewidth=0)
        if need_kg is not None:
            axes.plot(days, [t_from_kg(value) for value in need_kg], color=MUTED, linewidth=1, label="need")
        axes.set_ylim(0, 1.5 * axes.get_ylim()[1])  # room for the key
        axis_of_days(axes, series)
        if axes.get_legend_handles_labels()[1]:
            axes.legend(loc="upper right", ncols=2, fontsize=6.5)

    return draw
