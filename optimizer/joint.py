"""A plan of some parties read as a plan of more: the others stay at home."""

from __future__ import annotations

import math
from typing import Final

from instances.schema import Instance, Party
from optimizer.measure import unreached_frac
from optimizer.needs import demands_of
from optimizer.options import Options
from optimizer.plan import Cost, FleetUse, Objective, Plan, Risk, Status

SHARE_STEP: Final = 1000  # a reachable share is rounded down to a thousandth
PARTY_ITEMS: Final = ("flying", "standing", "rigging", "cargo", "feeder")


def _fleet(instance: Instance, home: set[str]) -> list[FleetUse]:
    return [
        FleetUse(
            party=fleet.party,
            fleet=fleet.id,
            aircraft=fleet.aircraft,
            base=fleet.base,
            tails=0,
            flying_days=0,
            sorties=0,
            block_h=0.0,
            standing_usd=0.0,
        )
        for fleet in instance.fleets
        if fleet.party in home
    ]


def _risk(party: Party) -> list[Risk]:
    limits = {
        "aircraft_loss_prob": party.loss_budget,
        "expected_aircraft_lost": None,
        "worst_sortie_loss_prob": party.loss_cap,
        "people_harmed": party.harm_budget,
        "diverted_frac": party.diversion_limit_frac,
        "diverted_kg": None,
        "hull_value_at_risk_usd": None,
        "crew_exposure": None,
    }
    return [Risk(party=party.id, measure=name, value=0.0, limit=limit) for name, limit in limits.items()]


def _unproven(objective: Objective, person_days: float) -> Objective:
    """The same value; no objective goes below 0, and more is not known of the larger fleet."""
    whole = {"person-days": person_days, "USD": objective.value}.get(objective.unit, 1.0)
    gap_frac = objective.value / whole if whole else 0.0
    return objective.model_copy(update={"bound": 0.0, "gap_frac": gap_frac})


def stated_share(frac: float) -> float:
    """A share that is reached, 0..1, rounded down to 0.001 so that it can be reached again."""
    return math.floor(frac * SHARE_STEP + 1e-6) / SHARE_STEP


def shown_share(plan: Plan) -> float:
    """The share of every need that a plan meets in every period that counts, 0..1, rounded down to 0.001."""
    return stated_share(1 - unreached_frac(plan))


def meets(plan: Plan, options: Options) -> bool:
    """Whether a plan meets the coverage that is asked for, if any."""
    return options.coverage_frac is None or shown_share(plan) >= options.coverage_frac - 0.5 / SHARE_STEP


def with_others_at_home(plan: Plan, options: Options, instance: Instance) -> Plan:
    """A plan of some of the parties as one of all parties in `options`.

    Parameters
    ----------
    plan : Plan
        Of some of the parties, for the same instance.
    options : Options
        Of the plan wanted.

    Returns
    -------
    Plan
        The same flights, with empty rows for the parties that stay at home and the objectives of `options`;
        nothing is proven of it.
    """
    home = set(options.parties) - set(plan.options.parties)
    order = {party: place for place, party in enumerate(options.parties)}
    fleets = {fleet.id: place for place, fleet in enumerate(instance.fleets)}
    idle = [Cost(party=party, item=item, usd=0.0) for party in home for item in PARTY_ITEMS]
    calm = [row for party in instance.parties if party.id in home for row in _risk(party)]
    sought = plan.objectives if options.coverage_frac is None else plan.objectives[-1:]  # the cost is last
    needy = {k for k, _ in demands_of(instance)}
    person_days = float(
        sum(k.population for k in instance.communities if k.id in needy) * len(instance.dates)
    )
    update = {
        "options": options,
        "status": Status.FEASIBLE,
        "objectives": tuple(_unproven(objective, person_days) for objective in sought),
        "fleet": tuple(sorted([*plan.fleet, *_fleet(instance, home)], key=lambda row: fleets[row.fleet])),
        "costs": tuple(sorted([*plan.costs, *idle], key=lambda row: order.get(row.party, len(order)))),
        "risk": tuple(sorted([*plan.risk, *calm], key=lambda row: order.get(row.party, len(order)))),
    }
    return plan.model_copy(update=update)
