"""From patterns chosen to what is flown on every day of the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from optimizer.campaign.choices import Choices
from optimizer.campaign.decisions import Decisions
from optimizer.campaign.groups import Part
from optimizer.solver import Vector


def flown(choices: Choices) -> Decisions:
    """Whole numbers of the last whole solution, day by day of the plan.

    Of the days of a stretch the first fly the most: what comes early is never too late.
    """
    net, values = choices.net, choices.session.values()
    sorties: dict[tuple[str, int], float] = defaultdict(float)
    bundles: dict[tuple[str, int], float] = defaultdict(float)
    chosen: dict[Part, list[int]] = defaultdict(list)
    for (part, number), j in choices.choice.items():
        chosen[part] += [number] * round(values[j])
    for (d, _), numbers in chosen.items():
        patterns = sorted((choices.patterns.known[n] for n in numbers), key=lambda p: -sum(p.kg))
        for day, pattern in zip(net.stretches[d].days, patterns, strict=True):
            sorties |= {(m, day): float(n) for m, n in zip(net.missions, pattern.sorties, strict=True) if n}
            bundles |= {(s, day): float(n) for s, n in zip(net.stops, pattern.bundles, strict=True) if n}
    for (s, d), j in choices.left_behind.items():
        _take_off(bundles, s, net.stretches[d].days, round(values[j]))
    tails = {f: float(values[choices.session.column(v)]) for f, v in choices.x.tails.items()}
    trips = _trips(choices, values)
    return Decisions({"tails": tails, "sorties": sorties, "bundles": bundles, "feeder_trips": trips})


def _take_off(bundles: dict[tuple[str, int], float], s: str, days: Sequence[int], number: int) -> None:
    """Leave bundles for a stop behind, on the last days first."""
    for day in reversed(days):
        less = min(float(number), bundles.get((s, day), 0.0))
        if less > 0:
            bundles[s, day] -= less
            number -= round(less)


def _trips(choices: Choices, values: Vector) -> dict[tuple[str, int], float]:
    """Trips of feeders, as early in their spells as they can be."""
    net = choices.net
    trips: dict[tuple[str, int], float] = {}
    for (e, d), variable in choices.x.feeder_trips.items():
        number = round(values[choices.session.column(variable)])
        for day in range(net.stretches[d].first, net.stretches[d].last + 1):
            trips[e, day] = float(min(number, net.feeders[e].trips_per_day))
            number -= round(trips[e, day])
    return trips
