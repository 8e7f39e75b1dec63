"""What is handed over on a day is bound to what is flown on it, also where days are one."""

from __future__ import annotations

import pytest

from instances.schema import Instance
from optimizer.campaign.build import build
from optimizer.campaign.groups import together
from optimizer.campaign.master import Master
from optimizer.campaign.objective import goals
from optimizer.campaign.patterns import Patterns
from optimizer.campaign.spells import in_spells
from optimizer.campaign.ways import Ways
from optimizer.clock import Clock
from optimizer.timetable.timetabler import Timetabler
from tests.optimizer.hand import NH, SH, SL, changed, network, tiny

SECONDS = 60.0


def small_town() -> Instance:
    """Next to all is for the hamlet: 600 kg in six days, of which its way loses a tenth."""
    return changed(tiny(), "communities", "town", population=1)


def least_unmet_kg(sorties: int, *, minded: bool) -> float:
    """What is unmet at least of the first priority, with so many sorties of north, six days in one."""
    net = network(small_town())
    short = in_spells(net, Timetabler(net).kinds(()), net.horizon_days, 0)
    master = Master(build(short, together(short)), Patterns(short))
    master.mind_ways(minded)
    master.limit_totals({NH: (0, sorties), SH: (0, 0), SL: (0, 0)})
    master.aim(goals(short)[0])
    priced = master.price(Clock(SECONDS), lambda _: 0.0)
    assert priced is not None
    assert priced.bound == pytest.approx(priced.value, abs=1)
    return priced.value


def test_a_way_carries_no_more_than_lands_nor_than_it_takes() -> None:
    """The zone gathers 2 500 kg a day: of the two ways only that to the hamlet takes less."""
    net = network()
    ways = Ways(net)
    assert ways.ends == (("dz", "hamlet"),)
    landed_frac = [stop.landing.landed_frac for stop in net.stops.values()]
    little, much = ([kg] + [0.0] * (len(net.stops) - 1) for kg in (100.0, 2000.0))
    assert ways.carried_kg(little) == pytest.approx([100 * landed_frac[0]])
    assert ways.carried_kg(much) == pytest.approx([500.0])


@pytest.mark.parametrize("sorties", [1, 2])
def test_one_sortie_feeds_the_hamlet_for_one_day_of_its_way(sorties: int) -> None:
    """500 kg a day less a tenth; two sorties on two days bring all of it."""
    needed_kg = 600.0
    assert least_unmet_kg(sorties, minded=True) == pytest.approx(max(0, needed_kg - sorties * 450), abs=1)
    assert least_unmet_kg(sorties, minded=False) == pytest.approx(0, abs=1)
