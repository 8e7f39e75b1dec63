"""What changes nothing: names, the order of rows, one place told as two. And more of anything never harms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from instances.schema import TABLES, Instance
from optimizer.campaign.objective import cheapest, goals
from tests.optimizer.generated import network_of, planned, small
from tests.optimizer.hand import changed, fed, header, tiny
from tests.optimizer.relief import least, program_of

SEEDS = (1, 2, 3, 4)


def values(instance: Instance) -> list[float]:
    """The least of every goal by itself; of the cost, where half of every need is covered."""
    net = replace(network_of(instance), coverage_from=0)
    program = program_of(net)
    first = [least(program, goal) for goal in goals(net)[:-1]]
    return [*first, least(program_of(net, (cheapest(),), 0.5), cheapest())]


def same(instance: Instance, other: Instance) -> bool:
    return values(other) == pytest.approx(values(instance), rel=1e-6, abs=1e-6)


def renamed(instance: Instance, names: dict[str, str]) -> Instance:
    """Other ids, wherever they stand."""

    def told(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: told(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return tuple(told(one) for one in value)
        return names.get(value, value) if isinstance(value, str) else value

    tables = instance.model_dump()
    return Instance.model_validate({**told(tables), "header": tables["header"]})


LIKE_DAYS = {
    "town": "d001",
    "hamlet": "unmet",
    "dz": "d1",
    "flour": "d000",
    "soap": "p0",
    "airfield_n": "all",
    "airfield_s": "d002",
    "north_hauler": "z_last",
    "south_hauler": "a_first",
    "canopy_low": "most",
    "north": "worst_week",
    "lorry": "kg",
}
"""Ids that look like days, or like what rows are called; and fleets sort the other way round."""


def test_names_change_nothing() -> None:
    before = changed(fed(header(tiny(), days=4)), "zones", "dz", recovery_kg_per_day=300.0)
    other = renamed(before, LIKE_DAYS)
    assert {z.id for z in other.zones} == {"d1"}
    assert values(before)[0] > 100
    assert same(before, other)


def test_names_change_no_plan() -> None:
    before = header(tiny(), days=2)
    plan, other = (planned(one, "levels") for one in (before, renamed(before, LIKE_DAYS)))
    told = [[goal.value for goal in one.objectives] for one in (plan, other)]
    assert told[1] == pytest.approx(told[0], rel=0.005, abs=0.01)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    instance = small(seed, 0.7, 5, 2)
    tables = {name: getattr(instance, name)[::-1] for name in TABLES}
    assert same(instance, instance.model_copy(update=tables))


def halves(instance: Instance) -> Instance:
    """Every community as two, each with half of its people, needs and store."""
    tables: dict[str, list[Any]] = {}

    def twice(table: str, key: str, *columns: str) -> None:
        tables[table] = [
            row.model_copy(
                update={
                    key: f"{getattr(row, key)}_{side}",
                    **{c: v / 2 for c in columns if (v := getattr(row, c)) is not None},
                }
            )
            for row in getattr(instance, table)
            for side in ("east", "west")
        ]

    twice("communities", "id", "storage_kg")
    twice("needs", "community", "kg_per_day")
    twice("standards", "community")
    twice("links", "community")
    tables["communities"] = [
        k.model_copy(update={"population": k.population // 2}) for k in tables["communities"]
    ]
    return instance.model_copy(update={name: tuple(rows) for name, rows in tables.items()})


@pytest.mark.parametrize("seed", SEEDS)
def test_a_place_told_as_two_halves_changes_nothing(seed: int) -> None:
    """Ways carry whatever lands: half a way is another rule than a way."""
    instance = small(seed, 0.7, 5, 2)
    even = tuple(k.model_copy(update={"population": 2 * (k.population // 2)}) for k in instance.communities)
    wide = tuple(way.model_copy(update={"kg_per_day": 1e6}) for way in instance.links)
    instance = instance.model_copy(update={"communities": even, "links": wide})
    assert not any(need.people for need in instance.needs)
    assert same(instance, halves(instance))


MORE = [
    ("supplies", "kg", 2.0),
    ("rigs", "count", 2),
    ("fleets", "max_tails", 2),
    ("zones", "recovery_kg_per_day", 1.5),
    ("links", "kg_per_day", 1.5),
    ("bases", "handling_kg_per_day", 1.5),
    ("bases", "ramp_slots", 2),
    ("communities", "storage_kg", 3.0),
    ("communities", "starting_stock_days", 2.0),
    ("parties", "loss_budget", 2.0),
]


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_more_of_anything_never_raises_severity(seed: int) -> None:
    """Table by table, every row of it; and something of it helps."""
    instance = small(seed, 1.0, 9)

    def severity(one: Instance) -> float:
        net = network_of(one)
        return least(program_of(net), goals(net)[0])

    before, after = severity(instance), {}
    for table, column, times in MORE:
        rows = tuple(
            row.model_copy(update={column: times * value})
            for row in getattr(instance, table)
            if (value := getattr(row, column)) is not None
        )
        if len(rows) == len(getattr(instance, table)):
            after[table, column] = severity(instance.model_copy(update={table: rows}))
    # Rows of whole sorties follow the limits: fractions may gain by a narrower one, by less than a sortie.
    assert {key: value for key, value in after.items() if value > before * (1 + 1e-6) + 1e-6} == {}
    assert min(after.values()) < before * 0.999
