"""Fall, drift, scatter, stick and passes by hand figures, by limits, and against drawn samples."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import contains_xy
from shapely.geometry import Polygon

from instances.load import load_instance
from instances.schema import Aircraft, GroundArea, Instance, Method, Recovery, Wind, Zone
from optimizer.landing import Drop, falls, landings, shares
from optimizer.landing.air import fall_seconds, speed_ratio
from optimizer.landing.ground import built_up_on_axis, outline, surroundings
from optimizer.landing.hindcast import Known, drawn_share, hindcast
from optimizer.landing.normal import cdf, erf, polygon_share
from optimizer.landing.winds import Layers, calm_share, flyable_days, layers_on, wind_rank
from optimizer.network import build_network

STILL = Layers(((0.0, 10_000.0),), ((0.0, 0.0),), (0.0,))


def canopy(**values: object) -> Method:
    row = Method(
        id="canopy",
        name="Canopy",
        kind="drop",
        position_kind="bundle",
        bundle_net_kg=700,
        rate_of_fall_mps=7.5,
        release_heights_m=(5000.0,),
        release_error_m=0.0,
        exit_interval_s=1.0,
        footprint_m2=25,
    )
    return row.model_copy(update=values)


def zone(**values: object) -> Zone:
    row = Zone(
        id="dz",
        name="Zone",
        lat=35.0,
        lon=40.0,
        length_m=3000,
        width_m=1500,
        axis_deg=90,
        methods=("canopy",),
        recovery_kg_per_day=1,
    )
    return row.model_copy(update=values)


AIRCRAFT = Aircraft(
    id="plane",
    name="Plane",
    kind="fixed_wing",
    payload_range=((10_000, 1000),),
    cruise_kmh=720,
    turnaround_min=60,
    drop_speed_kmh=360,
)


def drop(
    method: Method,
    where: Zone | None = None,
    height_m: float = 5000,
    bundles: int = 1,
    layers: Layers = STILL,
) -> Drop:
    return Drop(AIRCRAFT, method, where or zone(), height_m, bundles, layers, 0.33)


def wind(u: float, v: float = 0.0, sd: float = 0.0, top: float = 10_000) -> Layers:
    return Layers(((0.0, top),), ((u, v),), (sd,))


@pytest.fixture(scope="module")
def flagship() -> Instance:
    return load_instance("deir_ezzor_2016")


@pytest.fixture(scope="module")
def known(flagship: Instance) -> dict[str, Known]:
    return {one.event: one for one in hindcast(flagship)}


EVENTS = (
    "24 Feb 2016 trial, 7 000 m",
    "10 and 12 Apr 2016, 5 000 m",
    "P-7 at 1 000 m and 4 000 m",
    "no dispersion, no failure",
    "guided canopies, 7 000 m",
    "closed form and sampling",
)


@pytest.mark.parametrize("event", EVENTS)
def test_known_drops_come_out(known: dict[str, Known], event: str) -> None:
    assert known[event].holds, known[event]


def test_all_known_drops_are_tested(known: dict[str, Known]) -> None:
    assert tuple(known) == EVENTS


def test_february_and_april_by_their_figures(known: dict[str, Known]) -> None:
    february = dict(known[EVENTS[0]].figures)
    assert 0.1 < february["usable in the zone"] <= 0.25
    assert february["drifted out or failed"] > 0.5
    assert 0.85 <= dict(known[EVENTS[1]].figures)["in the zone"] <= 1


def test_air_is_thinner_by_1_29_at_5000_m_and_1_46_at_7000_m() -> None:
    """The ISA's sqrt(rho0 / rho), as published tables have it."""
    ratio = speed_ratio(np.array([0.0, 5000.0, 7000.0, 11_000.0]))
    assert ratio == pytest.approx([1.0, 1.29, 1.44, 1.834], abs=0.01)


def test_time_of_fall_is_the_sum_over_thin_steps() -> None:
    steps = np.linspace(0, 5000, 50_001)
    middle = (steps[:-1] + steps[1:]) / 2 + 213
    summed = float(np.sum(0.1 / (7.5 * speed_ratio(middle))))
    whole = fall_seconds(np.array([5000.0]), np.array([0.0]), np.array([7.5]), np.array([213.0]))
    assert whole[0] == pytest.approx(summed, rel=1e-6)


