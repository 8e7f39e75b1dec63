"""Reading files as people really save them; the library, the days, the sums, the copies; and a fuzz."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instances import folders
from instances.drawn import areas_text
from instances.errors import InstanceError
from instances.load import copy_instance, instance_folder, load_instance, shipped_instances
from instances.schema import TABLES

TINY = Path(__file__).parents[1] / "data" / "tiny"
FILES = sorted(path.relative_to(TINY).as_posix() for path in TINY.rglob("*") if path.is_file())


def test_reads_the_hand_instance(tiny: Path) -> None:
    instance = load_instance(tiny)
    assert (instance.header.id, instance.header.days, len(instance.dates)) == ("tiny", 6, 6)
    assert [fleet.id for fleet in instance.fleets] == ["north_hauler", "south_hauler"]
    assert instance.fleets[1].methods == ("canopy_high", "canopy_low")
    assert instance.parties[0].funds_usd is None
    assert instance.airspace[1].ceiling_m == 100000


def test_sha256_of_every_file_sorted(tiny: Path) -> None:
    instance = load_instance(str(tiny))
    names = [name for name, _ in instance.sha256]
    assert names == sorted(name for name in FILES if not name.startswith("scenarios"))
    for name, digest in instance.sha256:
        assert digest == hashlib.sha256((tiny / name).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"", b"\xef\xbb\xbf"), (b"\n", b"\r\n"), (b"\n", b"\r"), (b",made up\n", b",made up \n,,,,\n\n")],
    ids=["bom", "crlf", "cr", "blank"],
)
def test_files_as_spreadsheets_save_them(tiny: Path, before: bytes, after: bytes) -> None:
    expected = load_instance(tiny).model_copy(update={"sha256": ()})
    for path in tiny.glob("*.csv"):
        content = path.read_bytes()
        path.write_bytes(content.replace(before, after) if before else after + content)
    assert load_instance(tiny).model_copy(update={"sha256": ()}) == expected


def test_semicolons_and_decimal_commas(tiny: Path) -> None:
    expected = load_instance(tiny)
    for name in ("links", "communities", "aircraft"):
        path = tiny / f"{name}.csv"
        rows = [line.split(",") for line in path.read_text().splitlines()]
        quoted = [[f'"{cell}"' if ";" in cell else cell.replace(".", ",") for cell in row] for row in rows]
        path.write_text("\n".join(";".join(row) for row in quoted))
    instance = load_instance(tiny)
    assert instance.links == expected.links
    assert instance.communities == expected.communities
    assert instance.aircraft == expected.aircraft


@pytest.mark.parametrize(("cell", "value"), [("yes", True), ("TRUE", True), ("1", True), ("No", False)])
def test_switches(tiny: Path, cell: str, value: bool) -> None:
    path = tiny / "zones.csv"
    path.write_text(path.read_text().replace(",false,true,", f",{cell},true,"))
    assert load_instance(tiny).zones[0].closed is value


def test_columns_in_any_order_and_empty_cells_are_defaults(tiny: Path) -> None:
    (tiny / "rigs.csv").write_text("count,method,base\n7,canopy_high,airfield_n\n")
    (rig,) = load_instance(tiny).rigs
    assert (rig.base, rig.count, rig.resupply_count) == ("airfield_n", 7, 0)


def test_an_area_is_read_with_its_defaults(tiny: Path) -> None:
    low, _ = load_instance(tiny).airspace
    assert (low.id, low.kind, low.floor_m, low.ceiling_m) == ("low", "threat", 0, 3000)
    assert (low.hours_from, low.hours_to, low.parties) == (0, 1440, ())
    assert low.aircraft_kinds == ("fixed_wing", "helicopter")
    assert low.outline == ((39.6, 34.7), (40.4, 34.7), (40.4, 35.3), (39.6, 35.3))


def test_areas_are_written_as_they_are_read(tiny: Path) -> None:
    instance = load_instance(tiny)
    (tiny / "airspace.geojson").write_text(areas_text(instance.airspace))
    assert load_instance(tiny).airspace == instance.airspace


def test_an_outline_in_a_scenario_is_corners(tiny: Path) -> None:
    (tiny / "scenarios" / "gate.yaml").write_text(
        "title: A gate\nadd:\n  airspace:\n    - {id: gate, kind: prohibited, outline: '38,34 38.5,34'}\n"
    )
    with pytest.raises(InstanceError, match="AL-2110") as caught:
        load_instance(tiny, ["gate"])
    assert [(f.file, f.row, f.column) for f in caught.value.findings] == [
        ("scenarios/gate.yaml", 4, "outline")
    ]


def test_a_scenario_adds_and_sets_areas(tiny: Path) -> None:
    (tiny / "scenarios" / "gate.yaml").write_text(
        "title: A gate\nadd:\n  airspace:\n"
        "    - {id: gate, kind: prohibited, outline: '38 34;38.5 34;38.5 34.5', last_date: 2016-04-12}\n"
        "set:\n  airspace/*/parties: north\n"
    )
    *_, gate = load_instance(tiny, ["gate"]).airspace
    assert (gate.id, gate.parties, gate.outline[1]) == ("gate", ("north",), (38.5, 34.0))


def test_cells_with_line_breaks_and_quotes(tiny: Path) -> None:
    path = tiny / "zones.csv"
    path.write_text(path.read_text().replace("made up", '"a ""map"",\nof 2016"'))
    assert load_instance(tiny).zones[0].source == 'a "map",\nof 2016'


def test_days_shorten_the_plan(tiny: Path) -> None:
    path = tiny / "zones.csv"
    path.write_text(path.read_text().replace("canopy_low,,", "canopy_low,,2016-04-16"))
    assert load_instance(tiny, days=2).header.days == 2
    assert load_instance(tiny, days=6) == load_instance(tiny)


def test_library_rows_are_there_and_can_be_replaced(tiny: Path) -> None:
    library = folders.LIBRARY
    library.mkdir()
    shutil.copy(tiny / "aircraft.csv", library / "aircraft.csv")
    text = (tiny / "aircraft.csv").read_text()
    (tiny / "aircraft.csv").write_text(text.replace("Hauler", "Better hauler"))
    with (library / "aircraft.csv").open("a") as file:
        file.write("lifter,Lifter,helicopter,1000@500,,200,,30,,,,,,\n")
    instance = load_instance(tiny)
    assert [kind.name for kind in instance.aircraft] == ["Lifter", "Better hauler"]
    assert "library/aircraft.csv" in dict(instance.sha256)
    (library / "aircraft.csv").write_text(
        text.replace(",100,500,", ",100,-500,").replace("hauler,", "other,")
    )
    with pytest.raises(InstanceError, match=r'AL-2008 library/aircraft\.csv:2 column "cruise_kmh"'):
        load_instance(tiny)


def test_shipped_instances_are_found_by_id(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "SHELF", tiny.parent)
    assert [name for name, _ in shipped_instances()] == ["tiny"]
    assert shipped_instances()[0][1].startswith("Two parties")
    assert instance_folder("tiny") == tiny
    assert load_instance("tiny").header.id == "tiny"


def test_a_copy_takes_the_name_of_its_folder(tiny: Path) -> None:
    header = tiny / "instance.yaml"
    header.write_text(header.read_text().replace("id: tiny", "id: tiny  # the hand instance"))
    target = copy_instance(tiny, tiny.parent / "new" / "my_plan")
    assert "id: my_plan  # the hand instance\n" in (target / "instance.yaml").read_text()
    assert load_instance(target, ["half_ration"]).header.id == "my_plan"
    assert [path.name for path in target.parent.iterdir()] == ["my_plan"]


def test_a_copy_into_an_empty_folder_keeps_the_id_where_the_name_is_none(tiny: Path) -> None:
    target = tiny.parent / "My Plan"
    target.mkdir()
    assert copy_instance(tiny, target) == target
    assert load_instance(target).header.id == "tiny"


def load_or_refuse(file: str, content: bytes) -> None:
    """Load `tiny` with other bytes in one file; only an InstanceError with findings may come out."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(shutil.copytree(TINY, Path(scratch) / "tiny"))
        (folder / file).write_bytes(content)
        try:
            messages = [load_instance(folder, ["half_ration"]).header.title]
        except InstanceError as error:
            messages = [str(finding) for finding in error.findings]
    assert messages
    assert not any("\n" in message for message in messages)


