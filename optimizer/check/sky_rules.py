"""Rules about the sky: every path flown is legal, and corridors are not crowded."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterator
from typing import Final

from optimizer.check.case import Case
from optimizer.check.flight import Flight, stops_km
from optimizer.check.geodesic import geodesic_km
from optimizer.check.sky import corridors_used, trespass
from optimizer.check.track import LEAST_KM
from optimizer.check.violation import Violation, clock, counted, far, number

HOUR: Final = dt.timedelta(hours=1)
NOISE_MIN: Final = 2e-4  # points are written to 0.1 m, which is seconds of a second of flight
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


def corridor_hour_limit(case: Case) -> Iterator[Violation]:
    """Only so many transits of a corridor begin in any 60 minutes, out and back, whoever flies them."""
    entered: dict[str, list[tuple[dt.datetime, dt.datetime, Flight]]] = {}
    for flight in case.flights:
        if flight.surveyed or flight.craft.aircraft.kind == "truck":
            continue
        for corridor in corridors_used(case.instance, flight.track, flight.passage):
            if corridor.transits_per_hour is not None:
                for km, _ in flight.track.inside(corridor):
                    moments = entry_times(flight, km)
                    entered.setdefault(corridor.id, []).append((*moments, flight))
    limits = {area.id: area.transits_per_hour for area in case.instance.airspace}
    for corridor_id, entries in entered.items():
        most = limits[corridor_id] or 0
        for _, late, flight in sorted(entries, key=lambda entry: entry[:2]):
            # Where noise leaves two whole minutes, what is within the hour by the earlier one counts.
            within = sum(late - HOUR < early <= late for early, _, _ in entries)
            if within > most:
                at = clock(case.minute(late, flight.sortie.date))
                message = f"{counted(within, 'transit')} begin in the hour to {at} local, it takes {most}"
                yield Violation(
                    "corridor_hour_limit", f"{corridor_id} on {flight.sortie.date}", message, "sorties.csv"
                )
                break


def entry_times(flight: Flight, km: float) -> tuple[dt.datetime, dt.datetime]:
    """The whole minute, UTC, at which a path is so many km from its start; two where noise leaves two.

    Half of the climb and of what rounding adds to the block time, the way, and every stop passed.
    """
    aircraft = flight.craft.aircraft
    minutes = flight.out_min + 60 * km / aircraft.cruise_kmh
    for call, at_km in zip(flight.calls, stops_km(flight.track, flight.craft), strict=True):
        if at_km < km - LEAST_KM:
            minutes += call.zone_min + (aircraft.climb_descent_min / 2 if flight.lands else 0.0)
    early, late = math.floor(minutes - NOISE_MIN), math.floor(minutes + NOISE_MIN)
    return flight.takeoff + dt.timedelta(minutes=early), flight.takeoff + dt.timedelta(minutes=late)


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
