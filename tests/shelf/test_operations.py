"""The real operations of the shelf: each can be read; the smallest is planned and held against history."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from instances import schema
from instances.errors import InstanceError
from instances.load import copy_instance, instance_folder, load_instance, scenarios_of, shipped_instances
from instances.provenance import Provenance
from optimizer.backtest.flown import operation
from optimizer.backtest.measures import needs_plan, of_drop
from optimizer.cli.app import app
from optimizer.network import build_network
from reports.schedules import read_plan

SHIPPED = [name for name, _ in shipped_instances()]
PAST = [name for name in SHIPPED if load_instance(name).history]


def overlays() -> list[tuple[str, tuple[str, ...]]]:
    """Every shipped instance, as it is and with each of its scenarios."""
    single = [(name, (one,)) for name in SHIPPED for one in scenarios_of(instance_folder(name))]
    return [*((name, ()) for name in SHIPPED), *single]


@pytest.mark.parametrize(("name", "scenarios"), overlays())
def test_it_loads(name: str, scenarios: tuple[str, ...]) -> None:
    assert load_instance(name, scenarios).header.id == name


def test_the_shelf_is_complete() -> None:
    assert SHIPPED == [
        "akobo_2009",
        "besieged_syria_2016",
        "deir_ezzor_2016",
        "deir_ezzor_2016_17",
        "deir_ezzor_2017",
        "provide_promise_1993",
        "qamishli_2017",
        "sinjar_2014",
        "south_sudan_2009",
    ]
    assert set(SHIPPED) - set(PAST) == {"besieged_syria_2016"}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_figure_has_a_grade_and_a_source(name: str) -> None:
    cited = list(Provenance(load_instance(name)).cited())
    assert cited
    assert [one for one in cited if one.grade is None or not one.source] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_zone_can_be_reached(name: str) -> None:
    instance = load_instance(name)
    net = build_network(instance, [party.id for party in instance.parties])
    flown = {zone for one in net.missions.values() for zone in one.zones}
    shut = {zone.id for zone in instance.zones if zone.closed}
    assert {zone.id for zone in instance.zones} - flown <= shut


@pytest.mark.parametrize("name", PAST)
def test_a_row_that_went_into_the_inputs_says_so(name: str) -> None:
    """Whoever reads the table must see which agreement proves nothing, and why a row may miss."""
    rows = load_instance(name).history
    assert all(row.explanation or row.id == "bundles" for row in rows)
    assert all(row.tolerance_frac <= 0.3 for row in rows)


@pytest.mark.parametrize("name", PAST)
def test_every_operation_has_a_counterfactual(name: str) -> None:
    """What is planned as flown is planned free as well, and the two differ."""
    one = operation(name)
    assert [wanted.kind for wanted in one.wanted()] == (
        ["as_flown", "free"] if needs_plan(one.flown.history) else []
    )
    assert one.free is None or one.free.model_copy(update={"scenarios": ("as_flown",)}) != one.flown


def test_every_check_has_its_row() -> None:
    """The checks that a good model must pass, none of them dropped because it misses."""
    rows = {(name, row.measure) for name in PAST for row in load_instance(name).history}
    campaign = (
        "t_per_sortie bundles_per_sortie kg_per_bundle sorties_per_day sorties dropped_t people_fed"
        " kcal_per_person_day air_premium_usd_per_t convoy_weeks air_cost_usd"
    )
    assert rows >= {("deir_ezzor_2016_17", measure) for measure in campaign.split()}
    assert rows >= {("deir_ezzor_2016", "drop_in_zone_frac"), ("deir_ezzor_2016", "drop_missed_frac")}
    assert rows >= {("south_sudan_2009", "sorties"), ("south_sudan_2009", "span_days")}
    assert rows >= {("qamishli_2017", "sorties"), ("qamishli_2017", "dropped_t")}
    assert rows >= {("akobo_2009", "sorties"), ("akobo_2009", "t_per_sortie")}
    assert rows >= {("sinjar_2014", "bundles_per_sortie"), ("sinjar_2014", "units_per_bundle")}
    assert ("provide_promise_1993", "kg_per_bundle") in rows


def test_known_drops_come_out_without_what_was_observed() -> None:
    instance = load_instance("deir_ezzor_2016")
    trial, april = instance.history
    assert of_drop(instance, trial) == pytest.approx(0.577, abs=0.005)
    assert of_drop(instance, april) == pytest.approx(0.938, abs=0.005)
    unseen = instance.model_copy(update={"recoveries": ()})
    assert of_drop(unseen, april) == of_drop(instance, april)


def test_only_fixed_wings_land_on_airstrips(tmp_path: Path) -> None:
    net = build_network(load_instance("akobo_2009"), ["wfp"])
    kinds = {mission.method.id: mission.aircraft.kind for mission in net.missions.values()}
    assert kinds == {"airstrip_landing": "fixed_wing", "helicopter_landing": "helicopter"}
    folder = copy_instance("akobo_2009", tmp_path / "wrong")
    fleets = (folder / "fleets.csv").read_text()
    (folder / "fleets.csv").write_text(fleets.replace("mi_26t,helicopter_landing", "mi_26t,airstrip_landing"))
    with pytest.raises(InstanceError) as caught:
        load_instance(folder)
    assert {one.id for one in caught.value.findings} == {"AL-3006"}


@pytest.fixture(scope="module")
def sinjar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The back-test of the smallest operation."""
    folder = tmp_path_factory.mktemp("backtest")
    done = CliRunner().invoke(app, ["backtest", "sinjar_2014", "--quiet", "--out", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def test_sinjar_comes_out_as_flown(sinjar: Path) -> None:
    table = pd.read_csv(sinjar / "backtest.csv").set_index("id")
    assert not table.verdict.isin(["misses", "no plan"]).any()
    assert table.model["c17"] == 40
    assert table.model["c130"] == 16
    assert table.model["bundles"] == 304
    plan = read_plan(sinjar / "sinjar_2014" / "as_flown")
    assert {use.fleet: use.sorties for use in plan.fleet} == {"c17": 4, "c130": 8, "c130_third": 1}


def test_a_free_plan_feeds_more(sinjar: Path) -> None:
    """It has more meals to load, and all aircraft on every night."""
    short = pd.read_csv(sinjar / "counterfactual.csv").set_index("plan")
    assert list(short.index) == ["as_flown", "free"]
    assert short.kcal_per_person_day["free"] > short.kcal_per_person_day["as_flown"]
    assert short.sorties["free"] == 16


def test_a_plan_says_how_much_rests_on_estimates(sinjar: Path) -> None:
    """Meals and fuel are priced by estimate, parachutes are not; nobody published the zone or the winds."""
    plan = read_plan(sinjar / "sinjar_2014" / "free")
    summary = dict(plan.summary)
    assert any(note.startswith("most hangs on these estimates: ") for note in plan.notes)
    assert 0.5 < summary["cost_on_estimates_frac"] < 1
    assert summary["landed_on_estimates_frac"] == 1
    assert summary["risk_on_estimates_frac"] == 0


def test_history_fits_its_table() -> None:
    for name in PAST:
        rows = pd.read_csv(instance_folder(name) / "history.csv")
        assert len(rows) == len(load_instance(name).history)
        assert set(rows.columns) <= set(schema.History.model_fields)
