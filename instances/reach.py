"""Rules over several tables: who may fly what from where, and whether what is needed can be brought."""

from __future__ import annotations

from collections.abc import Iterator

from instances.entries import Tables
from instances.errors import Finding
from instances.kinds import Kind
from instances.schema import (
    Aircraft,
    Base,
    Commodity,
    Community,
    Feeder,
    Fleet,
    Link,
    Method,
    Need,
    Rig,
    Standard,
    Supply,
    Zone,
)

_KINDS = {
    "drop": ("fixed_wing", "helicopter"),
    "landing": ("helicopter",),
    "sling": ("helicopter",),
    "airstrip": ("fixed_wing",),
    "truck": ("truck",),
}
"""Kinds of aircraft that can do a kind of method."""


def bases_admit_fleets(tables: Tables) -> Iterator[Finding]:
    """A fleet stands at a base that its party may use."""
    bases = tables.by_id(Base)
    for entry in tables.of(Fleet):
        base = bases.get(entry.row.base)
        if (
            base
            and entry.row.party not in base.row.parties
            and entry.row.party in tables.ids.get("parties", ())
        ):
            yield Kind.BASE_REFUSES.at(entry.at("base"), f"does not admit {entry.row.party}")


def bases_admit_feeders(tables: Tables) -> Iterator[Finding]:
    """A feeder's party may use the bases at both ends."""
    bases = tables.by_id(Base)
    for entry in tables.of(Feeder):
        for column in ("from_base", "to_base"):
            base = bases.get(getattr(entry.row, column))
            known = entry.row.party in tables.ids.get("parties", ())
            if base and known and entry.row.party not in base.row.parties:
                yield Kind.FEEDER_REFUSED.at(entry.at(column), f"does not admit {entry.row.party}")


def fleets_can_do_their_methods(tables: Tables) -> Iterator[Finding]:
    """The type can do the method and has positions for what the method takes."""
    aircraft, methods = tables.by_id(Aircraft), tables.by_id(Method)
    for entry in tables.of(Fleet):
        for name in entry.row.methods:
            kind, method = aircraft.get(entry.row.aircraft), methods.get(name)
            if kind and method and (problem := unfit(kind.row, method.row)):
                yield Kind.METHOD_UNFIT.at(entry.at("methods", name), problem)


def unfit(aircraft: Aircraft, method: Method) -> str:
    """Why an aircraft cannot do a method; empty when it can."""
    if aircraft.kind not in _KINDS[method.kind]:
        return f"{aircraft.id} is a {aircraft.kind}, a {method.kind} needs {' or '.join(_KINDS[method.kind])}"
    positions = {
        "bundle": aircraft.bundle_positions,
        "platform": aircraft.platform_positions,
        "none": 1,
    }
    return "" if positions[method.position_kind] else f"{aircraft.id} has no {method.position_kind} positions"


def rigs_are_for_bundles(tables: Tables) -> Iterator[Finding]:
    """Sets are in stock only for methods that use them up."""
    methods = tables.by_id(Method)
    for entry in tables.of(Rig):
        method = methods.get(entry.row.method)
        if method and method.row.position_kind == "none":
            yield Kind.RIG_WITHOUT_BUNDLE.at(entry.at("method"), "takes loose cargo")


def feeders_bring_what_has_a_price(tables: Tables) -> Iterator[Finding]:
    """All that a feeder can bring has a supply row, and so a price, where it arrives."""
    if not tables.complete(Supply):
        return
    held = _held(tables)
    for entry in tables.of(Feeder):
        start, end = entry.row.from_base, entry.row.to_base
        if start in tables.ids.get("bases", ()) and end in tables.ids.get("bases", ()):
            for commodity in sorted(held.get(start, set()) - held.get(end, set())):
                problem = f"has no supply row for {commodity}, which {start} supplies"
                yield Kind.FEEDER_WITHOUT_PRICE.at(entry.at("to_base"), problem)


