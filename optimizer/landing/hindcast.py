"""Known drops worked out again: one set of parameters, the library's and the flagship's, for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from instances.schema import Aircraft, Instance, Method, Zone
from optimizer.landing.drops import Drop, Falls, falls
from optimizer.landing.landings import shares
from optimizer.landing.winds import Layers, layers_on
from optimizer.network import build_network

FLAGSHIP: Final = "deir_ezzor_2016"
FEBRUARY: Final = 2
APRIL: Final = 4
MOST_USABLE: Final = 0.25
MOST: Final = 0.5
APRIL_LEAST: Final = 0.85
CLEARLY: Final = 0.1
TIMES_WORSE: Final = 2.0
GUIDED_LEAST: Final = 0.95
GUIDED_ZONE_M: Final = 300.0
SAMPLES: Final = 1_000_000
AGREEMENT: Final = 0.002


@dataclass(frozen=True)
class Known:
    """An event or a limiting case, what must come out, and what does; shares and probabilities 0..1."""

    event: str
    target: str
    figures: tuple[tuple[str, float], ...]
    holds: bool


@dataclass(frozen=True)
class Bench:
    """Library and flagship: rows by id, and the winds of a month."""

    instance: Instance

    def method(self, name: str) -> Method:
        """A method of the library."""
        return next(method for method in self.instance.methods if method.id == name)

    @property
    def aircraft(self) -> Aircraft:
        """The Il-76."""
        return next(aircraft for aircraft in self.instance.aircraft if aircraft.id == "il_76td")

    @property
    def zone(self) -> Zone:
        """DZ-1 of the flagship."""
        return next(zone for zone in self.instance.zones if zone.id == "dz_1")

    def winds(self, month: int) -> Layers:
        """The flagship's winds of a month."""
        date = self.instance.header.first_date.replace(month=month, day=1)
        return layers_on([wind for wind in self.instance.winds if wind.date is None], date)

    def drop(
        self, method: Method, height_m: float, bundles: int, month: int, zone: Zone | None = None
    ) -> Drop:
        """A drop by the Il-76 at DZ-1, or another zone."""
        missed = self.instance.header.forecast_error_frac
        return Drop(self.aircraft, method, zone or self.zone, height_m, bundles, self.winds(month), missed)


def hindcast(instance: Instance) -> tuple[Known, ...]:
    """Every known event beside what is computed.

    Parameters
    ----------
    instance : Instance
        The flagship, with its zone DZ-1, the winds of all months and the airspace.
    """
    bench = Bench(instance)
    return tuple(known for case in CASES for known in case(bench))


def february(bench: Bench) -> Iterator[Known]:
    """24 February 2016: 21 bundles from 7 000 m; ten drifted off, seven between the lines, four failed."""
    drop = bench.drop(bench.method("trial_canopy"), 7000, 21, FEBRUARY)
    share = shares(bench.instance, [drop], falls([drop]))
    usable = float(share.in_zone[0]) * (1 - drop.method.damage_frac)
    lost = 1 - float(share.in_zone[0])
    figures = (("usable in the zone", usable), ("drifted out or failed", lost))
    target = f"at most {MOST_USABLE:.0%} usable, most drift out or fail"
    yield Known("24 Feb 2016 trial, 7 000 m", target, figures, usable <= MOST_USABLE and lost > MOST)


def april(bench: Bench) -> Iterator[Known]:
    """10 and 12 April 2016: 26 bundles each from 5 000 m, 22 and 26 collected."""
    drop = bench.drop(bench.method("high_altitude_canopy"), 5000, 26, APRIL)
    share = shares(bench.instance, [drop], falls([drop]))
    in_zone = float(share.in_zone[0])
    target = f"{APRIL_LEAST:.0%} to 100% in the zone (48 of 52 observed)"
    yield Known("10 and 12 Apr 2016, 5 000 m", target, (("in the zone", in_zone),), in_zone >= APRIL_LEAST)


def platform(bench: Bench) -> Iterator[Known]:
    """A P-7 platform from 1 000 m and from 4 000 m."""
    low = bench.drop(bench.method("p7_low"), 1000, 4, APRIL)
    high = bench.drop(bench.method("p7_high"), 4000, 4, APRIL)
    share = shares(bench.instance, [low, high], falls([low, high]))
    loss = [_loss(bench.instance, drop) for drop in (low, high)]
    better = float(share.in_zone[0] - share.in_zone[1])
    figures = (
        ("in the zone from 1 000 m", float(share.in_zone[0])),
        ("from 4 000 m", float(share.in_zone[1])),
        ("loss from 1 000 m", loss[0]),
        ("loss from 4 000 m", loss[1]),
    )
    holds = better >= CLEARLY and loss[0] >= TIMES_WORSE * loss[1]
    yield Known("P-7 at 1 000 m and 4 000 m", "lands clearly better low, risks clearly more", figures, holds)


