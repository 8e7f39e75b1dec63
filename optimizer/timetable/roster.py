"""Which tails fly on a day: rested crews first, then those that have flown least."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from optimizer.hours import midnight
from optimizer.network import Network
from optimizer.service import in_service
from optimizer.timetable.day import task_of
from optimizer.timetable.fit import Timed


@dataclass
class _Tail:
    """What a tail has flown so far: block minutes, and when each of its duties ended, UTC."""

    number: int
    flown_min: int = 0
    off_utc: list[dt.datetime] = field(default_factory=list)


class Roster:
    """The tails of every fleet while the days of a plan go by.

    Parameters
    ----------
    net : Network
        Holds fleets and missions.
    tails : mapping
        Contracted tails by fleet id.
    """

    def __init__(self, net: Network, tails: Mapping[str, int]) -> None:
        self.net = net
        self._tails = {f: [_Tail(i + 1) for i in range(tails.get(f, 0))] for f in net.fleets}
        self._serving: dict[str, list[_Tail]] = {}

    def ready(self, d: int, sorties: Mapping[str, int]) -> dict[str, list[int]]:
        """Choose the tails in service on a day, and say from which minute each crew is rested."""
        opens: dict[str, int] = {}
        for m in (m for m in sorties if m in self.net.missions):
            task = task_of(self.net, self.net.missions[m], d, 1)
            opens[task.fleet] = min(opens.get(task.fleet, task.hours.takeoff_from), task.hours.takeoff_from)
        found = {}
        for f, first in opens.items():
            fleet = self.net.fleets[f]
            # Rested before anybody could report is as good as rested long ago.
            rested = {t.number: self._rested(f, t, d) for t in self._tails[f]}
            ready = {n: 0 if minute <= first - fleet.report_min else minute for n, minute in rested.items()}
            tails = sorted(self._tails[f], key=lambda t: (ready[t.number], t.flown_min, t.number))
            self._serving[f] = tails[: in_service(len(tails), fleet.serviceable_frac)]
            found[f] = [ready[t.number] for t in self._serving[f]]
        return found

    def _rested(self, f: str, tail: _Tail, d: int) -> int:
        """Minutes from local midnight of a day until the next crew of a tail is rested, rounded up."""
        fleet = self.net.fleets[f]
        if len(tail.off_utc) < fleet.crews_per_tail:
            return 0
        start = midnight(self.net.instance.dates[d], self.net.instance.header.time_zone)
        rested = tail.off_utc[-fleet.crews_per_tail] + dt.timedelta(minutes=fleet.crew_rest_min)
        return max(0, -((start - rested) // dt.timedelta(minutes=1)))

    def assign(
        self, d: int, timed: Sequence[Timed], ready: Mapping[str, Sequence[int]]
    ) -> list[tuple[Timed, int]]:
        """Give each line of a day a tail that is rested in time; the longest day to whoever flew least."""
        flown: dict[tuple[str, int], int] = defaultdict(int)
        for one in timed:
            mission = self.net.missions[one.mission]
            flown[mission.fleet.id, one.line] += mission.block_min
        numbers: dict[tuple[str, int], _Tail] = {}
        for f in dict.fromkeys(f for f, _ in flown):
            # Tails stand in the order of their rest, lines too: only equals may change places.
            lines = sorted(range(len(ready[f])), key=lambda k: (ready[f][k], -flown[f, k], k))
            numbers |= {(f, line): self._serving[f][place] for place, line in enumerate(lines)}
        start = midnight(self.net.instance.dates[d], self.net.instance.header.time_zone)
        off: dict[tuple[str, int], int] = defaultdict(int)
        assigned = []
        for one in timed:
            mission = self.net.missions[one.mission]
            key = mission.fleet.id, one.line
            numbers[key].flown_min += mission.block_min
            off[key] = max(off[key], one.takeoff_min + mission.block_min)
            assigned.append((one, numbers[key].number))
        for key, minute in off.items():
            numbers[key].off_utc.append(start + dt.timedelta(minutes=minute))
        return assigned
