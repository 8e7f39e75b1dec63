"""The exact text of one row of every constraint, on the tiny instance cut to two or three days.

Figures of the missions, by hand: north flies 425.365 km in 60 x 425.365 / 500 + 20 + 10 -> 82 min, south
288.026 km in 65 min; both lift 5000 kg, so 4 bundles of 250 + 50 kg; 80 % of a high drop lands and 20 %
strays, 90 % of a low drop lands; a sortie at 5000 m risks 0.00002, at 1000 m 0.0005.
"""

from __future__ import annotations

from dataclasses import replace

from instances.schema import Area, Instance, Supply
from optimizer.campaign.build import build
from optimizer.campaign.constraints import CONSTRAINTS
from tests.optimizer.hand import NH, SH, SL, changed, fed, header, network, row_text, rows, tiny

TWO_DAYS = header(tiny(), days=2)
THREE_DAYS = header(tiny(), days=3)
FED = fed(TWO_DAYS)


def test_no_family_is_missing() -> None:
    funded = changed(FED, "parties", "north", funds_usd=5000)
    theatre = ((38.5, 34.5), (40.5, 34.5), (40.5, 35.8), (38.5, 35.8))
    gate = Area(id="gate", kind="corridor", outline=theatre, transits_per_day=3)
    gated = funded.model_copy(update={"airspace": (*funded.airspace, gate)})
    kept = changed(gated, "needs", "town", "soap", closing_days=1)
    names = [name for name, _ in build(replace(network(kept), coverage_from=0)).rows]
    assert {*names} == {constraint.__name__ for constraint in CONSTRAINTS} | {"rounding_rows"}


def test_no_two_rows_are_called_alike() -> None:
    """Also where a food is called like its group."""
    kept = changed(mixed("cereals"), "standards", "town", closing_days=1)
    problem = build(network(kept)).problem
    names = [row.name for row in problem.constraints()]
    assert "ration_balance__town__cereals__d000" in names
    assert len(names) == len(set(names))


def test_row_tail_limit() -> None:
    assert rows(TWO_DAYS)["tail_limit__north_hauler"] == "tails__north_hauler <= 2"


def test_row_payload_limit() -> None:
    assert rows(TWO_DAYS)[f"payload_limit__{NH}__d000"] == (
        f"50 bundles__{NH}__d000 + load_kg__{NH}__d000__flour + load_kg__{NH}__d000__soap"
        f" - 5000 sorties__{NH}__d000 <= 0"
    )


def test_row_payload_limit_loose() -> None:
    """Loose cargo has neither bundles nor tare."""
    loose = changed(TWO_DAYS, "methods", "canopy_low", kind="landing", position_kind="none")
    assert rows(loose)[f"payload_limit__{SL}__d000"] == (
        f"load_kg__{SL}__d000__flour - 5000 sorties__{SL}__d000 <= 0"
    )
    assert f"bundle_limit__{SL}__d000" not in rows(loose)
    assert f"bundle_fill__{SL}__d000" not in rows(loose)


def test_row_bundle_limit() -> None:
    assert rows(TWO_DAYS)[f"bundle_limit__{SL}__d001"] == f"bundles__{SL}__d001 - 4 sorties__{SL}__d001 <= 0"


def test_row_bundle_fill() -> None:
    """A kilogram of soap, which fills half, takes the room of two."""
    assert rows(TWO_DAYS)[f"bundle_fill__{NH}__d000"] == (
        f"- 250 bundles__{NH}__d000 + load_kg__{NH}__d000__flour + 2 load_kg__{NH}__d000__soap <= 0"
    )


def test_row_flight_time_limit() -> None:
    """Half of the tails' 600 minutes is serviceable."""
    half = changed(TWO_DAYS, "fleets", "south_hauler", serviceable_frac=0.5)
    assert rows(half)["flight_time_limit__south_hauler__d000"] == (
        f"65 sorties__{SH}__d000 + 65 sorties__{SL}__d000 - 300 tails__south_hauler <= 0"
    )


def test_row_sortie_limit() -> None:
    """A tail could start (720 + 60) / (82 + 60) -> 5 sorties, and may fly 2."""
    assert rows(TWO_DAYS)["sortie_limit__north_hauler__0__d000"] == (
        f"0.5 sorties__{NH}__d000 - tails__north_hauler <= 0"
    )


def test_row_airframe_hours_limit() -> None:
    assert rows(TWO_DAYS)["airframe_hours_limit__north_hauler__d000"] == (
        f"82 sorties__{NH}__d000 + 82 sorties__{NH}__d001 - 12000 tails__north_hauler <= 0"
    )


