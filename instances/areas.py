"""``ground.geojson``: areas that communities hold and built-up areas, drawn in any map program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from instances.drawn import read_features
from instances.errors import Finding, Place, did_you_mean
from instances.files import Reading
from instances.ground import GroundArea
from instances.kinds import Kind
from instances.schema import Theatre

FILE = "ground.geojson"
KINDS = ("held", "built_up")
OWN = frozenset(GroundArea.model_fields) - {"polygons"}
LEAST_CORNERS = 4  # of a closed ring


@dataclass(frozen=True)
class Drawn:
    """An area and the line of the file on which its feature begins."""

    area: GroundArea
    row: int | None


def read_areas(reading: Reading, folder: Path, theatre: Theatre | None) -> list[Drawn]:
    """Areas of an instance folder; what is wrong with the file joins the findings of `reading`.

    A feature is a Polygon or MultiPolygon in WGS84 degrees, longitude first (RFC 7946). Properties that
    this format does not know are left alone: map programs add their own.
    """
    path = folder / FILE
    if not path.exists():
        return []
    collection = read_features(reading, path, FILE)
    if collection is None:
        return []
    text, features = collection
    lines = _lines(text, len(features))
    drawn = []
    for feature, row in zip(features, lines, strict=True):
        area, findings = _area(feature, row, theatre)
        reading.findings += findings
        drawn += [Drawn(area, row)] if area else []
    return drawn


def _lines(text: str, count: int) -> list[int | None]:
    """Line on which each feature begins; None where the file is written in an unusual way."""
    start, decoder = text.find("[", text.find('"features"')) + 1, json.JSONDecoder()
    lines: list[int | None] = []
    while len(lines) < count:
        while start < len(text) and text[start] in " \t\r\n,":
            start += 1
        try:
            _, end = decoder.raw_decode(text, start)
        except ValueError:
            return lines + [None] * (count - len(lines))
        lines.append(text.count("\n", 0, start) + 1)
        start = end
    return lines


def _area(feature: Any, row: int | None, theatre: Theatre | None) -> tuple[GroundArea | None, list[Finding]]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return None, [Kind.NOT_GEOJSON.at(Place(FILE, row), "is a feature without properties")]
    polygons, findings = _polygons(feature.get("geometry"), row, theatre)
    values = {key: value for key, value in properties.items() if key in OWN and value is not None}
    try:
        area = GroundArea.model_validate({**values, "polygons": polygons})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            column = str(detail["loc"][0])
            findings.append(_value_finding(Place(FILE, row, column, str(values.get(column, ""))), detail))
        return None, findings
    findings += _missing(area, Place(FILE, row, value=area.id))
    return (None if findings else area), findings


def _value_finding(place: Place, detail: Any) -> Finding:
    if place.column == "kind" and place.value:
        remedy = did_you_mean(place.value, KINDS)
        return Kind.NOT_A_CHOICE.at(place, f"is not one of {', '.join(KINDS)}", remedy=remedy)
    rule = GroundArea.model_fields[place.column or "id"].description or ""
    if detail["type"] == "missing":
        return Kind.REQUIRED_CELL.at(place, "is empty", rule=f"required: {rule}")
    if place.column in ("id", "community"):
        return Kind.NOT_ID.at(place, "is not an id")
    return Kind.OUT_OF_RANGE.at(place, "cannot be used", rule=rule)


def _missing(area: GroundArea, place: Place) -> Iterator[Finding]:
    """What an area of its kind must say."""
    if area.kind == "built_up" and area.people_per_km2 is None:
        yield Kind.BUILT_UP_WITHOUT_PEOPLE.at(place._replace(column="people_per_km2"), "has no people")
    if area.kind == "held" and area.community is None:
        yield Kind.HELD_BY_NOBODY.at(place._replace(column="community"), "names no community")


def _polygons(geometry: Any, row: int | None, theatre: Theatre | None) -> tuple[list[Any], list[Finding]]:
    """Rings of a geometry as (lon, lat), and at most one finding."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        return [], [Kind.NOT_AN_AREA.at(Place(FILE, row, "geometry", str(kind)), "is no Polygon")]
    given = geometry.get("coordinates")
    try:
        polygons = [
            [[(float(point[0]), float(point[1])) for point in ring] for ring in polygon]
            for polygon in ([given] if kind == "Polygon" else given)
        ]
    except (TypeError, ValueError, IndexError):
        return [], [Kind.NOT_AN_AREA.at(Place(FILE, row, "coordinates"), "are not rings of lon, lat")]
    rings = [ring for polygon in polygons for ring in polygon]
    if not all(polygons) or any(len(ring) < LEAST_CORNERS or ring[0] != ring[-1] for ring in rings):
        problem = "hold a ring that is not closed or has too few corners"
        return [], [Kind.NOT_AN_AREA.at(Place(FILE, row, "coordinates"), problem)]
    return polygons, list(_places([point for ring in rings for point in ring], row, theatre))


def _places(
    points: Sequence[tuple[float, float]], row: int | None, theatre: Theatre | None
) -> Iterator[Finding]:
    """The first corner outside the theatre."""
    if theatre is None:
        return
    for lon, lat in points:
        if not (theatre.south <= lat <= theatre.north and theatre.west <= lon <= theatre.east):
            place = Place(FILE, row, "coordinates", f"lat {lat:g}, lon {lon:g}")
            if theatre.south <= lon <= theatre.north and theatre.west <= lat <= theatre.east:
                yield Kind.SWAPPED.at(place, "are swapped: GeoJSON has the longitude first")
            else:
                yield Kind.OUTSIDE_THEATRE.at(place, "lie outside the theatre")
            return
