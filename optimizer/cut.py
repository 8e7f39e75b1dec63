"""What the timetable tells the campaign: so many sorties and no more, on which days, and why."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SHOWN_DATES = 3
ROUNDING = 1e-9


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
    most : float
        Sorties that fit.
    reason : str
        Resource, hours and numbers in a planner's words.
    proven : bool
        Whether no timetable can hold more; else none was found in time, only a mix of missions is too much,
        or crews have not rested.
    per_tail : tuple of (str, float)
        Sorties that each tail contracted adds, by fleet.
    """

    missions: tuple[str, ...]
    days: tuple[int, ...]
    most: float
    reason: str
    proven: bool = True
    per_tail: tuple[tuple[str, float], ...] = ()

    def binding(self, sorties: Mapping[tuple[str, int], int], tails: Mapping[str, int]) -> list[int]:
        """Days on which a plan flies all that the cut allows."""
        room = self.most + sum(n * tails.get(f, 0) for f, n in self.per_tail)
        flown = {d: sum(sorties.get((m, d), 0) for m in self.missions) for d in self.days}
        return [d for d, n in flown.items() if n >= math.floor(room + ROUNDING) and room > 0]


def binding_notes(
    cuts: Iterable[Cut],
    sorties: Mapping[tuple[str, int], int],
    tails: Mapping[str, int],
    dates: Sequence[dt.date],
) -> tuple[str, ...]:
    """What a planner should know: on which days the timetable allows no more sorties, and why.

    Of several cuts with one reason the one that binds most days is told.
    """
    days: dict[str, list[int]] = {}
    for cut in cuts:
        bound = cut.binding(sorties, tails)
        if len(bound) > len(days.get(cut.reason, [])):
            days[cut.reason] = bound
    return tuple(
        f"The timetable holds no more on {shown_dates([dates[d] for d in bound])}: {reason}."
        for reason, bound in days.items()
    )


def shown_dates(dates: Sequence[dt.date]) -> str:
    """Some dates in a few words."""
    if len(dates) <= SHOWN_DATES:
        return ", ".join(date.isoformat() for date in dates)
    return f"{len(dates)} days from {dates[0]} to {dates[-1]}"
