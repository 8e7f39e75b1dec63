"""Where the drops of a plan come down: one ellipse for each way of dropping and each spell of wind."""

from __future__ import annotations

import math
from collections import defaultdict

from instances.schema import Instance
from optimizer.explained import Ellipse
from optimizer.landing.drops import Drop
from optimizer.landing.explain import explain
from optimizer.landing.landings import scatters
from optimizer.landing.winds import layers_on
from optimizer.plan import Plan, Sortie


def landing_ellipses(plan: Plan, instance: Instance) -> tuple[Ellipse, ...]:
    """Ellipses of 95 % of the bundles, for every drop of the plan whose scatter is known.

    Parameters
    ----------
    plan : Plan
        Its sorties; those that name what the instance does not know are left out.
    instance : Instance
        With the plan's scenarios and days.
    """
    day = {date: d for d, date in enumerate(instance.dates)}
    days: dict[tuple[str, Drop], set[int]] = defaultdict(set)
    for sortie in plan.sorties:
        if sortie.date in day:
            for zone in sortie.zones:
                drop = _drop(sortie, zone, instance)
                if drop is not None:
                    days[zone, drop].add(day[sortie.date])
    return tuple(_ellipse(zone, drop, tuple(sorted(on)), instance) for (zone, drop), on in days.items())


def _drop(sortie: Sortie, zone_id: str, instance: Instance) -> Drop | None:
    zone = next((one for one in instance.zones if one.id == zone_id), None)
    method = next((one for one in instance.methods if one.id == sortie.method), None)
    aircraft = next((one for one in instance.aircraft if one.id == sortie.aircraft), None)
    if zone is None or method is None or aircraft is None or not scatters(method):
        return None
    bundles = max(1, sortie.bundles // len(sortie.zones))
    layers = layers_on(instance.winds, sortie.date)
    error = instance.header.forecast_error_frac
    return Drop(aircraft, method, zone, sortie.release_height_m, bundles, layers, error)


def _ellipse(zone: str, drop: Drop, days: tuple[int, ...], instance: Instance) -> Ellipse:
    account = explain(instance, drop)
    along_m, across_m = account.ellipse_along_m, account.ellipse_across_m
    return Ellipse(
        zone=zone,
        method=drop.method.id,
        release_height_m=drop.height_m,
        days=days,
        along_m=round(along_m, 1),
        across_m=round(across_m, 1),
        run_in_deg=round(math.fmod(account.run_in_deg, 360.0), 1),
    )
