"""Errors that a planner can act on: where, what is wrong, which rule, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


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
