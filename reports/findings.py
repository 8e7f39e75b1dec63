"""What can be wrong in the files of a plan, and the findings that say so.

======== ==========================================================================
AL-4001  a file of the plan is missing
AL-4002  a file is not UTF-8 text
AL-4003  a file cannot be read as a table
AL-4004  a column is missing
AL-4005  a column is unknown
AL-4006  a column appears twice
AL-4007  a cell stands under no heading
AL-4101  a cell is empty that must hold a value
AL-4102  a cell does not hold a number
AL-4103  a cell does not hold a whole number
AL-4104  a date is not written year-month-day
AL-4105  a time cannot be read
AL-4106  a time says neither Z nor its offset from UTC
AL-4201  ``plan.json`` or ``paths.geojson`` is not JSON
AL-4202  a key of ``plan.json`` is missing, unknown or of the wrong type
AL-4203  a path in ``paths.geojson`` cannot be used
AL-4204  a plan that cannot be read was written by a newer version
======== ==========================================================================

``reports/README.md`` shows each with a wrong and a right example.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

from pydantic import ValidationError

from instances.errors import Finding

RULES: Final = {
    "AL-4001": "a plan is one folder with all its files",
    "AL-4002": "the files of a plan are UTF-8 text",
    "AL-4003": "a table has a header row and every quote is closed",
    "AL-4004": "every column of the table is there, in any order",
    "AL-4005": "a table has no other columns than its own",
    "AL-4006": "a column appears once",
    "AL-4007": "every cell stands under a heading",
    "AL-4101": "only optional values may be left empty",
    "AL-4102": "numbers are written plainly, without unit or thousands separator",
    "AL-4103": "counts are whole numbers",
    "AL-4104": "dates are written year-month-day",
    "AL-4105": "times are written as date, T, hours and minutes, and Z or the offset",
    "AL-4106": "a time says where it is read: Z for UTC, or its offset",
    "AL-4201": "plan.json and paths.geojson are JSON",
    "AL-4202": "plan.json has the keys that `aidlift solve` writes",
    "AL-4203": "a path is a LineString of lon, lat with path_id, party, distance_km and loss_prob",
    "AL-4204": "a plan is read by the version that wrote it, or a newer one",
}
"""The rule behind each kind of finding."""


class CellError(ValueError):
    """One value that cannot be read, before its place is known.

    Attributes
    ----------
    number : str
        Kind of the finding, a key of `RULES`.
    problem, remedy : str
        What is wrong and what to do.
    """

    def __init__(self, number: str, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.number, self.problem, self.remedy = number, problem, remedy


def finding(
    number: str,
    file: str,
    problem: str,
    remedy: str,
    *,
    row: int | None = None,
    column: str | None = None,
    value: str = "",
) -> Finding:
    """A finding of a kind listed above; its rule comes from `RULES`."""
    return Finding(number, file, row, column, value, problem, RULES[number], remedy)


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """``did you mean "x"?`` as a remedy, or `otherwise` when nothing is close."""
    close = get_close_matches(name.lower(), list(known), n=1)
    return f'rename it to "{close[0]}" if that is meant, or remove it' if close else otherwise


def decode(file: str, data: bytes) -> str:
    """The text of a file, without its byte order mark.

    Raises
    ------
    CellError
        AL-4002 when it is not UTF-8.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CellError(
            "AL-4002",
            f"byte {error.start + 1} is not UTF-8",
            'save it again as "CSV UTF-8"' if file.endswith(".csv") else "save it again as UTF-8",
        ) from None
    if "\0" in text:
        raise CellError("AL-4002", "it holds NUL bytes", "save it again as UTF-8")
    return text


def key_path(keys: Sequence[str | int]) -> str:
    """``objectives[0].value`` for ("objectives", 0, "value")."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".")


def from_validation(
    number: str, file: str, error: ValidationError, remedy: str, within: tuple[str | int, ...] = ()
) -> list[Finding]:
    """One finding for each key that pydantic refused.

    Parameters
    ----------
    number, file : str
        Kind of the findings, and the file read.
    error : ValidationError
        What pydantic found.
    remedy : str
        What to do about a value; missing and unknown keys say it themselves.
    within : tuple
        Keys that lead to the validated part of the file.
    """
    findings = []
    for one in error.errors(include_url=False):
        column = key_path((*within, *one["loc"]))
        match one["type"]:
            case "missing":
                problem, todo, seen = "the key is missing", "put it back, or solve again", ""
            case "extra_forbidden":
                problem, todo, seen = "the key is unknown", "remove it", ""
            case _:
                problem, todo, seen = one["msg"].removeprefix("Value error, "), remedy, str(one["input"])
        findings.append(finding(number, file, problem, todo, column=column, value=seen[:60]))
    return findings
