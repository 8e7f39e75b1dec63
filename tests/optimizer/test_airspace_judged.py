"""Paths under the geometry of the judge, which shares no code with theirs: legal, and what they say."""

from __future__ import annotations

import random

import pytest

from instances.load import load_instance
from instances.schema import Area, Instance
from optimizer.airspace.paths import FlightPath
from optimizer.check.sky import Passage, corridors_used, loss_on, trespass
from optimizer.check.track import Track
from optimizer.network import build_network
from tests.check.hand_decisions import tiny
from tests.optimizer.test_airspace import DATE, blobs, box, ways


def rounded(path: FlightPath) -> Track:
    """The track as ``paths.geojson`` has it."""
    return Track([(round(lon, 6), round(lat, 6)) for lon, lat in path.points])


def judged(path: FlightPath, instance: Instance, passage: Passage) -> None:
    track = rounded(path)
    assert track.length_km == pytest.approx(path.distance_km, abs=0.002)
    assert list(trespass(instance, track, passage)) == []
    assert loss_on(instance, track, passage) == pytest.approx(path.loss_prob, rel=1e-4, abs=1e-9)
    assert {area.id for area in corridors_used(instance, track, passage)} == set(path.corridors)


@pytest.mark.parametrize("seed", range(40))
def test_random_skies(seed: int) -> None:
    """Walls, threats and corridors at all heights, flown over and landing."""
    rng = random.Random(seed)
    height_m, lands = rng.choice([1000.0, 3000.0, 5000.0]), rng.random() < 0.5
    ceiling_m = rng.choice([2000, 4000, 100_000])
    areas = [
        *blobs(rng, 4, ceiling_m=ceiling_m),
        *blobs(rng, 3, "threat", loss_per_100_km=0.01, loss_per_transit=0.002, floor_m=500),
        *blobs(rng, 2, "restricted"),
        Area(id="way", kind="corridor", outline=box(-1.5, -0.1, 1.5, 0.1)),
    ]
    instance = tiny().model_copy(update={"airspace": tuple(areas)})
    for path in ways(*areas, height_m=height_m, lands=lands):
        half_km = (path.distance_km / 2,) if lands else ()
        judged(path, instance, Passage("p", "fixed_wing", DATE, 0, 1440, height_m, half_km))


@pytest.mark.parametrize(
    "scenarios", [(), ("shared_corridors",), ("closed_south",), ("shared_corridors", "closed_south")]
)
def test_flagship(scenarios: tuple[str, ...]) -> None:
    """Every mission on its first and last day; the corridors it uses are what the scenario opens."""
    instance = load_instance("deir_ezzor_2016", scenarios)
    instance = instance.model_copy(update={"winds": ()})  # they take days as well
    net = build_network(instance, [party.id for party in instance.parties])
    for m in net.missions.values():
        for d in (m.days[0], m.days[-1]):
            passage = Passage(
                m.party.id,
                m.aircraft.kind,
                instance.dates[d],
                m.hours_from,
                m.hours_to,
                m.release_height_m,
                (m.path.distance_km / 2,) if m.method.kind == "landing" else (),
            )
            judged(m.path, instance, passage)
    through = {name for m in net.missions.values() if m.party.id == "un" for name in m.path.corridors}
    assert ("corridor_hmeimim" in through) == ("shared_corridors" in scenarios)
    southern = [m for m in net.missions.values() if "corridor_amman" in m.path.corridors]
    assert {len(m.days) for m in southern} == {50 if "closed_south" in scenarios else 65}
