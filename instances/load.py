"""A folder of YAML and CSV becomes an Instance, or an error with every finding: the only way in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from instances import folders
from instances.areas import FILE as GROUND
from instances.areas import read_areas
from instances.cells import build
from instances.columns import INSTANCE, columns
from instances.drawn import read_drawn
from instances.entries import Entry, Tables
from instances.errors import Finding, InstanceError, Place, did_you_mean
from instances.falling import areas_are_held_by_communities
from instances.files import Document, Plain, Reading, cell
from instances.folders import HEADER, copy_instance, instance_folder, shipped_instances
from instances.kinds import Kind
from instances.overlay import RawTables, apply, read_overlays, scenarios_of
from instances.rules import check
from instances.schema import (
    DRAWN_TABLES,
    LIBRARY_TABLES,
    OPTIONAL_TABLES,
    TABLES,
    Header,
    Instance,
    Row,
    Theatre,
    file_of,
)
from instances.tables import RawRow, RawTable, read_table, unknown_column

__all__ = [
    "copy_instance",
    "instance_folder",
    "library_rows",
    "load_instance",
    "scenarios_of",
    "shipped_instances",
]


def load_instance(source: str | Path, scenarios: Sequence[str] = (), days: int | None = None) -> Instance:
    """Read and check an instance.

    Parameters
    ----------
    source : str or Path
        Id of a shipped instance, or a folder.
    scenarios : sequence of str
        Overlays by name, in order; later ones win.
    days : int, optional
        Plan only this many days from the first.

    Returns
    -------
    Instance
        Rows in the order of the files: library first, rows that scenarios add last.

    Raises
    ------
    InstanceError
        With every finding of every file.
    """
    folder = instance_folder(source)
    reading = Reading()
    documents = read_overlays(reading, folder, scenarios)
    raw: RawTables = {INSTANCE: _read_header(reading, folder / HEADER), **_read_tables(reading, folder)}
    findings = list(_stray_files(folder))
    for document in documents:
        raw, found = apply(raw, document)
        findings += found
    raw, found = _without_empty(raw)
    tables, more = _build(raw)
    drawn = read_areas(reading, folder, tables.header.theatre if tables.header else None)
    findings += [*reading.findings, *found, *more, *check(tables), *_days_findings(tables, days)]
    findings += areas_are_held_by_communities(tables, drawn)
    if findings or tables.header is None:
        raise InstanceError(_in_order(findings))
    rows = {table: tuple(entry.row for entry in entries) for table, entries in tables.built.items()}
    names, sha256 = tuple(scenarios), tuple(sorted(reading.sha256.items()))
    ground = tuple(one.area for one in drawn)
    instance = Instance(header=tables.header, scenarios=names, sha256=sha256, ground=ground, **rows)
    return instance if days is None else instance.shortened(days)


def library_rows[R: Row](model: type[R]) -> tuple[R, ...]:
    """Rows of a table that ships with the program, in the order of the file.

    Parameters
    ----------
    model : type of Row
        Class of the rows: ``Aircraft``, ``Method``, ``Commodity`` or ``Figure``.

    Raises
    ------
    InstanceError
        When the library cannot be read, with every finding.
    """
    table = next(name for name in LIBRARY_TABLES if TABLES[name] is model)
    reading = Reading()
    entries, findings = _entries(_read_library(reading, table), model, None)
    if reading.findings or findings:
        raise InstanceError([*reading.findings, *findings])
    return tuple(entry.row for entry in entries)


def _read_header(reading: Reading, path: Path) -> RawTable | None:
    """``instance.yaml`` as a table of one row, each key with its own line."""
    if not path.exists():
        reading.findings.append(Kind.MISSING_FILE.at(Place(HEADER), "is missing"))
        return None
    document = reading.document(path, HEADER)
    if document is None:
        return None
    places = dict(_keys(document, (), document.values))
    for name in places.keys() - columns(INSTANCE).keys():
        reading.findings.append(unknown_column(places.pop(name), name, INSTANCE))
    cells = {name: place.value for name, place in places.items()}
    return RawTable(INSTANCE, (RawRow(INSTANCE, Place(HEADER), cells, places),))


def _keys(document: Document, path: tuple[str, ...], value: Plain) -> Iterator[tuple[str, Place]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _keys(document, (*path, key), inner)
    else:
        name, text = ".".join(path), cell(value)
        written = str(value) if text is None else text
        yield name, Place(document.name, document.lines[path], name, written)


def _read_tables(reading: Reading, folder: Path) -> dict[str, RawTable | None]:
    return {table: _read_merged(reading, folder, table) for table in TABLES}


def _read_merged(reading: Reading, folder: Path, table: str) -> RawTable | None:
    """A table of the instance after the rows of the library that it does not replace."""
    file = file_of(table)
    own: RawTable | None = RawTable(table)
    if (folder / file).exists():
        read = read_drawn if table in DRAWN_TABLES else read_table
        own = read(reading, folder / file, file, table)
    elif table not in OPTIONAL_TABLES:
        reading.findings.append(Kind.MISSING_FILE.at(Place(file), "is missing"))
        return None
    if table not in LIBRARY_TABLES or not (folders.LIBRARY / file).exists():
        return own
    library = _read_library(reading, table)
    if own is None or library is None:
        return None
    replaced = {row.key for row in own.rows}
    kept = tuple(row for row in library.rows if row.key not in replaced)
    return RawTable(table, kept + own.rows, own.absent | library.absent)


def _read_library(reading: Reading, table: str) -> RawTable | None:
    file = f"{table}.csv"
    return read_table(reading, folders.LIBRARY / file, f"{folders.LIBRARY.name}/{file}", table)


def _stray_files(folder: Path) -> Iterator[Finding]:
    files = {file_of(table) for table in TABLES} | {GROUND}
    for path in sorted((*folder.glob("*.csv", case_sensitive=False), *folder.glob("*.geojson"))):
        if path.name not in files and not path.name.startswith("."):
            remedy = did_you_mean(path.name, files)
            yield Kind.UNKNOWN_TABLE_FILE.at(Place(path.name), "is not a table", remedy=remedy)


def _without_empty(raw: RawTables) -> tuple[RawTables, list[Finding]]:
    """Tables that must have rows and have none are findings, and as good as unread."""
    empty = [
        table
        for table, found in raw.items()
        if found is not None and not found.rows and table not in OPTIONAL_TABLES
    ]
    findings = [Kind.NO_ROWS.at(Place(file_of(table)), "has no rows") for table in empty]
    return {table: None if table in empty else found for table, found in raw.items()}, findings


def _build(raw: RawTables) -> tuple[Tables, list[Finding]]:
    """Every row of every table as a noun of the schema, as far as its cells allow."""
    findings: list[Finding] = []
    header: Header | None = None
    top = raw[INSTANCE]
    if top is not None:
        header, findings = build(top.rows[0], Header)
    theatre = _theatre(top.rows[0]) if top else None
    built: dict[str, tuple[Entry[Row], ...]] = {}
    for table, model in TABLES.items():
        entries, found = _entries(raw[table], model, theatre)
        built[table] = entries
        findings += found
    return Tables(header, raw, built), findings


def _theatre(row: RawRow) -> Theatre | None:
    """The box to check places against, also when other keys have findings; None when it is no box."""
    try:
        box = Theatre(**{name: row.cells.get(f"theatre.{name}") for name in Theatre.model_fields})
    except ValidationError:
        return None
    return box if box.south < box.north and box.west < box.east else None


def _entries[R: Row](
    table: RawTable | None, model: type[R], theatre: Theatre | None
) -> tuple[tuple[Entry[R], ...], list[Finding]]:
    entries, findings = [], []
    for raw in table.rows if table else ():
        row, found = build(raw, model, theatre, table.absent if table else frozenset())
        findings += found
        if row is not None:
            entries.append(Entry(raw, row))
    return tuple(entries), findings


def _days_findings(tables: Tables, days: int | None) -> Iterator[Finding]:
    if days is not None and tables.header and not 1 <= days <= tables.header.days:
        problem = f"the instance has {tables.header.days} days"
        yield Kind.DAYS_ASKED.at(tables.rows(INSTANCE)[0].at("days")._replace(value=str(days)), problem)


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, in the order of the tables and then of the lines."""
    ranks: Mapping[str, int] = {file_of(table): rank for rank, table in enumerate((INSTANCE, *TABLES), 1)}

    def place(finding: Finding) -> tuple[int, str, int, str, str]:
        rank = 0 if finding.file == HEADER else ranks.get(finding.file, len(ranks) + 1)
        return rank, finding.file, finding.row or 0, finding.id, finding.column or ""

    return sorted(dict.fromkeys(findings), key=place)
