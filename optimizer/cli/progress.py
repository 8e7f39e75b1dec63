"""Where runs stand: lines that change on a terminal, a line now and then anywhere else."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Final, Self

from rich.live import Live
from rich.text import Text

from instances.schema import Instance
from optimizer.cli.screen import Screen
from optimizer.watch import Progress
from reports.numbers import MISSING, count_text, gap_text, money_text, share_text
from reports.words import goal_words

EVERY_S: Final = 2.0

_SHOW: Final = {"USD": money_text, "frac": share_text}
PERSON_DAYS: Final = "person-days"


def person_days(instance: Instance) -> float:
    """People times days, over communities that need anything: what gaps of severity are relative to."""
    needy = {need.community for need in instance.needs} | {row.community for row in instance.standards}
    people = sum(community.population for community in instance.communities if community.id in needy)
    return float(people * instance.header.days)


def _gap(progress: Progress, whole: float) -> float | None:
    """Gap of the objective being worked on, 0..1: of severity as a share of person-days."""
    if progress.value is None or progress.bound is None:
        return None
    by = {"USD": abs(progress.value), PERSON_DAYS: whole}.get(progress.unit, 1.0)
    return abs(progress.value - progress.bound) / by if by else 0.0


def line(name: str, progress: Progress, whole: float) -> str:
    """One line: who, stage, best plan, bound, gap.

    Parameters
    ----------
    name : str
        Name of the run.
    progress : Progress
        Where it stands.
    whole : float
        Person-days of the plan.
    """
    stage = f"{name}: {goal_words(progress.stage)}"
    if progress.value is None and progress.bound is None:
        return stage
    best, bound = (_amount(value, progress.unit, whole) for value in (progress.value, progress.bound))
    return f"{stage}, best {best}, bound {bound}, gap {gap_text(_gap(progress, whole))}"


def _amount(value: float | None, unit: str, whole: float) -> str:
    if value is None:
        return MISSING
    if unit == PERSON_DAYS:
        share = f" ({gap_text(value / whole)})" if whole else ""
        return f"{count_text(value)} {unit}{share}"
    show = _SHOW.get(unit)
    return show(value) if show else f"{value:g} {unit}".rstrip()


class Ticker:
    """Shows progress on stderr while inside.

    Parameters
    ----------
    screen : Screen
        Says whether to be quiet or verbose.
    instance : Instance
        Whose person-days gaps are relative to.
    started : float
        When the command started, on the clock of `time.monotonic`.
    of_run : mapping, optional
        Instance by the name of the run, where they differ.
    """

    def __init__(
        self,
        screen: Screen,
        instance: Instance,
        started: float,
        of_run: Mapping[str, Instance] | None = None,
    ) -> None:
        self._screen, self._whole, self._started = screen, person_days(instance), started
        self._own = {name: person_days(own) for name, own in (of_run or {}).items()}
        self._now: dict[str, str] = {}
        self._printed: dict[str, tuple[str, float]] = {}
        console = screen.console(answer=False)
        self._live = (
            Live(console=console, get_renderable=self._lines, refresh_per_second=4, transient=True)
            if console.is_terminal and not screen.quiet
            else None
        )

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def begin(self, names: Sequence[str]) -> None:
        """These runs start; earlier ones are over."""
        self._now = {}
        for name in names:
            self.show(name, Progress("starts"))

    def show(self, name: str, progress: Progress) -> None:
        """Where a run stands now."""
        text = line(name, progress, self._own.get(name, self._whole))
        self._now[name] = text
        stage, at = self._printed.get(name, ("", -EVERY_S))
        now = time.monotonic()
        due = self._screen.verbose or stage != progress.stage or now - at >= EVERY_S
        if self._live is None and not self._screen.quiet and due:
            self._printed[name] = (progress.stage, now)
            self._screen.tell(f"{self._elapsed()}  {text}")

    def _elapsed(self) -> str:
        return f"{time.monotonic() - self._started:5.0f} s"

    def _lines(self) -> Text:
        shown = list(self._now.values()) or [""]
        return Text(
            "\n".join(f"{self._elapsed()}  {text}" for text in shown), no_wrap=True, overflow="ellipsis"
        )
