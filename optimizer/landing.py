"""Landing: what share of a drop is gathered, what strays, and whom it endangers.

Today the shares are those of the method's table or an observed share of ``recoveries.csv``. Time of
fall, drift and dispersion will decide them here; callers need not change.
"""

from __future__ import annotations

from dataclasses import dataclass

from instances.schema import Instance, Method, Zone

M2_PER_KM2 = 1e6


@dataclass(frozen=True)
class Landing:
    """What becomes of one bundle.

    Attributes
    ----------
    landed_frac : float
        Share of the cargo gathered usable in the zone, 0..1.
    stray_frac : float
        Share that falls outside the zone and counts as diverted, 0..1.
    harm_per_bundle : float
        Expected people in the footprint of a stray or failed bundle.
    """

    landed_frac: float
    stray_frac: float
    harm_per_bundle: float


def landing(instance: Instance, method: Method, zone: Zone) -> Landing:
    """Shares of a method at a zone; an observed landed share replaces the computed one."""
    intact = (1 - method.failure_frac) * (1 - method.damage_frac)
    stray = method.miss_frac
    landed = (1 - stray) * intact
    for seen in instance.recoveries:
        if (seen.zone, seen.method) == (zone.id, method.id):
            landed = seen.landed_frac
            stray = max(0.0, 1 - landed / intact) if intact > 0 else 1.0
    endangering = 1 - (1 - stray) * (1 - method.failure_frac)
    harm = zone.people_per_km2 / M2_PER_KM2 * method.footprint_m2 * endangering
    return Landing(landed, stray, harm)
