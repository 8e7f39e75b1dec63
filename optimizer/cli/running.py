"""Work on solvers under the command's clock: progress shown, signals heeded, plans written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from instances.schema import Instance
from optimizer.cli.progress import Ticker
from optimizer.cli.screen import Screen
from optimizer.guard import Stop, heed_signals
from optimizer.plan import Plan
from optimizer.session import Session
from reports.schedules import read_plan, write_plan


def in_session[T](
    screen: Screen,
    instance: Instance,
    ends: tuple[float, float],
    do: Callable[[Session], T],
    write: Callable[[Plan, Path], None] = write_plan,
    instance_path: str = "",
    of_run: Mapping[str, Instance] | None = None,
    publish: Callable[[Plan, Path], None] | None = None,
) -> tuple[T, bool]:
    """What was done, and whether it was interrupted.

    Parameters
    ----------
    screen : Screen
        Where progress goes.
    instance : Instance
        Whose person-days gaps are relative to, where `of_run` names no other.
    ends : (float, float)
        When the command started, on the clock of `time.monotonic`, and how long it may take, seconds.
    do : callable
        Given the session.
    write : callable
        Writes the files of a plan.
    instance_path : str
        Folder of an instance that is not shipped, for ``plan.json``.
    of_run : mapping, optional
        Instance by the name of the run, where they differ.
    publish : callable, optional
        Writes a plan that counts, with its page.
    """
    stop = Stop()
    started, time_limit_s = ends
    with Ticker(screen, instance, started, of_run) as ticker, heed_signals(stop):
        session = Session(
            write=write,
            read=read_plan,
            ends_at=started + time_limit_s,
            time_limit_s=time_limit_s,
            stop=stop,
            instance_path=instance_path,
            publish=publish,
            begin=ticker.begin,
            progress=ticker.show,
        )
        return do(session), stop()
