"""What people get: bands, weeks, items by group, kits, and what is said of them."""

from __future__ import annotations

import datetime as dt

import pytest

from instances.schema import Instance, Standard
from optimizer.explained import Limit, Shortfall
from optimizer.plan import Coverage, Nutrition, Plan, Severity
from reports.eating import eating_sentence, items_sentence
from reports.figures import names_of
from reports.people import Met, band_of, fed_of, groups_of, kits_of, met_of, weeks_of
from reports.shortfalls import short_rows
from tests.reports.places import sample_instance
from tests.reports.plan_samples import DAY, sample_plan


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def eating(kcal: dict[str, list[float]], standard: float = 2100.0) -> tuple[Plan, Instance]:
    """A plan in which people eat so much, day by day."""
    rows = tuple(
        Nutrition(
            date=day(d),
            community=community,
            kcal=value,
            protein_g=value / 40,
            fat_g=value / 70,
            energy_frac=round(value / standard, 6),
        )
        for community, daily in kcal.items()
        for d, value in enumerate(daily)
    )
    length = len(next(iter(kcal.values())))
    return sample_plan().model_copy(update={"nutrition": rows}), sample_instance(length)


@pytest.mark.parametrize(
    ("share", "band"),
    [
        (1.2, "full"),
        (0.95, "full"),
        (0.9499, "short"),
        (0.8, "short"),
        (0.7999, "crisis"),
        (0.5, "crisis"),
        (0.4999, "severe"),
        (0.0, "severe"),
    ],
)
def test_borders_of_bands(share: float, band: str) -> None:
    assert band_of(share) == band


def test_weeks_begin_with_the_plan_and_the_last_may_be_shorter() -> None:
    assert weeks_of(10) == [range(7), range(7, 10)]


def test_means_worst_weeks_and_bands_of_a_community() -> None:
    """Seven days at 2 000 kcal (95.2 %), three at 1 000 (47.6 %)."""
    (town,) = fed_of(*eating({"town": [2000.0] * 7 + [1000.0] * 3}))
    assert town.mean("kcal") == 1700
    assert town.worst_week("kcal") == 1000
    assert town.worst_week("protein_g") == 25
    assert [town.days_in(band) for band in ("full", "short", "crisis", "severe")] == [7, 0, 0, 3]
    assert [town.weeks_in(band) for band in ("full", "short", "crisis", "severe")] == [1, 0, 0, 1]
    assert town.standard["kcal"] == (2100.0,) * 10


def test_a_community_has_its_own_standard_on_its_days() -> None:
    plan, instance = eating({"town": [2000.0] * 3})
    own = Standard(community="town", first_date=day(1), kcal=1900)
    (town,) = fed_of(plan, instance.model_copy(update={"standards": (own,)}))
    assert town.standard["kcal"] == (0.0, 1900.0, 1900.0)


def test_what_people_eat_in_a_sentence() -> None:
    plan, instance = eating({"town": [1800.0] * 7 + [1680.0] * 7, "hamlet": [2100.0] * 14})
    said = eating_sentence(fed_of(plan, instance), names_of(instance))
    assert said == (
        "Town eats 1,740 kcal a person and day on average, 1,680 in its worst week; Hamlet eats 2,100 kcal a "
        "person and day on average, 2,100 in its worst week; nobody eats less than half of the standard on "
        "any day."
    )


def test_days_below_half_are_never_left_out() -> None:
    """One day of ten in the hamlet: 200 of 12 000 person-days."""
    plan, instance = eating({"town": [2100.0] * 10, "hamlet": [2100.0] * 9 + [1000.0]})
    said = eating_sentence(fed_of(plan, instance), names_of(instance))
    assert said.endswith("on 1.7 % of person-days it is less than half of the standard.")


def test_of_many_places_the_worst_off_is_named() -> None:
    plan, instance = eating({f"p{n}": [2000.0 - 100 * n] * 7 for n in range(5)})
    (town, _) = instance.communities
    places = tuple(town.model_copy(update={"id": f"p{n}", "name": f"Place {n}"}) for n in range(5))
    instance = instance.model_copy(update={"communities": places})
    said = eating_sentence(fed_of(plan, instance), names_of(instance))
    assert said.startswith(
        "5,000 people at 5 places eat 1,800 kcal a person and day on average; worst off is"
    )
    assert "worst off is Place 4, with 1,600 kcal on average and 1,600 in its worst week" in said


def severity(need: str, first: int, days: int, people: float, amount: float, short: float) -> Severity:
    return Severity(
        date=day(first),
        days=days,
        community="town",
        need=need,
        people=people,
        need_amount=amount,
        short_frac=short,
        severity=10.0,
    )


def covered(commodity: str, days: range, need_kg: float, unmet_kg: float) -> tuple[Coverage, ...]:
    return tuple(
        Coverage(
            date=day(d),
            community="town",
            commodity=commodity,
            need_kg=need_kg,
            received_kg=0.0,
            eaten_kg=0.0,
            unmet_kg=unmet_kg,
            stock_kg=0.0,
        )
        for d in days
    )


def needing(*rows: Severity, coverage: tuple[Coverage, ...] = ()) -> tuple[Met, ...]:
    plan = sample_plan().model_copy(update={"severity": rows, "coverage": coverage})
    return met_of(plan, sample_instance(14))


def test_an_item_is_counted_in_its_unit() -> None:
    """A kit weighs a tonne: 7 of 10.5 t over 14 days."""
    (kits,) = needing(
        severity("health_kit", 0, 7, 900, 5250, 0.0),
        severity("health_kit", 7, 7, 900, 5250, 2 / 3),
        coverage=covered("health_kit", range(14), 750, 250),
    )
    assert (kits.unit, kits.amount) == ("kit", 10.5)
    assert kits.short == pytest.approx(3.5)
    assert kits.met_frac == pytest.approx(2 / 3)
    assert kits.person_days == 900 * 14
    assert kits.people_short == pytest.approx(300)
    assert kits_of([kits]) == {"health_kit": (7, 10)}


