"""Runs the solvers in child processes under our own clock, so that none can outstay its time.

Solvers overrun their limits, crash, and are killed for lack of memory. Here none of that reaches the
planner as lost work: each better plan is sent to the parent as it is found, and the parent ends what
does not end by itself. Only processes started here are ended.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, SpawnContext
from types import FrameType
from typing import Any, Final

from instances.errors import AidliftError
from optimizer.child import CrashError, Done, Job, work_for_parent
from optimizer.plan import Plan
from optimizer.watch import Progress

__all__ = ["CrashError", "Job", "Outcome", "Stop", "heed_signals", "run_guarded"]

GRACE_FRAC: Final = 0.05
GRACE_S: Final = 1.0
STOP_S: Final = 4.0
_SOLVERS: Final = "optimizer.solve"
_TICK_S: Final = 0.1
_LEAVE_S: Final = 1.0  # a solver's own clean-up after its answer; it may hang
_SAME_PRESS_S: Final = 1.0  # terminals and `uv run` may both pass on one Ctrl-C


class Stop:
    """The wish to end early: once for the best plan so far, twice to end at once."""

    def __init__(self) -> None:
        self._asked_at: float | None = None
        self.urgent = False

    def __call__(self) -> bool:
        """Whether somebody asked."""
        return self._asked_at is not None

    def ask(self) -> None:
        """Ask to stop."""
        now = time.monotonic()
        if self._asked_at is None:
            self._asked_at = now
        elif now - self._asked_at > _SAME_PRESS_S:
            self.urgent = True


@contextlib.contextmanager
def heed_signals(stop: Stop) -> Iterator[None]:
    """Take SIGINT and SIGTERM as a wish to stop, while inside; only possible in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ask(_: int, __: FrameType | None) -> None:
        stop.ask()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass
