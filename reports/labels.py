"""What charts call communities, needs and tails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from instances.schema import Instance
from reports.axes import short
from reports.series import Need

LETTERS: Final = 14  # of a community beside its commodity


def by_name(values: Mapping[str, Sequence[float]], names: Mapping[str, str]) -> dict[str, Sequence[float]]:
    """Values of communities by name; by id where two share a name."""
    called = [names.get(community, community) for community in values]
    alone = len(set(called)) == len(called)
    return dict(zip(called if alone else values, values.values(), strict=True))


def people_by_name(instance: Instance, names: Mapping[str, str]) -> dict[str, int]:
    """How many people there are, by the name and by the id of each community."""
    known = instance.communities
    return {names.get(c.id, c.id): c.population for c in known} | {c.id: c.population for c in known}


def need_labels(needs: Sequence[Need], names: Mapping[str, str]) -> list[str]:
    """Community and commodity of each need, cut to the room there is; one commodity needs no name."""
    called = {one.community: names.get(one.community, one.community) for one in needs}
    if len({one.commodity for one in needs}) == 1:
        return [short(called[one.community]) for one in needs]
    cut = {place: name[:LETTERS] for place, name in called.items()}
    if len(set(cut.values())) < len(cut):  # names that begin alike are told apart by their ends
        cut = {p: name if len(name) <= LETTERS else f"{name[:7]}…{name[-6:]}" for p, name in called.items()}
    return [f"{cut[one.community]}: {names.get(one.commodity, one.commodity)[:18]}" for one in needs]


def tail_order(tail: str) -> tuple[str, int]:
    """Tail 2 of a fleet before its tail 10."""
    fleet, _, number = tail.rpartition("_")
    return (fleet, int(number)) if number.isdecimal() else (tail, 0)
