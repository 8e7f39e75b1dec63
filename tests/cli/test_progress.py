"""A line of progress: best plan, bound and gap, severity in person-days and percent."""

from __future__ import annotations

import pytest

from instances.schema import Standard
from optimizer.cli.progress import line, person_days
from optimizer.watch import Progress
from tests.reports.places import sample_instance


@pytest.mark.parametrize(
    ("progress", "shown"),
    [
        (Progress("timetable"), "un: timetable"),
        (
            Progress("severity_person_days", 81.0, 54.0, "person-days"),
            "un: severity, best 81 person-days (1.12 %), bound 54 person-days (0.75 %), gap 0.38 %",
        ),
        (
            Progress("worst_week_severity_frac", 0.07, None, "frac"),
            "un: severity of the worst community-week, best 7.0 %, bound -, gap -",
        ),
        (
            Progress("cost_usd", 21000.0, 20000.0, "USD"),
            "un: cost, best 21,000 USD, bound 20,000 USD, gap 4.76 %",
        ),
    ],
)
def test_a_line(progress: Progress, shown: str) -> None:
    assert line("un", progress, 7200.0) == shown


def test_person_days_are_those_of_communities_that_need_anything() -> None:
    instance = sample_instance(10)
    assert person_days(instance) == 12000
    town_only = tuple(need for need in instance.needs if need.community == "town")
    fewer = instance.model_copy(update={"needs": town_only})
    assert person_days(fewer) == 10000
    with_standard = fewer.model_copy(update={"standards": (Standard(community="hamlet"),)})
    assert person_days(with_standard) == 12000
