"""What flows on each day of a campaign, held as it is while other days are planned anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import numpy as np

from optimizer.campaign.variables import Variables
from optimizer.solver import Session, Vector

SLACK = 1e-3  # kg, bundles or trips to either side: held to the last digit, rows could not all be kept


class Flows:
    """Loads, hand-overs and feeders by day, with bundles and trips where these may be divided.

    Stocks and what is unmet follow from them, and stay free.

    Parameters
    ----------
    x : Variables
        Decisions of a campaign.
    session : Session
        Where they are held.
    decided : collection of int
        Columns that somebody else decides.
    """

    def __init__(self, x: Variables, session: Session, decided: Collection[int]) -> None:
        self._session = session
        by_day: dict[int, list[int]] = defaultdict(list)
        for family in (x.bundles, x.feeder_trips, x.load_kg, x.feeder_kg):
            for key, variable in family.items():
                by_day[key[1]].append(session.column(variable))
        for (_, _, _, d), variable in x.hand_over_kg.items():
            by_day[d].append(session.column(variable))
        self._by_day = {
            d: np.array([j for j in columns if j not in decided], dtype=np.int32)
            for d, columns in by_day.items()
        }
        self._limits = {
            d: np.array([session.bounds(j) for j in columns]).reshape(-1, 2).T
            for d, columns in self._by_day.items()
        }

    def hold(self, values: Vector, but: Collection[int]) -> None:
        """Hold all flows at their values, but for those of some days."""
        for d, columns in self._by_day.items():
            if d not in but:
                low, high = values[columns] - SLACK, values[columns] + SLACK
                self._session.limit(columns, np.maximum(0.0, low), np.maximum(0.0, high))

    def let_go(self) -> None:
        """Let all flows be decided again."""
        for d, columns in self._by_day.items():
            low, high = self._limits[d]
            self._session.limit(columns, low, high)
