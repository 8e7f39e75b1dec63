"""What is printed where: answers to stdout, everything else to stderr; colours only on terminals."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from optimizer.cli import codes

if TYPE_CHECKING:
    from rich.console import Console

    from instances.errors import Finding

_PIPED_WIDTH: Final = 1000
_HERE: Final = Path(__file__).parents[2]


class Screen:
    """One command's output.

    Parameters
    ----------
    as_json : bool
        Only `document` writes to stdout then.
    quiet, verbose : bool
        No progress; all progress, and tracebacks.
    """

    def __init__(self, as_json: bool = False, quiet: bool = False, verbose: bool = False) -> None:
        self.as_json, self.quiet, self.verbose = as_json, quiet, verbose

    def console(self, answer: bool) -> Console:
        """Where answers go, or where everything else goes."""
        from rich.console import Console

        stderr = self.as_json or not answer
        terminal = (sys.stderr if stderr else sys.stdout).isatty()
        # A pipe has no width to wrap at; scripts and logs want whole lines.
        return Console(stderr=stderr, highlight=False, width=None if terminal else _PIPED_WIDTH)

    def answer(self, text: str, style: str | None = None) -> None:
        """A line of the answer."""
        self.console(answer=True).print(text, style=style, markup=False, soft_wrap=True)

    def tell(self, text: str, style: str | None = None) -> None:
        """A line that is not part of the answer."""
        self.console(answer=False).print(text, style=style, markup=False, soft_wrap=True)

    def table(self, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """A table, the first column to the left; no header row when all headers are empty."""
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, show_header=any(headers), pad_edge=False, padding=(0, 2, 0, 0))
        for place, header in enumerate(headers):
            table.add_column(Text(header), justify="left" if place == 0 or not any(headers) else "right")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        console = self.console(answer=True)
        with console.capture() as printed:
            console.print(table)
        for line in printed.get().splitlines():
            self.answer(line.rstrip())

    def document(self, document: object) -> None:
        """The one document of ``--json``."""
        if self.as_json:
            typer.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))

    def findings(self, findings: Sequence[Finding], answer: bool = False) -> None:
        """Every finding, and how many."""
        for one in findings:
            (self.answer if answer else self.tell)(str(one))
        self.tell(f"{len(findings)} finding{'' if len(findings) == 1 else 's'}", "bold red")

    def bug(self, what: str, trace: str) -> None:
        """Say that something is our fault."""
        if self.verbose and trace:
            self.tell(trace.rstrip())
        more = "" if self.verbose or not trace else "; --verbose shows the traceback"
        self.tell(f"This is a bug of aidlift, please report it: {what}{more}.", "bold red")

    def error(self, error: Exception, name: str = "") -> int:
        """Show an error raised on purpose, of the run of that name; its exit code."""
        code = codes.error_code(error)
        text = f"{name}: {error}" if name else str(error)
        if code == codes.BUG:
            self.bug(text.rstrip("."), getattr(error, "trace", ""))
        else:
            self.tell(text, "bold red")
        return code


def as_dicts(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings for ``--json``."""
    return [one.as_dict() for one in findings]


def _place(error: BaseException) -> str:
    """Where an error was raised, as a file of this program where there is one."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_HERE)]
    frame = (own or frames)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


@contextmanager
def answering(screen: Screen) -> Iterator[Screen]:
    """Turn what a command raises into words and an exit code."""
    from instances.errors import AidliftError, InstanceError

    try:
        yield screen
    except (typer.Exit, BrokenPipeError):
        raise
    except InstanceError as error:
        screen.findings(error.findings)
        screen.document({"exit_code": codes.BAD_INPUT, "findings": as_dicts(error.findings)})
        raise typer.Exit(codes.BAD_INPUT) from None
    except AidliftError as error:
        code = screen.error(error)
        screen.document({"exit_code": code, "error": str(error)})
        raise typer.Exit(code) from None
    except Exception as error:  # noqa: BLE001  # the planner gets words, not a traceback
        what = f"{type(error).__name__}: {error} ({_place(error)})"
        screen.bug(what, traceback.format_exc())
        screen.document({"exit_code": codes.BUG, "error": what})
        raise typer.Exit(codes.BUG) from None
