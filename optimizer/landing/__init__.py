"""Landing: what is dropped is not what arrives.

From release height, winds and method follow time of fall, drift, scatter, the share in the zone, in held
areas and in other hands, and the people endangered; see ``optimizer/README.md``.
"""

from optimizer.landing.drops import Drop, Falls, falls
from optimizer.landing.landings import Landing, Shares, Spell, landings, shares

__all__ = ["Drop", "Falls", "Landing", "Shares", "Spell", "falls", "landings", "shares"]
