"""The flight programme: what crews read, the same bytes always, and calendars that calendars can read."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser
from pathlib import Path

import pytest
from icalendar import Calendar

from reports.programme import programme_files
from reports.schedules import read_plan, write_plan
from tests.reports.plan_samples import at, load, sample_plan, sortie


class Cells(HTMLParser):
    """Text of the cells of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self._open = tag == "td"

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found.append(data)


def test_programme_shows_every_sortie_with_its_times() -> None:
    """Take-off 05:30 UTC is 08:30 in Damascus; the drop is at 06:12, the landing at 07:04 UTC."""
    files = programme_files(sample_plan())
    page = Cells()
    page.feed(files["programme.html"])
    times = ["08:30", "05:30Z", "north_hauler_1", "north", "dz, dz_2", "09:12", "10:04", "5000"]
    assert page.found[: len(times)] == times
    assert "1000.000 kg flour" in page.found
    text = files["programme.txt"]
    assert "airfield_n, Sunday 2016-04-10: 1 sortie" in text
    assert all(time in text for time in ("08:30", "05:30Z", "09:12", "10:04"))


def test_one_calendar_per_base() -> None:
    other = sortie().model_copy(update={"sortie_id": "s2", "base": "airfield_s"})
    plan = sample_plan().model_copy(update={"sorties": (sortie(), other)})
    files = programme_files(plan)
    assert {name for name in files if name.endswith(".ics")} == {
        "calendar_airfield_n.ics",
        "calendar_airfield_s.ics",
    }
    calendar = Calendar.from_ical(files["calendar_airfield_n.ics"])
    events = [part for part in calendar.walk() if part.name == "VEVENT"]
    assert [(e["dtstart"].dt, e["dtend"].dt) for e in events] == [(at(5, 30), at(7, 4))]
    assert str(events[0]["location"]) == "airfield_n"
    assert "1000.000 kg flour" in str(events[0]["description"])


def test_texts_of_a_plan_cannot_break_the_page() -> None:
    bad = load().model_copy(update={"commodity": "<script>alert(1)</script>"})
    plan = sample_plan().model_copy(update={"loads": (bad,)})
    assert "<script>" not in programme_files(plan)["programme.html"]


def test_calendars_of_bases_no_longer_used_go(tmp_path: Path) -> None:
    write_plan(sample_plan(), tmp_path / "plan")
    moved = sample_plan().model_copy(
        update={"sorties": (sortie().model_copy(update={"base": "airfield_s"}),)}
    )
    write_plan(moved, tmp_path / "plan")
    names = [path.name for path in (tmp_path / "plan").glob("*.ics")]
    assert names == ["calendar_airfield_s.ics"]


def test_a_plan_without_a_timetable_file_is_read(tmp_path: Path) -> None:
    write_plan(sample_plan(), tmp_path / "plan")
    (tmp_path / "plan" / "timetable.csv").unlink()
    assert read_plan(tmp_path / "plan").timetable == ()


@pytest.mark.parametrize("hours", [-11, 0, 14])
def test_local_times_are_those_of_the_take_off(hours: int) -> None:
    zone = dt.timezone(dt.timedelta(hours=hours))
    far = sortie().model_copy(update={"takeoff_local": at(5, 30).astimezone(zone)})
    text = programme_files(sample_plan().model_copy(update={"sorties": (far,)}))["programme.txt"]
    assert at(7, 4).astimezone(zone).strftime("%H:%M") in text
