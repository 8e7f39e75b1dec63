"""What charts call communities, needs and tails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from instances.schema import Instance
from reports.axes import short

LETTERS: Final = 14  # of a community beside its need


def by_name(values: Mapping[str, Sequence[float]], names: Mapping[str, str]) -> dict[str, Sequence[float]]:
    """Values of communities by name; by id where two share a name."""
    called = [names.get(community, community) for community in values]
    alone = len(set(called)) == len(called)
    return dict(zip(called if alone else values, values.values(), strict=True))


def people_by_name(instance: Instance, names: Mapping[str, str]) -> dict[str, int]:
    """How many people there are, by the name and by the id of each community."""
    known = instance.communities
    return {names.get(c.id, c.id): c.population for c in known} | {c.id: c.population for c in known}


def need_labels(needs: Sequence[tuple[str, str]], names: Mapping[str, str]) -> list[str]:
    """Community and need of each, cut to the room there is; where all share one need it takes no name."""
    called = {community: names.get(community, community) for community, _ in needs}
    if len({need for _, need in needs}) == 1:
        return [short(called[community]) for community, _ in needs]
    if len(called) == 1:
        return [short(need) for _, need in needs]
    cut = {place: name[:LETTERS] for place, name in called.items()}
    if len(set(cut.values())) < len(cut):  # names that begin alike are told apart by their ends
        cut = {p: name if len(name) <= LETTERS else f"{name[:7]}…{name[-6:]}" for p, name in called.items()}
    return [f"{cut[community]}: {need[:18]}" for community, need in needs]


def tail_order(tail: str) -> tuple[str, int]:
    """Tail 2 of a fleet before its tail 10."""
    fleet, _, number = tail.rpartition("_")
    return (fleet, int(number)) if number.isdecimal() else (tail, 0)
