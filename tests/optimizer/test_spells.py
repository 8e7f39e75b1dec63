"""Campaigns in spells: every plan day by day is one, and everything that comes is still in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from optimizer.campaign.objective import Goal, cheapest, goals, reach
from optimizer.campaign.spells import in_spells
from optimizer.campaign.totals import spell_days
from optimizer.clock import Clock
from optimizer.cut import Cut
from optimizer.network import Network
from tests.optimizer.generated import network_of, small
from tests.optimizer.hand import BOTH, NORTH, SH, SL, SOUTH, fed, header, network, tiny
from tests.optimizer.relief import least, program_of


def spelled(net: Network, begins: Sequence[int]) -> Network:
    return in_spells(net, [net.kind(d) for d in net.days], begins)


def relaxed(net: Network, goal: Goal) -> float:
    """The least of one goal alone; of the cost, where half of every need is covered."""
    short = 0.5 if goal.unit == "USD" else None
    return least(program_of(replace(net, coverage_from=0), (goal,), short), goal)


@pytest.mark.parametrize(
    "goal", ["severity_person_days", "worst_week_severity_frac", "unreached_frac", "usd"]
)
@pytest.mark.parametrize(
    ("seed", "tightness", "days"), [(1, 0.3, 10), (2, 0.9, 16), (3, 0.6, 15), (5, 0.5, 9)]
)
def test_no_plan_is_lost_in_spells(seed: int, tightness: float, days: int, goal: str) -> None:
    """Weeks are never worse than days, and all days as one never worse than weeks."""
    net = network_of(small(seed, tightness, days))
    one = next(g for g in (*goals(net), reach(net), cheapest()) if g.name.endswith(goal))
    whole, weeks = spelled(net, [0]), spelled(net, range(0, days, 7))
    assert len(whole.days) < len(weeks.days) < len(net.days)
    values = [relaxed(short, one) for short in (whole, weeks, net)]
    noise = 1e-6 * max(1.0, *values)
    assert values[0] <= values[1] + noise
    assert values[1] <= values[2] + noise


def test_spells_hold_every_need_and_everything_that_comes() -> None:
    net = network(fed(header(tiny(), days=16)), BOTH)
    short = spelled(net, range(0, 16, 7))
    assert short.horizon_days == 16
    assert len(short.days) < 16
    for name in ("supply_kg", "rig_arrivals", "diet"):
        for key, series in getattr(net, name).items():
            assert sum(getattr(short, name)[key]) == pytest.approx(sum(series)), (name, key)
    for key, demand in net.demands.items():
        for daily, taken in (
            (demand.amount, short.demands[key].amount),
            (demand.people, short.demands[key].people),
        ):
            assert sum(taken) == pytest.approx(sum(daily)), key
        assert short.demands[key].periods == demand.periods
    flying = [d for d in net.days if net.by_day[d]]
    assert sorted(d for one in short.stretches if one.kind.missions for d in one.days) == flying


def test_cargo_of_a_feeder_waits_for_its_transit() -> None:
    """One day on the way: sent on day 3 for day 4; in spells for the spell that holds the next day."""
    net = network(fed(header(tiny(), days=35)), BOTH)
    assert net.sent_for(4, 1) == [3]
    assert net.sent_for(0, 1) == []
    short = spelled(net, range(0, 35, 7))
    second = next(d for d in short.days if short.stretches[d].first == 14)
    first = next(d for d in short.days if short.stretches[d].first == 7)
    assert short.sent_for(second, 7) == [first]
    assert second in short.sent_for(second, 1)


def test_stretches_of_a_network_of_days_are_its_days() -> None:
    net = network(tiny(), BOTH)
    assert [one.days for one in net.stretches] == [(d,) for d in net.days]
    assert all(net.begins(d) and net.ends(d) and net.lasts(d) == 1 for d in net.days)
    assert replace(net, stretches=net.stretches[:1]).horizon_days == 1


def test_spells_are_weeks_or_whole_periods_of_severity() -> None:
    """So that no period is split between two spells."""
    found = {n: spell_days(network(header(tiny(), severity_days=n))) for n in (1, 5, 7, 10, 14)}
    assert found == {1: 7, 5: 10, 7: 7, 10: 10, 14: 14}


@pytest.mark.parametrize("most", [0, 1])
def test_a_cut_holds_on_all_its_days_in_one(most: int) -> None:
    """So many sorties of south on each of the first three days, of six that are one."""
    net = network(tiny(), SOUTH)
    cut = Cut((SH, SL), (0, 1, 2), most, "")
    kinds = [replace(net.kind(d), cuts=(cut,) if d in cut.days else ()) for d in net.days]
    program = program_of(in_spells(net, kinds, [0]))
    program.keep_cut(cut)
    least(program, goals(net)[0])
    flown = program.read().of("sorties")
    first = next(d for d, one in enumerate(program.net.stretches) if one.days == (0, 1, 2))
    assert sum(n for (_, d), n in flown.items() if d == first) <= 3 * most + 1e-6
    assert sum(n for (_, d), n in flown.items() if d != first) > 0


def test_totals_are_whole_and_days_need_not_be() -> None:
    """Tails, and sorties of each mission over the plan."""
    net = replace(network(tiny(), NORTH), coverage_from=0)
    program = program_of(spelled(net, [0]), (cheapest(),), 0.6)
    program.aim({"cost_usd": 1.0})
    assert program.whole(program.roughly_whole(), Clock(60.0), 1e-6, None).value is not None
    flown, tails = program.sorties(), program.numbers(program.columns("tails"))
    for counts in (flown, tails):
        assert counts == pytest.approx({key: round(n) for key, n in counts.items()}, abs=1e-6)
        assert sum(counts.values()) >= 1
