"""What a planner may choose for one run; everything here is written into ``plan.json``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

type Method = Literal["levels", "plain"]
METHODS: tuple[Method, ...] = ("levels", "plain")

type Rules = Literal["own", "common"]
RULES: tuple[Rules, ...] = ("own", "common")


class Options(BaseModel):
    """Choices of one run that decide its answer.

    Attributes
    ----------
    parties : tuple of str
        Parties that fly, in the instance's order.
    scenarios : tuple of str
        Overlays, in the order they were applied.
    coverage_frac : float or None
        With a share 0..1 the plan is the cheapest that covers this share of every need in every week;
        without, least severity comes first.
    coverage_from : int
        Day of the plan, from 0, from which weeks count for the coverage: the first, unless nothing can
        come so early.
    days : int or None
        Shortened horizon, days.
    time_limit_s : float
        Wall clock for the whole command, seconds.
    gap_frac : float
        Gap at which an objective counts as proven, 0..1.
    seed : int
        Seed of the solver.
    method : str
        ``levels`` for totals, weeks, days and rounds, ``plain`` for the campaign as one integer program.
    rounds : int or None
        Rounds of improvement; None: until they are idle.
    rules : str
        ``own`` for every party's own rules, ``common`` for the strictest of all of them.
    stops : int or None
        Zones that a sortie may serve at most, whatever its fleet may; None leaves it to the fleets.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    parties: tuple[str, ...] = Field(min_length=1)
    scenarios: tuple[str, ...] = ()
    coverage_frac: float | None = Field(None, ge=0, le=1)
    coverage_from: int = Field(0, ge=0)
    days: int | None = Field(None, ge=1)
    time_limit_s: float = Field(120.0, gt=0)
    gap_frac: float = Field(0.005, ge=0)
    seed: int = Field(0, ge=0, le=2**31 - 1)
    method: Method = "levels"
    rounds: int | None = Field(None, ge=0)
    rules: Rules = "own"
    stops: int | None = Field(None, ge=1)