@settings(max_examples=60, deadline=None)
@given(file=st.sampled_from(FILES), content=st.binary(max_size=200))
def test_random_bytes_are_refused_politely(file: str, content: bytes) -> None:
    load_or_refuse(file, content)


ODD_CELLS = """nan 1e999 -1 1_0 ٣ ; @ 1@ =1 24:00 99:99 2016-02-30 0000-00-00 a;b all * { [ &a " ' %"""

HOSTILE = st.one_of(
    st.sampled_from(("", "\n", "\t", "- ", ": ", "9" * 400, *ODD_CELLS.split())),
    st.text(max_size=12),
    st.floats().map(str),
    st.integers().map(str),
)


@settings(max_examples=150, deadline=None)
@given(file=st.sampled_from(FILES), position=st.integers(0, 10**6), cell=HOSTILE)
def test_random_cells_are_refused_politely(file: str, position: int, cell: str) -> None:
    separator = "," if file.endswith("csv") else " "
    cells = (TINY / file).read_text().split(separator)
    cells[position % len(cells)] = cell
    load_or_refuse(file, separator.join(cells).encode("utf-8", "surrogatepass"))


def test_every_table_can_be_replaced_by_its_header(tiny: Path) -> None:
    for table in TABLES:
        shutil.copytree(TINY, tiny, dirs_exist_ok=True)
        (tiny / f"{table}.csv").write_text("id\n")
        with pytest.raises(InstanceError):
            load_instance(tiny)
        (tiny / f"{table}.csv").unlink()
