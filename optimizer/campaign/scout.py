"""A month of the plan, with a month's share of what is given once: cheap to price, and days are alike.

Patterns that serve the month serve every day of the whole plan, so that pricing there starts well.
"""

from __future__ import annotations

from instances.schema import Instance

MONTH_DAYS = 30
WORTH_DAYS = 60  # shorter plans are priced as they are


def month_of(instance: Instance) -> Instance | None:
    """The first month of an instance with its share of budgets, funds and first stocks of sets.

    None when the instance is too short for that to pay.
    """
    if instance.header.days < WORTH_DAYS:
        return None
    share = MONTH_DAYS / instance.header.days
    parties = tuple(
        party.model_copy(
            update={
                "loss_budget": party.loss_budget * share,
                "harm_budget": party.harm_budget * share,
                "funds_usd": None if party.funds_usd is None else party.funds_usd * share,
            }
        )
        for party in instance.parties
    )
    rigs = tuple(rig.model_copy(update={"count": round(rig.count * share)}) for rig in instance.rigs)
    communities = tuple(
        place.model_copy(update={"starting_stock_days": place.starting_stock_days * share})
        for place in instance.communities
    )
    month = instance.shortened(MONTH_DAYS)
    return month.model_copy(update={"parties": parties, "rigs": rigs, "communities": communities})
