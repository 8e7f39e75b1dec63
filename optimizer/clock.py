"""Our own clock: how long there is left, and whether somebody asked to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


def _never() -> bool:
    return False


class Clock:
    """Counts down from `seconds` of wall clock; `stop` lets a caller end the work early."""

    def __init__(self, seconds: float, stop: Callable[[], bool] = _never) -> None:
        self._ends = time.monotonic() + seconds
        self._stop = stop

    def left(self) -> float:
        """Seconds left, never below 0; 0 once asked to stop."""
        return 0.0 if self._stop() else max(0.0, self._ends - time.monotonic())

    def stopped(self) -> bool:
        """Whether the time is up or somebody asked to stop."""
        return self.left() <= 0

    def share(self, frac: float) -> Clock:
        """A clock over a share of the time left, stopping when this one would."""
        return Clock(self.left() * frac, self._stop)

    def at_most(self, seconds: float) -> Clock:
        """A clock over so many seconds, stopping when this one would."""
        return Clock(min(seconds, self.left()), self._stop)

    def unless(self, stop: Callable[[], bool]) -> Clock:
        """A clock over the time left that stops in one case more."""
        return Clock(self.left(), lambda: stop() or self._stop())


@dataclass(frozen=True)
class Pace:
    """Two ends of one search.

    Attributes
    ----------
    soon : Clock
        When to be content with what there is, if it will do.
    late : Clock
        When to give up, if nothing will do.
    """

    soon: Clock
    late: Clock

    def share(self, frac: float) -> Pace:
        """A pace over a share of the time left to either end."""
        return Pace(self.soon.share(frac), self.late.share(frac))