def test_a_first_stage_shortens_the_fall() -> None:
    slow, fast = canopy(), canopy(first_stage_mps=25.0, second_stage_m=600.0)
    found = falls([drop(slow), drop(fast)])
    assert 500 < found.fall_s[0] < 5000 / 7.5
    assert found.fall_s[1] == pytest.approx(4400 / 25 / 1.14 + 600 / 7.5, rel=0.02)


def test_opening_takes_its_time_and_height() -> None:
    late = canopy(opening_m=375.0, opening_s=30.0)
    plain, opened = falls([drop(canopy(), height_m=375), drop(late, height_m=375)]).fall_s
    assert plain == pytest.approx(50, rel=0.02)
    assert opened == pytest.approx(30)


def test_drift_adds_up_layer_by_layer() -> None:
    layers = Layers(((0.0, 2000.0), (2000.0, 9000.0)), ((5.0, 0.0), (0.0, 20.0)), (0.0, 0.0))
    found = falls([drop(canopy(), layers=layers)])
    low = fall_seconds(np.array([2000.0]), np.array([0.0]), np.array([7.5]), np.array([0.0]))[0]
    assert found.drift_m[0] == pytest.approx([5 * low, 20 * (found.fall_s[0] - low)])


def test_scatter_grows_with_time_of_fall_and_openings() -> None:
    method = canopy(release_error_m=60.0, opening_error_m=40.0)
    low, high = falls([drop(method, height_m=h, layers=wind(5, sd=4)) for h in (1000, 5000)]).sigma_m
    seconds = falls([drop(method, height_m=1000)]).fall_s[0]
    assert low == pytest.approx(math.sqrt(60**2 + 40**2 + (0.33 * 4 * seconds) ** 2))
    assert high > 4 * low


def test_what_is_guided_only_errs_in_its_aim() -> None:
    steered = canopy(release_error_m=45.0, opening_error_m=40.0, guided=True)
    found = falls([drop(steered, bundles=26, layers=wind(15, sd=5))])
    assert found.sigma_m[0] == 45
    assert found.stick_m[0] == 0
    assert found.passes[0] == 1


def test_the_run_in_is_flown_into_the_wind_unless_given() -> None:
    given = zone(run_in_deg=90.0)
    from_west = falls([drop(canopy(), layers=wind(10)), drop(canopy(), given, layers=wind(10))])
    assert np.degrees(from_west.run_in_rad) == pytest.approx([270, 90])
    airspeed = 100 * speed_ratio(np.array([5000.0]))[0]
    assert from_west.ground_speed_mps == pytest.approx([airspeed - 10, airspeed + 10])
    from_south = falls([drop(canopy(), layers=wind(0, 10))])
    assert from_south.ground_speed_mps[0] == pytest.approx(math.sqrt(airspeed**2 - 100))


@pytest.mark.parametrize(
    ("length_m", "bundles", "passes", "per_pass"),
    [(3000, 26, 2, 13), (3000, 24, 1, 24), (1500, 26, 3, 9), (100, 4, 4, 1), (3000, 1, 1, 1)],
)
def test_a_stick_longer_than_the_zone_takes_passes(
    length_m: float, bundles: int, passes: int, per_pass: int
) -> None:
    """One bundle every 129 m over ground at 5000 m: 24 of them stand within 3000 m."""
    found = falls([drop(canopy(), zone(length_m=length_m), bundles=bundles)])
    assert (found.passes[0], found.per_pass[0]) == (passes, per_pass)
    assert found.stick_m[0] <= length_m


def test_nothing_scatters_nothing_is_lost(flagship: Instance) -> None:
    one = drop(canopy(), bundles=26, layers=wind(9))
    bare = flagship.model_copy(update={"ground": ()})
    assert shares(bare, [one], falls([one])).landed[0] == 1.0


@settings(max_examples=12, deadline=None)
@given(
    sigma=st.floats(50, 1500),
    axis=st.floats(0, 359),
    run_in=st.floats(0, 359),
    length=st.floats(300, 4000),
    bundles=st.integers(1, 26),
)
def test_closed_form_and_samples_agree(
    sigma: float, axis: float, run_in: float, length: float, bundles: int
) -> None:
    where = zone(axis_deg=axis, run_in_deg=run_in, length_m=length, width_m=800)
    one = drop(canopy(release_error_m=sigma), where, bundles=bundles)
    found = falls([one])
    assert drawn_share(one, found, 0) == pytest.approx(float(found.in_zone[0]), abs=0.002)


