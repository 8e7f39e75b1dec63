"""The sky at one height as a graph: walls, corners to turn at, and what each leg costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from instances.schema import Area
from optimizer.airspace.labels import Graph, Matrix
from optimizer.airspace.plane import Numbers, Plane, Points
from optimizer.airspace.rules import CLIMB_M_PER_KM, InForce, holds, opens, passed_in_climb

CLEAR_M = 20.0  # paths keep this far from walls, so that rounding does not lead into them
TURN_M = 25.0  # from the corner of an area to where paths turn
DISC_CORNERS = 32
POLYGON = 3  # of shapely.GeometryType

type Lines = np.ndarray[tuple[int], np.dtype[np.object_]]
type Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
type Whole = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Danger:
    """A threat where it is met: loss as -ln(1 - p), per km and per crossing of its edge."""

    outline: BaseGeometry
    per_km: float
    per_crossing: float


@dataclass(frozen=True)
class Region:
    """What stops a path, what endangers it, and where to turn around it."""

    wall: BaseGeometry | None
    dangers: tuple[Danger, ...]
    turns: Points

    def costs(self, lines: Lines, km: Numbers) -> tuple[Mask, Numbers]:
        """Which legs are blocked, and the loss out and back on each, as -ln(1 - p)."""
        blocked = np.zeros(len(lines), bool) if self.wall is None else shapely.intersects(self.wall, lines)
        loss = np.zeros(len(lines))
        for danger in self.dangers:
            hit = np.flatnonzero(~blocked & shapely.intersects(danger.outline, lines))
            loss[hit] += 2 * danger.per_km * km[hit] * _share_inside(lines[hit], danger.outline)
            if danger.per_crossing:
                edge = shapely.intersection(lines[hit], danger.outline.boundary)
                crossings = np.where(shapely.is_empty(edge), 0, shapely.get_num_geometries(edge))
                loss[hit] += danger.per_crossing * crossings
        return blocked, loss


class Chart:
    """Corners and legs at one height, for the areas in force.

    Parameters
    ----------
    plane : Plane
        The map.
    force : InForce
        Areas in force.
    height_m : float
        Height flown, m above ground.
    """

    def __init__(self, plane: Plane, force: InForce, height_m: float) -> None:
        self._plane, self._force, self._height_m = plane, force, height_m
        self._outline = {
            area.id: plane.outline(area.outline)[1]
            for area in (*force.walls, *force.corridors, *force.threats)
        }
        level = [area for area in force.walls if holds(area, height_m)]
        threats = [area for area in force.threats if holds(area, height_m)]
        solid = shapely.union_all([self._solid(area) for area in level]) if level else None
        shapes = [self._outline[area.id] for area in threats]
        turns = _turns([*shapes, solid] if solid is not None else shapes)
        self._region = Region(_kept_clear(solid), tuple(self._danger(area, None) for area in threats), turns)
        self.corners = self._free(turns, self._region)
        self._start, self._end = np.triu_indices(len(self.corners), 1)
        self._km = self._plane.km(self.corners[self._start], self.corners[self._end])
        self._lines = _lines(self.corners[self._start], self.corners[self._end])
        blocked, self._loss = self._region.costs(self._lines, self._km)
        self._open = ~blocked
        self._graph: dict[tuple[tuple[float, float], ...], tuple[Points, Graph]] = {}

    def _solid(self, area: Area) -> BaseGeometry:
        """The part of a wall that may not be crossed: of a restricted area, all but its corridors."""
        outline = self._outline[area.id]
        if area.kind == "prohibited":
            return outline
        ways = [c for c in self._force.corridors if opens(c, area, self._height_m)]
        return shapely.difference(outline, shapely.union_all([self._outline[c.id] for c in ways]))

    def _danger(self, area: Area, within: BaseGeometry | None) -> Danger:
        outline = self._outline[area.id]
        met = outline if within is None else shapely.intersection(outline, within)
        shapely.prepare(met)
        per_km = -math.log1p(-area.loss_per_100_km) / 100
        return Danger(met, per_km, -math.log1p(-area.loss_per_transit))

    def _free(self, turns: Points, region: Region) -> Points:
        """Places to turn at that lie in no wall."""
        for wall in (self._region.wall, region.wall):
            if wall is not None and len(turns):
                turns = turns[~shapely.intersects_xy(wall, turns[:, 0], turns[:, 1])]
        return np.unique(turns, axis=0) if len(turns) else turns

    def around(self, places: Sequence[tuple[float, float]]) -> Region | None:
        """What is met in climb and descent around places on the map; None when there is nothing."""
        walls: list[BaseGeometry] = []
        dangers: list[Danger] = []
        for area in (*self._force.walls, *self._force.threats):
            if not passed_in_climb(area, self._height_m):
                continue
            for place in places:
                ring = self._plane.ring(np.array([place]), area.ceiling_m / CLIMB_M_PER_KM, DISC_CORNERS)
                disc = shapely.polygons(ring)
                if not shapely.intersects(self._outline[area.id], disc):
                    continue
                if area.kind == "threat":
                    dangers.append(self._danger(area, disc))
                else:
                    walls.append(shapely.intersection(self._solid(area), disc))
        if not walls and not dangers:
            return None
        solid = shapely.union_all(walls) if walls else None
        turns = _turns([*(danger.outline for danger in dangers), *([solid] if solid is not None else [])])
        return Region(_kept_clear(solid), tuple(dangers), turns)

    def graph(self, places: Sequence[tuple[float, float]]) -> tuple[Points, Graph]:
        """Corners and the graph of them, with what is met around places in climb and descent."""
        region = self.around(places) if places else None
        key = () if region is None else tuple(places)
        if key not in self._graph:
            self._graph[key] = self._graph_with(region)
        return self._graph[key]

    def _graph_with(self, region: Region | None) -> tuple[Points, Graph]:
        n = len(self.corners)
        if region is None:
            return self.corners, self._matrices(n, self._start, self._end, self._open, self._km, self._loss)
        corners = np.vstack([self.corners, self._free(region.turns, region)])
        start, end = np.triu_indices(len(corners), 1)
        new = end >= n
        start, end = np.append(self._start, start[new]), np.append(self._end, end[new])
        lines = _lines(corners[start[len(self._km) :]], corners[end[len(self._km) :]])
        more_km = self._plane.km(corners[start[len(self._km) :]], corners[end[len(self._km) :]])
        blocked, more_loss = self._region.costs(lines, more_km)
        km = np.append(self._km, more_km)
        also, local = region.costs(np.append(self._lines, lines), km)
        open_ = np.append(self._open, ~blocked) & ~also
        loss = np.append(self._loss, more_loss) + local
        return corners, self._matrices(len(corners), start, end, open_, km, loss)

    @staticmethod
    def _matrices(n: int, start: Whole, end: Whole, open_: Mask, km: Numbers, loss: Numbers) -> Graph:
        return Graph(
            _symmetric(n, start, end, np.where(open_, km, np.inf)),
            _symmetric(n, start, end, np.where(open_, loss, np.inf)),
        )

    def legs(
        self, place: tuple[float, float], ends: Points, region: Region | None
    ) -> tuple[Numbers, Numbers]:
        """Length and loss of the legs from a place to some ends, infinite where they are blocked."""
        if not len(ends):
            return np.zeros(0), np.zeros(0)
        starts = np.broadcast_to(np.array(place), ends.shape)
        lines, km = _lines(starts, ends), self._plane.km(starts, ends)
        blocked, loss = self._region.costs(lines, km)
        if region is not None:
            also, more = region.costs(lines, km)
            blocked, loss = blocked | also, loss + more
        return np.where(blocked, np.inf, km), np.where(blocked, np.inf, loss)


def _lines(starts: Points, ends: Points) -> Lines:
    lines: Lines = shapely.linestrings(np.stack([starts, ends], axis=1))
    return lines


def _share_inside(lines: Lines, outline: BaseGeometry) -> Numbers:
    """Share of each line that lies in an outline; convex ones, which most threats are, by clipping at once.

    M. Cyrus, J. Beck, "Generalized two- and three-dimensional clipping", Computers and Graphics 3, 1978.
    """
    if not _is_convex(outline):
        inside = shapely.length(shapely.intersection(lines, outline))
        whole: Numbers = inside / np.maximum(shapely.length(lines), 1e-9)
        return whole
    ring = shapely.get_coordinates(shapely.orient_polygons(outline))
    side = np.diff(ring, axis=0)
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
    way = ends[:, 1] - ends[:, 0]
    # Distance inside each side at the start of each line, and how fast it grows along the line.
    depth = side[:, 0] * (ends[:, :1, 1] - ring[:-1, 1]) - side[:, 1] * (ends[:, :1, 0] - ring[:-1, 0])
    growth = side[:, 0] * way[:, 1:] - side[:, 1] * way[:, :1]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = -depth / growth
    enters = np.where(growth > 0, share, np.where((growth == 0) & (depth < 0), np.inf, 0.0)).max(axis=1)
    leaves = np.where(growth < 0, share, 1.0).min(axis=1)
    clipped: Numbers = np.maximum(0.0, np.minimum(leaves, 1.0) - np.maximum(enters, 0.0))
    return clipped


def _is_convex(outline: BaseGeometry) -> bool:
    single = shapely.get_type_id(outline) == POLYGON and shapely.get_num_interior_rings(outline) == 0
    return bool(single and shapely.area(shapely.convex_hull(outline)) <= (1 + 1e-9) * shapely.area(outline))


def _symmetric(n: int, start: Whole, end: Whole, values: Numbers) -> Matrix:
    matrix = np.full((n, n), np.inf)
    matrix[start, end] = matrix[end, start] = values
    return matrix


def _turns(shapes: Sequence[BaseGeometry]) -> Points:
    """Places just outside the convex corners of shapes."""
    rounded = [shapely.buffer(shape, TURN_M, join_style="mitre") for shape in shapes]
    return np.array([corner for shape in rounded for corner in _convex_corners(shape)]).reshape(-1, 2)


def _kept_clear(solid: BaseGeometry | None) -> BaseGeometry | None:
    if solid is None or shapely.is_empty(solid):
        return None
    wall = shapely.buffer(solid, CLEAR_M, join_style="mitre")
    shapely.prepare(wall)
    return wall


def _convex_corners(shape: BaseGeometry) -> list[tuple[float, float]]:
    """Corners at which a path around a shape may turn; those that point inwards never help."""
    found: list[tuple[float, float]] = []
    for polygon in shapely.get_parts(shapely.orient_polygons(shape)):
        for ring in shapely.get_rings(polygon):
            places = shapely.get_coordinates(ring)[:-1]
            before, after = places - np.roll(places, 1, axis=0), np.roll(places, -1, axis=0) - places
            turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
            found += [(float(x), float(y)) for x, y in places[turn > 0]]
    return found
