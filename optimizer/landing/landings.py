"""What share of a drop is gathered, what falls into other hands, and whom it endangers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from instances.schema import Aircraft, Instance, Method, Recovery, Zone
from optimizer.landing.air import Array
from optimizer.landing.drops import Drop, Falls, falls
from optimizer.landing.ground import Surroundings, surroundings
from optimizer.landing.normal import polygon_share
from optimizer.landing.winds import flyable_days, spells

M2_PER_KM2: Final = 1e6
STICK_POINTS: Final = 9
"""Bundles that stand for a stick where it meets drawn areas, which are large beside a gap."""

SHARE_DECIMALS: Final = 3
"""Shares are planned to a thousandth: winds that change less make no mission of their own."""
HARM_STEP: Final = 0.2
"""Harm is planned in steps of a fifth of itself, rounded up, for the same reason."""

type Rows = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
type Basis = Literal["table", "computed", "observed"]


@dataclass(frozen=True)
class Landing:
    """What becomes of one bundle.

    Attributes
    ----------
    landed_frac : float
        Share of the cargo gathered usable in the zone or the held area, 0..1.
    stray_frac : float
        Share that falls into other hands and counts as diverted, 0..1.
    harm_per_bundle : float
        Expected people in the footprint of a stray or failed bundle.
    basis : str
        Where the landed share is from: the method's table, computed, or observed.
    passes : int
        Passes over the zone for a full load.
    """

    landed_frac: float
    stray_frac: float
    harm_per_bundle: float
    basis: Basis = "table"
    passes: int = 1


@dataclass(frozen=True)
class Shares:
    """Where the bundles of many drops end up, one row each; the first four add up to 1.

    Attributes
    ----------
    in_zone, held, diverted, failed : array
        Shares of all bundles: good canopies in the zone, in held areas outside it, elsewhere; failed.
    landed : array
        Share of cargo gathered usable, 0..1.
    harm_late, harm_failed : array
        Expected people in the footprint of a bundle, by good canopies outside the zone and by failed ones.
    """

    in_zone: Array
    held: Array
    diverted: Array
    failed: Array
    landed: Array
    harm_late: Array
    harm_failed: Array


def shares(instance: Instance, drops: Sequence[Drop], found: Falls) -> Shares:
    """Shares and harm of drops whose falls are known; drops that are alike are worked out once."""
    first: dict[Drop, int] = {}
    for i, drop in enumerate(drops):
        first.setdefault(drop, i)
    place = {drop: i for i, drop in enumerate(first)}
    rows = np.array([place[drop] for drop in drops], dtype=np.int64)
    unique = _shares(instance, list(first), found.rows(list(first.values())))
    return Shares(**{name: getattr(unique, name)[rows] for name in Shares.__dataclass_fields__})


def _shares(instance: Instance, drops: Sequence[Drop], found: Falls) -> Shares:
    n = len(drops)
    held, gathered, late, failed = (np.zeros(n) for _ in range(4))
    for zone in dict.fromkeys(drop.zone for drop in drops):
        rows = np.array([i for i, drop in enumerate(drops) if drop.zone == zone], dtype=np.int64)
        around = surroundings(instance, zone)
        part = _around(around, zone, found, rows)
        held[rows], gathered[rows], late[rows], failed[rows] = part
    fail = np.array([drop.method.failure_frac for drop in drops])
    damage = np.array([drop.method.damage_frac for drop in drops])
    footprint = np.array([drop.method.footprint_m2 for drop in drops]) / M2_PER_KM2
    good = 1 - fail
    return Shares(
        in_zone=good * found.in_zone,
        held=good * held,
        diverted=good * np.maximum(0.0, 1 - found.in_zone - held),
        failed=fail,
        landed=good * (1 - damage) * np.minimum(1.0, found.in_zone + gathered),
        harm_late=footprint * good * late,
        harm_failed=footprint * fail * failed,
    )


def _around(around: Surroundings, zone: Zone, found: Falls, rows: Rows) -> tuple[Array, Array, Array, Array]:
    """Held share, gathered share, and people per km2 met outside the zone and by failed bundles."""
    middles = _middles(found, rows)
    sigma, failed_sigma = found.sigma_m[rows], found.failed_sigma_m[rows]
    astray = middles + found.failed_m[rows][:, None, :]
    outside = np.maximum(0.0, 1 - found.in_zone[rows])
    held, gathered = np.zeros(len(rows)), np.zeros(len(rows))
    for recovery_frac, edges in around.held:
        share = np.minimum(polygon_share(edges, middles, sigma), outside - held)
        held, gathered = held + share, gathered + recovery_frac * share
    late, failed = np.zeros(len(rows)), np.zeros(len(rows))
    open_late, open_failed = outside, np.ones(len(rows))
    for people_per_km2, edges in around.built_up:
        share, other = polygon_share(edges, middles, sigma), polygon_share(edges, astray, failed_sigma)
        late, failed = late + people_per_km2 * share, failed + people_per_km2 * other
        open_late, open_failed = np.maximum(0.0, open_late - share), np.maximum(0.0, open_failed - other)
    return held, gathered, late + zone.people_per_km2 * open_late, failed + zone.people_per_km2 * open_failed


def _middles(found: Falls, rows: Rows) -> Array:
    """A few bundles in place of every stick, as (east, north) of the middle of their scatter."""
    stick = found.stick_m[rows]
    count = np.minimum(found.per_pass[rows], STICK_POINTS)
    number = np.arange(STICK_POINTS)[None, :]
    gaps = np.maximum(found.per_pass[rows] - 1, 1)
    length = stick * (gaps + 1) / gaps  # bundles stand for the ground up to the middle between them
    places = ((number + 0.5) / count[:, None] - 0.5) * length[:, None]
    places = np.where(number < count[:, None], places, np.nan)
    run_in = found.run_in_rad[rows][:, None]
    return np.stack([places * np.sin(run_in), places * np.cos(run_in)], axis=2)


def scatters(method: Method) -> bool:
    """Whether the share that lands is computed from scatter, not taken from the method's table."""
    return method.kind == "drop" and method.release_error_m is not None


