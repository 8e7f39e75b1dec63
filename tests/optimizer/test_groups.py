"""Fleets that choose their days apart: what they lose, and what they still share."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest

from optimizer.campaign.boxes import Box, all_fleets
from optimizer.campaign.build import build
from optimizer.campaign.groups import Groups, apart, parts_of, together
from optimizer.campaign.master import Master
from optimizer.campaign.objective import goals
from optimizer.campaign.patterns import Patterns
from optimizer.campaign.spells import in_spells
from optimizer.campaign.wanted import Wanted
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.network import Network, build_network
from optimizer.options import Options
from optimizer.planner import Planner
from optimizer.service import in_service, service_lines
from optimizer.timetable.timetabler import Timetabler
from optimizer.watch import Watch
from tests.optimizer.hand import BOTH, changed, network, tiny
from tests.optimizer.test_patterns import small

SECONDS = 60.0


def bound(net: Network, groups: Groups) -> float:
    """Of the first goal."""
    master = Master(build(net, groups), Patterns(net))
    master.aim(goals(net)[0])
    priced = master.price(Clock(SECONDS), lambda _: 0.0)
    assert priced is not None
    return priced.bound


def shared_rows(net: Network, groups: Groups) -> list[str]:
    campaign = build(net, groups)
    names = [row.name for row in campaign.problem.constraints()]
    return [name for name in names if name.startswith("shared_cuts")]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_apart_bounds_no_better_than_together(seed: int) -> None:
    net = build_network(small(seed, 0.4), ("party_a", "party_b"))
    assert bound(net, apart(net)) <= bound(net, together(net)) + 1e-3


def test_a_zone_is_shared_by_fleets_that_choose_apart() -> None:
    """Each fleet alone could fill the zone; both together may not fill it twice."""
    instance = changed(tiny(), "zones", "dz", recovery_kg_per_day=1000)
    net = network(instance, BOTH)
    master = Master(build(net, apart(net)), Patterns(net))
    master.aim(goals(net)[0])
    assert master.price(Clock(SECONDS), lambda _: 0.0) is not None
    values = master.values()
    for d in net.days:
        landed = sum(
            net.stops[s].landing.landed_frac * values[master.session.column(v)]
            for (s, day, _), v in master.x.load_kg.items()
            if day == d
        )
        assert landed <= 1000 + 1e-3


def test_a_cut_over_several_fleets_is_a_row_and_one_of_a_fleet_is_not() -> None:
    net = network(tiny(), BOTH)
    missions = tuple(m for m in net.by_day[0])
    assert len({net.missions[m].fleet.id for m in missions}) > 1
    shared = Cut(missions, tuple(net.days), 1.0, "one a day")
    cut = in_spells(net, Timetabler(net).kinds((shared,)), 1)
    assert len(shared_rows(cut, apart(cut))) == len(net.days)
    assert not shared_rows(cut, together(cut))


def test_parts_of_a_day_hold_the_missions_of_their_fleets() -> None:
    net = network(tiny(), BOTH)
    groups = apart(net)
    parts = parts_of(net, groups)
    for (d, g), kind in parts.items():
        assert {net.missions[m].fleet.id for m in kind.missions} <= groups[g]
        assert set(kind.missions) <= set(net.by_day[d])
    flown = {m for kind in parts.values() for m in kind.missions}
    assert flown == {m for missions in net.by_day.values() for m in missions}


def holds(box: Box, fleet: Mapping[str, int]) -> bool:
    return all(low <= fleet[f] <= high for f, (low, high) in box.tails.items())


@pytest.mark.parametrize(("seed", "tightness"), [(1, 0.3), (2, 0.6), (3, 0.9), (4, 0.9)])
def test_the_boxes_of_a_search_hold_every_fleet(seed: int, tightness: float) -> None:
    """Also where whole sorties fall short and the search ends early: bounds are proven box by box."""
    net = build_network(small(seed, tightness), ("party_a", "party_b"))
    wanted = Wanted(goals(net), (), 0.003)
    planner = Planner(net, wanted, Options(parties=("party_a", "party_b")), Watch(Clock(SECONDS)))
    planner.run([])
    assert planner.search is not None
    boxes = planner.search.boxes or [all_fleets(net)]
    for tails in product(*(range(fleet.max_tails + 1) for fleet in net.fleets.values())):
        fleet = dict(zip(net.fleets, tails, strict=True))
        assert any(all(low <= fleet[f] <= high for f, (low, high) in box.tails.items()) for box in boxes), (
            fleet
        )


@pytest.mark.parametrize("frac", [0.1, 0.5, 0.85, 0.99, 1.0])
@pytest.mark.parametrize("most", [1, 2, 7, 14])
def test_lines_are_never_below_tails_in_service_and_touch_them(frac: float, most: int) -> None:
    lines = service_lines(most, frac)
    for tails in range(most + 1):
        room = min(least + slope * tails for least, slope in lines)
        assert room >= in_service(tails, frac) - 1e-9
    for least, slope in lines:
        touched = [n for n in range(most + 1) if abs(least + slope * n - in_service(n, frac)) < 1e-9]
        assert len(touched) >= 2


def test_thinner_patterns_fly_one_sortie_less_and_keep_the_limits_of_the_day() -> None:
    net = network(tiny(), BOTH)
    patterns = Patterns(net)
    master = Master(build(net, together(net)), patterns)
    master.aim(goals(net)[0])
    assert master.price(Clock(SECONDS), lambda _: 0.0) is not None
    known = list(range(len(patterns.known)))
    fleets = [mission.fleet.id for mission in net.missions.values()]
    for number in patterns.thinner(known):
        thin = patterns.known[number]
        flown = {f for f, n in zip(fleets, thin.sorties, strict=True) if n}
        assert {f for f, n in zip(net.fleets, thin.tails, strict=True) if n} <= flown
        assert any(
            sum(full.sorties) == sum(thin.sorties) + 1
            and all(a <= b for a, b in zip(thin.sorties, full.sorties, strict=True))
            and all(a <= b for a, b in zip(thin.kg, full.kg, strict=True))
            for full in (patterns.known[n] for n in known)
        )
