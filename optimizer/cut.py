"""What the timetable tells the campaign: so many sorties and no more, on which days, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cut:
    """A limit on the sorties of a day.

    ``sum of sorties over missions <= most + sum_f per_tail[f] * tails[f]`` on each of the days.

    Attributes
    ----------
    missions : tuple of str
        Ids of the missions that share what is scarce.
    days : tuple of int
        Days of the plan, from 0, that are alike for these missions.
    most : int
        Sorties that fit.
    reason : str
        Resource, hours and numbers in a planner's words.
    proven : bool
        Whether no timetable can hold more; else only none was found in time, or the cut stands for
        the number of tails it was found with.
    per_tail : tuple of (str, int)
        Sorties that each tail contracted adds, by fleet.
    """

    missions: tuple[str, ...]
    days: tuple[int, ...]
    most: int
    reason: str
    proven: bool = True
    per_tail: tuple[tuple[str, int], ...] = ()
