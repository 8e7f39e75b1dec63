"""A sortie with its tail and its minutes."""

from __future__ import annotations

from dataclasses import dataclass

from optimizer.mission import Mission


@dataclass(frozen=True)
class Haul:
    """A trip of a feeder with its take-off, minutes elapsed since local midnight of a day."""

    feeder: str
    day: int
    takeoff_min: int


@dataclass(frozen=True)
class Flight:
    """A sortie with its tail, from 1, and its take-off, minutes elapsed since local midnight of a day."""

    mission: Mission
    day: int
    tail: int
    takeoff_min: int
