"""Why no plan can do what was asked: the limits that bind, read from the prices of the proof."""

from __future__ import annotations

from collections import defaultdict

from optimizer.campaign.build import build
from optimizer.campaign.constraints import CONSTRAINTS
from optimizer.campaign.objective import reach
from optimizer.campaign.terms import Index, Tag
from optimizer.clock import Clock
from optimizer.network import Network
from optimizer.solver import Session

MOST_REASONS = 4
NOISE = 1e-7
# They pass limits on, and are none themselves.
PASSED_ON = ("ration_balance", "nutrient_need", "coverage_week", "severity", "worst_week", "closing_stock")


def why_short(net: Network, asked_frac: float, best_frac: float, clock: Clock) -> str:
    """A sentence for the planner: what can be reached at most, and which limits stand in the way.

    Parameters
    ----------
    net : Network
        What cannot do it.
    asked_frac, best_frac : float
        Share asked for and the most that is possible, 0..1.
    clock : Clock
        Says when to break off; the limits are then left out.
    """
    words = {c.__name__: (c.__doc__ or "").strip().splitlines()[0] for c in CONSTRAINTS}
    weight: dict[tuple[str, str], float] = defaultdict(float)
    days: dict[tuple[str, str], int] = defaultdict(int)
    for family, index, worth in _binding(net, clock):
        if family in words and not family.endswith("_balance") and family not in PASSED_ON:
            place = next(
                (str(part) for part in index if isinstance(part, str) and not isinstance(part, Tag)), ""
            )
            weight[family, place] += worth
            days[family, place] += 1
    carried = {c for mission in net.missions.values() for c in mission.commodities}
    missing = [c for c in dict.fromkeys(c for _, c in net.items) if c not in carried]
    reasons = [f"no mission can bring {c}" for c in missing]
    reasons += [
        f"{words[family].rstrip('.')} ({family}, {place}, {days[family, place]} times)"
        for family, place in sorted(weight, key=lambda key: -weight[key])[:MOST_REASONS]
    ]
    if not reasons:
        grounded = [f for f, fleet in net.fleets.items() if fleet.max_tails == 0]
        reasons = [f"{words['tail_limit'].rstrip('.')} (tail_limit, {f})" for f in grounded]
    asked = f"{100 * asked_frac:g} % of every need is asked for, at most {100 * best_frac:.1f} % can be met"
    return f"{asked}. What binds: " + "; ".join(reasons) if reasons else asked


def _binding(net: Network, clock: Clock) -> list[tuple[str, Index, float]]:
    """(constraint, index, worth) of the rows that keep fractions from meeting more of every need."""
    campaign = build(net)
    session = Session(campaign.problem)
    goal = reach(net)
    terms = session.terms(goal.expression(campaign.x, net))
    session.set_costs({j: v * goal.times for j, v in terms.items()})
    for variable in campaign.x.uncovered.values():
        session.set_bounds(session.column(variable), 0.0, 0.0)
    if session.solve_relaxed(clock, "costs").value is None:
        return []
    rows = zip(campaign.rows, session.duals(), strict=True)
    return [(name, index, abs(dual)) for (name, index), dual in rows if abs(dual) > NOISE]
