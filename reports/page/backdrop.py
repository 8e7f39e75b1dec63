"""The plain backdrop of the map: borders and rivers within a box, from the data in ``reports/assets``."""

from __future__ import annotations

import json
from functools import cache
from itertools import accumulate
from typing import Any, Final

from instances.schema import Theatre
from reports.page.assets import asset

CREDIT: Final = (
    "Borders and coasts: Natural Earth 1:50 million (public domain). Rivers: drawn by hand, an estimate."
)
MARGIN_DEG: Final = 1.5

type Line = list[tuple[float, float]]
"""Points (lat, lon), degrees."""


@cache
def _borders() -> tuple[tuple[tuple[float, float], ...], ...]:
    """Every line of the world, (lon, lat): TopoJSON arcs are steps on a grid."""
    topology = json.loads(asset("countries-50m.json"))
    (scale_x, scale_y), (x_0, y_0) = topology["transform"]["scale"], topology["transform"]["translate"]
    lines = []
    for arc in topology["arcs"]:
        xs, ys = accumulate(step[0] for step in arc), accumulate(step[1] for step in arc)
        lines.append(tuple((x * scale_x + x_0, y * scale_y + y_0) for x, y in zip(xs, ys, strict=True)))
    return tuple(lines)


def backdrop(theatre: Theatre) -> dict[str, Any]:
    """Lines for the map, as far as they lie in or near a theatre.

    Parameters
    ----------
    theatre : Theatre
        Its box, degrees; a margin is added.

    Returns
    -------
    dict
        ``borders``, a list of lines, and ``rivers``, a list of name and line; points are (lat, lon).
    """
    box = (
        theatre.west - MARGIN_DEG,
        theatre.south - MARGIN_DEG,
        theatre.east + MARGIN_DEG,
        theatre.north + MARGIN_DEG,
    )
    rivers = json.loads(asset("rivers.json"))["rivers"]
    return {
        "borders": [part for line in _borders() for part in _within(line, box)],
        "rivers": [
            {"name": river["name"], "line": part}
            for river in rivers
            for part in _within([(x, y) for x, y in river["points"]], box)
        ],
    }


def _within(
    line: list[tuple[float, float]] | tuple[tuple[float, float], ...],
    box: tuple[float, float, float, float],
) -> list[Line]:
    """The stretches of a line in a box, each with the point before and after it."""
    west, south, east, north = box
    inside = [west <= x <= east and south <= y <= north for x, y in line]
    parts: list[Line] = []
    for place, (x, y) in enumerate(line):
        near = any(inside[max(0, place - 1) : place + 2])
        if near and (place == 0 or not any(inside[max(0, place - 2) : place + 1])):
            parts.append([])
        if near:
            parts[-1].append((round(y, 3), round(x, 3)))
    return [part for part in parts if len(part) > 1]
