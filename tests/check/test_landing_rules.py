"""The judge on what lands: its own arithmetic beside the model's, and the rules about the ground below."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from instances.load import load_instance
from instances.schema import GroundArea, Instance, Wind
from optimizer.check import check
from optimizer.check.fall import calm, fall, faster, layers_on, turn_of
from optimizer.check.plane import inside, meets_box
from optimizer.check.scatter import FullLoad, fate
from optimizer.landing.landings import landings
from optimizer.landing.winds import flyable_days, wind_rank
from optimizer.network import build_network
from tests.check.hand_plan import HAND, changed, edited, of_rule, tiny, verdict, written

SQUARE = ((-100.0, -100.0), (100.0, -100.0), (100.0, 100.0), (-100.0, 100.0))


@pytest.fixture(scope="module")
def flagship() -> Instance:
    return load_instance("deir_ezzor_2016")


def months(instance: Instance) -> list[dt.date]:
    return [instance.header.first_date, *(dt.date(2016, month, 1) for month in (5, 6))]


def test_judge_and_model_agree_on_what_lands(flagship: Instance) -> None:
    """All drops of the flagship in every month: shares within half a point, harm within a twentieth."""
    for m in build_network(flagship, ("un", "russia")).missions.values():
        if m.method.kind != "drop":
            continue
        for height_m in m.method.release_heights_m:
            asked = [(m.aircraft, m.method, m.stops[0].zone, height_m, m.positions or 1)]
            for spell in landings(flagship, asked)[0]:
                layers = layers_on(flagship.winds, flagship.dates[spell.days[0]])
                load = FullLoad(m.aircraft, m.method, m.stops[0].zone, height_m, m.positions or 1, layers)
                own = fate(load, flagship)
                assert own.landed_frac == pytest.approx(spell.landing.landed_frac, abs=0.005)
                assert own.stray_frac == pytest.approx(spell.landing.stray_frac, abs=0.005)
                low, high = own.harm_per_bundle * 0.95, own.harm_per_bundle * 1.2 * 1.05
                assert low <= spell.landing.harm_per_bundle <= high
                assert load.passes == spell.landing.passes
                assert own.basis == spell.landing.basis


@pytest.mark.parametrize("limits", [{}, {"wind_limit_mps": None, "path_limit_m": 2500.0}])
def test_judge_and_model_agree_on_calm_days(flagship: Instance, limits: dict[str, float | None]) -> None:
    for date in flagship.dates[:31]:
        assert turn_of(date) == wind_rank(date)
    shipped = next(one for one in flagship.methods if one.id == "p7_high")
    method = shipped.model_copy(update=limits)
    zone = next(one for one in flagship.zones if one.id == "dz_1")
    for height_m in method.release_heights_m:
        for date in months(flagship):
            layers = layers_on(flagship.winds, date)
            share = calm(method, zone, height_m, layers)
            days = [d for d in flagship.dates if d.month == date.month]
            flown = flyable_days(days, range(len(days)), share, of_day=False)
            assert abs(len(flown) - 32 * share * len(days) / 31) <= 2.5
            assert 0.03 < share < 1


def test_the_fall_of_a_failed_canopy_is_50_mps() -> None:
    assert faster(5000) == pytest.approx(1.29, abs=0.005)
    method = tiny().methods[0].model_copy(update={"rate_of_fall_mps": 10.0})
    wind = Wind(month=4, floor_m=0, ceiling_m=9000, u_mps=10, v_mps=0, sd_mps=2)
    good, other = fall(method, tiny().zones[0], 1000.0, (wind,))
    assert good.seconds == pytest.approx(97.6, abs=0.3)
    assert other.east_m == pytest.approx(-10 * 0.8 * good.seconds, rel=1e-6)
    assert other.spread_m == pytest.approx(2 * 0.8 * good.seconds, rel=1e-6)


def test_inside_and_boxes() -> None:
    assert inside(0, 0, (SQUARE,))
    assert not inside(0, 0, (SQUARE, tuple((x / 2, y / 2) for x, y in SQUARE)))  # a hole
    moved = tuple((x + 150, y) for x, y in SQUARE)
    assert meets_box((moved,), 60, 10)
    assert not meets_box((moved,), 49, 10)
    assert meets_box((tuple((9 * x, y / 5) for x, y in SQUARE),), 50, 500)  # passes right through


def test_harm_cap() -> None:
    """Four bundles over 100 people per km2, a fifth of them astray on 20 m2: 0.0016 people."""
    assert verdict(HAND, tiny()) == []
    capped = changed(tiny(), "parties", "north", harm_cap=0.0015)
    text = "0.0016 people expected to be hurt, the cap of north is 0.0015"
    assert verdict(HAND, capped) == [f"harm_cap: {one} on 2016-04-11: {text}" for one in ("s1", "s2")]


def blown(u_mps: float, **values: object) -> Instance:
    """The tiny instance with one layer of wind, and a limit of 12 m/s for the high canopy."""
    wind = Wind(month=4, floor_m=0, ceiling_m=9000, u_mps=u_mps, v_mps=0, sd_mps=3).model_copy(update=values)
    limited = changed(tiny(), "methods", "canopy_high", wind_limit_mps=12.0)
    return limited.model_copy(update={"winds": (wind,)})


def test_wind_limit() -> None:
    """The hand plan flies high canopies on the 11th and 14th, which rank 13/16 and 7/16 of their month."""
    assert verdict(HAND, blown(2)) == []
    assert [turn_of(dt.date(2016, 4, day)) for day in (11, 14)] == [13 / 16, 7 / 16]
    windy = of_rule("wind_limit", verdict(HAND, blown(11)))
    assert [text.split(":")[1] for text in windy] == [" s1 on 2016-04-11", " s2 on 2016-04-11"]
    assert "canopy_high is flown up to 12 m/s" in windy[0]
    storm = of_rule("wind_limit", verdict(HAND, blown(30)))
    assert [text.split(":")[1][1:3] for text in storm] == ["s1", "s2", "s4"]


def test_wind_limit_by_the_longest_way() -> None:
    """High canopies fall for some 3 to 4 minutes, so that 20 m/s carry them more than 3 km, 2 m/s do not."""
    unlimited = changed(blown(20), "methods", "canopy_high", wind_limit_mps=None)
    assert of_rule("wind_limit", verdict(HAND, unlimited)) == []
    far = changed(unlimited, "methods", "canopy_high", path_limit_m=2000.0)
    found = of_rule("wind_limit", verdict(HAND, far))
    assert "canopy_high is flown up to 2 000 m of drift" in found[0]
    near = changed(blown(2), "methods", "canopy_high", wind_limit_mps=None, path_limit_m=2000.0)
    assert verdict(HAND, near) == []


def test_wind_limit_of_a_day_is_hard() -> None:
    day = {"month": None, "date": dt.date(2016, 4, 14)}
    assert verdict(HAND, blown(11, **day)) == []
    assert [t.split(":")[1] for t in of_rule("wind_limit", verdict(HAND, blown(13, **day)))] == [
        " s4 on 2016-04-14"
    ]


def town(east_m: float, north_m: float) -> Instance:
    """The tiny instance with a town of 200 x 200 m off the zone, whose run-in is east and west."""
    ring = [(40 + (x + east_m) / 91_288, 35 + (y + north_m) / 110_941) for x, y in (*SQUARE, SQUARE[0])]
    area = GroundArea(id="town_1", kind="built_up", people_per_km2=5000, polygons=((tuple(ring),),))
    return tiny().model_copy(update={"ground": (area,)})


def test_clear_axis() -> None:
    """The zone is 2000 x 1000 m: 1000 m more at each end must be clear."""
    text = "town_1 lies on the run-in of dz, 1 000 m keep clear"
    for east_m, north_m in ((1900, 0), (-2050, 550), (0, 0)):
        said = verdict(HAND, town(east_m, north_m))
        assert said == [
            f"clear_axis: {one} on 2016-04-{day}: {text}"
            for one, day in (("s1", 11), ("s2", 11), ("s3", 13), ("s4", 14))
        ]
    for east_m, north_m in ((2200, 0), (0, 700), (1900, -650)):
        assert verdict(HAND, town(east_m, north_m)) == []


def test_diverted_share_and_basis_are_what_the_instance_says() -> None:
    plan = written(HAND, tiny())
    wrong = edited(plan, "loads", 0, diverted_frac=0.3, landing_basis="observed")
    said = of_rule("load_figures", [str(one) for one in check(wrong, tiny())])
    assert said[0].endswith("diverted_frac is 0.3, dz with canopy_high gives 0.2")
    assert said[1].endswith("landing_basis is 'observed', the landed share is table")


def test_shares_near_enough_stand_and_others_do_not(flagship: Instance) -> None:
    method = next(one for one in flagship.methods if one.id == "p7_high")
    zone = next(one for one in flagship.zones if one.id == "dz_1")
    aircraft = next(one for one in flagship.aircraft if one.id == "il_76md")
    load = FullLoad(aircraft, method, zone, 4000.0, 4, layers_on(flagship.winds, flagship.dates[0]))
    own = fate(load, flagship)
    assert own.slack_frac == 0.005
    assert 0 < own.slack_harm < own.harm_per_bundle
    assert math.isclose(fate(load, flagship).landed_frac, own.landed_frac)
