"""What makes one timetable of a day better than another."""

from __future__ import annotations

from ortools.sat.python import cp_model

from optimizer.timetable.variables import Variables


def earliest_drops(x: Variables) -> cp_model.LinearExprT:
    """Minutes from midnight to take-off, summed over sorties: winds grow after noon.

    A drop comes a fixed time after its take-off, so that earliest take-offs are earliest drops.
    """
    return sum(p.takeoff for p in x.places)
