"""What each column holds, read off the schema: the one place that looks inside its fields."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from instances.fields import MinuteOfDay, Outline, SeverityPoints
from instances.schema import TABLES, Header, Row, key_columns

INSTANCE = "instance"
"""Name of ``instance.yaml`` where it is treated as a table of one row."""


class Content(StrEnum):
    """What a cell holds, in the words of the file format."""

    TEXT = "text"
    ID = "id"
    IDS = "ids joined by ;"
    NUMBER = "number"
    NUMBERS = "numbers joined by ;"
    WHOLE = "whole number"
    BOOL = "true or false"
    DATE = "date YYYY-MM-DD"
    TIME = "time HH:MM"
    CHOICE = "one of"
    CHOICES = "some of, joined by ;"
    POINTS = "kg@km joined by ;"
    SEVERITY = "severity@share joined by ;"
    OUTLINE = "lon lat joined by ;"


POINTS = frozenset({Content.POINTS, Content.SEVERITY})
LISTS = frozenset({Content.IDS, Content.NUMBERS, Content.CHOICES, Content.OUTLINE}) | POINTS
NUMERIC = frozenset({Content.NUMBER, Content.NUMBERS, Content.WHOLE}) | POINTS

_MINUTE_PARSER = get_args(MinuteOfDay)[1]
_PAIRS = {get_args(Outline)[1]: Content.OUTLINE, get_args(SeverityPoints)[1]: Content.SEVERITY}
_SIMPLE = {bool: Content.BOOL, dt.date: Content.DATE, float: Content.NUMBER}
_LIST_OF = {Content.ID: Content.IDS, Content.NUMBER: Content.NUMBERS, Content.CHOICE: Content.CHOICES}


@dataclass(frozen=True)
class Column:
    """A column of a table or a key of ``instance.yaml``.

    Attributes
    ----------
    name : str
        As in the header row; keys inside ``theatre`` are written ``theatre.south``.
    content : Content
        What a cell holds.
    required : bool
        Whether an empty cell is an error.
    default : str
        What an empty cell means, as it would be written.
    choices : tuple of str
        Values allowed, where the column has a list of them.
    description : str
        Meaning and unit.
    """

    name: str
    content: Content
    required: bool
    default: str
    choices: tuple[str, ...]
    description: str


def keys_of(table: str) -> tuple[str, ...]:
    """Columns that name a row; ``instance`` has one row and needs none."""
    return () if table == INSTANCE else key_columns(table)


@lru_cache(maxsize=64)
def columns(table: str) -> dict[str, Column]:
    """Columns of a table (or keys of ``instance``) by name: the table's own, then grade and source."""
    model: type[BaseModel] = Header if table == INSTANCE else TABLES[table]
    own_first = sorted(_columns(model, ""), key=lambda column: column.name in Row.model_fields)
    return {column.name: column for column in own_first}


def _columns(model: type[BaseModel], prefix: str) -> list[Column]:
    found: list[Column] = []
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found += _columns(field.annotation, f"{prefix}{name}.")
        else:
            found.append(_column(prefix + name, field))
    return found


def _column(name: str, field: FieldInfo) -> Column:
    required = field.is_required()
    content = _content(field.annotation, field.metadata)
    default = "" if required else written(content, field.default)
    return Column(name, content, required, default, _choices(field.annotation), field.description or "")


def _content(annotation: Any, metadata: list[Any]) -> Content:
    """Unwrap ``X | None`` and ``Annotated[X, ...]`` down to what one cell holds."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        fields = [part for part in inner[1:] if isinstance(part, FieldInfo)]
        return _content(inner[0], [*inner[1:], *(item for part in fields for item in part.metadata)])
    if origin in (Union, UnionType):
        return _content(next(part for part in inner if part is not type(None)), metadata)
    if origin is tuple:
        if get_origin(inner[0]) is tuple:
            return next((_PAIRS[item] for item in metadata if item in _PAIRS), Content.POINTS)
        return _LIST_OF[_content(inner[0], [])]
    if origin is Literal or issubclass(annotation, StrEnum):
        return Content.CHOICE
    if annotation is int:
        return Content.TIME if _MINUTE_PARSER in metadata else Content.WHOLE
    if annotation is str:
        return Content.ID if any(getattr(item, "pattern", None) for item in metadata) else Content.TEXT
    return _SIMPLE[annotation]


def _choices(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return tuple(choice.value for choice in annotation)
    return tuple(choice for part in get_args(annotation) for choice in _choices(part))


def written(content: Content, value: Any) -> str:
    """A value as a cell would hold it; None is the empty cell."""
    if value is None:
        return ""
    if content is Content.TIME:
        return f"{value // 60:02d}:{value % 60:02d}"
    if content is Content.BOOL:
        return "true" if value else "false"
    if content in POINTS:
        return ";".join("@".join(written(Content.NUMBER, number) for number in point) for point in value)
    if content is Content.OUTLINE:
        return ";".join(" ".join(written(Content.NUMBER, number) for number in point) for point in value)
    if isinstance(value, tuple):
        return ";".join(written(Content.NUMBER, part) for part in value)
    return f"{value:.12g}" if isinstance(value, float) else str(value)