def _held(tables: Tables) -> dict[str, set[str]]:
    """Commodities with a supply row, by base."""
    held: dict[str, set[str]] = {}
    for entry in tables.of(Supply):
        held.setdefault(entry.row.base, set()).add(entry.row.commodity)
    return held


def communities_need_something(tables: Tables) -> Iterator[Finding]:
    """A community without needs would look perfectly fed."""
    needy = {entry.row.community for entry in tables.of(Need)}
    needy |= {entry.row.community for entry in tables.of(Standard)}
    for entry in tables.of(Community) if tables.complete(Need, Standard) else ():
        if entry.row.id not in needy:
            yield Kind.COMMUNITY_WITHOUT_NEED.at(entry.at("id"), "has no row in needs.csv or standards.csv")


def communities_are_linked(tables: Tables) -> Iterator[Finding]:
    """A community that nothing can be carried to is an omission."""
    linked = {entry.row.community for entry in tables.of(Link)}
    for entry in tables.of(Community) if tables.complete(Link) else ():
        if entry.row.id not in linked:
            yield Kind.COMMUNITY_WITHOUT_LINK.at(entry.at("id"), "has no row in links.csv")


def needs_can_be_brought(tables: Tables) -> Iterator[Finding]:
    """Some fleet can bring what is needed by a method allowed for the cargo and at a linked zone."""
    commodities = tables.by_id(Commodity)
    if not tables.complete(Commodity, Fleet, Link, Zone, Supply, Feeder):
        return
    stocked = _reached(tables)
    for entry in tables.of(Need):
        commodity = commodities.get(entry.row.commodity)
        if commodity and (problem := _why_not(tables, entry.row.community, commodity.row, stocked)):
            yield Kind.NEED_OUT_OF_REACH.at(entry.at("commodity"), problem)
    foods = [entry.row for entry in commodities.values() if entry.row.is_food]
    misgrouped = any(entry.row.is_misgrouped for entry in commodities.values())
    for standard in tables.of(Standard) if not misgrouped else ():
        community = standard.row.community
        if all(_why_not(tables, community, food, stocked) for food in foods):
            yield Kind.NEED_OUT_OF_REACH.at(standard.at("community"), "no food can be brought there")


def _why_not(tables: Tables, community: str, commodity: Commodity, stocked: dict[str, set[str]]) -> str:
    """Why no one can bring a commodity to a community; empty when someone can, or has no link at all."""
    allowed = set(commodity.methods)
    fleets = [entry.row for entry in tables.of(Fleet) if allowed & set(entry.row.methods)]
    if not fleets:
        return f"no fleet flies a method that may carry it ({', '.join(commodity.methods)})"
    linked = {entry.row.zone for entry in tables.of(Link) if entry.row.community == community}
    if not linked:
        return ""
    admitted = {
        method for entry in tables.of(Zone) if entry.row.id in linked for method in entry.row.methods
    } & allowed
    able = [fleet for fleet in fleets if admitted & set(fleet.methods)]
    if not able:
        return f"no zone linked to {community} admits a method that may carry it and a fleet flies"
    if not any(commodity.id in stocked.get(fleet.base, set()) for fleet in able):
        bases = ", ".join(sorted({fleet.base for fleet in able}))
        return f"no supply row or feeder brings it to a base of the fleets that could ({bases})"
    return ""


def _reached(tables: Tables) -> dict[str, set[str]]:
    """Commodities that can be at each base, supplied there or fed over any chain of feeders."""
    reached = _held(tables)
    feeders = [entry.row for entry in tables.of(Feeder)]
    for _ in feeders:
        for feeder in feeders:
            reached.setdefault(feeder.to_base, set()).update(reached.get(feeder.from_base, set()))
    return reached


RULES = (
    bases_admit_fleets,
    bases_admit_feeders,
    fleets_can_do_their_methods,
    rigs_are_for_bundles,
    feeders_bring_what_has_a_price,
    communities_need_something,
    communities_are_linked,
    needs_can_be_brought,
)
