"""Rules about the ground: what a zone can take, hand over and carry, and who eats."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from optimizer.check.case import Case, grouped
from optimizer.check.violation import Violation, counted, far, kg, number, percent
from optimizer.plan import Coverage

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


def community_stock_balance(case: Case) -> Iterator[Violation]:
    """People eat from stock and from what arrives; the rest of the need is unmet.

    stock[d] = stock[d-1] + (1 - loss_frac) x hand_over_kg - need + unmet, stock >= 0, 0 <= unmet <= need;
    the first day that does not add up is named
    """
    yield from _stray_rows(case)
    yield from _received(case)
    arrivals: dict[tuple[str, str, dt.date], list[float]] = defaultdict(list)
    for row in case.handovers:
        lost = case.tables.links[row.zone, row.community].loss_frac
        arrivals[row.community, row.commodity, row.date].append(row.handed_kg * (1 - lost))
    rows = {(row.community, row.commodity, row.date): row for row in case.plan.coverage}
    seen = {(row.community, row.commodity) for row in case.plan.coverage}
    seen |= {(row.community, row.commodity) for row in case.plan.handovers}
    for pair, needs in case.needs.items():
        if pair not in seen and not any(needs):
            continue
        stock_kg = case.tables.communities[pair[0]].starting_stock_days * needs[0]
        for need_kg, date in zip(needs, case.dates, strict=True):
            cover = rows.get((*pair, date))
            fault = _cover_fault(cover, stock_kg, need_kg, arrivals[*pair, date])
            if fault:
                where = f"{pair[0]} {pair[1]} on {date}"
                yield Violation("community_stock_balance", where, fault, "coverage.csv")
                break
            stock_kg = cover.stock_kg if cover else 0.0


def _cover_fault(cover: Coverage | None, before_kg: float, need_kg: float, arrived: list[float]) -> str:
    """What is wrong with one row of coverage, in words; empty when it adds up."""
    if cover is None:
        return "no row of this day"
    slack = KG + ROW_KG * len(arrived)
    after_kg = before_kg + cover.received_kg - cover.need_kg + cover.unmet_kg
    if far(cover.need_kg, need_kg, KG):
        return f"need_kg is {number(cover.need_kg)}, the instance says {kg(need_kg)}"
    if far(cover.received_kg, sum(arrived), slack):
        return f"received_kg is {number(cover.received_kg)}, hand-overs bring {kg(sum(arrived))}"
    if not -KG <= cover.unmet_kg <= need_kg + KG:
        return f"unmet_kg is {number(cover.unmet_kg)}, it lies between 0 and the need of {kg(need_kg)}"
    if far(cover.stock_kg, after_kg, slack):
        return f"stock_kg is {number(cover.stock_kg)}, stock, arrivals and need leave {kg(after_kg)}"
    if cover.stock_kg < -KG:
        return f"stock_kg is {number(cover.stock_kg)}, more was eaten than was there"
    return ""


def _stray_rows(case: Case) -> Iterator[Violation]:
    """Rows of coverage and hand-overs that belong to no need or no day, and repeated rows."""
    groups = grouped(case.plan.coverage, lambda row: (row.community, row.commodity, row.date))
    for (community, commodity, date), rows in groups.items():
        where = f"{community} {commodity} on {date}"
        if len(rows) > 1:
            message = f"{len(rows)} rows, there is one a day"
        elif (community, commodity) not in case.needs:
            message = f"{community} has no need of {commodity}"
        elif date not in case.day_of:
            message = "the day is outside the plan"
        else:
            continue
        yield Violation("community_stock_balance", where, message, "coverage.csv")
    for row in case.plan.handovers:
        if (row.community, row.commodity) not in case.needs:
            message = f"{kg(row.handed_kg)} handed over, {row.community} has no need of {row.commodity}"
            where = f"{row.community} {row.commodity} on {row.date}"
            yield Violation("community_stock_balance", where, message, "handovers.csv")


def _received(case: Case) -> Iterator[Violation]:
    """What arrives is what is handed over less the loss on the way: (1 - loss_frac) x handed_kg."""
    for row in case.handovers:
        link = case.tables.links[row.zone, row.community]
        due_kg = row.handed_kg * (1 - link.loss_frac)
        if far(row.received_kg, due_kg, KG):
            message = f"received_kg is {number(row.received_kg)}, {kg(due_kg)} arrive of {kg(row.handed_kg)}"
            where = f"{row.community} {row.commodity} on {row.date}"
            yield Violation("community_stock_balance", where, message, "handovers.csv")


def storage_limit(case: Case) -> Iterator[Violation]:
    """Stock fits in the stores at the end of the day: sum_c community_stock_kg <= storage_kg."""
    for (community_id, date), rows in grouped(case.plan.coverage, lambda r: (r.community, r.date)).items():
        community = case.tables.communities.get(community_id)
        if community is None or community.storage_kg is None:
            continue
        stored_kg = sum(row.stock_kg for row in rows)
        if stored_kg > community.storage_kg + KG + ROW_KG * len(rows):
            message = f"{kg(stored_kg)} in store in the evening, there is room for {kg(community.storage_kg)}"
            yield Violation("storage_limit", f"{community_id} on {date}", message, "coverage.csv")


def coverage_target(case: Case) -> Iterator[Violation]:
    """With ``--coverage``, this share of every need is met over the plan.

    sum_d need - unmet >= coverage x sum_d need, for every community and commodity
    """
    share = case.plan.options.coverage_frac
    if share is None:
        return
    for (community, commodity), needs in case.needs.items():
        need_kg = sum(needs)
        met_kg = need_kg - sum(case.unmet_kg[community, commodity])
        if met_kg < share * need_kg - max(KG, 1e-5 * need_kg):
            message = f"{kg(met_kg)} of {kg(need_kg)} met, {percent(share)} asks for {kg(share * need_kg)}"
            yield Violation("coverage_target", f"{community} {commodity}", message, "coverage.csv")
