"""One broken copy of `tiny` per rule: number, place and words of the finding, and nothing besides."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from instances.errors import Finding

type Edit = Callable[[str, str | None, str], None]
type FindingsOf = Callable[..., tuple[Finding, ...]]


class Broken(NamedTuple):
    """An edit of a file (`old` None: the file becomes `new`), and the only finding it gives."""

    file: str
    old: str | None
    new: str
    id: str
    row: int | None
    column: str | None
    text: str
    cited: str = ""


FEEDERS = (
    "id,party,mode,from_base,to_base,kg_per_trip,trips_per_day,usd_per_trip\n"
    "bridge,north,airlift,{},{},1000,1,100\n"
)
BOTH_BASES = "38.0,north,04:00"
SKY = "airspace.geojson"

CASES = (
    Broken("bases.csv", None, "", "AL-1005", None, None, "is empty"),
    Broken("bases.csv", None, " \r\n\n", "AL-1005", None, None, "is empty"),
    Broken("instance.yaml", None, "", "AL-1005", None, None, "is empty"),
    Broken("communities.csv", "town,Town", '"town,Town', "AL-1007", None, None, "close every quote"),
    Broken("links.csv", "zone,", 'zone,a,b,c,d,"x\ny",', "AL-1007", None, None, "end of the header"),
    Broken("links.csv", "dz,town", 'dz,1,2,3,4,5,"x\ny",town', "AL-1007", None, None, "saw 13"),
    Broken("links.csv", "dz,hamlet,500,0.1,0.1,estimate", "dz,hamlet,500", "AL-1008", 3, None, "4 cells"),
    Broken("links.csv", "hamlet,500,", "hamlet,500,,,,,7,", "AL-1008", 3, None, "under 7 columns"),
    Broken("zones.csv", "recovery_to", "recovry_to", "AL-1009", 1, "recovry_to", 'mean "recovery_to"?'),
    Broken("instance.yaml", "days: 6", "dayz: 6\ndays: 6", "AL-1009", 4, "dayz", 'mean "days"?'),
    Broken("zones.csv", "recovery_to", "recovery_from", "AL-1010", 1, "recovery_from", "twice"),
    Broken("zones.csv", "drop_spacing_min", "", "AL-1009", 1, "", "has no name"),
    Broken("zone.csv", None, "id\n", "AL-1012", None, None, 'did you mean "zones.csv"?'),
    Broken("instance.yaml", "days: 6", "days: [6", "AL-1013", 5, None, "cannot be read"),
    Broken("instance.yaml", "days: 6", "days: 6\ndays: 7", "AL-1013", 5, None, "days stands twice"),
    Broken("instance.yaml", "days: 6", "days: &a 6\nration: *a", "AL-1013", 4, None, "aliases"),
    Broken("instance.yaml", None, "- 1\n", "AL-1013", 1, None, "`key: value`"),
    Broken("zones.csv", "2000,1000", ",1000", "AL-2001", 2, "length_m", "is empty; required: length along"),
    Broken("instance.yaml", "id: tiny\n", "", "AL-2001", None, "id", "is empty"),
    Broken("instance.yaml", ", east: 44.0", "", "AL-2001", None, "theatre.east", "is empty"),
    Broken("zones.csv", "2000,1000", "2 km,1000", "AL-2002", 2, "length_m", "is not a number (2 km)"),
    Broken("zones.csv", "2000,1000", "nan,1000", "AL-2002", 2, "length_m", "is not a number (nan)"),
    Broken("zones.csv", "2000,1000", '"2,000",1000', "AL-2002", 2, "length_m", "no separators"),
    Broken("zones.csv", "2000,1000", "1_000,1000", "AL-2002", 2, "length_m", "is not a number"),
    Broken("communities.csv", "40.01,1000", "40.01,0.5", "AL-2002", 2, "population", "whole number (0.5)"),
    Broken(
        "methods.csv", "bundle,250,50,5000", "bundle,250,50,high", "AL-2002", 2, "release_heights_m", "high"
    ),
    Broken("zones.csv", "false,true", "maybe,true", "AL-2003", 2, "closed", "write true or false"),
    Broken("zones.csv", "canopy_low,,", "canopy_low,11/4/2016,", "AL-2004", 2, "open_from", "YYYY-MM-DD"),
    Broken(
        "zones.csv", "canopy_low,,", "canopy_low,2016-04-31,", "AL-2004", 2, "open_from", "does not exist"
    ),
    Broken("zones.csv", "canopy_low,,", "canopy_low,1460332800,", "AL-2004", 2, "open_from", "not a date"),
    Broken("parties.csv", "06:00,18:00,true", "6am,18:00,true", "AL-2005", 2, "hours_from", "6am"),
    Broken("parties.csv", "06:00,18:00,true", "06:00,25:00,true", "AL-2005", 2, "hours_to", "out of the day"),
    Broken(SKY, '"low"', '"Low"', "AL-2006", 1, "id", "is not an id (Low)"),
    Broken(
        "airspace.geojson", '{"type": "FeatureC', '[{"type": "FeatureC', "AL-1020", 5, None, "is not JSON"
    ),
    Broken(SKY, '"features"', '"feature"', "AL-1020", None, None, "holds no FeatureCollection"),
    Broken(SKY, '"low"', '["low", {}]', "AL-1020", 1, "id", "not a single value"),
    Broken(SKY, "Polygon", "MultiPolygon", "AL-1021", 1, "geometry", "not such a Polygon"),
    Broken(SKY, "[39.6, 34.7], [40.4", "[39.6], [40.4", "AL-1021", 1, "geometry", "not such"),
    Broken(
        "airspace.geojson", "loss_per_transit", "loss_per_transitt", "AL-1009", 1, "loss_per_transitt", "mean"
    ),
    Broken(SKY, '"kind": "threat", ', "", "AL-2001", 1, "kind", "is empty"),
    Broken(SKY, '"kind": "threat"', '"kind": "treat"', "AL-2007", 1, "kind", '"threat"?'),
    Broken(
        "airspace.geojson", "40.4, 35.3], [39.6", "39.6, 35.3], [40.4", "AL-2111", 1, "outline", "crosses"
    ),
    Broken(
        "airspace.geojson", "[40.4, 35.3], [39.6, 35.3], ", "", "AL-2111", 1, "outline", "fewer than three"
    ),
    Broken(
        SKY,
        "[[39.6, 34.7], [40.4, 34.7], [40.4, 35.3], [39.6, 35.3], [39.6, 34.7]]",
        "[[35.1, 40.1], [35.2, 40.1], [35.2, 40.2]]",
        "AL-2011",
        1,
        "outline",
        "longitude comes first",
    ),
    Broken(SKY, "[40.4, 35.3]", "[50.4, 35.3]", "AL-2012", 1, "outline", "(50.4 35.3)"),
    Broken(SKY, '"threat"', '"restricted"', "AL-2112", 1, "loss_per_transit", "is restricted"),
    Broken(
        SKY,
        '"kind": "threat", "floor_m": 0, "ceiling_m": 3000, "loss_per_transit": 0.0005',
        '"kind": "corridor"',
        "AL-3015",
        1,
        "id",
        "touches no restricted",
    ),
    Broken(
        SKY,
        '"kind": "threat", "floor_m": 0, "ceiling_m": 3000, "loss_per_transit": 0.0005',
        '"kind": "prohibited"',
        "AL-3016",
        2,
        "id",
        "lies inside low (dz)",
        "zones.csv",
    ),
    Broken(
        "instance.yaml",
        "west: 34.0, north: 38.0, east: 44.0",
        "west: -90, north: 38.0, east: 44.0",
        "AL-2113",
        6,
        "theatre.east",
        "67 degrees",
    ),
    Broken(
        SKY,
        '"kind": "threat"',
        '"kind": "threat", "parties": "nrth"',
        "AL-3001",
        1,
        "parties",
        "north",
    ),
    Broken(
        SKY,
        '"kind": "threat"',
        '"kind": "threat", "first_date": "2016-04-15", "last_date": "2016-04-12"',
        "AL-2103",
        1,
        "first_date",
        "after last_date",
    ),
    Broken(
        SKY,
        '"kind": "threat"',
        '"kind": "threat", "hours_from": "12:00", "hours_to": "06:00"',
        "AL-2104",
        1,
        "hours_from",
        "is not before",
    ),
    Broken("sky.geojson", None, "{}", "AL-1012", None, None, 'did you mean "airspace.geojson"?'),
    Broken("aircraft.csv", "fixed_wing", "fixed_wings", "AL-2007", 2, "kind", 'mean "fixed_wing"?'),
    Broken("parties.csv", "mon;tue;", "mon;tues;", "AL-2007", 2, "flying_weekdays", "(tues)"),
    Broken("zones.csv", "estimate", "gess", "AL-2007", 2, "grade", "(gess)"),
    Broken("zones.csv", "2000,1000", "-2000,1000", "AL-2008", 2, "length_m", "is less than 0 (-2000)"),
    Broken("links.csv", "500,0.1", "500,1.1", "AL-2008", 3, "loss_frac", "is more than 1 (1.1)"),
    Broken("aircraft.csv", "100,500,20", "100,0,20", "AL-2008", 2, "cruise_kmh", "is not more than 0"),
    Broken("methods.csv", "50,5000,15", "50,-5000,15", "AL-2008", 2, "release_heights_m", "less than 0"),
    Broken("instance.yaml", "days: 6", "days: 0", "AL-2008", 4, "days", "is less than 1"),
    Broken("aircraft.csv", "100,500,20", "100,5000,20", "AL-2009", 2, "cruise_kmh", "beyond 1,100 (5000)"),
    Broken("needs.csv", "town,flour,0.5", "town,flour,500", "AL-2009", 2, "kg_per_person_day", "beyond 20"),
    Broken("communities.csv", "40.01,1000", "40.01,900000000", "AL-2009", 2, "population", "beyond"),
    Broken("supplies.csv", ",,0,1,", ",,0,1500,", "AL-2009", 2, "usd_per_kg", "USD/kg"),
    Broken("methods.csv", "50,5000,15", "50,16400,15", "AL-2009", 2, "release_heights_m", "beyond 12,000"),
    Broken("aircraft.csv", "5000@1000", "500000@1000", "AL-2009", 2, "payload_range", "beyond 300,000"),
    Broken("zones.csv", "Drop zone", "=1+1", "AL-2010", 2, "name", "formula (=1+1)"),
    Broken("zones.csv", "35.0,40.0", "40.0,35.0", "AL-2011", 2, "lat", "swapped"),
    Broken("zones.csv", "35.0,40.0", "3.5,40.0", "AL-2012", 2, "lat", "outside the theatre 30..38 N"),
    Broken("zones.csv", "35.0,40.0", "35.0,400", "AL-2012", 2, "lon", "lon 400"),
    Broken("aircraft.csv", "5000@1000;2000@2000", "5000", "AL-2013", 2, "payload_range", "kg@km"),
    Broken("instance.yaml", "Asia/Damascus", "Asia/Damaskus", "AL-2014", 5, "time_zone", '"Asia/Damascus"?'),
    Broken("instance.yaml", "Asia/Damascus", "../etc", "AL-2014", 5, "time_zone", "IANA"),
    Broken("instance.yaml", "south: 30.0", "south: 39.0", "AL-2015", 6, "theatre.south", "north 38"),
    Broken(
        "aircraft.csv", "2000@2000", "2000@900", "AL-2101", 2, "payload_range", "2000@900 after 5000@1000"
    ),
    Broken("needs.csv", "0.5,,,,estimate", ",,,,estimate", "AL-2102", 2, "kg_per_person_day", "none of"),
    Broken(
        "needs.csv",
        "soap,,20",
        "soap,1,20",
        "AL-2102",
        3,
        "kg_per_person_day",
        "kg_per_person_day and kg_per_day",
    ),
    Broken("zones.csv", "low,,", "low,2016-04-15,2016-04-12", "AL-2103", 2, "open_from", "after open_to"),
    Broken("parties.csv", "06:00,18:00,true", "19:00,,true", "AL-2104", 2, "hours_from", "18:00 (19:00)"),
    Broken("bases.csv", "north,04:00,20:00", "north,20:00,04:00", "AL-2104", 2, "hours_from", "04:00"),
    Broken(
        "zones.csv", "06:00,17:00", "17:00,17:00", "AL-2104", 2, "recovery_from", "not before recovery_to"
    ),
    Broken("rigs.csv", "canopy_high,40,0,0", "canopy_high,40,5,0", "AL-2105", 2, "resupply_count", "(5)"),
    Broken("feeders.csv", None, FEEDERS.format("airfield_n", "airfield_n"), "AL-2106", 2, "to_base", "too"),
    Broken("methods.csv", "bundle,250", "bundle,0", "AL-2107", 2, "bundle_net_kg", "a bundle holds nothing"),
    Broken(SKY, '"ceiling_m": 3000', '"ceiling_m": 0', "AL-2108", 1, "floor_m", "ceiling_m 0"),
    Broken("parties.csv", "south,South", "all,All,,,,,,,,,,,\nsouth,South", "AL-2109", 3, "id", "reserved"),
    Broken("fleets.csv", "airfield_n,hauler", "airfield_n,hauller", "AL-3001", 2, "aircraft", '"hauler"?'),
    Broken("zones.csv", "high;canopy", "high;canpy", "AL-3001", 2, "methods", "not in methods (canpy_low)"),
    Broken("needs.csv", "hamlet,flour", "hamlt,flour", "AL-3001", 4, "community", '"hamlet"?'),
    Broken(
        "links.csv",
        "dz,ham",
        "dz,town,1,,,,\ndz,ham",
        "AL-3002",
        3,
        "zone",
        "already in links.csv:2 (dz/town)",
    ),
    Broken(
        "needs.csv",
        "town,soap,,20",
        "town,flour,,20",
        "AL-3003",
        3,
        "commodity",
        "overlaps the need in needs",
    ),
    Broken("zones.csv", "low,,,false", "low,2017-01-01,,true", "AL-3004", 2, "open_from", "2016-04-16 (2017"),
    Broken("supplies.csv", "1000,,0,2", "1000,2016-04-17,0,2", "AL-3004", 3, "first_date", "outside 2016"),
    Broken(
        "bases.csv",
        BOTH_BASES,
        "38.0,south,04:00",
        "AL-3005",
        2,
        "base",
        "does not admit north",
        "fleets.csv",
    ),
    Broken(
        "aircraft.csv",
        ",4,0,6000",
        ",0,0,6000",
        "AL-3006",
        2,
        "methods",
        "no bundle positions (canopy_high)",
        "fleets.csv",
    ),
    Broken(
        "aircraft.csv",
        "fixed_wing",
        "truck",
        "AL-3006",
        2,
        "methods",
        "is a truck, a drop needs fixed_wing",
        "fleets.csv",
    ),
    Broken(
        "methods.csv",
        "drop,bundle,250,50,1000",
        "drop,none,0,0,1000",
        "AL-3007",
        4,
        "method",
        "loose cargo",
        "rigs.csv",
    ),
    Broken(
        "supplies.csv", "airfield_n,soap", "airfield_s,salt", "AL-3001", 3, "commodity", "not in commodities"
    ),
    Broken(
        "commodities.csv", "2,canopy_high;canopy_low", "2,sled", "AL-3001", 3, "methods", "not in methods"
    ),
    Broken(
        "zones.csv",
        "canopy_high;canopy_low,",
        "canopy_low,",
        "AL-3011",
        3,
        "commodity",
        "airfield_s",
        "needs.csv",
    ),
    Broken(
        "supplies.csv",
        "airfield_n,soap,1000,,0,2,estimate,made up\n",
        "",
        "AL-3011",
        3,
        "commodity",
        "feeder",
        "needs.csv",
    ),
    Broken(
        "links.csv",
        "dz,hamlet,500,0.1,0.1,estimate,made up\n",
        "",
        "AL-3013",
        3,
        "id",
        "(hamlet)",
        "communities.csv",
    ),
    Broken(
        "figures.csv",
        None,
        "table,id,column,grade,source\nzone,dz,lat,estimate,x\n",
        "AL-3014",
        2,
        "table",
        'mean "zones"?',
    ),
    Broken(
        "figures.csv",
        None,
        "table,id,column,grade,source\nzones,dzz,lat,estimate,x\n",
        "AL-3014",
        2,
        "id",
        'mean "dz"?',
    ),
    Broken(
        "figures.csv",
        None,
        "table,id,column,grade,source\nzones,dz,latt,estimate,x\n",
        "AL-3014",
        2,
        "column",
        'mean "lat"?',
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.id}-{case.file}-{case.column}")
def test_finding(edit: Edit, findings_of: FindingsOf, case: Broken) -> None:
    edit(case.file, case.old, case.new)
    found = findings_of()
    assert {f.id for f in found} == {case.id}, found
    place = (case.cited or case.file, case.row, case.column)
    assert (found[0].file, found[0].row, found[0].column) == place
    assert case.text in str(found[0])