def test_row_airframe_hours_limit_windows() -> None:
    """31 days hold two windows of 30; each leaves out one day."""
    month = rows(header(tiny(), days=31))
    windows = [name for name in month if name.startswith("airframe_hours_limit__north_hauler")]
    assert windows == [f"airframe_hours_limit__north_hauler__d00{i}" for i in range(2)]
    first, second = (month[name] for name in windows)
    assert first.count("sorties__") == second.count("sorties__") == 30
    assert f"{NH}__d030" not in first
    assert f"{NH}__d000" not in second


def test_row_ramp_limit() -> None:
    """Two slots from 04:00 to 20:00."""
    assert rows(TWO_DAYS)["ramp_limit__airfield_s__d000"] == (
        f"60 sorties__{SH}__d000 + 60 sorties__{SL}__d000 <= 1920"
    )


def test_row_handling_limit() -> None:
    assert rows(TWO_DAYS)["handling_limit__airfield_n__d000"] == (
        f"load_kg__{NH}__d000__flour + load_kg__{NH}__d000__soap <= 20000"
    )


def test_row_rig_stock_balance() -> None:
    """Eight sets, and four more on the third day."""
    balance = rows(THREE_DAYS)
    name = "rig_stock_balance__airfield_s__canopy_high"
    stock = "rig_stock__airfield_s__canopy_high"
    assert balance[f"{name}__d000"] == f"bundles__{SH}__d000 + {stock}__d000 = 8"
    assert balance[f"{name}__d001"] == f"bundles__{SH}__d001 - {stock}__d000 + {stock}__d001 = 0"
    assert balance[f"{name}__d002"] == f"bundles__{SH}__d002 - {stock}__d001 + {stock}__d002 = 4"


def test_row_rig_stock_balance_without_rigs() -> None:
    bare = TWO_DAYS.model_copy(update={"rigs": TWO_DAYS.rigs[1:]})
    assert rows(bare)["rig_stock_balance__airfield_n__canopy_high__d000"] == f"bundles__{NH}__d000 <= 0"


def test_row_base_stock_balance() -> None:
    name, stock = "base_stock_balance__airfield_s__flour", "base_stock_kg__airfield_s__flour"
    loads = [f"load_kg__{SH}__d{d:03d}__flour + load_kg__{SL}__d{d:03d}__flour" for d in range(3)]
    balance = rows(THREE_DAYS)
    assert balance[f"{name}__d000"] == f"{stock}__d000 + {loads[0]} = 2000"
    assert balance[f"{name}__d001"] == f"- {stock}__d000 + {stock}__d001 + {loads[1]} = 0"
    assert balance[f"{name}__d002"] == f"- {stock}__d001 + {stock}__d002 + {loads[2]} = 2000"


def test_row_base_stock_balance_fed() -> None:
    """The lorry loads in the north today and is there in the south tomorrow."""
    balance = rows(FED)
    north, south = "base_stock_kg__airfield_n__flour", "base_stock_kg__airfield_s__flour"
    assert balance["base_stock_balance__airfield_n__flour__d000"] == (
        f"{north}__d000 + feeder_kg__lorry__d000__flour + load_kg__{NH}__d000__flour = 10000"
    )
    assert balance["base_stock_balance__airfield_s__flour__d001"] == (
        f"- {south}__d000 + {south}__d001 - feeder_kg__lorry__d000__flour"
        f" + load_kg__{SH}__d001__flour + load_kg__{SL}__d001__flour = 0"
    )


def test_row_feeder_limit() -> None:
    assert rows(FED)["feeder_limit__kg__lorry__d000"] == (
        "feeder_kg__lorry__d000__flour + feeder_kg__lorry__d000__soap - 1000 feeder_trips__lorry__d000 <= 0"
    )
    assert rows(FED)["feeder_limit__trips__lorry__d000"] == "feeder_trips__lorry__d000 <= 2"


def test_row_zone_recovery_limit() -> None:
    assert rows(TWO_DAYS)["zone_recovery_limit__dz__d000"] == (
        f"0.8 load_kg__{NH}__d000__flour + 0.8 load_kg__{NH}__d000__soap"
        f" + 0.8 load_kg__{SH}__d000__flour + 0.9 load_kg__{SL}__d000__flour <= 2500"
    )


def test_row_zone_slot_limit() -> None:
    """11 hours of recovery hold 22 distances of half an hour, so 23 drops."""
    assert rows(TWO_DAYS)["zone_slot_limit__dz__d000"] == (
        f"sorties__{NH}__d000 + sorties__{SH}__d000 + sorties__{SL}__d000 <= 23"
    )


