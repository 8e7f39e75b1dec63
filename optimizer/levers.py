"""Estimates that could be otherwise: found in an instance, ranked by a plan, turned down and up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from instances.fields import Grade
from instances.provenance import Provenance, key_of
from instances.schema import Instance, Row
from optimizer.plan import Plan

MOST: Final = 5
"""Estimates that are named, and solved again."""
SLACK: Final = 0.1
"""What a limit that is not reached counts for, beside one that is."""
TIGHT: Final = 0.9
"""Share of a limit that counts as reached."""
SHARES: Final = ("serviceable_frac", "failure_frac", "damage_frac", "loss_frac", "landed_frac")
"""Columns that end at 1."""


@dataclass(frozen=True)
class Lever:
    """An estimate, or one column of several rows that are estimated alike.

    Attributes
    ----------
    table : str
        Table of the instance.
    columns : tuple of str
        Columns that change together.
    keys : tuple of str
        Keys of the rows.
    weight : float
        First-order guess of the share of the outcome that hangs on it, to choose what to solve again.
    """

    table: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    weight: float

    @property
    def name(self) -> str:
        """In words: column, and row if it is one."""
        of = self.keys[0] if len(self.keys) == 1 else f"all {self.table}"
        return f"{' and '.join(self.columns)} of {of}"

    def turned(self, instance: Instance, factor: float) -> Instance:
        """The instance with these figures times `factor`; shares end at 1, whole numbers are rounded."""
        rows = tuple(
            self._row(row, factor) if key_of(self.table, row) in self.keys else row
            for row in getattr(instance, self.table)
        )
        return instance.model_copy(update={self.table: rows})

    def _row(self, row: Row, factor: float) -> Row:
        update: dict[str, Any] = {}
        for column in self.columns:
            value = getattr(row, column)
            if isinstance(value, int):
                update[column] = round(value * factor)
            elif value is not None:
                update[column] = min(1.0, value * factor) if column in SHARES else value * factor
        return row.model_copy(update=update)


class Weights:
    """First-order shares of a plan: of its cost by price, of its cargo by way, of its limits by use.

    Parameters
    ----------
    instance : Instance
        The plan's.
    plan : Plan
        With all its records.
    """

    def __init__(self, instance: Instance, plan: Plan) -> None:
        self.instance, self.plan = instance, plan
        self.cost_usd = sum(row.usd for row in plan.costs) or 1.0
        self.dropped_kg = sum(load.net_kg for load in plan.loads) or 1.0

    @cached_property
    def kg_by(self) -> Mapping[tuple[str, str], float]:
        """Cargo by method, zone, base and fleet, as a share of all."""
        sorties = {one.sortie_id: one for one in self.plan.sorties}
        found: dict[tuple[str, str], float] = defaultdict(float)
        for load in self.plan.loads:
            one = sorties[load.sortie_id]
            own = {"methods": one.method, "zones": load.zone, "bases": one.base, "fleets": one.fleet}
            for name in own.items():
                found[name] += load.net_kg / self.dropped_kg
        return found

    def flying(self, row: Any, column: str) -> float:
        """Share of the cost that a rate of a fleet makes."""
        own = [one for one in self.plan.sorties if one.fleet == row.id]
        tails = sum(use.tails for use in self.plan.fleet if use.fleet == row.id)
        amounts = {
            "usd_per_block_h": sum(one.block_min for one in own) / 60,
            "usd_per_sortie": float(len(own)),
            "standing_usd_per_day": float(tails * self.instance.header.days),
        }
        return float(getattr(row, column) * amounts[column] / self.cost_usd)

    def item(self, name: str) -> float:
        """Share of the cost of an item of the bill."""
        return sum(row.usd for row in self.plan.costs if row.item == name) / self.cost_usd

    def rigging(self, row: Any, _: str) -> float:
        """Share of the cost that the sets of a method make."""
        bundles = sum(one.bundles for one in self.plan.sorties if one.method == row.id)
        return float(row.unit_usd * bundles / self.cost_usd)

    def carried(self, table: str, key: str) -> float:
        """Share of the cargo that goes this way."""
        return self.kg_by.get((table, key), 0.0)

    def hours(self, row: Any, _: str) -> float:
        """Share of the cargo of a fleet, if its tails fly nearly all they may."""
        use = next((one for one in self.plan.fleet if one.fleet == row.id and one.tails), None)
        if use is None:
            return 0.0
        may_h = use.tails * row.hours_per_30_days * max(1.0, self.instance.header.days / 30)
        return self.carried("fleets", row.id) * (1.0 if use.block_h >= TIGHT * may_h else SLACK)

    def daily(self, row: Any, column: str) -> float:
        """Share of the cargo of a zone or base, if the busiest day nearly reaches its limit."""
        at_zone = column == "recovery_kg_per_day"
        sorties = {one.sortie_id: one for one in self.plan.sorties}
        kg: dict[Any, float] = defaultdict(float)
        for load in self.plan.loads:
            one = sorties[load.sortie_id]
            if (load.zone if at_zone else one.base) == row.id:
                kg[one.date] += load.landed_kg if at_zone else load.net_kg
        share = self.carried("zones" if at_zone else "bases", row.id)
        return share * (1.0 if max(kg.values(), default=0.0) >= TIGHT * getattr(row, column) else SLACK)

    def budget(self) -> float:
        """1 if some limit on risk is nearly used up."""
        used = [one.value / one.limit for one in self.plan.risk if one.limit]
        return 1.0 if max(used, default=0.0) >= TIGHT else SLACK


type Weigh = Callable[[Weights, Any, str], float]

_ONE_BY_ONE: Final[tuple[tuple[str, str, Weigh], ...]] = (
    ("fleets", "usd_per_block_h", Weights.flying),
    ("fleets", "usd_per_sortie", Weights.flying),
    ("fleets", "standing_usd_per_day", Weights.flying),
    ("fleets", "hours_per_30_days", Weights.hours),
    ("methods", "unit_usd", Weights.rigging),
    ("methods", "bundle_net_kg", lambda w, row, _: w.carried("methods", row.id)),
    ("methods", "wind_limit_mps", lambda w, row, _: w.carried("methods", row.id)),
    ("methods", "path_limit_m", lambda w, row, _: w.carried("methods", row.id)),
    ("methods", "failure_frac", lambda w, row, _: row.failure_frac * w.carried("methods", row.id)),
    ("methods", "damage_frac", lambda w, row, _: row.damage_frac * w.carried("methods", row.id)),
    ("zones", "recovery_kg_per_day", Weights.daily),
    ("bases", "handling_kg_per_day", Weights.daily),
    ("recoveries", "landed_frac", lambda w, row, _: w.carried("zones", row.zone)),
)
"""Estimates taken row by row, and what they weigh."""

_TOGETHER: Final[tuple[tuple[str, tuple[str, ...], Callable[[Weights], float]], ...]] = (
    ("supplies", ("usd_per_kg",), lambda w: w.item("cargo")),
    ("feeders", ("usd_per_trip",), lambda w: w.item("feeder")),
    ("links", ("usd_per_kg",), lambda w: w.item("recovery")),
    ("links", ("loss_frac",), lambda w: max((one.loss_frac for one in w.instance.links), default=0.0)),
    ("winds", ("u_mps", "v_mps"), lambda w: sum(w.carried("methods", one) for one in _windy(w.instance))),
    ("airspace", ("loss_per_100_km", "loss_per_transit"), Weights.budget),
    ("needs", ("kg_per_person_day", "kg_per_day", "kg_per_person"), lambda w: _itemised(w.instance)),
    ("standards", ("kcal", "protein_g", "fat_g"), lambda _: 1.0),
    ("communities", ("starting_stock_days",), lambda w: _stocked(w.instance)),
)
"""Estimates of many rows that are wrong together, if they are."""


def _windy(instance: Instance) -> Iterator[str]:
    """Methods that the wind holds up."""
    return (one.id for one in instance.methods if one.wind_limited)


def _itemised(instance: Instance) -> float:
    """All of the plan where items are needed; planned rations only say how much is in stock at first."""
    foods = {one.id for one in instance.commodities if one.is_food}
    return 1.0 if any(one.commodity not in foods for one in instance.needs) else _stocked(instance)


def _stocked(instance: Instance) -> float:
    """Longest first stock as a share of the plan."""
    return max((one.starting_stock_days for one in instance.communities), default=0.0) / instance.header.days


def levers(instance: Instance, plan: Plan) -> list[Lever]:
    """Estimates that carry any weight in a plan, the heaviest first; figures of better grades are left out.

    Parameters
    ----------
    instance : Instance
        The plan's.
    plan : Plan
        With all its records.
    """
    weights, known = Weights(instance, plan), Provenance(instance)

    def guessed(table: str, row: Row, column: str) -> bool:
        filled = bool(getattr(row, column))
        return filled and known.of(table, row, column)[0] in (Grade.ESTIMATE, None)

    found = []
    for table, column, weigh in _ONE_BY_ONE:
        rows = [row for row in getattr(instance, table) if guessed(table, row, column)]
        found += [Lever(table, (column,), (key_of(table, row),), weigh(weights, row, column)) for row in rows]
    for table, columns, weigh_all in _TOGETHER:
        rows = [
            row for row in getattr(instance, table) if any(guessed(table, row, column) for column in columns)
        ]
        if rows:
            keys = tuple(key_of(table, row) for row in rows)
            found.append(Lever(table, columns, keys, weigh_all(weights)))
    return sorted((one for one in found if one.weight > 0), key=lambda one: -one.weight)


def heaviest(instance: Instance, plan: Plan) -> Iterator[str]:
    """A note that names the estimates on which most hangs, by the first-order guess."""
    names = [one.name for one in levers(instance, plan)[:MOST]] if plan.sorties else []
    if names:
        yield (
            f"most hangs on these estimates: {', '.join(names)}; "
            "`aidlift tornado` solves again with them lower and higher"
        )
