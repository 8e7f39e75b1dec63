"""Why no plan can do what was asked: the limits that bind, read from the prices of the proof."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from optimizer.campaign.build import build
from optimizer.campaign.constraints import CONSTRAINTS
from optimizer.campaign.objective import reach
from optimizer.campaign.rounding_rows import rounding_rows
from optimizer.campaign.terms import Index, Tag
from optimizer.clock import Clock
from optimizer.network import Network
from optimizer.solver import INFINITE, Session

MOST_REASONS = 4
NOISE = 1e-7
# What a planner could have more of; the other rows pass on what these allow.
LIMITS = (
    "tail_limit",
    "ramp_limit",
    "handling_limit",
    "rig_stock_balance",
    "base_stock_balance",
    "feeder_limit",
    "zone_recovery_limit",
    "zone_slot_limit",
    "corridor_slot_limit",
    "link_limit",
    "storage_limit",
    "loss_budget",
    "harm_budget",
    "diversion_limit",
    "funding_limit",
)


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
    words = {c.__name__: (c.__doc__ or "").strip().splitlines()[0].rstrip(".") for c in CONSTRAINTS}
    weight: dict[tuple[str, str], float] = defaultdict(float)
    days: dict[tuple[str, str], set[int]] = defaultdict(set)
    for name, index, worth in _binding(net, clock):
        places = (str(part) for part in index if isinstance(part, str) and not isinstance(part, Tag))
        key = name, " ".join(places)
        weight[key] += worth
        days[key].update(part for part in index if isinstance(part, int))
    carried = {c for mission in net.missions.values() for c in mission.commodities}
    missing = [c for c in dict.fromkeys(c for _, c in net.items) if c not in carried]
    reasons = [f"no mission can bring {c}" for c in missing]
    for key in sorted(weight, key=lambda key: -weight[key])[:MOST_REASONS]:
        name, place = key
        when = f", {len(days[key])} days" if len(days[key]) > 1 else ""
        reasons.append(f"{words[name]} ({name}, {place}{when})")
    if not reasons:
        grounded = [f for f, fleet in net.fleets.items() if fleet.max_tails == 0]
        reasons = [f"{words['tail_limit']} (tail_limit, {f})" for f in grounded]
    asked = f"{100 * asked_frac:g} % of every need is asked for, at most {100 * best_frac:.1f} % can be met"
    return f"{asked}. What binds: " + "; ".join(reasons) if reasons else asked


def _binding(net: Network, clock: Clock) -> Iterator[tuple[str, Index, float]]:
    """Limits that keep fractions from meeting more of every need: name, index, and its part of the bound."""
    campaign = build(net)
    session = Session(campaign.problem)
    for i, (name, _) in enumerate(campaign.rows):
        if name == rounding_rows.__name__:  # they follow from limits, and would stand for them
            session.set_row(i, -INFINITE, INFINITE)
    goal = reach(net)
    terms = session.terms(goal.expression(campaign.x, net))
    session.set_costs({j: v * goal.times for j, v in terms.items()})
    for variable in campaign.x.uncovered.values():
        session.set_bounds(session.column(variable), 0.0, 0.0)
    if session.solve_relaxed(clock, "costs").value is None:
        return
    rows = zip(campaign.rows, campaign.problem.constraints(), session.duals(), strict=True)
    for (name, index), row, dual in rows:
        if name in LIMITS and abs(dual) > NOISE:
            yield name, index, abs(dual * float(row.constant))
