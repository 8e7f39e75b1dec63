"""Where every figure of an instance comes from, and how far it can be trusted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from instances import folders
from instances.columns import Content, columns, written
from instances.fields import Grade
from instances.load import library_rows
from instances.schema import LIBRARY_TABLES, TABLES, Figure, Instance, Row, file_of, key_columns

STRONGEST_FIRST: Final = (Grade.SOURCED, Grade.DERIVED, Grade.CLAIMED, Grade.RECALLED, Grade.ESTIMATE)

_FIGURES: Final = frozenset(
    {Content.NUMBER, Content.NUMBERS, Content.WHOLE, Content.POINTS, Content.DATE, Content.TIME}
)
"""What a cell must hold to be a figure; names, ids, lists of ids and outlines are none."""
_NOT_LISTED: Final = ("figures", "history")


@dataclass(frozen=True)
class Cited:
    """One figure and who vouches for it.

    Attributes
    ----------
    table, key, column : str
        Where it stands; the parts of a key are joined by ``/``.
    value : str
        As written in the file.
    grade : Grade or None
        None where nobody said.
    source : str
        Empty where nobody said.
    """

    table: str
    key: str
    column: str
    value: str
    grade: Grade | None
    source: str


def weakest(grades: Iterator[Grade] | tuple[Grade, ...]) -> Grade:
    """The grade of what rests on all of these; of nothing, an estimate."""
    return max(grades, key=STRONGEST_FIRST.index, default=Grade.ESTIMATE)


@dataclass(frozen=True)
class Provenance:
    """Grades and sources of an instance.

    A figure of the library, or of ``figures.csv``, has a grade of its own unless the instance replaced its
    row; any other figure has that of its row.
    """

    instance: Instance

    @cached_property
    def _figures(self) -> Mapping[tuple[str, str, str], Figure]:
        return {(one.table, one.id, one.column): one for one in self.instance.figures}

    def _replaced(self, table: str, key: str, row: Row) -> bool:
        shipped = _shipped(folders.LIBRARY).get((table, key))
        return shipped is not None and shipped != row

    def of(self, table: str, row: Row, column: str) -> tuple[Grade | None, str]:
        """Grade and source of one figure."""
        key = key_of(table, row)
        figure = None if self._replaced(table, key, row) else self._figures.get((table, key, column))
        return (row.grade, row.source) if figure is None else (figure.grade, figure.source)

    def grade(self, table: str, row: Row, *names: str) -> Grade:
        """Weakest grade of some figures of a row that are filled in; what nobody graded is an estimate."""
        filled = [name for name in names if name in row.model_fields_set] or list(names)
        return weakest(tuple(self.of(table, row, name)[0] or Grade.ESTIMATE for name in filled))

    def cited(self) -> Iterator[Cited]:
        """Every figure of the rows that the instance uses, in the order of the tables."""
        for table in TABLES:
            if table not in _NOT_LISTED:
                for row in self._used(table):
                    yield from self._of_row(table, row)
        for area in self.instance.ground:
            for name in ("people_per_km2", "recovery_frac"):
                if name in area.model_fields_set and (value := getattr(area, name)) is not None:
                    yield Cited("ground", area.id, name, f"{value:g}", area.grade, area.source)

    def _of_row(self, table: str, row: Row) -> Iterator[Cited]:
        for name, column in columns(table).items():
            value = getattr(row, name, None)
            if column.content in _FIGURES and name in row.model_fields_set and value is not None:
                grade, source = self.of(table, row, name)
                yield Cited(table, key_of(table, row), name, written(column.content, value), grade, source)

    def _used(self, table: str) -> Iterator[Row]:
        """Rows of a table; of the library only what fleets, feeders and needs refer to."""
        one = self.instance
        flown = {fleet.aircraft for fleet in one.fleets} | {feeder.aircraft for feeder in one.feeders}
        used: dict[str, set[str | None]] = {
            "aircraft": flown,
            "methods": {method for fleet in one.fleets for method in fleet.methods},
            "commodities": {need.commodity for need in one.needs},
        }
        for row in getattr(one, table):
            if table not in used or row.id in used[table]:
                yield row


@cache
def _shipped(library: Path) -> Mapping[tuple[str, str], Row]:
    """Rows of the library by table and id."""
    tables = [one for one in LIBRARY_TABLES if one != "figures" and (library / file_of(one)).exists()]
    return {(table, key_of(table, row)): row for table in tables for row in library_rows(TABLES[table])}


def key_of(table: str, row: Row) -> str:
    """The key of a row, its parts joined by ``/``."""
    parts = (getattr(row, name) for name in key_columns(table))
    return "/".join(
        part.isoformat()
        if isinstance(part, dt.date)
        else f"{part:g}"
        if isinstance(part, float)
        else str(part)
        for part in parts
        if part is not None
    )
