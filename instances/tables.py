"""CSV tables: read as rows of text cells, each knowing where it stands, and written; pandas stays in here."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from instances.columns import NUMERIC, columns, keys_of, written
from instances.errors import Finding, Place, did_you_mean
from instances.files import Reading
from instances.kinds import Kind
from instances.schema import Row

OLD_STANDARD = ("instance", "ration_kcal")
"""Table and key that held the standard before ``standards.csv`` did."""

_DECIMAL_COMMA = re.compile(r"(?<![\d,.])([+-]?\d*),(\d+)(?![\d,.])")


@dataclass(frozen=True)
class RawRow:
    """A row of text cells.

    Attributes
    ----------
    table : str
        Table, or ``instance``.
    home : Place
        File and line of the row.
    cells : mapping
        Text by column; documented columns only.
    elsewhere : mapping
        Place of the cells that stand somewhere else, such as in a scenario.
    broken : bool
        The row has a finding of its own and is not read further; its key still counts as known.
    """

    table: str
    home: Place
    cells: Mapping[str, str]
    elsewhere: Mapping[str, Place] = field(default_factory=dict)
    broken: bool = False

    def at(self, column: str) -> Place:
        """Where a cell stands."""
        if column in self.elsewhere:
            return self.elsewhere[column]
        return self.home._replace(column=column, value=self.cells.get(column, ""))

    @property
    def key(self) -> tuple[str, ...]:
        """Values that name the row."""
        return tuple(self.cells.get(column, "") for column in keys_of(self.table))

    def overlaid(self, column: str, place: Place) -> RawRow:
        """The same row with the value of `place` in one cell."""
        cells = {**self.cells, column: place.value}
        return replace(self, cells=cells, elsewhere={**self.elsewhere, column: place})


@dataclass(frozen=True)
class RawTable:
    """The rows of a table and its required columns that have no place in the file."""

    name: str
    rows: tuple[RawRow, ...] = ()
    absent: frozenset[str] = frozenset()


def read_table(reading: Reading, path: Path, file: str, table: str) -> RawTable | None:
    """Read one CSV file.

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
    text = reading.text(path, file)
    if text is None:
        return None
    delimiter = _delimiter(text)
    try:
        grid = _grid(text, delimiter)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, pd.errors.ParserWarning, ValueError) as error:
        wide = isinstance(error, pd.errors.ParserWarning)
        reason = "a quoted cell runs over the end of the header" if wide else str(error)
        reading.findings.append(Kind.NOT_CSV.at(Place(file), f"cannot be read as CSV, {reason}"))
        return None
    header = _header(grid)
    absent = frozenset(name for name, column in columns(table).items() if column.required) - set(header)
    reading.findings.extend(_header_findings(header, absent, table, file))
    rows = []
    for number, cells in enumerate(grid[1:], start=2):
        if any(cells):
            row = _row(cells, header, table, Place(file, number), comma=delimiter == ";")
            rows.append(row)
            if row.broken:
                problem = f"has {len(cells)} cells under {len(header)} columns"
                reading.findings.append(Kind.RAGGED_ROW.at(row.home, problem))
    return RawTable(table, tuple(rows), absent)


def _delimiter(text: str) -> str:
    header = text.split("\n", 1)[0]
    return ";" if header.count(";") > header.count(",") else ","


def _grid(text: str, delimiter: str) -> list[list[str]]:
    """All cells, stripped; a row is as long as it was written."""
    width = 1 + max(line.count(delimiter) for line in text.split("\n"))
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # a row beyond `width` would be cut short
        frame = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            header=None,
            names=range(width),
            index_col=False,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            engine="python",  # tells a missing cell from an empty one, which the faster engine does not
        )
    return [[cell.strip() for cell in row if isinstance(cell, str)] for row in frame.to_numpy().tolist()]


def _header(grid: Sequence[Sequence[str]]) -> list[str]:
    """Column names, without the empty columns that spreadsheets leave at the right."""
    header = list(grid[0])
    while header and not header[-1] and not any("".join(row[len(header) - 1 :]) for row in grid):
        header.pop()
    return header


def _header_findings(
    header: Sequence[str], absent: frozenset[str], table: str, file: str
) -> Iterator[Finding]:
    known = columns(table)
    for index, name in enumerate(header):
        if name in header[:index]:
            yield Kind.REPEATED_COLUMN.at(Place(file, 1, name), "stands twice in the header")
        elif name not in known:
            yield unknown_column(Place(file, 1, name), name, table)
    for name in sorted(absent):
        problem = "is missing from the header"
        yield Kind.MISSING_COLUMN.at(Place(file, 1, name), problem, rule=known[name].description)


def unknown_column(place: Place, name: str, table: str) -> Finding:
    """The finding for a column or key that the schema does not have, or has no longer."""
    if (table, name) == OLD_STANDARD:
        remedy = (
            "remove it and write the energy as kcal into standards.csv, a row for each community; "
            "protein_g and fat_g are 10 % and 17 % of the energy (2100 kcal: 52.5 and 40, the default)"
        )
        return Kind.OLD_FORM.at(place, "is no key any more", remedy=remedy)
    problem = f"is not a column of {table}" if name else "has no name"
    return Kind.UNKNOWN_COLUMN.at(place, problem, remedy=did_you_mean(name, columns(table)))


def _row(cells: Sequence[str], header: Sequence[str], table: str, home: Place, *, comma: bool) -> RawRow:
    known = columns(table)
    named = {name: cell for name, cell in zip(header, cells, strict=False) if name in known}
    if comma:
        named = {
            name: _DECIMAL_COMMA.sub(r"\1.\2", cell) if known[name].content in NUMERIC else cell
            for name, cell in named.items()
        }
    broken = len(cells) < len(header) or any(cells[len(header) :])
    return RawRow(table, home, named, broken=broken)


def table_text(table: str, rows: Sequence[Row]) -> str:
    """Rows as CSV that `read_table` reads back, with every column of the table in the order of the README.

    Parameters
    ----------
    table : str
        Key of ``schema.TABLES``.
    rows : sequence of Row
        Rows of that table, in the order they are written.
    """
    known = columns(table)
    cells = [[written(column.content, getattr(row, name)) for name, column in known.items()] for row in rows]
    frame = pd.DataFrame(cells, columns=list(known), dtype=str)
    return str(frame.to_csv(index=False, lineterminator="\n"))
