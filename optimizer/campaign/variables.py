"""The decisions of the campaign, one dictionary per name in ``optimizer/README.md``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from pulp import LpProblem, LpVariable

from optimizer.needs import Demand
from optimizer.network import Network
from optimizer.severity import blocks

type Category = Literal["Continuous", "Integer"]


@dataclass(frozen=True)
class Variables:
    """Decisions by index; days count from 0, ids are those of the instance, of missions and their stops."""

    tails: dict[str, LpVariable]
    sorties: dict[tuple[str, int], LpVariable]
    bundles: dict[tuple[str, int], LpVariable]
    load_kg: dict[tuple[str, int, str], LpVariable]
    feeder_trips: dict[tuple[str, int], LpVariable]
    feeder_kg: dict[tuple[str, int, str], LpVariable]
    hand_over_kg: dict[tuple[str, str, str, int], LpVariable]
    base_stock_kg: dict[tuple[str, str, int], LpVariable]
    rig_stock: dict[tuple[str, str, int], LpVariable]
    community_stock_kg: dict[tuple[str, str, int], LpVariable]
    eaten_kg: dict[tuple[str, str, int], LpVariable]
    unmet_kg: dict[tuple[str, str, int], LpVariable]
    short: dict[tuple[str, str, int], LpVariable]
    closing_kg: dict[tuple[str, str], LpVariable]
    closing_short: dict[tuple[str, str], LpVariable]
    short_part: dict[tuple[str, str, int, int], LpVariable]
    worst_severity_frac: dict[tuple[()], LpVariable]
    unreached_frac: dict[tuple[()], LpVariable]
    uncovered: dict[tuple[str, str, int], LpVariable]

    def families(self) -> list[tuple[str, dict[Any, LpVariable]]]:
        """(name, variables by index) of every decision."""
        return [(f.name, getattr(self, f.name)) for f in fields(self)]


def index_name(parts: Iterable[object]) -> str:
    """Index parts as one name: ids joined by ``__``, days as ``d007``."""
    return "__".join(f"d{part:03d}" if isinstance(part, int) else str(part) for part in parts)


def add_variables(problem: LpProblem, net: Network) -> Variables:
    """Create every decision of `net` in `problem`."""

    def family[Key](name: str, keys: Iterable[Key], cat: Category = "Continuous") -> dict[Key, LpVariable]:
        return {
            key: problem.add_variable(
                "__".join([name, index_name(key if isinstance(key, tuple) else (key,))]).rstrip("_"),
                lowBound=0,
                cat=cat,
            )
            for key in keys
        }

    cargo = [(s, d, c) for s, d in net.stop_days for c in net.by_stop(s).commodities]
    fed = [(e, d) for e in net.feeders for d in filter(net.begins, net.days)]
    closing = [key for key, one in net.demands.items() if one.closing is not None]
    return Variables(
        tails=family("tails", net.fleets, "Integer"),
        sorties=family("sorties", net.mission_days, "Integer"),
        bundles=family(
            "bundles", [i for i in net.stop_days if net.by_stop(i[0]).positions is not None], "Integer"
        ),
        load_kg=family("load_kg", cargo),
        feeder_trips=family("feeder_trips", fed, "Integer"),
        feeder_kg=family(
            "feeder_kg", [(e, d, c) for e, d in fed for c in net.commodities if net.feeds(e, c)]
        ),
        hand_over_kg=family("hand_over_kg", _served(net)),
        base_stock_kg=family("base_stock_kg", [(b, c, d) for b, c in net.base_cargo for d in net.days]),
        rig_stock=family("rig_stock", [(b, w, d) for b, w in net.rig_arrivals for d in net.days]),
        community_stock_kg=family("community_stock_kg", [(k, c, d) for k, c in net.stored for d in net.days]),
        eaten_kg=family("eaten_kg", [(k, c, d) for k, c in net.diet for d in filter(net.ends, net.days)]),
        unmet_kg=family("unmet_kg", _due(net, net.items)),
        short=family("short", _due(net, net.nutrients)),
        closing_kg=family("closing_kg", [(k, c) for k, c in net.diet if (k, "kcal") in closing]),
        closing_short=family("closing_short", closing),
        short_part=family(
            "short_part",
            [
                (k, name, i, part)
                for (k, name), one in net.demands.items()
                for i, block in enumerate(blocks(net, one))
                for part in range(len(block.parts))
            ],
        ),
        worst_severity_frac=family("worst_severity_frac", [()]),
        unreached_frac=family("unreached_frac", [()]),
        uncovered=family(
            "uncovered",
            [(k, n, i) for (k, n), one in net.demands.items() for i in range(len(blocks(net, one)))],
        ),
    )


def _due(net: Network, demands: Mapping[tuple[str, str], Demand]) -> list[tuple[str, str, int]]:
    """(community, need, day) where something is needed."""
    return [(k, name, d) for (k, name), one in demands.items() for d in net.days if one.amount[d] > 0]


def _served(net: Network) -> list[tuple[str, str, str, int]]:
    """(zone, community, commodity, day) where something wanted may land and be carried on."""
    return [
        (z, k, c, d)
        for z in net.zones
        for k, c in net.stored
        if (z, k) in net.links
        for d in net.days
        if any(c in net.missions[m].commodities for m in net.to_zone(z, d))
    ]