class Outcome:
    """What became of a job.

    Attributes
    ----------
    answer : object or None
        What the function returned; None when it did not.
    plan : Plan or None
        The last plan it sent on the way.
    error : AidliftError or None
        Why it failed, if it did; a `CrashError` when that is our bug.
    """

    name: str
    answer: Any = None
    plan: Plan | None = None
    error: AidliftError | None = None


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Keep SIGINT from a child until it ignores it; the parent gets its own a moment later."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _children() -> SpawnContext | ForkServerContext:
    """How children are made: as copies of one process that has the solvers loaded, where that is possible.

    Imports take a second or more, and a comparison has up to ten children. The solvers' threads are only ever
    in the copies, so that none is lost on the way.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_SOLVERS])
    return context


class _Running:
    """A child at work, seen from the parent."""

    def __init__(self, job: Job, seconds: float, inbox: queue.SimpleQueue[tuple[_Running, Progress | None]]):
        context = _children()
        self.outcome, self.leads = Outcome(job.name), job.leads
        self.kill_at = time.monotonic() + seconds + max(GRACE_S, GRACE_FRAC * seconds)
        self._inbox, self._finished = inbox, False
        self._told, telling = context.Pipe(duplex=False)
        ordered, self._orders = context.Pipe(duplex=False)
        work = (job, time.time() + seconds, telling, ordered)
        self._process = context.Process(target=work_for_parent, args=work, daemon=True)
        with _signals_held():
            self._process.start()
        # Only when the child alone holds its ends does its death read as an end of file.
        telling.close()
        ordered.close()
        # A thread, because a child that hangs half-way through a message blocks its reader.
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        try:
            while not self._finished:
                match self._told.recv():
                    case Progress() as progress:
                        self._inbox.put((self, progress))
                    case Plan() as plan:
                        self.outcome.plan = plan
                    case Done(answer):
                        self.outcome.answer, self._finished = answer, True
                    case AidliftError() as error:
                        self.outcome.error, self._finished = error, True
        except (EOFError, OSError):
            pass
        finally:
            self._inbox.put((self, None))

    def ask_to_stop(self, urgent: bool) -> None:
        """Tell the child to stop; it has a few seconds for it, or none."""
        self.kill_at = min(self.kill_at, time.monotonic() + (0 if urgent else STOP_S))
        with contextlib.suppress(OSError):
            self._orders.send("stop")

    def end(self, overdue: bool) -> None:
        """Leave no process, thread or pipe behind; who is not overdue and did not answer has crashed."""
        self._process.join(0 if overdue else _LEAVE_S)
        code = self._process.exitcode
        self._process.kill()
        self._process.join()
        self._reader.join()
        self._told.close()
        self._orders.close()
        self._process.close()
        if not self._finished and not overdue:
            self.outcome.error = CrashError(_last_words(code))


def _last_words(code: int | None) -> str:
    """How a process ended that should have answered."""
    if code is None or code >= 0:
        return f"its process ended with code {code} and without an answer"
    words = f"its process was ended by signal {-code}, {signal.Signals(-code).name}"
    return words + (", as happens when memory runs out" if -code == signal.SIGKILL else "")


class _Batch:
    """Jobs that share a time limit and a number of processes."""

    def __init__(
        self,
        jobs: Sequence[Job],
        seconds: float,
        stop: Stop,
        on_progress: Callable[[str, Progress], None],
        workers: int,
    ) -> None:
        self.outcomes = {job.name: Outcome(job.name) for job in jobs}
        self._waiting, self._ends = list(jobs), time.monotonic() + seconds
        self._stop, self._on_progress, self._workers = stop, on_progress, workers
        self._inbox: queue.SimpleQueue[tuple[_Running, Progress | None]] = queue.SimpleQueue()
        self._running: list[_Running] = []
        self._told_to_stop = (False, False)

    def run(self) -> None:
        """Until nothing waits and nothing runs."""
        try:
            while self._running or self._waiting:
                self._heed()
                self._start()
                self._listen()
                for child in [one for one in self._running if time.monotonic() >= one.kill_at]:
                    self._end(child, overdue=True)
        finally:
            for child in list(self._running):
                self._end(child, overdue=True)

    def _heed(self) -> None:
        asked = (self._stop(), self._stop.urgent)
        if asked != self._told_to_stop:
            self._told_to_stop = asked
            self._waiting.clear()
            for child in self._running:
                child.ask_to_stop(self._stop.urgent)

    def _start(self) -> None:
        """Start as many as there is room for; each gets its turn's share of the time left."""
        while self._waiting and len(self._running) < self._workers:
            job = self._waiting.pop(0)
            leading = sum(child.leads for child in self._running)
            taking_turns = 1 + len(self._waiting) + len(self._running) - leading
            turns = 1 if job.leads else -(-taking_turns // max(1, self._workers - leading))
            seconds = max(0.0, self._ends - time.monotonic()) / turns
            child = _Running(job, seconds, self._inbox)
            self._running.append(child)
            self.outcomes[child.outcome.name] = child.outcome

    def _listen(self) -> None:
        """Take one message, or wait a moment for it."""
        try:
            child, progress = self._inbox.get(timeout=_TICK_S)
        except queue.Empty:
            return
        if progress is not None:
            self._on_progress(child.outcome.name, progress)
        elif child in self._running:
            self._end(child, overdue=False)

    def _end(self, child: _Running, overdue: bool) -> None:
        self._running.remove(child)
        child.end(overdue)
        if child.leads and child.outcome.answer is not None:
            self._waiting.clear()
            for other in list(self._running):
                self._end(other, overdue=True)


def run_guarded(
    jobs: Sequence[Job],
    seconds: float,
    stop: Stop,
    on_progress: Callable[[str, Progress], None],
    workers: int = 1,
) -> dict[str, Outcome]:
    """Do jobs in child processes and never wait much longer than asked.

    Parameters
    ----------
    jobs : sequence of Job
        With different names; more than `workers` take turns.
    seconds : float
        Wall clock for all of them. A child that is still there 5 % (at least 1 s) after its time is
        killed.
    stop : Stop
        When asked, no job is started any more, and the running ones have a few seconds to answer.
    on_progress : callable
        Called in this thread with the name of a job and where it stands.
    workers : int
        Most children at a time.

    Returns
    -------
    dict of str to Outcome
        By name, in the order of the jobs; empty outcomes for jobs that were not started.
    """
    batch = _Batch(jobs, seconds, stop, on_progress, workers)
    batch.run()
    return batch.outcomes
