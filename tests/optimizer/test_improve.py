"""Better plans and better bounds, one beside the other."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest

from optimizer import improve
from optimizer.campaign.decisions import WHOLE, Decisions
from optimizer.campaign.objective import cheapest, goals, reach
from optimizer.campaign.wanted import Wanted
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.network import build_network
from optimizer.options import Options
from optimizer.planner import Planner
from optimizer.timetable.timetabler import Timetable
from optimizer.watch import Watch
from tests.optimizer.test_patterns import small

SECONDS, GAP = 60.0, 1e-4
PARTIES = ("party_a", "party_b")


@pytest.mark.parametrize(("most", "sure"), [(1.0, False), (1000.0, True)])
def test_bounds_go_on_whatever_the_timetable_says(most: float, *, sure: bool) -> None:
    """What is not proven is no matter to bounds; with no time at all they stay where they were."""
    net = build_network(small(4, 0.6, days=6), PARTIES)
    wanted = Wanted((cheapest(),), ((reach(net), 0.6),), GAP)
    planner = Planner(net, wanted, Options(parties=PARTIES, gap_frac=GAP), Watch(Clock(SECONDS)))
    planner.run(())
    assert planner.best is not None
    proven = planner.prover()(Clock(SECONDS))
    flown = [m for (m, _), n in planner.best.decisions.count("sorties").items() if n]
    planner.keep_to([Cut(tuple(flown), tuple(net.days), most, "no timetable was found", proven=sure)])
    assert planner.prover()(Clock(0.0)) >= proven
    assert proven <= planner.best.values


def test_a_plan_that_is_known_is_not_timed_and_settled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    net = build_network(small(4, 0.6, days=6), PARTIES)
    wanted = Wanted((cheapest(),), ((reach(net), 0.6),), GAP)
    planner = Planner(net, wanted, Options(parties=PARTIES, gap_frac=GAP), Watch(Clock(SECONDS)))
    planner.run(())
    known = planner.known
    less = {**known.decisions.count("sorties")}
    less[next(key for key, n in less.items() if n)] -= 1
    asked: list[Decisions] = []

    def timed(whole: Decisions) -> Timetable:
        asked.append(whole)
        return Timetable((), {}, ())

    monkeypatch.setattr(planner, "_timed", timed)
    kept = Decisions({name: {**known.decisions.of(name)} for name in WHOLE})
    assert planner.consider(kept) == (True, ())
    assert planner.best is known
    assert not asked
    other = Decisions({**known.decisions.values, "sorties": dict(less)})
    planner.consider(other)
    assert asked == [other]


def stand_in(**parts: Any) -> Planner:
    """What of a planner is asked for here."""
    return cast("Planner", SimpleNamespace(**parts))


@pytest.mark.parametrize("proof_first", [False, True])
def test_mending_and_proving_stop_each_other(monkeypatch: pytest.MonkeyPatch, *, proof_first: bool) -> None:
    """Whichever has nothing left to do: neither waits for the end of the clock."""
    stopped: list[str] = []

    def until_stopped(name: str, clock: Clock) -> None:
        while not clock.stopped():
            threading.Event().wait(0.01)
        stopped.append(name)

    def prove(clock: Clock) -> tuple[float, ...]:
        if not proof_first:
            until_stopped("proof", clock)
        return (1.0,)

    def mend(planner: Planner, bounds: object, clock: Clock) -> None:
        del planner, bounds
        if proof_first:
            until_stopped("mending", clock)

    monkeypatch.setattr(improve, "mend", mend)
    planner = stand_in(prover=lambda: prove, still_open=lambda bounds: not bounds)
    clock = Clock(SECONDS)
    assert improve._mend_and_prove(planner, (0.0,), clock) == (1.0,)
    assert stopped == ["mending" if proof_first else "proof"]
    assert clock.left() > SECONDS / 2


@pytest.mark.parametrize(
    ("unmet_frac", "expected"), [(0.0, False), (0.002, True), (0.02, False)], ids=["met", "nearly", "far"]
)
def test_little_that_is_unmet_is_mended_before_bounds_are_proven(
    unmet_frac: float, *, expected: bool
) -> None:
    net = build_network(small(3, 0.6, days=6), PARTIES)
    wanted = Wanted(goals(net), (), 0.005)
    values = (unmet_frac * net.total_need_kg(), *[0.0] * (len(wanted.goals) - 2), 1e6)
    assert improve._nearly_met(stand_in(wanted=wanted, known=SimpleNamespace(values=values))) == expected


def test_much_that_is_unmet_is_mended_at_a_price() -> None:
    """A plan that feeds nobody is mended to nearly all that can be reached, for hardly more than it takes."""
    net = build_network(small(3, 0.6, days=4), PARTIES)
    wanted = Wanted(goals(net), (), GAP)
    options = Options(parties=PARTIES, gap_frac=GAP)
    good = Planner(net, wanted, options, Watch(Clock(SECONDS / 10)))
    good.run(())
    good.finish()
    planner = Planner(net, wanted, options, Watch(Clock(SECONDS)))
    tails = {f: float(n) for f, n in good.known.decisions.count("tails").items()}
    assert planner.consider(Decisions({"tails": tails}))[0]
    assert improve._far_from_met(planner)
    improve._mend_all(planner, Clock(SECONDS))
    assert planner.known.values[0] <= good.known.values[0] + 0.01 * net.total_need_kg()
    assert planner.known.values[-1] <= 1.02 * good.known.values[-1]
