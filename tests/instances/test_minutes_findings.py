"""Minutes of a day that cannot be: one finding each, with its place, before anything is solved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from instances.errors import Finding
from instances.load import load_instance

type Edit = Callable[[str, str | None, str], None]
type FindingsOf = Callable[..., tuple[Finding, ...]]
type Edits = tuple[tuple[str, str, str], ...]

BY_DAYLIGHT: Edits = (
    ("parties.csv", "needs_ground_team", "needs_ground_team,daylight_only"),
    ("parties.csv", "18:00,true,", "18:00,true,true,"),
    ("parties.csv", "18:00,false,", "18:00,false,,"),
)


def crew(column: str, minutes: str) -> Edits:
    """The column for north's crews; south's cell stays empty."""
    return (
        ("fleets.csv", "hull_usd", f"hull_usd,{column}"),
        ("fleets.csv", "1000000,", f"1000000,{minutes},"),
        ("fleets.csv", "2,200,1000000,estimate", "2,200,1000000,,estimate"),
    )


CASES: tuple[tuple[Edits, str, str, str, str], ...] = (
    (
        (("bases.csv", "20:00,2,20000", "20:00,0,20000"),),
        "AL-3101",
        "bases.csv",
        "ramp_slots",
        "north_hauler stands there and could never be loaded (0)",
    ),
    (
        (("aircraft.csv", "500,20,60,4", "500,20,840,4"),),
        "AL-3102",
        "fleets.csv",
        "aircraft",
        "840 min of turnaround from 04:00, when airfield_n opens, end after 18:00",
    ),
    (
        crew("crew_duty_min", "60"),
        "AL-3103",
        "fleets.csv",
        "crew_duty_min",
        "the shortest sortie takes 80 min (60)",
    ),
    (
        crew("crew_flight_min", "8"),
        "AL-3103",
        "fleets.csv",
        "crew_flight_min",
        "the shortest sortie takes 80 min (8)",
    ),
    (
        (*BY_DAYLIGHT, ("zones.csv", "06:00,17:00", "20:00,23:00")),
        "AL-3104",
        "zones.csv",
        "recovery_from",
        "from 20:00 to 23:00 it is dark on every day of the plan (20:00)",
    ),
    (
        (
            *BY_DAYLIGHT,
            ("instance.yaml", "north: 38.0", "north: 80.0"),
            ("zones.csv", "35.0,40.0", "78.0,40.0"),
        ),
        "AL-3105",
        "zones.csv",
        "lat",
        "lies beyond 72 degrees",
    ),
)


@pytest.mark.parametrize(("edits", "number", "file", "column", "text"), CASES)
def test_minutes_that_cannot_be(
    edit: Edit, findings_of: FindingsOf, edits: Edits, number: str, file: str, column: str, text: str
) -> None:
    for where, old, new in edits:
        edit(where, old, new)
    found = findings_of()
    assert {one.id for one in found} == {number}, found
    assert (found[0].file, found[0].row, found[0].column) == (file, 2, column)
    assert text in str(found[0])
    assert found[0].remedy


FEEDER = (
    "id,party,mode,from_base,to_base,kg_per_trip,trips_per_day,usd_per_trip,aircraft,minutes\n"
    "bridge,north,airlift,airfield_n,airfield_s,1000,{},100,hauler,60\n"
)


@pytest.mark.parametrize(("trips", "right"), [(4, True), (5, False)])
def test_trips_of_a_feeder_fit_into_a_day(
    edit: Edit, tiny: Any, findings_of: FindingsOf, trips: int, right: bool
) -> None:
    """The base is open for 960 minutes; four trips of 240 take 960."""
    edit("feeders.csv", None, FEEDER.format(trips))
    edit("bases.csv", "39.0,south,", "39.0,north;south,")
    edit("supplies.csv", "airfield_s,flour,", "airfield_s,soap,0,,0,2,,\nairfield_s,flour,")
    if right:
        assert load_instance(tiny).feeders[0].trips_per_day == trips
        return
    found = findings_of()
    assert [(one.id, one.file, one.row, one.column) for one in found] == [
        ("AL-3106", "feeders.csv", 2, "trips_per_day")
    ]
    assert "take 1200 min (5)" in str(found[0])


@pytest.mark.parametrize(
    "edits",
    [
        crew("crew_duty_min", "82"),
        (("aircraft.csv", "500,20,60,4", "500,20,839,4"),),
        (*BY_DAYLIGHT, ("zones.csv", "06:00,17:00", "18:00,23:00")),  # civil dusk is at 19:13
    ],
)
def test_minutes_that_can_just_be(edit: Edit, tiny: Any, edits: Edits) -> None:
    for where, old, new in edits:
        edit(where, old, new)
    assert load_instance(tiny).header.id == "tiny"
