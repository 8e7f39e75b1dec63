"""Puts the campaign together: every variable, every row by its name, no objective yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pulp import LpAffineExpression, LpMinimize, LpProblem

from optimizer.campaign.constraints import CONSTRAINTS, WITHIN_DAY
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


def build(net: Network, *, flights_by_pattern: bool = False) -> Campaign:
    """The campaign of a network, with every constraint of ``CONSTRAINTS``.

    With `flights_by_pattern`, less the rows `WITHIN_DAY` that every whole-day pattern keeps by itself.
    """
    problem = LpProblem(f"campaign_{net.instance.header.id}", LpMinimize)
    x = add_variables(problem, net)
    kept = _kept_by_patterns(x) if flights_by_pattern else None
    for constraint in CONSTRAINTS:
        left_out = kept if constraint in WITHIN_DAY else None
        add_rows(problem, constraint.__name__, constraint(x, net), left_out)
    add_rows(problem, worst_off.__name__, worst_off(x, net))
    return Campaign(net, problem, x)


def add_rows(
    problem: LpProblem,
    name: str,
    rows: Rows,
    left_out: Callable[[LpAffineExpression], bool] | None = None,
) -> None:
    """Add rows to the problem as ``<name>__<index>``; a row without a decision says nothing."""
    for index, row in rows:
        if len(row) > 0 and not (left_out is not None and left_out(row)):
            problem.addConstraint(row, f"{name}__{index_name(index)}")


def _kept_by_patterns(x: Variables) -> Callable[[LpAffineExpression], bool]:
    """Whether a row of one day speaks of flights alone and counts all goods of a mission alike.

    Such a row holds for the total kg of each mission, and so for every pattern of the day.
    """
    flights = {v.name for family in (x.tails, x.sorties, x.bundles) for v in family.values()}
    mission = {v.name: m for (m, _, _), v in x.load_kg.items()}

    def kept(row: LpAffineExpression) -> bool:
        per_kg: dict[str, float] = {}
        for variable, coefficient in row.items():
            m = mission.get(variable.name)
            if m is None:
                if variable.name not in flights:
                    return False
            elif per_kg.setdefault(m, coefficient) != coefficient:
                return False
        return True

    return kept
