"""``plan.kml`` opens in a KML reader library, with every path, area, base and zone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from fastkml import KML, Folder, Placemark
from fastkml.utils import find_all

from instances.schema import Area
from reports.kml import FILE, kml_text
from reports.schedules import write_plan
from tests.check.hand_decisions import tiny
from tests.check.hand_plan import HAND, written

GATE = Area(
    id="gate",
    name="Gate <north>",
    kind="prohibited",
    outline=((38.0, 34.0), (38.5, 34.0), (38.5, 34.5)),
    floor_m=500,
    ceiling_m=4000,
    first_date=dt.date(2016, 4, 12),
    hours_from=360,
    parties=("north",),
)
INSTANCE = tiny().model_copy(update={"airspace": (*tiny().airspace, GATE)})
PLAN = written(HAND, tiny())


def placemarks() -> dict[str, dict[str, Any]]:
    document = KML.from_string(kml_text(PLAN, INSTANCE))
    found: dict[str, dict[str, Any]] = {}
    for folder in find_all(document, of_type=Folder):
        assert isinstance(folder, Folder)
        marks = [mark for mark in find_all(folder, of_type=Placemark) if isinstance(mark, Placemark)]
        found[str(folder.name)] = {str(mark.name): mark for mark in marks}
    return found


def test_everything_is_there() -> None:
    found = placemarks()
    assert list(found) == ["Paths flown", "Airspace", "Bases", "Zones"]
    assert set(found["Paths flown"]) == {path.path_id for path in PLAN.paths}
    assert set(found["Airspace"]) == {"low", "high", "Gate <north>"}
    assert set(found["Bases"]) == {"North field", "South field"}
    assert set(found["Zones"]) == {"Drop zone"}


def test_a_path_has_its_height() -> None:
    (path, *_) = PLAN.paths
    mark = placemarks()["Paths flown"][path.path_id]
    assert mark.geometry is not None
    heights = {point[2] for point in mark.geometry.coords}
    assert heights == {path.height_m}
    assert "out and back at" in str(mark.description)


def test_an_area_has_its_validity() -> None:
    mark = placemarks()["Airspace"]["Gate <north>"]
    assert mark.begin is not None
    assert mark.begin.dt == dt.date(2016, 4, 12)
    assert mark.end is None
    for words in ("500 to 4000 m above ground", "parties: north", "06:00 to 24:00 local"):
        assert words in str(mark.description)


@pytest.mark.parametrize("known", [True, False])
def test_written_beside_the_plan(tmp_path: Path, known: bool) -> None:
    folder = tmp_path / "plan"
    write_plan(PLAN, folder, INSTANCE)
    first = (folder / FILE).read_bytes()
    write_plan(PLAN, folder, INSTANCE if known else None)
    assert (folder / FILE).exists() == known
    if known:
        assert (folder / FILE).read_bytes() == first
