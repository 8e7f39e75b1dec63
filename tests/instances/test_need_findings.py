"""What people need: how it is read, what is wrong with it, and rations that fall short of a standard."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from instances.errors import Finding
from instances.json_schema import table_schema
from instances.load import load_instance
from instances.ration_check import ration_check
from optimizer.cli.app import app

type Edit = Callable[[str, str | None, str], None]
type FindingsOf = Callable[..., tuple[Finding, ...]]

NEEDS = (
    "community,commodity,kg_per_person_day,kg_per_day,kg_per_person,people,weight,lasting,closing_days,"
    "first_date,last_date\n"
)
RATIONS = "town,flour,0.5,,,,,,,,\nhamlet,flour,0.5,,,,,,,,\n"
STANDARDS = (
    "community,first_date,last_date,kcal,protein_g,fat_g,kcal_weight,protein_weight,fat_weight,closing_days\n"
)
HAMLET = "hamlet,,,1750,50,7.5,,,,\n"
FLOUR = "flour,Flour,bag,25,3500,100,15,cereals,"


class Wrong(NamedTuple):
    """Edits, and the only finding they give: number, file, row, column, and words in it."""

    edits: Sequence[tuple[str, str | None, str]]
    id: str
    file: str
    row: int | None
    column: str | None
    text: str


def needs(*rows: str) -> tuple[str, None, str]:
    return ("needs.csv", None, NEEDS + RATIONS + "".join(f"{row}\n" for row in rows))


def standards(*rows: str) -> tuple[str, None, str]:
    return ("standards.csv", None, STANDARDS + "".join(f"{row}\n" for row in rows) + HAMLET)


def header(line: str) -> tuple[str, str, str]:
    return ("instance.yaml", "days: 6\n", f"days: 6\n{line}\n")


TOWN = "town,,,1750,50,7.5,,,,"
KEY = ("instance.yaml", "days: 6\n", "days: 6\nration_kcal: 1750\n")
CASES = (
    Wrong([KEY], "AL-1022", "instance.yaml", 5, "ration_kcal", "as kcal into standards.csv"),
    Wrong(
        [("commodities.csv", ",cereals,", ",,")],
        "AL-2601",
        "commodities.csv",
        2,
        "group",
        "flour has 3500 kcal/kg and no group; what has energy is of a food group, or therapeutic; write",
    ),
    Wrong(
        [("commodities.csv", ",cereals,", ",shelter,")],
        "AL-2601",
        "commodities.csv",
        2,
        "group",
        "and this group (shelter)",
    ),
    Wrong([("commodities.csv", "health", "pulses")], "AL-2602", "commodities.csv", 3, "kcal_per_kg", "is 0"),
    Wrong(
        [header("severity_points: 0.25 at 0.5")], "AL-2603", "instance.yaml", 5, "severity_points", "0.25@0.5"
    ),
    Wrong(
        [header("severity_points: 0.5@0.2;1@1")],
        "AL-2604",
        "instance.yaml",
        5,
        "severity_points",
        "is less steep after 0.5@0.2 than before",
    ),
    Wrong(
        [header("severity_points: 0.2@0.5;0.1@0.7;1@1")],
        "AL-2604",
        "instance.yaml",
        5,
        "severity_points",
        "0.1@0.7 after 0.2@0.5 does not rise",
    ),
    Wrong(
        [header("severity_points: 0.2@0.5;0.9@0.5;1@1")],
        "AL-2604",
        "instance.yaml",
        5,
        "severity_points",
        "0.9@0.5 after 0.2@0.5 does not rise",
    ),
    Wrong(
        [header("severity_points: 0.2@0.5")], "AL-2604", "instance.yaml", 5, "severity_points", "ends at 0.2"
    ),
    Wrong([header("class_weights: 1;0.3")], "AL-2605", "instance.yaml", 5, "class_weights", "holds 2 of 3"),
    Wrong([header("class_weights: 1;0.3;-1")], "AL-2008", "instance.yaml", 5, "class_weights", "less than 0"),
    Wrong([header("severity_days: 0")], "AL-2008", "instance.yaml", 5, "severity_days", "is less than 1"),
    Wrong(
        [needs("town,soap,,,0.2,,,,,,")],
        "AL-2606",
        "needs.csv",
        4,
        "lasting",
        "is not lasting and has kg_per",
    ),
    Wrong(
        [needs("town,soap,,20,,,,true,,,")], "AL-2606", "needs.csv", 4, "lasting", "is lasting and has kg_p"
    ),
    Wrong(
        [("needs.csv", None, NEEDS + RATIONS.replace("0.5,,,,,,", "0.5,,,,,true,", 1))],
        "AL-2606",
        "needs.csv",
        2,
        "lasting",
        "flour is a food, which is eaten",
    ),
    Wrong(
        [needs("town,soap,,,,,,,,,")],
        "AL-2102",
        "needs.csv",
        4,
        "kg_per_person_day",
        "none of the quantities",
    ),
    Wrong(
        [needs("town,soap,0.1,,0.2,,,true,,,")],
        "AL-2102",
        "needs.csv",
        4,
        "kg_per_person_day",
        "kg_per_person_day and kg_per_person are given",
    ),
    Wrong([needs("town,soap,0.1,,,,-1,,,,")], "AL-2008", "needs.csv", 4, "weight", "is less than 0 (-1)"),
    Wrong(
        [needs("town,soap,0.1,,,1001,,,,,")],
        "AL-3601",
        "needs.csv",
        4,
        "people",
        "is more than the population of town, 1000 (1001)",
    ),
    Wrong(
        [needs("town,soap,,20,,,,,,,2016-04-12", "town,soap,,20,,,0.5,,,2016-04-13,")],
        "AL-3602",
        "needs.csv",
        5,
        "weight",
        "differs from needs.csv:4 (0.5)",
    ),
    Wrong(
        [needs("town,soap,,,1,,,true,,,2016-04-12", "town,soap,,20,,,,,,2016-04-13,")],
        "AL-3602",
        "needs.csv",
        5,
        "lasting",
        "differs from needs.csv:4",
    ),
    Wrong(
        [standards("town,,2016-04-12,1750,50,7.5,,,,", "town,2016-04-13,,1750,50,7.5,1,,,")],
        "AL-3602",
        "standards.csv",
        3,
        "kcal_weight",
        "differs from standards.csv:2 (1)",
    ),
    Wrong(
        [standards("town,,2016-04-12,1750,50,7.5,,,,", "town,2016-04-12,,1750,50,7.5,,,,")],
        "AL-3604",
        "standards.csv",
        3,
        "community",
        "overlaps the standard in standards.csv:2",
    ),
    Wrong(
        [standards("town,2016-04-01,,1750,50,7.5,,,,")],
        "AL-3004",
        "standards.csv",
        2,
        "first_date",
        "is outside 2016-04-11 to 2016-04-16",
    ),
    Wrong(
        [standards("town,2016-04-13,2016-04-12,1750,50,7.5,,,,")],
        "AL-2103",
        "standards.csv",
        2,
        "first_date",
        "is after last_date",
    ),
    Wrong([standards(TOWN, "twn,,,1750,50,7.5,,,,")], "AL-3001", "standards.csv", 3, "community", '"town"?'),
    Wrong(
        [
            ("commodities.csv", FLOUR, f"{FLOUR}499,"),
            ("commodities.csv", "group,", "group,most_g_per_person_day,"),
            ("commodities.csv", "health,", "health,,"),
            standards("town,,,1750,40,7,,,,"),
        ],
        "AL-3603",
        "standards.csv",
        2,
        "kcal",
        "hold at most 1746 kcal of energy in what a person eats a day, town needs 1750",
    ),
    Wrong(
        [standards(TOWN.replace("1750", "99999"))],
        "AL-2009",
        "standards.csv",
        2,
        "kcal",
        "beyond 10,000 (99999)",
    ),
    Wrong(
        [
            ("zones.csv", "canopy_high;canopy_low,", "canopy_low,"),
            ("commodities.csv", "canopy_high;canopy_low", "canopy_high"),
        ],
        "AL-3011",
        "standards.csv",
        2,
        "community",
        "no food can be brought there",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.id}-{case.file}-{case.column}")
def test_finding(edit: Edit, findings_of: FindingsOf, case: Wrong) -> None:
    for one in case.edits:
        edit(*one)
    found = [one for one in findings_of() if (one.file, one.row) == (case.file, case.row)]
    assert {one.id for one in findings_of()} == {case.id}, findings_of()
    assert found[0].column == case.column
    assert case.text in str(found[0])


def test_a_limit_names_each_nutrient_that_cannot_be_had(edit: Edit, findings_of: FindingsOf) -> None:
    """Two cereals share one limit: 300 g of either, not of both; beans have a limit of their own."""
    rows = (
        "flour,Flour,cereals,300,3500,100,15,1,canopy_high\n"
        "rice,Rice,cereals,300,3600,70,5,1,canopy_high\n"
        "beans,Beans,pulses,100,3350,200,12,1,canopy_high\n"
        "soap,Soap,health,,0,0,0,2,canopy_high\n"
    )
    edit(
        "commodities.csv",
        None,
        "id,name,group,most_g_per_person_day,kcal_per_kg,protein_g_per_kg,fat_g_per_kg,priority,methods\n"
        + rows,
    )
    edit(
        "supplies.csv",
        "airfield_n,soap",
        "airfield_n,rice,1000,,0,1,,\nairfield_n,beans,1000,,0,1,,\nairfield_n,soap",
    )
    edit("standards.csv", None, STANDARDS + "town,,,1415,50.1,5.7,,,,\n")
    found = findings_of()
    assert {one.id for one in found} == {"AL-3603"}
    town = [(one.column, one.problem.split(" in what")[0]) for one in found if one.file == "standards.csv"]
    assert town == [("protein_g", "the foods in supplies hold at most 50 g of protein")]
    by_default = [one.problem.rpartition(", ")[2] for one in found if one.file == "communities.csv"]
    assert sorted(by_default) == ["hamlet needs 2100", "hamlet needs 40", "hamlet needs 52.5"]


def test_all_of_a_food_without_limit_is_enough(edit: Edit, tiny: Path) -> None:
    edit("standards.csv", None, STANDARDS + "town,,,10000,1000,1000,,,,\n" + HAMLET)
    assert load_instance(tiny).standards[0].kcal == 10_000


def test_an_instance_of_the_old_form_says_all_that_is_to_be_added(
    edit: Edit, findings_of: FindingsOf
) -> None:
    edit(*KEY)
    edit("commodities.csv", None, "id,name,kcal_per_kg,priority,methods\nflour,Flour,3500,1,canopy_high\n")
    edit("needs.csv", None, "community,commodity,kg_per_person_day\ntown,flour,0.5\nhamlet,flour,0.5\n")
    edit("supplies.csv", None, "base,commodity,kg,usd_per_kg\nairfield_n,flour,1000,1\n")
    assert [(one.id, one.file) for one in findings_of()] == [
        ("AL-1022", "instance.yaml"),
        ("AL-2601", "commodities.csv"),
    ]


def test_a_scenario_of_the_old_form(tiny: Path, findings_of: FindingsOf) -> None:
    (tiny / "scenarios" / "less.yaml").write_text("title: less\nset: {instance/ration_kcal: 1000}\n")
    (found,) = findings_of("less")
    assert (found.id, found.file, found.column) == ("AL-1022", "scenarios/less.yaml", "instance/ration_kcal")
    assert "standards.csv" in found.remedy


@pytest.mark.parametrize(
    ("points", "weights"),
    [
        ("0.25@0.5;1@1", "1;0.5;0.2"),
        ('["0.25@0.5", 1@1]', "[1, 0.5, 0.2]"),
        ("0.25 @ 0.5 ; 1@1", "1; .5; .2"),
    ],
)
def test_lists_of_the_header_are_texts_or_lists(edit: Edit, tiny: Path, points: str, weights: str) -> None:
    edit(*header(f"severity_points: {points}\nclass_weights: {weights}\nseverity_days: 1"))
    read = load_instance(tiny).header
    assert read.severity_points == ((0.25, 0.5), (1, 1))
    assert (read.class_weights, read.severity_days) == ((1, 0.5, 0.2), 1)


def test_lists_of_the_header_are_set_by_a_scenario(tiny: Path) -> None:
    text = "title: t\nset:\n  instance/severity_points: 0.5@0.5;1@1\n  instance/class_weights: [1, 1, 1]\n"
    (tiny / "scenarios" / "even.yaml").write_text(text)
    read = load_instance(tiny, ["even"]).header
    assert (read.severity_points, read.class_weights) == (((0.5, 0.5), (1, 1)), (1, 1, 1))


def test_the_schema_shows_the_lists_of_the_header() -> None:
    keys = table_schema("instance")["properties"]
    assert keys["severity_points"]["default"] == "0.01@0.1;0.04@0.2;0.1225@0.35;0.25@0.5;0.5625@0.75;1@1"
    assert keys["class_weights"]["default"] == "1;0.3;0.1"
    for name in ("severity_points", "class_weights"):
        assert {"string", "array"} <= set(keys[name]["type"])


def test_a_need_of_some_and_a_need_that_lasts_are_read(edit: Edit, tiny: Path) -> None:
    rows = ("hamlet,soap,0.1,,,50,0.5,,3,,", "town,soap,,,0.2,,,true,,2016-04-13,")
    edit(*needs(*rows))
    hamlet, town = load_instance(tiny).needs[2:]
    assert (hamlet.people, hamlet.weight, hamlet.closing_days, hamlet.lasting) == (50, 0.5, 3, False)
    assert (town.people, town.kg_per_person, town.lasting, str(town.first_date)) == (
        None,
        0.2,
        True,
        "2016-04-13",
    )


def test_a_community_with_a_standard_alone_is_no_omission(edit: Edit, tiny: Path) -> None:
    edit("needs.csv", "hamlet,flour,0.5,,,,estimate,made up\n", "")
    assert {need.community for need in load_instance(tiny).needs} == {"town"}


def test_a_community_with_neither_is_one(edit: Edit, findings_of: FindingsOf) -> None:
    edit("needs.csv", "hamlet,flour,0.5,,,,estimate,made up\n", "")
    edit("standards.csv", None, STANDARDS + TOWN + "\n")
    assert [(one.id, one.file, one.row, one.column) for one in findings_of()] == [
        ("AL-3012", "communities.csv", 3, "id")
    ]


def test_a_ration_that_meets_its_standard_is_passed_over(tiny: Path) -> None:
    assert ration_check(load_instance(tiny)) == ()


def test_a_ration_below_the_standard_is_told_in_per_cent(edit: Edit, tiny: Path) -> None:
    edit("standards.csv", None, STANDARDS + "town,,,3500,50,0,,,,\n")
    assert ration_check(load_instance(tiny)) == (
        "the planned ration of town holds 50 % of the energy (1,750 of 3,500 kcal) and 100 % of the protein "
        "(50 of 50 g) that the standard asks for a person and day",
        "the planned ration of hamlet holds 83 % of the energy (1,750 of 2,100 kcal), 95 % of the protein "
        "(50 of 52.5 g) and 19 % of the fat (7.5 of 40 g) that the standard asks for a person and day",
    )


def test_the_leanest_day_counts_and_a_community_without_a_ration_does_not(edit: Edit, tiny: Path) -> None:
    rows = "town,flour,0.5,,,,,,,,2016-04-12\ntown,flour,0.1,,,,,,,2016-04-13,\n"
    edit("needs.csv", None, NEEDS + rows)
    (sentence,) = ration_check(load_instance(tiny))
    assert sentence.startswith("the planned ration of town holds 20 % of the energy (350 of 1,750 kcal)")


def test_communities_that_fall_short_alike_share_a_sentence(tiny: Path) -> None:
    (tiny / "standards.csv").unlink()
    (sentence,) = ration_check(load_instance(tiny))
    assert "of town, hamlet holds 83 % of the energy" in sentence


@pytest.mark.parametrize("column", ["kcal", "protein_g", "fat_weight", "closing_days"])
def test_no_figure_of_a_standard_is_negative(edit: Edit, findings_of: FindingsOf, column: str) -> None:
    edit("standards.csv", None, f"community,{column}\ntown,-1\n")
    found = [one for one in findings_of() if one.file == "standards.csv"]
    assert [(one.id, one.column) for one in found] == [("AL-2008", column)]


def test_validate_warns_of_a_ration_below_the_standard(edit: Edit, tiny: Path) -> None:
    quiet = CliRunner().invoke(app, ["validate", str(tiny), "--json"])
    edit("standards.csv", None, STANDARDS + TOWN.replace("1750", "3500") + "\n" + HAMLET)
    warned = CliRunner().invoke(app, ["validate", str(tiny), "--json"])
    assert (quiet.exit_code, warned.exit_code) == (0, 0)
    assert json.loads(quiet.stdout)["warnings"] == []
    (warning,) = json.loads(warned.stdout)["warnings"]
    assert warning.startswith("the planned ration of town holds 50 % of the energy")
