"""Scenarios: overlays that set values by path and add rows, one after the other."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from instances.columns import INSTANCE, columns, keys_of
from instances.errors import Finding, Place, did_you_mean
from instances.files import Document, Plain, Reading, cell
from instances.kinds import Kind
from instances.schema import TABLES
from instances.tables import OLD_STANDARD, RawRow, RawTable, unknown_column

FOLDER = "scenarios"
ANYTHING = "*"
_NAMES = (INSTANCE, *TABLES)
_SHAPE = {"title": str, "set": dict, "add": dict}

type RawTables = Mapping[str, RawTable | None]


def scenarios_of(folder: Path) -> tuple[str, ...]:
    """Names of the scenarios of an instance, sorted."""
    return tuple(sorted(path.stem for path in (folder / FOLDER).glob("*.yaml") if path.stem[0] != "."))


def read_overlays(reading: Reading, folder: Path, names: Sequence[str]) -> list[Document]:
    """Read the scenarios asked for, in their order; findings go to `reading`."""
    known = scenarios_of(folder)
    documents = []
    for name in names:
        file = f"{FOLDER}/{name}.yaml"
        if name not in known:
            problem, remedy = "there is no such scenario", did_you_mean(name, known)
            reading.findings.append(
                Kind.UNKNOWN_SCENARIO.at(Place(file, None, None, name), problem, remedy=remedy)
            )
            continue
        document = reading.document(folder / FOLDER / f"{name}.yaml", file)
        if document is not None:
            documents.append(document)
    return documents


def apply(tables: RawTables, document: Document) -> tuple[RawTables, list[Finding]]:
    """Add the rows of a scenario and then set its values, on the new rows too.

    Parameters
    ----------
    tables : mapping
        Raw tables with ``instance``; None for one that could not be read.
    document : Document
        The scenario.

    Returns
    -------
    tuple
        The tables after it, and every finding; paths into unreadable tables are passed over.
    """
    findings = list(_shape_findings(document))
    changed = dict(tables)
    additions, values = document.values.get("add"), document.values.get("set")
    for name, rows in additions.items() if isinstance(additions, dict) else ():
        findings += _add(changed, document, name, rows)
    for path, value in values.items() if isinstance(values, dict) else ():
        findings += _set(changed, Place(document.name, document.lines["set", path], path), value)
    return changed, findings


def _shape_findings(document: Document) -> Iterator[Finding]:
    for name, value in document.values.items():
        place = Place(document.name, document.lines[(name,)], name)
        if name not in _SHAPE:
            yield Kind.UNKNOWN_COLUMN.at(
                place, "is not a key of a scenario", remedy=did_you_mean(name, _SHAPE)
            )
        elif value and not isinstance(value, _SHAPE[name]):
            yield Kind.BAD_SHAPE.at(place, "has the wrong shape")
    if not document.values.get("title"):
        yield Kind.BAD_SHAPE.at(Place(document.name, None, "title"), "is missing")


def _add(tables: dict[str, RawTable | None], document: Document, name: str, rows: Plain) -> Iterator[Finding]:
    place = Place(document.name, document.lines["add", name], f"add/{name}")
    if name not in TABLES:
        yield Kind.UNKNOWN_PATH.at(place, "is not a table", remedy=did_you_mean(name, TABLES))
        return
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield Kind.BAD_SHAPE.at(place, "is not a list of rows")
        return
    table = tables[name]
    for index, values in enumerate(row for row in rows if isinstance(row, dict)):
        home = Place(document.name, document.lines["add", name, index])
        cells = {key: cell(value) for key, value in values.items()}
        for key, text in cells.items():
            if key not in columns(name):
                yield unknown_column(home._replace(column=key), key, name)
            elif text is None:
                yield Kind.BAD_SHAPE.at(home._replace(column=key), "is not a single value")
        row = RawRow(
            name,
            home,
            {key: text or "" for key, text in cells.items() if key in columns(name)},
            broken=None in cells.values(),
        )
        table = table and RawTable(name, (*table.rows, row), table.absent)
    tables[name] = table


def _set(tables: dict[str, RawTable | None], place: Place, value: Plain) -> Iterator[Finding]:
    path = place.column or ""
    name, *keys, column = path.split("/") if "/" in path else (path, "")
    text = cell(value)
    if text is None:
        yield Kind.BAD_SHAPE.at(place, "is not a single value")
    elif name not in _NAMES:
        yield Kind.UNKNOWN_PATH.at(place, f'"{name}" is not a table', remedy=did_you_mean(name, _NAMES))
    elif len(keys) != len(keys_of(name)):
        form = "/".join((name, *keys_of(name), "column"))
        yield Kind.UNKNOWN_PATH.at(place, "has too few or too many parts", remedy=f"write it as {form}")
    elif (name, column) == OLD_STANDARD:
        yield unknown_column(place._replace(value=text), column, name)
    elif column not in columns(name):
        remedy = did_you_mean(column, columns(name))
        yield Kind.UNKNOWN_PATH.at(place, f'"{column}" is not a column of {name}', remedy=remedy)
    elif (table := tables[name]) is not None:
        source = place._replace(value=text)
        rows = tuple(row.overlaid(column, source) if _matches(row, keys) else row for row in table.rows)
        if rows == table.rows:
            yield Kind.UNKNOWN_PATH.at(place, "matches no row", remedy=_closest(keys, table, column))
        tables[name] = RawTable(name, rows, table.absent - {column})


def _matches(row: RawRow, keys: Sequence[str]) -> bool:
    return all(key in (ANYTHING, value) for key, value in zip(keys, row.key, strict=True))


def _closest(keys: Sequence[str], table: RawTable, column: str) -> str:
    known = ["/".join(row.key) for row in table.rows]
    close = difflib.get_close_matches("/".join(keys), known, n=1)
    return f'did you mean "{table.name}/{close[0]}/{column}"?' if close else "use the keys of its rows, or *"
