"""The zones of one sortie in order: what is dropped there, when, and what becomes of it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from instances.schema import Instance, Zone
from optimizer.check.fall import layers_on
from optimizer.check.scatter import FullLoad, fate
from optimizer.plan import Load, Sortie

if TYPE_CHECKING:
    from optimizer.check.flight import Craft

NOISE: Final = 1e-6  # a minute this close to a whole one is whole
TOUR_NOISE: Final = 2e-4  # the same where points written to 0.1 m tell how far a stop is
NEVER: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Call:
    """One stop.

    Attributes
    ----------
    number : int
        From 1.
    loads : tuple of Load
        What is dropped here.
    load : FullLoad
        A full load over the zone on that day.
    zone_min : float
        Minutes over or at the zone, all passes together.
    landed_frac, stray_frac : float
        Shares 0..1: cargo landed usable; cargo fallen into other hands. Where shares follow from scatter,
        the planned ones count if they are near enough to the judge's own.
    harm_per_bundle, slack_harm : float
        People expected to be hurt by a bundle, and by how much a planned figure may differ.
    basis : str
        Where the landed share is from: ``table``, ``computed`` or ``observed``.
    drop : datetime
        First drop, or the landing, UTC.
    """

    number: int
    zone: Zone
    loads: tuple[Load, ...]
    load: FullLoad
    zone_min: float
    landed_frac: float
    stray_frac: float
    harm_per_bundle: float
    slack_harm: float
    basis: str
    drop: dt.datetime = NEVER

    @property
    def net_kg(self) -> float:
        """Cargo, kg."""
        return sum(load.net_kg for load in self.loads)

    @property
    def bundles(self) -> int:
        """Bundles of all loads."""
        return sum(load.bundles for load in self.loads)


def call_at(
    sortie: Sortie, craft: Craft, number: int, loads: tuple[Load, ...], bundles: int, instance: Instance
) -> Call:
    """A stop without its time; `bundles` are those of a full sortie, all released here."""
    zone, method = craft.zones[number - 1], craft.method
    layers = layers_on(instance.winds, sortie.date)
    load = FullLoad(craft.aircraft, method, zone, sortie.release_height_m, bundles, layers)
    own = fate(load, instance)
    landed, stray = own.landed_frac, own.stray_frac
    if loads:
        if own.basis == "computed":
            landed = stands(loads[0].landed_frac, landed, own.slack_frac)
        stray = stands(loads[0].diverted_frac, stray, own.slack_frac)
    return Call(
        number=number,
        zone=zone,
        loads=loads,
        load=load,
        zone_min=method.zone_min + (load.passes - 1) * method.pass_min,
        landed_frac=landed,
        stray_frac=stray,
        harm_per_bundle=own.harm_per_bundle,
        slack_harm=own.slack_harm,
        basis=own.basis,
    )


def stands(planned: float, due: float, slack: float) -> float:
    """The planned figure where two ways to integrate may differ by as much, else the judge's own."""
    return planned if abs(planned - due) <= slack else due


def harm_of(sortie: Sortie, calls: Sequence[Call]) -> float:
    """People a sortie is expected to hurt; planned harm within a quarter of the judge's stands."""
    due = sum(call.bundles * call.harm_per_bundle for call in calls)
    return stands(sortie.harm_expected, due, sum(call.bundles * call.slack_harm for call in calls))


def timed(
    calls: Sequence[Call], takeoff: dt.datetime, legs_min: Sequence[float], spare_min: float
) -> tuple[Call, ...]:
    """The stops with their times: whole minutes after take-off, rounded up.

    `spare_min` is half of what rounding up the block time adds. Where noise leaves two answers, that of the
    plan stands, if it drops anything there.
    """
    noise = NOISE if len(calls) == 1 else TOUR_NOISE
    gone_min, found = spare_min, []
    for call, leg_min in zip(calls, legs_min, strict=False):
        gone_min += leg_min
        least, most = math.ceil(gone_min - noise), math.ceil(gone_min + noise)
        drop = takeoff + dt.timedelta(minutes=least)
        later = takeoff + dt.timedelta(minutes=most)
        if len(calls) > 1 and any(load.drop_utc == later for load in call.loads):
            drop = later
        elif not call.loads:
            # Nothing is written of a stop where nothing is dropped: its minutes are taken as they are.
            drop = takeoff + dt.timedelta(minutes=math.ceil(gone_min - NOISE))
        found.append(replace(call, drop=drop))
        gone_min += call.zone_min
    return tuple(found)
