"""Measures tours: how long the search takes for many zones, and what they save against single stops.

Run by hand, on a quiet machine: ``uv run python tests/benchmarks/tours.py [SECONDS]``. The region is made up:
22 zones and villages; each of three bases has a fleet of each of four small types. The plans are those of the
region's own four fleets for three days, each in SECONDS (60 unless given).
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from instances.generate import generate_instance
from instances.load import load_instance
from instances.schema import Fleet, Instance
from instances.size import Size
from optimizer.check import check
from optimizer.clock import Clock
from optimizer.network import Network, build_network
from optimizer.options import Options
from optimizer.plan import Plan
from optimizer.solve import solve
from optimizer.watch import Watch

SIZE = Size(days=3, bases=3, zones=22, communities=22, fleets=4, commodities=2, tightness=0.2, stops=4)
SEED = 1
TYPES = {
    "an_26": ("high_velocity",),
    "an_32": ("high_velocity",),
    "dhc_5": ("low_velocity",),
    "mi_8mtv": ("helicopter_landing",),
}
SECONDS = 60.0


def region() -> Instance:
    """The generated region with its own fleets."""
    with tempfile.TemporaryDirectory() as folder:
        return load_instance(str(generate_instance(Path(folder) / "villages", SIZE, SEED)))


def with_all_types(instance: Instance) -> Instance:
    """A fleet of every type at every base, of a party that may be there and fly low."""
    model = instance.fleets[0]
    bold = max(instance.parties, key=lambda party: party.loss_cap)
    bases = tuple(
        b.model_copy(update={"parties": tuple(dict.fromkeys((*b.parties, bold.id)))}) for b in instance.bases
    )
    zones = tuple(
        z.model_copy(update={"methods": tuple(dict.fromkeys((*z.methods, *sum(TYPES.values(), ()))))})
        for z in instance.zones
    )
    fleets: tuple[Fleet, ...] = tuple(
        model.model_copy(
            update={
                "id": f"{b.id}_{name}",
                "base": b.id,
                "party": bold.id,
                "aircraft": name,
                "methods": methods,
                "most_stops": SIZE.stops,
            }
        )
        for b in bases
        for name, methods in TYPES.items()
    )
    return instance.model_copy(update={"bases": bases, "zones": zones, "fleets": fleets})


def searched(instance: Instance, stops: int | None) -> tuple[Network, float]:
    """The network of all parties, and the seconds that it took."""
    started = time.monotonic()
    net = build_network(instance, [party.id for party in instance.parties], stops)
    return net, time.monotonic() - started


def flown(instance: Instance, stops: int | None, seconds: float) -> Plan | None:
    """A judged plan."""
    parties = tuple(party.id for party in instance.parties)
    options = Options(parties=parties, stops=stops, time_limit_s=seconds)
    plan = solve(instance, options, Watch(Clock(seconds))).plan
    if plan is not None and check(plan, instance):
        raise ValueError("the plan breaks a rule")
    return plan


def _row(name: str, plan: Plan | None) -> str:
    if plan is None:
        return f"| {name} | no plan | | | | | |"
    told, (severity, *_, cost) = dict(plan.summary), plan.objectives
    stops = sum(len(sortie.zones) for sortie in plan.sorties) / max(1, len(plan.sorties))
    return (
        f"| {name} | {severity.value:,.0f} | {100 * severity.gap_frac:.2f} % | {told['cost_usd']:,.0f} "
        f"| {100 * cost.gap_frac:.1f} % | {told['sorties']:.0f} | {stops:.1f} |"
    )


def main(seconds: float) -> None:
    """Write both tables."""
    own = region()
    lines = [
        "| 22 zones, 3 bases, 4 types | missions | with several stops | seconds |",
        "| --- | --- | --- | --- |",
    ]
    asked = (("one stop", 1), ("up to four stops", None))
    for name, stops in asked:
        net, took = searched(with_all_types(own), stops)
        tours = sum(len(mission.stops) > 1 for mission in net.missions.values())
        lines.append(f"| {name} | {len(net.missions)} | {tours} | {took:.1f} |")
    lines += ["", "| three days | severity, person-days | gap | cost USD | gap | sorties | stops of one |"]
    lines.append("| --- " * 7 + "|")
    lines += [_row(name, flown(own, stops, seconds)) for name, stops in asked]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS)
