"""The timetable of a whole plan, day by day; days of equal content share one solution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from instances.schema import Fleet
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.hours import Hours
from optimizer.mission import Mission
from optimizer.network import Network
from optimizer.service import in_service
from optimizer.timetable.day import WHOLE, Day, day_of, task_of
from optimizer.timetable.explain import Cause, explain
from optimizer.timetable.fit import Timed, fit
from optimizer.timetable.flights import Flight, Haul
from optimizer.timetable.foresee import foresee
from optimizer.timetable.roster import Roster
from optimizer.timetable.words import reason

NO_TRIPS: Mapping[tuple[str, int], int] = MappingProxyType({})
GRACE_S = 1.0  # for a timetable, even when the command's time is up
STEP_BACK_FRAC = 0.125  # of a day's sorties, left out when nothing is found and nothing is proven


@dataclass(frozen=True)
class Timetable:
    """A plan in tails and minutes.

    Attributes
    ----------
    flights : tuple of Flight
        Day by day, in order of take-off.
    left_over : dict
        Sorties by (mission, day) that found no place.
    cuts : tuple of Cut
        What the campaign must keep to for the others to find one.
    hauls : tuple of Haul
        Trips of feeders that have an aircraft.
    """

    flights: tuple[Flight, ...]
    left_over: dict[tuple[str, int], int]
    cuts: tuple[Cut, ...]
    hauls: tuple[Haul, ...] = ()


@dataclass(frozen=True)
class _Answer:
    """What of a day can be flown, and why not the rest."""

    timed: tuple[Timed, ...]
    causes: tuple[Cause | None, ...] = ()


class Timetabler:
    """Times the days of plans over one network, and remembers every day it has seen.

    Parameters
    ----------
    net : Network
        Holds missions, fleets, bases and zones.
    seed : int
        Seed of the solver.
    """

    def __init__(self, net: Network, seed: int = 0) -> None:
        self.net, self._seed = net, seed
        self._lines = {f: in_service(v.max_tails, v.serviceable_frac) for f, v in net.fleets.items()}
        self._known: dict[Day, _Answer] = {}

    @property
    def days_worked_out(self) -> int:
        """Days of different content seen so far."""
        return len(self._known)

    def times(
        self,
        sorties: Mapping[tuple[str, int], int],
        tails: Mapping[str, int],
        clock: Clock,
        trips: Mapping[tuple[str, int], int] = NO_TRIPS,
    ) -> Timetable:
        """Give every sortie a tail and minutes, as far as the days go.

        Parameters
        ----------
        sorties : mapping
            Number of sorties by (mission id, day).
        tails : mapping
            Contracted tails by fleet id.
        clock : Clock
            Time of the command.
        trips : mapping
            Number of trips by (feeder id, day); those of feeders without an aircraft take no minutes.
        """
        if clock.left() < GRACE_S:
            clock = Clock(GRACE_S)  # a plan that is found should not be lost for want of its minutes
        by_day: dict[int, dict[str, int]] = {}
        flown = {(e, d): n for (e, d), n in trips.items() if self.net.feeders[e].aircraft is not None}
        for (m, d), n in sorted({**sorties, **flown}.items()):
            if n > 0:
                by_day.setdefault(d, {})[m] = n
        roster = Roster(self.net, tails)
        flights: list[Flight] = []
        hauls: list[Haul] = []
        left_over: dict[tuple[str, int], int] = {}
        cuts: dict[Cut, None] = {}
        for d, asked in sorted(by_day.items()):
            day = day_of(self.net, d, asked, roster.ready(d, asked))
            answer = self._answer(day, clock)
            ready = {crew.fleet: crew.ready for crew in day.crews}
            hauled = [one for one in answer.timed if one.mission in self.net.feeders]
            hauls += [Haul(one.mission, d, one.takeoff_min) for one in hauled]
            own = [one for one in answer.timed if one.mission in self.net.missions]
            for one, tail in roster.assign(d, own, ready):
                flights.append(Flight(self.net.missions[one.mission], d, tail, one.takeoff_min))
            found = Counter(one.mission for one in answer.timed)
            left_over |= {(m, d): n - found[m] for m, n in asked.items() if n > found[m]}
            cuts |= {self._cut(cause, day, d): None for cause in answer.causes}
        return Timetable(tuple(flights), left_over, tuple(cuts), tuple(hauls))

    def foreseen(self, clock: Clock) -> tuple[Cut, ...]:
        """Cuts that follow from single zones, bases and tails, whatever is planned."""
        causes = foresee(self.net, clock, self._seed)
        return tuple(dict.fromkeys(self._cut(cause, cause.day, d) for cause, d in causes))

    def _answer(self, day: Day, clock: Clock) -> _Answer:
        if day not in self._known:
            answer = self._work_out(day, clock)
            if clock.stopped():
                return answer  # found in haste
            self._known[day] = answer
        return self._known[day]

    def _work_out(self, day: Day, clock: Clock) -> _Answer:
        causes: list[Cause | None] = []
        while day.tasks:
            found = fit(day, clock, self._seed)
            if found.timed is not None:
                return _Answer(found.timed, tuple(causes))
            cause = explain(day, clock, self._seed, self._lines) if found.proven else None
            causes.append(cause)
            day = _fewer(day, cause)
        return _Answer((), tuple(causes))

    def _cut(self, cause: Cause | None, day: Day, d: int) -> Cut:
        """What a cause means for the campaign, on every day that is alike for its missions."""
        if cause is None:
            missions = tuple(task.mission for task in day.tasks if not task.away)
            why = f"no timetable of {day.count} sorties was found in the time allowed"
            return Cut(missions, (d,), day.count - 1, why, proven=False)
        missions = tuple(task.mission for task in cause.day.tasks if not task.away)
        if any(task.away for task in cause.day.tasks):
            # Trips and sorties crowd each other: fly one sortie less beside these trips.
            sorties = sum(task.count for task in cause.day.tasks if not task.away)
            return Cut(missions, (d,), max(0, sorties - 1), reason(self.net, cause), proven=False)
        if cause.by_lines:
            room = _for_any_tails(cause, self.net.fleets[cause.day.tasks[0].fleet])
            if room is not None:
                most, per_tail = room
                fleet = cause.day.tasks[0].fleet
                why = reason(self.net, cause, room)
                return Cut(missions, self._alike(cause, d), most, why, per_tail=((fleet, per_tail),))
        rested = any(name == "crew_rest" for name, _ in cause.rules)
        days = (d,) if rested else self._alike(cause, d)
        proven = cause.proven and not cause.by_lines
        return Cut(missions, days, cause.most, reason(self.net, cause), proven)

    def _alike(self, cause: Cause, d: int) -> tuple[int, ...]:
        """Days on which these missions have the same hours, or are not flown at all."""
        missions = [self.net.missions[task.mission] for task in cause.day.tasks]

        def hours_on(m: Mission, day: int) -> list[Hours]:
            return [call.hours for call in task_of(self.net, m, day, 1).calls]

        hours = {m.id: hours_on(m, d) for m in missions}

        def same(other: int) -> bool:
            flown = [m for m in missions if other in m.days]
            return bool(flown) and all(hours_on(m, other) == hours[m.id] for m in flown)

        return tuple(other for other in self.net.days if other == d or same(other))


def _fewer(day: Day, cause: Cause | None) -> Day:
    """The day less what its cause says is too much, taken from the most frequent missions."""
    counts = {task.mission: task.count for task in day.tasks}
    if cause is None:
        missions, too_many = list(counts), max(1, int(day.count * STEP_BACK_FRAC))
    else:
        missions = [task.mission for task in cause.day.tasks]
        too_many = cause.day.count - cause.most
    for _ in range(too_many):
        most = max(missions, key=lambda m: (counts[m], m))
        counts[most] -= 1
    return day.of(counts)


def _for_any_tails(cause: Cause, fleet: Fleet) -> tuple[float, float] | None:
    """The line ``most + per_tail * tails`` that no number of tails rises above and that is too low here.

    Of such lines the lowest through what fits with the tails of the cause; None when it allows what was
    asked.
    """
    last = len(cause.by_lines) - 1
    fits = {
        tails: cause.by_lines[min(last, in_service(tails, fleet.serviceable_frac))]
        for tails in range(fleet.max_tails + 1)
    }
    if in_service(fleet.max_tails, fleet.serviceable_frac) > last > 1:
        return None  # more tails than were tried
    if last == 1:
        return 0.0, float(cause.by_lines[1])  # of one tail, which more can only repeat
    serving = len(next(crew.ready for crew in cause.day.crews if crew.fleet == fleet.id))
    here = max(t for t in fits if in_service(t, fleet.serviceable_frac) <= serving)
    per_tail = max([(fits[t] - fits[here]) / (t - here) for t in fits if t > here], default=0.0)
    most = max(fits[t] - per_tail * t for t in fits)
    return (most, per_tail) if most + per_tail * here < cause.day.count - WHOLE else None
