"""The shipped tables: valid row by row, graded figure by figure, and adding up to what is reported."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
import yaml
from pyproj import Geod
from shapely.geometry import Point, Polygon

from instances import schema
from instances.catalogue import FOOD_GROUPS
from instances.load import load_instance, shipped_instances

ROOT = Path(schema.__file__).parent
LIBRARY = ROOT / "library"
FLAGSHIP = ROOT / "shelf" / "deir_ezzor_2016"
CSV_FILES = sorted((*LIBRARY.glob("*.csv"), *(ROOT / "shelf").glob("*/*.csv")))
SHIPPED_FILES = sorted(
    path
    for folder in (LIBRARY, ROOT / "shelf")
    for path in folder.rglob("*")
    if path.suffix in {".csv", ".geojson", ".md", ".yaml"}
)
STRONGEST_FIRST = ("sourced", "derived", "claimed", "recalled", "estimate")
NOT_FIGURES = {"id", "name", "kind", "position_kind", "unit", "group", "methods", "grade", "source"}
FOODS = ("wheat_flour", "rice", "lentils", "oil", "sugar", "salt")
HELD = {"kcal": "kcal_per_kg", "protein_g": "protein_g_per_kg", "fat_g": "fat_g_per_kg"}
SHIPPED = [name for name, _ in shipped_instances()]
FORBIDDEN = re.compile(
    r"\b(weapon|missile|rocket|bomb|ammunition|munition|troop|soldier|air ?strike|strike|artillery|bullet"
    r"|grenade|warhead|combat|infantry|paratroop\w*|mortar|tank|gun|gunner|sniper|explosive|military)s?\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"-?\d+(\.\d+)?")
ADDRESS = re.compile(r"\b[\w-]+(\.[\w-]+)+/\S*")


def records(path: Path) -> list[dict[str, str]]:
    """Every row of a CSV as strings, empty cells left out so that defaults apply."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    return [{str(k): str(v) for k, v in row.items() if v != ""} for row in frame.to_dict("records")]


def parse[RowT: schema.Row](table: str, kind: type[RowT], folder: Path = FLAGSHIP) -> list[RowT]:
    return [kind.model_validate(row) for row in records(folder / f"{table}.csv")]


def by_id[RowT: (schema.Aircraft, schema.Method, schema.Commodity, schema.Zone, schema.Base, schema.Fleet)](
    table: str, kind: type[RowT], folder: Path = FLAGSHIP
) -> dict[str, RowT]:
    return {row.id: row for row in parse(table, kind, folder)}


def distance_km(base: schema.Base, zone: schema.Zone) -> float:
    return float(Geod(ellps="WGS84").inv(base.lon, base.lat, zone.lon, zone.lat)[2]) / 1000


def block_min(aircraft: schema.Aircraft, method: schema.Method, one_way_km: float) -> int:
    cruise_min = 60 * 2 * one_way_km / aircraft.cruise_kmh
    return math.ceil(cruise_min + aircraft.climb_descent_min + method.zone_min)


@pytest.fixture(scope="module")
def aircraft() -> dict[str, schema.Aircraft]:
    return by_id("aircraft", schema.Aircraft, LIBRARY)


@pytest.fixture(scope="module")
def methods() -> dict[str, schema.Method]:
    return by_id("methods", schema.Method, LIBRARY)


@pytest.fixture(scope="module")
def commodities() -> dict[str, schema.Commodity]:
    return by_id("commodities", schema.Commodity, LIBRARY)


@pytest.fixture(scope="module")
def zones() -> dict[str, schema.Zone]:
    return by_id("zones", schema.Zone)


@pytest.fixture(scope="module")
def bases() -> dict[str, schema.Base]:
    return by_id("bases", schema.Base)


