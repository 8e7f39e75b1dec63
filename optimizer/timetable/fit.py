"""Fits the sorties of one day into its minutes, or proves that they do not fit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ortools.sat.python import cp_model

from optimizer.clock import Clock
from optimizer.cp_solver import Found, run
from optimizer.timetable.build import Named, build
from optimizer.timetable.day import Day
from optimizer.timetable.objective import earliest_drops
from optimizer.timetable.variables import Variables

FIRST_WORK = 4.0  # deterministic seconds to find a timetable or prove that there is none
BETTER_WORK = 0.05  # for earlier drops; five times as much brings forty sorties forward by minutes
PROBE_WORK = 1.0  # for a question asked to explain


@dataclass(frozen=True, order=True)
class Timed:
    """One sortie of a day: take-off in minutes since local midnight, and the tail in service, from 0."""

    takeoff_min: int
    mission: str
    line: int


@dataclass(frozen=True)
class Fit:
    """An answer for a day.

    Attributes
    ----------
    timed : tuple of Timed or None
        Every sortie, in order of take-off; None when no timetable was found.
    proven : bool
        Whether it is proven that there is none.
    """

    timed: tuple[Timed, ...] | None
    proven: bool = False


def fit(day: Day, clock: Clock, seed: int) -> Fit:
    """Times for all sorties of a day, drops as early as can be found."""
    x = build(day)
    x.model.minimize(earliest_drops(x))
    found = run(x.model, _wanted(x), clock, BETTER_WORK, seed)
    if found.values is None and not found.infeasible:
        x = build(day)
        found = run(x.model, _wanted(x), clock, FIRST_WORK, seed)
    return Fit(None, found.infeasible) if found.values is None else Fit(_timed(x, found))


def impossible(day: Day, without: Collection[Named], clock: Clock, seed: int) -> bool:
    """Whether it is proven that a day does not fit even with some rules left out."""
    x = build(day, without)
    return run(x.model, (), clock, PROBE_WORK, seed).infeasible


def _wanted(x: Variables) -> list[cp_model.IntVar]:
    return [v for p in x.places for v in (p.takeoff, *p.line)]


def _timed(x: Variables, found: Found) -> tuple[Timed, ...]:
    values = iter(found.values or ())
    timed = []
    for p in x.places:
        takeoff = next(values)
        line = [next(values) for _ in p.line]
        timed.append(Timed(takeoff, p.task.mission, line.index(1)))
    return tuple(sorted(timed))
