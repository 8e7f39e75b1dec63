"""The tiny instance read without the shipped library, changed in one place, and its model."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pulp

from instances.schema import Feeder, Instance, Supply
from optimizer.campaign.build import build
from optimizer.network import Network, build_network
from tests.check.hand_decisions import changed, tiny

__all__ = [
    "BOTH",
    "LORRY",
    "NH",
    "NORTH",
    "SH",
    "SL",
    "SOUTH",
    "changed",
    "header",
    "network",
    "rows",
    "tiny",
]

NORTH, SOUTH, BOTH = ("north",), ("south",), ("north", "south")
NH = "north_hauler__dz__canopy_high__5000m"
SH = "south_hauler__dz__canopy_high__5000m"
SL = "south_hauler__dz__canopy_low__1000m"

LORRY = Feeder(
    id="lorry",
    party="north",
    mode="road",
    from_base="airfield_n",
    to_base="airfield_s",
    kg_per_trip=1000,
    trips_per_day=2,
    usd_per_trip=300,
    transit_days=1,
)


def header(instance: Instance, **values: object) -> Instance:
    """The instance with other values in its header."""
    return instance.model_copy(update={"header": instance.header.model_copy(update=values)})


def fed(instance: Instance) -> Instance:
    """The instance with north's lorry, and the price of the soap it may bring to the south."""
    soap = Supply(base="airfield_s", commodity="soap", kg=0, usd_per_kg=2)
    return instance.model_copy(update={"feeders": (LORRY,), "supplies": (*instance.supplies, soap)})


def network(instance: Instance | None = None, parties: tuple[str, ...] = BOTH) -> Network:
    return build_network(tiny() if instance is None else instance, parties)


@cache
def _model(instance: str, coverage_from: int) -> pulp.LpProblem:
    net = network(Instance.model_validate_json(instance))
    return build(replace(net, coverage_from=coverage_from)).problem


def rows(instance: Instance, coverage_from: int = 7) -> dict[str, str]:
    """Every row of the model as ``2 a + 0.5 b - c <= 7``: decisions in alphabetical order, six digits."""
    problem = _model(instance.model_dump_json(), coverage_from)
    return {row.name: row_text(row) for row in problem.constraints()}


def row_text(row: Any) -> str:
    """A row as in `rows`."""
    terms = sorted((variable.name, coefficient) for variable, coefficient in row.items() if coefficient != 0)
    text = " ".join(
        f"{'-' if k < 0 else '+'} {'' if abs(k) == 1 else f'{abs(k):g} '}{name}" for name, k in terms
    )
    sense = {-1: "<=", 0: "=", 1: ">="}[int(row.sense)]
    return f"{text.removeprefix('+ ')} {sense} {-row.constant + 0.0:g}"