def test_row_corridor_slot_limit() -> None:
    """South flies through the gate, in a restricted area that north does not meet; three sorties a day."""
    outline = ((39.2, 34.2), (39.7, 34.2), (39.7, 34.6), (39.2, 34.6))
    areas = (
        Area(id="barred", kind="restricted", outline=outline),
        Area(id="gate", kind="corridor", outline=outline, transits_per_day=3),
    )
    gated = TWO_DAYS.model_copy(update={"airspace": (*TWO_DAYS.airspace, *areas)})
    assert rows(gated)["corridor_slot_limit__gate__d001"] == (
        f"sorties__{SH}__d001 + sorties__{SL}__d001 <= 3"
    )


def test_row_hand_over_balance() -> None:
    assert rows(TWO_DAYS)["hand_over_balance__dz__flour__d000"] == (
        "hand_over_kg__dz__hamlet__flour__d000 + hand_over_kg__dz__town__flour__d000"
        f" - 0.8 load_kg__{NH}__d000__flour - 0.8 load_kg__{SH}__d000__flour"
        f" - 0.9 load_kg__{SL}__d000__flour <= 0"
    )


def test_row_link_limit() -> None:
    assert rows(TWO_DAYS)["link_limit__dz__town__d000"] == (
        "hand_over_kg__dz__town__flour__d000 + hand_over_kg__dz__town__soap__d000 <= 3000"
    )


def mixed(name: str = "maize") -> Instance:
    """Maize as well: people may eat 600 g of flour a day, or 400 of maize, or a part of either."""
    maize = TWO_DAYS.commodities[0].model_copy(
        update={"id": name, "kcal_per_kg": 3000.0, "most_g_per_person_day": 400.0}
    )
    flour = TWO_DAYS.commodities[0].model_copy(update={"most_g_per_person_day": 600.0})
    comes = Supply(base="airfield_n", commodity=name, kg=500, usd_per_kg=1)
    return TWO_DAYS.model_copy(
        update={
            "commodities": (flour, maize, *TWO_DAYS.commodities[1:]),
            "supplies": (*TWO_DAYS.supplies, comes),
        }
    )


def test_row_ration_balance() -> None:
    """The hamlet loses a tenth on the way; the town starts with a day's 500 kg."""
    balance = rows(TWO_DAYS)
    assert balance["ration_balance__hamlet__flour__d001"] == (
        "- community_stock_kg__hamlet__flour__d000 + community_stock_kg__hamlet__flour__d001"
        " + eaten_kg__hamlet__flour__d001 - 0.9 hand_over_kg__dz__hamlet__flour__d001 = 0"
    )
    assert balance["ration_balance__town__flour__d000"] == (
        "community_stock_kg__town__flour__d000 + eaten_kg__town__flour__d000"
        " - hand_over_kg__dz__town__flour__d000 = 500"
    )


def test_row_ration_balance_of_a_group() -> None:
    """A thousand people: 600 kg of flour, 400 of maize, or a part of either."""
    assert rows(mixed())["ration_balance__most__town__cereals__d000"] == (
        "0.00166667 eaten_kg__town__flour__d000 + 0.0025 eaten_kg__town__maize__d000 <= 1"
    )


def test_row_community_stock_balance() -> None:
    """The town starts with a day's 20 kg of soap and needs them."""
    balance = rows(TWO_DAYS)
    assert balance["community_stock_balance__town__soap__d000"] == (
        "community_stock_kg__town__soap__d000 - hand_over_kg__dz__town__soap__d000"
        " - unmet_kg__town__soap__d000 = 0"
    )
    assert balance["community_stock_balance__town__soap__d001"] == (
        "- community_stock_kg__town__soap__d000 + community_stock_kg__town__soap__d001"
        " - hand_over_kg__dz__town__soap__d001 - unmet_kg__town__soap__d001 = -20"
    )
    assert balance["community_stock_balance__unmet__town__soap__d000"] == "unmet_kg__town__soap__d000 <= 20"


def test_row_community_stock_balance_of_what_lasts() -> None:
    """Half a kilogram for each of a thousand people, due on the second day and never used up."""
    lasting = {"kg_per_day": None, "kg_per_person": 0.5, "lasting": True, "first_date": TWO_DAYS.dates[1]}
    balance = rows(changed(TWO_DAYS, "needs", "town", "soap", **lasting))
    name, stock = "community_stock_balance", "community_stock_kg__town__soap"
    assert balance[f"{name}__town__soap__d001"] == (
        f"- {stock}__d000 + {stock}__d001 - hand_over_kg__dz__town__soap__d001 = 0"
    )
    assert balance[f"{name}__lasting__town__soap__d001"] == (
        f"{stock}__d001 + unmet_kg__town__soap__d001 >= 500"
    )
    assert f"{name}__lasting__town__soap__d000" not in balance