def _loss(instance: Instance, drop: Drop) -> float:
    """Least loss of a sortie of any fleet that drops this method at this zone from this height alone."""
    only = drop.method.model_copy(update={"release_heights_m": (drop.height_m,)})
    methods = tuple(only if method.id == only.id else method for method in instance.methods)
    net = build_network(
        instance.model_copy(update={"methods": methods}), [party.id for party in instance.parties]
    )
    own = [m for m in net.missions.values() if (m.method.id, m.zones) == (only.id, (drop.zone.id,))]
    return min(mission.loss_prob for mission in own)


def no_dispersion(bench: Bench) -> Iterator[Known]:
    """Nothing scatters and nothing fails."""
    perfect = {"release_error_m": 0.0, "opening_error_m": 0.0, "failure_frac": 0.0, "damage_frac": 0.0}
    method = bench.method("high_altitude_canopy").model_copy(update=perfect)
    drop = bench.drop(method, 5000, 26, APRIL)
    still = Drop(drop.aircraft, method, drop.zone, drop.height_m, drop.bundles, drop.layers, 0.0)
    landed = float(shares(bench.instance, [still], falls([still])).landed[0])
    yield Known("no dispersion, no failure", "landed exactly 1", (("landed", landed),), landed == 1.0)


def guided(bench: Bench) -> Iterator[Known]:
    """Guided canopies on a small zone."""
    size = {"length_m": GUIDED_ZONE_M, "width_m": GUIDED_ZONE_M}
    zone = bench.zone.model_copy(update=size)
    drop = bench.drop(bench.method("guided_canopy"), 7000, 26, APRIL, zone)
    in_zone = float(shares(bench.instance, [drop], falls([drop])).in_zone[0])
    target = f"{GUIDED_LEAST:.0%} or more in a zone of {GUIDED_ZONE_M:.0f} m"
    yield Known("guided canopies, 7 000 m", target, (("in the zone", in_zone),), in_zone >= GUIDED_LEAST)


def sampled(bench: Bench) -> Iterator[Known]:
    """The closed form against a million bundles drawn at random, in three drops that differ most."""
    drops = [
        bench.drop(bench.method("trial_canopy"), 7000, 21, FEBRUARY),
        bench.drop(bench.method("high_altitude_canopy"), 5000, 26, APRIL),
        bench.drop(bench.method("p7_high"), 4000, 4, APRIL),
    ]
    found = falls(drops)
    off = max(abs(drawn_share(drop, found, i) - float(found.in_zone[i])) for i, drop in enumerate(drops))
    target = f"within {100 * AGREEMENT:g} points of {SAMPLES:.0e} samples"
    yield Known("closed form and sampling", target, (("largest difference", off),), off <= AGREEMENT)


def drawn_share(drop: Drop, found: Falls, i: int, samples: int = SAMPLES, seed: int = 0) -> float:
    """Share of good canopies in the zone by drawing every error apart: release, openings, winds aloft."""
    rng = np.random.default_rng(seed)
    method, zone = drop.method, drop.zone
    errors = rng.standard_normal((samples, 2)) * (method.release_error_m or 0.0)
    if not method.guided:
        openings = 1 if method.first_stage_mps is None else 2
        for _ in range(openings):
            errors += rng.standard_normal((samples, 2)) * method.opening_error_m
        known = (method.release_error_m or 0.0) ** 2 + openings * method.opening_error_m**2
        wind_m = np.sqrt(max(0.0, float(found.sigma_m[i]) ** 2 - known))
        errors += rng.standard_normal((samples, 2)) * wind_m
    places = found.stick[i][~np.isnan(found.stick[i])]
    along = rng.choice(places, samples)
    run_in, axis = float(found.run_in_rad[i]), np.radians(zone.axis_deg)
    east = errors[:, 0] + along * np.sin(run_in)
    north = errors[:, 1] + along * np.cos(run_in)
    length = np.abs(east * np.sin(axis) + north * np.cos(axis))
    width = np.abs(east * np.cos(axis) - north * np.sin(axis))
    return float(np.mean((length <= zone.length_m / 2) & (width <= zone.width_m / 2)))


CASES = (february, april, platform, no_dispersion, guided, sampled)