@pytest.mark.parametrize("path", CSV_FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_row_fits_its_table(path: Path) -> None:
    rows = records(path)
    assert rows
    for row in rows:
        schema.TABLES[path.stem].model_validate(row)
        assert row["grade"] in STRONGEST_FIRST
        assert row["source"]
    keys = Counter(tuple(row.get(key, "") for key in schema.key_columns(path.stem)) for row in rows)
    assert max(keys.values()) == 1


@pytest.mark.parametrize("path", CSV_FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_cells_are_safe_in_a_spreadsheet(path: Path) -> None:
    for row in records(path):
        for cell in row.values():
            assert cell[0] not in "=+-@" or NUMBER.fullmatch(cell)
            assert "://" not in cell


def test_the_flagship_has_every_table_it_needs() -> None:
    present = {path.stem for path in (*FLAGSHIP.glob("*.csv"), *FLAGSHIP.glob("*.geojson"))}
    assert present >= set(schema.TABLES) - set(schema.LIBRARY_TABLES)


def test_header_is_valid_and_named_after_its_folder() -> None:
    header = schema.Header.model_validate(yaml.safe_load((FLAGSHIP / "instance.yaml").read_text("utf-8")))
    assert header.id == FLAGSHIP.name
    assert (str(header.first_date), header.days, header.time_zone) == ("2016-04-10", 90, "Asia/Damascus")


def test_every_place_is_in_the_theatre_and_its_mirror_is_not() -> None:
    header = schema.Header.model_validate(yaml.safe_load((FLAGSHIP / "instance.yaml").read_text("utf-8")))
    box = header.theatre
    for table in ("bases", "zones", "communities"):
        for row in records(FLAGSHIP / f"{table}.csv"):
            lat, lon = float(row["lat"]), float(row["lon"])
            assert box.south <= lat <= box.north, row["id"]
            assert box.west <= lon <= box.east, row["id"]
            assert not (box.south <= lon <= box.north and box.west <= lat <= box.east), row["id"]


def test_every_library_figure_has_a_grade_and_source_and_no_other_has() -> None:
    figures = {
        (table, row["id"], column)
        for table in ("aircraft", "methods", "commodities")
        for row in records(LIBRARY / f"{table}.csv")
        for column in row.keys() - NOT_FIGURES
    }
    graded = {(row["table"], row["id"], row["column"]) for row in records(LIBRARY / "figures.csv")}
    assert graded == figures


def test_a_library_row_carries_the_weakest_grade_of_its_figures() -> None:
    weakest: dict[tuple[str, str], int] = {}
    for row in records(LIBRARY / "figures.csv"):
        key = (row["table"], row["id"])
        weakest[key] = max(weakest.get(key, 0), STRONGEST_FIRST.index(row["grade"]))
    for table in ("aircraft", "methods", "commodities"):
        for row in records(LIBRARY / f"{table}.csv"):
            assert row["grade"] == STRONGEST_FIRST[weakest[table, row["id"]]], row["id"]


def test_commodities_name_methods_of_the_library(
    methods: dict[str, schema.Method], commodities: dict[str, schema.Commodity]
) -> None:
    for commodity in commodities.values():
        assert set(commodity.methods) <= set(methods)
    for fuel in ("hospital_fuel", "pump_fuel"):
        assert not {"free_drop", "high_velocity"} & set(commodities[fuel].methods)


def test_references_between_flagship_tables_hold(
    aircraft: dict[str, schema.Aircraft],
    methods: dict[str, schema.Method],
    commodities: dict[str, schema.Commodity],
    zones: dict[str, schema.Zone],
    bases: dict[str, schema.Base],
) -> None:
    parties = {row.id for row in parse("parties", schema.Party)}
    communities = {row.id for row in parse("communities", schema.Community)}
    for base in bases.values():
        assert set(base.parties) <= parties
    for fleet in parse("fleets", schema.Fleet):
        assert fleet.party in bases[fleet.base].parties
        assert fleet.aircraft in aircraft
        assert set(fleet.methods) <= set(methods)
    for zone in zones.values():
        assert set(zone.methods) <= set(methods)
    links = {(row.zone, row.community) for row in parse("links", schema.Link)}
    assert links == {(zone, community) for zone in zones for community in communities}
    for need in parse("needs", schema.Need):
        assert need.community in communities
        assert need.commodity in commodities
    for rig in parse("rigs", schema.Rig):
        assert rig.base in bases
        assert rig.method in methods


def test_every_base_prices_every_need_and_what_a_feeder_brings() -> None:
    needed = {need.commodity for need in parse("needs", schema.Need)}
    priced: dict[str, set[str]] = {}
    for row in parse("supplies", schema.Supply):
        priced.setdefault(row.base, set()).add(row.commodity)
    assert all(commodities == needed for commodities in priced.values())
    for feeder in parse("feeders", schema.Feeder):
        assert priced[feeder.from_base] <= priced[feeder.to_base]


def test_110_000_people() -> None:
    assert sum(row.population for row in parse("communities", schema.Community)) == 110_000


def test_ration_has_2100_kcal_and_enough_protein_and_fat(commodities: dict[str, schema.Commodity]) -> None:
    for community in ("west", "airport_pocket"):
        ration = {
            need.commodity: need.kg_per_person_day or 0.0
            for need in parse("needs", schema.Need)
            if need.community == community and need.commodity in FOODS
        }
        assert set(ration) == set(FOODS)
        kcal = sum(kg * commodities[food].kcal_per_kg for food, kg in ration.items())
        protein_kcal = 4 * sum(kg * commodities[food].protein_g_per_kg for food, kg in ration.items())
        fat_kcal = 9 * sum(kg * commodities[food].fat_g_per_kg for food, kg in ration.items())
        assert kcal == pytest.approx(2100, rel=0.01)
        assert 0.10 <= protein_kcal / kcal <= 0.12
        assert fat_kcal / kcal >= 0.17
        assert {commodities[food].priority for food in ration} == {1}


def test_what_people_eat_of_a_group_is_what_the_readme_says(commodities: dict[str, schema.Commodity]) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (\d+|no limit) \|", text, re.MULTILINE)
    told = {group: most for groups, most in rows for group in re.findall(r"`(\w+)`", groups)}
    for commodity in commodities.values():
        if commodity.is_food:
            assert f"{commodity.most_g_per_person_day:g}" == told[commodity.group], commodity.id
    assert told["meals"] == "no limit"
    assert set(told) == FOOD_GROUPS


def test_blankets_last_and_are_one_for_a_family_after_30_days(
    commodities: dict[str, schema.Commodity],
) -> None:
    blankets = [need for need in parse("needs", schema.Need) if need.commodity == "blankets"]
    assert len(blankets) == 2
    for need in blankets:
        assert need.lasting
        assert need.kg_per_person == pytest.approx(commodities["blankets"].kg_per_unit / 5)
        assert need.first_date == dt.date(2016, 4, 10) + dt.timedelta(days=30)


def test_therapeutic_food_is_for_500_children_and_salt_weighs_little() -> None:
    needs = parse("needs", schema.Need)
    assert sum(need.people or 0 for need in needs if need.commodity == "rutf") == 500
    assert {need.weight for need in needs if need.commodity == "salt"} == {0.1}
    assert {need.weight for need in needs if need.commodity != "salt"} == {1}


@pytest.mark.parametrize("base", ["amman_marka", "hmeimim", "homs"])
def test_stocks_do_not_choose_the_diet(base: str, commodities: dict[str, schema.Commodity]) -> None:
    """A week of any food is more than all people eat of its group in a week."""
    stocks = {row.commodity: row for row in parse("supplies", schema.Supply) if row.base == base}
    for food in set(FOODS) - {"salt"}:
        eaten_kg = 7 * 110_000 * (commodities[food].most_g_per_person_day or 0) / 1000
        assert stocks[food].interval_days == 7
        assert 1.2 * eaten_kg < stocks[food].kg < 1.3 * eaten_kg


def held_a_day(instance: schema.Instance, community: str) -> dict[str, float]:
    """What the planned ration of the first day holds per person."""
    foods = {c.id: c for c in instance.commodities if c.is_food}
    return {
        name: sum(
            (need.kg_per_person_day or 0) * getattr(foods[need.commodity], column)
            for need in instance.needs
            if need.community == community and need.commodity in foods
        )
        for name, column in HELD.items()
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_every_readme_holds_the_ration_against_the_standard(name: str) -> None:
    instance = load_instance(name)
    text = (ROOT / "shelf" / name / "README.md").read_text("utf-8")
    (paragraph,) = [part for part in text.split("\n\n") if part.startswith("**Ration and standard.**")]
    paragraph = " ".join(paragraph.replace("*", "").split())
    (community, *_) = instance.communities
    own = [row for row in instance.standards if row.community == community.id]
    standard = own[0] if own else schema.Standard(community=community.id)
    held = held_a_day(instance, community.id)
    assert f"{held['kcal']:,.0f} kcal".replace(",", " ") in paragraph
    assert f"{held['protein_g']:.1f} g" in paragraph
    for nutrient, amount in held.items():
        if asked := getattr(standard, nutrient):
            assert f"{100 * amount / asked:.0f} %" in paragraph, nutrient
    if not own:
        assert "which is the default (2 100 kcal, 52.5 g, 40 g)" in paragraph


def test_only_two_operations_have_a_standard_of_their_own() -> None:
    default = schema.Standard(community="any")
    other = {
        name
        for name in SHIPPED
        for row in load_instance(name).standards
        if any(getattr(row, nutrient) != getattr(default, nutrient) for nutrient in HELD)
    }
    assert other == {"qamishli_2017", "south_sudan_2009"}


@pytest.mark.parametrize(("base", "km"), [("amman_marka", 532), ("hmeimim", 381), ("qamishli", 215)])
def test_distance_to_dz_1(
    base: str, km: float, bases: dict[str, schema.Base], zones: dict[str, schema.Zone]
) -> None:
    assert distance_km(bases[base], zones["dz_1"]) == pytest.approx(km, abs=1)


def test_an_il_76_from_marka_takes_2_3_to_2_6_block_hours(
    aircraft: dict[str, schema.Aircraft],
    methods: dict[str, schema.Method],
    bases: dict[str, schema.Base],
    zones: dict[str, schema.Zone],
) -> None:
    one_way_km = distance_km(bases["amman_marka"], zones["dz_1"])
    minutes = block_min(aircraft["il_76td"], methods["high_altitude_canopy"], one_way_km)
    assert 2.3 <= minutes / 60 <= 2.6


def test_the_observed_share_is_48_of_52_at_5000_m() -> None:
    (observed,) = parse("recoveries", schema.Recovery)
    assert (observed.zone, observed.method) == ("dz_1", "high_altitude_canopy")
    assert observed.landed_frac == pytest.approx(48 / 52, abs=0.001)
    assert observed.release_height_m == 5000


def test_every_drop_says_how_it_scatters(methods: dict[str, schema.Method]) -> None:
    for method in methods.values():
        if method.kind == "drop":
            assert method.release_error_m is not None
            assert min(method.release_heights_m) >= method.release_from_m > 0
            assert max(method.release_heights_m) <= method.release_to_m < 10_000
            assert method.least_length_m >= method.least_width_m > 0


def test_winds_are_those_of_every_month_and_as_strong_as_said() -> None:
    """Mean of 0-5 km, m/s, from January to December; from 260 degrees, spread 4 to 5."""
    means = (14, 14, 13, 11, 9, 8, 8, 7, 8, 9, 12, 14)
    for month, mean in enumerate(means, 1):
        rows = [row for row in parse("winds", schema.Wind) if row.month == month]
        assert [(row.floor_m, row.ceiling_m) for row in rows] == [(0, 2000), (2000, 5000), (5000, 9000)]
        low, high, _ = rows
        u, v, sd = (
            (2 * a + 3 * b) / 5
            for a, b in ((low.u_mps, high.u_mps), (low.v_mps, high.v_mps), (low.sd_mps, high.sd_mps))
        )
        assert math.hypot(u, v) == pytest.approx(mean, abs=0.1)
        assert (math.degrees(math.atan2(u, v)) + 180) % 360 == pytest.approx(260, abs=1)
        assert 4 <= sd <= 5


def test_areas_hold_the_places_they_are_named_after() -> None:
    """Each built-up area, and DZ-1 in the neck; every area says that it is an estimate, and of what."""
    places = {
        "al_joura": (40.107, 35.332),
        "al_qusour": (40.120, 35.329),
        "al_muhajereen": (40.105, 35.320),
        "harabish": (40.172, 35.308),
        "al_jafra": (40.200, 35.300),
        "city_centre": (40.141, 35.336),
        "neck": (40.143, 35.285),
    }
    areas = {area.id: area for area in load_instance("deir_ezzor_2016").ground}
    for name, place in places.items():
        assert Polygon(areas[name].polygons[0][0]).contains(Point(place)), name
    for area in areas.values():
        assert area.grade == "estimate"
        assert area.source


def test_26_pallets_make_18_to_21_t(
    aircraft: dict[str, schema.Aircraft], methods: dict[str, schema.Method]
) -> None:
    il_76, canopy = aircraft["il_76td"], methods["high_altitude_canopy"]
    assert il_76.bundle_positions == 26
    assert 18_000 <= 26 * canopy.bundle_net_kg <= 21_000
    assert 26 * (canopy.bundle_net_kg + canopy.bundle_tare_kg) < il_76.payload_range[0][0]
    assert il_76.ceiling_m >= max(canopy.release_heights_m)


def test_four_platforms_make_30_t(
    aircraft: dict[str, schema.Aircraft], methods: dict[str, schema.Method]
) -> None:
    assert aircraft["il_76md"].platform_positions * methods["p7_low"].bundle_net_kg == 30_000


def test_a_un_drop_costs_about_168_000_usd(
    aircraft: dict[str, schema.Aircraft],
    methods: dict[str, schema.Method],
    bases: dict[str, schema.Base],
    zones: dict[str, schema.Zone],
) -> None:
    """37 million USD a year / 221 drops, at the 0.6 drops a day that one tail flew."""
    fleet, canopy = by_id("fleets", schema.Fleet)["un_il76"], methods["high_altitude_canopy"]
    minutes = block_min(aircraft["il_76td"], canopy, distance_km(bases["amman_marka"], zones["dz_1"]))
    flying_usd = minutes / 60 * fleet.usd_per_block_h + fleet.usd_per_sortie
    usd = flying_usd + 26 * canopy.unit_usd + fleet.standing_usd_per_day / 0.6
    assert usd == pytest.approx(168_000, rel=0.03)


def test_truck_convoy_of_500_t_is_back_within_its_hours(methods: dict[str, schema.Method]) -> None:
    (leg,) = parse("legs", schema.Leg)
    (un,) = (party for party in parse("parties", schema.Party) if party.id == "un")
    trucks = by_id("fleets", schema.Fleet)["un_trucks"]
    minutes = math.ceil(2 * leg.minutes + methods["truck"].zone_min)
    assert minutes <= un.hours_to - un.hours_from
    assert minutes <= trucks.minutes_per_day * trucks.serviceable_frac
    assert trucks.max_tails * 20_000 == 500_000


def scenario(name: str) -> dict[str, object]:
    document = yaml.safe_load((FLAGSHIP / "scenarios" / f"{name}.yaml").read_text("utf-8"))
    assert document["title"]
    changes: dict[str, object] = document["set"]
    return changes


def test_reduced_ration_is_277_g_and_about_1080_kcal(commodities: dict[str, schema.Commodity]) -> None:
    values = {path.split("/", 2)[2]: float(str(value)) for path, value in scenario("reduced_ration").items()}
    standard = {name: values.pop(name) for name in HELD}
    ration = {path.removesuffix("/kg_per_person_day"): kg for path, kg in values.items()}
    assert set(ration) == set(FOODS)
    assert sum(ration.values()) == pytest.approx(0.277)
    assert standard["kcal"] == 1080
    for name, column in HELD.items():
        held = sum(kg * getattr(commodities[food], column) for food, kg in ration.items())
        assert standard[name] == pytest.approx(held, rel=0.01)


def test_road_opens_the_closed_road_head_on_day_60(zones: dict[str, schema.Zone]) -> None:
    assert zones["road_head_west"].closed
    assert scenario("road_opens") == {
        "zones/road_head_west/closed": False,
        "zones/road_head_west/open_from": "2016-06-09",
    }


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("reduced_ration",),
        ("road_opens",),
        ("reduced_ration", "road_opens"),
        ("shared_corridors",),
        ("closed_south",),
        ("shared_corridors", "closed_south"),
    ],
)
def test_the_flagship_loads_with_every_scenario(names: tuple[str, ...]) -> None:
    instance = load_instance("deir_ezzor_2016", names)
    assert instance.scenarios == names


def test_every_area_is_graded_and_sourced() -> None:
    for area in load_instance("deir_ezzor_2016").airspace:
        assert area.grade is not None, area.id
        assert area.source, area.id


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_humanitarian_words_only(path: Path) -> None:
    without_addresses = ADDRESS.sub("", path.read_text("utf-8"))
    assert not FORBIDDEN.findall(without_addresses)
