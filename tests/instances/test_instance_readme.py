"""The README tells the whole file format; run this file as a script to print the tables to paste."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from instances.columns import INSTANCE, Content, columns, keys_of
from instances.json_schema import table_schema
from instances.kinds import Kind
from instances.load import load_instance
from instances.schema import (
    DRAWN_TABLES,
    KEYS,
    LIBRARY_TABLES,
    OPTIONAL_TABLES,
    TABLES,
    Grade,
    Row,
    file_of,
)

README = Path(__file__).parents[2] / "instances" / "README.md"
NUMBER = re.compile(r"AL-[123]\d{3}")


def table_text(table: str) -> str:
    """One table of the README: a heading, what a row is, and a line for each column."""
    about = (TABLES[table].__doc__ or "").splitlines()[0] if table in TABLES else "What there is one of."
    notes = [f"Key: {', '.join(keys_of(table))}."] if table in KEYS else []
    notes += ["Optional."] if table in OPTIONAL_TABLES else []
    notes += ["In the library."] if table in LIBRARY_TABLES else []
    lines = ["| column | holds | empty means | meaning |", "|---|---|---|---|"]
    for name, column in columns(table).items():
        if table == INSTANCE or name not in Row.model_fields:
            listed = column.content in (Content.CHOICE, Content.CHOICES)
            holds = f"{column.content}: {', '.join(column.choices)}" if listed else str(column.content)
            empty = (
                "required" if column.required else f"`{column.default}`" if column.default else "see meaning"
            )
            lines.append(f"| `{name}` | {holds} | {empty} | {column.description} |")
    notes += ["GeoJSON: one feature a row, the outline its geometry."] if table in DRAWN_TABLES else []
    file = "instance.yaml" if table == INSTANCE else file_of(table)
    return f"### `{file}`\n\n{' '.join([about, *notes])}\n\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize("table", [INSTANCE, *TABLES])
def test_every_table_and_column_is_documented(table: str) -> None:
    assert table_text(table) in README.read_text(), table_text(table)


def test_grades_and_common_columns_are_documented() -> None:
    text = README.read_text()
    for name in (*Grade, *Row.model_fields):
        assert f"| `{name}` |" in text


def test_every_number_is_documented_once_and_no_other() -> None:
    rows = [line for line in README.read_text().splitlines() if NUMBER.match(line.removeprefix("| "))]
    assert [row.split("|")[1].strip() for row in rows] == [kind.number for kind in Kind]
    for row, kind in zip(rows, Kind, strict=True):
        _, _, rule, wrong, right, _ = re.split(r"(?<!\\)\|", row)
        assert rule.strip() == kind.rule
        assert wrong.strip()
        assert right.strip()
    assert set(NUMBER.findall(README.read_text())) == {kind.number for kind in Kind}


def test_numbers_stand_only_in_the_kinds() -> None:
    package = README.parent
    elsewhere = [path.name for path in package.glob("*.py") if NUMBER.search(path.read_text())]
    assert elsewhere == ["kinds.py"]


def test_the_example_is_an_instance(tmp_path: Path) -> None:
    text = README.read_text()
    files = re.findall(r"^`([\w./]+)`\n\n```(?:yaml|csv|json)\n(.*?)```", text, re.MULTILINE | re.DOTALL)
    assert len(files) > 10
    for name, content in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    instance = load_instance(tmp_path, ["full_ration"])
    assert instance.header.id == "valley"
    assert instance.needs[0].kg_per_person_day == 0.5


@pytest.mark.parametrize("table", [INSTANCE, "scenario", *TABLES])
def test_json_schema_is_draft_7(table: str) -> None:
    schema = table_schema(table)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    text = str(schema)
    assert "$defs" not in text
    assert "prefixItems" not in text
    references = re.findall(r"#/definitions/(\w+)", text)
    assert set(references) <= set(schema["definitions"])


@pytest.mark.parametrize("table", [table for table in TABLES if table not in DRAWN_TABLES])
def test_json_schema_of_a_table_has_every_column(table: str) -> None:
    schema = table_schema(table)
    row = schema["definitions"][table]
    assert schema["type"] == "array"
    assert row["additionalProperties"] is False
    assert list(row["properties"]) == list(columns(table))
    assert all(cell["description"] for cell in row["properties"].values())
    assert row["required"] == [name for name, column in columns(table).items() if column.required]


def test_json_schema_of_the_airspace_is_geojson() -> None:
    schema = table_schema("airspace")
    row = schema["definitions"]["airspace"]
    assert schema["properties"]["type"] == {"const": "FeatureCollection"}
    assert list(row["properties"]) == [name for name in columns("airspace") if name != "outline"]
    assert row["required"] == ["id", "kind"]
    assert "outline" in table_schema("scenario")["definitions"]["airspace"]["properties"]


def test_json_schema_of_the_header_nests_the_theatre() -> None:
    schema = table_schema(INSTANCE)
    assert schema["properties"]["days"] == {
        "description": "length of the plan, days",
        "type": "integer",
        "minimum": 1,
        "maximum": 730,
    }
    assert schema["properties"]["theatre"]["properties"]["south"]["minimum"] == -90


if __name__ == "__main__":
    sys.stdout.write("\n".join(table_text(table) for table in (INSTANCE, *TABLES)))
