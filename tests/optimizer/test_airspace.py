"""Paths through the sky: lengths worked by hand, choices between short and safe, what bars the way."""

from __future__ import annotations

import datetime as dt
import math
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances.schema import Area, Base, Theatre, Zone
from optimizer.airspace.paths import Airspace, FlightPath
from optimizer.airspace.rules import Flier, Hours, in_force, unreachable, windows
from tests.optimizer.brute_force import crossed_km, shortest_km

DATE = dt.date(2016, 4, 11)
DAY = (0, 1440)
THEATRE = Theatre(south=-3, west=-3, north=3, east=3)
KM = 111.319491  # a degree of the equator of WGS84: 6378.137 km x pi / 180
NORTHWARD_KM = 110.574  # a degree of meridian at the equator

type Corner = tuple[float, float]


def base(lon: float = -1.0, lat: float = 0.0, name: str = "b") -> Base:
    return Base(id=name, name=name, lat=lat, lon=lon, parties=("p",), ramp_slots=1, handling_kg_per_day=1)


def zone(lon: float = 1.0, lat: float = 0.0, name: str = "z") -> Zone:
    places = {"lat": lat, "lon": lon, "length_m": 1.0, "width_m": 1.0}
    return Zone(id=name, name=name, methods=("m",), recovery_kg_per_day=1, **places)


def box(west: float, south: float, east: float, north: float) -> tuple[Corner, ...]:
    return ((west, south), (east, south), (east, north), (west, north))


def area(kind: str, outline: tuple[Corner, ...], name: str = "", **values: object) -> Area:
    return Area.model_validate({"id": name or kind, "kind": kind, "outline": outline, **values})


def ways(
    *areas: Area,
    start: Base | None = None,
    end: Zone | None = None,
    height_m: float = 5000.0,
    lands: bool = False,
    hours: Hours = DAY,
) -> tuple[FlightPath, ...]:
    sky, flier = Airspace(THEATRE, areas), Flier("p", "fixed_wing", height_m, lands)
    return sky.ways(start or base(), end or zone(), flier, in_force(areas, flier, DATE, hours))


