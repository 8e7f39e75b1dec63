"""Rules about who may do what: ids that go together, and a zone that is open and staffed."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.check.case import Case
from optimizer.check.flight import Craft, Flight
from optimizer.check.violation import Violation, joined

KINDS = {"landing": "helicopter", "sling": "helicopter", "airstrip": "fixed_wing", "truck": "truck"}
"""The kind of aircraft a kind of method asks for; a drop asks for positions only."""


def mission_rights(case: Case) -> Iterator[Violation]:
    """Fleet, base, party, type, method, zone and commodity go together; the zone is open and staffed."""
    for sortie in case.plan.sorties:
        faults = case.unknown_ids(sortie)
        if sortie.date not in case.day_of:
            faults.append(f"the day is outside the plan, {case.dates[0]} to {case.dates[-1]}")
        for fault in faults:
            where = f"{sortie.sortie_id} on {sortie.date}"
            yield Violation("mission_rights", where, fault, "sorties.csv")
    for flight in case.flights:
        for fault in (*_identity(flight), *_party(case, flight), *_method(flight.craft), *_zone(flight)):
            yield Violation("mission_rights", flight.where, fault, "sorties.csv")
    for load in case.plan.loads:
        for fault in _commodity(case, load.commodity, case.flight_of.get(load.sortie_id)):
            yield Violation("mission_rights", f"{load.sortie_id} at stop {load.stop}", fault, "loads.csv")


def _identity(flight: Flight) -> Iterator[str]:
    """Party, base and type that are not the fleet's."""
    fleet, sortie = flight.craft.fleet, flight.sortie
    pairs = (
        ("party", sortie.party, fleet.party),
        ("base", sortie.base, fleet.base),
        ("aircraft", sortie.aircraft, fleet.aircraft),
    )
    for column, seen, own in pairs:
        if seen != own:
            yield f"{column} {seen!r}, fleet {fleet.id} has {own}"


def _party(case: Case, flight: Flight) -> Iterator[str]:
    """What the party may not do."""
    party, base = flight.craft.party, flight.craft.base
    if party.id not in case.plan.options.parties:
        yield f"{party.id} does not take part in the plan of {joined(case.plan.options.parties)}"
    if party.id not in base.parties:
        yield f"{party.id} may not use {base.id}, which admits {joined(base.parties)}"
    for zone in flight.craft.zones:
        if party.needs_ground_team and not zone.ground_team:
            yield f"{party.id} needs a ground team, {zone.id} has none"


def _method(craft: Craft) -> Iterator[str]:
    """A method that fleet, zone or type does not allow."""
    method, aircraft = craft.method, craft.aircraft
    if method.id not in craft.fleet.methods:
        yield f"fleet {craft.fleet.id} does not use {method.id}, it uses {joined(craft.fleet.methods)}"
    for zone in craft.zones:
        if method.id not in zone.methods:
            yield f"{zone.id} does not allow {method.id}, it allows {joined(zone.methods)}"
    kind = KINDS.get(method.kind, aircraft.kind)
    if aircraft.kind != kind:
        yield f"{method.id} asks for a {kind}, {aircraft.id} is a {aircraft.kind}"


def _zone(flight: Flight) -> Iterator[str]:
    """A zone that is closed, for good or on the day."""
    date = flight.sortie.date
    for zone in flight.craft.zones:
        if zone.closed:
            yield f"{zone.id} is closed"
        if zone.open_from is not None and date < zone.open_from:
            yield f"{zone.id} opens on {zone.open_from}"
        if zone.open_to is not None and date > zone.open_to:
            yield f"{zone.id} closes after {zone.open_to}"


def _commodity(case: Case, commodity_id: str, flight: Flight | None) -> Iterator[str]:
    """A commodity that is unknown, or that the method may not carry."""
    commodity = case.tables.commodities.get(commodity_id)
    if commodity is None:
        yield f"commodity {commodity_id!r} is not in the instance"
    elif flight is not None and flight.craft.method.id not in commodity.methods:
        ways = joined(commodity.methods)
        yield f"{commodity_id} may not go by {flight.craft.method.id}, it goes by {ways}"
