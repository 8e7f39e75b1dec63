"""One set of rules for all parties: what is left of a comparison is fleet, base and method."""

from __future__ import annotations

from instances.schema import WEEKDAYS, Instance


def with_common_rules(instance: Instance) -> Instance:
    """The instance with the strictest rules of all its parties for each, and every corridor open to all.

    Caps, budgets and limits are the least of any party, days and hours those in which all fly, a ground
    team and daylight are needed if any party needs them, and areas that bind or endanger one party do so
    to all.
    """
    parties = instance.parties
    funds = [party.funds_usd for party in parties if party.funds_usd is not None]
    rules = {
        "loss_cap": min(party.loss_cap for party in parties),
        "loss_budget": min(party.loss_budget for party in parties),
        "harm_budget": min(party.harm_budget for party in parties),
        "harm_cap": min(party.harm_cap for party in parties),
        "diversion_limit_frac": min(party.diversion_limit_frac for party in parties),
        "funds_usd": min(funds, default=None),
        "flying_weekdays": tuple(day for day in WEEKDAYS if all(day in p.flying_weekdays for p in parties)),
        "hours_from": max(party.hours_from for party in parties),
        "hours_to": min(party.hours_to for party in parties),
        "daylight_only": any(party.daylight_only for party in parties),
        "needs_ground_team": any(party.needs_ground_team for party in parties),
    }
    return instance.model_copy(
        update={
            "parties": tuple(party.model_copy(update=rules) for party in parties),
            "airspace": tuple(area.model_copy(update={"parties": ()}) for area in instance.airspace),
        }
    )


def nothing_in_common(instance: Instance) -> str:
    """Why no party could fly under common rules, in words; empty when some day and hour is left."""
    common = with_common_rules(instance).parties[0]
    if not common.flying_weekdays:
        return "there is no weekday on which all parties fly"
    if common.hours_from >= common.hours_to:
        return "there is no hour at which all parties fly"
    return ""
