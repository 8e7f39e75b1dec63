"""What flying together is worth: each party alone, its share of the joint plan, and what it saves."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.explain.shapley import shapley
from optimizer.explained import Share
from optimizer.plan import Plan

MEASURES = (
    ("cost_usd", "equal"),
    ("expected_aircraft_lost", "equal"),
    ("landed_kg", "best"),
)
"""Measure of the summary, and the plans it is read from: at equal coverage, or each at its own best."""


def shares_of(
    equal: Mapping[frozenset[str], Plan], best: Mapping[frozenset[str], Plan], parties: tuple[str, ...]
) -> tuple[Share, ...]:
    """Shapley shares of the joint plan, for every measure whose groups of parties all have a plan.

    Cost and expected losses are those of covering the same share of every need, so that a share less than
    what the party needs alone is its saving. Landed cargo is that of each group at its own best, so that a
    share is what the party adds on average.

    Parameters
    ----------
    equal, best : mapping of frozenset of str to Plan
        Plans by the parties that fly, at equal coverage and at their own best.
    parties : tuple of str
        All parties.
    """
    found = []
    for measure, kind in MEASURES:
        plans = equal if kind == "equal" else best
        value = {group: dict(plan.summary).get(measure, 0.0) for group, plan in plans.items()}
        value[frozenset()] = 0.0
        if len(value) < 2 ** len(parties):
            continue
        added = shapley(parties, value)
        joint = value[frozenset(parties)]
        found += [
            Share(measure=measure, party=p, alone=value[frozenset({p})], share=added[p], joint=joint)
            for p in parties
        ]
    return tuple(found)