def test_row_nutrient_need() -> None:
    """In person-days: a kilogram of flour holds 3 500 of 1 750 kcal; a thousand people need a thousand."""
    assert rows(mixed())["nutrient_need__town__kcal__d001"] == (
        "2 eaten_kg__town__flour__d001 + 1.71429 eaten_kg__town__maize__d001"
        " + short__town__kcal__d001 >= 1000"
    )


def test_row_closing_stock() -> None:
    """Two days more of food for a thousand people, and one of soap: 20 kg, 50 person-days a kilogram."""
    kept = changed(mixed(), "standards", "town", closing_days=2)
    closing = rows(changed(kept, "needs", "town", "soap", closing_days=1))
    assert closing["closing_stock__need__town__kcal"] == (
        "2 closing_kg__town__flour + 1.71429 closing_kg__town__maize + closing_short__town__kcal >= 2000"
    )
    assert closing["closing_stock__town__flour"] == (
        "closing_kg__town__flour - community_stock_kg__town__flour__d001 <= 0"
    )
    assert closing["closing_stock__most__town__cereals"] == (
        "0.000833333 closing_kg__town__flour + 0.00125 closing_kg__town__maize <= 1"
    )
    assert closing["closing_stock__need__town__soap"] == (
        "closing_short__town__soap + 50 community_stock_kg__town__soap__d001 >= 1000"
    )


PARTS = [f"d00{part}" for part in range(6)]


def test_row_severity() -> None:
    """2 000 person-days: a tenth of them is mild, ..., the last quarter the worst."""
    severity = rows(TWO_DAYS)
    parts = [f"short_part__town__soap__d000__{part}" for part in PARTS]
    assert severity["severity__town__soap__p0"] == (
        f"- {' - '.join(parts)} + 50 unmet_kg__town__soap__d000 + 50 unmet_kg__town__soap__d001 <= 0"
    )
    widths = [severity[f"severity__town__soap__p0__{i}"] for i in range(6)]
    limits = (200, 200, 300, 300, 500, 500)
    assert widths == [f"{part} <= {most}" for part, most in zip(parts, limits, strict=True)]


def test_row_severity_of_closing_stock() -> None:
    """A period of its own after the last day."""
    kept = rows(changed(TWO_DAYS, "needs", "town", "soap", closing_days=1))
    parts = [f"short_part__town__soap__d001__{part}" for part in PARTS]
    assert kept["severity__town__soap__p1"] == f"closing_short__town__soap - {' - '.join(parts)} <= 0"


def test_row_worst_week() -> None:
    """Weights 0.5, 0.25, 0.25 times the slopes 0.1, 0.3, 0.55, 0.85, 1.25, 1.75; 400 person-days in all."""
    slopes = {
        "fat_g": (0.025, 0.075, 0.1375, 0.2125, 0.3125, 0.4375),
        "kcal": (0.05, 0.15, 0.275, 0.425, 0.625, 0.875),
        "protein_g": (0.025, 0.075, 0.1375, 0.2125, 0.3125, 0.4375),
    }
    terms = [
        f"{slope:g} short_part__hamlet__{nutrient}__d000__{part}"
        for nutrient, of_parts in slopes.items()
        for part, slope in zip(PARTS, of_parts, strict=True)
    ]
    assert rows(TWO_DAYS)["worst_week__hamlet__p0"] == f"{' + '.join(terms)} - 400 worst_severity_frac <= 0"


def test_row_coverage_week() -> None:
    """Nothing is left uncovered in a plan; whoever seeks one may pay for it."""
    assert rows(TWO_DAYS, coverage_from=0)["coverage_week__town__soap__p0"] == (
        "- uncovered__town__soap__d000 + 50 unmet_kg__town__soap__d000 + 50 unmet_kg__town__soap__d001"
        " - 2000 unreached_frac <= 0"
    )


def test_row_coverage_week_leaves_the_first_days_out() -> None:
    """Periods of a day each, of which those before the day do not count, nor does the closing stock."""
    kept = changed(header(TWO_DAYS, severity_days=1), "needs", "town", "soap", closing_days=1)
    names = [name for name in rows(kept, coverage_from=1) if name.startswith("coverage_week__town__soap")]
    assert names == ["coverage_week__town__soap__p1"]


