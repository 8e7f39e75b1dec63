"""What a community has to eat and use, day by day, and what it needs of it: the figures behind a ration."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from optimizer.needs import NUTRIENTS, Demand, Period, content
from optimizer.network import Network

GRAM: Final = 1000  # kg are written with three decimals

type Key = tuple[str, str]
"""Community and commodity."""
type Daily = Mapping[Key, Mapping[int, float]]
"""Kg by community and commodity, then by day."""


def grams(kg: float) -> int:
    """Whole grams, rounded down; a hair below a gram is the gram."""
    return math.floor(kg * GRAM + 0.01)


class Larder:
    """Some commodities of a community and the needs that they serve.

    Its days are those of the plan from `first` on, and one more after the last, on which what is left in
    stock serves the needs of closing stock. Of what lasts nothing is eaten: it only takes room.

    Parameters
    ----------
    net : Network
        Day by day.
    community : str
        Id.
    names : sequence of str
        Foods, items, or both.
    start_kg : mapping of (str, str) to float
        Stock before the first day, by community and commodity.
    came_kg : mapping
        Received, by community and commodity, then by day.
    first : int
        First day; the one after the last to ask for closing stock alone.
    """

    def __init__(
        self,
        net: Network,
        community: str,
        names: Sequence[str],
        start_kg: Mapping[Key, float],
        came_kg: Daily,
        first: int = 0,
    ) -> None:
        self.net, self.community, self.names = net, community, names
        self.days = range(first, len(net.days) + 1)
        self._start_kg, self._came_kg = start_kg, came_kg

    @property
    def last(self) -> int:
        """The day after the last of the plan."""
        return self.days[-1]

    @cached_property
    def demands(self) -> dict[str, Demand]:
        """Needs by name that are eaten, of which something is needed from the first day on."""
        fed = any((self.community, c) in self.net.diet for c in self.names)
        return {
            name: one
            for (k, name), one in self.net.demands.items()
            if k == self.community
            and (fed if name in NUTRIENTS else name in self.names)
            and not one.lasting
            and self.periods(one)
        }

    def periods(self, one: Demand) -> list[Period]:
        """Periods of a need from the first day on."""
        return [period for period in one.periods if period.first >= self.days[0]]

    def amount(self, name: str, d: int) -> float:
        """Needed on a day; after the last, of closing stock."""
        if d < self.last:
            return self.demands[name].amount[d]
        closing = self.demands[name].closing
        return 0.0 if closing is None else closing.amount

    def people(self, name: str, d: int) -> float:
        """In need on a day; after the last, person-days that closing stock serves."""
        if d < self.last:
            return self.demands[name].people[d]
        closing = self.demands[name].closing
        return 0.0 if closing is None else closing.people

    def is_food(self, c: str) -> bool:
        """Whether a commodity serves the needs of nutrients."""
        return (self.community, c) in self.net.diet

    @cached_property
    def stores(self) -> list[str]:
        """Commodities that there is something to eat of."""
        return [
            c
            for c in self.names
            if (self.is_food(c) or c in self.demands) and (self.start_kg(c) > 0 or self._came(c))
        ]

    def start_kg(self, c: str) -> float:
        """Stock before the first day."""
        return self._start_kg.get((self.community, c), 0.0)

    def _came(self, c: str) -> Mapping[int, float]:
        return self._came_kg.get((self.community, c), {})

    def came_kg(self, c: str, d: int) -> float:
        """Received on a day, and on the first what was in stock before."""
        return self._came(c).get(d, 0.0) + (self.start_kg(c) if d == self.days[0] else 0.0)

    def lasting_kg(self, d: int) -> float:
        """Of what lasts, received by the end of a day."""
        lasting = [c for c in self.names if (one := self.net.items.get((self.community, c))) and one.lasting]
        return sum(kg for c in lasting for day, kg in self._came(c).items() if day <= d)

    def most_kg(self, c: str, d: int) -> float:
        """Most of a commodity that is eaten on a day, or of closing stock."""
        if not self.is_food(c):
            return self.amount(c, d)
        daily_kg = self.net.diet[self.community, c]
        if d < self.last:
            return daily_kg[d]
        days = max(
            (self.amount(n, d) / one.amount[-1] for n, one in self._nutrients.items() if one.amount[-1] > 0),
            default=0.0,
        )
        return daily_kg[-1] * days if days > 0 else 0.0

    @property
    def _nutrients(self) -> dict[str, Demand]:
        return {name: one for name, one in self.demands.items() if name in NUTRIENTS}

    @cached_property
    def groups(self) -> list[list[str]]:
        """Foods that share the most a person eats of their group."""
        groups: dict[str, list[str]] = defaultdict(list)
        for c in self.stores:
            if self.is_food(c) and self.net.commodities[c].most_g_per_person_day is not None:
                groups[self.net.commodities[c].group].append(c)
        return [group for group in groups.values() if len(group) > 1]

    def serving(self, name: str) -> Iterator[tuple[str, float]]:
        """What serves a need, and how much of it a kg holds."""
        if name not in NUTRIENTS:
            yield from ((c, 1.0) for c in self.stores if c == name)
            return
        for c in self.stores:
            if self.is_food(c) and (held := content(self.net.commodities[c], name)) > 0:
                yield c, held

    def planned_kg(self, c: str, d: int) -> float:
        """The planned ration of a food."""
        daily_kg = self.net.ration_kg.get((self.community, c))
        return daily_kg[d] if daily_kg else 0.0

    @property
    def room_kg(self) -> float | None:
        """Most that the stores hold in the evening."""
        return self.net.communities[self.community].storage_kg

    def whole(self, eaten_kg: Mapping[tuple[str, int], float]) -> dict[tuple[str, int], float]:
        """What is eaten rounded to grams, never more than there is, is needed, or can be eaten.

        What one day rounds off the next one eats.

        Parameters
        ----------
        eaten_kg : mapping of (str, int) to float
            By commodity and day.
        """
        found: dict[tuple[str, int], float] = {}
        stock, owed_kg = dict.fromkeys(self.stores, 0), dict.fromkeys(self.stores, 0.0)
        for d in self.days[:-1]:
            today: dict[str, int] = {}
            for c in self.stores:
                stock[c] += round(self.came_kg(c, d) * GRAM)
                owed_kg[c] += eaten_kg[c, d]
                most = (
                    grams(min(self.most_kg(c, d), owed_kg[c]))
                    if self.is_food(c)
                    else round(self.most_kg(c, d) * GRAM)
                )
                today[c] = max(0, min(grams(owed_kg[c]), most, stock[c]))
            for group in self.groups:
                while sum(today[c] / GRAM / self.most_kg(c, d) for c in group) > 1 + 1e-12:
                    today[max(group, key=today.__getitem__)] -= 1
            for c, eaten in today.items():
                stock[c] -= eaten
                owed_kg[c] -= eaten / GRAM
                found[c, d] = eaten / GRAM
        return found
