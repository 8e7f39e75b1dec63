"""Nobody would be better off if something were eaten later: the judge names the day where one would be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from instances.schema import Instance
from optimizer.check import check
from tests.check.hand_hunger import eating, hungry, landing
from tests.check.hand_plan import HAND, changed, tiny, verdict, written


@pytest.mark.parametrize("item", [False, True])
def test_rationing(item: bool) -> None:
    """4 kg and 12 on the third day: all eaten on the first day leaves the second with nothing."""
    instance = hungry(4, 1, item=item)
    late = landing((2, 12), item=item)
    assert verdict(eating(late, 2, 2, 4, 4, 4, item=item), instance) == []
    (only,) = verdict(eating(late, 4, 0, 4, 4, 4, item=item), instance)
    good = "soap" if item else "flour"
    moved = "0.1 kg less, and as much more on 2016-04-12, lowers severity by "
    assert only.startswith(f"rationing: town {good} on 2016-04-11: {moved}")


@pytest.mark.parametrize("off", [0.15, 0.3, 1.0])
def test_rationing_is_even_to_a_portion(off: float) -> None:
    """10 kg for five days: 2 kg each is best, and a little more on the first day is found."""
    instance = hungry(10, 1)
    assert verdict(landing(), instance) == []
    (only,) = verdict(eating(landing(), 2 + off, 2 - off, 2, 2, 2), instance)
    assert only.startswith("rationing: town flour on 2016-04-11: ")


def test_rationing_may_eat_late() -> None:
    """Less on the first days and more later is worse, but eating later would not mend it."""
    assert verdict(eating(landing(), 1, 1, 1, 3, 4), hungry(10, 1)) == []


def test_rationing_by_periods() -> None:
    """Five days as one period: which of its days is the hungry one does not count."""
    assert verdict(eating(landing((2, 12)), 4, 0, 4, 4, 4), hungry(4, 5)) == []
    two = hungry(4, 2)
    assert verdict(eating(landing((2, 12)), 4, 0, 4, 4, 4), two) == []
    (only,) = verdict(eating(landing(), 4, 4, 0.5, 0.5, 1), hungry(10, 2))
    assert "0.1 kg less, and as much more on 2016-04-1" in only


def test_rationing_minds_the_stores() -> None:
    """Where nothing can be kept overnight, nothing can be eaten later."""
    full = changed(hungry(4, 1), "communities", "town", storage_kg=0.05)
    assert verdict(eating(landing((2, 4)), 4, 0, 4, 0, 0), full) == []
    room = changed(full, "communities", "town", storage_kg=0.15)
    assert len(verdict(eating(landing((2, 4)), 4, 0, 4, 0, 0), room)) == 1


def test_rationing_minds_what_people_can_eat() -> None:
    """20 g a day and no more: eaten on the days it is there, it cannot be eaten twice tomorrow."""
    capped = changed(hungry(4, 1), "commodities", "flour", most_g_per_person_day=20.0)
    assert verdict(eating(landing(), 2, 2, 0, 0, 0), capped)[0].startswith("rationing: town flour")
    assert verdict(eating(landing((2, 6)), 2, 2, 2, 2, 2), capped) == []
    short = changed(hungry(2.6, 1), "commodities", "flour", most_g_per_person_day=20.0)
    assert verdict(eating(landing((2, 6)), 0.6, 2, 2, 2, 2), short) == []
    assert len(verdict(eating(landing((2, 6)), 2, 0.6, 2, 2, 2), short)) == 1


def test_rationing_keeps_the_coverage() -> None:
    """The first days have what was asked for and nothing to spare for the last, which is poorer for it."""
    instance = hungry(13.6, 1)
    uneven = eating(landing(), 3.2, 3.2, 3.2, 3.2, 0.8)
    assert len(verdict(uneven, instance)) == 1
    asked = replace(uneven, coverage_frac=0.8, coverage_from=0)
    kept = [text for text in verdict(asked, instance) if text.startswith("rationing")]
    assert kept == []
    later = replace(asked, coverage_from=4)
    assert [text.split(":")[0] for text in verdict(later, instance)] == ["rationing", "coverage_week"]


@pytest.mark.parametrize("severity_days", [1, 2, 3, 7])
def test_rationing_forgives_rounding(severity_days: int) -> None:
    """Rations to the gram of a year's odd amounts are no reason to complain."""
    base = tiny()
    header = base.header.model_copy(update={"days": 60, "severity_days": severity_days})
    instance = base.model_copy(update={"header": header})
    handed = tuple((d, "town", "flour", 7.777 * d) for d in (0, 3, 11, 24, 37, 51))
    plan = written(replace(HAND, handed=handed), instance)
    assert [v for v in check(plan, instance) if v.rule == "rationing"] == []


def test_rationing_names_one_pair_of_a_good(instance: Instance) -> None:
    """By day the hamlet has 75 kg each day; 100 kg while they last is worse, and named once."""
    daily = instance.model_copy(update={"header": instance.header.model_copy(update={"severity_days": 1})})
    assert verdict(HAND, daily) == []
    greedy = replace(HAND, eaten=(("hamlet", "flour", (100.0, 100.0, 100.0, 100.0, 50.0, 0.0)),))
    (only,) = verdict(greedy, daily)
    assert only.startswith("rationing: hamlet flour on 2016-04-1")
    assert "more on 2016-04-16" in only
