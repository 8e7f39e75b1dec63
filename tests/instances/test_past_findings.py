"""What is wrong with a table of history, and the figures of a library that nobody vouches for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from instances.errors import Finding

type Edit = Callable[[str, str | None, str], None]
type FindingsOf = Callable[..., tuple[Finding, ...]]

HEADER = "id,quantity,unit,value,value_to,tolerance_frac,measure,fleets,month,grade,source\n"


@pytest.mark.parametrize(
    ("row", "number", "column"),
    [
        ("total,Drops,drops,10,,0.1,sorties,,,,a book", "AL-3501", "grade"),
        ("total,Drops,drops,10,,0.1,sorties,,,sourced,", "AL-3501", "source"),
        ("total,Drops,drops,10,,0.1,sorties,,,guess,a book", "AL-2007", "grade"),
        ("total,Drops,drops,10,,0.1,flights,,,sourced,a book", "AL-2007", "measure"),
        ("total,Fed,people,10,,0.1,people_fed,,,sourced,a book", "AL-3502", "ration_kg"),
        ("total,Drops,drops,10,9,0.1,sorties,,,sourced,a book", "AL-3503", "value_to"),
        ("total,Drops,drops,10,,0.1,sorties,nobody,,sourced,a book", "AL-3001", "fleets"),
    ],
)
def test_history_finding(edit: Edit, findings_of: FindingsOf, row: str, number: str, column: str) -> None:
    edit("history.csv", None, HEADER + row + "\n")
    found = findings_of()
    assert [(one.id, one.file, one.row, one.column) for one in found] == [(number, "history.csv", 2, column)]


def test_a_drop_needs_all_that_describes_it(edit: Edit, findings_of: FindingsOf) -> None:
    edit("history.csv", None, HEADER + "t,In,share,0.9,,0.1,drop_in_zone_frac,,4,sourced,a book\n")
    missing = {one.column for one in findings_of()}
    assert missing == {"zone", "method", "aircraft", "release_height_m", "drop_bundles"}
    assert {one.id for one in findings_of()} == {"AL-3502"}


def test_a_figure_without_source_is_a_finding(edit: Edit, findings_of: FindingsOf) -> None:
    edit("figures.csv", None, "table,id,column,grade\nzones,dz,lat,estimate\n")
    (found,) = findings_of()
    assert (found.id, found.file, found.row, found.column) == ("AL-3501", "figures.csv", 2, "source")
