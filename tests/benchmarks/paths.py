"""How long the paths of the flagship and of a crowded sky take: ``python tests/benchmarks/paths.py``.

Each case runs in a process of its own, which says its seconds and its peak memory.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import random
import resource
import subprocess
import sys
import time

from instances.load import load_instance
from instances.schema import Area, Base, Instance, Theatre, Zone
from optimizer.airspace.paths import Airspace
from optimizer.airspace.rules import Flier, in_force, windows
from optimizer.network import build_network

CASES = ("missions", "flagship", "crowded")
CROWDED = Theatre(south=30, west=30, north=42, east=46)
CORNERS, BASES, ZONES, HEIGHTS_M = 500, 10, 30, (1000.0, 3000.0, 5000.0)


def missions() -> tuple[int, int]:
    """What a plan of the flagship needs: every mission of every fleet, on all days."""
    instance = load_instance("deir_ezzor_2016")
    net = build_network(instance, [party.id for party in instance.parties])
    return len({(m.fleet.id, m.zones, m.release_height_m) for m in net.missions.values()}), len(net.missions)


def flagship() -> tuple[int, int]:
    """Every base, zone, height and party of the flagship that flies, in every span of its hours."""
    instance = load_instance("deir_ezzor_2016")
    sky = Airspace(instance.header.theatre, instance.airspace)
    pairs = paths = 0
    for party in instance.parties:
        for base in (base for base in instance.bases if party.id in base.parties):
            for zone in instance.zones:
                for height_m, lands in sorted(_heights(instance)):
                    flier = Flier(party.id, "helicopter" if lands else "fixed_wing", height_m, lands)
                    hours = max(party.hours_from, base.hours_from), min(party.hours_to, base.hours_to)
                    pairs += 1
                    for span in windows(sky.areas, flier, instance.dates[0], hours):
                        force = in_force(sky.areas, flier, instance.dates[0], span)
                        paths += len(sky.ways(base, zone, flier, force))
    return pairs, paths


def _heights(instance: Instance) -> set[tuple[float, bool]]:
    """Heights flown, and whether the aircraft comes down at the zone."""
    flown = {name for fleet in instance.fleets for name in fleet.methods}
    return {
        (height_m, method.kind == "landing")
        for method in instance.methods
        if method.id in flown and method.kind != "truck"
        for height_m in method.release_heights_m
    }


def crowded() -> tuple[int, int]:
    """500 corners of walls and threats, 10 bases, 30 zones, 3 heights."""
    rng = random.Random(0)
    areas = list(_areas(rng))
    sky = Airspace(CROWDED, areas)
    bases = [
        Base(id=f"b{n}", name="b", lat=lat, lon=lon, parties=("p",), ramp_slots=1, handling_kg_per_day=1)
        for n, (lon, lat) in enumerate(_places(rng, areas, BASES))
    ]
    size = {"length_m": 1.0, "width_m": 1.0, "recovery_kg_per_day": 1.0}
    zones = [
        Zone(id=f"z{n}", name="z", lat=lat, lon=lon, methods=("m",), **size)
        for n, (lon, lat) in enumerate(_places(rng, areas, ZONES))
    ]
    found = 0
    for height_m in HEIGHTS_M:
        flier = Flier("p", "fixed_wing", height_m, lands=False)
        force = in_force(sky.areas, flier, dt.date(2016, 4, 10), (0, 1440))
        found += sum(len(sky.ways(base, zone, flier, force)) for base in bases for zone in zones)
    return BASES * ZONES * len(HEIGHTS_M), found


def _areas(rng: random.Random) -> list[Area]:
    """Areas of eight to twelve corners, four in five walls, half of them up to 4000 m."""
    areas: list[Area] = []
    while (left := CORNERS - sum(len(area.outline) for area in areas)) > 0:
        corners = min(left, rng.randint(8, 12)) if left > 15 else left
        lon, lat, size = rng.uniform(31, 45), rng.uniform(31, 41), rng.uniform(0.15, 0.5)
        bearings = [2 * math.pi * (n + rng.uniform(0, 0.4)) / corners for n in range(corners)]
        outline = tuple(
            (lon + size * rng.uniform(0.7, 1) * math.cos(b), lat + size * rng.uniform(0.7, 1) * math.sin(b))
            for b in bearings
        )
        wall = len(areas) % 5 > 0
        areas.append(
            Area(
                id=f"a{len(areas)}",
                kind="prohibited" if wall else "threat",
                outline=outline,
                ceiling_m=4000 if len(areas) % 2 else 100_000,
                loss_per_100_km=0.0 if wall else 0.001,
            )
        )
    return areas


def _places(rng: random.Random, areas: list[Area], count: int) -> list[tuple[float, float]]:
    """Places well away from the middle of every area."""
    places: list[tuple[float, float]] = []
    while len(places) < count:
        place = rng.uniform(30.5, 45.5), rng.uniform(30.5, 41.5)
        if all(_far(place, area) for area in areas):
            places.append(place)
    return places


def _far(place: tuple[float, float], area: Area) -> bool:
    middle = [sum(corner[axis] for corner in area.outline) / len(area.outline) for axis in (0, 1)]
    return math.dist(place, middle) > 0.55


def main() -> None:
    """Run the cases asked for and write a line of a table for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", choices=CASES)
    case = parser.parse_args().case
    if case is None:
        sys.stdout.write("| case | pairs | paths | seconds | peak MiB |\n|---|---|---|---|---|\n")
        sys.stdout.flush()
        for name in CASES:
            subprocess.run([sys.executable, __file__, "--case", name], check=True)
        return
    start = time.process_time()
    pairs, paths = {"missions": missions, "flagship": flagship, "crowded": crowded}[case]()
    seconds = time.process_time() - start
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"| {case} | {pairs} | {paths} | {seconds:.1f} | {peak_mib:.0f} |\n")


if __name__ == "__main__":
    main()
