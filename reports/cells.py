"""One value and its cell: written the same way always, read also as a spreadsheet leaves it."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

from reports.findings import CellError
from reports.numbers import fixed

_FORMULA: Final = ("=", "+", "-", "@")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", re.ASCII)
_TIME: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)\s*(Z|[+-]\d{2}:?\d{2}(?::\d{2})?)?", re.ASCII
)
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def guard(text: str) -> str:
    """Text as a cell that no spreadsheet takes for a formula.

    A leading ``=``, ``+``, ``-`` or ``@`` gets an apostrophe before it, and so does an apostrophe, so
    that `unguard` gives back every text.
    """
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def unguard(text: str) -> str:
    """The text that `guard` protected; an apostrophe that protects nothing stays."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*_FORMULA, "'")) else text


def time_text(name: str, time: dt.datetime) -> str:
    """A time as ``2016-04-10T05:30Z`` for UTC columns, else local with its offset.

    Raises
    ------
    ValueError
        When the time is not aware, which is a bug of its maker.
    """
    if time.utcoffset() is None:
        raise ValueError(f"{name} {time} has no time zone")
    precision = "seconds" if time.second or time.microsecond else "minutes"
    if name.endswith("_utc"):
        return time.astimezone(dt.UTC).isoformat(timespec=precision).replace("+00:00", "Z")
    return time.isoformat(timespec=precision)


def write_cell(name: str, value: Any) -> str:
    """A value of a record as the text of its cell.

    Parameters
    ----------
    name : str
        Column; its last word is the unit and decides the decimals.
    value : str, int, float, date, datetime, tuple of str, or None
        None becomes an empty cell.
    """
    match value:
        case None:
            return ""
        case str():
            return guard(value)
        case tuple():
            return guard(";".join(value))
        case dt.datetime():
            return time_text(name, value)
        case dt.date():
            return value.isoformat()
        case float():
            return fixed(name, value)
        case _:
            return str(value)


def _number(text: str, decimal_comma: bool) -> float:
    plain = text.replace(",", ".") if decimal_comma and text.count(",") == 1 else text
    if not _NUMBER.fullmatch(plain) or not math.isfinite(float(plain)):
        raise CellError("AL-4102", "this is not a number", "write a plain number such as 1234.5")
    return float(plain)


def _optional_number(text: str, decimal_comma: bool) -> float | None:
    return _number(text, decimal_comma) if text else None


def _whole(text: str, decimal_comma: bool) -> int:
    if text.isascii() and text.removeprefix("-").isdigit():
        return int(text)
    number = _number(text, decimal_comma)
    if not number.is_integer():
        raise CellError("AL-4103", "this is not a whole number", "write a whole number such as 26")
    return int(number)


def _date_remedy(text: str) -> str:
    """The ISO dates that a day-first or month-first date may mean."""
    found = _DAY_FIRST.fullmatch(text.partition(" ")[0])
    if found is None:
        return "write the date like 2016-04-10"
    first, second, year = (int(part) for part in found.groups())
    orders = [(second, first)] if "." in text else [(first, second), (second, first)]
    meant = []
    for month, day in dict.fromkeys(orders):
        try:
            meant.append(dt.date(year, month, day).isoformat())
        except ValueError:
            continue
    return f"write {' or '.join(meant)}" if meant else "write the date like 2016-04-10"


def _date(text: str) -> dt.date:
    try:
        if _DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        raise CellError(
            "AL-4104", "there is no such day", "write a day of the calendar like 2016-04-10"
        ) from None
    raise CellError("AL-4104", "this is not an ISO date", _date_remedy(text))


def _time(text: str) -> dt.datetime:
    found = _TIME.fullmatch(text)
    if found is None:
        raise CellError(
            "AL-4105", "this is not an ISO time", "write 2016-04-10T05:30Z or 2016-04-10T08:30+03:00"
        )
    date, clock, zone = found.groups()
    if zone is None:
        raise CellError(
            "AL-4106",
            "the time has no offset",
            f"write {date}T{clock}Z if it is UTC, or add the offset like {date}T{clock}+03:00",
        )
    try:
        return dt.datetime.fromisoformat(f"{date}T{clock}{zone}")
    except ValueError:
        raise CellError("AL-4105", "there is no such time", "write a time of the calendar") from None


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in unguard(text).split(";") if part.strip())


_NUMBERS: Final = MappingProxyType[Any, Callable[[str, bool], float | None]](
    {int: _whole, float: _number, float | None: _optional_number}
)
_WORDS: Final = MappingProxyType[Any, Callable[[str], Any]](
    {str: unguard, dt.date: _date, dt.datetime: _time, tuple[str, ...]: _parts}
)


def read_cell(kind: Any, name: str, text: str, decimal_comma: bool) -> Any:
    """The value of a cell.

    Parameters
    ----------
    kind : type
        Type of the record's field.
    name : str
        Column; times of a ``_utc`` column are turned into UTC.
    text : str
        The cell, without white space around it.
    decimal_comma : bool
        Accept ``12,5`` for 12.5.

    Raises
    ------
    CellError
        AL-4101 to AL-4106.
    """
    if not text and kind != (float | None):
        raise CellError("AL-4101", "the cell is empty", "write a value")
    value: Any = _NUMBERS[kind](text, decimal_comma) if kind in _NUMBERS else _WORDS[kind](text)
    if not name.endswith("_utc"):
        return value
    try:
        return value.astimezone(dt.UTC)
    except OverflowError:
        raise CellError("AL-4105", "there is no such time", "write a time of the calendar") from None
