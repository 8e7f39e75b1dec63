"""Between decisions and records: the value of each goal in a plan, and a plan as decisions again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from optimizer import measure
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.objective import Goal
from optimizer.mission import Mission
from optimizer.network import Network
from optimizer.plan import Objective, Plan, Sortie

DECIMALS = {"person-days": 3, "frac": 6, "USD": 2}


def objective_values(net: Network, plan: Plan, goals: Sequence[Goal]) -> tuple[float, ...]:
    """Value of each goal as the plan's records have it."""
    known = {
        "severity_person_days": measure.severity_person_days(plan.severity),
        "worst_week_severity_frac": measure.worst_week_frac(net, plan.severity),
        "unreached_frac": measure.unreached_frac(plan),
        "cost_usd": sum(row.usd for row in plan.costs),
    }
    return tuple(round(known[goal.name], DECIMALS[goal.unit]) for goal in goals)


def objectives(
    goals: Sequence[Goal], values: Sequence[float], bounds: Sequence[float]
) -> tuple[Objective, ...]:
    """Value, bound and gap of each goal, rounded as they are written."""
    rows = []
    for goal, value, bound in zip(goals, values, bounds, strict=True):
        bound = min(value, round(bound, DECIMALS[goal.unit]))
        gap = round(goal.gap_frac(value, bound), 6)
        rows.append(Objective(name=goal.name, unit=goal.unit, value=value, bound=bound, gap_frac=gap))
    return tuple(rows)


def decisions_of(plan: Plan, net: Network) -> Decisions:
    """The whole numbers and loads of a plan, for a network that knows its missions."""
    day = {date: d for d, date in enumerate(net.instance.dates)}
    values: dict[str, dict[Any, float]] = {
        name: defaultdict(float) for name in ("sorties", "bundles", "load_kg", "feeder_trips", "tails")
    }
    of_sortie: dict[str, tuple[tuple[str, ...], int]] = {}
    for s in plan.sorties:
        m = mission_of(s, day[s.date], net)
        if m is None:
            raise ValueError(f"{s.sortie_id} is no mission of the network")
        of_sortie[s.sortie_id] = tuple(net.stops_of([m])), day[s.date]
        values["sorties"][m, day[s.date]] += 1
    for load in plan.loads:
        stops, d = of_sortie[load.sortie_id]
        stop = stops[load.stop - 1]
        if net.by_stop(stop).positions is not None:
            values["bundles"][stop, d] += load.bundles
        values["load_kg"][stop, d, load.commodity] += load.net_kg
    for trip in plan.feeders:
        values["feeder_trips"][trip.feeder, day[trip.date]] = trip.trips
    for use in plan.fleet:
        values["tails"][use.fleet] = use.tails
    return Decisions({name: dict(family) for name, family in values.items()})


def mission_of(s: Sortie, d: int, net: Network) -> str | None:
    """The mission that a sortie flies; where two share a path, the one with its risk and hours.

    None when no mission of the network goes there like that.
    """
    minute = s.takeoff_local.hour * 60 + s.takeoff_local.minute

    def fit(m: Mission) -> tuple[bool, float, bool]:
        in_hours = m.hours_from <= minute and minute + m.block_min <= m.hours_to
        return d not in m.days, round(abs(m.loss_prob - s.loss_prob), 7), not in_hours

    able = [
        m
        for m in net.missions.values()
        if (m.fleet.id, m.zones, m.method.id, m.path.id) == (s.fleet, s.zones, s.method, s.path_id)
        and m.release_height_m == s.release_height_m
    ]
    return min(able, key=fit).id if able else None
