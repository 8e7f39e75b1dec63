"""What days of a plan have in common, so that they can stand for one another."""

from __future__ import annotations

from dataclasses import dataclass, field

from optimizer.cut import Cut


@dataclass(frozen=True)
class Kind:
    """Days that are alike for everything that is flown on them.

    Attributes
    ----------
    missions : tuple of str
        Ids of the missions that may be flown.
    cuts : tuple of Cut
        What the timetable found room for on these days.
    flown : tuple of int
        Sorties of each mission, where they are decided.
    day : int
        One of them, counted from 0.
    """

    missions: tuple[str, ...]
    cuts: tuple[Cut, ...] = ()
    flown: tuple[int, ...] = ()
    day: int = field(default=0, compare=False)
