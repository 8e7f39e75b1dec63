"""Tables that are drawn: GeoJSON features read as rows of text cells like any other table, and written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from instances.columns import Content, columns, written
from instances.errors import Finding, Place
from instances.files import Reading
from instances.kinds import Kind
from instances.schema import Area, Row
from instances.tables import RawRow, RawTable, unknown_column

GEOMETRY = "outline"
"""The column that the geometry of a feature holds; it is not among its properties."""


def read_drawn(reading: Reading, path: Path, file: str, table: str) -> RawTable | None:
    """Read a GeoJSON FeatureCollection (RFC 7946); the row of a feature is its place in the list, from 1.

    Parameters
    ----------
    reading : Reading
        Collects the findings and the SHA-256.
    path, file : Path, str
        Where the file is, and its name in findings.
    table : str
        Key of ``schema.TABLES``.

    Returns
    -------
    RawTable or None
        None when nothing can be read.
    """
    collection = read_features(reading, path, file)
    if collection is None:
        return None
    rows = []
    for number, feature in enumerate(collection[1], start=1):
        row, found = _row(feature, Place(file, number), table)
        rows.append(row)
        reading.findings.extend(found)
    return RawTable(table, tuple(rows))


def read_features(reading: Reading, path: Path, file: str) -> tuple[str, list[Any]] | None:
    """The text and the features of a GeoJSON FeatureCollection; None, with a finding, when it is none."""
    text = reading.text(path, file)
    if text is None:
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        problem = f"is not JSON, {getattr(error, 'msg', 'too deeply nested')}"
        reading.findings.append(Kind.NOT_GEOJSON.at(Place(file, line), problem))
        return None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        reading.findings.append(Kind.NOT_GEOJSON.at(Place(file), "holds no FeatureCollection"))
        return None
    return text, features


def _row(given: Any, home: Place, table: str) -> tuple[RawRow, list[Finding]]:
    feature = given if isinstance(given, dict) else {}
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    findings = [
        unknown_column(home._replace(column=name), name, table)
        for name in properties
        if name not in columns(table) or name == GEOMETRY
    ]
    cells = {
        name: _cell(value)
        for name, value in properties.items()
        if name in columns(table) and name != GEOMETRY
    }
    broken = [name for name, text in cells.items() if text is None]
    findings += [Kind.NOT_GEOJSON.at(home._replace(column=name), "is not a single value") for name in broken]
    corners = list(_corners(feature.get("geometry")))
    if not corners:
        findings.append(Kind.NOT_POLYGON.at(home._replace(column="geometry"), "is not such a Polygon"))
    filled = {name: text for name, text in cells.items() if text is not None}
    outline = {GEOMETRY: ";".join(corners)}
    return RawRow(table, home, {**filled, **outline}, broken=bool(broken) or not corners), findings


def _cell(value: Any) -> str | None:
    """A JSON value as a table cell would hold it; None when it is no single value or list of them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return written(Content.NUMBER, value)
    if isinstance(value, str | int):
        return str(value).strip()
    if isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        return ";".join(str(part).strip() for part in value)
    return None


def _corners(geometry: Any) -> Iterator[str]:
    """``lon lat`` of every corner of a Polygon with one ring, without the one that closes it; else none."""
    if not isinstance(geometry, dict) or geometry.get("type") != "Polygon":
        return
    rings = geometry.get("coordinates")
    if not isinstance(rings, list) or len(rings) != 1 or not isinstance(rings[0], list):
        return
    ring = rings[0][:-1] if rings[0][:1] == rings[0][-1:] else rings[0]
    if not all(
        isinstance(place, list) and len(place) in (2, 3) and all(map(_number, place)) for place in ring
    ):
        return
    for place in ring:
        yield " ".join(written(Content.NUMBER, float(degrees)) for degrees in place[:2])


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1000


def areas_text(areas: Sequence[Area]) -> str:
    """Areas as GeoJSON that `read_drawn` reads back, one feature a line; defaults are left out.

    Parameters
    ----------
    areas : sequence of Area
        In the order they are written.
    """
    lines = [json.dumps(_feature(area), ensure_ascii=False) for area in areas]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"


def _feature(area: Area) -> dict[str, Any]:
    known = columns("airspace")
    numeric = (Content.NUMBER, Content.WHOLE)
    properties = {
        name: getattr(area, name)
        if column.content in numeric
        else written(column.content, getattr(area, name))
        for name, column in known.items()
        if name != GEOMETRY and not _is_default(area, name)
    }
    ring = [*area.outline, area.outline[0]]
    geometry = {"type": "Polygon", "coordinates": [[list(place) for place in ring]]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _is_default(row: Row, name: str) -> bool:
    field = type(row).model_fields[name]
    return not field.is_required() and getattr(row, name) == field.default
