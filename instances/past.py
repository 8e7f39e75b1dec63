"""Rules over figures and history: whoever reads them later can see where each comes from."""

from __future__ import annotations

from collections.abc import Iterator

from instances.entries import Entry, Tables
from instances.errors import Finding
from instances.history import DROP_MEASURES, History
from instances.kinds import Kind
from instances.schema import Figure, Row

_OF_DROPS = ("zone", "method", "aircraft", "release_height_m", "month", "drop_bundles")
_NEEDED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(DROP_MEASURES, _OF_DROPS),
    "people_fed": ("ration_kg",),
    "units": ("commodity",),
    "units_per_bundle": ("commodity",),
}
"""Columns that a measure cannot do without."""


def figures_have_a_source(tables: Tables) -> Iterator[Finding]:
    """A figure without grade or source is no evidence."""
    rows: list[Entry[Row]] = [*tables.of(Figure), *tables.of(History)]
    for entry in rows:
        for column, value in (("grade", entry.row.grade), ("source", entry.row.source)):
            if not value:
                yield Kind.WITHOUT_SOURCE.at(entry.at(column), "is empty")


def measures_are_complete(tables: Tables) -> Iterator[Finding]:
    """A row says all that its measure asks for."""
    for entry in tables.of(History):
        for column in _NEEDED.get(entry.row.measure, ()):
            if getattr(entry.row, column) is None:
                yield Kind.MEASURE_INCOMPLETE.at(entry.at(column), f"is empty, {entry.row.measure} needs it")


def ranges_run_upward(tables: Tables) -> Iterator[Finding]:
    """A range runs from its lower to its upper end."""
    for entry in tables.of(History):
        if entry.row.value_to is not None and entry.row.value_to <= entry.row.value:
            yield Kind.RANGE_BACKWARD.at(entry.at("value_to"), f"is not above value {entry.row.value:g}")


RULES = (figures_have_a_source, measures_are_complete, ranges_run_upward)
