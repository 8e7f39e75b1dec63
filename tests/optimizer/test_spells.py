"""Campaigns in spells: what they lose, what days can hold, and how they come back to days."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from instances.schema import Instance
from optimizer.campaign.build import build
from optimizer.campaign.day_limits import DayLimits
from optimizer.campaign.flown import flown
from optimizer.campaign.groups import together
from optimizer.campaign.master import Master
from optimizer.campaign.merge import merged
from optimizer.campaign.objective import cheapest, goals, reach
from optimizer.campaign.patterns import Patterns
from optimizer.campaign.settle import Settler
from optimizer.campaign.spells import in_spells
from optimizer.campaign.wanted import Wanted
from optimizer.campaign.ways import Ways
from optimizer.clock import Clock
from optimizer.cut import Clash, Cut
from optimizer.network import Network, build_network
from optimizer.solver import Vector
from optimizer.timetable.timetabler import Timetabler
from tests.optimizer.hand import BOTH, NH, SH, SL, SOUTH, changed, fed, header, network, tiny
from tests.optimizer.test_patterns import small

SECONDS = 60.0


def values(net: Network) -> list[float]:
    """What fractions of patterns reach of each goal, one after the other."""
    master, found = Master(build(net, together(net)), Patterns(net)), []
    for goal in goals(net):
        master.aim(goal)
        priced = master.price(Clock(SECONDS), lambda _: 0.0)
        assert priced is not None
        found.append(priced.value)
        master.keep(goal, max(0.0, priced.value))
    return found


def spelled(net: Network, days: int) -> Network:
    return in_spells(net, Timetabler(net).kinds(()), days)


@pytest.mark.parametrize("seed", [1, 4])
@pytest.mark.parametrize("days", [5, 30])
def test_no_plan_is_lost_in_spells(seed: int, days: int) -> None:
    """The first goal is never worse in spells: they relax the campaign."""
    net = build_network(small(seed, 0.7, days=24), ("party_a", "party_b"))
    assert values(spelled(net, days))[0] <= values(net)[0] + 1e-3


@pytest.mark.parametrize("seed", [1, 4])
@pytest.mark.parametrize("days", [3, 24])
@pytest.mark.parametrize("hours", [None, 3])
def test_no_plan_of_the_plain_model_is_lost_in_spells(seed: int, days: int, hours: int | None) -> None:
    """Nor where little flying time a day makes every tail dear: a spell has the minutes of all its days."""
    net = build_network(small(seed, 0.4, days=24), ("party_a", "party_b"))
    if hours is not None:
        few = {f: fleet.model_copy(update={"minutes_per_day": 60 * hours}) for f, fleet in net.fleets.items()}
        net = replace(net, fleets=few)
    wanted = Wanted((cheapest(),), ((reach(net), 0.8),), 1e-3)
    short = in_spells(net, Timetabler(net).kinds(()), days, 0)
    least = Settler(build(net)).least(wanted, Clock(SECONDS))
    in_short = Settler(build(short)).least(wanted, Clock(SECONDS))
    assert in_short is not None
    assert 0 < in_short <= (math.inf if least is None else least) * (1 + 1e-6)


def test_spells_hold_every_need_and_everything_that_comes() -> None:
    net = network(fed(header(tiny(), days=16)), BOTH)
    short = spelled(net, 7)
    assert short.horizon_days == 16
    assert len(short.days) < 16
    for name in ("need_kg", "supply_kg", "rig_arrivals"):
        for key, series in getattr(net, name).items():
            assert sum(getattr(short, name)[key]) == pytest.approx(sum(series)), (name, key)
    flying = [d for d in net.days if net.by_day[d]]
    assert sorted(d for one in short.stretches if one.kind.missions for d in one.days) == flying


def test_cargo_of_a_feeder_waits_for_its_transit() -> None:
    """One day on the way: sent on day 3 for day 4; in spells for the spell that holds the next day."""
    net = network(fed(header(tiny(), days=35)), BOTH)
    assert net.sent_for(4, 1) == [3]
    assert net.sent_for(0, 1) == []
    short = spelled(net, 7)
    second = next(d for d in short.days if short.stretches[d].first == 14)
    first = next(d for d in short.days if short.stretches[d].first == 7)
    assert short.sent_for(second, 7) == [first]
    assert second in short.sent_for(second, 1)


def crowded(clearing_min: float) -> Instance:
    return changed(tiny(), "zones", "dz", clearing_min=clearing_min)


def test_a_day_that_does_not_hold_a_pattern_says_which_sorties_clash() -> None:
    """Drops 200 minutes apart from 06:00 to 17:00: three sorties fit over the zone, whoever flies them."""
    net = network(crowded(200), BOTH)
    timetabler = Timetabler(net)
    kind = timetabler.kinds(())[0]
    tails = {"north_hauler": 2, "south_hauler": 2}
    assert timetabler.holds(kind, {NH: 1, SL: 2}, tails, Clock(SECONDS)) is None
    clash = timetabler.holds(kind, {NH: 2, SL: 2}, tails, Clock(SECONDS))
    assert clash is not None
    assert clash.tails == ()
    assert sum(n for _, n in clash.sorties) == 4
    assert clash.hits({NH: 2, SL: 2}, tails)
    assert not clash.hits({NH: 1, SL: 2}, tails)


def test_patterns_are_only_what_days_hold() -> None:
    """At prices that want as much as possible, the best pattern has the three sorties that fit."""
    net = network(crowded(200), BOTH)
    timetabler = Timetabler(net)
    patterns = Patterns(net, 2, timetabler.holds)
    kind = timetabler.kinds(())[0]
    prices = prices_of(net, per_sortie=-100.0)
    ((_, pattern),) = [a for a in patterns.best([(kind, prices)], Clock(SECONDS), (2, 2)) if a is not None]
    assert sum(pattern.sorties) == 3
    assert patterns.limits[kind] != []
    free = Patterns(net)
    ((_, more),) = [a for a in free.best([(kind, prices)], Clock(SECONDS), (2, 2)) if a is not None]
    assert sum(more.sorties) > 3


def prices_of(net: Network, per_sortie: float) -> Vector:
    """What a pattern pays for sorties, bundles, kg, tails and what is carried on."""
    n, fleets, ways = len(net.missions), len(net.fleets), len(Ways(net).ends)
    return np.array([per_sortie] * n + [0.0] * n + [1e-5] * n + [1e-3] * fleets + [0.0] * ways)


def test_a_clash_leaves_all_other_patterns() -> None:
    """Not SL twice with NH with two southern tails: two of SL alone, or more tails, stay possible."""
    net = network(tiny(), BOTH)
    kind = Timetabler(net).kinds(())[0]
    limits = DayLimits(net, kind, Ways(net))
    limits.keep_to(Clash((((NH,), 1), ((SL, SH), 2)), (("south_hauler", 1),)))
    prices = prices_of(net, per_sortie=-100.0)
    found = limits.best(prices, Clock(SECONDS), (2, 1))
    assert found is not None
    flown_by = dict(zip(net.missions, found[1].sorties, strict=True))
    assert flown_by[NH] == 0 or flown_by[SL] + flown_by[SH] < 2
    more = limits.best(prices, Clock(SECONDS), (2, 2))
    assert more is not None
    assert sum(more[1].sorties) > sum(found[1].sorties)


def test_a_cut_holds_on_its_days_and_no_longer() -> None:
    net = network(tiny(), BOTH)
    goal = goals(net)[0]
    timetabler = Timetabler(net)
    patterns = Patterns(net)

    def bound(*cuts: Cut) -> float:
        spelled_net = in_spells(net, timetabler.kinds(cuts), 1)
        master = Master(build(spelled_net, together(spelled_net)), patterns)
        master.aim(goal)
        priced = master.price(Clock(SECONDS), lambda _: 0.0)
        assert priced is not None
        return priced.bound

    free = bound()
    assert bound(Cut(tuple(net.missions), tuple(net.days), 0, "")) > free + 1
    assert bound() == pytest.approx(free, abs=0.1)


def test_what_is_chosen_for_a_spell_is_flown_on_its_days() -> None:
    net = network(header(tiny(), days=21), SOUTH)
    short = spelled(merged(net), 7)
    master = Master(build(short, together(short)), Patterns(net))
    master.aim(goals(short)[0])
    priced = master.price(Clock(SECONDS), lambda _: 0.0)
    assert priced is not None
    solved = master.whole(Clock(SECONDS), 1.0, {})
    assert solved.value is not None
    chosen = master.chosen()
    decisions = flown(master)
    for m in net.missions:
        place = list(net.missions).index(m)
        number = {j: n for (_, n), j in master.choice.items()}
        asked = sum(n * master.patterns.known[number[j]].sorties[place] for j, n in chosen.items())
        assert sum(n for (mm, _), n in decisions.of("sorties").items() if mm == m) == asked
    assert {d for _, d in decisions.of("sorties")} <= set(net.days)


def test_no_pattern_takes_more_tails_than_may_be_contracted() -> None:
    net = network(tiny(), BOTH)
    master = Master(build(net, together(net)), Patterns(net))
    master.aim(goals(net)[0])
    master.limit_tails({"north_hauler": (0, 1), "south_hauler": (0, 0)})
    assert master.price(Clock(SECONDS), lambda _: 0.0) is not None
    used = [master.patterns.known[n] for n in master.used()]
    assert all(pattern.tails <= (1, 0) for pattern in used)


def test_stretches_of_a_network_of_days_are_its_days() -> None:
    net = network(tiny(), BOTH)
    assert [one.days for one in net.stretches] == [(d,) for d in net.days]
    assert all(net.begins(d) and net.ends(d) and net.lasts(d) == 1 for d in net.days)
    assert replace(net, stretches=net.stretches[:1]).horizon_days == 1
