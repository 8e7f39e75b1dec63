"""Ground tracks as GeoJSON (RFC 7946): longitude before latitude, WGS84 degrees."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from instances.errors import AidliftError, Finding
from optimizer.plan import Path
from reports.findings import finding, from_validation
from reports.numbers import rounded

FILE: Final = "paths.geojson"

_DEGREE_DECIMALS: Final = 6  # 0.1 m on the ground
_PROPERTIES: Final = ("path_id", "party", "distance_km", "loss_prob", "height_m")


def _on_earth(position: tuple[float, ...]) -> tuple[float, ...]:
    if abs(position[0]) > 180 or abs(position[1]) > 90:
        raise ValueError("longitude comes first, -180 to 180, then latitude, -90 to 90")
    return position


class _Foreign(BaseModel):
    """Part of a GeoJSON file; map programs add members of their own, which are left out."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class _Line(_Foreign):
    type: Literal["LineString"]
    # A third number is a height that some map programs add.
    coordinates: tuple[
        Annotated[tuple[float, ...], Field(min_length=2, max_length=3), AfterValidator(_on_earth)], ...
    ] = Field(min_length=2)


class _Properties(_Foreign):
    path_id: str = Field(min_length=1)
    party: str
    distance_km: float
    loss_prob: float
    height_m: float


class _Feature(_Foreign):
    type: Literal["Feature"]
    properties: _Properties
    geometry: _Line | None


def _feature(path: Path) -> dict[str, Any]:
    if len(path.points) == 1:
        raise AidliftError(f"path {path.path_id} has one point; a path needs two, or none if unknown.")
    # +0.0 turns -0.0 into 0.0.
    degrees = [[round(value, _DEGREE_DECIMALS) + 0.0 for value in point] for point in path.points]
    return {
        "type": "Feature",
        "properties": {
            "path_id": path.path_id,
            "party": path.party,
            "distance_km": rounded("distance_km", path.distance_km),
            "loss_prob": rounded("loss_prob", path.loss_prob),
            "height_m": rounded("height_m", path.height_m),
        },
        "geometry": {"type": "LineString", "coordinates": degrees} if degrees else None,
    }


def paths_text(paths: Iterable[Path]) -> str:
    """The paths flown as a FeatureCollection, one feature a line.

    Parameters
    ----------
    paths : iterable of Path
        Points in degrees (lon, lat), distance in km, loss as a probability 0..1.

    Raises
    ------
    AidliftError
        When a path has a single point, which is no line.

    References
    ----------
    RFC 7946, The GeoJSON Format, 2016.
    """
    lines = [json.dumps(_feature(path), ensure_ascii=False, allow_nan=False) for path in paths]
    body = ",\n".join(lines)
    return f'{{"type": "FeatureCollection", "features": [\n{body}\n]}}\n'


def _path(feature: _Feature) -> Path:
    line = feature.geometry.coordinates if feature.geometry else ()
    own = {name: getattr(feature.properties, name) for name in _PROPERTIES}
    return Path(**own, points=tuple((position[0], position[1]) for position in line))


def read_paths(text: str) -> tuple[list[Path], list[Finding]]:
    """The paths of a GeoJSON text, also as a map program leaves it, and what is wrong with it.

    Returns
    -------
    paths : list of Path
        Every path that can be used, in the file's order.
    findings : list of Finding
        AL-4201 and AL-4203.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        remedy = "restore the file, or solve again"
        return [], [finding("AL-4201", FILE, f"{error.msg}", remedy, row=error.lineno)]
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        problem = "this is no FeatureCollection with a list of features"
        return [], [finding("AL-4203", FILE, problem, "restore the file, or solve again")]
    paths: list[Path] = []
    findings: list[Finding] = []
    for number, feature in enumerate(features):
        try:
            paths.append(_path(_Feature.model_validate(feature)))
        except ValidationError as error:
            remedy = "correct it, or take the file from the plan as it was solved"
            findings += from_validation("AL-4203", FILE, error, remedy, ("features", number))
    return paths, findings
