"""Wrong winds, areas, heights and zones: number, place and words of the finding, and nothing besides."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from instances.errors import Finding
from instances.load import load_instance

type Edit = Callable[[str, str | None, str], None]
type FindingsOf = Callable[..., tuple[Finding, ...]]

METHODS = (
    "id,name,kind,position_kind,bundle_net_kg,bundle_tare_kg,release_heights_m,rate_of_fall_mps,miss_frac,"
    "release_error_m,release_from_m,release_to_m,first_stage_mps,least_length_m,least_width_m\n"
    "canopy_high,High canopy,drop,bundle,250,50,5000,7,,60,3000,7000,25,1500,600\n"
    "canopy_low,Low canopy,drop,bundle,250,50,1000,8,0.1,,,,,,\n"
)
WINDS = "month,date,floor_m,ceiling_m,u_mps,v_mps,sd_mps\n4,,0,2000,5,1,3\n4,,2000,6000,-8,2,4\n"
SQUARE = [[40.02, 35.02], [40.04, 35.02], [40.04, 35.04], [40.02, 35.04], [40.02, 35.02]]


def feature(ring: Any = SQUARE, shape: str = "Polygon", **properties: Any) -> dict[str, Any]:
    whole = {"id": "old_town", "kind": "built_up", "people_per_km2": 9000, **properties}
    return {
        "type": "Feature",
        "properties": whole,
        "geometry": {"type": shape, "coordinates": [ring]},
    }


def drawn(*features: Any) -> str:
    lines = ",\n".join(json.dumps(one) for one in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}'


@pytest.fixture(autouse=True)
def scattering(edit: Edit) -> None:
    edit("methods.csv", None, METHODS)
    edit("winds.csv", None, WINDS)
    edit("ground.geojson", None, drawn(feature(), feature(id="held_1", kind="held", community="town")))


type Case = tuple[str, str | None, str, str, int | None, str | None, str]

CASES: tuple[Case, ...] = (
    ("methods.csv", ",3000,7000,", ",6000,7000,", "AL-2401", 2, "release_heights_m", "6000 to 7000 m (5000)"),
    ("methods.csv", ",7,,60,", ",7,0.2,60,", "AL-2402", 2, "miss_frac", "beside release_error_m (0.2)"),
    ("methods.csv", "5000,7,,60", "5000,,,60", "AL-2403", 2, "rate_of_fall_mps", "is 0 or empty"),
    ("methods.csv", "7000,25,", "7000,5,", "AL-2404", 2, "first_stage_mps", "rate_of_fall_mps 7 (5)"),
    (
        "methods.csv",
        "25,1500,600",
        "25,2500,600",
        "AL-3402",
        2,
        "methods",
        "needs 2500 x 600 m (canopy_high)",
    ),
    ("methods.csv", "25,1500,600", "25,1500,1600", "AL-3402", 2, "methods", "2000 x 1000 m is too small"),
    ("winds.csv", "4,,0,", "4,2016-04-12,0,", "AL-2405", 2, "month", "both of month and date"),
    ("winds.csv", "4,,0,", ",,0,", "AL-2405", 2, "month", "neither of month and date"),
    ("winds.csv", "2000,6000", "6000,2000", "AL-2108", 3, "floor_m", "not below ceiling_m 2000"),
    ("winds.csv", "0,2000,5", "0,2000,5 kt", "AL-2002", 2, "u_mps", "is not a number (5 kt)"),
    (
        "winds.csv",
        "2000,6000",
        "2000,5000",
        "AL-3401",
        None,
        "ceiling_m",
        "reaches 5000 m, from where canopy_h",
    ),
    ("winds.csv", "2000,6000", "2500,6000", "AL-3401", 3, "floor_m", "gap above 2000 m in month 4 (2500)"),
    ("winds.csv", "2000,6000", "1500,6000", "AL-3401", 3, "floor_m", "overlaps the layer of month 4"),
    ("winds.csv", "4,,2000", "5,,2000", "AL-3401", None, "ceiling_m", "no layer of month 4"),
    ("winds.csv", "4,,0", ",2016-04-12,100", "AL-3401", 2, "floor_m", "gap above 0 m in 2016-04-12 (100)"),
    (
        "recoveries.csv",
        None,
        "zone,method,landed_frac,release_height_m\ndz,canopy_high,0.9,4000\n",
        "AL-3403",
        2,
        "release_height_m",
        "is no release height of canopy_high (5000 m)",
    ),
    ("ground.geojson", None, "{]", "AL-1020", 1, None, "is not JSON"),
    ("ground.geojson", None, "[]", "AL-1020", None, None, "no FeatureCollection"),
    ("ground.geojson", None, drawn({"type": "Feature"}), "AL-1020", 2, None, "without properties"),
    (
        "ground.geojson",
        None,
        drawn(feature(shape="Point")),
        "AL-1402",
        2,
        "geometry",
        "is no Polygon (Point)",
    ),
    ("ground.geojson", None, drawn(feature(SQUARE[:4])), "AL-1402", 2, "coordinates", "not closed"),
    ("ground.geojson", None, drawn(feature(["x"] * 5)), "AL-1402", 2, "coordinates", "rings of lon, lat"),
    (
        "ground.geojson",
        None,
        drawn(feature(), feature(people_per_km2=None, id="b")),
        "AL-2406",
        3,
        "people_per_km2",
        "has no people (b)",
    ),
    (
        "ground.geojson",
        None,
        drawn(feature(), feature(id="b", kind="town")),
        "AL-2007",
        3,
        "kind",
        "(town)",
    ),
    ("ground.geojson", None, drawn(feature(people_per_km2=-1)), "AL-2008", 2, "people_per_km2", "(-1)"),
    ("ground.geojson", None, drawn(feature(id=None)), "AL-2001", 2, "id", "is empty; required"),
    ("ground.geojson", None, drawn(feature(id="Old Town")), "AL-2006", 2, "id", "(Old Town)"),
    (
        "ground.geojson",
        None,
        drawn(feature(kind="held")),
        "AL-2407",
        2,
        "community",
        "no community (old_town)",
    ),
    (
        "ground.geojson",
        None,
        drawn(feature(kind="held", community="twon")),
        "AL-3001",
        2,
        "community",
        '"town"?',
    ),
    ("ground.geojson", None, drawn(feature(), feature()), "AL-3002", 3, "id", "area before it (old_town)"),
    (
        "ground.geojson",
        None,
        drawn(feature([[b, a] for a, b in SQUARE])),
        "AL-2011",
        2,
        "coordinates",
        "swapped",
    ),
    (
        "ground.geojson",
        None,
        drawn(feature([[a + 9, b] for a, b in SQUARE])),
        "AL-2012",
        2,
        "coordinates",
        "lon 49",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[3]}-{case[0]}-{case[5]}")
def test_finding(edit: Edit, findings_of: FindingsOf, case: Case) -> None:
    file, old, new, number, row, column, text = case
    edit(file, old, new)
    found = findings_of()
    assert {one.id for one in found} == {number}, found
    assert any(text in str(one) and one.row == row and one.column == column for one in found), found
    assert {one.file for one in found} <= {file, "zones.csv"}


def test_what_is_drawn_and_blown_is_read(tiny: Path, edit: Edit) -> None:
    edit("winds.csv", "4,,0", ",2016-04-12,0,6000,1,1,1\n4,,0")
    instance = load_instance(tiny)
    assert [(area.id, area.kind, area.community) for area in instance.ground] == [
        ("old_town", "built_up", None),
        ("held_1", "held", "town"),
    ]
    assert instance.ground[0].polygons == ((tuple((lon, lat) for lon, lat in SQUARE),),)
    assert [wind.month for wind in instance.winds] == [None, 4, 4]
    assert "ground.geojson" in dict(instance.sha256)


def test_a_plan_without_scatter_needs_no_winds(tiny: Path, edit: Edit) -> None:
    edit("methods.csv", ",7,,60,", ",7,0.2,,")
    edit("winds.csv", None, "month,date,floor_m,ceiling_m,u_mps,v_mps,sd_mps\n")
    (tiny / "ground.geojson").unlink()
    assert load_instance(tiny).ground == ()


def test_broken_json_gives_words_and_no_traceback(edit: Edit, findings_of: FindingsOf) -> None:
    edit("ground.geojson", None, "[" * 100_000)
    assert {one.id for one in findings_of()} == {"AL-1020"}
