"""Plans changed by hand in a spreadsheet: what is forgiven, and what is found."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from instances.errors import Finding, InstanceError
from reports.findings import RULES
from reports.schedules import TABLES, read_plan, write_plan
from tests.reports.plan_samples import sample_plan

Edit = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_plan(sample_plan(), tmp_path / "north")
    return tmp_path / "north"


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def found(folder: Path) -> tuple[Finding, ...]:
    with pytest.raises(InstanceError) as caught:
        read_plan(folder)
    return caught.value.findings


def resaved(text: str, delimiter: str, comma: bool) -> str:
    """What a spreadsheet writes in a country of semicolons or tabs."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in csv.reader(io.StringIO(text)):
        writer.writerow([cell.replace(".", ",") if comma else cell for cell in row])
    return "\ufeff" + out.getvalue()


@pytest.mark.parametrize(("delimiter", "comma"), [(";", True), (";", False), ("\t", True), (",", False)])
def test_spreadsheet_dialects(folder: Path, delimiter: str, comma: bool) -> None:
    plan = read_plan(folder)
    for file in TABLES:
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_bytes(resaved(text, delimiter, comma).encode())
    assert read_plan(folder) == plan


def reordered(text: str) -> str:
    return "".join(",".join(reversed(line.split(","))) + "\n" for line in text.splitlines())


@pytest.mark.parametrize(
    "change",
    [
        reordered,
        lambda text: text + "\n,,,\n\n",
        lambda text: text.replace("\n", ",,\n"),
        lambda text: text.replace("\n", "\n\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace(",", " , "),
        lambda text: text.replace("T06:12Z", " 06:12:00Z"),
        lambda text: text.replace("T06:12Z", "T09:12+03:00"),
        lambda text: text.replace("0.800000", "8E-1"),
        lambda text: text.replace(",4,", ",4.0,"),
    ],
)
def test_forgiven(folder: Path, change: Edit) -> None:
    plan = read_plan(folder)
    path = folder / "loads.csv"
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_bytes(after.encode())
    assert read_plan(folder) == plan
    write_plan(read_plan(folder), folder)
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("number", "file", "old", "new", "row", "column", "remedy"),
    [
        ("AL-4003", "loads.csv", ",dz,", ',"dz,', None, None, "close the quote"),
        ("AL-4004", "loads.csv", "net_kg,", "", 1, "net_kg", "put it back"),
        ("AL-4005", "loads.csv", "landed_kg", "landed", 1, "landed", 'rename it to "landed_'),
        ("AL-4005", "loads.csv", "landed_kg", "landed_kg,remark", 1, "remark", "remove it"),
        ("AL-4006", "loads.csv", "bundles", "zone", 1, "zone", "keep one"),
        ("AL-4007", "loads.csv", "800.000", "800.000,check", 2, None, "remove it"),
        ("AL-4101", "loads.csv", ",1,dz", ",,dz", 2, "stop", "write a value"),
        ("AL-4101", "loads.csv", ",dz,", ",,", 2, "zone", "write a value"),
        ("AL-4102", "loads.csv", "1000.000", "1.000 kg", 2, "net_kg", "plain number"),
        ("AL-4102", "loads.csv", "1000.000", '"1,000"', 2, "net_kg", "plain number"),
        ("AL-4102", "loads.csv", "1000.000", "nan", 2, "net_kg", "plain number"),
        ("AL-4102", "loads.csv", "1000.000", "1e999", 2, "net_kg", "plain number"),
        ("AL-4103", "loads.csv", ",4,", ",4.5,", 2, "bundles", "whole number"),
        ("AL-4104", "coverage.csv", "2016-04-10", "10.04.2016", 2, "date", "write 2016-04-10"),
        ("AL-4104", "coverage.csv", "2016-04-10", "4/10/2016", 2, "date", "2016-04-10 or 2016-10-04"),
        ("AL-4104", "coverage.csv", "2016-04-10", "4/25/2016", 2, "date", "write 2016-04-25"),
        ("AL-4104", "coverage.csv", "2016-04-10", "42470", 2, "date", "like 2016-04-10"),
        ("AL-4104", "coverage.csv", "2016-04-10", "99.99.2016", 2, "date", "like 2016-04-10"),
        ("AL-4104", "coverage.csv", "2016-04-10", "2016-02-30", 2, "date", "day of the calendar"),
        ("AL-4105", "loads.csv", "2016-04-10T06:12Z", "6:12 AM", 2, "drop_utc", "write 2016-04-10T05:30Z"),
        ("AL-4105", "loads.csv", "06:12Z", "26:12Z", 2, "drop_utc", "calendar"),
        ("AL-4105", "loads.csv", "2016-04-10T06:12Z", "0001-01-01T01:00+03:00", 2, "drop_utc", "calendar"),
        ("AL-4106", "loads.csv", "T06:12Z", " 06:12", 2, "drop_utc", "write 2016-04-10T06:12Z if"),
        ("AL-4106", "sorties.csv", "08:30+03:00", "08:30", 2, "takeoff_local", "08:30+03:00"),
        ("AL-4201", "plan.json", '"seed": 0,', '"seed": 0,,', 54, None, "restore"),
        ("AL-4201", "paths.geojson", "]}}", "]}", 3, None, "restore"),
        ("AL-4202", "plan.json", '"optimal"', '"done"', None, "status", "correct it"),
        ("AL-4202", "plan.json", '"seed": 0,', "", None, "seed", "put it back"),
        ("AL-4202", "plan.json", '"seed": 0,', '"seed": -1,', None, "seed", "correct it"),
        ("AL-4202", "plan.json", '"seed": 0,', '"seed": 0, "sed": 1,', None, "sed", "remove it"),
        ("AL-4202", "plan.json", '"days": null,', "", None, "options.days", "put it back"),
        ("AL-4202", "plan.json", '"days": null', '"days": 0', None, "options.days", "correct it"),
        ("AL-4202", "plan.json", '"days"', '"seed": 1, "days"', None, "options.seed", "remove it here"),
        ("AL-4202", "plan.json", '"half_ration"', "1", None, "scenario[0]", "correct it"),
        ("AL-4202", "plan.json", "123456.7891", '"x"', None, "objectives[0].value", "correct it"),
        ("AL-4203", "paths.geojson", "[38.0, 36.0]", "[36.0, 138.0]", None, None, "correct it"),
        ("AL-4203", "paths.geojson", '"LineString"', '"Point"', None, None, "correct it"),
        (
            "AL-4203",
            "paths.geojson",
            '"party"',
            '"part"',
            None,
            "features[0].properties.party",
            "put it back",
        ),
        ("AL-4203", "paths.geojson", '"features"', '"feature"', None, None, "restore"),
    ],
)
def test_found(
    folder: Path, number: str, file: str, old: str, new: str, row: int | None, column: str | None, remedy: str
) -> None:
    edit(folder, file, old, new)
    first = next(one for one in found(folder) if one.id == number)
    assert (first.file, first.row) == (file, row)
    assert first.rule == RULES[number]
    assert remedy in first.remedy
    if column is not None:
        assert first.column == column


