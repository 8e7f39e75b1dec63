"""What charts share: lines in colours and dashes, days as dates, shares in per cent, keys."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

from matplotlib.axes import Axes

from instances.units import t_from_kg
from reports.figures import LINES, SERIES
from reports.series import Series


def short(name: str, letters: int = 28) -> str:
    """A name that leaves room for the chart."""
    return name if len(name) <= letters else f"{name[: letters - 1]}…"


def sum_t(kg: Sequence[float]) -> tuple[float, ...]:
    """Running total in tonnes."""
    return tuple(t_from_kg(total) for total in accumulate(kg))


def axis_of_days(axes: Axes, series: Series) -> None:
    """Days from the first, with dates at a few of them."""
    last = len(series.dates) - 1
    places = sorted({round(last * step / 4) for step in range(5)})
    axes.set_xlim(-0.5, last + 0.5)
    axes.set_xticks(places, [f"{series.dates[d].day} {series.dates[d]:%b}" for d in places])


def line(axes: Axes, values: Sequence[float], place: int, label: str = "") -> None:
    """One series, in the colour and dashes of its place."""
    axes.plot(
        range(len(values)),
        values,
        color=SERIES[place % len(SERIES)],
        linestyle=LINES[place % len(LINES)],
        linewidth=1.6,
        label=label,
    )


def legend(axes: Axes, place: Literal["best", "upper left", "lower left", "lower right"]) -> None:
    """A key, where anything has a name."""
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc=place)


def percent(axes: Axes) -> None:
    """Shares in per cent on the upright axis."""
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
