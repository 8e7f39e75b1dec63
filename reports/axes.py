"""What charts share: lines in colours and dashes, days as dates, shares in per cent, keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Literal

from matplotlib.axes import Axes

from instances.units import t_from_kg
from reports.figures import LINES, MUTED, SERIES
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


def line_each(axes: Axes, values: Mapping[str, Sequence[float]], people: Mapping[str, int]) -> None:
    """A line for each community, by its name; of more than there are colours only the mean and the lowest.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    values : mapping
        The more the better, day by day, by name.
    people : mapping
        How many people each stands for.
    """
    if len(values) <= len(SERIES):
        for place, (name, own) in enumerate(values.items()):
            line(axes, own, place, name)
        return
    for own in values.values():
        axes.plot(range(len(own)), own, color=MUTED, alpha=0.35, linewidth=0.7)
    lowest = min(values, key=lambda name: sum(values[name]))
    total = sum(people[name] for name in values) or 1
    days = range(len(values[lowest]))
    line(axes, [sum(people[n] * own[d] for n, own in values.items()) / total for d in days], 0, "mean")
    line(axes, values[lowest], 1, f"lowest: {lowest}")
    axes.plot([], [], color=MUTED, alpha=0.35, linewidth=0.7, label=f"each of {len(values)}")


def legend(axes: Axes, place: Literal["best", "upper left", "lower left", "lower right"]) -> None:
    """A key, where anything has a name."""
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc=place)


def percent(axes: Axes) -> None:
    """Shares in per cent on the upright axis."""
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
