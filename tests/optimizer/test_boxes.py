"""Bounds of boxes: what was proven stays proven, and splitting goes on from there."""

from __future__ import annotations

from dataclasses import replace

from optimizer.campaign.boxes import Box, Branching, all_fleets, few, one_more, other_tails
from optimizer.campaign.build import build
from optimizer.campaign.groups import together
from optimizer.campaign.master import Master
from optimizer.campaign.objective import cheapest, reach
from optimizer.campaign.patterns import Patterns
from optimizer.campaign.settle import Settler
from optimizer.campaign.wanted import TIGHT, Wanted
from optimizer.clock import Clock
from optimizer.network import build_network
from tests.optimizer.test_patterns import small

SECONDS = 60.0
COVERAGE = 0.4


def clocks(seconds: float) -> tuple[Clock, Clock]:
    """For everything, and to split boxes."""
    return Clock(seconds), Clock(0.4 * seconds)


def test_bounds_are_kept_without_time_and_never_above_the_best_plan() -> None:
    net = build_network(small(3, 0.6, days=6), ("party_a", "party_b"))
    wanted = Wanted((cheapest(),), ((reach(net), 1 - COVERAGE),), 1e-4)
    _, best = Settler(build(net)).first(wanted, Clock(SECONDS), TIGHT)
    assert best.value is not None
    master = Master(build(net, together(net)), Patterns(net))
    master.keep(*wanted.limits[0])
    told: list[float] = []

    def branching() -> Branching:
        return Branching([master], cheapest(), wanted, lambda _: None, totals=True)

    def tolerance(value: float) -> float:
        return 1e-4 * value

    boxes = [all_fleets(net)]
    once = branching().bounded(boxes, best.value, tolerance, *clocks(SECONDS), told.append)
    assert told == sorted(told)  # a half is never less bounded than the whole
    assert 0 < once[0].bound <= best.value * (1 + 1e-6)
    late = branching().bounded(once, best.value, tolerance, *clocks(0.0), told.append)
    assert late[0].bound == once[0].bound
    again = branching().bounded(once, best.value, tolerance, *clocks(SECONDS), told.append)
    assert once[0].bound <= again[0].bound <= best.value * (1 + 1e-6)
    assert told  # boxes were split
    early = [replace(node, halves=None) for node in once]  # as if time had run out
    later = branching().bounded(early, best.value, tolerance, *clocks(SECONDS), told.append)
    assert once[0].bound <= later[0].bound <= best.value * (1 + 1e-6)


def test_finer_masters_price_what_the_first_cannot_split() -> None:
    """They take many times as long, and hardly differ here."""
    net = build_network(small(3, 0.6, days=6), ("party_a", "party_b"))
    wanted = Wanted((cheapest(),), ((reach(net), 1 - COVERAGE),), 1e-4)
    _, best = Settler(build(net)).first(wanted, Clock(SECONDS), TIGHT)
    assert best.value is not None
    patterns = Patterns(net)
    masters = [Master(build(net, together(net)), patterns) for _ in range(2)]
    for master in masters:
        master.keep(*wanted.limits[0])
    priced: list[int] = []

    class Counted(Branching):
        def _price(
            self, master: Master, box: Box, clock: Clock, enough: float
        ) -> tuple[float, tuple[Box, Box] | None]:
            priced.append(masters.index(master))
            return super()._price(master, box, clock, enough)

    branching = Counted(masters, cheapest(), wanted, lambda _: None, totals=True)
    value = best.value * 1.001
    told: list[float] = []
    nodes = branching.bounded([all_fleets(net)], value, lambda _: 0.0, *clocks(SECONDS), told.append)
    assert 0 < nodes[0].bound <= best.value * (1 + 1e-6)
    assert told == sorted(told)
    assert priced.count(0) > 2 * priced.count(1) > 0
    assert all(node.finer == 2 or node.halves for node in nodes[:1])
    # A quick bound of every box goes before a good one of any.
    fleet, (low, high) = next((f, limits) for f, limits in all_fleets(net).tails.items() if limits[1] > 0)
    halves = [Box({**all_fleets(net).tails, fleet: limits}) for limits in ((low, high - 1), (high, high))]
    priced.clear()
    branching.bounded(halves, value, lambda _: 0.0, *clocks(SECONDS), told.append)
    assert priced.index(1) > [i for i, which in enumerate(priced) if which == 0][1]


def test_many_boxes_are_passed_on_by_their_tails() -> None:
    boxes = [Box({"fleet": (n % 2, 2)}, {"mission": (n, n)}) for n in range(20)]
    assert few(boxes[:3]) == boxes[:3]
    assert few(boxes) == [Box({"fleet": (0, 2)}), Box({"fleet": (1, 2)})]


def test_one_tail_more_of_any_fleet_that_has_one() -> None:
    box, planned = Box({"a": (0, 2), "b": (0, 1)}), Box({"a": (1, 1), "b": (1, 1)})
    assert one_more(box, planned) == [Box({"a": (2, 2), "b": (0, 1)})]
    assert one_more(box, None) == []


def test_tails_that_whole_sorties_take_are_named_where_fractions_take_others() -> None:
    """Never fewer in all than the relaxation pays for, and the limits and prices are as before."""
    net = build_network(small(3, 0.6, days=6), ("party_a", "party_b"))
    wanted = Wanted((cheapest(),), ((reach(net), 1 - COVERAGE),), 1e-4)
    tolerance = wanted.tolerance(cheapest(), TIGHT)
    scout = Master(build(net, together(net)), Patterns(net))
    scout.keep(*wanted.limits[0])
    assert other_tails(scout, all_fleets(net), cheapest(), tolerance, Clock(0.0)) is None
    scout.aim(cheapest())
    relaxed = scout.price(Clock(SECONDS), tolerance)
    assert relaxed is not None
    # A box of which no plan can be made differs from what whole sorties take.
    none = Box(dict.fromkeys(net.fleets, (0, 0)))
    other = other_tails(scout, none, cheapest(), tolerance, Clock(SECONDS))
    assert other is not None
    assert sum(low for low, _ in other.tails.values()) >= 1
    assert all(low == high <= net.fleets[f].max_tails for f, (low, high) in other.tails.items())
    other.put_on(scout)
    scout.aim(cheapest())
    within = scout.price(Clock(SECONDS), tolerance)
    assert within is not None
    assert within.value >= relaxed.bound - 1e-6
    assert scout.shortfall_kg() < 1.0  # with these tails the limit can be kept
    # Where fractions take the same tails there is nothing to name.
    assert other_tails(scout, other, cheapest(), tolerance, Clock(SECONDS)) is None