@pytest.mark.parametrize(
    ("short", "shown"), [(0.0, (10, 10)), (0.02, (9, 10)), (0.97, (0, 10)), (1.0, (0, 10))]
)
def test_kits_are_whole_and_all_only_when_all_are_there(short: float, shown: tuple[int, int]) -> None:
    own = needing(
        severity("health_kit", 0, 14, 900, 10300, short), coverage=covered("health_kit", range(14), 735, 0)
    )
    assert kits_of(own) == {"health_kit": shown}


def test_a_lasting_need_is_not_added_up_over_days() -> None:
    """1 000 blankets of 1.6 kg due on day 4, half of them there: 500 short, not 500 on each of ten days."""
    (blankets,) = needing(
        severity("blankets", 0, 7, 1000 * 3 / 7, 3 * 1600, 0.5),
        severity("blankets", 7, 7, 1000, 7 * 1600, 0.5),
        coverage=covered("blankets", range(4, 14), 1600, 800),
    )
    assert blankets.amount == pytest.approx(1000)
    assert blankets.short == pytest.approx(500)
    assert blankets.people_short == pytest.approx(500)


def test_stock_for_after_the_plan_is_no_day_of_it() -> None:
    (energy,) = needing(
        severity("kcal", 7, 7, 1000, 14.7e6, 0.25),
        severity("kcal", 14, 0, 1000, 2.1e6, 1.0),
    )
    assert energy.short == pytest.approx(14.7e6 / 4)
    assert len(energy.weeks) == 1


def test_groups_are_weighed_by_person_days() -> None:
    rows = (
        severity("health_kit", 0, 14, 900, 10000, 0.5),
        severity("blankets", 0, 14, 1000, 22400, 1.0),
        severity("kcal", 0, 14, 1000, 29.4e6, 0.0),
    )
    own = needing(
        *rows,
        coverage=(*covered("health_kit", range(14), 700, 350), *covered("blankets", range(14), 1600, 1600)),
    )
    assert groups_of(own) == {"health": 0.5, "shelter": 0.0}
    names = names_of(sample_instance())
    said = "Of other needs 50.0 % of health (Health kit: 5 of 10) and none of shelter are met."
    assert items_sentence(own, names) == said
    assert items_sentence([one for one in own if one.need == "kcal"], names) == ""


def test_all_is_said_of_all_only() -> None:
    coverage = covered("blankets", range(14), 1600, 0)
    all_there = needing(severity("blankets", 0, 14, 1000, 22400, 0.0), coverage=coverage)
    almost = needing(severity("blankets", 0, 14, 1000, 22400, 0.0001), coverage=coverage)
    assert items_sentence(all_there, {}) == "Of other needs all of shelter is met."
    assert items_sentence(almost, {}) == "Of other needs 99.9 % of shelter is met."


LIMIT = Limit(
    name="zone_recovery_limit",
    place="dz",
    days=(0, 2),
    words="The ground team gathers only so much a day",
    unit="one tonne a day",
    gained=1.5e6,
    gained_people=51.0,
)


def short_plan(short_frac: float) -> Plan:
    rows = (severity("kcal", 0, 14, 1000, 29.4e6, short_frac),)
    return sample_plan().model_copy(update={"severity": rows})


def known(*limits: Limit, relaxed: float = 7e6) -> Shortfall:
    return Shortfall(
        community="town",
        need="kcal",
        unit="kcal",
        short=7.35e6,
        people=250.0,
        relaxed_short=relaxed,
        limits=limits,
    )


def test_a_shortfall_is_told_in_kcal_and_people_never_in_kg() -> None:
    (row,) = short_rows(short_plan(0.25), (known(LIMIT),), sample_instance(14))
    assert row.need == "Town: energy"
    assert row.short == "525 kcal a person and day short, 25.0 %: all that 250 people need"
    assert row.limits == (
        "The ground team gathers only so much a day (zone_recovery_limit, dz, on 2 days from 10 April 2016 "
        "to 12 April 2016): one tonne a day in addition would bring 1.5 million kcal more, all that 51 "
        "people need.",
    )


def test_a_limit_that_gains_nothing_says_so() -> None:
    idle = LIMIT.model_copy(update={"gained": 0.0, "gained_people": 0.0})
    (row,) = short_rows(short_plan(0.25), (known(idle),), sample_instance(14))
    assert row.limits[0].endswith("one tonne a day in addition would change nothing by itself.")


def test_a_shortfall_without_a_single_limit() -> None:
    (row,) = short_rows(short_plan(0.25), (known(relaxed=0.5e6),), sample_instance(14))
    assert row.limits[0].startswith("No single limit: 7.3 million kcal are short in all, and 500,000 kcal")


def test_what_was_worked_out_for_another_plan_is_not_shown() -> None:
    (row,) = short_rows(short_plan(0.3), (known(LIMIT),), sample_instance(14))
    assert row.limits == ()
    assert short_rows(short_plan(0.0), (known(LIMIT),), sample_instance(14)) == []


def test_the_gravest_comes_first() -> None:
    mild = severity("health_kit", 0, 14, 900, 10000, 0.5).model_copy(update={"severity": 1.0})
    plan = sample_plan().model_copy(
        update={"severity": (mild, severity("fat_g", 0, 14, 1000, 560000, 0.5)), "coverage": ()}
    )
    assert [row.need for row in short_rows(plan, (), sample_instance(14))] == [
        "Town: fat",
        "Town: Health kit",
    ]
