"""A day becomes a CP-SAT model: decisions, rules, and an order among sorties that are alike."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from optimizer.timetable.constraints import RULES, Apart, AtMost, Holds
from optimizer.timetable.day import Day
from optimizer.timetable.variables import Variables

type Named = tuple[str, str]
"""Name of a rule, and the fleet, base, zone or mission it is about."""


def build(day: Day, without: Collection[Named] = ()) -> Variables:
    """The timetable model of a day.

    Parameters
    ----------
    day : Day
        What is asked for.
    without : collection
        Rules left out, by name and subject.
    """
    x = Variables(day)
    for rule in RULES:
        for subject, post in rule(x):
            if (rule.__name__, subject) not in without:
                _add(x, post)
    _order(x)
    return x


def _add(x: Variables, post: Apart | AtMost | Holds) -> None:
    match post:
        case Apart(spans):
            x.model.add_no_overlap(spans)
        case AtMost(spans, capacity):
            x.model.add_cumulative(spans, [1] * len(spans), capacity)
        case Holds(relation, when):
            row = x.model.add(relation)
            if when is not None:
                row.only_enforce_if(when)


def _order(x: Variables) -> None:
    """Sorties that are alike fly in order, on tails that are alike in order: one of many equal answers."""
    for a, b in pairwise(x.places):
        if a.task is b.task:
            x.model.add(a.takeoff <= b.takeoff)
    for f, crew in x.crews.items():
        places = x.of_fleet(f)
        alike = len(set(crew.ready)) <= 1
        for k in range(1, len(crew.ready)) if alike else ():
            for i, p in enumerate(places):
                x.model.add_bool_or([*(q.line[k - 1] for q in places[:i]), ~p.line[k]])


def rules_of(day: Day) -> list[Named]:
    """Every rule that has a say on a day, with its subject."""
    x = Variables(day)
    return list(dict.fromkeys((rule.__name__, subject) for rule in RULES for subject, _ in rule(x)))
