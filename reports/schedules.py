"""The folder of a plan: written whole, read back also after a hand edit in a spreadsheet.

`write_plan` and `read_plan` are inverse to each other up to the decimals written: writing again what
was read gives the same bytes. ``reports/README.md`` describes every file and column;
``reports/findings.py`` lists what `read_plan` may find (AL-4001 to AL-4203).
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from instances.errors import Finding, InstanceError
from instances.schema import Instance
from optimizer.plan import (
    Activity,
    Cost,
    Coverage,
    FeederTrip,
    FleetUse,
    HandOver,
    Load,
    Nutrition,
    Plan,
    Ration,
    Record,
    Risk,
    Severity,
    Sortie,
)
from reports import document, geo, kml, programme, shortfalls
from reports.atomic import write_folder
from reports.cells import guard, read_cell, write_cell
from reports.findings import CellError, decode, did_you_mean, finding

TABLES: Final = MappingProxyType[str, tuple[str, type[Record]]](
    {
        "sorties.csv": ("sorties", Sortie),
        "loads.csv": ("loads", Load),
        "handovers.csv": ("handovers", HandOver),
        "feeders.csv": ("feeders", FeederTrip),
        "coverage.csv": ("coverage", Coverage),
        "nutrition.csv": ("nutrition", Nutrition),
        "severity.csv": ("severity", Severity),
        "rations.csv": ("rations", Ration),
        "fleet.csv": ("fleet", FleetUse),
        "costs.csv": ("costs", Cost),
        "risk.csv": ("risk", Risk),
        "timetable.csv": ("timetable", Activity),
    }
)
"""Field of `Plan` and class of the rows, by file; the columns are the fields of the class."""

FILES: Final = (*TABLES, geo.FILE, document.FILE)
"""Every file of a plan that is read back."""

OPTIONAL_FILES: Final = ("timetable.csv",)
"""Files that follow from the others; a plan without them is read all the same."""

PAGE_FILE: Final = "report.html"
_REPORTS: Final = (
    PAGE_FILE,
    kml.FILE,
    shortfalls.FILE,
)  # made from a plan, hence worthless beside newer ones
_DELIMITERS: Final = (",", ";", "\t")


def table_text(rows: Iterable[Record], kind: type[Record]) -> str:
    """Records of one class as CSV, one column per field.

    Parameters
    ----------
    rows : iterable of Record
        In the order they are written.
    kind : type of Record
        Their class, which gives the columns also when there are no rows.
    """
    names = list(kind.model_fields)
    cells = [[write_cell(name, getattr(row, name)) for name in names] for row in rows]
    return cells_text(names, cells)


def cells_text(names: list[str], cells: list[list[str]]) -> str:
    """A header and rows of finished cells as CSV."""
    frame = pd.DataFrame(cells, columns=[guard(name) for name in names], dtype=str)
    return str(frame.to_csv(index=False, lineterminator="\n"))


def write_plan(plan: Plan, folder: Path, instance: Instance | None = None, page: str = "") -> None:
    """Write the files of a plan; the folder appears whole or not at all.

    An older plan in its place is replaced, with its report. Files that are not of a plan are kept.

    Parameters
    ----------
    plan : Plan
        Rows are written in the plan's order; the same plan gives the same bytes.
    folder : Path
        Missing, empty, or the folder of an older plan.
    instance : Instance, optional
        The plan's, for ``plan.kml``, which is left out without it and is not read back.
    page : str, optional
        Text of ``report.html``; without it the folder has none.

    Raises
    ------
    AidliftError
        When the folder holds something else or cannot be written; nothing is changed then.
    """
    files = {file: table_text(getattr(plan, field), kind) for file, (field, kind) in TABLES.items()}
    files[geo.FILE] = geo.paths_text(plan.paths)
    files[document.FILE] = document.document_text(plan)
    if instance is not None:
        files[kml.FILE] = kml.kml_text(plan, instance)
    files |= programme.programme_files(plan)
    if page:
        files[PAGE_FILE] = page
    calendars = [path.name for path in Path(folder).glob(programme.CALENDARS)]
    write_folder(Path(folder), files, marker=document.FILE, stale=(*_REPORTS, *calendars))


def _cells(text: str) -> tuple[list[list[str]], bool]:
    """All cells without white space around them, and whether a decimal comma is meant."""
    header = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    width = max(line.count(delimiter) for line in text.split("\n")) + 1
    try:
        # Names of its own for every possible cell: a long row is then a finding, not a crash.
        frame = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            header=None,
            names=range(width),
            dtype=str,
            na_filter=False,
            skip_blank_lines=False,
        )
    except pd.errors.ParserError as error:
        reason = str(error).removeprefix("Error tokenizing data. C error: ").strip()
        raise CellError("AL-4003", reason, "close the quote, or save it again as CSV") from None
    return [[cell.strip() for cell in row] for row in frame.to_numpy().tolist()], delimiter != ","


def _columns(file: str, header: list[str], kind: type[Record]) -> tuple[dict[str, int], list[Finding]]:
    """Where each column stands, and what is wrong with the header."""
    known = list(kind.model_fields)
    findings = []
    for name, times in Counter(name for name in header if name).items():
        if name not in known:
            remedy = did_you_mean(name, known, "remove it, notes fit into a file of their own")
            findings.append(
                finding("AL-4005", file, "the column is unknown", remedy, row=1, column=name, value=name)
            )
        elif times > 1:
            findings.append(
                finding("AL-4006", file, f"the column is there {times} times", "keep one", row=1, column=name)
            )
    findings += [
        finding("AL-4004", file, "the column is missing", "put it back, or solve again", row=1, column=name)
        for name in known
        if name not in header
    ]
    return {name: header.index(name) for name in known if name in header}, findings


def _row(
    file: str, number: int, cells: list[str], at: dict[str, int], kind: type[Record], comma: bool
) -> tuple[dict[str, Any], list[Finding]]:
    """The values of one row by column, and what is wrong with its cells."""
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for name, place in at.items():
        annotation = kind.model_fields[name].annotation
        try:
            values[name] = read_cell(annotation, name, cells[place], comma)
        except CellError as error:
            told = (error.problem, error.remedy)
            findings.append(finding(error.number, file, *told, row=number, column=name, value=cells[place]))
    return values, findings


def read_table(file: str, text: str, kind: type[Record]) -> tuple[list[Record], list[Finding]]:
    """Records from a table, and what is wrong with it.

    Parameters
    ----------
    file : str
        Name for the findings.
    text : str
        Comma, semicolon or tab between cells; columns in any order; blank rows and empty columns are
        left out. Unless commas separate the cells, ``12,5`` means 12.5.
    kind : type of Record
        Class of the rows.

    Returns
    -------
    rows : list of Record
        Rows in the file's order; empty when there are findings.
    findings : list of Finding
        AL-4003 to AL-4106; the header is row 1.
    """
    try:
        cells, comma = _cells(text.replace("\r\n", "\n").replace("\r", "\n"))
    except CellError as error:
        return [], [finding(error.number, file, error.problem, error.remedy)]
    header = cells[0] if cells else []
    at, findings = _columns(file, header, kind)
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(cells[1:], start=2):
        if not any(row):
            continue
        stray = next((cell for name, cell in zip(header, row, strict=True) if cell and not name), None)
        if stray is not None:
            remedy = "remove it, or put quotes around a cell that holds the separator"
            problem = "a cell stands beyond the headings"
            findings.append(finding("AL-4007", file, problem, remedy, row=number, value=stray))
        values, wrong = _row(file, number, row, at, kind, comma)
        rows.append(values)
        findings += wrong
    return ([] if findings else [kind(**values) for values in rows]), findings


def _read_file(file: str, data: bytes) -> tuple[dict[str, Any], list[Finding]]:
    """The fields of `Plan` that one file holds, and what is wrong with it."""
    try:
        text = decode(file, data)
    except CellError as error:
        return {}, [finding(error.number, file, error.problem, error.remedy)]
    if file == document.FILE:
        return document.read_document(text)
    if file == geo.FILE:
        paths, findings = geo.read_paths(text)
        return {"paths": tuple(paths)}, findings
    field, kind = TABLES[file]
    rows, findings = read_table(file, text, kind)
    return {field: tuple(rows)}, findings


def read_plan(folder: Path) -> Plan:
    """Read the files of a plan, as written or after a hand edit in a spreadsheet.

    Parameters
    ----------
    folder : Path
        A folder that `write_plan` wrote.

    Raises
    ------
    InstanceError
        With every finding of every file, AL-4001 to AL-4203.
    """
    folder = Path(folder)
    if not any((folder / file).is_file() for file in FILES):
        remedy = "give the folder that `aidlift solve` wrote, such as plans/<instance>/<party>"
        raise InstanceError([finding("AL-4001", str(folder), "this is not the folder of a plan", remedy)])
    fields: dict[str, Any] = {}
    findings: list[Finding] = []
    for file in FILES:
        if file in OPTIONAL_FILES and not (folder / file).exists():
            continue
        try:
            data = (folder / file).read_bytes()
        except OSError as error:
            problem = f"the file cannot be read: {error.strerror}"
            findings.append(finding("AL-4001", file, problem, "put it back, or solve again"))
            continue
        part, wrong = _read_file(file, data)
        fields |= part
        findings += wrong
    if findings:
        raise InstanceError([*_of_newer_version(folder), *findings])
    return Plan(**fields)


def _of_newer_version(folder: Path) -> list[Finding]:
    """That a plan which cannot be read was written by a newer program, if it was."""
    try:
        newer = document.newer_version((folder / document.FILE).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return []
    if not newer:
        return []
    problem = "the plan was written by a newer version of aidlift, which explains what else is found"
    return [finding("AL-4204", document.FILE, problem, "update aidlift, or solve again", value=newer)]
