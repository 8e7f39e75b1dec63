"""Our own clock: how long there is left, and whether somebody asked to stop."""

from __future__ import annotations

import time
from collections.abc import Callable


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
