"""The plan in spells of some days: what a week brings and needs, without asking on which day of it.

Within a spell everything that arrives is there from the start, and what is needed is due at the end; its
flying days of one kind are one day of the network, on which so many patterns are chosen. Every plan is one
in spells as well, so that bounds of the smaller network hold, and its patterns serve the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from optimizer.kind import Kind
from optimizer.network import Network, Stretch

SPELL_DAYS = 7  # most supplies and weekdays come again with the week
COARSE_DAYS = 30  # for bounds, which such a spell weakens by next to nothing
EDGE_DAYS = 7  # at either end that stand alone: whoever starts with little in stock cannot wait for a
# week's end, and what comes on the last days is eaten by nobody


def in_spells(
    net: Network, kinds: Sequence[Kind], spell_days: int = SPELL_DAYS, edge_days: int = EDGE_DAYS
) -> Network:
    """The network with one day for all days of a kind in each spell.

    Parameters
    ----------
    net : Network
        Day by day.
    kinds : sequence of Kind
        Of every day.
    spell_days : int
        Length of a spell.
    edge_days : int
        Days at either end that are a spell each.
    """
    spells = _spells(net, spell_days, edge_days)
    stretches = [one for spell in spells for one in _stretches(kinds, spell)]
    days = range(len(stretches))
    return replace(
        net,
        need_kg=_summed(net.need_kg, stretches, at_end=True),
        supply_kg=_summed(net.supply_kg, stretches, at_end=False),
        rig_arrivals=_summed(net.rig_arrivals, stretches, at_end=False),
        days=days,
        by_day={i: one.kind.missions for i, one in enumerate(stretches)},
        stretches=tuple(stretches),
    )


def _spells(net: Network, spell_days: int, edge_days: int) -> Iterator[range]:
    first, last = 0, len(net.days) - edge_days
    while first < len(net.days):
        length = spell_days if edge_days <= first < last else 1
        yield net.days[first : min(first + length, max(last, first + 1))]
        first += length if first + length <= last else max(1, last - first)


def _stretches(kinds: Sequence[Kind], spell: range) -> Iterator[Stretch]:
    """The days of a spell by their kind; days on which nothing flies only where there are no others."""
    alike: dict[Kind, list[int]] = {}
    for d in spell:
        alike.setdefault(kinds[d], []).append(d)
    flying = {kind: days for kind, days in alike.items() if kind.missions}
    for kind, days in (flying or dict([next(iter(alike.items()))])).items():
        yield Stretch(tuple(days), spell[0], spell[-1], kind)


def _summed[Key](
    series: Mapping[Key, Sequence[float]], stretches: Sequence[Stretch], *, at_end: bool
) -> dict[Key, tuple[float, ...]]:
    """Sum over each spell, at its last stretch or its first."""
    edges = [one.last for one in stretches[:-1]], [one.last for one in stretches[1:]]
    changes = [a != b for a, b in zip(*edges, strict=True)]
    here = [*changes, True] if at_end else [True, *changes]
    return {
        key: tuple(
            sum(daily[one.first : one.last + 1]) if counts else 0.0
            for one, counts in zip(stretches, here, strict=True)
        )
        for key, daily in series.items()
    }
