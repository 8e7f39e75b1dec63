"""Puts the campaign together: every variable, every row by its name, no objective yet."""

from __future__ import annotations

from dataclasses import dataclass

from pulp import LpMinimize, LpProblem

from optimizer.campaign.constraints import CONSTRAINTS
from optimizer.campaign.objective import worst_off
from optimizer.campaign.terms import Rows
from optimizer.campaign.variables import Variables, add_variables, index_name
from optimizer.network import Network


@dataclass(frozen=True)
class Campaign:
    """The model of one network: the PuLP problem and its decisions."""

    net: Network
    problem: LpProblem
    x: Variables


def build(net: Network) -> Campaign:
    """The campaign of a network, with every constraint of ``CONSTRAINTS``."""
    problem = LpProblem(f"campaign_{net.instance.header.id}", LpMinimize)
    x = add_variables(problem, net)
    for constraint in CONSTRAINTS:
        add_rows(problem, constraint.__name__, constraint(x, net))
    add_rows(problem, worst_off.__name__, worst_off(x, net))
    return Campaign(net, problem, x)


def add_rows(problem: LpProblem, name: str, rows: Rows) -> None:
    """Add rows to the problem as ``<name>__<index>``; a row without a decision says nothing."""
    for index, row in rows:
        if len(row) > 0:
            problem.addConstraint(row, f"{name}__{index_name(index)}")
