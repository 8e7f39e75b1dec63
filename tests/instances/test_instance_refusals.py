"""What takes more than one edit to break: missing files, feeders, days, names, copies, and many at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from instances.errors import Finding, InstanceError
from instances.folders import copy_instance
from instances.json_schema import table_schema
from instances.kinds import Kind
from instances.load import load_instance
from instances.schema import file_of

type Edit = Callable[[str, str | None, str], None]
type FindingsOf = Callable[..., tuple[Finding, ...]]

FEEDERS = (
    "id,party,mode,from_base,to_base,kg_per_trip,trips_per_day,usd_per_trip\n"
    "bridge,north,airlift,{},{},1000,1,100\n"
)
BOTH_BASES = "38.0,north,04:00"


@pytest.mark.parametrize("table", ["bases", "supplies", "zones", "needs", "airspace", "instance"])
def test_missing_file(findings_of: FindingsOf, tiny: Path, table: str) -> None:
    file = "instance.yaml" if table == "instance" else file_of(table)
    (tiny / file).unlink()
    assert [(f.id, f.file, f.row) for f in findings_of()] == [("AL-1002", file, None)]


def test_optional_files_may_be_missing(tiny: Path) -> None:
    (tiny / "rigs.csv").unlink()
    assert load_instance(tiny).rigs == ()


def test_folder_in_place_of_a_file(findings_of: FindingsOf, tiny: Path) -> None:
    (tiny / "zones.csv").unlink()
    (tiny / "zones.csv").mkdir()
    assert [(f.id, f.file) for f in findings_of()] == [("AL-1003", "zones.csv")]


@pytest.mark.parametrize(
    "content", [b"id,name\nx,\xe9t\xe9\n", "id,name\nx".encode("utf-16-le"), b"id\nx\0\n"]
)
def test_not_utf8(findings_of: FindingsOf, tiny: Path, content: bytes) -> None:
    (tiny / "zones.csv").write_bytes(content)
    assert [(f.id, f.file) for f in findings_of()] == [("AL-1004", "zones.csv")]


def test_table_without_rows(findings_of: FindingsOf, tiny: Path) -> None:
    header = (tiny / "zones.csv").read_text().splitlines()[0]
    (tiny / "zones.csv").write_text(header)
    assert [(f.id, f.file) for f in findings_of()] == [("AL-1006", "zones.csv")]


def test_missing_column_is_one_finding(findings_of: FindingsOf, tiny: Path) -> None:
    header, *rows = (tiny / "links.csv").read_text().splitlines()
    lines = [",".join(row.split(",")[:2]) for row in (header, *rows)]
    (tiny / "links.csv").write_text("\n".join(lines))
    assert [(f.id, f.row, f.column) for f in findings_of()] == [("AL-1011", 1, "kg_per_day")]


@pytest.mark.parametrize("days", [0, -1, 7, 10**9])
def test_days_beyond_the_instance(findings_of: FindingsOf, days: int) -> None:
    (found,) = findings_of(days=days)
    assert (found.id, found.file, found.column, found.value) == (
        "AL-2016",
        "instance.yaml",
        "days",
        str(days),
    )


def test_feeder_without_price(edit: Edit, findings_of: FindingsOf, tiny: Path) -> None:
    edit("bases.csv", "39.0,south", "39.0,south;north")
    edit("feeders.csv", None, FEEDERS.format("airfield_n", "airfield_s"))
    (found,) = findings_of()
    assert (found.id, found.file, found.row, found.column) == ("AL-3008", "feeders.csv", 2, "to_base")
    assert "no supply row for soap" in found.problem
    assert found.remedy == "add a supply row with 0 kg"
    edit("supplies.csv", "airfield_s,", "airfield_s,soap,0,,0,2,,\nairfield_s,")
    assert len(load_instance(tiny).feeders) == 1


def test_feeder_of_a_party_not_admitted(edit: Edit, findings_of: FindingsOf) -> None:
    edit("feeders.csv", None, FEEDERS.format("airfield_s", "airfield_n"))
    assert [(f.id, f.column, f.value) for f in findings_of()] == [("AL-3009", "from_base", "airfield_s")]


def test_a_feeder_brings_a_need_within_reach(edit: Edit, findings_of: FindingsOf, tiny: Path) -> None:
    edit("fleets.csv", "north_hauler,north,airfield_n", "north_hauler,south,airfield_s")
    assert {f.id for f in findings_of()} == {"AL-3011"}
    edit("bases.csv", BOTH_BASES, "38.0,north;south,04:00")
    edit("feeders.csv", None, FEEDERS.format("airfield_n", "airfield_s").replace(",north,", ",south,"))
    edit("supplies.csv", "airfield_s,", "airfield_s,soap,0,,0,2,,\nairfield_s,")
    assert load_instance(tiny).feeders


def test_all_findings_at_once_in_the_order_of_the_files(edit: Edit, findings_of: FindingsOf) -> None:
    edit("instance.yaml", "days: 6", "days: 6\nseverity_days: -1")
    edit("bases.csv", "36.0,38.0", "3.6,38.0")
    edit("fleets.csv", "airfield_n,hauler", "airfield_n,hauller")
    edit("zones.csv", "2000,1000,90", "wide,-1,400")
    edit("needs.csv", "town,soap,,20", "town,soap,,")
    edit("rigs.csv", "40,0,0", "40,1,0")
    found = [(f.id, f.file, f.row, f.column) for f in findings_of("half")]
    assert found == [
        ("AL-2008", "instance.yaml", 5, "severity_days"),
        ("AL-2012", "bases.csv", 2, "lat"),
        ("AL-3001", "fleets.csv", 2, "aircraft"),
        ("AL-2105", "rigs.csv", 2, "resupply_count"),
        ("AL-2002", "zones.csv", 2, "length_m"),
        ("AL-2008", "zones.csv", 2, "axis_deg"),
        ("AL-2008", "zones.csv", 2, "width_m"),
        ("AL-2102", "needs.csv", 3, "kg_per_person_day"),
        ("AL-1015", "scenarios/half.yaml", None, None),
    ]


def test_a_row_with_findings_is_still_known(edit: Edit, findings_of: FindingsOf) -> None:
    edit("parties.csv", "0.0001", "high")
    edit("communities.csv", "1000", "many")
    assert {f.id for f in findings_of()} == {"AL-2002"}


def test_message_reads_as_in_the_contract(edit: Edit, findings_of: FindingsOf) -> None:
    edit("links.csv", "500,0.1", "500,1.1")
    (found,) = findings_of()
    assert str(found) == (
        'AL-2008 links.csv:3 column "loss_frac": is more than 1 (1.1); '
        "share lost on the way, 0..1; correct the value or its unit."
    )


@pytest.mark.parametrize("name", ["tinny", "", "no/such/folder", "x" * 5000, "nul\0"])
def test_unknown_instance(monkeypatch: pytest.MonkeyPatch, tiny: Path, name: str) -> None:
    monkeypatch.setattr("instances.folders.SHELF", tiny.parent)
    with pytest.raises(InstanceError) as caught:
        load_instance(name)
    (found,) = caught.value.findings
    assert found.id == "AL-1001"
    assert "tiny" in found.remedy


def test_unknown_table_of_a_schema() -> None:
    with pytest.raises(InstanceError, match=r'AL-1019 zone: .*did you mean "zones"'):
        table_schema("zone")


def test_copy_only_to_a_new_or_empty_folder(tiny: Path) -> None:
    for target in (tiny.parent, tiny, tiny / "inner", tiny / "zones.csv"):
        with pytest.raises(InstanceError, match="AL-1017"):
            copy_instance(tiny, target)
    with pytest.raises(InstanceError, match="AL-1018"):
        copy_instance(tiny, tiny.parent / ("x" * 300))
    (tiny.parent / "file").write_text("")
    with pytest.raises(InstanceError, match="AL-1018"):
        copy_instance(tiny, tiny.parent / "file" / "new")
    assert {path.name for path in tiny.parent.iterdir()} == {"tiny", "file"}


def test_every_kind_is_tested() -> None:
    text = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert [kind.number for kind in Kind if kind.number not in text] == []
    assert len({kind.number for kind in Kind}) == len(Kind)
