"""The plan in spells of some days: what a week brings and needs, without asking on which day of it.

Within a spell everything that arrives is there from the start, and what is needed is due at the end; its
flying days of one kind are one day of the network. Every plan is one in spells as well, so that bounds of
the smaller network hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from optimizer.kind import Kind
from optimizer.network import Network, Stretch


def in_spells(net: Network, kinds: Sequence[Kind], begins: Collection[int]) -> Network:
    """The network with one day for all days of a kind in each spell.

    Parameters
    ----------
    net : Network
        Day by day.
    kinds : sequence of Kind
        Of every day.
    begins : collection of int
        Days of the plan on which a spell begins; the first always is one.
    """
    edges = sorted({0, *begins} & {*net.days})
    spells = [net.days[first:after] for first, after in zip(edges, [*edges[1:], len(net.days)], strict=True)]
    stretches = [one for spell in spells for one in _stretches(kinds, spell)]
    ends = [one.last for one in stretches]
    is_end = [i == len(ends) - 1 or ends[i + 1] != last for i, last in enumerate(ends)]
    is_start = [i == 0 or ends[i - 1] != last for i, last in enumerate(ends)]

    def summed(daily: Sequence[float], counts: Sequence[bool]) -> tuple[float, ...]:
        """Sum over each spell, at its last stretch or its first."""
        pairs = zip(stretches, counts, strict=True)
        return tuple(sum(daily[one.first : one.last + 1]) if here else 0.0 for one, here in pairs)

    def all_summed[Key](
        series: Mapping[Key, Sequence[float]], counts: Sequence[bool]
    ) -> dict[Key, tuple[float, ...]]:
        return {key: summed(daily, counts) for key, daily in series.items()}

    return replace(
        net,
        demands={
            key: replace(
                one,
                days=summed(one.days, is_end),
                people=summed(one.people, is_end),
                amount=summed(one.amount, is_end),
            )
            for key, one in net.demands.items()
        },
        diet=all_summed(net.diet, is_end),
        supply_kg=all_summed(net.supply_kg, is_start),
        rig_arrivals=all_summed(net.rig_arrivals, is_start),
        days=range(len(stretches)),
        by_day={i: one.kind.missions for i, one in enumerate(stretches)},
        stretches=tuple(stretches),
    )


def _stretches(kinds: Sequence[Kind], spell: range) -> Iterator[Stretch]:
    """The days of a spell by their kind; days on which nothing flies only where there are no others."""
    alike: dict[Kind, list[int]] = {}
    for d in spell:
        alike.setdefault(kinds[d], []).append(d)
    flying = {kind: days for kind, days in alike.items() if kind.missions}
    for kind, days in (flying or dict([next(iter(alike.items()))])).items():
        yield Stretch(tuple(days), spell[0], spell[-1], kind)
