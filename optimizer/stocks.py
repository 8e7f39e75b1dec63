"""What communities receive, eat and keep in stock day by day: the records of coverage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from optimizer.network import Network
from optimizer.options import Options
from optimizer.plan import Coverage, HandOver
from optimizer.rationing import rationed


def coverage_of(net: Network, handovers: Sequence[HandOver], options: Options) -> tuple[Coverage, ...]:
    """What is received, eaten and left in stock of every food and item, day by day.

    Foods that never come and are in no ration are left out.

    Parameters
    ----------
    net : Network
        Day by day.
    handovers : sequence of HandOver
        All there are.
    options : Options
        Say which coverage the ration keeps, if any.
    """
    day = {date: d for d, date in enumerate(net.instance.dates)}
    received: dict[tuple[str, str, int], float] = defaultdict(float)
    for row in handovers:
        received[row.community, row.commodity, day[row.date]] += row.received_kg
    came = {(k, c) for k, c, _ in received}
    start = {key: round(net.starting_kg[key], 3) for key in net.stored}
    kept = [
        key for key in net.stored if key in net.items or key in net.ration_kg or key in came or start[key] > 0
    ]
    covered = None if options.coverage_frac is None else (options.coverage_frac, options.coverage_from)
    eaten = rationed(net, {key: round(kg, 3) for key, kg in received.items()}, covered)
    rows: dict[tuple[int, str, str], Coverage] = {}
    for k, c in kept:
        stock = start[k, c]
        for d, date in enumerate(net.instance.dates):
            came_kg, eaten_kg = round(received[k, c, d], 3), eaten.get((k, c, d), 0.0)
            stock = round(stock + came_kg - eaten_kg, 3)
            need_kg = round(_need_kg(net, (k, c), d), 3)
            met_kg = stock if (k, c) in net.items and net.items[k, c].lasting else eaten_kg
            rows[d, k, c] = Coverage(
                date=date,
                community=k,
                commodity=c,
                need_kg=need_kg,
                received_kg=came_kg,
                eaten_kg=eaten_kg,
                unmet_kg=round(max(0.0, need_kg - met_kg), 3),
                stock_kg=stock,
            )
    return tuple(rows[d, k, c] for d in net.days for k, c in kept)


def _need_kg(net: Network, key: tuple[str, str], d: int) -> float:
    """Needed of an item, or planned of a food."""
    if key in net.items:
        return net.items[key].amount[d]
    return net.ration_kg[key][d] if key in net.ration_kg else 0.0
