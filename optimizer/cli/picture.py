"""The picture of a drop: zone, release point, where bundles come down, held and built-up areas."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, Polygon, Rectangle

from instances.errors import AidliftError
from instances.schema import Instance
from optimizer.landing.air import Array
from optimizer.landing.drops import Drop
from optimizer.landing.explain import Account
from optimizer.landing.ground import local_shape, outline, square

INCHES: Final = 8.0
MARGIN_M: Final = 800.0
COLOURS: Final = {"held": "#cfe3cf", "built_up": "#b9a79a"}


def draw(instance: Instance, drop: Drop, account: Account, path: Path) -> None:
    """Write a PNG or SVG; the same drop gives the same picture.

    Raises
    ------
    AidliftError
        When the file system refuses.
    """
    figure = Figure(figsize=(INCHES, INCHES), layout="constrained")
    axes = figure.add_subplot()
    reach = MARGIN_M + max(
        math.hypot(drop.zone.length_m, drop.zone.width_m) / 2,
        account.ellipse_along_m,
        *(place.distance_m for place in (account.first_release, account.release, account.failed_at)),
    )
    _areas(axes, instance, drop, reach)
    _drop(axes, drop, account)
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    axes.set(xlabel="m east of the zone centre", ylabel="m north of the zone centre")
    axes.set_title(f"{drop.method.name}, {drop.zone.name}, from {drop.height_m:g} m", fontsize=10)
    axes.legend(loc="lower right", fontsize=8)
    _save(figure, path)


def _areas(axes: Axes, instance: Instance, drop: Drop, reach: float) -> None:
    """Held and built-up areas, each with its name where it is seen."""
    for area in instance.ground:
        shape = local_shape(area, drop.zone)
        for corners in _rings(outline(shape)):
            axes.add_patch(Polygon(corners, facecolor=COLOURS[area.kind], edgecolor="none", zorder=1))
        seen = shape.intersection(square(reach))
        if not seen.is_empty:
            middle = seen.representative_point()
            axes.annotate(area.name or area.id, (middle.x, middle.y), fontsize=7, ha="center")


def _drop(axes: Axes, drop: Drop, account: Account) -> None:
    """The zone, the ellipse, the stick of the aircraft, and where failed canopies come down."""
    half = drop.zone.width_m / 2, drop.zone.length_m / 2
    zone = Rectangle(
        (-half[0], -half[1]), 2 * half[0], 2 * half[1], angle=-drop.zone.axis_deg, rotation_point=(0, 0)
    )
    zone.set(facecolor="none", edgecolor="black", linewidth=1.5, label="zone", zorder=3)
    axes.add_patch(zone)
    ellipse = Ellipse(
        (0, 0), 2 * account.ellipse_across_m, 2 * account.ellipse_along_m, angle=-account.run_in_deg
    )
    ellipse.set(facecolor="none", edgecolor="tab:blue", linestyle="--", label="95 % of bundles", zorder=4)
    axes.add_patch(ellipse)
    first, middle, failed = account.first_release, account.release, account.failed_at
    axes.plot(first.east_m, first.north_m, "^", color="tab:red", label="first bundle leaves", zorder=5)
    axes.plot([first.east_m, middle.east_m], [first.north_m, middle.north_m], color="tab:red", zorder=5)
    axes.plot(failed.east_m, failed.north_m, "x", color="tab:purple", label="failed canopies", zorder=5)


def _rings(edges: Array) -> list[list[tuple[float, float]]]:
    """Closed rings of an outline, corner by corner."""
    rings: list[list[tuple[float, float]]] = []
    last: tuple[float, float] | None = None
    for x1, y1, x2, y2 in edges.tolist():
        if last != (x1, y1):
            rings.append([])
        rings[-1].append((x1, y1))
        last = (x2, y2)
    return rings


def _save(figure: Figure, path: Path) -> None:
    plain = {"Date": None} if path.suffix.lower() == ".svg" else {"Software": None}
    try:
        with rc_context({"svg.hashsalt": "aidlift"}):  # without it every file has other ids
            figure.savefig(path, metadata=plain)
    except OSError as error:
        raise AidliftError(f"{path} cannot be written: {error.strerror}; choose another file") from error
