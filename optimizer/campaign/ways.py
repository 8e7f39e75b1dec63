"""What the ways from zones to communities carry on a day, by what is flown on it.

Nothing lies in a zone overnight, so that a way carries nothing on days on which nothing lands, and no more
than lands on the others. Where several days are one day of the network, only patterns tell them apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimizer.network import Network
from optimizer.solver import Vector


class Ways:
    """The ways that carry less a day than their zone gathers.

    Parameters
    ----------
    net : Network
        Networks with the same missions and links have the same ways.

    Attributes
    ----------
    ends : tuple of (str, str)
        Zone and community of each way.
    most_kg : array of float, shape (ways,)
        What each carries a day.
    landed_frac : array of float, shape (ways, stops)
        Share of what is loaded for each stop that lands where the way begins.
    """

    def __init__(self, net: Network) -> None:
        narrow = {
            (z, k): link
            for (z, k), link in net.links.items()
            if z in net.zones and link.kg_per_day < net.zones[z].recovery_kg_per_day
        }
        self.ends = tuple(narrow)
        self.most_kg = np.array([way.kg_per_day for way in narrow.values()])
        landed = [
            [stop.landing.landed_frac if stop.zone.id == z else 0.0 for stop in net.stops.values()]
            for z, _ in narrow
        ]
        self.landed_frac = np.array(landed).reshape(len(narrow), len(net.stops))

    def carried_kg(self, kg: Sequence[float]) -> Vector:
        """Kg that each way carries at most of these loads, by stop, on one day."""
        carried: Vector = np.minimum(self.most_kg, self.landed_frac @ np.array(kg))
        return carried
