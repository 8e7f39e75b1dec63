"""The rule that nobody would be better off if something were eaten or used later."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from optimizer.check.case import Case
from optimizer.check.closing import hunger, item_short_frac
from optimizer.check.requirements import NUTRIENTS, Interval, Requirement, curve, holds
from optimizer.check.severity_rules import comes_to
from optimizer.check.violation import Violation, kg, number

UNIT_KG: Final = 0.1
UNIT_FRAC: Final = 0.001  # of what is eaten in a period, where that is more
ROW_KG: Final = 0.001  # what rounding one row may add to a sum
NOISE: Final = 1e-3  # person-days
NOISE_FRAC: Final = 1e-5  # of the severity of the community


def rationing(case: Case) -> Iterator[Violation]:
    """Eating or using something in a later period instead would not lower severity.

    Of each food, and each item that is used up, a little is taken from one day and given to a day of a
    later period, or to the closing stock, if stores and what people can eat allow it; the pair of days
    that gains most is named.
    """
    for good in _goods(case):
        found = good.better()
        if found is not None:
            gain, day, later = found
            then = f"on {case.dates[later]}" if later < len(case.dates) else "in the closing stock"
            message = f"{kg(good.unit_kg)} less, and as much more {then}, lowers severity by "
            where = f"{good.community} {good.commodity} on {case.dates[day]}"
            yield Violation("rationing", where, f"{message}{number(gain)} person-days", "coverage.csv")


def _goods(case: Case) -> Iterator[_Good]:
    """Every food and every item that is used up, by community."""
    for community, commodity in case.eaten_kg:
        needs = [case.requirements[community, name] for name in NUTRIENTS]
        rounding = {
            need.name: sum(
                ROW_KG * holds(case.foods[c], need.name) for k, c in case.eaten_kg if k == community
            )
            for need in needs
        }
        held = [(need, holds(case.foods[commodity], need.name), rounding[need.name]) for need in needs]
        yield _Good(case, community, commodity, held)
    for (community, name), need in case.requirements.items():
        if name not in NUTRIENTS and not need.lasting:
            yield _Good(case, community, name, [(need, 1.0, ROW_KG)])


@dataclass
class _Good:
    """Something eaten or used, with the needs it serves: each with what a kg holds and a day's rounding."""

    case: Case
    community: str
    commodity: str
    serves: list[tuple[Requirement, float, float]]
    eaten_kg: list[float] = field(init=False)
    unit_kg: float = field(init=False)
    step: int = field(init=False)

    def __post_init__(self) -> None:
        self.step = self.case.instance.header.severity_days
        self.eaten_kg = self.case.daily(self.community, self.commodity, "eaten_kg")
        periods = -(-len(self.eaten_kg) // self.step)
        unit = max(UNIT_KG, UNIT_FRAC * sum(self.eaten_kg) / periods)
        self.unit_kg = min(unit, max(self.eaten_kg))

    def better(self) -> tuple[float, int, int] | None:
        """Severity saved, the day to eat less and the day to eat more; None where nothing is saved.

        Days are read from the last to the first: `reached` is the best of later periods that what is left
        of a day can be kept for, `own` the best of the day's own period so far.
        """
        if self.unit_kg <= 0:
            return None
        days = range(len(self.eaten_kg))
        reached, own = (self._closing_gain(), len(days)), (0.0, -1)
        found = (NOISE + NOISE_FRAC * self._severity(), -1, -1)
        for day in reversed(days):
            if self._is_full(day):
                reached = own = (0.0, -1)
            if reached[0] > found[0] and self.eaten_kg[day] >= self.unit_kg:
                found = max(found, (reached[0] - self._loss(day), day, reached[1]), key=lambda one: one[0])
            own = max(own, (self._gain(day), day), key=lambda one: one[0])
            if day % self.step == 0:
                reached, own = max(reached, own, key=lambda one: one[0]), (0.0, -1)
        return found if found[1] >= 0 else None

    def _severity(self) -> float:
        """Severity of all needs served, person-days."""
        return sum(
            comes_to(self.case, need, interval, self.case.short_frac(need, interval))
            for need, _, _ in self.serves
            for interval in need.intervals
        )

    def _is_full(self, day: int) -> bool:
        """Whether the stores have no room for a unit more in the evening."""
        room_kg = self.case.tables.communities[self.community].storage_kg
        return room_kg is not None and self.case.stored_kg[self.community][day] + self.unit_kg > room_kg

    def _changed(self, day: int, sign: int) -> float:
        """Severity lost (1) or saved (-1) by a unit less or more on a day, rounding counted against saving.

        Severity is convex: as what is short is taken to be more than it is where something is taken away,
        and less where something is given, a plan that was the best before its figures were rounded passes.
        """
        total = 0.0
        for need, held, rounding in self.serves:
            interval = next((one for one in need.intervals if one.first == day - day % self.step), None)
            if interval is None:
                continue
            missing = self.case.missing[need.community, need.name][day]
            spare = max(0.0, self._had(need, day) - need.amount[day] - rounding)
            moved = self.unit_kg * held
            moved = max(0.0, moved - spare) if sign > 0 else -min(moved, max(0.0, missing - rounding))
            short = self.case.short_frac(need, interval) * interval.amount + sign * rounding * interval.length
            if moved > 0 and short + moved > self._may_be_short(interval):
                return math.inf
            before, after = (
                curve(self.case.instance.header.severity_points, amount / interval.amount)
                for amount in (short, short + moved)
            )
            total += need.weight * interval.people * abs(after - before)
        return total

    def _may_be_short(self, interval: Interval) -> float:
        """How much of a need may be short in a period, so that the coverage asked for is kept."""
        options = self.case.plan.options
        if options.coverage_frac is None or interval.first < options.coverage_from:
            return math.inf
        return (1 - options.coverage_frac) * interval.amount

    def _had(self, need: Requirement, day: int) -> float:
        """What people have of a need on a day."""
        if need.name in NUTRIENTS:
            return self.case.intake[need.community, need.name][day]
        return self.eaten_kg[day]

    def _loss(self, day: int) -> float:
        return self._changed(day, 1)

    def _gain(self, day: int) -> float:
        return self._changed(day, -1) if self._can_eat(day) else 0.0

    def _can_eat(self, day: int) -> bool:
        """Whether people can eat a unit more of a food on a day."""
        food = self.case.foods.get(self.commodity)
        if food is None or food.most_g_per_person_day is None:
            return True
        people = self.case.tables.communities[self.community].population
        share = self.unit_kg / (food.most_g_per_person_day / 1000 * people)
        return self.case.group_shares[self.community, food.group][day] + share <= 1

    def _closing_gain(self) -> float:
        """Severity that a unit more in the last stock saves."""
        need = self.serves[0][0]
        if need.name in NUTRIENTS:
            gram = {c: ROW_KG for k, c in self.case.eaten_kg if k == self.community}
            more = {**gram, self.commodity: ROW_KG + self.unit_kg}
            return hunger(self.case, self.community, gram) - hunger(self.case, self.community, more)
        if need.closing is None:
            return 0.0
        before, after = (
            comes_to(self.case, need, need.closing, item_short_frac(self.case, need, need.closing, more_kg))
            for more_kg in (ROW_KG, ROW_KG + self.unit_kg)
        )
        return before - after
