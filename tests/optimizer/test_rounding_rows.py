"""Rows that only fractions break: no whole day is cut off, and fractions are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulp import LpMinimize, LpProblem

from instances.schema import Instance
from optimizer.campaign.constraints import WITHIN_DAY
from optimizer.campaign.rounding_rows import rounding_rows
from optimizer.campaign.spells import in_spells
from optimizer.campaign.variables import Variables, add_variables, index_name
from optimizer.clock import Clock
from optimizer.network import Network
from optimizer.solver import Session
from tests.optimizer.hand import NH, SH, SL, changed, header, network, row_text, rows, tiny

MOST_SORTIES = 3  # of a mission, so that all whole days can be searched


def a_day(net: Network) -> tuple[LpProblem, Variables, Session]:
    """Everything a day allows, without the rows."""
    problem = LpProblem("day", LpMinimize)
    x = add_variables(problem, net)
    for constraint in WITHIN_DAY:
        for index, row in constraint(x, net):
            if len(row) > 0:
                problem.addConstraint(row, f"{constraint.__name__}__{index_name(index)}")
    for variable in x.sorties.values():
        problem.addConstraint(variable <= MOST_SORTIES, f"few__{variable.name}")
    return problem, x, Session(problem)


def broken(net: Network, *, whole: bool) -> Iterator[float]:
    """By how much a day breaks each row at most."""
    problem, x, session = a_day(net)
    columns = [session.column(v) for v in (*x.sorties.values(), *x.bundles.values(), *x.tails.values())]
    rules = problem.numConstraints()
    for index, row in rounding_rows(x, net):
        problem.addConstraint(row, f"rounding_rows__{index_name(index)}")
    for row_kept in problem.constraints()[rules:]:
        session.set_costs({session.column(v): -value for v, value in row_kept.items()})
        clock = Clock(60.0)
        solved = session.solve_whole(columns, clock, 1e-6) if whole else session.solve_relaxed(clock, "costs")
        assert solved.value is not None
        yield -solved.value + float(row_kept.constant)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    recovery=st.integers(100, 4000),
    town=st.integers(50, 3000),
    hamlet=st.integers(50, 600),
    handling=st.integers(200, 6000),
    bundle=st.integers(90, 400),
    missed=st.integers(0, 40),
)
def test_no_whole_day_is_cut_off(
    recovery: int, town: int, hamlet: int, handling: int, bundle: int, missed: int
) -> None:
    """Of all days in whole sorties and bundles, the worst for each row."""
    day = changed(header(tiny(), days=1), "zones", "dz", recovery_kg_per_day=float(recovery))
    day = changed(day, "links", "dz", "town", kg_per_day=float(town))
    day = changed(day, "links", "dz", "hamlet", kg_per_day=float(hamlet))
    day = changed(day, "bases", "airfield_s", handling_kg_per_day=float(handling))
    day = changed(day, "methods", "canopy_high", bundle_net_kg=float(bundle), miss_frac=missed / 100)
    assert max(broken(network(day), whole=True), default=0.0) <= 1e-3


def test_fractions_are_cut_off() -> None:
    """Of 500 kg that a day takes a sortie brings 800: five eighths of one bring as much, and must not."""
    assert max(broken(network(taking(500.0)), whole=False)) > 100


def taking(recovery_kg: float, days: int = 1) -> Instance:
    """The zone gathers so much a day; a sortie lands 800 or 900 kg in 4 bundles."""
    return changed(header(tiny(), days=days), "zones", "dz", recovery_kg_per_day=recovery_kg)


def test_row_where_one_sortie_is_more_than_a_day_takes() -> None:
    """Of 500 kg a day, two bundles of 200 kg that land leave 100 kg for a third."""
    found = rows(taking(500.0))
    assert found[f"rounding_rows__{SH}__dz__d000"] == (
        f"0.8 load_kg__{SH}__d000__flour - 500 sorties__{SH}__d000 <= 0"
    )
    assert found[f"rounding_rows__b__{SH}__dz__d000"] == (
        f"- 100 bundles__{SH}__d000 + 0.8 load_kg__{SH}__d000__flour - 200 sorties__{SH}__d000 <= 0"
    )
    assert found["rounding_rows__most__dz__hamlet__d000"] == (
        "hand_over_kg__dz__hamlet__flour__d000"
        f" - 500 sorties__{NH}__d000 - 500 sorties__{SH}__d000 - 500 sorties__{SL}__d000 <= 0"
    )


def test_row_where_a_day_takes_some_sorties_and_a_part() -> None:
    """Of 2500 kg a day three sorties of 800 kg leave 100 kg for a fourth; of 900 kg two leave 700."""
    found = rows(taking(2500.0))
    assert found["rounding_rows__0__dz__d000"] == (
        f"0.8 load_kg__{NH}__d000__flour + 0.8 load_kg__{NH}__d000__soap + 0.8 load_kg__{SH}__d000__flour"
        f" - 100 sorties__{NH}__d000 - 100 sorties__{SH}__d000 <= 2100"
    )
    assert found["rounding_rows__1__dz__d000"] == (
        f"0.8 load_kg__{NH}__d000__flour + 0.8 load_kg__{NH}__d000__soap + 0.8 load_kg__{SH}__d000__flour"
        f" + 0.9 load_kg__{SL}__d000__flour - 700 sorties__{NH}__d000 - 700 sorties__{SH}__d000"
        f" - 700 sorties__{SL}__d000 <= 400"
    )
    assert f"rounding_rows__{SL}__dz__d000" not in found


@pytest.mark.parametrize("days", [1, 4])
def test_row_of_what_is_handed_over(days: int) -> None:
    """With 800 kg in the row a sortie of 900 is one full and 100 kg of the next; days count singly."""
    net = network(taking(2500.0, days))
    problem = LpProblem("spell")
    x = add_variables(problem, short := in_spells(net, [net.kind(d) for d in net.days], [0]))
    texts = {}
    for index, row in rounding_rows(x, short):
        name = index_name(index)
        problem.addConstraint(row, name)
        texts[name] = row_text(row)
    assert texts["r0__dz__all__d000"] == (
        "hand_over_kg__dz__hamlet__flour__d000 + hand_over_kg__dz__town__flour__d000"
        f" + hand_over_kg__dz__town__soap__d000 - 100 sorties__{NH}__d000 - 100 sorties__{SH}__d000"
        f" - 200 sorties__{SL}__d000 <= {2100 * days}"
    )