def test_row_serviceability() -> None:
    """A week from Monday the 11th on with five days on which north flies: 0.85 x 5 for each tail."""
    week = changed(header(tiny(), days=8), "fleets", "north_hauler", serviceable_frac=0.85)
    week = changed(week, "parties", "north", flying_weekdays=("mon", "tue", "wed", "thu", "fri"))
    flown = [f"0.5 sorties__{NH}__d{d:03d}" for d in range(8)]
    monday, tuesday = (rows(week)[f"serviceability__north_hauler__d00{first}"] for first in (0, 1))
    assert monday == f"{' + '.join(flown[:5])} - 4.25 tails__north_hauler <= 0"
    assert tuesday == f"{' + '.join([*flown[1:5], flown[7]])} - 4.25 tails__north_hauler <= 0"


def test_row_serviceability_of_tails_that_are_contracted() -> None:
    """0.85 x 5 x 1 tail are 8.5 halves of a day, of which whole sorties take 8."""
    week = changed(header(tiny(), days=7), "fleets", "north_hauler", serviceable_frac=0.85)
    week = changed(week, "parties", "north", flying_weekdays=("mon", "tue", "wed", "thu", "fri"))
    problem = build(replace(network(week), contracted={"north_hauler": 1})).problem
    texts = {row.name: row_text(row) for row in problem.constraints()}
    flown = " + ".join(f"sorties__{NH}__d{d:03d}" for d in range(5))
    assert texts["serviceability__north_hauler__d000"] == f"{flown} <= 8"


def test_row_serviceability_of_a_short_plan() -> None:
    """Two days are one window."""
    found = {name: row for name, row in rows(TWO_DAYS).items() if name.startswith("serviceability__north")}
    assert found == {
        "serviceability__north_hauler__d000": (
            f"0.5 sorties__{NH}__d000 + 0.5 sorties__{NH}__d001 - 2 tails__north_hauler <= 0"
        )
    }


def test_row_storage_limit() -> None:
    assert rows(TWO_DAYS)["storage_limit__town__d000"] == (
        "community_stock_kg__town__flour__d000 + community_stock_kg__town__soap__d000 <= 5000"
    )
    assert "storage_limit__hamlet__d000" not in rows(TWO_DAYS)


def test_row_loss_budget() -> None:
    """-ln(1 - 0.00002) = 0.0000200002 and -ln(1 - 0.0005) = 0.000500125; budget -ln(0.95) = 0.0512933."""
    assert rows(header(tiny(), days=1))["loss_budget__south"] == (
        f"2.00002e-05 sorties__{SH}__d000 + 0.000500125 sorties__{SL}__d000 <= 0.0512933"
    )


def test_row_harm_budget() -> None:
    """100 people/km2 over 20 m2, endangered by the fifth of the bundles that strays: 0.0004."""
    assert rows(TWO_DAYS)["harm_budget__south"] == (
        f"0.0004 bundles__{SH}__d000 + 0.0004 bundles__{SH}__d001 <= 1"
    )


def test_row_diversion_limit() -> None:
    """A fifth strays where a tenth may; a low drop that strays nowhere makes up for it."""
    strict = changed(header(tiny(), days=1), "parties", "south", diversion_limit_frac=0.1)
    assert rows(strict)["diversion_limit__south"] == (
        f"0.1 load_kg__{SH}__d000__flour - 0.1 load_kg__{SL}__d000__flour <= 0"
    )


def test_row_funding_limit() -> None:
    """A tail: 2 days at 500. A sortie: 65 min at 600/h, and 100. A bundle: 100. Flour: 1 a kg."""
    poor = changed(TWO_DAYS, "parties", "south", funds_usd=5000)
    terms = [
        *(f"100 bundles__{m}__d00{d}" for m in (SH, SL) for d in range(2)),
        *(f"load_kg__{m}__d00{d}__flour" for m in (SH, SL) for d in range(2)),
        *(f"750 sorties__{m}__d00{d}" for m in (SH, SL) for d in range(2)),
        "1000 tails__south_hauler",
    ]
    assert rows(poor)["funding_limit__south"] == f"{' + '.join(terms)} <= 5000"
    assert "funding_limit__north" not in rows(poor)


def test_row_funding_limit_feeders() -> None:
    poor = changed(FED, "parties", "north", funds_usd=5000)
    text = rows(poor)["funding_limit__north"]
    assert "+ 300 feeder_trips__lorry__d000 + 300 feeder_trips__lorry__d001 +" in text
    assert text.endswith(
        f"+ 1740 sorties__{NH}__d000 + 1740 sorties__{NH}__d001 + 2000 tails__north_hauler <= 5000"
    )
    assert f"2 load_kg__{NH}__d000__soap" in text
