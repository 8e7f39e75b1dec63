"""A party with some of another party's features: the steps between one plan and the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from instances.reach import unfit
from instances.schema import Aircraft, Feeder, Fleet, Instance, Rig, Supply

MIXED: Final = "mixed"
"""Id of the party that stands between two."""

CAUSES: Final = {
    "base": "bases and distance",
    "airspace": "rights in the sky and detours",
    "aircraft": "aircraft and what they cost",
    "method": "ways to drop and what lands",
    "cargo": "cargo, its prices and parachutes",
    "rules": "risk rules and working hours",
}
"""Features that can be exchanged, in words."""

_ROLES: Final = ("fixed_wing", "helicopter", "truck")


def mixture(instance: Instance, a: str, b: str, given: frozenset[str]) -> Instance:
    """Party `a` with the features `given` of party `b`, alone in the world.

    ==========  ========================================================================================
    base        airfields with their place, ramp, handling and hours
    airspace    the areas that bind or endanger the party, and the corridors it may use
    aircraft    fleets: types, tails, costs, crews
    method      ways of delivery its fleets may use, where an aircraft can
    cargo       supplies and prices, parachute sets, feeders
    rules       caps, budgets and limits on loss, harm, diversion and money; weekdays and hours
    ==========  ========================================================================================

    What moves from one party's bases to the other's goes to the base of the same role: where the fixed-wing
    aircraft are, the helicopters, or the trucks; aircraft without a counterpart go to the main base, cargo
    without one stays behind. Giving a party everything of the other is the other party.

    Parameters
    ----------
    instance : Instance
        With both parties.
    a, b : str
        Their ids.
    given : frozenset of str
        Keys of `CAUSES`.
    """
    side = {cause: b if cause in given else a for cause in CAUSES}
    aircraft = {one.id: one for one in instance.aircraft}
    rules = next(party for party in instance.parties if party.id == side["rules"])
    return instance.model_copy(
        update={
            "parties": (rules.model_copy(update={"id": MIXED, "name": MIXED, "source": ""}),),
            "bases": tuple(
                base.model_copy(update={"parties": (MIXED,)})
                for base in instance.bases
                if side["base"] in base.parties
            ),
            "fleets": tuple(_fleets(instance, side, aircraft)),
            "supplies": tuple(_supplies(instance, side, aircraft)),
            "feeders": tuple(_feeders(instance, side, aircraft)),
            "rigs": tuple(_rigs(instance, side, aircraft)),
            "airspace": tuple(
                area.model_copy(update={"parties": (MIXED,) if area.parties else ()})
                for area in instance.airspace
                if not area.parties or side["airspace"] in area.parties
            ),
        }
    )


def _own(instance: Instance, party: str) -> list[Fleet]:
    return [fleet for fleet in instance.fleets if fleet.party == party]


def _role(base: str, instance: Instance, party: str, aircraft: dict[str, Aircraft]) -> str:
    """What a party flies from a base, the first of fixed wing, helicopter and truck; empty for nothing."""
    kinds = {aircraft[fleet.aircraft].kind for fleet in _own(instance, party) if fleet.base == base}
    return next((role for role in _ROLES if role in kinds), "")


def _counterpart(
    role: str, instance: Instance, party: str, aircraft: dict[str, Aircraft], or_main: bool
) -> str | None:
    """The base of a party in a role, where most of its tails are; its main base where it has none."""
    roles = (role, *(_ROLES if or_main else ()))
    for wanted in roles:
        tails: dict[str, int] = {}
        for fleet in _own(instance, party):
            if aircraft[fleet.aircraft].kind == wanted:
                tails[fleet.base] = tails.get(fleet.base, 0) + fleet.max_tails
        if tails:
            return max(tails, key=lambda base: tails[base])
    return None


def _fleets(instance: Instance, side: dict[str, str], aircraft: dict[str, Aircraft]) -> Iterator[Fleet]:
    """Fleets of one side at the bases of another with the methods of a third."""
    methods = {method.id: method for method in instance.methods}
    for fleet in _own(instance, side["aircraft"]):
        craft, base, ways = aircraft[fleet.aircraft], fleet.base, fleet.methods
        if side["base"] != side["aircraft"]:
            base = _counterpart(craft.kind, instance, side["base"], aircraft, or_main=True) or base
        if side["method"] != side["aircraft"]:
            others = _own(instance, side["method"])
            known = dict.fromkeys(way for other in others for way in other.methods)
            ways = tuple(way for way in known if not unfit(craft, methods[way]))
        if ways:
            update = {"party": MIXED, "base": base, "methods": ways}
            yield fleet.model_copy(update=update)


def _places(instance: Instance, side: dict[str, str], aircraft: dict[str, Aircraft]) -> dict[str, str]:
    """Where the cargo of each base goes: its own base, or the other side's in the same role."""
    own = [base.id for base in instance.bases if side["cargo"] in base.parties]
    if side["cargo"] == side["base"]:
        return {base: base for base in own}
    places: dict[str, str] = {}
    for base in own:
        role = _role(base, instance, side["cargo"], aircraft)
        main = base == _counterpart(_ROLES[0], instance, side["cargo"], aircraft, or_main=True)
        there = _counterpart(role, instance, side["base"], aircraft, or_main=main) if role else None
        if there is not None and there not in places.values():
            places[base] = there
    return places


def _supplies(instance: Instance, side: dict[str, str], aircraft: dict[str, Aircraft]) -> Iterator[Supply]:
    places = _places(instance, side, aircraft)
    for supply in instance.supplies:
        if supply.base in places:
            yield supply.model_copy(update={"base": places[supply.base]})


def _feeders(instance: Instance, side: dict[str, str], aircraft: dict[str, Aircraft]) -> Iterator[Feeder]:
    places = _places(instance, side, aircraft)
    for feeder in instance.feeders:
        ends = places.get(feeder.from_base), places.get(feeder.to_base)
        if feeder.party == side["cargo"] and None not in ends and ends[0] != ends[1]:
            update = {"party": MIXED, "from_base": ends[0], "to_base": ends[1]}
            yield feeder.model_copy(update=update)


def _rigs(instance: Instance, side: dict[str, str], aircraft: dict[str, Aircraft]) -> Iterator[Rig]:
    places = _places(instance, side, aircraft)
    for rig in instance.rigs:
        if rig.base in places:
            yield rig.model_copy(update={"base": places[rig.base]})
