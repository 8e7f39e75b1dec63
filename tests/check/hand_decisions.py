"""A feasible plan of the tiny instance, made by hand, and the means to change one thing in it.

`HAND` is what a planner decides; `hand_files.written` works out every file that follows. Why the plan is
feasible:

* North flies one tail twice on Monday 11 April, at 06:00 and 09:00, from 5000 m (above the 3000 m of the
  low threat). The path is 425.365 km out and back, so 60 x 425.365 / 500 + 20 + 10 = 81.04, 82 min block,
  and the drop is (82 - 10) / 2 = 36 min after take-off. It lands at 07:22 and has turned round at 08:22.
* Of 750 + 1000 kg flour and 125 kg soap 80 % lands: 1400 kg and 100 kg. The town gets 900 kg flour and
  100 kg soap, the hamlet 500 kg (its link's limit), 10 % of which is lost.
* South's path is 288.026 km: 65 min block. It flies on Wednesday with low canopies (90 % of 1000 kg lands)
  and on Thursday with high canopies (80 %): 900 kg and 800 kg, all for the town.
* The town eats 500 kg flour a day and starts with 500: its evenings hold 900, 400, 800, 1100, 600, 100.
  Soap: 20 a day, starts with 20: 100, 80, 60, 40, 20, 0. The hamlet should eat 100 a day, and 450 kg for six
  days are 75 a day: 375, 300, 225, 150, 75, 0. The standard is what half a kg of flour holds, so that the
  hamlet is a quarter short of everything: 0.04 + 0.55 x 0.05 = 0.0675 of 1200 person-days, 81.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from pathlib import Path as File
from typing import Any

import yaml

from instances.schema import TABLES, Header, Instance

TINY = File(__file__).parents[1] / "data" / "tiny"


def tiny() -> Instance:
    """The tiny instance, read with nothing but the schema."""
    tables: dict[str, Any] = {}
    for name, row_type in TABLES.items():
        file = TINY / f"{name}.csv"
        if file.exists():
            with file.open(encoding="utf-8", newline="") as lines:
                rows = [{k: v for k, v in row.items() if v} for row in csv.DictReader(lines)]
            tables[name] = tuple(row_type.model_validate(row) for row in rows)
    drawn = json.loads((TINY / "airspace.geojson").read_text(encoding="utf-8"))
    tables["airspace"] = tuple(
        TABLES["airspace"].model_validate(
            {**feature["properties"], "outline": feature["geometry"]["coordinates"][0][:-1]}
        )
        for feature in drawn["features"]
    )
    header = Header.model_validate(yaml.safe_load((TINY / "instance.yaml").read_text(encoding="utf-8")))
    return Instance(header=header, **tables)


def changed(instance: Instance, table: str, *key: str, **values: object) -> Instance:
    """The instance with other values in one row, named by its leading columns."""
    rows = getattr(instance, table)
    hits = [
        row
        for row in rows
        if tuple(getattr(row, c) for c in list(type(row).model_fields)[2:])[: len(key)] == key
    ]
    assert len(hits) == 1, (table, key)
    swapped = tuple(row.model_copy(update=values) if row is hits[0] else row for row in rows)
    return instance.model_copy(update={table: swapped})


@dataclass(frozen=True)
class Flown:
    """A sortie as decided: loads are (commodity, bundles, kg)."""

    id: str
    fleet: str
    tail: int
    takeoff: str
    method: str
    height_m: float
    loads: tuple[tuple[str, int, float], ...]
    zone: str = "dz"


@dataclass(frozen=True)
class Decisions:
    """What a planner decides; hand-overs are (day, community, commodity, kg).

    `eaten` are rations other than the most even: community, commodity, kg day by day.
    """

    flown: tuple[Flown, ...]
    tails: tuple[tuple[str, int], ...]
    handed: tuple[tuple[int, str, str, float], ...]
    feeders: tuple[tuple[int, str, int, str, float], ...] = ()
    parties: tuple[str, ...] = ("north", "south")
    coverage_frac: float | None = None
    coverage_from: int = 0
    eaten: tuple[tuple[str, str, tuple[float, ...]], ...] = ()

    def with_sortie(self, sortie_id: str, **values: Any) -> Decisions:
        """The same with one sortie changed."""
        assert any(one.id == sortie_id for one in self.flown)
        flown = tuple(replace(one, **values) if one.id == sortie_id else one for one in self.flown)
        return replace(self, flown=flown)


HAND = Decisions(
    flown=(
        Flown(
            "s1",
            "north_hauler",
            1,
            "2016-04-11T06:00",
            "canopy_high",
            5000,
            (("flour", 3, 750), ("soap", 1, 125)),
        ),
        Flown("s2", "north_hauler", 1, "2016-04-11T09:00", "canopy_high", 5000, (("flour", 4, 1000),)),
        Flown("s3", "south_hauler", 1, "2016-04-13T07:00", "canopy_low", 1000, (("flour", 4, 1000),)),
        Flown("s4", "south_hauler", 1, "2016-04-14T07:00", "canopy_high", 5000, (("flour", 4, 1000),)),
    ),
    tails=(("north_hauler", 1), ("south_hauler", 1)),
    handed=(
        (0, "town", "flour", 900),
        (0, "town", "soap", 100),
        (0, "hamlet", "flour", 500),
        (2, "town", "flour", 900),
        (3, "town", "flour", 800),
    ),
)