def test_shares_over_a_polygon_agree_with_samples() -> None:
    """A bent area with a hole, under the stick of 26 bundles."""
    bent = Polygon(
        [(-900, -700), (800, -500), (200, 100), (900, 900), (-700, 800)],
        [[(-300, -100), (-100, 100), (-300, 200)]],
    )
    rng = np.random.default_rng(1)
    places = np.linspace(-600, 600, 9)
    centre = np.stack([places, 0.3 * places], axis=1)[None]
    share = polygon_share(outline(bent), centre, np.array([350.0]))[0]
    drawn = centre[0][rng.integers(0, 9, 1_000_000)] + 350 * rng.standard_normal((1_000_000, 2))
    assert share == pytest.approx(float(np.mean(contains_xy(bent, *drawn.T))), abs=0.002)


def test_the_error_function_is_good_to_seven_digits() -> None:
    x = np.linspace(-6, 6, 2001)
    assert np.max(np.abs(erf(x) - np.array([math.erf(one) for one in x]))) < 2e-7
    assert cdf(np.array([0.0]))[0] == pytest.approx(0.5, abs=1e-7)


def test_calm_days_by_samples_and_limits() -> None:
    rng = np.random.default_rng(2)
    drawn = np.hypot(*(rng.standard_normal((2, 1_000_000)) * 4.5 + np.array([[9.0], [2.0]])))
    found = calm_share(np.array([math.hypot(9, 2)]), np.array([4.5]), np.array([12.0]))[0]
    assert found == pytest.approx(float(np.mean(drawn <= 12)), abs=0.002)
    sharp = calm_share(np.array([11.9, 12.1]), np.zeros(2), np.array([12.0, 12.0]))
    assert list(sharp) == [1.0, 0.0]


@pytest.mark.parametrize("month", [4, 6, 2])
def test_flyable_days_are_the_share_of_the_month_and_nested(flagship: Instance, month: int) -> None:
    first = flagship.header.first_date.replace(month=month, day=1)
    dates = [first.replace(day=day) for day in range(1, 29)]
    before: set[int] = set()
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        days = set(flyable_days(dates, range(28), share, of_day=False))
        assert abs(len(days) - 28 * share) <= 1.5
        assert before <= days
        before = days
    assert len({wind_rank(date) for date in dates}) == 28


def test_a_day_of_its_own_is_flown_or_not_as_forecast() -> None:
    layers = layers_on(
        (
            Wind(month=4, floor_m=0, ceiling_m=9000, u_mps=1, v_mps=0, sd_mps=1),
            Wind(date="2016-04-11", floor_m=0, ceiling_m=9000, u_mps=14, v_mps=0, sd_mps=1),
        ),
        load_instance("deir_ezzor_2016").dates[1],
    )
    assert layers.of_day
    assert layers.means == ((14.0, 0.0),)
    assert flyable_days((), (3,), 0.02, of_day=True) == ()
    assert flyable_days((), (3,), 0.6, of_day=True) == (3,)


def area(ring: list[tuple[float, float]], **values: object) -> GroundArea:
    """A drawn area whose corners are m east and north of 35 N, 40 E."""
    closed = [*ring, ring[0]]
    corners = tuple((40 + x / 91_288, 35 + y / 110_941) for x, y in closed)
    row = GroundArea(id="area", kind="built_up", people_per_km2=1000, polygons=((corners,),))
    return row.model_copy(update=values)


def square(x: float, y: float, half: float) -> list[tuple[float, float]]:
    return [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]


def test_held_areas_recover_and_the_rest_is_diverted(flagship: Instance) -> None:
    """Scatter of 600 m on a zone 1500 m wide; the held area is all the north and half is gathered there."""
    north = area([(-9000, 0), (9000, 0), (9000, 9000), (-9000, 9000)])
    held = north.model_copy(update={"kind": "held", "community": "west", "recovery_frac": 0.5})
    one = drop(canopy(release_error_m=600.0))
    found = falls([one])
    share = shares(flagship.model_copy(update={"ground": (held,)}), [one], found)
    missed = 1 - found.in_zone[0]
    assert share.held[0] == pytest.approx(missed / 2, abs=0.002)
    assert share.diverted[0] == pytest.approx(missed / 2, abs=0.002)
    assert share.landed[0] == pytest.approx(found.in_zone[0] + missed / 4, abs=0.002)
    total = share.in_zone + share.held + share.diverted + share.failed
    assert total[0] == pytest.approx(1)


