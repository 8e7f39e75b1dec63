"""The kinds of cell an input table can hold, with their units and limits, and what every row carries."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

ID_PATTERN = r"^[a-z0-9]+(_[a-z0-9]+)*$"
Id = Annotated[str, Field(pattern=ID_PATTERN)]


class Grade(StrEnum):
    """How far a figure can be trusted."""

    SOURCED = "sourced"
    CLAIMED = "claimed"
    DERIVED = "derived"
    RECALLED = "recalled"
    ESTIMATE = "estimate"


def _split(value: Any) -> Any:
    """A ``;``-joined cell becomes a tuple; anything else is left to the type check."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    return value


def _points(value: Any) -> Any:
    """``50000@3650;40000@4500`` becomes ((50000, 3650), (40000, 4500))."""
    if not isinstance(value, str):
        return value
    points = []
    for part in _split(value):
        first, sep, second = part.partition("@")
        if not sep:
            raise ValueError("write each point as two numbers with @ between, joined by ;")
        points.append((float(first), float(second)))
    return tuple(points)


def _payload_points(value: Any) -> Any:
    """Payload kg @ range km."""
    return _points(value)


def _severity_points(value: Any) -> Any:
    """Severity @ share of a need that is short."""
    return _points(value)


def _minute_of_day(value: Any) -> Any:
    """``06:30`` becomes 390, minutes after local midnight; ``24:00`` is the end of the day."""
    if isinstance(value, str):
        hour, sep, minute = value.partition(":")
        if not (sep and hour.isdigit() and minute.isdigit() and len(minute) == 2):
            raise ValueError("write a time as HH:MM")
        total = int(hour) * 60 + int(minute)
        if int(minute) > 59 or total > 1440:
            raise ValueError("a time lies between 00:00 and 24:00")
        return total
    return value


def _outline(value: Any) -> Any:
    """``40 35;41 35;41 36`` becomes ((40, 35), (41, 35), (41, 36)), longitude and latitude of the corners."""
    if not isinstance(value, str):
        return value
    corners = [tuple(float(number) for number in part.split()) for part in _split(value)]
    return tuple(corners)


Ids = Annotated[tuple[Id, ...], BeforeValidator(_split)]
Numbers = Annotated[tuple[float, ...], BeforeValidator(_split)]
PayloadPoints = Annotated[
    tuple[tuple[float, float], ...], BeforeValidator(_payload_points), Field(min_length=1)
]
SeverityPoints = Annotated[
    tuple[tuple[float, float], ...], BeforeValidator(_severity_points), Field(min_length=1)
]
Outline = Annotated[tuple[tuple[float, float], ...], BeforeValidator(_outline)]
MinuteOfDay = Annotated[int, BeforeValidator(_minute_of_day), Field(ge=0, le=1440)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekdays = Annotated[tuple[Weekday, ...], BeforeValidator(_split), Field(min_length=1)]
Frac = Annotated[float, Field(ge=0, le=1)]
Prob = Annotated[float, Field(ge=0, lt=1)]
NonNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Lat = Annotated[float, Field(ge=-90, le=90)]
Lon = Annotated[float, Field(ge=-180, le=180)]


class Row(BaseModel):
    """What every table row may carry: how far its figures can be trusted, and where they are from."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    grade: Grade | None = Field(None, description="weakest grade among the figures of this row")
    source: str = Field("", description="where the figures come from")


AircraftKind = Literal["fixed_wing", "helicopter", "truck"]
AircraftKinds = Annotated[tuple[AircraftKind, ...], BeforeValidator(_split)]
