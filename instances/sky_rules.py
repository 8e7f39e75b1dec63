"""Rules over the airspace: outlines that enclose something, corridors that lead through, places outside."""

from __future__ import annotations

from collections.abc import Iterator

from shapely import LinearRing, Point, Polygon

from instances.entries import Entry, Tables
from instances.errors import Finding
from instances.kinds import Kind
from instances.schema import Area, Base, Theatre, Zone

LEAST_DEG2 = 1e-8  # about 100 m2; less is a slip of the hand
WIDEST_DEG = 60.0  # from the middle of the theatre; sides are drawn straight on a map of great circles


def outlines_enclose_something(tables: Tables) -> Iterator[Finding]:
    """An outline has three corners or more, some surface, and does not cross itself."""
    for entry in tables.of(Area):
        if len(entry.row.outline) < 3:
            yield Kind.CROOKED_OUTLINE.at(entry.at("outline"), "has fewer than three corners")
        elif not LinearRing(entry.row.outline).is_simple:
            yield Kind.CROOKED_OUTLINE.at(entry.at("outline"), "crosses or touches itself")
        elif Polygon(entry.row.outline).area < LEAST_DEG2:
            yield Kind.CROOKED_OUTLINE.at(entry.at("outline"), "encloses nothing")


def outlines_lie_in_the_theatre(tables: Tables) -> Iterator[Finding]:
    """Corners lie in the theatre, longitude first."""
    if tables.header is None:
        return
    box = tables.header.theatre
    if box.south >= box.north or box.west >= box.east:
        return
    for entry in tables.of(Area):
        outside = [place for place in entry.row.outline if not _inside(box, *place)]
        if not outside:
            continue
        lon, lat = outside[0]
        seen = entry.at("outline", f"{lon:g} {lat:g}")
        if all(_inside(box, lat, lon) for lon, lat in entry.row.outline):
            yield Kind.SWAPPED.at(seen, "the two numbers are swapped: longitude comes first")
        else:
            edges = f"{box.south:g}..{box.north:g} N, {box.west:g}..{box.east:g} E"
            yield Kind.OUTSIDE_THEATRE.at(seen, f"a corner lies outside the theatre {edges}")


def _inside(box: Theatre, lon: float, lat: float) -> bool:
    return box.west <= lon <= box.east and box.south <= lat <= box.north


def theatre_fits_a_map(tables: Tables) -> Iterator[Finding]:
    """Paths are sought on a map that ends 90 degrees from its middle."""
    if tables.header is None or not tables.of(Area):
        return
    box = tables.header.theatre
    for low, high, edge in ((box.south, box.north, "north"), (box.west, box.east, "east")):
        if (high - low) / 2 > WIDEST_DEG:
            place = tables.rows("instance")[0].at(f"theatre.{edge}")
            yield Kind.THEATRE_TOO_WIDE.at(place, f"is {(high - low) / 2:g} degrees from the middle")


def figures_fit_the_kind(tables: Tables) -> Iterator[Finding]:
    """A loss stands on a threat only, a limit of transits on a corridor only."""
    for entry in tables.of(Area):
        owners = {
            "loss_per_100_km": "threat",
            "loss_per_transit": "threat",
            "transits_per_day": "corridor",
            "transits_per_hour": "corridor",
        }
        for column, kind in owners.items():
            if getattr(entry.row, column) not in (None, 0.0) and entry.row.kind != kind:
                yield Kind.WRONG_AREA_FIGURE.at(entry.at(column), f"the area is {entry.row.kind}")


def corridors_lead_through_something(tables: Tables) -> Iterator[Finding]:
    """A corridor that meets no restricted area opens nothing."""
    restricted = [entry for entry in _sound(tables) if entry.row.kind == "restricted"]
    for entry in _sound(tables) if tables.complete(Area) else ():
        if entry.row.kind != "corridor":
            continue
        outline = Polygon(entry.row.outline)
        if not any(
            outline.intersection(Polygon(other.row.outline)).area > LEAST_DEG2
            and entry.row.floor_m < other.row.ceiling_m
            and other.row.floor_m < entry.row.ceiling_m
            for other in restricted
        ):
            yield Kind.IDLE_CORRIDOR.at(entry.at("id"), "touches no restricted area")


def places_are_not_prohibited(tables: Tables) -> Iterator[Finding]:
    """No base or zone lies in an area that is prohibited to all, always, from the ground."""
    for entry in _sound(tables):
        area = entry.row
        partial = area.parties or area.first_date or area.last_date or area.floor_m > 0
        hourly = (area.hours_from, area.hours_to) != (0, 1440)
        some_may = not {"fixed_wing", "helicopter"} <= set(area.aircraft_kinds)
        if area.kind != "prohibited" or partial or hourly or some_may:
            continue
        outline = Polygon(area.outline)
        places: list[Entry[Base] | Entry[Zone]] = [*tables.of(Base), *tables.of(Zone)]
        for place in places:
            if outline.contains(Point(place.row.lon, place.row.lat)):
                yield Kind.PLACE_PROHIBITED.at(place.at("id"), f"lies inside {area.id}")


def _sound(tables: Tables) -> list[Entry[Area]]:
    """Areas whose outline is a polygon."""
    return [
        entry
        for entry in tables.of(Area)
        if len(entry.row.outline) >= 3 and Polygon(entry.row.outline).is_valid
    ]


RULES = (
    outlines_enclose_something,
    outlines_lie_in_the_theatre,
    theatre_fits_a_map,
    figures_fit_the_kind,
    corridors_lead_through_something,
    places_are_not_prohibited,
)
