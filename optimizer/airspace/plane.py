"""A map on which great circles are straight, and lengths on the WGS84 ellipsoid."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import Geod, Proj
from shapely.geometry.base import BaseGeometry

from instances.schema import Theatre

type Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]
"""One point a row: longitude and latitude in degrees, or x and y on the map in metres."""
type Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]

EARTH_M = 6_371_000.0  # only scales the map; lengths are taken on the ellipsoid
WGS84 = Geod(ellps="WGS84")


class Plane:
    """The central (gnomonic) projection around the middle of a theatre.

    Sides of areas and legs of paths are great circles, geodetic latitudes taken as those of a sphere, and
    hence straight here (J. P. Snyder, "Map Projections: A Working Manual", USGS 1395, 1987, p. 164). They
    are longer than geodesics of the ellipsoid by centimetres.
    """

    def __init__(self, theatre: Theatre) -> None:
        lat, lon = (theatre.south + theatre.north) / 2, (theatre.west + theatre.east) / 2
        self._proj = Proj(proj="gnom", lat_0=lat, lon_0=lon, R=EARTH_M)
        self._outlines: dict[tuple[tuple[float, float], ...], tuple[Points, BaseGeometry]] = {}

    def xy(self, degrees: Points) -> Points:
        """Points of the map, m, for rows of longitude and latitude."""
        x, y = self._proj(degrees[:, 0], degrees[:, 1])
        return np.column_stack([x, y])

    def degrees(self, xy: Points) -> Points:
        """Longitude and latitude for points of the map."""
        lon, lat = self._proj(xy[:, 0], xy[:, 1], inverse=True)
        return np.column_stack([lon, lat])

    def outline(self, corners: tuple[tuple[float, float], ...]) -> tuple[Points, BaseGeometry]:
        """Corners of an area on the map, and the polygon they enclose, prepared for many questions."""
        if corners not in self._outlines:
            ring = self.xy(np.array(corners))
            # Sides that nearly touch as straight lines on a chart may cross as great circles.
            polygon = shapely.make_valid(shapely.polygons(ring))
            shapely.prepare(polygon)
            self._outlines[corners] = ring, polygon
        return self._outlines[corners]

    def km(self, start: Points, end: Points) -> Numbers:
        """Geodesic length between rows of points of the map, km.

        C. F. F. Karney, "Algorithms for geodesics", J. Geodesy 87, 2013, as in PROJ.
        """
        a, b = self.degrees(start), self.degrees(end)
        metres: Numbers = np.asarray(WGS84.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2])
        return metres / 1000

    def ring(self, centre: Points, radius_km: float, corners: int) -> Points:
        """A polygon around a circle of geodesic radius, which it holds whole; corners on the map."""
        lon, lat = self.degrees(centre)[0]
        bearings = np.linspace(0, 360, corners, endpoint=False)
        outer_m = 1000 * radius_km / np.cos(np.pi / corners)
        around = WGS84.fwd(np.full(corners, lon), np.full(corners, lat), bearings, np.full(corners, outer_m))
        return self.xy(np.column_stack(around[:2]))
