"""The file format as JSON Schema, draft 7: what a row looks like as it is written, not as it is stored."""

from __future__ import annotations

from typing import Any

from instances.columns import INSTANCE, LISTS, NUMERIC, Column, Content, columns
from instances.errors import InstanceError, Place, did_you_mean
from instances.kinds import Kind
from instances.schema import DRAWN_TABLES, ID_PATTERN, TABLES, Header, Theatre, file_of

SCENARIO = "scenario"
DRAFT = "http://json-schema.org/draft-07/schema#"

_ID = ID_PATTERN.removeprefix("^").removesuffix("$")
_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"


def _joined(part: str) -> str:
    return rf"^{part}(\s*;\s*{part})*$"


_WRITTEN: dict[Content, dict[str, Any]] = {
    Content.TEXT: {"type": "string"},
    Content.ID: {"type": "string", "pattern": ID_PATTERN},
    Content.IDS: {"type": "string", "pattern": _joined(_ID)},
    Content.NUMBER: {"type": "number"},
    Content.NUMBERS: {"type": ["string", "number"], "pattern": _joined(_NUMBER)},
    Content.WHOLE: {"type": "integer"},
    Content.BOOL: {"type": "boolean"},
    Content.DATE: {"type": "string", "format": "date"},
    Content.TIME: {"type": "string", "pattern": r"^([01]?\d|2[0-4]):[0-5]\d$"},
    Content.CHOICE: {"type": "string"},
    Content.CHOICES: {"type": "string"},
    Content.OUTLINE: {"type": "string", "pattern": _joined(rf"{_NUMBER}\s+{_NUMBER}")},
    Content.SEVERITY: {"type": "string", "pattern": _joined(rf"{_NUMBER}@{_NUMBER}")},
    Content.POINTS: {"type": "string", "pattern": _joined(rf"{_NUMBER}@{_NUMBER}")},
}
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def table_schema(table: str) -> dict[str, Any]:
    """JSON Schema (draft 7) of an input file.

    Parameters
    ----------
    table : str
        A key of ``schema.TABLES`` (an array of rows), ``instance`` or ``scenario``.

    Raises
    ------
    InstanceError
        When there is no such table; names the closest.
    """
    known = (INSTANCE, SCENARIO, *TABLES)
    if table not in known:
        remedy = did_you_mean(table, known)
        place = Place(table or "table", None, None, table)
        raise InstanceError([Kind.UNKNOWN_TABLE.at(place, "there is no such table", remedy=remedy)])
    if table == SCENARIO:
        return _scenario()
    if table == INSTANCE:
        return {"$schema": DRAFT, "title": "instance.yaml", "definitions": {}, **_instance()}
    if table in DRAWN_TABLES:
        return _collection(table)
    return {
        "$schema": DRAFT,
        "title": file_of(table),
        "type": "array",
        "items": {"$ref": f"#/definitions/{table}"},
        "definitions": {table: _row(table)},
    }


def _collection(table: str) -> dict[str, Any]:
    """A GeoJSON FeatureCollection whose properties are the columns and whose geometry is the outline."""
    properties = _row(table)
    properties["properties"].pop("outline")
    properties["required"].remove("outline")
    position = {"type": "array", "items": {"type": "number"}, "minItems": 2}
    ring = {"type": "array", "items": position, "minItems": 4}
    geometry = {
        "type": "object",
        "properties": {
            "type": {"const": "Polygon"},
            "coordinates": {"type": "array", "items": ring, "minItems": 1, "maxItems": 1},
        },
        "required": ["type", "coordinates"],
    }
    feature = {
        "type": "object",
        "properties": {
            "type": {"const": "Feature"},
            "properties": {"$ref": f"#/definitions/{table}"},
            "geometry": geometry,
        },
        "required": ["type", "properties", "geometry"],
    }
    return {
        "$schema": DRAFT,
        "title": file_of(table),
        "type": "object",
        "properties": {
            "type": {"const": "FeatureCollection"},
            "features": {"type": "array", "items": feature},
        },
        "required": ["type", "features"],
        "definitions": {table: properties},
    }


def _row(table: str) -> dict[str, Any]:
    properties = TABLES[table].model_json_schema()["properties"]
    cells = columns(table)
    return _object(
        {name: _cell(column, properties[name]) for name, column in cells.items()},
        [name for name, column in cells.items() if column.required],
        (TABLES[table].__doc__ or "").splitlines()[0],
    )


def _object(properties: dict[str, Any], required: list[str], description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _cell(column: Column, stored: dict[str, Any]) -> dict[str, Any]:
    """A cell as written; empty cells are null."""
    cell: dict[str, Any] = {"description": column.description, **_WRITTEN[column.content]}
    bounds = next((part for part in stored.get("anyOf", ()) if part.get("type") != "null"), stored)
    if column.content in NUMERIC:
        cell |= {key: bounds[key] for key in _BOUNDS if key in bounds}
    if column.content is Content.CHOICE:
        cell["enum"] = list(column.choices)
    if column.content is Content.CHOICES:
        cell["pattern"] = _joined(f"({'|'.join(column.choices)})")
    if not column.required:
        cell["type"] = [*_as_list(cell["type"]), "null"]
        if "enum" in cell:
            cell["enum"].append(None)
        if column.default:
            cell["default"] = _typed(column)
    return cell


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _typed(column: Column) -> str | float | bool:
    """The default, as JSON writes it."""
    if column.content is Content.BOOL:
        return column.default == "true"
    if column.content is Content.WHOLE:
        return int(column.default)
    return float(column.default) if column.content is Content.NUMBER else column.default


def _key(column: Column) -> dict[str, Any]:
    """A key of ``instance.yaml``: a list may be written as one, too."""
    cell = _cell(column, {})
    if column.content in LISTS:
        cell |= {"type": ["array", *_as_list(cell["type"])], "items": {"type": ["string", "number"]}}
    return cell


def _instance() -> dict[str, Any]:
    cells = columns(INSTANCE)
    top = {name: _key(column) for name, column in cells.items() if "." not in name}
    edges = {name: _cell(cells[f"theatre.{name}"], {}) for name in Theatre.model_fields}
    stored = Header.model_json_schema()
    for name, cell in (*top.items(), *edges.items()):
        source = stored["$defs"]["Theatre"]["properties"] if name in edges else stored["properties"]
        cell |= {key: source[name][key] for key in _BOUNDS if key in source[name]}
    theatre = _object(edges, list(edges), (Theatre.__doc__ or "").splitlines()[0])
    required = [name for name in top if cells[name].required]
    return _object(
        {**top, "theatre": theatre}, [*required, "theatre"], (Header.__doc__ or "").splitlines()[0]
    )


def _scenario() -> dict[str, Any]:
    value = {
        "type": ["string", "number", "boolean", "null", "array"],
        "items": {"type": ["string", "number"]},
    }
    tables = "|".join((INSTANCE, *TABLES))
    rows = {name: {"type": "array", "items": {"$ref": f"#/definitions/{name}"}} for name in TABLES}
    properties = {
        "title": {"type": "string", "description": "one line that says what is different"},
        "set": {
            "type": "object",
            "description": "values by path table/key/column; * stands for any key",
            "propertyNames": {"pattern": f"^({tables})/.+$"},
            "additionalProperties": value,
        },
        "add": {
            "type": "object",
            "description": "rows to add, by table",
            "properties": rows,
            "additionalProperties": False,
        },
    }
    return {
        "$schema": DRAFT,
        "title": "scenarios/<name>.yaml",
        **_object(properties, ["title"], "An overlay over an instance; later ones win."),
        "definitions": {name: _row(name) for name in TABLES},
    }
