"""Take-offs in minutes become the times of a plan: UTC and local, on the right day."""

from __future__ import annotations

import datetime as dt

from instances.schema import Instance
from optimizer.assemble import assemble
from optimizer.campaign.decisions import Decisions
from optimizer.header import header as plan_header
from optimizer.options import Options
from optimizer.plan import Plan
from optimizer.timetable.flights import Flight
from tests.optimizer.hand import BOTH, NH, SL, changed, header, network, tiny


def written(instance: Instance, *flights: tuple[str, int, int, int]) -> Plan:
    """A plan of (mission, day, tail, take-off), each with one bundle of 250 kg flour, given to the town."""
    net = network(instance)
    flown = [Flight(net.missions[m], d, tail, minute) for m, d, tail, minute in flights]
    ones = {(m, d): float(sum(f[:2] == (m, d) for f in flights)) for m, d, *_ in flights}
    days = {d for _, d, *_ in flights}
    decisions = Decisions(
        {
            "tails": {"north_hauler": 2, "south_hauler": 2},
            "sorties": ones,
            "bundles": ones,
            "load_kg": {(m, d, "flour"): 250 * n for (m, d), n in ones.items()},
            "hand_over_kg": {("dz", "town", "flour", d): 200.0 for d in days},
        }
    )
    return assemble(net, decisions, flown, plan_header(instance, Options(parties=BOTH), net))


def test_times_are_written_in_utc_and_local() -> None:
    """Damascus kept summer time in April 2016: 06:00 local is 03:00 UTC."""
    plan = written(tiny(), (NH, 0, 1, 360))
    sortie, load = plan.sorties[0], plan.loads[0]
    assert sortie.takeoff_utc == dt.datetime(2016, 4, 11, 3, 0, tzinfo=dt.UTC)
    assert sortie.takeoff_local.replace(tzinfo=None) == dt.datetime(2016, 4, 11, 6, 0)
    assert sortie.takeoff_local.utcoffset() == dt.timedelta(hours=3)
    assert sortie.landing_utc == dt.datetime(2016, 4, 11, 4, 22, tzinfo=dt.UTC)
    assert load.drop_utc == dt.datetime(2016, 4, 11, 3, 36, tzinfo=dt.UTC)
    assert (sortie.tail, sortie.date) == ("north_hauler_1", dt.date(2016, 4, 11))


def test_the_clock_goes_back_in_the_night() -> None:
    """Summer time ended on 28 October 2016: the same local hour is an hour later in UTC."""
    autumn = header(tiny(), first_date=dt.date(2016, 10, 27), days=2)
    plan = written(autumn, (NH, 0, 1, 360), (NH, 1, 2, 360))
    assert [s.takeoff_utc.hour for s in plan.sorties] == [3, 4]
    assert [s.takeoff_local.hour for s in plan.sorties] == [6, 6]


def test_a_sortie_over_the_change_of_clocks() -> None:
    """On 27 March 2016 clocks in Berlin jumped from 02:00 to 03:00: 82 minutes after 01:30 it is 03:52."""
    spring = header(tiny(), first_date=dt.date(2016, 3, 27), days=1, time_zone="Europe/Berlin")
    plan = written(spring, (NH, 0, 1, 90))
    sortie = plan.sorties[0]
    assert sortie.takeoff_local.strftime("%H:%M") == "01:30"
    landing = sortie.landing_utc.astimezone(sortie.takeoff_local.tzinfo)
    assert landing.strftime("%H:%M") == "03:52"
    assert sortie.landing_utc - sortie.takeoff_utc == dt.timedelta(minutes=82)


def test_the_day_is_the_local_one() -> None:
    """At 01:30 local on the 12th it is still the 11th in UTC; the cargo feeds the town on the 12th."""
    night = changed(tiny(), "parties", "north", hours_from=0, hours_to=1440)
    night = changed(night, "bases", "airfield_n", hours_from=0, hours_to=1440)
    night = changed(night, "zones", "dz", recovery_from=0, recovery_to=1440)
    plan = written(night, (NH, 1, 1, 90))
    assert plan.sorties[0].takeoff_utc == dt.datetime(2016, 4, 11, 22, 30, tzinfo=dt.UTC)
    assert plan.sorties[0].date == dt.date(2016, 4, 12)
    assert [(h.date, h.handed_kg) for h in plan.handovers] == [(dt.date(2016, 4, 12), 200.0)]


def test_sorties_are_numbered_in_order_of_take_off() -> None:
    plan = written(tiny(), (NH, 1, 2, 360), (NH, 0, 1, 502), (SL, 0, 1, 400))
    assert [(s.sortie_id, s.fleet, s.date.day) for s in plan.sorties] == [
        ("s0001", "south_hauler", 11),
        ("s0002", "north_hauler", 11),
        ("s0003", "north_hauler", 12),
    ]
