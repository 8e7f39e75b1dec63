"""The judge on the sky: legal paths, corridors, and loss along a track, on areas around the tiny instance."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from typing import Any

import pytest

from instances.schema import Area, Instance, Leg
from optimizer.check import check
from optimizer.check.sky import Passage, loss_on
from optimizer.check.track import Track
from optimizer.plan import Plan
from tests.check.hand_plan import HAND, edited, of_rule, written

S1 = "legal_path: s1 on 2016-04-11"
BOX = ((38.8, 35.2), (39.2, 35.2), (39.2, 35.8), (38.8, 35.8))  # across north's way, 35.505 N at 39 E
SOUTHERN = ((39.2, 34.2), (39.5, 34.2), (39.5, 34.6), (39.2, 34.6))  # across south's way
EQUATOR = Track(((0.0, 0.0), (2.0, 0.0), (0.0, 0.0)))
KM_PER_DEGREE = 111.319491  # on the equator of WGS84: 6378.137 km x pi / 180


def area(kind: str = "prohibited", **values: object) -> Area:
    return Area.model_validate({"id": "box", "kind": kind, "outline": BOX, **values})


def said(plan: Plan, instance: Instance) -> list[str]:
    return [str(violation) for violation in check(plan, instance)]


def under(instance: Instance, *areas: Area) -> Instance:
    return instance.model_copy(update={"airspace": (*instance.airspace, *areas)})


def test_legal_path(plan: Plan, instance: Instance) -> None:
    """0.4 degrees of longitude, slanting south-eastward, are flown out and back.

    The way from (38 E, 36 N) to (40 E, 35 N) bears about 122 degrees, and 0.4 degrees at 35.5 N are 36.3 km
    eastward: 36.3 / sin 121.5 = 42.5 km, twice is 85.
    """
    found = of_rule("legal_path", said(plan, under(instance, area())))
    assert len(found) == 2  # both sorties of north
    assert found[0].startswith(f"{S1}: 85.")
    assert found[0].endswith("km inside box at 5 000 m, which is prohibited to north")


@pytest.mark.parametrize(
    "values",
    [
        {"ceiling_m": 5000},  # flown at 5000 m, above it
        {"floor_m": 5001},
        {"last_date": "2016-04-10"},
        {"first_date": "2016-04-12"},
        {"hours_from": "12:00"},
        {"hours_to": "06:00"},
        {"parties": "south"},
        {"aircraft_kinds": "helicopter"},
    ],
)
def test_legal_path_elsewhere(values: dict[str, Any], plan: Plan, instance: Instance) -> None:
    assert said(plan, under(instance, area(**values))) == []


def test_legal_path_in_climb(plan: Plan, instance: Instance) -> None:
    """An area up to 4000 m counts within 40 km of the base; one that begins 5 km south of it is met."""
    near = ((37.9, 35.7), (38.6, 35.7), (38.6, 35.95), (37.9, 35.95))
    found = of_rule("legal_path", said(plan, under(instance, area(outline=near, ceiling_m=4000))))
    assert len(found) == 2
    assert said(plan, under(instance, area(outline=BOX, ceiling_m=4000))) == []


def test_legal_path_corridor(plan: Plan, instance: Instance) -> None:
    """A restricted area with a corridor over all of it, and with one that is shut in some way."""
    barred = area("restricted", id="zone_r")
    way = area("corridor", id="way")
    assert said(plan, under(instance, barred, way)) == []
    shuts: list[dict[str, Any]] = [{"hours_to": "09:00"}, {"floor_m": 5001}, {"parties": ("south",)}]
    for values in shuts:
        shut = area("corridor", id="way", **values)
        assert of_rule("legal_path", said(plan, under(instance, barred, shut))) != [], values
    half = area("corridor", id="way", outline=((38.8, 35.2), (39.0, 35.2), (39.0, 35.8), (38.8, 35.8)))
    found = of_rule("legal_path", said(plan, under(instance, barred, half)))
    assert "inside zone_r outside its corridors" in found[0]
    assert 42 < float(found[0].split(": ")[2].split(" km")[0]) < 43


def test_legal_path_drawing(plan: Plan, instance: Instance) -> None:
    path = plan.paths[0]
    home, there, _ = path.points
    for points, text in (
        ((), "is not drawn"),
        ((home, there), "does not start and end at airfield_n"),
        ((home, (39.0, 35.0), home), "is not at dz half way"),
        ((home, there, (39.0, 36.0), home), "is not at dz half way"),
    ):
        bad = edited(plan, "paths", 0, points=points)
        assert any(text in line for line in of_rule("legal_path", said(bad, instance))), text


def test_a_surveyed_way_is_not_tested(instance: Instance) -> None:
    legs = tuple(
        Leg(base=base, zone="dz", distance_km=200, minutes=30, loss_prob=2e-5)
        for base in ("airfield_n", "airfield_s")
    )
    other = under(instance, area()).model_copy(update={"legs": legs})
    assert of_rule("legal_path", said(written(HAND, other), other)) == []


def test_corridor_slot_limit(plan: Plan, instance: Instance) -> None:
    """North flies twice on Monday, south not through here."""
    limited = area("corridor", id="way", transits_per_day=1)
    barred = area("restricted", id="zone_r")
    text = "corridor_slot_limit: way on 2016-04-11: 2 sorties through it, it takes 1 a day"
    assert said(plan, under(instance, barred, limited)) == [text]
    two = area("corridor", id="way", transits_per_day=2)
    assert said(plan, under(instance, barred, two)) == []
    elsewhere = area("corridor", id="way", outline=SOUTHERN, transits_per_day=1)
    assert said(plan, under(instance, elsewhere)) == []


def test_corridor_hour_limit(plan: Plan, instance: Instance) -> None:
    """North goes out and back through the corridor within an hour, at 06:00 and again at 09:00."""
    barred = area("restricted", id="zone_r")
    one = area("corridor", id="way", transits_per_hour=1)
    (line,) = said(plan, under(instance, barred, one))
    assert line.startswith("corridor_hour_limit: way on 2016-04-11: 2 transits begin in the hour to 06:")
    assert line.endswith("it takes 1")
    two = area("corridor", id="way", transits_per_hour=2)
    assert said(plan, under(instance, barred, two)) == []


def passage(height_m: float = 1000, lands: bool = False) -> Passage:
    landings_km = (EQUATOR.length_km / 2,) if lands else ()
    return Passage("north", "fixed_wing", dt.date(2016, 4, 11), 360, 500, height_m, landings_km)


def threat(west: float, east: float, **values: object) -> Area:
    outline = ((west, -1.0), (east, -1.0), (east, 1.0), (west, 1.0))
    return Area.model_validate({"id": "t", "kind": "threat", "outline": outline, **values})


def over(instance: Instance, *areas: Area) -> Instance:
    return instance.model_copy(update={"airspace": areas})


def test_loss_by_length_and_by_transit(instance: Instance) -> None:
    """Half a degree in the middle of the way: twice 55.66 km, and two transits; around the zone it is one."""
    km = KM_PER_DEGREE / 2
    by_length = over(instance, threat(0.5, 1.0, loss_per_100_km=0.01))
    assert loss_on(by_length, EQUATOR, passage()) == pytest.approx(1 - 0.99 ** (2 * km / 100), rel=1e-6)
    by_transit = over(instance, threat(0.5, 1.0, loss_per_transit=0.01))
    assert loss_on(by_transit, EQUATOR, passage()) == pytest.approx(1 - 0.99**2)
    at_zone = over(instance, threat(1.5, 2.5, loss_per_transit=0.01))
    assert loss_on(at_zone, EQUATOR, passage()) == pytest.approx(0.01)
    both = over(instance, threat(0.5, 1.0, loss_per_transit=0.01), threat(1.5, 2.5, loss_per_transit=0.1))
    assert loss_on(both, EQUATOR, passage()) == pytest.approx(1 - 0.99**2 * 0.9)


def test_loss_in_climb_and_descent(instance: Instance) -> None:
    """A band of 1000 to 2000 m is climbed through 10 to 20 km from base, and before a landing as well."""
    low = over(instance, threat(-1, 3, floor_m=1000, ceiling_m=2000, loss_per_100_km=0.01))
    dropped, landed = (loss_on(low, EQUATOR, passage(3000, lands)) for lands in (False, True))
    assert dropped == pytest.approx(1 - 0.99 ** (20 / 100), rel=1e-6)
    assert landed == pytest.approx(1 - 0.99 ** (40 / 100), rel=1e-6)
    assert loss_on(low, EQUATOR, passage(500)) == 0
    level = loss_on(low, EQUATOR, passage(1000))
    assert level == pytest.approx(1 - 0.99 ** (4 * KM_PER_DEGREE / 100), rel=1e-6)


def test_an_area_with_a_bay_is_entered_twice() -> None:
    bay = ((0.5, -1.0), (1.5, -1.0), (1.5, 1.0), (1.2, 1.0), (1.2, -0.5), (0.8, -0.5), (0.8, 1.0), (0.5, 1.0))
    found = EQUATOR.inside(area("threat", outline=bay))
    shares = [math.dist(stretch, (0, 0)) for stretch in found]
    assert len(found) == 4
    assert shares == sorted(shares)
    out_km = sum(end - start for start, end in found) / 2
    assert out_km == pytest.approx(0.6 * KM_PER_DEGREE, rel=1e-6)


def test_a_path_that_is_drawn_twice_is_not_followed(plan: Plan, instance: Instance) -> None:
    doubled = plan.model_copy(update={"paths": (*plan.paths, replace_id(plan))})
    assert any("drawn 2 times" in line for line in of_rule("sortie_figures", said(doubled, instance)))


def replace_id(plan: Plan) -> object:
    return plan.paths[0].model_copy(update={"distance_km": 1.0})


def test_hand_paths_are_legal(instance: Instance) -> None:
    assert of_rule("legal_path", said(written(replace(HAND, handed=()), instance), instance)) == []
