"""The ground around a zone, in metres east and north of its centre: who holds it and who lives there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from pyproj import Geod, Proj
from shapely import make_valid, transform
from shapely.affinity import rotate
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry, BaseMultipartGeometry
from shapely.geometry.polygon import orient
from shapely.ops import unary_union

from instances.schema import GroundArea, Instance, Zone
from optimizer.landing.air import Array

WGS84 = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Surroundings:
    """Areas around a zone, as outlines for `normal.polygon_share`.

    Attributes
    ----------
    held : tuple of (float, array)
        Share recovered and outline of each held area, less the zone and held areas before it.
    built_up : tuple of (float, array)
        People per km2 and outline of each built-up area, less the zone and those before it.
    """

    held: tuple[tuple[float, Array], ...]
    built_up: tuple[tuple[float, Array], ...]


def surroundings(instance: Instance, zone: Zone) -> Surroundings:
    """Areas of ``ground.geojson`` around a zone, in an equidistant projection about its centre (PROJ)."""
    shapes = {area.id: local_shape(area, zone) for area in instance.ground}
    by_kind = {kind: [a for a in instance.ground if a.kind == kind] for kind in ("held", "built_up")}
    itself = zone_shape(zone)
    held = zip(by_kind["held"], _apart([shapes[a.id] for a in by_kind["held"]], itself), strict=True)
    built = zip(by_kind["built_up"], _apart([shapes[a.id] for a in by_kind["built_up"]], itself), strict=True)
    return Surroundings(
        held=tuple((area.recovery_frac, outline(shape)) for area, shape in held),
        built_up=tuple((area.people_per_km2 or 0.0, outline(shape)) for area, shape in built),
    )


def local_shape(area: GroundArea, zone: Zone) -> BaseGeometry:
    """An area in m east and north of the centre of a zone."""
    local = Proj(proj="aeqd", lat_0=zone.lat, lon_0=zone.lon, ellps="WGS84")
    whole = unary_union([make_valid(Polygon(rings[0], rings[1:])) for rings in area.polygons])
    return transform(whole, lambda corners: np.column_stack(local(corners[:, 0], corners[:, 1])))


def built_up_on_axis(instance: Instance, zone: Zone) -> str:
    """Name of a built-up area on the run-in before, in or behind a zone; empty when it is clear.

    WFP keeps the ground behind a zone clear for late bundles, and no built-up area on the axis before or
    after it (WFP Air Transport Manual 7.13.3).
    """
    strip = run_in_strip(zone)
    for area in instance.ground:
        if area.kind == "built_up" and local_shape(area, zone).intersects(strip):
            return area.name or area.id
    return ""


def zone_shape(zone: Zone) -> Polygon:
    """The rectangle of a zone, m east and north of its centre."""
    upright = box(-zone.width_m / 2, -zone.length_m / 2, zone.width_m / 2, zone.length_m / 2)
    return rotate(upright, -zone.axis_deg, origin=(0, 0))


def square(half_m: float) -> Polygon:
    """The square about the centre of a zone that reaches this far north, east, south and west."""
    return box(-half_m, -half_m, half_m, half_m)


def run_in_strip(zone: Zone) -> BaseGeometry:
    """The zone, and its width along the run-in for `clear_axis_m` before and behind it."""
    heading = zone.axis_deg if zone.run_in_deg is None else zone.run_in_deg
    turn = math.radians(heading - zone.axis_deg)
    along = abs(math.cos(turn)) * zone.length_m / 2 + abs(math.sin(turn)) * zone.width_m / 2
    across = abs(math.cos(turn)) * zone.width_m / 2 + abs(math.sin(turn)) * zone.length_m / 2
    reach = along + zone.clear_axis_m
    return rotate(box(-across, -reach, across, reach), -heading, origin=(0, 0))


def _apart(shapes: list[BaseGeometry], zone: BaseGeometry) -> Iterator[BaseGeometry]:
    """Each shape without the zone and without the shapes before it, so that nothing counts twice."""
    taken = zone
    for shape in shapes:
        yield shape.difference(taken)
        taken = unary_union([taken, shape])


def outline(shape: BaseGeometry) -> Array:
    """Edges x1, y1, x2, y2 of an area, outer rings counter-clockwise and holes clockwise."""
    if isinstance(shape, BaseMultipartGeometry):
        return np.vstack([np.zeros((0, 4)), *(outline(part) for part in shape.geoms)])
    if not isinstance(shape, Polygon) or shape.is_empty:
        return np.zeros((0, 4))
    whole = orient(shape)
    rings = [np.asarray(ring.coords)[:, :2] for ring in (whole.exterior, *whole.interiors)]
    return np.vstack([np.hstack([corners[:-1], corners[1:]]) for corners in rings])


def place_from(zone: Zone, east_m: float, north_m: float) -> tuple[float, float, float, float]:
    """Latitude, longitude, distance in m and bearing in degrees of a point off the centre of a zone."""
    distance_m = math.hypot(east_m, north_m)
    bearing = math.degrees(math.atan2(east_m, north_m)) % 360
    lon, lat, _ = WGS84.fwd(zone.lon, zone.lat, bearing, distance_m)
    return float(lat), float(lon), distance_m, bearing
