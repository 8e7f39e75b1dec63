"""The Shapley value: what each player adds to a game, averaged over all orders in which they may come."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence


def shapley[P: Hashable](players: Sequence[P], value: Mapping[frozenset[P], float]) -> dict[P, float]:
    """What each player adds, averaged over all orders.

    Parameters
    ----------
    players : sequence
        Different players.
    value : mapping of frozenset to float
        Value of every set of players, also of none and of all.

    Returns
    -------
    dict
        One number per player, in the unit of the values; they add up to the value of all less that of
        none.

    References
    ----------
    L. S. Shapley, "A value for n-person games", Annals of Mathematics Studies 28, 1953.
    """
    n = len(players)
    weight = [math.factorial(k) * math.factorial(n - k - 1) / math.factorial(n) for k in range(n)]
    added = dict.fromkeys(players, 0.0)
    for bits in range(2**n):
        group = frozenset(player for place, player in enumerate(players) if bits >> place & 1)
        for player in players:
            if player not in group:
                added[player] += weight[len(group)] * (value[group | {player}] - value[group])
    return added


def to_the_cent(added: Mapping[str, float], total: float, decimals: int = 2) -> dict[str, float]:
    """The same numbers rounded so that they still add up to the total; the largest takes what is left."""
    rounded = {name: round(amount, decimals) for name, amount in added.items()}
    if rounded:
        largest = max(rounded, key=lambda name: (abs(rounded[name]), name))
        rest = round(total, decimals) - sum(rounded.values())
        rounded[largest] = round(rounded[largest] + rest, decimals)
    return rounded
