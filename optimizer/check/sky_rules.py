"""Rules about the sky: every path flown is legal, and corridors are not crowded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from optimizer.check.case import Case
from optimizer.check.flight import Flight, stops_km
from optimizer.check.geodesic import geodesic_km
from optimizer.check.sky import corridors_used, trespass
from optimizer.check.violation import Violation, counted, far, number

SPOT_KM: Final = 0.01  # a path starts, turns and ends this near to base and zone


def legal_path(case: Case) -> Iterator[Violation]:
    """A path leads out to the zone and back, through no area that is barred at that height and time."""
    for flight in case.flights:
        if flight.surveyed or flight.craft.aircraft.kind == "truck":
            continue
        for fault in (*_drawing(flight), *_barred(case, flight)):
            yield Violation("legal_path", flight.where, fault, "paths.geojson")


def _drawing(flight: Flight) -> Iterator[str]:
    """What is wrong with the line itself."""
    path, base, zones = flight.path, flight.craft.base, flight.craft.zones
    if path is None:
        return  # sortie_figures says that it is not drawn once
    if far(path.height_m, flight.sortie.release_height_m, 0.01):
        flown = number(flight.sortie.release_height_m)
        yield f"height_m of path {path.path_id} is {number(path.height_m)}, the sortie flies at {flown} m"
    if len(path.points) < 2:
        yield f"the track of path {path.path_id} is not drawn"
        return
    ends = (path.points[0], path.points[-1])
    if any(geodesic_km(lat, lon, base.lat, base.lon) > SPOT_KM for lon, lat in ends):
        yield f"path {path.path_id} does not start and end at {base.id}"
    for zone, at_km in zip(zones, stops_km(flight.track, flight.craft), strict=True):
        if not any(
            geodesic_km(lat, lon, zone.lat, zone.lon) <= SPOT_KM and abs(km - at_km) <= SPOT_KM
            for (lon, lat), km in zip(path.points, flight.track.km, strict=True)
        ):
            where = "half way" if len(zones) == 1 else "in its turn"
            yield f"path {path.path_id} is not at {zone.id} {where}"


def _barred(case: Case, flight: Flight) -> Iterator[str]:
    """Areas that the path crosses and may not."""
    for area, inside_km in trespass(case.instance, flight.track, flight.passage):
        height = f"at {number(flight.sortie.release_height_m)} m"
        outside = " outside its corridors" if area.kind == "restricted" else ""
        inside = f"{number(max(inside_km, 0.01), 2)} km inside {area.id}{outside} {height}"
        yield f"{inside}, which is {area.kind} to {flight.craft.party.id}"


def corridor_slot_limit(case: Case) -> Iterator[Violation]:
    """A corridor takes only so many sorties a day, whoever flies them: sum sorties <= transits_per_day."""
    flown: Counter[tuple[str, str]] = Counter()
    for flight in case.flights:
        if flight.surveyed or flight.craft.aircraft.kind == "truck":
            continue
        for corridor in corridors_used(case.instance, flight.track, flight.passage):
            flown[corridor.id, f"{flight.sortie.date}"] += 1
    limits = {area.id: area.transits_per_day for area in case.instance.airspace}
    for (corridor_id, date), sorties in flown.items():
        most = limits[corridor_id]
        if most is not None and sorties > most:
            message = f"{counted(sorties, 'sortie')} through it, it takes {most} a day"
            yield Violation("corridor_slot_limit", f"{corridor_id} on {date}", message, "sorties.csv")
