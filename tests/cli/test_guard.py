"""Children are ended in time, leave nothing behind, and their last words arrive."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from instances.errors import SolverError
from instances.schema import Instance
from optimizer.guard import CrashError, Job, Outcome, Stop, heed_signals, run_guarded
from optimizer.options import Options
from optimizer.plan import Result, Status
from optimizer.watch import Progress
from tests.check.hand_plan import tiny as tiny_instance


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    threads = threading.active_count()
    yield
    assert multiprocessing.active_children() == []
    assert threading.active_count() == threads


@pytest.fixture(scope="module")
def instance() -> Instance:
    return tiny_instance()


def _job(instance: Instance, fake: str, name: str = "north") -> Job:
    return Job(name, f"tests.cli.fakes:{fake}", instance, Options(parties=("north",)))


def _one(instance: Instance, fake: str, seconds: float = 30, stop: Stop | None = None) -> Outcome:
    return run_guarded([_job(instance, fake)], seconds, stop or Stop(), lambda *_: None)["north"]


def test_an_answer_and_progress_arrive(instance: Instance) -> None:
    seen: list[tuple[str, Progress]] = []
    jobs = [_job(instance, "optimal", "one"), _job(instance, "optimal", "two")]
    outcomes = run_guarded(jobs, 30, Stop(), lambda *told: seen.append(told), workers=2)
    assert [outcome.answer.status for outcome in outcomes.values()] == [Status.OPTIMAL] * 2
    assert sorted(name for name, _ in seen) == ["one", "two"]
    assert seen[0][1] == Progress("cost_usd", 21000.0, 20000.0, "USD")


def test_a_hanging_child_is_ended_in_time_and_its_plan_kept(instance: Instance) -> None:
    outcome = _one(instance, "hanging_with_plan", 2)
    assert (outcome.answer, outcome.error) == (None, None)
    assert outcome.plan is not None


def test_jobs_that_wait_get_their_share_of_the_time(instance: Instance) -> None:
    jobs = [_job(instance, "empty_handed", str(number)) for number in range(3)]
    told: list[str] = []
    outcomes = run_guarded(jobs, 3, Stop(), lambda name, _: told.append(name), workers=2)
    assert [outcome.answer.status for outcome in outcomes.values()] == [Status.NO_PLAN] * 3
    assert sorted(told) == ["0", "1", "2"]


def test_our_errors_arrive_as_they_are(instance: Instance) -> None:
    error = _one(instance, "refused").error
    assert type(error) is SolverError
    assert str(error) == "the solver answered unbounded, which a plan never is"


def test_other_errors_arrive_in_words_with_the_traceback(instance: Instance) -> None:
    error = _one(instance, "crashing").error
    assert isinstance(error, CrashError)
    assert str(error) == "ZeroDivisionError: tonnes by nothing"
    assert "fakes.py" in error.trace


def test_a_killed_child_is_no_answer(instance: Instance) -> None:
    outcome = _one(instance, "killed")
    assert isinstance(outcome.error, CrashError)
    assert "SIGKILL" in str(outcome.error)


def test_a_wish_to_stop_reaches_the_child(instance: Instance) -> None:
    stop = Stop()
    timer = threading.Timer(2, stop.ask)
    timer.start()
    answer = _one(instance, "patient", 60, stop).answer
    timer.join()
    assert isinstance(answer, Result)  # who does not hear of it is ended without an answer
    assert answer.status is Status.FEASIBLE


def test_who_does_not_stop_is_ended_after_a_few_seconds(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.guard.STOP_S", 2.0)
    stop = Stop()
    timer = threading.Timer(2, stop.ask)
    timer.start()
    begin, limit_s = time.monotonic(), 120.0
    outcome = _one(instance, "hanging_with_plan", limit_s, stop)
    timer.join()
    assert time.monotonic() - begin < limit_s
    assert outcome.plan is not None


def test_nothing_starts_after_a_wish_to_stop(instance: Instance) -> None:
    stop = Stop()
    stop.ask()
    assert _one(instance, "killed", 60, stop) == Outcome("north")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_are_a_wish_to_stop_while_they_are_heeded(number: signal.Signals) -> None:
    before, stop = signal.getsignal(number), Stop()
    with heed_signals(stop):
        signal.raise_signal(number)
        assert stop()
    assert signal.getsignal(number) is before


def test_one_key_press_that_arrives_twice_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("optimizer.guard.time.monotonic", lambda: now[0])
    stop = Stop()
    for moment, urgent in ((100.0, False), (100.1, False), (103.0, True)):
        now[0] = moment
        stop.ask()
        assert (stop(), stop.urgent) == (True, urgent)
