"""The minutes of the stops of a sortie, where rounding noise leaves two answers."""

from __future__ import annotations

import datetime as dt
from typing import cast

import pytest

from instances.schema import Zone
from optimizer.check.calls import Call, timed
from optimizer.check.scatter import FullLoad
from tests.check.hand_files import written
from tests.check.hand_plan import HAND, tiny

TAKEOFF = dt.datetime(2016, 4, 11, 8, tzinfo=dt.UTC)
LOAD = written(HAND, tiny()).loads[0]


def call(number: int, *drops: int) -> Call:
    """A stop with loads that the plan drops so many minutes after take-off."""
    loads = tuple(LOAD.model_copy(update={"drop_utc": after(minutes)}) for minutes in drops)
    return Call(number, cast("Zone", None), loads, cast("FullLoad", None), 0.0, 1.0, 0.0, 0.0, 0.0, "table")


def after(minutes: int) -> dt.datetime:
    return TAKEOFF + dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("drops", "gone_min", "due"),
    [
        ((11,), 10.0001, 11),  # the plan says which
        ((10,), 10.0001, 10),
        ((), 10.0001, 11),  # nothing is dropped, so the plan does not say it: rounded up as it is
        ((), 10.0, 10),
        ((), 9.9999, 10),
    ],
)
def test_a_stop_between_two_minutes(drops: tuple[int, ...], gone_min: float, due: int) -> None:
    first, second = timed([call(1, *drops), call(2, 30)], TAKEOFF, [gone_min, 19.5], 0.0)
    assert first.drop == after(due)
    assert second.drop == after(30)
