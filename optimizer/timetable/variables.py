"""The decisions of a day's timetable, in CP-SAT."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ortools.sat.python import cp_model

from optimizer.timetable.day import Call, Crew, Day, Task

LATEST = 2 * 1440  # minutes: beyond any take-off of a day

type Interval = cp_model.IntervalVar
type Literal = cp_model.IntVar


@dataclass(frozen=True)
class Place:
    """One sortie of a task.

    Attributes
    ----------
    takeoff : IntVar
        Take-off, minutes since local midnight.
    line : tuple of IntVar
        For each tail in service whether that tail flies it.
    """

    task: Task
    takeoff: cp_model.IntVar
    line: tuple[Literal, ...]


class Variables:
    """Take-offs and tails of every sortie of a day.

    Parameters
    ----------
    day : Day
        What is asked for.
    """

    def __init__(self, day: Day) -> None:
        self.day = day
        self.model = cp_model.CpModel()
        self.crews = {crew.fleet: crew for crew in day.crews}
        self.places = [place for task in day.tasks for place in self._places(task)]

    def _places(self, task: Task) -> Iterator[Place]:
        tails = len(self.crews[task.fleet].ready)
        # Wide bounds: hours are rules like others, which may be left out to explain a day.
        for i in range(task.count):
            name = f"{task.mission}__{i}"
            line = tuple(self.model.new_bool_var(f"line__{name}__{k}") for k in range(tails))
            self.model.add_exactly_one(line)
            yield Place(task, self.model.new_int_var(0, LATEST, f"takeoff__{name}"), line)

    def of_fleet(self, fleet: str) -> list[Place]:
        """Sorties of a fleet."""
        return [p for p in self.places if p.task.fleet == fleet]

    def at_base(self, base: str) -> list[Place]:
        """Sorties out of a base."""
        return [p for p in self.places if p.task.base == base]

    def away_at(self, base: str) -> list[Place]:
        """Trips of feeders that unload at a base."""
        return [p for p in self.places if p.task.away == base]

    def at_zone(self, zone: str) -> list[tuple[Place, Call]]:
        """Sorties to a zone, each with its stop there."""
        return [(p, call) for p in self.places for call in p.task.calls if call.zone == zone]

    def span(self, place: Place, start: int, end: int, present: Literal | None = None) -> Interval:
        """The time from `start` to `end`, minutes after take-off, of a sortie; only if `present`."""
        begins, size = place.takeoff + start, end - start
        if present is None:
            return self.model.new_fixed_size_interval_var(begins, size, "span")
        return self.model.new_optional_fixed_size_interval_var(begins, size, present, "span")

    def duty(self, crew: Crew, k: int) -> tuple[cp_model.IntVar, cp_model.IntVar]:
        """Report and last landing of the crew on a tail, no later and no earlier than its sorties ask."""
        first = self.model.new_int_var(-1440, 3 * 1440, f"report__{crew.fleet}__{k}")
        last = self.model.new_int_var(-1440, 3 * 1440, f"off__{crew.fleet}__{k}")
        for place in self.of_fleet(crew.fleet):
            here = place.line[k]
            self.model.add(first <= place.takeoff - crew.report_min).only_enforce_if(here)
            self.model.add(last >= place.takeoff + place.task.block_min).only_enforce_if(here)
        return first, last
