"""How many of the tails contracted can fly on the same day."""

from __future__ import annotations

import math

ROUNDING = 1e-9


def in_service(tails: int, serviceable_frac: float) -> int:
    """Tails of a fleet that can fly on the same day: the serviceable share, rounded up."""
    return math.ceil(tails * serviceable_frac - ROUNDING)


def service_lines(max_tails: int, serviceable_frac: float) -> list[tuple[float, float]]:
    """The upper hull of the steps of `in_service`, as lines ``most + per_tail * tails``.

    Of up to `max_tails` no number has more tails in service than each line says.
    """
    steps = [in_service(tails, serviceable_frac) for tails in range(max_tails + 1)]
    lines: list[tuple[float, float]] = []
    at = 0
    while at < max_tails:
        slope, to = max(((steps[n] - steps[at]) / (n - at), n) for n in range(at + 1, len(steps)))
        lines.append((steps[at] - slope * at, slope))
        at = to
    return lines
