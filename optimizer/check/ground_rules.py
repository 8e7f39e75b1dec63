"""Rules about the ground: what a zone can take and hand over, and what a way carries."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from optimizer.check.case import Case, grouped
from optimizer.check.violation import Violation, counted, kg, number

KG: Final = 0.01  # kg are written with three decimals
ROW_KG: Final = 0.001  # what rounding one row may add to a sum
FRAC: Final = 1e-6  # shares are written with six decimals


def zone_recovery_limit(case: Case) -> Iterator[Violation]:
    """The ground team gathers only so much a day: sum landed_frac x net_kg <= recovery_kg_per_day."""
    for (zone_id, date), calls in case.calls_by(lambda f, call: (call.zone.id, f.sortie.date)).items():
        most_kg = calls[0][1].zone.recovery_kg_per_day
        landed_kg = sum(call.landed_frac * call.net_kg for _, call in calls)
        rows = sum(len(call.loads) for _, call in calls)
        if landed_kg > most_kg + KG + ROW_KG * rows:
            message = f"{kg(landed_kg)} landed, the team gathers {kg(most_kg)} a day"
            yield Violation("zone_recovery_limit", f"{zone_id} on {date}", message, "loads.csv")


def zone_slot_limit(case: Case) -> Iterator[Violation]:
    """Sorties over one zone keep their distance in time, whoever flies them.

    sorties <= floor(recovery minutes / drop_spacing_min) + 1
    """
    for (zone_id, date), calls in case.calls_by(lambda f, call: (call.zone.id, f.sortie.date)).items():
        zone = calls[0][1].zone
        if zone.drop_spacing_min == 0:
            continue
        hours = max(0, zone.recovery_to - zone.recovery_from)
        most = math.floor(hours / zone.drop_spacing_min + 1e-9) + 1
        if len(calls) > most:
            spaced = f"{number(zone.drop_spacing_min)} min between drops allow {number(most)} a day"
            message = f"{counted(len(calls), 'sortie')}, {spaced}"
            yield Violation("zone_slot_limit", f"{zone_id} on {date}", message, "sorties.csv")


def hand_over_balance(case: Case) -> Iterator[Violation]:
    """What is handed over has landed that day; nothing lies in the zone overnight.

    sum_k hand_over_kg[z,k,c,d] <= sum landed_frac x net_kg
    """
    landed: dict[tuple[str, str, dt.date], float] = defaultdict(float)
    rows: dict[tuple[str, str, dt.date], int] = defaultdict(int)
    for flight, call in case.stops:
        for load in call.loads:
            key = call.zone.id, load.commodity, flight.sortie.date
            landed[key] += call.landed_frac * load.net_kg
            rows[key] += 1
    for key, handed in grouped(case.plan.handovers, lambda row: (row.zone, row.commodity, row.date)).items():
        zone_id, commodity, date = key
        where = f"{zone_id} on {date}"
        for row in handed:
            if row.handed_kg < -KG:
                message = f"{kg(row.handed_kg)} of {commodity} to {row.community} is less than nothing"
                yield Violation("hand_over_balance", where, message, "handovers.csv")
        handed_kg = sum(row.handed_kg for row in handed)
        slack = KG + ROW_KG * (rows[key] + len(handed)) + FRAC * landed[key]
        if handed_kg > landed[key] + slack:
            message = f"{kg(handed_kg)} of {commodity} handed over, {kg(landed[key])} landed that day"
            yield Violation("hand_over_balance", where, message, "handovers.csv")


def link_limit(case: Case) -> Iterator[Violation]:
    """The way to a community carries only so much a day: sum_c hand_over_kg[z,k,c,d] <= kg_per_day."""
    ways = grouped(case.plan.handovers, lambda row: (row.zone, row.community, row.date))
    for (zone_id, community, date), handed in ways.items():
        link = case.tables.links.get((zone_id, community))
        handed_kg = sum(row.handed_kg for row in handed)
        if link is None:
            message = "no link of the instance joins them"
        elif handed_kg > link.kg_per_day + KG + ROW_KG * len(handed):
            message = f"{kg(handed_kg)} handed over, the way carries {kg(link.kg_per_day)} a day"
        else:
            continue
        yield Violation("link_limit", f"{zone_id} to {community} on {date}", message, "handovers.csv")
