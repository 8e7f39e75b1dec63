"""Rules about going short: how severe it is, what is wanted in stock at the end, and what was asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from optimizer.check.case import Case, grouped
from optimizer.check.closing import hunger, item_short_frac, wanted_of_food
from optimizer.check.requirements import NUTRIENTS, Interval, Requirement, curve, holds
from optimizer.check.violation import Violation, far, number, percent
from optimizer.plan import Severity

ROW_KG: Final = 0.001  # what rounding one row may add to a sum
FRAC: Final = 1e-5
WRITTEN: Final = 0.002  # people, amounts and severity are written with three decimals
NOISE: Final = 1e-9


type Key = tuple[str, str, dt.date]
"""Community, need, and first day of a period."""


def nutrient_need(case: Case) -> Iterator[Violation]:
    """What is short of a nutrient is what all food eaten lacks: sum_c content x eaten + short >= need."""
    due = _periods(case)
    for row in case.plan.severity:
        key = row.community, row.need, row.date
        fault = _need_fault(case, row, *due[key]) if key in due and row.need in NUTRIENTS else ""
        if fault:
            yield Violation("nutrient_need", _where(key), fault, "severity.csv")


def severity(case: Case) -> Iterator[Violation]:
    """``severity.csv`` is what going short comes to: weight x people x S(share short), period by period."""
    due = _periods(case)
    rows = grouped(case.plan.severity, lambda row: (row.community, row.need, row.date))
    for key, own in rows.items():
        if key not in due and key not in _closing(case):
            fault = "no period of a need begins on that day"
        elif len(own) > 1:
            fault = f"{len(own)} rows, there is one a period"
        elif key in due:
            fault = _fault(case, own[0], *due[key])
        else:
            continue
        if fault:
            yield Violation("severity", _where(key), fault, "severity.csv")
    for key in due:
        if key not in rows:
            yield Violation("severity", _where(key), "no row of this period", "severity.csv")


def _periods(case: Case) -> dict[Key, tuple[Requirement, Interval]]:
    """Every need in every period of the plan, by the keys of its rows."""
    return {
        (need.community, need.name, case.dates[interval.first]): (need, interval)
        for need in case.requirements.values()
        for interval in need.intervals
    }


def _where(key: Key) -> str:
    return f"{key[0]} {key[1]} from {key[2]}"


def comes_to(case: Case, need: Requirement, interval: Interval, short_frac: float) -> float:
    """Severity of a share of a need that is short over some days, person-days."""
    return need.weight * interval.people * curve(case.instance.header.severity_points, short_frac)


def _fault(case: Case, row: Severity, need: Requirement, interval: Interval) -> str:
    """What is wrong with a row of severity, in words; empty when it adds up."""
    if row.days != interval.length:
        return f"days is {number(row.days)}, the period has {interval.length}"
    fault = _people_fault(row, interval.people / interval.length)
    if not fault and need.name not in NUTRIENTS:
        fault = _need_fault(case, row, need, interval)
    due = comes_to(case, need, interval, case.short_frac(need, interval))
    return fault or _severity_fault(row, due, NOISE * need.weight * interval.people)


def _people_fault(row: Severity, people: float) -> str:
    if far(row.people, people, WRITTEN):
        return f"people is {number(row.people)}, the instance says {number(people)}"
    return ""


def _amount_fault(row: Severity, amount: float) -> str:
    if far(row.need_amount, amount, WRITTEN + NOISE * amount):
        return f"need_amount is {number(row.need_amount)}, the instance says {number(amount)}"
    return ""


def _need_fault(case: Case, row: Severity, need: Requirement, interval: Interval) -> str:
    """What is wrong with the amount needed and the share short, in words; empty when they add up."""
    short_frac = case.short_frac(need, interval)
    if far(row.short_frac, short_frac, FRAC):
        due = f"the files give {number(short_frac, 6)}"
        return _amount_fault(row, interval.amount) or f"short_frac is {number(row.short_frac, 6)}, {due}"
    return _amount_fault(row, interval.amount)


def _severity_fault(row: Severity, due: float, slack: float) -> str:
    if far(row.severity, due, WRITTEN + slack):
        return f"severity is {number(row.severity)}, the points give {number(due)} person-days"
    return ""


def _closing(case: Case) -> dict[Key, tuple[Requirement, Interval]]:
    """What is wanted in stock on the last evening, by the keys of its rows: dated the day after."""
    after = case.dates[-1] + dt.timedelta(days=1)
    return {
        (need.community, need.name, after): (need, need.closing)
        for need in case.requirements.values()
        if need.closing is not None
    }


def closing_stock(case: Case) -> Iterator[Violation]:
    """What the last evening's stock lacks of what is wanted counts as severity; foods in their best mix."""
    rows = {(row.community, row.need, row.date): row for row in case.plan.severity}
    for community, keys in grouped(_closing(case), lambda key: key[0]).items():
        wrong = False
        for key in keys:
            fault = _closing_fault(case, rows.get(key), *_closing(case)[key])
            if fault:
                wrong = True
                yield Violation("closing_stock", _where(key), fault, "severity.csv")
        of_food = [rows[key].severity for key in keys if key in rows and key[1] in NUTRIENTS]
        due = hunger(case, community)
        whole = sum(need.weight * closing.people for need, closing in wanted_of_food(case, community))
        if not wrong and far(sum(of_food), due, WRITTEN + FRAC * whole):
            message = f"severity of food is {number(sum(of_food))}, the best mix of the last stock gives "
            where = f"{community} from {keys[0][2]}"
            yield Violation("closing_stock", where, f"{message}{number(due)} person-days", "severity.csv")


def _closing_fault(case: Case, row: Severity | None, need: Requirement, closing: Interval) -> str:
    """What is wrong with a row of the closing stock taken by itself, in words."""
    if row is None:
        return "no row of the closing stock"
    if row.days != 0:
        return f"days is {number(row.days)}, the closing stock lies after the last day: 0"
    fault = _people_fault(row, need.people[-1]) or _amount_fault(row, closing.amount)
    if fault:
        return fault
    short_frac = row.short_frac
    if need.name not in NUTRIENTS:
        short_frac = item_short_frac(case, need, closing)
        if far(row.short_frac, short_frac, FRAC):
            return f"short_frac is {number(row.short_frac, 6)}, the last stock gives {number(short_frac, 6)}"
    due = comes_to(case, need, closing, short_frac)
    return _severity_fault(row, due, FRAC * need.weight * closing.people)


def coverage_week(case: Case) -> Iterator[Violation]:
    """With ``--coverage``, this share of every need is met in every period that begins late enough.

    sum short <= (1 - coverage) x sum amount, for every need and period from day ``coverage_from`` on
    """
    share = case.plan.options.coverage_frac
    if share is None:
        return
    for need in case.requirements.values():
        for interval in need.intervals:
            if interval.first < case.plan.options.coverage_from:
                continue
            met = 1 - case.short_frac(need, interval)
            if met < share - FRAC - _grams(case, need, interval):
                where = f"{need.community} {need.name} from {case.dates[interval.first]}"
                message = f"{percent(round(met, 6))} of the need met, {percent(share)} asked for"
                yield Violation("coverage_week", where, message, "coverage.csv")


def _grams(case: Case, need: Requirement, interval: Interval) -> float:
    """Share of a need that rounding to the gram may add up to over some days."""
    held = 1.0
    if need.name in NUTRIENTS:
        held = sum(holds(case.foods[c], need.name) for k, c in case.eaten_kg if k == need.community)
    return ROW_KG * held * interval.length / interval.amount
