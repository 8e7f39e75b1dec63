"""Charts and labels of instances with many communities and tails stay readable."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from reports.axes import line_each
from reports.labels import by_name, need_labels, tail_order


def legend_of(values: dict[str, list[float]]) -> list[str]:
    axes = Figure().add_subplot()
    line_each(axes, values, dict.fromkeys(values, 100))
    return axes.get_legend_handles_labels()[1]


def test_few_communities_have_a_line_each() -> None:
    assert legend_of({"north": [1.0, 2.0], "south": [2.0, 2.0]}) == ["north", "south"]


def test_of_many_only_mean_and_lowest_are_named() -> None:
    """A key of twenty names would leave no room for the lines."""
    many = {f"site {n}": [float(n), 5.0] for n in range(1, 21)}
    assert legend_of(many) == ["mean", "lowest: site 1", "each of 20"]


def test_the_mean_counts_people() -> None:
    axes = Figure().add_subplot()
    values = {f"site {n}": [float(n)] for n in range(9)}
    line_each(axes, values, {name: 900 if name == "site 8" else 0 for name in values})
    (mean,) = (one for one in axes.get_lines() if one.get_label() == "mean")
    assert np.asarray(mean.get_ydata()).tolist() == [8.0]


def test_two_communities_of_one_name_keep_both_lines() -> None:
    assert list(by_name({"a": [1.0], "b": [2.0]}, {"a": "Camp", "b": "Camp"})) == ["a", "b"]


def test_tails_are_in_the_order_of_their_numbers() -> None:
    tails = ["mi8_10", "mi8_2", "il76_1", "mi8_1"]
    assert sorted(tails, key=tail_order) == ["il76_1", "mi8_1", "mi8_2", "mi8_10"]


def test_needs_are_told_apart() -> None:
    names = {f"p{n}": f"People at site {n}" for n in (1, 12)}
    one = [("p1", "Oil"), ("p12", "Oil")]
    assert need_labels(one, names) == ["People at site 1", "People at site 12"]
    assert need_labels([*one, ("p1", "rice")], names) == [
        "People …site 1: Oil",
        "People …ite 12: Oil",
        "People …site 1: rice",
    ]
    assert need_labels([("p1", "Oil"), ("p1", "rice")], names) == ["Oil", "rice"]
