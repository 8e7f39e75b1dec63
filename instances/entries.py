"""The view that rules have of an instance: typed rows that know where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from instances.columns import columns
from instances.errors import Place
from instances.schema import ID_PATTERN, TABLES, Header, Row
from instances.tables import RawRow, RawTable

REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("bases", "parties", "parties"),
    ("supplies", "base", "bases"),
    ("supplies", "commodity", "commodities"),
    ("feeders", "party", "parties"),
    ("feeders", "from_base", "bases"),
    ("feeders", "to_base", "bases"),
    ("feeders", "aircraft", "aircraft"),
    ("fleets", "party", "parties"),
    ("fleets", "base", "bases"),
    ("fleets", "aircraft", "aircraft"),
    ("fleets", "methods", "methods"),
    ("rigs", "base", "bases"),
    ("rigs", "method", "methods"),
    ("zones", "methods", "methods"),
    ("recoveries", "zone", "zones"),
    ("recoveries", "method", "methods"),
    ("links", "zone", "zones"),
    ("links", "community", "communities"),
    ("commodities", "methods", "methods"),
    ("needs", "community", "communities"),
    ("needs", "commodity", "commodities"),
    ("standards", "community", "communities"),
    ("airspace", "parties", "parties"),
    ("legs", "base", "bases or zones"),
    ("legs", "zone", "zones"),
    ("history", "fleets", "fleets"),
    ("history", "commodity", "commodities"),
    ("history", "zone", "zones"),
    ("history", "method", "methods"),
    ("history", "aircraft", "aircraft"),
)
"""Table and column that hold an id (or a list of them), and the table, or either of two, it must be in."""

_STEMS = {model: table for table, model in TABLES.items()}


@dataclass(frozen=True)
class Entry[R: Row]:
    """A row of the schema and the cells it was built from."""

    raw: RawRow
    row: R

    def at(self, column: str, value: str | None = None) -> Place:
        """Where a cell stands; `value` narrows a list cell to one of its parts."""
        place = self.raw.at(column)
        return place if value is None else place._replace(value=value)


@dataclass(frozen=True)
class Tables:
    """What could be read of an instance.

    Attributes
    ----------
    header : Header or None
        None when ``instance.yaml`` has findings.
    raw : mapping
        Every table as text; None for one that could not be read.
    built : mapping
        Rows without findings of their own, by table.
    """

    header: Header | None
    raw: Mapping[str, RawTable | None]
    built: Mapping[str, tuple[Entry[Row], ...]]

    def of[R: Row](self, model: type[R]) -> tuple[Entry[R], ...]:
        """The sound rows of a table."""
        return cast(tuple[Entry[R], ...], self.built[_STEMS[model]])

    def by_id[R: Row](self, model: type[R]) -> dict[str, Entry[R]]:
        """The sound rows of a table that has an ``id``."""
        return {entry.raw.cells["id"]: entry for entry in self.of(model)}

    def rows(self, table: str) -> tuple[RawRow, ...]:
        """All rows of a table as text, sound or not."""
        found = self.raw[table]
        return found.rows if found else ()

    @cached_property
    def ids(self) -> dict[str, frozenset[str]]:
        """Ids by table, also of rows with findings; without the tables whose ids are not known."""
        with_id = (table for table in self.raw if table in TABLES and "id" in columns(table))
        known = {table: frozenset(row.cells.get("id", "") for row in self.rows(table)) for table in with_id}
        return {table: ids for table, ids in known.items() if self.raw[table] is not None and "" not in ids}

    def named(self, target: str) -> frozenset[str]:
        """Ids of a table, or of either of two."""
        return frozenset().union(*(self.ids[table] for table in target.split(" or ")))

    @cached_property
    def dangling(self) -> tuple[tuple[RawRow, str, str, str], ...]:
        """Every id that is used and has no row: row, column, id, and the table that lacks it."""
        return tuple(
            (row, column, value, target)
            for table, column, target in REFERENCES
            if set(target.split(" or ")) <= set(self.ids)
            for row in self.rows(table)
            for value in re.split(r"\s*;\s*", row.cells.get(column, ""))
            if re.match(ID_PATTERN, value) and value not in self.named(target)
        )

    def complete(self, *models: type[Row]) -> bool:
        """Whether every row of these tables is sound, so that absence means something."""
        loose = {row.table for row, *_ in self.dangling}
        return all(
            self.raw[table] is not None
            and len(self.rows(table)) == len(self.built[table])
            and table not in loose
            for table in (_STEMS[model] for model in models)
        )
