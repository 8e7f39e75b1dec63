"""From text cells to the nouns of the schema: every cell on its own, every finding of a row at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from instances.columns import LISTS, NUMERIC, POINTS, Column, Content, columns
from instances.errors import Finding, did_you_mean
from instances.kinds import Kind
from instances.plausible import ceiling
from instances.schema import ID_PATTERN, Theatre
from instances.tables import RawRow

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_ID = ID_PATTERN.removeprefix("^").removesuffix("$")

_SHAPES: dict[Content, tuple[re.Pattern[str], Kind, str]] = {
    Content.ID: (re.compile(_ID), Kind.NOT_ID, "is not an id"),
    Content.IDS: (re.compile(_ID), Kind.NOT_ID, "is not a list of ids joined by ;"),
    Content.NUMBER: (re.compile(_NUMBER), Kind.WRONG_TYPE, "is not a number"),
    Content.NUMBERS: (re.compile(_NUMBER), Kind.WRONG_TYPE, "is not a list of numbers joined by ;"),
    Content.WHOLE: (re.compile(r"[+-]?\d{1,18}(?:\.0+)?"), Kind.WRONG_TYPE, "is not a whole number"),
    Content.POINTS: (
        re.compile(rf"{_NUMBER}\s*@\s*{_NUMBER}"),
        Kind.NOT_PAYLOAD_RANGE,
        "is not a list of kg@km points",
    ),
    Content.SEVERITY: (
        re.compile(rf"{_NUMBER}\s*@\s*{_NUMBER}"),
        Kind.NOT_SEVERITY_POINTS,
        "is not a list of severity@share points",
    ),
    Content.OUTLINE: (
        re.compile(rf"{_NUMBER}\s+{_NUMBER}"),
        Kind.NOT_OUTLINE,
        "is not a list of corners",
    ),
    Content.BOOL: (re.compile("true|false|yes|no|1|0", re.IGNORECASE), Kind.NOT_BOOL, "is no switch"),
    Content.DATE: (re.compile(r"\d{4}-\d\d-\d\d"), Kind.NOT_DATE, "is not a date"),
    Content.TIME: (re.compile(r"\d\d?:\d\d"), Kind.NOT_TIME, "is not a time"),
}
"""What one part of a cell looks like (ASCII), the kind of finding when it does not, and the words."""

_BOUNDS = {"ge": "is less than", "gt": "is not more than", "le": "is more than", "lt": "is not less than"}
_CHECKED_TEXT = frozenset({"name", "title", "unit"})


def build[M: BaseModel](
    raw: RawRow, model: type[M], theatre: Theatre | None = None, absent: frozenset[str] = frozenset()
) -> tuple[M | None, list[Finding]]:
    """Build one row of the schema.

    Parameters
    ----------
    raw : RawRow
        Text cells; empty cells take the default.
    model : type
        Class of the row, or ``Header``.
    theatre : Theatre or None
        Box in degrees for rows with a place; None leaves places unchecked.
    absent : frozenset of str
        Columns already reported missing from the whole table.

    Returns
    -------
    tuple
        The row, or None; and every finding in its cells.
    """
    if raw.broken:
        return None, []
    known = columns(raw.table)
    filled = {name: cell for name, cell in raw.cells.items() if cell}
    findings = {name: found for name in filled for found in _cell_findings(raw, known[name])}
    findings |= {column: found for column, found in _place_findings(raw, theatre) if column not in findings}
    try:
        row = model.model_validate(_nested({name: _value(known[name], filled[name]) for name in filled}))
    except ValidationError as error:
        row = None
        for detail in error.errors(include_url=False):
            column = ".".join(part for part in detail["loc"] if isinstance(part, str))
            if column not in absent:
                findings.setdefault(column, _schema_finding(raw, column, detail))
    return (None if findings else row), list(findings.values())


def _nested(cells: dict[str, str]) -> dict[str, Any]:
    """``theatre.south`` becomes a key of ``theatre``, which is there even when all its keys are missing."""
    nested: dict[str, Any] = {}
    for name, cell in cells.items():
        outer, dot, inner = name.partition(".")
        if dot:
            nested.setdefault(outer, {})[inner] = cell
        else:
            nested[name] = cell
    return nested


def parts(column: Column, cell: str) -> list[str]:
    """The values in a cell: several when it is a ``;`` list."""
    return [part.strip() for part in cell.split(";") if part.strip()] if column.content in LISTS else [cell]


def _value(column: Column, cell: str) -> str:
    """The spelling that the schema reads."""
    if column.content is Content.BOOL:
        return {"yes": "true", "1": "true", "no": "false", "0": "false"}.get(cell.lower(), cell.lower())
    return ";".join(parts(column, cell))


def numbers(column: Column, cell: str) -> list[tuple[str, float]]:
    """Name and value of every number in a cell; the second of a point is named ``<column>@km``."""
    if column.content in POINTS:
        points = [part.partition("@") for part in parts(column, cell)]
        kg = [(column.name, float(point[0])) for point in points]
        return kg + [(f"{column.name}@km", float(point[2])) for point in points]
    if column.content in NUMERIC:
        return [(column.name, float(part)) for part in parts(column, cell)]
    return []


def _cell_findings(raw: RawRow, column: Column) -> Iterator[Finding]:
    """At most one finding: what pydantic would read too kindly, or says less well."""
    cell, place = raw.cells[column.name], raw.at(column.name)
    if column.name in _CHECKED_TEXT and cell[0] in "=+-@":
        yield Kind.FORMULA.at(place, "looks like a spreadsheet formula")
    if column.content not in _SHAPES:
        return
    pattern, kind, problem = _SHAPES[column.content]
    values = parts(column, cell)
    if not values or not all(part.isascii() and pattern.fullmatch(part) for part in values):
        rule = f"{kind.rule}, and this is {column.description}" if kind is Kind.WRONG_TYPE else ""
        yield kind.at(place, problem, rule=rule)
        return
    for name, number in numbers(column, cell):
        highest = ceiling(raw.table, name)
        if number > highest:
            yield Kind.IMPLAUSIBLE.at(place, f"is beyond {highest:,.0f}", rule=column.description)
            return
        if number < 0 and column.content in LISTS:
            yield Kind.OUT_OF_RANGE.at(place, "is less than 0", rule=column.description)
            return


def _place_findings(raw: RawRow, theatre: Theatre | None) -> Iterator[tuple[str, Finding]]:
    """A place outside the theatre; says so when only the two cells are swapped."""
    if theatre is None or "lat" not in raw.cells:
        return
    try:
        lat, lon = float(raw.cells["lat"]), float(raw.cells.get("lon", ""))
    except ValueError:
        return
    if _inside(theatre, lat, lon):
        return
    seen = raw.at("lat")._replace(value=f"lat {raw.cells['lat']}, lon {raw.cells['lon']}")
    if _inside(theatre, lon, lat):
        yield "lat", Kind.SWAPPED.at(seen, "lat and lon are swapped: the other way round is in the theatre")
        return
    column = "lon" if theatre.south <= lat <= theatre.north else "lat"
    box = f"{theatre.south:g}..{theatre.north:g} N, {theatre.west:g}..{theatre.east:g} E"
    yield column, Kind.OUTSIDE_THEATRE.at(seen._replace(column=column), f"lies outside the theatre {box}")


def _inside(theatre: Theatre, lat: float, lon: float) -> bool:
    return theatre.south <= lat <= theatre.north and theatre.west <= lon <= theatre.east


def _schema_finding(raw: RawRow, name: str, detail: ErrorDetails) -> Finding:
    """What pydantic found, in a planner's words."""
    place, context = raw.at(name), detail.get("ctx", {})
    column = columns(raw.table).get(name)
    rule = column.description if column else ""
    if detail["type"] == "missing" or column is None:
        return Kind.REQUIRED_CELL.at(place, "is empty", rule=f"required: {rule}" if rule else "")
    if column.content in LISTS:
        place = place._replace(value=str(detail["input"]))
    if column.choices:
        problem = f"is not one of {', '.join(column.choices)}"
        return Kind.NOT_A_CHOICE.at(place, problem, remedy=did_you_mean(place.value, column.choices))
    for bound, words in _BOUNDS.items():
        if bound in context:
            return Kind.OUT_OF_RANGE.at(place, f"{words} {context[bound]:g}", rule=rule)
    if column.content in _SHAPES and column.content not in NUMERIC:
        kind = _SHAPES[column.content][1]
        return kind.at(place, "does not exist" if kind is Kind.NOT_DATE else "is out of the day")
    return Kind.OUT_OF_RANGE.at(
        place, "is not finite" if "finite" in detail["type"] else "is wrong", rule=rule
    )