def test_harm_is_footprint_times_people_met(flagship: Instance) -> None:
    """A town of 1000 people per km2 that nothing misses, on bundles that all fail, or that all stray."""
    town = area(square(0, 0, 20_000))
    world = flagship.model_copy(update={"ground": (town,)})
    failing = drop(canopy(failure_frac=1.0))
    assert shares(world, [failing], falls([failing])).harm_failed[0] == 0.0  # all within the zone
    wide = drop(canopy(release_error_m=500.0, failure_frac=0.25), zone(length_m=1.0, width_m=1.0))
    share = shares(world, [wide], falls([wide]))
    assert share.harm_late[0] == pytest.approx(0.75 * 25e-6 * 1000, rel=1e-3)
    assert share.harm_failed[0] == pytest.approx(0.25 * 25e-6 * 1000, rel=1e-3)


def test_failed_canopies_fall_upwind_of_the_zone() -> None:
    found = falls([drop(canopy(), layers=wind(10))])
    fast = fall_seconds(np.array([5000.0]), np.array([0.0]), np.array([50.0]), np.array([0.0]))[0]
    assert found.failed_m[0] == pytest.approx([10 * (fast - found.fall_s[0]), 0])


@pytest.mark.parametrize(
    ("x", "y", "named"),
    [(2000, 0, "Town"), (-2300, 700, "Town"), (2700, 0, ""), (0, 1000, ""), (2000, 1100, "")],
)
def test_the_run_in_is_clear_before_and_behind(flagship: Instance, x: float, y: float, named: str) -> None:
    """The zone reaches 1500 m east and 750 m north; 1000 m more along the run-in must be clear."""
    world = flagship.model_copy(update={"ground": (area(square(x, y, 100), name="Town"),)})
    assert built_up_on_axis(world, zone()) == named


def test_areas_that_overlap_count_once(flagship: Instance) -> None:
    twice = tuple(area(square(0, 5000, 2000), id=name) for name in ("a", "b"))
    around = surroundings(flagship.model_copy(update={"ground": twice}), zone())
    assert [len(edges) > 0 for _, edges in around.built_up] == [True, False]


def test_an_observed_share_holds_at_its_height_only(flagship: Instance) -> None:
    asked = [
        (next(a for a in flagship.aircraft if a.id == "il_76td"), method, place, height_m, 26)
        for method in flagship.methods
        if method.id == "high_altitude_canopy"
        for place in flagship.zones
        if place.id == "dz_1"
        for height_m in (4000.0, 5000.0)
    ]
    for number, basis in ((0, "computed"), (1, "observed")):
        assert {spell.landing.basis for spell in landings(flagship, asked)[number]} == {basis}
    assert {spell.landing.landed_frac for spell in landings(flagship, asked)[1]} == {0.923}
    anywhere = Recovery(zone="dz_1", method="high_altitude_canopy", landed_frac=0.8)
    seen = flagship.model_copy(update={"recoveries": (anywhere,)})
    assert {spell.landing.landed_frac for spell in landings(seen, asked)[0]} == {0.8}


def test_all_missions_and_days_of_the_flagship_in_two_seconds(flagship: Instance) -> None:
    missions = list(build_network(flagship, ("un", "russia")).missions.values())
    drops = [
        Drop(m.aircraft, m.method, m.stops[0].zone, m.release_height_m, m.positions or 1, layers, 0.33)
        for m in missions
        if m.method.kind == "drop"
        for date in flagship.dates
        for layers in [layers_on(flagship.winds, date)]
    ]
    assert len(drops) > 500
    start = time.process_time()  # the machine may be busy with other things
    share = shares(flagship, drops, falls(drops))
    assert time.process_time() - start < 2
    assert np.all((share.landed > 0.5) & (share.landed <= 1))


def test_an_outline_that_crosses_itself_is_the_area_it_encloses(flagship: Instance) -> None:
    """A bow tie of two triangles beside the zone: drawn without thought, and still an area."""
    tie = area([(-1000, 1000), (1000, 3000), (1000, 1000), (-1000, 3000)])
    (_, edges), *_ = surroundings(flagship.model_copy(update={"ground": (tie,)}), zone()).built_up
    x1, y1, x2, y2 = edges.T
    assert abs(np.sum(x1 * y2 - x2 * y1)) / 2 == pytest.approx(2e6, rel=1e-3)
