"""Errors that a planner can act on: where, what is wrong, which rule, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import NamedTuple

SHOWN_CHARACTERS = 80
SHOWN_NAMES = 12


class Place(NamedTuple):
    """Where a value stands: file, line, column or key, and the value as written."""

    file: str
    row: int | None = None
    column: str | None = None
    value: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing wrong in the input.

    Attributes
    ----------
    id : str
        Number of the kind, ``AL-1xxx`` files, ``AL-2xxx`` values, ``AL-3xxx`` across tables;
        listed in ``instances/README.md``.
    file : str
        File name relative to the instance folder.
    row : int or None
        Line of the file as a text editor or spreadsheet counts it (the header is row 1).
    column : str or None
        Column or key.
    value : str
        The value seen, as written.
    problem, rule, remedy : str
        What is wrong, the rule it breaks, what to do about it.
    """

    id: str
    file: str
    row: int | None
    column: str | None
    value: str
    problem: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}:{self.row}"
        if self.column is not None:
            place += f' column "{self.column}"'
        seen = f" ({self.value})" if self.value else ""
        return f"{self.id} {place}: {self.problem}{seen}; {self.rule}; {self.remedy}."

    def as_dict(self) -> dict[str, str | int | None]:
        """The finding as one flat record, for ``--json``."""
        return asdict(self)


class AidliftError(Exception):
    """Base of every error this program raises on purpose."""


class InstanceError(AidliftError):
    """The input cannot be used; carries every finding, not only the first."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))

    def __reduce__(self) -> tuple[type[InstanceError], tuple[tuple[Finding, ...]]]:
        """Keep the findings when the error crosses a process boundary."""
        return type(self), (self.findings,)


class SolverError(AidliftError):
    """A solver could not be run, or answered something it must never answer."""


def shown(text: str) -> str:
    """One line of bounded length, whatever was in the file."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else line[:SHOWN_CHARACTERS] + "…"


def did_you_mean(value: str, known: Iterable[str], otherwise: str = "") -> str:
    """A remedy: the known name closest to `value`, else `otherwise`, else the known names."""
    names = {name.lower(): name for name in sorted(known)}
    close = difflib.get_close_matches(value.lower(), names, n=1)
    if close:
        return f'did you mean "{names[close[0]]}"?'
    if otherwise or not names:
        return otherwise or "there is none"
    more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
    return f"choose one of: {', '.join(list(names.values())[:SHOWN_NAMES])}{more}"
