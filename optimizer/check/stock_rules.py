"""Rules about what a community has in store: what comes in, what is eaten or used, what is left."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from optimizer.check.case import Case, grouped
from optimizer.check.requirements import NUTRIENTS, Pair
from optimizer.check.violation import Violation, far, kg, number, percent
from optimizer.plan import Coverage

KG: Final = 0.01  # kg are written with three decimals
ROW_KG: Final = 0.001  # what rounding one row may add to a sum
FRAC: Final = 1e-6


def ration_balance(case: Case) -> Iterator[Violation]:
    """People eat of any food that is there, and of each no more than a person can.

    stock[d] = stock[d-1] + (1 - loss_frac) x hand_over_kg - eaten, stock >= 0, eaten >= 0;
    sum over a group of eaten / (most_g_per_person_day x population) <= 1;
    the first day that does not add up is named
    """
    yield from _stray(case, "ration_balance", of_food=True)
    seen = _seen(case)
    pairs = [pair for pair, daily in case.rations.items() if pair in seen or any(daily)]
    pairs += sorted(pair for pair in seen - set(case.rations) if _is_food(case, *pair))
    for pair in pairs:
        need = case.rations.get(pair, (0.0,) * len(case.dates))
        start_kg = case.tables.communities[pair[0]].starting_stock_days * need[0]
        yield from _followed(case, "ration_balance", pair, need, start_kg)
    yield from _beyond_caps(case)


def community_stock_balance(case: Case) -> Iterator[Violation]:
    """Items are used as they are needed, and those that last stay; the rest of the need is unmet.

    stock[d] = stock[d-1] + (1 - loss_frac) x hand_over_kg - need + unmet, stock >= 0, 0 <= unmet <= need;
    lasting: stock[d] = stock[d-1] + (1 - loss_frac) x hand_over_kg, unmet = max(0, need - stock);
    the first day that does not add up is named
    """
    yield from _stray(case, "community_stock_balance", of_food=False)
    seen = _seen(case)
    for pair, need in case.requirements.items():
        if need.name in NUTRIENTS or (pair not in seen and not any(need.amount)):
            continue
        days = 0.0 if need.lasting else case.tables.communities[pair[0]].starting_stock_days
        yield from _followed(case, "community_stock_balance", pair, need.amount, days * need.amount[0])


def _seen(case: Case) -> set[Pair]:
    """Communities and commodities that the plan speaks of."""
    pairs = {(row.community, row.commodity) for row in case.plan.coverage}
    return pairs | {(row.community, row.commodity) for row in case.plan.handovers}


def _is_food(case: Case, community: str, commodity: str) -> bool:
    """Whether something serves as food in a community that is to be fed."""
    return commodity in case.foods and community in case.standards


def _stray(case: Case, rule: str, *, of_food: bool) -> Iterator[Violation]:
    """Rows that belong to no need or no day, repeated rows, and hand-overs that do not arrive in full."""

    def ours(row: Pair) -> bool:
        return _is_food(case, *row) is of_food

    groups = grouped(case.plan.coverage, lambda row: (row.community, row.commodity, row.date))
    for (community, commodity, date), rows in groups.items():
        if not ours((community, commodity)):
            continue
        if len(rows) > 1:
            message = f"{len(rows)} rows, there is one a day"
        elif not of_food and (community, commodity) not in case.requirements:
            message = f"{community} has no need of {commodity}"
        elif date not in case.day_of:
            message = "the day is outside the plan"
        else:
            continue
        yield Violation(rule, f"{community} {commodity} on {date}", message, "coverage.csv")
    for row in case.plan.handovers:
        if not ours((row.community, row.commodity)):
            continue
        where = f"{row.community} {row.commodity} on {row.date}"
        link = case.tables.links.get((row.zone, row.community))
        if not of_food and (row.community, row.commodity) not in case.requirements:
            message = f"{kg(row.handed_kg)} handed over, {row.community} has no need of {row.commodity}"
        elif link is not None and far(row.received_kg, row.handed_kg * (1 - link.loss_frac), KG):
            due = f"{kg(row.handed_kg * (1 - link.loss_frac))} arrive of {kg(row.handed_kg)}"
            message = f"received_kg is {number(row.received_kg)}, {due}"
        else:
            continue
        yield Violation(rule, where, message, "handovers.csv")


def _followed(
    case: Case, rule: str, pair: Pair, needs: tuple[float, ...], stock_kg: float
) -> Iterator[Violation]:
    """The first day on which a row of coverage does not follow from the evening before."""
    arrivals: dict[dt.date, list[float]] = defaultdict(list)
    for row in case.handovers:
        if (row.community, row.commodity) == pair:
            lost = case.tables.links[row.zone, row.community].loss_frac
            arrivals[row.date].append(row.handed_kg * (1 - lost))
    lasting = pair in case.requirements and case.requirements[pair].lasting
    for need_kg, date in zip(needs, case.dates, strict=True):
        cover = case.coverage_rows.get((*pair, date))
        if cover is None:
            fault = "no row of this day"
        else:
            fault = _arrived(cover, stock_kg, need_kg, arrivals[date])
            fault = fault or _used(cover, need_kg, food=rule == "ration_balance", lasting=lasting)
        if fault or cover is None:
            yield Violation(rule, f"{pair[0]} {pair[1]} on {date}", fault, "coverage.csv")
            return
        stock_kg = cover.stock_kg


def _arrived(cover: Coverage, before_kg: float, need_kg: float, arrived: list[float]) -> str:
    """What is wrong with need and stock of a day, in words; empty when they add up."""
    slack = KG + ROW_KG * len(arrived)
    after_kg = before_kg + cover.received_kg - cover.eaten_kg
    if far(cover.need_kg, need_kg, KG):
        return f"need_kg is {number(cover.need_kg)}, the instance says {kg(need_kg)}"
    if far(cover.received_kg, sum(arrived), slack):
        return f"received_kg is {number(cover.received_kg)}, hand-overs bring {kg(sum(arrived))}"
    if far(cover.stock_kg, after_kg, slack):
        return f"stock_kg is {number(cover.stock_kg)}, stock, arrivals and use leave {kg(after_kg)}"
    if cover.stock_kg < -KG:
        return f"stock_kg is {number(cover.stock_kg)}, more was used than was there"
    return ""


def _used(cover: Coverage, need_kg: float, *, food: bool, lasting: bool) -> str:
    """What is wrong with what is eaten and unmet on a day, in words; empty when it adds up."""
    if cover.eaten_kg < -KG:
        return f"eaten_kg is {number(cover.eaten_kg)}, that is less than nothing"
    if lasting and far(cover.eaten_kg, 0.0, KG):
        return f"eaten_kg is {number(cover.eaten_kg)}, what lasts is not used up"
    if not food and not lasting and cover.eaten_kg > need_kg + KG:
        return f"eaten_kg is {number(cover.eaten_kg)}, the need is {kg(need_kg)}"
    unmet_kg = max(0.0, need_kg - (cover.stock_kg if lasting else cover.eaten_kg))
    if far(cover.unmet_kg, unmet_kg, KG):
        return f"unmet_kg is {number(cover.unmet_kg)}, {kg(unmet_kg)} of the need is left"
    return ""


def _beyond_caps(case: Case) -> Iterator[Violation]:
    """Groups of food of which more is eaten on a day than people can."""
    for (community, group), days in case.group_shares.items():
        people = case.tables.communities[community].population
        caps_g = [c.most_g_per_person_day for c in case.foods.values() if c.group == group]
        slack = sum(ROW_KG / (most_g / 1000 * people) for most_g in caps_g if most_g is not None)
        for date, share in zip(case.dates, days, strict=True):
            if share > 1 + FRAC + slack:
                message = f"{percent(round(share, 6))} of the {group} that people can eat in a day"
                yield Violation("ration_balance", f"{community} on {date}", message, "coverage.csv")


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