def test_nothing_in_the_way() -> None:
    (path,) = ways()
    assert path.distance_km == pytest.approx(4 * KM, abs=0.001)
    assert (path.id, path.loss_prob, path.corridors) == ("b__z__5000m", 0, ())
    assert path.points[0] == path.points[-1] == pytest.approx((-1.0, 0.0))
    assert path.points[len(path.points) // 2] == pytest.approx((1.0, 0.0))


def test_a_square_in_the_way() -> None:
    """Around a corner at 0.5 N of a square from 0.2 W to 0.2 E: two slants and 0.4 degrees along its side.

    A slant goes 0.8 degrees east, 89.056 km, and 0.5 degrees north, 55.287 km: sqrt(...) = 104.821 km. With
    the side, 0.4 x 111.319 = 44.528 km: 254.170 km one way. Paths turn 25 m off the corners.
    """
    (path,) = ways(area("prohibited", box(-0.2, -0.6, 0.2, 0.5)))
    slant = math.hypot(0.8 * KM, 0.5 * NORTHWARD_KM)
    assert path.distance_km == pytest.approx(2 * (2 * slant + 0.4 * KM), rel=5e-4)
    assert max(lat for _, lat in path.points) == pytest.approx(0.5, abs=0.001)


@pytest.mark.parametrize(("gap_m", "through"), [(60, True), (30, False)])
def test_a_gap_just_wide_enough(gap_m: float, through: bool) -> None:
    """Two walls with a gap between; paths keep 20 m from each, so that 40 m are just too narrow."""
    half = gap_m / 2 / 1000 / NORTHWARD_KM
    north = area("prohibited", box(-0.1, half, 0.1, 2.9), "north")
    south = area("prohibited", box(-0.1, -2.9, 0.1, -half), "south")
    (path,) = ways(north, south)
    if through:
        assert path.distance_km == pytest.approx(4 * KM, abs=0.01)
    else:
        assert path.distance_km > 12 * KM  # around an end of either, 2.9 degrees off


def test_a_path_must_trade_length_for_loss() -> None:
    """Straight through a threat of 0.4 degrees, or around its nearer side, 0.1 degrees off: nothing between
    but ways that cut a corner, each longer and safer than the one before."""
    threat = area("threat", box(-0.2, -0.5, 0.2, 0.1), loss_per_100_km=0.01)
    front = ways(threat)
    first, last = front[0], front[-1]
    assert first.distance_km == pytest.approx(4 * KM, abs=0.001)
    assert first.loss_prob == pytest.approx(1 - 0.99 ** (2 * 0.4 * KM / 100), rel=1e-4)
    around = 2 * math.hypot(0.8 * KM, 0.1 * NORTHWARD_KM) + 0.4 * KM
    assert last.loss_prob == 0
    assert last.distance_km == pytest.approx(2 * around, rel=1e-3)
    for shorter, safer in pairwise(front):
        assert shorter.distance_km < safer.distance_km
        assert shorter.loss_prob > safer.loss_prob


def test_transits_are_counted_out_and_back() -> None:
    """A band across all the map, entered and left twice; around the zone or the base it counts once more."""
    middle = area("threat", box(-0.2, -3, 0.2, 3), loss_per_transit=0.01)
    at_zone = area("threat", box(0.5, -3, 1.5, 3), loss_per_transit=0.01)
    at_base = area("threat", box(-1.5, -3, -0.5, 3), loss_per_transit=0.01)
    everywhere = area("threat", box(-3, -3, 3, 3), loss_per_transit=0.01)
    assert ways(middle)[0].loss_prob == pytest.approx(1 - 0.99**2)
    assert ways(at_zone)[0].loss_prob == pytest.approx(0.01)
    assert ways(at_base)[0].loss_prob == pytest.approx(1 - 0.99**2)
    assert ways(everywhere)[0].loss_prob == pytest.approx(0.01)


def test_heights() -> None:
    """An area holds its floor and not its ceiling; one below the height flown matters in climb only."""
    wall = box(-0.2, -0.5, 0.2, 0.5)
    for height_m, barred in ((999, False), (1000, True), (2999, True), (3000, False)):
        (path,) = ways(area("prohibited", wall, floor_m=1000, ceiling_m=3000), height_m=height_m)
        assert (path.distance_km > 4.1 * KM) == barred, height_m


def test_climb_and_descent() -> None:
    """Up to 3000 m a flight climbs for 30 km, 0.27 degrees; a landing comes down over as many."""
    near_base = area("prohibited", box(-0.8, -0.5, -0.75, 0.5), ceiling_m=3000)  # 22 km off
    beyond = area("prohibited", box(-0.7, -0.5, -0.65, 0.5), ceiling_m=3000)  # 33 km off
    near_zone = area("prohibited", box(0.75, -0.5, 0.8, 0.5), ceiling_m=3000)
    straight = pytest.approx(4 * KM, abs=0.01)
    assert ways(near_base)[0].distance_km > 4.01 * KM
    assert ways(beyond)[0].distance_km == straight
    assert ways(near_zone)[0].distance_km == straight
    assert ways(near_zone, lands=True)[0].distance_km > 4.01 * KM
    low = area("threat", box(-3, -3, 3, 3), floor_m=1000, ceiling_m=2000, loss_per_100_km=0.01)
    assert ways(low)[0].loss_prob == pytest.approx(1 - 0.99 ** (20 / 100), rel=1e-4)
    assert ways(low, lands=True)[0].loss_prob == pytest.approx(1 - 0.99 ** (40 / 100), rel=1e-4)


def test_a_restricted_area_is_crossed_inside_its_corridor() -> None:
    """The corridor leads through 0.5 degrees north of the straight way, in the whole width of the area."""
    barred = area("restricted", box(-0.5, -2.9, 0.5, 2.9))
    corridor = area("corridor", box(-0.6, 0.4, 0.6, 0.6), "gate", transits_per_day=3)
    (path,) = ways(barred, corridor)
    assert path.corridors == ("gate",)
    lowest = 2 * math.hypot(0.5 * KM, 0.4 * NORTHWARD_KM) + KM
    assert path.distance_km == pytest.approx(2 * lowest, rel=1e-3)
    flier = Flier("p", "fixed_wing", 5000, False)
    shut = area("corridor", box(-0.6, 0.4, 0.6, 0.6), "gate", hours_to="12:00")
    walled = area("restricted", box(-2.9, -2.9, 0.5, 2.9))
    sky = Airspace(THEATRE, (walled, shut))
    force = in_force(sky.areas, flier, DATE, DAY)
    assert sky.ways(base(), zone(), flier, force) == ()
    assert sky.barring(base(), zone(), flier, force) == (walled,)
    words = "unreachable, because of restricted (every day, 0 to 100000 m)"
    assert unreachable(sky.barring(base(), zone(), flier, force)) == words


def test_unreachable_names_the_area_of_some_days_first() -> None:
    always = area("prohibited", box(-0.2, -0.5, 0.2, 0.5), "always")
    dated = area("prohibited", box(-0.2, -0.5, 0.2, 0.5), "gate", first_date="2016-05-08", hours_to="12:00")
    words = "gate (2016-05-08 to last day 00:00-12:00, 0 to 100000 m); always (every day, 0 to 100000 m)"
    assert unreachable((always, dated)) == f"unreachable, because of {words}"


def test_in_force() -> None:
    """An area counts if it is there at any time of the flight, a corridor if it is open all the time."""
    flier = Flier("p", "fixed_wing", 5000, False)
    outline = box(-0.2, -0.5, 0.2, 0.5)
    morning = {"hours_from": "06:00", "hours_to": "12:00"}
    wall, gate = area("prohibited", outline, **morning), area("corridor", outline, **morning)
    assert in_force([wall, gate], flier, DATE, (700, 800)).prohibited == (wall,)
    assert in_force([wall, gate], flier, DATE, (700, 800)).corridors == ()
    assert in_force([wall, gate], flier, DATE, (600, 720)).corridors == (gate,)
    assert in_force([wall, gate], flier, DATE, (720, 800)).prohibited == ()
    for values in ({"parties": "q"}, {"aircraft_kinds": "helicopter"}, {"last_date": "2016-04-10"}):
        other = area("prohibited", outline, **values)
        assert in_force([other], flier, DATE, DAY).prohibited == ()


def test_windows() -> None:
    flier = Flier("p", "fixed_wing", 5000, False)
    gate = area("corridor", box(-1, -1, 1, 1), hours_from="08:00", hours_to="12:00")
    assert windows([], flier, DATE, (360, 1080)) == [(360, 1080)]
    assert windows([gate], flier, DATE, (360, 1080)) == [
        (360, 1080),
        (480, 1080),
        (360, 720),
        (720, 1080),
        (480, 720),
        (360, 480),
    ]
    other = area("corridor", box(-1, -1, 1, 1), hours_from="08:00", parties="q")
    assert windows([other], flier, DATE, (360, 1080)) == [(360, 1080)]


def blobs(rng: random.Random, count: int, kind: str = "prohibited", **values: object) -> list[Area]:
    """Random walls between base and zone that hold neither; they may overlap."""
    found = []
    for number in range(count):
        lon, lat, size = rng.uniform(-0.6, 0.6), rng.uniform(-0.7, 0.7), rng.uniform(0.05, 0.3)
        corners = rng.randint(3, 7)
        bearings = [2 * math.pi * (corner + rng.uniform(0, 0.4)) / corners for corner in range(corners)]
        radii = [size * rng.uniform(0.6, 1.0) for _ in bearings]
        outline = tuple(
            (lon + r * math.cos(b), lat + r * math.sin(b)) for r, b in zip(radii, bearings, strict=True)
        )
        found.append(area(kind, outline, f"{kind}_{number}", **values))
    return found


@pytest.mark.parametrize("seed", range(200))
def test_the_shortest_path_is_a_brute_force_optimum(seed: int) -> None:
    """Against a fine graph searched by other code: within half a percent, and no path crosses a wall."""
    rng = random.Random(seed)
    walls = blobs(rng, rng.randint(1, 8))
    (path,) = ways(*walls)
    outlines = [wall.outline for wall in walls]
    assert crossed_km(path.points, outlines) == 0
    fine_km = 2 * shortest_km((-1.0, 0.0), (1.0, 0.0), outlines)
    assert path.distance_km <= fine_km * 1.005
    assert path.distance_km >= fine_km * 0.995


@pytest.mark.parametrize("seed", range(12))
def test_a_path_reversed_has_the_same_length_and_loss(seed: int) -> None:
    rng = random.Random(seed)
    areas = [*blobs(rng, 3), *blobs(rng, 2, "threat", loss_per_100_km=0.01)]
    there = ways(*areas)
    back = ways(*areas, start=base(1.0, 0.0), end=zone(-1.0, 0.0))
    assert [p.distance_km for p in there] == pytest.approx([p.distance_km for p in back], abs=0.003)
    assert [p.loss_prob for p in there] == pytest.approx([p.loss_prob for p in back], abs=1e-7)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_new_prohibited_area_never_shortens_a_path(seed: int) -> None:
    rng = random.Random(seed)
    walls = blobs(rng, 5)
    lengths = [ways(*walls[:count])[0].distance_km for count in range(6)]
    assert all(fewer <= more + 0.001 for fewer, more in pairwise(lengths))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_path_of_a_front_beats_another(seed: int) -> None:
    rng = random.Random(seed)
    front = ways(*blobs(rng, 3), *blobs(rng, 3, "threat", loss_per_100_km=0.02, loss_per_transit=0.001))
    lengths = [path.distance_km for path in front]
    losses = [path.loss_prob for path in front]
    assert lengths == sorted(set(lengths))
    assert losses == sorted(set(losses), reverse=True)
