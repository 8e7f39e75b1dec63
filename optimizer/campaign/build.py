"""Puts the campaign together: every variable, every row by its name, no objective yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pulp import LpAffineExpression, LpMinimize, LpProblem

from optimizer.campaign.constraints import CONSTRAINTS, WITHIN_DAY
from optimizer.campaign.groups import Groups, shared_cuts
from optimizer.campaign.objective import worst_off
from optimizer.campaign.terms import Rows
from optimizer.campaign.variables import Variables, add_variables, index_name
from optimizer.campaign.whole_loads import whole_loads
from optimizer.network import Network


@dataclass(frozen=True)
class Campaign:
    """The model of one network: the PuLP problem and its decisions.

    `groups` choose patterns for their days; there are none where every sortie is decided by itself.
    """

    net: Network
    problem: LpProblem
    x: Variables
    groups: Groups = ()


def build(net: Network, groups: Groups = (), *, tight: bool = False) -> Campaign:
    """The campaign of a network, with every constraint of ``CONSTRAINTS``.

    With `groups`, less the rows `WITHIN_DAY` that every pattern of a group keeps by itself; `tight` with
    rows that whole numbers keep anyway, for whoever searches them.
    """
    problem = LpProblem(f"campaign_{net.instance.header.id}", LpMinimize)
    x = add_variables(problem, net)
    kept = _kept_by_patterns(x, net, groups) if groups else None
    for constraint in CONSTRAINTS:
        left_out = kept if constraint in WITHIN_DAY else None
        add_rows(problem, constraint.__name__, constraint(x, net), left_out)
    add_rows(problem, worst_off.__name__, worst_off(x, net))
    if tight:
        add_rows(problem, whole_loads.__name__, whole_loads(x, net))
    if groups:
        add_rows(problem, shared_cuts.__name__, shared_cuts(x, net, groups))
    return Campaign(net, problem, x, groups)


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


def _kept_by_patterns(x: Variables, net: Network, groups: Groups) -> Callable[[LpAffineExpression], bool]:
    """Whether a row of one day speaks of flights of one group alone and counts all goods of a stop alike.

    Such a row holds for the total kg of each stop, and so for every pattern of the group.
    """
    group = {f: g for g, fleets in enumerate(groups) for f in fleets}
    flights = {v.name: group[f] for f, v in x.tails.items()}
    flights |= {v.name: group[net.missions[m].fleet.id] for (m, _), v in x.sorties.items()}
    flights |= {v.name: group[net.by_stop(s).fleet.id] for (s, _), v in x.bundles.items()}
    loads = {v.name: (s, group[net.by_stop(s).fleet.id]) for (s, _, _), v in x.load_kg.items()}

    def kept(row: LpAffineExpression) -> bool:
        per_kg: dict[str, float] = {}
        flying: set[int] = set()
        for variable, coefficient in row.items():
            if variable.name in loads:
                s, g = loads[variable.name]
                if per_kg.setdefault(s, coefficient) != coefficient:
                    return False
                flying.add(g)
            elif variable.name in flights:
                flying.add(flights[variable.name])
            else:
                return False
        return len(flying) == 1

    return kept
