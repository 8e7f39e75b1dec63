"""Small generated instances, and what a method makes of them."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from instances.generate import generate_instance
from instances.load import load_instance
from instances.schema import Instance
from instances.size import Size
from optimizer.check import check
from optimizer.clock import Clock
from optimizer.network import Network, build_network
from optimizer.options import Method, Options
from optimizer.plan import Plan
from optimizer.solve import solve
from optimizer.watch import Watch

SECONDS = 120.0


@cache
def small(seed: int, tightness: float = 0.5, days: int = 4, communities: int = 1) -> Instance:
    """A generated instance that the plain model solves in a moment."""
    with tempfile.TemporaryDirectory() as scratch:
        size = Size(
            days, bases=1, fleets=2, zones=2, communities=communities, commodities=2, tightness=tightness
        )
        return load_instance(str(generate_instance(Path(scratch) / "made", size, seed)))


def parties_of(instance: Instance) -> tuple[str, ...]:
    return tuple(party.id for party in instance.parties)


def network_of(instance: Instance) -> Network:
    """Of all parties."""
    return build_network(instance, parties_of(instance))


@cache
def planned(
    instance: Instance, method: Method, coverage: float | None = None, gap_frac: float = 0.005
) -> Plan:
    """A plan of all parties, judged; these end by their gap, long before the time."""
    options = Options(
        parties=parties_of(instance),
        method=method,
        coverage_frac=coverage,
        coverage_from=0,
        gap_frac=gap_frac,
    )
    result = solve(instance, options, Watch(Clock(SECONDS)))
    assert result.plan is not None, result
    assert [str(violation) for violation in check(result.plan, instance)] == []
    return result.plan
