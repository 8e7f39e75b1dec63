"""What the days of a plan have in common, so that what is found for one serves all of its kind."""

from __future__ import annotations

from dataclasses import dataclass, field

from optimizer.cut import Cut
from optimizer.hours import Hours


@dataclass(frozen=True)
class Kind:
    """Days that are alike for everything that is flown on them.

    Attributes
    ----------
    missions : tuple of str
        Ids of the missions that may be flown.
    hours : tuple of Hours
        Of each mission; empty where minutes are no matter.
    cuts : tuple of Cut
        What the timetable found room for on these days.
    day : int
        One of them, counted from 0.
    """

    missions: tuple[str, ...]
    hours: tuple[Hours, ...] = ()
    cuts: tuple[Cut, ...] = ()
    day: int = field(default=0, compare=False)
