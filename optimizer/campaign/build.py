"""Puts the campaign together: every variable, every row by its name, no objective yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from pulp import LpMinimize, LpProblem

from optimizer.campaign.constraints import CONSTRAINTS
from optimizer.campaign.rounding_rows import rounding_rows
from optimizer.campaign.terms import Index, Rows
from optimizer.campaign.variables import Variables, add_variables, index_name
from optimizer.network import Network


@dataclass(frozen=True)
class Campaign:
    """The model of one network: the PuLP problem, its decisions, and (constraint, index) of each row."""

    net: Network
    problem: LpProblem
    x: Variables
    rows: list[tuple[str, Index]] = field(default_factory=list)

    def add(self, name: str, rows: Rows) -> None:
        """Add rows to the problem as ``<name>__<index>``; a row without a decision says nothing."""
        for index, row in rows:
            if len(row) > 0:
                self.problem.addConstraint(row, f"{name}__{index_name(index)}")
                self.rows.append((name, index))


def build(net: Network) -> Campaign:
    """The campaign of a network: every constraint, and rows that whole numbers keep anyway."""
    problem = LpProblem(f"campaign_{net.instance.header.id}", LpMinimize)
    campaign = Campaign(net, problem, add_variables(problem, net))
    for constraint in (*CONSTRAINTS, rounding_rows):
        campaign.add(constraint.__name__, constraint(campaign.x, net))
    return campaign
