"""What a planner should know of the planned rations: how far they fall short of the standard."""

from __future__ import annotations

from collections import defaultdict

from instances.diet import NUTRIENT_NAMES, NUTRIENTS, UNITS, content, days_of, rations_of, standards_of
from instances.schema import Instance, Standard

ENOUGH_FRAC = 0.995
"""Of a standard: what is nearer is rounding."""
SHOWN_COMMUNITIES = 3

type _Share = tuple[tuple[float, ...], tuple[float, ...]]
"""Of a day: per person, what the standard asks of each nutrient and what the ration holds."""


def ration_check(instance: Instance) -> tuple[str, ...]:
    """Sentences on planned rations that hold less than the standard, of the leanest day.

    Parameters
    ----------
    instance : Instance
        Communities without a food in their needs have no planned ration and are left out.

    Returns
    -------
    tuple of str
        One for all communities that fall short alike, without a full stop at the end.
    """
    alike: dict[_Share, list[str]] = defaultdict(list)
    for community, standards in standards_of(instance).items():
        leanest = _leanest(instance, community, standards)
        if leanest and min(_shares(leanest)) < ENOUGH_FRAC:
            alike[leanest].append(community)
    return tuple(_sentence(names, share) for share, names in alike.items())


def _leanest(instance: Instance, community: str, standards: list[Standard]) -> _Share | None:
    """The day on which the ration holds the smallest share of any nutrient; None without a ration."""
    foods = {c.id: c for c in instance.commodities if c.is_food}
    people = next(k.population for k in instance.communities if k.id == community)
    ration = {c: series for (k, c), series in rations_of(instance).items() if k == community}
    days: list[_Share] = []
    for row in standards if ration else ():
        asked = tuple(float(getattr(row, name)) for name in NUTRIENTS)
        for d in days_of(instance, row) if any(asked) else ():
            held = tuple(
                round(sum(content(foods[c], name) * kg[d] for c, kg in ration.items()) / people, 6)
                for name in NUTRIENTS
            )
            days.append((asked, held))
    return min(days, key=lambda day: (min(_shares(day)), _shares(day)), default=None)


def _shares(day: _Share) -> list[float]:
    return [held / asked for asked, held in zip(*day, strict=True) if asked]


def _sentence(names: list[str], day: _Share) -> str:
    more = len(names) - SHOWN_COMMUNITIES
    shown = ", ".join(names[:SHOWN_COMMUNITIES]) + (f" and {more} more" if more > 0 else "")
    asked, held = day
    parts = [
        f"{100 * has / wanted:.0f} % of the {NUTRIENT_NAMES[name]} "
        f"({_amount(has)} of {_amount(wanted)} {UNITS[name]})"
        for name, wanted, has in zip(NUTRIENTS, asked, held, strict=True)
        if wanted
    ]
    listed = f"{', '.join(parts[:-1])} and {parts[-1]}" if parts[1:] else parts[0]
    return f"the planned ration of {shown} holds {listed} that the standard asks for a person and day"


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{round(value, 1):g}"