def test_only_the_fault_is_found(folder: Path) -> None:
    edit(folder, "loads.csv", ",4,", ",four,")
    (one,) = found(folder)
    assert str(one) == (
        'AL-4102 loads.csv:2 column "bundles": this is not a number (four); numbers are written plainly, '
        "without unit or thousands separator; write a plain number such as 1234.5."
    )


def test_missing_files(folder: Path) -> None:
    (folder / "loads.csv").unlink()
    (folder / "plan.json").unlink()
    assert [(one.id, one.file) for one in found(folder)] == [
        ("AL-4001", "loads.csv"),
        ("AL-4001", "plan.json"),
    ]


def test_not_a_plan_folder(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        (one,) = found(place)
        assert one.id == "AL-4001"
        assert "aidlift solve" in one.remedy


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-16-le"])
def test_other_encodings(folder: Path, encoding: str) -> None:
    text = (folder / "loads.csv").read_text(encoding="utf-8").replace("flour", "blé")
    (folder / "loads.csv").write_bytes(text.encode(encoding))
    (one,) = found(folder)
    assert (one.id, one.file, one.remedy) == ("AL-4002", "loads.csv", 'save it again as "CSV UTF-8"')


def test_empty_file_misses_every_column(folder: Path) -> None:
    (folder / "risk.csv").write_bytes(b"")
    assert [(one.id, one.column) for one in found(folder)] == [
        ("AL-4004", name) for name in ("party", "measure", "value", "limit")
    ]


def test_everything_is_found_at_once(folder: Path) -> None:
    edit(folder, "loads.csv", "net_kg", "netkg")
    edit(folder, "loads.csv", ",4,", ",4.5,")
    edit(folder, "coverage.csv", "2016-04-10", "10.04.2016")
    edit(folder, "plan.json", '"optimal"', '"done"')
    edit(folder, "plan.json", '"days": null', '"days": 0')
    edit(folder, "paths.geojson", "1.234e-05", "NaN")
    ids = [one.id for one in found(folder)]
    assert sorted(ids) == ["AL-4004", "AL-4005", "AL-4103", "AL-4104", "AL-4202", "AL-4202", "AL-4203"]


def test_unquoted_zones_in_a_semicolon_table(folder: Path) -> None:
    text = (folder / "sorties.csv").read_text(encoding="utf-8").replace(",", ";")
    (folder / "sorties.csv").write_text(text, encoding="utf-8")
    first = found(folder)[0]
    assert (first.id, first.row) == ("AL-4007", 2)
    assert "quotes" in first.remedy


def test_a_newer_version_that_cannot_be_read_is_told_first(folder: Path) -> None:
    edit(folder, "plan.json", '"0.1.0"', '"0.10.0"')
    assert read_plan(folder).versions == (("aidlift", "0.10.0"),)
    edit(folder, "plan.json", '"notes"', '"remarks"')
    ids = [one.id for one in found(folder)]
    assert ids[0] == "AL-4204"
    assert ids.count("AL-4204") == 1
    edit(folder, "plan.json", '"0.10.0"', '"0.0.9"')
    assert "AL-4204" not in [one.id for one in found(folder)]


def test_map_programs_may_add_members(folder: Path) -> None:
    plan = read_plan(folder)
    document = json.loads((folder / "paths.geojson").read_text(encoding="utf-8"))
    document["name"] = "paths"
    feature = document["features"][0]
    feature["id"] = 1
    feature["properties"]["colour"] = "red"
    feature["geometry"]["coordinates"] = [[*point, 0.0] for point in feature["geometry"]["coordinates"]]
    (folder / "paths.geojson").write_text(json.dumps(document, indent=4), encoding="utf-8")
    assert read_plan(folder) == plan


def test_every_kind_of_finding_is_tested() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [number for number in RULES if f'"{number}"' not in source] == []