@dataclass(frozen=True)
class Spell:
    """Days that share the winds, of which the wind lets some be flown, and what lands on them."""

    days: tuple[int, ...]
    landing: Landing


def landings(
    instance: Instance, asked: Sequence[tuple[Aircraft, Method, Zone, float, int]]
) -> list[tuple[Spell, ...]]:
    """What lands, and on which days, for many drops at once.

    Parameters
    ----------
    instance : Instance
        Holds winds, areas, recoveries and the days.
    asked : sequence of (aircraft, method, zone, release height m, bundles)
        Drops of a full load.

    Returns
    -------
    list of tuple of Spell
        For each, the days of the plan grouped by what lands on them; days above the method's wind
        limit are in none.
    """
    winds = spells(instance)
    missed = instance.header.forecast_error_frac
    drops = [
        Drop(aircraft, method, zone, height_m, bundles, layers, missed)
        for aircraft, method, zone, height_m, bundles in asked
        for layers in winds
        if method.kind == "drop"
    ]
    if not drops:
        return [_table_spell(instance, method, zone, height_m) for _, method, zone, height_m, _ in asked]
    unique = list(dict.fromkeys(drops))
    found = falls(unique)
    share = shares(instance, unique, found)
    row = {drop: i for i, drop in enumerate(unique)}
    answers = []
    for aircraft, method, zone, height_m, bundles in asked:
        if method.kind != "drop":
            answers.append(_table_spell(instance, method, zone, height_m))
            continue
        days: dict[Landing, list[int]] = {}
        for layers, together in winds.items():
            i = row[Drop(aircraft, method, zone, height_m, bundles, layers, missed)]
            calm = float(found.flyable[i])
            able = flyable_days(instance.dates, together, calm, layers.of_day)
            became = _landing(instance, unique[i], found, share, i)
            days.setdefault(became, []).extend(able)
        answers.append(tuple(Spell(tuple(sorted(own)), became) for became, own in days.items() if own))
    return answers


def _step_up(harm: float) -> float:
    """Harm rounded up to the next of steps that differ by `HARM_STEP`; 0 stays 0."""
    if harm <= 0:
        return 0.0
    step = math.ceil(math.log(harm) / math.log1p(HARM_STEP) - 1e-9)
    return float(f"{(1 + HARM_STEP) ** step:.4g}")


def _table_spell(instance: Instance, method: Method, zone: Zone, height_m: float) -> tuple[Spell, ...]:
    return (Spell(tuple(range(instance.header.days)), table_landing(instance, method, zone, height_m)),)


def _landing(instance: Instance, drop: Drop, found: Falls, share: Shares, i: int) -> Landing:
    """The landing of one row; an observed share replaces the computed one."""
    if not scatters(drop.method):
        return table_landing(instance, drop.method, drop.zone, drop.height_m)
    landed = round(float(share.landed[i]), SHARE_DECIMALS)
    stray = round(float(share.diverted[i]), SHARE_DECIMALS)
    basis: Basis = "computed"
    seen = observed(instance, drop.method, drop.zone, drop.height_m)
    if seen is not None:
        landed, stray, basis = seen.landed_frac, min(stray, 1 - seen.landed_frac), "observed"
    harm = float(share.harm_late[i] + share.harm_failed[i])
    return Landing(landed, stray, _step_up(harm), basis, int(found.passes[i]))


def observed(instance: Instance, method: Method, zone: Zone, height_m: float) -> Recovery | None:
    """The recovery a planner observed for a method at a zone from this height, if any."""
    for seen in instance.recoveries:
        if (seen.zone, seen.method) == (zone.id, method.id) and seen.release_height_m in (None, height_m):
            return seen
    return None


def table_landing(instance: Instance, method: Method, zone: Zone, height_m: float) -> Landing:
    """Shares of a method that says what misses; an observed landed share replaces the table's."""
    intact = (1 - method.failure_frac) * (1 - method.damage_frac)
    stray = method.miss_frac
    landed = (1 - stray) * intact
    basis: Basis = "table"
    seen = observed(instance, method, zone, height_m)
    if seen is not None:
        landed, basis = seen.landed_frac, "observed"
        stray = max(0.0, 1 - landed / intact) if intact > 0 else 1.0
    endangering = 1 - (1 - stray) * (1 - method.failure_frac)
    harm = zone.people_per_km2 / M2_PER_KM2 * method.footprint_m2 * endangering
    return Landing(landed, stray, harm, basis)
