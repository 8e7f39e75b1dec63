"""Why no plan can do what was asked: the limits that bind, read from the prices of the proof."""

from __future__ import annotations

from collections import defaultdict

from optimizer.campaign.build import build
from optimizer.campaign.constraints import CONSTRAINTS
from optimizer.campaign.objective import reach
from optimizer.clock import Clock
from optimizer.network import Network
from optimizer.solver import Session

MOST_REASONS = 4
NOISE = 1e-7
BALANCES = ("_balance", "coverage_target")  # they pass limits on, and are none themselves


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
    for name, worth in _binding(net, clock):
        family, _, index = name.partition("__")
        if family in words and not family.endswith(BALANCES):
            place = index.split("__")[0]
            weight[family, place] += worth
            days[family, place] += 1
    carried = {c for mission in net.missions.values() for c in mission.commodities}
    missing = [c for c in dict.fromkeys(c for _, c in net.need_kg) if c not in carried]
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


def _binding(net: Network, clock: Clock) -> list[tuple[str, float]]:
    """(name, worth) of the rows that keep the relaxed campaign from meeting more of every need."""
    campaign = build(net)
    session = Session(campaign.problem)
    session.set_costs(session.terms(reach(net).in_kg(campaign.x, net)))
    if session.solve_relaxed(clock, "costs").value is None:
        return []
    names = (row.name for row in campaign.problem.constraints())
    return [(name, abs(dual)) for name, dual in zip(names, session.duals(), strict=True) if abs(dual) > NOISE]
