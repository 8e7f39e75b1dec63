"""Ground tracks: RFC 7946, and back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from instances.errors import AidliftError
from optimizer.plan import Path
from reports.geo import paths_text, read_paths
from tests.reports.plan_samples import PATHS, sample_plan


def test_one_line_string_per_path() -> None:
    document = json.loads(paths_text(sample_plan().paths))
    assert document["type"] == "FeatureCollection"
    (feature,) = document["features"]
    assert feature["geometry"] == {
        "type": "LineString",
        "coordinates": [[38.0, 36.0], [40.0, 35.0], [38.0, 36.0]],
    }
    assert feature["properties"] == {
        "path_id": "north__airfield_n__dz",
        "party": "north",
        "distance_km": 571.235,
        "loss_prob": 0.00001234,
        "height_m": 5000.0,
    }


def test_no_paths() -> None:
    assert json.loads(paths_text([])) == {"type": "FeatureCollection", "features": []}
    assert read_paths(paths_text([])) == ([], [])


@given(path=PATHS)
def test_round_trip(path: Path) -> None:
    (read,), wrong = read_paths(paths_text([path]))
    assert not wrong
    assert (read.path_id, read.party) == (path.path_id, path.party)
    assert len(read.points) == len(path.points)
    for before, after in zip(path.points, read.points, strict=True):
        assert after == pytest.approx(before, abs=5.1e-7)
    assert paths_text([read]) == paths_text([path])


def test_one_point_is_no_path() -> None:
    path = sample_plan().paths[0].model_copy(update={"points": ((38.0, 36.0),)})
    with pytest.raises(AidliftError, match="a path needs two"):
        paths_text([path])
