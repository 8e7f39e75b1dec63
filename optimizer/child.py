"""The child's side of a guarded run: what a process that solves does and says; see `optimizer.guard`."""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import signal
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from instances.errors import AidliftError
from instances.schema import Instance
from optimizer.clock import Clock
from optimizer.options import Options
from optimizer.plan import Plan
from optimizer.watch import Watch


class CrashError(AidliftError):
    """A solver's process failed as it must never fail.

    Attributes
    ----------
    trace : str
        Traceback of the child; empty when it was ended from outside.
    """

    def __init__(self, text: str, trace: str = "") -> None:
        super().__init__(text)
        self.trace = trace

    def __reduce__(self) -> tuple[type[CrashError], tuple[str, str]]:
        """Keep the traceback when the error crosses a process boundary."""
        return type(self), (str(self), self.trace)


@dataclass(frozen=True)
class Job:
    """One thing for a child to do.

    Attributes
    ----------
    name : str
        Name for the progress.
    work : str
        ``module:function``, called as function(instance, options, watch[, starts], *args); a text, so that
        the parent need not import the solvers.
    starts : tuple of Plan
        Passed on when there are any.
    args : tuple
        What else the function takes.
    """

    name: str
    work: str
    instance: Instance
    options: Options
    starts: tuple[Plan, ...] = ()
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Done:
    """The last message of a child: what the function returned."""

    answer: Any


def _obey(orders: Connection, stopped: threading.Event) -> None:
    """Wait for the order to stop; leave when the parent is gone."""
    try:
        while orders.recv():
            stopped.set()
    except (EOFError, OSError):
        os._exit(1)


def _function(work: str) -> Callable[..., Any]:
    module, _, name = work.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def _portable(error: Exception) -> AidliftError:
    """The error as it can cross to the parent: our own as they are, others in words."""
    if isinstance(error, AidliftError):
        with contextlib.suppress(Exception):
            pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
            return error
    words = "it ran out of memory" if isinstance(error, MemoryError) else f"{type(error).__name__}: {error}"
    return CrashError(words, traceback.format_exc())


def work_for_parent(job: Job, ends_at: float, telling: Connection, orders: Connection) -> None:
    """Do a job and tell the parent: each Progress and Plan, and at last a `Done` or an AidliftError.

    Parameters
    ----------
    job : Job
        What to do.
    ends_at : float
        When to be done, seconds of wall time as `time.time` counts them.
    telling, orders : Connection
        To the parent, and from it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C reaches us too; the parent decides
    os.dup2(2, 1)  # stdout belongs to the parent's answer, whatever a solver prints
    stopped, one_at_a_time = threading.Event(), threading.Lock()
    threading.Thread(target=_obey, args=(orders, stopped), daemon=True).start()

    def tell(message: object) -> None:
        with one_at_a_time:
            telling.send(message)

    # Wall time, since nothing else is promised to be the same in two processes.
    watch = Watch(Clock(ends_at - time.time(), stopped.is_set), tell, tell)
    try:
        given = [*([job.starts] if job.starts else []), *job.args]
        answer = _function(job.work)(job.instance, job.options, watch, *given)
        tell(Done(answer))
    except Exception as error:  # noqa: BLE001  # whatever it is, the parent must hear of it
        tell(_portable(error))
