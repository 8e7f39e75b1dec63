"""The picture of a drop: zone, release point, where bundles come down, held and built-up areas."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure
from matplotlib.patches import Ellipse, Polygon, Rectangle

from instances.errors import AidliftError
from instances.schema import Instance
from optimizer.landing.drops import Drop
from optimizer.landing.explain import Account
from optimizer.landing.ground import local_shape, outline

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
    for area in instance.ground:
        for corners in _rings(outline(local_shape(area, drop.zone))):
            axes.add_patch(Polygon(corners, facecolor=COLOURS[area.kind], edgecolor="none", zorder=1))
        shape = local_shape(area, drop.zone).representative_point()
        axes.annotate(area.name or area.id, (shape.x, shape.y), fontsize=7, ha="center", clip_on=True)
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
    reach = MARGIN_M + max(
        math.hypot(*half), account.ellipse_along_m, first.distance_m, middle.distance_m, failed.distance_m
    )
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    axes.set(xlabel="m east of the zone centre", ylabel="m north of the zone centre")
    axes.set_title(f"{drop.method.name}, {drop.zone.name}, from {drop.height_m:g} m", fontsize=10)
    axes.legend(loc="lower right", fontsize=8)
    _save(figure, path)


def _rings(edges: object) -> list[list[tuple[float, float]]]:
    """Closed rings of an outline, corner by corner."""
    rings: list[list[tuple[float, float]]] = []
    last: tuple[float, float] | None = None
    for x1, y1, x2, y2 in edges:  # type: ignore[attr-defined]
        if last != (x1, y1):
            rings.append([])
        rings[-1].append((float(x1), float(y1)))
        last = (x2, y2)
    return rings


def _save(figure: Figure, path: Path) -> None:
    plain = {"Date": None} if path.suffix.lower() == ".svg" else {"Software": None}
    try:
        figure.savefig(path, metadata=plain)
    except OSError as error:
        raise AidliftError(f"{path} cannot be written: {error.strerror}; choose another file") from error
