"""How much of a plan rests on estimates: cost, what lands, and risk, by the weakest figure behind each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from instances.fields import Grade
from instances.provenance import Provenance, weakest
from instances.schema import Instance
from optimizer.plan import Load, Plan, Sortie

LANDING: Final = ("rate_of_fall_mps", "failure_frac", "damage_frac", "release_error_m", "miss_frac")
"""Figures of a method that decide what lands of a drop."""


class Footing:
    """The grades that a plan stands on.

    Parameters
    ----------
    instance : Instance
        The plan's.
    plan : Plan
        With all its records.
    """

    def __init__(self, instance: Instance, plan: Plan) -> None:
        self._instance, self._plan = instance, plan
        self._known = Provenance(instance)
        self._fleets = {one.id: one for one in instance.fleets}
        self._methods = {one.id: one for one in instance.methods}
        self._aircraft = {one.id: one for one in instance.aircraft}

    @cached_property
    def _sorties(self) -> dict[str, Sortie]:
        return {one.sortie_id: one for one in self._plan.sorties}

    def costs(self) -> Iterator[tuple[Grade, float]]:
        """Grade of the price behind each part of the bill, and the part, USD."""
        prices = {(one.base, one.commodity): one for one in self._instance.supplies}
        for sortie in self._plan.sorties:
            fleet, method = self._fleets[sortie.fleet], self._methods[sortie.method]
            rate, fee = fleet.usd_per_block_h * sortie.block_min / 60, fleet.usd_per_sortie
            yield self._known.grade("fleets", fleet, "usd_per_block_h", "usd_per_sortie"), rate + fee
            yield self._known.grade("methods", method, "unit_usd"), sortie.bundles * method.unit_usd
        for load in self._plan.loads:
            price = prices[self._sorties[load.sortie_id].base, load.commodity]
            yield self._known.grade("supplies", price, "usd_per_kg"), price.usd_per_kg * load.net_kg
        for use in self._plan.fleet:
            fleet = self._fleets[use.fleet]
            yield self._known.grade("fleets", fleet, "standing_usd_per_day"), use.standing_usd
        yield from self._other_costs()

    def _other_costs(self) -> Iterator[tuple[Grade, float]]:
        feeders = {one.id: one for one in self._instance.feeders}
        links = {(one.zone, one.community): one for one in self._instance.links}
        for name, _, trips in {(one.feeder, one.date, one.trips) for one in self._plan.feeders}:
            feeder = feeders[name]
            yield self._known.grade("feeders", feeder, "usd_per_trip"), trips * feeder.usd_per_trip
        for row in self._plan.handovers:
            link = links[row.zone, row.community]
            yield self._known.grade("links", link, "usd_per_kg"), link.usd_per_kg * row.handed_kg

    def landed(self) -> Iterator[tuple[Grade, float]]:
        """Weakest grade behind the load and the landed share of each load, and its landed kg."""
        for load in self._plan.loads:
            sortie = self._sorties[load.sortie_id]
            yield weakest((self._held(sortie), self._share(load, sortie))), load.landed_kg

    def _held(self, sortie: Sortie) -> Grade:
        """Grade of how much a sortie holds: floor positions and their load, or the payload."""
        method, aircraft = self._methods[sortie.method], self._aircraft[sortie.aircraft]
        if method.position_kind == "none":
            return self._known.grade("aircraft", aircraft, "payload_range")
        load = self._known.grade("methods", method, "bundle_net_kg")
        floor = self._known.grade("aircraft", aircraft, f"{method.position_kind}_positions")
        return weakest((load, floor))

    def _share(self, load: Load, sortie: Sortie) -> Grade:
        """Grade of the share that lands: what was observed, or all that it is computed from."""
        method = self._methods[sortie.method]
        if load.landing_basis == "observed":
            seen = (
                one
                for one in self._instance.recoveries
                if (one.zone, one.method) == (load.zone, sortie.method)
                and one.release_height_m in (None, sortie.release_height_m)
            )
            return weakest(tuple(one.grade or Grade.ESTIMATE for one in seen))
        if method.kind != "drop":
            return Grade.SOURCED  # what is landed and unloaded does not scatter
        zone = next(one for one in self._instance.zones if one.id == load.zone)
        winds = tuple(one.grade or Grade.ESTIMATE for one in self._instance.winds)
        scatter = self._known.grade("methods", method, *LANDING)
        return weakest((scatter, self._known.grade("zones", zone, "length_m", "width_m"), *winds))

    def risks(self) -> Iterator[tuple[Grade, float]]:
        """Weakest grade of the threats or the surveyed way of each sortie, and its probability of loss."""
        legs = {(one.base, one.zone): one for one in self._instance.legs}
        for sortie in self._plan.sorties:
            leg = legs.get((sortie.base, sortie.zones[0]))
            threats = (
                one.grade or Grade.ESTIMATE
                for one in self._instance.airspace
                if one.kind == "threat" and (not one.parties or sortie.party in one.parties)
            )
            grade = weakest(tuple(threats)) if leg is None else leg.grade or Grade.ESTIMATE
            yield grade, sortie.loss_prob


def estimate_frac(parts: Iterator[tuple[Grade, float]]) -> float:
    """Share that rests on an estimate, 0..1; 0 of nothing."""
    weights = list(parts)
    whole = sum(weight for _, weight in weights)
    guessed = sum(weight for grade, weight in weights if grade is Grade.ESTIMATE)
    return guessed / whole if whole > 0 else 0.0


def estimate_shares(instance: Instance, plan: Plan) -> tuple[tuple[str, float], ...]:
    """Which share of cost, landed cargo and risk rests on estimates, for the summary of a plan."""
    footing = Footing(instance, plan)
    return (
        ("cost_on_estimates_frac", round(estimate_frac(footing.costs()), 6)),
        ("landed_on_estimates_frac", round(estimate_frac(footing.landed()), 6)),
        ("risk_on_estimates_frac", round(estimate_frac(footing.risks()), 6)),
    )
