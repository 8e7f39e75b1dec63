"""What a planner may choose for one run; everything here is written into ``plan.json``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

type Method = Literal["patterns", "plain"]
METHODS: tuple[Method, ...] = ("patterns", "plain")

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
        With a share 0..1 the plan is the cheapest that covers this share of every need; without, least
        unmet need comes first.
    days : int or None
        Shortened horizon, days.
    time_limit_s : float
        Wall clock for the whole command, seconds.
    gap_frac : float
        Gap at which an objective counts as proven, 0..1.
    seed : int
        Seed of the solver.
    method : str
        ``patterns`` for whole-day patterns, ``plain`` for the campaign as one integer program.
    rules : str
        ``own`` for every party's own rules, ``common`` for the strictest of all of them.
    stops : int or None
        Zones that a sortie may serve at most, whatever its fleet may; None leaves it to the fleets.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    parties: tuple[str, ...] = Field(min_length=1)
    scenarios: tuple[str, ...] = ()
    coverage_frac: float | None = Field(None, ge=0, le=1)
    days: int | None = Field(None, ge=1)
    time_limit_s: float = Field(120.0, gt=0)
    gap_frac: float = Field(0.005, ge=0)
    seed: int = Field(0, ge=0, le=2**31 - 1)
    method: Method = "patterns"
    rules: Rules = "own"
    stops: int | None = Field(None, ge=1)
