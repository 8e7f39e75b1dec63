"""The ways from a base to a zone: the whole front between the shortest and the safest."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from instances.schema import Area, Base, Instance, Theatre, Zone
from optimizer.airspace import tracks
from optimizer.airspace.chart import Chart
from optimizer.airspace.labels import front, least
from optimizer.airspace.plane import Numbers, Plane, Points
from optimizer.airspace.rules import Flier, InForce, holds, passed_in_climb

DRAWN_KM = 25.0  # between points drawn: straight lines between them stay within metres of the track
DIGEST = 0xFFFFFF
MOST_TRIED = 8  # areas left out in turn to find those to blame

type Place = tuple[float, float]


@dataclass(frozen=True)
class PathLeg:
    """From one place of a path to the next: km, and the minutes of a surveyed leg, None at cruise speed."""

    km: float
    minutes: float | None = None


@dataclass(frozen=True)
class FlightPath:
    """One way out and back, to a zone or to several in turn.

    Attributes
    ----------
    id : str
        ``<base>__<zone>__<height>m``, with a digest of its corners when it is not the straight way.
    distance_km : float
        Length out and back, km.
    legs : tuple of PathLeg
        From the base to the first zone, from zone to zone, and from the last back to the base; all of them
        are surveyed, or none.
    points : tuple of (lon, lat)
        Ground track out and back, degrees.
    height_m : float
        Height flown, m above ground.
    loss_prob : float
        Probability of losing the aircraft out and back, 0..1.
    entries : tuple of (str, float)
        Corridors that it leads through and the km flown when it enters them, out and back.
    """

    id: str
    distance_km: float
    legs: tuple[PathLeg, ...]
    points: tuple[tuple[float, float], ...]
    height_m: float = 0.0
    loss_prob: float = 0.0
    entries: tuple[tuple[str, float], ...] = ()

    @property
    def corridors(self) -> tuple[str, ...]:
        """Corridors that it leads through."""
        return tuple(dict.fromkeys(corridor for corridor, _ in self.entries))

    @property
    def surveyed(self) -> bool:
        """Whether the minutes are those of surveyed legs."""
        return all(leg.minutes is not None for leg in self.legs)


class Airspace:
    """Every path of an instance; charts and paths are worked out once.

    Parameters
    ----------
    theatre : Theatre
        Box of the operation.
    areas : sequence of Area
        ``airspace.geojson``.
    """

    def __init__(self, theatre: Theatre, areas: Sequence[Area]) -> None:
        self.areas = tuple(areas)
        self.plane = Plane(theatre)
        self._charts: dict[tuple[InForce, float], Chart] = {}
        self._left: dict[tuple[object, ...], tuple[Numbers, Numbers]] = {}
        self._ways: dict[tuple[object, ...], tuple[FlightPath, ...]] = {}
        self._legs: dict[tuple[object, ...], tuple[Points, Points] | None] = {}

    def ways(
        self, base: Base, zone: Zone, flier: Flier, force: InForce, spared: frozenset[str] = frozenset()
    ) -> tuple[FlightPath, ...]:
        """The paths from a base to a zone that no other beats in both length and loss, the shortest first.

        Empty when there is no legal path; `barring` says why.

        Parameters
        ----------
        base, zone : Base, Zone
            Ends of the paths.
        flier : Flier
            Party, kind of aircraft and height.
        force : InForce
            Areas in force during the flight.
        spared : frozenset of str
            Corridors that the paths must do without.
        """
        near = _concerning(force, flier)
        key = (
            base.id,
            base.lon,
            base.lat,
            zone.id,
            zone.lon,
            zone.lat,
            flier.height_m,
            flier.lands,
            near,
            spared,
        )
        if key not in self._ways:
            self._ways[key] = self._found(base, zone, flier, near, spared)
        return self._ways[key]

    def _found(
        self, base: Base, zone: Zone, flier: Flier, force: InForce, spared: frozenset[str]
    ) -> tuple[FlightPath, ...]:
        start, end = self._place(base), self._place(zone)
        found = []
        left = replace(force, corridors=tuple(c for c in force.corridors if c.id not in spared))
        for track in self._tracks(start, end, flier, left, [start, end] if flier.lands else [start]):
            entries = tracks.entries(self.plane, np.vstack([track, track[-2::-1]]), force, flier)
            if spared & {corridor for corridor, _ in entries}:
                continue
            km = tracks.length_km(self.plane, track)
            points = tracks.drawn(self.plane, track, DRAWN_KM)
            found.append(
                FlightPath(
                    id=path_id(base.id, zone.id, flier.height_m, points if len(track) > 2 else ()),
                    distance_km=2 * km,
                    legs=(PathLeg(km), PathLeg(km)),
                    points=points,
                    height_m=flier.height_m,
                    loss_prob=tracks.loss_prob(self.plane, track, force, flier),
                    entries=entries,
                )
            )
        return _undominated(found)

    def tracks(
        self, start: Base | Zone, end: Base | Zone, flier: Flier, force: InForce
    ) -> tuple[Points, Points] | None:
        """The shortest and the safest way of one leg of a tour, by their corners on the map.

        None when there is no legal way. `start` may be the base. Zones of a tour lie near each other and
        often in the same threats, so that between them the straight way is taken as safest where it is legal.
        """
        near = _concerning(force, flier)
        key = ("leg", start.id, start.lon, start.lat, end.id, end.lon, end.lat, flier, near)
        if key not in self._legs:
            a, b = self._place(start), self._place(end)
            out = isinstance(start, Base)
            climbs = [a, b] if flier.lands else [a] if out else []
            chart = self._chart(near, flier.height_m)
            straight_km = chart.legs(a, np.array([b]), chart.around(climbs))[0][0]
            straight = [np.array([a, b])] if not out and np.isfinite(straight_km) else []
            found = straight or self._tracks(a, b, flier, near, climbs)
            self._legs[key] = (found[0], found[-1]) if found else None
        return self._legs[key]

    def _place(self, at: Base | Zone) -> Place:
        x, y = self.plane.xy(np.array([[at.lon, at.lat]]))[0]
        return float(x), float(y)

    def _chart(self, force: InForce, height_m: float) -> Chart:
        if (force, height_m) not in self._charts:
            self._charts[force, height_m] = Chart(self.plane, force, height_m)
        return self._charts[force, height_m]

    def _tracks(
        self, start: Place, end: Place, flier: Flier, force: InForce, near: Sequence[Place]
    ) -> list[Points]:
        """Corners on the map of every way on the front; empty when there is none.

        `near` are the ends at which the aircraft climbs or descends.
        """
        chart = self._chart(force, flier.height_m)
        region = chart.around(near)
        km, loss = chart.legs(start, np.array([end]), region)
        if np.isfinite(km[0]) and loss[0] == 0:
            return [np.array([start, end])]
        corners, graph = chart.graph(near if region is not None else [])
        whole = graph.grown(*chart.legs(end, corners, region))
        n = len(corners)
        key = (force, flier.height_m, end, tuple(near) if region is not None else ())
        if key not in self._left:
            self._left[key] = least(whole.km, n), least(whole.loss, n)
        km_legs, loss_legs = chart.legs(start, corners, region)
        whole = whole.grown(np.append(km_legs, km), np.append(loss_legs, loss))
        km_left, loss_left = (
            np.append(left, np.min(costs[n + 1, : n + 1] + left))
            for left, costs in zip(self._left[key], (whole.km, whole.loss), strict=True)
        )
        places = np.vstack([corners, [end], [start]])
        return [places[list(way)] for way in front(whole, n + 1, n, km_left, loss_left)]

    def barring(self, base: Base, zone: Zone, flier: Flier, force: InForce) -> tuple[Area, ...]:
        """The areas to blame for there being no path: each without which there is one.

        Where no single area is to blame, all that bar the straight way.
        """
        force = _concerning(force, flier)
        start, end = self._place(base), self._place(zone)
        track = np.array([start, end])
        across = [area for area in force.walls if tracks.inside(self.plane, track, area)]
        tried = force.walls if len(force.walls) <= MOST_TRIED else across[:MOST_TRIED]
        near = [start, end] if flier.lands else [start]
        alone = [area for area in tried if self._tracks(start, end, flier, _without(force, area), near)]
        return tuple(alone or across or force.walls)


def path_id(base: str, zone: str, height_m: float, points: Sequence[tuple[float, float]]) -> str:
    """Name of a path; the digest of the points of a detour does not depend on what else is sought."""
    name = f"{base}__{zone}__{height_m:g}m".replace(".", "_")
    if not points:
        return name
    text = ";".join(f"{lon:.4f} {lat:.4f}" for lon, lat in points)
    return f"{name}__{zlib.crc32(text.encode()) & DIGEST:06x}"


def _concerning(force: InForce, flier: Flier) -> InForce:
    """Only the areas that a flight at this height can meet, so that others do not make it another case."""

    def met(areas: Sequence[Area]) -> tuple[Area, ...]:
        height_m = flier.height_m
        return tuple(a for a in areas if holds(a, height_m) or passed_in_climb(a, height_m))

    walls = met(force.prohibited), met(force.restricted)
    return InForce(*walls, force.corridors, met(force.threats))


def _without(force: InForce, area: Area) -> InForce:
    return replace(
        force,
        prohibited=tuple(a for a in force.prohibited if a is not area),
        restricted=tuple(a for a in force.restricted if a is not area),
    )


def _undominated(found: Sequence[FlightPath]) -> tuple[FlightPath, ...]:
    kept: list[FlightPath] = []
    for path in sorted(found, key=lambda path: (path.distance_km, path.loss_prob, path.id)):
        if not kept or path.loss_prob < kept[-1].loss_prob:
            kept.append(path)
    return tuple(kept)


@lru_cache(maxsize=4)
def _airspace(theatre: Theatre, areas: tuple[Area, ...]) -> Airspace:
    return Airspace(theatre, areas)


def airspace_of(instance: Instance) -> Airspace:
    """The airspace of an instance, the same for every call with the same areas."""
    return _airspace(instance.header.theatre, instance.airspace)


def surveyed_path(instance: Instance, base: Base, zone: Zone, height_m: float) -> FlightPath | None:
    """The surveyed way of ``legs.csv`` between a base and a zone, if there is one; drawn straight."""
    for leg in instance.legs:
        if (leg.base, leg.zone) == (base.id, zone.id):
            plane = airspace_of(instance).plane
            track = plane.xy(np.array([[base.lon, base.lat], [zone.lon, zone.lat]]))
            return FlightPath(
                id=f"{base.id}__{zone.id}__surveyed",
                distance_km=2 * leg.distance_km,
                legs=(PathLeg(leg.distance_km, leg.minutes),) * 2,
                points=tracks.drawn(plane, track, DRAWN_KM),
                height_m=height_m,
                loss_prob=leg.loss_prob,
            )
    return None
