"""Why the plan of one party costs more than that of another, by cause: steps re-solved, summed exactly."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import batched, combinations
from typing import Final

from instances.errors import AidliftError
from instances.schema import Instance
from optimizer.explain.mixture import CAUSES, MIXED, mixture
from optimizer.explain.shapley import shapley, to_the_cent
from optimizer.explain.steps import Step, person_days_to_bring, step_key, step_of
from optimizer.explained import Contribution, Explanation
from optimizer.guard import Job, Stop, run_guarded
from optimizer.options import Options
from optimizer.plan import Plan
from optimizer.watch import Progress

STEPS: Final = "optimizer.explain.steps:steps"
EACH: Final = 8  # steps of a process, after which what is known is kept
WORKERS: Final = 2

type Known = dict[str, Step]
"""Steps that were solved, by `step_key`."""


@dataclass(frozen=True)
class Asked:
    """Two parties, their plans at the same coverage, and their instance."""

    instance: Instance
    a: str
    b: str
    plan_a: Plan
    plan_b: Plan

    @cached_property
    def usd_per_person_day(self) -> float:
        """What the dearer party pays for a person-day of a need that it brings."""
        brought = person_days_to_bring(self.instance, self.options)
        dearer = max(step_of(plan).usd for plan in (self.plan_a, self.plan_b))
        return dearer / brought if brought > 0 else 0.0

    @property
    def options(self) -> Options:
        """Of every step: those of the plans, for the party that stands between them."""
        update = {"parties": (MIXED,), "scenarios": (), "rules": "own"}
        return self.plan_a.options.model_copy(update=update)


@dataclass(frozen=True)
class Telling:
    """Who is told: where a step stands, how many of them are known, and what to keep."""

    progress: Callable[[str, Progress], None]
    begin: Callable[[int, int], None]
    keep: Callable[[Known], None]


def _groups() -> list[frozenset[str]]:
    """Every set of causes."""
    return [frozenset(group) for size in range(len(CAUSES) + 1) for group in combinations(CAUSES, size)]


def explain_difference(
    asked: Asked, seconds: float, stop: Stop, known: Known, telling: Telling
) -> Explanation | None:
    """Re-solve every step between two plans and share the difference among the causes.

    Parameters
    ----------
    asked : Asked
        What is to be explained.
    seconds : float
        Wall clock for all steps.
    stop : Stop
        The wish to end early.
    known : dict of str to Step
        Steps solved before; those solved now are added.
    telling : Telling
        Who is told on the way.

    Returns
    -------
    Explanation or None
        None when some step has no answer yet; `known` holds those that have.

    Raises
    ------
    AidliftError
        What went wrong in a step.
    """
    keys = {
        group: step_key(mixture(asked.instance, asked.a, asked.b, group), asked.options)
        for group in _groups()
    }
    wanted = {key: group for group, key in keys.items() if key not in known}
    _solve(asked, list(wanted.values()), seconds, stop, known, telling)
    if any(key not in known for key in keys.values()):
        return None
    return explained(asked, {group: known[key] for group, key in keys.items()})


def _solve(
    asked: Asked,
    wanted: Sequence[frozenset[str]],
    seconds: float,
    stop: Stop,
    known: Known,
    telling: Telling,
) -> None:
    """Solve steps, some at a time in each process, and keep what is known after each round."""
    ends_at, left = time.monotonic() + seconds, len(wanted)
    price = asked.usd_per_person_day
    for batch in batched(wanted, WORKERS * EACH):
        seconds = ends_at - time.monotonic()
        if stop() or seconds <= 0:
            return
        telling.begin(len(wanted) - left, len(wanted))
        jobs = [
            Job(
                f"steps {place}", STEPS, asked.instance, asked.options, args=(asked.a, asked.b, groups, price)
            )
            for place, groups in enumerate(batched(batch, EACH), start=1)
        ]
        for outcome in run_guarded(
            jobs, seconds * len(batch) / left, stop, telling.progress, WORKERS
        ).values():
            if outcome.error is not None:
                raise outcome.error
            known.update(outcome.answer or {})
        telling.keep(known)
        left -= len(batch)


def explained(asked: Asked, steps: Mapping[frozenset[str], Step]) -> Explanation:
    """Share the difference between two plans among the causes.

    Parameters
    ----------
    asked : Asked
        The two plans.
    steps : mapping of frozenset of str to Step
        For every set of causes; those of none and of all only show how close steps are to plans, which take
        their place.

    Raises
    ------
    AidliftError
        When the plans do not cover the same share.
    """
    coverage = asked.plan_a.options.coverage_frac
    if coverage is None or coverage != asked.plan_b.options.coverage_frac:
        raise AidliftError("the plans to be explained must cover the same share of every need (@equal).")
    ends = [step_of(plan) for plan in (asked.plan_a, asked.plan_b)]
    price = asked.usd_per_person_day
    none, all_of_them = frozenset[str](), frozenset(CAUSES)
    off = [
        abs(steps[group].usd - end.usd) / max(1.0, end.usd)
        for group, end in zip((none, all_of_them), ends, strict=True)
    ]
    every = {**steps, none: ends[0], all_of_them: ends[1]}
    causes = tuple(CAUSES)
    parts: dict[str, dict[str, float]] = {}
    for name, decimals in (("usd", 2), ("landed_kg", 3), ("aircraft_lost", 8)):
        value = {group: _value(one, name, price) for group, one in every.items()}
        added = shapley(causes, value)
        parts[name] = to_the_cent(added, getattr(ends[1], name) - getattr(ends[0], name), decimals)
    return Explanation(
        of=asked.a,
        to=asked.b,
        coverage_frac=coverage,
        start=_end("start", ends[0]),
        end=_end("end", ends[1]),
        contributions=tuple(
            Contribution(
                cause=cause,
                words=CAUSES[cause],
                usd=parts["usd"][cause],
                landed_kg=parts["landed_kg"][cause],
                aircraft_lost=parts["aircraft_lost"][cause],
            )
            for cause in causes
        ),
        step_error_frac=round(max(off), 6),
        steps=len(steps),
        short_steps=sum(one.short_person_days > 0 for one in steps.values()),
        usd_per_short_person_day=round(price, 4),
    )


def _value(one: Step, name: str, price: float) -> float:
    """What a step counts: what is short costs what the dearer party pays for what it brings."""
    return one.usd + price * one.short_person_days if name == "usd" else float(getattr(one, name))


def _end(cause: str, one: Step) -> Contribution:
    return Contribution(
        cause=cause, words="", usd=one.usd, landed_kg=one.landed_kg, aircraft_lost=one.aircraft_lost
    )
