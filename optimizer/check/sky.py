"""What the sky of an instance means for one flight: areas in force, what bars it, what it risks."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from instances.schema import Area, Instance
from optimizer.check.track import Stretch, Track, united, without

SLIP_KM: Final = 0.002  # points are written to 0.1 m; this much in an area is none
LANDS: Final = ("landing", "sling", "airstrip")


@dataclass(frozen=True)
class Passage:
    """Who flies a path, when and how high.

    Attributes
    ----------
    date : date
        Local day of take-off.
    start_min, end_min : float
        Take-off and landing, local minutes after midnight of the day.
    height_m : float
        Release height, m above ground, at which the whole path is flown.
    landings_km : tuple of float
        Where along the path the aircraft comes down at a zone.
    """

    party: str
    kind: str
    date: dt.date
    start_min: float
    end_min: float
    height_m: float
    landings_km: tuple[float, ...] = ()


def in_force(instance: Instance, kind: str, passage: Passage) -> Iterator[Area]:
    """Areas of a kind that are there during any part of a flight; corridors only if open throughout."""
    for area in instance.airspace:
        if area.kind != kind or passage.kind not in area.aircraft_kinds:
            continue
        if area.parties and passage.party not in area.parties:
            continue
        if area.first_date is not None and passage.date < area.first_date:
            continue
        if area.last_date is not None and passage.date > area.last_date:
            continue
        if kind == "corridor":
            there = area.hours_from <= passage.start_min and passage.end_min <= area.hours_to
        else:
            there = passage.start_min < area.hours_to and passage.end_min > area.hours_from
        if there:
            yield area


def loss_on(instance: Instance, track: Track, passage: Passage) -> float:
    """Probability of losing the aircraft over a whole path, 0..1.

    1 - prod (1 - loss_per_transit) ^ stretches x (1 - loss_per_100_km) ^ (km / 100), over the threats.
    """
    survive = 1.0
    for area in in_force(instance, "threat", passage):
        stretches = track.met(area, passage.height_m, passage.landings_km)
        inside_km = math.fsum(end - start for start, end in stretches)
        survive *= (1 - area.loss_per_transit) ** len(stretches)
        survive *= (1 - area.loss_per_100_km) ** (inside_km / 100)
    return 1 - survive


def trespass(instance: Instance, track: Track, passage: Passage) -> Iterator[tuple[Area, float]]:
    """Areas that a path may not cross as it does, each with the km inside."""
    for area in in_force(instance, "prohibited", passage):
        yield from _over(area, track.met(area, passage.height_m, passage.landings_km))
    corridors = list(in_force(instance, "corridor", passage))
    for area in in_force(instance, "restricted", passage):
        ways = [c for c in corridors if _leads_through(c, area, passage.height_m)]
        free = united(stretch for corridor in ways for stretch in track.inside(corridor))
        yield from _over(area, without(track.met(area, passage.height_m, passage.landings_km), free))


def _over(area: Area, stretches: Sequence[Stretch]) -> Iterator[tuple[Area, float]]:
    inside_km = math.fsum(end - start for start, end in stretches if end - start > SLIP_KM)
    if inside_km > 0:
        yield area, inside_km


def _leads_through(corridor: Area, area: Area, height_m: float) -> bool:
    """Whether a corridor is open at the heights at which a flight meets a restricted area."""
    if area.ceiling_m <= height_m:
        return corridor.floor_m <= area.floor_m and corridor.ceiling_m >= area.ceiling_m
    return corridor.floor_m <= height_m < corridor.ceiling_m


def corridors_used(instance: Instance, track: Track, passage: Passage) -> list[Area]:
    """Corridors that a path leads through at the height flown."""
    return [
        corridor
        for corridor in in_force(instance, "corridor", passage)
        if corridor.floor_m <= passage.height_m < corridor.ceiling_m and track.inside(corridor)
    ]
