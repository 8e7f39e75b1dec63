"""``plan.kml``: paths flown, areas with their validity, bases and zones, for map programs (OGC KML 2.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree as Xml

from instances.schema import Area, Base, Instance, Zone
from optimizer.plan import Path, Plan

FILE: Final = "plan.kml"
NAMESPACE: Final = "http://www.opengis.net/kml/2.2"

_SHOWN_CEILING_M: Final = 12_000.0  # areas without an upper edge are drawn up to here
_COLOURS: Final = {  # alpha, blue, green, red
    "prohibited": "80241cd9",
    "restricted": "40808080",
    "corridor": "8050b000",
    "threat": "60007fff",
    "path": "ffd07020",
}


def kml_text(plan: Plan, instance: Instance) -> str:
    """The plan as KML.

    Parameters
    ----------
    plan : Plan
        Its paths are drawn at the height flown, m above ground.
    instance : Instance
        With the plan's scenarios: its areas, bases and zones.
    """
    root = Xml.Element("kml", xmlns=NAMESPACE)
    document = Xml.SubElement(root, "Document")
    _text(document, "name", f"{plan.instance}: {' + '.join(plan.options.parties)}")
    for name, colour in _COLOURS.items():
        style = Xml.SubElement(document, "Style", id=name)
        for part in ("LineStyle", "PolyStyle"):
            _text(Xml.SubElement(style, part), "color", colour)
    flown = _folder(document, "Paths flown")
    for path in plan.paths:
        if len(path.points) > 1:
            _path(flown, path, plan)
    areas = _folder(document, "Airspace")
    for area in instance.airspace:
        _area(areas, area)
    _places(_folder(document, "Bases"), instance.bases)
    _places(_folder(document, "Zones"), instance.zones)
    Xml.indent(root, " ")
    return Xml.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _text(parent: Xml.Element, tag: str, text: str) -> None:
    Xml.SubElement(parent, tag).text = text


def _folder(document: Xml.Element, name: str) -> Xml.Element:
    folder = Xml.SubElement(document, "Folder")
    _text(folder, "name", name)
    return folder


def _placemark(
    folder: Xml.Element, name: str, words: Iterable[str], style: str = "", area: Area | None = None
) -> Xml.Element:
    placemark = Xml.SubElement(folder, "Placemark")
    _text(placemark, "name", name)
    _text(placemark, "description", "; ".join(words))
    if area is not None and (area.first_date or area.last_date):
        span = Xml.SubElement(placemark, "TimeSpan")
        for tag, date in (("begin", area.first_date), ("end", area.last_date)):
            if date is not None:
                _text(span, tag, date.isoformat())
    if style:
        _text(placemark, "styleUrl", f"#{style}")
    return placemark


def _coordinates(points: Iterable[tuple[float, float]], height_m: float) -> str:
    return " ".join(f"{lon:.6f},{lat:.6f},{height_m:g}" for lon, lat in points)


def _path(folder: Xml.Element, path: Path, plan: Plan) -> None:
    sorties = sum((s.path_id, s.party) == (path.path_id, path.party) for s in plan.sorties)
    words = (
        f"flown by {path.party}",
        f"sorties: {sorties}",
        f"{path.distance_km:.1f} km out and back at {path.height_m:g} m",
        f"loss {path.loss_prob:.2g} a sortie",
    )
    line = Xml.SubElement(_placemark(folder, path.path_id, words, "path"), "LineString")
    _text(line, "altitudeMode", "relativeToGround")
    _text(line, "coordinates", _coordinates(path.points, path.height_m))


def _area(folder: Xml.Element, area: Area) -> None:
    placemark = _placemark(folder, area.name or area.id, _validity(area), area.kind, area)
    polygon = Xml.SubElement(placemark, "Polygon")
    _text(polygon, "extrude", "1")
    _text(polygon, "altitudeMode", "relativeToGround")
    ring = Xml.SubElement(Xml.SubElement(polygon, "outerBoundaryIs"), "LinearRing")
    closed = (*area.outline, area.outline[0])
    _text(ring, "coordinates", _coordinates(closed, min(area.ceiling_m, _SHOWN_CEILING_M)))


def _validity(area: Area) -> Iterable[str]:
    """What an area is, for whom, when and at which heights, in words."""
    yield f"{area.id}, {area.kind}"
    yield f"{area.floor_m:g} to {area.ceiling_m:g} m above ground"
    yield f"parties: {', '.join(area.parties) or 'all'}"
    if area.first_date or area.last_date:
        yield f"from {area.first_date or 'the first day'} to {area.last_date or 'the last day'}"
    if (area.hours_from, area.hours_to) != (0, 1440):
        start, end = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in (area.hours_from, area.hours_to))
        yield f"{start} to {end} local"
    if area.loss_per_100_km:
        yield f"loss {area.loss_per_100_km:g} per 100 km"
    if area.loss_per_transit:
        yield f"loss {area.loss_per_transit:g} per transit"
    if area.transits_per_day is not None:
        yield f"{area.transits_per_day} transits a day"
    if area.transits_per_hour is not None:
        yield f"{area.transits_per_hour} transits an hour"


def _places(folder: Xml.Element, places: Iterable[Base | Zone]) -> None:
    for place in places:
        placemark = _placemark(folder, place.name, (place.id,))
        point = Xml.SubElement(placemark, "Point")
        _text(point, "coordinates", f"{place.lon:.6f},{place.lat:.6f},0")
