"""A plan folder: the same bytes always, and the same plan back."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from instances.errors import AidliftError
from optimizer.plan import Load, Plan, Sortie
from reports import cells, findings
from reports.numbers import decimals
from reports.programme import programme_files
from reports.schedules import FILES, TABLES, read_plan, read_table, table_text, write_plan
from tests.reports.plan_samples import PLANS, load, records, sample_plan, sortie

GOLDEN = Path(__file__).with_name("golden")
README = Path(findings.__file__).with_name("README.md").read_text(encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_golden_folder(tmp_path: Path) -> None:
    write_plan(sample_plan(), tmp_path / "north")
    assert contents(tmp_path / "north") == contents(GOLDEN)
    assert set(contents(GOLDEN)) == {*FILES, *programme_files(sample_plan())}
    assert [path.name for path in tmp_path.iterdir()] == ["north"]


def test_golden_folder_is_read_back() -> None:
    plan = read_plan(GOLDEN)
    expected = sample_plan()
    assert plan.options == expected.options
    assert plan.sorties[0].zones == ("dz", "dz_2")
    assert plan.sorties[0].takeoff_utc.tzinfo is dt.UTC
    assert plan.sorties[0].takeoff_local.utcoffset() == dt.timedelta(hours=3)
    assert plan.risk[1].limit is None
    exact = {
        "timetable",
        "instance_sha256",
        "status",
        "versions",
        "refused",
        "notes",
        "loads",
        "handovers",
        "coverage",
    }
    for field in sorted(exact):
        assert getattr(plan, field) == getattr(expected, field), field


def test_empty_plan_has_all_files_with_their_headers(tmp_path: Path) -> None:
    sample = sample_plan()
    empty = Plan(instance=sample.instance, options=sample.options, status=sample.status)
    write_plan(empty, tmp_path / "plan")
    assert (tmp_path / "plan/loads.csv").read_text() == ",".join(Load.model_fields) + "\n"
    assert read_plan(tmp_path / "plan") == empty


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=PLANS)
def test_round_trip(plan: Plan) -> None:
    """What was read is written again with the same bytes, and read again as the same plan."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "first"), Path(folder, "second")
        write_plan(plan, first)
        again = read_plan(first)
        write_plan(again, second)
        assert contents(first) == contents(second)
        assert read_plan(second) == again
    assert again.options == plan.options
    assert again.notes == plan.notes
    assert [row.sortie_id for row in again.sorties] == [row.sortie_id for row in plan.sorties]


@given(row=records(Sortie))
def test_sortie_round_trip(row: Sortie) -> None:
    """Texts, dates, times and counts come back exactly, numbers to the decimals written."""
    read, wrong = read_table("sorties.csv", table_text([row], Sortie), Sortie)
    assert not wrong
    for name in Sortie.model_fields:
        before, after = getattr(row, name), getattr(read[0], name)
        if isinstance(before, float):
            assert after == pytest.approx(before, rel=1e-12, abs=0.51 * 10 ** -decimals(name))
        else:
            assert after == before


def test_formulas_are_guarded() -> None:
    for text in ("=1+2", "+a", "-a", "@a", "'=a", "'quoted'"):
        row = load().model_copy(update={"commodity": text})
        written = table_text([row], Load)
        assert f"'{text}" in written
        assert read_table("loads.csv", written, Load)[0] == [row]
    assert cells.guard("flour") == "flour"
    assert cells.unguard("'s_gravenhage") == "'s_gravenhage"


def test_naive_time_is_a_bug(tmp_path: Path) -> None:
    naive = sortie().model_copy(update={"takeoff_utc": dt.datetime(2016, 4, 10, 5, 30)})
    with pytest.raises(ValueError, match=r"takeoff_utc .* has no time zone"):
        write_plan(sample_plan().model_copy(update={"sorties": (naive,)}), tmp_path / "plan")
    assert not list(tmp_path.iterdir())


def test_heights_have_a_decimal_only_when_they_need_it() -> None:
    assert cells.write_cell("release_height_m", 5000.0) == "5000"
    assert cells.write_cell("release_height_m", 152.4) == "152.4"


def test_older_plan_is_replaced_with_its_report_but_not_the_planners_files(tmp_path: Path) -> None:
    folder = tmp_path / "north"
    write_plan(sample_plan(), folder)
    (folder / "report.html").write_text("old")
    (folder / "my_notes.txt").write_text("ask the tower")
    (folder / "photos").mkdir()
    (folder / "photos/dz.txt").write_text("dz")
    write_plan(sample_plan().model_copy(update={"notes": ("new",)}), folder)
    assert read_plan(folder).notes == ("new",)
    assert not (folder / "report.html").exists()
    assert (folder / "my_notes.txt").read_text() == "ask the tower"
    assert (folder / "photos/dz.txt").read_text() == "dz"


def test_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "sorties.csv").write_text("mine")
    with pytest.raises(AidliftError, match=r"no plan\.json.*left alone; choose another folder with --out"):
        write_plan(sample_plan(), folder)
    assert contents(folder) == {"sorties.csv": b"mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["thesis"]


def test_readme_lists_every_finding() -> None:
    number = re.compile(r"AL-4\d{3}")
    in_readme = number.findall("\n".join(line for line in README.splitlines() if line.startswith("| AL-")))
    in_docstring = re.findall(r"^(AL-4\d{3})  ", findings.__doc__ or "", re.MULTILINE)
    in_code = set()
    for path in Path(findings.__file__).parent.glob("*.py"):
        in_code |= set(re.findall(r'\(\s*"(AL-4\d{3})"', path.read_text(encoding="utf-8")))
    assert in_readme == in_docstring == list(findings.RULES)
    assert in_code == set(findings.RULES)


@pytest.mark.parametrize("file", TABLES)
def test_readme_describes_every_column(file: str) -> None:
    section = README.split(f"## `{file}`", 1)[1].split("\n## ", 1)[0]
    described = re.findall(r"^\| `(\w+)` \| .+ \|$", section, re.MULTILINE)
    assert described == list(TABLES[file][1].model_fields)


def test_contract_columns() -> None:
    """The columns that other people's scripts rely on."""
    header = (GOLDEN / "sorties.csv").read_text().split("\n", 1)[0]
    assert header == (
        "sortie_id,party,date,tail,fleet,aircraft,base,takeoff_utc,takeoff_local,landing_utc,zones,method,"
        "release_height_m,path_id,distance_km,block_min,bundles,payload_kg,loss_prob,harm_expected,cost_usd"
    )
